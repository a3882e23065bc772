//! Delimited text as a source of transactions for [`rfm_core`], with true positions and strict quoting.
//!
//! ```
//! use rfm_core::{Day, Rfm, TransactionSource};
//! use rfm_csv::{CsvOptions, CsvSource};
//!
//! let text = "customer_id,order_date,amount\nann,2024-03-01,19.99\nbob,2024-01-15,5.00\n";
//! let rfm = Rfm::builder(Day::from_ymd(2024, 3, 2)?).build()?;
//! let mut source = CsvSource::from_bytes("orders.csv", text.as_bytes(), CsvOptions::default())?;
//! let mut summaries = rfm.summaries();
//! while let Some(batch) = source.next_batch()? {
//!     summaries.push_batch(&batch)?;
//! }
//! let segmentation = rfm.segment(summaries.finish()?)?;
//! assert_eq!(segmentation.get("ann").expect("she bought").recency_days(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it reads
//!
//! Delimiters `,` `;` tab and `|`; quotes as in RFC 4180; line ends CRLF, LF and CR, also mixed; UTF-8, UTF-16 with a byte
//! order mark, and any encoding of the WHATWG standard that is named; gzip and zstd, told by their content; files, standard
//! input, memory; several files as one input. Dates and numbers in the forms of [`rfm_core::cell`].
//!
//! # What it refuses
//!
//! Whatever could be read in two ways: an ambiguous date, `1.234`, two columns for one role. A stray quote never swallows
//! rows without an error; a file that ends early never passes for a whole one where that can be told. Messages name file, line
//! and column and show the shape of a value, not the value.
//!
//! # What it does not do
//!
//! It does not guess encodings or skip lines above the header, and starts no threads: [`CsvPieces`] are for those of the caller.

mod dialect;
mod encoding;
mod error;
mod input;
mod inspect;
mod layout;
mod options;
mod pieces;
mod records;
mod report;
mod sample;
mod source;
mod table;

pub use self::{
    dialect::{Detection, Dialect, Evidence},
    encoding::{Encoding, OtherEncoding},
    error::{Error, ErrorKind, LimitKind},
    inspect::{Inspection, Width, inspect, inspect_bytes},
    options::CsvOptions,
    pieces::{CsvPieceReader, CsvPieces},
    records::Flaw,
    source::CsvSource,
    table::{read_table, read_table_bytes},
};
pub use rfm_input::{BadRows, InputName, InputReport, PieceReader, Pieces, Position, ReadOptions, RejectedLine};
