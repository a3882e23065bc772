//! Where a text can be cut between two records.
//!
//! A line end is the end of a record unless it is quoted. So all quotes from the start on are looked at, and nothing is assumed
//! of any of them: a cut is proven, not likely. It takes little more than finding the quotes.

use memchr::{memchr, memchr2, memrchr2};

use super::structure::Structure;
use crate::dialect::Dialect;

/// Cuts a text piece by piece, from its start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cutter {
    dialect: Dialect,
    structure: Structure,
    /// The last quoted field before the cut spans lines and closed properly: a flaw of quoting behind it would be an error of
    /// more than its own record (`Suspect` of the framing).
    is_suspect: bool,
}

/// The quotes do not tell where records end, or tell that lines have been swallowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsure;

impl Cutter {
    pub(crate) fn new(dialect: Dialect) -> Cutter {
        Cutter { dialect, structure: Structure::new(dialect), is_suspect: false }
    }

    /// The length of the part of `text` that ends with the last record that certainly ends in it; 0 if none does. The text begins
    /// behind the last cut, and goes on behind its end.
    pub(crate) fn cut(&mut self, text: &[u8]) -> Result<usize, Unsure> {
        // Nearly all text is plain, and then there is no suspect afterwards either.
        let plain = if self.is_suspect { None } else { self.structure.last_line_end(text) };
        plain.map_or_else(|| self.cut_carefully(text), Ok)
    }

    fn cut_carefully(&mut self, text: &[u8]) -> Result<usize, Unsure> {
        let (mut at, mut cut, mut is_suspect) = (0, 0, self.is_suspect);
        let quote = |from: usize| {
            let found = self.dialect.quote().and_then(|quote| memchr(quote, &text[from..]));
            found.map(|found| from + found)
        };
        while let Some(opened) = quote(at) {
            // Nothing is open between `at` and the quote, so that line ends there end records.
            if let Some(end) = memrchr2(b'\n', b'\r', &text[at..opened]) {
                (cut, self.is_suspect) = (at + end + 1, is_suspect);
            }
            let is_field_start = opened == 0 || self.ends_field(text[opened - 1]);
            if !is_field_start {
                // A quote in a plain field.
                if is_suspect {
                    return Err(Unsure);
                }
                at = opened + 1;
                continue;
            }
            let mut from = opened + 1;
            let closed = loop {
                let Some(closed) = quote(from) else { return Ok(cut) };
                match text.get(closed + 1) {
                    None => return Ok(cut),
                    Some(next) if *next == text[closed] => from = closed + 2,
                    Some(_) => break closed,
                }
            };
            let spans_lines = memchr2(b'\n', b'\r', &text[opened..closed]).is_some();
            let is_proper = self.ends_field(text[closed + 1]);
            if !is_proper && (is_suspect || spans_lines) {
                return Err(Unsure);
            }
            // Only a proper end tells anything of the quotes before.
            is_suspect = spans_lines;
            at = closed + 1;
        }
        // The LF that may follow a CR at the end belongs to it.
        let known = text.len() - usize::from(text.last() == Some(&b'\r'));
        if let Some(end) = text.get(at..known).and_then(|rest| memrchr2(b'\n', b'\r', rest)) {
            (cut, self.is_suspect) = (at + end + 1, is_suspect);
        }
        Ok(cut)
    }

    /// Looks at what is left behind the last cut at the end of a text: no record of it may tell that lines before it were swallowed.
    pub(crate) fn check_end(mut self, text: &[u8]) -> Result<(), Unsure> {
        self.cut(text).map(|_| ())
    }

    fn ends_field(&self, byte: u8) -> bool {
        byte == self.dialect.delimiter() || byte == b'\n' || byte == b'\r'
    }
}

/// Line ends in a text that begins and ends between two lines: CR, LF and CRLF count one each.
pub(crate) fn line_ends(text: &[u8]) -> u64 {
    let line_feeds = memchr::memchr_iter(b'\n', text).count() as u64;
    let Some(first) = memchr(b'\r', text) else { return line_feeds };
    let alone = text[first..].windows(2).filter(|pair| pair[0] == b'\r' && pair[1] != b'\n').count() as u64;
    line_feeds + alone + u64::from(text.last() == Some(&b'\r'))
}
