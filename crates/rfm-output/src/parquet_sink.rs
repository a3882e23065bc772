//! A Parquet file whose columns are encoded by several threads.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rfm_core::Segmentation;

use crate::parallel::collect;

/// Rows of a row group.
const GROUP: usize = 1 << 20;

/// A Parquet file that is being written: byte for byte what `ArrowWriter` writes, which encodes one column after the other.
pub(crate) struct ParquetSink<W: Write + Send> {
    file: SerializedFileWriter<W>,
    groups: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    /// The columns of the row group that is open, and its rows.
    columns: Vec<ArrowColumnWriter>,
    rows: usize,
}

impl<W: Write + Send> ParquetSink<W> {
    pub(crate) fn begin(schema: SchemaRef, metadata: Option<KeyValue>, out: W) -> io::Result<ParquetSink<W>> {
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties())).map_err(parquet_error)?;
        let (mut file, groups) = writer.into_serialized_writer().map_err(parquet_error)?;
        if let Some(metadata) = metadata {
            file.append_key_value_metadata(metadata);
        }
        Ok(ParquetSink { file, groups, schema, columns: Vec::new(), rows: 0 })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let mut first = 0;
        while first < batch.num_rows() {
            let rows = (batch.num_rows() - first).min(GROUP - self.rows);
            self.encode(&batch.slice(first, rows)).map_err(parquet_error)?;
            first += rows;
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.end_group().and_then(|()| self.file.close().map(|_| ())).map_err(parquet_error)
    }

    fn encode(&mut self, batch: &RecordBatch) -> Result<()> {
        if self.rows == 0 {
            self.columns = self.groups.create_column_writers(self.file.flushed_row_groups().len())?;
        }
        let mut leaves = Vec::new();
        for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
            leaves.extend(compute_leaves(field, column)?);
        }
        collect(self.columns.iter_mut().zip(leaves).collect(), |(column, leaf)| column.write(&leaf))?;
        self.rows += batch.num_rows();
        if self.rows < GROUP { Ok(()) } else { self.end_group() }
    }

    fn end_group(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let columns = std::mem::take(&mut self.columns);
        let chunks: Vec<ArrowColumnChunk> = collect(columns, ArrowColumnWriter::close)?;
        let mut group = self.file.next_row_group()?;
        chunks.into_iter().try_for_each(|chunk| chunk.append_to_row_group(&mut group))?;
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

/// zstd; row groups of a million rows. Of the ids neither statistics, which would tell two of them to whoever looks at the footer,
/// nor a dictionary, since each of them is there once.
fn properties() -> WriterProperties {
    let id = ColumnPath::from(Segmentation::COLUMNS[0]);
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP))
        .set_column_dictionary_enabled(id.clone(), false)
        .set_column_statistics_enabled(id, EnabledStatistics::None)
        .build()
}

fn parquet_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => crate::columnar::external(error),
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Int64Array, StringArray};
    use arrow_schema::{DataType, Field, Schema};

    #[test]
    fn the_bytes_are_those_of_the_writer_of_the_library() {
        let fields = [Field::new("customer_id", DataType::Utf8, false), Field::new("lines", DataType::Int64, true)];
        let schema: SchemaRef = Arc::new(Schema::new(fields.to_vec()));
        let metadata = || KeyValue::new("rfm".to_owned(), "{}".to_owned());
        let batch = |rows: usize| {
            let ids = StringArray::from_iter_values((0..rows).map(|row| row.to_string()));
            let lines = Int64Array::from_iter((0..rows as i64).map(|row| (row % 7 > 0).then_some(row % 100)));
            RecordBatch::try_new(Arc::clone(&schema), vec![Arc::new(ids), Arc::new(lines)]).unwrap()
        };
        // Nothing; a few; some that end with a group; more than one group.
        for batches in [vec![], vec![3, 0, 5], vec![GROUP - 1, 1], vec![GROUP - 7, 20]] {
            let mut expected = Vec::new();
            let mut writer = ArrowWriter::try_new(&mut expected, Arc::clone(&schema), Some(properties())).unwrap();
            writer.append_key_value_metadata(metadata());
            let mut bytes = Vec::new();
            let mut sink = ParquetSink::begin(Arc::clone(&schema), Some(metadata()), &mut bytes).unwrap();
            for rows in batches {
                writer.write(&batch(rows)).unwrap();
                sink.write(&batch(rows)).unwrap();
            }
            writer.close().unwrap();
            sink.finish().unwrap();
            assert!(bytes == expected);
        }
    }
}
