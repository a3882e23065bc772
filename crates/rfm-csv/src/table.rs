//! Small tables read whole: segment lookups, lists.

use std::path::PathBuf;

use crate::error::{Error, ErrorKind, InputName, Position};
use crate::input::Input;
use crate::layout::Layout;
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
    name: InputName,
    columns: Vec<String>,
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
        bytes: impl Into<std::sync::Arc<[u8]>>,
        options: &CsvOptions,
    ) -> Result<Table, Error> {
        Table::read(Input::from_bytes(&InputName::new(name), bytes)?, options)
    }

    fn read(input: Input, options: &CsvOptions) -> Result<Table, Error> {
        let (layout, text) = Layout::of(input, options)?;
        let mut records = Records::new(text, layout.dialect, options.limits);
        let mut rows = Vec::new();
        while let Some(record) = records.next_record().map_err(|error| error.into_error(&layout.name))? {
            if Some(record.line()) == layout.header_line {
                continue;
            }
            if let Some(flaw) = record.flaw() {
                let position = layout.position(Some(flaw.line()), Some(flaw.column() - 1));
                return Err(ErrorKind::Flawed { position, flaw }.into());
            }
            if record.len() != layout.names.len() {
                let position = layout.position(Some(record.line()), None);
                return Err(ErrorKind::Ragged { position, expected: layout.names.len(), found: record.len() }.into());
            }
            let cells = (0..record.len()).map(|column| record.field_str(column).unwrap_or_default().to_owned());
            rows.push((record.line(), cells.collect()));
        }
        Ok(Table { name: layout.name, columns: layout.names, rows })
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The column of a name, in any case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = TableRow<'_>> {
        self.rows.iter().map(|(line, cells)| TableRow { line: *line, cells })
    }

    /// The place of a cell, for messages; `column` is counted from 0.
    #[must_use]
    pub fn position(&self, line: u64, column: usize) -> Position {
        let mut position = Position::new(&self.name).at_line(line).at_column(Some(column + 1));
        if let Some(name) = self.columns.get(column) {
            position.set_column_name(name);
        }
        position
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
