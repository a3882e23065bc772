//! Cut points fitted on one file and applied to another: customers move because they changed, not because the cuts did.

use std::collections::BTreeMap;

use rfm_kit::{Day, Job};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let year = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.csv");
    let quarter = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders-2026.csv");

    let before = Job::new([year]).as_of(Day::from_ymd(2025, 12, 31)?).run()?;
    let model = before.segmentation().model().expect("quantiles have cut points");
    for (dimension, cuts) in model.scoring().cuts().iter() {
        let cuts: Vec<String> = cuts.cuts().iter().map(ToString::to_string).collect();
        println!("{dimension} is cut at {}", cuts.join(", "));
    }

    // The orders of both files together, as one input, a quarter later.
    let after = Job::new([year, quarter]).as_of(Day::from_ymd(2026, 3, 31)?).model(model).run()?;
    let mut moves: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for row in after.segmentation().rows() {
        let from = before.segmentation().get(row.customer_id()).map_or("(new)", |row| row.segment());
        if from != row.segment() {
            *moves.entry((from, row.segment())).or_default() += 1;
        }
    }
    let mut moves: Vec<_> = moves.into_iter().collect();
    moves.sort_by_key(|(_, customers)| std::cmp::Reverse(*customers));
    for ((from, to), customers) in moves.iter().take(5) {
        println!("{customers:>4} customers moved from {from} to {to}");
    }
    Ok(())
}
