//! Benches of the rfm crates, one file each beside this one. Ids stay the same, so that runs can be compared:
//!
//! - `ingest`: CSV to summaries (`csv_to_summaries/LINES`), merging (`merge/LINES`);
//! - `score`: fitting, assigning and summarising customers in memory (`fit/CUSTOMERS`, `assign/CUSTOMERS`,
//!   `summary/CUSTOMERS`), writing them (`write_csv/CUSTOMERS`).
