//! Putting a model together, checked.

use super::{ScoreBox, ScoreRange, Segment, SegmentModel, SegmentRule};
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
    /// The fallback has the name of a segment, so that two groups could not be told apart.
    #[error("the fallback `{name}` is a segment too; end with a rule for `{name}` that takes all cells instead")]
    FallbackIsSegment {
        /// The name.
        name: String,
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
}

impl SegmentModelBuilder {
    pub(super) fn new(name: String, bins: Axes<u8>) -> SegmentModelBuilder {
        let fallback = SegmentModel::FALLBACK.to_owned();
        let description = String::new();
        SegmentModelBuilder { model: SegmentModel { name, description, fallback, ..SegmentModel::unnamed(bins) } }
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
        self.model.rules.push(rule);
        self
    }

    /// Adds the cells of a code pattern behind all before it, as a row of a code table: to the rule of the segment if that
    /// changes nothing for the rules behind it, otherwise as a new rule.
    #[must_use]
    pub fn code(mut self, segment: &str, cells: ScoreBox) -> SegmentModelBuilder {
        let of_segment = self.model.rules.iter().rposition(|rule| rule.segment == segment);
        let keeps_order = |at: &usize| {
            let behind = self.model.rules.iter().skip(at.saturating_add(1));
            behind.flat_map(|rule| &rule.boxes).all(|other| !other.intersects(&cells))
        };
        match of_segment.filter(keeps_order) {
            Some(at) => self.model.rules[at].boxes.push(cells),
            None => return self.rule(SegmentRule::of_boxes(segment, vec![cells])),
        }
        self
    }

    /// Says more about a segment. It need not have a rule before.
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
    /// [`SegmentError`] if a rule has no name or a range reaches outside of the bins.
    pub fn build(self) -> Result<SegmentModel, SegmentError> {
        let SegmentModel { bins, rules, .. } = &self.model;
        if let Some((dimension, bins)) = bins.iter().find(|(_, bins)| !(2..=100).contains(*bins)) {
            return Err(SegmentError::Bins { dimension, bins: *bins });
        }
        if self.model.segments.iter().any(|segment| segment.name == self.model.fallback) {
            return Err(SegmentError::FallbackIsSegment { name: self.model.fallback });
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
        let segments = &mut self.model.segments;
        segments.iter().position(|segment| segment.name == name).unwrap_or_else(|| {
            segments.push(Segment { name: name.to_owned(), ..Segment::default() });
            segments.len().saturating_sub(1)
        })
    }
}
