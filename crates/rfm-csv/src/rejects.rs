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
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    number: u64,
    from: usize,
    to: usize,
    /// Why it is not a row of the batch, and the message if it could not be read.
    refused: Option<(Reject, Option<String>)>,
}

impl BatchLines {
    pub(crate) fn new(is_wanted: bool) -> BatchLines {
        BatchLines { is_wanted, input: InputName::new(""), texts: String::new(), lines: Vec::new() }
    }

    /// Batches hold the lines of one input.
    pub(crate) fn begin_input(&mut self, input: InputName) {
        self.input = input;
    }

    pub(crate) fn clear(&mut self) {
        self.texts.clear();
        self.lines.clear();
    }

    /// Keeps a line that is a row of the batch.
    #[inline]
    pub(crate) fn push(&mut self, record: &Record<'_>) {
        if self.is_wanted {
            self.keep(record, None);
        }
    }

    /// Keeps a line that is none.
    pub(crate) fn refuse(&mut self, record: &Record<'_>, reason: Reject, error: Option<&Error>) {
        if self.is_wanted {
            self.keep(record, Some((reason, error.map(Error::to_string))));
        }
    }

    fn keep(&mut self, record: &Record<'_>, refused: Option<(Reject, Option<String>)>) {
        let from = self.texts.len();
        self.texts.push_str(&String::from_utf8_lossy(record.raw()));
        self.lines.push(Line { number: record.line(), from, to: self.texts.len(), refused });
    }

    /// The lines that do not count, in their order; `verdicts` are those of the rows.
    pub(crate) fn rejected<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        let mut verdicts = verdicts.iter();
        self.lines.iter().filter_map(move |line| {
            let (reason, detail) = match &line.refused {
                Some((reason, detail)) => (*reason, detail.as_deref()),
                None => ((*verdicts.next()?)?, None),
            };
            let text = &self.texts[line.from..line.to];
            Some(RejectedLine { input: &self.input, line: line.number, reason, detail, text })
        })
    }
}
