//! A result as record batches: the tables of segments and scores.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, UInt8Array};
use arrow_schema::{ArrowError, Field, Schema};
use rfm_core::{
    AttributeRow, AttributeSummary, Decimal, Dimension, Scale, ScoreRow, SegmentRow, SegmentSummary, Segmentation,
};

use crate::sink::{decimal_array, signed};

/// Decimals of a share.
const SHARE: Scale = Scale::new(6).expect("six decimals");

/// The segment table as one batch: a row for each segment, in the order of the model, without a total.
///
/// The columns are [`SegmentSummary::COLUMNS`]: `segment` is `Utf8`, counts are `Int64`, and all else is `Decimal128(38, …)`: shares
/// (0 to 1) with six decimals, money with those of the run, means with as many but at least two, medians with one more. What
/// does not exist, such as the mean of nobody, is null.
///
/// # Errors
///
/// [`ArrowError::ArithmeticOverflow`] if a sum has more than 38 digits.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// let (day, amount) = (Day::from_ymd(2011, 12, 9)?, Amount::from_minor(1_999));
/// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
/// let summary = rfm.segment(summaries.finish()?)?.summary();
/// let batch = rfm_arrow::segments_batch(&summary)?;
/// assert_eq!(batch.num_rows(), summary.rows().len());
/// assert_eq!(batch.schema().field(4).to_string(), r#"Field { "revenue": Decimal128(38, 2) }"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn segments_batch(summary: &SegmentSummary) -> Result<RecordBatch, ArrowError> {
    let rows = summary.rows();
    let money = summary.total().revenue().scale();
    let count = |of: fn(&SegmentRow) -> u64| Column::counts(rows.iter().map(of));
    let mut columns = vec![
        Column::texts(rows.iter().map(SegmentRow::name)),
        count(SegmentRow::customers),
        Column::decimals(rows.iter().map(SegmentRow::share), SHARE)?,
        count(SegmentRow::orders),
        Column::decimals(rows.iter().map(|row| Some(row.revenue())), money)?.without_nulls(),
        Column::decimals(rows.iter().map(SegmentRow::revenue_share), SHARE)?,
        Column::decimals(rows.iter().map(SegmentRow::mean_order_value), money.max(Scale::CENTS))?,
    ];
    for dimension in Dimension::ALL {
        let scale = if dimension == Dimension::Monetary { money } else { Scale::UNITS };
        let finer = Scale::new(scale.decimals().saturating_add(1)).unwrap_or(scale);
        columns.push(Column::decimals(rows.iter().map(|row| row.means()[dimension]), scale.max(Scale::CENTS))?);
        columns.push(Column::decimals(rows.iter().map(|row| row.medians()[dimension]), finer)?);
    }
    batch(&SegmentSummary::COLUMNS, columns)
}

/// The segments by the values of an attribute as one batch, with the columns of [`AttributeSummary::COLUMNS`]: `segment` (`Utf8`),
/// `value` (`Utf8`, null for customers without one), `customers` (`Int64`), `share` (`Decimal128(38, 6)`), `orders` (`Int64`) and
/// `revenue` (`Decimal128` with the scale of the money).
///
/// # Errors
///
/// [`ArrowError::ArithmeticOverflow`] if a value has more than 38 digits.
pub fn by_batch(summary: &AttributeSummary) -> Result<RecordBatch, ArrowError> {
    let rows = summary.rows();
    let money = rows.first().map_or(Scale::UNITS, |row| row.revenue().scale());
    let values: ArrayRef = Arc::new(StringArray::from_iter(rows.iter().map(AttributeRow::value)));
    let columns = vec![
        Column::texts(rows.iter().map(AttributeRow::segment)),
        Column { array: values, nullable: true },
        Column::counts(rows.iter().map(AttributeRow::customers)),
        Column::decimals(rows.iter().map(AttributeRow::share), SHARE)?,
        Column::counts(rows.iter().map(AttributeRow::orders)),
        Column::decimals(rows.iter().map(|row| Some(row.revenue())), money)?.without_nulls(),
    ];
    batch(&AttributeSummary::COLUMNS, columns)
}

/// The score table as one batch: a row for each score of each dimension (recency, frequency, monetary), from worst to best.
///
/// The columns are `dimension` (`Utf8`), `score` (`UInt8`), `customers` (`Int64`), `share` (`Decimal128(38, 6)`, null if there are no
/// customers at all), and the values between which customers with the score lie: `lowest` and `highest`, which are days, a
/// count or money, all of them as `Decimal128` with the scale of the money, null if nobody has the score.
///
/// # Errors
///
/// [`ArrowError::ArithmeticOverflow`] if a value has more than 38 digits at that scale.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Scoring, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).scoring(Scoring::QUARTILE).build()?;
/// let mut summaries = rfm.summaries();
/// let (day, amount) = (Day::from_ymd(2011, 12, 9)?, Amount::from_minor(1_999));
/// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
/// let batch = rfm_arrow::scores_batch(&rfm.segment(summaries.finish()?)?)?;
/// assert_eq!(batch.num_rows(), 12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scores_batch(segmentation: &Segmentation) -> Result<RecordBatch, ArrowError> {
    let table = segmentation.score_table();
    let rows: Vec<(Dimension, &ScoreRow)> =
        table.iter().flat_map(|(dimension, rows)| rows.iter().map(move |row| (dimension, row))).collect();
    let scale = segmentation.customers().scale();
    let ends = |end: fn((Decimal, Decimal)) -> Decimal| {
        let at_scale = rows.iter().map(|(_, row)| row.range().map(end).map(|value| rescaled(value, scale)).transpose());
        Column::decimals(at_scale.collect::<Result<Vec<_>, _>>()?.into_iter(), scale)
    };
    let names: Vec<String> = rows.iter().map(|(dimension, _)| dimension.to_string()).collect();
    let columns = vec![
        Column::texts(names.iter().map(String::as_str)),
        Column::new(Arc::new(UInt8Array::from_iter_values(rows.iter().map(|(_, row)| row.shown())))),
        Column::counts(rows.iter().map(|(_, row)| row.customers())),
        Column::decimals(rows.iter().map(|(_, row)| row.share()), SHARE)?,
        ends(|(lowest, _)| lowest)?,
        ends(|(_, highest)| highest)?,
    ];
    batch(&["dimension", "score", "customers", "share", "lowest", "highest"], columns)
}

/// The same value with as many decimals as `scale` has, which are not fewer.
fn rescaled(value: Decimal, scale: Scale) -> Result<Decimal, ArrowError> {
    let more = u32::from(scale.decimals().saturating_sub(value.scale().decimals()));
    let minor = 10i128.checked_pow(more).and_then(|factor| value.minor().checked_mul(factor));
    let too_large = || ArrowError::ArithmeticOverflow("a value has more than 38 digits".to_owned());
    minor.map(|minor| Decimal::new(minor, scale)).ok_or_else(too_large)
}

/// A column, and whether it may have nulls, which the schema of a table says whatever its rows are.
struct Column {
    array: ArrayRef,
    nullable: bool,
}

impl Column {
    fn new(array: ArrayRef) -> Column {
        Column { array, nullable: false }
    }

    fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Column {
        Column::new(Arc::new(StringArray::from_iter_values(texts)))
    }

    fn counts(counts: impl Iterator<Item = u64>) -> Column {
        Column::new(Arc::new(Int64Array::from_iter_values(counts.map(signed))))
    }

    fn decimals(values: impl Iterator<Item = Option<Decimal>>, scale: Scale) -> Result<Column, ArrowError> {
        Ok(Column { array: Arc::new(decimal_array(values, scale)?), nullable: true })
    }

    fn without_nulls(self) -> Column {
        Column { nullable: false, ..self }
    }
}

fn batch(names: &[&str], columns: Vec<Column>) -> Result<RecordBatch, ArrowError> {
    let field = |(name, column): (&&str, &Column)| Field::new(*name, column.array.data_type().clone(), column.nullable);
    let schema = Schema::new(names.iter().zip(&columns).map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|column| column.array).collect())
}
