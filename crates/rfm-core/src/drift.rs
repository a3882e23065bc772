//! How far customers have moved since a model was fitted, and what fitting it again would change.

use core::fmt;

use crate::axes::{Axes, Dimension, Score};
use crate::comparison::Comparison;
use crate::day::Day;
use crate::fitted_on::FittedOn;
use crate::measures::MeasureColumn;
use crate::model::Model;
use crate::money::Decimal;
use crate::ratio::Ratio;
use crate::scoring::{CutPoints, FitError, ScoringModel};
use crate::segment_summary::share;
use crate::segmentation::Segmentation;

/// How customers lie against the cut points of a model that was fitted on others, or on the same ones earlier.
///
/// With quantiles each score had its share of customers when the model was fitted. What has become of these shares is drift: the
/// customers changed, the cuts did not. And if the cuts were fitted again, customers would change their segments although
/// nobody bought anything: the report counts them.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
///
/// # fn month(rfm: &Rfm, days: &[u8]) -> Result<rfm_core::Customers, Box<dyn std::error::Error>> {
/// #     let mut summaries = rfm.summaries();
/// #     for (at, day) in days.iter().enumerate() {
/// #         let (day, customer_id) = (Day::from_ymd(2011, 11, *day)?, &format!("{at}"));
/// #         summaries.push(Transaction { customer_id, order_id: None, day, amount: Amount::from_minor(500) })?;
/// #     }
/// #     Ok(summaries.finish()?)
/// # }
/// let day = Day::from_ymd(2011, 12, 1)?;
/// let rfm = Rfm::builder(day).build()?;
/// let (then, now) = (month(&rfm, &[1, 7, 13, 19, 25])?, month(&rfm, &[1, 1, 1, 1, 30])?);
/// let model = rfm.fit(&then)?;
///
/// let drift = model.assign_at(now, day)?.drift()?;
/// let recency = &drift.axes().recency;
/// assert_eq!(recency.bins().iter().map(|bin| (bin.then(), bin.now())).collect::<Vec<_>>(), [(1, 4), (1, 0), (1, 0), (1, 0), (1, 1)]);
/// assert!(recency.psi() > 0.25);
/// assert_eq!((recency.below(), recency.above()), (1, 0)); // one came nearer than anybody before
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DriftReport {
    fitted_as_of: Day,
    analysis_date: Day,
    customers_then: u64,
    customers_now: u64,
    axes: Axes<AxisDrift>,
    refit: Option<Refit>,
}

/// How customers have moved on one dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisDrift {
    method: String,
    bins: Vec<BinDrift>,
    psi: f64,
    range: (Ratio, Ratio),
    below: u64,
    above: u64,
}

/// The customers with one score, then and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BinDrift {
    score: Score,
    then: u64,
    now: u64,
    share_then: Option<Decimal>,
    share_now: Option<Decimal>,
}

/// What fitting the cut points again, by the same methods on the customers of now, would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refit {
    cuts: Axes<CutPoints>,
    comparison: Comparison,
}

impl Segmentation {
    /// Compares the customers with those that the model was fitted on, and with what a new fit by the same methods would make of
    /// them. Of a result whose cut points were fitted on its own customers nothing has moved.
    ///
    /// The customers are held twice meanwhile.
    ///
    /// # Errors
    ///
    /// [`FitError::NotFitted`] if the model does not say what it was fitted on, or there is none because a method only ranks;
    /// [`FitError::Empty`] without a customer; those of [`Model::assign_at`].
    pub fn drift(&self) -> Result<DriftReport, FitError> {
        let model = self.model().ok_or(FitError::NotFitted)?;
        let fitted_on = model.fitted_on().ok_or(FitError::NotFitted)?;
        if self.is_empty() {
            return Err(FitError::Empty);
        }
        let refit = match refitted(&model, fitted_on, self)? {
            Some(again) => {
                let cuts = again.scoring().cuts().clone();
                let again = again.assign_at(self.customers().clone(), self.analysis_date())?;
                Some(Refit { cuts, comparison: Comparison::of(self, &again) })
            }
            None => None,
        };
        Ok(DriftReport {
            fitted_as_of: self.fitted_as_of(),
            analysis_date: self.analysis_date(),
            customers_then: fitted_on.customers(),
            customers_now: count(self.len()),
            axes: Axes::from_fn(|dimension| AxisDrift::of(dimension, fitted_on, self)),
            refit,
        })
    }
}

/// The same methods, fitted on the customers of now; `None` if this version does not have one of them.
fn refitted(model: &Model, fitted_on: &FittedOn, now: &Segmentation) -> Result<Option<Model>, FitError> {
    let methods = model.scoring().cuts().as_ref().try_map(|_, cuts| fitted_on.cut_method(cuts).ok_or(()));
    let Ok(methods) = methods else { return Ok(None) };
    let scoring = ScoringModel::fit(&methods, now.measures(), now.analysis_date(), now.customers())?;
    // The bins of a method are in its name, so they are those of the rules, unless a file was changed by hand.
    Ok(Model::try_new(scoring, model.segments().clone()).ok())
}

impl DriftReport {
    /// The day as of which the model was fitted.
    #[must_use]
    pub const fn fitted_as_of(&self) -> Day {
        self.fitted_as_of
    }

    /// The day as of which customers were compared.
    #[must_use]
    pub const fn analysis_date(&self) -> Day {
        self.analysis_date
    }

    /// Number of customers that the model was fitted on.
    #[must_use]
    pub const fn customers_then(&self) -> u64 {
        self.customers_then
    }

    /// Number of customers that were compared.
    #[must_use]
    pub const fn customers_now(&self) -> u64 {
        self.customers_now
    }

    /// Each dimension.
    #[must_use]
    pub const fn axes(&self) -> &Axes<AxisDrift> {
        &self.axes
    }

    /// What fitting again would change; `None` if this version does not have a method of that name.
    #[must_use]
    pub const fn refit(&self) -> Option<&Refit> {
        self.refit.as_ref()
    }

    /// The score whose share of customers has changed most; of several the first.
    #[must_use]
    pub fn largest_move(&self) -> Option<(Dimension, &BinDrift)> {
        let bins = self.axes.iter().flat_map(|(dimension, axis)| axis.bins.iter().map(move |bin| (dimension, bin)));
        let size = |bin: &BinDrift| bin.change().map_or(0, |change| change.minor().unsigned_abs());
        bins.fold(None, |largest, (dimension, bin)| match largest {
            Some((_, other)) if size(bin) <= size(other) => largest,
            _ => Some((dimension, bin)),
        })
    }
}

impl AxisDrift {
    fn of(dimension: Dimension, fitted_on: &FittedOn, now: &Segmentation) -> AxisDrift {
        let then = fitted_on.counts(dimension);
        let mut counts = vec![0u64; then.len()];
        for row in now.rows() {
            let at = usize::from(row.cell()[dimension].number().saturating_sub(1));
            counts[at] = counts[at].saturating_add(1);
        }
        let totals = (fitted_on.customers(), count(now.len()));
        let bins = (1..).zip(then.iter().zip(&counts)).filter_map(|(number, (then, now))| {
            let share_of = |count: u64, total: u64| share(count.into(), total.into());
            Some(BinDrift {
                score: Score::new(number)?,
                then: *then,
                now: *now,
                share_then: share_of(*then, totals.0),
                share_now: share_of(*now, totals.1),
            })
        });
        let range = fitted_on.range(dimension);
        let (below, above) = beyond(&now.values(dimension), range);
        AxisDrift {
            method: fitted_on.method(dimension).to_owned(),
            psi: psi(then, &counts, totals),
            bins: bins.collect(),
            range,
            below,
            above,
        }
    }

    /// The method that the cuts come from.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Each score, from 1 on.
    #[must_use]
    pub fn bins(&self) -> &[BinDrift] {
        &self.bins
    }

    /// The population stability index: the sum over the scores of (b − a) ln(b / a), where a was the share of customers then and b is
    /// the share now. 0 if nothing has changed; for display only.
    ///
    /// A score that nobody has on one side counts there as half a customer, since the logarithm of nothing is endless; one
    /// that nobody has on either side adds nothing. Credit scoring, where the index comes from, calls less than 0.1 stable
    /// and more than 0.25 a shift (Siddiqi 2006, Credit Risk Scorecards, ISBN 978-0-471-75451-0); that is a habit and no test.
    #[must_use]
    pub const fn psi(&self) -> f64 {
        self.psi
    }

    /// The lowest and the highest value when the model was fitted, in units.
    #[must_use]
    pub const fn range(&self) -> (Ratio, Ratio) {
        self.range
    }

    /// Customers with a lower value than anybody had when the model was fitted.
    #[must_use]
    pub const fn below(&self) -> u64 {
        self.below
    }

    /// Customers with a higher value than anybody had when the model was fitted.
    #[must_use]
    pub const fn above(&self) -> u64 {
        self.above
    }
}

impl BinDrift {
    /// The score.
    #[must_use]
    pub const fn score(&self) -> Score {
        self.score
    }

    /// Customers with the score when the model was fitted.
    #[must_use]
    pub const fn then(&self) -> u64 {
        self.then
    }

    /// Customers with the score now.
    #[must_use]
    pub const fn now(&self) -> u64 {
        self.now
    }

    /// Their share of all customers then, 0 to 1 with six decimals.
    #[must_use]
    pub const fn share_then(&self) -> Option<Decimal> {
        self.share_then
    }

    /// Their share of all customers now, 0 to 1 with six decimals.
    #[must_use]
    pub const fn share_now(&self) -> Option<Decimal> {
        self.share_now
    }

    /// The share now less the share then, −1 to 1 with six decimals.
    #[must_use]
    pub fn change(&self) -> Option<Decimal> {
        let (then, now) = (self.share_then?, self.share_now?);
        Some(Decimal::new(now.minor().checked_sub(then.minor())?, now.scale()))
    }
}

impl Refit {
    /// The cut points of the new fit.
    #[must_use]
    pub const fn cuts(&self) -> &Axes<CutPoints> {
        &self.cuts
    }

    /// The customers by the model beside the same by the new fit.
    #[must_use]
    pub const fn comparison(&self) -> &Comparison {
        &self.comparison
    }
}

/// In a few words: customers, the index of each dimension, what fitting again would change.
impl fmt::Display for DriftReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} customers as of {}, ", self.customers_now, self.analysis_date)?;
        write!(f, "{} when the model was fitted as of {}", self.customers_then, self.fitted_as_of)?;
        for (dimension, axis) in self.axes.iter() {
            write!(f, "; {dimension} {:.3}", axis.psi)?;
        }
        match &self.refit {
            Some(refit) => {
                write!(f, "; fitted again, {} customers have another segment", refit.comparison.other_segment())
            }
            None => Ok(()),
        }
    }
}

fn count(customers: usize) -> u64 {
    u64::try_from(customers).unwrap_or(u64::MAX)
}

/// Values below and above a range.
fn beyond(column: &MeasureColumn<'_>, (lowest, highest): (Ratio, Ratio)) -> (u64, u64) {
    let values = || (0..column.len()).filter_map(|row| column.get(row));
    (count(values().filter(|value| *value < lowest).count()), count(values().filter(|value| *value > highest).count()))
}

#[expect(clippy::as_conversions, reason = "an index for people, whose counts are far below 2^53")]
fn psi(then: &[u64], now: &[u64], (all_then, all_now): (u64, u64)) -> f64 {
    let part = |count: u64, all: u64| if count == 0 { 0.5 / all as f64 } else { count as f64 / all as f64 };
    let counts = then.iter().zip(now).filter(|(then, now)| **then > 0 || **now > 0);
    counts.fold(0.0, |sum, (then, now)| {
        let (then, now) = (part(*then, all_then), part(*now, all_now));
        sum + (now - then) * (now / then).ln()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_that_of_the_definition() {
        let all = |counts: &[u64]| counts.iter().sum();
        let of = |then: &[u64], now: &[u64]| psi(then, now, (all(then), all(now)));
        assert_eq!(of(&[10, 20], &[100, 200]), 0.0);
        // (0.25 - 0.5) ln(0.25 / 0.5) + (0.75 - 0.5) ln(0.75 / 0.5)
        let expected = 0.25 * std::f64::consts::LN_2 + 0.25 * 1.5f64.ln();
        assert!((of(&[5, 5], &[1, 3]) - expected).abs() < 1e-12);
        assert!((of(&[1, 3], &[5, 5]) - expected).abs() < 1e-12, "it does not matter which comes first");
        // Nobody of ten is half of one; nobody on either side is nothing.
        assert!((of(&[10, 0, 0], &[5, 5, 0]) - (0.5 * 2f64.ln() + 0.45 * 10f64.ln())).abs() < 1e-12);
        assert!(of(&[10, 0], &[0, 10]).is_finite());
    }
}
