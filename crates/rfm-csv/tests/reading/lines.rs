//! `HAZARDS.md` rows 1, 3, 4, 8: quotes, widths, line ends, and files that end early.

use rfm_core::Role;
use rfm_csv::{BadRows, CsvOptions, CsvSource, ErrorKind, ReadOptions, inspect_bytes};

use crate::support::{describe, drain, message, read, reasons, skipping, table};

const ROWS: [&str; 5] =
    ["ann,2024-01-01,1.25", "bob,2024-01-02,2.50", "\"cid\",2024-01-03,5", "dan,2024-01-04,10.5", "eve,2024-01-05,20"];

#[test]
fn every_row_made_ragged_in_turn_is_named_or_counted() {
    for at in 0..ROWS.len() {
        for (change, fields) in [(",x", 4), ("", 2)] {
            let mut rows = ROWS.map(str::to_owned);
            rows[at] = if fields == 4 { format!("{}{change}", rows[at]) } else { "x,y".to_owned() };
            let text = table(&(rows.join("\n") + "\n"));
            assert_eq!(
                message(&text, CsvOptions::default()),
                format!("a.csv, line {}: expected 3 fields as in the header, found {fields}", at + 2)
            );
            let customers = read(&text, skipping()).unwrap();
            let account = customers.account();
            assert_eq!((account.used().lines(), account.rejected(rfm_core::Reject::BadRecord).lines()), (4, 1));
        }
    }
}

#[test]
fn a_quote_that_is_never_closed_is_an_error_where_it_opened() {
    assert_eq!(
        message(table("ann,2024-01-01,1\n\"bob,2024-01-02,2\ncid,2024-01-03,3\n"), skipping()),
        "a.csv, line 3, column 1 `customer_id`: a quote that opens here is never closed; \
         if the file has no quoting, read it with --quote none"
    );
    let screens = "client,date,total,item\nann,2024-01-01,1,5\" screen\n";
    assert_eq!(
        message(screens, CsvOptions::default()),
        "a.csv, line 2, column 4 `item`: found a quote inside a field that does not begin with one; \
         if the file has no quoting, read it with --quote none"
    );
    assert_eq!(read(screens, CsvOptions::default().quote(None)).unwrap().len(), 1);
}

#[test]
fn one_quote_at_any_byte_never_loses_a_row_without_a_word() {
    let text = table(&(ROWS.join("\r\n") + "\r\n"));
    let header = text.find('\n').unwrap() + 1;
    for at in header..=text.len() {
        let mut broken = text.clone();
        broken.insert(at, '"');
        if let Ok(customers) = read(&broken, skipping()) {
            let account = customers.account();
            // At the very end the quote may be a row of its own.
            assert!(account.read().lines() >= 5 && account.rejected_total().lines() >= 1, "{at}");
        }
        assert!(read(&broken, CsvOptions::default()).is_err(), "{at}");
    }
}

#[test]
fn line_ends_of_any_kind_and_blank_lines_change_nothing_but_the_lines() {
    let expected = read(table(&(ROWS.join("\n") + "\n")), CsvOptions::default()).unwrap();
    for end in ["\r\n", "\r", "\n\n", "\r\n\r\n"] {
        let text = table(&(ROWS.join(end) + end)).replacen('\n', end, 1);
        assert_eq!(read(&text, CsvOptions::default()).unwrap(), expected, "{end:?}");
    }
    let text = table("ann,2024-01-01,1\n\n,,\n\n\"b\nob\",2024-01-01,x\n");
    assert!(message(text, CsvOptions::default()).starts_with("a.csv, line 6, column 3 `amount`: "));
}

#[test]
fn blank_rows_are_accounted_for_and_change_nothing_else() {
    let expected = read(table(&(ROWS.join("\n") + "\n")), CsvOptions::default()).unwrap();
    for (delimiter, end) in [(",", "\n,,\n"), (";", "\r\n;;\r\n"), ("\t", "\r\t\t\r"), ("|", "\n||||\n")] {
        let text = table(&(ROWS.join("\n") + "\n")).replace(',', delimiter).replace('\n', end);
        let source = CsvSource::from_bytes("a.csv", text.as_bytes(), CsvOptions::default()).unwrap();
        let (customers, reports) = drain(source).unwrap();
        assert_eq!(describe(&customers), describe(&expected), "{end:?}");
        assert_eq!(customers.account().used(), expected.account().used(), "{end:?}");
        assert_eq!(reasons(&customers), ["6 blank row 0.00 0"], "{end:?}");
        assert_eq!((reports[0].rows(), reports[0].lines()), (11, 12), "{end:?}");
        let blank_lines = ("blank_lines".to_owned(), "0".to_owned());
        assert!(reports[0].facts().contains(&blank_lines), "{end:?}");
        let inspection = inspect_bytes("a.csv", text.as_bytes(), &CsvOptions::default()).unwrap();
        assert_eq!((inspection.rows(), inspection.problem_count()), (11, 0), "{end:?}");
        let rows = ("rows".to_owned(), "11, 6 of them blank".to_owned());
        assert!(inspection.facts().contains(&rows), "{end:?}");
    }
}

#[test]
fn rows_in_which_all_is_empty_or_blank_are_blank() {
    let text = table("ann,2024-01-01,1\n,,\n,,,,,\n\n \n\"\",,\n");
    let (customers, reports) = drain(CsvSource::from_bytes("a", text.as_bytes(), skipping()).unwrap()).unwrap();
    assert_eq!((reports[0].rows(), customers.account().used().lines()), (5, 1));
    assert_eq!(reasons(&customers), ["1 bad record 0 1", "3 blank row 0 0"]);
    let facts = reports[0].facts();
    assert!(facts.contains(&("blank_lines".to_owned(), "1".to_owned())), "{facts:?}");
}

#[test]
fn blank_rows_are_no_bad_rows() {
    let text = table(",,\n,\nann,2024-01-01,1\n,,,,\n");
    let none = ReadOptions::default().bad_rows(BadRows::Skip { limit: Some(0) });
    for options in [ReadOptions::default(), none, skipping().drop_repeated_lines()] {
        assert_eq!(reasons(&read(&text, options).unwrap()), ["3 blank row 0 0"]);
    }
    let customers = read(table(",,\n,,\n"), CsvOptions::default()).unwrap();
    assert_eq!((customers.len(), customers.account().read().lines()), (0, 2));
    // In a text of one column a blank row is a blank line, hence none.
    let lone = [Role::Customer, Role::Date, Role::Amount].into_iter();
    let lone = lone.fold(ReadOptions::default(), |options, role| options.column(role, "all"));
    assert_eq!(read("all\n\n20240101\n\n", lone).unwrap().account().read().lines(), 1);
    let named = CsvOptions::default().column_names(["client", "date", "total"]);
    assert_eq!(reasons(&read(",,\nann,2024-01-01,1\n", named).unwrap()), ["1 blank row 0 0"]);
}

/// Two batches' worth and more, so that a batch may be of blank rows alone.
#[test]
fn many_blank_rows_are_accounted_for_to_the_row() {
    let blank = ",,\n".repeat(20_000);
    let text = table(&format!("{blank}ann,2024-01-01,1\n{blank}bob,2024-01-01,2\n{blank}"));
    let customers = read(text, CsvOptions::default()).unwrap();
    assert_eq!((customers.len(), customers.account().used().lines()), (2, 2));
    assert_eq!(reasons(&customers), ["60000 blank row 0 0"]);
}

#[test]
fn a_last_line_without_end_is_a_note_or_with_strict_an_error() {
    let text = table("ann,2024-01-01,1\nbob,2024-01-02,2");
    let (_, reports) = drain(CsvSource::from_bytes("a", text.as_bytes(), CsvOptions::default()).unwrap()).unwrap();
    assert!(reports[0].ended_without_newline());
    let error = read(&text, CsvOptions::default().strict()).unwrap_err();
    assert_eq!(error.to_string(), "a.csv, line 3: the last line has no line end, as in a file that was cut short");
    assert!(matches!(error.kind(), ErrorKind::UnfinishedLine { .. }));
    assert!(read(text + "\n", CsvOptions::default().strict()).is_ok());
}

#[test]
fn a_cut_at_any_byte_of_the_last_two_rows_is_seen() {
    let text = table(&(ROWS.join("\n") + "\n"));
    let third = table(&(ROWS[..3].join("\n") + "\n")).len();
    for cut in third..text.len() {
        let cut_text = &text[..cut];
        let complete = cut_text.ends_with('\n');
        assert_eq!(read(cut_text, CsvOptions::default().strict()).is_ok(), complete, "{cut}");
        let source = CsvSource::from_bytes("a", cut_text.as_bytes(), skipping()).unwrap();
        let (customers, reports) = drain(source).unwrap();
        assert_eq!(reports[0].ended_without_newline(), !complete, "{cut}");
        assert_eq!(customers.account().read().lines(), cut_text.lines().count() as u64 - 1, "{cut}");
    }
}
