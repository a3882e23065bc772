//! Where every line went: used, excluded by a rule, or refused because it could not be read.

use core::fmt;

use crate::money::{Decimal, Scale};

/// Why a line does not count. The order is the order of the tests: a line has the first reason that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reject {
    /// Refused: the record itself is broken (wrong number of fields, text behind a quote, a character that cannot be).
    BadRecord,
    /// Refused: the date cannot be read.
    BadDate,
    /// Refused: an amount, a quantity, a price, a count of orders or a number of days cannot be read.
    BadNumber,
    /// Excluded: a row in which every cell is empty or blank, as spreadsheets write below the data.
    BlankRow,
    /// Excluded: equal to an earlier line in every field, where repeated lines are to be dropped.
    RepeatedLine,
    /// Excluded: no customer id.
    MissingCustomer,
    /// Excluded: the order is on the list of those to leave out.
    ExcludedOrder,
    /// Excluded: the order id begins with the prefix of cancellations.
    Cancelled,
    /// Excluded: a quantity of zero or less.
    QuantityNotPositive,
    /// Excluded: a unit price of zero or less.
    PriceNotPositive,
    /// Excluded: an amount of zero or less.
    AmountNotPositive,
    /// Excluded: an empty cell in the column of order ids.
    MissingOrder,
    /// Excluded: a row of a table of customers that counts no orders, so that there is no last one.
    NoOrders,
    /// Excluded: before the observation window.
    BeforeWindow,
    /// Excluded: after the observation window.
    AfterWindow,
    /// Excluded: later than the day, or the time of that day, that recency counts back from.
    AfterAnalysisDate,
    /// Excluded: a return, kept apart from what the customer bought ([`crate::Returns::Separate`]).
    Returned,
    /// Excluded: a return that counts, of a customer who has no purchase that does ([`crate::Returns::Net`]). Known at the end only.
    OnlyReturns,
    /// Excluded: a return, and the lines or parts of lines that it cancels ([`crate::Returns::Match`]). The lines are those of which
    /// nothing is left; the money is that of both sides, and 0 where pieces were returned at the price that was paid. Known at the
    /// end only.
    MatchedReturn,
    /// Excluded: a return of which no earlier purchase was found ([`crate::Returns::Match`]). Known at the end only.
    UnmatchedReturn,
}

impl Reject {
    /// All reasons in the order of the tests.
    pub const ALL: [Reject; 20] = [
        Reject::BadRecord,
        Reject::BadDate,
        Reject::BadNumber,
        Reject::BlankRow,
        Reject::RepeatedLine,
        Reject::MissingCustomer,
        Reject::ExcludedOrder,
        Reject::Cancelled,
        Reject::QuantityNotPositive,
        Reject::PriceNotPositive,
        Reject::AmountNotPositive,
        Reject::MissingOrder,
        Reject::NoOrders,
        Reject::BeforeWindow,
        Reject::AfterWindow,
        Reject::AfterAnalysisDate,
        Reject::Returned,
        Reject::OnlyReturns,
        Reject::MatchedReturn,
        Reject::UnmatchedReturn,
    ];

    /// The name in reports and files, such as `missing customer`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Reject::BadRecord => "bad record",
            Reject::BadDate => "bad date",
            Reject::BadNumber => "bad number",
            Reject::BlankRow => "blank row",
            Reject::RepeatedLine => "repeated line",
            Reject::MissingCustomer => "missing customer",
            Reject::ExcludedOrder => "excluded order",
            Reject::Cancelled => "cancelled order",
            Reject::QuantityNotPositive => "quantity not positive",
            Reject::PriceNotPositive => "price not positive",
            Reject::AmountNotPositive => "amount not positive",
            Reject::MissingOrder => "missing order",
            Reject::NoOrders => "no orders",
            Reject::BeforeWindow => "before window",
            Reject::AfterWindow => "after window",
            Reject::AfterAnalysisDate => "after as-of",
            Reject::Returned => "returned",
            Reject::OnlyReturns => "only returns",
            Reject::MatchedReturn => "matched return",
            Reject::UnmatchedReturn => "unmatched return",
        }
    }

    /// Whether the line could not be read, rather than being left out by a rule.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        matches!(self, Reject::BadRecord | Reject::BadDate | Reject::BadNumber)
    }

    /// Whether it is found out when all lines have been read, so that no line is known by it before.
    #[must_use]
    pub const fn is_late(self) -> bool {
        matches!(self, Reject::OnlyReturns | Reject::MatchedReturn | Reject::UnmatchedReturn)
    }

    #[expect(clippy::as_conversions, reason = "the discriminants are 0..20")]
    const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A line that did not become a transaction: it could not be read, or the adapter found that it is blank or repeats
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why; one of the refusals ([`Reject::is_refusal`]), [`Reject::BlankRow`] or [`Reject::RepeatedLine`].
    pub reason: Reject,
    /// What the line is worth, if that part of it could be read.
    pub amount: Option<Decimal>,
}

/// Lines and their money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    lines: u64,
    money: i128,
    without_amount: u64,
}

impl Tally {
    /// Number of lines.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.lines
    }

    /// Lines among them whose amount could not be read; their money is not in the sum.
    #[must_use]
    pub const fn without_amount(&self) -> u64 {
        self.without_amount
    }
}

/// The error of a sum that does not fit 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sum of money does not fit 128 bits")]
pub struct Overflow;

/// Where every line went, in lines and in money. It always adds up: lines read = used + rejected, by reason.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, CleaningPolicy, Day, Reject, Summaries, Transaction};
///
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// let day = Day::from_ymd(2011, 12, 1)?;
/// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount: Amount::from_minor(500) })?;
/// summaries.push(Transaction { customer_id: "", order_id: None, day, amount: Amount::from_minor(200) })?;
///
/// let account = summaries.account();
/// assert_eq!((account.read().lines(), account.used().lines()), (2, 1));
/// assert_eq!(account.rejected(Reject::MissingCustomer).lines(), 1);
/// assert_eq!(account.money(account.read()).to_string(), "7.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    scale: Scale,
    used: Tally,
    rejected: [Tally; Reject::ALL.len()],
    /// The sum of all amounts without their signs. As long as it fits, so does every sum of any of them in any order.
    gross: i128,
}

impl Account {
    /// The lines that count.
    #[must_use]
    pub const fn used(&self) -> Tally {
        self.used
    }

    /// The lines that do not count, for one reason.
    #[must_use]
    pub const fn rejected(&self, reason: Reject) -> Tally {
        self.rejected[reason.index()]
    }

    /// The reasons that occurred, in the order of the tests.
    pub fn reasons(&self) -> impl Iterator<Item = (Reject, Tally)> + '_ {
        Reject::ALL.into_iter().map(|reason| (reason, self.rejected(reason))).filter(|(_, tally)| tally.lines > 0)
    }

    /// All lines that do not count.
    #[must_use]
    pub fn rejected_total(&self) -> Tally {
        self.rejected.iter().fold(Tally::default(), Tally::plus)
    }

    /// All lines.
    #[must_use]
    pub fn read(&self) -> Tally {
        self.used.plus(&self.rejected_total())
    }

    /// The money of a tally of this account.
    #[must_use]
    pub const fn money(&self, tally: Tally) -> Decimal {
        Decimal::new(tally.money, self.scale)
    }

    /// The scale that the money is counted at: the most decimals that any amount so far needed.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// Takes lines that count, or do not, and what they are worth together: one, or some of which all amounts are positive.
    #[inline]
    pub(crate) fn record(&mut self, verdict: Option<Reject>, lines: usize, amount: i128) -> Result<(), Overflow> {
        let tally = match verdict {
            None => &mut self.used,
            Some(reason) => &mut self.rejected[reason.index()],
        };
        tally.lines = tally.lines.saturating_add(u64::try_from(lines).unwrap_or(u64::MAX));
        tally.money = tally.money.checked_add(amount).ok_or(Overflow)?;
        self.add_gross(amount)
    }

    /// Takes lines, or a part of the money of one that goes on counting, from those that count. The gross sum stays: it holds the
    /// sums of parts as well.
    pub(crate) fn reassign(&mut self, reason: Reject, lines: u64, money: i128) {
        self.used.lines = self.used.lines.saturating_sub(lines);
        self.used.money = self.used.money.saturating_sub(money);
        let tally = &mut self.rejected[reason.index()];
        *tally = tally.plus(&Tally { lines, money, without_amount: 0 });
    }

    fn add_gross(&mut self, amount: i128) -> Result<(), Overflow> {
        self.gross = amount.checked_abs().and_then(|amount| self.gross.checked_add(amount)).ok_or(Overflow)?;
        Ok(())
    }

    pub(crate) fn refuse(&mut self, refusal: &Refusal) -> Result<(), Overflow> {
        if let Some(amount) = refusal.amount {
            self.rescale(amount.scale())?;
        }
        let scale = self.scale;
        let tally = &mut self.rejected[refusal.reason.index()];
        tally.lines = tally.lines.saturating_add(1);
        match refusal.amount {
            Some(amount) => {
                let minor = amount.minor().checked_mul(amount.scale().factor_to(scale).into()).ok_or(Overflow)?;
                tally.money = tally.money.checked_add(minor).ok_or(Overflow)?;
                self.add_gross(minor)?;
            }
            None => tally.without_amount = tally.without_amount.saturating_add(1),
        }
        Ok(())
    }

    /// Counts money at `scale` from now on, if that is finer.
    pub(crate) fn rescale(&mut self, scale: Scale) -> Result<(), Overflow> {
        let factor = i128::from(self.scale.factor_to(scale));
        if factor != 1 {
            for tally in self.rejected.iter_mut().chain([&mut self.used]) {
                tally.money = tally.money.checked_mul(factor).ok_or(Overflow)?;
            }
            self.gross = self.gross.checked_mul(factor).ok_or(Overflow)?;
            self.scale = scale;
        }
        Ok(())
    }

    pub(crate) fn merge(&mut self, mut other: Account) -> Result<(), Overflow> {
        self.rescale(other.scale)?;
        other.rescale(self.scale)?;
        for (mine, theirs) in self.rejected.iter_mut().zip(other.rejected).chain([(&mut self.used, other.used)]) {
            mine.money.checked_add(theirs.money).ok_or(Overflow)?;
            *mine = mine.plus(&theirs);
        }
        self.add_gross(other.gross)
    }
}

impl Tally {
    /// Line counts and sums cannot reach their ends here: the gross sum of the account fits, so that of its parts does, and
    /// nobody reads 2^64 lines.
    fn plus(self, other: &Tally) -> Tally {
        Tally {
            lines: self.lines.saturating_add(other.lines),
            money: self.money.saturating_add(other.money),
            without_amount: self.without_amount.saturating_add(other.without_amount),
        }
    }
}
