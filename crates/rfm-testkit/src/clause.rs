//! Conditions of rules once more: a tree of its own, its text, and whether it holds, in whole numbers.
//!
//! It is written from what the language of conditions says, and shares nothing with the reader and the conditions of the core.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use rfm_core::{Axes, RuleMeasure, SegmentModel, SegmentRule};

/// The values of a customer: numerators and positive denominators.
pub type Values = BTreeMap<RuleMeasure, (i128, i128)>;

/// A condition.
#[derive(Clone, Debug)]
pub enum Clause {
    /// All of them.
    And(Vec<Clause>),
    /// One of them.
    Or(Vec<Clause>),
    /// Not that.
    Not(Box<Clause>),
    /// Tenths of scores, compared with tenths.
    Scores([i64; 3], &'static str, i64),
    /// A measure, compared with halves.
    Measure(RuleMeasure, &'static str, i64),
}

impl Clause {
    /// The condition as one might write it, with more brackets and blanks than it needs.
    pub fn text(&self) -> String {
        let join = |parts: &[Clause], word: &str| {
            parts.iter().map(|part| format!("({})", part.text())).collect::<Vec<_>>().join(&format!(" {word}  "))
        };
        match self {
            Clause::And(parts) => join(parts, "and"),
            Clause::Or(parts) => join(parts, "OR"),
            Clause::Not(inner) => format!("not ({})", inner.text()),
            Clause::Scores(weights, sign, bound) => {
                let [recency, frequency, monetary] = weights.map(tenths);
                format!("{recency}*r + f*{frequency} - -1*({monetary} * m) {sign} {}", tenths(*bound))
            }
            Clause::Measure(measure, sign, bound) => format!("{measure} {sign} {bound}/2"),
        }
    }

    /// Whether it holds.
    pub fn holds(&self, scores: [u8; 3], values: &Values) -> bool {
        match self {
            Clause::And(parts) => parts.iter().all(|part| part.holds(scores, values)),
            Clause::Or(parts) => parts.iter().any(|part| part.holds(scores, values)),
            Clause::Not(inner) => !inner.holds(scores, values),
            Clause::Scores(weights, sign, bound) => {
                let sum: i64 = weights.iter().zip(scores).map(|(weight, score)| weight * i64::from(score)).sum();
                passes(sum.into(), sign, (*bound).into())
            }
            Clause::Measure(measure, sign, bound) => {
                let (numerator, denominator) = values[measure];
                passes(numerator * 2, sign, i128::from(*bound) * denominator)
            }
        }
    }
}

fn tenths(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}.{}", number.abs() / 10, number.abs() % 10)
}

fn passes(one: i128, sign: &str, other: i128) -> bool {
    match sign {
        "<" => one < other,
        "<=" => one <= other,
        "=" => one == other,
        "!=" => one != other,
        ">=" => one >= other,
        ">" => one > other,
        _ => unreachable!("the signs that are drawn"),
    }
}

/// A rule of one box, and perhaps a condition.
#[derive(Clone, Debug)]
pub struct ClauseRule {
    /// The segment.
    pub segment: &'static str,
    /// Lowest and highest scores.
    pub ranges: [(u8, u8); 3],
    /// The condition.
    pub clause: Option<Clause>,
}

impl ClauseRule {
    /// Whether it holds.
    pub fn holds(&self, scores: [u8; 3], values: &Values) -> bool {
        let inside = self.ranges.iter().zip(scores).all(|((low, high), score)| (*low..=*high).contains(&score));
        inside && self.clause.as_ref().is_none_or(|clause| clause.holds(scores, values))
    }

    /// The rule of the core, its condition read from text.
    ///
    /// # Panics
    ///
    /// If the text does not read.
    pub fn rule(&self) -> SegmentRule {
        let [(r_low, r_high), (f_low, f_high), (m_low, m_high)] = self.ranges;
        let rule =
            SegmentRule::new(self.segment).recency(r_low..=r_high).frequency(f_low..=f_high).monetary(m_low..=m_high);
        match &self.clause {
            Some(clause) => rule.when(clause.text().parse().expect("text of a condition")),
            None => rule,
        }
    }
}

/// The model of such rules.
///
/// # Panics
///
/// If ranges reach beyond the bins.
pub fn clause_model(bins: u8, rules: &[ClauseRule]) -> SegmentModel {
    let builder = SegmentModel::builder("drawn", Axes::all(bins));
    rules.iter().fold(builder, |builder, rule| builder.rule(rule.rule())).build().expect("ranges within the bins")
}

/// Up to six rules over three names, some with conditions over scores and over a few measures with few bounds.
pub fn clause_rules(bins: u8) -> impl Strategy<Value = Vec<ClauseRule>> {
    let range = (1..=bins, 1..=bins).prop_map(|(one, other)| (one.min(other), one.max(other)));
    let any = Just((1, bins));
    let range = prop_oneof![any, range];
    let name = prop::sample::select(vec!["A", "B", "C"]);
    let rule = (name, [range.clone(), range.clone(), range], prop::option::weighted(0.7, clause()));
    vec(rule.prop_map(|(segment, ranges, clause)| ClauseRule { segment, ranges, clause }), 0..=6)
}

/// A condition, three deep at most.
pub fn clause() -> impl Strategy<Value = Clause> {
    let sign = || prop::sample::select(vec!["<", "<=", "=", "!=", ">=", ">"]);
    let measures = vec![RuleMeasure::RecencyDays, RuleMeasure::Orders, RuleMeasure::Total, RuleMeasure::MeanOrder];
    let weights =
        [-10i64..=10, 0..=10, -5..=20].prop_filter("a weight", |weights| weights.iter().any(|weight| *weight != 0));
    let leaf = prop_oneof![
        (weights, sign(), -20i64..=100).prop_map(|(weights, sign, bound)| Clause::Scores(weights, sign, bound)),
        (prop::sample::select(measures), sign(), -2i64..=6)
            .prop_map(|(measure, sign, bound)| Clause::Measure(measure, sign, bound)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..=3).prop_map(Clause::And),
            vec(inner.clone(), 1..=3).prop_map(Clause::Or),
            inner.prop_map(|inner| Clause::Not(Box::new(inner))),
        ]
    })
}

/// Values for all measures, near the bounds of conditions; those that are counts are counts.
pub fn values() -> impl Strategy<Value = Values> {
    vec((-4i128..=8, 1i128..=3), RuleMeasure::ALL.len()).prop_map(|drawn| {
        let value = |(measure, (numerator, denominator)): (RuleMeasure, (i128, i128))| match measure {
            RuleMeasure::Monetary
            | RuleMeasure::Total
            | RuleMeasure::MeanOrder
            | RuleMeasure::MedianOrder
            | RuleMeasure::LargestOrder => (measure, (numerator, denominator)),
            RuleMeasure::Returned | RuleMeasure::ReturnRate => (measure, (numerator.abs(), denominator)),
            _ => (measure, (numerator.abs(), 1)),
        };
        RuleMeasure::ALL.into_iter().zip(drawn).map(value).collect()
    })
}
