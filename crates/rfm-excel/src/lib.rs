//! Excel and OpenDocument workbooks as a source of transactions for [`rfm_core`].
//!
//! ```
//! use rfm_core::{Day, Rfm, TransactionSource};
//! use rfm_excel::{ExcelOptions, ExcelSource};
//! # use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
//! # let mut workbook = Workbook::new();
//! # let sheet = workbook.add_worksheet().set_name("Orders")?;
//! # let date = Format::new().set_num_format("yyyy-mm-dd");
//! # for (column, name) in ["Customer", "Date", "Amount"].into_iter().enumerate() {
//! #     sheet.write(3, column as u16, name)?;
//! # }
//! # sheet.write(0, 0, "Orders of the first quarter")?;
//! # sheet.write(4, 0, 13085)?.write(4, 2, 19.99)?;
//! # sheet.write_with_format(4, 1, &ExcelDateTime::from_ymd(2024, 3, 1)?, &date)?;
//! # let orders_xlsx = workbook.save_to_buffer()?;
//!
//! let rfm = Rfm::builder(Day::from_ymd(2024, 3, 2)?).build()?;
//! let mut source = ExcelSource::from_bytes("orders.xlsx", orders_xlsx, ExcelOptions::default())?;
//! let mut summaries = rfm.summaries();
//! while let Some(batch) = source.next_batch()? {
//!     summaries.push_batch(&batch)?;
//! }
//! let segmentation = rfm.segment(summaries.finish()?)?;
//! assert_eq!(segmentation.get("13085").expect("they bought").recency_days(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it reads
//!
//! `.xlsx` and its kin, told by their content; with the feature `legacy` also `.xls`, `.xlsb` and `.ods`. All visible sheets if
//! they have the same columns, or those that are named. The header may stand below titles and blank rows. Dates as cells of
//! the calendars of 1900 and 1904, or as texts, in the forms of [`rfm_core::cell`]; the results that are stored with formulas;
//! ids that are numbers in some rows and texts in others. An `.xlsx` file is streamed: memory holds its shared strings and
//! some rows. Threads of its own unpack each sheet that is read; several sheets can be read at once, by threads of the
//! caller ([`ExcelPieces`]).
//!
//! # What it refuses
//!
//! Whatever could be read in two ways: several tables, columns that are merged with others, cells that stand twice. Cells with
//! an error, formulas without a result, numbers where a date should be are bad cells, and messages name file, sheet and cell
//! and show the shape of a value, not the value. Archives that inflate to more than they should, and references outside of
//! the sheet, end in an error.
//!
//! # What it does not do
//!
//! It calculates no formula, fills no merged cell and knows no password. The readers of the formats of `legacy` may end the
//! process, or never return, on a crafted file: let a process with limits read them, through [`Sheets`] and
//! [`ExcelSource::open_with`]. They do not tell merged cells of `.xlsb` and `.ods`.
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | `legacy` | `.xls`, `.xlsb` and `.ods` |

mod container;
#[cfg(feature = "legacy")]
mod convert;
mod error;
mod fault;
mod feed;
mod gatherer;
mod grid;
mod inspect;
mod kind;
mod layout;
#[cfg(feature = "legacy")]
mod legacy;
#[cfg(feature = "legacy")]
mod merges;
mod options;
mod pieces;
mod reading;
mod report;
mod rows;
mod serial;
mod source;
mod table;
mod workbook;
mod xlsx;

pub use rfm_input::{BadRows, InputName, InputReport, PieceReader, Pieces, Position, ReadOptions, RejectedLine, Table};

pub use self::{
    error::{Error, ErrorKind, LimitKind, SheetSummary},
    inspect::{Inspection, SheetInspection, inspect, inspect_bytes, inspect_sheets},
    kind::WorkbookKind,
    options::{ExcelOptions, SheetChoice},
    pieces::{ExcelPieceReader, ExcelPieces},
    rows::{SheetRow, SheetRows},
    serial::DateSystem,
    source::{ExcelSource, Opener},
    table::{read_table, read_table_from_bytes, table_of},
    workbook::{MergedArea, Sheet, Sheets, Workbook},
};
