//! Columns of text in one piece of memory.

/// A borrowed column of texts: one after the other in one `str`, with the position where each ends.
///
/// This is Arrow's layout for strings without the leading zero of its offsets.
///
/// # Examples
///
/// ```
/// use rfm_core::TextColumn;
///
/// let column = TextColumn::new("annbob", &[3, 6]).expect("the ends lie in the text");
/// assert_eq!(column.iter().collect::<Vec<_>>(), ["ann", "bob"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextColumn<'a> {
    text: &'a str,
    ends: &'a [u32],
}

impl<'a> TextColumn<'a> {
    /// The column of the texts that end at `ends` in `text`, the first of which begins at 0.
    ///
    /// `None` if the ends fall, lie behind the text or lie inside a character.
    #[must_use]
    pub fn new(text: &'a str, ends: &'a [u32]) -> Option<TextColumn<'a>> {
        let column = TextColumn { text, ends };
        (0..ends.len()).all(|row| column.checked(row).is_some()).then_some(column)
    }

    /// Number of rows.
    #[must_use]
    pub fn len(self) -> usize {
        self.ends.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a row; empty if there is no such row.
    #[must_use]
    pub fn get(self, row: usize) -> &'a str {
        self.checked(row).unwrap_or("")
    }

    /// The texts in the order of the rows.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |row| self.get(row))
    }

    fn checked(self, row: usize) -> Option<&'a str> {
        let end = index(*self.ends.get(row)?);
        let start = row.checked_sub(1).map_or(0, |previous| index(self.ends[previous]));
        self.text.get(start..end)
    }
}

/// A column of texts that grows; lends itself as a [`TextColumn`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextBuffer {
    text: String,
    ends: Vec<u32>,
}

impl TextBuffer {
    /// Whether another row fits: a column holds 4 GiB.
    pub(crate) fn has_room(&self, text: &str) -> bool {
        self.end_of(text).is_some()
    }

    /// Appends a row.
    ///
    /// # Panics
    ///
    /// If there is no room for it.
    pub(crate) fn push(&mut self, text: &str) {
        let end = self.end_of(text).expect("the caller asked for room");
        self.text.push_str(text);
        self.ends.push(end);
    }

    fn end_of(&self, text: &str) -> Option<u32> {
        self.text.len().checked_add(text.len()).and_then(|end| u32::try_from(end).ok())
    }

    /// Bytes in use, with the room to grow.
    pub(crate) fn memory(&self) -> usize {
        self.text.capacity().saturating_add(self.ends.capacity().saturating_mul(size_of::<u32>()))
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub(crate) fn column(&self) -> TextColumn<'_> {
        TextColumn { text: &self.text, ends: &self.ends }
    }
}

/// A stored 32-bit number as an index: every target that has the memory for our columns has 32-bit indices.
#[expect(clippy::as_conversions, reason = "usize has no From<u32>, though it is at least that wide here")]
pub(crate) const fn index(number: u32) -> usize {
    const { assert!(usize::BITS >= 32, "rfm-core needs 32-bit indices") };
    number as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_that_fall_or_split_a_character_make_no_column() {
        assert_eq!(TextColumn::new("ab", &[2, 1]), None);
        assert_eq!(TextColumn::new("ab", &[3]), None);
        assert_eq!(TextColumn::new("é", &[1, 2]), None);
    }

    #[test]
    fn empty_texts_are_rows() {
        let mut buffer = TextBuffer::default();
        ["", "x", ""].into_iter().for_each(|text| buffer.push(text));
        assert_eq!(buffer.column().iter().collect::<Vec<_>>(), ["", "x", ""]);
        assert_eq!(buffer.column().get(9), "");
    }
}
