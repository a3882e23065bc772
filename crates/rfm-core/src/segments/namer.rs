//! The rule of each customer: looked up by scores, and tried only where scores do not decide.

use super::{Condition, Facts, Lattice, RuleMeasure, SegmentModel};
use crate::axes::RfmCell;
use crate::day::Day;
use crate::measures::Measures;
use crate::scoring::FitError;
use crate::summaries::{CustomerSummary, Customers};

/// Finds the rule of each customer: looked up by scores, and tried only where scores do not decide.
#[derive(Clone, Debug)]
pub(crate) struct Namer<'m> {
    model: &'m SegmentModel,
    /// For each cell the first rule that holds there for everybody.
    certain: Lattice,
    /// The rules that depend on measures, in their order.
    open: Vec<usize>,
    wanted: Vec<RuleMeasure>,
    measures: Measures,
    analysis_date: Day,
}

impl<'m> Namer<'m> {
    /// Fails if a rule compares what the summaries of these customers do not have.
    pub(crate) fn new(
        model: &'m SegmentModel,
        customers: &Customers,
        measures: Measures,
        analysis_date: Day,
    ) -> Result<Namer<'m>, FitError> {
        let wanted = model.measures();
        if let Some(customer) = customers.get(0) {
            let is_missing = |measure: &&RuleMeasure| measure.value(&customer, &measures, analysis_date).is_none();
            if let Some(measure) = wanted.iter().find(is_missing) {
                let compares = |condition: &Condition| condition.measures().contains(measure);
                let rule = model.rules().iter().find(|rule| rule.condition().is_some_and(compares));
                let segment = rule.map(|rule| rule.segment().to_owned()).unwrap_or_default();
                return Err(FitError::RuleNotKept { segment, measure: measure.name(), needs: measure.needs() });
            }
        }
        let depends = |at: &usize| model.rules()[*at].condition().is_some_and(|condition| !condition.is_over_scores());
        let open = (0..model.rules().len()).filter(depends).collect();
        Ok(Namer { model, certain: Lattice::of_rules(model), open, wanted, measures, analysis_date })
    }

    /// The first rule that holds, by position.
    pub(crate) fn rule_of<'c>(
        &self,
        cell: RfmCell,
        customer: impl FnOnce() -> Option<CustomerSummary<'c>>,
    ) -> Option<usize> {
        let certain = self.certain.number_of(cell);
        let before = certain.unwrap_or(usize::MAX);
        if self.open.first().is_none_or(|first| *first > before) {
            return certain;
        }
        let facts = Facts::of(cell, &customer()?, &self.measures, self.analysis_date, &self.wanted);
        let open = self.open.iter().take_while(|at| **at < before);
        let first = open.copied().find(|at| self.model.rules()[*at].decide(&facts) == Some(true));
        first.or(certain)
    }
}
