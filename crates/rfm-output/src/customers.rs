//! The result table: one row for each customer.

use std::io::{self, Write};

use rfm_core::{Segmentation, SegmentationRow};

use crate::extra::{ExtraValue, ExtraValues, Extras};
use crate::format::{Format, Kind, TextFormat};
use crate::guard::TextGuard;
use crate::parallel::in_order;
use crate::record::{ReadyText, RecordWriter};

/// Writes one row for each customer, in the order of their ids; returns how many texts the guard changed.
///
/// The columns are [`Segmentation::COLUMNS`], then the extras, then the attributes. Money has the scale of the run, dates are ISO 8601. The guard is
/// for the two texts of a CSV, `customer_id` and `segment`; no other format is guarded. `out` should be buffered and is not flushed;
/// nothing but some thousand rows for each thread is held in memory, and the same result gives the same bytes. With the feature `rayon` rows are
/// formatted by the threads of the rayon pool around the call, and `out` is written to by one at a time.
///
/// # Errors
///
/// Those of `out`; [`io::ErrorKind::InvalidInput`] with an [`ExtraError`](crate::ExtraError) inside, before anything is written, if
/// the extras were made for other customers and these have no order values, or if the result has no weights for a weighted score. Those of the format, see
/// [`write_file`](crate::write_file).
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
/// use rfm_output::{ExtraColumn, Extras, Format, TextGuard, write_customers};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// for (customer_id, day, cents) in [("ann", 9, 1_999), ("=1+1", 1, 500)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let result = rfm.segment(summaries.finish()?)?;
///
/// let extras = Extras::try_new([ExtraColumn::Lines], result.customers())?;
/// let mut csv = Vec::new();
/// let guarded = write_customers(&result, &extras, Format::Csv, TextGuard::Spreadsheet, &mut csv)?;
/// assert_eq!(guarded, 1);
/// assert_eq!(String::from_utf8(csv)?, "\
/// customer_id,last_order,recency_days,frequency,monetary,r_score,f_score,m_score,rfm_code,segment,lines
/// '=1+1,2011-12-01,9,1,5.00,1,1,1,111,Lost,1
/// ann,2011-12-09,1,1,19.99,5,1,5,515,Promising,1
/// ");
///
/// let mut json = Vec::new();
/// write_customers(&result, &Extras::default(), Format::JsonLines, TextGuard::Spreadsheet, &mut json)?;
/// assert!(String::from_utf8(json)?.starts_with(r#"{"customer_id":"=1+1","last_order":"2011-12-01","recency_days":9,"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_customers<W: Write + Send + ?Sized>(
    segmentation: &Segmentation,
    extras: &Extras,
    format: Format,
    guard: TextGuard,
    out: &mut W,
) -> io::Result<u64> {
    let mismatch = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
    extras.check_result(segmentation).map_err(mismatch)?;
    match format.kind() {
        Kind::Text(format) => write_text(segmentation, extras, format, guard, out),
        #[cfg(any(feature = "parquet", feature = "arrow"))]
        Kind::Columnar(format) => crate::columnar::write_customers(segmentation, extras, format, None, out).map(|()| 0),
        #[cfg(feature = "xlsx")]
        Kind::Workbook => crate::xlsx::write_customers(segmentation, extras, out).map(|()| 0),
    }
}

/// The names of all columns.
pub(crate) fn columns(extras: &Extras) -> Vec<&str> {
    let names = extras.columns().iter().map(|column| column.name());
    Segmentation::COLUMNS.into_iter().chain(names).chain(extras.attributes().names()).collect()
}

/// Rows that a thread writes at a time: some hundred kilobytes.
const ROWS: usize = 1 << 12;

fn write_text<W: Write + Send + ?Sized>(
    segmentation: &Segmentation,
    extras: &Extras,
    format: TextFormat,
    guard: TextGuard,
    out: &mut W,
) -> io::Result<u64> {
    let mut records = RecordWriter::begin(&columns(extras), format, guard, out)?;
    let template = records.part(0);
    let model = segmentation.segment_model();
    let names = model.segments().iter().map(|segment| segment.name.as_str()).chain([model.fallback()]);
    let names: Vec<ReadyText> = names.map(|name| template.make_ready(name)).collect();
    let values = ExtraValues::new(extras, segmentation);
    let make = |piece: usize| {
        let first = piece * ROWS;
        let mut part = template.part(first as u64);
        for at in first..(first + ROWS).min(segmentation.len()) {
            if let Some(row) = segmentation.row(at) {
                write_row(&row, extras, &values, at, &names, &mut part)?;
            }
        }
        Ok(part)
    };
    in_order(segmentation.len().div_ceil(ROWS), make, |part| records.append(part))?;
    records.finish()
}

fn write_row(
    row: &SegmentationRow<'_>,
    extras: &Extras,
    values: &ExtraValues<'_>,
    at: usize,
    names: &[ReadyText],
    records: &mut RecordWriter<Vec<u8>>,
) -> io::Result<()> {
    let scores = row.shown_scores();
    records.text(row.customer_id())?;
    records.label(row.last_order());
    records.number(row.recency_days());
    records.number(row.frequency());
    records.label(row.monetary());
    records.number(scores.recency);
    records.number(scores.frequency);
    records.number(scores.monetary);
    records.label(row.code());
    records.ready(&names[row.segment_position()]);
    for column in extras.columns() {
        match values.get(*column, row) {
            Some(ExtraValue::Day(day)) => records.label(day),
            Some(ExtraValue::Days(days)) => records.number(days),
            Some(ExtraValue::Count(count)) => records.number(count),
            Some(ExtraValue::Number(number)) => records.number(number),
            Some(ExtraValue::Decimal(number)) => records.label(number),
            Some(ExtraValue::Text(text)) => records.text(&text)?,
            None => records.empty(),
        }
    }
    let attributes = extras.attributes();
    for column in 0..attributes.names().len() {
        records.text_or_empty(attributes.value(column, at))?;
    }
    records.end_record()
}
