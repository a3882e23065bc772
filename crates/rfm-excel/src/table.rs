//! Small sheets read whole: segment lookups, attributes of customers, lists of orders.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::ColumnRoles;
use rfm_core::cell::{Cell, CellFault, CellProblem};
use rfm_input::{InputName, Position, Site, StoredFile, Table};

use crate::error::{Error, ErrorKind, SheetSummary};
use crate::layout::{Header, Layout, Sample, chosen};
use crate::options::ExcelOptions;
use crate::workbook::{Sheets, Workbook};

/// Reads a sheet of a workbook as a table of texts: numbers in plain decimals, days in ISO 8601.
///
/// It is the sheet that was named, or the only visible one with data. Its header is the row that was given, or the first that
/// has more than one name, so that a title above it is none; a list of one column begins with its name.
///
/// # Errors
///
/// [`Error`] if the workbook cannot be read, has several sheets that may be meant or none, or a cell has no value.
pub fn read_table(path: impl Into<PathBuf>, options: &ExcelOptions) -> Result<Table, Error> {
    let file = StoredFile::open(&InputName::new(path))?;
    let mut book = Workbook::open(&file, options.read.given_limits())?;
    table_of(file.name(), &mut book, options)
}

/// The same for a workbook in memory; `name` is what messages call it.
///
/// # Errors
///
/// As [`read_table`].
pub fn read_table_from_bytes(
    name: impl Into<PathBuf>,
    bytes: impl Into<Arc<[u8]>>,
    options: &ExcelOptions,
) -> Result<Table, Error> {
    let file = StoredFile::from_bytes(&InputName::new(name), bytes);
    let mut book = Workbook::open(&file, options.read.given_limits())?;
    table_of(file.name(), &mut book, options)
}

/// The same for sheets that somebody else reads.
///
/// # Errors
///
/// As [`read_table`].
pub fn table_of(name: &InputName, book: &mut dyn Sheets, options: &ExcelOptions) -> Result<Table, Error> {
    let mut samples = Vec::new();
    for sheet in chosen(name, book, &options.sheets)? {
        let sample = Sample::of(book, sheet)?;
        if !sample.is_empty() {
            samples.push((sheet, sample));
        }
    }
    let (sheet, sample) = match samples.as_slice() {
        [(sheet, sample)] => (*sheet, sample),
        [] => return Err(ErrorKind::NoData { position: Position::new(name), hidden: Vec::new() }.into()),
        several => {
            let summary = |(sheet, sample): &(usize, Sample)| {
                let columns = header(sample, options).map_or(0, |header| header.names.len());
                SheetSummary::new(book.sheets()[*sheet].name(), columns, true)
            };
            let sheets = several.iter().map(summary).collect();
            return Err(ErrorKind::SeveralTables { position: Position::new(name), sheets }.into());
        }
    };
    let sheet_name = book.sheets()[sheet].name().to_owned();
    let Some(header) = header(sample, options) else {
        let (position, rows) = (Position::new(name).in_sheet(&sheet_name), sample.rows().count());
        return Err(ErrorKind::NoHeader { position, rows }.into());
    };
    let site = Site::of_sheet(name, &sheet_name, header.names.clone(), ColumnRoles::default());
    let layout = Layout { sheet, site, header };
    let mut table = Table::new(layout.site.clone());
    let (mut fault, mut last) = (None, 0);
    let merges = book.read(sheet, &mut |rows| {
        for row in rows.iter().filter(|row| row.number() > layout.header.row && !row.is_blank()) {
            last = row.number();
            let cells = (0..layout.header.names.len()).map(|column| row.cell(column));
            for (column, cell) in cells.clone().enumerate() {
                // The text of a failed formula says what it is; what covers or repeats a cell does not.
                if let Cell::Fault(problem) = cell
                    && !matches!(problem, CellFault::ErrorValue(_))
                {
                    fault = Some((layout.site.position(Some(last), Some(column)), problem));
                    return ControlFlow::Break(());
                }
            }
            table.push(last, cells.map(|cell| cell.to_string()));
        }
        ControlFlow::Continue(())
    })?;
    if let Some((position, problem)) = fault {
        let problem = CellProblem::Fault(problem);
        return Err(rfm_input::Error::from(rfm_input::ErrorKind::BadCell { position, problem, value: None }).into());
    }
    let named = (0..layout.header.names.len()).filter(|column| !layout.header.names[*column].is_empty());
    layout.check(&merges, named.collect(), last)?;
    Ok(table)
}

/// The header: the row that was given, or the first of several names, or the first row.
fn header(sample: &Sample, options: &ExcelOptions) -> Option<Header> {
    let filled = |names: &[String]| names.iter().filter(|name| !name.is_empty()).count();
    let first = |least: usize| sample.header(options.header_row, |names| filled(names) >= least);
    first(2).or_else(|_| first(1)).ok()
}
