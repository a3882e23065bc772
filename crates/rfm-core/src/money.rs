//! Money as whole minor units of a scale, and decimals as they are shown.

use core::fmt;
use core::str::FromStr;

/// Number of decimals behind the point that one minor unit stands for: 0..=9.
///
/// # Examples
///
/// ```
/// use rfm_core::Scale;
///
/// assert_eq!(Scale::CENTS.minor_units(), 100);
/// assert_eq!(Scale::new(10), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scale(u8);

impl Scale {
    /// No decimals: a minor unit is a unit.
    pub const UNITS: Scale = Scale(0);
    /// Two decimals.
    pub const CENTS: Scale = Scale(2);
    /// Nine decimals, the most there are.
    pub const MAX: Scale = Scale(9);

    /// The scale with that many decimals; `None` above 9.
    #[must_use]
    pub const fn new(decimals: u8) -> Option<Scale> {
        if decimals > Scale::MAX.0 { None } else { Some(Scale(decimals)) }
    }

    /// Decimals behind the point, 0..=9.
    #[must_use]
    pub const fn decimals(self) -> u8 {
        self.0
    }

    /// Minor units in one unit: 10 to the power of [`Scale::decimals`].
    #[must_use]
    pub const fn minor_units(self) -> i64 {
        POWERS[self.index()]
    }

    /// What a value of this scale is multiplied with to stand at `finer`; 1 if `finer` is not finer.
    pub(crate) const fn factor_to(self, finer: Scale) -> i64 {
        POWERS[finer.index().saturating_sub(self.index())]
    }

    #[expect(clippy::as_conversions, reason = "usize::from is not const; u8 always fits")]
    const fn index(self) -> usize {
        self.0 as usize
    }
}

const POWERS: [i64; 10] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// Money of one transaction: whole minor units of a scale that is told beside it.
///
/// # Examples
///
/// ```
/// use rfm_core::Amount;
///
/// let amount = Amount::from_minor(1_999); // 19.99 at two decimals
/// assert_eq!(amount.minor(), 1_999);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// The amount of that many minor units.
    #[must_use]
    pub const fn from_minor(minor: i64) -> Amount {
        Amount(minor)
    }

    /// The number of minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }
}

/// An exact decimal: minor units and how many decimals they stand for. Sums of money are of this type.
///
/// Two decimals are equal if they are written the same: `1.0` is not `1.00`.
///
/// # Examples
///
/// ```
/// use rfm_core::{Decimal, Scale};
///
/// assert_eq!(Decimal::new(17_743_429_178, Scale::new(3).unwrap()).to_string(), "17743429.178");
/// assert_eq!(Decimal::new(-5, Scale::CENTS).to_string(), "-0.05");
/// assert_eq!("12.50".parse(), Ok(Decimal::new(1_250, Scale::CENTS)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decimal {
    minor: i128,
    scale: Scale,
}

/// The error of a text that is not a plain decimal number with at most 9 decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a decimal number such as 12.50, with at most 9 decimals")]
pub struct DecimalError;

impl Decimal {
    /// `minor` units at a scale.
    #[must_use]
    pub const fn new(minor: i128, scale: Scale) -> Decimal {
        Decimal { minor, scale }
    }

    /// The number of minor units.
    #[must_use]
    pub const fn minor(self) -> i128 {
        self.minor
    }

    /// The scale of the minor units.
    #[must_use]
    pub const fn scale(self) -> Scale {
        self.scale
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.scale.minor_units().unsigned_abs().into();
        let magnitude: u128 = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        let whole = magnitude.checked_div(unit).unwrap_or_default();
        if self.scale == Scale::UNITS {
            return write!(f, "{sign}{whole}");
        }
        let fraction = magnitude.checked_rem(unit).unwrap_or_default();
        write!(f, "{sign}{whole}.{fraction:0places$}", places = usize::from(self.scale.0))
    }
}

/// Reads an optional minus, digits, and a point with up to 9 digits; what people write in files is read by [`crate::cell`].
impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Decimal, DecimalError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = whole.strip_prefix('-').unwrap_or(whole);
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if digits.is_empty() || !plain(digits) || !plain(fraction) || text.ends_with('.') {
            return Err(DecimalError);
        }
        let scale = u8::try_from(fraction.len()).ok().and_then(Scale::new).ok_or(DecimalError)?;
        let mut joined = String::with_capacity(text.len());
        joined.push_str(whole);
        joined.push_str(fraction);
        Ok(Decimal::new(joined.parse().map_err(|_| DecimalError)?, scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_extremes_are_shown_in_full() {
        assert_eq!(Decimal::new(i128::MIN, Scale::MAX).to_string(), "-170141183460469231731687303715.884105728");
        assert_eq!(Decimal::new(0, Scale::CENTS).to_string(), "0.00");
        assert_eq!(Decimal::new(7, Scale::UNITS).to_string(), "7");
    }

    #[test]
    fn texts_that_are_not_plain_decimals_are_refused() {
        for text in ["", "-", ".5", "5.", "1.0000000001", "1e3", " 1", "+1", "1,5", "--1", "NaN"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_decimal_reads_back_what_it_shows(minor: i128, decimals in 0u8..=9) {
            let decimal = Decimal::new(minor, Scale::new(decimals).unwrap());
            prop_assert_eq!(decimal.to_string().parse(), Ok(decimal));
        }
    }
}
