//! Files made in memory, and what becomes of them.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use rfm_core::{CleaningPolicy, Customers, Summaries, TransactionSource};
use rfm_parquet::{Error, ParquetOptions, ParquetSource};

/// The bytes of a Parquet file.
pub(crate) fn file(batch: &RecordBatch, properties: Option<WriterProperties>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), properties).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub(crate) fn batch<const N: usize>(columns: [(&str, ArrayRef); N]) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).unwrap()
}

pub(crate) fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub(crate) fn dates(days: &[i32]) -> ArrayRef {
    Arc::new(Date32Array::from(days.to_vec()))
}

pub(crate) fn cents(values: &[i128]) -> ArrayRef {
    Arc::new(Decimal128Array::from(values.to_vec()).with_precision_and_scale(12, 2).unwrap())
}

/// Three orders of two customers.
pub(crate) fn orders() -> RecordBatch {
    batch([
        ("customer_id", texts(&["ann", "bob", "ann"])),
        ("note", texts(&["x", "y", "z"])),
        ("order_date", dates(&[15_317, 15_318, 15_319])),
        ("amount", cents(&[1_999, 500, 1])),
    ])
}

/// All rows of a source, cleaned of nothing but what has no customer.
pub(crate) fn customers(source: ParquetSource) -> Result<Customers, Error> {
    cleaned(source, CleaningPolicy::default()).map(|(customers, _)| customers)
}

pub(crate) fn cleaned(mut source: ParquetSource, policy: CleaningPolicy) -> Result<(Customers, ParquetSource), Error> {
    let mut summaries = Summaries::new(policy);
    while let Some(batch) = source.next_batch()? {
        summaries.push_batch(&batch).unwrap();
    }
    Ok((summaries.finish().unwrap(), source))
}

pub(crate) fn read(bytes: Vec<u8>, options: ParquetOptions) -> Result<Customers, Error> {
    customers(ParquetSource::from_bytes("orders.parquet", bytes, options)?)
}

/// A line for each customer: id, first and last day, lines, total.
pub(crate) fn lines(customers: &Customers) -> Vec<String> {
    let line = |c: rfm_core::CustomerSummary<'_>| {
        format!("{} {} {} {} {}", c.customer_id(), c.first_order(), c.last_order(), c.lines(), c.total())
    };
    customers.iter().map(line).collect()
}
