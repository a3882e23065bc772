//! Cut points that the caller gives.

use core::fmt;
use core::str::FromStr;

use super::{Closed, CutPoints, FitError, ScoringStrategy, Values};
use crate::axes::Dimension;
use crate::money::Decimal;
use crate::ratio::Ratio;

/// Ascending cut points in units (days, counts, whole units of money), and which side of a cut holds the cut itself.
///
/// As text: numbers with commas between, `30, 90, 180`. A value on a cut lies below it ("up to 30 days", "up to 50.00");
/// `>=` in front puts it above ("from 50.00").
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Closed, CustomCuts};
///
/// let from: CustomCuts = ">=500, 1000, 5000".parse()?;
/// assert_eq!((from.bins(), from.closed()), (4, Closed::Left));
/// assert!("90, 30".parse::<CustomCuts>().is_err());
/// # Ok::<(), rfm_core::scoring::CutError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomCuts {
    cuts: Vec<Ratio>,
    closed: Closed,
}

/// Why cut points are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CutError {
    /// No cut, or more than the 99 that make 100 bins.
    #[error("expected 1 to 99 cut points, found {found}")]
    Count {
        /// Cut points found.
        found: usize,
    },
    /// Not in ascending order.
    #[error("cut points must ascend: {second} stands behind {first}")]
    Order {
        /// A cut.
        first: Ratio,
        /// The one behind it.
        second: Ratio,
    },
    /// Cut points of one dimension where those of another belong.
    #[error("cut points of {found} stand for {expected}")]
    Dimension {
        /// The dimension that they stand for.
        expected: Dimension,
        /// Their own.
        found: Dimension,
    },
    /// Not a percentage between 0 and 100, or one with more digits than can be computed with.
    #[error("expected percentages above 0 and below 100, found {found}")]
    Percentage {
        /// The number.
        found: Ratio,
    },
    /// Not a number.
    #[error("expected cut points such as `30, 90, 180`, found `{text}`")]
    NotANumber {
        /// The text.
        text: String,
    },
}

impl CustomCuts {
    /// Strictly ascending cuts.
    ///
    /// # Errors
    ///
    /// [`CutError`] if there are none or more than 99, or if one is not above the one before.
    pub fn try_new<C: Into<Ratio>>(cuts: impl IntoIterator<Item = C>, closed: Closed) -> Result<CustomCuts, CutError> {
        let cuts: Vec<Ratio> = cuts.into_iter().map(Into::into).collect();
        if let Some(pair) = cuts.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(CutError::Order { first: pair[0], second: pair[1] });
        }
        // Any dimension will do: what is checked does not depend on it.
        CutPoints::try_new(Dimension::Frequency, cuts.clone(), closed)?;
        Ok(CustomCuts { cuts, closed })
    }

    /// The cuts.
    #[must_use]
    pub fn cuts(&self) -> &[Ratio] {
        &self.cuts
    }

    /// Which side of a cut holds the cut itself.
    #[must_use]
    pub const fn closed(&self) -> Closed {
        self.closed
    }

    /// Number of bins: one more than cuts.
    #[must_use]
    pub fn bins(&self) -> u8 {
        u8::try_from(self.cuts.len()).unwrap_or(u8::MAX).saturating_add(1)
    }
}

impl ScoringStrategy for CustomCuts {
    /// There is nothing to learn: the values are not looked at, and may be empty.
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        Ok(CutPoints::try_new(values.dimension(), self.cuts.clone(), self.closed)?)
    }
}

impl fmt::Display for CustomCuts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.closed == Closed::Left { ">=" } else { "" })?;
        for (at, cut) in self.cuts.iter().enumerate() {
            write!(f, "{}{cut}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl FromStr for CustomCuts {
    type Err = CutError;

    fn from_str(text: &str) -> Result<CustomCuts, CutError> {
        let (closed, list) = match text.trim().strip_prefix(">=") {
            Some(rest) => (Closed::Left, rest),
            None => (Closed::Right, text.trim().strip_prefix("<=").unwrap_or(text)),
        };
        let number = |part: &str| {
            let decimal: Result<Decimal, _> = part.trim().parse();
            decimal.map(Ratio::from).map_err(|_| CutError::NotANumber { text: part.trim().to_owned() })
        };
        CustomCuts::try_new(list.split(',').map(number).collect::<Result<Vec<Ratio>, CutError>>()?, closed)
    }
}
