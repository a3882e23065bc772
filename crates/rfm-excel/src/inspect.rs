//! A look at a workbook without using it: its sheets, which row is the header, how many rows, what the first problems are.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::cell::{DateFormat, NumberFormat};
use rfm_core::{Account, Decimal, Reject, Role};
use rfm_input::{CellRules, Currencies, Evidence, InputName, Ledger, Site, StoredFile, counted, grouped, would_count};

use crate::error::Error;
use crate::kind::WorkbookKind;
use crate::layout::{Layout, layouts};
use crate::options::ExcelOptions;
use crate::rows::SheetRow;
use crate::serial::DateSystem;
use crate::workbook::{Sheets, Workbook};

/// Problems that are told in full; the others are counted.
const SHOWN: usize = 10;

/// What a workbook is, as far as it can be told, and what would go wrong if it were used.
///
/// Problems do not stop the look; only what cannot be opened is an error.
#[derive(Debug)]
pub struct Inspection {
    name: InputName,
    kind: WorkbookKind,
    system: DateSystem,
    sheets: Vec<SheetInspection>,
    evidence: Evidence,
    options: ExcelOptions,
    problems: Vec<Error>,
    problem_count: u64,
    is_complete: bool,
    account: Account,
}

/// What a sheet is.
#[derive(Clone, Debug)]
pub struct SheetInspection {
    name: String,
    is_visible: bool,
    /// The table in it, if it is one that is read.
    layout: Option<Layout>,
    rows: u64,
    blank_rows: u64,
    last_row: u64,
    columns: usize,
}

/// Looks at a file.
///
/// # Errors
///
/// [`Error`] if it cannot be opened, is no workbook, or has a format that is not built in.
pub fn inspect(path: impl Into<PathBuf>, options: &ExcelOptions) -> Result<Inspection, Error> {
    let file = StoredFile::open(&InputName::new(path))?;
    let mut book = Workbook::open(&file, options.read.given_limits())?;
    Ok(inspect_sheets(file.name(), &mut book, options))
}

/// Looks at a workbook in memory; `name` is what messages call it.
///
/// # Errors
///
/// As [`inspect`].
pub fn inspect_bytes(
    name: impl Into<PathBuf>,
    bytes: impl Into<Arc<[u8]>>,
    options: &ExcelOptions,
) -> Result<Inspection, Error> {
    let file = StoredFile::from_bytes(&InputName::new(name), bytes);
    let mut book = Workbook::open(&file, options.read.given_limits())?;
    Ok(inspect_sheets(file.name(), &mut book, options))
}

/// Looks at sheets that somebody else reads.
pub fn inspect_sheets(name: &InputName, book: &mut dyn Sheets, options: &ExcelOptions) -> Inspection {
    let sheets = book.sheets().iter().map(|sheet| SheetInspection {
        name: sheet.name().to_owned(),
        is_visible: sheet.is_visible(),
        layout: None,
        rows: 0,
        blank_rows: 0,
        last_row: 0,
        columns: 0,
    });
    let mut inspection = Inspection {
        name: name.clone(),
        kind: book.kind(),
        system: book.date_system(),
        sheets: sheets.collect(),
        evidence: Evidence::default(),
        options: options.clone(),
        problems: Vec::new(),
        problem_count: 0,
        is_complete: true,
        account: Account::default(),
    };
    inspection.find_tables(book);
    inspection.read(book);
    inspection
}

impl Inspection {
    fn find_tables(&mut self, book: &mut dyn Sheets) {
        let read = &self.options.read;
        match layouts(&self.name, book, &self.options) {
            Ok(layouts) => {
                for (layout, sample) in layouts {
                    let has_texts = sample.observe(&layout, read, &mut self.evidence);
                    if has_texts && !sample.is_complete() && !self.evidence.is_decided(read) {
                        let evidence = &mut self.evidence;
                        // What ends this look ends the next one too, and is reported there.
                        let _ = book.read(layout.sheet, &mut |rows| {
                            rows.iter()
                                .filter(|row| row.number() > layout.header.row && !row.is_blank())
                                .for_each(|row| evidence.observe_further(&row, &layout.site, read));
                            ControlFlow::Continue(())
                        });
                    }
                    let sheet = layout.sheet;
                    self.sheets[sheet].layout = Some(layout);
                }
            }
            Err(error) => self.problem(error),
        }
        if self.options.read.given_date_format().is_none() {
            self.evidence.date_format().err().into_iter().for_each(|error| self.problem(error.into()));
        }
        if self.options.read.given_number_format().is_none() {
            self.evidence.number_format().err().into_iter().for_each(|error| self.problem(error.into()));
        }
    }

    /// Reads all sheets, and judges the rows of those that have a table.
    fn read(&mut self, book: &mut dyn Sheets) {
        let formats = self.evidence.formats(&self.options.read).ok();
        let known = self.evidence.known(&self.options.read);
        let show_values = self.options.read.shows_values();
        let mut ledger = Ledger::new(&self.options.read);
        let mut currencies = Currencies::default();
        for at in 0..self.sheets.len() {
            let mut sheet = self.sheets[at].clone();
            let layout = sheet.layout.clone();
            let read = book.read(at, &mut |rows| {
                for row in rows.iter() {
                    sheet.count(&row);
                    let (Some(layout), Some(formats)) = (&layout, &formats) else { continue };
                    if row.number() <= layout.header.row {
                        continue;
                    }
                    if row.is_blank() {
                        ledger.refuse(Reject::BlankRow, Some(Decimal::default()));
                        continue;
                    }
                    match ledger.enter(&row, &layout.site, &CellRules { formats, known, show_values }) {
                        Ok(()) => currencies.observe(&row, &layout.site),
                        Err(error) => self.problem(error.into()),
                    }
                }
                ControlFlow::Continue(())
            });
            let last = sheet.last_row;
            let checked = read.and_then(|merges| match &layout {
                Some(layout) => layout.check(&merges, layout.needed(), last),
                None => Ok(()),
            });
            if let Err(error) = checked {
                self.is_complete = false;
                self.problem(error);
            }
            self.sheets[at] = sheet;
        }
        if let Err(error) = currencies.check() {
            self.problem(error.into());
        }
        if formats.is_some() && self.sheets.iter().any(|sheet| sheet.layout.is_some()) {
            self.account = ledger.close();
        }
    }

    fn problem(&mut self, problem: Error) {
        self.problem_count += 1;
        if self.problems.len() < SHOWN {
            self.problems.push(problem);
        }
    }

    /// The workbook as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.name
    }

    /// The format.
    #[must_use]
    pub fn kind(&self) -> WorkbookKind {
        self.kind
    }

    /// From which day its dates are counted.
    #[must_use]
    pub fn date_system(&self) -> DateSystem {
        self.system
    }

    /// All sheets, in the order of their tabs.
    #[must_use]
    pub fn sheets(&self) -> &[SheetInspection] {
        &self.sheets
    }

    /// The format of the dates that are texts: given or proven. `None` if it is neither, as where all dates have a type.
    #[must_use]
    pub fn date_format(&self) -> Option<DateFormat> {
        self.options.read.given_date_format().or_else(|| self.evidence.date_format().ok().flatten())
    }

    /// The decimal separator of the numbers that are texts: given or proven, undecided if none tells; `None` if they contradict
    /// each other.
    #[must_use]
    pub fn number_format(&self) -> Option<NumberFormat> {
        self.options.read.given_number_format().or_else(|| self.evidence.number_format().ok())
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

    /// Everything that was found out, as names and values for people.
    #[must_use]
    pub fn facts(&self) -> Vec<(String, String)> {
        let mut facts = vec![
            ("format".to_owned(), format!(".{}", self.kind)),
            ("dates".to_owned(), format!("counted from {}", self.system)),
        ];
        let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
        for sheet in &self.sheets {
            let size = format!("{} rows to row {}", grouped(sheet.rows()), sheet.last_row());
            let seen = if sheet.is_visible() { "" } else { "hidden, " };
            let read = match sheet.header_row() {
                Some(row) => {
                    format!("{seen}{size}, {}, header in row {row}", counted(sheet.columns() as u64, "column"))
                }
                None if sheet.last_row() == 0 => format!("{seen}empty"),
                None => format!("{seen}{size}, not read"),
            };
            fact(&format!("sheet `{}`", sheet.name()), read);
        }
        if let Some(sheet) = self.sheets.iter().find(|sheet| sheet.is_read()) {
            for (role, name, reason) in sheet.roles() {
                fact(role.name(), format!("`{name}` ({reason})"));
            }
            if let (Some(format), (1.., ..)) = (self.date_format(), self.evidence.counts()) {
                fact("dates as texts", format.to_string());
            }
        }
        if let Some(counts) = would_count(&self.account) {
            fact("would count", counts);
        }
        facts
    }

    /// How many problems there are in all.
    #[must_use]
    pub fn problem_count(&self) -> u64 {
        self.problem_count
    }

    /// Whether all sheets were read to their ends.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Rows of the tables that are read, without their headers.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.sheets.iter().filter(|sheet| sheet.layout.is_some()).map(SheetInspection::rows).sum()
    }

    /// Where the rows would go with the default [`CleaningPolicy`](rfm_core::CleaningPolicy), bad ones left out. Empty if no table is read or the
    /// formats of its cells are not known.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }
}

impl SheetInspection {
    fn count(&mut self, row: &SheetRow<'_>) {
        self.last_row = row.number();
        let last = row.cells().filter(|(_, cell)| !cell.is_blank()).map(|(column, _)| column + 1).max();
        self.columns = self.columns.max(last.unwrap_or(0));
        if self.layout.as_ref().is_none_or(|layout| row.number() > layout.header.row) {
            self.rows += 1;
            self.blank_rows += u64::from(last.is_none());
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has a tab that can be seen.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.is_visible
    }

    /// Whether its rows are read.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.layout.is_some()
    }

    /// The row of the header, from 1, if it is read.
    #[must_use]
    pub fn header_row(&self) -> Option<u64> {
        self.layout.as_ref().map(|layout| layout.header.row)
    }

    /// Rows above the header that are not blank.
    #[must_use]
    pub fn rows_above_header(&self) -> usize {
        self.layout.as_ref().map_or(0, |layout| layout.header.above)
    }

    /// The names of the columns, if it is read; empty where a column has none.
    #[must_use]
    pub fn column_names(&self) -> &[String] {
        self.layout.as_ref().map_or(&[], |layout| &layout.header.names)
    }

    /// The column of each role that has one, and why.
    #[must_use]
    pub fn roles(&self) -> Vec<(Role, String, String)> {
        self.layout.as_ref().map(|layout| Site::named_columns(&layout.site)).unwrap_or_default()
    }

    /// Rows that have a cell, below the header if there is one.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many of them hold blanks only.
    #[must_use]
    pub fn blank_rows(&self) -> u64 {
        self.blank_rows
    }

    /// The number of the last row.
    #[must_use]
    pub fn last_row(&self) -> u64 {
        self.last_row
    }

    /// Columns up to the last cell that is not blank.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }
}
