//! Plain lines: many are known at a time, and given out in their order.

use super::block::BLOCK;
use super::structure::{SOME, Structure};
use crate::dialect::Dialect;

/// Text that is looked at in one go: with what is found in it, it stays in the first-level cache until it has been read.
/// In tests little, so that they get to its end.
const STRETCH: usize = if cfg!(test) { 2 * BLOCK } else { 8 * 1024 };

/// The plain lines of a stretch of text, which begins with a record. Given out in their order.
pub(super) struct Index {
    structure: Structure,
    /// Where the stretch begins in the buffer.
    from: usize,
    /// Whether it has been looked at.
    is_known: bool,
    /// Where each cell begins in the stretch, and one would behind the last; then what was written too much.
    begins: Vec<u32>,
    cells: usize,
    /// Cells that have been given out.
    passed: usize,
    /// Lines that have not.
    lines: usize,
    /// Those of them that come next and have as many cells as was asked for.
    alike: Option<usize>,
}

impl Index {
    pub(super) fn new(dialect: Dialect) -> Index {
        Index {
            structure: Structure::new(dialect),
            from: 0,
            is_known: false,
            begins: Vec::new(),
            cells: 0,
            passed: 0,
            lines: 0,
            alike: None,
        }
    }

    /// Forgets everything: offsets of the buffer have moved, or something else has been read from it.
    pub(super) fn clear(&mut self) {
        (self.is_known, self.lines) = (false, 0);
    }

    /// Looks for plain lines of at most so many bytes in a text from an offset on, where a record begins, unless some are known.
    pub(super) fn look(&mut self, text: &[u8], from: usize, most: usize) {
        if self.lines > 0 || (self.is_known && self.from == from) {
            return;
        }
        (self.from, self.is_known, self.passed, self.alike) = (from, true, 0, None);
        self.begins.resize(STRETCH + 1 + SOME, 0);
        self.begins[0] = 0;
        let stretch = &text[from..text.len().min(from + STRETCH.min(most))];
        (self.cells, self.lines) = self.structure.find(stretch, &mut self.begins);
    }

    /// The next line of a text that has been looked at: where its cells begin in the stretch, and one would behind the last.
    pub(super) fn line(&self, text: &[u8]) -> Option<&[u32]> {
        if self.lines == 0 {
            return None;
        }
        let begins = &self.begins[self.passed..=self.cells];
        let last = (1..begins.len()).find(|cell| self.ends_line(text, begins[*cell]))?;
        Some(&begins[..=last])
    }

    /// The next lines, as far as each has so many cells: where the stretch begins, and in it the cells and one behind the last. It is
    /// always asked for as many cells.
    pub(super) fn alike(&mut self, text: &[u8], columns: usize) -> (usize, &[u32]) {
        let alike = self.alike.unwrap_or_else(|| self.count_alike(text, columns));
        self.alike = Some(alike);
        (self.from, &self.begins[self.passed..=self.passed + alike * columns])
    }

    fn count_alike(&self, text: &[u8], columns: usize) -> usize {
        let begins = self.begins.get(self.passed..=self.cells).unwrap_or_default();
        let ends_line = |cell: &usize| begins.get(*cell).is_some_and(|begin| self.ends_line(text, *begin));
        let ends = || (1..=self.lines).map(|line| line * columns);
        // As many line ends as there are, each behind so many cells: there is no other one in between.
        if ends().all(|end| ends_line(&end)) {
            return self.lines;
        }
        let is_alike = |end: &usize| (end - columns + 1..=*end).find(ends_line) == Some(*end);
        ends().take_while(is_alike).count()
    }

    /// Passes lines, and tells where the next one begins in the buffer.
    pub(super) fn pass(&mut self, lines: usize, cells: usize) -> usize {
        self.lines -= lines;
        self.passed += cells;
        // Behind the lines that are alike, and one that is not, there may be others.
        self.alike = self.alike.and_then(|alike| alike.checked_sub(lines));
        self.from + self.begins[self.passed] as usize
    }

    /// Whether it is a line that ends before the cell that begins here.
    #[inline]
    fn ends_line(&self, text: &[u8], begin: u32) -> bool {
        text[self.from + begin as usize - 1] == b'\n'
    }
}
