//! `HAZARDS.md` rows 6 and 7: delimiter and header are settled once; what is missing or double is said.

use proptest::prelude::*;
use rfm_core::Role;
use rfm_core::cell::DateFormat;
use rfm_csv::{CsvOptions, CsvSource, ErrorKind, ReadOptions, inspect_bytes};

use crate::support::{drain, message, read, seen, skipping, table};

#[test]
fn a_first_line_that_nothing_divides_is_an_error_that_does_not_show_it() {
    let cases = [
        ("ann smith 17.04.2024\n", None, "none of , ; tab | divides this line; name the delimiter with --delimiter"),
        ("Kunde;Datum;a;b\nx;y;1;2\n", Some(b','), "`,` does not divide this line, but `;` divides it into 4 fields"),
        ("Kunde\tDatum\n", Some(b';'), "`;` does not divide this line, but a tab divides it into 2 fields"),
        ("a^b,c\n", Some(b'\t'), "a tab does not divide this line, but `,` divides it into 2 fields"),
        (
            "a b\n1 2\n",
            Some(b'^'),
            "`^` does not divide this line, nor does any of , ; tab |; the header must be the first line, and --delimiter \
             names what divides it",
        ),
        (
            "Orders of May\nclient,date,total\nann,2024-01-01,1\n",
            None,
            "`,` does not divide this line, nor does any of , ; tab |; the header must be the first line, and --delimiter \
             names what divides it",
        ),
        (
            "a;b\nx\ny\n",
            None,
            "`;` divides this line into 2 fields, but not the lines below it; name the delimiter with --delimiter",
        ),
    ];
    for (text, delimiter, expected) in cases {
        let options =
            delimiter.map_or_else(CsvOptions::default, |delimiter| CsvOptions::default().delimiter(delimiter));
        let error = read(text, options.clone()).unwrap_err();
        assert_eq!(error.to_string(), format!("a.csv, line 1: {expected}"));
        assert!(matches!(error.kind(), ErrorKind::Undivided { .. }));
        let inspection = inspect_bytes("a.csv", text.as_bytes(), &options).unwrap();
        assert_eq!(inspection.problems()[0].to_string(), error.to_string());
        assert!(inspection.is_header_doubtful());
    }
    // Nor is it the name of a column in a later message.
    let inspection = inspect_bytes("a.csv", "ann smith\n\"b\"c\n".as_bytes(), &CsvOptions::default()).unwrap();
    let flaw = inspection.problems()[1].to_string();
    assert!(flaw.starts_with("a.csv, line 2, column 1: expected a delimiter"), "{flaw}");
    // A column that plays all roles needs no delimiter.
    let options = ReadOptions::default().column(Role::Customer, "x").column(Role::Date, "x").column(Role::Amount, "x");
    assert_eq!(seen("x\n20240101\n", options), ["20240101 2024-01-01 20240101"]);
    assert_eq!(seen("client;date;total\na;2024-01-01;1\n", CsvOptions::default()), ["a 2024-01-01 1"]);
    assert_eq!(seen("client^date^total\na^2024-01-01^1\n", CsvOptions::default().delimiter(b'^')), ["a 2024-01-01 1"]);
}

#[test]
fn a_delimiter_that_cannot_work_is_refused() {
    for delimiter in [b'"', b'\n', b'\r'] {
        let error = read(table(""), CsvOptions::default().delimiter(delimiter)).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::BadDialect { .. }), "{error}");
    }
}

#[test]
fn missing_columns_are_errors_that_list_the_header() {
    let message = |header: &str, options: ReadOptions| message(format!("{header}\n"), options);
    assert_eq!(
        message("client,when,total", ReadOptions::default()),
        "a.csv, line 1: no column for the date; the header has `client`, `when`, `total`; name it with --date"
    );
    assert_eq!(
        message("client,date", ReadOptions::default()),
        "a.csv, line 1: no column for the amount; the header has `client`, `date`; \
         name it with --amount, or name --quantity and --price"
    );
    assert_eq!(
        message("client,date,total", ReadOptions::default().column(Role::Customer, "Cleint")),
        "a.csv, line 1: no column `Cleint` for the customer; the header has `client`, `date`, `total`; \
         did you mean `client`?"
    );
}

#[test]
fn two_columns_for_one_role_are_an_error_that_lists_both() {
    assert_eq!(
        message("\n\nclient,order_date,invoice date,total\n", CsvOptions::default()),
        "a.csv, line 3: 2 columns may be the date: `order_date`, `invoice date`; choose one with --date"
    );
}

#[test]
fn a_name_that_stands_twice_is_an_error_only_if_it_is_needed() {
    let text = "client,date,total,client\na,2024-01-01,1,b\n";
    let expected = "a.csv, line 1: 2 columns may be the customer: `client`, `client`; \
                    `client` stands more than once, so rename the others";
    assert_eq!(message(text, CsvOptions::default()), expected);
    assert_eq!(message(text, ReadOptions::default().column(Role::Customer, "client")), expected);
    assert_eq!(seen("client,date,x,total,x\na,2024-01-01,1,2,3\n", CsvOptions::default()), ["a 2024-01-01 2"]);
}

#[test]
fn padded_and_quoted_names_are_found() {
    let text = " Customer ID ,\"Order Date\",\tAmount\na,2024-01-01,1\n";
    let source = CsvSource::from_bytes("a.csv", text.as_bytes(), CsvOptions::default().delimiter(b',')).unwrap();
    let (customers, reports) = drain(source).unwrap();
    assert_eq!(customers.len(), 1);
    assert_eq!(
        reports[0].columns(),
        [
            (Role::Customer, "Customer ID".to_owned(), "a known name".to_owned()),
            (Role::Date, "Order Date".to_owned(), "a known name".to_owned()),
            (Role::Amount, "Amount".to_owned(), "a known name".to_owned()),
        ]
    );
}

#[test]
fn a_text_without_a_header_is_read_with_names_of_columns() {
    let text = "00004,19970101,29.33\n00021,19970118,75.11\n";
    let options = CsvOptions::default().column_names(["customer", "date", "amount"]);
    assert_eq!(seen(text, options), ["00004 1997-01-01 29.33", "00021 1997-01-18 75.11"]);
    let options = CsvOptions::default().column_names(["customer", "date", "amount", "note"]);
    assert_eq!(message(text, options), "a.csv, line 1: expected 4 fields as in --columns, found 3");
    let options = CsvOptions::default().column_names(["who", "date", "amount"]);
    assert_eq!(
        message(text, options.clone()),
        "a.csv: no column for the customer; --columns has `who`, `date`, `amount`; name it with --customer"
    );
    let unknown = options.reading(ReadOptions::default().column(Role::Customer, "whoo"));
    assert_eq!(
        message(text, unknown),
        "a.csv: no column `whoo` for the customer; --columns has `who`, `date`, `amount`; did you mean `who`?"
    );
}

#[test]
fn a_first_row_that_is_no_header_is_not_shown_as_one() {
    assert_eq!(
        message("ann smith,19970101,29.33\n", CsvOptions::default()),
        "a.csv, line 1: 2 of the 3 fields here are dates, numbers or addresses and no names; if the file has no header, name its \
         columns with --columns, otherwise name those that are needed"
    );
    let years = "client,date,total,2023,2024\n";
    assert!(
        message(years, ReadOptions::default().column(Role::Customer, "cleint")).ends_with("did you mean `client`?"),
        "a name that is nearly right shows that there is a header"
    );
    let flawed =
        inspect_bytes("a.csv", "ann smith,19970101,2\n\"b\"c,1,1\n".as_bytes(), &CsvOptions::default()).unwrap();
    assert!(flawed.problems()[1].to_string().starts_with("a.csv, line 2, column 1: expected"), "without `ann smith`");
}

#[test]
fn a_header_with_a_known_name_or_few_data_is_listed_without_the_data() {
    assert_eq!(
        message("client,2023,2024-01-01,bob@example.org\n", CsvOptions::default()),
        "a.csv, line 1: no column for the date; the header has `client`, `4 characters: digits`, \
         `10 characters: digits and punctuation`, `15 characters: letters and punctuation`; name it with --date"
    );
    assert_eq!(
        message("who,when,2023,what,,\n", CsvOptions::default()),
        "a.csv, line 1: no column for the customer; the header has `who`, `when`, `4 characters: digits`, `what`; \
         name it with --customer"
    );
    let half = read("who,when,2023,2024,,,,\n", CsvOptions::default()).unwrap_err();
    assert!(matches!(half.kind(), ErrorKind::NoHeader { cells: 2, columns: 8, .. }), "{half}");
    // Who names the columns has said that there is a header.
    let options =
        ReadOptions::default().column(Role::Customer, "who").column(Role::Date, "when").column(Role::Amount, "2023");
    assert_eq!(
        message("who,when,2023,2024\nann,2024-01-01,x,1\n", options),
        "a.csv, line 2, column 3 `2023`: expected a number with a decimal point or comma, found 1 character: letters"
    );
}

#[test]
fn a_header_alone_gives_no_rows_and_nothing_is_an_error() {
    let (customers, reports) =
        drain(CsvSource::from_bytes("a.csv", table("").as_bytes(), skipping()).unwrap()).unwrap();
    assert_eq!((customers.len(), reports[0].rows(), reports[0].lines()), (0, 0, 1));
    for text in ["", "\n\r\n\n", "\u{feff}"] {
        assert_eq!(message(text, CsvOptions::default()), "a.csv: is empty; expected a header and rows", "{text:?}");
    }
}

#[test]
fn a_header_that_does_not_end_is_an_error_of_bounded_size() {
    for text in ["x".repeat(400_000), format!("a,\"{}", "x,".repeat(200_000)), "\n".repeat(400_000)] {
        let error = read(&text, CsvOptions::default()).unwrap_err();
        assert!(error.is_limit(), "{error}");
        assert!(error.to_string().ends_with("no header ends within the bytes that are looked at for one (262144)"));
    }
}

#[test]
fn a_flawed_header_is_an_error_that_names_its_place() {
    assert_eq!(
        message(b"client,d\xE4te,total\na,2024-01-01,1\n", CsvOptions::default()),
        "a.csv, line 1, column 2: expected UTF-8 text, found bytes that are none at byte 2 of the field; \
         name the encoding with --encoding"
    );
}

/// As in DuckDB #25827: the rows before a change of the delimiter must not be dropped.
#[test]
fn a_delimiter_that_changes_midway_drops_nothing() {
    let text = table("ann,2024-01-01,1\nbob,2024-01-02,2\ncid;2024-01-03;3\ndan;2024-01-04;4\n");
    assert_eq!(message(&text, CsvOptions::default()), "a.csv, line 4: expected 3 fields as in the header, found 1");
    let customers = read(&text, skipping()).unwrap();
    assert_eq!((customers.len(), customers.account().read().lines()), (2, 4));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    /// Rows in = rows accounted for, whatever the lines before and after the change.
    #[test]
    fn any_change_of_the_dialect_is_accounted_for(
        before in 0usize..12, after in 1usize..30, delimiters in prop::sample::subsequence(vec![',', ';', '\t', '|'], 2),
        is_turned: bool, is_quoted: bool, line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let (first, second) = if is_turned { (delimiters[1], delimiters[0]) } else { (delimiters[0], delimiters[1]) };
        let quote = if is_quoted { "\"" } else { "" };
        let row = |delimiter: char| format!("ann{delimiter}{quote}2024-01-17{quote}{delimiter}5{line_end}");
        let text = format!(
            "customer_id{first}order_date{first}amount{line_end}{}{}", row(first).repeat(before), row(second).repeat(after)
        );
        // The header may fit neither: that is an error, not silence.
        if let Ok(customers) = read(&text, skipping().date_format(DateFormat::YearMonthDay)) {
            prop_assert_eq!(customers.account().read().lines(), (before + after) as u64);
        }
    }
}
