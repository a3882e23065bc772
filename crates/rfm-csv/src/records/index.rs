//! Where the cells of plain lines begin.
//!
//! A plain line ends in LF or CRLF, and its quotes enclose whole fields or are doubled within these. Which quotes are inside of which
//! is told by how many there are before them, for 64 bytes at once; that they mean it is checked by what stands beside them. The first
//! one that does not ends the index, and so does a line end in quotes, and a CR that is none: what the line is that they are in, the
//! careful way finds out.
//!
//! One search per field (`memchr`) was tried first: with fields of ten bytes its calls cost more than the comparing, 0.9 to
//! 1.0 GB/s. So did handing out one field after the other: how many of them a block has is never what the processor expects, while
//! eight places written at once need no expectation.

use super::block::{BLOCK, Block, HitCount, odd_up_to};
use crate::dialect::Dialect;

/// Text that is looked at in one go: with what is found in it, it stays in the first-level cache until it has been read.
/// In tests little, so that they get to its end.
const STRETCH: usize = if cfg!(test) { 2 * BLOCK } else { 8 * 1024 };

/// Places that are written at once.
const SOME: usize = 8;

/// The plain lines of a stretch of text, which begins with a record. Given out in their order.
pub(super) struct Index {
    dialect: Dialect,
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

/// What one block has to know of the one before it: of all masks the last bit, as the first one.
#[derive(Clone, Copy)]
struct Before {
    /// Quotes are open: all bits.
    open: u64,
    /// A field begins.
    separator: u64,
    /// A quote closed a field, or was the first one of two.
    closed: u64,
    carriage_return: u64,
}

impl Index {
    pub(super) fn new(dialect: Dialect) -> Index {
        Index { dialect, from: 0, is_known: false, begins: Vec::new(), cells: 0, passed: 0, lines: 0, alike: None }
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
        (self.from, self.is_known, self.cells, self.passed, self.alike) = (from, true, 0, 0, None);
        self.begins.resize(STRETCH + 1 + SOME, 0);
        self.begins[0] = 0;
        let stretch = &text[from..text.len().min(from + STRETCH.min(most))];
        let (blocks, rest) = stretch.as_chunks::<BLOCK>();
        let mut before = Before { open: 0, separator: 1, closed: 0, carriage_return: 0 };
        let mut lines = HitCount::new();
        let mut begin = 1;
        let mut is_sound = true;
        for block in blocks {
            is_sound = self.add(block, begin, &mut before, &mut lines);
            if !is_sound {
                break;
            }
            begin += BLOCK as u32;
        }
        if is_sound && !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            // Neither a delimiter nor a quote is ever NUL, so the padding has no structure.
            self.add(&block, begin, &mut before, &mut lines);
        }
        self.lines = lines.total();
    }

    /// Adds the cells that end in a block, behind whose first byte one would begin at `begin`. Returns whether all of it is plain.
    #[inline]
    fn add(&mut self, bytes: &[u8; BLOCK], begin: u32, before: &mut Before, lines: &mut HitCount) -> bool {
        let block = Block::of(bytes);
        let line_feeds = block.hits(b'\n');
        let separators = line_feeds.or(block.hits(self.dialect.delimiter()));
        let odd = block.hits(b'\r').or(block.hits(self.dialect.quote().unwrap_or(b'\r')));
        if odd.is_any() || before.open | before.closed | before.carriage_return != 0 {
            let (separators, line_feeds, is_sound) = self.quoted(block, separators.mask(), line_feeds.mask(), before);
            lines.add_counted(line_feeds.count_ones() as usize);
            self.note(separators, begin);
            return is_sound;
        }
        let separators = separators.mask();
        before.separator = separators >> (BLOCK - 1);
        lines.add(line_feeds);
        self.note(separators, begin);
        true
    }

    /// The separators and line feeds that end fields in a block with quotes or carriage returns, or behind one, and whether all of
    /// it is plain; if not, up to there.
    fn quoted(&self, block: Block, separators: u64, line_feeds: u64, before: &mut Before) -> (u64, u64, bool) {
        let last = |mask: u64| mask >> (BLOCK - 1);
        let behind = |mask: u64, before: u64| mask << 1 | before;
        let carriage_returns = block.hits(b'\r').mask();
        let quotes = self.dialect.quote().map_or(0, |quote| block.hits(quote).mask());
        // With the quote that opens, without the one that closes.
        let inside = odd_up_to(quotes) ^ before.open;
        let (opens, closes) = (quotes & inside, quotes & !inside);
        let separators = separators & !inside;
        let begins = behind(separators, before.separator);
        let closed = behind(closes, before.closed);
        let lone = behind(carriage_returns, before.carriage_return) & !line_feeds;
        let faults = opens & !(begins | closed)
            | closed & !(separators | carriage_returns | opens)
            | (line_feeds | carriage_returns) & inside
            | lone;
        *before = Before {
            open: 0u64.wrapping_sub(last(inside)),
            separator: last(separators),
            closed: last(closes),
            carriage_return: last(carriage_returns),
        };
        let sound = (faults & faults.wrapping_neg()).wrapping_sub(1);
        (separators & sound, line_feeds & !inside & sound, faults == 0)
    }

    /// Writes down where cells begin.
    #[inline]
    fn note(&mut self, separators: u64, begin: u32) {
        let (mut rest, mut at) = (separators, self.cells + 1);
        while rest != 0 {
            let Some(places) = self.begins[at..].first_chunk_mut::<SOME>() else { break };
            for place in places {
                *place = begin + rest.trailing_zeros();
                rest &= rest.wrapping_sub(1);
            }
            at += SOME;
        }
        self.cells += separators.count_ones() as usize;
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
