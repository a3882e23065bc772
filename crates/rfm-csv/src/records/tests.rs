//! Behaviour of the record layer, on texts small enough to read and on generated ones.

mod boundaries;
mod cuts;
mod laws;
mod model;
mod reading;

use super::*;
use reading::{read, read_all};

#[track_caller]
fn fields(text: &str) -> Vec<Vec<String>> {
    let reading = read_all(text.as_bytes());
    assert!(reading.error.is_none(), "{:?}", reading.error);
    assert!(reading.records.iter().all(|record| record.flaw.is_none()), "{:?}", reading.records);
    let text = |field: &Vec<u8>| String::from_utf8(field.clone()).unwrap();
    reading.records.iter().map(|record| record.fields.iter().map(text).collect()).collect()
}

#[track_caller]
fn only_flaw(text: &[u8]) -> Flaw {
    let flaws: Vec<Flaw> = read_all(text).records.iter().filter_map(|record| record.flaw).collect();
    assert_eq!(flaws.len(), 1, "{flaws:?}");
    flaws[0]
}

#[track_caller]
fn error(text: &[u8]) -> (String, u64, Option<usize>) {
    let error = read_all(text).error.unwrap();
    let kind = match error.fault() {
        RecordFault::Read(cause) => format!("read {cause}"),
        RecordFault::TooLarge { limit, value } => format!("{limit:?} {value}"),
        RecordFault::SwallowedLines { closed_line, flaw_line } => format!("swallowed {closed_line} {flaw_line}"),
        other => format!("{other:?}"),
    };
    (kind, error.line(), error.column())
}

#[test]
fn quoted_fields_hold_delimiters_line_breaks_and_doubled_quotes() {
    assert_eq!(
        fields("a,\"b,c\",\"d\r\ne\"\n\"say \"\"hi\"\"\",\"\",\n"),
        [vec!["a", "b,c", "d\r\ne"], vec!["say \"hi\"", "", ""]]
    );
}

#[test]
fn every_line_end_ends_a_record() {
    assert_eq!(fields("a\rb\nc\r\nd"), [["a"], ["b"], ["c"], ["d"]]);
    assert_eq!(fields("\"a\"\r\"b\"\n\"c\"\r\n\"d\""), [["a"], ["b"], ["c"], ["d"]]);
}

#[test]
fn blank_lines_are_skipped_and_counted_but_blanks_are_not_blank() {
    let reading = read_all(b"\n\r\n\na\n\r\r\n \n\"\"\n\n");
    let places: Vec<_> = reading.records.iter().map(|record| (record.number, record.line)).collect();
    assert_eq!(places, [(1, 4), (2, 7), (3, 8)]);
    assert_eq!((reading.lines, reading.blank_lines), (9, 6));
}

#[test]
fn a_text_without_quoting_keeps_its_quotes() {
    let reading = read(b"5\" screen|\"x\n", Dialect::try_new(b'|', None).unwrap(), Limits::default(), 4, 4);
    assert_eq!(reading.records[0].fields, [&b"5\" screen"[..], b"\"x"]);
    assert_eq!(reading.records[0].flaw, None);
}

#[test]
fn lines_count_what_records_span() {
    let reading = read_all(b"h\r\n\"a\rb\nc\r\nd\",1\r\n\nx,y");
    let places: Vec<_> = reading.records.iter().map(|record| (record.line, record.lines)).collect();
    assert_eq!(places, [(1, 1), (2, 4), (7, 1)]);
    assert_eq!((reading.lines, reading.blank_lines), (7, 1));
}

#[test]
fn a_missing_last_line_end_is_reported() {
    for (text, missing) in [
        ("a", true),
        ("a\n", false),
        ("a\r", false),
        ("\"a\"", true),
        ("\"a\"\r\n", false),
        ("", false),
        ("\n", false),
        ("a,", true),
    ] {
        assert_eq!(read_all(text.as_bytes()).ended_without_newline, missing, "{text:?}");
    }
}

#[test]
fn raw_is_the_record_as_it_stands() {
    let reading = read_all(b"a,\"b\"\"c\"\r\nd\r\n");
    assert_eq!(reading.records[0].raw, b"a,\"b\"\"c\"");
    assert_eq!(reading.records[1].raw, b"d");
}

#[test]
fn flaws_name_line_and_column() {
    assert_eq!(only_flaw(b"a,b\nc,\"5\" screen\nd,e\n"), Flaw::TextAfterQuote { line: 2, column: 2 });
    assert_eq!(only_flaw(b"a,b\nc,d,5\" screen\nd,e\n"), Flaw::QuoteInPlainField { line: 2, column: 3 });
    assert_eq!(only_flaw(b"a,b\n\xC3\xA9,xx\xFFy\nd,e\n"), Flaw::InvalidUtf8 { line: 2, column: 2, byte: 3 });
    assert_eq!(only_flaw(b"a,b\n\"x\ny\",\"z\xFF\"\nd,e\n"), Flaw::InvalidUtf8 { line: 3, column: 2, byte: 3 });
    assert_eq!(only_flaw(b"a,b\nc,d\0\nd,e\n"), Flaw::Nul { line: 2, column: 2 });
    assert_eq!(only_flaw(b"a,b\n\"c\n\0\",d\nd,e\n"), Flaw::Nul { line: 3, column: 1 });
}

#[test]
fn a_flaw_of_quoting_comes_before_one_of_text() {
    assert_eq!(only_flaw(b"\xFF,\"a\"b\n"), Flaw::TextAfterQuote { line: 1, column: 2 });
}

#[test]
fn a_record_after_a_flawed_one_is_fine() {
    let reading = read_all(b"\"5\" screen,1\nfine,2\n\xFF\nfine,3\n\0\nfine,4\n");
    let flawed: Vec<bool> = reading.records.iter().map(|record| record.flaw.is_some()).collect();
    assert_eq!(flawed, [true, false, true, false, true, false]);
}

#[test]
fn a_field_that_is_no_text_is_no_str_and_its_neighbours_are() {
    let mut records = Records::new(&b"a\xFF,b\n"[..], Dialect::default(), Limits::default());
    let record = records.next_record().unwrap().unwrap();
    assert_eq!((record.field(0), record.field_str(0)), (Some(&b"a\xFF"[..]), None));
    assert_eq!((record.field(1), record.field_str(1)), (Some(&b"b"[..]), Some("b")));
    assert_eq!((record.field(2), record.field_str(2)), (None, None));
}

#[test]
fn characters_that_are_read_a_byte_at_a_time_are_not_held_back_once_they_are_seen() {
    let text = "aa\n\u{1F600},\u{20AC}\n\"\u{1F600}\",\"\u{20AC}\n\"\nb,\u{1F600}".as_bytes();
    for text in [text, &text[..text.len() - 1]] {
        let whole = read_all(text);
        for (capacity, chunk) in (1..12).flat_map(|capacity| (1..8).map(move |chunk| (capacity, chunk))) {
            let parts = read(text, Dialect::default(), Limits::default(), capacity, chunk);
            assert_eq!((&parts.records, parts.lines), (&whole.records, whole.lines), "{capacity} {chunk}");
        }
    }
}

#[test]
fn an_unclosed_quote_names_where_it_opened() {
    assert_eq!(error(b"a,b\nc,\"d\ne,f\ng,h\n"), ("UnclosedQuote".to_owned(), 2, Some(2)));
    assert_eq!(error(b"\"x\ny\",\"z"), ("UnclosedQuote".to_owned(), 2, Some(2)));
}

#[test]
fn a_field_that_has_swallowed_lines_ends_the_reading() {
    // Closed by the opening quote of a later field.
    assert_eq!(error(b"a,b\nc,\"d\ne,\"f\"\ng,h\n"), ("swallowed 3 3".to_owned(), 2, Some(2)));
    // The same, where what follows looks proper: `",f"` after the swallowing field.
    assert_eq!(error(b"a,b\nc,\"d\ne,\",f\"\ng,h\n"), ("swallowed 3 3".to_owned(), 2, Some(2)));
    // And where it is a line end that looks proper, so that the flaw is in the next record.
    assert_eq!(error(b"a,b\nc,\"d\ne,\"\nf\"\ng,h\n"), ("swallowed 3 4".to_owned(), 2, Some(2)));
}

#[test]
fn a_flaw_long_after_a_proper_field_of_lines_is_its_own() {
    let reading = read_all(b"\"a\nb\",c\n\"d\",e\nf,5\" screen\ng,h\n");
    assert!(reading.error.is_none());
    assert_eq!(reading.records[2].flaw, Some(Flaw::QuoteInPlainField { line: 4, column: 2 }));
}

#[test]
fn after_an_error_reading_has_stopped() {
    let mut records = Records::new(&b"\"a"[..], Dialect::default(), Limits::default());
    assert!(records.next_record().is_err());
    let again = records.next_record().unwrap_err();
    assert!(matches!(again.fault(), RecordFault::Stopped));
}

#[test]
fn limits_are_errors_with_their_place() {
    let limits = Limits { field_bytes: 5, record_bytes: 12, columns: 3, field_lines: 2 };
    let fault = |text: &str| {
        let mut faults = Vec::new();
        for capacity in [1, 3, 64] {
            let error = read(text.as_bytes(), Dialect::default(), limits, capacity, capacity).error;
            faults.push(error.map(|e| match e.fault() {
                RecordFault::TooLarge { limit, value } => (*limit, *value, e.line(), e.column()),
                other => panic!("{other:?}"),
            }));
        }
        assert!(faults.windows(2).all(|pair| pair[0] == pair[1]), "{faults:?}");
        faults[0]
    };
    use crate::error::LimitKind::*;
    assert_eq!(fault("a,12345\n"), None);
    assert_eq!(fault("a\nb,123456\n"), Some((FieldBytes, 5, 2, Some(2))));
    assert_eq!(fault("b,\"12345\"\n"), None);
    assert_eq!(fault("b,\"12\"\"456\"\n"), Some((FieldBytes, 5, 1, Some(2))));
    assert_eq!(fault("1234,1234,12\n"), None);
    assert_eq!(fault("1234,1234,123\n"), Some((RecordBytes, 12, 1, None)));
    assert_eq!(fault("1,2,3\n"), None);
    assert_eq!(fault("\n1,2,3,\n"), Some((Columns, 3, 2, None)));
    assert_eq!(fault("1,\"2\n3\"\n"), None);
    assert_eq!(fault("x\n1,\"2\n3\n4\"\n"), Some((FieldLines, 2, 2, Some(2))));
}

#[test]
fn endless_input_ends_in_an_error_with_bounded_memory() {
    let endless = |pattern: &'static [u8]| {
        let mut records = Records::new(reading::Endless::new(pattern), Dialect::default(), Limits::default());
        let fault = loop {
            match records.next_record() {
                Ok(record) => assert!(record.is_some()),
                Err(error) => break error,
            }
        };
        let limit = Limits::default().record_bytes;
        assert!(records.buffer.capacity() <= limit + CAPACITY, "{}", records.buffer.capacity());
        assert!(records.fields.capacity() <= 2 * limit, "{}", records.fields.capacity());
        match fault.fault() {
            RecordFault::TooLarge { limit, .. } => (*limit, fault.line(), fault.column()),
            other => panic!("{other:?}"),
        }
    };
    use crate::error::LimitKind::*;
    assert_eq!(endless(b"a"), (FieldBytes, 1, Some(1)));
    assert_eq!(endless(b"\""), (FieldBytes, 1, Some(1)));
    assert_eq!(endless(b"x,"), (Columns, 1, None));
    let few_columns = Limits { columns: usize::MAX, ..Limits::default() };
    let mut records = Records::new(reading::Endless::new(b"x,"), Dialect::default(), few_columns);
    let error = records.next_record().unwrap_err();
    assert!(matches!(error.fault(), RecordFault::TooLarge { limit: RecordBytes, .. }));
    assert!(records.buffer.capacity() <= 2 * few_columns.record_bytes);
    // A quote that is never closed in a text that goes on.
    let mut records =
        Records::new((&b"\""[..]).chain(reading::Endless::new(b"a,b\n")), Dialect::default(), Limits::default());
    let error = records.next_record().unwrap_err();
    assert!(matches!(error.fault(), RecordFault::TooLarge { limit: FieldLines, value: 1_000 }));
    assert_eq!((error.line(), error.column()), (1, Some(1)));
    assert_eq!(records.buffer.capacity(), CAPACITY);
}

#[test]
fn a_failing_reader_is_an_error_after_the_records_before_it() {
    let text = (&b"a,b\nc,d,e"[..]).chain(reading::Fails);
    let mut records = Records::new(text, Dialect::default(), Limits::default());
    assert_eq!(records.next_record().unwrap().unwrap().len(), 2);
    let error = records.next_record().unwrap_err();
    assert!(matches!(error.fault(), RecordFault::Read(_)));
    assert_eq!((error.line(), error.column()), (2, Some(3)));
    let text = (&b"a,b\nc,\"d\ne"[..]).chain(reading::Fails);
    let mut records = Records::new(text, Dialect::default(), Limits::default());
    records.next_record().unwrap();
    let error = records.next_record().unwrap_err();
    assert_eq!((error.line(), error.column()), (3, Some(2)));
    let error = error.into_error(&crate::InputName::new("a.csv"));
    assert!(error.is_io());
    assert_eq!(error.to_string(), "a.csv, line 3, column 2: cannot be read further");
}

#[test]
fn nothing_of_the_data_is_in_what_is_printed() {
    let mut records = Records::new(&b"secret,\"secret\"x\n"[..], Dialect::default(), Limits::default());
    let record = format!("{:?}", records.next_record().unwrap());
    assert!(!record.contains("secret") && !format!("{records:?}").contains("secret"), "{record}");
}
