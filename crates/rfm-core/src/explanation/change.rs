//! The smallest change that leads to a better segment.

use core::fmt;

use crate::axes::{Axes, RfmCell, Score};
use crate::day::Day;
use crate::measures::{FrequencyMeasure, MonetaryMeasure, RecencyMeasure};
use crate::money::Decimal;
use crate::ratio::Ratio;
use crate::scoring::{Closed, CutPoints};
use crate::segmentation::{Segmentation, SegmentationRow};
use crate::segments::Lattice;

/// What a customer would have to buy to be in a better segment: how often, for how much and since when, with the cut points as
/// they are.
///
/// Better is a segment that the rules list earlier. The change is certain: whoever brings more money than the least, or comes
/// later than the first day, is in a better segment too. Of all such changes this is the one with the fewest orders; of those
/// the one with the least money, and of those the one that leaves the most time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    times: u64,
    counts_lines: bool,
    least: Decimal,
    since: Day,
    until: Day,
    segment: String,
    is_first: bool,
}

impl Change {
    /// How many more orders (or lines, where frequency counts these), 1 or more.
    #[must_use]
    pub const fn times(&self) -> u64 {
        self.times
    }

    /// The least that they have to bring together, at least one minor unit.
    #[must_use]
    pub const fn least(&self) -> Decimal {
        self.least
    }

    /// The first day on which the latest of them may be.
    #[must_use]
    pub const fn since(&self) -> Day {
        self.since
    }

    /// The analysis date, which is the last day on which they may be.
    #[must_use]
    pub const fn until(&self) -> Day {
        self.until
    }

    /// The segment that the customer would be in at the least; more money or a later day may lead to one that is listed before it.
    #[must_use]
    pub fn segment(&self) -> &str {
        &self.segment
    }
}

/// `1 more order of at least 12.50 between 2011-11-28 and 2011-12-10 leads to Loyal Customers or better`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.counts_lines { "line" } else { "order" };
        let (plural, together, last) = if self.times > 1 { ("s", "together ", ", the last one") } else { ("", "", "") };
        write!(f, "{} more {what}{plural} of ", self.times)?;
        match self.least.minor() {
            ..=1 => write!(f, "any amount{last}")?,
            _ => write!(f, "{together}at least {}{last}", self.least)?,
        }
        match (self.since, self.until) {
            (since, until) if since == until => write!(f, " on {until}")?,
            (since, until) => write!(f, " between {since} and {until}")?,
        }
        let (lead, better) =
            (if self.times > 1 { ", lead" } else { " leads" }, if self.is_first { "" } else { " or better" });
        write!(f, "{lead} to {}{better}", self.segment)
    }
}

/// Why no change is told that leads to a better segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoChange {
    /// The customer is in the first segment.
    First,
    /// No number of orders leads for certain to a segment that the rules list earlier.
    OutOfReach,
    /// There are no segments.
    NoSegments,
    /// What one more order does to a measure is not told by the order alone.
    Measures,
    /// A dimension is only ranked, so that a place depends on what the others do.
    Ranked,
    /// Rules ask for more than scores.
    Rules,
}

impl fmt::Display for NoChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoChange::First => "the customer is in the first segment",
            NoChange::OutOfReach => "no number of orders leads for certain to a segment that the rules list earlier",
            NoChange::NoSegments => "there are no segments",
            NoChange::Measures => "what one more order does to these measures depends on more than the order",
            NoChange::Ranked => "customers are only ranked, and a place depends on what the others do",
            NoChange::Rules => "the rules compare measures, which the order alone does not tell",
        })
    }
}

/// What tells for the customers of a result what a change would do.
#[derive(Debug)]
pub(super) struct Changes<'s> {
    segmentation: &'s Segmentation,
    cuts: Axes<&'s CutPoints>,
    lattice: Lattice,
}

impl<'s> Changes<'s> {
    /// Not if what one more order does to a measure is not told by the order alone, or if there are no cut points, or if rules
    /// ask for more than scores.
    pub(super) fn new(segmentation: &'s Segmentation) -> Result<Changes<'s>, NoChange> {
        let measures = segmentation.measures();
        let is_told = measures.recency == RecencyMeasure::Days
            && match measures.monetary {
                MonetaryMeasure::Total => {
                    matches!(measures.frequency, FrequencyMeasure::Orders | FrequencyMeasure::Lines)
                }
                MonetaryMeasure::MeanOrder => measures.frequency == FrequencyMeasure::Orders,
                _ => false,
            };
        if segmentation.segment_model().segments().is_empty() {
            return Err(NoChange::NoSegments);
        }
        if !is_told {
            return Err(NoChange::Measures);
        }
        if !segmentation.segment_model().is_over_scores() {
            return Err(NoChange::Rules);
        }
        let cuts = segmentation.cuts().as_ref().try_map(|_, cuts| cuts.as_ref().ok_or(NoChange::Ranked))?;
        Ok(Changes { segmentation, cuts, lattice: segmentation.segment_model().lattice() })
    }

    /// The smallest change, or why there is none.
    pub(super) fn find(&self, row: &SegmentationRow<'_>) -> Result<Change, NoChange> {
        let why = if row.segment_position() == 0 { NoChange::First } else { NoChange::OutOfReach };
        self.smallest(row).ok_or(why)
    }

    /// Tries one more order, then as many more as the next frequency score asks for, and so on.
    fn smallest(&self, row: &SegmentationRow<'_>) -> Option<Change> {
        let (customer, segment_now) = (row.customer(), row.segment_position());
        let counts_lines = self.segmentation.measures().frequency == FrequencyMeasure::Lines;
        let count = i128::from(if counts_lines { customer.lines() } else { customer.orders() });
        let bins = self.segmentation.bins();
        let days: Vec<(Score, Day)> =
            scores(bins.recency).filter_map(|score| Some((score, self.since(score, row)?))).collect();
        scores(bins.frequency).find_map(|frequency| {
            let times = self.times(frequency, count)?;
            let orders = count.checked_add(times)?;
            let money = scores(bins.monetary)
                .filter_map(|score| Some((score, self.least(score, customer.total().minor(), orders)?)));
            let money: Vec<(Score, i128)> = money.collect();
            let (least, since, position) = self.least_certain(frequency, &money, &days, segment_now)?;
            Some(Change {
                times: u64::try_from(times).ok()?,
                counts_lines,
                least: Decimal::new(least, self.segmentation.customers().scale()),
                since,
                until: self.segmentation.analysis_date(),
                segment: self.segmentation.segment_model().segments().get(position)?.name.clone(),
                is_first: position == 0,
            })
        })
    }

    /// The least money, and with it the earliest day, from which on every cell is in a better segment; with the worst of these.
    fn least_certain(
        &self,
        frequency: Score,
        money: &[(Score, i128)],
        days: &[(Score, Day)],
        segment_now: usize,
    ) -> Option<(i128, Day, usize)> {
        let none = self.segmentation.segment_model().segments().len();
        // For each day the worst segment of all that can become of it or of a later one, with this money or more.
        let mut worst = vec![0; days.len()];
        let mut found = None;
        for (monetary, least) in money.iter().rev() {
            let mut worst_later = 0;
            for ((recency, _), worst) in days.iter().zip(&mut worst).rev() {
                let cell = RfmCell { recency: *recency, frequency, monetary: *monetary };
                let position = self.lattice.segment_of(cell).unwrap_or(none);
                *worst = position.max(*worst).max(worst_later);
                worst_later = *worst;
            }
            match days.iter().zip(&worst).find(|(_, worst)| **worst < segment_now) {
                Some(((_, since), worst)) => found = Some((*least, *since, *worst)),
                None => break,
            }
        }
        found
    }

    /// The fewest more, at least one, with which a count has a score.
    fn times(&self, score: Score, count: i128) -> Option<i128> {
        let (low, high) = whole_numbers(self.cuts.frequency, score, Ratio::from(1))?;
        let times = low.map_or(1, |low| low.saturating_sub(count).max(1));
        let is_within = high.is_none_or(|high| count.saturating_add(times) <= high);
        is_within.then_some(times)
    }

    /// The least money that gives a total a score, in minor units; something has to be paid.
    fn least(&self, score: Score, total: i128, orders: i128) -> Option<i128> {
        let scale = self.segmentation.customers().scale();
        let mut unit = Ratio::from(scale.minor_units());
        if self.segmentation.measures().monetary == MonetaryMeasure::MeanOrder {
            unit = unit.checked_mul(Ratio::new(orders, 1))?;
        }
        let (low, high) = whole_numbers(self.cuts.monetary, score, unit)?;
        let least = low.map_or(1, |low| low.saturating_sub(total).max(1));
        let is_within = high.is_none_or(|high| total.saturating_add(least) <= high);
        is_within.then_some(least)
    }

    /// The first day from the last order to the analysis date that has a score.
    fn since(&self, score: Score, row: &SegmentationRow<'_>) -> Option<Day> {
        let (low, high) = whole_numbers(self.cuts.recency, score, Ratio::from(1))?;
        let now = i128::from(row.recency_days());
        let (fewest, most) = (low.unwrap_or(0).max(0), high.unwrap_or(now).min(now));
        if fewest > most {
            return None;
        }
        let since = i128::from(self.segmentation.analysis_date().epoch_days()).checked_sub(most)?;
        Day::from_epoch_days(i32::try_from(since).ok()?)
    }
}

/// The lowest and the highest whole number of `unit` that have a score; `None` for one without an end.
fn whole_numbers(cuts: &CutPoints, score: Score, unit: Ratio) -> Option<(Option<i128>, Option<i128>)> {
    let (low, high) = cuts.bounds_of(score);
    let scaled = |cut: Option<Ratio>| cut.map_or(Some(None), |cut| cut.checked_mul(unit).map(Some));
    let (low, high) = (scaled(low)?, scaled(high)?);
    Some(match cuts.closed() {
        Closed::Right => (low.map(|low| low.floor().saturating_add(1)), high.map(Ratio::floor)),
        Closed::Left => (low.map(Ratio::ceil), high.map(|high| high.ceil().saturating_sub(1))),
    })
}

fn scores(bins: u8) -> impl Iterator<Item = Score> {
    (1..=bins).filter_map(Score::new)
}
