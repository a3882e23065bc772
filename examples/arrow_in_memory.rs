//! From record batches in memory, as Polars, DataFusion or Python hand them over, to segments and back; no file in between.

use std::error::Error;
use std::sync::Arc;

use rfm_kit::arrow::arrow_array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch};
use rfm_kit::arrow::{ArrowOptions, ArrowSource, SegmentationReader};
use rfm_kit::{Day, Rfm, TransactionSource};

fn main() -> Result<(), Box<dyn Error>> {
    let day = |month, day| Day::from_ymd(2011, month, day).map(Day::epoch_days);
    let orders = RecordBatch::try_from_iter([
        ("customer_id", Arc::new(Int64Array::from(vec![13_085, 13_085, 17_850, 12_583])) as ArrayRef),
        ("order_id", Arc::new(Int64Array::from(vec![1, 2, 3, 4]))),
        ("order_date", Arc::new(Date32Array::from(vec![day(12, 1)?, day(12, 8)?, day(3, 14)?, day(11, 30)?]))),
        ("amount", Arc::new(Decimal128Array::from(vec![1_999, 4_900, 500, 2_500]).with_precision_and_scale(12, 2)?)),
    ])?;

    let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
    let mut source = ArrowSource::from_batches("orders", &orders.schema(), [orders], ArrowOptions::default())?;
    let mut summaries = rfm.summaries();
    while let Some(batch) = source.next_batch()? {
        summaries.push_batch(&batch)?;
    }

    // A reader of record batches, which is what most engines take.
    for batch in SegmentationReader::new(rfm.segment(summaries.finish()?)?) {
        let batch = batch?;
        println!("{} customers, {} columns", batch.num_rows(), batch.num_columns());
        for field in batch.schema().fields() {
            println!("  {}: {}", field.name(), field.data_type());
        }
    }
    Ok(())
}
