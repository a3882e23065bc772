//! The Parquet form of the lines.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{Decimal128Builder, Int32Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::line::OrderLine;
use super::stream::OrderGenerator;

/// What DuckDB writes: few enough for any reader to share the groups of a file out to its threads.
const GROUP: usize = 122_880;

/// Lines that are handed to the writer at once.
const BATCH: usize = 8_192;

impl OrderGenerator {
    /// Writes the lines as a Parquet file and gives their number.
    ///
    /// The columns are those of the CSV form: texts, `order_date` as a timestamp without a zone, `customer_id` as a whole
    /// number or null, `quantity` as a whole number, and `unit_price` as a decimal with two places. Row groups of 122,880
    /// lines, zstd, dictionaries where they pay. The values are the clean ones, since typed columns have no room for
    /// [`Dirt`](super::Dirt).
    ///
    /// # Errors
    ///
    /// What the writer gives; then an unknown part of the file is written.
    pub fn write_parquet(&self, out: impl Write + Send) -> io::Result<u64> {
        Ok(self.write(out)?)
    }

    fn write(&self, out: impl Write + Send) -> Result<u64, ParquetError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        // A shop's file has no schema of Arrow in its metadata.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let mut columns = Columns::new();
        let mut writer = ArrowWriter::try_new_with_options(out, columns.schema.clone(), options)?;
        let mut written = 0;
        let mut lines = self.lines().peekable();
        while lines.peek().is_some() {
            for line in lines.by_ref().take(BATCH) {
                columns.append(&line);
                written += 1;
            }
            writer.write(&columns.finish()?)?;
        }
        writer.close()?;
        Ok(written)
    }
}

/// A batch in the making.
struct Columns {
    schema: SchemaRef,
    order_id: StringBuilder,
    order_date: TimestampMicrosecondBuilder,
    customer_id: Int64Builder,
    sku: StringBuilder,
    description: StringBuilder,
    quantity: Int32Builder,
    unit_price: Decimal128Builder,
    country: StringBuilder,
}

impl Columns {
    fn new() -> Self {
        let price = DataType::Decimal128(9, 2);
        let schema = Schema::new(vec![
            Field::new("order_id", DataType::Utf8, false),
            Field::new("order_date", DataType::Timestamp(TimeUnit::Microsecond, None), false),
            Field::new("customer_id", DataType::Int64, true),
            Field::new("sku", DataType::Utf8, false),
            Field::new("description", DataType::Utf8, false),
            Field::new("quantity", DataType::Int32, false),
            Field::new("unit_price", price.clone(), false),
            Field::new("country", DataType::Utf8, false),
        ]);
        Self {
            schema: schema.into(),
            order_id: StringBuilder::new(),
            order_date: TimestampMicrosecondBuilder::new(),
            customer_id: Int64Builder::new(),
            sku: StringBuilder::new(),
            description: StringBuilder::new(),
            quantity: Int32Builder::new(),
            unit_price: Decimal128Builder::new().with_data_type(price),
            country: StringBuilder::new(),
        }
    }

    fn append(&mut self, line: &OrderLine) {
        let second = i64::from(line.date().days()) * 86_400 + i64::from(line.second_of_day());
        self.order_id.append_value(line.order_id());
        self.order_date.append_value(second * 1_000_000);
        // The generator's ids are digits.
        self.customer_id.append_option(line.customer_id().and_then(|id| id.parse().ok()));
        self.sku.append_value(line.sku());
        self.description.append_value(line.description());
        self.quantity.append_value(line.quantity() as i32);
        self.unit_price.append_value(line.unit_price().into());
        self.country.append_value(line.country());
    }

    /// The batch; the next one begins empty.
    fn finish(&mut self) -> Result<RecordBatch, ParquetError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.order_id.finish()),
            Arc::new(self.order_date.finish()),
            Arc::new(self.customer_id.finish()),
            Arc::new(self.sku.finish()),
            Arc::new(self.description.finish()),
            Arc::new(self.quantity.finish()),
            Arc::new(self.unit_price.finish()),
            Arc::new(self.country.finish()),
        ];
        Ok(RecordBatch::try_new(self.schema.clone(), columns)?)
    }
}
