//! Rows of a sheet as typed cells, packed: one allocation for the cells of many rows and one for their texts.

use std::fmt::{self, Write as _};

use rfm_core::cell::{Cell, CellFault};

/// Some rows of a sheet, in its order.
///
/// # Examples
///
/// ```
/// use rfm_core::cell::Cell;
/// use rfm_excel::SheetRows;
///
/// let mut rows = SheetRows::default();
/// rows.begin(17);
/// rows.push(0, Cell::Text("ann"));
/// rows.push(2, Cell::Float(19.99));
/// let row = rows.iter().next().expect("one row");
/// assert_eq!((row.number(), row.cell(2), row.cell(1)), (17, Cell::Float(19.99), Cell::Empty));
/// ```
#[derive(Clone, Default)]
pub struct SheetRows {
    rows: Vec<Head>,
    cells: Vec<Placed>,
    text: String,
}

#[derive(Clone, Copy)]
struct Head {
    number: u32,
    /// The first of its cells.
    first: usize,
}

#[derive(Clone, Copy)]
struct Placed {
    column: u32,
    value: Value,
}

/// A cell without what it borrows.
#[derive(Clone, Copy)]
enum Value {
    Text { from: usize, length: usize },
    Integer(i64),
    Float(f64),
    Date(i32),
    Local(i64),
    Bool(bool),
    Fault(CellFault),
}

impl SheetRows {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// About as many bytes as are held.
    pub(crate) fn size(&self) -> usize {
        self.text.len() + self.cells.len() * size_of::<Placed>()
    }

    /// Begins a row; `number` is counted from 1. One without a cell is none, and vanishes when the next begins or the last has
    /// ended.
    pub fn begin(&mut self, number: u32) {
        self.end();
        self.rows.push(Head { number, first: self.cells.len() });
    }

    /// Ends the last row.
    pub fn end(&mut self) {
        if self.rows.last().is_some_and(|head| head.first == self.cells.len()) {
            self.rows.pop();
        }
    }

    /// The number of the last row.
    pub(crate) fn last_number(&self) -> Option<u32> {
        self.rows.last().map(|head| head.number)
    }

    /// Puts a cell into the last row; `column` is counted from 0. Empty cells are not kept. A second cell of the same place
    /// makes both a fault.
    pub fn push(&mut self, column: u32, cell: Cell<'_>) {
        let value = match cell {
            Cell::Empty => return,
            Cell::Text(text) => {
                let from = self.text.len();
                self.text.push_str(text);
                Value::Text { from, length: text.len() }
            }
            Cell::Integer(number) => match i64::try_from(number) {
                Ok(number) => Value::Integer(number),
                Err(_) => Value::Fault(CellFault::TooLarge),
            },
            Cell::Float(number) => Value::Float(number),
            Cell::Date(days) => Value::Date(days),
            Cell::Local(second) => Value::Local(second),
            Cell::Bool(truth) => Value::Bool(truth),
            Cell::Fault(fault) => Value::Fault(fault),
            // No workbook has others; an empty text would hide it if one did.
            _ => Value::Fault(CellFault::Nested),
        };
        let first = self.rows.last().map_or(0, |head| head.first);
        let row = &self.cells[first..];
        if row.last().is_none_or(|last| last.column < column) {
            self.cells.push(Placed { column, value });
            return;
        }
        match row.binary_search_by_key(&column, |placed| placed.column) {
            Ok(at) => self.cells[first + at].value = Value::Fault(CellFault::Repeated),
            Err(at) => self.cells.insert(first + at, Placed { column, value }),
        }
    }

    /// Puts a fault into the empty cells of the last row that a merged cell covers.
    #[cfg(feature = "legacy")]
    pub(crate) fn cover(&mut self, columns: std::ops::Range<u32>) {
        let first = self.rows.last().map_or(0, |head| head.first);
        for column in columns {
            if let Err(at) = self.cells[first..].binary_search_by_key(&column, |placed| placed.column) {
                self.cells.insert(first + at, Placed { column, value: Value::Fault(CellFault::Covered) });
            }
        }
    }

    /// The row of an index, from 0.
    ///
    /// # Panics
    ///
    /// If there are not so many.
    #[must_use]
    pub fn row(&self, index: usize) -> SheetRow<'_> {
        let head = self.rows[index];
        let end = self.rows.get(index + 1).map_or(self.cells.len(), |next| next.first);
        SheetRow { number: head.number, cells: &self.cells[head.first..end], text: &self.text }
    }

    /// The rows in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = SheetRow<'_>> {
        (0..self.rows.len()).map(|index| self.row(index))
    }
}

impl fmt::Debug for SheetRows {
    /// Without the cells, which hold data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows of {} cells", self.rows.len(), self.cells.len())
    }
}

/// One row of a sheet.
#[derive(Clone, Copy)]
pub struct SheetRow<'r> {
    number: u32,
    cells: &'r [Placed],
    text: &'r str,
}

impl<'r> SheetRow<'r> {
    /// The number of the row in the sheet, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number.into()
    }

    /// The cell of a column, counted from 0; empty where there is none.
    #[must_use]
    #[inline]
    pub fn cell(&self, column: usize) -> Cell<'r> {
        // Most rows have all of their cells, so that the place is the column.
        if let Some(placed) = self.cells.get(column)
            && placed.column as usize == column
        {
            return self.value(placed);
        }
        match self.cells.binary_search_by_key(&column, |placed| placed.column as usize) {
            Ok(at) => self.value(&self.cells[at]),
            Err(_) => Cell::Empty,
        }
    }

    /// The cells that are not empty, with their columns counted from 0, from left to right.
    pub fn cells(&self) -> impl Iterator<Item = (usize, Cell<'r>)> + use<'_, 'r> {
        self.cells.iter().map(|placed| (placed.column as usize, self.value(placed)))
    }

    /// Whether no cell holds anything but blanks.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells().all(|(_, cell)| cell.is_blank())
    }

    #[inline]
    fn value(&self, placed: &Placed) -> Cell<'r> {
        match placed.value {
            Value::Text { from, length } => Cell::Text(&self.text[from..from + length]),
            Value::Integer(number) => Cell::Integer(number.into()),
            Value::Float(number) => Cell::Float(number),
            Value::Date(days) => Cell::Date(days),
            Value::Local(second) => Cell::Local(second),
            Value::Bool(truth) => Cell::Bool(truth),
            Value::Fault(fault) => Cell::Fault(fault),
        }
    }
}

impl rfm_input::Row for SheetRow<'_> {
    #[inline]
    fn cell(&self, column: usize) -> Cell<'_> {
        SheetRow::cell(self, column)
    }

    fn number(&self) -> u64 {
        self.number.into()
    }

    #[inline]
    fn is_blank(&self) -> bool {
        SheetRow::is_blank(self)
    }

    fn write_text(&self, out: &mut String) {
        let mut next = 0;
        for (column, cell) in self.cells() {
            out.extend((next..column).map(|_| '\t'));
            next = column;
            // Writing to a string does not fail.
            let _ = write!(out, "{cell}");
        }
    }

    #[inline]
    fn bytes(&self) -> usize {
        let texts = self.cells.iter().map(|placed| match placed.value {
            Value::Text { length, .. } => length,
            _ => size_of::<Value>(),
        });
        texts.sum()
    }
}

impl fmt::Debug for SheetRow<'_> {
    /// Without the cells, which hold data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {} of {} cells", self.number, self.cells.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_their_column() {
        let mut rows = SheetRows::default();
        rows.begin(3);
        rows.push(0, Cell::Text("ann"));
        rows.push(1, Cell::Empty);
        rows.push(2, Cell::Float(0.5));
        rows.push(300, Cell::Integer(7));
        rows.begin(9);
        rows.push(1, Cell::Text("bob"));
        rows.end();
        let found: Vec<(u64, Vec<(usize, Cell<'_>)>)> =
            rows.iter().map(|row| (row.number(), row.cells().collect())).collect();
        let first = vec![(0, Cell::Text("ann")), (2, Cell::Float(0.5)), (300, Cell::Integer(7))];
        assert_eq!(found, [(3, first), (9, vec![(1, Cell::Text("bob"))])]);
        let row = rows.row(0);
        assert_eq!(
            [0, 1, 2, 299, 300, 301].map(|column| row.cell(column)),
            [Cell::Text("ann"), Cell::Empty, Cell::Float(0.5), Cell::Empty, Cell::Integer(7), Cell::Empty]
        );
    }

    #[test]
    fn rows_without_a_cell_vanish() {
        let mut rows = SheetRows::default();
        for number in 1..5 {
            rows.begin(number);
            rows.push(0, if number == 3 { Cell::Text(" ") } else { Cell::Empty });
        }
        rows.end();
        assert_eq!((rows.len(), rows.row(0).number(), rows.row(0).is_blank()), (1, 3, true));
    }

    #[test]
    fn cells_out_of_order_keep_their_places_and_repeated_ones_are_faults() {
        let mut rows = SheetRows::default();
        rows.begin(1);
        for (column, number) in [(2, 2.0), (0, 0.0), (1, 1.0), (2, 3.0), (0, 4.0)] {
            rows.push(column, Cell::Float(number));
        }
        let row = rows.row(0);
        let repeated = Cell::Fault(CellFault::Repeated);
        assert_eq!([row.cell(0), row.cell(1), row.cell(2)], [repeated, Cell::Float(1.0), repeated]);
    }

    #[cfg(feature = "legacy")]
    #[test]
    fn covered_cells_are_faults_where_they_are_empty() {
        let mut rows = SheetRows::default();
        rows.begin(1);
        rows.push(4, Cell::Bool(true));
        rows.cover(0..2);
        rows.cover(3..6);
        let covered = Cell::Fault(CellFault::Covered);
        let cells = [0, 1, 2, 3, 4, 5].map(|column| rows.row(0).cell(column));
        assert_eq!(cells, [covered, covered, Cell::Empty, covered, Cell::Bool(true), covered]);
    }
}
