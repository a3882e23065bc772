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
        }
        if let Cell::Text(text) = cell
            && text.len() > self.limits.field_bytes
        {
            let position = self.position().at_column(Some(column as usize + 1));
            let value = self.limits.field_bytes as u64;
            return Err(ErrorKind::TooLarge { position, limit: LimitKind::CellBytes, value }.into());
        }
        self.rows.push(column, cell);
        Ok(flow)
    }

    fn end_row(&mut self) -> Result<ControlFlow<()>, Error> {
        self.rows.end();
        if self.at.is_none_or(|row| self.rows.last_number() != Some(row + 1)) {
            return Ok(ControlFlow::Continue(()));
        }
        if self.rows.size() > self.limits.record_bytes && self.rows.last_row_text() > self.limits.record_bytes {
            let value = self.limits.record_bytes as u64;
            return Err(ErrorKind::TooLarge { position: self.position(), limit: LimitKind::RowBytes, value }.into());
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
