//! Where in an input something is.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// An input as the user named it: a path, or `-` for standard input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InputName(PathBuf);

impl InputName {
    /// The name `-`, which stands for standard input.
    pub const STANDARD_INPUT: &'static str = "-";

    /// Takes the name as it was given; it need not be UTF-8.
    pub fn new(name: impl Into<PathBuf>) -> InputName {
        InputName(name.into())
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// Whether standard input is meant. A file of the name `-` is given as `./-`.
    #[must_use]
    pub fn is_standard_input(&self) -> bool {
        self.0.as_os_str() == InputName::STANDARD_INPUT
    }
}

impl fmt::Display for InputName {
    /// The name for a message: `standard input` for `-`, otherwise the path, with control characters escaped, since a
    /// file name must not be able to drive a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_standard_input() {
            return f.write_str("standard input");
        }
        for c in self.0.to_string_lossy().chars() {
            if c.is_control() { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
        }
        Ok(())
    }
}

/// A place in an input: the file, in a workbook the sheet, and as far as they are known the row and the column.
///
/// In a text rows are physical lines as an editor counts them, from 1: CR, LF and CRLF each end one, blank lines and line breaks
/// inside quoted fields count. In a sheet they are its rows, and cells have the names of spreadsheets (`C17`). In a file of
/// columns the first row is 1. Columns are counted from 1.
///
/// # Examples
///
/// ```
/// use rfm_input::{InputName, Position};
///
/// let place = |file: &str| Position::new(&InputName::new(file)).at_column(Some(3)).named("Date");
/// assert_eq!(place("a.csv").at_line(17).to_string(), "a.csv, line 17, column 3 `Date`");
/// assert_eq!(place("a.parquet").at_row(17).to_string(), "a.parquet, row 17, column 3 `Date`");
/// assert_eq!(place("a.xlsx").in_sheet("2010").at_row(17).to_string(), "a.xlsx, sheet `2010`, cell C17 `Date`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    input: InputName,
    sheet: Option<String>,
    row: Option<u64>,
    is_line: bool,
    column: Option<usize>,
    column_name: Option<String>,
}

impl Position {
    /// The input as a whole.
    #[must_use]
    pub fn new(input: &InputName) -> Position {
        Position { input: input.clone(), sheet: None, row: None, is_line: false, column: None, column_name: None }
    }

    /// A sheet of a workbook.
    #[must_use]
    pub fn in_sheet(self, sheet: &str) -> Position {
        Position { sheet: Some(sheet.to_owned()), ..self }
    }

    /// A physical line of a text, from 1.
    #[must_use]
    pub fn at_line(self, line: u64) -> Position {
        Position { row: Some(line), is_line: true, ..self }
    }

    /// A row of a sheet or of a file of columns, from 1.
    #[must_use]
    pub fn at_row(self, row: u64) -> Position {
        Position { row: Some(row), is_line: false, ..self }
    }

    /// A column, from 1.
    #[must_use]
    pub fn at_column(self, column: Option<usize>) -> Position {
        Position { column, ..self }
    }

    /// The name of the column.
    #[must_use]
    pub fn named(self, column: &str) -> Position {
        Position { column_name: Some(column.to_owned()), ..self }
    }

    /// The input as it was given.
    #[must_use]
    pub fn input(&self) -> &InputName {
        &self.input
    }

    /// The sheet.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// The physical line or the row, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.row
    }

    /// The column, from 1.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.column
    }

    /// The name of the column in the header.
    #[must_use]
    pub fn column_name(&self) -> Option<&str> {
        self.column_name.as_deref()
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.input)?;
        let name = self.column_name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet `{sheet}`")?;
            return match (self.row, self.column) {
                (Some(row), Some(column)) => write!(f, ", cell {}{row}{name}", column_letters(column)),
                (None, Some(column)) => write!(f, ", column {}{name}", column_letters(column)),
                (Some(row), None) => write!(f, ", row {row}"),
                (None, None) => Ok(()),
            };
        }
        if let Some(row) = self.row {
            write!(f, ", {} {row}", if self.is_line { "line" } else { "row" })?;
        }
        match self.column {
            Some(column) => write!(f, ", column {column}{name}"),
            None if self.column_name.is_some() => write!(f, ", column{name}"),
            None => Ok(()),
        }
    }
}

/// The name that spreadsheets give a column, counted from 1: `A`, `Z`, `AA`, `XFD`.
///
/// # Examples
///
/// ```
/// assert_eq!([1, 26, 27, 16_384].map(rfm_input::column_letters), ["A", "Z", "AA", "XFD"]);
/// ```
#[must_use]
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_drive_the_terminal() {
        assert_eq!(InputName::new("a\u{1b}[31mb\n.csv").to_string(), "a\\u{1b}[31mb\\n.csv");
    }

    #[test]
    fn a_dash_is_standard_input_and_a_dash_with_a_folder_is_not() {
        assert_eq!(InputName::new("-").to_string(), "standard input");
        assert!(!InputName::new("./-").is_standard_input());
    }
}
