//! RFM customer segmentation from files to named segments: the facade over [`rfm_core`] and its adapters.
//!
//! ```
//! use rfm_kit::{Day, Job};
//!
//! # let dir = tempfile::tempdir()?;
//! # let orders = dir.path().join("orders.csv");
//! # std::fs::write(&orders, "customer,date,amount\nann,2011-12-01,19.99\nbob,2011-10-03,5.00\n")?;
//! let run = Job::new([orders]).as_of(Day::from_ymd(2011, 12, 10)?).run()?;
//! for row in run.segmentation().rows() {
//!     println!("{} {} {}", row.customer_id(), row.code(), row.segment());
//! }
//! for segment in run.segmentation().summary().rows() {
//!     println!("{}: {} customers, {}", segment.name(), segment.customers(), segment.revenue());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Catalogue
//!
//! | what | names |
//! | --- | --- |
//! | input | delimited text ([`csv`]): `,` `;` tab `|`, any encoding that is named, gzip and zstd; workbooks (`excel`): `.xlsx`, `.xlsb`, `.xls`, `.ods`; Parquet files and directories (`parquet`); record batches (`arrow`); told by their content |
//! | level | [`Level`]: order lines, or a table with one row for each customer |
//! | second tables | attributes of customers ([`Job::attributes`], [`Job::by`]), orders to be left out ([`Job::exclude_orders`]), segment lookups ([`segment_model`]); of any format of inputs |
//! | cleaning | [`CleaningPolicy`]: the default, [`online_retail`](CleaningPolicy::online_retail), [`keep_all`](CleaningPolicy::keep_all), a window; repeated lines kept or dropped |
//! | scoring | [`Scoring`]: quantiles, ranks as SQL, SAS, SPSS, R and pandas have them, natural breaks, percentiles, custom cuts; [`scoring::Binning`], [`scoring::Weights`], [`scoring::ScoreDisplay`] |
//! | segments | [`SegmentPreset`]: `table-11` and eleven others; rule files with conditions over scores and measures, code tables ([`segment_model`]); checked by [`Coverage`], compared by [`RuleDiff`] |
//! | presets | [`Preset`]: fourteen published recipes as a whole, `r-rfm`, `pymc`, `sql-ntile`, `spss` and others ([`Job::preset`]) |
//! | models | [`Run::save_model`], [`read_model`], [`Job::model_file`]; one customer at a time by [`Assigner`], [`DriftReport`] |
//! | why, and what if | [`Explanation`] with the next step of a customer, [`Comparison`] of two results; the columns `reason` and `next_step` |
//! | recency | [`RecencyMeasure`]: days, weeks or months of the calendar since the last order, elapsed periods of 24 hours |
//! | frequency | [`FrequencyMeasure`]: distinct orders, lines, days, weeks or months, these without the first, rates by month or year |
//! | monetary value | [`MonetaryMeasure`]: total, mean, median or largest order, means by day, week or month, totals by month or year |
//! | lifetime value | [`Clv`]: the summaries that `lifetimes` and `pymc-marketing` make |
//! | returns | [`Returns`]: left out, netted, kept apart ([`CustomerSummary::returns`]), matched with earlier purchases |
//! | output | [`output`]: CSV, JSON, JSON lines, XLSX, Parquet, Arrow, `run.json`, a table for the terminal; whole files or none |
//!
//! # A tutorial
//!
//! Which lines count, where the cuts are and what the segments are called are settings of a [`Job`]:
//!
//! ```
//! use rfm_kit::scoring::CustomCuts;
//! use rfm_kit::{Axes, CleaningPolicy, Day, Job, Reject, SegmentModel, SegmentRule};
//!
//! # let dir = tempfile::tempdir()?;
//! # let orders = dir.path().join("orders.csv");
//! # std::fs::write(&orders, "customer,order,date,amount\nann,1,2011-12-01,19.99\nbob,2,2011-10-03,5.00\nann,C3,2011-12-02,19.99\n")?;
//! let segments = SegmentModel::builder("two", Axes { recency: 3, frequency: 5, monetary: 5 })
//!     .rule(SegmentRule::new("Active").recency(2..=3))
//!     .rule(SegmentRule::new("Lapsed").recency(1..=1))
//!     .build()?;
//! let run = Job::new([orders])
//!     .as_of(Day::from_ymd(2011, 12, 10)?)
//!     .cleaning(CleaningPolicy::online_retail()) // orders that begin with C are cancellations
//!     .recency("30, 60".parse::<CustomCuts>()?) // up to 30 days: 3, up to 60: 2, more: 1
//!     .segments(segments)
//!     .run()?;
//! assert_eq!(run.segmentation().get("ann").expect("she bought").segment(), "Active");
//!
//! let account = run.segmentation().customers().account();
//! assert_eq!((account.used().lines(), account.rejected(Reject::Cancelled).lines()), (2, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Everything is written with [`Run::write`]. A fitted model is kept with [`Run::save_model`], applied to later data with
//! [`Job::model_file`], and [`Segmentation::drift`] says how far customers have moved since.
//!
//! # Features
//!
//! - `csv` (default): delimited text.
//! - `excel`: `.xlsx` in and out.
//! - `legacy`: `.xls`, `.xlsb` and `.ods` in, which belong into a process of their own: `serve_isolated`.
//! - `parquet`: Parquet in and out.
//! - `arrow`: Arrow record batches in and out, Arrow files out.
//! - `rayon` (default): customers are scored and written on several threads ([`Job::threads`]).

// Without an adapter nothing can be opened, and what would follow is never reached.
#![cfg_attr(
    not(any(feature = "csv", feature = "excel", feature = "parquet")),
    allow(dead_code, unreachable_code, unused_imports, unused_variables)
)]

mod describe;
mod error;
mod inspection;
#[cfg(any(feature = "legacy", feature = "parquet"))]
mod isolation;
mod job;
mod model;
mod pool;
mod reading;
mod rejects;
mod run;
mod second;
mod segments;
mod source;
mod threads;

pub use error::{Error, ErrorKind};
pub use inspection::{Inspection, inspect};
#[cfg(any(feature = "legacy", feature = "parquet"))]
pub use isolation::serve_isolated;
pub use job::Job;
pub use model::read_model;
pub use rfm_core::{
    Account, Among, Amount, Assigned, Assigner, AttributeRow, AttributeSummary, Axes, AxisDrift, BatchError, BinDrift,
    Change, CleaningPolicy, Clv, ClvError, ClvSplit, ClvSummary, CodeChange, ColumnChoice, ColumnRoles, Comparison,
    Condition, ConditionError, ConditionProblem, ConfigError, CountedLines, Coverage, CustomerReturns, CustomerSummary,
    Customers, CutMethod, DailyMoney, Day, DayError, Decimal, DecimalError, DependsOnMeasures, Diagnostic,
    DifferentBins, Dimension, DriftReport, Explainer, Explanation, Facts, Fingerprint, FingerprintError, FitError,
    FittedOn, FrequencyMeasure, Lattice, Level, Limits, MeasureColumn, Measures, MissingFact, Model, ModelFileError,
    ModelFileProblem, MonetaryMeasure, NoChange, NotKept, OrderDefinition, OrderValues, Overflow, Overlap,
    PatternError, PeriodUnit, Periods, Preset, RankMethod, Ratio, RecencyMeasure, Refit, Refusal, Reject, Relation,
    Returns, Rfm, RfmBuilder, RfmCell, RfmCode, Role, RoleError, RoleReason, RuleCoverage, RuleDiff, RuleFileError,
    RuleFileProblem, RuleMeasure, RuleState, Scale, Score, ScoreBox, ScoreRange, ScoreRow, ScoreTest, ScoreTestError,
    ScoredValue, Scoring, ScoringModel, Segment, SegmentError, SegmentModel, SegmentModelBuilder, SegmentPreset,
    SegmentRow, SegmentRule, SegmentSummary, Segmentation, SegmentationRow, Standing, Summaries, SummaryError, Tally,
    TextColumn, Transaction, TransactionBatch, TransactionSource, TriedRule, UnknownMeasure, UnknownPeriodUnit,
    UnknownPreset, UnknownSegmentPreset, Unmet, cell, scoring, suggest,
};
pub use rfm_input::{
    BadRows, FileKind, InputName, InputReport, Known, PieceReader, Pieces, Position, ReadOptions, RejectedLine, Table,
    TableRow,
};
pub use run::Run;
pub use segments::{read_segment_model, segment_model};
pub use source::{InputOptions, read_table};

/// Delimited text: the crate `rfm-csv`.
#[cfg(feature = "csv")]
pub mod csv {
    pub use rfm_csv::{
        CsvOptions, CsvPieceReader, CsvPieces, CsvSource, Detection, Dialect, Encoding, Error, ErrorKind, Evidence,
        Flaw, Inspection, LimitKind, OtherEncoding, Width, inspect, inspect_bytes,
    };
}

/// Workbooks: the crate `rfm-excel`.
#[cfg(feature = "excel")]
pub use rfm_excel as excel;

/// Parquet: the crate `rfm-parquet`.
#[cfg(feature = "parquet")]
pub use rfm_parquet as parquet;

/// Arrow record batches: the crate `rfm-arrow`.
#[cfg(feature = "arrow")]
pub use rfm_arrow as arrow;

/// What all adapters share: the crate `rfm-input`.
pub use rfm_input as input;

/// Writers of results: the crate `rfm-output`.
pub use rfm_output as output;
