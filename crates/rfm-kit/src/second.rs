//! Second tables: attributes of customers that are joined to the result, and orders that are left out.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rfm_core::{ColumnChoice, ColumnRoles, Customers, Role};
use rfm_input::{Table, TableRow, without_data};
use rfm_output::Attributes;

use crate::error::{Error, ErrorKind};

/// The order ids that a table lists: its column of orders, known by its name or named.
pub(crate) fn listed_orders(table: &Table, choice: &ColumnChoice) -> Result<Vec<String>, Error> {
    let column = key_column(table, Role::Order, choice)?;
    let ids = table.rows().map(|row| row.cell(column).trim().to_owned());
    Ok(ids.filter(|id| !id.is_empty()).collect())
}

/// Attributes of customers, as a table has them: a column of customer ids, and the others.
#[derive(Debug)]
pub(crate) struct AttributeTable {
    path: PathBuf,
    table: Table,
    key: usize,
}

impl AttributeTable {
    pub(crate) fn new(path: &Path, table: Table, choice: &ColumnChoice) -> Result<AttributeTable, Error> {
        let key = key_column(&table, Role::Customer, choice)?;
        Ok(AttributeTable { path: path.to_owned(), table, key })
    }

    /// Whether it has a column of this name beside the ids.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.table.column(name).is_some_and(|column| column != self.key)
    }

    /// Joins it to customers: one value or none for each customer and column; and a note on what matched nothing.
    ///
    /// `normalise` is what is done to the ids of the orders.
    pub(crate) fn join(
        &self,
        customers: &Customers,
        normalise: impl Fn(&str) -> String,
    ) -> Result<(Attributes, String), Error> {
        let mut row_of: HashMap<usize, TableRow<'_>> = HashMap::new();
        let mut strangers = 0u64;
        for row in self.table.rows() {
            let Some(customer) = customers.find(&normalise(row.cell(self.key))) else {
                strangers += 1;
                continue;
            };
            // Two equal rows say the same.
            let mut others = (0..self.table.columns().len()).filter(|at| *at != self.key);
            let mut same = |other: &TableRow<'_>| others.all(|at| other.cell(at) == row.cell(at));
            match row_of.insert(customer, row) {
                Some(other) if !same(&other) => {
                    let (first, second) = (other.position(self.key), row.position(self.key));
                    return Err(ErrorKind::RepeatedAttributes { first, second }.into());
                }
                _ => {}
            }
        }
        let key = &self.table.columns()[self.key];
        if row_of.is_empty() && !self.table.is_empty() {
            return Err(ErrorKind::NothingMatches { input: self.table.name().clone(), column: key.clone() }.into());
        }
        let names = self.table.columns().iter().enumerate().filter(|(column, _)| *column != self.key);
        let mut attributes = Attributes::default();
        for (column, name) in names {
            let value = |customer| row_of.get(&customer).map(|row| row.cell(column).to_owned());
            attributes = attributes.with(name, (0..customers.len()).map(value));
        }
        let without = customers.len() - row_of.len();
        let note = format!(
            "{}, joined by `{key}`: {without} of {} customers have no row in it, and {strangers} of its {} rows belong to no \
             customer",
            self.path.display(),
            customers.len(),
            self.table.len()
        );
        Ok((attributes, note))
    }
}

/// The column of a role: named, or known by its name. Not simply the only one there is: a list without a header would lose its
/// first entry.
fn key_column(table: &Table, role: Role, choice: &ColumnChoice) -> Result<usize, Error> {
    let found = ColumnRoles::find(role, table.columns(), choice);
    found.map_err(|problem| {
        ErrorKind::KeyColumn { input: table.name().clone(), role, problem: without_data(problem) }.into()
    })
}
