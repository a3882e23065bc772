//! One currency over all inputs, since amounts of several do not add up.

use rfm_core::Role;
use rfm_core::cell::{Cell, Shape};

use crate::error::{Error, ErrorKind};
use crate::position::Position;
use crate::row::{Row, Site};

/// Currencies that are told apart; a column of more is hardly one of currencies.
const MOST: usize = 20;

/// The currencies of the rows so far, and how many rows have each.
#[derive(Clone, Debug, Default)]
pub struct Currencies {
    known: Vec<(String, u64)>,
    last: usize,
    /// Rows of currencies that are not told apart any more.
    others: u64,
    /// The column, once there was a currency in it.
    column: Option<Position>,
    /// The same, once two rows have differed.
    differ: Option<Position>,
}

impl Currencies {
    /// Counts the currency of a row. An empty cell says nothing.
    #[inline]
    pub fn observe(&mut self, row: &impl Row, site: &Site) {
        if let Some(column) = site.roles().column(Role::Currency) {
            match row.cell(column) {
                Cell::Text(text) => self.count(column, text.trim(), site),
                cell => self.count(column, &cell.to_string(), site),
            }
        }
    }

    fn count(&mut self, column: usize, found: &str, site: &Site) {
        if found.is_empty() {
            return;
        }
        let is_found = |known: &(String, u64)| known.0.eq_ignore_ascii_case(found);
        if !self.known.get(self.last).is_some_and(is_found) {
            self.last = match self.known.iter().position(is_found) {
                Some(at) => at,
                None if self.known.len() == MOST => {
                    self.others += 1;
                    return;
                }
                None => {
                    self.known.push((found.to_ascii_uppercase(), 0));
                    self.known.len() - 1
                }
            };
            self.column.get_or_insert_with(|| site.position(None, Some(column)));
            if self.known.len() > 1 {
                self.differ.get_or_insert_with(|| site.position(None, Some(column)));
            }
        }
        self.known[self.last].1 += 1;
    }

    /// Adds those of other inputs.
    pub fn merge(&mut self, other: &Currencies) {
        for (name, rows) in &other.known {
            match self.known.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known += rows,
                None => self.known.push((name.clone(), *rows)),
            }
        }
        self.others += other.others;
        let position = other.differ.as_ref().or(other.column.as_ref());
        if self.known.len() > 1 && self.differ.is_none() {
            self.differ = position.cloned();
        }
    }

    /// The currency of all rows that have one, in capitals; `None` if no row has, or several differ.
    #[must_use]
    pub fn single(&self) -> Option<&str> {
        match self.known.as_slice() {
            [(name, _)] if self.others == 0 => Some(name),
            _ => None,
        }
    }

    /// Refuses more than one currency, with the number of rows of each.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SeveralCurrencies`].
    pub fn check(&self) -> Result<(), Error> {
        let Some(position) = self.differ.clone() else { return Ok(()) };
        let mut counts = self.known.clone();
        counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        // A code is no secret; a longer text may not be a currency at all.
        let shown = |name: &str| if name.chars().count() <= 4 { name.to_owned() } else { Shape::of(name).to_string() };
        let counts = counts.iter().map(|(name, rows)| (shown(name), *rows)).collect();
        Err(ErrorKind::SeveralCurrencies { position, counts, others: self.others }.into())
    }
}
