//! `HAZARDS.md` row 21, and 22 as far as it is about the day: formats are proven or asked for, never guessed.

use std::fs;

use rfm_core::cell::DateFormat;
use rfm_core::{Role, TransactionSource as _};
use rfm_csv::{CsvOptions, CsvSource, ErrorKind, ReadOptions, inspect_bytes};

use crate::support::{drain, far, input_kind, message, open, read, reasons, seen, skipping, table};

#[test]
fn a_day_above_twelve_proves_the_format_for_all_rows() {
    let rows = "ann,05/04/2024,1\nann,17/04/2024,1\n";
    assert_eq!(seen(table(rows), CsvOptions::default()), ["ann 2024-04-17 2"]);
    let rows = "ann,05/04/2024,1\nann,04/17/2024,1\nbob,05/04/2024,1\n";
    assert_eq!(seen(table(rows), CsvOptions::default()), ["ann 2024-05-04 2", "bob 2024-05-04 1"]);
}

#[test]
fn every_way_to_write_a_day_is_read() {
    for day in [
        "2024-04-17",
        "2024-04-17 23:59:59",
        "2024-04-17T23:59:59.5+11:00",
        "17.04.2024",
        "17.4.24",
        "4/17/2024 2:05 PM",
        "20240417",
        "17-Apr-2024",
        "17. April 2024",
    ] {
        assert_eq!(seen(table(&format!("ann,{day},1\n")), CsvOptions::default()), ["ann 2024-04-17 1"], "{day}");
    }
    assert_eq!(seen(table("ann,\"Apr 17, 2024\",1\n"), CsvOptions::default()), ["ann 2024-04-17 1"]);
}

#[test]
fn dates_that_can_be_read_both_ways_are_an_error() {
    assert_eq!(
        message(table("ann,05/04/2024,1\nbob,06/04/2024,1\n"), CsvOptions::default()),
        "a.csv, column 2 `order_date`: every date can be read as d/m/y and as m/d/y; say which with --date-format"
    );
    assert_eq!(
        message(table("ann,11-12-09,1\n"), CsvOptions::default()),
        "a.csv, column 2 `order_date`: every date can be read as d/m/y and as m/d/y and as yy-mm-dd; \
         say which with --date-format"
    );
    let given = ReadOptions::default().date_format(DateFormat::MonthDayYear);
    assert_eq!(seen(table("ann,05/04/2024,1\n"), given), ["ann 2024-05-04 1"]);
}

#[test]
fn dates_that_no_one_format_reads_are_an_error_that_names_the_row() {
    assert_eq!(
        message(table("ann,17/04/2024,1\nbob,18/04/2024,1\nbob,04/17/2024,1\n"), skipping()),
        "a.csv, line 4, column 2 `order_date`: this date is in another format than those before it; \
         name the right one with --date-format"
    );
}

#[test]
fn texts_that_are_no_dates_are_an_error_that_shows_their_shape() {
    assert_eq!(
        message(table("ann,,1\nann,n/a,1\nbob,soon,1\n"), skipping()),
        "a.csv, line 3, column 2 `order_date`: expected a date, found 3 characters: letters and punctuation; \
         if these are dates, name their format with --date-format"
    );
}

#[test]
fn a_single_bad_date_is_a_bad_row_and_proves_nothing() {
    let text = table("ann,17/04/2024,1\nbob,n/a,1\nbob,31/04/2024,2\n");
    assert_eq!(
        message(&text, CsvOptions::default()),
        "a.csv, line 3, column 2 `order_date`: expected a date as d/m/y, found 3 characters: letters and punctuation"
    );
    assert_eq!(seen(&text, skipping()), ["ann 2024-04-17 1"]);
    assert_eq!(
        message(table("ann,2024-01-01,1\nbob,,1\n"), CsvOptions::default()),
        "a.csv, line 3, column 2 `order_date`: is empty"
    );
}

#[test]
fn placeholder_years_are_bad_rows() {
    for (day, year) in [("9999-12-31", 9999), ("0024-01-01", 24), ("1900-01-01", 1900)] {
        assert_eq!(
            message(table(&format!("ann,{day},1\n")), CsvOptions::default()),
            format!("a.csv, line 2, column 2 `order_date`: the year {year} is outside of 1970 to 2199")
        );
    }
}

#[test]
fn a_proof_far_behind_the_beginning_counts() {
    let text = table(&format!("{}bob,17/04/2024,1\n", far("ann,05/04/2024,1\n")));
    let customers = read(&text, CsvOptions::default()).unwrap();
    assert_eq!(customers.get(0).unwrap().last_order().to_string(), "2024-04-05");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, &text).unwrap();
    let (from_file, reports) = open(&[&path], CsvOptions::default()).unwrap();
    assert_eq!(from_file, customers);
    let facts = reports[0].facts();
    assert!(facts.contains(&("date_format".to_owned(), "d/m/y, proven by the data".to_owned())), "{facts:?}");
}

#[test]
fn a_reader_is_not_read_twice_so_a_proof_far_behind_comes_too_late() {
    let text = table(&format!("{}bob,17/04/2024,1\n", far("ann,05/04/2024,1\n")));
    let error = CsvSource::from_reader("-", std::io::Cursor::new(text), CsvOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "standard input, column 2 `order_date`: every date can be read as d/m/y and as m/d/y; only the beginning of a pipe \
         can be looked at, so name the format with --date-format or give the file"
    );
    assert!(matches!(input_kind(&error), rfm_input::ErrorKind::AmbiguousDate { is_whole: false, .. }));
    // A short one is whole.
    let short = std::io::Cursor::new(table("ann,05/04/2024,1\n"));
    let error = CsvSource::from_reader("-", short, CsvOptions::default()).unwrap_err();
    assert!(matches!(input_kind(&error), rfm_input::ErrorKind::AmbiguousDate { is_whole: true, .. }), "{error}");
}

/// Which format is proven depends on what comes first; that there are two must not.
#[test]
fn a_date_in_another_format_is_an_error_wherever_it_stands_and_even_where_bad_rows_are_left_out() {
    let day_first = "ann,17/04/2024,1\n".repeat(30_000);
    let month_first = "bob,04/17/2024,1\n".repeat(20);
    let rule = "column 2 `order_date`: this date is in another format than those before it; \
                name the right one with --date-format";
    for (rows, line) in [(format!("{day_first}{month_first}"), 30_002), (format!("{month_first}{day_first}"), 22)] {
        for options in [skipping(), ReadOptions::default()] {
            assert_eq!(message(table(&rows), options), format!("a.csv, line {line}, {rule}"));
        }
        let inspection = inspect_bytes("a.csv", table(&rows).as_bytes(), &CsvOptions::default()).unwrap();
        assert_eq!(inspection.problems()[0].to_string(), format!("a.csv, line {line}, {rule}"));
        // Whoever names the format has said what the others are.
        let given = skipping().date_format(DateFormat::DayMonthYear);
        assert_eq!(reasons(&read(table(&rows), given).unwrap()), ["20 bad date 20 0"]);
    }
    let pipe = std::io::Cursor::new(table(&format!("{day_first}{month_first}")));
    let error = drain(CsvSource::from_reader("-", pipe, skipping()).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), format!("standard input, line 30002, {rule}"));
}

#[test]
fn a_first_date_far_behind_the_beginning_of_a_pipe_is_a_question_of_its_format() {
    let blank = far("ann,,1\n");
    let line = blank.lines().count() + 2;
    let pipe = |row: &str| {
        let text = std::io::Cursor::new(table(&format!("{blank}{row}")));
        drain(CsvSource::from_reader("-", text, skipping()).unwrap())
    };
    assert_eq!(
        pipe("bob,17/04/2024,1\n").unwrap_err().to_string(),
        format!(
            "standard input, line {line}, column 2 `order_date`: expected a date, found 10 characters: digits and \
             punctuation; if these are dates, name their format with --date-format"
        )
    );
    assert_eq!(pipe("bob,2024-04-17,1\n").unwrap().0.len(), 1);
    assert_eq!(pipe("bob,never,1\n").unwrap().0.len(), 0);
}

#[test]
fn another_file_may_prove_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, table(&far("ann,05/04/2024,1\n"))).unwrap();
    fs::write(&two, table("bob,17/04/2024,1\n")).unwrap();
    for paths in [[&*one, &*two], [&*two, &*one]] {
        let (customers, _) = open(&paths, CsvOptions::default()).unwrap();
        assert_eq!(customers.get(0).unwrap().last_order().to_string(), "2024-04-05");
    }
}

#[test]
fn files_that_contradict_each_other_are_an_error_in_the_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, table("ann,17/04/2024,1\n")).unwrap();
    fs::write(&two, table("bob,03/04/2024,1\nbob,04/17/2024,1\n")).unwrap();
    let error = open(&[&one, &two], CsvOptions::default()).unwrap_err();
    assert!(matches!(input_kind(&error), rfm_input::ErrorKind::MixedDates { .. }));
    let position = error.position().unwrap();
    assert_eq!((position.input().as_path(), position.line()), (&*two, Some(3)), "{error}");
}

#[test]
fn rows_without_any_date_are_bad_rows_and_no_question_of_format() {
    let customers = read(table("ann,,1\nbob, ,2\n"), skipping()).unwrap();
    assert_eq!(customers.account().rejected(rfm_core::Reject::BadDate).lines(), 2);
    assert_eq!(customers.account().money(customers.account().read()).to_string(), "3");
}

#[test]
fn an_error_of_the_text_comes_before_the_question_of_format() {
    let text = table(&format!("{}bob,\"05/04/2024,1\n", far("ann,05/04/2024,1\n")));
    let error = CsvSource::from_bytes("a.csv", text.as_bytes(), CsvOptions::default()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnclosedQuote { .. }));
    assert_eq!(error.position().unwrap().column_name(), Some("order_date"));
}

#[test]
fn the_column_of_dates_may_be_named() {
    let text = "client,day,sent,total\nann,2024-01-05,17/04/2024,1\n";
    let options = ReadOptions::default().column(Role::Date, "sent");
    assert_eq!(seen(text, options), ["ann 2024-04-17 1"]);
}

#[test]
fn after_an_error_nothing_more_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, table("ann,2024-01-01,1\nbob,never,1\ncid,2024-01-01,1\n")).unwrap();
    fs::write(&two, table("dan,2024-01-01,1\n")).unwrap();
    let mut source = CsvSource::open([&one, &two], CsvOptions::default()).unwrap();
    assert!(matches!(input_kind(&source.next_batch().unwrap_err()), rfm_input::ErrorKind::BadCell { .. }));
    for _ in 0..2 {
        let error = source.next_batch().unwrap_err();
        assert!(matches!(input_kind(&error), rfm_input::ErrorKind::Stopped { .. }), "{error}");
        assert!(error.to_string().ends_with("reading stopped at an earlier error"), "{error}");
    }
}
