//! The lines of the current batch, kept so that rejected ones can be written down.

use rfm_core::Reject;

use crate::position::InputName;
use crate::row::{Row, Site};

/// A line that does not count, and why.
#[derive(Clone, Copy, Debug)]
pub struct RejectedLine<'s> {
    input: &'s InputName,
    sheet: Option<&'s str>,
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

    /// The sheet of a workbook.
    #[must_use]
    pub fn sheet(&self) -> Option<&'s str> {
        self.sheet
    }

    /// The physical line where the record begins, or the row, from 1.
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

    /// The record as it stands in the (decoded) text, without its line end, bytes that are no text replaced; or the cells of the
    /// row, with tabs between them.
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
    sheet: Option<String>,
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
        BatchLines { is_wanted, input: InputName::new(""), sheet: None, texts: String::new(), lines: Vec::new() }
    }

    /// Batches hold the lines of one table.
    pub(crate) fn begin(&mut self, site: &Site) {
        self.input = site.name().clone();
        self.sheet = site.sheet().map(str::to_owned);
    }

    pub(crate) fn clear(&mut self) {
        self.texts.clear();
        self.lines.clear();
    }

    /// Keeps a line that is a row of the batch.
    #[inline]
    pub(crate) fn push(&mut self, row: &impl Row) {
        if self.is_wanted {
            self.keep(row, None);
        }
    }

    /// Keeps a line that is none.
    pub(crate) fn refuse(&mut self, row: &impl Row, reason: Reject, error: Option<&dyn std::error::Error>) {
        if self.is_wanted {
            self.keep(row, Some((reason, error.map(ToString::to_string))));
        }
    }

    fn keep(&mut self, row: &impl Row, refused: Option<(Reject, Option<String>)>) {
        let from = self.texts.len();
        row.write_text(&mut self.texts);
        self.lines.push(Line { number: row.number(), from, to: self.texts.len(), refused });
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
            let sheet = self.sheet.as_deref();
            Some(RejectedLine { input: &self.input, sheet, line: line.number, reason, detail, text })
        })
    }
}
