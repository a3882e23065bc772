//! What the fuzz targets call: any bytes in, no panic, and what must hold holds.
//!
//! The bodies are here and not in the targets, so that a plain test on stable runs them over the seeds and over every file
//! in `corpus/` and `artifacts/` (`cargo test`). Real fuzzing needs nightly:
//!
//! ```text
//! cargo install cargo-fuzz --locked
//! cargo run --bin seeds        # corpus/<target>/seed-*, from our own generator
//! cargo +nightly fuzz run csv_to_summaries -- -max_total_time=600 -rss_limit_mb=512 -timeout=10 -malloc_limit_mb=256
//! cargo +nightly fuzz run cells -- -max_total_time=600
//! cargo +nightly fuzz run xlsx -- -max_total_time=600 -rss_limit_mb=512 -timeout=10
//! ```
//!
//! A find becomes a unit test beside the code that was wrong. Finds of `xls` and `ods` may be faults of the library that reads them
//! (aborts, endless loops): the command reads such files in a worker.

mod cells;
mod csv_to_summaries;
mod model;
mod parquet;
mod seeds;
mod workbook;

pub use cells::cells;
pub use csv_to_summaries::csv_to_summaries;
pub use model::model;
pub use parquet::{ORDERS, parquet};
pub use seeds::{Body, TARGETS, seeds};
pub use workbook::{kinds, ods, read_workbook, xls, xlsx};
