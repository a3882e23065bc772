//! Fields, places and flaws against the model, with buffers so small that a refill falls everywhere.

use proptest::prelude::*;

use super::{
    model::{blank_lines_of, csv_core_fields, line_of, lines_of, parse},
    *,
};

fn texts() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(&b"a"[..]), 1 => Just(&b"some longer text"[..]), 6 => Just(&b","[..]), 2 => Just(&b"\n"[..]),
        2 => Just(&b"\r"[..]), 2 => Just(&b"\r\n"[..]), 3 => Just(&b"\""[..]), 2 => Just(&b"\"\""[..]),
        3 => Just(&b"\"x\""[..]), 2 => Just(&b",\"a\r\nb\","[..]), 1 => Just("é".as_bytes()), 1 => Just("€😀".as_bytes()), 1 => Just(&b" "[..]),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The same with bytes that are no text.
fn bad_texts() -> impl Strategy<Value = Vec<u8>> {
    (
        texts(),
        proptest::collection::vec(
            (any::<prop::sample::Index>(), prop_oneof![Just(0u8), Just(0xFF), Just(0xC3), Just(b'\xA9')]),
            0..4,
        ),
    )
        .prop_map(|(mut text, bad)| {
            for (at, byte) in bad {
                text.insert(at.index(text.len() + 1), byte);
            }
            text
        })
}

fn sizes() -> impl Strategy<Value = usize> {
    prop_oneof![Just(1usize), Just(2), Just(3), Just(7), Just(64), Just(100), Just(CAPACITY)]
}

fn dialects() -> impl Strategy<Value = Dialect> {
    prop_oneof![5 => Just(Dialect::default()), 1 => Just(Dialect::try_new(b',', None).unwrap())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn fields_and_places_are_those_of_the_model(text in texts(), dialect in dialects(), capacity in sizes(), chunk in sizes()) {
        let reading = read(&text, dialect, Limits::default(), capacity, chunk);
        match (&reading.error, parse(&text, dialect)) {
            (None, Ok(model)) => {
                prop_assert_eq!(reading.records.len(), model.len());
                for ((record, expected), number) in reading.records.iter().zip(&model).zip(1..) {
                    prop_assert_eq!(&record.fields, &expected.fields);
                    prop_assert_eq!(&record.raw, &text[expected.from..expected.to]);
                    prop_assert_eq!(record.number, number);
                    prop_assert_eq!(record.line, line_of(&text, expected.from));
                    prop_assert_eq!(record.lines, line_of(&text, expected.to) - record.line + 1);
                    prop_assert_eq!(record.flaw.is_some(), expected.quoting_flaw);
                }
                prop_assert_eq!(reading.lines, lines_of(&text));
                prop_assert_eq!(reading.blank_lines, blank_lines_of(&text, &model));
                let last = text.last().is_some_and(|&b| b != b'\n' && b != b'\r');
                prop_assert_eq!(reading.ended_without_newline, last);
                let fields: Vec<_> = reading.records.into_iter().map(|record| record.fields).collect();
                prop_assert_eq!(fields, csv_core_fields(&text, dialect));
            }
            (Some(error), model) => match error.fault() {
                RecordFault::UnclosedQuote => {
                    let opened = model.unwrap_err();
                    prop_assert_eq!(error.line(), line_of(&text, opened));
                }
                // The model does not judge; that the verdict falls on a flawed file is checked here.
                RecordFault::SwallowedLines { .. } => {
                    prop_assert!(model.is_err() || model.is_ok_and(|records| records.iter().any(|r| r.quoting_flaw)));
                }
                other => prop_assert!(false, "{:?}", other),
            },
            (None, Err(_)) => prop_assert!(false, "an unclosed quote was not noticed"),
        }
    }

    #[test]
    fn where_a_refill_falls_changes_nothing(text in bad_texts(), dialect in dialects(), capacity in sizes(), chunk in sizes()) {
        let whole = read(&text, dialect, Limits::default(), CAPACITY, CAPACITY);
        let parts = read(&text, dialect, Limits::default(), capacity, chunk);
        prop_assert_eq!(&whole.records, &parts.records);
        prop_assert_eq!(format!("{:?}", whole.error), format!("{:?}", parts.error));
        prop_assert_eq!((whole.lines, whole.blank_lines), (parts.lines, parts.blank_lines));
    }

    #[test]
    fn bad_text_is_a_flaw_of_its_record_only(text in bad_texts(), capacity in sizes()) {
        let reading = read(&text, Dialect::default(), Limits::default(), capacity, capacity);
        for record in &reading.records {
            let is_bad = str::from_utf8(&record.raw).is_err() || record.raw.contains(&0);
            match record.flaw {
                None => prop_assert!(!is_bad),
                Some(Flaw::InvalidUtf8 { line, column, byte }) => {
                    let at = str::from_utf8(&record.raw).unwrap_err().valid_up_to();
                    prop_assert_eq!(line, record.line + line_of(&record.raw, at) - 1);
                    prop_assert!(column >= 1 && column <= record.fields.len() && byte <= at + 1);
                }
                Some(Flaw::Nul { .. }) => prop_assert!(record.raw.contains(&0)),
                Some(_) => {}
            }
        }
    }
}
