//! What a sheet has room for. Asked before the work, not found out after it.

use std::io;

use rfm_core::{AttributeSummary, SegmentSummary, Segmentation};
use rust_xlsxwriter::utility::column_number_to_name;

use crate::customers::columns;
use crate::extra::Extras;

/// Rows of a sheet, without its header.
pub(super) const ROWS: usize = 1_048_575;

/// Columns of a sheet.
pub(super) const COLUMNS: usize = 16_384;

/// UTF-16 units of a cell.
pub(super) const UNITS: usize = 32_767;

/// Numbers below this have at most 15 digits: all that a spreadsheet shows, and few enough for binary fractions to keep.
pub(super) const NUMBERS_BELOW: u128 = 1_000_000_000_000_000;

/// Why a result does not fit into a workbook.
///
/// It is inside an [`io::Error`] of kind [`InvalidInput`](io::ErrorKind::InvalidInput).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkbookError {
    /// A text is longer than a cell.
    #[error("sheet `{sheet}`, cell {cell} `{column}`: the text has {units} UTF-16 units, and a cell holds 32767")]
    TextTooLong {
        /// The sheet it would be in.
        sheet: String,
        /// The cell it would be in, such as `A17`.
        cell: String,
        /// The column.
        column: String,
        /// How long it is.
        units: usize,
    },
    /// A table has more rows than a sheet.
    #[error("sheet `{sheet}` would have {rows} rows and a header, and a sheet holds 1048576")]
    TooManyRows {
        /// The sheet it would be on.
        sheet: String,
        /// How many there are.
        rows: usize,
    },
    /// A table has more columns than a sheet.
    #[error("sheet `{sheet}` would have {columns} columns, and a sheet holds 16384")]
    TooManyColumns {
        /// The sheet it would be on.
        sheet: String,
        /// How many there are.
        columns: usize,
    },
}

impl From<WorkbookError> for io::Error {
    fn from(error: WorkbookError) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidInput, error)
    }
}

/// The name of a sheet of customers, counted from 0.
pub(super) fn customer_sheet(at: usize) -> String {
    if at == 0 { "Customers".to_owned() } else { format!("Customers {}", at + 1) }
}

/// Refuses texts of customers that are too long; gives the bytes of the texts on each sheet of so many rows.
pub(super) fn check_customers(
    segmentation: &Segmentation,
    extras: &Extras,
    rows_per_sheet: usize,
) -> io::Result<Vec<u64>> {
    let columns = columns(extras);
    if columns.len() > COLUMNS {
        return Err(WorkbookError::TooManyColumns { sheet: customer_sheet(0), columns: columns.len() }.into());
    }
    let attributes = extras.attributes();
    let first = columns.len() - attributes.names().len();
    for (column, name) in columns.iter().enumerate().skip(first) {
        check(name, || Place { sheet: customer_sheet(0), row: 0, column, name })?;
    }
    // An empty result has a sheet too.
    let mut bytes = vec![0; segmentation.len().div_ceil(rows_per_sheet).max(1)];
    for (at, row) in segmentation.rows().enumerate() {
        let sheet = at / rows_per_sheet;
        let place = |column: usize| Place {
            sheet: customer_sheet(sheet),
            row: at % rows_per_sheet + 1,
            column,
            name: columns[column],
        };
        let mut texts = row.customer_id().len() + row.segment().len();
        // Segments are few and are looked at in their own table.
        check(row.customer_id(), || place(0))?;
        for column in first..columns.len() {
            let text = attributes.value(column - first, at).unwrap_or_default();
            texts += text.len();
            check(text, || place(column))?;
        }
        bytes[sheet] += texts as u64;
    }
    Ok(bytes)
}

pub(super) fn check_segments(summary: &SegmentSummary) -> io::Result<()> {
    let name = SegmentSummary::COLUMNS[0];
    summary.rows().iter().zip(1..).try_for_each(|(segment, row)| {
        check(segment.name(), || Place { sheet: "Segments".to_owned(), row, column: 0, name })
    })
}

pub(super) fn check_by(summary: &AttributeSummary) -> io::Result<()> {
    let (sheet, rows) = (super::by::SHEET.to_owned(), summary.rows().len());
    if rows > ROWS {
        return Err(WorkbookError::TooManyRows { sheet, rows }.into());
    }
    summary.rows().iter().zip(1..).try_for_each(|(found, row)| {
        let texts = [found.segment(), found.value().unwrap_or_default()];
        texts.into_iter().enumerate().try_for_each(|(column, text)| {
            let name = AttributeSummary::COLUMNS[column];
            check(text, || Place { sheet: sheet.clone(), row, column, name })
        })
    })
}

/// Where a text would be; row and column from 0.
struct Place<'a> {
    sheet: String,
    row: usize,
    column: usize,
    name: &'a str,
}

fn check<'a>(text: &str, place: impl FnOnce() -> Place<'a>) -> io::Result<()> {
    // A byte is at most one unit.
    if text.len() > UNITS {
        let units = text.encode_utf16().count();
        if units > UNITS {
            let Place { sheet, row, column, name } = place();
            let letters = column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX));
            let cell = format!("{letters}{}", row + 1);
            // A header would tell itself.
            let column = if row == 0 { "header".to_owned() } else { name.to_owned() };
            return Err(WorkbookError::TextTooLong { sheet, cell, column, units }.into());
        }
    }
    Ok(())
}
