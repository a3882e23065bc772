//! The core once more, the slow and obvious way: maps in the order of their keys, one line after the other, quantiles as
//! they are defined, fractions compared crosswise.
//!
//! It is written from the definitions (`METHODS.md` b.1 and b.9 and the docs of the core), not from the core's code, and
//! calls nothing of it that computes. It favours being seen to be right over everything else.

mod measures;

pub use measures::period;
mod scoring;

use std::collections::{BTreeMap, BTreeSet};

use rfm_core::{Axes, CleaningPolicy, Day, Dimension, FrequencyMeasure, Reject, RfmCell, Scale, Scoring, SegmentModel};

pub use scoring::scores;

use crate::strategies::{Columns, Entry, Journal, Row};

/// What a journal adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The customers in the order of the bytes of their ids.
    pub customers: BTreeMap<String, Facts>,
    /// The scale of all money: the most decimals of any amount; two if that is one.
    pub scale: Scale,
    /// The lines that count.
    pub used: Count,
    /// The others, for each reason that occurred.
    pub rejected: BTreeMap<Reject, Count>,
    /// The verdict on each row.
    pub verdicts: Vec<Option<Reject>>,
}

/// Lines and money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Lines.
    pub lines: u64,
    /// Their money.
    pub money: i128,
    /// Lines among them whose amount nobody knows.
    pub without_amount: u64,
}

/// What is known of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// All days with a line, and their money.
    pub days: BTreeMap<Day, i128>,
    /// The value of each order that has an id.
    pub orders: BTreeMap<String, i128>,
    /// The values of the lines that are orders of their own.
    pub single_lines: Vec<i128>,
    /// Lines.
    pub lines: u64,
    /// The money of all lines.
    pub total: i128,
}

impl Facts {
    /// The first day with a line.
    ///
    /// # Panics
    ///
    /// Never: a customer has a line.
    pub fn first(&self) -> Day {
        *self.days.keys().next().expect("a customer has a line")
    }

    /// The last day with a line.
    ///
    /// # Panics
    ///
    /// Never: a customer has a line.
    pub fn last(&self) -> Day {
        *self.days.keys().next_back().expect("a customer has a line")
    }

    /// The values of all orders, ascending.
    pub fn order_values(&self) -> Vec<i128> {
        let mut values: Vec<i128> = self.orders.values().chain(&self.single_lines).copied().collect();
        values.sort_unstable();
        values
    }

    /// The value on a dimension, for a frequency that is a count.
    pub fn value(&self, dimension: Dimension, measure: FrequencyMeasure, analysis_date: Day) -> i128 {
        match dimension {
            Dimension::Recency => i128::from(analysis_date.epoch_days()) - i128::from(self.last().epoch_days()),
            Dimension::Frequency => self.frequency(measure, analysis_date).numerator(),
            Dimension::Monetary => self.total,
        }
    }
}

impl Reference {
    /// Summarises a journal.
    pub fn of(journal: &Journal, policy: &CleaningPolicy) -> Self {
        let scale = common_scale(&journal.entries);
        let mut reference = Self {
            customers: BTreeMap::new(),
            scale,
            used: Count::default(),
            rejected: BTreeMap::new(),
            verdicts: Vec::new(),
        };
        for entry in &journal.entries {
            match entry {
                Entry::Refused(refusal) => {
                    let money = refusal.amount.map(|amount| at_scale(amount.minor(), amount.scale(), scale));
                    reference.rejected.entry(refusal.reason).or_default().add(money);
                }
                Entry::Row(row) => reference.add_row(row, journal.columns, policy),
            }
        }
        reference
    }

    fn add_row(&mut self, row: &Row, columns: Columns, policy: &CleaningPolicy) {
        let money = at_scale(row.amount.into(), row.scale, self.scale);
        let verdict = faults(row, columns, policy).into_iter().next();
        self.verdicts.push(verdict);
        if let Some(reason) = verdict {
            self.rejected.entry(reason).or_default().add(Some(money));
            return;
        }
        self.used.add(Some(money));
        let facts = self.customers.entry(row.customer_id.clone()).or_insert_with(|| Facts {
            days: BTreeMap::new(),
            orders: BTreeMap::new(),
            single_lines: Vec::new(),
            lines: 0,
            total: 0,
        });
        *facts.days.entry(row.day).or_default() += money;
        facts.lines += 1;
        facts.total += money;
        if columns.order_ids && !is_blank(&row.order_id) {
            *facts.orders.entry(row.order_id.clone()).or_default() += money;
        } else {
            facts.single_lines.push(money);
        }
    }

    /// All lines.
    pub fn read(&self) -> Count {
        self.rejected.values().fold(self.used, |sum, count| Count {
            lines: sum.lines + count.lines,
            money: sum.money + count.money,
            without_amount: sum.without_amount + count.without_amount,
        })
    }

    /// The values of all customers on a dimension, in their order.
    pub fn values(&self, dimension: Dimension, measure: FrequencyMeasure, analysis_date: Day) -> Vec<i128> {
        self.customers.values().map(|facts| facts.value(dimension, measure, analysis_date)).collect()
    }

    /// The scores of all customers, in their order, each dimension among all of them.
    ///
    /// # Panics
    ///
    /// If there is no reference for a strategy or measure yet.
    pub fn scores(&self, scoring: &Axes<Scoring>, measure: FrequencyMeasure, analysis_date: Day) -> Vec<RfmCell> {
        self.scores_among(scoring, measure, analysis_date, |_| Vec::new())
    }

    /// The same with nested binning: frequency among those of one recency score, monetary value among those of one of both.
    ///
    /// # Panics
    ///
    /// If there is no reference for a strategy or measure yet.
    pub fn nested_scores(
        &self,
        scoring: &Axes<Scoring>,
        measure: FrequencyMeasure,
        analysis_date: Day,
    ) -> Vec<RfmCell> {
        self.scores_among(scoring, measure, analysis_date, <[u8]>::to_vec)
    }

    /// Scores each dimension among the customers of one group, which the scores before it tell.
    fn scores_among(
        &self,
        scoring: &Axes<Scoring>,
        measure: FrequencyMeasure,
        analysis_date: Day,
        group: impl Fn(&[u8]) -> Vec<u8>,
    ) -> Vec<RfmCell> {
        let ids: Vec<&str> = self.customers.keys().map(String::as_str).collect();
        let mut all_scores = vec![Vec::new(); ids.len()];
        for dimension in Dimension::ALL {
            let scale = if dimension == Dimension::Monetary { self.scale } else { Scale::UNITS };
            let values = self.values(dimension, measure, analysis_date);
            let mut groups: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
            for (row, scores) in all_scores.iter().enumerate() {
                groups.entry(group(scores)).or_default().push(row);
            }
            for rows in groups.into_values() {
                let values: Vec<i128> = rows.iter().map(|row| values[*row]).collect();
                let ids: Vec<&str> = rows.iter().map(|row| ids[*row]).collect();
                let scores = scores(dimension, &scoring[dimension], &values, scale, &ids);
                rows.iter().zip(scores).for_each(|(row, score)| all_scores[*row].push(score));
            }
        }
        let cell = |scores: Vec<u8>| RfmCell::from_numbers(scores[0], scores[1], scores[2]);
        all_scores.into_iter().map(|scores| cell(scores).expect("scores are 1 to 100")).collect()
    }
}

impl Count {
    fn add(&mut self, money: Option<i128>) {
        self.lines += 1;
        match money {
            Some(money) => self.money += money,
            None => self.without_amount += 1,
        }
    }
}

/// The first rule with a box that has the cell, by position.
pub fn rule_of(model: &SegmentModel, cell: RfmCell) -> Option<usize> {
    (0..model.rules().len()).find(|rule| {
        model.rules()[*rule].boxes().iter().any(|cells| {
            Dimension::ALL.into_iter().all(|dimension| {
                let (range, score) = (cells[dimension], cell[dimension].number());
                score >= range.low() && score <= range.high()
            })
        })
    })
}

/// All that is wrong with a row, in the order of the tests.
fn faults(row: &Row, columns: Columns, policy: &CleaningPolicy) -> BTreeSet<Reject> {
    let (from, until) = policy.window();
    let lower = row.order_id.to_ascii_lowercase();
    let begins = |prefix: &str| lower.starts_with(&prefix.to_ascii_lowercase());
    let only_sales = policy.only_sales();
    [
        (Reject::MissingCustomer, is_blank(&row.customer_id)),
        (Reject::Cancelled, columns.order_ids && policy.cancellation_prefix().is_some_and(begins)),
        (Reject::QuantityNotPositive, only_sales && columns.quantities && row.quantity <= 0),
        (Reject::PriceNotPositive, only_sales && columns.prices && row.price <= 0),
        (Reject::AmountNotPositive, only_sales && row.amount <= 0),
        (Reject::MissingOrder, only_sales && columns.order_ids && is_blank(&row.order_id)),
        (Reject::BeforeWindow, from.is_some_and(|from| row.day < from)),
        (Reject::AfterWindow, until.is_some_and(|until| row.day > until)),
        (Reject::AfterAnalysisDate, policy.analysis_date().is_some_and(|date| row.day > date)),
    ]
    .into_iter()
    .filter_map(|(reason, applies)| applies.then_some(reason))
    .collect()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_ascii_whitespace())
}

fn common_scale(entries: &[Entry]) -> Scale {
    let scale = |entry: &Entry| match entry {
        Entry::Row(row) => row.scale,
        Entry::Refused(refusal) => refusal.amount.map_or(Scale::UNITS, |amount| amount.scale()),
    };
    match entries.iter().map(scale).max() {
        None => Scale::UNITS,
        Some(one) if one.decimals() == 1 => Scale::CENTS,
        Some(scale) => scale,
    }
}

fn at_scale(minor: i128, scale: Scale, finer: Scale) -> i128 {
    (scale.decimals()..finer.decimals()).fold(minor, |minor, _| minor * 10)
}
