//! Why a customer is in a segment, and what would change that.

mod change;
mod tried;
mod value;

pub use change::{Change, NoChange};
pub use tried::TriedRule;
pub use value::{Among, ScoredValue, Standing};

use core::fmt;

use crate::axes::{Axes, RfmCode};
use crate::day::Day;
use crate::segmentation::{Segmentation, SegmentationRow};

use change::Changes;
use value::Standings;

/// Why one customer has the scores and the segment of a result.
///
/// It tells the value on each dimension with the cut points around it, the rule that matched with those before it that did not,
/// and the smallest [`Change`] that would lead to a better segment. As text it is a few lines; [`Explanation::reason`] is one line.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// for (customer_id, day, cents) in [("ann", 9, 1_999), ("ann", 5, 500), ("bob", 1, 500), ("cat", 6, 750)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let result = rfm.segment(summaries.finish()?)?;
/// let cat = result.explain("cat").expect("she bought");
/// assert_eq!(
///     cat.to_string(),
///     "\
/// cat as of 2011-12-10: 313 Promising
/// recency 4 scores 3 (above 3.4, up to 5)
/// frequency 1 scores 1 (up to 1)
/// monetary 7.50 scores 3 (above 7, up to 10.998)
/// not rule 1, Champions: needs recency 5 and frequency 4 and monetary 4 at the nearest
/// not rule 2, Loyal: needs frequency 4 and monetary 4 at the nearest
/// not rule 3, Potential Loyalist: needs frequency 2 at the nearest
/// not rule 4, New Customers: needs recency 4 and monetary 2 at the nearest
/// rule 5 of 11: Promising
/// 1 more order of any amount between 2011-12-06 and 2011-12-10 leads to Potential Loyalist or better
/// "
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    customer_id: String,
    analysis_date: Day,
    code: RfmCode,
    grounds: Grounds,
    change: Result<Change, NoChange>,
}

/// What a segment follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Grounds {
    segment: String,
    values: Axes<ScoredValue>,
    rules: usize,
    tried: Vec<TriedRule>,
}

impl Explanation {
    /// The customer.
    #[must_use]
    pub fn customer_id(&self) -> &str {
        &self.customer_id
    }

    /// The day that recency counts back from.
    #[must_use]
    pub const fn analysis_date(&self) -> Day {
        self.analysis_date
    }

    /// The three scores as the result shows them; rules have scores with 1 as the worst.
    #[must_use]
    pub const fn code(&self) -> RfmCode {
        self.code
    }

    /// The segment, or the fallback.
    #[must_use]
    pub fn segment(&self) -> &str {
        &self.grounds.segment
    }

    /// The value on each dimension with its score and the reason for it.
    #[must_use]
    pub const fn values(&self) -> &Axes<ScoredValue> {
        &self.grounds.values
    }

    /// The rules before the one that matched, in the order in which they were tried; all of them if none did.
    #[must_use]
    pub fn tried(&self) -> &[TriedRule] {
        &self.grounds.tried
    }

    /// The position of the rule that matched, counted from 1; `None` if none did.
    #[must_use]
    pub fn rule(&self) -> Option<usize> {
        self.grounds.rule()
    }

    /// Number of rules.
    #[must_use]
    pub const fn rules(&self) -> usize {
        self.grounds.rules
    }

    /// The smallest change that leads to a segment that the rules list earlier.
    ///
    /// `None` if no more orders do, if the customer is in the first segment, or if the result does not tell: it does for recency
    /// in days, orders or lines, and the total or (with orders) the mean order, scored by methods that have cut points, named by
    /// rules over scores. [`Explanation::no_change`] says which.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        self.change.as_ref().ok()
    }

    /// Why there is no such change; `None` if there is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{Amount, Day, NoChange, Rfm, Transaction};
    ///
    /// let day = Day::from_ymd(2011, 12, 9)?;
    /// let rfm = Rfm::builder(day).scoring("ntile".parse()?).build()?;
    /// let mut summaries = rfm.summaries();
    /// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount: Amount::from_minor(1_999) })?;
    /// let result = rfm.segment(summaries.finish()?)?;
    /// assert_eq!(result.explain("ann").expect("she bought").no_change(), Some(NoChange::Ranked));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn no_change(&self) -> Option<NoChange> {
        self.change.as_ref().err().copied()
    }

    /// The values with their scores, the rule that matched and those before it that did not, in a line.
    #[must_use]
    pub fn reason(&self) -> String {
        self.grounds.in_a_line()
    }
}

impl Grounds {
    /// The position of the rule that matched, counted from 1.
    fn rule(&self) -> Option<usize> {
        (self.tried.len() < self.rules).then(|| self.tried.len().saturating_add(1))
    }

    fn in_a_line(&self) -> String {
        let Axes { recency, frequency, monetary } = &self.values;
        let mut reason = format!("{recency}, {frequency}, {monetary}: {}, {}", self.rule_in_words(), self.segment);
        for (at, tried) in self.tried.iter().enumerate() {
            reason.push_str(if at == 0 { "; not " } else { ", not " });
            reason.push_str(&format!("{} ({})", tried.segment(), tried.needs()));
        }
        reason
    }

    fn rule_in_words(&self) -> String {
        match self.rule() {
            Some(rule) => format!("rule {rule} of {}", self.rules),
            None if self.rules == 0 => "no rules".to_owned(),
            None => format!("none of {} rules", self.rules),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Explanation { customer_id, analysis_date, code, grounds, change } = self;
        writeln!(f, "{customer_id} as of {analysis_date}: {code} {}", grounds.segment)?;
        for (_, value) in grounds.values.iter() {
            writeln!(f, "{value}")?;
        }
        for (at, tried) in grounds.tried.iter().enumerate() {
            writeln!(f, "not rule {}, {tried}", at.saturating_add(1))?;
        }
        writeln!(f, "{}: {}", grounds.rule_in_words(), grounds.segment)?;
        match change {
            Ok(change) => writeln!(f, "{change}"),
            Err(_) => Ok(()),
        }
    }
}

/// Explains the customers of one result; what it needs for that is prepared once.
#[derive(Debug)]
pub struct Explainer<'s> {
    segmentation: &'s Segmentation,
    standings: Axes<Standings<'s>>,
    changes: Result<Changes<'s>, NoChange>,
}

impl<'s> Explainer<'s> {
    fn new(segmentation: &'s Segmentation) -> Explainer<'s> {
        let standings = Axes::from_fn(|dimension| Standings::new(segmentation, dimension));
        Explainer { segmentation, standings, changes: Changes::new(segmentation) }
    }

    /// Explains a customer of the result.
    #[must_use]
    pub fn explain(&self, row: &SegmentationRow<'_>) -> Explanation {
        Explanation {
            customer_id: row.customer_id().to_owned(),
            analysis_date: self.segmentation.analysis_date(),
            code: row.code(),
            grounds: self.grounds(row),
            change: self.change(row),
        }
    }

    /// [`Explanation::reason`] alone.
    #[must_use]
    pub fn reason(&self, row: &SegmentationRow<'_>) -> String {
        self.grounds(row).in_a_line()
    }

    /// [`Explanation::change`] alone.
    ///
    /// # Errors
    ///
    /// [`NoChange`]: why there is none.
    pub fn change(&self, row: &SegmentationRow<'_>) -> Result<Change, NoChange> {
        self.changes.as_ref().map_err(|why| *why)?.find(row)
    }

    fn grounds(&self, row: &SegmentationRow<'_>) -> Grounds {
        let (analysis_date, measures) = (self.segmentation.analysis_date(), self.segmentation.measures());
        let (customer, cell) = (row.customer(), row.cell());
        let (scale, shown_scores) = (self.segmentation.customers().scale(), row.shown_scores());
        let values = self.standings.as_ref().map(|dimension, standings| {
            // The result was scored by it.
            let value = measures.value(dimension, &customer, analysis_date).unwrap_or(0.into());
            ScoredValue {
                dimension,
                measure: measures.name(dimension),
                value,
                shown: value.to_decimal(measures.scale(dimension, scale)),
                score: cell[dimension],
                shown_score: shown_scores[dimension],
                standing: standings.of(dimension, value, cell),
            }
        });
        let rules = self.segmentation.segment_model().rules();
        let facts = row.facts_for_rules();
        Grounds {
            segment: row.segment().to_owned(),
            values,
            rules: rules.len(),
            tried: rules.iter().map_while(|rule| TriedRule::of(rule, &facts)).collect(),
        }
    }
}

impl Segmentation {
    /// Explains one customer; `None` if there is none of that id. See [`Explanation`] for an example.
    #[must_use]
    pub fn explain(&self, customer_id: &str) -> Option<Explanation> {
        self.get(customer_id).map(|row| self.explainer().explain(&row))
    }

    /// Explains any number of customers.
    #[must_use]
    pub fn explainer(&self) -> Explainer<'_> {
        Explainer::new(self)
    }
}
