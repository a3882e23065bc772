//! The suite that every adapter runs: the same tables through every door, and the same result behind it.
//!
//! A [`LogicalTable`] says what its author meant, in no format. A [`Door`] writes it in every form that its format has for the
//! values, such as ids as texts, dictionaries or whole numbers, and reads each form back through its adapter. What the table
//! comes to is computed from its values alone, with the [reference](mod@crate::reference), and held against what was read: the
//! customers, the account, and the bytes of the result as it is written.
//!
//! An adapter has a test for each of [`check_tables`], [`check_drawn`], [`check_large`] and [`check_errors`]. A form that cannot
//! hold a table says so, and the suite tells on stderr; nothing is passed over in silence.

mod cases;
mod drawn;
mod errors;
mod expected;
mod table;

pub use table::{Kind, LogicalTable, Style, Value};

use std::fmt::Write as _;
use std::io::Write as _;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rfm_core::scoring::Weights;
use rfm_core::{Customers, Day, Rfm, Summaries, TransactionSource};
use rfm_input::ReadOptions;
use rfm_output::{ExtraColumn, Extras, Format, TextGuard, write_customers};

use expected::{Expected, Facts};

/// An adapter, and a writer of its format.
pub trait Door {
    /// What is written and read: bytes, mostly.
    type Stored;
    /// The adapter's error.
    type Error: std::error::Error;

    /// What the format is called.
    fn name(&self) -> &str;

    /// A table in every form that the format has for it.
    fn forms(&self, table: &LogicalTable) -> Vec<Form<Self::Stored>>;

    /// Reads a form through the adapter; [`drain`] does the rest.
    ///
    /// # Errors
    ///
    /// Those of the adapter.
    fn read(&self, stored: Self::Stored, options: ReadOptions, summaries: Summaries) -> Result<Customers, Self::Error>;

    /// The error that all adapters share, if it is one.
    fn input<'e>(&self, error: &'e Self::Error) -> Option<&'e rfm_input::Error>;

    /// The number that messages give the first row below the header.
    fn first_row(&self) -> u64;
}

/// A table as a format has it.
#[derive(Clone, Debug)]
pub struct Form<S> {
    name: String,
    stored: Result<(S, ReadOptions), String>,
    is_in_order: bool,
}

impl<S> Form<S> {
    /// What is stored, and how it is to be read.
    pub fn new(name: impl Into<String>, stored: S, options: ReadOptions) -> Form<S> {
        Form { name: name.into(), stored: Ok((stored, options)), is_in_order: true }
    }

    /// A form that has no place for a value of the table, and why.
    pub fn cannot(name: impl Into<String>, reason: impl Into<String>) -> Form<S> {
        Form { name: name.into(), stored: Err(reason.into()), is_in_order: true }
    }

    /// What is stored has the rows in several parts, so that messages give them other numbers.
    #[must_use]
    pub fn in_parts(self) -> Form<S> {
        Form { is_in_order: false, ..self }
    }
}

/// Reads a source to its end.
///
/// # Errors
///
/// Those of the source.
///
/// # Panics
///
/// If the summaries refuse a batch: the tables of the suite do not overflow.
pub fn drain<S: TransactionSource>(mut source: S, mut summaries: Summaries) -> Result<Customers, S::Error> {
    while let Some(batch) = source.next_batch()? {
        summaries.push_batch(&batch).expect("the tables of the suite do not overflow");
    }
    Ok(summaries.finish().expect("the tables of the suite do not overflow"))
}

/// Every table that was written by hand, in every form.
///
/// # Panics
///
/// If a form comes to something else, with a list of all such.
pub fn check_tables<D: Door>(door: &D) {
    let mut run = Run::new(door);
    for table in cases::all() {
        run.check(&table);
    }
    run.finish();
}

/// Thirty thousand generated lines, in every form.
///
/// # Panics
///
/// As [`check_tables`].
pub fn check_large<D: Door>(door: &D) {
    let mut run = Run::new(door);
    run.check(&drawn::large());
    run.finish();
}

/// Drawn tables, in every form.
///
/// # Panics
///
/// If a form comes to something else, with the smallest such table.
pub fn check_drawn<D: Door>(door: &D) {
    // No file of failures: the package that runs this is not the one that it would be written for.
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let checked = TestRunner::new(config).run(&drawn::small(), |table| {
        let mut run = Run::new(door);
        run.check(&table);
        match run.problems.is_empty() {
            true => Ok(()),
            false => Err(TestCaseError::fail(run.problems)),
        }
    });
    if let Err(error) = checked {
        panic!("{}: {error}", door.name());
    }
}

/// Every table that is refused: with an error of the same kind in every form, whose text differs only in the place.
///
/// # Panics
///
/// If a form has another error or none, with a list of all such.
pub fn check_errors<D: Door>(door: &D) {
    let mut run = Run::new(door);
    for refused in errors::all() {
        run.check_error(&refused);
    }
    run.finish();
}

/// A door and what was found wrong with it.
struct Run<'d, D> {
    door: &'d D,
    problems: String,
    /// Forms that were read, and those that could not be written.
    read: usize,
    passed_over: Vec<String>,
}

impl<'d, D: Door> Run<'d, D> {
    fn new(door: &'d D) -> Run<'d, D> {
        Run { door, problems: String::new(), read: 0, passed_over: Vec::new() }
    }

    fn check(&mut self, table: &LogicalTable) {
        let expected = Expected::of(table);
        if let Some(difference) = expected.facts.difference(&Facts::of(&expected.customers)) {
            self.problem(table, "without an adapter", &difference);
        }
        let bytes = result_of(&expected.customers);
        for Form { name, stored, .. } in self.door.forms(table) {
            let Some((stored, options)) = self.content(table, &name, stored) else { continue };
            match self.door.read(stored, options, Expected::summaries(table)) {
                Err(error) => self.problem(table, &name, &format!("is not read: {error}")),
                Ok(customers) => {
                    if let Some(difference) = expected.facts.difference(&Facts::of(&customers)) {
                        self.problem(table, &name, &difference);
                    } else if result_of(&customers) != bytes {
                        self.problem(table, &name, "the result is written in other bytes");
                    }
                }
            }
        }
    }

    fn check_error(&mut self, refused: &errors::Refused) {
        let table = &refused.table;
        for Form { name, stored, is_in_order } in self.door.forms(table) {
            let Some((stored, options)) = self.content(table, &name, stored) else { continue };
            let error = match self.door.read(stored, options, Expected::summaries(table)) {
                Ok(_) => {
                    self.problem(table, &name, "is read");
                    continue;
                }
                Err(error) => error,
            };
            let text = error.to_string();
            let Some(input) = self.door.input(&error) else {
                self.problem(table, &name, &format!("has an error of its own: {text}"));
                continue;
            };
            let place = input.position();
            let message = text.strip_prefix(&format!("{place}: "));
            if !(refused.is_kind)(input.kind()) || !message.is_some_and(|text| refused.texts.contains(&text)) {
                self.problem(table, &name, &format!("expected {:?}\n   found {text}", refused.texts));
            }
            let row = refused.row.map(|row| self.door.first_row() + row);
            let is_row = !is_in_order || row.is_none() || place.line() == row;
            let column = refused.column.and_then(|column| table.column_names().nth(column));
            if !is_row || place.column_name() != column {
                self.problem(table, &name, &format!("another place, expected row {row:?}, column {column:?}: {text}"));
            }
        }
    }

    fn content<S, O>(&mut self, table: &LogicalTable, form: &str, stored: Result<(S, O), String>) -> Option<(S, O)> {
        match stored {
            Ok(content) => {
                self.read += 1;
                Some(content)
            }
            Err(reason) => {
                self.passed_over.push(format!("`{}` as {form}: {reason}", table.name()));
                None
            }
        }
    }

    fn problem(&mut self, table: &LogicalTable, form: &str, what: &str) {
        // A string takes any text.
        let _ = writeln!(self.problems, "`{}` as {form}: {what}", table.name());
    }

    /// Tells what could not be written, and fails if anything was wrong.
    fn finish(self) {
        let name = self.door.name();
        for line in &self.passed_over {
            // Past the capture of the harness, as of tests without their data.
            let _ = writeln!(std::io::stderr(), "SKIPPED {name}: {line}");
        }
        assert!(self.problems.is_empty(), "{name}:\n{}", self.problems);
        assert!(self.read > self.passed_over.len(), "{name}: most forms are passed over");
    }
}

/// The result as it is written, with all columns that the customers have values for.
fn result_of(customers: &Customers) -> Vec<u8> {
    let Some(last) = customers.last_day() else { return Vec::new() };
    let rfm =
        Rfm::builder(last.next().unwrap_or(Day::MAX)).weights(Weights::default()).build().expect("the defaults agree");
    let segmentation = rfm.segment(customers.clone()).expect("there are customers");
    let columns = ExtraColumn::ALL.into_iter();
    let columns = columns
        .filter(|column| customers.has_order_values() || !column.needs_order_values())
        .filter(|column| customers.has_active_days() || !column.needs_active_days())
        .filter(|column| customers.has_returns() || !column.needs_returns());
    let extras = Extras::try_new(columns, customers).expect("the customers have them");
    let mut bytes = Vec::new();
    write_customers(&segmentation, &extras, Format::Csv, TextGuard::Spreadsheet, &mut bytes)
        .expect("memory does not fail");
    bytes
}
