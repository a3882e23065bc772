//! What two sets of rules say otherwise.

use std::collections::BTreeSet;

use super::coverage::in_boxes;
use super::samples::Samples;
use super::{Facts, SegmentModel, SegmentRule, cells};
use crate::axes::{Axes, RfmCell};

/// The error of rules for different numbers of bins: their codes have no meaning in common.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{first}` is written for {} bins and `{second}` for {}: their codes cannot be compared",
    super::shown_bins(*first_bins), super::shown_bins(*second_bins)
)]
pub struct DifferentBins {
    /// The name of the first model.
    pub first: String,
    /// Its bins.
    pub first_bins: Axes<u8>,
    /// The name of the second model.
    pub second: String,
    /// Its bins.
    pub second_bins: Axes<u8>,
}

/// A code whose customers get a segment of another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChange {
    cell: RfmCell,
    from: String,
    to: String,
    is_certain: bool,
}

impl CodeChange {
    /// The code.
    #[must_use]
    pub const fn cell(&self) -> RfmCell {
        self.cell
    }

    /// The segment by the first model, or its fallback.
    #[must_use]
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The segment by the second model, or its fallback.
    #[must_use]
    pub fn to(&self) -> &str {
        &self.to
    }

    /// Whether all customers with this code change so; otherwise only some may, which depends on measures.
    #[must_use]
    pub const fn is_certain(&self) -> bool {
        self.is_certain
    }
}

/// What two sets of rules say otherwise, code by code.
///
/// # Examples
///
/// ```
/// use rfm_core::{Axes, SegmentPreset};
///
/// let diff = SegmentPreset::Table11Older.model().diff(&SegmentPreset::Table11.model())?;
/// let codes: Vec<String> = diff.changes().iter().map(|change| change.cell().code(Axes::all(5)).to_string()).collect();
/// assert_eq!((diff.cells(), codes), (125, vec!["231".to_owned(), "241".to_owned(), "251".to_owned()]));
/// assert_eq!(diff.pairs(), [("Hibernating", "About To Sleep", 3)]);
/// assert!(SegmentPreset::Table11.model().diff(&SegmentPreset::Quartile.model()).is_err());
/// # Ok::<(), rfm_core::DifferentBins>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDiff {
    cells: usize,
    changes: Vec<CodeChange>,
}

impl RuleDiff {
    /// Codes of the lattice: the product of the bins.
    #[must_use]
    pub const fn cells(&self) -> usize {
        self.cells
    }

    /// The codes with another segment, in their order; none if the models give every customer the same. A code may occur several
    /// times if that depends on measures.
    #[must_use]
    pub fn changes(&self) -> &[CodeChange] {
        &self.changes
    }

    /// How many codes go from which segment to which, the most first.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&str, &str, usize)> {
        let mut pairs: Vec<(&str, &str, usize)> = Vec::new();
        for change in &self.changes {
            match pairs.iter_mut().find(|(from, to, _)| (*from, *to) == (change.from(), change.to())) {
                Some((_, _, codes)) => *codes = codes.saturating_add(1),
                None => pairs.push((change.from(), change.to(), 1)),
            }
        }
        // Equal ones stay in the order of their first code.
        pairs.sort_by_key(|(_, _, codes)| core::cmp::Reverse(*codes));
        pairs
    }
}

impl SegmentModel {
    /// Which codes get a segment of another name by another model. Rules that depend on measures are reasoned about as by
    /// [`SegmentModel::coverage`]: what may change is told, and nothing else can.
    ///
    /// # Errors
    ///
    /// [`DifferentBins`] if the models are written for different numbers of bins.
    pub fn diff(&self, other: &SegmentModel) -> Result<RuleDiff, DifferentBins> {
        if self.bins() != other.bins() {
            return Err(DifferentBins {
                first: self.name().to_owned(),
                first_bins: self.bins(),
                second: other.name().to_owned(),
                second_bins: other.bins(),
            });
        }
        let mut diff = RuleDiff { cells: cells(self.bins()).count(), changes: Vec::new() };
        let samples = Samples::of(&[self, other], diff.cells);
        for ((cell, ours), (_, theirs)) in in_boxes(self).zip(in_boxes(other)) {
            let rules = ours.iter().map(|rule| &self.rules()[*rule]);
            let rules: Vec<&SegmentRule> = rules.chain(theirs.iter().map(|rule| &other.rules()[*rule])).collect();
            let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
            for facts in samples.of_cell(cell, &rules) {
                let targets = self.possible_names(&ours, &facts);
                let others = other.possible_names(&theirs, &facts);
                pairs.extend(targets.iter().flat_map(|from| others.iter().map(move |to| (*from, *to))));
            }
            let is_certain = pairs.len() == 1;
            let changed = pairs.into_iter().filter(|(from, to)| from != to);
            diff.changes.extend(changed.map(|(from, to)| CodeChange {
                cell,
                from: from.to_owned(),
                to: to.to_owned(),
                is_certain,
            }));
        }
        Ok(diff)
    }

    /// The segments that customers with these facts may have, of these rules.
    fn possible_names(&self, rules: &[usize], facts: &Facts) -> Vec<&str> {
        let mut names = Vec::new();
        for rule in rules {
            match self.rules()[*rule].decide(facts) {
                Some(false) => {}
                None => names.push(self.rules()[*rule].segment()),
                Some(true) => {
                    names.push(self.rules()[*rule].segment());
                    return names;
                }
            }
        }
        names.push(self.fallback());
        names
    }
}
