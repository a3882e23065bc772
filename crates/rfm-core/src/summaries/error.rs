//! Why transactions could not be summarised.

use crate::account::Overflow;

/// Why transactions could not be summarised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SummaryError {
    /// The money of a customer, or of all, does not fit 128 bits.
    #[error("a sum of money does not fit 128 bits")]
    Overflow,
    /// Some batches have order ids and others have none, so that an order would mean two things.
    #[error("some of the input has order ids and some has none")]
    MixedOrders,
    /// Some batches are order lines and others are tables of customers, so that an order might count twice.
    #[error("some of the input are order lines and some is a table of customers")]
    MixedLevels,
    /// Customers that a table of customers has more than once: neither row is the right one, and their sum may not be either.
    #[error(
        "{} in more than one row; a table of customers has one row for each, \
         and order lines are read with --level lines", are(*customers)
    )]
    RepeatedCustomers {
        /// How many.
        customers: usize,
    },
    /// Orders are to be left out by their ids, but a batch has none.
    #[error("orders are to be left out, but the input has no order ids; name the column with --order")]
    NoOrderIds,
    /// A window, cancelled orders or returns are to be told apart in a table of customers, which has no single orders.
    #[error(
        "a window, a prefix of cancelled orders and returns other than `exclude` are about order lines, \
         and this is a table of customers"
    )]
    RulesOfLines,
    /// Returns are to be matched with purchases, but a batch has no products or no quantities.
    #[error(
        "returns are to be matched, but the input has no products or no quantities; name them with --product and --quantity"
    )]
    NoProducts,
    /// The money of single days is to be kept, and returns are to be netted, whose days need not be ones of a purchase.
    #[error(
        "the money of days, weeks and months is that of purchases, which net returns would change; \
         measure something else, or take other returns than `net`"
    )]
    NetDays,
    /// Summaries that judge lines by other rules, or keep other values, cannot be merged.
    #[error("summaries of different settings cannot be merged")]
    DifferentSettings,
    /// Another one still fills the same tables ([`crate::Summaries::share`]).
    #[error("other summaries share these tables; merge them first")]
    Shared,
    /// More customers, orders, or bytes of ids than can be counted with 32 bits.
    #[error("more than 4294967295 customers or orders, or bytes of their ids")]
    TooMany,
    /// Customers and orders need more memory than was allowed.
    #[error(
        "{customers} customers and their orders need {needed} bytes, more than the limit of {limit}; \
         allow more, or read fewer customers at a time"
    )]
    Memory {
        /// Customers so far.
        customers: usize,
        /// Bytes that they need.
        needed: usize,
        /// Bytes that were allowed.
        limit: usize,
    },
    /// The amounts need more decimals than the scale that was asked for.
    #[error("the amounts have {found} decimals, more than the {asked} that were asked for")]
    Scale {
        /// Decimals that the amounts need.
        found: u8,
        /// Decimals that were asked for.
        asked: u8,
    },
}

impl From<Overflow> for SummaryError {
    fn from(_: Overflow) -> SummaryError {
        SummaryError::Overflow
    }
}

fn are(customers: usize) -> String {
    if customers == 1 { "1 customer is".to_owned() } else { format!("{customers} customers are") }
}
