//! Where the cells of plain lines begin.
//!
//! A plain line ends in LF or CRLF, and its quotes enclose whole fields or are doubled within these. Which delimiters are inside of
//! quotes is told by how many quotes there are before them, for 64 bytes at once; that the quotes mean it is checked by what stands
//! beside them. The first one that does not ends the search, and so does a line end in quotes, and a CR that is none: what the line
//! is that they are in, the careful way finds out.
//!
//! One search per field (`memchr`) was tried first: with fields of ten bytes its calls cost more than the comparing, 0.9 to
//! 1.0 GB/s. So did handing out one field after the other: how many of them a block has is never what the processor expects, while
//! eight places written at once need no expectation.

use memchr::{memchr, memrchr};

use super::block::{BLOCK, Block, HitCount, odd_up_to};
use crate::dialect::Dialect;

/// Places that are written at once.
pub(super) const SOME: usize = 8;

/// The bytes that give a text its structure, beside line ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Structure {
    delimiter: u8,
    quote: Option<u8>,
}

/// What one block has to know of the one before it: of all masks the last bit, as the first one.
struct Before {
    /// Quotes are open: all bits.
    open: u64,
    /// A field begins.
    separator: u64,
    /// A quote closed a field, or was the first one of two.
    closed: u64,
    carriage_return: u64,
}

impl Before {
    /// Behind a block that is not odd, or none.
    fn begin(with_field: bool) -> Before {
        Before { open: 0, separator: with_field.into(), closed: 0, carriage_return: 0 }
    }

    /// Whether there is more to know than whether a field begins.
    fn is_odd(&self) -> bool {
        self.open | self.closed | self.carriage_return != 0
    }
}

/// What ends fields in a block.
struct Ends {
    /// Delimiters and line feeds.
    separators: u64,
    line_feeds: u64,
    /// Whether all of the block is plain; if not, the others are those up to there.
    is_plain: bool,
}

impl Structure {
    pub(super) fn new(dialect: Dialect) -> Structure {
        Structure { delimiter: dialect.delimiter(), quote: dialect.quote() }
    }

    /// Finds plain lines in a text that begins with a record, and writes down where their cells begin behind the first one of
    /// `begins`, which has room for [`SOME`] more than the text has bytes. Returns how many cells and how many lines end.
    pub(super) fn find(&self, text: &[u8], begins: &mut [u32]) -> (usize, usize) {
        let [line_feed, carriage_return, delimiter] = [b'\n', b'\r', self.delimiter].map(Block::needle);
        let quote = self.quote.map_or(carriage_return, Block::needle);
        let mut before = Before::begin(true);
        let (mut cells, mut lines) = (0, HitCount::new());
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        // Neither a delimiter nor a quote is ever NUL, so the padding has no structure.
        let blocks = blocks.iter().chain((!rest.is_empty()).then_some(&last));
        let mut is_behind_odd = false;
        for (bytes, begin) in blocks.zip((1..).step_by(BLOCK)) {
            let block = Block::of(bytes);
            let line_feeds = block.hits(line_feed);
            let separators = line_feeds.or(block.hits(delimiter));
            let is_odd = block.hits(quote).or(block.hits(carriage_return)).is_any();
            if is_odd || is_behind_odd {
                let ends = self.ends(bytes, &mut before);
                lines.add_counted(ends.line_feeds.count_ones() as usize);
                note(ends.separators, begin, cells, begins);
                cells += ends.separators.count_ones() as usize;
                if !ends.is_plain {
                    break;
                }
                is_behind_odd = before.is_odd();
            } else {
                lines.add(line_feeds);
                let separators = separators.mask();
                before.separator = separators >> (BLOCK - 1);
                note(separators, begin, cells, begins);
                cells += separators.count_ones() as usize;
            }
        }
        (cells, lines.total())
    }

    /// Where the last of the plain lines ends that a text consists of, but for what follows; or another one behind which there is no
    /// quote. The text begins with a record. `None` if there is no such line, or something is not plain.
    pub(super) fn last_line_end(&self, text: &[u8]) -> Option<usize> {
        let (mut at, mut end) = (0, None);
        // Blocks without quotes are not looked at: where none is open, they are plain enough.
        while let Some(found) = self.quote.and_then(|quote| memchr(quote, &text[at..])) {
            at += found - found % BLOCK;
            let is_begun = at.checked_sub(1).is_none_or(|last| text[last] == self.delimiter || text[last] == b'\n');
            let mut before = Before::begin(is_begun);
            loop {
                let bytes = &text[at..text.len().min(at + BLOCK)];
                if bytes.is_empty() {
                    return end;
                }
                let mut block = [0; BLOCK];
                block[..bytes.len()].copy_from_slice(bytes);
                let ends = self.ends(&block, &mut before);
                if !ends.is_plain {
                    return None;
                }
                end = ends.line_feeds.checked_ilog2().map(|last| at + last as usize + 1).or(end);
                at += bytes.len();
                if !before.is_odd() {
                    break;
                }
            }
        }
        memrchr(b'\n', &text[at..]).map(|last| at + last + 1).or(end)
    }

    /// What ends fields in a block with quotes or carriage returns, or behind one.
    #[inline(never)]
    fn ends(&self, bytes: &[u8; BLOCK], before: &mut Before) -> Ends {
        let block = Block::of(bytes);
        let mask = |byte: u8| block.hits(Block::needle(byte)).mask();
        let last = |mask: u64| mask >> (BLOCK - 1);
        let behind = |mask: u64, before: u64| mask << 1 | before;
        let (line_feeds, carriage_returns) = (mask(b'\n'), mask(b'\r'));
        let quotes = self.quote.map_or(0, mask);
        // With the quote that opens, without the one that closes.
        let inside = odd_up_to(quotes) ^ before.open;
        let (opens, closes) = (quotes & inside, quotes & !inside);
        let separators = (mask(self.delimiter) | line_feeds) & !inside;
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
        let plain = (faults & faults.wrapping_neg()).wrapping_sub(1);
        Ends { separators: separators & plain, line_feeds: line_feeds & plain, is_plain: faults == 0 }
    }
}

/// Writes down where cells begin: behind the separators of a block, behind whose first byte is `begin`, and behind so many other
/// cells.
#[inline(always)]
fn note(mut separators: u64, begin: u32, cells: usize, begins: &mut [u32]) {
    let mut at = cells + 1;
    while separators != 0 {
        let Some(places) = begins[at..].first_chunk_mut::<SOME>() else { break };
        for place in places {
            *place = begin + separators.trailing_zeros();
            separators &= separators.wrapping_sub(1);
        }
        at += SOME;
    }
}
