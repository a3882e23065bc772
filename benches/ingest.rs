//! From the bytes of a file to one record per customer.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rfm_benches::stages::{self, Failure};

const SIZES: [u64; 2] = [10_000, 1_000_000];

fn parse(criterion: &mut Criterion) {
    for lines in SIZES {
        let text = stages::csv(lines).expect("orders");
        let file = stages::parquet(lines).expect("orders");
        let mut bench = |name: &str, bytes: usize, body: &dyn Fn() -> Result<usize, Failure>| {
            let mut group = criterion.benchmark_group(name);
            group.throughput(Throughput::ElementsAndBytes { elements: lines, bytes: bytes as u64 });
            group.sample_size(if lines > 100_000 { 10 } else { 50 });
            group.bench_function(BenchmarkId::from_parameter(lines), |bencher| {
                bencher.iter(|| black_box(body().expect("clean orders")));
            });
        };
        bench("parse_csv", text.len(), &|| stages::parse_csv(&text));
        let shared = Bytes::copy_from_slice(&file);
        bench("decode_parquet", file.len(), &|| decode_parquet(&shared));
        bench("parse_parquet", file.len(), &|| stages::parse_parquet(&file));
        bench("csv_to_summaries", text.len(), &|| Ok(stages::csv_to_summaries(&text)?.len()));
    }
}

/// Decodes the columns of order lines, and nothing else: what reading them is held against.
fn decode_parquet(file: &Bytes) -> Result<usize, Failure> {
    let columns = ["customer_id", "order_id", "order_date", "quantity", "unit_price"];
    let reader = ParquetRecordBatchReaderBuilder::try_new(file.clone())?;
    let mask = ProjectionMask::columns(reader.parquet_schema(), columns);
    let mut rows = 0;
    for batch in reader.with_projection(mask).with_batch_size(8_192).build()? {
        rows += black_box(batch?).num_rows();
    }
    Ok(rows)
}

fn summarise(criterion: &mut Criterion) {
    for lines in SIZES {
        let batches = stages::batches(lines).expect("orders");
        let (first, second) = stages::halves(&batches).expect("small sums");
        let whole = stages::summarise(&batches).expect("small sums");
        let mut bench = |name: &str, body: &mut dyn FnMut(&mut criterion::Bencher<'_>)| {
            let mut group = criterion.benchmark_group(name);
            group.throughput(Throughput::Elements(lines)).sample_size(10);
            group.bench_function(BenchmarkId::from_parameter(lines), body);
        };
        bench("clean", &mut |bencher| bencher.iter(|| stages::clean(&batches)));
        bench("summarise", &mut |bencher| bencher.iter(|| stages::summarise(&batches)));
        bench("merge", &mut |bencher| {
            let parts = || (first.clone(), second.clone());
            bencher.iter_batched(parts, |(mut one, other)| one.merge(other).map(|()| one), BatchSize::LargeInput);
        });
        bench("finish", &mut |bencher| {
            bencher.iter_batched(|| whole.clone(), |summaries| summaries.finish(), BatchSize::LargeInput);
        });
    }
}

criterion_group!(benches, parse, summarise);
criterion_main!(benches);
