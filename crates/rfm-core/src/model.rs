//! A whole run: settings that agree, the model they fit, and the result.

use std::sync::Arc;

use crate::axes::Axes;
use crate::cleaning::CleaningPolicy;
use crate::counted_lines::CountedLines;
use crate::day::Day;
use crate::fitted_on::FittedOn;
use crate::measures::{FrequencyMeasure, Measures, MonetaryMeasure, RecencyMeasure};
use crate::money::Scale;
use crate::returns::Returns;
use crate::scoring::{
    Binning, CutMethod, FitError, HowToScore, ScoreDisplay, Scored, Scoring, ScoringModel, TieOrder, Weights,
};
use crate::segmentation::{HowScored, Learned, Segmentation};
use crate::segments::{RuleMeasure, SegmentModel, shown_bins};
use crate::summaries::{Customers, OrderDefinition, Summaries};

/// Settings that were checked against each other: holding one proves that the rules fit the bins.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{CustomCuts, Scoring};
/// use rfm_core::{Amount, Day, Rfm, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?)
///     .recency(Scoring::from("30, 90, 180, 365".parse::<CustomCuts>()?))
///     .build()?;
/// let mut summaries = rfm.summaries();
/// for (customer_id, order_id, day, cents) in [("ann", "1", 9, 1_999), ("bob", "2", 1, 500), ("ann", "3", 2, 4_900)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: Some(order_id), day, amount })?;
/// }
/// let segmentation = rfm.segment(summaries.finish()?)?;
/// for row in segmentation.rows() {
///     println!("{} {} {}", row.customer_id(), row.code(), row.segment());
/// }
/// # assert_eq!(segmentation.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rfm {
    analysis_date: Day,
    scoring: Axes<Scoring>,
    binning: Binning,
    tie_order: TieOrder,
    measures: Measures,
    weights: Option<Weights>,
    display: ScoreDisplay,
    segments: SegmentModel,
    cleaning: CleaningPolicy,
    scale: Option<Scale>,
    order_values: bool,
    active_days: bool,
    daily_money: bool,
    attributes: bool,
}

/// Why settings do not agree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The rules are written for other numbers of bins than the scoring has.
    #[error(
        "segments `{segments}` are written for {} bins, but the scoring has {}; \
         use other segments, or scoring with those bins", shown_bins(*rules), shown_bins(*scoring)
    )]
    Bins {
        /// The name of the segment model.
        segments: String,
        /// Bins that the rules are written for.
        rules: Axes<u8>,
        /// Bins that the scoring has.
        scoring: Axes<u8>,
    },
    /// The observation window has no day on or before the analysis date.
    #[error("the window from {from} has no day: it ends with {until}")]
    EmptyWindow {
        /// The first day of the window.
        from: Day,
        /// The last day of the window, or the analysis date if that is earlier.
        until: Day,
    },
    /// A measure looks at the money of single days, or that is to be kept, and returns are to be netted, whose days need not be
    /// ones of a purchase.
    #[error(
        "the money of days, weeks and months is that of purchases, which net returns would change; \
         measure something else, or take other returns than `net`"
    )]
    NetDays,
}

impl SegmentModel {
    /// Rules are for the scores that they are written for.
    pub(crate) fn check_bins(&self, scoring: Axes<u8>) -> Result<(), ConfigError> {
        if self.bins() == scoring {
            return Ok(());
        }
        Err(ConfigError::Bins { segments: self.name().to_owned(), rules: self.bins(), scoring })
    }
}

impl Rfm {
    /// Begins with quintiles on every dimension, distinct orders as frequency, the default cleaning and the built-in segments
    /// for the number of bins; recency counts back from `analysis_date`.
    #[must_use]
    pub fn builder(analysis_date: Day) -> RfmBuilder {
        RfmBuilder {
            analysis_date,
            analysis_time: None,
            scoring: Axes::all(Scoring::QUINTILE),
            binning: Binning::default(),
            tie_order: TieOrder::default(),
            measures: Measures::default(),
            weights: None,
            display: ScoreDisplay::default(),
            segments: None,
            cleaning: CleaningPolicy::default(),
            scale: None,
            order_values: false,
            active_days: false,
            daily_money: false,
            attributes: false,
        }
    }

    /// The day that recency counts back from.
    #[must_use]
    pub const fn analysis_date(&self) -> Day {
        self.analysis_date
    }

    /// The strategy of each dimension.
    #[must_use]
    pub const fn scoring(&self) -> &Axes<Scoring> {
        &self.scoring
    }

    /// Among whom customers are scored.
    #[must_use]
    pub const fn binning(&self) -> Binning {
        self.binning
    }

    /// What tells equal customers apart where a method does.
    #[must_use]
    pub const fn tie_order(&self) -> TieOrder {
        self.tie_order
    }

    /// What the dimensions measure.
    #[must_use]
    pub const fn measures(&self) -> Measures {
        self.measures
    }

    /// What each score counts for in the weighted score, if there is one.
    #[must_use]
    pub const fn weights(&self) -> Option<&Weights> {
        self.weights.as_ref()
    }

    /// How scores are shown.
    #[must_use]
    pub const fn score_display(&self) -> ScoreDisplay {
        self.display
    }

    /// The segments.
    #[must_use]
    pub const fn segments(&self) -> &SegmentModel {
        &self.segments
    }

    /// The rules that say which lines count; they reject lines after the analysis date.
    #[must_use]
    pub const fn cleaning(&self) -> &CleaningPolicy {
        &self.cleaning
    }

    /// Summaries without a line yet, which judge lines by these settings.
    #[must_use]
    pub fn summaries(&self) -> Summaries {
        let mut summaries = Summaries::new(self.cleaning.clone());
        if let Some(scale) = self.scale {
            summaries = summaries.with_scale(scale);
        }
        if self.order_values || self.measures.need_order_values() || self.segments.need_order_values() {
            summaries = summaries.with_order_values();
        }
        if self.active_days || self.measures.need_active_days() || self.segments.need_active_days() {
            summaries = summaries.with_active_days();
        }
        if self.daily_money || self.measures.need_daily_money() {
            summaries = summaries.with_daily_money();
        }
        if self.measures.need_times() {
            summaries = summaries.with_times();
        }
        if self.attributes { summaries.with_attributes() } else { summaries }
    }

    /// The method of each dimension, if all of them give cut points: whether [`Rfm::fit`] can work is known before any
    /// customer is.
    ///
    /// # Errors
    ///
    /// [`FitError::OnlyRanks`] if a method has no cut points, [`FitError::Nested`] of nested binning.
    pub fn cut_methods(&self) -> Result<Axes<&CutMethod>, FitError> {
        if self.binning == Binning::Nested {
            return Err(FitError::Nested);
        }
        self.scoring.as_ref().try_map(|dimension, scoring| match scoring {
            Scoring::Cuts(method) => Ok(method),
            Scoring::Ranks(method) => Err(FitError::OnlyRanks {
                dimension,
                method: method.to_string(),
                instead: method.nearest_cut_method().to_string(),
            }),
        })
    }

    /// Learns the cut points from customers.
    ///
    /// # Errors
    ///
    /// [`FitError`] if there is none, or an order after the analysis date; [`FitError::OnlyRanks`] if a method has no cut points.
    pub fn fit(&self, customers: &Customers) -> Result<Model, FitError> {
        let methods = self.cut_methods()?;
        let scoring = ScoringModel::fit::<&CutMethod>(&methods, self.measures, self.analysis_date, customers)?;
        let cells = scoring.score_all(customers, self.analysis_date)?;
        let names = methods.map(|_, method| method.to_string());
        let fitted_on = FittedOn::of(names, self.measures, scoring.bins(), self.analysis_date, customers, &cells)?;
        let model = Model { scoring, segments: self.segments.clone(), currency: None, fitted_on: None };
        Ok(Model { fitted_on: Some(Arc::new(fitted_on)), ..model })
    }

    /// Scores customers against each other, and names their segments.
    ///
    /// # Errors
    ///
    /// [`FitError`] if there is none, an order after the analysis date, or a rule that compares what the summaries do not have.
    pub fn segment(&self, customers: Customers) -> Result<Segmentation, FitError> {
        let how = HowToScore {
            scoring: &self.scoring,
            binning: self.binning,
            tie_order: self.tie_order,
            measures: self.measures,
            analysis_date: self.analysis_date,
        };
        let Scored { cells, cuts } = Scored::of(how, &customers)?;
        let learned = Learned::Here(self.scoring.clone().map(|_, scoring| scoring.to_string()));
        let how = HowScored {
            cuts,
            binning: self.binning,
            measures: self.measures,
            fitted_as_of: self.analysis_date,
            learned,
        };
        let segmentation = Segmentation::named(how, self.segments.clone(), customers, self.analysis_date, cells)?;
        let segmentation = segmentation.with_score_display(self.display);
        Ok(match self.weights {
            Some(weights) => segmentation.with_weights(weights),
            None => segmentation,
        })
    }
}

/// Builds [`Rfm`]; see there for an example.
#[derive(Clone, Debug)]
pub struct RfmBuilder {
    analysis_date: Day,
    analysis_time: Option<u32>,
    scoring: Axes<Scoring>,
    binning: Binning,
    tie_order: TieOrder,
    measures: Measures,
    weights: Option<Weights>,
    display: ScoreDisplay,
    segments: Option<SegmentModel>,
    cleaning: CleaningPolicy,
    scale: Option<Scale>,
    order_values: bool,
    active_days: bool,
    daily_money: bool,
    attributes: bool,
}

impl RfmBuilder {
    /// The second of the analysis date that recency in elapsed time counts back from; midnight without it. Recency in other units
    /// does not look at it. A day ends with second 86,399, and what is later is taken as that.
    #[must_use]
    pub fn analysis_time(self, second: u32) -> RfmBuilder {
        RfmBuilder { analysis_time: Some(second), ..self }
    }

    /// The strategy of all dimensions.
    #[must_use]
    pub fn scoring(self, scoring: Scoring) -> RfmBuilder {
        RfmBuilder { scoring: Axes::all(scoring), ..self }
    }

    /// The strategy of recency. Custom cuts are in days, or whatever recency is counted in.
    #[must_use]
    pub fn recency(mut self, scoring: impl Into<Scoring>) -> RfmBuilder {
        self.scoring.recency = scoring.into();
        self
    }

    /// The strategy of frequency.
    #[must_use]
    pub fn frequency(mut self, scoring: impl Into<Scoring>) -> RfmBuilder {
        self.scoring.frequency = scoring.into();
        self
    }

    /// The strategy of monetary value. Custom cuts are in whole units of money: 50 is 50.00.
    #[must_use]
    pub fn monetary(mut self, scoring: impl Into<Scoring>) -> RfmBuilder {
        self.scoring.monetary = scoring.into();
        self
    }

    /// Among whom customers are scored.
    #[must_use]
    pub fn binning(self, binning: Binning) -> RfmBuilder {
        RfmBuilder { binning, ..self }
    }

    /// What tells equal customers apart, for the methods that do.
    #[must_use]
    pub fn tie_order(self, tie_order: TieOrder) -> RfmBuilder {
        RfmBuilder { tie_order, ..self }
    }

    /// What each score counts for: the result has a weighted score.
    #[must_use]
    pub fn weights(self, weights: Weights) -> RfmBuilder {
        RfmBuilder { weights: Some(weights), ..self }
    }

    /// How the result shows scores. Rules, weights and cuts keep to scores that begin with 1 as the worst.
    #[must_use]
    pub fn score_display(self, display: ScoreDisplay) -> RfmBuilder {
        RfmBuilder { display, ..self }
    }

    /// What the dimensions measure.
    #[must_use]
    pub fn measures(self, measures: Measures) -> RfmBuilder {
        RfmBuilder { measures, ..self }
    }

    /// How the time since the last order is counted.
    #[must_use]
    pub fn recency_measure(mut self, measure: RecencyMeasure) -> RfmBuilder {
        self.measures.recency = measure;
        self
    }

    /// What frequency counts.
    #[must_use]
    pub fn frequency_measure(mut self, measure: FrequencyMeasure) -> RfmBuilder {
        self.measures.frequency = measure;
        self
    }

    /// What monetary value is.
    #[must_use]
    pub fn monetary_measure(mut self, measure: MonetaryMeasure) -> RfmBuilder {
        self.measures.monetary = measure;
        self
    }

    /// The segments, instead of the built-in ones.
    #[must_use]
    pub fn segments(self, segments: SegmentModel) -> RfmBuilder {
        RfmBuilder { segments: Some(segments), ..self }
    }

    /// The rules that say which lines count.
    #[must_use]
    pub fn cleaning(self, cleaning: CleaningPolicy) -> RfmBuilder {
        RfmBuilder { cleaning, ..self }
    }

    /// The scale of money, as for [`Summaries::with_scale`].
    #[must_use]
    pub fn scale(self, scale: Scale) -> RfmBuilder {
        RfmBuilder { scale: Some(scale), ..self }
    }

    /// Keeps the values of single orders, as for [`Summaries::with_order_values`].
    #[must_use]
    pub fn order_values(self) -> RfmBuilder {
        RfmBuilder { order_values: true, ..self }
    }

    /// Keeps the days with a line, as for [`Summaries::with_active_days`].
    #[must_use]
    pub fn active_days(self) -> RfmBuilder {
        RfmBuilder { active_days: true, ..self }
    }

    /// Keeps the money of single days, as for [`Summaries::with_daily_money`].
    #[must_use]
    pub fn daily_money(self) -> RfmBuilder {
        RfmBuilder { daily_money: true, ..self }
    }

    /// Keeps what the lines say about their customers, as for [`Summaries::with_attributes`].
    #[must_use]
    pub fn attributes(self) -> RfmBuilder {
        RfmBuilder { attributes: true, ..self }
    }

    /// The settings, checked.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the segments are written for other numbers of bins, the observation window has no day, or the money of
    /// single days is needed ([`Measures::need_daily_money`]) and returns are netted.
    pub fn build(self) -> Result<Rfm, ConfigError> {
        let bins = self.scoring.as_ref().map(|_, scoring| scoring.bins());
        let segments = self.segments.unwrap_or_else(|| SegmentModel::default_for(bins));
        segments.check_bins(bins)?;
        let (from, until) = self.cleaning.window();
        let until = until.map_or(self.analysis_date, |until| until.min(self.analysis_date));
        if let Some(from) = from.filter(|from| *from > until) {
            return Err(ConfigError::EmptyWindow { from, until });
        }
        let mut measures = self.measures;
        if self.cleaning.returns_mode() == Returns::Net && (self.daily_money || measures.need_daily_money()) {
            return Err(ConfigError::NetDays);
        }
        let second = self.analysis_time.or(measures.recency.analysis_time());
        measures.recency = measures.recency.at(second.unwrap_or_default());
        let cleaning = self.cleaning.as_of(self.analysis_date);
        Ok(Rfm {
            analysis_date: self.analysis_date,
            scoring: self.scoring,
            binning: self.binning,
            tie_order: self.tie_order,
            weights: self.weights,
            display: self.display,
            cleaning: match measures.recency.analysis_time() {
                Some(second) => cleaning.as_of_second(second),
                None => cleaning,
            },
            measures,
            segments,
            scale: self.scale,
            order_values: self.order_values,
            active_days: self.active_days,
            daily_money: self.daily_money,
            attributes: self.attributes,
        })
    }
}

/// Fitted cut points and the segments over them: a few numbers, to be applied to these customers or to later ones.
///
/// # Examples
///
/// Fit in November, apply in December: scores move because customers do, not because the cuts did.
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
///
/// # fn month(rfm: &Rfm, day: Day) -> Result<rfm_core::Customers, Box<dyn std::error::Error>> {
/// #     let mut summaries = rfm.summaries();
/// #     for customer_id in ["ann", "bob"] {
/// #         summaries.push(Transaction { customer_id, order_id: None, day, amount: Amount::from_minor(500) })?;
/// #     }
/// #     Ok(summaries.finish()?)
/// # }
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 1)?).build()?;
/// let november = month(&rfm, Day::from_ymd(2011, 11, 20)?)?;
/// let model = rfm.fit(&november)?;
/// let december = model.assign_at(november, Day::from_ymd(2012, 1, 1)?)?;
/// assert_eq!(december.rows().map(|row| row.code().to_string()).collect::<Vec<_>>(), ["111", "111"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Two models are equal if they give equal results: on what they were fitted is not compared.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) scoring: ScoringModel,
    pub(crate) segments: SegmentModel,
    pub(crate) currency: Option<String>,
    pub(crate) fitted_on: Option<Arc<FittedOn>>,
}

impl PartialEq for Model {
    fn eq(&self, other: &Model) -> bool {
        (&self.scoring, &self.segments, &self.currency) == (&other.scoring, &other.segments, &other.currency)
    }
}

impl Eq for Model {}

impl Model {
    /// The model of cut points and segments that were made elsewhere.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Bins`] if the segments are written for other numbers of bins.
    pub fn try_new(scoring: ScoringModel, segments: SegmentModel) -> Result<Model, ConfigError> {
        segments.check_bins(scoring.bins())?;
        Ok(Model { scoring, segments, currency: None, fitted_on: None })
    }

    /// Says in which currency the money is, such as `EUR`, so that other money can be refused.
    #[must_use]
    pub fn with_currency(self, currency: impl Into<String>) -> Model {
        Model { currency: Some(currency.into()), ..self }
    }

    /// Says which lines counted where the model was fitted, so that whoever applies it can compare ([`FittedOn::counted_lines`]). Of
    /// a model whose cut points were made elsewhere nothing is said.
    #[must_use]
    pub fn with_counted_lines(self, lines: CountedLines) -> Model {
        let fitted_on = self.fitted_on.map(|fitted_on| {
            let fitted_on = Arc::unwrap_or_clone(fitted_on);
            Arc::new(FittedOn { counted_lines: Some(lines), ..fitted_on })
        });
        Model { fitted_on, ..self }
    }

    /// The same cut points with other segments.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Bins`] if the segments are written for other numbers of bins.
    pub fn with_segments(self, segments: SegmentModel) -> Result<Model, ConfigError> {
        segments.check_bins(self.scoring.bins())?;
        Ok(Model { segments, ..self })
    }

    /// The same model, as [`ScoringModel::with_analysis_time`] says.
    #[must_use]
    pub fn with_analysis_time(self, second: u32) -> Model {
        Model { scoring: self.scoring.with_analysis_time(second), ..self }
    }

    /// The cut points.
    #[must_use]
    pub const fn scoring(&self) -> &ScoringModel {
        &self.scoring
    }

    /// The segments.
    #[must_use]
    pub const fn segments(&self) -> &SegmentModel {
        &self.segments
    }

    /// The currency of the money, if anybody said.
    #[must_use]
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }

    /// What the model was fitted on; `None` of one whose cut points were made elsewhere.
    #[must_use]
    pub fn fitted_on(&self) -> Option<&FittedOn> {
        self.fitted_on.as_deref()
    }

    /// Refuses money of another currency than the model was fitted on; upper and lower case are the same. If the model does
    /// not tell its currency, any will do.
    ///
    /// # Errors
    ///
    /// [`FitError::Currency`].
    pub fn check_currency(&self, found: &str) -> Result<(), FitError> {
        match self.currency() {
            Some(fitted) if !fitted.trim().eq_ignore_ascii_case(found.trim()) => {
                Err(FitError::Currency { fitted: fitted.to_owned(), found: found.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Refuses customers whose orders are something else than those that the model was fitted on, if the measures or what the
    /// rules compare ([`SegmentModel::measures`]) would mean something else by that.
    pub(crate) fn check_orders(&self, rules: &[RuleMeasure], found: OrderDefinition) -> Result<(), FitError> {
        let Some(fitted) = self.fitted_on.as_ref().map(|fitted_on| fitted_on.orders) else { return Ok(()) };
        if self.scoring.measures().are_comparable(rules, fitted, found) {
            Ok(())
        } else {
            Err(FitError::OrderDefinition { fitted, found })
        }
    }

    /// Scores and segments as of the day of the fit, shown with 1 as the worst score and without a weighted one
    /// ([`Segmentation::with_score_display`], [`Segmentation::with_weights`]).
    ///
    /// # Errors
    ///
    /// As [`Model::assign_at`].
    pub fn assign(&self, customers: Customers) -> Result<Segmentation, FitError> {
        self.assign_at(customers, self.scoring.analysis_date())
    }

    /// Scores and segments as of another day.
    ///
    /// # Errors
    ///
    /// [`FitError::OrdersAfterAnalysisDate`] if there is an order after that day, [`FitError::Overflow`] if a cut does not fit
    /// 128 bits of minor units of the customers' scale, [`FitError::NotKept`] and [`FitError::RuleNotKept`] if the customers lack
    /// what a measure or a rule needs, and [`FitError::OrderDefinition`] if their orders are not what they were when the model was
    /// fitted.
    pub fn assign_at(&self, customers: Customers, analysis_date: Day) -> Result<Segmentation, FitError> {
        if !customers.is_empty() {
            self.check_orders(&self.segments.measures(), customers.order_definition())?;
        }
        let cells = self.scoring.score_all(&customers, analysis_date)?;
        let how = HowScored {
            cuts: self.scoring.cuts().clone().map(|_, cuts| Some(cuts)),
            binning: Binning::Independent,
            measures: self.scoring.measures(),
            fitted_as_of: self.scoring.analysis_date(),
            learned: Learned::Before { currency: self.currency.clone(), fitted_on: self.fitted_on.clone() },
        };
        Segmentation::named(how, self.segments.clone(), customers, analysis_date, cells)
    }
}
