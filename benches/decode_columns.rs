//! Decodes some columns of a Parquet file on one thread and drops them: what reading costs at least, for `peers/compare.py`.
//!
//!     cargo run --release -p rfm-benches --example decode_columns -- orders.parquet order_id order_date

use std::error::Error;
use std::fs::File;
use std::hint::black_box;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: decode_columns FILE COLUMN...")?;
    let columns: Vec<String> = arguments.collect();
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().map(String::as_str));
    let mut rows = 0;
    for batch in builder.with_projection(mask).with_batch_size(8192).build()? {
        rows += black_box(batch?).num_rows();
    }
    println!("{rows} rows of {} columns", columns.len());
    Ok(())
}
