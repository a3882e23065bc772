//! The table of segments by the values of a column: one row for each segment and value.

use std::io::{self, Write};

use rfm_core::AttributeSummary;

use crate::format::{Format, Kind, TextFormat};
use crate::guard::TextGuard;
use crate::record::RecordWriter;

/// Writes one row for each segment and value, in the order of the summary; returns how many texts the guard changed.
///
/// The columns are [`AttributeSummary::COLUMNS`]. Customers without a value have an empty one. `out` should be buffered and is not
/// flushed.
///
/// # Errors
///
/// Those of `out` and of the format, see [`write_file`](crate::write_file).
pub fn write_by<W: Write + Send + ?Sized>(
    summary: &AttributeSummary,
    format: Format,
    guard: TextGuard,
    out: &mut W,
) -> io::Result<u64> {
    match format.kind() {
        Kind::Text(format) => write_text(summary, format, guard, out),
        #[cfg(any(feature = "parquet", feature = "arrow"))]
        Kind::Columnar(format) => crate::columnar::write_by(summary, format, None, out).map(|()| 0),
        #[cfg(feature = "xlsx")]
        Kind::Workbook => crate::xlsx::write_by(summary, out).map(|()| 0),
    }
}

fn write_text<W: Write + ?Sized>(
    summary: &AttributeSummary,
    format: TextFormat,
    guard: TextGuard,
    out: &mut W,
) -> io::Result<u64> {
    let mut records = RecordWriter::begin(&AttributeSummary::COLUMNS, format, guard, out)?;
    for row in summary.rows() {
        records.text(row.segment())?;
        records.text_or_empty(row.value())?;
        records.number(row.customers());
        records.number_or_empty(row.share());
        records.number(row.orders());
        records.label(row.revenue());
        records.end_record()?;
    }
    records.finish()
}
