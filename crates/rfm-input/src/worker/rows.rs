//! Rows of typed cells in one frame.
//!
//! The texts of all cells lie together, so that they are proven UTF-8 once and a cell borrows its own; the cells follow, each with
//! its column, a tag and a value. Empty cells are left out: a column that is not there is [`Cell::Empty`].

use std::io::{self, Write};

use rfm_core::cell::{Cell, CellFault};

use super::frame::{self, FrameError};
use super::message::ROWS;
use super::payload::Payload;
use super::sender::SendError;

/// The most cells in one frame: they take up more memory here than in the frame.
pub(super) const MAX_CELLS: usize = 1 << 18;

const TEXT: u8 = 1;
const INTEGER: u8 = 2;
const DECIMAL: u8 = 3;
const FLOAT: u8 = 4;
const DATE: u8 = 5;
const INSTANT: u8 = 6;
const FALSE: u8 = 7;
const TRUE: u8 = 8;
const ERROR_VALUE: u8 = 9;
const FAULT: u8 = 10;
const LOCAL: u8 = 11;

/// The errors that a formula can have, since a [`CellFault::ErrorValue`] holds none but known ones. `#DATA!` is what some
/// readers call `#GETTING_DATA`.
const ERROR_VALUES: [&str; 19] = [
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#GETTING_DATA",
    "#DATA!",
    "#SPILL!",
    "#CALC!",
    "#CONNECT!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#FIELD!",
    "#BUSY!",
    "#EXTERNAL!",
    "#PYTHON!",
    "#TIMEOUT!",
];

const FAULTS: [CellFault; 8] = [
    CellFault::NoStoredResult,
    CellFault::Covered,
    CellFault::Repeated,
    CellFault::DayThatNeverWas,
    CellFault::NoDay,
    CellFault::TimeOnly,
    CellFault::TooLarge,
    CellFault::Nested,
];

/// Rows of one table, as they came from the child.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    text: String,
    cells: Vec<(u32, Stored)>,
    rows: Vec<RowEnd>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct RowEnd {
    number: u64,
    /// The end of its cells.
    end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stored {
    /// Where it begins and ends in the text of the frame.
    Text(u32, u32),
    Value(Cell<'static>),
}

impl Rows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row by its index, from 0.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<WorkerRow<'_>> {
        let row = self.rows.get(index)?;
        let begin = index.checked_sub(1).map_or(0, |before| self.rows[before].end);
        Some(WorkerRow { number: row.number, text: &self.text, cells: &self.cells[begin..row.end] })
    }

    /// The rows in the order in which they were sent.
    pub fn iter(&self) -> impl Iterator<Item = WorkerRow<'_>> {
        (0..self.len()).map_while(|index| self.row(index))
    }

    pub(super) fn read(mut payload: Payload<'_>) -> Result<Rows, FrameError> {
        let text = payload.text()?.to_owned();
        let mut rows = Rows { text, ..Rows::default() };
        let mut text_end = 0;
        for _ in 0..payload.count(12)? {
            let number = payload.u64()?;
            let cells = payload.count(5)?;
            if rows.cells.len() + cells > MAX_CELLS {
                return Err(FrameError::Malformed("too many cells"));
            }
            let mut next_column = 0;
            for _ in 0..cells {
                let column = payload.u32()?;
                if u64::from(column) < next_column {
                    return Err(FrameError::Malformed("columns that do not ascend"));
                }
                next_column = u64::from(column) + 1;
                let stored = read_cell(&mut payload, &rows.text, &mut text_end)?;
                rows.cells.push((column, stored));
            }
            rows.rows.push(RowEnd { number, end: rows.cells.len() });
        }
        if text_end as usize != rows.text.len() {
            return Err(FrameError::Malformed("bytes that belong to nothing"));
        }
        payload.end()?;
        Ok(rows)
    }
}

/// Reads a cell; `text_end` is where the text of the cell before it ends.
fn read_cell(payload: &mut Payload<'_>, text: &str, text_end: &mut u32) -> Result<Stored, FrameError> {
    let cell = match payload.u8()? {
        TEXT => {
            let begin = *text_end;
            let end = begin.checked_add(payload.u32()?).filter(|&end| text.is_char_boundary(end as usize));
            *text_end = end.ok_or(FrameError::Malformed("a text beyond the texts"))?;
            return Ok(Stored::Text(begin, *text_end));
        }
        INTEGER => Cell::Integer(i128::from_le_bytes(payload.array()?)),
        DECIMAL => Cell::Decimal { units: i128::from_le_bytes(payload.array()?), places: payload.u8()? },
        FLOAT => Cell::Float(f64::from_le_bytes(payload.array()?)),
        DATE => Cell::Date(i32::from_le_bytes(payload.array()?)),
        LOCAL => Cell::Local(i64::from_le_bytes(payload.array()?)),
        INSTANT => Cell::Instant(i64::from_le_bytes(payload.array()?)),
        FALSE => Cell::Bool(false),
        TRUE => Cell::Bool(true),
        ERROR_VALUE => {
            let code = ERROR_VALUES.get(usize::from(payload.u8()?)).copied();
            Cell::Fault(CellFault::ErrorValue(code.ok_or(FrameError::Malformed("an unknown error value"))?))
        }
        FAULT => {
            let fault = FAULTS.get(usize::from(payload.u8()?)).copied();
            Cell::Fault(fault.ok_or(FrameError::Malformed("an unknown fault"))?)
        }
        _ => return Err(FrameError::Malformed("an unknown type of cell")),
    };
    Ok(Stored::Value(cell))
}

/// One row that came from the child.
#[derive(Clone, Copy, Debug)]
pub struct WorkerRow<'a> {
    number: u64,
    text: &'a str,
    cells: &'a [(u32, Stored)],
}

impl<'a> WorkerRow<'a> {
    /// The number of the row as the child counts them.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The cell of a column, counted from 0; [`Cell::Empty`] where nothing was sent.
    #[must_use]
    pub fn cell(&self, column: usize) -> Cell<'a> {
        // Where no cell is missing, the cell of a column is at its index.
        let stored = match self.cells.get(column) {
            Some((own, stored)) if *own as usize == column => Some(*stored),
            _ => self.cells.binary_search_by_key(&column, |(own, _)| *own as usize).ok().map(|at| self.cells[at].1),
        };
        stored.map_or(Cell::Empty, |stored| self.lend(stored))
    }

    /// The cells that are not empty, with their columns, which ascend.
    pub fn cells(&self) -> impl Iterator<Item = (usize, Cell<'a>)> {
        let row = *self;
        self.cells.iter().map(move |&(column, stored)| (column as usize, row.lend(stored)))
    }

    fn lend(&self, stored: Stored) -> Cell<'a> {
        match stored {
            Stored::Text(begin, end) => Cell::Text(&self.text[begin as usize..end as usize]),
            Stored::Value(cell) => cell,
        }
    }
}

/// Rows that wait to be sent.
#[derive(Debug, Default)]
pub(super) struct RowsBuffer {
    text: Vec<u8>,
    rows: Vec<u8>,
    count: u32,
    cells: usize,
}

impl RowsBuffer {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The bytes of the payload, but for the two counts before them.
    pub(super) fn size(&self) -> usize {
        self.text.len() + self.rows.len()
    }

    /// Adds a row; its columns ascend. After an error nothing of the row is here.
    pub(super) fn push<'c>(
        &mut self,
        number: u64,
        cells: impl IntoIterator<Item = (usize, Cell<'c>)>,
    ) -> Result<(), SendError> {
        let (text, rows) = (self.text.len(), self.rows.len());
        let added = self.try_push(number, cells);
        match added {
            Ok(added) => {
                self.count += 1;
                self.cells += added;
                Ok(())
            }
            Err(error) => {
                self.text.truncate(text);
                self.rows.truncate(rows);
                Err(error)
            }
        }
    }

    /// Gives how many cells were added.
    fn try_push<'c>(
        &mut self,
        number: u64,
        cells: impl IntoIterator<Item = (usize, Cell<'c>)>,
    ) -> Result<usize, SendError> {
        self.rows.extend(number.to_le_bytes());
        let count_at = self.rows.len();
        self.rows.extend([0; 4]);
        let mut added: u32 = 0;
        for (column, cell) in cells {
            if cell == Cell::Empty {
                continue;
            }
            let unsendable = SendError::UnknownCell { row: number, column };
            let Ok(small) = u32::try_from(column) else { return Err(unsendable) };
            self.rows.extend(small.to_le_bytes());
            self.push_cell(cell).ok_or(unsendable)?;
            added += 1;
            if self.cells + added as usize > MAX_CELLS || self.size() + 8 > frame::MAX_LENGTH {
                return Err(SendError::RowTooLarge { row: number });
            }
        }
        self.rows[count_at..count_at + 4].copy_from_slice(&added.to_le_bytes());
        Ok(added as usize)
    }

    /// `None` for a cell of a type that frames do not have.
    fn push_cell(&mut self, cell: Cell<'_>) -> Option<()> {
        let rows = &mut self.rows;
        let mut put = |tag: u8, value: &[u8]| {
            rows.push(tag);
            rows.extend(value);
        };
        match cell {
            Cell::Text(text) => {
                put(TEXT, &u32::try_from(text.len()).ok()?.to_le_bytes());
                self.text.extend(text.as_bytes());
            }
            Cell::Integer(number) => put(INTEGER, &number.to_le_bytes()),
            Cell::Decimal { units, places } => {
                put(DECIMAL, &units.to_le_bytes());
                rows.push(places);
            }
            Cell::Float(number) => put(FLOAT, &number.to_le_bytes()),
            Cell::Date(days) => put(DATE, &days.to_le_bytes()),
            Cell::Local(second) => put(LOCAL, &second.to_le_bytes()),
            Cell::Instant(second) => put(INSTANT, &second.to_le_bytes()),
            Cell::Bool(truth) => put(if truth { TRUE } else { FALSE }, &[]),
            Cell::Fault(CellFault::ErrorValue(code)) => {
                put(ERROR_VALUE, &[index_of(&ERROR_VALUES, &code)?]);
            }
            Cell::Fault(fault) => put(FAULT, &[index_of(&FAULTS, &fault)?]),
            // A type that the core has and frames do not: refused, so that it cannot arrive as another one.
            _ => return None,
        }
        Some(())
    }

    /// Writes the frame and forgets the rows.
    pub(super) fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let text = u32::try_from(self.text.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        let (text, count) = (text.to_le_bytes(), self.count.to_le_bytes());
        frame::write(out, ROWS, &[&text, &self.text, &count, &self.rows])?;
        self.text.clear();
        self.rows.clear();
        (self.count, self.cells) = (0, 0);
        Ok(())
    }
}

fn index_of<T: PartialEq>(list: &[T], item: &T) -> Option<u8> {
    list.iter().position(|own| own == item).and_then(|index| u8::try_from(index).ok())
}

#[cfg(test)]
mod tests;
