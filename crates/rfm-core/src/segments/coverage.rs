//! What a set of rules covers, before anyone acts on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::samples::Samples;
use super::{Condition, RuleMeasure, ScoreBox, SegmentModel, SegmentRule, cells};
use crate::axes::{Axes, Dimension, RfmCell, Score};

/// What happens to a rule when all cells of the lattice have been tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleState {
    /// It wins every customer for whom it holds.
    Whole,
    /// It loses some of them to rules before it.
    PartlyShadowed,
    /// It may lose some of them to rules before it: that depends on measures, and if these are several, on what they have to do
    /// with each other.
    MaybeShadowed,
    /// It loses all of them to rules before it: nobody can get its segment by this rule.
    Shadowed,
    /// It holds for nobody: a range is empty, or its condition cannot be.
    Empty,
}

impl RuleState {
    /// Whether nobody gets the segment by the rule, proven.
    #[must_use]
    pub const fn is_unreachable(self) -> bool {
        matches!(self, RuleState::Shadowed | RuleState::Empty)
    }
}

/// What one rule covers.
///
/// Where a rule depends on measures, a cell is counted twice: by [`RuleCoverage::holds`] if the rule holds for every customer of
/// the cell, and by [`RuleCoverage::may_hold`] unless it is proven to hold for none. Without measures the two are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCoverage {
    segment: usize,
    holds: usize,
    may_hold: usize,
    wins: usize,
    may_win: usize,
    loses: Loses,
    loses_to: Vec<usize>,
}

/// Whether a rule loses customers for whom it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Loses {
    Never,
    Perhaps,
    Proven,
}

impl RuleCoverage {
    /// The segment, by position among [`SegmentModel::segments`].
    #[must_use]
    pub const fn segment(&self) -> usize {
        self.segment
    }

    /// Cells for all customers of which the rule holds.
    #[must_use]
    pub const fn holds(&self) -> usize {
        self.holds
    }

    /// Cells with a customer for whom the rule may hold.
    #[must_use]
    pub const fn may_hold(&self) -> usize {
        self.may_hold
    }

    /// Cells for all customers of which it is the first that holds.
    #[must_use]
    pub const fn wins(&self) -> usize {
        self.wins
    }

    /// Cells with a customer for whom it may be the first that holds.
    #[must_use]
    pub const fn may_win(&self) -> usize {
        self.may_win
    }

    /// The rules before it to which it loses customers, or may lose them, by position.
    #[must_use]
    pub fn loses_to(&self) -> &[usize] {
        &self.loses_to
    }

    /// What that makes of it.
    #[must_use]
    pub const fn state(&self) -> RuleState {
        match (self.may_hold, self.may_win, self.loses) {
            (0, _, _) => RuleState::Empty,
            (_, 0, _) => RuleState::Shadowed,
            (_, _, Loses::Never) => RuleState::Whole,
            (_, _, Loses::Perhaps) => RuleState::MaybeShadowed,
            (_, _, Loses::Proven) => RuleState::PartlyShadowed,
        }
    }
}

/// A cell for which several rules hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    cell: RfmCell,
    /// Neighbours mostly have the same rules, and then share them.
    rules: Arc<[usize]>,
}

impl Overlap {
    /// The cell.
    #[must_use]
    pub const fn cell(&self) -> RfmCell {
        self.cell
    }

    /// The rules, by position; the first one that holds for a customer wins.
    #[must_use]
    pub fn rules(&self) -> &[usize] {
        &self.rules
    }
}

/// What a set of rules covers, over all cells of the score lattice.
///
/// If the scores decide all rules, all of it is exact, and the cells that rules win and the gaps add up to the product of the
/// bins. Rules that depend on measures are reasoned about: what is called proven holds for every customer of a cell, what is called
/// possible was not proven to hold for none, and nothing else can be. That uses how the bounds of one measure lie to each other
/// (`recency_days < 20` behind `recency_days < 30` is shadowed), not what different measures have to do with each other.
///
/// # Examples
///
/// ```
/// use rfm_core::{Axes, RuleState, SegmentModel, SegmentPreset, SegmentRule};
///
/// let coverage = SegmentPreset::RReadme.model().coverage();
/// let gaps: Vec<String> = coverage.gaps().iter().map(|cell| cell.code(Axes::all(5)).to_string()).collect();
/// assert_eq!(gaps, ["215", "241", "251", "252", "341", "351", "441", "451", "541", "551"]);
///
/// let model = SegmentModel::builder("fresh", Axes::all(5))
///     .rule(SegmentRule::new("This Month").when("recency_days < 30".parse()?))
///     .rule(SegmentRule::new("This Week").when("recency_days < 7".parse()?))
///     .build()?;
/// let coverage = model.coverage();
/// assert_eq!(coverage.rules()[1].state(), RuleState::Shadowed);
/// assert_eq!((coverage.gaps().len(), coverage.possible_gaps().len()), (0, 125));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    cells: usize,
    gaps: Vec<RfmCell>,
    possible_gaps: Vec<RfmCell>,
    overlaps: Vec<Overlap>,
    possible_overlaps: Vec<Overlap>,
    rules: Vec<RuleCoverage>,
    segments: Vec<usize>,
    possible_segments: Vec<usize>,
}

impl Coverage {
    pub(super) fn of(model: &SegmentModel) -> Coverage {
        let rule = |segment: &usize| RuleCoverage {
            segment: *segment,
            holds: 0,
            may_hold: 0,
            wins: 0,
            may_win: 0,
            loses: Loses::Never,
            loses_to: Vec::new(),
        };
        let mut coverage = Coverage {
            cells: 0,
            gaps: Vec::new(),
            possible_gaps: Vec::new(),
            overlaps: Vec::new(),
            possible_overlaps: Vec::new(),
            rules: model.targets.iter().map(rule).collect(),
            segments: vec![0; model.segments.len()],
            possible_segments: vec![0; model.segments.len()],
        };
        let samples = Samples::of(&[model], cells(model.bins).count());
        let asked = |rule: &SegmentRule| rule.condition().map(Condition::measures).unwrap_or_default();
        let asked: Vec<BTreeSet<RuleMeasure>> = model.rules.iter().map(asked).collect();
        for (cell, candidates) in in_boxes(model) {
            coverage.cells = coverage.cells.saturating_add(1);
            let rules: Vec<&SegmentRule> = candidates.iter().map(|rule| &model.rules[*rule]).collect();
            let customers = samples.of_cell(cell, &rules);
            let mut found = InCell::new(candidates.len());
            if customers.len() > 1 {
                found.doubt(candidates.iter().map(|rule| &asked[*rule]));
            }
            for facts in customers {
                found.add(&rules.iter().map(|rule| rule.decide(&facts)).collect::<Vec<Option<bool>>>());
            }
            coverage.count(cell, &candidates, &found);
        }
        coverage
    }

    fn count(&mut self, cell: RfmCell, candidates: &[usize], found: &InCell) {
        let increment = |count: &mut usize, is_so: bool| *count = count.saturating_add(is_so.into());
        let mut wins = vec![(false, false); self.segments.len()];
        for (rule, found_of) in candidates.iter().zip(&found.rules) {
            let coverage = &mut self.rules[*rule];
            increment(&mut coverage.holds, found_of.holds.always);
            increment(&mut coverage.may_hold, found_of.holds.perhaps);
            increment(&mut coverage.wins, found_of.wins.always);
            increment(&mut coverage.may_win, found_of.wins.perhaps);
            coverage.loses = coverage.loses.max(found_of.loses);
            for winner in found_of.loses_to.iter().map(|at| candidates[*at]) {
                if !coverage.loses_to.contains(&winner) {
                    coverage.loses_to.push(winner);
                }
            }
            let (always, perhaps) = &mut wins[coverage.segment];
            *always |= found_of.wins.always;
            *perhaps |= found_of.wins.perhaps;
        }
        for (segment, (always, perhaps)) in wins.into_iter().enumerate() {
            increment(&mut self.segments[segment], always);
            increment(&mut self.possible_segments[segment], perhaps);
        }
        match found.gap {
            Found { always: true, .. } => self.gaps.push(cell),
            Found { perhaps: true, .. } => self.possible_gaps.push(cell),
            _ => {}
        }
        let overlaps = match found.overlap {
            Found { always: true, .. } => &mut self.overlaps,
            Found { perhaps: true, .. } => &mut self.possible_overlaps,
            _ => return,
        };
        let held = candidates.iter().zip(&found.rules).filter(|(_, found)| found.holds.perhaps);
        let held: Vec<usize> = held.map(|(rule, _)| *rule).collect();
        let rules = match overlaps.last() {
            Some(last) if *last.rules == *held => Arc::clone(&last.rules),
            _ => held.into(),
        };
        overlaps.push(Overlap { cell, rules });
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

    /// Other cells with customers for whom no rule may hold: that depends on measures.
    #[must_use]
    pub fn possible_gaps(&self) -> &[RfmCell] {
        &self.possible_gaps
    }

    /// Cells for every customer of which several rules hold, in the order of their codes.
    #[must_use]
    pub fn overlaps(&self) -> &[Overlap] {
        &self.overlaps
    }

    /// Other cells with customers for whom several rules may hold: that depends on measures.
    #[must_use]
    pub fn possible_overlaps(&self) -> &[Overlap] {
        &self.possible_overlaps
    }

    /// What each rule covers, in the order of the rules.
    #[must_use]
    pub fn rules(&self) -> &[RuleCoverage] {
        &self.rules
    }

    /// Cells that each segment gets whole, in the order of [`SegmentModel::segments`].
    #[must_use]
    pub fn segments(&self) -> &[usize] {
        &self.segments
    }

    /// Cells with a customer who may be in the segment, in the order of [`SegmentModel::segments`]; 0 means that nobody can be.
    #[must_use]
    pub fn possible_segments(&self) -> &[usize] {
        &self.possible_segments
    }

    /// Whether every customer has exactly one rule, and no segment is proven to be for nobody.
    #[must_use]
    pub fn is_partition(&self) -> bool {
        let none = self.gaps.is_empty() && self.possible_gaps.is_empty();
        let several = self.overlaps.is_empty() && self.possible_overlaps.is_empty();
        none && several && self.possible_segments.iter().all(|cells| *cells > 0)
    }
}

/// Each cell, in the order of their codes, with the rules that have a box around it. Boxes are picked by one dimension after
/// the other, so that neither every box is tried on every cell nor the rules of all cells are held at once.
pub(super) fn in_boxes(model: &SegmentModel) -> impl Iterator<Item = (RfmCell, Vec<usize>)> {
    let rules = model.rules.iter().enumerate();
    let all: Vec<Placed<'_>> = rules.flat_map(|(at, rule)| rule.boxes.iter().map(move |cells| (at, cells))).collect();
    let bins = model.bins;
    scores(bins.recency).flat_map(move |recency| {
        let of_recency = around(&all, Dimension::Recency, recency);
        scores(bins.frequency).flat_map(move |frequency| {
            let of_both = around(&of_recency, Dimension::Frequency, frequency);
            scores(bins.monetary).map(move |monetary| {
                let of_cell = around(&of_both, Dimension::Monetary, monetary);
                let mut rules: Vec<usize> = of_cell.into_iter().map(|(rule, _)| rule).collect();
                rules.dedup();
                (Axes { recency, frequency, monetary }, rules)
            })
        })
    })
}

/// A box and the position of its rule.
type Placed<'m> = (usize, &'m ScoreBox);

fn around<'m>(boxes: &[Placed<'m>], dimension: Dimension, score: Score) -> Vec<Placed<'m>> {
    boxes.iter().copied().filter(|(_, cells)| cells[dimension].contains(score)).collect()
}

fn scores(bins: u8) -> impl Iterator<Item = Score> {
    (1..=bins).filter_map(Score::new)
}

/// Whether something is so for all customers of a cell, and whether it may be so for one of them.
#[derive(Clone, Copy)]
struct Found {
    always: bool,
    perhaps: bool,
}

impl Found {
    const NOTHING_YET: Found = Found { always: true, perhaps: false };

    fn add(&mut self, is_so: bool, may_be_so: bool) {
        self.always &= is_so;
        self.perhaps |= may_be_so;
    }
}

/// What the rules with a box around a cell do to its customers.
struct InCell {
    gap: Found,
    overlap: Found,
    rules: Vec<RuleInCell>,
}

#[derive(Clone)]
struct RuleInCell {
    holds: Found,
    wins: Found,
    /// Whether there surely are customers of whom the rule and those before it ask what they are tried with.
    is_proof: bool,
    loses: Loses,
    loses_to: Vec<usize>,
}

impl InCell {
    fn new(rules: usize) -> InCell {
        let none = Found::NOTHING_YET;
        let rule = RuleInCell { holds: none, wins: none, is_proof: true, loses: Loses::Never, loses_to: Vec::new() };
        InCell { gap: none, overlap: none, rules: vec![rule; rules] }
    }

    /// Takes no customer for proof who has values of several measures: each value there can be, but perhaps not together.
    fn doubt<'m>(&mut self, asked: impl Iterator<Item = &'m BTreeSet<RuleMeasure>>) {
        let mut so_far: BTreeSet<RuleMeasure> = BTreeSet::new();
        for (rule, asked) in self.rules.iter_mut().zip(asked) {
            so_far.extend(asked);
            rule.is_proof = so_far.len() <= 1;
        }
    }

    /// Adds what the rules say of customers with the same facts.
    fn add(&mut self, answers: &[Option<bool>]) {
        let may_hold = |answer: &&Option<bool>| **answer != Some(false);
        let (mut held, mut open) = (0usize, 0usize);
        let mut winners: Vec<usize> = Vec::new();
        for (at, (answer, rule)) in answers.iter().zip(&mut self.rules).enumerate() {
            let (holds, perhaps) = (*answer == Some(true), may_hold(&answer));
            rule.holds.add(holds, perhaps);
            rule.wins.add(holds && held == 0 && open == 0, perhaps && held == 0);
            if perhaps {
                for winner in &winners {
                    if !rule.loses_to.contains(winner) {
                        rule.loses_to.push(*winner);
                    }
                }
                // That an undecided rule holds for anybody at all is not proven, nor that there are customers with such facts
                // beside others.
                let loses = match (held.saturating_add(open), rule.is_proof && holds && held > 0) {
                    (0, _) => Loses::Never,
                    (_, true) => Loses::Proven,
                    (_, false) => Loses::Perhaps,
                };
                rule.loses = rule.loses.max(loses);
                if held == 0 {
                    winners.push(at);
                }
            }
            held = held.saturating_add(holds.into());
            open = open.saturating_add((perhaps && !holds).into());
        }
        self.gap.add(held == 0 && open == 0, held == 0);
        self.overlap.add(held > 1, held.saturating_add(open) > 1);
    }
}
