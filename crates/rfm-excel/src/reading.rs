//! A workbook on its way into batches of rows.

use std::collections::VecDeque;
use std::sync::Arc;

use rfm_input::{InputReport, Intake, Position, StoredFile};

use crate::error::Error;
use crate::feed::{Feed, Part};
use crate::layout::Layout;
use crate::report::report;
use crate::rows::SheetRows;
use crate::workbook::Sheets;

/// What is told of a workbook beside its tables.
pub(crate) type Facts = Arc<[(String, String)]>;

/// Tables of a workbook, one after the other.
pub(crate) struct Reading {
    feed: Feed,
    /// The tables that have not ended, the current one first.
    layouts: VecDeque<Layout>,
    facts: Facts,
    rows: SheetRows,
    /// How many of them have been taken.
    taken: usize,
    /// Rows of the current table, and the last row of its sheet.
    count: u64,
    last: u64,
    /// Reports that lack what is known at the end of the file.
    reports: Vec<InputReport>,
}

impl Reading {
    pub(crate) fn start(
        file: &StoredFile,
        book: Box<dyn Sheets>,
        layouts: VecDeque<Layout>,
        facts: Facts,
        intake: &mut Intake,
    ) -> Reading {
        let sheets = layouts.iter().map(|layout| layout.sheet).collect();
        let feed = Feed::start(book, sheets, Position::new(file.name()));
        if let Some(layout) = layouts.front() {
            intake.begin(&layout.site);
        }
        let (rows, reports) = (SheetRows::default(), Vec::new());
        Reading { feed, layouts, facts, rows, taken: 0, count: 0, last: 0, reports }
    }

    /// Fills the batch; `false` at the end of all tables.
    pub(crate) fn fill(&mut self, intake: &mut Intake) -> Result<bool, Error> {
        while let Some(layout) = self.layouts.front() {
            while self.taken < self.rows.len() {
                if intake.is_full() {
                    return Ok(true);
                }
                let row = self.rows.row(self.taken);
                self.taken += 1;
                self.last = row.number();
                if row.number() > layout.header.row {
                    self.count += 1;
                    intake.take(&row, &layout.site)?;
                }
            }
            match self.feed.next()? {
                Some(Part::Rows(rows)) => {
                    self.rows = rows;
                    self.taken = 0;
                }
                Some(Part::EndOfSheet(merges)) => {
                    layout.check(&merges, layout.needed(), self.last)?;
                    self.end_of_sheet(intake);
                    // A batch holds rows of one sheet.
                    if !intake.is_empty() {
                        return Ok(true);
                    }
                }
                None => return Ok(false),
            }
            if self.last == 0
                && let Some(layout) = self.layouts.front()
            {
                intake.begin(&layout.site);
            }
        }
        Ok(false)
    }

    fn end_of_sheet(&mut self, intake: &Intake) {
        if let Some(layout) = self.layouts.pop_front() {
            self.reports.push(report(&layout, &self.facts, (self.count, self.last), intake));
        }
        self.rows = SheetRows::default();
        (self.taken, self.count, self.last) = (0, 0, 0);
    }

    /// What was found out about the tables that have ended, without the fingerprint of the file.
    pub(crate) fn into_reports(self) -> Vec<InputReport> {
        self.reports
    }
}
