//! Order lines.

use std::ops::Range;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rfm_core::{
    CleaningPolicy, Day, Decimal, Refusal, Reject, Scale, Summaries, SummaryError, TextColumn, TransactionBatch,
};

/// The day that most drawn days lie some weeks before; a few lie after it.
pub const ANALYSIS_DATE: i32 = 15_000;

/// Order lines as an adapter would lend them, in an order that may be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// The lines.
    pub entries: Vec<Entry>,
    /// The columns that all of them have.
    pub columns: Columns,
}

/// The columns that an input may have or lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Order ids.
    pub order_ids: bool,
    /// Quantities.
    pub quantities: bool,
    /// Unit prices.
    pub prices: bool,
    /// Times of day.
    pub times: bool,
    /// Products.
    pub products: bool,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A line that could be read.
    Row(Row),
    /// A line that could not.
    Refused(Refusal),
}

/// A line that could be read. Its fields have values whether or not there is a column for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The customer; empty or blank if nobody knows.
    pub customer_id: String,
    /// The order; empty or blank if nobody knows.
    pub order_id: String,
    /// The day.
    pub day: Day,
    /// What it is worth, in minor units of `scale`.
    pub amount: i64,
    /// The scale of the amount.
    pub scale: Scale,
    /// Pieces; only the sign matters, unless returns are matched.
    pub quantity: i64,
    /// Unit price; only the sign matters.
    pub price: i64,
    /// Seconds since midnight.
    pub time: u32,
    /// What was bought; empty if nobody knows.
    pub product: String,
}

impl Journal {
    /// Pushes the lines in their order, neighbours of one scale as one batch, and gives the verdict on each row.
    ///
    /// # Errors
    ///
    /// Those of [`Summaries::push_batch`].
    pub fn push_to(&self, summaries: &mut Summaries) -> Result<Vec<Option<Reject>>, SummaryError> {
        self.push_part(0..self.entries.len(), summaries)
    }

    /// Pushes the lines of a range, as [`push_to`](Self::push_to) pushes all.
    ///
    /// # Errors
    ///
    /// Those of [`Summaries::push_batch`].
    ///
    /// # Panics
    ///
    /// If the range reaches past the end.
    pub fn push_part(
        &self,
        range: Range<usize>,
        summaries: &mut Summaries,
    ) -> Result<Vec<Option<Reject>>, SummaryError> {
        let mut verdicts = Vec::new();
        let mut refused = Vec::new();
        let mut rows: Vec<&Row> = Vec::new();
        for entry in &self.entries[range] {
            match entry {
                Entry::Refused(refusal) => refused.push(*refusal),
                Entry::Row(row) => {
                    if rows.first().is_some_and(|first| first.scale != row.scale) {
                        verdicts.extend(self.push_batch(&rows, &refused, summaries)?);
                        rows.clear();
                        refused.clear();
                    }
                    rows.push(row);
                }
            }
        }
        verdicts.extend(self.push_batch(&rows, &refused, summaries)?);
        Ok(verdicts)
    }

    fn push_batch(
        &self,
        rows: &[&Row],
        refused: &[Refusal],
        summaries: &mut Summaries,
    ) -> Result<Vec<Option<Reject>>, SummaryError> {
        fn text<'r>(rows: &[&'r Row], get: impl Fn(&'r Row) -> &'r str) -> (String, Vec<u32>) {
            let (mut text, mut ends) = (String::new(), Vec::new());
            for row in rows {
                text.push_str(get(row));
                ends.push(u32::try_from(text.len()).expect("few lines"));
            }
            (text, ends)
        }
        let (customers, customer_ends) = text(rows, |row| &row.customer_id);
        let (orders, order_ends) = text(rows, |row| &row.order_id);
        let (products, product_ends) = text(rows, |row| &row.product);
        let column = |text, ends| TextColumn::new(text, ends).expect("the ends are those of the text");
        let days: Vec<Day> = rows.iter().map(|row| row.day).collect();
        let amounts: Vec<i128> = rows.iter().map(|row| row.amount.into()).collect();
        let quantities: Vec<i64> = rows.iter().map(|row| row.quantity).collect();
        let prices: Vec<i64> = rows.iter().map(|row| row.price).collect();
        let times: Vec<u32> = rows.iter().map(|row| row.time).collect();
        let scale = rows.first().map_or(Scale::UNITS, |row| row.scale);
        let equal = "columns of the same rows are of one length";
        let mut batch =
            TransactionBatch::try_new(column(&customers, &customer_ends), &days, &amounts, scale).expect(equal);
        if self.columns.order_ids {
            batch = batch.with_order_ids(column(&orders, &order_ends)).expect(equal);
        }
        if self.columns.quantities {
            batch = batch.with_quantities(&quantities).expect(equal);
        }
        if self.columns.prices {
            batch = batch.with_prices(&prices).expect(equal);
        }
        if self.columns.times {
            batch = batch.with_times(&times).expect(equal);
        }
        if self.columns.products {
            batch = batch.with_products(column(&products, &product_ends)).expect(equal);
        }
        Ok(summaries.push_batch(&batch.with_refused(refused))?.to_vec())
    }
}

/// Up to `max_lines` lines.
pub fn journal(max_lines: usize) -> impl Strategy<Value = Journal> {
    let columns =
        (prop::bool::weighted(0.8), any::<bool>(), any::<bool>()).prop_map(|(order_ids, quantities, prices)| Columns {
            order_ids,
            quantities,
            prices,
            times: false,
            products: false,
        });
    // Most inputs have one scale throughout; some amounts of others need another one.
    let entries = scale().prop_flat_map(move |usual| vec(entry(usual), 0..=max_lines));
    (entries, columns).prop_map(|(entries, columns)| Journal { entries, columns })
}

/// A cleaning policy: each of the rules or none, in any combination. A window has a day on or before [`ANALYSIS_DATE`], since
/// settings without one are refused.
pub fn policy() -> impl Strategy<Value = CleaningPolicy> {
    let base = prop_oneof![
        2 => Just(CleaningPolicy::default()),
        2 => Just(CleaningPolicy::keep_all()),
        1 => Just(CleaningPolicy::online_retail()),
        1 => Just(CleaningPolicy::keep_all().cancelled_orders_begin_with("storno")),
    ];
    let edge = || option::weighted(0.3, usual_day());
    (base, edge(), edge(), edge()).prop_map(|(mut policy, from, until, as_of)| {
        if let Some(from) = from {
            let latest = Day::from_epoch_days(ANALYSIS_DATE).unwrap_or(Day::MAX).min(until.unwrap_or(Day::MAX));
            policy = policy.from(from.min(latest));
        }
        if let Some(until) = until {
            policy = policy.until(until);
        }
        as_of.into_iter().fold(policy, CleaningPolicy::as_of)
    })
}

fn entry(usual: Scale) -> impl Strategy<Value = Entry> {
    prop_oneof![15 => row(usual).prop_map(Entry::Row), 1 => refusal().prop_map(Entry::Refused)]
}

fn row(usual: Scale) -> impl Strategy<Value = Row> {
    let scale = prop_oneof![12 => Just(usual), 1 => scale()];
    (customer_id(), order_id(), day(), amount(), scale, sign(), sign()).prop_map(
        |(customer_id, order_id, day, amount, scale, quantity, price)| {
            let (customer_id, order_id) = (customer_id.to_owned(), order_id.to_owned());
            Row { customer_id, order_id, day, amount, scale, quantity, price, time: 0, product: String::new() }
        },
    )
}

fn refusal() -> impl Strategy<Value = Refusal> {
    let reason = prop::sample::select(vec![Reject::BadRecord, Reject::BadDate, Reject::BadNumber]);
    let amount = (amount(), scale()).prop_map(|(minor, scale)| Decimal::new(minor.into(), scale));
    (reason, option::of(amount)).prop_map(|(reason, amount)| Refusal { reason, amount })
}

fn customer_id() -> impl Strategy<Value = &'static str> {
    // "ab" and "b" beside "a" and "bb": one after the other they read the same.
    let known = vec!["a", "b", "ab", "bb", "A", "10", "9", "13085.0", " a", "é", "日本", "c1", "c2", "c3", "c4", "c5"];
    prop_oneof![15 => prop::sample::select(known), 1 => prop::sample::select(vec!["", " ", "\t "])]
}

fn order_id() -> impl Strategy<Value = &'static str> {
    let known = vec!["1", "2", "3", "b1", "1 ", "ü", "X9"];
    let odd = vec!["", "  ", "C1", "c", "Storno 4"];
    prop_oneof![10 => prop::sample::select(known), 1 => prop::sample::select(odd)]
}

fn usual_day() -> impl Strategy<Value = Day> {
    (ANALYSIS_DATE - 40..=ANALYSIS_DATE + 2).prop_map(|days| Day::from_epoch_days(days).expect("in this century"))
}

fn day() -> impl Strategy<Value = Day> {
    prop_oneof![40 => usual_day(), 1 => Just(Day::MIN), 1 => Just(Day::MAX)]
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![
        10 => 1i64..=12,
        10 => 1i64..1_000_000,
        2 => -12i64..=0,
        1 => prop::sample::select(vec![i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX]),
    ]
}

fn sign() -> impl Strategy<Value = i64> {
    prop_oneof![10 => Just(1i64), 1 => Just(0i64), 1 => Just(-1i64)]
}

fn scale() -> impl Strategy<Value = Scale> {
    prop_oneof![3 => Just(2u8), 1 => 0u8..=9].prop_map(|decimals| Scale::new(decimals).expect("at most 9"))
}
