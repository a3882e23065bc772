//! Small tables read whole: segment lookups, lists.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, InputName, Position};
use crate::input::Input;
use crate::layout::{Layout, RecordKind};
use crate::options::CsvOptions;
use crate::records::Records;

/// A small table in memory, every cell a text, every row with its line.
///
/// # Examples
///
/// ```
/// use rfm_csv::{CsvOptions, Table};
///
/// let table = Table::from_bytes("codes.csv", "code,segment\n555,Champions\n".as_bytes(), &CsvOptions::default())?;
/// assert_eq!(table.columns(), ["code", "segment"]);
/// assert_eq!(table.rows().next().map(|row| (row.line(), row.cell(1))), Some((2, "Champions")));
/// # Ok::<(), rfm_csv::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    layout: Layout,
    rows: Vec<(u64, Vec<String>)>,
}

/// One row of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct TableRow<'t> {
    line: u64,
    cells: &'t [String],
}

impl Table {
    /// Reads a file, or standard input for `-`.
    ///
    /// # Errors
    ///
    /// [`Error`] if it cannot be opened, has no header, or a row is broken or has another number of fields.
    pub fn open(path: impl Into<PathBuf>, options: &CsvOptions) -> Result<Table, Error> {
        Table::read(Input::open(&InputName::new(path))?, options)
    }

    /// Reads a text in memory; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`Table::open`].
    pub fn from_bytes(
        name: impl Into<PathBuf>,
        bytes: impl Into<Arc<[u8]>>,
        options: &CsvOptions,
    ) -> Result<Table, Error> {
        Table::read(Input::from_bytes(&InputName::new(name), bytes)?, options)
    }

    fn read(input: Input, options: &CsvOptions) -> Result<Table, Error> {
        let (layout, text) = Layout::of(input, options)?;
        layout.check_header()?;
        let mut records = Records::new(text, layout.dialect, options.limits);
        let mut rows = Vec::new();
        while let Some(record) = records.next_record().map_err(|error| layout.record_error(error))? {
            if layout.kind_of(&record) != RecordKind::Row {
                continue;
            }
            layout.check(&record)?;
            let cells = (0..record.len()).map(|column| record.field_str(column).unwrap_or_default().to_owned());
            rows.push((record.line(), cells.collect()));
        }
        Ok(Table { layout, rows })
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.layout.names
    }

    /// The column of a name, in any case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// The rows, in the order of the file, without those in which every cell is empty.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = TableRow<'_>> {
        self.rows.iter().map(|(line, cells)| TableRow { line: *line, cells })
    }

    /// The place of a cell, for messages; `column` is counted from 0.
    #[must_use]
    pub fn position(&self, line: u64, column: usize) -> Position {
        self.layout.position(Some(line), Some(column))
    }
}

impl<'t> TableRow<'t> {
    /// The line in the file, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The cell of a column, counted from 0; empty beyond the last.
    #[must_use]
    pub fn cell(&self, column: usize) -> &'t str {
        self.cells.get(column).map_or("", String::as_str)
    }
}
