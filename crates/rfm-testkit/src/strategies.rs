//! Property-test strategies for what goes into the core.
//!
//! Ids, days and amounts come from small pools, so that customers, orders, days and values meet each other often, and every
//! pool holds what breaks naive code: empty and blank ids, ids of other alphabets, cancellations, refunds, zeros, the ends
//! of the calendar and of 64 bits.
//!
//! ```
//! use proptest::prelude::*;
//! use rfm_core::{CleaningPolicy, Summaries};
//! use rfm_testkit::strategies::journal;
//!
//! proptest!(|(journal in journal(40))| {
//!     let mut summaries = Summaries::new(CleaningPolicy::keep_all());
//!     journal.push_to(&mut summaries).expect("the pools do not overflow");
//!     prop_assert_eq!(summaries.account().read().lines(), journal.entries.len() as u64);
//! });
//! ```

mod journal;
mod scoring;
mod segments;

pub use journal::{ANALYSIS_DATE, Columns, Entry, Journal, Row, journal, policy};
pub use scoring::{custom_cuts, frequency_measure, measures, method, percentiles, quantiles, scoring, scorings};
pub use segments::{segment_model, segment_rule};
