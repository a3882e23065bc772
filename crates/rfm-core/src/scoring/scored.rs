//! The customers at hand, scored by whatever methods.

use super::column_scores::{ColumnScores, cells};
use super::model::check_analysis_date;
use super::{Binning, CutPoints, FitError, RankMethod, RankingStrategy, Scoring, ScoringStrategy, TieOrder, Values};
use crate::axes::{Axes, Dimension, RfmCell, Score};
use crate::day::Day;
use crate::measures::Measures;
use crate::parallel::axes;
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
        if how.binning == Binning::Nested {
            return nested(how, customers, &ties);
        }
        let learned = axes(|dimension| {
            let column = how.measures.column(dimension, customers, how.analysis_date)?;
            let learned = learn(&how.scoring[dimension], Values::new(dimension, &column), &ties)?;
            Ok::<_, FitError>((column, learned))
        });
        let learned = learned.try_map(|_, learned| learned)?;
        let scores = learned.as_ref().try_map(|_, (column, learned)| match learned {
            Learned::Cuts(cuts) => ColumnScores::by_cuts(cuts, column.numbers()),
            Learned::Ranks(scores) => Ok(ColumnScores::Given(scores)),
        })?;
        let cells = cells(customers.len(), &scores);
        let cuts = learned.map(|_, (_, learned)| match learned {
            Learned::Cuts(cuts) => Some(cuts),
            Learned::Ranks(_) => None,
        });
        Ok(Scored { cells, cuts })
    }
}

/// What a method makes of a column.
enum Learned {
    Cuts(CutPoints),
    Ranks(Vec<Score>),
}

fn learn(scoring: &Scoring, values: Values<'_>, ties: &Ties<'_>) -> Result<Learned, FitError> {
    match scoring {
        Scoring::Cuts(method) => method.fit(values).map(Learned::Cuts),
        Scoring::Ranks(method) => {
            let values = values.with_tie_keys(&ties.keys);
            let values = ties.ids.as_ref().map_or(values, |ids| values.with_ids(ids));
            method.rank(values).map(Learned::Ranks)
        }
    }
}

/// The scores of each dimension among those who have the same scores of the dimensions before.
fn nested(how: HowToScore<'_>, customers: &Customers, ties: &Ties<'_>) -> Result<Scored, FitError> {
    let mut groups: Vec<Vec<usize>> = vec![(0..customers.len()).collect()];
    let mut cuts = Axes::all(None);
    let scores = how.scoring.as_ref().try_map(|dimension, scoring| {
        let column = how.measures.column(dimension, customers, how.analysis_date)?;
        let mut scores = vec![Score::WORST; customers.len()];
        for rows in &groups {
            let column = column.select(rows);
            let of_group = match learn(scoring, Values::new(dimension, &column), &ties.select(rows))? {
                Learned::Cuts(learned) => {
                    let of_group = ColumnScores::by_cuts(&learned, column.numbers())?.all();
                    // Of the first dimension the group is all customers.
                    cuts[dimension] = (dimension == Dimension::Recency).then_some(learned);
                    of_group
                }
                Learned::Ranks(scores) => scores,
            };
            rows.iter().zip(of_group).for_each(|(row, score)| scores[*row] = score);
        }
        groups = divided(&groups, &scores);
        Ok::<_, FitError>(scores)
    })?;
    let scores = scores.as_ref().map(|_, scores| ColumnScores::Given(scores));
    Ok(Scored { cells: cells(customers.len(), &scores), cuts })
}

/// The rows of each group that have the same score.
fn divided(groups: &[Vec<usize>], scores: &[Score]) -> Vec<Vec<usize>> {
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
