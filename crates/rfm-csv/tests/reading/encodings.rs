//! `HAZARDS.md` row 5: the encoding is marked, given or UTF-8; anything else is an error with its place.

use rfm_csv::{CsvOptions, Encoding};

use crate::support::{message, read, seen, skipping, table, utf16};

const ROWS: &str = "Zoë,2024-01-01,1\nÅsa,2024-01-02,2\n";

#[test]
fn the_same_rows_in_any_encoding_are_the_same_customers() {
    let text = table(ROWS);
    let expected = read(&text, CsvOptions::default()).unwrap();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (bytes, options) in [
        (format!("\u{feff}{text}").into_bytes(), CsvOptions::default()),
        (utf16(&text, false), CsvOptions::default()),
        (utf16(&text, true), CsvOptions::default()),
        (utf16(&text, false)[2..].to_vec(), CsvOptions::default().encoding(Encoding::Utf16Le)),
        (latin, CsvOptions::default().encoding(Encoding::Windows1252)),
    ] {
        assert_eq!(read(bytes, options).unwrap(), expected);
    }
}

#[test]
fn latin_1_that_is_not_named_is_an_error_with_line_column_and_remedy() {
    let text = b"customer_id,order_date,amount\nann,2024-01-01,1\nZo\xEB,2024-01-01,1\n";
    assert_eq!(
        message(text, CsvOptions::default()),
        "a.csv, line 3, column 1 `customer_id`: expected UTF-8 text, found bytes that are none at byte 3 of the field; \
         name the encoding with --encoding"
    );
    let customers = read(text, skipping()).unwrap();
    assert_eq!((customers.account().used().lines(), customers.account().read().lines()), (1, 2));
    assert_eq!(
        seen(text, CsvOptions::default().encoding(Encoding::Windows1252)),
        ["Zoë 2024-01-01 1", "ann 2024-01-01 1"]
    );
}

#[test]
fn bytes_that_are_none_in_a_column_nobody_needs_are_an_error_too() {
    let text = b"client,note,date,total\nann,caf\xE9,2024-01-01,1\n";
    assert_eq!(
        message(text, CsvOptions::default()),
        "a.csv, line 2, column 2 `note`: expected UTF-8 text, found bytes that are none at byte 4 of the field; \
         name the encoding with --encoding"
    );
}

#[test]
fn nul_is_an_error() {
    assert_eq!(
        message(table("an\0n,2024-01-01,1\n"), CsvOptions::default()),
        "a.csv, line 2, column 1 `customer_id`: found a NUL byte, which no text has; \
         if the file is UTF-16, say so with --encoding utf-16le"
    );
    let unmarked = utf16(&table(ROWS), false)[2..].to_vec();
    assert!(message(unmarked, CsvOptions::default()).starts_with("a.csv, line 1, column 1: found a NUL byte"));
}

#[test]
fn a_mark_against_what_is_given_is_an_error() {
    assert_eq!(
        message(utf16(&table(ROWS), false), CsvOptions::default().encoding(Encoding::Utf8)),
        "a.csv: the text is marked as UTF-16LE, but UTF-8 was given; leave the encoding out, or convert the file"
    );
}

#[test]
fn utf_16_that_is_cut_in_a_character_is_an_error_after_the_rows_before_it() {
    let text = utf16(&table(ROWS), false);
    let message = message(&text[..text.len() - 1], CsvOptions::default());
    assert!(message.starts_with("a.csv, line 3, column 3 `amount`: expected UTF-16LE text"), "{message}");
}

#[test]
fn a_text_that_cannot_be_read_to_the_end_of_its_header_is_not_called_empty() {
    let text = utf16(&table(ROWS), false);
    for cut in [3, 11, 21] {
        let message = message(&text[..cut], CsvOptions::default());
        assert!(message.starts_with("a.csv, line 1: expected UTF-16LE text"), "{cut}: {message}");
    }
}
