//! Examples of the rfm crates, one file each beside this one:
//!
//! - `embed_core`: rows in memory to segments, with `rfm-core` alone;
//! - `segment_file`: a CSV file to segments and a summary, with `rfm-kit`;
//! - `own_bins_and_rules`: cut points and rules of your own, checked before use;
//! - `fit_and_apply`: cut points fitted on one file and applied to another;
//! - `models`: a model stored as JSON, loaded, asked for one customer, and the drift of customers since;
//! - `explain_and_compare`: why a customer is in a segment, two methods side by side, and a preset;
//! - `workbook`: attributes of customers, a workbook out, and its sheet in again as a table of customers;
//! - `arrow_in_memory`: a record batch to segments and back, without a file.

/// The code of the README is compiled and run with the doc tests of this package.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
