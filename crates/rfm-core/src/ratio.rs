//! Exact rationals: cut points, means, medians and shares.

use core::cmp::Ordering;
use core::fmt;

use crate::money::{Decimal, Scale};

/// An exact rational number in lowest terms.
///
/// Quantile cut points fall between two values, and a mean rarely is a whole number; both are kept exactly and become
/// decimals only where they are shown.
///
/// # Examples
///
/// ```
/// use rfm_core::{Ratio, Scale};
///
/// let third = Ratio::new(2, 6);
/// assert_eq!((third.numerator(), third.denominator()), (1, 3));
/// assert_eq!(third.to_decimal(Scale::CENTS).to_string(), "0.33");
/// assert_eq!(Ratio::new(-7, 2).floor(), -4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    denominator: u64,
}

impl Ratio {
    /// `numerator / denominator`, in lowest terms.
    ///
    /// # Panics
    ///
    /// If `denominator` is 0.
    #[must_use]
    pub fn new(numerator: i128, denominator: u64) -> Ratio {
        assert!(denominator != 0, "a ratio needs a denominator");
        let divisor = gcd(numerator.unsigned_abs(), denominator);
        let reduced = |value: u64| value.checked_div(divisor).unwrap_or(value);
        Ratio {
            numerator: numerator.checked_div(i128::from(divisor)).unwrap_or(numerator),
            denominator: reduced(denominator),
        }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(number: i128) -> Ratio {
        Ratio { numerator: number, denominator: 1 }
    }

    /// The numerator in lowest terms; it carries the sign.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The denominator in lowest terms, at least 1.
    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// The largest whole number that is not above this one.
    #[must_use]
    pub fn floor(self) -> i128 {
        self.numerator.checked_div_euclid(i128::from(self.denominator)).unwrap_or(self.numerator)
    }

    /// The smallest whole number that is not below this one.
    #[must_use]
    pub fn ceil(self) -> i128 {
        if self.denominator == 1 { self.numerator } else { self.floor().saturating_add(1) }
    }

    /// The nearest decimal of a scale; a tie goes to the even neighbour. `None` if it does not fit.
    #[must_use]
    pub fn checked_decimal(self, scale: Scale) -> Option<Decimal> {
        let denominator = u128::from(self.denominator);
        let scaled = self.numerator.unsigned_abs().checked_mul(scale.minor_units().unsigned_abs().into())?;
        let quotient = scaled.checked_div(denominator)?;
        let twice = scaled.checked_rem(denominator)?.checked_mul(2)?;
        let up = match twice.cmp(&denominator) {
            Ordering::Less => 0,
            Ordering::Equal => quotient & 1,
            Ordering::Greater => 1,
        };
        let magnitude = i128::try_from(quotient.checked_add(up)?).ok()?;
        Some(Decimal::new(if self.numerator < 0 { magnitude.checked_neg()? } else { magnitude }, scale))
    }

    /// The nearest decimal of a scale; a tie goes to the even neighbour. Past 10^29 units the finest scale that fits.
    #[must_use]
    pub fn to_decimal(self, scale: Scale) -> Decimal {
        (0..=scale.decimals())
            .rev()
            .filter_map(Scale::new)
            .find_map(|scale| self.checked_decimal(scale))
            .unwrap_or(Decimal::new(self.floor(), Scale::UNITS))
    }

    /// The nearest `f64`, for display and estimates only.
    #[must_use]
    #[expect(clippy::as_conversions, reason = "an estimate is what the caller asks for")]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The sum; `None` if it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Ratio) -> Option<Ratio> {
        // Over the least common denominator.
        let divisor = gcd(self.denominator.into(), other.denominator);
        let (ours, theirs) = (self.denominator.checked_div(divisor)?, other.denominator.checked_div(divisor)?);
        let left = self.numerator.checked_mul(theirs.into())?;
        let right = other.numerator.checked_mul(ours.into())?;
        Some(Ratio::new(left.checked_add(right)?, self.denominator.checked_mul(theirs)?))
    }

    /// The difference; `None` if it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Ratio) -> Option<Ratio> {
        self.checked_add(Ratio { numerator: other.numerator.checked_neg()?, ..other })
    }

    /// The product; `None` if it does not fit.
    #[must_use]
    pub fn checked_mul(self, other: Ratio) -> Option<Ratio> {
        // Reduced crosswise first, so that only what has to be large is.
        let (left, right) =
            (Ratio::new(self.numerator, other.denominator), Ratio::new(other.numerator, self.denominator));
        let numerator = left.numerator.checked_mul(right.numerator)?;
        Some(Ratio::new(numerator, left.denominator.checked_mul(right.denominator)?))
    }

    /// The quotient; `None` of a division by zero, or if it does not fit.
    #[must_use]
    pub fn checked_div(self, other: Ratio) -> Option<Ratio> {
        let numerator = i128::from(other.denominator);
        let denominator = u64::try_from(other.numerator.unsigned_abs()).ok().filter(|denominator| *denominator > 0)?;
        self.checked_mul(Ratio::new(
            if other.numerator < 0 { numerator.checked_neg()? } else { numerator },
            denominator,
        ))
    }

    /// This number of units as a number of minor units (or of any unit `factor` times smaller).
    pub(crate) fn checked_scale(self, factor: i64) -> Option<Ratio> {
        let divisor = gcd(factor.unsigned_abs().into(), self.denominator);
        let factor = i128::from(factor).checked_div(divisor.into())?;
        Some(Ratio::new(self.numerator.checked_mul(factor)?, self.denominator.checked_div(divisor)?))
    }
}

impl From<i64> for Ratio {
    fn from(value: i64) -> Ratio {
        Ratio { numerator: value.into(), denominator: 1 }
    }
}

impl From<Decimal> for Ratio {
    fn from(value: Decimal) -> Ratio {
        Ratio::new(value.minor(), value.scale().minor_units().unsigned_abs())
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        // Whole parts first, then the remainders crosswise: both stay below 2^128, whatever the numerators are.
        let remainder =
            |ratio: &Ratio| ratio.numerator.checked_rem_euclid(ratio.denominator.into()).map_or(0, i128::unsigned_abs);
        let crosswise = |ratio: &Ratio, denominator: u64| remainder(ratio).saturating_mul(denominator.into());
        self.floor()
            .cmp(&other.floor())
            .then_with(|| crosswise(self, other.denominator).cmp(&crosswise(other, self.denominator)))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The exact number if at most nine decimals hold it (`297.4`), otherwise the fraction (`1/3`).
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = (0..=Scale::MAX.decimals()).filter_map(Scale::new).find_map(|scale| {
            let scaled = self.checked_scale(scale.minor_units())?;
            (scaled.denominator == 1).then(|| Decimal::new(scaled.numerator, scale))
        });
        match exact {
            Some(decimal) => fmt::Display::fmt(&decimal, f),
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

/// The greatest common divisor; 1 for two zeros, so that it can always divide.
fn gcd(a: u128, b: u64) -> u64 {
    let mut a = a.checked_rem(u128::from(b)).and_then(|rest| u64::try_from(rest).ok()).unwrap_or(0);
    let mut b = b;
    while let Some(rest) = b.checked_rem(a) {
        (a, b) = (rest, a);
    }
    b.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        let shown = |numerator, denominator| Ratio::new(numerator, denominator).to_decimal(Scale::UNITS).minor();
        assert_eq!([shown(1, 2), shown(3, 2), shown(5, 2), shown(-1, 2), shown(-3, 2)], [0, 2, 2, 0, -2]);
    }

    #[test]
    fn a_ratio_is_shown_exactly() {
        assert_eq!(Ratio::new(1487, 5).to_string(), "297.4");
        assert_eq!(Ratio::new(4, 6).to_string(), "2/3");
        assert_eq!(Ratio::from(-3).to_string(), "-3");
    }

    #[test]
    fn the_extremes_neither_wrap_nor_panic() {
        let huge = Ratio::new(i128::MIN, 1);
        assert_eq!(huge.floor(), i128::MIN);
        assert_eq!(huge.to_decimal(Scale::MAX).minor(), i128::MIN + 1 - 1);
        assert!(huge < Ratio::new(i128::MAX, u64::MAX));
    }

    proptest! {
        #[test]
        fn order_agrees_with_cross_multiplication(
            a in -1_000_000i64..1_000_000, b in 1u32..1000, c in -1_000_000i64..1_000_000, d in 1u32..1000,
        ) {
            let left = Ratio::new(a.into(), b.into());
            let right = Ratio::new(c.into(), d.into());
            prop_assert_eq!(left.cmp(&right), (a * i64::from(d)).cmp(&(c * i64::from(b))));
            prop_assert_eq!(left.floor(), i128::from(a.div_euclid(b.into())));
        }
    }
}
