//! A model that is fitted once: stored as JSON, loaded again, asked for one customer, and compared with those of later.

use rfm_kit::{Axes, Day, Dimension, Job, Model, Scale};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let year = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.csv");
    let quarter = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders-2026.csv");

    let fitted = Job::new([year]).as_of(Day::from_ymd(2025, 12, 31)?).run()?;
    let stored = fitted.model().expect("quantiles have cut points").to_json();
    println!("{} bytes of JSON", stored.len());

    // Another program, another day: the shop asks for one customer who ordered 20 days ago, 3 times, for 250.00 in all.
    let model = Model::from_json(&stored)?;
    let assigner = model.prepare(Scale::CENTS)?;
    let assigned = assigner.assign_values(Axes { recency: 20, frequency: 3, monetary: 25_000 })?;
    let code = assigned.cell().code(model.scoring().bins());
    println!("20 days, 3 orders, 250.00: {code} {}", assigner.name_of(assigned));

    // A quarter later: have the customers moved away from the cuts?
    let later = Job::new([year, quarter]).as_of(Day::from_ymd(2026, 3, 31)?).model(model).run()?;
    let drift = later.segmentation().drift()?;
    println!("{} customers then, {} now", drift.customers_then(), drift.customers_now());
    for dimension in Dimension::ALL {
        println!("{dimension}: population stability index {:.3}", drift.axes()[dimension].psi());
    }
    if let Some(refit) = drift.refit() {
        let comparison = refit.comparison();
        println!("{} of {} would be in another segment by a new fit", comparison.other_segment(), comparison.both());
    }
    Ok(())
}
