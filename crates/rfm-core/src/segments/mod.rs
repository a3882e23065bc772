//! From scores to named segments: rules, their check, and the tables that are built in.

mod builder;
mod condition;
mod cover;
mod coverage;
mod diff;
mod lattice;
mod namer;
mod presets;
mod rule;
#[cfg(feature = "toml")]
mod rule_file;
mod samples;
mod unmet;

pub use builder::{SegmentError, SegmentModelBuilder};
pub use condition::{
    Condition, ConditionError, ConditionProblem, Facts, MissingFact, Relation, RuleMeasure, ScoreTest, ScoreTestError,
};
pub use cover::DependsOnMeasures;
pub use coverage::{Coverage, Overlap, RuleCoverage, RuleState};
pub use diff::{CodeChange, DifferentBins, RuleDiff};
pub use lattice::Lattice;
pub(crate) use namer::Namer;
pub use presets::{SegmentPreset, UnknownSegmentPreset};
pub use rule::{PatternError, ScoreBox, ScoreRange, SegmentRule};
#[cfg(feature = "toml")]
pub use rule_file::{RuleFileError, RuleFileProblem};
pub use unmet::Unmet;

use std::collections::BTreeSet;

use crate::axes::{Axes, Dimension, RfmCell};

/// A named group of customers, and what to make of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// The name, unique within a model.
    pub name: String,
    /// Who is in it, in terms of the scores. May be empty.
    pub description: String,
    /// What that means for marketing. May be empty.
    pub meaning: String,
    /// What to do about it. May be empty.
    pub action: String,
}

/// Ordered rules that name the cells of the score lattice: the first rule that holds gives the segment.
///
/// Rules are boxes of scores, and conditions ([`Condition`]) over scores and over what else is known of a customer.
///
/// A model is written for a number of bins on each dimension. It can be checked before any customer is seen
/// ([`SegmentModel::coverage`]); published rule sets often leave cells unnamed or have segments that nobody can reach.
///
/// # Examples
///
/// ```
/// use rfm_core::{Axes, RfmCell, SegmentModel, SegmentRule};
///
/// let model = SegmentModel::builder("three", Axes::all(5))
///     .rule(SegmentRule::new("Best").recency(4..=5).frequency(4..=5))
///     .rule(SegmentRule::new("Gone").recency(1..=1))
///     .fallback("Others")
///     .build()?;
/// assert_eq!(model.name_of(RfmCell::from_numbers(5, 4, 1).expect("scores")), "Best");
/// assert_eq!(model.name_of(RfmCell::from_numbers(3, 5, 5).expect("scores")), "Others");
/// assert_eq!(model.coverage().gaps().len(), 125 - 20 - 25);
/// # Ok::<(), rfm_core::SegmentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentModel {
    name: String,
    description: String,
    source: String,
    bins: Axes<u8>,
    segments: Vec<Segment>,
    rules: Vec<SegmentRule>,
    /// Of each rule the position of its segment.
    targets: Vec<usize>,
    fallback: String,
}

impl SegmentModel {
    /// The name of customers that no rule covers, unless the model has another one.
    pub const FALLBACK: &str = "Others";

    /// The most cells that the boxes of all rules may hold, a cell in several boxes counted several times: 50 rules that take
    /// all cells of 100 bins, or 400,000 of 5.
    ///
    /// What rules cover is told cell by cell and rule by rule ([`SegmentModel::coverage`]); beyond this it would not fit
    /// memory.
    pub const MOST_CELLS: u64 = 50_000_000;

    /// Begins a model for scores of 1..=`bins` on each dimension.
    #[must_use]
    pub fn builder(name: impl Into<String>, bins: Axes<u8>) -> SegmentModelBuilder {
        SegmentModelBuilder::new(name.into(), bins)
    }

    /// A model without rules: every customer has the fallback name.
    #[must_use]
    pub fn unnamed(bins: Axes<u8>) -> SegmentModel {
        SegmentModel {
            name: "none".to_owned(),
            description: "No segments, scores only".to_owned(),
            source: String::new(),
            bins,
            segments: Vec::new(),
            rules: Vec::new(),
            targets: Vec::new(),
            fallback: "Unsegmented".to_owned(),
        }
    }

    /// The built-in table for a number of bins: 11 segments for quintiles, the quartile set for quartiles, otherwise none.
    #[must_use]
    pub fn default_for(bins: Axes<u8>) -> SegmentModel {
        match bins {
            Axes { recency: 5, frequency: 5, monetary: 5 } => SegmentPreset::Table11.model(),
            Axes { recency: 4, frequency: 4, monetary: 4 } => SegmentPreset::Quartile.model(),
            _ => SegmentModel::unnamed(bins),
        }
    }

    /// The name of the model.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the model is for, in a sentence. May be empty.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Where the rules come from. May be empty.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Bins of each dimension that the rules are written for.
    #[must_use]
    pub const fn bins(&self) -> Axes<u8> {
        self.bins
    }

    /// The segments in the order in which rules first name them.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The rules in the order in which they are tried.
    #[must_use]
    pub fn rules(&self) -> &[SegmentRule] {
        &self.rules
    }

    /// The name of customers that no rule covers.
    #[must_use]
    pub fn fallback(&self) -> &str {
        &self.fallback
    }

    /// The measures that rules compare beside scores, each once.
    #[must_use]
    pub fn measures(&self) -> Vec<RuleMeasure> {
        let conditions = self.rules.iter().filter_map(SegmentRule::condition);
        let measures: BTreeSet<RuleMeasure> = conditions.flat_map(Condition::measures).collect();
        measures.into_iter().collect()
    }

    /// Whether the scores alone decide every rule.
    #[must_use]
    pub fn is_over_scores(&self) -> bool {
        self.measures().is_empty()
    }

    /// Whether the summaries have to keep the value of each order ([`crate::Summaries::with_order_values`]).
    #[must_use]
    pub fn need_order_values(&self) -> bool {
        self.measures().into_iter().any(RuleMeasure::needs_order_values)
    }

    /// Whether the summaries have to keep the days with a line ([`crate::Summaries::with_active_days`]).
    #[must_use]
    pub fn need_active_days(&self) -> bool {
        self.measures().contains(&RuleMeasure::ActiveDays)
    }

    /// The first rule that holds for a customer, by position; none if no rule does.
    ///
    /// # Errors
    ///
    /// [`MissingFact`] if a rule before it cannot be decided by what is known.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{Axes, Facts, Ratio, RfmCell, RuleMeasure, SegmentModel, SegmentRule};
    ///
    /// let model = SegmentModel::builder("two", Axes::all(5))
    ///     .rule(SegmentRule::new("Fresh").recency(4..=5).when("recency_days < 30".parse()?))
    ///     .rule(SegmentRule::new("Rest"))
    ///     .build()?;
    /// let facts = Facts::new(RfmCell::from_numbers(5, 1, 1).expect("scores"));
    /// assert!(model.rule_for(&facts).is_err());
    /// assert_eq!(model.rule_for(&facts.with(RuleMeasure::RecencyDays, Ratio::from(30)))?, Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rule_for(&self, facts: &Facts) -> Result<Option<usize>, MissingFact> {
        for (at, rule) in self.rules.iter().enumerate() {
            match rule.decide(facts) {
                Some(true) => return Ok(Some(at)),
                Some(false) => {}
                None => {
                    let measures = rule.condition().map(Condition::measures).unwrap_or_default();
                    let unknown = measures.into_iter().find(|measure| facts.get(*measure).is_none());
                    return unknown.map_or(Ok(None), |measure| Err(MissingFact { measure }));
                }
            }
        }
        Ok(None)
    }

    /// The first rule that holds for a cell, by position.
    ///
    /// If rules depend on measures, it is the first that holds for every customer of the cell; those before it may hold for some
    /// ([`SegmentModel::rule_for`]).
    #[must_use]
    pub fn rule_of(&self, cell: RfmCell) -> Option<usize> {
        self.rules.iter().position(|rule| rule.holds(cell))
    }

    /// The segment of a cell, by position among [`SegmentModel::segments`]; `None` if no rule covers it. As
    /// [`SegmentModel::rule_of`].
    #[must_use]
    pub fn segment_of(&self, cell: RfmCell) -> Option<usize> {
        self.rule_of(cell).map(|rule| self.targets[rule])
    }

    /// The name of the segment of a cell, or the fallback. As [`SegmentModel::rule_of`].
    #[must_use]
    pub fn name_of(&self, cell: RfmCell) -> &str {
        self.name_at(self.segment_of(cell))
    }

    /// The segment of a rule, by position among [`SegmentModel::segments`].
    pub(crate) fn target(&self, rule: usize) -> Option<usize> {
        self.targets.get(rule).copied()
    }

    /// The name of a segment by position, or the fallback.
    pub(crate) fn name_at(&self, segment: Option<usize>) -> &str {
        segment.and_then(|segment| self.segments.get(segment)).map_or(&self.fallback, |segment| &segment.name)
    }

    /// What the rules cover, cell by cell.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        Coverage::of(self)
    }

    /// The answers for all cells, to look up instead of trying the rules.
    #[must_use]
    pub fn lattice(&self) -> Lattice {
        Lattice::of(self)
    }
}

/// All cells of a lattice in the order of their codes.
pub(crate) fn cells(bins: Axes<u8>) -> impl Iterator<Item = RfmCell> {
    boxed(bins, &Axes::all(ScoreRange::ANY))
}

/// The cells of a lattice that lie in a box, in the order of their codes.
fn boxed(bins: Axes<u8>, cells: &ScoreBox) -> impl Iterator<Item = RfmCell> + use<> {
    let range = |axis: Dimension| cells[axis].low().max(1)..=cells[axis].high().min(bins[axis]);
    let [recency, frequency, monetary] = Dimension::ALL.map(range);
    recency.flat_map(move |recency| {
        let monetary = monetary.clone();
        frequency.clone().flat_map(move |frequency| {
            monetary.clone().filter_map(move |monetary| RfmCell::from_numbers(recency, frequency, monetary))
        })
    })
}

/// Numbers of bins as one writes them: `5`, or `5-3-5`.
pub(crate) fn shown_bins(bins: Axes<u8>) -> String {
    let Axes { recency, frequency, monetary } = bins;
    if bins == Axes::all(recency) { recency.to_string() } else { format!("{recency}-{frequency}-{monetary}") }
}

/// Where a cell stands among all of a lattice; `None` beyond its bins.
fn position(bins: Axes<u8>, cell: RfmCell) -> Option<usize> {
    let position = |score: u8| usize::from(score.saturating_sub(1));
    let Axes { recency, frequency, monetary } = cell.map(|_, score| score.number());
    if recency > bins.recency || frequency > bins.frequency || monetary > bins.monetary {
        return None;
    }
    // Below 100³: the products cannot overflow.
    let row = position(recency).wrapping_mul(bins.frequency.into()).wrapping_add(position(frequency));
    Some(row.wrapping_mul(bins.monetary.into()).wrapping_add(position(monetary)))
}

#[cfg(test)]
mod tests;
