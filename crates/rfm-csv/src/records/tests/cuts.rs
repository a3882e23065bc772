//! Reading the pieces of a text is reading the text.

use proptest::prelude::*;

use super::super::cut::{Cutter, Unsure, line_ends};
use super::reading::Owned;
use super::*;

/// What the pieces hold: records, and lines, blank lines and whether the end is missing. An error of any of them is one of all.
type Pieces = Result<(Vec<Owned>, u64, u64, bool), ()>;

/// Reads a text of which so many bytes more are looked at each time that no record ends in those at hand.
fn in_pieces(text: &[u8], bytes: usize) -> Result<Pieces, Unsure> {
    let mut cutter = Cutter::new(Dialect::default());
    let (mut all, mut lines, mut blank_lines, mut is_unfinished) = (Vec::new(), 0, 0, false);
    let mut rest = text;
    let mut seen = bytes;
    while !rest.is_empty() {
        let cut = match rest.get(..seen) {
            Some(seen) => cutter.cut(seen)?,
            None => {
                cutter.check_end(rest)?;
                rest.len()
            }
        };
        if cut == 0 {
            seen += bytes;
            continue;
        }
        let mut records = Records::of_piece(rest[..cut].to_vec(), lines, Dialect::default(), Limits::default());
        loop {
            match records.next_record() {
                Ok(Some(record)) => all.push(reading::owned(&record)),
                Ok(None) => break,
                Err(_) => return Ok(Err(())),
            }
        }
        if cut < rest.len() {
            lines += line_ends(&rest[..cut]);
            assert_eq!(records.lines(), lines);
        }
        (lines, blank_lines) = (records.lines(), blank_lines + records.blank_lines());
        is_unfinished |= records.ended_without_newline();
        (rest, seen) = (&rest[cut..], bytes);
    }
    Ok(Ok((all, lines, blank_lines, is_unfinished)))
}

#[track_caller]
fn assert_alike(text: &[u8], sizes: impl IntoIterator<Item = usize>) {
    let whole = read_all(text);
    let records = whole.records.into_iter().map(|record| Owned { number: 0, ..record }).collect();
    let expected = match whole.error {
        None => Ok((records, whole.lines, whole.blank_lines, whole.ended_without_newline)),
        Some(_) => Err(()),
    };
    for bytes in sizes {
        match in_pieces(text, bytes) {
            Ok(pieces) => assert_eq!(pieces, expected, "{bytes} bytes: {:?}", String::from_utf8_lossy(text)),
            Err(Unsure) => assert!(expected.is_err(), "{bytes} bytes: {:?}", String::from_utf8_lossy(text)),
        }
    }
}

#[test]
fn line_ends_in_quotes_are_not_cut_at() {
    let mut cutter = Cutter::new(Dialect::default());
    assert_eq!(cutter.cut(b"a,\"b\nc\"\r"), Ok(0));
    assert_eq!(cutter.cut(b"a,\"b\nc\"\r\n\"d\n"), Ok(9));
    assert_eq!(cutter.cut(b"\"d\n\"\ne\"f"), Err(Unsure));
}

#[test]
fn lines_swallowed_before_the_last_cut_are_noticed_behind_it() {
    assert_alike(b"\"\n\"\na\"", 1..7);
}

#[test]
fn pieces_of_real_files_are_the_files() {
    let Some(shared) = rfm_testkit::shared("pieces_of_real_files_are_the_files") else { return };
    for path in laws::texts(&shared.join("data/messy")) {
        let text = std::fs::read(&path).unwrap();
        let sizes = if text.len() < 20_000 { vec![1, 7, 61, 1_000] } else { vec![5_000, 64 * 1024] };
        assert_alike(&text, sizes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn pieces_of_a_flawless_text_are_the_text(text in laws::flawless(false)) {
        assert_alike(&text, 1..40);
        prop_assert!(in_pieces(&text, 1).is_ok());
    }

    #[test]
    fn pieces_of_any_text_are_the_text_or_an_error(
        text in prop::collection::vec(prop::sample::select(b"ab,,\"\"\"\n\n\r\0\xC3\xA9".to_vec()), 0..60),
    ) {
        assert_alike(&text, 1..40);
    }
}
