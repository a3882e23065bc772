//! What all input adapters share: files that are opened and watched, places for messages, and the way from rows to batches.
//!
//! An adapter finds the tables of its format and hands their rows over; everything that must mean the same in a text, a workbook
//! and a file of columns is here or in [`rfm_core::cell`]:
//!
//! | step | value |
//! | --- | --- |
//! | an input is opened, told apart from others, digested | [`Stored`], [`StoredFile`], [`FileKind`] |
//! | its columns get roles | [`Site`] |
//! | its cells prove formats of dates and numbers | [`Evidence`] |
//! | its rows become batches; blank, repeated and bad ones are accounted for | [`Row`], [`Intake`] |
//! | what was found out is told | [`InputReport`], [`RejectedLine`] |
//! | a format whose library may crash is read in a process of its own | [`worker`] |
//! | a place for messages | [`Position`], [`InputName`] |
//!
//! ```
//! use rfm_core::cell::Cell;
//! use rfm_core::{ColumnChoice, ColumnRoles};
//! use rfm_input::{Evidence, InputName, Intake, ReadOptions, Row, Site};
//!
//! struct Line(u64, [Cell<'static>; 3]);
//!
//! impl Row for Line {
//!     fn cell(&self, column: usize) -> Cell<'_> {
//!         self.1.get(column).copied().unwrap_or_default()
//!     }
//!     fn number(&self) -> u64 {
//!         self.0
//!     }
//!     fn is_blank(&self) -> bool {
//!         self.1.iter().all(|cell| cell.is_blank())
//!     }
//!     fn write_text(&self, out: &mut String) {
//!         self.1.iter().for_each(|cell| out.push_str(&format!("{cell}\t")));
//!     }
//!     fn bytes(&self) -> usize {
//!         3 * 16
//!     }
//! }
//!
//! let columns = ["customer", "date", "amount"].map(str::to_owned).to_vec();
//! let roles = ColumnRoles::resolve(&columns, &ColumnChoice::default())?;
//! let site = Site::of_columns(&InputName::new("orders"), columns, roles);
//! let line = Line(1, [Cell::Integer(17), Cell::Date(15_317), Cell::Float(19.99)]);
//!
//! let options = ReadOptions::default();
//! let mut evidence = Evidence::default();
//! evidence.observe(&line, &site, &options);
//! let mut intake = Intake::new(options, &evidence)?;
//! intake.begin(&site);
//! intake.take(&line, &site)?;
//! assert_eq!(intake.batch().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does not do
//!
//! It knows no format. It decompresses nothing, and it reads no directory.

mod currency;
mod error;
mod evidence;
mod header;
mod identity;
mod intake;
mod kind;
mod ledger;
mod options;
mod pieces;
mod position;
mod rejects;
mod repeats;
mod report;
mod row;
mod stored;
mod table;
mod tally;
mod words;
pub mod worker;

pub use self::{
    currency::Currencies,
    error::{Error, ErrorKind},
    evidence::{Evidence, Known},
    header::{is_data, without_data},
    identity::FileId,
    intake::{CellRules, Intake, has_float_id},
    kind::FileKind,
    ledger::Ledger,
    options::{BadRows, ReadOptions},
    pieces::{PieceReader, Pieces},
    position::{InputName, Position, column_letters},
    rejects::RejectedLine,
    report::InputReport,
    row::{Row, Site},
    stored::{Changed, FileReader, Stored, StoredFile, Ticket},
    table::{Table, TableRow},
    tally::Fingerprint,
    words::{counted, grouped, would_count},
};
