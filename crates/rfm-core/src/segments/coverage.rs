//! What a set of rules covers, before anyone acts on it.

use super::{SegmentModel, boxed, cells, position};
use crate::axes::RfmCell;

/// What happens to a rule when all cells of the lattice have been tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleState {
    /// It wins every cell for which it holds.
    Whole,
    /// It loses some of them to rules before it.
    PartlyShadowed,
    /// It loses all of them to rules before it: nobody can get its segment by this rule.
    Shadowed,
    /// It holds for no cell at all: a range is empty.
    Empty,
}

impl RuleState {
    /// Whether no cell gets its segment by the rule.
    #[must_use]
    pub const fn is_unreachable(self) -> bool {
        matches!(self, RuleState::Shadowed | RuleState::Empty)
    }
}

/// What one rule covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCoverage {
    segment: usize,
    holds: usize,
    wins: usize,
    loses_to: Vec<usize>,
}

impl RuleCoverage {
    /// The segment, by position among [`SegmentModel::segments`].
    #[must_use]
    pub const fn segment(&self) -> usize {
        self.segment
    }

    /// Cells for which the rule holds.
    #[must_use]
    pub const fn holds(&self) -> usize {
        self.holds
    }

    /// Cells for which it is the first that holds.
    #[must_use]
    pub const fn wins(&self) -> usize {
        self.wins
    }

    /// The rules before it to which it loses cells, by position.
    #[must_use]
    pub fn loses_to(&self) -> &[usize] {
        &self.loses_to
    }

    /// What that makes of it.
    #[must_use]
    pub const fn state(&self) -> RuleState {
        match (self.holds, self.wins) {
            (0, _) => RuleState::Empty,
            (_, 0) => RuleState::Shadowed,
            (holds, wins) if holds == wins => RuleState::Whole,
            _ => RuleState::PartlyShadowed,
        }
    }
}

/// A cell for which several rules hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    cell: RfmCell,
    rules: Vec<usize>,
}

impl Overlap {
    /// The cell.
    #[must_use]
    pub const fn cell(&self) -> RfmCell {
        self.cell
    }

    /// The rules, by position; the first one wins.
    #[must_use]
    pub fn rules(&self) -> &[usize] {
        &self.rules
    }
}

/// What a set of rules covers, over all cells of the score lattice: the cells that rules win and the gaps add up to the
/// product of the bins.
///
/// # Examples
///
/// ```
/// use rfm_core::{Axes, SegmentPreset};
///
/// let coverage = SegmentPreset::RReadme.model().coverage();
/// let gaps: Vec<String> = coverage.gaps().iter().map(|cell| cell.code(Axes::all(5)).to_string()).collect();
/// assert_eq!(gaps, ["215", "241", "251", "252", "341", "351", "441", "451", "541", "551"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    cells: usize,
    gaps: Vec<RfmCell>,
    overlaps: Vec<Overlap>,
    rules: Vec<RuleCoverage>,
    segments: Vec<usize>,
}

impl Coverage {
    pub(super) fn of(model: &SegmentModel) -> Coverage {
        let rule = |segment: &usize| RuleCoverage { segment: *segment, holds: 0, wins: 0, loses_to: Vec::new() };
        let mut coverage = Coverage {
            cells: 0,
            gaps: Vec::new(),
            overlaps: Vec::new(),
            rules: model.targets.iter().map(rule).collect(),
            segments: vec![0; model.segments.len()],
        };
        // For each cell the rules that hold for it: boxes are walked, rules are not tried on every cell.
        let mut held: Vec<Vec<usize>> = vec![Vec::new(); cells(model.bins).count()];
        for (at, rule) in model.rules.iter().enumerate() {
            let covered = rule.boxes().iter().flat_map(|cells| boxed(model.bins, cells));
            for place in covered.filter_map(|cell| position(model.bins, cell)) {
                if held[place].last() != Some(&at) {
                    held[place].push(at);
                }
            }
        }
        for (cell, rules) in cells(model.bins).zip(held) {
            coverage.cells = coverage.cells.saturating_add(1);
            coverage.count(cell, rules);
        }
        coverage
    }

    fn count(&mut self, cell: RfmCell, rules: Vec<usize>) {
        let Some((winner, losers)) = rules.split_first() else {
            self.gaps.push(cell);
            return;
        };
        let increment = |count: &mut usize| *count = count.saturating_add(1);
        for rule in &rules {
            increment(&mut self.rules[*rule].holds);
        }
        increment(&mut self.rules[*winner].wins);
        increment(&mut self.segments[self.rules[*winner].segment]);
        for loser in losers {
            let loses_to = &mut self.rules[*loser].loses_to;
            if !loses_to.contains(winner) {
                loses_to.push(*winner);
            }
        }
        if !losers.is_empty() {
            self.overlaps.push(Overlap { cell, rules });
        }
    }

    /// Cells of the lattice: the product of the bins.
    #[must_use]
    pub const fn cells(&self) -> usize {
        self.cells
    }

    /// Cells that no rule covers, in the order of their codes.
    #[must_use]
    pub fn gaps(&self) -> &[RfmCell] {
        &self.gaps
    }

    /// Cells for which several rules hold, in the order of their codes.
    #[must_use]
    pub fn overlaps(&self) -> &[Overlap] {
        &self.overlaps
    }

    /// What each rule covers, in the order of the rules.
    #[must_use]
    pub fn rules(&self) -> &[RuleCoverage] {
        &self.rules
    }

    /// Cells that each segment gets, in the order of [`SegmentModel::segments`]; 0 means that nobody can be in it.
    #[must_use]
    pub fn segments(&self) -> &[usize] {
        &self.segments
    }

    /// Whether every cell has exactly one rule and every segment can be reached.
    #[must_use]
    pub fn is_partition(&self) -> bool {
        self.gaps.is_empty() && self.overlaps.is_empty() && self.segments.iter().all(|cells| *cells > 0)
    }
}
