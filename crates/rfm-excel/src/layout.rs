//! What is settled about a workbook before its first row is used: which sheets are read, and which row is the header.

use std::ops::ControlFlow;

use rfm_core::cell::{Cell, CellFault, CellProblem};
use rfm_core::{ColumnRoles, Role, RoleError, suggest};
use rfm_input::{Evidence, InputName, Position, ReadOptions, Site, is_data, without_data};

use crate::error::{Error, ErrorKind, SheetSummary};
use crate::options::{ExcelOptions, SheetChoice};
use crate::rows::{SheetRow, SheetRows};
use crate::workbook::{MergedArea, Sheets};

/// Rows that may be the header, blank ones not counted.
const HEADERS: usize = 50;

/// Rows of the beginning that are looked at.
const SAMPLE: usize = 1000;

/// Bytes that are looked at, about: rows may be as large as the limits allow.
const SAMPLE_BYTES: usize = 16 << 20;

/// The roles whose cells have a type, or a format that has to be found out.
const TYPED: [Role; 7] =
    [Role::Date, Role::Amount, Role::Quantity, Role::Price, Role::Recency, Role::Frequency, Role::FirstOrder];

/// A sheet and the table in it.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Its place among the sheets.
    pub(crate) sheet: usize,
    pub(crate) site: Site,
    pub(crate) header: Header,
}

/// The row that names the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// From 1; 0 if there is none.
    pub(crate) row: u64,
    pub(crate) names: Vec<String>,
    /// Rows above it that are not blank.
    pub(crate) above: usize,
}

impl Layout {
    /// The columns that play a role.
    pub(crate) fn needed(&self) -> Vec<usize> {
        Role::ALL.into_iter().filter_map(|role| self.site.roles().column(role)).collect()
    }

    /// Refuses merged cells in the rows of the table, as far as they cover a column that is needed: the covered cells were read
    /// as empty, and most likely were meant to have the value.
    pub(crate) fn check(&self, merges: &[MergedArea], needed: Vec<usize>, last: u64) -> Result<(), Error> {
        let mut covered = Vec::new();
        for area in merges {
            let first = *area.rows().start();
            for row in [first, first + 1, self.header.row + 1] {
                let is_in_table = area.rows().contains(&row) && (self.header.row + 1..=last).contains(&row);
                let is_covered = |column: usize| {
                    area.columns().contains(&column) && (row, column) != (first, *area.columns().start())
                };
                let column = needed.iter().copied().filter(|column| is_in_table && is_covered(*column)).min();
                covered.extend(column.map(|column| (row, column)));
            }
        }
        let Some((row, column)) = covered.into_iter().min() else { return Ok(()) };
        let position = self.site.position(Some(row), Some(column));
        let problem = CellProblem::Fault(CellFault::Covered);
        Err(rfm_input::Error::from(rfm_input::ErrorKind::BadCell { position, problem, value: None }).into())
    }
}

/// The beginning of a sheet.
pub(crate) struct Sample {
    chunks: Vec<SheetRows>,
    is_complete: bool,
}

impl Sample {
    pub(crate) fn of(book: &mut dyn Sheets, sheet: usize) -> Result<Sample, Error> {
        let mut sample = Sample { chunks: Vec::new(), is_complete: true };
        let (mut count, mut bytes) = (0, 0);
        book.read(sheet, &mut |rows| {
            count += rows.len();
            bytes += rows.size();
            sample.chunks.push(rows);
            if count < SAMPLE && bytes < SAMPLE_BYTES {
                return ControlFlow::Continue(());
            }
            sample.is_complete = false;
            ControlFlow::Break(())
        })?;
        Ok(sample)
    }

    /// The rows that are not blank.
    pub(crate) fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        self.chunks.iter().flat_map(SheetRows::iter).filter(|row| !row.is_blank())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows().next().is_none()
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The header: the row that was given, or the first whose names `fit`. Otherwise the most likely one, for messages.
    pub(crate) fn header(&self, given: Option<u64>, fit: impl Fn(&[String]) -> bool) -> Result<Header, Header> {
        let mut best = Header { row: 0, names: Vec::new(), above: 0 };
        for (above, row) in self.rows().enumerate() {
            let is_candidate = match given {
                Some(given) => row.number() == given,
                None if above == HEADERS => break,
                None => true,
            };
            if !is_candidate {
                continue;
            }
            let header = Header { row: row.number(), names: names(&row), above };
            if fit(&header.names) {
                return Ok(header);
            }
            let is_better = |header: &Header| filled(&header.names) > filled(&best.names);
            if given.is_some() || (filled(&header.names) > 1 && is_better(&header) && are_names(&row)) {
                best = header;
            }
        }
        Err(best)
    }

    /// Gathers evidence, and tells whether more of the sheet has something to say: texts that may be dates or numbers. Cells
    /// of types say nothing, and it is no good to read a large sheet twice to learn that.
    pub(crate) fn observe(&self, layout: &Layout, options: &ReadOptions, evidence: &mut Evidence) -> bool {
        let mut has_texts = false;
        let roles = layout.site.roles();
        for row in self.rows().filter(|row| row.number() > layout.header.row) {
            evidence.observe(&row, &layout.site, options);
            has_texts |= TYPED.into_iter().any(|role| {
                let cell = roles.column(role).map(|column| row.cell(column));
                cell.is_some_and(|cell| matches!(cell, Cell::Text(_)) && !cell.is_blank())
            });
        }
        has_texts
    }
}

/// The sheets that are read, each with its table, and what was looked at of them.
pub(crate) fn layouts(
    name: &InputName,
    book: &mut dyn Sheets,
    options: &ExcelOptions,
) -> Result<Vec<(Layout, Sample)>, Error> {
    let mut samples = Vec::new();
    for sheet in chosen(name, book, &options.sheets)? {
        let sample = Sample::of(book, sheet)?;
        match options.sheets {
            SheetChoice::Named(_) if sample.is_empty() => {
                let position = Position::new(name).in_sheet(book.sheets()[sheet].name());
                return Err(ErrorKind::NoData { position, hidden: Vec::new() }.into());
            }
            _ if sample.is_empty() => {}
            _ => samples.push((sheet, sample)),
        }
    }
    if samples.is_empty() {
        let hidden = book.sheets().iter().filter(|sheet| !sheet.is_visible()).map(|sheet| sheet.name().to_owned());
        return Err(ErrorKind::NoData { position: Position::new(name), hidden: hidden.collect() }.into());
    }
    let resolve = |names: &[String]| ColumnRoles::resolve(names, options.read.roles());
    let headers: Vec<Result<Header, Header>> =
        samples.iter().map(|(_, sample)| sample.header(options.header_row, |names| resolve(names).is_ok())).collect();
    if options.sheets == SheetChoice::OneTable && !is_one_table(&headers) {
        let summary = |((sheet, _), header): (&(usize, Sample), &Result<Header, Header>)| {
            let (Ok(found) | Err(found)) = header;
            SheetSummary::new(book.sheets()[*sheet].name(), filled(&found.names), header.is_ok())
        };
        let sheets = samples.iter().zip(&headers).map(summary).collect();
        return Err(ErrorKind::SeveralTables { position: Position::new(name), sheets }.into());
    }
    let mut layouts = Vec::new();
    for ((sheet, sample), header) in samples.into_iter().zip(headers) {
        let place = Position::new(name).in_sheet(book.sheets()[sheet].name());
        let header = header.map_err(|likely| no_header(place, &likely, resolve(&likely.names).err(), &sample))?;
        let Ok(roles) = resolve(&header.names) else { continue };
        let site = Site::of_sheet(name, book.sheets()[sheet].name(), header.names.clone(), roles);
        layouts.push((Layout { sheet, site, header }, sample));
    }
    Ok(layouts)
}

/// The sheets that were asked for, by their places.
pub(crate) fn chosen(name: &InputName, book: &dyn Sheets, choice: &SheetChoice) -> Result<Vec<usize>, Error> {
    let sheets = book.sheets();
    let SheetChoice::Named(wanted) = choice else {
        return Ok((0..sheets.len()).filter(|at| sheets[*at].is_visible()).collect());
    };
    let mut chosen = Vec::new();
    for wanted in wanted {
        let by_name = |same: &dyn Fn(&str) -> bool| sheets.iter().position(|sheet| same(sheet.name()));
        let by_number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < sheets.len());
        let found = by_name(&|name| name == wanted)
            .or_else(|| by_name(&|name| name.trim().to_lowercase() == wanted.trim().to_lowercase()))
            .or_else(by_number);
        let Some(found) = found else {
            return Err(ErrorKind::NoSheet {
                position: Position::new(name),
                wanted: wanted.clone(),
                sheets: sheets.iter().map(|sheet| sheet.name().to_owned()).collect(),
                similar: suggest(wanted, sheets.iter().map(|sheet| sheet.name())).map(str::to_owned),
            }
            .into());
        };
        // A sheet that is named twice is read once, or its rows would count twice.
        if !chosen.contains(&found) {
            chosen.push(found);
        }
    }
    Ok(chosen)
}

/// Whether sheets are one: a single one, or several that have the columns that are needed and the same names.
fn is_one_table(headers: &[Result<Header, Header>]) -> bool {
    let sorted = |header: &Result<Header, Header>| {
        let mut names: Vec<String> =
            header.as_ref().ok()?.names.iter().filter(|name| !name.is_empty()).cloned().collect();
        names.sort();
        Some(names)
    };
    let [first, others @ ..] = headers else { return false };
    others.is_empty() || (first.is_ok() && others.iter().all(|other| sorted(other) == sorted(first)))
}

fn no_header(place: Position, likely: &Header, problem: Option<RoleError>, sample: &Sample) -> Error {
    match problem {
        Some(problem) if likely.row > 0 => {
            let (position, problem) = (place.at_row(likely.row), without_data(problem));
            rfm_input::Error::from(rfm_input::ErrorKind::Columns { position, problem, has_header: true }).into()
        }
        _ => ErrorKind::NoHeader { position: place, rows: sample.rows().take(HEADERS).count() }.into(),
    }
}

/// The names in a row, by column. A merged name belongs to its first column, and the others have none.
fn names(row: &SheetRow<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for (column, cell) in row.cells() {
        let name = cell.to_string().trim().to_owned();
        if !name.is_empty() {
            names.resize(column, String::new());
            names.push(name);
        }
    }
    names
}

fn filled(names: &[String]) -> usize {
    names.iter().filter(|name| !name.is_empty()).count()
}

/// Whether a row may be one of names: of texts, most of which are no data.
fn are_names(row: &SheetRow<'_>) -> bool {
    let [mut texts, mut data] = [0; 2];
    for (_, cell) in row.cells().filter(|(_, cell)| !cell.is_blank()) {
        match cell {
            Cell::Text(text) if !is_data(text.trim()) => texts += 1,
            _ => data += 1,
        }
    }
    texts > data
}
