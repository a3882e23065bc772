//! Inputs of all formats, and results in all of them.

use std::fs;
use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, UInt64Array};
use parquet::arrow::ArrowWriter;
#[cfg(target_os = "linux")]
use rfm_testkit::archive::Archive;
use rfm_testkit::shared;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::place::{ORDERS, Outcome, Place};
use crate::segment::CUSTOMERS;

/// The lines of a CSV of `customer,order,date,amount` without quotes.
fn lines(csv: &str) -> impl Iterator<Item = [&str; 4]> {
    csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>().try_into().unwrap())
}

fn fill(sheet: &mut Worksheet, csv: &str) {
    let date = Format::new().set_num_format("yyyy\\-mm\\-dd");
    for (column, name) in (0..).zip(csv.lines().next().unwrap().split(',')) {
        sheet.write(0, column, name).unwrap();
    }
    for (row, [customer, order, day, amount]) in (1..).zip(lines(csv)) {
        sheet.write(row, 0, customer).unwrap();
        sheet.write(row, 1, order.parse::<f64>().unwrap()).unwrap();
        sheet.write_with_format(row, 2, f64::from(serial(day)), &date).unwrap();
        sheet.write(row, 3, amount.parse::<f64>().unwrap()).unwrap();
    }
}

/// Days since 1970-01-01 of a day in 2024, and as a spreadsheet counts them.
fn epoch_day(day: &str) -> i32 {
    let [_, month, day] = day.split('-').map(|part| part.parse::<i32>().unwrap()).collect::<Vec<_>>()[..] else {
        panic!("{day}")
    };
    19_723 + [0, 31, 60][usize::try_from(month - 1).unwrap()] + day - 1
}

fn serial(day: &str) -> i32 {
    epoch_day(day) + 25_569
}

/// A workbook with sheets of these names and contents.
fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, csv) in sheets {
        fill(book.add_worksheet().set_name(*name).unwrap(), csv);
    }
    book.save_to_buffer().unwrap()
}

fn parquet(csv: &str) -> Vec<u8> {
    let rows: Vec<[&str; 4]> = lines(csv).collect();
    let customers = StringArray::from_iter_values(rows.iter().map(|row| row[0]));
    let orders = UInt64Array::from_iter_values(rows.iter().map(|row| row[1].parse().unwrap()));
    let dates = Date32Array::from_iter_values(rows.iter().map(|row| epoch_day(row[2])));
    let cents = rows.iter().map(|row| row[3].replace('.', "").parse().unwrap());
    let amounts = Decimal128Array::from_iter_values(cents).with_precision_and_scale(18, 2).unwrap();
    let columns: [(&str, ArrayRef); 4] = [
        ("customer", Arc::new(customers)),
        ("order", Arc::new(orders)),
        ("date", Arc::new(dates)),
        ("amount", Arc::new(amounts)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn every_format_gives_the_same_customers() {
    // Names say nothing: the content tells what a file is.
    let place = Place::new()
        .with("orders.xlsx", xlsx(&[("Orders", ORDERS)]))
        .with("orders.parquet", parquet(ORDERS))
        .with("book", xlsx(&[("Orders", ORDERS)]));
    fs::create_dir(place.path("lake")).unwrap();
    fs::copy(place.path("orders.parquet"), place.path("lake/part-0.parquet")).unwrap();
    for input in ["orders.csv", "orders.xlsx", "orders.parquet", "book", "lake"] {
        assert_eq!(place.prints(&format!("segment {input} --output - -q")), CUSTOMERS, "{input}");
    }
}

#[test]
fn inputs_of_several_formats_are_one() {
    let (header, rows) = ORDERS.split_once('\n').unwrap();
    let part = |from: usize, to: usize| {
        let rows: Vec<&str> = rows.lines().skip(from).take(to - from).collect();
        format!("{header}\n{}\n", rows.join("\n"))
    };
    let place = Place::new()
        .with("a.csv", part(0, 1))
        .with("b.xlsx", xlsx(&[("2023", &part(1, 2)), ("2024", &part(2, 3))]))
        .with("c.parquet", parquet(&part(3, 4)));
    for inputs in ["a.csv b.xlsx c.parquet", "c.parquet a.csv b.xlsx"] {
        assert_eq!(place.prints(&format!("segment {inputs} --output - -q")), CUSTOMERS, "{inputs}");
    }
    assert_eq!(place.prints("segment b.xlsx --sheet all --output - -q").lines().count(), 3);
    assert_eq!(place.prints("segment b.xlsx --sheet 2024 --output - -q").lines().count(), 2);
}

#[test]
fn a_sheet_that_is_not_there() {
    let place = Place::new().with("orders.xlsx", xlsx(&[("Orders 2023", ORDERS), ("Orders 2024", ORDERS)]));
    place.fails(
        "segment orders.xlsx --sheet 'Order 2024'",
        1,
        &["error: orders.xlsx: no sheet `Order 2024`; the workbook has `Orders 2023`, `Orders 2024`; did you mean `Orders 2024`?"],
    );
}

#[test]
fn sheets_that_are_different_tables() {
    let other = "customer,order,date,price\nann,1,2024-03-01,19.99\n";
    let place = Place::new().with("orders.xlsx", xlsx(&[("Orders", ORDERS), ("Price list", other)]));
    let told = "orders.xlsx: has several tables, `Orders` (4 columns), `Price list` (4 columns without those needed); choose one or several with --sheet";
    place.fails("segment orders.xlsx", 1, &[&format!("error: {told}")]);
    let out = place.prints("inspect orders.xlsx");
    assert!(
        out.ends_with(&format!("\n1 problem:\n  {told}\nto go on:\n  rfm segment orders.xlsx --sheet Orders\n")),
        "{out}"
    );
    assert_eq!(place.prints("segment orders.xlsx --sheet Orders --output - -q"), CUSTOMERS);

    let place =
        Place::new().with("orders.xlsx", xlsx(&[("Mine", ORDERS), ("It's theirs", &other.replace("price", "total"))]));
    let out = place.prints("inspect orders.xlsx");
    assert!(
        out.ends_with(
            "\nto go on, one of:\n  rfm segment orders.xlsx --sheet Mine\n  rfm segment orders.xlsx --sheet 'It'\\''s theirs'\n"
        ),
        "{out}"
    );
}

#[test]
fn a_workbook_from_a_pipe() {
    let outcome = Place::new().rfm_with("segment -", "PK\u{3}\u{4}");
    let expected = "error: standard input: this is a workbook or zip archive, not delimited text; standard input takes delimited \
                    text; write it to a file and name that\n";
    assert_eq!(outcome, Outcome { code: 1, out: String::new(), err: expected.to_owned() });
}

#[test]
fn results_in_every_format() {
    let place = Place::new();
    assert_eq!(
        place.prints("segment orders.csv --out result --format xlsx,parquet,arrow").lines().last(),
        Some(
            "wrote result/customers.xlsx, result/customers.parquet, result/segments.parquet, result/scores.parquet, \
             result/customers.arrow, result/segments.arrow, result/scores.arrow, result/run.json"
        )
    );
    assert_eq!(place.names("result").len(), 8);
    for (name, magic) in [("customers.xlsx", "PK"), ("customers.parquet", "PAR1"), ("scores.arrow", "ARROW1")] {
        assert!(fs::read(place.path("result").join(name)).unwrap().starts_with(magic.as_bytes()), "{name}");
    }
    for output in ["c.xlsx", "c.parquet"] {
        assert_eq!(place.prints(&format!("segment orders.csv --output {output} -q")), "");
        // What was written is a table of customers.
        let sheet = if output == "c.xlsx" { "--sheet Customers" } else { "" };
        let again = format!("segment {output} {sheet} --level customers --as-of 2024-03-02 --output - -q");
        assert_eq!(place.prints(&again), CUSTOMERS, "{output}");
    }
}

#[test]
fn a_file_that_ends_its_reader_does_not_end_the_command() {
    let Some(shared) = shared("a_file_that_ends_its_reader_does_not_end_the_command") else { return };
    let place = Place::new();
    for name in ["OOM_alloc3.xls", "issue_666_panic.xlsb"] {
        fs::copy(shared.join("data/messy/calamine").join(name), place.path(name)).unwrap();
        let Outcome { code, out, err } = place.rfm(&format!("segment {name}"));
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.starts_with(&format!("error: {name}: ")) && !err.contains("panicked"), "{err}");
        // Neither does it as a second table.
        for option in ["--attributes", "--exclude-orders"] {
            let Outcome { code, err, .. } = place.rfm(&format!("segment orders.csv {option} {name}"));
            assert_eq!(code, 1, "{err}");
            assert!(err.starts_with(&format!("error: {name}: ")) && !err.contains("panicked"), "{err}");
        }
        let Outcome { code, err, .. } = place.rfm(&format!("segment orders.csv --segments {name}"));
        assert!(code == 2 && err.starts_with("error: ") && !err.contains("panicked"), "{err}");
    }
}

/// Ten million cells that a few bytes stand for: more than the reading process may hold, and no damage.
#[test]
#[cfg(target_os = "linux")]
fn a_reading_process_that_asks_for_too_much_is_told_of() {
    let cell = "<table:table-cell table:number-columns-repeated=\"100\" office:value-type=\"string\"><text:p>x</text:p>\
                </table:table-cell>";
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"A\"><table:table-row table:number-rows-repeated=\"100000\">{cell}</table:table-row>\
         </table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    let book = Archive::new()
        .stored_part("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        .part("META-INF/manifest.xml", manifest)
        .part("content.xml", content);
    Place::new().with("o.ods", book.build()).fails(
        "segment o.ods --memory-limit 1M",
        4,
        &["error: o.ods: this file cannot be read safely: the reading process was ended by signal 6 (it asked for more memory \
           than allowed) before the first row; save it as .xlsx or .csv"],
    );
}

#[test]
fn codes_of_segments_in_a_workbook() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, (code, segment)) in (0..).zip([("code", "segment"), ("5**", "Recent"), ("***", "Rest")]) {
        sheet.write(row, 0, code).unwrap();
        sheet.write(row, 1, segment).unwrap();
    }
    let place = Place::new().with("codes.xlsx", book.save_to_buffer().unwrap());
    let out = place.prints("segment orders.csv --segments codes.xlsx --output - -q");
    let segments: Vec<&str> = out.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(segments, ["Recent", "Rest", "Rest"]);
    assert!(place.prints("rules check codes.xlsx").contains("codes"));
}

#[test]
fn the_reading_process_without_a_question_ends() {
    let place = Place::new();
    assert_eq!(place.rfm("__read-rows"), Outcome { code: 1, out: String::new(), err: String::new() });
    assert_eq!(place.rfm_with("__read-rows", "hello").code, 1);
}

#[test]
fn a_time_limit() {
    let place = Place::new();
    assert_eq!(place.prints("segment orders.csv --time-limit 600 --output - -q"), CUSTOMERS);
    let refused = place.rfm("segment orders.csv --time-limit 0");
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.starts_with("error: invalid value '0' for '--time-limit <SECONDS>': "), "{}", refused.err);
}
