//! Workbooks read as transactions: cells, headers, sheets, and real files.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]

mod cells;
mod craft;
mod pieces;
mod real;
mod sheets;

use rfm_core::{CleaningPolicy, Customers, Summaries, TransactionSource};
use rfm_excel::{Error, ExcelSource};

pub(crate) fn customers(source: &mut ExcelSource, policy: CleaningPolicy) -> Result<Customers, Error> {
    let mut summaries = Summaries::new(policy);
    while let Some(batch) = source.next_batch()? {
        summaries.push_batch(&batch).unwrap();
    }
    Ok(summaries.finish().unwrap())
}

/// Id, last day and total of each customer, in the order of ids.
pub(crate) fn read(source: &mut ExcelSource) -> Result<Vec<(String, String, String)>, Error> {
    let customers = customers(source, CleaningPolicy::keep_all())?;
    let texts = customers.iter().map(|customer| {
        (customer.customer_id().to_owned(), customer.last_order().to_string(), customer.total().to_string())
    });
    Ok(texts.collect())
}
