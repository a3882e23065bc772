//! Sixty-four bytes of a text, and which of them are what.

use wide::u8x16;

/// Bytes of a block, and bits of its masks: bit 0 is the first byte.
pub(super) const BLOCK: usize = 64;

/// A block of text in four vectors.
#[derive(Clone, Copy)]
pub(super) struct Block([u8x16; 4]);

impl Block {
    #[inline]
    pub(super) fn of(bytes: &[u8; BLOCK]) -> Block {
        let (parts, _) = bytes.as_chunks::<16>();
        Block(std::array::from_fn(|part| u8x16::new(parts[part])))
    }

    /// A byte as often as there are bytes in a part of a block.
    #[inline]
    pub(super) fn needle(byte: u8) -> u8x16 {
        u8x16::splat(byte)
    }

    /// The bytes that are this one: all bits of each of them.
    #[inline]
    pub(super) fn hits(self, needle: u8x16) -> Block {
        Block(self.0.map(|part| part.simd_eq(needle)))
    }

    /// What is hit here or there.
    #[inline]
    pub(super) fn or(self, other: Block) -> Block {
        Block(std::array::from_fn(|part| self.0[part] | other.0[part]))
    }

    /// One bit for each byte that is hit.
    #[inline]
    pub(super) fn mask(self) -> u64 {
        let bits = |part: usize| u64::from(self.0[part].to_bitmask()) << (16 * part);
        bits(0) | bits(1) | bits(2) | bits(3)
    }

    /// Whether any byte is hit.
    #[inline]
    pub(super) fn is_any(self) -> bool {
        let [first, second, third, fourth] = self.0;
        ((first | second) | (third | fourth)).to_bitmask() != 0
    }
}

/// Counts hits, of many blocks at once.
pub(super) struct HitCount {
    /// Sixteen counts; and of how many blocks, so that none passes 255.
    few: u8x16,
    blocks: usize,
    many: usize,
}

impl HitCount {
    pub(super) fn new() -> HitCount {
        HitCount { few: u8x16::splat(0), blocks: 0, many: 0 }
    }

    /// Adds those of a block.
    #[inline]
    pub(super) fn add(&mut self, hits: Block) {
        if self.blocks == 60 {
            (self.many, self.few, self.blocks) = (self.total(), u8x16::splat(0), 0);
        }
        // All bits of a byte are minus one.
        let [first, second, third, fourth] = hits.0;
        self.few -= (first + second) + (third + fourth);
        self.blocks += 1;
    }

    /// Adds some that were counted otherwise.
    pub(super) fn add_counted(&mut self, hits: usize) {
        self.many += hits;
    }

    pub(super) fn total(&self) -> usize {
        self.many + self.few.to_array().iter().map(|few| usize::from(*few)).sum::<usize>()
    }
}

/// Of each bit, whether an odd number of bits up to it is set.
#[inline]
pub(super) fn odd_up_to(mut mask: u64) -> u64 {
    for distance in [1, 2, 4, 8, 16, 32] {
        mask ^= mask << distance;
    }
    mask
}
