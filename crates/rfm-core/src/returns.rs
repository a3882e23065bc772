//! What becomes of returns.

use core::fmt;

/// What becomes of returns: lines with an amount below zero, at a price above zero if there are prices.
///
/// An order that begins with the prefix of cancellations is one of returns as far as its amounts are below zero; its other lines
/// are cancelled. A quantity below zero beside an amount above zero contradicts itself and is never a return. Lines of nothing,
/// and those with a price of zero or less, are no returns either: the other rules of [`crate::CleaningPolicy`] judge them.
///
/// # Examples
///
/// ```
/// use rfm_core::{CleaningPolicy, Returns};
///
/// let policy = CleaningPolicy::online_retail().returns(Returns::Net);
/// assert_eq!(policy.returns_mode().name(), "net");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Returns {
    /// They do not count. Each is rejected for its quantity, its amount, or as a cancelled order.
    #[default]
    Exclude,
    /// Their money counts, on the day of the return; they are no orders, and move neither the first nor the last one.
    ///
    /// The money of single days, weeks and months is that of purchases, so that it cannot be asked for
    /// ([`crate::ConfigError::NetDays`], [`crate::SummaryError::NetDays`]).
    ///
    /// A customer without a purchase has no last order and is not in the result; those lines are rejected as
    /// [`crate::Reject::OnlyReturns`].
    Net,
    /// They do not count, but the customers keep them beside what they bought: how many and for how much
    /// ([`crate::CustomerSummary::returns`]). Rejected as [`crate::Reject::Returned`].
    Separate,
    /// Each cancels an earlier purchase of the same product by the same customer: the latest one, at or before its time, of which
    /// enough pieces are left. Lines that a policy keeps although their quantity or amount is not above zero are no such purchases, and
    /// count as they are. The purchase loses so many pieces and their share of its money; a purchase that loses all of its
    /// pieces is no line of its order any more.
    ///
    /// Both sides are rejected as [`crate::Reject::MatchedReturn`], returns that find no purchase as
    /// [`crate::Reject::UnmatchedReturn`]. A return is never split among purchases.
    ///
    /// All lines are held until the end, about 100 bytes for each.
    ///
    /// After a widely copied notebook (F. Daniel, "Customer Segmentation", Kaggle 2017; packaged as
    /// `atemate/customer-segmentation-toolkit`). That one looks at purchases strictly before the return, takes the only one there is
    /// even if it has too few pieces, lets a later return of the same purchase undo an earlier one, keeps returns for which all of
    /// several purchases are too small, and leaves the money of a purchase to the reader. Here pieces run out, and every line and its
    /// money are accounted for.
    Match,
}

impl Returns {
    /// All of them.
    pub const ALL: [Returns; 4] = [Returns::Exclude, Returns::Net, Returns::Separate, Returns::Match];

    /// The name: `exclude`, `net`, `separate` or `match`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Returns::Exclude => "exclude",
            Returns::Net => "net",
            Returns::Separate => "separate",
            Returns::Match => "match",
        }
    }
}

impl fmt::Display for Returns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
