//! Parquet files from bytes to customers.
#![allow(clippy::unwrap_used, reason = "a test program")]

mod directories;
mod real;
mod rows;
mod support;
mod types;
