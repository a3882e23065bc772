//! Ids as numbers of 128 bits, and where a number goes in a table.
//!
//! To compare, hash or move a number takes a few instructions, and no look at a text that lies elsewhere in memory.

use core::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::OnceLock;

use super::SummaryError;
use super::texts::Texts;

/// Bytes of a text that a key holds as they are.
const INLINE: usize = 15;

/// In the place of the length: the key is the number of a text that is kept elsewhere.
const NUMBERED: u64 = 0xFF;

/// An id as a number. Short ones are kept as they are, so that their keys are equal if they are, and sort as they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u64, u64);

impl Key {
    /// The bytes of a text from the highest byte on, zeros behind them, and in the lowest byte how many there are. `None` of a
    /// text of 16 bytes or more.
    #[inline]
    pub(super) fn exact(bytes: &[u8]) -> Option<Key> {
        let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= INLINE)?;
        // Two looks that overlap: a copy of so many bytes as are known only here would be a call.
        let bits = |most: u32| most.wrapping_sub(length).wrapping_mul(8);
        let (high, low) = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            (u64::from_be_bytes(*first), u64::from_be_bytes(*last).checked_shl(bits(16)).unwrap_or(0))
        } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let last = u32::from_be_bytes(*last).checked_shl(bits(8)).unwrap_or(0);
            (u64::from(u32::from_be_bytes(*first)) << 32 | u64::from(last), 0)
        } else {
            let byte = |at: usize| u64::from(bytes.get(at).copied().unwrap_or(0));
            (byte(0) << 56 | byte(1) << 48 | byte(2) << 40, 0)
        };
        Some(Key(high, low | u64::from(length)))
    }

    /// The key of a text of any length, exactly: `long` keeps those that are not short.
    #[inline]
    pub(super) fn kept(text: &str, long: &mut Texts) -> Result<Key, SummaryError> {
        match Key::exact(text.as_bytes()) {
            Some(key) => Ok(key),
            None => Ok(Key(long.intern(text)?.into(), NUMBERED)),
        }
    }

    /// The key of a text of any length, of which nothing is kept: two hashes of 64 bits each under random keys stand for one that
    /// is not short.
    ///
    /// That two different texts of n have the same key has a chance of about n² / 2^129: of 10^9 texts 1.5 in 10^21.
    #[inline]
    pub(super) fn hashed(text: &[u8]) -> Key {
        Key::exact(text).unwrap_or_else(|| {
            let [first, second] = &Seeds::get().texts;
            Key(first.hash_one(text), second.hash_one(text))
        })
    }

    /// The hash of the id of a customer.
    #[inline]
    pub(super) fn hash(self) -> u64 {
        Seeds::get().hash(self.words())
    }

    #[inline]
    pub(super) fn words(self) -> [u64; 2] {
        [self.0, self.1]
    }

    /// The key in 96 bits, if the others are zero, as they are in those of short texts of up to 11 bytes.
    #[inline]
    pub(super) fn packed(self) -> Option<(u32, u64)> {
        const ZEROS: u64 = 0xFF_FFFF_FF00;
        let Key(high, low) = self;
        (low & ZEROS == 0).then(|| (u32::try_from(low >> 32 | low & 0xFF).unwrap_or(0), high))
    }

    /// The same key where this many other texts come before its own.
    pub(super) fn moved(self, texts: usize) -> Key {
        match self {
            Key(number, NUMBERED) => Key(number.saturating_add(u64::try_from(texts).unwrap_or(u64::MAX)), NUMBERED),
            key => key,
        }
    }

    /// The text of a key that [`Key::kept`] made; `bytes` holds a short one.
    pub(super) fn text<'t>(self, long: &'t Texts, bytes: &'t mut [u8; 16]) -> &'t str {
        let Key(high, low) = self;
        if low == NUMBERED {
            return u32::try_from(high).map_or("", |number| long.get(number));
        }
        *bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
        let length = usize::from(bytes[INLINE]);
        bytes.get(..length).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or("")
    }
}

/// The random numbers by which this process hashes: one set for all summaries, so that hashes of one mean something to another.
///
/// Nothing of them reaches a result: tables are counted and sorted, never shown in their order.
pub(super) struct Seeds {
    factors: [u128; 3],
    addend: u128,
    pub(super) texts: [RandomState; 2],
}

impl Seeds {
    /// The ones of this process.
    #[inline]
    pub(super) fn get() -> &'static Seeds {
        static SEEDS: OnceLock<Seeds> = OnceLock::new();
        SEEDS.get_or_init(|| {
            let random = RandomState::new();
            let word = |at: u32| u128::from(random.hash_one(at));
            let wide = |at: u32| word(at) << 64 | word(at.wrapping_add(1));
            Seeds {
                factors: [wide(0), wide(2), wide(4)],
                addend: wide(6),
                texts: [RandomState::new(), RandomState::new()],
            }
        })
    }

    /// Hashes up to three numbers.
    ///
    /// The vector multiply-shift scheme of Thorup, "High Speed Hashing for Integers and Strings" (arXiv:1504.06804), section 3.5:
    /// whoever chooses the numbers without knowing the factors makes any two lists of them hash alike with a chance of 1 in 2^64.
    /// What it makes of numbers that follow each other is mixed, so that they do not lie side by side in tables.
    #[inline]
    pub(super) fn hash<const N: usize>(&self, words: [u64; N]) -> u64 {
        const { assert!(N <= 3, "there are three factors") };
        let products = words.iter().zip(self.factors).map(|(word, factor)| factor.wrapping_mul((*word).into()));
        mixed(upper(products.fold(self.addend, u128::wrapping_add)))
    }
}

/// Another number for each number, of which all upper digits depend on all digits.
#[inline]
fn mixed(hash: u64) -> u64 {
    (hash ^ hash >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn upper(product: u128) -> u64 {
    u64::try_from(product >> 64).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(text: &str) -> String {
        let mut long = Texts::default();
        let key = Key::kept(text, &mut long).unwrap();
        key.text(&long, &mut [0; 16]).to_owned()
    }

    #[test]
    fn texts_of_each_length_come_back() {
        for length in 0..40 {
            let text: String = ('a'..='z').cycle().take(length).collect();
            assert_eq!(same(&text), text);
            assert_eq!(Key::exact(text.as_bytes()).is_some(), length <= INLINE);
        }
    }

    proptest! {
        #[test]
        fn keys_are_equal_and_sorted_as_short_texts_are(left in "[a\u{0}é]{0,7}", right in "[a\u{0}é]{0,7}") {
            prop_assert_eq!(Key::exact(left.as_bytes()).cmp(&Key::exact(right.as_bytes())), left.cmp(&right));
            prop_assert_eq!(same(&left), left);
        }

        #[test]
        fn long_texts_are_told_apart(left in "[ab]{12,20}", right in "[ab]{12,20}") {
            prop_assert_eq!(Key::hashed(left.as_bytes()) == Key::hashed(right.as_bytes()), left == right);
            let mut long = Texts::default();
            let (first, second) = (Key::kept(&left, &mut long).unwrap(), Key::kept(&right, &mut long).unwrap());
            prop_assert_eq!(first == second, left == right);
        }
    }
}
