//! Finds the bytes that give a text its structure: delimiters, line ends, quotes.
//!
//! One search per field (`memchr`) was tried first: with fields of ten bytes its calls cost more than the comparing, 0.9 to
//! 1.0 GB/s. Here a block of 64 bytes becomes a mask of 64 bits, in code that compilers turn into vector instructions of
//! any machine without `unsafe`, and taking a bit off a mask is nearly free.

/// Bytes that are compared at once: the bits of the mask.
const BLOCK: usize = 64;

/// Goes through the text once, from one structural byte to the next. Offsets are those of the buffer.
pub(super) struct Scanner {
    needles: [u8; 4],
    /// Structural bytes of the last block that have not been given out; bit 0 is the byte at `base`.
    mask: u64,
    base: usize,
    /// Everything before is in the mask or was given out.
    scanned: usize,
}

impl Scanner {
    pub(super) fn new(delimiter: u8, quote: Option<u8>) -> Scanner {
        Scanner { needles: [delimiter, b'\n', b'\r', quote.unwrap_or(delimiter)], mask: 0, base: 0, scanned: 0 }
    }

    /// Starts again at an offset.
    pub(super) fn reset(&mut self, to: usize) {
        self.mask = 0;
        self.scanned = to;
    }

    /// Where everything has been looked at.
    #[cfg(test)]
    pub(super) fn scanned(&self) -> usize {
        self.scanned
    }

    /// The offset of the next structural byte in `text` that is no delimiter, or `None` when all of it has been looked at. The
    /// delimiters before it go to `each`.
    #[inline]
    pub(super) fn next_end(&mut self, text: &[u8], mut each: impl FnMut(usize)) -> Option<usize> {
        let delimiter = self.needles[0];
        loop {
            while self.mask != 0 {
                let at = self.base + self.mask.trailing_zeros() as usize;
                self.mask &= self.mask - 1;
                if text[at] != delimiter {
                    return Some(at);
                }
                each(at);
            }
            self.refill(text)?;
        }
    }

    /// Looks at the next block; `None` if there is none.
    fn refill(&mut self, text: &[u8]) -> Option<()> {
        while self.mask == 0 {
            self.base = self.scanned;
            let rest = text.get(self.base..)?;
            if let Some(block) = rest.first_chunk() {
                self.mask = classify(block, self.needles);
                self.scanned += BLOCK;
            } else if rest.is_empty() {
                return None;
            } else {
                let mut block = [0; BLOCK];
                block[..rest.len()].copy_from_slice(rest);
                // A needle is never NUL, so the padding has no structure.
                self.mask = classify(&block, self.needles);
                self.scanned += rest.len();
            }
        }
        Some(())
    }
}

/// One bit for each byte that is one of the needles.
#[inline]
fn classify(block: &[u8; BLOCK], needles: [u8; 4]) -> u64 {
    let mut hits = [0; BLOCK];
    for (hit, &byte) in hits.iter_mut().zip(block) {
        *hit = u8::from(byte == needles[0])
            | u8::from(byte == needles[1])
            | u8::from(byte == needles[2])
            | u8::from(byte == needles[3]);
    }
    let (words, _) = hits.as_chunks::<8>();
    let mut mask = 0;
    for (index, &word) in words.iter().enumerate() {
        // Moves bit 0 of byte i to bit 56 + i; no two products meet, so nothing carries.
        let bits = u64::from_le_bytes(word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (8 * index);
    }
    mask
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_structural_byte_is_found_once_and_in_order(
            text in proptest::collection::vec(prop_oneof![Just(b','), Just(b'\n'), Just(b'"'), Just(b'\r'), any::<u8>()], 0..300),
            cut in 0usize..300,
        ) {
            let expected: Vec<usize> = (0..text.len()).filter(|&at| b",\n\r\"".contains(&text[at])).collect();
            let mut scanner = Scanner::new(b',', Some(b'"'));
            let mut found = Vec::new();
            // First a part of the text, then the whole, as after a refill.
            for part in [&text[..cut.min(text.len())], &text[..]] {
                loop {
                    let end = scanner.next_end(part, |at| found.push(at));
                    let Some(at) = end else { break };
                    found.push(at);
                }
                prop_assert_eq!(scanner.scanned(), part.len());
            }
            prop_assert_eq!(found, expected);
        }
    }
}
