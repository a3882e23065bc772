//! From the bytes of a CSV file to one summary per customer.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rfm_core::{CleaningPolicy, Summaries, TransactionSource};
use rfm_csv::{CsvOptions, CsvSource};
use rfm_testkit::generate::Shape;

fn orders(lines: u64) -> Arc<[u8]> {
    let generator = Shape::new().seed(1).lines(lines).build().expect("the shape is sound");
    let mut text = Vec::new();
    generator.write_csv(&mut text).expect("memory takes everything");
    text.into()
}

fn summarise(text: &Arc<[u8]>) -> Summaries {
    let mut source = CsvSource::from_bytes("orders.csv", text.clone(), CsvOptions::default()).expect("clean orders");
    let mut summaries = Summaries::new(CleaningPolicy::default());
    while let Some(batch) = source.next_batch().expect("clean orders") {
        summaries.push_batch(&batch).expect("small sums");
    }
    summaries
}

/// The even and the odd lines, so that most customers are in both.
fn halves(text: &[u8]) -> [Arc<[u8]>; 2] {
    let text = std::str::from_utf8(text).expect("the generator writes UTF-8");
    let (header, rows) = text.split_once('\n').expect("a header");
    [0, 1].map(|half| {
        let rows: Vec<&str> = rows.lines().skip(half).step_by(2).collect();
        format!("{header}\n{}\n", rows.join("\n")).into_bytes().into()
    })
}

fn csv_to_summaries(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("csv_to_summaries");
    for lines in [10_000, 1_000_000] {
        let text = orders(lines);
        group.throughput(Throughput::ElementsAndBytes { elements: lines, bytes: text.len() as u64 });
        group.sample_size(if lines > 100_000 { 10 } else { 50 });
        group.bench_with_input(BenchmarkId::from_parameter(lines), &text, |bencher, text| {
            bencher.iter(|| black_box(summarise(text)).len());
        });
    }
}

fn merge(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("merge");
    for lines in [10_000, 1_000_000] {
        let [first, second] = halves(&orders(lines)).map(|half| summarise(&half));
        group.throughput(Throughput::Elements(lines));
        group.sample_size(10);
        group.bench_function(BenchmarkId::from_parameter(lines), |bencher| {
            let parts = || (first.clone(), second.clone());
            bencher.iter_batched(parts, |(mut one, other)| one.merge(other).map(|()| one), BatchSize::LargeInput);
        });
    }
}

criterion_group!(benches, csv_to_summaries, merge);
criterion_main!(benches);
