//! The suite that every adapter runs, with record batches of all types that the values have.

#[path = "conformance/arrays.rs"]
mod arrays;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use rfm_arrow::{ArrowOptions, ArrowSource, Error, ErrorKind};
use rfm_core::{Customers, Summaries};
use rfm_input::ReadOptions;
use rfm_testkit::conformance::{self, Door, Form, LogicalTable};

use arrays::Types;

struct Arrow;

/// Batches, and whether each row is looked at by itself.
struct Stored {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    row_by_row: bool,
}

/// Batches of so many rows with empty ones between them; their arrays begin anywhere in their buffers.
fn sliced(batch: &RecordBatch, rows: usize) -> Vec<RecordBatch> {
    let starts = (0..batch.num_rows()).step_by(rows);
    let slices = starts.flat_map(|at| [batch.slice(at, rows.min(batch.num_rows() - at)), batch.slice(at, 0)]);
    slices.collect()
}

impl Door for Arrow {
    type Stored = Stored;
    type Error = Error;

    fn name(&self) -> &str {
        "arrow"
    }

    fn forms(&self, table: &LogicalTable) -> Vec<Form<Stored>> {
        let mut forms = Vec::new();
        for types in Types::all(table) {
            let name = types.name();
            match types.batch(table) {
                Err(reason) => forms.push(Form::cannot(name, reason)),
                Ok((batch, options)) => {
                    let form = |how: &str, batches, row_by_row| {
                        let stored = Stored { schema: batch.schema(), batches, row_by_row };
                        Form::new(format!("{name}{how}"), stored, options.clone())
                    };
                    let rows = if batch.num_rows() > 1_000 { 1_000 } else { 3 };
                    forms.push(form("", vec![batch.clone()], false));
                    forms.push(form(" in several batches", sliced(&batch, rows), false));
                    forms.push(form(" row by row", vec![batch.clone()], true));
                }
            }
        }
        forms
    }

    fn read(&self, stored: Stored, options: ReadOptions, summaries: Summaries) -> Result<Customers, Error> {
        let options = ArrowOptions::from(options);
        let source = ArrowSource::from_batches("batches", &stored.schema, stored.batches, options)?;
        let source = if stored.row_by_row { source.row_by_row() } else { source };
        conformance::drain(source, summaries)
    }

    fn input<'e>(&self, error: &'e Error) -> Option<&'e rfm_input::Error> {
        match error.kind() {
            ErrorKind::Input(error) => Some(error),
            _ => None,
        }
    }

    fn first_row(&self) -> u64 {
        1
    }
}

#[test]
fn tables_come_to_what_they_mean() {
    conformance::check_tables(&Arrow);
}

#[test]
fn drawn_tables_come_to_what_they_mean() {
    conformance::check_drawn(&Arrow);
}

#[test]
fn a_large_table_comes_to_what_it_means() {
    conformance::check_large(&Arrow);
}

#[test]
fn tables_that_are_refused_are_refused_for_the_same_reason() {
    conformance::check_errors(&Arrow);
}
