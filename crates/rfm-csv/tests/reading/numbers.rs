//! `HAZARDS.md` rows 15, 16, 17 and, for ids, 12: numbers are exact, and what can be read in two ways is refused.

use proptest::prelude::*;
use rfm_core::cell::{IdFormat, NumberFormat};
use rfm_core::{Reject, Scale, TransactionSource as _};
use rfm_csv::{CsvOptions, CsvSource, ReadOptions};

use crate::support::{drain, far, input_kind, message, read, seen, skipping, table};

fn total(rows: &str, options: impl Into<CsvOptions>) -> String {
    let customers = read(table(rows), options).unwrap();
    customers.account().money(customers.account().used()).to_string()
}

#[test]
fn one_number_proves_the_separator_for_all() {
    assert_eq!(total("a,2024-01-01,\"1,234\"\na,2024-01-01,0.50\n", CsvOptions::default()), "1234.50");
    assert_eq!(total("a,2024-01-01,1.234\na,2024-01-01,\"0,50\"\n", CsvOptions::default()), "1234.50");
    assert_eq!(total("a,2024-01-01,1.234\na,2024-01-01,\"1.234,5\"\n", CsvOptions::default()), "2468.50");
}

#[test]
fn every_way_to_write_money_is_read() {
    for (text, value) in [
        ("(12.00)", "-12"),
        ("12.50-", "-12.50"),
        ("\u{2212}12.5", "-12.50"),
        ("-$12.50", "-12.50"),
        ("12.50 €", "12.50"),
        ("EUR 12.50", "12.50"),
        ("1 234.5", "1234.50"),
        ("1'234.5", "1234.50"),
        ("\"1,234,567.5\"", "1234567.50"),
        ("1.25e2", "125"),
        ("-0.0", "0"),
        ("+7.5", "7.50"),
    ] {
        assert_eq!(total(&format!("a,2024-01-01,{text}\n"), CsvOptions::default()), value, "{text}");
    }
}

#[test]
fn a_separator_before_three_digits_is_ambiguous_until_it_is_given() {
    for (cell, separator) in [("\"1,234\"", ','), ("1.234", '.')] {
        let text = table(&format!("ann,2024-01-01,7\nann,2024-01-01,{cell}\n"));
        assert_eq!(
            message(&text, CsvOptions::default()),
            format!(
                "a.csv, line 3, column 3 `amount`: `{separator}` before three digits may be a decimal or a thousands \
                 separator; say which with --decimal point or --decimal comma"
            )
        );
    }
    let rows = "ann,2024-01-01,1.234\n";
    assert_eq!(total(rows, ReadOptions::default().number_format(NumberFormat::Point)), "1.234");
    assert_eq!(total(rows, ReadOptions::default().number_format(NumberFormat::Comma)), "1234");
}

#[test]
fn points_and_commas_that_contradict_each_other_are_an_error_that_names_the_row() {
    assert_eq!(
        message(table("ann,2024-01-01,7.5\nann,2024-01-01,8\nann,2024-01-01,\"7,5\"\n"), skipping()),
        "a.csv, line 4, column 3 `amount`: this number contradicts those before it, some have a decimal point and some \
         a decimal comma; say which is right with --decimal point or --decimal comma"
    );
}

/// Which separator is proven depends on what comes first; that there are two must not.
#[test]
fn a_number_with_the_other_separator_is_an_error_wherever_it_stands_and_even_where_bad_rows_are_left_out() {
    let point = "ann,2024-01-01,7.5\n".repeat(30_000);
    let comma = "bob,2024-01-01,\"7,5\"\n".repeat(20);
    let rule = "column 3 `amount`: this number contradicts those before it, some have a decimal point and some a decimal \
                comma; say which is right with --decimal point or --decimal comma";
    for (rows, line) in [(format!("{point}{comma}"), 30_002), (format!("{comma}{point}"), 22)] {
        for options in [skipping(), ReadOptions::default()] {
            assert_eq!(message(table(&rows), options), format!("a.csv, line {line}, {rule}"));
        }
        let given = read(table(&rows), skipping().number_format(NumberFormat::Point)).unwrap();
        assert_eq!(given.account().rejected(Reject::BadNumber).lines(), 20);
    }
}

#[test]
fn a_first_decimal_comma_far_behind_the_beginning_of_a_pipe_is_a_question_of_the_separator() {
    let rows = far("ann,2024-01-01,7\n");
    let line = rows.lines().count() + 2;
    let pipe = |row: &str| {
        let text = std::io::Cursor::new(table(&format!("{rows}{row}")));
        drain(CsvSource::from_reader("-", text, skipping()).unwrap())
    };
    let error = pipe("bob,2024-01-01,\"7,5\"\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "standard input, line {line}, column 3 `amount`: this number has a decimal comma, and no number at the beginning \
             of the pipe told of one; say which is right with --decimal point or --decimal comma, or give the file"
        )
    );
    assert!(matches!(input_kind(&error), rfm_input::ErrorKind::UnprovenNumber { .. }));
    assert_eq!(pipe("bob,2024-01-01,7.5\n").unwrap().0.len(), 2);
}

#[test]
fn what_is_no_number_proves_no_separator() {
    // A date, a version, a telephone number in the column of amounts: bad rows, not a decimal comma.
    let text = table("a,2024-01-01,12.04.2024\na,2024-01-01,7.5\na,2024-01-01,1.2.3\n");
    let customers = read(&text, skipping()).unwrap();
    assert_eq!(customers.account().rejected(Reject::BadNumber).lines(), 2);
    assert_eq!(customers.account().money(customers.account().used()).to_string(), "7.50");
}

#[test]
fn a_proof_far_behind_the_beginning_counts_also_where_the_beginning_is_of_whole_numbers() {
    for row in ["ann,2024-01-01,7\n", "ann,2024-01-01,1.234\n"] {
        let text = table(&format!("{}bob,2024-01-01,\"0,5\"\n", far(row)));
        let customers = read(&text, CsvOptions::default()).unwrap();
        assert_eq!(customers.get(1).unwrap().total().to_string(), "0.50", "{row}");
        assert!(customers.get(0).unwrap().total().minor() % 100 == 0);
    }
}

#[test]
fn not_a_number_infinity_and_what_overflows_are_refused() {
    for cell in ["NaN", "inf", "-Infinity", "1e309", "1e400", "0x1F", "12abc", "--5", "1,2,3", "#N/A", "٣"] {
        let text = table(&format!("ann,2024-01-01,\"{cell}\"\nbob,2024-01-01,2.5\n"));
        let error = read(&text, CsvOptions::default()).unwrap_err();
        assert!(matches!(input_kind(&error), rfm_input::ErrorKind::BadCell { .. }), "{cell}: {error}");
        let position = error.position().unwrap();
        assert_eq!((position.line(), position.column_name()), (Some(2), Some("amount")), "{cell}");
        assert_eq!(read(&text, skipping()).unwrap().account().rejected(Reject::BadNumber).lines(), 1, "{cell}");
    }
    assert_eq!(
        message(table("ann,2024-01-01,abc\n"), CsvOptions::default()),
        "a.csv, line 2, column 3 `amount`: expected a number with a decimal point or comma, found 3 characters: letters"
    );
    assert_eq!(
        message(table("ann,2024-01-01,9223372036854775808\n"), CsvOptions::default()),
        "a.csv, line 2, column 3 `amount`: is too large: the limit is 9223372036854775807 minor units"
    );
}

#[test]
fn decimals_are_never_rounded_unless_asked_for() {
    assert_eq!(
        message(table("ann,2024-01-01,0.1234567891\n"), CsvOptions::default()),
        "a.csv, line 2, column 3 `amount`: has 10 decimals, more than the 9 that are kept; round with --round"
    );
    let options = ReadOptions::default().round(Scale::CENTS);
    let source = CsvSource::from_bytes("a", table("a,2024-01-01,0.125\na,2024-01-01,0.5\n").as_bytes(), options);
    let mut source = source.unwrap();
    while rfm_core::TransactionSource::next_batch(&mut source).unwrap().is_some() {}
    assert_eq!(source.intake().rounded(), 1);
    assert_eq!(total("a,2024-01-01,0.125\n", ReadOptions::default().round(Scale::CENTS)), "0.12");
}

#[test]
fn sums_beyond_64_bits_are_exact() {
    let customers = read(table(&"a,2024-01-01,9223372036854775807\n".repeat(3)), CsvOptions::default()).unwrap();
    assert_eq!(customers.get(0).unwrap().total().minor(), 3 * i128::from(i64::MAX));
    let error = message("client,date,quantity,price\na,2024-01-01,9223372036854775807,2\n", CsvOptions::default());
    assert_eq!(error, "a.csv, line 2, column 4 `price`: is too large: the limit is 9223372036854775807 minor units");
}

#[test]
fn ids_are_kept_as_written_or_freed_of_what_a_float_column_added() {
    let text = table("13085.0,2024-01-01,1\n13085,2024-01-01,2\n007,2024-01-01,4\n1234567890123456.0,2024-01-01,8\n");
    assert_eq!(
        seen(&text, CsvOptions::default()),
        ["007 2024-01-01 4", "1234567890123456.0 2024-01-01 8", "13085 2024-01-01 2", "13085.0 2024-01-01 1"]
    );
    assert_eq!(
        seen(&text, ReadOptions::default().ids(IdFormat::Integer)),
        ["007 2024-01-01 4", "1234567890123456 2024-01-01 8", "13085 2024-01-01 3"]
    );
    let mut source = CsvSource::from_bytes("a.csv", text.as_bytes(), CsvOptions::default()).unwrap();
    assert_eq!(source.intake().float_ids(), 0, "counted as rows are read");
    while source.next_batch().unwrap().is_some() {}
    assert_eq!(source.intake().float_ids(), 2);
    let source = CsvSource::from_bytes("a.csv", text.as_bytes(), CsvOptions::default()).unwrap();
    let (_, reports) = drain(source).unwrap();
    assert!(reports[0].facts().contains(&("ids".to_owned(), "as-written".to_owned())));
}

proptest! {
    #[test]
    fn any_amount_reads_back_as_it_was_written(minor: i64, decimals in 0u8..=9) {
        let scale = Scale::new(decimals).unwrap();
        let written = rfm_core::Decimal::new(minor.into(), scale);
        let options = ReadOptions::default().number_format(NumberFormat::Point);
        let customers = read(table(&format!("a,2024-01-01,{written}\n")), options).unwrap();
        let found = customers.get(0).unwrap().total();
        let unit = |scale: Scale| i128::from(scale.minor_units());
        prop_assert_eq!(found.minor() * unit(scale), i128::from(minor) * unit(found.scale()));
    }
}
