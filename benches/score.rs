//! From customers to segments and their files, in memory.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rfm_benches::stages;
use rfm_output::Format;

const SIZES: [u32; 2] = [10_000, 1_000_000];

fn score(criterion: &mut Criterion) {
    let rfm = stages::settings().expect("settings that agree");
    for count in SIZES {
        let customers = stages::customers(count).expect("small sums");
        let model = rfm.fit(&customers).expect("customers");
        let segmentation = model.assign(customers.clone()).expect("orders before the day");
        let mut bench = |name: &str, body: &mut dyn FnMut(&mut criterion::Bencher<'_>)| {
            let mut group = criterion.benchmark_group(name);
            group.throughput(Throughput::Elements(count.into())).sample_size(10);
            group.bench_function(BenchmarkId::from_parameter(count), body);
        };
        bench("fit", &mut |bencher| bencher.iter(|| rfm.fit(black_box(&customers))));
        bench("apply", &mut |bencher| {
            bencher.iter(|| model.scoring().score_all(black_box(&customers), rfm.analysis_date()));
        });
        bench("assign", &mut |bencher| {
            bencher.iter_batched(|| customers.clone(), |customers| model.assign(customers), BatchSize::LargeInput);
        });
        // A result keeps its summary, so that each has to be a new one.
        let named = || model.assign(customers.clone()).expect("orders before the day");
        bench("summary", &mut |bencher| bencher.iter_batched(named, |named| named.summary(), BatchSize::LargeInput));
        bench("write_csv", &mut |bencher| bencher.iter(|| stages::write(&segmentation, Format::Csv)));
        bench("write_parquet", &mut |bencher| bencher.iter(|| stages::write(&segmentation, Format::Parquet)));
    }
}

/// One customer at a time, as a shop asks while somebody is at the till.
fn assign_one(criterion: &mut Criterion) {
    let rfm = stages::settings().expect("settings that agree");
    let customers = stages::customers(SIZES[0]).expect("small sums");
    let model = rfm.fit(&customers).expect("customers");
    let (assigner, day) = (model.prepare(customers.scale()).expect("cuts of cents"), rfm.analysis_date());
    let mut rows = (0..customers.len()).cycle();
    criterion.bench_function("assign_one", |bencher| {
        bencher.iter(|| {
            let customer = rows.next().and_then(|row| customers.get(row)).expect("a customer");
            assigner.assign(black_box(&customer), day)
        });
    });
}

criterion_group!(benches, score, assign_one);
criterion_main!(benches);
