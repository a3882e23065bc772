//! The rule of each customer: looked up by scores, and tried only where scores do not decide.

use super::{Condition, Facts, Lattice, RuleMeasure, SegmentModel};
use crate::axes::RfmCell;
use crate::day::Day;
use crate::measures::Measures;
use crate::scoring::FitError;
use crate::summaries::CustomerSummary;

/// Finds the rule of each customer: looked up by scores, and tried only where scores do not decide.
#[derive(Clone, Debug)]
pub(crate) struct Namer {
    /// For each cell the first rule that holds there for everybody.
    certain: Lattice,
    /// For each cell the segment of that rule.
    segments: Lattice,
    /// The rules that depend on measures, in their order.
    open: Vec<usize>,
    wanted: Vec<RuleMeasure>,
    measures: Measures,
}

impl Namer {
    pub(crate) fn new(model: &SegmentModel, measures: Measures) -> Namer {
        let depends = |at: &usize| model.rules()[*at].condition().is_some_and(|condition| !condition.is_over_scores());
        let open = (0..model.rules().len()).filter(depends).collect();
        Namer { certain: Lattice::of_rules(model), segments: model.lattice(), open, wanted: model.measures(), measures }
    }

    /// What the rules compare beside scores.
    pub(crate) fn wanted(&self) -> &[RuleMeasure] {
        &self.wanted
    }

    /// Fails if a rule of the model compares what the summaries of this customer do not have.
    pub(crate) fn check(
        &self,
        model: &SegmentModel,
        customer: &CustomerSummary<'_>,
        analysis_date: Day,
    ) -> Result<(), FitError> {
        let is_missing = |measure: &&RuleMeasure| measure.value(customer, &self.measures, analysis_date).is_none();
        match self.wanted.iter().find(is_missing) {
            Some(measure) => Err(not_kept(model, *measure)),
            None => Ok(()),
        }
    }

    /// The first rule of the model that holds, by position.
    pub(crate) fn rule_of<'c>(
        &self,
        model: &SegmentModel,
        cell: RfmCell,
        analysis_date: Day,
        customer: impl FnOnce() -> Option<CustomerSummary<'c>>,
    ) -> Option<usize> {
        let certain = self.certain.number_of(cell);
        let before = certain.unwrap_or(usize::MAX);
        if self.open.first().is_none_or(|first| *first > before) {
            return certain;
        }
        let facts = Facts::of(cell, &customer()?, &self.measures, analysis_date, &self.wanted);
        let open = self.open.iter().take_while(|at| **at < before);
        let first = open.copied().find(|at| model.rules()[*at].decide(&facts) == Some(true));
        first.or(certain)
    }

    /// The segment of that rule, by position.
    pub(crate) fn segment_of<'c>(
        &self,
        model: &SegmentModel,
        cell: RfmCell,
        analysis_date: Day,
        customer: impl FnOnce() -> Option<CustomerSummary<'c>>,
    ) -> Option<usize> {
        if self.open.is_empty() {
            return self.segments.segment_of(cell);
        }
        self.rule_of(model, cell, analysis_date, customer).and_then(|rule| model.target(rule))
    }

    /// The first rule that holds, if the scores alone tell.
    ///
    /// Fails if a rule that compares measures might hold before it.
    pub(crate) fn rule_of_scores(&self, model: &SegmentModel, cell: RfmCell) -> Result<Option<usize>, FitError> {
        let certain = self.certain.number_of(cell);
        let facts = Facts::new(cell);
        let open = self.open.iter().take_while(|at| **at < certain.unwrap_or(usize::MAX));
        let undecided = open.map(|at| &model.rules()[*at]).filter(|rule| rule.decide(&facts) != Some(false));
        match undecided.filter_map(|rule| rule.condition()?.measures().pop_first()).next() {
            Some(measure) => Err(not_kept(model, measure)),
            None => Ok(certain),
        }
    }
}

/// The error of a measure that is not there, and of the first segment whose rule wants it.
fn not_kept(model: &SegmentModel, measure: RuleMeasure) -> FitError {
    let compares = |condition: &Condition| condition.measures().contains(&measure);
    let rule = model.rules().iter().find(|rule| rule.condition().is_some_and(compares));
    let segment = rule.map(|rule| rule.segment().to_owned()).unwrap_or_default();
    FitError::RuleNotKept { segment, measure: measure.name(), needs: measure.needs() }
}
