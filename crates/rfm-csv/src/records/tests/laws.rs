//! No stray quote goes unnoticed, no cut goes unreported.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

/// One field and how it is written. `calm` keeps delimiters and line ends away from quotes.
fn field(calm: bool) -> impl Strategy<Value = String> {
    let plain =
        prop_oneof![Just(String::new()), Just("a".to_owned()), Just("some text é".to_owned()), Just("12.5".to_owned())];
    let piece = if calm {
        prop_oneof![Just("x"), Just("x,y"), Just("x\ny"), Just("x\r\ny"), Just("x\"\"y"), Just("é")].boxed()
    } else {
        prop_oneof![Just("x"), Just(","), Just("\n"), Just("\r"), Just("\"\""), Just("é")].boxed()
    };
    let quoted = proptest::collection::vec(piece, 0..5).prop_map(|pieces| format!("\"{}\"", pieces.concat()));
    prop_oneof![2 => plain, 1 => quoted]
}

pub(super) fn flawless(calm: bool) -> impl Strategy<Value = Vec<u8>> {
    let end = prop_oneof![4 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\n")];
    let row = (proptest::collection::vec(field(calm), 1..5), end);
    (proptest::collection::vec(row, 1..7), any::<bool>()).prop_map(|(rows, complete)| {
        let mut text = String::new();
        for (fields, end) in rows {
            text.push_str(&fields.join(","));
            text.push_str(end);
        }
        if !complete {
            text.truncate(text.trim_end_matches(['\n', '\r']).len());
        }
        text.into_bytes()
    })
}

fn with_quote_at(text: &[u8], at: usize) -> Vec<u8> {
    [&text[..at], b"\"", &text[at..]].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn one_stray_quote_anywhere_is_an_error_or_a_flaw(text in flawless(false)) {
        prop_assert!(read_all(&text).is_flawless());
        for at in 0..=text.len() {
            let damaged = with_quote_at(&text, at);
            prop_assert!(!read_all(&damaged).is_flawless(), "at {}: {:?}", at, String::from_utf8_lossy(&damaged));
        }
    }

    /// The stronger law, by which skipping flawed records loses none of the others. It holds while no quoted field has a
    /// delimiter or a line end right beside one of its quotes; `Suspect` says why that matters.
    #[test]
    fn one_stray_quote_never_means_fewer_records(text in flawless(true)) {
        let whole = read_all(&text);
        prop_assert!(whole.is_flawless());
        for at in 0..=text.len() {
            let damaged = read_all(&with_quote_at(&text, at));
            if damaged.error.is_none() {
                prop_assert!(damaged.records.len() >= whole.records.len(), "at {}: {:?}", at, damaged);
                prop_assert!(!damaged.is_flawless());
            }
        }
    }

    #[test]
    fn a_cut_at_any_byte_of_the_last_rows_is_reported(text in flawless(true)) {
        for at in text.len().saturating_sub(60)..text.len() {
            let cut = read_all(&text[..at]);
            let at_line_end = at == 0 || matches!(text[at - 1], b'\n' | b'\r');
            prop_assert!(at_line_end || cut.error.is_some() || cut.ended_without_newline);
        }
    }

    #[test]
    fn any_bytes_end_without_panic(text in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_all(&text);
        read(&text, Dialect::try_new(text.first().copied().unwrap_or(b','), None).unwrap_or_default(), Limits::default(), 5, 3);
    }
}

/// Every byte of every flawless real file, or of large ones as many bytes as a test may take (`RFM_THOROUGH=1`: all).
#[test]
fn one_stray_quote_in_a_real_file_is_an_error_or_a_flaw() {
    let Some(shared) = rfm_testkit::shared("one_stray_quote_in_a_real_file_is_an_error_or_a_flaw") else { return };
    let thorough = std::env::var_os("RFM_THOROUGH").is_some();
    let mut files = 0;
    for path in texts(&shared.join("data/messy")) {
        let text = fs::read(&path).unwrap();
        if text.len() > 64 * 1024 || text.starts_with(&[0xEF, 0xBB, 0xBF]) || !read_all(&text).is_flawless() {
            continue;
        }
        files += 1;
        let before = read_all(&text).records.len();
        let step = if thorough { 1 } else { 1 + text.len() * text.len() / 4_000_000 };
        for at in (0..=text.len()).step_by(step) {
            let damaged = read_all(&with_quote_at(&text, at));
            assert!(!damaged.is_flawless(), "{} at {at}", path.display());
            assert!(damaged.error.is_some() || damaged.records.len() >= before, "{} at {at}", path.display());
        }
    }
    assert!(files > 30, "{files}");
}

#[test]
fn a_real_file_cut_in_its_last_two_rows_is_reported() {
    let Some(shared) = rfm_testkit::shared("a_real_file_cut_in_its_last_two_rows_is_reported") else { return };
    for path in texts(&shared.join("data/messy")) {
        let text = fs::read(&path).unwrap();
        let whole = read_all(&text);
        if !whole.is_flawless() || text.len() > 400_000 {
            continue;
        }
        let last_two: usize = whole.records.iter().rev().take(2).map(|record| record.raw.len() + 2).sum();
        let from = text.len().saturating_sub(last_two.min(200));
        for at in from..text.len() {
            let cut = read_all(&text[..at]);
            let at_line_end = at == 0 || matches!(text[at - 1], b'\n' | b'\r');
            assert!(at_line_end || cut.error.is_some() || cut.ended_without_newline, "{} at {at}", path.display());
        }
    }
}

#[test]
fn every_real_file_reads_to_its_end_or_to_an_error_and_where_flawless_as_csv_core_reads_it() {
    let Some(shared) =
        rfm_testkit::shared("every_real_file_reads_to_its_end_or_to_an_error_and_where_flawless_as_csv_core_reads_it")
    else {
        return;
    };
    for path in texts(&shared.join("data")) {
        let text = fs::read(&path).unwrap();
        for delimiter in [b',', b';', b'\t', b'|'] {
            let dialect = Dialect::try_new(delimiter, Some(b'"')).unwrap();
            let reading = read(&text, dialect, Limits::default(), CAPACITY, CAPACITY);
            if reading.is_flawless() && !text.starts_with(&[0xEF, 0xBB, 0xBF]) {
                let fields: Vec<_> = reading.records.into_iter().map(|record| record.fields).collect();
                assert!(fields == model::csv_core_fields(&text, dialect), "{}", path.display());
            }
        }
    }
}

#[test]
fn csv_spectrum_reads_as_its_authors_say() {
    let Some(shared) = rfm_testkit::shared("csv_spectrum_reads_as_its_authors_say") else { return };
    for name in ["comma_in_quotes", "json", "newlines", "quotes_and_newlines"] {
        let folder = shared.join("data/messy/csv-spectrum");
        let text = fs::read(folder.join(format!("{name}.csv"))).unwrap();
        let expected = fs::read(folder.join(format!("{name}.json"))).unwrap();
        let expected: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(&expected).unwrap();
        let reading = read_all(&text);
        assert!(reading.is_flawless());
        let string = |field: &Vec<u8>| String::from_utf8(field.clone()).unwrap();
        let header: Vec<String> = reading.records[0].fields.iter().map(string).collect();
        assert_eq!(reading.records.len() - 1, expected.len(), "{name}");
        for (record, expected) in reading.records[1..].iter().zip(&expected) {
            let found: Vec<_> = header.iter().cloned().zip(record.fields.iter().map(|f| string(f).into())).collect();
            let expected: Vec<_> = expected.clone().into_iter().collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}

/// Delimited texts in a folder and below, sorted.
pub(super) fn texts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(texts(&path));
        } else if path.extension().is_some_and(|end| end == "csv" || end == "tsv" || end == "txt") {
            found.push(path);
        }
    }
    found.sort();
    found
}
