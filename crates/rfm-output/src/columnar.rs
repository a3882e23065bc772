//! Files of columns: Parquet and Arrow IPC, a batch of rows at a time.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, RecordBatchReader, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use rfm_arrow::{SegmentationReader, by_batch, decimal_array, scores_batch, segments_batch};
use rfm_core::{AttributeSummary, Scale, SegmentSummary, Segmentation};

use crate::extra::{ExtraColumn, ExtraValue, ExtraValues, Extras};
use crate::parallel::both;
#[cfg(feature = "parquet")]
use crate::parquet_sink::ParquetSink;

/// The formats of files of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columnar {
    #[cfg(feature = "parquet")]
    Parquet,
    #[cfg(feature = "arrow")]
    Arrow,
}

/// The key of the metadata under which a file has the description of the run.
const RUN: &str = "rfm";

/// Writes the customers; `run` is the text of the description of the run, if the file is to carry it.
pub(crate) fn write_customers<W: Write + Send>(
    segmentation: &Segmentation,
    extras: &Extras,
    format: Columnar,
    run: Option<&str>,
    out: W,
) -> io::Result<()> {
    let reader = SegmentationReader::new(segmentation);
    let fields = reader.schema().fields().iter().cloned().collect::<Vec<_>>();
    let more: Vec<Arc<Field>> = extras.columns().iter().map(|column| Arc::new(field(*column, segmentation))).collect();
    let attributes = extras.attributes();
    let texts = attributes.names().map(|name| Arc::new(Field::new(name, DataType::Utf8, true)));
    let schema = Arc::new(Schema::new(fields.into_iter().chain(more.iter().cloned()).chain(texts).collect::<Vec<_>>()));
    let mut sink = Sink::begin(format, &schema, run, out)?;
    let values = ExtraValues::new(extras, segmentation);
    let mut first = 0;
    let mut reader = reader;
    let mut next = || -> io::Result<Option<RecordBatch>> {
        let Some(batch) = reader.next() else { return Ok(None) };
        let batch = batch.map_err(arrow_error)?;
        let rows = first..first + batch.num_rows();
        let mut columns = batch.columns().to_vec();
        for (column, field) in extras.columns().iter().zip(&more) {
            let values = rows.clone().filter_map(|row| segmentation.row(row)).map(|row| values.get(*column, &row));
            columns.push(extra(field.data_type(), values).map_err(arrow_error)?);
        }
        for column in 0..attributes.names().len() {
            columns.push(Arc::new(StringArray::from_iter(rows.clone().map(|row| attributes.value(column, row)))));
        }
        first = rows.end;
        Ok(Some(RecordBatch::try_new(Arc::clone(&schema), columns).map_err(arrow_error)?))
    };
    let mut batch = next()?;
    while let Some(ready) = batch {
        let (written, made) = both(|| sink.write(&ready), &mut next);
        written?;
        batch = made?;
    }
    sink.finish()
}

/// Writes the segments.
pub(crate) fn write_segments<W: Write + Send>(
    summary: &SegmentSummary,
    format: Columnar,
    run: Option<&str>,
    out: W,
) -> io::Result<()> {
    write_one(&segments_batch(summary).map_err(arrow_error)?, format, run, out)
}

/// Writes the scores.
pub(crate) fn write_scores<W: Write + Send>(
    segmentation: &Segmentation,
    format: Columnar,
    run: Option<&str>,
    out: W,
) -> io::Result<()> {
    write_one(&scores_batch(segmentation).map_err(arrow_error)?, format, run, out)
}

/// Writes the segments by the values of a column.
pub(crate) fn write_by<W: Write + Send>(
    summary: &AttributeSummary,
    format: Columnar,
    run: Option<&str>,
    out: W,
) -> io::Result<()> {
    write_one(&by_batch(summary).map_err(arrow_error)?, format, run, out)
}

fn write_one<W: Write + Send>(batch: &RecordBatch, format: Columnar, run: Option<&str>, out: W) -> io::Result<()> {
    let mut sink = Sink::begin(format, &batch.schema(), run, out)?;
    sink.write(batch)?;
    sink.finish()
}

/// An extra column. All but the rate of returns and the next step have a value in every row: [`Extras`] are checked against the result.
fn field(column: ExtraColumn, segmentation: &Segmentation) -> Field {
    let data_type = match column {
        ExtraColumn::FirstOrder => DataType::Date32,
        ExtraColumn::TenureDays => DataType::Int32,
        ExtraColumn::Lines | ExtraColumn::ActiveDays | ExtraColumn::Returns => DataType::Int64,
        ExtraColumn::MeanOrder
        | ExtraColumn::MedianOrder
        | ExtraColumn::LargestOrder
        | ExtraColumn::Returned
        | ExtraColumn::ReturnRate
        | ExtraColumn::WeightedScore => {
            let scale = column.scale(segmentation).unwrap_or(Scale::UNITS);
            DataType::Decimal128(38, scale.decimals().cast_signed())
        }
        ExtraColumn::Reason | ExtraColumn::NextStep => DataType::Utf8,
    };
    let may_be_empty = matches!(column, ExtraColumn::ReturnRate | ExtraColumn::NextStep);
    Field::new(column.name(), data_type, may_be_empty)
}

/// The values of an extra column as its type has them.
fn extra(data_type: &DataType, values: impl Iterator<Item = Option<ExtraValue>>) -> Result<ArrayRef, ArrowError> {
    Ok(match data_type {
        DataType::Date32 => Arc::new(Date32Array::from_iter(values.map(|value| match value {
            Some(ExtraValue::Day(day)) => Some(day.epoch_days()),
            _ => None,
        }))),
        DataType::Int32 => Arc::new(Int32Array::from_iter(values.map(|value| match value {
            Some(ExtraValue::Days(days)) => Some(days),
            _ => None,
        }))),
        DataType::Int64 => Arc::new(Int64Array::from_iter(values.map(|value| match value {
            // Nothing that exists has been counted to 2^63.
            Some(ExtraValue::Count(count)) => Some(i64::try_from(count).unwrap_or(i64::MAX)),
            _ => None,
        }))),
        DataType::Decimal128(_, decimals) => {
            let values = values.map(|value| match value {
                Some(ExtraValue::Decimal(decimal) | ExtraValue::Number(decimal)) => Some(decimal),
                _ => None,
            });
            Arc::new(decimal_array(values, Scale::new(decimals.unsigned_abs()).unwrap_or_default())?)
        }
        _ => Arc::new(StringArray::from_iter(values.map(|value| match value {
            Some(ExtraValue::Text(text)) => Some(text),
            _ => None,
        }))),
    })
}

/// A file of columns that is being written.
enum Sink<W: Write + Send> {
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetSink<W>>),
    #[cfg(feature = "arrow")]
    Arrow(Box<arrow_ipc::writer::FileWriter<W>>),
}

impl<W: Write + Send> Sink<W> {
    fn begin(format: Columnar, schema: &SchemaRef, run: Option<&str>, out: W) -> io::Result<Sink<W>> {
        let mut schema = schema.as_ref().clone();
        schema.metadata.extend(run.map(|run| (RUN.to_owned(), run.to_owned())));
        match format {
            #[cfg(feature = "parquet")]
            Columnar::Parquet => {
                // Once more beside the schema: pyarrow looks there, DuckDB and Polars look here.
                let value = |run: &str| parquet::file::metadata::KeyValue::new(RUN.to_owned(), run.to_owned());
                Ok(Sink::Parquet(Box::new(ParquetSink::begin(Arc::new(schema), run.map(value), out)?)))
            }
            #[cfg(feature = "arrow")]
            Columnar::Arrow => {
                let writer = arrow_ipc::writer::FileWriter::try_new(out, &schema).map_err(arrow_error)?;
                Ok(Sink::Arrow(Box::new(writer)))
            }
        }
    }

    fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        match self {
            #[cfg(feature = "parquet")]
            Sink::Parquet(sink) => sink.write(batch),
            #[cfg(feature = "arrow")]
            Sink::Arrow(writer) => writer.write(batch).map_err(arrow_error),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            #[cfg(feature = "parquet")]
            Sink::Parquet(sink) => sink.finish(),
            #[cfg(feature = "arrow")]
            Sink::Arrow(mut writer) => writer.finish().map_err(arrow_error),
        }
    }
}

/// The error of the output, if it is one.
fn arrow_error(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        ArrowError::ExternalError(error) => external(error),
        error => io::Error::other(error),
    }
}

pub(crate) fn external(error: Box<dyn std::error::Error + Send + Sync>) -> io::Error {
    match error.downcast::<io::Error>() {
        Ok(error) => *error,
        Err(error) => io::Error::other(error),
    }
}
