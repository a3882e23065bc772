//! The stages of the job, each alone, and what they begin with: for the benches and for counting instructions.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;

use rfm_core::{
    Amount, CleaningPolicy, Customers, Day, Rfm, Scale, Segmentation, Summaries, TextColumn, Transaction,
    TransactionBatch, TransactionSource,
};
use rfm_csv::{CsvOptions, CsvSource};
use rfm_output::{Extras, Format, TextGuard, write_customers};
use rfm_parquet::{ParquetOptions, ParquetSource};
use rfm_testkit::generate::{OrderGenerator, OrderLine, Shape, SplitMix64};

/// What a stage may end with; none of them does on generated orders.
pub type Failure = Box<dyn Error>;

/// Lines of a batch.
const BATCH: usize = 4096;

/// Orders, so many lines of them, always the same.
///
/// # Errors
///
/// None; the shape is a fixed one.
pub fn orders(lines: u64) -> Result<OrderGenerator, Failure> {
    Ok(Shape::new().seed(1).lines(lines).build()?)
}

/// [`orders`] as CSV.
///
/// # Errors
///
/// None; memory takes everything.
pub fn csv(lines: u64) -> Result<Arc<[u8]>, Failure> {
    let mut text = Vec::new();
    orders(lines)?.write_csv(&mut text)?;
    Ok(text.into())
}

/// [`orders`] as Parquet.
///
/// # Errors
///
/// None; memory takes everything.
pub fn parquet(lines: u64) -> Result<Arc<[u8]>, Failure> {
    let mut file = Vec::new();
    orders(lines)?.write_parquet(&mut file)?;
    Ok(file.into())
}

/// Lines as an adapter hands them over, kept.
#[derive(Debug, Default)]
pub struct Batch {
    customers: (String, Vec<u32>),
    orders: (String, Vec<u32>),
    days: Vec<Day>,
    amounts: Vec<i128>,
    quantities: Vec<i64>,
    prices: Vec<i64>,
}

impl Batch {
    fn push(&mut self, line: &OrderLine) -> Result<(), Failure> {
        for ((texts, ends), text) in
            [(&mut self.customers, line.customer_id().unwrap_or_default()), (&mut self.orders, line.order_id())]
        {
            texts.push_str(text);
            ends.push(u32::try_from(texts.len())?);
        }
        self.days.push(Day::from_epoch_days(line.date().days()).ok_or("a day")?);
        self.amounts.push(i128::from(line.quantity() * line.unit_price()));
        self.quantities.push(line.quantity());
        self.prices.push(line.unit_price());
        Ok(())
    }

    fn lend(&self) -> Result<TransactionBatch<'_>, Failure> {
        let (customers, orders) = (column(&self.customers)?, column(&self.orders)?);
        let batch = TransactionBatch::try_new(customers, &self.days, &self.amounts, Scale::CENTS)?;
        Ok(batch.with_order_ids(orders)?.with_quantities(&self.quantities)?.with_prices(&self.prices)?)
    }
}

fn column((texts, ends): &(String, Vec<u32>)) -> Result<TextColumn<'_>, Failure> {
    Ok(TextColumn::new(texts, ends).ok_or("the ends lie in the text")?)
}

/// [`orders`] in batches of 4096 lines.
///
/// # Errors
///
/// None; the generator's columns fit together.
pub fn batches(lines: u64) -> Result<Vec<Batch>, Failure> {
    let mut batches: Vec<Batch> = Vec::new();
    for (place, line) in orders(lines)?.lines().enumerate() {
        if place % BATCH == 0 {
            batches.push(Batch::default());
        }
        batches.last_mut().ok_or("a batch")?.push(&line)?;
    }
    Ok(batches)
}

/// Summaries of the even and of the odd batches, so that most customers who buy again are in both.
///
/// # Errors
///
/// As [`summarise`].
pub fn halves(batches: &[Batch]) -> Result<(Summaries, Summaries), Failure> {
    let half = |first| summarise(batches.iter().skip(first).step_by(2));
    Ok((half(0)?, half(1)?))
}

/// The settings that customers are scored by.
///
/// # Errors
///
/// None; they agree.
pub fn settings() -> Result<Rfm, Failure> {
    Ok(Rfm::builder(Day::from_ymd(2025, 12, 31)?).build()?)
}

/// Customers with one to eight orders each, most with few; three years; 1.00 to 500.99 an order.
///
/// # Errors
///
/// None; the sums are small.
pub fn customers(count: u32) -> Result<Customers, Failure> {
    let mut random = SplitMix64::new(1);
    let mut summaries = settings()?.summaries();
    let first = Day::from_ymd(2023, 1, 1)?.epoch_days();
    for customer in 0..count {
        let customer_id = format!("{customer:07}");
        for _ in 0..=random.below(8).min(random.below(8)) {
            let day = Day::from_epoch_days(first + i32::try_from(random.below(1_095))?).ok_or("three years")?;
            let amount = Amount::from_minor(100 + i64::from(random.below(50_000)));
            summaries.push(Transaction { customer_id: &customer_id, order_id: None, day, amount })?;
        }
    }
    Ok(summaries.finish()?)
}

/// Text to batches, which are dropped; gives the number of lines.
///
/// # Errors
///
/// None; the orders are clean.
pub fn parse_csv(text: &Arc<[u8]>) -> Result<usize, Failure> {
    let mut source = CsvSource::from_bytes("orders.csv", text.clone(), CsvOptions::default())?;
    let mut lines = 0;
    while let Some(batch) = source.next_batch()? {
        lines += black_box(batch).len();
    }
    Ok(lines)
}

/// A Parquet file to batches, which are dropped; gives the number of lines.
///
/// # Errors
///
/// None; the orders are clean.
pub fn parse_parquet(file: &Arc<[u8]>) -> Result<usize, Failure> {
    let mut source = ParquetSource::from_bytes("orders.parquet", file.clone(), ParquetOptions::default())?;
    let mut lines = 0;
    while let Some(batch) = source.next_batch()? {
        lines += black_box(batch).len();
    }
    Ok(lines)
}

/// Text to summaries.
///
/// # Errors
///
/// None; the orders are clean.
pub fn csv_to_summaries(text: &Arc<[u8]>) -> Result<Summaries, Failure> {
    let mut source = CsvSource::from_bytes("orders.csv", text.clone(), CsvOptions::default())?;
    let mut summaries = Summaries::new(CleaningPolicy::default());
    while let Some(batch) = source.next_batch()? {
        summaries.push_batch(&batch)?;
    }
    Ok(summaries)
}

/// Judges lines; gives the number of those that count.
///
/// # Errors
///
/// None; the columns fit together.
pub fn clean(batches: &[Batch]) -> Result<usize, Failure> {
    let policy = CleaningPolicy::default();
    let (mut verdicts, mut kept) = (Vec::new(), 0);
    for batch in batches {
        policy.judge(&batch.lend()?, &mut verdicts);
        kept += verdicts.iter().filter(|verdict| verdict.is_none()).count();
    }
    Ok(kept)
}

/// Batches to summaries; judging them is a part of it.
///
/// # Errors
///
/// None; the sums are small.
pub fn summarise<'b>(batches: impl IntoIterator<Item = &'b Batch>) -> Result<Summaries, Failure> {
    let mut summaries = Summaries::new(CleaningPolicy::default());
    for batch in batches {
        summaries.push_batch(&batch.lend()?)?;
    }
    Ok(summaries)
}

/// Writes customers into nothing.
///
/// # Errors
///
/// None; nothing takes everything.
pub fn write(segmentation: &Segmentation, format: Format) -> Result<u64, Failure> {
    let mut out = std::io::sink();
    Ok(write_customers(segmentation, &Extras::default(), format, TextGuard::Spreadsheet, &mut out)?)
}
