//! The rows of a file, or of a part of it, and what is told of a file that has been read.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rfm_arrow::BatchRows;
use rfm_input::{Fingerprint, InputReport, Intake, ReadOptions};

use crate::error::Error;
use crate::table::{Columns, GroupRows, Stretch, Table};

/// Rows of a file that are being read.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) table: Arc<Table>,
    pub(crate) columns: Columns,
    /// What is still to be read, the first of it with the rows at hand.
    stretches: VecDeque<Stretch>,
    rows: Option<GroupRows>,
    /// Rows that were taken.
    pub(crate) taken: u64,
}

impl Reading {
    pub(crate) fn new(stretches: VecDeque<Stretch>, table: Arc<Table>, columns: Columns) -> Reading {
        Reading { table, columns, stretches, rows: None, taken: 0 }
    }

    /// The next rows; `None` at the end.
    pub(crate) fn next(&mut self, options: &ReadOptions) -> Result<Option<BatchRows>, Error> {
        while let Some(stretch) = self.stretches.front_mut() {
            let mut reader = match self.rows.take() {
                Some(reader) => reader,
                None => self.table.read(stretch, self.columns)?,
            };
            match reader.next()? {
                // Only the other columns tell a row of nothing from one that lacks what is needed: read on with all of them, from the
                // same row.
                Some(rows) if self.columns == Columns::Needed && rows.has_blank() => {
                    self.table.check_all_pages()?;
                    self.columns = Columns::All;
                }
                Some(rows) => {
                    let count = rows.len() as u64;
                    tell_progress(
                        &self.table,
                        self.table.rows_before(stretch.group, stretch.rows.start),
                        count,
                        options,
                    );
                    stretch.rows.start += count;
                    self.taken += count;
                    self.rows = Some(reader);
                    return Ok(Some(rows));
                }
                None => {
                    self.stretches.pop_front();
                }
            }
        }
        Ok(None)
    }
}

/// Adds to the counter of stored bytes the share of the file that the rows are: of columns that are not read no byte is.
fn tell_progress(table: &Table, before: u64, count: u64, options: &ReadOptions) {
    let Some(counter) = options.progress_counter() else { return };
    let (rows, size) = (u128::from(table.rows()).max(1), u128::from(table.file().size()));
    let bytes_at = |row: u64| u64::try_from(u128::from(row) * size / rows).unwrap_or(u64::MAX);
    counter.fetch_add(bytes_at(before + count) - bytes_at(before), Ordering::Relaxed);
}

/// What was found out about a file of which all rows have been read.
pub(crate) fn report(
    table: &Table,
    columns: Columns,
    rows: u64,
    fingerprint: Fingerprint,
    intake: &Intake,
) -> InputReport {
    let (width, decoded) = table.width(columns);
    let mut report = InputReport::new(table.layout().site(), rows)
        .with_fingerprint(Some(fingerprint))
        .fact("format", "parquet")
        .fact("compression", table.compression())
        .fact("row_groups", table.row_groups().to_string())
        .fact("columns_read", format!("{decoded} of {width}"));
    for (key, _) in &table.found().partitions {
        report = report.fact("partition", key);
    }
    report.formats(intake.formats(), intake.known())
}
