//! Damaged files: each ends in rows or an error, soon, and none ends the process.
//!
//! `RFM_DAMAGE` says how many damaged files are tried, 2,000 unless told otherwise. The damage is the same in every run.
#![allow(clippy::unwrap_used, reason = "a test program")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::{ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterVersion};
use rfm_core::{CleaningPolicy, Summaries, TransactionSource};
use rfm_input::{BadRows, ReadOptions};
use rfm_parquet::{Error, ErrorKind, ParquetOptions, ParquetSource};
use rfm_testkit::generate::SplitMix64;

/// What one file may take; a whole one takes a few milliseconds.
const LIMIT: Duration = Duration::from_secs(10);

/// Files of some hundred rows, each written in another way.
fn files() -> Vec<Vec<u8>> {
    let rows = 400i32;
    let ids: Vec<Option<String>> =
        (0..rows).map(|row| (row % 9 != 0).then(|| format!("customer {}", row % 31))).collect();
    let orders = RecordBatch::try_from_iter_with_nullable([
        ("customer", Arc::new(StringArray::from(ids)) as ArrayRef, true),
        ("order_id", Arc::new((0..rows).map(|row| Some(i64::from(row / 3))).collect::<Int64Array>()), true),
        ("date", Arc::new((0..rows).map(|row| Some(15_000 + row % 200)).collect::<Date32Array>()), true),
        ("quantity", Arc::new((0..rows).map(|row| Some(f64::from(row % 5))).collect::<Float64Array>()), true),
        (
            "price",
            Arc::new(
                (0..rows)
                    .map(|row| (row % 7 != 0).then_some(i128::from(row) * 13))
                    .collect::<Decimal128Array>()
                    .with_precision_and_scale(20, 2)
                    .unwrap(),
            ),
            true,
        ),
    ])
    .unwrap();
    let base = || WriterProperties::builder().set_max_row_group_row_count(Some(150)).set_data_page_row_count_limit(60);
    let plain = || base().set_dictionary_enabled(false);
    let ways = [
        base(),
        base().set_compression(Compression::SNAPPY),
        base().set_compression(Compression::ZSTD(Default::default())).set_writer_version(WriterVersion::PARQUET_2_0),
        plain(),
        plain().set_compression(Compression::GZIP(Default::default())),
        plain()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_column_encoding("customer".into(), Encoding::PLAIN)
            .set_column_encoding("price".into(), Encoding::PLAIN)
            .set_column_encoding("order_id".into(), Encoding::DELTA_BINARY_PACKED),
        plain().set_column_encoding("quantity".into(), Encoding::BYTE_STREAM_SPLIT),
    ];
    let write = |properties: WriterProperties| {
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, orders.schema(), Some(properties)).unwrap();
        writer.write(&orders).unwrap();
        writer.close().unwrap();
        bytes
    };
    ways.into_iter().map(|way| write(way.build())).collect()
}

fn read(bytes: Vec<u8>) -> Result<u64, Error> {
    // What cannot be told to be safe belongs into another process.
    let options =
        ParquetOptions::from(ReadOptions::default().bad_rows(BadRows::Skip { limit: None })).refuse_undecided();
    let mut source = ParquetSource::from_bytes("orders.parquet", bytes, options)?;
    let mut summaries = Summaries::new(CleaningPolicy::default());
    while let Some(batch) = source.next_batch()? {
        // Damaged numbers may be too large to add up.
        let _ = summaries.push_batch(&batch);
    }
    Ok(summaries.account().read().lines())
}

fn kind(outcome: &Result<u64, Error>) -> &'static str {
    match outcome {
        Ok(_) => "rows",
        Err(error) => match error.kind() {
            ErrorKind::Damaged { .. } | ErrorKind::NotParquet { .. } => "damaged",
            ErrorKind::Crashed { .. } => "caught panic",
            ErrorKind::TooLarge { .. } => "limit",
            ErrorKind::Unsupported { .. } => "not read",
            ErrorKind::Undecided { .. } => "undecided",
            ErrorKind::Input(_) | ErrorKind::Arrow(_) => "cells and columns",
            _ => "other",
        },
    }
}

#[test]
fn damaged_files_end_in_rows_or_an_error() {
    let count: usize = std::env::var("RFM_DAMAGE").map_or(2_000, |count| count.parse().unwrap());
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !rfm_parquet::is_guarded() {
            default(info);
        }
    }));
    let files = files();
    for file in &files {
        assert_eq!(read(file.clone()).unwrap(), 400, "whole files are read");
    }
    let mut random = SplitMix64::new(2_026);
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for at in 0..count {
        let mut bytes = files[at % files.len()].clone();
        let edits = 1 + random.below(4);
        for _ in 0..edits {
            let place = random.below(u32::try_from(bytes.len()).unwrap()) as usize;
            bytes[place] = u8::try_from(random.below(256)).unwrap();
        }
        let begin = Instant::now();
        let outcome = read(bytes);
        assert!(begin.elapsed() < LIMIT, "file {at} took {:?}", begin.elapsed());
        *outcomes.entry(kind(&outcome)).or_default() += 1;
    }
    println!("{outcomes:?}");
    assert!(outcomes["damaged"] > count / 20, "the damage is real: {outcomes:?}");
    assert!(outcomes["rows"] > count / 20, "and not all of it shows: {outcomes:?}");
}

#[test]
fn files_that_are_cut_short_are_errors() {
    for file in files() {
        for length in (0..file.len()).step_by(7) {
            let error = read(file[..length].to_vec()).unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::Damaged { .. } | ErrorKind::NotParquet { .. }),
                "{length}: {error}"
            );
        }
    }
}
