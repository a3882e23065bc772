//! Any golden table.

use std::path::{Path, PathBuf};

use super::Decimal;
use crate::error::{Error, ErrorKind};
use crate::generate::Date;

/// A CSV table with a header, held as text: RFC 4180, UTF-8, every record as long as the header.
#[derive(Clone, Debug)]
pub struct Table {
    path: PathBuf,
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads a table.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Read`] if the file cannot be opened, is not UTF-8, or has a record that is longer or shorter than the
    /// header.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        match read(&path) {
            Ok((header, rows)) => Ok(Self { path, header, rows }),
            Err(error) => Err(ErrorKind::Read { path, source: error.into() }.into()),
        }
    }

    /// The file it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the columns, in their order.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The number of rows, the header not counted.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if there is nothing but a header.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { table: self, record })
    }

    /// The cells of one column, from top to bottom.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoColumn`].
    pub fn column(&self, name: &str) -> Result<Vec<&str>, Error> {
        self.rows().map(|row| row.text(name)).collect::<Result<_, _>>().and_then(|cells: Vec<&str>| {
            // Without a row there was nothing to find the name missing from.
            self.position(name).map(|_| cells)
        })
    }

    fn position(&self, name: &str) -> Result<usize, Error> {
        let position = self.header.iter().position(|column| column == name);
        position.ok_or_else(|| Error::no_column(&self.path, name, &self.header))
    }
}

fn read(path: &Path) -> Result<(Vec<String>, Vec<csv::StringRecord>), csv::Error> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.iter().map(str::to_owned).collect();
    Ok((header, reader.into_records().collect::<Result<_, _>>()?))
}

/// A row of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// The cell of a column.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoColumn`].
    pub fn text(&self, column: &str) -> Result<&'a str, Error> {
        // Every record is as long as the header, as the parser has checked.
        Ok(&self.record[self.table.position(column)?])
    }

    /// The cell as a whole number, or another type that std can parse.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoColumn`]; [`ErrorKind::Cell`] if the cell is no such number.
    pub fn integer<T: std::str::FromStr>(&self, column: &str) -> Result<T, Error> {
        self.parsed(column, "a whole number", |text| text.parse().ok())
    }

    /// The cell as a whole number, `None` if it is empty.
    ///
    /// # Errors
    ///
    /// As [`integer`](Self::integer).
    pub fn integer_if_any<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, Error> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.integer(column).map(Some) }
    }

    /// The cell as a decimal.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoColumn`]; [`ErrorKind::Cell`] if [`Decimal::parse`] refuses the cell.
    pub fn decimal(&self, column: &str) -> Result<Decimal, Error> {
        self.parsed(column, "a decimal", Decimal::parse)
    }

    /// The cell as a day, written `2011-12-09`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoColumn`]; [`ErrorKind::Cell`] if the cell is no such day.
    pub fn date(&self, column: &str) -> Result<Date, Error> {
        self.parsed(column, "a day as 2011-12-09", |text| {
            let mut parts = text.splitn(3, '-');
            Date::from_ymd(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)
        })
    }

    fn parsed<T>(&self, column: &str, wanted: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
        let text = self.text(column)?;
        let line = self.record.position().map_or(0, csv::Position::line);
        parse(text).ok_or_else(|| Error::cell(&self.table.path, line, column, wanted, text))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A table of a test, in a file of its own, since reading files is what is tested.
    pub(crate) fn table(name: &str, text: &str) -> Result<Table, Error> {
        let path = file(name, text);
        let table = Table::read(&path);
        std::fs::remove_file(path).unwrap();
        table
    }

    pub(crate) fn file(name: &str, text: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("rfm-testkit-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn cells_are_found_by_name() {
        let table = table("by_name", "id,name,sum\r\n7,\"Abbey \"\"A\"\" O'Reilly, jr\",1.50\r\n8,,2\r\n").unwrap();
        assert_eq!((table.len(), table.header().len()), (2, 3));
        assert_eq!(table.column("name").unwrap(), ["Abbey \"A\" O'Reilly, jr", ""]);
        let row = table.rows().next().unwrap();
        assert_eq!(row.integer::<u32>("id").unwrap(), 7);
        assert_eq!(row.decimal("sum").unwrap(), Decimal::parse("1.5").unwrap());
        assert_eq!(table.rows().nth(1).unwrap().integer_if_any::<u8>("name").unwrap(), None);
    }

    #[test]
    fn errors_say_where() {
        let table = table("where", "id,day\n7,2011-02-29\n").unwrap();
        let path = table.path().display().to_string();
        let row = table.rows().next().unwrap();
        let wrong_day = row.date("day").unwrap_err().to_string();
        assert_eq!(
            wrong_day,
            format!("{path}: line 2, column `day`: expected a day as 2011-12-09, found `2011-02-29`")
        );
        let no_column = format!("{path}: no column `sum`; the header has id, day");
        assert_eq!(row.text("sum").unwrap_err().to_string(), no_column);
        assert_eq!(table.column("sum").unwrap_err().to_string(), no_column);
    }

    #[test]
    fn a_missing_column_is_missed_without_rows_too() {
        let table = table("empty", "id\n").unwrap();
        assert!(table.is_empty());
        assert!(table.column("id").unwrap().is_empty());
        assert!(matches!(table.column("sum").unwrap_err().kind(), ErrorKind::NoColumn { .. }));
    }

    #[test]
    fn ragged_and_absent_files_are_refused() {
        let ragged = table("ragged", "a,b\n1\n").unwrap_err();
        assert!(matches!(ragged.kind(), ErrorKind::Read { .. }));
        let absent = Table::read("no/such/table.csv").unwrap_err();
        assert_eq!(absent.to_string(), "no/such/table.csv: not readable as CSV");
    }
}
