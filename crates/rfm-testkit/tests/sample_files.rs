//! The files in `examples/data` are what the generator writes, byte for byte.

use std::path::Path;

use rfm_testkit::generate::{OrderGenerator, sample_orders, sample_orders_2026};

fn check(name: &str, generator: &OrderGenerator) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/data").join(format!("{name}.csv"));
    let committed = std::fs::read(&path).expect("the file is committed");
    let mut generated = Vec::new();
    generator.write_csv(&mut generated).expect("a Vec takes everything");
    // Not `assert_eq!`: nobody wants to see two files of 300 KB as lists of numbers.
    let first = committed.iter().zip(&generated).position(|(a, b)| a != b);
    assert!(
        committed == generated,
        "{} differs from what is generated, first at byte {first:?}; if that is meant: \
         cargo run -p rfm-testkit --bin generate-orders -- --sample {name} --out examples/data/{name}.csv",
        path.display(),
    );
}

#[test]
fn orders_are_regenerated_byte_for_byte() {
    check("orders", &sample_orders().unwrap());
}

#[test]
fn orders_of_2026_are_regenerated_byte_for_byte() {
    check("orders-2026", &sample_orders_2026().unwrap());
}

#[test]
fn the_second_file_has_old_and_new_customers() {
    let customers = |generator: OrderGenerator| -> std::collections::BTreeSet<String> {
        generator.lines().filter_map(|line| line.customer_id().map(str::to_owned)).collect()
    };
    let (first, second) = (customers(sample_orders().unwrap()), customers(sample_orders_2026().unwrap()));
    assert!((390..=430).contains(&first.len()), "{}", first.len());
    assert!(second.intersection(&first).count() >= 30);
    assert!(second.difference(&first).count() >= 10);
}
