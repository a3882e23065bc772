//! Distinct texts under numbers.

use core::hash::BuildHasher;

use hashbrown::HashTable;

use super::SummaryError;
use super::key::Seeds;
use crate::text::{TextBuffer, index};

/// Distinct texts, each kept once, numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    by_text: HashTable<u32>,
    texts: TextBuffer,
}

impl Texts {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.texts.column().len()
    }

    /// The number of a text, which is made if new.
    pub(super) fn intern(&mut self, text: &str) -> Result<u32, SummaryError> {
        let hasher = &Seeds::get().texts[0];
        let hash = hasher.hash_one(text);
        let texts = self.texts.column();
        if let Some(number) = self.by_text.find(hash, |number| texts.get(index(*number)) == text) {
            return Ok(*number);
        }
        let number = u32::try_from(texts.len()).map_err(|_| SummaryError::TooMany)?;
        if !self.texts.has_room(text) {
            return Err(SummaryError::TooMany);
        }
        self.by_text.insert_unique(hash, number, |number| hasher.hash_one(texts.get(index(*number))));
        self.texts.push(text);
        Ok(number)
    }

    /// Takes the texts of another table, all of them new, under the numbers that follow ours; to be looked up by number only.
    pub(super) fn append(&mut self, other: &Texts) -> Result<(), SummaryError> {
        self.by_text = HashTable::new();
        for text in other.iter() {
            if !self.texts.has_room(text) {
                return Err(SummaryError::TooMany);
            }
            self.texts.push(text);
        }
        Ok(())
    }

    /// The text of a number.
    pub(super) fn get(&self, number: u32) -> &str {
        self.texts.column().get(index(number))
    }

    /// The texts in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.column().iter()
    }

    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        self.by_text.allocation_size().saturating_add(self.texts.memory())
    }
}
