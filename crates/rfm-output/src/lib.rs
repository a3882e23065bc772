//! Files that are whole or not there: what every writer of segmentation results stands on.
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
//! Not done here: reading, object stores, compression, appending to a file, keeping owner, ACLs or extended attributes of a
//! replaced file.

mod atomic;
mod csv_text;
mod error;
mod guard;
mod output;
mod overwrite;
mod set;
mod temporary;

pub use atomic::AtomicFile;
pub use csv_text::{CsvWriter, Delimiter};
pub use error::{Error, ErrorKind, Previous, Step};
pub use guard::{TextGuard, guard, unguard};
pub use output::Output;
pub use overwrite::refuse_overwriting;
pub use set::OutputSet;
