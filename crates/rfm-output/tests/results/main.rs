//! The writers of results: what another reader finds in the files, `run.json` against its schema, the terminal text.

mod fixture;
mod round_trip;
mod run;
mod schema;
mod terminal;
mod written;
