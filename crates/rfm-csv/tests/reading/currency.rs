//! `HAZARDS.md` row 18: amounts of several currencies do not add up.

use std::fs;

use rfm_core::{Role, TransactionSource};
use rfm_csv::{CsvOptions, CsvSource, ReadOptions, inspect_bytes};

use crate::support::{input_kind, message, open, read, reasons, seen, skipping};

const MIXED: &str = "client,date,total,Currency\na,2024-01-01,1,EUR\nb,2024-01-01,2,\nc,2024-01-01,4,USD\n";

const MIXED_MESSAGE: &str = "a.csv, column 4 `Currency`: the rows are in 2 currencies, whose amounts do not add up: \
                             EUR (1), USD (1); give the rows of one, or --any-currency if the amounts are converted";

/// The counts of the currencies as the message has them.
#[track_caller]
fn counts(text: &str, options: impl Into<CsvOptions>) -> String {
    let message = message(text, options);
    let (_, counts) = message.split_once("do not add up: ").unwrap();
    counts.split_once("; give").unwrap().0.to_owned()
}

#[test]
fn a_second_currency_is_an_error_even_where_bad_rows_are_left_out() {
    assert_eq!(message(MIXED, CsvOptions::default()), MIXED_MESSAGE);
    assert_eq!(message(MIXED, skipping()), MIXED_MESSAGE);
    let inspection = inspect_bytes("a.csv", MIXED.as_bytes(), &CsvOptions::default()).unwrap();
    assert_eq!(inspection.problems().iter().map(ToString::to_string).collect::<Vec<_>>(), [MIXED_MESSAGE]);
    assert_eq!(read(MIXED, ReadOptions::default().any_currency()).unwrap().len(), 3);
}

#[test]
fn the_error_comes_when_all_rows_are_counted_and_ends_the_reading() {
    let mut source = CsvSource::from_bytes("a.csv", MIXED.as_bytes(), CsvOptions::default()).unwrap();
    assert_eq!(source.next_batch().unwrap().unwrap().len(), 3);
    let error = source.next_batch().unwrap_err();
    assert_eq!(error.to_string(), MIXED_MESSAGE);
    let position = error.position().unwrap();
    assert_eq!((position.line(), position.column(), position.column_name()), (None, Some(4), Some("Currency")));
    let rfm_input::ErrorKind::SeveralCurrencies { counts, .. } = input_kind(&error) else { panic!("{error}") };
    assert_eq!(counts, &[("EUR".to_owned(), 1), ("USD".to_owned(), 1)]);
    assert!(matches!(input_kind(&source.next_batch().unwrap_err()), rfm_input::ErrorKind::Stopped { .. }));
}

#[test]
fn an_error_of_a_row_comes_before_that_of_the_currencies() {
    let text = format!("{MIXED}d,never,1,USD\n");
    assert!(message(&text, CsvOptions::default()).starts_with("a.csv, line 5, column 2 `date`: "));
    // The row is left out, and its currency with it.
    assert_eq!(message(&text, skipping()), MIXED_MESSAGE);
}

#[test]
fn the_most_frequent_currency_comes_first_and_equals_by_name() {
    let row = |currency: &str| format!("a,2024-01-01,1,{currency}\n");
    let rows: String = ["usd", "", "GBP", "EUR", " eur ", "Gbp", "CHF", "EUR"].map(row).concat();
    let text = format!("client,date,total,currency\n{rows},,,\nx\na,never,1,CHF\n");
    assert_eq!(counts(&text, skipping()), "EUR (3), GBP (2), CHF (1), USD (1)");
    assert!(message(&text, skipping()).contains("the rows are in 4 currencies"));
}

#[test]
fn codes_are_shown_and_longer_texts_described() {
    let text = "client,date,total,currency\na,2024-01-01,1,EUR\na,2024-01-01,1,€\na,2024-01-01,1,Jane Doe\n\
                a,2024-01-01,1,Jane Doe\na,2024-01-01,1,12345\na,2024-01-01,1,USDT\n";
    assert_eq!(
        counts(text, CsvOptions::default()),
        "8 characters: letters and blanks (2), 5 characters: digits (1), EUR (1), USDT (1), € (1)"
    );
    assert_eq!(counts(text, ReadOptions::default().show_values()), counts(text, CsvOptions::default()));
}

#[test]
fn one_currency_in_any_case_is_one() {
    let text = "client,date,total,currency code\na,2024-01-01,1,EUR\na,2024-01-01,2, eur \na,2024-01-01,4,\n";
    assert_eq!(seen(text, CsvOptions::default()), ["a 2024-01-01 7"]);
}

#[test]
fn a_repeated_line_is_not_counted_again() {
    let text = format!("{MIXED}c,2024-01-01,4,USD\n");
    assert_eq!(counts(&text, CsvOptions::default()), "USD (2), EUR (1)");
    assert_eq!(counts(&text, ReadOptions::default().drop_repeated_lines()), "EUR (1), USD (1)");
}

#[test]
fn the_column_of_currencies_is_one_of_the_roles() {
    let text = MIXED.replace("Currency", "Cur.");
    assert_eq!(read(&text, CsvOptions::default()).unwrap().len(), 3);
    let named = ReadOptions::default().column(Role::Currency, "Cur.");
    assert_eq!(message(&text, named.clone()), MIXED_MESSAGE.replace("Currency", "Cur."));
    let inspection = inspect_bytes("a.csv", text.as_bytes(), &CsvOptions::from(named)).unwrap();
    let currency = inspection.columns().into_iter().find(|(role, ..)| *role == Role::Currency);
    assert_eq!(currency, Some((Role::Currency, "Cur.".to_owned(), "as given".to_owned())));
    assert_eq!(
        message(MIXED, ReadOptions::default().column(Role::Currency, "Curency")),
        "a.csv, line 1: no column `Curency` for the currency; the header has `client`, `date`, `total`, `Currency`; \
         did you mean `Currency`?"
    );
    // The column that is named counts, and not the one that is known.
    let text = "client,date,total,currency,paid in\na,2024-01-01,1,EUR,USD\nb,2024-01-01,1,GBP,USD\n";
    assert!(read(text, CsvOptions::default()).is_err());
    assert_eq!(read(text, ReadOptions::default().column(Role::Currency, "paid in")).unwrap().len(), 2);
}

#[test]
fn files_of_different_currencies_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, "client,date,total,Währung\na,2024-01-01,1,EUR\na,2024-01-02,1,EUR\n").unwrap();
    fs::write(&two, "currency,client,date,total\nUSD,a,2024-01-01,1\n").unwrap();
    for (paths, column) in [([&*one, &*two], "column 1 `currency`"), ([&*two, &*one], "column 4 `Währung`")] {
        let error = open(&paths, CsvOptions::default()).unwrap_err();
        assert!(matches!(input_kind(&error), rfm_input::ErrorKind::SeveralCurrencies { .. }));
        // Where they were first seen to differ.
        assert_eq!(error.position().unwrap().input().as_path(), paths[1]);
        let place = format!("{}, {column}: the rows are in 2 currencies", paths[1].display());
        assert!(error.to_string().starts_with(&place), "{error}");
        assert!(error.to_string().contains(": EUR (2), USD (1); "), "{error}");
    }
    let customers = open(&[&one, &two], ReadOptions::default().any_currency()).unwrap().0;
    assert_eq!((customers.len(), reasons(&customers).len()), (1, 0));
}
