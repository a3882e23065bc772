//! Customers that stand for all others of a cell.
//!
//! A comparison of a measure changes its answer only at its bound. So the bounds of all rules cut each measure into pieces within
//! which nothing changes, and one value of each piece stands for the rest. Trying all combinations of such values proves what
//! holds for every customer and what can hold for none. What measures have to do with each other (nobody has more orders than
//! lines) is not looked at, so that something impossible may pass for possible, but never the other way round.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::Domain;
use super::{Condition, Facts, RuleMeasure, SegmentModel, SegmentRule};
use crate::axes::RfmCell;
use crate::ratio::Ratio;

/// As many combinations are tried of all cells together, and of one cell.
const ALL_CELLS: usize = 2_000_000;
const ONE_CELL: usize = 10_000;

/// The values of each measure that stand for all others.
pub(super) struct Samples {
    values: Vec<(RuleMeasure, Vec<Ratio>)>,
}

impl Samples {
    /// For the rules of models with that many cells. Measures with so many bounds that there would be too many combinations are
    /// left out: they stay unknown, and what depends on them undecided.
    pub(super) fn of(models: &[&SegmentModel], cells: usize) -> Samples {
        let mut bounds: BTreeMap<RuleMeasure, BTreeSet<Ratio>> = BTreeMap::new();
        let rules = models.iter().flat_map(|model| model.rules());
        for condition in rules.filter_map(SegmentRule::condition) {
            condition.each_bound(&mut |measure, bound| {
                bounds.entry(measure).or_default().insert(bound);
            });
        }
        let pieces = bounds.into_iter().filter_map(|(measure, bounds)| Some((measure, values(measure, &bounds)?)));
        let mut pieces: Vec<(RuleMeasure, Vec<Ratio>)> = pieces.collect();
        pieces.sort_by_key(|(_, values)| values.len());
        let most = ALL_CELLS.checked_div(cells).unwrap_or(ALL_CELLS).clamp(1, ONE_CELL);
        let mut combinations = 1usize;
        pieces.retain(|(_, values)| {
            let more = combinations.saturating_mul(values.len());
            let fits = more <= most;
            if fits {
                combinations = more;
            }
            fits
        });
        Samples { values: pieces }
    }

    /// All combinations for a cell; the cell alone if these rules do not ask for more there.
    pub(super) fn of_cell(&self, cell: RfmCell, rules: &[&SegmentRule]) -> Vec<Facts> {
        let alone = Facts::new(cell);
        if rules.iter().all(|rule| rule.decide(&alone).is_some()) {
            return vec![alone];
        }
        let asked: BTreeSet<RuleMeasure> =
            rules.iter().filter_map(|rule| rule.condition()).flat_map(Condition::measures).collect();
        let mut combinations = vec![alone];
        for (measure, values) in self.values.iter().filter(|(measure, _)| asked.contains(measure)) {
            let with = |facts: &Facts| {
                let facts = facts.clone();
                values.iter().map(move |value| facts.clone().with(*measure, *value)).collect::<Vec<Facts>>()
            };
            combinations = combinations.iter().flat_map(with).collect();
        }
        combinations
    }
}

/// One value of each piece between and at the bounds; `None` if one does not fit.
fn values(measure: RuleMeasure, bounds: &BTreeSet<Ratio>) -> Option<Vec<Ratio>> {
    let domain = measure.domain();
    let one = Ratio::from(1);
    let mut candidates: BTreeSet<Ratio> = BTreeSet::new();
    if domain == Domain::Count {
        for bound in bounds {
            let (below, above) = (Ratio::new(bound.floor(), 1), Ratio::new(bound.ceil(), 1));
            candidates.extend([below.checked_sub(one)?, below, above, above.checked_add(one)?]);
        }
    } else {
        let ends: Vec<Ratio> =
            bounds.iter().copied().chain((domain == Domain::NotNegative).then_some(Ratio::from(0))).collect();
        let ends: BTreeSet<Ratio> = ends.into_iter().collect();
        candidates.extend([ends.first()?.checked_sub(one)?, ends.last()?.checked_add(one)?]);
        for (lower, upper) in ends.iter().zip(ends.iter().skip(1)) {
            candidates.insert(lower.checked_add(*upper)?.checked_div(Ratio::from(2))?);
        }
        candidates.extend(ends);
    }
    if domain != Domain::Any {
        candidates.retain(|value| *value >= Ratio::from(0));
        // Bounds below zero alone: everything lies above them.
        candidates.insert(Ratio::from(0));
    }
    // In ascending order, so that values of one piece follow each other.
    let mut pieces: BTreeMap<(usize, bool), Ratio> = BTreeMap::new();
    for value in candidates {
        let piece = (bounds.range(..value).count(), bounds.contains(&value));
        pieces.entry(piece).or_insert(value);
    }
    Some(pieces.into_values().collect())
}
