//! A look at files without using them: columns and their roles, rows, what the first problems are.

use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::{Account, Decimal, Reject, Role};
use rfm_input::{CellRules, Currencies, Evidence, InputName, Ledger, Row as _, counted, grouped, would_count};

use crate::error::Error;
use crate::files::Files;
use crate::options::ParquetOptions;
use crate::table::{Columns, Table};

/// Problems that are told in full; the others are counted.
const SHOWN: usize = 10;

/// What a file, or the files of a directory, are, and what would go wrong if they were used.
///
/// Problems do not stop the look; only what cannot be opened is an error.
#[derive(Debug)]
pub struct Inspection {
    name: InputName,
    facts: Vec<(String, String)>,
    column_names: Vec<String>,
    columns: Vec<(Role, String, String)>,
    rows: u64,
    problems: Vec<Error>,
    problem_count: u64,
    is_complete: bool,
    account: Account,
}

/// Looks at a file or a directory.
///
/// # Errors
///
/// [`Error`] if it cannot be opened, or is damaged or of a kind that is not read.
pub fn inspect(path: impl Into<PathBuf>, options: &ParquetOptions) -> Result<Inspection, Error> {
    let path = path.into();
    let Files { found, skipped } = Files::of([path.clone()])?;
    let mut inspection = Inspection {
        name: InputName::new(path),
        facts: vec![("format".to_owned(), "parquet".to_owned())],
        column_names: Vec::new(),
        columns: Vec::new(),
        rows: 0,
        problems: Vec::new(),
        problem_count: 0,
        is_complete: true,
        account: Account::default(),
    };
    let mut tables = Vec::new();
    let mut groups = 0;
    for found in &found {
        let table = match Table::open(found, options) {
            Ok(table) => {
                inspection.columns = table.layout().site().named_columns();
                let table = Arc::new(table);
                tables.push(Arc::clone(&table));
                table
            }
            // Without roles there is still something to tell.
            Err(error) => {
                let table = Table::whole(found, options)?;
                // Damage is told first: no option helps against it.
                if let Err(error) = table.rehearse(&table.leaves(Columns::All)) {
                    inspection.end(error);
                }
                inspection.problem(error);
                Arc::new(table)
            }
        };
        if inspection.column_names.is_empty() {
            inspection.column_names = table.layout().site().columns().to_vec();
        }
        inspection.rows += table.rows();
        groups += table.row_groups();
    }
    if found.len() > 1 || !skipped.is_empty() {
        let passed = if skipped.is_empty() { String::new() } else { format!(", {} passed over", skipped.len()) };
        inspection.fact("files", format!("{}{passed}", grouped(found.len() as u64)));
    }
    inspection.fact("rows", format!("{} in {}", grouped(inspection.rows), counted(groups as u64, "row group")));
    let columns = inspection.column_names.len() as u64;
    inspection.fact("columns", grouped(columns));
    for (role, name, reason) in inspection.columns.clone() {
        inspection.fact(role.name(), format!("`{name}` ({reason})"));
    }
    inspection.judge(&tables, options);
    if let Some(counts) = would_count(&inspection.account) {
        inspection.fact("would count", counts);
    }
    Ok(inspection)
}

impl Inspection {
    /// Reads the rows of the files whose columns have roles.
    fn judge(&mut self, tables: &[Arc<Table>], options: &ParquetOptions) {
        let read = options.read_options();
        let mut evidence = Evidence::default();
        for table in tables {
            if let Err(error) = table.observe(&mut evidence, read) {
                return self.end(error);
            }
        }
        let formats = match evidence.formats(read) {
            Ok(formats) => formats,
            Err(error) => return self.problem(error.into()),
        };
        let rules = CellRules { formats: &formats, known: evidence.known(read), show_values: read.shows_values() };
        let mut ledger = Ledger::new(read);
        let mut currencies = Currencies::default();
        for table in tables {
            if let Err(error) = self.judge_one(table, &rules, &mut ledger, &mut currencies, read.drops_repeated_lines())
            {
                self.end(error);
            }
        }
        if let Err(error) = currencies.check() {
            self.problem(error.into());
        }
        self.account = ledger.close();
    }

    fn judge_one(
        &mut self,
        table: &Arc<Table>,
        rules: &CellRules<'_>,
        ledger: &mut Ledger,
        currencies: &mut Currencies,
        all: bool,
    ) -> Result<(), Error> {
        let site = table.layout().site();
        let columns = if all { Columns::All } else { Columns::Needed };
        for stretch in table.stretches() {
            let mut rows = table.read(&stretch, columns)?;
            while let Some(rows) = rows.next()? {
                for row in (0..rows.len()).map(|row| rows.row(row)) {
                    if row.is_blank() {
                        ledger.refuse(Reject::BlankRow, Some(Decimal::default()));
                        continue;
                    }
                    match ledger.enter(&row, site, rules) {
                        Ok(()) => currencies.observe(&row, site),
                        Err(error) => self.problem(error.into()),
                    }
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, error: Error) {
        self.is_complete = false;
        self.problem(error);
    }

    fn problem(&mut self, problem: Error) {
        self.problem_count += 1;
        if self.problems.len() < SHOWN {
            self.problems.push(problem);
        }
    }

    fn fact(&mut self, name: &str, value: String) {
        self.facts.push((name.to_owned(), value));
    }

    /// The input as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.name
    }

    /// Everything that was found out, as names and values for people.
    #[must_use]
    pub fn facts(&self) -> Vec<(String, String)> {
        self.facts.clone()
    }

    /// The names of the columns of the first file.
    #[must_use]
    pub fn column_names(&self) -> &[String] {
        &self.column_names
    }

    /// The column of each role that has one, and why.
    #[must_use]
    pub fn columns(&self) -> Vec<(Role, String, String)> {
        self.columns.clone()
    }

    /// Rows of all files.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The first problems; at most ten.
    #[must_use]
    pub fn problems(&self) -> &[Error] {
        &self.problems
    }

    /// The same, for another use.
    #[must_use]
    pub fn into_problems(self) -> Vec<Error> {
        self.problems
    }

    /// How many problems there are in all.
    #[must_use]
    pub fn problem_count(&self) -> u64 {
        self.problem_count
    }

    /// Whether all rows could be read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Where the rows would go with the default [`CleaningPolicy`](rfm_core::CleaningPolicy), bad ones left out. Empty if the columns or the
    /// formats of their cells are not known.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }
}
