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

/// A place in an input: the file, and as far as they are known the line and the column.
///
/// Lines are physical lines as an editor counts them, from 1: CR, LF and CRLF each end one, blank lines and line breaks
/// inside quoted fields count. Columns are fields of a record, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    input: InputName,
    line: Option<u64>,
    column: Option<usize>,
    column_name: Option<String>,
}

impl Position {
    pub(crate) fn new(input: &InputName) -> Position {
        Position { input: input.clone(), line: None, column: None, column_name: None }
    }

    pub(crate) fn at_line(self, line: u64) -> Position {
        Position { line: Some(line), ..self }
    }

    pub(crate) fn at_column(self, column: Option<usize>) -> Position {
        Position { column, ..self }
    }

    pub(crate) fn set_column_name(&mut self, name: &str) {
        self.column_name = Some(name.to_owned());
    }

    /// The input as it was given.
    #[must_use]
    pub fn input(&self) -> &InputName {
        &self.input
    }

    /// The physical line, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
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
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        match (self.column, &self.column_name) {
            (Some(column), Some(name)) => write!(f, ", column {column} `{name}`"),
            (Some(column), None) => write!(f, ", column {column}"),
            (None, Some(name)) => write!(f, ", column `{name}`"),
            (None, None) => Ok(()),
        }
    }
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
