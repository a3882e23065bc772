//! What about the data makes a result less than it seems.

use core::fmt;

use crate::axes::{Dimension, Score};
use crate::money::Scale;

/// Why nobody has a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmptyCause {
    /// Cut points coincide, since so many customers share a value.
    Ties,
    /// There are fewer customers than scores.
    FewCustomers,
    /// No value lies between the cut points.
    OutsideOfCuts,
    /// Customers are scored inside of groups, which are too small or have equal values.
    SmallGroups,
}

/// Something about the data that makes a result less than it seems. Nothing was changed because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnostic {
    /// The input has no order ids, so that each line counts as an order.
    LinesAreOrders,
    /// Scores that nobody has, because of ties or of cuts outside of the data.
    EmptyScores {
        /// The dimension.
        dimension: Dimension,
        /// Distinct values that the customers have there.
        distinct_values: usize,
        /// The scores, ascending.
        scores: Vec<Score>,
        /// The numbers that the result shows for them.
        shown: Vec<u8>,
        /// Why.
        cause: EmptyCause,
    },
    /// All customers have the same value.
    AllEqual {
        /// The dimension.
        dimension: Dimension,
        /// The score that all of them have.
        score: Score,
        /// The number that the result shows for it.
        shown: u8,
    },
    /// All customers have the same value, and yet different scores, since the method tells equal customers apart.
    EqualApart {
        /// The dimension.
        dimension: Dimension,
    },
    /// The model was fitted on money with decimals, and here all amounts are whole: they may be minor units.
    WholeMoney {
        /// The scale of the money that the model was fitted on.
        fitted: Scale,
    },
    /// Customers whose scores no rule covers.
    Unnamed {
        /// How many.
        customers: u64,
        /// The name that they got.
        fallback: String,
    },
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Diagnostic::LinesAreOrders => f.write_str("there are no order ids: each line counts as an order"),
            Diagnostic::EmptyScores { dimension, distinct_values, shown, cause, .. } => {
                write!(f, "{dimension}: nobody scores ")?;
                for (at, score) in shown.iter().enumerate() {
                    write!(f, "{}{score}", if at == 0 { "" } else { ", " })?;
                }
                let plural = if *distinct_values == 1 { "" } else { "s" };
                match cause {
                    EmptyCause::Ties => {
                        write!(f, ", because equal values share a score ({distinct_values} distinct value{plural})")
                    }
                    EmptyCause::FewCustomers => f.write_str(", because there are fewer customers than scores"),
                    EmptyCause::SmallGroups => {
                        f.write_str(", because the groups of nested binning are too small or have equal values")
                    }
                    EmptyCause::OutsideOfCuts => f.write_str(", because no value lies between those cut points"),
                }
            }
            Diagnostic::AllEqual { dimension, shown, .. } => {
                write!(f, "{dimension}: all customers have the same value and score {shown}, which tells nothing")
            }
            Diagnostic::EqualApart { dimension } => write!(
                f,
                "{dimension}: all customers have the same value; only the order of ties tells their scores apart"
            ),
            Diagnostic::WholeMoney { fitted } => {
                let plural = if fitted.decimals() == 1 { "" } else { "s" };
                write!(
                    f,
                    "the model was fitted on money with {} decimal{plural}, and all amounts here are whole: \
                     if they are minor units, such as cents, the monetary scores are wrong",
                    fitted.decimals()
                )
            }
            Diagnostic::Unnamed { customers, fallback } => {
                write!(f, "no rule covers the scores of {customers} customers; they are `{fallback}`")
            }
        }
    }
}
