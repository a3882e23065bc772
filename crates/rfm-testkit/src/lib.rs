//! What the tests, benches and examples of the rfm crates share: order data made from a seed, golden tables made by
//! other people's tools, and the way to both.
//!
//! - [`generate`] makes order lines as a shop would export them: repeat buyers with heavy tails, returns, guests, free
//!   items, duplicates, and dirty cells at a chosen rate. Same shape and seed, same bytes, on every platform and for ever.
//! - [`archive`](mod@archive) writes zip archives, honest ones and such that lie; [`damage`](mod@damage) changes some bytes of files.
//! - [`golden`] reads the tables in `../shared/golden` with a parser that is not the one under test, decimals exactly.
//! - [`strategies`] draws order lines, scoring and rules for property tests, with everything that is rare in real data;
//!   [`reference`](mod@reference) is the core once more, the slow and obvious way, to compare with.
//! - [`clause`](mod@clause) does the same for the conditions of rules.
//! - [`schema`](mod@schema) holds documents against the JSON Schemas that we publish.
//! - [`conformance`](mod@conformance) is the suite that every adapter runs: the same tables through every door.
//! - [`snapshot`](mod@snapshot) holds results against texts that people have reviewed.
//! - [`shared`](shared()) finds `../shared`, and says so visibly when a test is skipped because it is absent.
//!
//! ```
//! use rfm_testkit::generate::Shape;
//!
//! let generator = Shape::new().seed(7).customers(100).build()?;
//! let mut csv = Vec::new();
//! let written = generator.write_csv(&mut csv)?;
//! assert_eq!(written, generator.lines().count() as u64);
//! assert!(csv.starts_with(b"order_id,order_date,customer_id,"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It is not published. The feature `parquet` lets the generator write Parquet files. It draws types of `rfm-core` and uses none of what that computes, but for the
//! conformance suite, which hands tables to adapters as `rfm-input` has them read, and compares what `rfm-output` writes.

pub mod archive;
pub mod clause;
pub mod conformance;
pub mod damage;
mod error;
pub mod generate;
pub mod golden;
pub mod reference;
pub mod schema;
pub mod snapshot;
pub mod strategies;

mod shared;

pub use error::{Error, ErrorKind};
pub use shared::{shared, shared_dir};
