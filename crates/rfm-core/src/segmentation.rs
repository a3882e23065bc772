//! The result: customers with scores and segments.

use std::sync::Arc;

use crate::axes::{Axes, Dimension, RfmCell, RfmCode};
use crate::day::Day;
use crate::fitted_on::FittedOn;
use crate::kept::Kept;
use crate::measures::{MeasureColumn, Measures};
use crate::model::Model;
use crate::money::{Decimal, Scale};
use crate::parallel::{axes, fill};
use crate::scoring::{
    Binning, CutPoints, Diagnostic, EmptyCause, FitError, ScoreDisplay, ScoringModel, Values, Weights,
};
use crate::segment_summary::{SegmentSummary, share};
use crate::segments::{Facts, Namer, RuleMeasure, Segment, SegmentModel};
use crate::statistics::{ScoreStatistics, by_score};
use crate::summaries::{CustomerSummary, Customers, OrderDefinition};

/// Customers with their scores and segments, sorted by the bytes of their ids.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Segmentation, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// let (day, amount) = (Day::from_ymd(2011, 12, 1)?, Amount::from_minor(500));
/// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
/// let segmentation = rfm.segment(summaries.finish()?)?;
///
/// let ann = segmentation.get("ann").expect("she bought");
/// assert_eq!((ann.recency_days(), ann.code().to_string().as_str(), ann.segment()), (9, "511", "New Customers"));
/// assert_eq!(Segmentation::COLUMNS[0], "customer_id");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segmentation {
    how: HowScored,
    segment_model: SegmentModel,
    customers: Customers,
    analysis_date: Day,
    scores: Vec<RfmCell>,
    /// Of each customer the position of the segment in the model; its number of segments if no rule covers them.
    segments: Vec<u32>,
    weights: Option<Weights>,
    display: ScoreDisplay,
    summary: Kept<SegmentSummary>,
    score_table: Kept<Axes<Vec<ScoreRow>>>,
    diagnostics: Kept<Vec<Diagnostic>>,
}

/// How the scores of a result came about.
#[derive(Clone, Debug)]
pub(crate) struct HowScored {
    /// None of a method that only ranks.
    pub(crate) cuts: Axes<Option<CutPoints>>,
    pub(crate) binning: Binning,
    pub(crate) measures: Measures,
    pub(crate) fitted_as_of: Day,
    pub(crate) learned: Learned,
}

/// On what cut points were learned.
#[derive(Clone, Debug)]
pub(crate) enum Learned {
    /// On the customers of the result, by the methods of these names.
    Here(Axes<String>),
    /// By a model that was there before.
    Before { currency: Option<String>, fitted_on: Option<Arc<FittedOn>> },
}

/// Where cut points were learned makes no other result of them.
impl PartialEq for HowScored {
    fn eq(&self, other: &HowScored) -> bool {
        let same = |how: &HowScored| (how.binning, how.measures, how.fitted_as_of);
        same(self) == same(other) && self.cuts == other.cuts
    }
}

impl Eq for HowScored {}

impl Segmentation {
    /// The columns of the result table in every format, in this order.
    pub const COLUMNS: [&str; 10] = [
        "customer_id",
        "last_order",
        "recency_days",
        "frequency",
        "monetary",
        "r_score",
        "f_score",
        "m_score",
        "rfm_code",
        "segment",
    ];

    /// Names the segments of customers that have their scores; fails if a rule compares what the summaries do not have.
    pub(crate) fn named(
        how: HowScored,
        segment_model: SegmentModel,
        customers: Customers,
        analysis_date: Day,
        scores: Vec<RfmCell>,
    ) -> Result<Segmentation, FitError> {
        let namer = Namer::new(&segment_model, how.measures);
        if let Some(customer) = customers.get(0) {
            namer.check(&segment_model, &customer, analysis_date)?;
        }
        let none = number(segment_model.segments().len());
        let mut segments = vec![none; scores.len()];
        fill(&mut segments, |first, segments| {
            for (row, (segment, cell)) in (first..).zip(segments.iter_mut().zip(&scores[first..])) {
                let found = namer.segment_of(&segment_model, *cell, analysis_date, || customers.get(row));
                *segment = found.map_or(none, number);
            }
        });
        Ok(Segmentation {
            how,
            segment_model,
            customers,
            analysis_date,
            scores,
            segments,
            weights: None,
            display: ScoreDisplay::default(),
            summary: Kept::default(),
            score_table: Kept::default(),
            diagnostics: Kept::default(),
        })
    }

    /// The same customers with the same scores, named by other rules.
    ///
    /// # Errors
    ///
    /// [`FitError::Config`] if the rules are written for other numbers of bins, [`FitError::RuleNotKept`] if one compares what the
    /// summaries do not have.
    pub fn renamed(&self, segments: SegmentModel) -> Result<Segmentation, FitError> {
        segments.check_bins(self.bins())?;
        Segmentation::named(self.how.clone(), segments, self.customers.clone(), self.analysis_date, self.scores.clone())
    }

    /// The same result with a weighted score.
    #[must_use]
    pub fn with_weights(self, weights: Weights) -> Segmentation {
        Segmentation { weights: Some(weights), ..self }
    }

    /// The same result with scores that are shown in another way.
    #[must_use]
    pub fn with_score_display(self, display: ScoreDisplay) -> Segmentation {
        // Both tell scores as they are shown.
        let (score_table, diagnostics) = (Kept::default(), Kept::default());
        Segmentation { display, score_table, diagnostics, ..self }
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

    /// The model that was applied, to be kept and applied to other customers; `None` if a method only ranks those at hand, or
    /// inside of groups.
    #[must_use]
    pub fn model(&self) -> Option<Model> {
        let cuts = self.how.cuts.clone().try_map(|_, cuts| cuts.ok_or(())).ok()?;
        let HowScored { measures, fitted_as_of, learned, .. } = &self.how;
        let scoring = ScoringModel::from_cuts(cuts, *measures, *fitted_as_of).ok()?;
        let model = Model::try_new(scoring, self.segment_model.clone()).ok()?;
        let (currency, fitted_on) = match learned {
            Learned::Here(methods) => {
                let Segmentation { customers, scores, .. } = self;
                let fitted_on =
                    FittedOn::of(methods.clone(), *measures, self.bins(), *fitted_as_of, customers, scores).ok()?;
                (None, Some(Arc::new(fitted_on)))
            }
            Learned::Before { currency, fitted_on } => (currency.clone(), fitted_on.clone()),
        };
        Some(Model { currency, fitted_on, ..model })
    }

    /// The rules that name the segments.
    #[must_use]
    pub const fn segment_model(&self) -> &SegmentModel {
        &self.segment_model
    }

    /// Number of bins of each dimension.
    #[must_use]
    pub const fn bins(&self) -> Axes<u8> {
        self.segment_model.bins()
    }

    /// The cut points of each dimension; `None` of a method that only ranks, or scores inside of groups.
    #[must_use]
    pub const fn cuts(&self) -> &Axes<Option<CutPoints>> {
        &self.how.cuts
    }

    /// Among whom the customers were scored.
    #[must_use]
    pub const fn binning(&self) -> Binning {
        self.how.binning
    }

    /// What the dimensions measure.
    #[must_use]
    pub const fn measures(&self) -> Measures {
        self.how.measures
    }

    /// The day as of which the cut points were learned.
    #[must_use]
    pub const fn fitted_as_of(&self) -> Day {
        self.how.fitted_as_of
    }

    /// The customers.
    #[must_use]
    pub const fn customers(&self) -> &Customers {
        &self.customers
    }

    /// The customers, for another use.
    #[must_use]
    pub fn into_customers(self) -> Customers {
        self.customers
    }

    /// The day that recency counts back from.
    #[must_use]
    pub const fn analysis_date(&self) -> Day {
        self.analysis_date
    }

    /// Number of customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether there is no customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// The row of a customer.
    #[must_use]
    pub fn get(&self, customer_id: &str) -> Option<SegmentationRow<'_>> {
        self.customers.find(customer_id).map(|row| SegmentationRow { segmentation: self, row })
    }

    /// The row at a position, 0 to [`Segmentation::len`] − 1, in the order of [`Segmentation::rows`].
    #[must_use]
    pub fn row(&self, position: usize) -> Option<SegmentationRow<'_>> {
        (position < self.len()).then_some(SegmentationRow { segmentation: self, row: position })
    }

    /// All rows, sorted by customer id.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = SegmentationRow<'_>> {
        (0..self.len()).map(|row| SegmentationRow { segmentation: self, row })
    }

    /// One line for each segment: its size, money and typical customer. Computed once.
    #[must_use]
    pub fn summary(&self) -> SegmentSummary {
        self.summary.get(|| SegmentSummary::of(self))
    }

    /// How many customers have each score on each dimension, and between which values. Computed once.
    #[must_use]
    pub fn score_table(&self) -> Axes<Vec<ScoreRow>> {
        self.score_table.get(|| axes(|dimension| self.scores_of(dimension)))
    }

    /// What about the data makes the result less than it seems. Computed once.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.get(|| self.diagnose())
    }

    fn diagnose(&self) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        if self.customers.order_definition() == OrderDefinition::EachLine && !self.is_empty() {
            diagnostics.push(Diagnostic::LinesAreOrders);
        }
        for (dimension, rows) in self.score_table().iter() {
            let (used, empty): (Vec<&ScoreRow>, Vec<&ScoreRow>) = rows.iter().partition(|row| row.customers > 0);
            let is_one_value = |rows: &[&ScoreRow]| {
                let ends = rows.iter().filter_map(|row| row.range).flat_map(|(lowest, highest)| [lowest, highest]);
                let ends: Vec<Decimal> = ends.collect();
                !ends.is_empty() && ends.iter().all(|end| *end == ends[0]) && self.distinct_values(dimension) == 1
            };
            match used.as_slice() {
                [only] if is_one_value(&[only]) => {
                    diagnostics.push(Diagnostic::AllEqual { dimension, score: only.score, shown: only.shown });
                }
                rows if is_one_value(rows) => diagnostics.push(Diagnostic::EqualApart { dimension }),
                _ if !empty.is_empty() && !self.is_empty() => diagnostics.push(Diagnostic::EmptyScores {
                    dimension,
                    distinct_values: self.distinct_values(dimension),
                    scores: empty.iter().map(|row| row.score).collect(),
                    shown: empty.iter().map(|row| row.shown).collect(),
                    cause: self.cause_of_empty(dimension),
                }),
                _ => {}
            }
        }
        if let Learned::Before { fitted_on: Some(fitted_on), .. } = &self.how.learned {
            if self.customers.scale() == Scale::UNITS && fitted_on.scale() > Scale::UNITS {
                diagnostics.push(Diagnostic::WholeMoney { fitted: fitted_on.scale() });
            }
        }
        let model = &self.segment_model;
        let none = number(model.segments().len());
        let unnamed = self.segments.iter().filter(|segment| **segment == none).count();
        if unnamed > 0 && !model.rules().is_empty() {
            let customers = u64::try_from(unnamed).unwrap_or(u64::MAX);
            diagnostics.push(Diagnostic::Unnamed { customers, fallback: model.fallback().to_owned() });
        }
        diagnostics
    }

    fn distinct_values(&self, dimension: Dimension) -> usize {
        Values::new(dimension, &self.values(dimension)).distinct().len()
    }

    fn cause_of_empty(&self, dimension: Dimension) -> EmptyCause {
        let cuts = self.how.cuts[dimension].as_ref();
        let are_few = self.len() < usize::from(self.bins()[dimension]);
        if are_few && self.distinct_values(dimension) == self.len() {
            // Cuts that are values of customers coincide then too.
            EmptyCause::FewCustomers
        } else if cuts.is_some_and(|cuts| cuts.cuts().windows(2).any(|pair| pair[0] == pair[1])) {
            EmptyCause::Ties
        } else if are_few {
            EmptyCause::FewCustomers
        } else if cuts.is_none() {
            // Among all of enough customers those methods leave no score out.
            EmptyCause::SmallGroups
        } else {
            EmptyCause::OutsideOfCuts
        }
    }

    /// The scores of all customers, in their order.
    pub(crate) fn cells(&self) -> &[RfmCell] {
        &self.scores
    }

    /// The positions of their segments.
    pub(crate) fn segments(&self) -> &[u32] {
        &self.segments
    }

    /// The values of all customers on a dimension, in their order.
    pub(crate) fn values(&self, dimension: Dimension) -> MeasureColumn<'_> {
        // They were scored by it.
        let column = self.how.measures.column(dimension, &self.customers, self.analysis_date);
        column.unwrap_or(MeasureColumn::Ratios(Vec::new()))
    }

    fn scores_of(&self, dimension: Dimension) -> Vec<ScoreRow> {
        let scale = self.how.measures.scale(dimension, self.customers.scale());
        let bins = self.bins()[dimension];
        let all = i128::try_from(self.len()).unwrap_or(i128::MAX);
        let statistics = by_score(self.values(dimension).numbers(), dimension, &self.scores, self.bins());
        let rows = (1..=bins).filter_map(crate::Score::new).zip(statistics);
        rows.map(|(score, ScoreStatistics { customers, range })| ScoreRow {
            score,
            shown: self.display.number(score, bins),
            customers,
            share: share(customers.into(), all),
            range: range.map(|(low, high)| (low.to_decimal(scale), high.to_decimal(scale))),
        })
        .collect()
    }
}

/// A position of a segment. Rules for 2^32 segments would not fit memory.
fn number(segment: usize) -> u32 {
    u32::try_from(segment).unwrap_or(u32::MAX)
}

/// How many customers have a score, and between which values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreRow {
    score: crate::Score,
    shown: u8,
    customers: u64,
    share: Option<Decimal>,
    range: Option<(Decimal, Decimal)>,
}

impl ScoreRow {
    /// The score.
    #[must_use]
    pub const fn score(&self) -> crate::Score {
        self.score
    }

    /// The number that is shown for the score ([`Segmentation::score_display`]).
    #[must_use]
    pub const fn shown(&self) -> u8 {
        self.shown
    }

    /// Number of customers.
    #[must_use]
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// Their share of all customers, 0 to 1 with six decimals; `None` if there are none at all.
    #[must_use]
    pub const fn share(&self) -> Option<Decimal> {
        self.share
    }

    /// The lowest and the highest value among them (days, a count, or money); `None` if nobody has the score.
    #[must_use]
    pub const fn range(&self) -> Option<(Decimal, Decimal)> {
        self.range
    }
}

/// One customer of a result.
#[derive(Clone, Copy, Debug)]
pub struct SegmentationRow<'a> {
    segmentation: &'a Segmentation,
    row: usize,
}

impl<'a> SegmentationRow<'a> {
    /// The summary of the customer.
    ///
    /// # Panics
    ///
    /// Never: rows are made for existing customers.
    #[must_use]
    pub fn customer(&self) -> CustomerSummary<'a> {
        self.segmentation.customers.get(self.row).expect("a row is a customer")
    }

    /// Who it is.
    #[must_use]
    pub fn customer_id(&self) -> &'a str {
        self.customer().customer_id()
    }

    /// The day of the last order.
    #[must_use]
    pub fn last_order(&self) -> Day {
        self.customer().last_order()
    }

    /// Days from the last order to the analysis date, 0 or more: whole periods of 24 hours where recency is measured in elapsed time,
    /// otherwise days of the calendar.
    #[must_use]
    pub fn recency_days(&self) -> i32 {
        self.segmentation.how.measures.recency.days(&self.customer(), self.segmentation.analysis_date)
    }

    /// The frequency, by the measure of the run: a whole number for a count, six decimals for a rate.
    #[must_use]
    pub fn frequency(&self) -> Decimal {
        self.shown(Dimension::Frequency)
    }

    /// The monetary value, by the measure of the run, with the decimals of its money.
    #[must_use]
    pub fn monetary(&self) -> Decimal {
        self.shown(Dimension::Monetary)
    }

    fn shown(&self, dimension: Dimension) -> Decimal {
        let Segmentation { how, customers, analysis_date, .. } = self.segmentation;
        how.measures.shown(dimension, &self.customer(), *analysis_date, customers.scale())
    }

    /// The three scores, of which 1 is the worst whatever is shown.
    #[must_use]
    pub fn cell(&self) -> RfmCell {
        self.segmentation.scores[self.row]
    }

    /// The numbers that are shown for the three scores ([`Segmentation::score_display`]).
    #[must_use]
    pub fn shown_scores(&self) -> Axes<u8> {
        self.segmentation.display.cell(self.cell(), self.segmentation.bins())
    }

    /// The three scores as they are shown: `543`, or `10-4-3` if any dimension has more than 9 bins.
    #[must_use]
    pub fn code(&self) -> RfmCode {
        self.segmentation.display.code(self.cell(), self.segmentation.bins())
    }

    /// The weighted score, as it is shown ([`Weights::shown`]); `None` without weights.
    #[must_use]
    pub fn weighted_score(&self) -> Option<Decimal> {
        self.segmentation.weights().map(|weights| weights.shown(self.cell()))
    }

    /// The name of the segment, or the fallback.
    #[must_use]
    pub fn segment(&self) -> &'a str {
        let fallback = self.segmentation.segment_model.fallback();
        self.named_segment().map_or(fallback, |segment| &segment.name)
    }

    /// The segment by position among those of the model; their number if no rule covers the customer.
    #[must_use]
    pub fn segment_position(&self) -> usize {
        crate::text::index(self.segmentation.segments[self.row])
    }

    /// What rules may ask of the customer: the scores, and every measure that the summaries have.
    #[must_use]
    pub fn facts(&self) -> Facts {
        self.facts_of(&RuleMeasure::ALL)
    }

    /// The rule that gave the segment, by position among [`SegmentModel::rules`]; `None` if no rule covers the customer.
    ///
    /// Rules are tried anew for each call, since most results are never asked.
    #[must_use]
    pub fn matched_rule(&self) -> Option<usize> {
        // What the rules compare was there when the customers were named.
        self.segmentation.segment_model.rule_for(&self.facts_for_rules()).ok().flatten()
    }

    /// What the rules ask of the customer, and nothing else.
    pub(crate) fn facts_for_rules(&self) -> Facts {
        self.facts_of(&self.segmentation.segment_model.measures())
    }

    fn facts_of(&self, wanted: &[RuleMeasure]) -> Facts {
        let Segmentation { how, analysis_date, .. } = self.segmentation;
        Facts::of(self.cell(), &self.customer(), &how.measures, *analysis_date, wanted)
    }

    /// The segment with what it means and what to do about it; `None` if no rule covers the scores.
    #[must_use]
    pub fn named_segment(&self) -> Option<&'a Segment> {
        self.segmentation.segment_model.segments().get(self.segment_position())
    }
}
