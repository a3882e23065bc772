//! Among whom customers are scored, and what tells equal ones apart.

use core::fmt;
use core::str::FromStr;

use crate::suggest::{by_name, did_you_mean};

/// Among whom customers are scored on a dimension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Binning {
    /// Among all, on each dimension.
    #[default]
    Independent,
    /// Recency among all, frequency among those with the same score of recency, monetary value among those with the same two: the
    /// nested binning of SPSS. The groups of codes are more even, but a score of 5 on frequency means something else beside each
    /// score of recency, and there are no cut points that could be kept.
    Nested,
}

/// What puts equal customers in an order, for the methods that tell them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TieOrder {
    /// The bytes of their ids, ascending.
    #[default]
    CustomerId,
    /// The day of the first order, the earliest first; then the id.
    FirstOrder,
    /// The day of the last order, the earliest first; then the id.
    LastOrder,
}

impl Binning {
    /// All of them.
    pub const ALL: [Binning; 2] = [Binning::Independent, Binning::Nested];

    /// The name: `independent`, `nested`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Binning::Independent => "independent",
            Binning::Nested => "nested",
        }
    }
}

impl TieOrder {
    /// All of them.
    pub const ALL: [TieOrder; 3] = [TieOrder::CustomerId, TieOrder::FirstOrder, TieOrder::LastOrder];

    /// The name: `customer-id`, `first-order`, `last-order`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            TieOrder::CustomerId => "customer-id",
            TieOrder::FirstOrder => "first-order",
            TieOrder::LastOrder => "last-order",
        }
    }
}

impl fmt::Display for Binning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for TieOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error of a name that no order of ties has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no order of ties `{name}`; expected customer-id, first-order or last-order{}", did_you_mean(*similar))]
pub struct UnknownTieOrder {
    name: String,
    similar: Option<&'static str>,
}

impl FromStr for TieOrder {
    type Err = UnknownTieOrder;

    fn from_str(text: &str) -> Result<TieOrder, UnknownTieOrder> {
        by_name(text, &TieOrder::ALL, TieOrder::name)
            .map_err(|similar| UnknownTieOrder { name: text.to_owned(), similar })
    }
}
