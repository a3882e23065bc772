//! Numbers as nearly all are written: digits with at most one separator between them.

use super::{Number, NumberFormat};
use crate::money::Scale;

/// The same byte eight times.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each of eight bytes.
const HIGHEST: u64 = ONES << 7;

/// How the plain numbers of a column are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlainNumbers {
    /// What begins the decimals, eight times.
    points: u64,
    /// Nothing, where decimals are not plain: they may be groups, or have to be rounded.
    point_bits: u64,
}

impl PlainNumbers {
    pub(super) fn of(format: NumberFormat, round: Option<Scale>) -> PlainNumbers {
        let (point, point_bits) = match (format, round) {
            (NumberFormat::Point, None) => (b'.', HIGHEST),
            (NumberFormat::Comma, None) => (b',', HIGHEST),
            _ => (0, 0),
        };
        PlainNumbers { points: ONES.wrapping_mul(point.into()), point_bits }
    }

    /// The number in a part of a text, if it is plain, as [`NumberFormat::read`] reads it: units and decimals, as few as it needs.
    pub(super) fn read(self, text: &[u8], from: usize, to: usize) -> Option<(i64, Scale)> {
        self.read_some(text, from, to).or_else(|| {
            let (number, places) = read_plain(text.get(from..to)?)?;
            (places == 0 || self.points == ONES.wrapping_mul(b'.'.into())).then_some((number.units, number.places))
        })
    }

    /// The same for nearly all: numbers of at most eight digits and a sign, behind eight bytes of other text.
    #[inline(always)]
    pub(super) fn read_some(self, text: &[u8], from: usize, to: usize) -> Option<(i64, Scale)> {
        let is_negative = *text.get(from)? == b'-';
        let length = to.wrapping_sub(from).wrapping_sub(usize::from(is_negative));
        let word = last_eight(text, to).filter(|_| (1..=8).contains(&length))?;
        let unused = 8usize.wrapping_sub(length).wrapping_mul(8);
        let (units, places) = self.read_short(word, u32::try_from(unused).unwrap_or_default())?;
        Some((if is_negative { units.wrapping_neg() } else { units }, places))
    }

    /// The same for one to eight characters without a sign: all at once, since a loop over so few bytes mostly waits for its own end, which is
    /// never where it was expected. They are the last ones of `word`, of which so many bits in front belong to something else.
    #[inline(always)]
    fn read_short(self, word: u64, unused: u32) -> Option<(i64, Scale)> {
        let used = u64::MAX.wrapping_shl(unused);
        // A byte that is zero borrows from its highest bit; what is unused is not zero.
        let points = (word ^ self.points) | !used;
        let points = points.wrapping_sub(ONES) & !points & self.point_bits;
        let (word, used, places) = if points == 0 {
            (word, used, 0)
        } else {
            // Of the lowest one, which is exact. What is before it moves up into its place.
            let point = points.trailing_zeros() & !7;
            let below = word & 1u64.wrapping_shl(point).wrapping_sub(1);
            let above = word & u64::MAX.wrapping_shl(point).wrapping_shl(8);
            (above | below.wrapping_shl(8), used.wrapping_shl(8), 56u32.wrapping_sub(point).wrapping_shr(3))
        };
        let digits = (word ^ ONES.wrapping_mul(b'0'.into())) & used;
        // What is above 9 reaches the highest bit of its byte.
        if used == 0 || (digits.wrapping_add(ONES.wrapping_mul(0x76)) | digits) & HIGHEST != 0 {
            return None;
        }
        // Pairs of digits, then fours, then all eight.
        let pairs = digits.wrapping_mul(2_561).wrapping_shr(8) & 0x00FF_00FF_00FF_00FF;
        let fours = pairs.wrapping_mul(6_553_601).wrapping_shr(16) & 0x0000_FFFF_0000_FFFF;
        let units = fours.wrapping_mul(42_949_672_960_001).wrapping_shr(32);
        let (units, places) =
            (i64::try_from(units).unwrap_or_default(), Scale::new(u8::try_from(places).unwrap_or_default())?);
        // The last character is the highest byte.
        if places > Scale::UNITS && digits.wrapping_shr(56) == 0 {
            let number = Number::trimmed(units, places);
            return Some((number.units, number.places));
        }
        Some((units, places))
    }
}

/// The eight bytes before a place in a text, the last one highest.
#[inline]
pub(super) fn last_eight(text: &[u8], to: usize) -> Option<u64> {
    text.get(..to)?.last_chunk().map(|last| u64::from_le_bytes(*last))
}

/// An optional minus, up to 18 digits, at most one point between digits. The number, and how many digits are behind the point;
/// `None` for all else.
#[inline]
pub(super) fn read_plain(bytes: &[u8]) -> Option<(Number, u8)> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let (first, last) = (digits.first()?, digits.last()?);
    if digits.len() > 18 || !first.is_ascii_digit() || !last.is_ascii_digit() {
        return None;
    }
    let mut units: i64 = 0;
    let mut rest = digits.iter();
    let mut places: u8 = 0;
    while let Some(byte) = rest.next() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            if *byte != b'.' {
                return None;
            }
            places = u8::try_from(rest.len()).ok()?;
            for byte in rest {
                let digit = byte.wrapping_sub(b'0');
                if digit > 9 {
                    return None;
                }
                units = units.wrapping_mul(10).wrapping_add(digit.into());
            }
            break;
        }
        // 18 digits at most: cannot overflow.
        units = units.wrapping_mul(10).wrapping_add(digit.into());
    }
    let mut needed = places;
    if *last == b'0' {
        while needed > 0 && units.wrapping_rem(10) == 0 {
            units = units.wrapping_div(10);
            needed = needed.wrapping_sub(1);
        }
    }
    let units = if negative { units.wrapping_neg() } else { units };
    Some((Number { units, places: Scale::new(needed)?, rounded: false }, places))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORMATS: [NumberFormat; 3] = [NumberFormat::Point, NumberFormat::Comma, NumberFormat::Undecided];

    /// Reads a text in the middle of another one, and at its start.
    fn read(format: NumberFormat, round: Option<Scale>, text: &str) -> [Option<(i64, u8)>; 2] {
        ["", "12.5,;.9-0"].map(|before| {
            let whole = format!("{before}{text};77");
            let numbers = PlainNumbers::of(format, round);
            let read = numbers.read(whole.as_bytes(), before.len(), before.len() + text.len());
            read.map(|(units, places)| (units, places.decimals()))
        })
    }

    #[test]
    fn plain_numbers_are_read() {
        use NumberFormat::{Comma, Point, Undecided};
        for (format, text, expected) in [
            (Point, "0", (0, 0)),
            (Point, "12", (12, 0)),
            (Point, "-12", (-12, 0)),
            (Point, "99999999", (99_999_999, 0)),
            (Point, "-99999999", (-99_999_999, 0)),
            (Point, "6.95", (695, 2)),
            (Point, "0.0000001", (1, 7)),
            (Point, "-0.50", (-5, 1)),
            (Point, "100.00", (100, 0)),
            (Point, "0.000", (0, 0)),
            (Point, "123456789.25", (12_345_678_925, 2)),
            (Undecided, "400", (400, 0)),
        ] {
            assert_eq!(read(format, None, text), [Some(expected); 2], "{text}");
        }
        // Short numbers with a comma need eight bytes to look at.
        assert_eq!(read(Comma, None, "6,95")[1], Some((695, 2)));
        assert_eq!(read(Comma, None, "-1234,50")[1], Some((-12_345, 1)));
    }

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        for text in [
            "",
            "-",
            "--5",
            ".",
            "-.",
            "1.2.3",
            "1,234.5",
            "+5",
            " 5",
            "5 ",
            "1e3",
            "5\u{20ac}",
            "1\u{0}2",
            "/.5",
            "0123456789012345678",
        ] {
            assert_eq!(read(NumberFormat::Point, None, text), [None; 2], "{text:?}");
        }
        for text in ["1.5", "1,5"] {
            assert_eq!(read(NumberFormat::Undecided, None, text), [None; 2]);
            assert_eq!(read(NumberFormat::Point, Some(Scale::CENTS), text), [None; 2]);
        }
        assert_eq!(read(NumberFormat::Comma, None, "1.234"), [None; 2]);
    }

    proptest! {
        #[test]
        fn a_plain_number_is_the_number_that_is_read_otherwise(
            text in prop_oneof!["-?[0-9]{1,8}", "-?[0-9]{1,5}[.,][0-9]{1,5}", "[-0-9.,/;:e ]{0,10}", "[0-9]{7,19}", "\\PC{0,3}"],
            round in prop::option::of(Just(Scale::CENTS)),
        ) {
            for format in FORMATS {
                for plain in read(format, round, &text).into_iter().flatten() {
                    let number = format.read(&text, round).map(|number| (number.units, number.places.decimals(), number.rounded));
                    prop_assert_eq!(number, Ok((plain.0, plain.1, false)), "{} as {}", &text, format);
                }
            }
        }
    }
}
