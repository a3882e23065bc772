//! Texts in, customers and account out: each module answers to rows of `HAZARDS.md`, named in its first lines.
#![allow(clippy::unwrap_used, reason = "a test program")]

mod account;
mod columns;
mod currency;
mod dates;
mod encodings;
mod inputs;
mod inspection;
mod laws;
mod lines;
mod memory;
mod numbers;
mod pieces;
mod privacy;
mod repeats;
mod support;
mod zones;
