//! The command as users meet it: exact standard output, standard error and exit code.

// Links, permissions and devices are made the Unix way.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic here is a failure with a line number")]

mod compare;
mod config;
mod doors;
mod errors;
mod examples;
mod explain;
mod inspect;
mod models;
mod outputs;
mod place;
mod presets;
mod returns;
mod rules;
mod segment;
mod tables;
