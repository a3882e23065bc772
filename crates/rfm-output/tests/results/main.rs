//! The writers of results: what another reader finds in the files, `run.json` against its schema, the terminal text.
#![allow(clippy::unwrap_used, reason = "a test program")]

#[cfg(any(feature = "parquet", feature = "arrow"))]
mod columnar;
mod fixture;
mod round_trip;
mod run;
mod terminal;
#[cfg(feature = "xlsx")]
mod workbook;
mod written;
