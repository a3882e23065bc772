//! The segment table: one row for each segment.

use std::io::{self, Write};

use rfm_core::{Decimal, Dimension, SegmentSummary};

use crate::format::{Format, Kind, TextFormat};
use crate::guard::TextGuard;
use crate::record::RecordWriter;

/// Writes one row for each segment, in the order of the model, without a total; returns how many texts the guard changed.
///
/// The columns are [`SegmentSummary::COLUMNS`]. Shares are 0 to 1. What does not exist, such as the mean of nobody, is an empty
/// field or `null`. `out` should be buffered and is not flushed.
///
/// # Errors
///
/// Those of `out` and of the format, see [`write_file`](crate::write_file).
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
/// use rfm_output::{Format, TextGuard, write_segments};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// let (day, amount) = (Day::from_ymd(2011, 12, 9)?, Amount::from_minor(1_999));
/// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
///
/// let summary = rfm.segment(summaries.finish()?)?.summary();
/// let mut csv = Vec::new();
/// write_segments(&summary, Format::Csv, TextGuard::Spreadsheet, &mut csv)?;
/// let csv = String::from_utf8(csv)?;
/// assert!(csv.contains("\nNew Customers,1,1.000000,1,19.99,1.000000,19.99,1.00,1.0,1.00,1.0,19.99,19.990\n"));
/// assert!(csv.contains("\nLost,0,0.000000,0,0.00,0.000000,,,,,,,\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_segments<W: Write + Send + ?Sized>(
    summary: &SegmentSummary,
    format: Format,
    guard: TextGuard,
    out: &mut W,
) -> io::Result<u64> {
    match format.kind() {
        Kind::Text(format) => write_text(summary, format, guard, out),
        #[cfg(any(feature = "parquet", feature = "arrow"))]
        Kind::Columnar(format) => crate::columnar::write_segments(summary, format, None, out).map(|()| 0),
        #[cfg(feature = "xlsx")]
        Kind::Workbook => crate::xlsx::write_segments(summary, out).map(|()| 0),
    }
}

fn write_text<W: Write + ?Sized>(
    summary: &SegmentSummary,
    format: TextFormat,
    guard: TextGuard,
    out: &mut W,
) -> io::Result<u64> {
    let mut records = RecordWriter::begin(&SegmentSummary::COLUMNS, format, guard, out)?;
    for row in summary.rows() {
        records.text(row.name())?;
        records.number(row.customers());
        records.number_or_empty(row.share());
        records.number(row.orders());
        records.label(row.revenue());
        records.number_or_empty(row.revenue_share());
        records.label_or_empty(row.mean_order_value());
        for dimension in Dimension::ALL {
            write_typical(&mut records, dimension, row.means()[dimension]);
            write_typical(&mut records, dimension, row.medians()[dimension]);
        }
        records.end_record()?;
    }
    records.finish()
}

/// Money is a label, days and counts are numbers.
fn write_typical<W: Write>(records: &mut RecordWriter<W>, dimension: Dimension, value: Option<Decimal>) {
    match dimension {
        Dimension::Monetary => records.label_or_empty(value),
        Dimension::Recency | Dimension::Frequency => records.number_or_empty(value),
    }
}
