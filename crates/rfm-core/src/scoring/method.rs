//! The methods by name, for choosing one at run time.

use core::fmt;
use core::str::FromStr;

use super::{
    Bins, CustomCuts, CutPoints, FitError, Ntile, Percentiles, RandomTies, RankingStrategy, ScoringStrategy, Values,
};
use super::{
    cume_dist, natural_breaks, ntile_best_first, p0_quartile, percent_rank, proc_rank, qcut_drop, quantile_left,
    rank_first_qcut, rank_min_cut, rfm_r, tiles,
};
use crate::axes::Score;
use crate::suggest::{did_you_mean, suggest};

/// The built-in methods that give cut points, so that what they learn can be kept and applied to other customers. Equal values
/// always get equal scores.
///
/// k is the number of bins, n that of customers. What is defined on ranks counts them from the worst customer to the best, of
/// recency from the most days to the fewest; the cut below a score is then the worst value that got it, which lies on the better
/// side of the cut, or one minor unit beyond the best value if nobody got it or a higher one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CutMethod {
    /// Quantiles of the values, `qcut_right`: the cuts are the type-7 quantiles at 1/k .. (k−1)/k (Hyndman & Fan 1996,
    /// doi:10.2307/2684934; the default of R, numpy and pandas), and a value on a cut lies in the bin below it.
    Quantile(Bins),
    /// `qcut-drop`, pandas' `pd.qcut(values, k, duplicates="drop")` with the bins numbered from the worst: the same quantiles, of
    /// which those that are equal to each other, to the lowest or to the highest value are one, so that with many equal values
    /// the high scores stay empty. `qcut-drop:4` is how pymc-marketing's `rfm_segments` scores; where it fails because a single
    /// bin is left, everybody scores 1 here.
    QcutDrop(Bins),
    /// `quantile-left`: the same quantiles, but a value on a cut lies in the bin above it.
    QuantileLeft(Bins),
    /// `rfm-r`, R's package `rfm` 0.3.0: the same quantiles plus 1, on every dimension in its own unit, and a value on such a cut
    /// lies in the bin above it. The 1 is a day, an order and a whole unit of money, so that scores depend on the unit of money.
    RfmR(Bins),
    /// `percent-rank`, SQL's `PERCENT_RANK`: with p = customers who are worse / (n − 1), or 0 of a single customer, the bin is
    /// min(k, floor(k p) + 1). An exact edge lies in the bin above it; chains of `BETWEEN` in SQL put it into the one below.
    PercentRank(Bins),
    /// `cume-dist`, SQL's `CUME_DIST` from the best side: with d = customers at least as good / n the score is
    /// k + 1 − ceil(k d). High scores may stay empty.
    CumeDist(Bins),
    /// `cume-dist-worst-first`, SQL's `CUME_DIST` from the worst side: with d = customers at most as good / n the score is
    /// ceil(k d). Low scores may stay empty.
    CumeDistWorstFirst(Bins),
    /// `rank-min-cut`, pandas' `pd.cut(rank(method="min"), k)`: k bins of equal width over the ranks, equal customers having their
    /// lowest one, and a rank on an edge lies in the bin below. If all customers are equal the bin is ceil(k/2), as in pandas.
    RankMinCut(Bins),
    /// `proc-rank`, SAS's `PROC RANK GROUPS=k` and `RANK ... /NTILES(k)` of SPSS Statistics: floor(mean rank · k / (n + 1)) + 1.
    ProcRank(Bins),
    /// `p0-quartile`: the cuts are the values at the positions floor(n i / k), counted from 1, of the list in ascending order, or
    /// the lowest value if that is 0; a value on a cut lies in the bin above it.
    P0Quartile(Bins),
    /// `natural-breaks`, Jenks' optimal classes (Fisher 1958, doi:10.1080/01621459.1958.10501479; Wang & Song 2011,
    /// doi:10.32614/RJ-2011-015): the least sum of squared deviations from the means of the classes, exactly; of equally good
    /// classes those whose cuts are nearest to the worst value. With fewer distinct values than bins each is a class, from score 1
    /// on. Means and rates need a common denominator that fits 128 bits, or fitting is [`FitError::Overflow`].
    NaturalBreaks(Bins),
    /// `tiles-current`, the tiles of equal count of SPSS Modeler with ties kept in the current bin, its default: a value is added to
    /// the current bin, and if bins 1 to i then hold at least n i / k customers, i being that bin, the next value begins the next.
    TilesCurrent(Bins),
    /// `tiles-next`, the same with ties added to the next bin: a value with which bins 1 to i would hold more than n i / k customers
    /// begins the next.
    TilesNext(Bins),
    /// `percentiles:20,50,80`: the type-7 quantiles at percentages that the caller gives; a value on a cut lies in the bin below.
    Percentiles(Percentiles),
    /// `cuts 30,90,180`: cut points that the caller gives.
    Custom(CustomCuts),
}

/// The built-in methods that only rank the customers at hand. They tell equal customers apart, by
/// [`TieOrder`](super::TieOrder).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RankMethod {
    /// `ntile`: SQL's `NTILE`.
    Ntile(Ntile),
    /// `ntile-best-first`: `NTILE` over the best first, where group 1 is the best. What does not divide evenly goes to the best groups,
    /// and of equal customers the first by id is the better.
    NtileBestFirst(Bins),
    /// `rank-first-qcut`, pandas' `pd.qcut(rank(method="first"), k)`: ranks 1 to n from the worst, cut at their type-7 quantiles;
    /// a rank on a cut lies in the bin below it.
    RankFirstQcut(Bins),
    /// `random-ties:5:42`: SPSS's ties that are randomly assigned.
    RandomTies(RandomTies),
}

/// Any built-in method, for choosing one at run time.
///
/// As text: `tertile`, `quartile`, `quintile`, `decile`, `percentile`, a number of bins from 2 to 100 (`7 quantiles`),
/// `cuts 30,90,180`, or the name of another method, which has 5 bins unless they stand behind it: `ntile`, `percent-rank:4`,
/// `percentiles:20,50,80`, `random-ties:5:42`.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Bins, CutMethod, CustomCuts, Scoring};
///
/// assert_eq!("quintile".parse(), Ok(Scoring::QUINTILE));
/// assert_eq!("5".parse(), Ok(Scoring::QUINTILE));
/// assert_eq!("rfm-r:4".parse(), Ok(Scoring::Cuts(CutMethod::RfmR(Bins::QUARTILE))));
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

/// The methods of which a number of bins is all there is to say.
const BY_BINS: [fn(Bins) -> Scoring; 16] = [
    |bins| Scoring::Cuts(CutMethod::Quantile(bins)),
    |bins| Scoring::Cuts(CutMethod::QuantileLeft(bins)),
    |bins| Scoring::Cuts(CutMethod::RfmR(bins)),
    |bins| Scoring::Cuts(CutMethod::PercentRank(bins)),
    |bins| Scoring::Cuts(CutMethod::CumeDist(bins)),
    |bins| Scoring::Cuts(CutMethod::CumeDistWorstFirst(bins)),
    |bins| Scoring::Cuts(CutMethod::RankMinCut(bins)),
    |bins| Scoring::Cuts(CutMethod::ProcRank(bins)),
    |bins| Scoring::Cuts(CutMethod::P0Quartile(bins)),
    |bins| Scoring::Cuts(CutMethod::NaturalBreaks(bins)),
    |bins| Scoring::Cuts(CutMethod::TilesCurrent(bins)),
    |bins| Scoring::Cuts(CutMethod::TilesNext(bins)),
    |bins| Scoring::Cuts(CutMethod::QcutDrop(bins)),
    |bins| Scoring::Ranks(RankMethod::Ntile(Ntile::new(bins))),
    |bins| Scoring::Ranks(RankMethod::NtileBestFirst(bins)),
    |bins| Scoring::Ranks(RankMethod::RankFirstQcut(bins)),
];

const P0_QUARTILE: &str = "p0-quartile";
const PERCENTILES: &str = "percentiles";
/// What pandas' method is called in comparisons of methods: the quantiles.
const QCUT_RIGHT: &str = "qcut-right";
const RANDOM_TIES: &str = "random-ties";

impl CutMethod {
    /// The name, without the number of bins: `quantile`, `percent-rank`, `cuts`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            CutMethod::Quantile(_) => "quantile",
            CutMethod::QuantileLeft(_) => "quantile-left",
            CutMethod::RfmR(_) => "rfm-r",
            CutMethod::PercentRank(_) => "percent-rank",
            CutMethod::CumeDist(_) => "cume-dist",
            CutMethod::CumeDistWorstFirst(_) => "cume-dist-worst-first",
            CutMethod::RankMinCut(_) => "rank-min-cut",
            CutMethod::ProcRank(_) => "proc-rank",
            CutMethod::P0Quartile(_) => P0_QUARTILE,
            CutMethod::NaturalBreaks(_) => "natural-breaks",
            CutMethod::TilesCurrent(_) => "tiles-current",
            CutMethod::TilesNext(_) => "tiles-next",
            CutMethod::QcutDrop(_) => "qcut-drop",
            CutMethod::Percentiles(_) => PERCENTILES,
            CutMethod::Custom(_) => "cuts",
        }
    }

    /// Number of bins, 2..=100.
    #[must_use]
    pub fn bins(&self) -> u8 {
        match self {
            CutMethod::Quantile(bins)
            | CutMethod::QuantileLeft(bins)
            | CutMethod::RfmR(bins)
            | CutMethod::PercentRank(bins)
            | CutMethod::CumeDist(bins)
            | CutMethod::CumeDistWorstFirst(bins)
            | CutMethod::RankMinCut(bins)
            | CutMethod::ProcRank(bins)
            | CutMethod::P0Quartile(bins)
            | CutMethod::NaturalBreaks(bins)
            | CutMethod::TilesCurrent(bins)
            | CutMethod::TilesNext(bins)
            | CutMethod::QcutDrop(bins) => bins.number(),
            CutMethod::Percentiles(percentiles) => percentiles.bins(),
            CutMethod::Custom(cuts) => cuts.bins(),
        }
    }
}

impl RankMethod {
    /// The name, without the number of bins: `ntile`, `random-ties`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            RankMethod::Ntile(_) => "ntile",
            RankMethod::NtileBestFirst(_) => "ntile-best-first",
            RankMethod::RankFirstQcut(_) => "rank-first-qcut",
            RankMethod::RandomTies(_) => RANDOM_TIES,
        }
    }

    /// Number of bins, 2..=100.
    #[must_use]
    pub fn bins(&self) -> u8 {
        self.number_of_bins().number()
    }

    const fn number_of_bins(&self) -> Bins {
        match self {
            RankMethod::Ntile(ntile) => ntile.bins(),
            RankMethod::NtileBestFirst(bins) | RankMethod::RankFirstQcut(bins) => *bins,
            RankMethod::RandomTies(random) => random.bins(),
        }
    }

    /// The method that comes nearest to this one and gives cut points.
    pub(crate) fn nearest_cut_method(&self) -> CutMethod {
        // All of them make groups as even as can be, which quantiles do but for ties.
        CutMethod::Quantile(self.number_of_bins())
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

    /// All methods that a number of bins makes, with so many; what is missing are `cuts`, `percentiles` and `random-ties`, which
    /// need more.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::scoring::{Bins, Scoring};
    ///
    /// let names: Vec<&str> = Scoring::methods(Bins::QUARTILE).iter().map(Scoring::name).collect();
    /// assert!(names.contains(&"ntile") && names.contains(&"natural-breaks"));
    /// ```
    #[must_use]
    pub fn methods(bins: Bins) -> Vec<Scoring> {
        BY_BINS.iter().map(|method| method(bins)).collect()
    }

    /// The name, without the number of bins.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Scoring::Cuts(method) => method.name(),
            Scoring::Ranks(method) => method.name(),
        }
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
            CutMethod::QuantileLeft(bins) => quantile_left::fit(*bins, values),
            CutMethod::RfmR(bins) => rfm_r::fit(*bins, values),
            CutMethod::PercentRank(bins) => percent_rank::fit(*bins, values),
            CutMethod::CumeDist(bins) => cume_dist::fit_best_first(*bins, values),
            CutMethod::CumeDistWorstFirst(bins) => cume_dist::fit_worst_first(*bins, values),
            CutMethod::RankMinCut(bins) => rank_min_cut::fit(*bins, values),
            CutMethod::ProcRank(bins) => proc_rank::fit(*bins, values),
            CutMethod::P0Quartile(bins) => p0_quartile::fit(*bins, values),
            CutMethod::NaturalBreaks(bins) => natural_breaks::fit(*bins, values),
            CutMethod::TilesCurrent(bins) => tiles::fit_current(*bins, values),
            CutMethod::TilesNext(bins) => tiles::fit_next(*bins, values),
            CutMethod::Percentiles(percentiles) => percentiles.fit(values),
            CutMethod::QcutDrop(bins) => qcut_drop::fit(*bins, values),
            CutMethod::Custom(cuts) => cuts.fit(values),
        }
    }
}

impl RankingStrategy for RankMethod {
    fn rank(&self, values: Values<'_>) -> Result<Vec<Score>, FitError> {
        match self {
            RankMethod::Ntile(ntile) => ntile.rank(values),
            RankMethod::NtileBestFirst(bins) => ntile_best_first::rank(*bins, values),
            RankMethod::RankFirstQcut(bins) => rank_first_qcut::rank(*bins, values),
            RankMethod::RandomTies(random) => random.rank(values),
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

impl From<Percentiles> for Scoring {
    fn from(percentiles: Percentiles) -> Scoring {
        Scoring::Cuts(CutMethod::Percentiles(percentiles))
    }
}

impl fmt::Display for CutMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CutMethod::Quantile(bins) => match NAMED_BINS.iter().find(|(_, named)| named == bins) {
                Some((name, _)) => f.write_str(name),
                None => write!(f, "{} quantiles", bins.number()),
            },
            CutMethod::Percentiles(percentiles) => write!(f, "{PERCENTILES}:{percentiles}"),
            CutMethod::Custom(cuts) => write!(f, "cuts {cuts}"),
            method => write!(f, "{}:{}", method.name(), method.bins()),
        }
    }
}

impl fmt::Display for RankMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name(), self.bins())?;
        match self {
            RankMethod::RandomTies(random) => write!(f, ":{}", random.seed()),
            _ => Ok(()),
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

/// The error of a name that no strategy has, or of one that lacks what it needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no scoring `{name}`; expected {}", .expected.text())]
pub struct UnknownScoring {
    name: String,
    expected: Expected,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Expected {
    /// A name; that one is similar.
    Name(Option<&'static str>),
    Bins(&'static str),
    Percentages,
    Seed,
}

impl Expected {
    fn text(&self) -> String {
        match self {
            Expected::Name(similar) => {
                let others = Scoring::methods(Bins::QUINTILE);
                let others: Vec<&str> = others.iter().map(Scoring::name).collect();
                format!(
                    "quartile, quintile, decile, a number of bins from 2 to 100, cuts 30,90, or another method: {}, \
                     {PERCENTILES}:20,50,80, {RANDOM_TIES}:BINS:SEED{}",
                    others.join(", "),
                    did_you_mean(*similar)
                )
            }
            Expected::Bins(name) => format!("2 to 100 bins behind the name, such as {name}:4"),
            Expected::Percentages => format!("ascending percentages between 0 and 100, such as {PERCENTILES}:20,50,80"),
            Expected::Seed => format!("2 to 100 bins and a seed behind the name, such as {RANDOM_TIES}:5:42"),
        }
    }
}

impl FromStr for Scoring {
    type Err = UnknownScoring;

    fn from_str(text: &str) -> Result<Scoring, UnknownScoring> {
        let text = text.trim();
        let cuts = text.strip_prefix("cuts").and_then(|rest| rest.strip_prefix([' ', ':']));
        if let Some(cuts) = cuts.and_then(|cuts| cuts.parse().ok()) {
            return Ok(Scoring::Cuts(CutMethod::Custom(cuts)));
        }
        let error = |expected| UnknownScoring { name: text.to_owned(), expected };
        let bins = |number: &str| number.trim().parse().ok().and_then(Bins::new);
        let number = text.strip_suffix("quantiles").unwrap_or(text).trim_end();
        let named = NAMED_BINS.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, bins)| *bins);
        if let Some(bins) = named.or_else(|| bins(number)) {
            return Ok(Scoring::quantiles(bins));
        }
        let (name, rest) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let name = name.trim_end().to_ascii_lowercase().replace('_', "-");
        match name.as_str() {
            PERCENTILES => {
                let percentiles: Option<Percentiles> = rest.and_then(|rest| rest.parse().ok());
                return percentiles.map(Scoring::from).ok_or_else(|| error(Expected::Percentages));
            }
            RANDOM_TIES => {
                let both = rest.and_then(|rest| rest.split_once(':'));
                let random =
                    both.and_then(|(number, seed)| Some(RandomTies::new(bins(number)?, seed.trim().parse().ok()?)));
                let method = random.map(RankMethod::RandomTies).map(Scoring::Ranks);
                return method.ok_or_else(|| error(Expected::Seed));
            }
            _ => {}
        }
        let methods = Scoring::methods(Bins::QUINTILE);
        let wanted = if name == QCUT_RIGHT { "quantile" } else { name.as_str() };
        let Some(at) = methods.iter().position(|method| method.name() == wanted) else {
            let names = NAMED_BINS.map(|(name, _)| name).into_iter();
            let names = names.chain(methods.iter().map(Scoring::name)).chain([PERCENTILES, RANDOM_TIES]);
            return Err(error(Expected::Name(suggest(&name, names))));
        };
        // What is called after quartiles makes four, and everything else five, unless it is said.
        let unsaid = if name == P0_QUARTILE { Bins::QUARTILE } else { Bins::QUINTILE };
        match rest.map_or(Some(unsaid), bins) {
            Some(bins) => Ok(BY_BINS[at](bins)),
            None => Err(error(Expected::Bins(methods[at].name()))),
        }
    }
}
