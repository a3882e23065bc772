//! Arrow record batches as transactions, and RFM segmentations as record batches.
//!
//! - [`ArrowSource`] reads batches in memory, or a reader of them, as a
//!   [`TransactionSource`](rfm_core::TransactionSource); [`Layout`] and [`BatchIntake`] are its parts, for adapters such as that of
//!   Parquet. What a value of each type means is said by [`cell`].
//! - [`SegmentationReader`] hands a result on, a batch at a time; [`segments_batch`] and [`scores_batch`] are its smaller tables.
//!
//! ```
//! use std::sync::Arc;
//!
//! use rfm_arrow::arrow_array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch};
//! use rfm_arrow::{ArrowOptions, ArrowSource, SegmentationReader};
//! use rfm_core::{Day, Rfm, TransactionSource};
//!
//! let orders = RecordBatch::try_from_iter([
//!     ("customer", Arc::new(Int64Array::from(vec![17, 18, 17])) as ArrayRef),
//!     ("date", Arc::new(Date32Array::from(vec![15_317, 15_310, 15_300]))),
//!     ("amount", Arc::new(Float64Array::from(vec![19.99, 5.0, 2.5]))),
//! ])?;
//! let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
//! let mut source = ArrowSource::from_batches("orders", &orders.schema(), [orders], ArrowOptions::default())?;
//! let mut summaries = rfm.summaries();
//! while let Some(batch) = source.next_batch()? {
//!     summaries.push_batch(&batch)?;
//! }
//! let reader = SegmentationReader::new(rfm.segment(summaries.finish()?)?);
//! let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>()?;
//! assert_eq!((batches.len(), batches[0].num_rows()), (1, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Columns are read as columns, without a copy where their layout allows it, and dictionaries once per entry; a batch with a row
//! that needs a look of its own goes row by row, and means the same.
//!
//! # What it does not do
//!
//! It reads and writes no files, and casts nothing: a value that is not exactly what its role needs is an error with its row.

mod cell;
mod columns;
mod error;
mod intake;
mod layout;
mod options;
mod rows;
mod sink;
mod source;
mod tables;
mod types;

pub use cell::cell;
pub use error::{Error, ErrorKind};
pub use intake::BatchIntake;
pub use layout::Layout;
pub use options::ArrowOptions;
pub use rows::{BatchRow, BatchRows};
pub use sink::{SegmentationReader, decimal_array};
pub use source::ArrowSource;
pub use tables::{by_batch, scores_batch, segments_batch};

// The versions whose types this crate takes and gives.
#[doc(no_inline)]
pub use {arrow_array, arrow_schema};
