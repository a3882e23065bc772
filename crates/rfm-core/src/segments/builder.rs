//! Putting a model together, checked.

use std::collections::BTreeMap;

use super::{Lattice, ScoreBox, ScoreRange, Segment, SegmentModel, SegmentRule};
use crate::axes::{Axes, Dimension};

/// Why a segment model is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// A rule without a segment name.
    #[error("rule {rule} has no segment name")]
    NoName {
        /// The rule, counted from 1.
        rule: usize,
    },
    /// A score that there cannot be with so many bins.
    #[error("segment `{segment}`: {dimension} {range} is outside of the scores 1 to {bins}")]
    OutOfRange {
        /// The segment.
        segment: String,
        /// The dimension.
        dimension: Dimension,
        /// The range.
        range: ScoreRange,
        /// Bins of the dimension.
        bins: u8,
    },
    /// A segment that is described, but that no rule names: a misspelt name, most likely.
    #[error("segment `{segment}` has no rule")]
    NoRule {
        /// The segment.
        segment: String,
    },
    /// The fallback has the name of a segment, so that two groups could not be told apart.
    #[error("the fallback `{name}` is a segment too; end with a rule for `{name}` that takes all cells instead")]
    FallbackIsSegment {
        /// The name.
        name: String,
    },
    /// Boxes with more cells than anybody could look through.
    #[error(
        "the rules hold {cells} cells, of {most} at most; cells in several boxes count several times: use fewer rules or bins"
    )]
    TooManyCells {
        /// The cells of all boxes of all rules.
        cells: u64,
        /// [`SegmentModel::MOST_CELLS`].
        most: u64,
    },
    /// A number of bins outside of 2..=100.
    #[error("{dimension} has {bins} bins; expected 2 to 100")]
    Bins {
        /// The dimension.
        dimension: Dimension,
        /// The number.
        bins: u8,
    },
}

/// Builds a [`SegmentModel`]; see there for an example.
#[derive(Clone, Debug)]
pub struct SegmentModelBuilder {
    model: SegmentModel,
    /// The last rule with each cell; made for the first row of a code table.
    claimed: Option<Lattice>,
    /// Where each segment stands.
    places: BTreeMap<String, usize>,
    /// The cells of all boxes so far.
    cells: u64,
}

impl SegmentModelBuilder {
    pub(super) fn new(name: String, bins: Axes<u8>) -> SegmentModelBuilder {
        let fallback = SegmentModel::FALLBACK.to_owned();
        let description = String::new();
        let model = SegmentModel { name, description, fallback, ..SegmentModel::unnamed(bins) };
        SegmentModelBuilder { model, claimed: None, places: BTreeMap::new(), cells: 0 }
    }

    /// Says what the model is for.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> SegmentModelBuilder {
        self.model.description = description.into();
        self
    }

    /// Says where the rules come from.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> SegmentModelBuilder {
        self.model.source = source.into();
        self
    }

    /// Adds a rule behind those before it. Several rules may name the same segment.
    #[must_use]
    pub fn rule(mut self, rule: SegmentRule) -> SegmentModelBuilder {
        let target = self.segment_at(rule.segment());
        self.model.targets.push(target);
        rule.boxes.iter().for_each(|cells| self.count(cells));
        if let Some(claimed) = self.claimed.as_mut().filter(|_| self.cells <= SegmentModel::MOST_CELLS) {
            rule.boxes.iter().for_each(|cells| claimed.paint(cells, number(self.model.rules.len())));
        }
        self.model.rules.push(rule);
        self
    }

    /// Adds the cells of a code pattern behind all before it, as a row of a code table: to the rule of the segment if that
    /// changes nothing for the rules behind it, otherwise as a new rule.
    #[must_use]
    pub fn code(mut self, segment: &str, cells: ScoreBox) -> SegmentModelBuilder {
        if self.cells > SegmentModel::MOST_CELLS {
            // It is refused in the end.
            return self;
        }
        let claimed = self.claimed.get_or_insert_with(|| claimed(&self.model));
        // A rule with a condition of its own takes no code in.
        let mut rules = self.model.rules.iter();
        let of_segment = rules.rposition(|rule| rule.segment == segment && rule.condition.is_none());
        let last_there = claimed.highest(&cells).map(crate::text::index);
        let Some(at) = of_segment.filter(|at| last_there.is_none_or(|last| last <= *at)) else {
            return self.rule(SegmentRule::of_boxes(segment, vec![cells]));
        };
        claimed.paint(&cells, number(at));
        self.count(&cells);
        self.model.rules[at].boxes.push(cells);
        self
    }

    /// Says more about a segment, which has a rule before or behind.
    #[must_use]
    pub fn describe(mut self, segment: Segment) -> SegmentModelBuilder {
        let at = self.segment_at(&segment.name);
        self.model.segments[at] = segment;
        self
    }

    /// Names the customers that no rule covers; without it they are [`SegmentModel::FALLBACK`].
    #[must_use]
    pub fn fallback(mut self, name: impl Into<String>) -> SegmentModelBuilder {
        self.model.fallback = name.into();
        self
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// [`SegmentError`] if a rule has no name or a range reaches outside of the bins, and if the rules hold more than
    /// [`SegmentModel::MOST_CELLS`] cells.
    pub fn build(self) -> Result<SegmentModel, SegmentError> {
        let SegmentModel { bins, rules, .. } = &self.model;
        if let Some((dimension, bins)) = bins.iter().find(|(_, bins)| !(2..=100).contains(*bins)) {
            return Err(SegmentError::Bins { dimension, bins: *bins });
        }
        if self.model.segments.iter().any(|segment| segment.name == self.model.fallback) {
            return Err(SegmentError::FallbackIsSegment { name: self.model.fallback });
        }
        if self.cells > SegmentModel::MOST_CELLS {
            return Err(SegmentError::TooManyCells { cells: self.cells, most: SegmentModel::MOST_CELLS });
        }
        let mut has_rule = vec![false; self.model.segments.len()];
        self.model.targets.iter().for_each(|segment| has_rule[*segment] = true);
        if let Some(segment) = has_rule.iter().position(|has_rule| !has_rule) {
            return Err(SegmentError::NoRule { segment: self.model.segments[segment].name.clone() });
        }
        for (at, rule) in rules.iter().enumerate() {
            if rule.segment.trim().is_empty() {
                return Err(SegmentError::NoName { rule: at.saturating_add(1) });
            }
            for cells in &rule.boxes {
                let outside = |(dimension, range): &(Dimension, &ScoreRange)| {
                    // Both ends, so that `>=6` of 5 bins is told instead of being a rule for nobody.
                    let within = |score: u8| (1..=bins[*dimension]).contains(&score);
                    **range != ScoreRange::ANY && !(within(range.low) && within(range.high))
                };
                if let Some((dimension, range)) = cells.iter().find(outside) {
                    let segment = rule.segment.clone();
                    return Err(SegmentError::OutOfRange { segment, dimension, range: *range, bins: bins[dimension] });
                }
            }
        }
        Ok(self.model)
    }

    fn segment_at(&mut self, name: &str) -> usize {
        if let Some(at) = self.places.get(name) {
            return *at;
        }
        let at = self.model.segments.len();
        self.model.segments.push(Segment { name: name.to_owned(), ..Segment::default() });
        self.places.insert(name.to_owned(), at);
        at
    }

    /// Adds the cells of a box.
    fn count(&mut self, cells: &ScoreBox) {
        let scores = |(dimension, range): (Dimension, &ScoreRange)| {
            let (low, high) = (range.low.max(1), range.high.min(self.model.bins[dimension]));
            u64::from(high.saturating_add(1).saturating_sub(low))
        };
        self.cells = self.cells.saturating_add(cells.iter().map(scores).fold(1, u64::saturating_mul));
    }
}

/// The last rule with each cell.
fn claimed(model: &SegmentModel) -> Lattice {
    let mut claimed = Lattice::empty(model.bins);
    for (at, rule) in model.rules.iter().enumerate() {
        rule.boxes.iter().for_each(|cells| claimed.paint(cells, number(at)));
    }
    claimed
}

/// The number of a rule in a lattice; nobody has 2^32 of them.
fn number(rule: usize) -> u32 {
    u32::try_from(rule).unwrap_or(u32::MAX)
}
