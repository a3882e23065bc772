//! The score table: how many customers have each score on each dimension.

use std::io::{self, Write};

use rfm_core::Segmentation;

use crate::format::{Format, Kind, TextFormat};
use crate::guard::TextGuard;
use crate::record::RecordWriter;

/// The columns of the score table in every format, in this order.
pub const SCORE_COLUMNS: [&str; 6] = ["dimension", "score", "customers", "share", "lowest", "highest"];

/// Writes one row for each score of each dimension: recency, frequency, monetary; within them from worst to best. Scores are
/// numbers as the result shows them ([`Segmentation::score_display`]).
///
/// `lowest` and `highest` are the values that customers with the score have: days, a count, or money with its scale; where a column
/// has one type, as in JSON, all of them are strings. They are empty or `null` if nobody has the score. `out` should be buffered
/// and is not flushed.
///
/// # Errors
///
/// Those of `out` and of the format, see [`write_file`](crate::write_file).
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Scoring, Transaction};
/// use rfm_output::{Format, write_scores};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).scoring(Scoring::QUARTILE).build()?;
/// let mut summaries = rfm.summaries();
/// for (customer_id, day, cents) in [("ann", 9, 1_999), ("bob", 1, 500)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let mut csv = Vec::new();
/// write_scores(&rfm.segment(summaries.finish()?)?, Format::Csv, &mut csv)?;
/// let csv = String::from_utf8(csv)?;
/// assert!(csv.contains("\nrecency,4,1,0.500000,1,1\n"));
/// assert!(csv.contains("\nfrequency,2,0,0.000000,,\n"));
/// assert!(csv.ends_with("\nmonetary,4,1,0.500000,19.99,19.99\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_scores<W: Write + Send + ?Sized>(
    segmentation: &Segmentation,
    format: Format,
    out: &mut W,
) -> io::Result<()> {
    match format.kind() {
        Kind::Text(format) => write_text(segmentation, format, out),
        #[cfg(any(feature = "parquet", feature = "arrow"))]
        Kind::Columnar(format) => crate::columnar::write_scores(segmentation, format, None, out),
        #[cfg(feature = "xlsx")]
        Kind::Workbook => crate::xlsx::write_scores(segmentation, out),
    }
}

fn write_text<W: Write + ?Sized>(segmentation: &Segmentation, format: TextFormat, out: &mut W) -> io::Result<()> {
    // There is no text in it that comes from data.
    let mut records = RecordWriter::begin(&SCORE_COLUMNS, format, TextGuard::Exact, out)?;
    for (dimension, rows) in segmentation.score_table().iter() {
        for row in rows {
            records.label(dimension.name());
            records.number(row.shown());
            records.number(row.customers());
            records.number_or_empty(row.share());
            records.label_or_empty(row.range().map(|(lowest, _)| lowest));
            records.label_or_empty(row.range().map(|(_, highest)| highest));
            records.end_record()?;
        }
    }
    records.finish().map(|_| ())
}
