//! From summaries to segments and their files, in memory.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rfm_core::{Amount, Customers, Day, Rfm, Transaction};
use rfm_output::{Extras, Format, TextGuard, write_customers};
use rfm_testkit::generate::SplitMix64;

const SIZES: [u32; 2] = [10_000, 1_000_000];

fn settings() -> Rfm {
    Rfm::builder(Day::from_ymd(2025, 12, 31).expect("a day")).build().expect("settings that agree")
}

/// Customers with one to eight orders each, most with few; three years; 1.00 to 500.99.
fn customers(count: u32) -> Customers {
    let mut random = SplitMix64::new(1);
    let mut summaries = settings().summaries();
    let first = Day::from_ymd(2023, 1, 1).expect("a day").epoch_days();
    for customer in 0..count {
        let customer_id = format!("{customer:07}");
        for _ in 0..=random.below(8).min(random.below(8)) {
            let day = Day::from_epoch_days(first + random.below(1_095) as i32).expect("three years");
            let amount = Amount::from_minor(100 + i64::from(random.below(50_000)));
            let row = Transaction { customer_id: &customer_id, order_id: None, day, amount };
            summaries.push(row).expect("small sums");
        }
    }
    summaries.finish().expect("small sums")
}

fn score(criterion: &mut Criterion) {
    let rfm = settings();
    for count in SIZES {
        let customers = customers(count);
        let model = rfm.fit(&customers).expect("customers");
        let segmentation = model.assign(customers.clone()).expect("orders before the day");
        let mut bench = |name: &str, body: &mut dyn FnMut(&mut criterion::Bencher<'_>)| {
            let mut group = criterion.benchmark_group(name);
            group.throughput(Throughput::Elements(count.into())).sample_size(10);
            group.bench_function(BenchmarkId::from_parameter(count), body);
        };
        bench("fit", &mut |bencher| bencher.iter(|| rfm.fit(black_box(&customers))));
        bench("assign", &mut |bencher| {
            bencher.iter_batched(|| customers.clone(), |customers| model.assign(customers), BatchSize::LargeInput);
        });
        bench("summary", &mut |bencher| bencher.iter(|| black_box(&segmentation).summary()));
        bench("write_csv", &mut |bencher| {
            bencher.iter(|| {
                let mut out = std::io::sink();
                write_customers(&segmentation, &Extras::default(), Format::Csv, TextGuard::Spreadsheet, &mut out)
            });
        });
    }
}

/// One customer at a time, as a shop asks while somebody is at the till.
fn assign_one(criterion: &mut Criterion) {
    let (rfm, customers) = (settings(), customers(SIZES[0]));
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
