//! Writers of segmentation results: tables, a description of the run, text for the terminal; files that are whole or not there.
//!
//! The result of `rfm-core` goes out through
//!
//! - [`write_customers`], [`write_segments`] and [`write_scores`], a row at a time, as CSV, JSON, JSON Lines or XLSX
//!   ([`Format`]); customers with [`Extras`] if asked;
//! - [`RunDescription`], the `run.json` that says what was read, chosen and learned, and where every line went;
//! - [`Terminal`], the same for people;
//! - [`write_result`], all files of a result as one; [`write_file`], one file with all that its format holds.
//!
//! Below them is the layer that every writer stands on, also those of other crates:
//!
//! - [`AtomicFile`] writes one file beside its place and moves it there when it is complete; [`OutputSet`] does so with
//!   several files; [`Output`] is a file or standard output, as the user said.
//! - [`refuse_overwriting`] is asked before anything is read.
//! - [`CsvWriter`] writes delimited text and [`guard`]s cells that a spreadsheet would run as a formula.
//!
//! ```
//! use rfm_output::{CsvWriter, Delimiter, OutputSet, TextGuard};
//!
//! # let scratch = tempfile::tempdir()?;
//! # let dir = scratch.path().join("result");
//! let mut set = OutputSet::in_directory(&dir)?;
//! set.write("customers.csv", |out| {
//!     let mut csv = CsvWriter::new(out, Delimiter::Comma, TextGuard::Spreadsheet);
//!     csv.name("customer_id").name("monetary").end_record()?;
//!     csv.text("C1").number("12.50").end_record()
//! })?;
//! set.write("run.json", |out| out.write_all(b"{}\n"))?;
//! set.commit()?;
//! assert_eq!(std::fs::read_to_string(dir.join("customers.csv"))?, "customer_id,monetary\nC1,12.50\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The same result gives the same bytes, on every machine and at any time.
//!
//! Features, none of them on by default:
//!
//! - `parquet`: Parquet files.
//! - `arrow`: Arrow IPC files.
//! - `xlsx`: Excel workbooks.
//!
//! Not done here: reading, object stores, compression, appending to a file, keeping owner, ACLs or extended attributes of a
//! replaced file.

mod atomic;
mod attributes;
mod by;
#[cfg(any(feature = "parquet", feature = "arrow"))]
mod columnar;
mod csv_text;
mod customers;
mod error;
mod extra;
mod format;
mod guard;
mod output;
mod overwrite;
mod parallel;
#[cfg(feature = "parquet")]
mod parquet_sink;
mod record;
mod result;
mod run;
mod scores;
mod segments;
mod set;
mod shown;
mod temporary;
mod terminal;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use atomic::AtomicFile;
pub use attributes::Attributes;
pub use by::write_by;
pub use csv_text::{CsvWriter, Delimiter};
pub use customers::write_customers;
pub use error::{Error, ErrorKind, Previous, Step};
pub use extra::{ExtraColumn, ExtraError, Extras};
pub use format::{Format, UnknownName};
pub use guard::{TextGuard, guard, unguard};
pub use output::Output;
pub use overwrite::refuse_overwriting;
pub use result::{result_paths, write_file, write_result};
pub use run::{InputDescription, RunDescription};
pub use scores::{SCORE_COLUMNS, write_scores};
pub use segments::write_segments;
pub use set::OutputSet;
pub use terminal::{Terminal, printable};
#[cfg(feature = "xlsx")]
pub use xlsx::WorkbookError;
