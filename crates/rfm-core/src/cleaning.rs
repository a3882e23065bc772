//! Which lines count.

use crate::account::Reject;
use crate::batch::TransactionBatch;
use crate::day::Day;

/// The rules that say which lines count as purchases.
///
/// Rules are tested in the order of [`Reject`]; a line is rejected for the first reason that applies, and counted under
/// it. The default keeps what most systems of the field call a sale:
///
/// - a customer id that is not empty;
/// - quantity, price and amount above zero, as far as the input has them;
/// - an order id that is not empty, if the input has order ids.
///
/// # Examples
///
/// ```
/// use rfm_core::{CleaningPolicy, Day};
///
/// let policy = CleaningPolicy::online_retail().until(Day::from_ymd(2011, 12, 9)?);
/// assert_eq!(policy.cancellation_prefix(), Some("C"));
/// # Ok::<(), rfm_core::DayError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleaningPolicy {
    cancellation_prefix: Option<String>,
    only_sales: bool,
    from: Option<Day>,
    until: Option<Day>,
    analysis_date: Option<Day>,
}

impl Default for CleaningPolicy {
    fn default() -> CleaningPolicy {
        CleaningPolicy { cancellation_prefix: None, only_sales: true, from: None, until: None, analysis_date: None }
    }
}

impl CleaningPolicy {
    /// The recipe that is customary for the UCI Online Retail data: the default, and orders whose id begins with `C` are
    /// cancellations.
    #[must_use]
    pub fn online_retail() -> CleaningPolicy {
        CleaningPolicy::default().cancelled_orders_begin_with("C")
    }

    /// Keeps every line that has a customer, whatever its quantity, price and amount, and whether or not its order id is
    /// empty. For data that was cleaned before, and for amounts that are net of returns.
    #[must_use]
    pub fn keep_all() -> CleaningPolicy {
        CleaningPolicy { only_sales: false, ..CleaningPolicy::default() }
    }

    /// Rejects orders whose id begins with this text, in upper or lower case of ASCII letters.
    #[must_use]
    pub fn cancelled_orders_begin_with(self, prefix: impl Into<String>) -> CleaningPolicy {
        CleaningPolicy { cancellation_prefix: Some(prefix.into()).filter(|prefix| !prefix.is_empty()), ..self }
    }

    /// Rejects lines before this day: the observation window begins on it.
    #[must_use]
    pub fn from(self, day: Day) -> CleaningPolicy {
        CleaningPolicy { from: Some(day), ..self }
    }

    /// Rejects lines after this day: the observation window ends with it.
    #[must_use]
    pub fn until(self, day: Day) -> CleaningPolicy {
        CleaningPolicy { until: Some(day), ..self }
    }

    /// Rejects lines after the day that recency counts back from; an order of that very day is 0 days old.
    #[must_use]
    pub fn as_of(self, analysis_date: Day) -> CleaningPolicy {
        CleaningPolicy { analysis_date: Some(analysis_date), ..self }
    }

    /// What the ids of cancelled orders begin with.
    #[must_use]
    pub fn cancellation_prefix(&self) -> Option<&str> {
        self.cancellation_prefix.as_deref()
    }

    /// Whether zero and negative quantities, prices and amounts, and empty order ids, are rejected.
    #[must_use]
    pub const fn only_sales(&self) -> bool {
        self.only_sales
    }

    /// First and last day of the observation window.
    #[must_use]
    pub const fn window(&self) -> (Option<Day>, Option<Day>) {
        (self.from, self.until)
    }

    /// The day that recency counts back from.
    #[must_use]
    pub const fn analysis_date(&self) -> Option<Day> {
        self.analysis_date
    }

    /// The verdict on each row of a batch: `None` if it counts. `verdicts` is overwritten; as long as the batch.
    pub fn judge(&self, batch: &TransactionBatch<'_>, verdicts: &mut Vec<Option<Reject>>) {
        verdicts.clear();
        verdicts.extend((0..batch.len()).map(|row| self.verdict(batch, row)));
    }

    fn verdict(&self, batch: &TransactionBatch<'_>, row: usize) -> Option<Reject> {
        // Blanks are no id: spreadsheets and padded exports hold them where a cell looks empty.
        let is_missing = |text: &str| text.is_empty() || text.trim_ascii().is_empty();
        let day = batch.days[row];
        if is_missing(batch.customer_ids.get(row)) {
            return Some(Reject::MissingCustomer);
        }
        if let (Some(prefix), Some(order_ids)) = (&self.cancellation_prefix, batch.order_ids) {
            let start = order_ids.get(row).as_bytes().get(..prefix.len());
            if start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes())) {
                return Some(Reject::Cancelled);
            }
        }
        if self.only_sales {
            if batch.quantities.is_some_and(|quantities| quantities[row] <= 0) {
                return Some(Reject::QuantityNotPositive);
            }
            if batch.prices.is_some_and(|prices| prices[row] <= 0) {
                return Some(Reject::PriceNotPositive);
            }
            if batch.amounts[row] <= 0 {
                return Some(Reject::AmountNotPositive);
            }
            if batch.order_ids.is_some_and(|order_ids| is_missing(order_ids.get(row))) {
                return Some(Reject::MissingOrder);
            }
        }
        if self.from.is_some_and(|from| day < from) {
            Some(Reject::BeforeWindow)
        } else if self.until.is_some_and(|until| day > until) {
            Some(Reject::AfterWindow)
        } else if self.analysis_date.is_some_and(|analysis_date| day > analysis_date) {
            Some(Reject::AfterAnalysisDate)
        } else {
            None
        }
    }
}
