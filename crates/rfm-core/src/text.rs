//! Columns of text in one piece of memory.

mod short;

use core::ops::Range;

pub use short::ShortText;

/// A borrowed column of texts: parts of one `str`, either one after the other, with the position where each ends, or anywhere in it; or
/// short ones, each in a number of its own ([`ShortText`]).
///
/// The first is Arrow's layout for strings without the leading zero of its offsets, the second that of its dictionaries, and the third much
/// like its views of short strings.
///
/// # Examples
///
/// ```
/// use rfm_core::TextColumn;
///
/// let column = TextColumn::new("annbob", &[3, 6]).expect("the ends lie in the text");
/// assert_eq!(column.iter().collect::<Vec<_>>(), ["ann", "bob"]);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TextColumn<'a> {
    text: &'a str,
    places: Places<'a>,
}

/// Where the texts of a column are.
#[derive(Clone, Copy, Debug)]
enum Places<'a> {
    /// Each begins where the one before it ends.
    Ends(&'a [u32]),
    /// Where each begins and ends.
    Parts(&'a [(u32, u32)]),
    /// Themselves.
    Short(&'a [ShortText]),
}

impl Default for Places<'_> {
    fn default() -> Self {
        Places::Ends(&[])
    }
}

impl<'a> TextColumn<'a> {
    /// The column of the texts that end at `ends` in `text`, the first of which begins at 0.
    ///
    /// `None` if the ends fall, lie behind the text or lie inside a character.
    #[must_use]
    pub fn new(text: &'a str, ends: &'a [u32]) -> Option<TextColumn<'a>> {
        TextColumn { text, places: Places::Ends(ends) }.if_whole()
    }

    /// The column of the parts of `text` that begin and end there. Rows that share a part are known to be equal without a look at
    /// the text.
    ///
    /// `None` if a start lies behind its end, or one of them behind the text or inside a character.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::TextColumn;
    ///
    /// let column = TextColumn::of_parts("annbob", &[(3, 6), (0, 3), (3, 6)]).expect("the parts lie in the text");
    /// assert_eq!(column.iter().collect::<Vec<_>>(), ["bob", "ann", "bob"]);
    /// ```
    #[must_use]
    pub fn of_parts(text: &'a str, parts: &'a [(u32, u32)]) -> Option<TextColumn<'a>> {
        TextColumn { text, places: Places::Parts(parts) }.if_whole()
    }

    /// The column of short texts. That rows are equal is known without a look elsewhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{ShortText, TextColumn};
    ///
    /// let texts = [17, 8].map(|number| ShortText::digits(number).expect("15 digits at most"));
    /// assert_eq!(TextColumn::of_short(&texts).iter().collect::<Vec<_>>(), ["17", "8"]);
    /// ```
    #[must_use]
    pub const fn of_short(texts: &'a [ShortText]) -> TextColumn<'a> {
        TextColumn { text: "", places: Places::Short(texts) }
    }

    fn if_whole(self) -> Option<TextColumn<'a>> {
        (0..self.len()).all(|row| self.checked(row).is_some()).then_some(self)
    }

    /// Number of rows.
    #[must_use]
    pub fn len(self) -> usize {
        match self.places {
            Places::Ends(ends) => ends.len(),
            Places::Parts(parts) => parts.len(),
            Places::Short(texts) => texts.len(),
        }
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The text of a row; empty if there is no such row.
    #[must_use]
    #[inline]
    pub fn get(self, row: usize) -> &'a str {
        self.checked(row).unwrap_or("")
    }

    /// The first of these rows with those that follow it and have its text. There is one.
    #[inline]
    pub(crate) fn alike(self, rows: Range<usize>) -> Range<usize> {
        if let Places::Short(texts) = self.places {
            let first = texts[rows.start];
            let alike = texts[rows.clone()].iter().take_while(|text| **text == first).count();
            return rows.start..rows.start.saturating_add(alike);
        }
        let mut alike = rows.start..rows.start;
        while alike.end < rows.end {
            if let Places::Parts(parts) = self.places {
                let first = parts[rows.start];
                let shared = parts[alike.end..rows.end].iter().take_while(|part| **part == first).count();
                alike.end = alike.end.saturating_add(shared);
            }
            if alike.end == rows.end || !are_equal(self.bytes(alike.end), self.bytes(rows.start)) {
                break;
            }
            alike.end = alike.end.saturating_add(1);
        }
        alike
    }

    /// The texts in the order of the rows.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |row| self.get(row))
    }

    #[inline]
    fn checked(self, row: usize) -> Option<&'a str> {
        if let Places::Short(texts) = self.places {
            return texts.get(row).map(ShortText::as_str);
        }
        let (start, end) = self.place(row)?;
        self.text.get(index(start)..index(end))
    }

    #[inline]
    fn place(self, row: usize) -> Option<(u32, u32)> {
        match self.places {
            Places::Ends(ends) => {
                let end = *ends.get(row)?;
                Some((row.checked_sub(1).map_or(0, |previous| ends[previous]), end))
            }
            Places::Parts(parts) => parts.get(row).copied(),
            Places::Short(_) => None,
        }
    }

    /// The text of a row, for those who only compare it.
    #[inline]
    pub(crate) fn bytes(self, row: usize) -> &'a [u8] {
        if let Places::Short(texts) = self.places {
            return texts.get(row).map_or(&[], ShortText::as_bytes);
        }
        self.place(row).map_or(&[], |part| self.bytes_of(part))
    }

    #[inline]
    fn bytes_of(self, (start, end): (u32, u32)) -> &'a [u8] {
        self.text.as_bytes().get(index(start)..index(end)).unwrap_or_default()
    }
}

impl PartialEq for TextColumn<'_> {
    fn eq(&self, other: &TextColumn<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for TextColumn<'_> {}

/// A column of texts that grows; lends itself as a [`TextColumn`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextBuffer {
    text: String,
    ends: Vec<u32>,
}

impl TextBuffer {
    /// Takes the memory for so many rows at once.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.ends.reserve_exact(rows);
    }

    /// Whether another row fits: a column holds 4 GiB.
    pub(crate) fn has_room(&self, text: &str) -> bool {
        end_of(&self.text, text).is_some()
    }

    /// Appends a row.
    ///
    /// # Panics
    ///
    /// If there is no room for it.
    pub(crate) fn push(&mut self, text: &str) {
        let end = end_of(&self.text, text).expect("the caller asked for room");
        self.text.push_str(text);
        self.ends.push(end);
    }

    /// Appends the rows of another column; `None`, and without effect, where there is no room for them.
    pub(crate) fn append(&mut self, other: &TextBuffer) -> Option<()> {
        end_of(&self.text, &other.text)?;
        let start = end_of(&self.text, "")?;
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| start.saturating_add(*end)));
        Some(())
    }

    /// Bytes in use, with the room to grow.
    pub(crate) fn memory(&self) -> usize {
        self.text.capacity().saturating_add(self.ends.capacity().saturating_mul(size_of::<u32>()))
    }

    pub(crate) fn column(&self) -> TextColumn<'_> {
        TextColumn { text: &self.text, places: Places::Ends(&self.ends) }
    }
}

/// A column of texts that grows, in which a text equal to that of the row before costs no memory and is known to be equal; lends
/// itself as a [`TextColumn`].
///
/// # Examples
///
/// ```
/// use rfm_core::RunBuffer;
///
/// let mut buffer = RunBuffer::default();
/// assert!(buffer.try_push("ann") && buffer.try_repeat() && buffer.try_push("bob"));
/// assert_eq!(buffer.column().iter().collect::<Vec<_>>(), ["ann", "ann", "bob"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct RunBuffer {
    text: String,
    parts: Vec<(u32, u32)>,
}

impl RunBuffer {
    /// Whether another row fits: a column holds 4 GiB.
    #[inline]
    pub(crate) fn has_room(&self, text: &str) -> bool {
        end_of(&self.text, text).is_some()
    }

    /// Appends a row; without effect where there is no room for it.
    #[inline]
    pub(crate) fn push(&mut self, text: &str) {
        let _ = self.try_push(text);
    }

    /// Appends a row; `false`, and without effect, where there is no room for it: a column holds 4 GiB.
    #[must_use]
    #[inline]
    pub fn try_push(&mut self, text: &str) -> bool {
        if let Some(&(start, end)) = self.parts.last() {
            let last = self.text.as_bytes().get(index(start)..index(end));
            if last.is_some_and(|last| are_equal(last, text.as_bytes())) {
                self.parts.push((start, end));
                return true;
            }
        }
        let (Some(start), Some(end)) = (end_of(&self.text, ""), end_of(&self.text, text)) else { return false };
        self.text.push_str(text);
        self.parts.push((start, end));
        true
    }

    /// Appends the text of the last row once more; `false` if there is no row.
    #[must_use]
    #[inline]
    pub fn try_repeat(&mut self) -> bool {
        let Some(last) = self.parts.last().copied() else { return false };
        self.parts.push(last);
        true
    }

    /// Empties the column and keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.parts.clear();
    }

    /// The rows so far.
    #[must_use]
    pub fn column(&self) -> TextColumn<'_> {
        TextColumn { text: &self.text, places: Places::Parts(&self.parts) }
    }
}

/// Where a text that is appended to those of a column ends; `None` behind 4 GiB.
#[inline]
fn end_of(column: &str, text: &str) -> Option<u32> {
    column.len().checked_add(text.len()).and_then(|end| u32::try_from(end).ok())
}

/// Whether a text has nothing but blanks, as spreadsheets and padded exports have where a cell looks empty.
#[inline]
pub(crate) fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

/// Whether two texts are equal, without the call that comparing slices is: nearly all ids and dates are short.
#[inline]
pub(crate) fn are_equal(left: &[u8], right: &[u8]) -> bool {
    fn ends<const N: usize>(text: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
        Some((text.first_chunk()?, text.last_chunk()?))
    }
    if left.len() != right.len() {
        return false;
    }
    // Two looks that overlap.
    match left.len() {
        8..=16 => ends::<8>(left) == ends::<8>(right),
        4..=7 => ends::<4>(left) == ends::<4>(right),
        _ => left == right,
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
    fn parts_that_do_not_lie_in_the_text_make_no_column() {
        assert_eq!(TextColumn::of_parts("ab", &[(2, 1)]), None);
        assert_eq!(TextColumn::of_parts("ab", &[(0, 3)]), None);
        assert_eq!(TextColumn::of_parts("é", &[(1, 2)]), None);
    }

    #[test]
    fn rows_equal_to_the_one_before_share_its_place() {
        let mut buffer = RunBuffer::default();
        let rows = ["ann", "ann", "", "", "ann", "anna"];
        rows.into_iter().for_each(|text| buffer.push(text));
        assert_eq!(buffer.column().iter().collect::<Vec<_>>(), rows);
        assert_eq!(buffer.text, "annannanna");
        let column = buffer.column();
        for (row, text) in rows.iter().enumerate() {
            let alike = rows[row..].iter().take_while(|other| *other == text).count();
            assert_eq!(column.alike(row..rows.len()), row..row + alike);
        }
    }

    #[test]
    fn short_texts_are_a_column() {
        let short = |text: &str| {
            let mut padded = [b' '; 16];
            padded[..text.len()].copy_from_slice(text.as_bytes());
            ShortText::new(padded, text.len()).unwrap()
        };
        let rows = ["ann", "", "", "ännchen", "ann", "fifteen letters"];
        let texts = rows.map(short);
        let column = TextColumn::of_short(&texts);
        assert_eq!(column.iter().collect::<Vec<_>>(), rows);
        assert_eq!(
            (column.len(), column.get(9), column.bytes(3), column.bytes(9)),
            (6, "", "ännchen".as_bytes(), &b""[..])
        );
        assert_eq!((column.alike(1..6), column.alike(2..6), column.alike(5..6)), (1..3, 2..3, 5..6));
    }

    #[test]
    fn empty_texts_are_rows() {
        let mut buffer = TextBuffer::default();
        ["", "x", ""].into_iter().for_each(|text| buffer.push(text));
        assert_eq!(buffer.column().iter().collect::<Vec<_>>(), ["", "x", ""]);
        assert_eq!(buffer.column().get(9), "");
    }
}
