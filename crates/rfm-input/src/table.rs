//! Small tables read whole: segment lookups, lists of orders, attributes of customers.

use rfm_core::suggest;

use crate::position::{InputName, Position};
use crate::row::Site;

/// A table in memory, every cell a text, every row with its place. Adapters make it.
///
/// # Examples
///
/// ```
/// use rfm_core::ColumnRoles;
/// use rfm_input::{InputName, Site, Table};
///
/// let columns = ["code", "segment"].map(str::to_owned).to_vec();
/// let site = Site::of_text(&InputName::new("codes.csv"), columns, ColumnRoles::default());
/// let mut table = Table::new(site);
/// table.push(2, ["555", "Champions"].map(str::to_owned));
/// let row = table.rows().next().expect("one row");
/// assert_eq!((row.cell(1), row.position(1).to_string()), ("Champions", "codes.csv, line 2, column 2 `segment`".to_owned()));
/// assert_eq!(table.column("Segment"), Some(1));
/// ```
#[derive(Clone)]
pub struct Table {
    site: Site,
    numbers: Vec<u64>,
    cells: Vec<String>,
}

/// One row of a [`Table`].
#[derive(Clone, Copy)]
pub struct TableRow<'t> {
    table: &'t Table,
    row: usize,
}

impl Table {
    /// A table without rows. Roles are of no concern.
    #[must_use]
    pub fn new(site: Site) -> Table {
        Table { site, numbers: Vec::new(), cells: Vec::new() }
    }

    /// Appends a row with its number: the line, the row of the sheet. Cells that are missing are empty, and those beyond the
    /// columns are left out.
    pub fn push(&mut self, number: u64, cells: impl IntoIterator<Item = String>) {
        let width = self.site.columns().len();
        self.numbers.push(number);
        self.cells.extend(cells.into_iter().take(width));
        self.cells.resize(self.numbers.len() * width, String::new());
    }

    /// The input as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        self.site.name()
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.site.columns()
    }

    /// The column of a name, in any case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// The same, or what to say: which columns there are, and which is most like it.
    ///
    /// # Errors
    ///
    /// The text of the message, without the place.
    pub fn needed_column(&self, name: &str) -> Result<usize, String> {
        self.column(name).ok_or_else(|| {
            let columns = self.columns().iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ");
            let similar = suggest(name, self.columns().iter().map(String::as_str));
            let similar = similar.map(|column| format!("; rename `{column}` if it is that")).unwrap_or_default();
            format!("no column `{name}`; the header has {columns}{similar}")
        })
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The rows, in the order of the file, without those in which every cell is empty.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = TableRow<'_>> {
        (0..self.len()).map(|row| TableRow { table: self, row })
    }
}

impl<'t> TableRow<'t> {
    /// The cell of a column, counted from 0; empty beyond the last.
    #[must_use]
    pub fn cell(&self, column: usize) -> &'t str {
        let width = self.table.columns().len();
        if column < width { self.table.cells[self.row * width + column].as_str() } else { "" }
    }

    /// The line, or the row of the sheet, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.table.numbers[self.row]
    }

    /// The place of a cell, for messages.
    #[must_use]
    pub fn position(&self, column: usize) -> Position {
        self.table.site.position(Some(self.table.numbers[self.row]), Some(column))
    }
}

impl std::fmt::Debug for Table {
    /// Without the cells, which hold data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("site", &self.site).field("rows", &self.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TableRow<'_> {
    /// Without the cells, which hold data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableRow").field("row", &self.row).finish_non_exhaustive()
    }
}
