//! Customer segmentation by recency, frequency and monetary value (RFM): exact, deterministic, without I/O.
//!
//! The way of the data, each step a plain value:
//!
//! | step | value |
//! | --- | --- |
//! | order lines, a row or a batch of columns at a time | [`Transaction`], [`TransactionBatch`] |
//! | which lines count, and where every other one went | [`CleaningPolicy`], [`Account`] |
//! | one summary per customer; any split of the input gives the same; tables of customers enter here | [`Summaries`] → [`Customers`] |
//! | what becomes of returns | [`Returns`], [`CustomerReturns`] |
//! | what is measured, how recently, how often and for how much | [`Measures`] |
//! | cut points, fitted once and applied to any customers, or to a single one | [`scoring`], [`ScoringModel`], [`Model`], [`Assigner`] |
//! | how far customers have moved since a fit | [`DriftReport`] |
//! | methods that give cut points, methods that only rank; nested binning, weights, display | [`CutMethod`], [`RankMethod`], [`scoring`] |
//! | named segments by rules over scores and measures, that can be checked and compared first | [`SegmentModel`], [`Condition`], [`Coverage`], [`RuleDiff`] |
//! | the result and its summaries | [`Segmentation`], [`SegmentSummary`], [`AttributeSummary`] |
//! | why a customer is where it is, and what would change that | [`Explanation`] |
//! | what a choice does to all of them | [`Comparison`] |
//! | published recipes as a whole, with their defects | [`Preset`] |
//! | the summaries that models of lifetime value take | [`Clv`] |
//!
//! [`Rfm`] holds the settings of a run and proves that they agree:
//!
//! ```
//! use rfm_core::{Amount, Day, Rfm, Transaction};
//!
//! let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
//! let mut summaries = rfm.summaries();
//! for (customer_id, order_id, day, cents) in [("ann", "1", 9, 1_999), ("bob", "2", 1, 500), ("ann", "3", 2, 4_900)] {
//!     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
//!     summaries.push(Transaction { customer_id, order_id: Some(order_id), day, amount })?;
//! }
//! for row in rfm.segment(summaries.finish()?)?.rows() {
//!     println!("{} {} {}", row.customer_id(), row.code(), row.segment());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What holds
//!
//! - **1 is worst, more is better, on all three dimensions.** A short recency scores high.
//! - **Exact.** Money is whole minor units, sums are 128 bits and checked, cut points are rationals. No float decides anything.
//! - **Deterministic.** The order of lines, of batches and of merging changes nothing; there is no clock, no locale, no seed that
//!   is not given.
//! - **Nothing disappears.** Lines read = lines used + lines rejected, by reason, in counts and in money.
//! - **Equal customers are equal.** The same value always gets the same score, unless a method that only ranks is asked for.
//!
//! # What it does not do
//!
//! It reads no files and writes none: the `rfm-csv` crate and its siblings are the doors, `rfm-kit` has them all, and the
//! command `rfm` is `rfm-kit` for the shell. It estimates nothing: no lifetime value, no churn probability.
//!
//! # Features
//!
//! - `jiff`: time zones by name (`DayZone::named` is there only with it). Off by default.
//! - `json`: model files (`Model::to_json` and `Model::from_json` are there only with it) and the fingerprint of what a model was fitted on.
//!   Turns `toml` on, for the rules in a model file are written as in rule files. Off by default.
//! - `rayon`: customers are scored, named and summarised on several threads, those of the rayon pool that the caller is in. Off by
//!   default; the results are the same.
//! - `toml`: rule files (`SegmentModel::from_toml` is there only with it). Off by default.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::as_conversions))]

mod account;
mod assigner;
mod attribute_summary;
mod axes;
mod batch;
pub mod cell;
mod cleaning;
mod clv;
mod comparison;
mod counted_lines;
mod day;
mod drift;
mod explanation;
mod fitted_on;
#[cfg(feature = "json")]
mod json;
mod kept;
mod limits;
mod measures;
mod model;
#[cfg(feature = "json")]
mod model_file;
mod money;
mod parallel;
mod period;
mod preset;
mod ratio;
mod returns;
mod roles;
pub mod scoring;
mod segment_summary;
mod segmentation;
mod segments;
mod selection;
mod statistics;
mod suggest;
mod summaries;
mod text;

pub use account::{Account, Overflow, Refusal, Reject, Tally};
pub use assigner::{Assigned, Assigner};
pub use attribute_summary::{AttributeRow, AttributeSummary};
pub use axes::{Axes, Dimension, RfmCell, RfmCode, Score};
pub use batch::{BatchError, Transaction, TransactionBatch, TransactionSource};
pub use cleaning::CleaningPolicy;
pub use clv::{Clv, ClvError, ClvSplit, ClvSummary};
pub use comparison::Comparison;
pub use counted_lines::CountedLines;
pub use day::{Day, DayError};
pub use drift::{AxisDrift, BinDrift, DriftReport, Refit};
pub use explanation::{Among, Change, Explainer, Explanation, NoChange, ScoredValue, Standing, TriedRule};
pub use fitted_on::{Fingerprint, FingerprintError, FittedOn};
pub use limits::Limits;
pub use measures::{
    FrequencyMeasure, MeasureColumn, Measures, MonetaryMeasure, NotKept, RecencyMeasure, UnknownMeasure,
};
pub use model::{ConfigError, Model, Rfm, RfmBuilder};
#[cfg(feature = "json")]
pub use model_file::{ModelFileError, ModelFileProblem};
pub use money::{Amount, Decimal, DecimalError, Scale};
pub use period::{PeriodUnit, UnknownPeriodUnit};
pub use preset::{Preset, UnknownPreset};
pub use ratio::Ratio;
pub use returns::Returns;
pub use roles::{ColumnChoice, ColumnRoles, Level, Role, RoleError, RoleReason};
pub use scoring::{CutMethod, Diagnostic, FitError, RankMethod, Scoring, ScoringModel};
pub use segment_summary::{SegmentRow, SegmentSummary};
pub use segmentation::{ScoreRow, Segmentation, SegmentationRow};
pub use segments::{
    CodeChange, Condition, ConditionError, ConditionProblem, Coverage, DependsOnMeasures, DifferentBins, Facts,
    Lattice, MissingFact, Overlap, PatternError, Relation, RuleCoverage, RuleDiff, RuleMeasure, RuleState, ScoreBox,
    ScoreRange, ScoreTest, ScoreTestError, Segment, SegmentError, SegmentModel, SegmentModelBuilder, SegmentPreset,
    SegmentRule, UnknownSegmentPreset, Unmet,
};
#[cfg(feature = "toml")]
pub use segments::{RuleFileError, RuleFileProblem};
pub use suggest::suggest;
pub use summaries::{
    CustomerReturns, CustomerSummary, Customers, DailyMoney, OrderDefinition, OrderValues, Periods, Summaries,
    SummaryError,
};
pub use text::{RunBuffer, ShortText, TextColumn};
