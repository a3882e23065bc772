//! Benches of the rfm crates, one file each beside this one; what they time is in [`stages`]. Ids stay the same, so that runs
//! can be compared:
//!
//! - `ingest`, by lines: CSV to batches (`parse_csv/LINES`), Parquet to batches (`parse_parquet/LINES`), judging lines
//!   (`clean/LINES`), batches to summaries (`summarise/LINES`), CSV to summaries in one go (`csv_to_summaries/LINES`),
//!   merging two halves (`merge/LINES`), summaries to customers (`finish/LINES`);
//! - `score`, by customers in memory: learning cut points (`fit/CUSTOMERS`), scores (`apply/CUSTOMERS`), scores and segments
//!   (`assign/CUSTOMERS`), counts of segments (`summary/CUSTOMERS`), writing (`write_csv/CUSTOMERS`,
//!   `write_parquet/CUSTOMERS`); one customer by a model that is prepared (`assign_one`).
//!
//! Lending the columns of a batch, which checks where texts end, is a part of `clean` and `summarise`.
//!
//! `stage` runs one of them for `instructions.py`, which holds its instructions against `instructions.txt`;
//! `decode_columns` and `score_large` are for the scripts in `peers`.

pub mod stages;
