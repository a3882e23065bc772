//! The customers at hand, scored by whatever methods.

use super::model::{cells, check_analysis_date};
use super::{Binning, CutPoints, FitError, RankMethod, RankingStrategy, Scoring, ScoringStrategy, TieOrder, Values};
use crate::axes::{Axes, Dimension, RfmCell, Score};
use crate::day::Day;
use crate::measures::{MeasureColumn, Measures};
use crate::summaries::Customers;

/// How customers are to be scored against each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HowToScore<'a> {
    pub(crate) scoring: &'a Axes<Scoring>,
    pub(crate) binning: Binning,
    pub(crate) tie_order: TieOrder,
    pub(crate) measures: Measures,
    pub(crate) analysis_date: Day,
}

/// Customers that were scored against each other, and the cut points that this gave.
pub(crate) struct Scored {
    /// The scores of each customer, in their order.
    pub(crate) cells: Vec<RfmCell>,
    /// The cut points; none of a method that only ranks, or inside of groups.
    pub(crate) cuts: Axes<Option<CutPoints>>,
}

impl Scored {
    pub(crate) fn of(how: HowToScore<'_>, customers: &Customers) -> Result<Scored, FitError> {
        if customers.is_empty() {
            return Err(FitError::Empty);
        }
        check_analysis_date(customers, how.measures, how.analysis_date)?;
        let ties = Ties::of(how, customers);
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut cuts = Axes::all(None);
        let scores = how.scoring.as_ref().try_map(|dimension, scoring| {
            let column = how.measures.column(dimension, customers, how.analysis_date)?;
            let scores = if groups.is_empty() {
                let (scores, learned) = score(scoring, dimension, &column, &ties)?;
                cuts[dimension] = learned;
                scores
            } else {
                let mut scores = vec![Score::WORST; customers.len()];
                for rows in &groups {
                    let (of_group, _) = score(scoring, dimension, &column.select(rows), &ties.select(rows))?;
                    rows.iter().zip(of_group).for_each(|(row, score)| scores[*row] = score);
                }
                scores
            };
            if how.binning == Binning::Nested {
                groups = divided(&groups, &scores);
            }
            Ok::<_, FitError>(scores)
        })?;
        Ok(Scored { cells: cells(&scores), cuts })
    }
}

/// The scores of a column, and the cut points if the method has some.
fn score(
    scoring: &Scoring,
    dimension: Dimension,
    column: &MeasureColumn<'_>,
    ties: &Ties<'_>,
) -> Result<(Vec<Score>, Option<CutPoints>), FitError> {
    let values = Values::new(dimension, column);
    match scoring {
        Scoring::Cuts(method) => {
            let learned = method.fit(values)?;
            Ok((learned.score_column(column)?, Some(learned)))
        }
        Scoring::Ranks(method) => {
            let values = values.with_tie_keys(&ties.keys);
            let values = ties.ids.as_ref().map_or(values, |ids| values.with_ids(ids));
            Ok((method.rank(values)?, None))
        }
    }
}

/// The rows of each group that have the same score; without groups, those of all rows.
fn divided(groups: &[Vec<usize>], scores: &[Score]) -> Vec<Vec<usize>> {
    let all: Vec<usize>;
    let groups = if groups.is_empty() {
        all = (0..scores.len()).collect();
        &[all]
    } else {
        groups
    };
    let mut divided = Vec::new();
    for rows in groups {
        let mut by_score = rows.clone();
        by_score.sort_by_key(|row| scores[*row]);
        let parts = by_score.chunk_by(|one, next| scores[*one] == scores[*next]);
        divided.extend(parts.map(<[usize]>::to_vec));
    }
    divided
}

/// What tells equal customers apart.
struct Ties<'c> {
    /// None if their order does.
    keys: Vec<i64>,
    /// If a method asks for them.
    ids: Option<Vec<&'c str>>,
}

impl<'c> Ties<'c> {
    fn of(how: HowToScore<'_>, customers: &'c Customers) -> Ties<'c> {
        let days = |day: fn(&crate::CustomerSummary<'_>) -> Day| {
            customers.iter().map(|customer| day(&customer).epoch_days().into()).collect()
        };
        let keys = match how.tie_order {
            TieOrder::CustomerId => Vec::new(),
            TieOrder::FirstOrder => days(|customer| customer.first_order()),
            TieOrder::LastOrder => days(|customer| customer.last_order()),
        };
        let mut methods = how.scoring.iter().map(|(_, scoring)| scoring);
        let need_ids = methods.any(|scoring| matches!(scoring, Scoring::Ranks(RankMethod::RandomTies(_))));
        let ids = need_ids.then(|| customers.iter().map(|customer| customer.customer_id()).collect());
        Ties { keys, ids }
    }

    fn select(&self, rows: &[usize]) -> Ties<'c> {
        Ties {
            keys: rows.iter().filter_map(|row| self.keys.get(*row).copied()).collect(),
            ids: self.ids.as_ref().map(|ids| rows.iter().map(|row| ids[*row]).collect()),
        }
    }
}
