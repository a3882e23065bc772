//! A decimal number as written, without a detour through floats.

use std::fmt;

/// A decimal: `minor` units of 10^-`scale`. Trailing zeros are dropped, so `12.50` equals `12.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    minor: i128,
    scale: u8,
}

impl Decimal {
    /// Reads digits with at most one point and an optional minus: `-12.50`, `3`. `None` for anything else, also for an
    /// exponent, and for more than 38 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let fraction = fraction.trim_end_matches('0');
        // `12.` and `.5` are no numbers of these tables, rather a sign of a wrong column.
        if whole.is_empty() || unsigned.ends_with('.') {
            return None;
        }
        let mut minor: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return None;
            }
            minor = minor.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        let minor = if unsigned.len() < text.len() { -minor } else { minor };
        Some(Self { minor, scale: u8::try_from(fraction.len()).ok()? })
    }

    /// The number in units of 10^-[`scale`](Self::scale).
    pub fn minor(self) -> i128 {
        self.minor
    }

    /// The least number of decimals that shows the number exactly.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The number in units of 10^-`scale`; `None` if it has more decimals than that, or does not fit.
    pub fn at_scale(self, scale: u8) -> Option<i128> {
        let zeros = scale.checked_sub(self.scale)?;
        self.minor.checked_mul(10_i128.checked_pow(zeros.into())?)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0width$}", self.minor.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.minor < 0 { "-" } else { "" };
        let point = if scale > 0 { "." } else { "" };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows_exactly() {
        for (text, minor, scale, shown) in [
            ("0", 0, 0, "0"),
            ("-0.00", 0, 0, "0"),
            ("12.50", 125, 1, "12.5"),
            ("-0.05", -5, 2, "-0.05"),
            ("17743429.178", 17_743_429_178, 3, "17743429.178"),
            ("100", 100, 0, "100"),
        ] {
            let decimal = Decimal::parse(text).unwrap();
            assert_eq!((decimal.minor(), decimal.scale(), decimal.to_string().as_str()), (minor, scale, shown));
        }
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for text in
            ["", "-", ".", "1.", ".5", "1e5", "1,000", "NA", "--1", "+1", " 1", "1.2.3", "1.-2", &"9".repeat(40)]
        {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_scale_too_small_is_none() {
        let decimal = Decimal::parse("1.25").unwrap();
        assert_eq!(decimal.at_scale(4), Some(12_500));
        assert_eq!(decimal.at_scale(1), None);
        assert_eq!(decimal.at_scale(200), None);
    }
}
