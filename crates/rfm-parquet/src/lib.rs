//! Parquet files as a source of transactions for [`rfm_core`], looked at before they are trusted.
//!
//! ```
//! use std::sync::Arc;
//!
//! use arrow_array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch};
//! use parquet::arrow::ArrowWriter;
//! use rfm_core::{CleaningPolicy, Summaries, TransactionSource};
//! use rfm_parquet::{ParquetOptions, ParquetSource};
//!
//! let orders = RecordBatch::try_from_iter([
//!     ("customer_id", Arc::new(Int64Array::from(vec![17, 18, 17])) as ArrayRef),
//!     ("order_date", Arc::new(Date32Array::from(vec![15_317, 15_318, 15_319]))),
//!     ("amount", Arc::new(Decimal128Array::from(vec![1_999, 500, 1]).with_precision_and_scale(12, 2)?)),
//! ])?;
//! let mut file = Vec::new();
//! let mut writer = ArrowWriter::try_new(&mut file, orders.schema(), None)?;
//! writer.write(&orders)?;
//! writer.close()?;
//!
//! let mut source = ParquetSource::from_bytes("orders.parquet", file, ParquetOptions::default())?;
//! let mut summaries = Summaries::new(CleaningPolicy::default());
//! while let Some(batch) = source.next_batch()? {
//!     summaries.push_batch(&batch)?;
//! }
//! assert_eq!(summaries.finish()?.get(0).expect("17").total().to_string(), "20.00");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it reads
//!
//! - Files, several files, and directories, also those whose names are columns: `year=2010/shop=Bad%20Ems/part-0.parquet`.
//!   Each file has its own order of columns and its own types; a column of the file wins over a directory of its name.
//! - Only the columns that play a role, also fields of structures (`customer.id`), one row group after the other. All columns
//!   are read where repeated lines are left out, and where a row may be blank.
//! - Every type that can play a role, as [`rfm_arrow::cell`] says: ids that are texts, bytes, numbers or dictionaries; dates,
//!   timestamps of any unit with and without zone (also INT96, taken as local), texts, digits; decimals of any width, floats,
//!   whole numbers, [minor units](ParquetOptions::minor_units), texts.
//! - Snappy, gzip, Zstandard and no compression; all encodings. Checksums of pages are checked where there are any.
//!
//! # What it refuses
//!
//! The library that decodes Parquet trusts what a file says of itself. So the footer, and the page headers of what is to be
//! read, are looked at first: everything lies inside of the file and adds up, nothing is nested deeper than 32 levels, no page is
//! larger than 128 MiB and the pages that are held together not larger than 256 MiB, and nothing shares bytes. Then the
//! library reads, and its panics become errors; a program that aborts on panics has no such net. See [`is_guarded`] for
//! their messages.
//!
//! Of texts in the delta encodings only decoding shows how much memory they take: a crafted file can end the process there.
//! [`ParquetOptions::rehearse`] has such files decoded elsewhere first, [`ParquetOptions::refuse_undecided`] refuses them.
//!
//! # What it does not do
//!
//! - Row groups are not skipped by their statistics, not even those that a window of days excludes: the lines left out are to
//!   be counted with what they are worth, and statistics know no sums.
//! - Standard input and pipes: the end of a file has to be read first.
//! - It starts no threads: [`ParquetPieces`] are for those of the caller.
//! - Encrypted files, LZ4, Brotli and LZO, columns in files beside, lists as roles.

mod chunks;
mod error;
mod files;
mod guard;
mod inspect;
mod options;
mod pieces;
mod preflight;
mod read_table;
mod reading;
mod source;
mod table;
mod views;

pub use self::{
    error::{Error, ErrorKind, Part},
    guard::is_guarded,
    inspect::{Inspection, inspect},
    options::{ParquetOptions, Rehearsal},
    pieces::{ParquetPieceReader, ParquetPieces},
    read_table::{read_table, rehearse},
    source::ParquetSource,
};
// Those who read with several threads need the contract.
#[doc(no_inline)]
pub use rfm_input::{PieceReader, Pieces};
