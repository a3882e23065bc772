//! The suite that every adapter runs, with files of all types that the values have, written in large parts and in small ones.
#![allow(clippy::unwrap_used, reason = "a test program")]

#[path = "../../rfm-arrow/tests/conformance/arrays.rs"]
mod arrays;
mod threads;

use std::sync::Arc;

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use rfm_core::{Customers, Summaries};
use rfm_input::ReadOptions;
use rfm_parquet::{Error, ParquetOptions, ParquetSource};
use rfm_testkit::conformance::{self, Door, Form, LogicalTable};

use arrays::Types;

struct Parquet;

/// Row groups and pages of a few rows, in the newer layout.
fn in_small_parts(rows: usize) -> WriterProperties {
    WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_max_row_group_row_count(Some(rows * 2))
        .set_write_batch_size(rows)
        .set_data_page_row_count_limit(rows)
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_dictionary_enabled(false)
        .build()
}

fn file(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

impl Door for Parquet {
    type Stored = Vec<u8>;
    type Error = Error;

    fn name(&self) -> &str {
        "parquet"
    }

    fn forms(&self, table: &LogicalTable) -> Vec<Form<Vec<u8>>> {
        let mut forms = Vec::new();
        for types in Types::all(table) {
            let name = types.name();
            match types.batch(table) {
                Err(reason) => forms.push(Form::cannot(name, reason)),
                Ok((batch, options)) => {
                    let small = in_small_parts(if batch.num_rows() > 1_000 { 1_000 } else { 2 });
                    let whole = file(&batch, WriterProperties::new());
                    forms.push(Form::new(name.clone(), whole, options.clone()));
                    forms.push(Form::new(format!("{name} in small parts"), file(&batch, small), options));
                }
            }
        }
        forms
    }

    fn read(&self, bytes: Vec<u8>, options: ReadOptions, summaries: Summaries) -> Result<Customers, Error> {
        let bytes: Arc<[u8]> = bytes.into();
        let open = || ParquetSource::from_bytes("a.parquet", Arc::clone(&bytes), ParquetOptions::from(options.clone()));
        let source = open()?;
        if !options.drops_repeated_lines() {
            threads::assert_alike(|| open().unwrap(), &summaries, "as by one thread");
        }
        conformance::drain(source, summaries)
    }

    fn input<'e>(&self, error: &'e Error) -> Option<&'e rfm_input::Error> {
        error.input()
    }

    fn first_row(&self) -> u64 {
        1
    }
}

#[test]
fn tables_come_to_what_they_mean() {
    conformance::check_tables(&Parquet);
}

#[test]
fn drawn_tables_come_to_what_they_mean() {
    conformance::check_drawn(&Parquet);
}

#[test]
fn a_large_table_comes_to_what_it_means() {
    conformance::check_large(&Parquet);
}

#[test]
fn tables_that_are_refused_are_refused_for_the_same_reason() {
    conformance::check_errors(&Parquet);
}
