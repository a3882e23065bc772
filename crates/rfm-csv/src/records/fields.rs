//! Where the fields of a record end.

use memchr::memchr;

/// The ends of the fields of the record at hand, and their text if it had to be unquoted. Reused for every record.
#[derive(Default)]
pub(super) struct Fields {
    /// Offset of the end of each field, in the record or in `text`; the next field begins one byte later.
    ends: Vec<usize>,
    text: Vec<u8>,
    /// Where the field at hand begins in `text`.
    from: usize,
}

impl Fields {
    #[inline]
    pub(super) fn clear(&mut self) {
        self.ends.clear();
        self.text.clear();
        self.from = 0;
    }

    /// Notes that a field ends at an offset of the record, which is not unquoted.
    #[inline]
    pub(super) fn end_at(&mut self, offset: usize) {
        self.ends.push(offset);
    }

    /// Notes where the last field ends instead of where it was noted to end.
    #[inline]
    pub(super) fn end_last_at(&mut self, offset: usize) {
        if let Some(last) = self.ends.last_mut() {
            *last = offset;
        }
    }

    /// Copies a record whose fields are noted without the quotes around them, and with those in them once.
    pub(super) fn unquote(&mut self, record: &[u8], quote: u8) {
        self.text.clear();
        let mut from = 0;
        for end in &mut self.ends {
            let mut field = &record[from..*end];
            if let [first, inner @ .., _] = field
                && *first == quote
            {
                field = inner;
                while let Some(at) = memchr(quote, field) {
                    self.text.extend_from_slice(&field[..=at]);
                    field = &field[at + 2..];
                }
            }
            self.text.extend_from_slice(field);
            from = *end + 1;
            *end = self.text.len();
            self.text.push(0);
        }
    }

    /// Adds unquoted text to the field at hand.
    pub(super) fn push(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    /// Bytes in the field at hand.
    pub(super) fn open_bytes(&self) -> usize {
        self.text.len() - self.from
    }

    /// Ends the field at hand. The byte in between makes both ways of splitting alike for who reads the fields.
    pub(super) fn end(&mut self) {
        self.ends.push(self.text.len());
        self.text.push(0);
        self.from = self.text.len();
    }

    #[inline]
    pub(super) fn ends(&self) -> &[usize] {
        &self.ends
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.text
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.text.capacity()
    }
}
