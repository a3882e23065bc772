//! Texts of a few bytes, as ids mostly are.

/// A text of at most 15 bytes: these, zeros behind them, and in the last byte how many there are.
///
/// It is copied, compared and looked at as a number is, and lies in no other memory.
///
/// # Examples
///
/// ```
/// use rfm_core::ShortText;
///
/// assert_eq!(ShortText::digits(536_365), ShortText::new(*b"536365 and more!", 6));
/// assert_eq!(ShortText::new([b'x'; 16], 16), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShortText([u8; 16]);

/// Where the length is.
const LENGTH: u32 = 120;

/// The bits that are zero in bytes below 128.
const NOT_ASCII: u128 = 0x8080_8080_8080_8080_8080_8080_8080_8080;

/// Ones in so many of the lowest bytes.
const FIRST: [u128; 16] = {
    let mut masks = [0; 16];
    let mut length = 1;
    while length < masks.len() {
        masks[length] = masks[length.saturating_sub(1)] << 8 | 0xFF;
        length = length.saturating_add(1);
    }
    masks
};

impl ShortText {
    /// The text of no bytes.
    pub const EMPTY: ShortText = ShortText([0; 16]);

    /// The first bytes of some; `None` if they are to be more than 15, or are no UTF-8.
    #[must_use]
    #[inline]
    pub fn new(padded: [u8; 16], length: usize) -> Option<ShortText> {
        let bytes = u128::from_le_bytes(padded) & FIRST.get(length)?;
        let text = ShortText::of(bytes, u32::try_from(length).ok()?);
        (bytes & NOT_ASCII == 0 || core::str::from_utf8(text.as_bytes()).is_ok()).then_some(text)
    }

    /// The digits of a number; `None` of one that has more than 15.
    #[must_use]
    #[inline]
    pub fn digits(number: u64) -> Option<ShortText> {
        let (before, last) = (number.wrapping_div(EIGHT), number.wrapping_rem(EIGHT));
        if before == 0 {
            let (digits, length) = first_digits(last);
            return Some(ShortText::of(digits.into(), length));
        }
        if before >= SEVEN {
            return None;
        }
        let (digits, length) = first_digits(before);
        let others = u128::from(eight_digits(last) | ZEROS).wrapping_shl(length.wrapping_mul(8));
        Some(ShortText::of(u128::from(digits) | others, length.wrapping_add(8)))
    }

    /// The bytes in their order, of which the others are zero.
    #[inline]
    fn of(bytes: u128, length: u32) -> ShortText {
        ShortText((bytes | u128::from(length) << LENGTH).to_le_bytes())
    }

    /// Its bytes.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        let [text @ .., length] = &self.0;
        text.get(..usize::from(*length)).unwrap_or(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// Numbers below it have at most eight digits.
const EIGHT: u64 = 100_000_000;

/// Numbers below it have at most seven.
const SEVEN: u64 = 10_000_000;

/// The digit zero in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The digits of a number below 10^8, the first one in the lowest byte, and how many there are.
#[inline]
fn first_digits(number: u64) -> (u64, u32) {
    let digits = eight_digits(number);
    // The last digit is one of a number, even if it is zero.
    let unused = digits.trailing_zeros().wrapping_div(8).min(7).wrapping_mul(8);
    ((digits | ZEROS).wrapping_shr(unused), 8u32.wrapping_sub(unused.wrapping_div(8)))
}

/// The eight digits of a number below 10^8 as numbers of one byte each, the first one in the lowest byte.
///
/// Halves, quarters and eighths are divided all at once: by 10^4, by 100 and by 10. A fraction with a power of two below stands for the
/// division, and is exact for numbers this small.
#[inline]
const fn eight_digits(number: u64) -> u64 {
    let halves = number.wrapping_div(10_000) | number.wrapping_rem(10_000) << 32;
    let hundreds = (halves.wrapping_mul(10_486) >> 20) & 0x0000_007F_0000_007F;
    let quarters = hundreds | halves.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = (quarters.wrapping_mul(103) >> 10) & 0x000F_000F_000F_000F;
    tens | quarters.wrapping_sub(tens.wrapping_mul(10)) << 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_formatter() {
        let quarters = (0..10_000u64).flat_map(|quarter| [1, 10_000, 10_001, 10_000_000_000].map(|by| quarter * by));
        let powers = (0..15).map(|power| 10u64.pow(power)).flat_map(|power| [power - 1, power, power + 1]);
        for number in quarters.chain(powers).chain([999_999_999_999_999]) {
            let digits = ShortText::digits(number).unwrap();
            assert_eq!(digits.as_str(), number.to_string());
        }
        assert_eq!(ShortText::digits(1_000_000_000_000_000), None);
        assert_eq!(ShortText::digits(u64::MAX), None);
    }

    #[test]
    fn what_lies_behind_a_text_does_not_count() {
        for length in 0..16 {
            let (one, other) = (ShortText::new([b'a'; 16], length).unwrap(), {
                let mut padded = [b'b'; 16];
                padded[..length].fill(b'a');
                ShortText::new(padded, length).unwrap()
            });
            assert_eq!((one, one.as_bytes()), (other, &[b'a'; 16][..length]));
        }
    }

    #[test]
    fn what_is_no_text_is_none() {
        let padded = *b"\xC3\xA9 and the rest.";
        assert_eq!(ShortText::new(padded, 2).unwrap().as_str(), "é");
        assert_eq!((ShortText::new(padded, 1), ShortText::new(padded, 16)), (None, None));
        assert_eq!((ShortText::new(padded, 0), ShortText::EMPTY.as_str()), (Some(ShortText::EMPTY), ""));
    }
}
