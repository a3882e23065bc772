//! Files with some bytes changed, always the same.
//!
//! Readers are tried with these by the hundred thousand. Bytes changed at random in a zip archive are nearly all caught by its
//! checksums, so that no reader of XML is tried; [`Damage::inside`] changes a part and writes an archive around it that is sound.

use crate::archive::Archive;
use crate::generate::SplitMix64;

/// A copy of a file and how it was damaged.
///
/// ```
/// use rfm_testkit::damage::Damage;
///
/// let one = Damage::new(7, 0).anywhere(b"id,date,amount");
/// assert_eq!(one, Damage::new(7, 0).anywhere(b"id,date,amount"));
/// assert_ne!(one, b"id,date,amount");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Damage {
    random: SplitMix64,
}

/// What stands in files where numbers, tags and lengths are read.
const TELLING: &[u8] = b"\0\x01\x7F\x80\xFE\xFF<>/\"'&=0919-.eE,;\n ";

impl Damage {
    /// The damage of a number, of a seed.
    #[must_use]
    pub fn new(seed: u64, number: u64) -> Damage {
        let mut random = SplitMix64::new(seed);
        Damage { random: SplitMix64::new(random.next_u64() ^ number) }
    }

    /// One to four bytes are changed, anywhere: a bit turned, a byte replaced, put in or taken out. An empty file stays so.
    #[must_use]
    pub fn anywhere(mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        self.edit(&mut bytes);
        bytes
    }

    /// The same within one part of a zip archive, with sizes and checksums made to fit. `None` if it is no zip archive.
    #[must_use]
    pub fn inside(mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut parts = Archive::contents(bytes)?;
        let length = |parts: &[(String, Vec<u8>)], at: usize| parts[at].1.len();
        let chosen: Vec<usize> = (0..parts.len()).filter(|part| length(&parts, *part) > 0).collect();
        // Small parts say how large ones are read, so each is as likely.
        let part = *chosen.get(self.below(chosen.len()))?;
        self.edit(&mut parts[part].1);
        let archive = parts.iter().fold(Archive::new(), |archive, (name, content)| archive.stored_part(name, content));
        Some(archive.build())
    }

    fn edit(&mut self, bytes: &mut Vec<u8>) {
        let before = bytes.clone();
        // Edits may undo each other.
        while *bytes == before && !before.is_empty() {
            for _ in 0..=self.below(4) {
                let at = self.below(bytes.len());
                let telling = TELLING[self.below(TELLING.len())];
                match self.below(8) {
                    0..3 => bytes[at] ^= 1 << self.below(8),
                    3..6 => bytes[at] = telling,
                    6 => bytes.insert(at, telling),
                    _ if bytes.len() > 1 => drop(bytes.remove(at)),
                    _ => {}
                }
            }
        }
    }

    fn below(&mut self, n: usize) -> usize {
        self.random.below(u32::try_from(n).unwrap_or(u32::MAX)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_bytes_change_and_numbers_differ() {
        let plain = vec![b'x'; 1_000];
        let copies: Vec<Vec<u8>> = (0..100).map(|number| Damage::new(1, number).anywhere(&plain)).collect();
        for copy in &copies {
            assert!(copy.len().abs_diff(plain.len()) <= 4);
            let changed = copy.iter().filter(|byte| **byte != b'x').count();
            assert!(copy != &plain && changed <= 4);
        }
        assert!(copies.windows(2).any(|pair| pair[0] != pair[1]));
        assert_eq!(Damage::new(1, 1).anywhere(b""), b"");
    }

    #[test]
    fn one_part_changes_and_the_archive_stays_sound() {
        let archive = Archive::new().part("a", "some text").part("empty", "").stored_part("b", "other").build();
        let plain = Archive::contents(&archive).unwrap();
        for number in 0..50 {
            let damaged = Archive::contents(&Damage::new(3, number).inside(&archive).unwrap()).unwrap();
            let changed = plain.iter().zip(&damaged).filter(|(plain, damaged)| plain != damaged).count();
            assert_eq!((damaged.len(), changed), (3, 1));
        }
        assert_eq!(Damage::new(3, 0).inside(b"no archive"), None);
    }
}
