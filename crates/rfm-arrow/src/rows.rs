//! The rows of a record batch, one at a time.

use std::fmt;

use arrow_array::{Array as _, ArrayRef};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use rfm_core::Scale;
use rfm_core::cell::Cell;
use rfm_input::Row;

use crate::cell::cell;
use crate::types;

/// What the values of a column mean beyond their type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// Themselves.
    Value,
    /// Whole numbers are minor units of a scale.
    MinorUnits(Scale),
    /// Ids in a float type that holds all whole numbers only up to this one.
    ExactUpTo(f64),
}

/// A column of a batch.
#[derive(Clone)]
pub(crate) struct Column {
    array: ArrayRef,
    /// Rows in which a structure around the column is null.
    hidden: Option<NullBuffer>,
    meaning: Meaning,
}

impl Column {
    pub(crate) fn new(array: ArrayRef, hidden: Option<NullBuffer>, meaning: Meaning) -> Column {
        Column { array, hidden, meaning }
    }

    pub(crate) fn cell(&self, row: usize) -> Cell<'_> {
        if self.hidden.as_ref().is_some_and(|hidden| hidden.is_null(row)) {
            return Cell::Empty;
        }
        self.mean(cell(&self.array, row))
    }

    /// What a cell of the column means.
    pub(crate) fn mean<'c>(&self, cell: Cell<'c>) -> Cell<'c> {
        match (self.meaning, cell) {
            (Meaning::MinorUnits(scale), Cell::Integer(units)) => Cell::Decimal { units, places: scale.decimals() },
            // Any number that is not exact will do: what may be its neighbour's id is nobody's.
            (Meaning::ExactUpTo(limit), Cell::Float(number)) if number.abs() >= limit => Cell::Float(f64::INFINITY),
            _ => cell,
        }
    }

    /// Whether no cell can be blank, by type and number of nulls.
    fn is_full(&self) -> bool {
        let has_blanks = match types::bare(self.array.data_type()) {
            DataType::Null => true,
            data_type => {
                data_type.is_string() || data_type.is_binary() || matches!(data_type, DataType::FixedSizeBinary(_))
            }
        };
        self.hidden.is_none() && !has_blanks && self.array.logical_null_count() == 0
    }

    /// The array, if nothing but its own nulls and values counts.
    pub(crate) fn plain(&self) -> Option<&ArrayRef> {
        (self.hidden.is_none() && self.meaning == Meaning::Value).then_some(&self.array)
    }

    /// The array, if nothing around it is null.
    pub(crate) fn visible(&self) -> Option<&ArrayRef> {
        self.hidden.is_none().then_some(&self.array)
    }
}

/// The rows of one record batch; made by [`Layout::rows`](crate::Layout::rows).
#[derive(Clone)]
pub struct BatchRows {
    columns: Vec<Option<Column>>,
    rows: usize,
    first: u64,
}

impl BatchRows {
    pub(crate) fn new(columns: Vec<Option<Column>>, rows: usize, first: u64) -> BatchRows {
        BatchRows { columns, rows, first }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// A row, counted from 0.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> BatchRow<'_> {
        assert!(row < self.rows, "there are {} rows", self.rows);
        BatchRow { rows: self, row }
    }

    /// Whether a row has nothing but blanks, in the columns that the record batch has.
    ///
    /// Most batches have a column that tells without a look at their rows: no null, and of a type that has no blanks.
    #[must_use]
    pub fn has_blank(&self) -> bool {
        let is_full = self.columns.iter().flatten().any(Column::is_full);
        !is_full && (0..self.rows).any(|row| self.row(row).is_blank())
    }

    pub(crate) fn column(&self, column: usize) -> Option<&Column> {
        self.columns.get(column)?.as_ref()
    }
}

impl fmt::Debug for BatchRows {
    /// Without the values, which are data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchRows").field("rows", &self.rows).field("first", &self.first).finish_non_exhaustive()
    }
}

/// One row of a record batch: what every adapter hands on, and the definition of what the columns mean.
#[derive(Clone, Copy, Debug)]
pub struct BatchRow<'b> {
    rows: &'b BatchRows,
    row: usize,
}

impl BatchRow<'_> {
    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.rows.columns.iter().flatten().map(|column| column.cell(self.row))
    }
}

impl Row for BatchRow<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        self.rows.column(column).map_or(Cell::Empty, |column| column.cell(self.row))
    }

    fn number(&self) -> u64 {
        self.rows.first.saturating_add(self.row as u64)
    }

    fn is_blank(&self) -> bool {
        self.cells().all(Cell::is_blank)
    }

    fn write_text(&self, out: &mut String) {
        for (at, cell) in self.cells().enumerate() {
            if at > 0 {
                out.push('\t');
            }
            match cell {
                Cell::Text(text) => out.push_str(text),
                cell => out.push_str(&cell.to_string()),
            }
        }
    }

    fn bytes(&self) -> usize {
        self.cells().map(|cell| size_of::<Cell<'_>>() + cell.text().map_or(0, str::len)).sum()
    }
}
