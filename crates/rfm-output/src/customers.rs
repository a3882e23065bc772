//! The result table: one row for each customer.

use std::io::{self, Write};

use rfm_core::{Scale, Segmentation, SegmentationRow};

use crate::extra::{ExtraColumn, Extras};
use crate::format::Format;
use crate::guard::TextGuard;
use crate::record::RecordWriter;

/// Writes one row for each customer, in the order of their ids; returns how many texts the guard changed.
///
/// The columns are [`Segmentation::COLUMNS`] and then the extras. Money has the scale of the run, dates are ISO 8601. The guard is
/// for the two texts of a CSV, `customer_id` and `segment`; JSON is never guarded. `out` should be buffered and is not flushed;
/// nothing but one row is held in memory, and the same result gives the same bytes.
///
/// # Errors
///
/// Those of `out`; [`io::ErrorKind::InvalidInput`] with an [`ExtraError`](crate::ExtraError) inside, before anything is written, if
/// the extras were made for other customers and these have no order values.
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
pub fn write_customers<W: Write + ?Sized>(
    segmentation: &Segmentation,
    extras: &Extras,
    format: Format,
    guard: TextGuard,
    out: &mut W,
) -> io::Result<u64> {
    let mismatch = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
    extras.check(segmentation.customers()).map_err(mismatch)?;
    let names = extras.columns().iter().map(|column| column.name());
    let columns: Vec<&'static str> = Segmentation::COLUMNS.into_iter().chain(names).collect();
    let mut records = RecordWriter::begin(&columns, format, guard, out)?;
    for row in segmentation.rows() {
        let scores = row.cell();
        records.text(row.customer_id())?;
        records.label(row.last_order());
        records.number(row.recency_days());
        records.number(row.frequency());
        records.label(row.monetary());
        records.number(scores.recency);
        records.number(scores.frequency);
        records.number(scores.monetary);
        records.label(row.code());
        records.text(row.segment())?;
        for column in extras.columns() {
            write_extra(&mut records, *column, &row, segmentation);
        }
        records.end_record()?;
    }
    records.finish()
}

fn write_extra<W: Write>(
    records: &mut RecordWriter<W>,
    column: ExtraColumn,
    row: &SegmentationRow<'_>,
    segmentation: &Segmentation,
) {
    let customer = row.customer();
    let scale = segmentation.customers().scale();
    match column {
        ExtraColumn::FirstOrder => records.label(customer.first_order()),
        ExtraColumn::TenureDays => records.number(segmentation.analysis_date().days_since(customer.first_order())),
        ExtraColumn::MeanOrder => {
            let mean = customer.order_values().map(|values| values.mean().to_decimal(scale.max(Scale::CENTS)));
            records.label_or_empty(mean);
        }
        ExtraColumn::MedianOrder => {
            let finer = Scale::new(scale.decimals() + 1).unwrap_or(Scale::MAX);
            records.label_or_empty(customer.order_values().map(|values| values.median().to_decimal(finer)));
        }
        ExtraColumn::LargestOrder => {
            records.label_or_empty(customer.order_values().map(|values| values.largest()));
        }
        ExtraColumn::Lines => records.number(customer.lines()),
        ExtraColumn::ActiveDays => records.number(customer.active_days()),
    }
}
