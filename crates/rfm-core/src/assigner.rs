//! One customer at a time, without allocation.

use crate::axes::{Axes, Dimension, RfmCell, Score};
use crate::day::Day;
use crate::measures::{FrequencyMeasure, MonetaryMeasure, RecencyMeasure};
use crate::model::Model;
use crate::money::Scale;
use crate::ratio::Ratio;
use crate::scoring::{FitError, Thresholds};
use crate::segments::Namer;
use crate::summaries::CustomerSummary;

/// A model made ready to score single customers: cuts as whole numbers of a scale, the segment of every cell looked up.
///
/// It allocates when it is made, and not when it assigns, except for an error. It gives what [`Model::assign_at`] gives.
///
/// # Examples
///
/// The fit runs at night; the shop asks for one customer at a time:
///
/// ```
/// use rfm_core::{Amount, Axes, Day, Rfm, Scale, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// for (customer_id, day, cents) in [("ann", 9, 1_999), ("bob", 1, 500), ("cat", 5, 700)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let customers = summaries.finish()?;
/// let model = rfm.fit(&customers)?;
///
/// let assigner = model.prepare(Scale::CENTS)?;
/// let ann = customers.get(0).expect("three customers");
/// let assigned = assigner.assign(&ann, model.scoring().analysis_date())?;
/// assert_eq!((assigned.cell().code(model.scoring().bins()).to_string(), assigner.name_of(assigned)), ("515".to_owned(), "Promising"));
///
/// // Values that the caller knows: days since the last order, orders, cents.
/// assert_eq!(assigner.assign_values(Axes { recency: 1, frequency: 1, monetary: 1_999 })?, assigned);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Assigner {
    model: Model,
    scale: Scale,
    thresholds: Axes<Thresholds>,
    namer: Namer,
}

/// The scores of a customer and the position of their segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    cell: RfmCell,
    segment: Option<usize>,
}

impl Assigned {
    /// The three scores.
    #[must_use]
    pub const fn cell(self) -> RfmCell {
        self.cell
    }

    /// The position of the segment among [`SegmentModel::segments`](crate::SegmentModel::segments); `None` if no rule covers
    /// the scores.
    #[must_use]
    pub const fn segment(self) -> Option<usize> {
        self.segment
    }
}

impl Model {
    /// Makes the model ready to score single customers whose money has this scale.
    ///
    /// # Errors
    ///
    /// [`FitError::Overflow`] if a cut does not fit 128 bits of minor units.
    pub fn prepare(&self, scale: Scale) -> Result<Assigner, FitError> {
        let cuts = self.scoring().cuts().as_ref();
        let thresholds = cuts.try_map(|dimension, cuts| {
            let scale = if dimension == Dimension::Monetary { scale } else { Scale::UNITS };
            cuts.thresholds(scale).map_err(|_| FitError::Overflow { dimension })
        })?;
        Ok(Assigner {
            model: self.clone(),
            scale,
            thresholds,
            namer: Namer::new(self.segments(), self.scoring().measures()),
        })
    }
}

impl Assigner {
    /// The model.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// The scale of whole amounts of money.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// Scores a customer as of a day, and where recency counts elapsed time as of the second of [`Model::with_analysis_time`].
    /// Money of another scale than the prepared one is scored as exactly, only more slowly.
    ///
    /// # Errors
    ///
    /// [`FitError::OrdersAfterAnalysisDate`], [`FitError::NotKept`], [`FitError::RuleNotKept`] and [`FitError::OrderDefinition`], as
    /// for [`Model::assign_at`].
    pub fn assign(&self, customer: &CustomerSummary<'_>, analysis_date: Day) -> Result<Assigned, FitError> {
        let last_order = customer.last_order();
        let second = self.model.scoring().measures().recency.analysis_time();
        let is_later = match customer.last_time().zip(second) {
            Some((time, second)) => (last_order, time) > (analysis_date, second),
            None => last_order > analysis_date,
        };
        if is_later {
            return Err(FitError::OrdersAfterAnalysisDate { last_order, analysis_date });
        }
        self.model.check_orders(self.namer.wanted(), customer.order_definition())?;
        let axes = Axes { recency: Dimension::Recency, frequency: Dimension::Frequency, monetary: Dimension::Monetary };
        let cell = axes.try_map(|_, dimension| self.score(dimension, customer, analysis_date))?;
        let segments = self.model.segments();
        self.namer.check(segments, customer, analysis_date)?;
        Ok(Assigned { cell, segment: self.namer.segment_of(segments, cell, analysis_date, || Some(*customer)) })
    }

    /// Scores values that the caller knows: days since the last order, a count, and minor units of the prepared scale; by whatever
    /// the model measures. Values beyond those that the model was fitted on lie in the first or the last bin.
    ///
    /// # Errors
    ///
    /// [`FitError::RuleNotKept`] if a rule that compares more than scores decides.
    pub fn assign_values(&self, values: Axes<i128>) -> Result<Assigned, FitError> {
        self.named(values.map(|dimension, value| self.thresholds[dimension].score(value)))
    }

    /// Scores values in units that need not be whole: days, counts or rates, units of money.
    ///
    /// # Errors
    ///
    /// As for [`Assigner::assign_values`].
    pub fn assign_ratios(&self, values: Axes<Ratio>) -> Result<Assigned, FitError> {
        self.named(values.map(|dimension, value| self.model.scoring().cuts()[dimension].score(value)))
    }

    /// The name of the segment, or the fallback of the model.
    #[must_use]
    pub fn name_of(&self, assigned: Assigned) -> &str {
        let segments = self.model.segments();
        let segment = assigned.segment.and_then(|segment| segments.segments().get(segment));
        segment.map_or(segments.fallback(), |segment| &segment.name)
    }

    fn named(&self, cell: RfmCell) -> Result<Assigned, FitError> {
        let segments = self.model.segments();
        let rule = self.namer.rule_of_scores(segments, cell)?;
        Ok(Assigned { cell, segment: rule.and_then(|rule| segments.target(rule)) })
    }

    fn score(&self, dimension: Dimension, customer: &CustomerSummary<'_>, day: Day) -> Result<Score, FitError> {
        if let Some(value) = self.whole(dimension, customer, day) {
            return Ok(self.thresholds[dimension].score(value));
        }
        let scoring = self.model.scoring();
        let measures = scoring.measures();
        let value = measures.value(dimension, customer, day).ok_or_else(|| measures.not_kept(dimension))?;
        Ok(scoring.cuts()[dimension].score(value))
    }

    /// The value as a whole number of the prepared scale, of the measures that are one: comparing these costs a tenth.
    fn whole(&self, dimension: Dimension, customer: &CustomerSummary<'_>, day: Day) -> Option<i128> {
        let measures = self.model.scoring().measures();
        match dimension {
            Dimension::Recency => {
                (measures.recency == RecencyMeasure::Days).then(|| day.days_since(customer.last_order()).into())
            }
            Dimension::Frequency if measures.frequency == FrequencyMeasure::Orders => Some(customer.orders().into()),
            Dimension::Frequency if measures.frequency == FrequencyMeasure::Lines => Some(customer.lines().into()),
            Dimension::Frequency if measures.frequency == FrequencyMeasure::ActiveDays => {
                customer.active_days().map(i128::from)
            }
            Dimension::Frequency => None,
            Dimension::Monetary => {
                let total = customer.total();
                (measures.monetary == MonetaryMeasure::Total && total.scale() == self.scale).then(|| total.minor())
            }
        }
    }
}
