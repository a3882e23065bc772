//! What all modules need: a text, read to the end.

use std::io::Write as _;
use std::path::Path;

use rfm_core::{CleaningPolicy, Customers, Summaries, TransactionSource};
use rfm_csv::{BadRows, CsvOptions, CsvSource, Error, ErrorKind, InputReport, ReadOptions};

pub(crate) const HEADER: &str = "customer_id,order_date,amount\n";

/// Bad rows are left out, however many.
pub(crate) fn skipping() -> ReadOptions {
    ReadOptions::default().bad_rows(BadRows::Skip { limit: None })
}

/// What went wrong, if it may go wrong in an input of any format.
#[track_caller]
pub(crate) fn input_kind(error: &Error) -> &rfm_input::ErrorKind {
    match error.kind() {
        ErrorKind::Input(error) => error.kind(),
        other => panic!("{other}"),
    }
}

/// A header and rows.
pub(crate) fn table(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

/// Reads a source to its end.
pub(crate) fn drain(source: CsvSource) -> Result<(Customers, Vec<InputReport>), Error> {
    drain_with(source, CleaningPolicy::keep_all())
}

/// The same with lines left out by a policy.
pub(crate) fn drain_with(
    mut source: CsvSource,
    policy: CleaningPolicy,
) -> Result<(Customers, Vec<InputReport>), Error> {
    let mut summaries = Summaries::new(policy);
    while let Some(batch) = source.next_batch()? {
        summaries.push_batch(&batch).unwrap();
    }
    let customers = summaries.finish().unwrap();
    let rows: u64 = source.reports().iter().map(InputReport::rows).sum();
    assert_eq!(rows, customers.account().read().lines(), "every row is accounted for");
    Ok((customers, source.reports().to_vec()))
}

pub(crate) fn read(text: impl AsRef<[u8]>, options: impl Into<CsvOptions>) -> Result<Customers, Error> {
    drain(CsvSource::from_bytes("a.csv", text.as_ref(), options)?).map(|(customers, _)| customers)
}

/// The message of a text that cannot be read.
#[track_caller]
pub(crate) fn message(text: impl AsRef<[u8]>, options: impl Into<CsvOptions>) -> String {
    read(text, options).unwrap_err().to_string()
}

/// Customer, last day, total of each customer.
#[track_caller]
pub(crate) fn seen(text: impl AsRef<[u8]>, options: impl Into<CsvOptions>) -> Vec<String> {
    describe(&read(text, options).unwrap())
}

pub(crate) fn describe(customers: &Customers) -> Vec<String> {
    let line = |customer: rfm_core::CustomerSummary<'_>| {
        format!("{} {} {}", customer.customer_id(), customer.last_order(), customer.total())
    };
    customers.iter().map(line).collect()
}

/// Lines, reason, money and lines without known money, of each reason that has lines.
pub(crate) fn reasons(customers: &Customers) -> Vec<String> {
    let account = customers.account();
    account
        .reasons()
        .map(|(reason, tally)| {
            format!("{} {reason} {} {}", tally.lines(), account.money(tally), tally.without_amount())
        })
        .collect()
}

pub(crate) fn open(paths: &[&Path], options: impl Into<CsvOptions>) -> Result<(Customers, Vec<InputReport>), Error> {
    drain(CsvSource::open(paths.iter().copied(), options)?)
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zst(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 1).unwrap()
}

pub(crate) fn utf16(text: &str, is_big: bool) -> Vec<u8> {
    let pair = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(pair).collect()
}

/// More text than is looked at first, with the same row again and again.
pub(crate) fn far(row: &str) -> String {
    row.repeat(300 * 1024 / row.len() + 1)
}
