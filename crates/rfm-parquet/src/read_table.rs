//! Small tables read whole: segment lookups, lists of orders, attributes of customers.

use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::ColumnRoles;
use rfm_core::cell::{Cell, CellFault};
use rfm_input::{InputName, Row as _, Site};

use crate::error::Error;
use crate::files::{Files, Found};
use crate::options::ParquetOptions;
use crate::table::{Columns, Table};

/// Reads a file, or the files of a directory, as one table of texts: numbers in plain decimals, days in ISO 8601, nothing for lists. Columns need no
/// roles; files after the first are read by the names of its columns.
///
/// # Errors
///
/// [`Error`] if a file cannot be opened or read.
pub fn read_table(path: impl Into<PathBuf>, options: impl Into<ParquetOptions>) -> Result<rfm_input::Table, Error> {
    let options = options.into();
    let name = InputName::new(path);
    let Files { found, .. } = Files::of([name.as_path().to_owned()])?;
    let mut whole: Option<rfm_input::Table> = None;
    for found in &found {
        let table = Arc::new(Table::whole(found, &options)?);
        let names = table.layout().site().columns();
        let of_columns = || Site::of_columns(&found.name, names.to_vec(), ColumnRoles::default());
        let whole = whole.get_or_insert_with(|| rfm_input::Table::new(of_columns()));
        let columns: Vec<Option<usize>> =
            whole.columns().iter().map(|name| names.iter().position(|other| other == name)).collect();
        for stretch in table.stretches() {
            let mut rows = table.read(&stretch, Columns::All)?;
            while let Some(rows) = rows.next()? {
                for row in (0..rows.len()).map(|row| rows.row(row)).filter(|row| !row.is_blank()) {
                    // A list is no text; its cell stays empty.
                    let text = |cell: Cell<'_>| match cell {
                        Cell::Fault(CellFault::Nested) => String::new(),
                        cell => cell.to_string(),
                    };
                    let cell = |column: &Option<usize>| column.map(|column| text(row.cell(column)));
                    whole.push(row.number(), columns.iter().map(|column| cell(column).unwrap_or_default()));
                }
            }
        }
    }
    // A path leads to a file or is an error.
    Ok(whole.unwrap_or_else(|| rfm_input::Table::new(Site::of_columns(&name, Vec::new(), ColumnRoles::default()))))
}

/// Decodes columns of a file, by their places among those that hold values, and keeps nothing: what a process with limits does for
/// [`ParquetOptions::rehearse`].
///
/// # Errors
///
/// [`Error`] if the file cannot be opened or the columns cannot be decoded.
pub fn rehearse(path: impl Into<PathBuf>, leaves: &[usize]) -> Result<(), Error> {
    let found = Found { name: InputName::new(path), partitions: Vec::new() };
    Table::unchecked(&found, &ParquetOptions::default())?.rehearse(leaves)
}
