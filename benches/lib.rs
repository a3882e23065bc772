//! Benches of the rfm crates, one file each beside this one; what they time is in [`stages`]. Ids stay the same, so that runs can be
//! compared:
//!
//! - `ingest`, by lines: CSV to batches (`parse_csv/LINES`), Parquet to batches (`parse_parquet/LINES`), judging lines
//!   (`clean/LINES`), batches to summaries (`summarise/LINES`), CSV to summaries in one go (`csv_to_summaries/LINES`), merging
//!   two halves (`merge/LINES`), summaries to customers (`finish/LINES`);
//! - `score`, by customers in memory: learning cut points (`fit/CUSTOMERS`), scores (`apply/CUSTOMERS`), scores and segments
//!   (`assign/CUSTOMERS`), counts of segments (`summary/CUSTOMERS`), writing (`write_csv/CUSTOMERS`, `write_parquet/CUSTOMERS`);
//!   one customer by a model that is prepared (`assign_one`).
//!
//! The stages run on one thread, but for those of `score`, which use the threads that there are.
//!
//! `stage` runs one of them for `instructions.py`, which counts its instructions; `decode_columns` and `score_large` are for the
//! scripts in `peers`.

pub mod stages;
