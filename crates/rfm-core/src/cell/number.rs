//! Decimal numbers as people and programs write them, exactly.

use core::fmt;

use super::plain::read_plain;
use super::{CellProblem, Shape};
use crate::money::Scale;

/// Which separator begins the decimals of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberFormat {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
    /// Not told and not proven: read as [`NumberFormat::Point`], but `1.234` and `1,234` are refused as ambiguous.
    #[default]
    Undecided,
}

impl fmt::Display for NumberFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumberFormat::Point => "point",
            NumberFormat::Comma => "comma",
            NumberFormat::Undecided => "point or comma",
        })
    }
}

/// An exact decimal cell: `units` of 10^-`places`, with as few places as the value needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Number {
    /// The digits as a whole number.
    pub units: i64,
    /// How many of the digits are decimals.
    pub places: Scale,
    /// Whether decimals were rounded away, as asked for.
    pub rounded: bool,
}

impl Number {
    /// The number without the zeros at the end of its decimals.
    #[inline]
    pub(super) fn trimmed(mut units: i64, places: Scale) -> Number {
        let mut places = places.decimals();
        while places > 0 && units.wrapping_rem(10) == 0 {
            units = units.wrapping_div(10);
            places = places.wrapping_sub(1);
        }
        let places = if units == 0 { 0 } else { places };
        Number { units, places: Scale::new(places).unwrap_or_default(), rounded: false }
    }
}

impl NumberFormat {
    /// Reads a cell: digits, at most one decimal separator, thousands separators in groups of three (the other one of
    /// point and comma, blanks, apostrophes), a sign in front or a minus behind, parentheses for negative, a currency sign or
    /// three-letter code at either end, an exponent. No other text, no infinity, no NaN.
    ///
    /// Zeros at the end of the decimals do not count. More than nine decimals are refused, unless `round` names how many to
    /// keep (rounded half to even).
    ///
    /// # Errors
    ///
    /// The [`CellProblem`].
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::cell::NumberFormat;
    ///
    /// let read = |text| NumberFormat::Comma.read(text, None).map(|number| (number.units, number.places.decimals()));
    /// assert_eq!(read("1.234,50 €"), Ok((12_345, 1)));
    /// assert_eq!(read("(12,00)"), Ok((-12, 0)));
    /// assert!(read("12.50").is_err());
    /// ```
    pub fn read(self, text: &str, round: Option<Scale>) -> Result<Number, CellProblem> {
        match read_plain(text.as_bytes()) {
            Some((number, places)) if self != NumberFormat::Comma || places == 0 => {
                if self == NumberFormat::Undecided && text.len() > 4 && is_ambiguous(text, '.') {
                    return Err(CellProblem::AmbiguousNumber { separator: '.' });
                }
                round_to(number, round)
            }
            _ => self.read_written(text, round),
        }
    }

    /// The slow way, for everything but plain digits with a point.
    fn read_written(self, text: &str, round: Option<Scale>) -> Result<Number, CellProblem> {
        let not_a_number = || CellProblem::NotANumber { format: self, found: Shape::of(text) };
        let Some(written) = Written::of(text) else {
            let empty = text.trim().is_empty();
            return Err(if empty { CellProblem::Empty } else { not_a_number() });
        };
        let decimal = match self {
            NumberFormat::Point => '.',
            NumberFormat::Comma => ',',
            NumberFormat::Undecided => match written.evidence() {
                Some(NumberEvidence { ambiguous: Some(separator), .. }) => {
                    return Err(CellProblem::AmbiguousNumber { separator });
                }
                // A comma that can only be a decimal one contradicts the point that is assumed.
                Some(NumberEvidence { comma: 1.., .. }) => return Err(not_a_number()),
                _ => '.',
            },
        };
        let (units, places) = written.digits(decimal).ok_or_else(not_a_number)?;
        settle(units, places, round)
    }
}

/// A cell taken apart: sign, the characters of the number itself, and the power of ten of an exponent.
struct Written<'t> {
    negative: bool,
    body: &'t str,
    exponent: i32,
}

/// Blanks and apostrophes that group thousands: space, no-break space, thin and narrow no-break space, apostrophes.
const GROUPERS: [char; 6] = [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’'];

impl<'t> Written<'t> {
    fn of(text: &'t str) -> Option<Written<'t>> {
        let mut body = text.trim();
        let mut signs: u8 = 0;
        if let Some(inner) = body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            body = inner.trim();
            signs = 1;
        }
        // Sign and currency come in either order: -$5, $-5, €5-, 5- €.
        for _ in 0..2 {
            body = strip_currency(body);
            let minus = |c: char| c == '-' || c == '\u{2212}';
            if let Some(rest) = body.strip_prefix(minus).or_else(|| body.strip_suffix(minus)) {
                signs = signs.saturating_add(1);
                body = rest.trim();
            } else if let Some(rest) = body.strip_prefix('+') {
                body = rest.trim_start();
            }
        }
        let mut exponent = 0;
        if let Some((mantissa, power)) = body.split_once(['e', 'E']) {
            exponent = power.parse().ok().filter(|power: &i32| power.abs() <= 400)?;
            body = mantissa;
        }
        let numeric = |c: char| c.is_ascii_digit() || c == '.' || c == ',' || GROUPERS.contains(&c);
        let valid = signs <= 1 && body.chars().all(numeric) && body.contains(|c: char| c.is_ascii_digit());
        valid.then_some(Written { negative: signs == 1, body, exponent })
    }

    /// What the separators say about which of them is the decimal one; `None` if there is neither point nor comma, or if
    /// they stand where neither of them can (`12.04.2024`).
    fn evidence(&self) -> Option<NumberEvidence> {
        let last = self.body.rfind(['.', ','])?;
        let separator = if self.body[last..].starts_with('.') { '.' } else { ',' };
        let other = if separator == '.' { ',' } else { '.' };
        let count = self.body.matches(separator).count();
        let decimal = if self.body.contains(other) && count == 1 {
            separator // 1.234,56: the last one
        } else if count > 1 {
            other // 1.234.567: groups
        } else if is_ambiguous(self.body, separator) {
            return Some(NumberEvidence { ambiguous: Some(separator), ..NumberEvidence::default() });
        } else {
            separator
        };
        self.digits(decimal)?;
        Some(if decimal == '.' {
            NumberEvidence { point: 1, ..NumberEvidence::default() }
        } else {
            NumberEvidence { comma: 1, ..NumberEvidence::default() }
        })
    }

    /// The digits as a whole number and the number of decimals, if the separators are where they belong.
    fn digits(&self, decimal: char) -> Option<(i128, i32)> {
        let (whole, fraction) = self.body.split_once(decimal).unwrap_or((self.body, ""));
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let mut groups = whole.split(|c: char| !c.is_ascii_digit());
        let first = groups.next().unwrap_or("");
        let mut separators = whole.chars().filter(|c| !c.is_ascii_digit());
        let separator = separators.next();
        let mut digits = String::with_capacity(self.body.len());
        digits.push_str(first);
        if let Some(separator) = separator {
            if separator == decimal || !(1..=3).contains(&first.len()) || separators.any(|next| next != separator) {
                return None;
            }
            for group in groups {
                if group.len() != 3 {
                    return None;
                }
                digits.push_str(group);
            }
        }
        digits.push_str(fraction);
        let units: i128 = digits.trim_start_matches('0').parse().or_else(|error| zero_if_empty(&digits, error)).ok()?;
        let places = i32::try_from(fraction.len()).ok()?.checked_sub(self.exponent)?;
        Some((if self.negative { units.checked_neg()? } else { units }, places))
    }
}

fn zero_if_empty(digits: &str, error: core::num::ParseIntError) -> Result<i128, core::num::ParseIntError> {
    if digits.bytes().all(|byte| byte == b'0') { Ok(0) } else { Err(error) }
}

/// One separator, one to three digits before it (not a lone zero) and exactly three behind: a fraction or a group?
fn is_ambiguous(text: &str, separator: char) -> bool {
    let text = text.trim_start_matches('-');
    text.split_once(separator).is_some_and(|(whole, rest)| {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        (1..=3).contains(&whole.len()) && !whole.starts_with('0') && rest.len() == 3 && digits(whole) && digits(rest)
    })
}

fn strip_currency(text: &str) -> &str {
    let sign = |c: char| {
        matches!(
            c,
            '$' | '¢' | '£' | '¤' | '¥' | '֏' | '؋' | '৲' | '৳' | '฿' | '៛' | '\u{20a0}'
                ..='\u{20cf}' | '﷼' | '＄' | '￠' | '￡' | '￥' | '￦'
        )
    };
    if let Some(rest) = text.strip_prefix(sign) {
        return rest.trim_start();
    }
    if let Some(rest) = text.strip_suffix(sign) {
        return rest.trim_end();
    }
    let code = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_uppercase());
    if let Some((head, rest)) = text.split_at_checked(3).filter(|(head, rest)| code(head) && !rest.is_empty()) {
        let _ = head;
        return rest.trim_start();
    }
    let tail = text.len().checked_sub(3).and_then(|at| text.split_at_checked(at));
    match tail {
        Some((rest, tail)) if code(tail) && !rest.is_empty() => rest.trim_end(),
        _ => text,
    }
}

/// Brings digits and decimals into the fewest places, within the limits.
pub(super) fn settle(mut units: i128, mut places: i32, round: Option<Scale>) -> Result<Number, CellProblem> {
    if units == 0 {
        return Ok(Number::default());
    }
    while places > 0 && units.wrapping_rem(10) == 0 {
        units = units.wrapping_div(10);
        places = places.wrapping_sub(1);
    }
    while places < 0 {
        units = units.checked_mul(10).ok_or(CellProblem::TooLarge)?;
        places = places.saturating_add(1);
    }
    let allowed = round.unwrap_or(Scale::MAX).decimals();
    let mut rounded = false;
    if let Some(excess) = places.checked_sub(allowed.into()).filter(|excess| *excess > 0) {
        if round.is_none() {
            return Err(CellProblem::TooManyDecimals { places: places.unsigned_abs(), allowed });
        }
        units = u32::try_from(excess)
            .ok()
            .and_then(|excess| 10i128.checked_pow(excess))
            .map_or(0, |divisor| round_half_even(units, divisor));
        rounded = true;
        places = allowed.into();
        while places > 0 && units.wrapping_rem(10) == 0 {
            units = units.wrapping_div(10);
            places = places.wrapping_sub(1);
        }
    }
    let units = i64::try_from(units).map_err(|_| CellProblem::TooLarge)?;
    let places = u8::try_from(places).ok().and_then(Scale::new).ok_or(CellProblem::TooLarge)?;
    Ok(Number { units, places, rounded })
}

#[inline]
pub(super) fn round_to(number: Number, round: Option<Scale>) -> Result<Number, CellProblem> {
    match round {
        Some(scale) if number.places > scale => settle(number.units.into(), number.places.decimals().into(), round),
        _ => Ok(number),
    }
}

/// `units / divisor`, rounded half to even; the divisor is a power of ten.
fn round_half_even(units: i128, divisor: i128) -> i128 {
    let (Some(quotient), Some(rest)) = (units.checked_div(divisor), units.checked_rem(divisor)) else { return units };
    let (rest, half) = (rest.unsigned_abs(), divisor.unsigned_abs().wrapping_div(2));
    let away = rest > half || (rest == half && quotient & 1 != 0);
    if away { quotient.saturating_add(units.signum()) } else { quotient }
}

/// What the cells of an input say about its decimal separator. Evidence of several columns and files adds up.
///
/// # Examples
///
/// ```
/// use rfm_core::cell::{NumberEvidence, NumberFormat};
///
/// let mut evidence = NumberEvidence::default();
/// evidence.observe("1.234");
/// assert_eq!(evidence.format(), Some(NumberFormat::Undecided));
/// evidence.observe("7,5");
/// assert_eq!(evidence.format(), Some(NumberFormat::Comma));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberEvidence {
    point: u64,
    comma: u64,
    ambiguous: Option<char>,
}

impl NumberEvidence {
    /// Takes a cell into account. Cells that are no numbers say nothing.
    pub fn observe(&mut self, text: &str) {
        if let Some(evidence) = Written::of(text).and_then(|written| written.evidence()) {
            self.point = self.point.saturating_add(evidence.point);
            self.comma = self.comma.saturating_add(evidence.comma);
            self.ambiguous = self.ambiguous.or(evidence.ambiguous);
        }
    }

    /// The evidence of both.
    #[must_use]
    pub fn and(self, other: NumberEvidence) -> NumberEvidence {
        NumberEvidence {
            point: self.point.saturating_add(other.point),
            comma: self.comma.saturating_add(other.comma),
            ambiguous: self.ambiguous.or(other.ambiguous),
        }
    }

    /// The format that was proven, [`NumberFormat::Undecided`] if none was; `None` if the cells contradict each other.
    #[must_use]
    pub const fn format(self) -> Option<NumberFormat> {
        match (self.point, self.comma) {
            (0, 0) => Some(NumberFormat::Undecided),
            (_, 0) => Some(NumberFormat::Point),
            (0, _) => Some(NumberFormat::Comma),
            _ => None,
        }
    }

    /// Whether a cell was seen whose value depends on the answer.
    #[must_use]
    pub const fn has_ambiguous_cells(self) -> bool {
        self.ambiguous.is_some()
    }

    /// Cells that prove a decimal point, and cells that prove a decimal comma.
    #[must_use]
    pub const fn counts(self) -> (u64, u64) {
        (self.point, self.comma)
    }
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
