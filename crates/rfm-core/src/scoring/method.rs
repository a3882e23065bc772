//! The methods by name, for choosing one at run time.

use core::fmt;
use core::str::FromStr;

use super::{Bins, CustomCuts, CutPoints, FitError, Ntile, RankingStrategy, ScoringStrategy, Values, qcut_drop};
use crate::axes::Score;
use crate::suggest::{did_you_mean, suggest};

/// The built-in methods that give cut points, so that what they learn can be kept and applied to other customers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CutMethod {
    /// Quantiles of the values, `qcut_right`: the cuts are the type-7 quantiles at 1/k .. (k−1)/k (Hyndman & Fan 1996,
    /// doi:10.2307/2684934; the default of R, numpy and pandas), and a value on a cut lies in the bin below it. Equal values
    /// get equal scores.
    Quantile(Bins),
    /// `qcut-drop`, pandas' `pd.qcut(values, k, duplicates="drop")` with the bins numbered from the worst: the same quantiles, of
    /// which those that are equal to each other, to the lowest or to the highest value are one, so that with many equal values
    /// the high scores stay empty. `qcut-drop:4` is how pymc-marketing's `rfm_segments` scores; where it fails because a single
    /// bin is left, everybody scores 1 here.
    QcutDrop(Bins),
    /// Cut points that the caller gives.
    Custom(CustomCuts),
}

/// The built-in methods that only rank the customers at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RankMethod {
    /// SQL's `NTILE`.
    Ntile(Ntile),
}

/// Any built-in method, for choosing one at run time.
///
/// As text: `tertile`, `quartile`, `quintile`, `decile`, `percentile`, a number of bins from 2 to 100 (`7 quantiles`),
/// `cuts 30,90,180`, or the name of another method, which has 5 bins unless they stand behind it: `ntile`, `qcut-drop:4`.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{CustomCuts, Scoring};
///
/// assert_eq!("quintile".parse(), Ok(Scoring::QUINTILE));
/// assert_eq!("5".parse(), Ok(Scoring::QUINTILE));
/// let days: CustomCuts = "30, 90, 180".parse()?;
/// assert_eq!(Scoring::from(days).bins(), 4);
/// # Ok::<(), rfm_core::scoring::CutError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scoring {
    /// One that gives cut points.
    Cuts(CutMethod),
    /// One that only ranks.
    Ranks(RankMethod),
}

const NAMED_BINS: [(&str, Bins); 5] = [
    ("tertile", Bins::TERTILE),
    ("quartile", Bins::QUARTILE),
    ("quintile", Bins::QUINTILE),
    ("decile", Bins::DECILE),
    ("percentile", Bins::PERCENTILE),
];

const QCUT_DROP: &str = "qcut-drop";

impl CutMethod {
    /// Number of bins, 2..=100.
    #[must_use]
    pub fn bins(&self) -> u8 {
        match self {
            CutMethod::Quantile(bins) | CutMethod::QcutDrop(bins) => bins.number(),
            CutMethod::Custom(cuts) => cuts.bins(),
        }
    }
}

impl RankMethod {
    /// Number of bins, 2..=100.
    #[must_use]
    pub fn bins(&self) -> u8 {
        match self {
            RankMethod::Ntile(ntile) => ntile.bins().number(),
        }
    }
}

impl RankMethod {
    /// The method that comes nearest to this one and gives cut points.
    pub(crate) fn nearest_cut_method(&self) -> CutMethod {
        match self {
            RankMethod::Ntile(ntile) => CutMethod::Quantile(ntile.bins()),
        }
    }
}

impl Scoring {
    /// Four bins by quantiles.
    pub const QUARTILE: Scoring = Scoring::Cuts(CutMethod::Quantile(Bins::QUARTILE));
    /// Five bins by quantiles.
    pub const QUINTILE: Scoring = Scoring::Cuts(CutMethod::Quantile(Bins::QUINTILE));
    /// Ten bins by quantiles.
    pub const DECILE: Scoring = Scoring::Cuts(CutMethod::Quantile(Bins::DECILE));

    /// So many bins by quantiles.
    #[must_use]
    pub const fn quantiles(bins: Bins) -> Scoring {
        Scoring::Cuts(CutMethod::Quantile(bins))
    }

    /// Number of bins, 2..=100.
    #[must_use]
    pub fn bins(&self) -> u8 {
        match self {
            Scoring::Cuts(method) => method.bins(),
            Scoring::Ranks(method) => method.bins(),
        }
    }
}

impl ScoringStrategy for CutMethod {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        match self {
            CutMethod::Quantile(bins) => bins.fit(values),
            CutMethod::QcutDrop(bins) => qcut_drop::fit(*bins, values),
            CutMethod::Custom(cuts) => cuts.fit(values),
        }
    }
}

impl RankingStrategy for RankMethod {
    fn rank(&self, values: Values<'_>) -> Result<Vec<Score>, FitError> {
        match self {
            RankMethod::Ntile(ntile) => ntile.rank(values),
        }
    }
}

impl<S: ScoringStrategy + ?Sized> ScoringStrategy for &S {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        (**self).fit(values)
    }
}

impl<S: ScoringStrategy + ?Sized> ScoringStrategy for Box<S> {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        (**self).fit(values)
    }
}

impl From<CutMethod> for Scoring {
    fn from(method: CutMethod) -> Scoring {
        Scoring::Cuts(method)
    }
}

impl From<RankMethod> for Scoring {
    fn from(method: RankMethod) -> Scoring {
        Scoring::Ranks(method)
    }
}

impl From<CustomCuts> for Scoring {
    fn from(cuts: CustomCuts) -> Scoring {
        Scoring::Cuts(CutMethod::Custom(cuts))
    }
}

impl fmt::Display for CutMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CutMethod::Quantile(bins) => match NAMED_BINS.iter().find(|(_, named)| named == bins) {
                Some((name, _)) => f.write_str(name),
                None => write!(f, "{} quantiles", bins.number()),
            },
            CutMethod::QcutDrop(bins) => write!(f, "{QCUT_DROP}:{}", bins.number()),
            CutMethod::Custom(cuts) => write!(f, "cuts {cuts}"),
        }
    }
}

impl fmt::Display for RankMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RankMethod::Ntile(ntile) => write!(f, "ntile:{}", ntile.bins().number()),
        }
    }
}

impl fmt::Display for Scoring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scoring::Cuts(method) => fmt::Display::fmt(method, f),
            Scoring::Ranks(method) => fmt::Display::fmt(method, f),
        }
    }
}

/// The error of a name that no strategy has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no scoring `{name}`; expected quartile, quintile, decile or a number of bins from 2 to 100{}",
    did_you_mean(*similar)
)]
pub struct UnknownScoring {
    name: String,
    similar: Option<&'static str>,
}

impl FromStr for Scoring {
    type Err = UnknownScoring;

    fn from_str(text: &str) -> Result<Scoring, UnknownScoring> {
        let text = text.trim();
        if let Some(cuts) = text.strip_prefix("cuts ").and_then(|cuts| cuts.parse().ok()) {
            return Ok(Scoring::Cuts(CutMethod::Custom(cuts)));
        }
        let unknown = || UnknownScoring {
            name: text.to_owned(),
            similar: suggest(text, NAMED_BINS.map(|(name, _)| name).into_iter().chain(["ntile", QCUT_DROP])),
        };
        let bins = |number: &str| number.parse().ok().and_then(Bins::new);
        let number = text.strip_suffix("quantiles").unwrap_or(text).trim_end();
        let named = NAMED_BINS.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, bins)| *bins);
        if let Some(bins) = named.or_else(|| bins(number)) {
            return Ok(Scoring::quantiles(bins));
        }
        let (name, bins) = match text.split_once(':') {
            Some((name, number)) => (name, bins(number).ok_or_else(unknown)?),
            None => (text, Bins::QUINTILE),
        };
        match name.to_ascii_lowercase().replace('_', "-").as_str() {
            QCUT_DROP => Ok(Scoring::Cuts(CutMethod::QcutDrop(bins))),
            "ntile" => Ok(Scoring::Ranks(RankMethod::Ntile(Ntile::new(bins)))),
            _ => Err(unknown()),
        }
    }
}
