//! One row of a table, and the table that it belongs to.

use rfm_core::cell::Cell;
use rfm_core::{ColumnRoles, Role, RoleReason};

use crate::position::{InputName, Position};

/// A row as an adapter found it. Implement it, and [`Intake`](crate::Intake) does the rest.
pub trait Row {
    /// The cell of a column, counted from 0; [`Cell::Empty`] beyond the last.
    fn cell(&self, column: usize) -> Cell<'_>;

    /// Where it stands, from 1: the physical line of a text, the row of a sheet or of a file of columns.
    fn number(&self) -> u64;

    /// Whether it has nothing but blanks, as spreadsheets write below the data.
    fn is_blank(&self) -> bool;

    /// Appends the row as text, for the file of rejected lines.
    fn write_text(&self, out: &mut String);

    /// About how much memory it takes in a batch.
    fn bytes(&self) -> usize;
}

/// How the rows of a table are called.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Physical lines of a text.
    Lines,
    /// Rows of a sheet.
    Sheet(String),
    /// Rows of a file of columns.
    Rows,
}

/// One table of an input: its columns, the roles that they play, and how its places are told.
///
/// # Examples
///
/// ```
/// use rfm_core::{ColumnChoice, ColumnRoles};
/// use rfm_input::{InputName, Site};
///
/// let columns = ["Customer", "Date", "Amount"].map(str::to_owned).to_vec();
/// let roles = ColumnRoles::resolve(&columns, &ColumnChoice::default())?;
/// let site = Site::of_sheet(&InputName::new("orders.xlsx"), "2010", columns, roles);
/// assert_eq!(site.position(Some(17), Some(1)).to_string(), "orders.xlsx, sheet `2010`, cell B17 `Date`");
/// # Ok::<(), rfm_core::RoleError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Site {
    name: InputName,
    part: Part,
    columns: Vec<String>,
    by_name: Vec<(String, usize)>,
    roles: ColumnRoles,
    hides_names: bool,
    first_column: usize,
}

impl Site {
    fn new(name: &InputName, part: Part, columns: Vec<String>, roles: ColumnRoles) -> Site {
        let mut by_name: Vec<(String, usize)> = columns.iter().cloned().zip(0..).collect();
        by_name.sort();
        Site { name: name.clone(), part, columns, by_name, roles, hides_names: false, first_column: 0 }
    }

    /// A delimited text.
    #[must_use]
    pub fn of_text(name: &InputName, columns: Vec<String>, roles: ColumnRoles) -> Site {
        Site::new(name, Part::Lines, columns, roles)
    }

    /// A sheet of a workbook.
    #[must_use]
    pub fn of_sheet(name: &InputName, sheet: &str, columns: Vec<String>, roles: ColumnRoles) -> Site {
        Site::new(name, Part::Sheet(sheet.to_owned()), columns, roles)
    }

    /// A file of columns.
    #[must_use]
    pub fn of_columns(name: &InputName, columns: Vec<String>, roles: ColumnRoles) -> Site {
        Site::new(name, Part::Rows, columns, roles)
    }

    /// Leaves the names of columns out of messages, for a header that may be data.
    #[must_use]
    pub fn hiding_names(self, hides_names: bool) -> Site {
        Site { hides_names, ..self }
    }

    /// The number of columns to the left of the first one, where the table does not begin in column A.
    #[must_use]
    pub fn beginning_at(self, first_column: usize) -> Site {
        Site { first_column, ..self }
    }

    /// The input as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.name
    }

    /// The sheet of a workbook.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        match &self.part {
            Part::Sheet(sheet) => Some(sheet),
            Part::Lines | Part::Rows => None,
        }
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The names of the columns and where they stand, in the order of the names.
    #[must_use]
    pub fn columns_by_name(&self) -> &[(String, usize)] {
        &self.by_name
    }

    /// Which column plays which role.
    #[must_use]
    pub fn roles(&self) -> &ColumnRoles {
        &self.roles
    }

    /// The column of each role that has one: its name, and in words why it has the role.
    #[must_use]
    pub fn named_columns(&self) -> Vec<(Role, String, String)> {
        let named = |role| {
            let why = match self.roles.reason(role)? {
                RoleReason::Preferred { over } => format!("a known name, better than `{}`", self.columns.get(over)?),
                reason => reason.to_string(),
            };
            Some((role, self.columns.get(self.roles.column(role)?)?.clone(), why))
        };
        Role::ALL.into_iter().filter_map(named).collect()
    }

    /// The place of a row and a column, which is counted from 0.
    #[must_use]
    pub fn position(&self, row: Option<u64>, column: Option<usize>) -> Position {
        let place = Position::new(&self.name);
        let place = match (&self.part, row) {
            (Part::Lines, Some(line)) => place.at_line(line),
            (Part::Sheet(sheet), Some(row)) => place.in_sheet(sheet).at_row(row),
            (Part::Sheet(sheet), None) => place.in_sheet(sheet),
            (Part::Rows, Some(row)) => place.at_row(row),
            (Part::Lines | Part::Rows, None) => place,
        };
        let place = place.at_column(column.map(|column| self.first_column + column + 1));
        match column.and_then(|column| self.columns.get(column)).filter(|_| !self.hides_names) {
            Some(name) => place.named(name),
            None => place,
        }
    }
}
