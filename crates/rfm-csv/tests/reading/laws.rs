//! Laws: what does not change the rows does not change the customers. `HAZARDS.md` rows 4, 5, 23, 25.

use std::fs;

use proptest::prelude::*;
use rfm_core::cell::NumberFormat;
use rfm_core::{Customers, Day, Decimal, Scale};
use rfm_csv::{CsvOptions, CsvSource, Encoding, ReadOptions, read_table_bytes};

use crate::support::{drain, gzip, open, read, skipping, utf16, zst};

/// A row as its author meant it.
#[derive(Clone, Debug)]
struct Line {
    customer: String,
    order: String,
    day: Day,
    cents: i64,
}

/// Ids with everything that quoting is for; all of it stands in Windows-1252 too.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-e]",
        2 => "[a-c,;|\t\"é€ ]{1,4}",
        1 => "[a\n\r\"]{1,3}",
        1 => Just("13085.0".to_owned()),
        1 => Just(String::new()),
    ]
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (id(), "[1-4]", 19_000i32..19_060, -500i64..100_000).prop_map(|(customer, order, day, cents)| Line {
        customer,
        order,
        day: Day::from_epoch_days(day).unwrap(),
        cents,
    });
    prop::collection::vec(line, 1..30)
}

/// How the rows are written down.
#[derive(Clone, Debug)]
struct Style {
    delimiter: char,
    always_quoted: bool,
    line_end: &'static str,
    encoding: usize,
    compression: usize,
    columns: Vec<usize>,
    blank_lines: bool,
}

fn style() -> impl Strategy<Value = Style> {
    (
        prop::sample::select(vec![',', ';', '\t', '|']),
        any::<bool>(),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        0usize..5,
        0usize..3,
        Just(vec![0, 1, 2, 3]).prop_shuffle(),
        any::<bool>(),
    )
        .prop_map(|(delimiter, always_quoted, line_end, encoding, compression, columns, blank_lines)| Style {
            delimiter,
            always_quoted,
            line_end,
            encoding,
            compression,
            columns,
            blank_lines,
        })
}

const PLAIN: fn() -> Style = || Style {
    delimiter: ',',
    always_quoted: false,
    line_end: "\n",
    encoding: 0,
    compression: 0,
    columns: vec![0, 1, 2, 3],
    blank_lines: false,
};

fn with_points() -> CsvOptions {
    ReadOptions::default().number_format(NumberFormat::Point).into()
}

fn write(lines: &[Line], style: &Style) -> (Vec<u8>, CsvOptions) {
    let cell = |text: &str| {
        let special = text.contains([style.delimiter, '"', '\n', '\r']);
        if special || style.always_quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    };
    let mut text = String::new();
    let mut record = |cells: [&str; 4]| {
        let cells: Vec<String> = style.columns.iter().map(|column| cell(cells[*column])).collect();
        text += &cells.join(&style.delimiter.to_string());
        text += style.line_end;
        if style.blank_lines {
            text += style.line_end;
        }
    };
    record(["customer_id", "order_id", "order_date", "amount"]);
    for line in lines {
        let amount = Decimal::new(line.cents.into(), Scale::CENTS).to_string();
        record([&line.customer, &line.order, &line.day.to_string(), &amount]);
    }
    // Where ids may hold all four, a few rows are no proof of the delimiter. Neither is one number of its separator.
    let options = with_points().delimiter(style.delimiter as u8);
    let (bytes, options) = match style.encoding {
        0 => (text.into_bytes(), options),
        1 => (format!("\u{feff}{text}").into_bytes(), options),
        2 => (utf16(&text, false), options),
        3 => (utf16(&text, true), options),
        _ => {
            let byte = |c| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() };
            (text.chars().map(byte).collect(), options.encoding(Encoding::Windows1252))
        }
    };
    let bytes = match style.compression {
        0 => bytes,
        1 => gzip(&bytes),
        _ => zst(&bytes),
    };
    (bytes, options)
}

fn customers(lines: &[Line], style: &Style) -> Customers {
    let (bytes, options) = write(lines, style);
    read(bytes, options).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn how_rows_are_written_down_changes_nothing(lines in lines(), style in style()) {
        prop_assert_eq!(customers(&lines, &style), customers(&lines, &PLAIN()));
    }

    #[test]
    fn the_order_of_rows_changes_nothing(
        (lines, shuffled) in lines().prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle())),
    ) {
        prop_assert_eq!(customers(&lines, &PLAIN()), customers(&shuffled, &PLAIN()));
    }

    #[test]
    fn what_is_written_is_what_is_read(lines in lines(), style in style()) {
        let (bytes, options) = write(&lines, &style);
        let table = read_table_bytes("a.csv", bytes, options).unwrap();
        prop_assert_eq!(table.rows().len(), lines.len());
        let column = |name| table.column(name).unwrap();
        for (row, line) in table.rows().zip(&lines) {
            prop_assert_eq!(row.cell(column("customer_id")), &line.customer);
            prop_assert_eq!(row.cell(column("order_id")), &line.order);
            prop_assert_eq!(row.cell(column("order_date")), line.day.to_string());
        }
    }

    #[test]
    fn pence_instead_of_pounds_gives_the_same_order(lines in lines()) {
        let pence: Vec<Line> = lines.iter().map(|line| Line { cents: line.cents * 100, ..line.clone() }).collect();
        let (pounds, pence) = (customers(&lines, &PLAIN()), customers(&pence, &PLAIN()));
        prop_assert_eq!(pounds.len(), pence.len());
        let minor = |total: Decimal| total.minor() * i128::from(Scale::MAX.minor_units() / total.scale().minor_units());
        for (one, other) in pounds.iter().zip(pence.iter()) {
            prop_assert_eq!(one.customer_id(), other.customer_id());
            prop_assert_eq!(minor(one.total()) * 100, minor(other.total()));
        }
    }

    #[test]
    fn any_text_is_an_error_or_adds_up(text in "[ab,;\"\n\r\t|0-9./-]{0,60}", has_header: bool) {
        let text = if has_header { format!("client,date,total\n{text}") } else { text };
        // `read` holds the account against the report.
        let _ = read(&text, skipping());
    }
}

/// Lines of which most are plain, one behind the other, and some are all that lines can be.
fn mixed() -> impl Strategy<Value = Vec<u8>> {
    let plain = (id(), "[0-9]{1,3}\\.0|[a-c]", 19_000i32..19_003, "-?[0-9]{1,3}(\\.[0-9]{1,3})?").prop_map(
        |(customer, order, day, amount)| {
            let customer = customer.replace(['\n', '\r'], "").replace('"', "\"\"");
            format!("\"{customer}\",{order},{},{amount}\n", Day::from_epoch_days(day).unwrap()).into_bytes()
        },
    );
    let odd: Vec<&[u8]> = vec![
        b"a,1,2022-01-08,5\r\n",
        b"a,1,2022-01-08,5\r",
        b"\r\n",
        b"\n",
        b",,,\n",
        b"a,1,2022-01-08\n",
        b"a,1,2022-01-08,5,6\n",
        b"a,1,n/a,5\n",
        b"a,1,2022-01-08 08:15:00,5\n",
        b"a,1,2022-01-08,\"1,234.50\"\n",
        b"a,1,2022-01-08,5 x\n",
        b"a,1,2022-01-08,\n",
        b"\"a\nb\",1,2022-01-08,5\n",
        b"\"a\n\",1,2022-01-08,5\nb\"c,1,2022-01-08,5\n",
        b"\"a\"b,1,2022-01-08,5\n",
        b"5\" screen,1,2022-01-08,5\n",
        b"a\0,1,2022-01-08,5\n",
        b"a\xFF,1,2022-01-08,5\n",
        b"\"\",\"1\",\"2022-01-08\",\"5\"\n",
    ];
    let lines = prop_oneof![
        3 => prop::collection::vec(plain, 1..60).prop_map(|lines| lines.concat()),
        1 => prop::sample::select(odd).prop_map(<[u8]>::to_vec),
    ];
    (prop::collection::vec(lines, 1..20), any::<bool>()).prop_map(|(lines, is_cut)| {
        let mut text = [&b"customer_id,order_id,order_date,amount\n"[..], &lines.concat()].concat();
        text.truncate(text.len() - usize::from(is_cut));
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn lines_read_at_once_are_what_each_is_alone(text in mixed(), skips: bool, has_quotes in prop::bool::weighted(0.8)) {
        let options = || if skips { skipping() } else { ReadOptions::default() };
        let read = |options: ReadOptions| {
            let options = CsvOptions::from(options.number_format(NumberFormat::Point)).delimiter(b',');
            let source = CsvSource::from_bytes("a.csv", &text[..], if has_quotes { options } else { options.quote(None) });
            source.and_then(drain).map_err(|error| error.to_string()).map(|(customers, reports)| (customers, format!("{reports:?}")))
        };
        // Lines whose text is kept are taken one by one.
        prop_assert_eq!(read(options()), read(options().keep_rejects()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_split_into_files_in_any_order_changes_nothing(
        parts in prop::collection::vec((lines(), style()), 1..6),
        turn in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        for (at, (lines, style)) in parts.iter().enumerate() {
            // One run has one delimiter and one encoding, if they are given; so both must be found out here.
            let style = Style { encoding: style.encoding % 4, delimiter: ',', ..style.clone() };
            paths.push(folder.path().join(at.to_string()));
            fs::write(&paths[at], write(lines, &style).0).unwrap();
        }
        let options = || with_points().delimiter(b',');
        let whole: Vec<Line> = parts.iter().flat_map(|(lines, _)| lines.clone()).collect();
        let expected = customers(&whole, &PLAIN());
        let turn = turn.index(paths.len());
        paths.rotate_left(turn);
        let (found, reports) = drain(CsvSource::open(&paths, options()).unwrap()).unwrap();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(reports.len(), paths.len());
        paths.reverse();
        prop_assert_eq!(&drain(CsvSource::open(&paths, options()).unwrap()).unwrap().0, &expected);
    }
}

/// The same with everything detected, on data that look like data.
#[test]
fn seven_parts_of_generated_orders_in_any_dialect_are_the_whole() {
    let generator = rfm_testkit::generate::Shape::new().seed(5).customers(300).build().unwrap();
    let mut whole = Vec::new();
    generator.write_csv(&mut whole).unwrap();
    let expected = read(&whole, CsvOptions::default()).unwrap();
    let table = read_table_bytes("whole", whole, CsvOptions::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for part in 0..7 {
        let delimiter = [",", ";", "\t", "|"][part % 4];
        let end = ["\n", "\r\n", "\r"][part % 3];
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let line = |cells: Vec<String>| cells.join(delimiter) + end;
        let mut text = line(table.columns().iter().map(|name| cell(name)).collect());
        for row in table.rows().filter(|row| row.number() % 7 == part as u64) {
            text += &line((0..table.columns().len()).map(|column| cell(row.cell(column))).collect());
        }
        let bytes = if part % 2 == 0 { text.into_bytes() } else { utf16(&text, part == 3) };
        let bytes = match part {
            4 | 5 => gzip(&bytes),
            6 => zst(&bytes),
            _ => bytes,
        };
        paths.push(folder.path().join(part.to_string()));
        fs::write(&paths[part], bytes).unwrap();
    }
    paths.swap(0, 5);
    let paths: Vec<&std::path::Path> = paths.iter().map(|path| path.as_path()).collect();
    assert_eq!(open(&paths, CsvOptions::default()).unwrap().0, expected);
}
