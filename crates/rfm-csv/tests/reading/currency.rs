//! `HAZARDS.md` row 18: amounts of several currencies do not add up.

use std::fs;

use rfm_csv::{CsvOptions, ErrorKind, inspect_bytes};

use crate::support::{message, open, read, seen, skipping};

const MIXED: &str = "client,date,total,Currency\na,2024-01-01,1,EUR\nb,2024-01-01,2,\nc,2024-01-01,4,USD\n";

#[test]
fn a_second_currency_is_an_error_even_where_bad_rows_are_left_out() {
    let expected = "a.csv, line 4, column 4 `Currency`: this row is in another currency than those before it, and \
                    amounts of several currencies do not add up; give the rows of one, or --any-currency if the amounts \
                    are converted";
    assert_eq!(message(MIXED, CsvOptions::default()), expected);
    assert_eq!(message(MIXED, skipping()), expected);
    let inspection = inspect_bytes("a.csv", MIXED.as_bytes(), &CsvOptions::default()).unwrap();
    assert_eq!(inspection.problems().iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    assert_eq!(read(MIXED, CsvOptions::default().any_currency()).unwrap().len(), 3);
}

#[test]
fn one_currency_in_any_case_is_one() {
    let text = "client,date,total,currency code\na,2024-01-01,1,EUR\na,2024-01-01,2, eur \na,2024-01-01,4,\n";
    assert_eq!(seen(text, CsvOptions::default()), ["a 2024-01-01 7"]);
}

#[test]
fn files_of_different_currencies_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, "client,date,total,Währung\na,2024-01-01,1,EUR\n").unwrap();
    fs::write(&two, "client,date,total,currency\na,2024-01-01,1,USD\n").unwrap();
    let error = open(&[&one, &two], CsvOptions::default()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SeveralCurrencies { .. }));
    assert_eq!(error.position().unwrap().input().as_path(), two);
}
