//! A look at a text tells what reading it would tell, and goes on behind the first problem. `HAZARDS.md` row 6.

use std::fs;

use rfm_core::TransactionSource as _;
use rfm_core::cell::{DateFormat, NumberFormat};
use rfm_csv::{CsvOptions, CsvSource, Inspection, ReadOptions, Width, inspect, inspect_bytes, read_table_bytes};

use crate::support::{drain_with, far, message, skipping, table};

fn look(text: &str) -> Inspection {
    inspect_bytes("a.csv", text.as_bytes(), &CsvOptions::default()).unwrap()
}

fn problems(inspection: &Inspection) -> Vec<String> {
    inspection.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn the_facts_are_told_with_their_reasons() {
    let text = "Kunde;Datum;Umsatz\n13085.0;17.04.2024;1.234,50\nbert;05.04.2024;80,00\n\n;;\n";
    let inspection = look(text);
    let facts: Vec<String> = inspection.facts().iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(
        facts,
        [
            "compression: plain",
            "encoding: UTF-8 (no byte order mark)",
            "delimiter: ; (4 of the first 4 records have 3 fields)",
            "header: line 1, 3 columns",
            "customer: `Kunde` (a known name)",
            "date: `Datum` (a known name)",
            "amount: `Umsatz` (a known name)",
            "date format: d/m/y (the only one that reads all of 2 dates)",
            "decimal separator: comma (2 numbers prove it)",
            "customer ids: 1 of 2 looks like 13085.0; --ids integer makes it 13085",
            "lines: 5, 1 of them blank",
            "rows: 3, 1 of them blank",
            "would count: 2 of 3 rows; not: 1 blank row",
        ]
    );
    assert_eq!(problems(&inspection), [""; 0]);
    assert_eq!(inspection.widths(), [Width { fields: 3, rows: 3 }]);
    assert!(inspection.is_complete());
    assert_eq!(inspection.rows(), 3);
}

#[test]
fn one_of_a_kind_is_told_as_one() {
    let inspection = look("client,date,total\nann,2024-01-17,1.5\n");
    let facts = inspection.facts();
    for (name, value) in [
        ("delimiter", ", (2 of the first 2 records have 3 fields)"),
        ("date format", "yyyy-mm-dd (the only one that reads the 1 date)"),
        ("decimal separator", "point (1 number proves it)"),
        ("would count", "1 of 1 row"),
    ] {
        assert!(facts.contains(&(name.to_owned(), value.to_owned())), "{name}: {facts:?}");
    }
    let facts = look("client,date\n").facts();
    assert!(facts.contains(&("delimiter".to_owned(), ", (the first record has 2 fields)".to_owned())), "{facts:?}");
    assert!(look("client\n").facts().contains(&("header".to_owned(), "line 1, 1 column".to_owned())));
}

#[test]
fn what_was_looked_at_first_is_told_as_such_and_ids_are_counted_in_all_rows() {
    let row = "ann,2024-01-17,1.5\n";
    let rows = far(row);
    let text = table(&format!("{rows}13085.0,2024-01-18,2.5\n13086.0,2024-01-18,2.5\n"));
    let inspection = look(&text);
    let first = (256 * 1024 - "customer_id,order_date,amount\n".len()) / row.len();
    let count = rows.lines().count() + 2;
    let grouped = |count: usize| format!("{},{:03}", count / 1_000, count % 1_000);
    let facts = inspection.facts();
    for (name, value) in [
        ("delimiter", format!(", ({0} of the first {0} records have 3 fields)", grouped(first + 1))),
        ("date format", format!("yyyy-mm-dd (the only one that reads all of the first {} dates)", grouped(first))),
        ("decimal separator", format!("point ({} numbers in what was looked at first prove it)", grouped(first))),
        ("customer ids", format!("2 of {} look like 13085.0; --ids integer makes them 13085", grouped(count))),
        ("rows", grouped(count)),
        ("would count", format!("{0} of {0} rows", grouped(count))),
    ] {
        assert!(facts.contains(&(name.to_owned(), value.clone())), "{name}: {value}: {facts:?}");
    }
    let mut source = CsvSource::from_bytes("a.csv", text.as_bytes(), CsvOptions::default()).unwrap();
    while source.next_batch().unwrap().is_some() {}
    assert_eq!(source.intake().float_ids(), 2);
}

#[test]
fn what_would_count_is_told_as_the_summaries_tell_it() {
    let text = "client,order,date,qty,price\nann,1,2024-01-17,2,1.50\nann,C2,2024-01-18,-1,1.25\n,3,2024-01-18,1,1\n\
                bob,4,2024-01-18,1,0\nbob,5,never,1,4\n,,,,\nx\nbob,6,2024-01-18,1,2.125\nbob,6,2024-01-18,1,2.125\n";
    for (options, repeated) in [(skipping(), ""), (skipping().drop_repeated_lines(), ", 1 repeated line")] {
        let options = CsvOptions::from(options);
        let inspection = inspect_bytes("a.csv", text.as_bytes(), &options).unwrap();
        let (customers, _) = drain_with(
            CsvSource::from_bytes("a.csv", text.as_bytes(), options).unwrap(),
            rfm_core::CleaningPolicy::default(),
        )
        .unwrap();
        assert_eq!(inspection.account(), customers.account());
        let used = if repeated.is_empty() { 3 } else { 2 };
        let fact = inspection.facts().into_iter().find(|(name, _)| name == "would count").unwrap().1;
        let rest = "1 missing customer, 1 quantity not positive, 1 price not positive";
        assert_eq!(fact, format!("{used} of 9 rows; not: 1 bad record, 1 bad date, 1 blank row{repeated}, {rest}"));
    }
    assert_eq!(look("a,b\n1,2\n").account().read().lines(), 0, "nobody knows which column is what");
}

#[test]
fn problems_are_told_and_counted_and_do_not_stop_the_look() {
    let text = table("ann,2024-01-01,1\nx\nbob,never,1\ncid,2024-01-01,much\n\"d\"d,2024-01-01,1\n");
    let inspection = look(&text);
    assert_eq!(
        problems(&inspection),
        [
            "a.csv, line 3: expected 3 fields as in the header, found 1",
            "a.csv, line 4, column 2 `order_date`: expected a date as yyyy-mm-dd, found 5 characters: letters",
            "a.csv, line 5, column 3 `amount`: expected a number with a decimal point or comma, \
             found 4 characters: letters",
            "a.csv, line 6, column 1 `customer_id`: expected a delimiter or the line's end after a closing quote, \
             found more text; quotes inside a quoted field must be doubled",
        ]
    );
    assert_eq!((inspection.rows(), inspection.problem_count()), (5, 4));
    let many = look(&table(&"x\n".repeat(100)));
    assert_eq!((many.problems().len(), many.problem_count(), many.rows()), (10, 100, 100));
}

#[test]
fn what_concerns_all_rows_comes_first() {
    let inspection = look(&table("x\nann,05/04/2024,1.5\nann,05/04/2024,\"1,5\"\n"));
    let problems = problems(&inspection);
    assert!(problems[0].contains("say which with --date-format"), "{problems:?}");
    assert!(problems[1].contains("line 4, column 3 `amount`: this number contradicts"), "{problems:?}");
    assert!(problems[2].contains("expected 3 fields"), "{problems:?}");
    let facts = inspection.facts();
    assert!(facts.contains(&("date format".to_owned(), "ambiguous: d/m/y or m/d/y".to_owned())), "{facts:?}");
    let mixed = "mixed (1 number with a point, 1 with a comma)".to_owned();
    assert!(facts.contains(&("decimal separator".to_owned(), mixed)), "{facts:?}");
}

#[test]
fn a_text_that_cannot_be_read_to_its_end_is_looked_at_up_to_there() {
    let inspection = look(&table("ann,2024-01-01,1\n\"bob,2024-01-01,1\n"));
    assert!(!inspection.is_complete());
    assert_eq!(inspection.rows(), 1);
    let facts = inspection.facts();
    assert!(facts.contains(&("rows".to_owned(), "1 up to the error that ends reading".to_owned())), "{facts:?}");
}

#[test]
fn what_a_file_proves_far_behind_is_known_as_when_it_is_read() {
    let text = table(&format!("{}bob,17/04/2024,\"0,5\"\n", far("ann,05/04/2024,1.234\n")));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, &text).unwrap();
    let inspection = inspect(&path, &CsvOptions::default()).unwrap();
    let source = CsvSource::open([&path], CsvOptions::default()).unwrap();
    assert_eq!(inspection.date_format(), Some(DateFormat::DayMonthYear));
    assert_eq!(inspection.number_format(), Some(NumberFormat::Comma));
    assert_eq!((source.formats().date, source.formats().number), (DateFormat::DayMonthYear, NumberFormat::Comma));
    assert_eq!(problems(&inspection), [""; 0]);
}

#[test]
fn given_formats_are_not_questioned() {
    let read = ReadOptions::default().date_format(DateFormat::MonthDayYear).number_format(NumberFormat::Comma);
    let options = CsvOptions::from(read).delimiter(b',').column_names(["client", "date", "total"]);
    let inspection = inspect_bytes("a.csv", "ann,05/04/2024,1.234\n".as_bytes(), &options).unwrap();
    assert_eq!(problems(&inspection), [""; 0]);
    let facts = inspection.facts();
    for (name, value) in [
        ("delimiter", ", (as given)"),
        ("header", "none, 3 columns as given"),
        ("date format", "m/d/y (as given)"),
        ("decimal separator", "comma (as given)"),
        ("rows", "1"),
    ] {
        assert!(facts.contains(&(name.to_owned(), value.to_owned())), "{name}: {facts:?}");
    }
}

#[test]
fn missing_columns_are_a_problem_and_rows_are_counted_all_the_same() {
    let inspection = look("a,b\n1,2\n3,4\n");
    assert_eq!((inspection.rows(), inspection.column_names().len(), inspection.columns().len()), (2, 2, 0));
    assert_eq!(
        problems(&inspection),
        ["a.csv, line 1: no column for the customer; the header has `a`, `b`; name it with --customer"]
    );
}

#[test]
fn a_flawed_header_is_the_first_problem_and_rows_are_counted_all_the_same() {
    let flaws: [(&[u8], &str); 4] = [
        (
            b"cus\"tomer",
            "found a quote inside a field that does not begin with one; if the file has no quoting, read it with \
             --quote none",
        ),
        (
            b"\"cus\"tomer",
            "expected a delimiter or the line's end after a closing quote, found more text; quotes inside a quoted \
             field must be doubled",
        ),
        (b"cus\0tomer", "found a NUL byte, which no text has; if the file is UTF-16, say so with --encoding utf-16le"),
        (
            b"\xc4customer",
            "expected UTF-8 text, found bytes that are none at byte 1 of the field; name the encoding with --encoding",
        ),
    ];
    for (name, flaw) in flaws {
        let text = [b"date,", name, b",total\n2024-01-01,ann,1\nx\n,,\nnever,bob,much\n"].concat();
        let inspection = inspect_bytes("a.csv", text.as_slice(), &CsvOptions::default()).unwrap();
        let expected = format!("a.csv, line 1, column 2: {flaw}");
        // Its names give no column a role, so that no cell can be judged.
        assert_eq!(problems(&inspection), [&*expected, "a.csv, line 3: expected 3 fields as in the header, found 1"]);
        assert_eq!((inspection.column_names().len(), inspection.columns().len()), (3, 0));
        assert_eq!((inspection.rows(), inspection.problem_count(), inspection.is_complete()), (4, 2, true));
        assert_eq!(inspection.widths(), [Width { fields: 1, rows: 1 }, Width { fields: 3, rows: 3 }]);
        let facts = inspection.facts();
        for (name, value) in [("header", "line 1, 3 columns"), ("lines", "5"), ("rows", "4, 1 of them blank")] {
            assert!(facts.contains(&(name.to_owned(), value.to_owned())), "{name}: {facts:?}");
        }
        // What uses the rows refuses it.
        assert_eq!(message(&text, skipping()), expected);
        let table = read_table_bytes("a.csv", text.as_slice(), CsvOptions::default());
        assert_eq!(table.unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_header_that_does_not_end_is_nothing_to_look_at() {
    let error = inspect_bytes("a.csv", "client,\"date,total\na,2024-01-01,1\n".as_bytes(), &CsvOptions::default());
    assert_eq!(
        error.unwrap_err().to_string(),
        "a.csv, line 1, column 2: a quote that opens here is never closed; if the file has no quoting, read it with \
         --quote none"
    );
}

#[test]
fn currencies_that_differ_are_told_before_the_bad_rows() {
    let bad = "x\n".repeat(20);
    let inspection = look(&format!("client,date,total,currency\na,2024-01-01,1,EUR\n{bad}a,2024-01-01,1,USD\n"));
    let problems = problems(&inspection);
    assert!(problems[0].starts_with("a.csv, column 4 `currency`: the rows are in 2 currencies"), "{problems:?}");
    assert!(problems[1].starts_with("a.csv, line 3: expected 4 fields"), "{problems:?}");
    assert_eq!((problems.len(), inspection.problem_count()), (10, 21));
}
