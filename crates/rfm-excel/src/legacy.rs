//! `.xls`, `.xlsb` and `.ods`, which are read whole.
//!
//! These readers panic, ask for memory without bound or never return on some crafted files (`docs/design.md` has the list).
//! Panics are caught by who calls; the rest is what a process with limits is for.

use calamine::{Data, DataRef, Dimensions, Ods, Range, Reader as _, Xls, Xlsb};
use rfm_core::cell::{Cell, CellFault};

use crate::convert::{stored, streamed};
use crate::error::Error;
use crate::fault::Fault;
use crate::gatherer::Gatherer;
use crate::serial::DateSystem;
use crate::workbook::{Bytes, Parts};

pub(crate) enum Legacy {
    Xls(Box<Xls<Bytes>>),
    Xlsb(Box<Xlsb<Parts>>),
    Ods(Box<Ods<Parts>>),
}

impl Legacy {
    pub(crate) fn xls(bytes: Bytes) -> Result<Legacy, Fault> {
        Ok(Legacy::Xls(Box::new(Xls::new(bytes)?)))
    }

    pub(crate) fn xlsb(parts: Parts) -> Result<Legacy, Fault> {
        Ok(Legacy::Xlsb(Box::new(Xlsb::new(parts)?)))
    }

    pub(crate) fn ods(parts: Parts) -> Result<Legacy, Fault> {
        Ok(Legacy::Ods(Box::new(Ods::new(parts)?)))
    }

    pub(crate) fn sheets(&self) -> &[calamine::Sheet] {
        match self {
            Legacy::Xls(book) => book.sheets_metadata(),
            Legacy::Xlsb(book) => book.sheets_metadata(),
            Legacy::Ods(book) => book.sheets_metadata(),
        }
    }

    pub(crate) fn date_system(&self) -> DateSystem {
        let is_1904 = match self {
            Legacy::Xls(book) => book.has_1904_epoch(),
            Legacy::Xlsb(book) => book.has_1904_epoch(),
            // Its dates are texts.
            Legacy::Ods(_) => false,
        };
        if is_1904 { DateSystem::From1904 } else { DateSystem::From1900 }
    }

    /// The merged areas of a sheet. Of `.xlsb` and `.ods` the reader below does not tell them: there the covered cells are empty.
    pub(crate) fn merges(&self, sheet: &str) -> Vec<Dimensions> {
        match self {
            Legacy::Xls(book) => book.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
            Legacy::Xlsb(_) | Legacy::Ods(_) => Vec::new(),
        }
    }

    /// Hands the cells of a sheet over, row by row.
    pub(crate) fn read(&mut self, sheet: &str, gatherer: &mut Gatherer<'_>) -> Result<(), Error> {
        let system = self.date_system();
        match self {
            Legacy::Xls(book) => {
                let range = book.worksheet_range(sheet).map_err(|error| gatherer.fault(error.into()))?;
                read_range(&range, None, system, gatherer)
            }
            Legacy::Ods(book) => {
                let range = book.worksheet_range(sheet).map_err(|error| gatherer.fault(error.into()))?;
                let formulas = book.worksheet_formula(sheet).map_err(|error| gatherer.fault(error.into()))?;
                read_range(&range, Some(&formulas), system, gatherer)
            }
            // As a range it would be a grid between its farthest cells, however large that is.
            Legacy::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| gatherer.fault(error.into()))?;
                while let Some(cell) = cells.next_cell().map_err(|error| gatherer.fault(error.into()))? {
                    let value: &DataRef<'_> = cell.get_value();
                    if gatherer.cell(cell.get_position(), streamed(value, system))?.is_break() {
                        break;
                    }
                }
                Ok(())
            }
        }
    }
}

/// The cells of a range; one that is empty and has a formula has no result.
fn read_range(
    range: &Range<Data>,
    formulas: Option<&Range<String>>,
    system: DateSystem,
    gatherer: &mut Gatherer<'_>,
) -> Result<(), Error> {
    let (Some((first, left)), Some((last, right))) = (range.start(), range.end()) else { return Ok(()) };
    let is_formula = |at| formulas.and_then(|formulas| formulas.get_value(at)).is_some_and(|text| !text.is_empty());
    for row in first..=last {
        for column in left..=right {
            let cell = match range.get_value((row, column)) {
                None | Some(Data::Empty) if is_formula((row, column)) => Cell::Fault(CellFault::NoStoredResult),
                None | Some(Data::Empty) => continue,
                Some(value) => stored(value, system),
            };
            if gatherer.cell((row, column), cell)?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}
