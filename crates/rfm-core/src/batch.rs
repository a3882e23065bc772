//! Transactions on their way from an adapter to the summaries: a row, a batch of borrowed columns, and the trait of a
//! source that lends such batches.

use core::ops::Range;

use crate::account::Refusal;
use crate::day::Day;
use crate::money::{Amount, Scale};
use crate::text::{TextColumn, is_blank};

/// One purchase row, for callers who have rows and not columns.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Transaction};
///
/// let row = Transaction {
///     customer_id: "ann",
///     order_id: Some("2011-17"),
///     day: Day::from_ymd(2011, 12, 1)?,
///     amount: Amount::from_minor(1_999),
/// };
/// # assert_eq!(row.amount.minor(), 1999);
/// # Ok::<(), rfm_core::DayError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transaction<'a> {
    /// Who bought; empty if nobody knows.
    pub customer_id: &'a str,
    /// Which order the row belongs to; ids are told apart per customer. Either all rows have one or none has, and then each row
    /// is an order. An empty one is rejected by the default policy.
    pub order_id: Option<&'a str>,
    /// When.
    pub day: Day,
    /// For how much; minor units of the scale that the summaries were told.
    pub amount: Amount,
}

/// A batch of transactions as columns of equal length, borrowed from the buffers of whoever read them.
///
/// Quantities and prices are optional and serve the cleaning rules; times and products serve those who ask for them; `amounts` is always what a line is worth. With
/// [`TransactionBatch::with_summaries`] the rows are not lines but customers.
///
/// # Examples
///
/// ```
/// use rfm_core::{Day, Scale, TextColumn, TransactionBatch};
///
/// let days = [Day::from_ymd(2011, 12, 1)?; 2];
/// let customers = TextColumn::new("annbob", &[3, 6]).expect("the ends lie in the text");
/// let batch = TransactionBatch::try_new(customers, &days, &[1_999, 500], Scale::CENTS)?;
/// assert_eq!(batch.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TransactionBatch<'a> {
    pub(crate) customer_ids: TextColumn<'a>,
    pub(crate) order_ids: Option<TextColumn<'a>>,
    pub(crate) days: &'a [Day],
    pub(crate) times: Option<&'a [u32]>,
    pub(crate) amounts: &'a [i128],
    pub(crate) scale: Scale,
    pub(crate) quantities: Option<&'a [i64]>,
    pub(crate) quantity_scales: Option<&'a [Scale]>,
    pub(crate) products: Option<TextColumn<'a>>,
    pub(crate) prices: Option<&'a [i64]>,
    pub(crate) attributes: Option<TextColumn<'a>>,
    pub(crate) summaries: Option<SummaryColumns<'a>>,
    pub(crate) refused: &'a [Refusal],
}

/// The first rows, one after the other, whose values are so.
#[inline]
fn while_of<T: Copy>(column: &[T], rows: Range<usize>, is_so: impl Fn(T) -> bool) -> Range<usize> {
    let start = rows.start;
    start..start.saturating_add(column[rows].iter().take_while(|value| is_so(**value)).count())
}

/// More rows than most orders have.
const MOST_ALIKE: usize = 64;

/// The last second of a day.
pub(crate) const LAST_SECOND: u32 = 86_399;

/// What the rows of a table of customers have beside last day and total.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SummaryColumns<'a> {
    pub(crate) orders: &'a [u64],
    pub(crate) first: &'a [Day],
}

/// The ids of a row, as bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowIds<'a> {
    pub(crate) customer: &'a [u8],
    /// `None`: there is no such column.
    pub(crate) order: Option<&'a [u8]>,
}

impl<'a> RowIds<'a> {
    /// The order id, if it is not blank.
    #[inline]
    pub(crate) fn known_order(self) -> Option<&'a [u8]> {
        self.order.filter(|order| !is_blank(order))
    }
}

/// The error of columns that do not have one value for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column `{column}` has {found} rows, expected {expected}")]
pub struct BatchError {
    /// The column.
    pub column: &'static str,
    /// Rows of the customer column.
    pub expected: usize,
    /// Rows of this column.
    pub found: usize,
}

impl<'a> TransactionBatch<'a> {
    /// A batch of one customer id (empty: unknown), day and amount (minor units of `scale`) for each row. Amounts are as wide as
    /// Arrow's `Decimal128`, so that a column of decimals is lent as it is.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if the columns differ in length.
    pub fn try_new(
        customer_ids: TextColumn<'a>,
        days: &'a [Day],
        amounts: &'a [i128],
        scale: Scale,
    ) -> Result<TransactionBatch<'a>, BatchError> {
        let batch = TransactionBatch {
            customer_ids,
            order_ids: None,
            days,
            times: None,
            amounts,
            scale,
            quantities: None,
            quantity_scales: None,
            products: None,
            prices: None,
            attributes: None,
            summaries: None,
            refused: &[],
        };
        batch.check("day", days.len())?;
        batch.check("amount", amounts.len())?;
        Ok(batch)
    }

    /// Adds the order ids. Without them each row is an order.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if it has another length.
    pub fn with_order_ids(self, order_ids: TextColumn<'a>) -> Result<TransactionBatch<'a>, BatchError> {
        self.check("order id", order_ids.len())?;
        Ok(TransactionBatch { order_ids: Some(order_ids), ..self })
    }

    /// Adds the times of day: seconds since midnight of the day, 0 to 86,399. Later ones count as the last second of the day.
    ///
    /// Where they are not known, they are midnight. They decide which of the orders of a day was the last, and which purchase a
    /// return is of.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if it has another length.
    pub fn with_times(self, times: &'a [u32]) -> Result<TransactionBatch<'a>, BatchError> {
        self.check("time", times.len())?;
        Ok(TransactionBatch { times: Some(times), ..self })
    }

    /// Adds what was bought, for returns that are matched with purchases. Empty: nobody knows.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if it has another length.
    pub fn with_products(self, products: TextColumn<'a>) -> Result<TransactionBatch<'a>, BatchError> {
        self.check("product", products.len())?;
        Ok(TransactionBatch { products: Some(products), ..self })
    }

    /// Adds the quantities in whole pieces; only their sign is looked at, unless returns are matched with purchases.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if it has another length.
    pub fn with_quantities(self, quantities: &'a [i64]) -> Result<TransactionBatch<'a>, BatchError> {
        self.check("quantity", quantities.len())?;
        Ok(TransactionBatch { quantities: Some(quantities), ..self })
    }

    /// Says how many decimals each of the quantities has, where they are not whole pieces: 25 at one decimal is 2.5.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if it has another length.
    pub fn with_quantity_scales(self, scales: &'a [Scale]) -> Result<TransactionBatch<'a>, BatchError> {
        self.check("scale of the quantity", scales.len())?;
        Ok(TransactionBatch { quantity_scales: Some(scales), ..self })
    }

    /// Adds the unit prices; only their sign is looked at.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if it has another length.
    pub fn with_prices(self, prices: &'a [i64]) -> Result<TransactionBatch<'a>, BatchError> {
        self.check("price", prices.len())?;
        Ok(TransactionBatch { prices: Some(prices), ..self })
    }

    /// Adds what the lines say about their customers: a country, a shop. Empty: nothing.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if it has another length.
    pub fn with_attributes(self, attributes: TextColumn<'a>) -> Result<TransactionBatch<'a>, BatchError> {
        self.check("attribute", attributes.len())?;
        Ok(TransactionBatch { attributes: Some(attributes), ..self })
    }

    /// Makes the rows customers: of each one the day is that of the last order and the amount the total of all orders, which may
    /// be zero or negative. `orders` is how many there are (0: the row is rejected, and its days do not matter), `first` the day
    /// of the first one; if it is later than the last, the last counts as the first, too. Order ids, quantities and prices are not
    /// looked at.
    ///
    /// # Errors
    ///
    /// [`BatchError`] if they have another length.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{CleaningPolicy, Day, Scale, Summaries, TextColumn, TransactionBatch};
    ///
    /// let (first, last) = (Day::from_ymd(2010, 3, 1)?, Day::from_ymd(2011, 12, 1)?);
    /// let customers = TextColumn::new("ann", &[3]).expect("the end lies in the text");
    /// let (first, last) = ([first], [last]);
    /// let batch = TransactionBatch::try_new(customers, &last, &[1_999], Scale::CENTS)?.with_summaries(&[7], &first)?;
    /// let mut summaries = Summaries::new(CleaningPolicy::default());
    /// summaries.push_batch(&batch)?;
    /// let customers = summaries.finish()?;
    /// let ann = customers.get(0).expect("one customer");
    /// assert_eq!((ann.orders(), ann.first_order(), ann.total().to_string()), (7, first[0], "19.99".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_summaries(self, orders: &'a [u64], first: &'a [Day]) -> Result<TransactionBatch<'a>, BatchError> {
        self.check("orders", orders.len())?;
        self.check("first day", first.len())?;
        Ok(TransactionBatch { summaries: Some(SummaryColumns { orders, first }), ..self })
    }

    /// Adds the lines that could not become rows, so that they are accounted for.
    #[must_use]
    pub fn with_refused(self, refused: &'a [Refusal]) -> TransactionBatch<'a> {
        TransactionBatch { refused, ..self }
    }

    /// All rows in their order, each with those that go with it ([`TransactionBatch::alike`]).
    #[inline]
    pub(crate) fn all_alike(&self) -> impl Iterator<Item = (Range<usize>, bool)> {
        let mut row = 0;
        core::iter::from_fn(move || {
            let (rows, are_sales) = (row < self.len()).then(|| self.alike(row))?;
            row = rows.end;
            Some((rows, are_sales))
        })
    }

    /// A row, and whether it is a sale: its quantity, price and amount are above zero, as far as there are such columns. With a sale
    /// some that follow it and have its ids, its day and its attribute, as the lines of an order mostly do.
    #[inline]
    fn alike(&self, start: usize) -> (Range<usize>, bool) {
        let next = start.saturating_add(1);
        let is_positive = |column: Option<&[i64]>| column.is_none_or(|column| column[start] > 0);
        if self.amounts[start] <= 0 || !is_positive(self.quantities) || !is_positive(self.prices) {
            return (start..next, false);
        }
        // The day tells most rows apart, and without order ids each row is an order.
        let Some(order_ids) = self.order_ids.filter(|_| self.days.get(next) == Some(&self.days[start])) else {
            return (start..next, true);
        };
        // One column after the other, each as far as those before it go. Not farther than some rows: what one column has in common may be
        // all of the batch, which must not be looked at again from every row.
        let rows = order_ids.alike(start..self.len().min(start.saturating_add(MOST_ALIKE)));
        let rows = while_of(self.days, rows, |day| day == self.days[start]);
        let rows = self.customer_ids.alike(rows);
        let rows = self.attributes.map_or(rows.clone(), |attributes| attributes.alike(rows));
        let rows = while_of(self.amounts, rows, |amount| amount > 0);
        let columns = [self.quantities, self.prices].into_iter().flatten();
        (columns.fold(rows, |rows, column| while_of(column, rows, |number| number > 0)), true)
    }

    /// Whether a row is a return, as [`crate::Returns`] says.
    pub(crate) fn is_return(&self, row: usize) -> bool {
        self.amounts[row] < 0
            && self.quantities.is_none_or(|quantities| quantities[row] != 0)
            && self.prices.is_none_or(|prices| prices[row] > 0)
    }

    /// The ids of a row.
    #[inline]
    pub(crate) fn ids(&self, row: usize) -> RowIds<'a> {
        RowIds { customer: self.customer_ids.bytes(row), order: self.order_ids.map(|order_ids| order_ids.bytes(row)) }
    }

    /// The order id of a row, empty if it has none. As for the cleaning rules, blanks are no id.
    #[inline]
    pub(crate) fn order_id(&self, row: usize) -> &'a str {
        let order_id = self.order_ids.map_or("", |order_ids| order_ids.get(row));
        if is_blank(order_id.as_bytes()) { "" } else { order_id }
    }

    /// What a row says about its customer; empty: nothing.
    pub(crate) fn attribute(&self, row: usize) -> &'a str {
        self.attributes.map_or("", |attributes| attributes.get(row))
    }

    /// The time of day of a row; midnight if nobody knows.
    pub(crate) fn time(&self, row: usize) -> u32 {
        self.times.map_or(0, |times| times[row].min(LAST_SECOND))
    }

    /// Number of rows, without the refused lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.customer_ids.len()
    }

    /// Whether there is neither a row nor a refused line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.refused.is_empty()
    }

    fn check(&self, column: &'static str, found: usize) -> Result<(), BatchError> {
        let expected = self.len();
        if found == expected { Ok(()) } else { Err(BatchError { column, expected, found }) }
    }
}

/// Whatever lends transactions batch by batch: a file, a table in memory, a stream.
///
/// A batch borrows from the source until the next one is asked for.
pub trait TransactionSource {
    /// The adapter's own error; it says where in the input.
    type Error: core::error::Error + Send + Sync + 'static;

    /// The next batch, or `None` at the end. A malformed row is an error or a counted refusal, as the caller chose.
    ///
    /// # Errors
    ///
    /// When the input cannot be read or a row cannot be used and refusing rows was not asked for.
    fn next_batch(&mut self) -> Result<Option<TransactionBatch<'_>>, Self::Error>;
}
