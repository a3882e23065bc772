//! From cells to rows.

use std::ops::ControlFlow;

use rfm_core::Limits;
use rfm_core::cell::Cell;
use rfm_input::{Position, StoredFile};

use crate::error::{Error, ErrorKind, LimitKind};
use crate::fault::Fault;
use crate::grid;
#[cfg(feature = "legacy")]
use crate::merges::Merges;
use crate::rows::SheetRows;

/// Rows that are handed over at once: few at first, since who looks for a header needs no more.
const FIRST: usize = 64;
const NEXT: usize = 1024;

/// Bytes that are handed over at once, about.
const BYTES: usize = 1 << 20;

/// Bytes of texts in all cells of a sheet, and how many more for each byte of the file: a short file can show one text in many
/// cells.
const TEXT_BYTES: (u64, u64) = (16 << 30, 1_000);

/// Makes rows of cells as they come, checks their places and sizes, and hands the rows over.
pub(crate) struct Gatherer<'g> {
    file: &'g StoredFile,
    sheet: &'g str,
    limits: Limits,
    #[cfg(feature = "legacy")]
    pub(crate) merges: Merges,
    visit: &'g mut dyn FnMut(SheetRows) -> ControlFlow<()>,
    rows: SheetRows,
    /// The row of the last cell, from 0.
    at: Option<u32>,
    size: usize,
    /// Bytes of the texts of this row, and of all.
    row_text: usize,
    sheet_text: u64,
}

impl<'g> Gatherer<'g> {
    pub(crate) fn new(
        file: &'g StoredFile,
        sheet: &'g str,
        limits: Limits,
        visit: &'g mut dyn FnMut(SheetRows) -> ControlFlow<()>,
    ) -> Gatherer<'g> {
        Gatherer {
            file,
            sheet,
            limits,
            #[cfg(feature = "legacy")]
            merges: Merges::default(),
            visit,
            rows: SheetRows::default(),
            at: None,
            size: FIRST,
            row_text: 0,
            sheet_text: 0,
        }
    }

    fn position(&self) -> Position {
        let position = Position::new(self.file.name()).in_sheet(self.sheet);
        match self.at {
            Some(row) => position.at_row(u64::from(row) + 1),
            None => position,
        }
    }

    /// A fault after the last cell.
    pub(crate) fn fault(&self, fault: Fault) -> Error {
        fault.at(self.position())
    }

    /// Takes a cell; row and column are counted from 0.
    #[inline]
    pub(crate) fn cell(&mut self, (row, column): (u32, u32), cell: Cell<'_>) -> Result<ControlFlow<()>, Error> {
        if row >= grid::ROWS || column >= grid::COLUMNS {
            let place = Position::new(self.file.name()).in_sheet(self.sheet);
            let position = place.at_row(u64::from(row) + 1).at_column(Some(column as usize + 1));
            return Err(ErrorKind::OutsideGrid { position }.into());
        }
        let mut flow = ControlFlow::Continue(());
        if self.at != Some(row) {
            if self.at.is_some_and(|at| row < at) {
                let position = Position::new(self.file.name()).in_sheet(self.sheet).at_row(u64::from(row) + 1);
                return Err(ErrorKind::Disordered { position }.into());
            }
            flow = self.end_row()?;
            self.rows.begin(row + 1);
            self.at = Some(row);
            self.row_text = 0;
        }
        if let Cell::Text(text) = cell
            && text.len() > self.limits.field_bytes
        {
            let position = self.position().at_column(Some(column as usize + 1));
            let value = self.limits.field_bytes as u64;
            return Err(ErrorKind::TooLarge { position, limit: LimitKind::CellBytes, value }.into());
        }
        // Before it is copied, and also if it stands there twice: one shared text can be shown by many cells.
        if let Cell::Text(text) = cell {
            self.row_text += text.len();
            self.sheet_text += text.len() as u64;
            if self.row_text > self.limits.record_bytes {
                let value = self.limits.record_bytes as u64;
                return Err(ErrorKind::TooLarge { position: self.position(), limit: LimitKind::RowBytes, value }.into());
            }
            let value = TEXT_BYTES.0.saturating_add(self.file.size().saturating_mul(TEXT_BYTES.1));
            if self.sheet_text > value {
                let limit = LimitKind::SheetBytes;
                return Err(ErrorKind::TooLarge { position: self.position(), limit, value }.into());
            }
        }
        self.rows.push(column, cell);
        Ok(flow)
    }

    fn end_row(&mut self) -> Result<ControlFlow<()>, Error> {
        self.rows.end();
        if self.at.is_none_or(|row| self.rows.last_number() != Some(row + 1)) {
            return Ok(ControlFlow::Continue(()));
        }
        #[cfg(feature = "legacy")]
        if let Some(row) = self.at {
            self.merges.covered(row).for_each(|columns| self.rows.cover(columns));
        }
        if self.rows.len() < self.size && self.rows.size() < BYTES {
            return Ok(ControlFlow::Continue(()));
        }
        self.size = NEXT;
        Ok((self.visit)(std::mem::take(&mut self.rows)))
    }

    /// Hands over what is left.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        if self.end_row()?.is_continue() && !self.rows.is_empty() {
            let _ = (self.visit)(std::mem::take(&mut self.rows));
        }
        Ok(())
    }
}
