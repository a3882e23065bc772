//! A result as record batches: the customers.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, RecordBatch, RecordBatchReader,
    StringArray, UInt8Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use rfm_core::{Axes, Decimal, Dimension, RfmCell, Scale, Score, Segmentation, SegmentationRow};

/// The customers of a result as record batches, in the order of their ids, made one at a time.
///
/// The columns are those of [`Segmentation::COLUMNS`], and none of them has nulls:
///
/// | column | type | |
/// | --- | --- | --- |
/// | `customer_id` | `Utf8` | |
/// | `last_order` | `Date32` | |
/// | `recency_days` | `Int32` | 0 or more |
/// | `frequency` | `Int64` | signed, since SQL engines and Spark have no unsigned numbers of 64 bits; `Decimal128(38, 6)` if the run measures a rate |
/// | `monetary` | `Decimal128(38, scale)` | the scale of the run's money, 0 to 9 |
/// | `r_score`, `f_score`, `m_score` | `UInt8` | 1 (worst) to 100, unless the result [shows](rfm_core::Segmentation::score_display) others |
/// | `rfm_code` | `Dictionary(Int32, Utf8)` | |
/// | `segment` | `Dictionary(Int32, Utf8)` | the fallback's name if no rule covers the scores, as in every other format |
///
/// The dictionaries are the same in all batches: the codes that occur, from the worst to the best, and the segments in the
/// order of the model. `S` is whatever holds the result: a reference, an [`Arc`], or the result itself.
///
/// A batch has 65,536 rows, or fewer if their ids are longer than 32 MiB together; nothing but one batch is held beside the
/// result.
///
/// # Examples
///
/// ```
/// use arrow_array::RecordBatchReader;
/// use rfm_arrow::SegmentationReader;
/// use rfm_core::{Amount, Day, Rfm, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// for customer_id in ["ann", "bob"] {
///     let (day, amount) = (Day::from_ymd(2011, 12, 9)?, Amount::from_minor(1_999));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let result = rfm.segment(summaries.finish()?)?;
///
/// let mut reader = SegmentationReader::new(&result).with_metadata("rfm", "{}");
/// assert_eq!(reader.schema().field(4).data_type().to_string(), "Decimal128(38, 2)");
/// let batch = reader.next().expect("two customers")?;
/// assert_eq!((batch.num_rows(), batch.num_columns()), (2, 10));
/// assert!(reader.next().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SegmentationReader<S> {
    segmentation: S,
    schema: SchemaRef,
    labels: Labels,
    rows: usize,
    next: usize,
}

/// Rows in one batch unless told otherwise.
const ROWS: usize = 65_536;

/// Bytes of ids in one batch, about: ids at the limits of their size must not add up to gigabytes.
const ID_BYTES: usize = 32 << 20;

impl<S: Borrow<Segmentation>> SegmentationReader<S> {
    /// Reads the customers of a result. Looks once at all scores, for the dictionaries.
    #[must_use]
    pub fn new(segmentation: S) -> SegmentationReader<S> {
        let labels = Labels::of(segmentation.borrow());
        let schema = Arc::new(schema(segmentation.borrow()));
        SegmentationReader { segmentation, schema, labels, rows: ROWS, next: 0 }
    }

    /// At most so many rows in one batch, at least one; 65,536 unless told otherwise.
    #[must_use]
    pub fn rows_per_batch(self, rows: usize) -> SegmentationReader<S> {
        SegmentationReader { rows: rows.max(1), ..self }
    }

    /// Adds a key and its value to the metadata of the schema; a value that the key had is replaced.
    #[must_use]
    pub fn with_metadata(self, key: impl Into<String>, value: impl Into<String>) -> SegmentationReader<S> {
        let mut schema = self.schema.as_ref().clone();
        schema.metadata.insert(key.into(), value.into());
        SegmentationReader { schema: Arc::new(schema), ..self }
    }

    /// The result.
    #[must_use]
    pub fn segmentation(&self) -> &Segmentation {
        self.segmentation.borrow()
    }

    /// These rows, counted from 0 in the order of the ids, as one batch; rows behind the last one are left out.
    ///
    /// # Errors
    ///
    /// [`ArrowError::OffsetOverflowError`] if the ids have more than 2 GiB together: ask for fewer rows.
    /// [`ArrowError::ArithmeticOverflow`] if the money of a customer has more than 38 digits.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_arrow::SegmentationReader;
    /// use rfm_core::{Amount, Day, Rfm, Transaction};
    ///
    /// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
    /// let mut summaries = rfm.summaries();
    /// let (day, amount) = (Day::from_ymd(2011, 12, 9)?, Amount::from_minor(1_999));
    /// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
    /// let reader = SegmentationReader::new(rfm.segment(summaries.finish()?)?);
    /// assert_eq!(reader.batch(0..usize::MAX)?.num_rows(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn batch(&self, rows: Range<usize>) -> Result<RecordBatch, ArrowError> {
        let segmentation = self.segmentation();
        let end = rows.end.min(segmentation.len());
        let rows = rows.start.min(end)..end;
        let chosen = || rows.clone().filter_map(|row| segmentation.row(row));
        let bytes = chosen().map(|row| row.customer_id().len()).sum();
        i32::try_from(bytes).map_err(|_| ArrowError::OffsetOverflowError(bytes))?;
        let scale = segmentation.customers().scale();
        let score = |of: fn(Axes<u8>) -> u8| -> ArrayRef {
            Arc::new(UInt8Array::from_iter_values(chosen().map(|row| of(row.shown_scores()))))
        };
        let frequency: ArrayRef = match frequency_scale(segmentation) {
            // Nothing that exists has been counted to 2^63.
            Scale::UNITS => Arc::new(Int64Array::from_iter_values(
                chosen().map(|row| i64::try_from(row.frequency().minor()).unwrap_or(i64::MAX)),
            )),
            rate => Arc::new(decimal_array(chosen().map(|row| Some(row.frequency())), rate)?),
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(chosen().map(|row| row.customer_id()))),
            Arc::new(Date32Array::from_iter_values(chosen().map(|row| row.last_order().epoch_days()))),
            Arc::new(Int32Array::from_iter_values(chosen().map(|row| row.recency_days()))),
            frequency,
            Arc::new(decimal_array(chosen().map(|row| Some(row.monetary())), scale)?),
            score(|shown| shown.recency),
            score(|shown| shown.frequency),
            score(|shown| shown.monetary),
            self.labels.codes(chosen())?,
            self.labels.segments(chosen())?,
        ];
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }

    /// The rows of the next batch: fewer if their ids are long.
    fn next_rows(&self) -> Range<usize> {
        let mut bytes = 0usize;
        let fits = |row: &SegmentationRow<'_>| {
            bytes = bytes.saturating_add(row.customer_id().len());
            bytes <= ID_BYTES
        };
        let rows = self.next..self.next.saturating_add(self.rows);
        let rows = rows.map_while(|row| self.segmentation().row(row)).take_while(fits).count();
        // A single id that is longer is a batch of its own.
        self.next..self.next.saturating_add(rows.max(1))
    }
}

impl<S: Borrow<Segmentation>> Iterator for SegmentationReader<S> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Result<RecordBatch, ArrowError>> {
        if self.next >= self.segmentation().len() {
            return None;
        }
        let rows = self.next_rows();
        self.next = rows.end;
        Some(self.batch(rows))
    }
}

impl<S: Borrow<Segmentation>> RecordBatchReader for SegmentationReader<S> {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// The schema of the customers, without metadata.
fn schema(segmentation: &Segmentation) -> Schema {
    let frequency = match frequency_scale(segmentation) {
        Scale::UNITS => DataType::Int64,
        rate => decimal_type(rate),
    };
    let label = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let types = [
        DataType::Utf8,
        DataType::Date32,
        DataType::Int32,
        frequency,
        decimal_type(segmentation.customers().scale()),
        DataType::UInt8,
        DataType::UInt8,
        DataType::UInt8,
        label.clone(),
        label,
    ];
    let fields = Segmentation::COLUMNS.into_iter().zip(types);
    Schema::new(fields.map(|(name, data_type)| Field::new(name, data_type, false)).collect::<Vec<_>>())
}

/// The decimals of frequency: none of a count.
fn frequency_scale(segmentation: &Segmentation) -> Scale {
    segmentation.measures().scale(Dimension::Frequency, segmentation.customers().scale())
}

/// The type of money with so many decimals.
fn decimal_type(scale: Scale) -> DataType {
    DataType::Decimal128(38, scale.decimals().cast_signed())
}

/// Decimals of one scale as an array: `Decimal128(38, scale)`, with a null for each `None`.
///
/// # Errors
///
/// [`ArrowError::ArithmeticOverflow`] if one of them has more than 38 digits; [`ArrowError::InvalidArgumentError`] if one has
/// another scale.
///
/// # Examples
///
/// ```
/// use rfm_core::{Decimal, Scale};
///
/// let money = rfm_arrow::decimal_array([Some(Decimal::new(1_999, Scale::CENTS)), None], Scale::CENTS)?;
/// assert_eq!(money.value_as_string(0), "19.99");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decimal_array(
    values: impl IntoIterator<Item = Option<Decimal>>,
    scale: Scale,
) -> Result<Decimal128Array, ArrowError> {
    let at_scale = |value: Decimal| match value.scale() == scale {
        true => Ok(value.minor()),
        false => Err(ArrowError::InvalidArgumentError("the decimals of an array have one scale".to_owned())),
    };
    let minor = values.into_iter().map(|value| value.map(at_scale).transpose());
    let array: Decimal128Array = minor.collect::<Result<_, _>>()?;
    let array = array.with_precision_and_scale(38, scale.decimals().cast_signed())?;
    // The library's own message has the value in it.
    array
        .validate_decimal_precision(38)
        .map_err(|_| ArrowError::ArithmeticOverflow("an amount of money has more than 38 digits".to_owned()))?;
    Ok(array)
}

/// A count as SQL engines have it. Nothing that exists has been counted to 2^63.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The dictionaries of codes and segments, and for each cell its place in both.
#[derive(Debug)]
struct Labels {
    bins: Axes<u8>,
    /// By the position of the cell. Cells that nobody has are at 0.
    of_cell: Vec<(i32, i32)>,
    codes: ArrayRef,
    segments: ArrayRef,
}

impl Labels {
    fn of(segmentation: &Segmentation) -> Labels {
        let model = segmentation.segment_model();
        let bins = model.bins();
        let size = [bins.recency, bins.frequency, bins.monetary].map(usize::from).iter().product();
        let mut cells: Vec<Option<RfmCell>> = vec![None; size];
        for row in segmentation.rows() {
            cells[position(bins, row.cell())] = Some(row.cell());
        }
        let mut names: Vec<&str> = model.segments().iter().map(|segment| segment.name.as_str()).collect();
        let mut of_name: HashMap<&str, i32> = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            of_name.entry(name).or_insert(key(at));
        }
        let mut of_cell = vec![(0, 0); size];
        let mut codes = Vec::new();
        for (place, cell) in of_cell.iter_mut().zip(cells) {
            let Some(cell) = cell else { continue };
            let segment = model.segment_of(cell).and_then(|segment| model.segments().get(segment));
            let name = segment.map_or(model.fallback(), |segment| &segment.name);
            let segment = *of_name.entry(name).or_insert_with(|| {
                names.push(name);
                key(names.len() - 1)
            });
            *place = (key(codes.len()), segment);
            codes.push(segmentation.score_display().code(cell, bins).to_string());
        }
        Labels {
            bins,
            of_cell,
            codes: Arc::new(StringArray::from_iter_values(codes)),
            segments: Arc::new(StringArray::from_iter_values(names)),
        }
    }

    fn codes<'a>(&self, rows: impl Iterator<Item = SegmentationRow<'a>>) -> Result<ArrayRef, ArrowError> {
        let keys = rows.map(|row| self.of_cell[position(self.bins, row.cell())].0);
        dictionary(keys, &self.codes)
    }

    fn segments<'a>(&self, rows: impl Iterator<Item = SegmentationRow<'a>>) -> Result<ArrayRef, ArrowError> {
        let keys = rows.map(|row| self.of_cell[position(self.bins, row.cell())].1);
        dictionary(keys, &self.segments)
    }
}

fn dictionary(keys: impl Iterator<Item = i32>, values: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let keys = Int32Array::from_iter_values(keys);
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(values))?))
}

/// A place in a dictionary: there are at most a million cells.
fn key(place: usize) -> i32 {
    i32::try_from(place).expect("dictionaries are small")
}

/// The place of a cell among all cells, from the worst to the best.
fn position(bins: Axes<u8>, cell: RfmCell) -> usize {
    let at = |score: Score| usize::from(score.number()) - 1;
    let frequency = at(cell.recency) * usize::from(bins.frequency) + at(cell.frequency);
    frequency * usize::from(bins.monetary) + at(cell.monetary)
}
