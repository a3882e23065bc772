//! Floats as the decimals that they stand for.

use core::fmt::{self, Write as _};

use crate::money::Scale;

/// The shortest decimal that reads back as the float: digits, and how many of them are decimals (negative: zeros that
/// follow). `None` for infinity and NaN.
pub(super) fn shortest(number: f64) -> Option<(i128, i32)> {
    if let Some((units, places)) = short(number) {
        return Some((units.into(), places.decimals().into()));
    }
    if !number.is_finite() {
        return None;
    }
    let mut text = Digits { bytes: [0; 32], length: 0 };
    // `-1.2345e-5`: at most a sign, 17 digits, a point and an exponent of three digits with its sign.
    write!(text, "{number:e}").ok()?;
    let (mantissa, exponent) = core::str::from_utf8(&text.bytes[..text.length]).ok()?.split_once('e')?;
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut units: i128 = whole.parse().ok()?;
    for digit in decimals.bytes() {
        let digit = i128::from(digit.checked_sub(b'0')?);
        units = units.checked_mul(10)?.checked_add(if number < 0.0 { digit.checked_neg()? } else { digit })?;
    }
    let places = i32::try_from(decimals.len()).ok()?.checked_sub(exponent.parse().ok()?)?;
    Some((units, places))
}

/// The same of a float of at most 15 digits, of which at most 4 are decimals, as most prices are, without making a text of it;
/// perhaps with zeros at the end.
#[inline]
pub(super) fn short(number: f64) -> Option<(i64, Scale)> {
    SHORT.into_iter().find_map(|(power, places)| Some((times(number, power)?, places)))
}

const TEN_THOUSANDTHS: Scale = Scale::new(4).expect("there are up to 9");

/// The powers of ten by which short decimals are tried to be whole numbers.
const SHORT: [(f64, Scale); 2] = [(100.0, Scale::CENTS), (10_000.0, TEN_THOUSANDTHS)];

/// The whole number below 10^15 that the decimal of a float is times a power of ten, if it is one.
///
/// A decimal of 15 digits is told from every other one by the float that it reads as, so that one that is found is the shortest.
/// The quotient of two exact floats is the float nearest to that of the numbers.
#[inline]
#[expect(clippy::as_conversions, reason = "a whole number below 10^15 is a float and an i64 alike")]
fn times(number: f64, power: f64) -> Option<i64> {
    // What is added has no bits for decimals left; adding it rounds to whole numbers, and is no call of a library.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let units = number * power + WHOLE - WHOLE;
    // Also false for what is no number.
    (units.abs() < 1e15 && units / power == number).then_some(units as i64)
}

/// Floats as decimals of one scale: appends their digits as whole numbers, perhaps with zeros at the end, and gives the scale.
///
/// `None` if one has more than 4 decimals or 15 digits, or is no number; then anything was appended. Each is the shortest decimal that
/// reads back as the float, as it is for [`Cell::Float`](super::Cell::Float).
///
/// # Examples
///
/// ```
/// use rfm_core::Scale;
/// use rfm_core::cell::short_decimals;
///
/// let mut units = Vec::new();
/// assert_eq!(short_decimals(&[2.1, 0.55, 7.0], &mut units), Some(Scale::CENTS));
/// assert_eq!(units, [210, 55, 700]);
/// assert_eq!(short_decimals(&[2.1, 1e-7], &mut units), None);
/// ```
pub fn short_decimals(numbers: &[f64], units: &mut Vec<i64>) -> Option<Scale> {
    let before = units.len();
    SHORT.into_iter().find_map(|(power, places)| {
        let mut are_short = true;
        units.truncate(before);
        units.extend(numbers.iter().map(|number| {
            let units = times(*number, power);
            are_short &= units.is_some();
            units.unwrap_or_default()
        }));
        are_short.then_some(places)
    })
}

/// Room for the digits of one float.
struct Digits {
    bytes: [u8; 32],
    length: usize,
}

impl fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length.checked_add(text.len()).ok_or(fmt::Error)?;
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_float_that_is_not_short_makes_none_short() {
        let mut units = vec![7];
        assert_eq!(short_decimals(&[0.5, -0.0, 1.2345], &mut units), Some(TEN_THOUSANDTHS));
        assert_eq!(units, [7, 5_000, 0, 12_345]);
        for number in [f64::NAN, f64::INFINITY, 1e13, -1e300, 0.1 + 0.2, 1.000_01, f64::MIN_POSITIVE] {
            assert_eq!(short_decimals(&[0.5, number], &mut units), None, "{number}");
        }
        assert_eq!(short_decimals(&[], &mut units), Some(Scale::CENTS));
    }

    proptest! {
        #[test]
        fn the_shortest_decimal_reads_back_as_the_float(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
            let (units, places) = shortest(number).expect("finite");
            prop_assert_eq!(format!("{units}e{}", -places).parse::<f64>().expect("a number"), number);
            prop_assert!(units.unsigned_abs() < 10u128.pow(17));
        }

        #[test]
        fn floats_together_are_what_each_is(numbers in prop::collection::vec(-1_000_000i32..1_000_000, 0..20), power in 0i32..6) {
            let floats: Vec<f64> = numbers.iter().map(|number| f64::from(*number) / 10f64.powi(power)).collect();
            let mut units = Vec::new();
            let Some(scale) = short_decimals(&floats, &mut units) else {
                prop_assert!(floats.iter().any(|float| short(*float).is_none()));
                return Ok(());
            };
            for (units, number) in units.into_iter().zip(numbers) {
                prop_assert_eq!(i64::from(number) * scale.minor_units(), units * 10i64.pow(power.unsigned_abs()));
            }
        }
    }
}
