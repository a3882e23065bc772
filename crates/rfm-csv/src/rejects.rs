//! The lines of the current batch, kept so that rejected ones can be written down.

use rfm_core::Reject;

use crate::error::{Error, InputName};
use crate::records::Record;

/// A line that does not count, and why.
#[derive(Clone, Copy, Debug)]
pub struct RejectedLine<'s> {
    input: &'s InputName,
    line: u64,
    reason: Reject,
    detail: Option<&'s str>,
    text: &'s str,
}

impl<'s> RejectedLine<'s> {
    /// The input.
    #[must_use]
    pub fn input(&self) -> &'s InputName {
        self.input
    }

    /// The physical line where the record begins, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Why it does not count.
    #[must_use]
    pub fn reason(&self) -> Reject {
        self.reason
    }

    /// The message, if the line could not be read.
    #[must_use]
    pub fn detail(&self) -> Option<&'s str> {
        self.detail
    }

    /// The record as it stands in the (decoded) text, without its line end; bytes that are no text are replaced.
    #[must_use]
    pub fn text(&self) -> &'s str {
        self.text
    }
}

/// Lines of one batch; holds nothing unless it was asked for.
#[derive(Debug)]
pub(crate) struct BatchLines {
    is_wanted: bool,
    input: InputName,
    texts: String,
    rows: Vec<Line>,
    refused: Vec<(Line, Reject, String)>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    number: u64,
    from: usize,
    to: usize,
}

impl BatchLines {
    pub(crate) fn new(is_wanted: bool) -> BatchLines {
        let input = InputName::new("");
        BatchLines { is_wanted, input, texts: String::new(), rows: Vec::new(), refused: Vec::new() }
    }

    /// Batches hold the lines of one input.
    pub(crate) fn begin_input(&mut self, input: InputName) {
        self.input = input;
    }

    pub(crate) fn clear(&mut self) {
        self.texts.clear();
        self.rows.clear();
        self.refused.clear();
    }

    #[inline]
    pub(crate) fn push(&mut self, record: &Record<'_>) {
        if self.is_wanted {
            let line = self.keep(record);
            self.rows.push(line);
        }
    }

    pub(crate) fn refuse(&mut self, record: &Record<'_>, reason: Reject, error: &Error) {
        if self.is_wanted {
            let line = self.keep(record);
            self.refused.push((line, reason, error.to_string()));
        }
    }

    fn keep(&mut self, record: &Record<'_>) -> Line {
        let from = self.texts.len();
        self.texts.push_str(&String::from_utf8_lossy(record.raw()));
        Line { number: record.line(), from, to: self.texts.len() }
    }

    pub(crate) fn rejected<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        let line = |line: &Line, reason, detail| RejectedLine {
            input: &self.input,
            line: line.number,
            reason,
            detail,
            text: &self.texts[line.from..line.to],
        };
        let excluded =
            self.rows.iter().zip(verdicts).filter_map(move |(row, verdict)| Some(line(row, (*verdict)?, None)));
        let refused = self.refused.iter().map(move |(row, reason, detail)| line(row, *reason, Some(detail.as_str())));
        excluded.chain(refused)
    }
}
