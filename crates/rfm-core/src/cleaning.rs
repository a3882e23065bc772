//! Which lines count.

use core::ops::Range;
use std::sync::Arc;

use crate::account::Reject;
use crate::batch::{RowIds, TransactionBatch};
use crate::day::Day;
use crate::returns::Returns;
use crate::text::is_blank;

/// The rules that say which lines count as purchases.
///
/// Rules are tested in the order of [`Reject`]; a line is rejected for the first reason that applies, and counted under
/// it. The default keeps what most systems of the field call a sale:
///
/// - a customer id that is not empty;
/// - quantity, price and amount above zero, as far as the input has them;
/// - an order id that is not empty, if the input has order ids.
///
/// [`CleaningPolicy::returns`] says what becomes of returns; by default they are no sales, and rejected.
///
/// Of a table of customers (see [`TransactionBatch::with_summaries`]) a row counts if it has a customer id and an order, and its
/// last order is not after the analysis date. The other rules are about lines, and do not look at it.
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
    /// Sorted and distinct; shared, since every part of a run has the policy.
    excluded_orders: Arc<[String]>,
    cancellation_prefix: Option<String>,
    only_sales: bool,
    from: Option<Day>,
    until: Option<Day>,
    analysis_date: Option<Day>,
    /// The second of that day, where times count.
    analysis_time: Option<u32>,
    returns: Returns,
}

impl Default for CleaningPolicy {
    fn default() -> CleaningPolicy {
        CleaningPolicy {
            excluded_orders: Arc::default(),
            cancellation_prefix: None,
            only_sales: true,
            from: None,
            until: None,
            analysis_date: None,
            analysis_time: None,
            returns: Returns::Exclude,
        }
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

    /// Rejects the orders of a list, such as those that were returned, with all their lines and whoever the customer is. It takes
    /// the place of an earlier list.
    ///
    /// Ids are compared byte by byte but for ASCII blanks at their ends; those of the list are to be normalised as those of the
    /// lines are. Blank ones and repeated ones do not count. [`crate::Customers::excluded_orders_found`] tells how many occurred.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::CleaningPolicy;
    ///
    /// let policy = CleaningPolicy::default().excluding_orders(["CA-2017-17 ", "CA-2017-17", ""]);
    /// assert_eq!(policy.excluded_orders(), 1);
    /// ```
    #[must_use]
    pub fn excluding_orders<I: Into<String>>(self, order_ids: impl IntoIterator<Item = I>) -> CleaningPolicy {
        let trimmed = |id: I| {
            let id = id.into();
            let text = id.trim_ascii();
            if text.len() == id.len() { id } else { text.to_owned() }
        };
        let mut ids: Vec<String> = order_ids.into_iter().map(trimmed).filter(|id| !id.is_empty()).collect();
        ids.sort_unstable();
        ids.dedup();
        CleaningPolicy { excluded_orders: ids.into(), ..self }
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

    /// Rejects, of the lines of the very day that recency counts back from, those after this second of it. Without it, and of a
    /// line without a time, the whole day counts.
    #[must_use]
    pub fn as_of_second(self, second: u32) -> CleaningPolicy {
        CleaningPolicy { analysis_time: Some(second), ..self }
    }

    /// What becomes of returns.
    #[must_use]
    pub fn returns(self, returns: Returns) -> CleaningPolicy {
        CleaningPolicy { returns, ..self }
    }

    /// How many orders are on the list of those to leave out.
    #[must_use]
    pub fn excluded_orders(&self) -> usize {
        self.excluded_orders.len()
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

    /// What becomes of returns.
    #[must_use]
    pub const fn returns_mode(&self) -> Returns {
        self.returns
    }

    /// Whether a line is a return that this policy does not just reject.
    fn is_return(&self, batch: &TransactionBatch<'_>, row: usize) -> bool {
        self.returns != Returns::Exclude && batch.is_return(row)
    }

    /// The verdict on each row of a batch: `None` if it counts, as far as that can be told before all lines have been read
    /// ([`Reject::is_late`]). `verdicts` is overwritten; as long as the batch.
    pub fn judge(&self, batch: &TransactionBatch<'_>, verdicts: &mut Vec<Option<Reject>>) {
        verdicts.clear();
        verdicts.resize(batch.len(), None);
        for (rows, are_sales) in batch.all_alike() {
            self.judge_alike(batch, rows, are_sales, verdicts, |_| {});
        }
    }

    /// Fills in the verdicts on rows that are alike ([`TransactionBatch::all_alike`]), and returns the one on all of them where it is
    /// known without a look at each. `note` is told the position on the list of excluded orders that the rows have, also if they
    /// have another reason not to count.
    #[inline]
    pub(crate) fn judge_alike(
        &self,
        batch: &TransactionBatch<'_>,
        rows: Range<usize>,
        are_sales: bool,
        verdicts: &mut [Option<Reject>],
        mut note: impl FnMut(usize),
    ) -> Option<Option<Reject>> {
        if batch.summaries.is_some() {
            rows.for_each(|row| verdicts[row] = self.verdict_on_customer(batch, row));
            return None;
        }
        let ids = batch.ids(rows.start);
        let position = self.excluded_position(ids);
        position.into_iter().for_each(&mut note);
        let judge = |row| self.verdict(batch, row, ids, position.is_some());
        // Of sales on such a day only ids decide.
        if are_sales && self.undoubted_days().contains(&batch.days[rows.start]) {
            let verdict = judge(rows.start);
            if verdict.is_some() {
                verdicts[rows].fill(verdict);
            }
            return Some(verdict);
        }
        rows.for_each(|row| verdicts[row] = judge(row));
        None
    }

    /// Days within the window, and before the last one and the analysis date: no line is rejected for its day, whatever the time.
    fn undoubted_days(&self) -> Range<Day> {
        let end = self.until.unwrap_or(Day::MAX).min(self.analysis_date.unwrap_or(Day::MAX));
        self.from.unwrap_or(Day::MIN)..end
    }

    #[inline]
    fn excluded_position(&self, ids: RowIds<'_>) -> Option<usize> {
        if self.excluded_orders.is_empty() {
            return None;
        }
        let order_id = ids.order?.trim_ascii();
        self.excluded_orders.binary_search_by(|excluded| excluded.as_bytes().cmp(order_id)).ok()
    }

    fn verdict_on_customer(&self, batch: &TransactionBatch<'_>, row: usize) -> Option<Reject> {
        if is_blank(batch.customer_ids.bytes(row)) {
            Some(Reject::MissingCustomer)
        } else if batch.summaries.is_some_and(|summaries| summaries.orders[row] == 0) {
            Some(Reject::NoOrders)
        } else if self.is_after_analysis(batch.days[row], || batch.time(row)) {
            Some(Reject::AfterAnalysisDate)
        } else {
            None
        }
    }

    #[inline]
    fn verdict(&self, batch: &TransactionBatch<'_>, row: usize, ids: RowIds<'_>, is_excluded: bool) -> Option<Reject> {
        let day = batch.days[row];
        if is_blank(ids.customer) {
            return Some(Reject::MissingCustomer);
        }
        if is_excluded {
            return Some(Reject::ExcludedOrder);
        }
        let is_return = self.is_return(batch, row);
        if let (Some(prefix), Some(order_id), false) = (&self.cancellation_prefix, ids.order, is_return) {
            let start = order_id.get(..prefix.len());
            if start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes())) {
                return Some(Reject::Cancelled);
            }
        }
        if self.only_sales {
            if !is_return {
                if batch.quantities.is_some_and(|quantities| quantities[row] <= 0) {
                    return Some(Reject::QuantityNotPositive);
                }
                if batch.prices.is_some_and(|prices| prices[row] <= 0) {
                    return Some(Reject::PriceNotPositive);
                }
                if batch.amounts[row] <= 0 {
                    return Some(Reject::AmountNotPositive);
                }
            }
            if ids.order.is_some_and(is_blank) {
                return Some(Reject::MissingOrder);
            }
        }
        if self.from.is_some_and(|from| day < from) {
            Some(Reject::BeforeWindow)
        } else if self.until.is_some_and(|until| day > until) {
            Some(Reject::AfterWindow)
        } else if self.is_after_analysis(day, || batch.time(row)) {
            Some(Reject::AfterAnalysisDate)
        } else if is_return && self.returns == Returns::Separate {
            Some(Reject::Returned)
        } else {
            None
        }
    }

    fn is_after_analysis(&self, day: Day, time: impl Fn() -> u32) -> bool {
        match (self.analysis_date, self.analysis_time) {
            (Some(analysis_date), Some(second)) if day == analysis_date => time() > second,
            (Some(analysis_date), _) => day > analysis_date,
            (None, _) => false,
        }
    }
}
