//! A result as an Excel workbook.
//!
//! `rust_xlsxwriter` makes the workbook: styles, small sheets, charts, conditional colours, and the sheets of customers with their
//! header but without their rows. The rows are put in while the parts are copied into the file (`package`). Its own mode for
//! large sheets was not taken: it writes each row to a temporary file, panics when that disk is full, and takes money through
//! binary fractions.

mod by;
mod cell;
mod customers;
mod grid;
mod limits;
mod package;
mod row_xml;
mod run;
mod scores;
mod segments;
mod sheet;
#[cfg(test)]
mod tests;

pub use limits::WorkbookError;

use std::io::{self, Write};

use rfm_core::{AttributeSummary, SegmentSummary, Segmentation};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::extra::Extras;
use crate::run::RunDescription;
use customers::Customers;

/// Customers alone.
pub(crate) fn write_customers<W: Write + ?Sized>(
    segmentation: &Segmentation,
    extras: &Extras,
    out: &mut W,
) -> io::Result<()> {
    write_with_rows(Customers::try_new(segmentation, extras, limits::ROWS)?, |_| Ok(()), out)
}

/// The segment table alone.
pub(crate) fn write_segments<W: Write + ?Sized>(summary: &SegmentSummary, out: &mut W) -> io::Result<()> {
    limits::check_segments(summary)?;
    let mut workbook = empty().map_err(broken)?;
    segments::add(&mut workbook, summary).map_err(broken)?;
    package::write(&mut workbook, &[], |_, _, _| Ok(()), out)
}

/// The score table alone.
pub(crate) fn write_scores<W: Write + ?Sized>(segmentation: &Segmentation, out: &mut W) -> io::Result<()> {
    let mut workbook = empty().map_err(broken)?;
    scores::add(&mut workbook, segmentation).map_err(broken)?;
    package::write(&mut workbook, &[], |_, _, _| Ok(()), out)
}

/// The table of segments by the values of a column alone.
pub(crate) fn write_by<W: Write + ?Sized>(summary: &AttributeSummary, out: &mut W) -> io::Result<()> {
    limits::check_by(summary)?;
    let mut workbook = empty().map_err(broken)?;
    by::add(&mut workbook, summary).map_err(broken)?;
    package::write(&mut workbook, &[], |_, _, _| Ok(()), out)
}

/// All tables and the description of the run.
pub(crate) fn write_workbook<W: Write + ?Sized>(
    segmentation: &Segmentation,
    extras: &Extras,
    summary: &SegmentSummary,
    run: &RunDescription,
    out: &mut W,
) -> io::Result<()> {
    check_others(extras, summary)?;
    let others = |workbook: &mut Workbook| {
        segments::add(workbook, summary)?;
        if let Some((_, by)) = extras.by() {
            by::add(workbook, by)?;
        }
        scores::add(workbook, segmentation)?;
        grid::add(workbook, segmentation)?;
        run::add(workbook, &run.document(segmentation, summary))
    };
    write_with_rows(Customers::try_new(segmentation, extras, limits::ROWS)?, others, out)
}

/// Whether [`write_workbook`] could write these, as far as that can be told before the work.
pub(crate) fn check(segmentation: &Segmentation, extras: &Extras, summary: &SegmentSummary) -> io::Result<()> {
    check_others(extras, summary)?;
    limits::check_customers(segmentation, extras, limits::ROWS).map(|_| ())
}

fn check_others(extras: &Extras, summary: &SegmentSummary) -> io::Result<()> {
    limits::check_segments(summary)?;
    extras.by().map_or(Ok(()), |(_, by)| limits::check_by(by))
}

fn write_with_rows<W: Write + ?Sized>(
    customers: Customers<'_>,
    others: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>,
    out: &mut W,
) -> io::Result<()> {
    let mut workbook = empty().map_err(broken)?;
    let streamed = customers.add(&mut workbook).map_err(broken)?;
    others(&mut workbook).map_err(broken)?;
    let mut rows = customers.rows();
    package::write(&mut workbook, &streamed, |count, styles, out| rows.write(count, styles, out), out)
}

/// A workbook that tells neither who made it nor when: the day is the first that a zip archive can tell.
fn empty() -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(1980, 1, 1)?));
    Ok(workbook)
}

/// Sizes and texts are checked before, so what is left are faults of ours; they name sheets and cells, never what is in them.
fn broken(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(format!("the workbook could not be put together: {other}")),
    }
}
