//! Cut points and rules of your own, and what the rules cover before anybody acts on them.

use rfm_kit::scoring::CustomCuts;
use rfm_kit::{Axes, Day, Job, Scoring, SegmentModel, SegmentRule};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Up to 30 days, up to 90, up to a year, more; the shop's own price steps; terciles of the number of orders.
    let recency: CustomCuts = "30, 90, 365".parse()?;
    let monetary: CustomCuts = ">=50, 200, 1000".parse()?;
    let frequency: Scoring = "tertile".parse()?;

    let rules = SegmentModel::builder("campaigns", Axes { recency: 4, frequency: 3, monetary: 4 })
        .rule(SegmentRule::new("Call them").recency(1..=2).monetary(4))
        .rule(SegmentRule::new("Thank them").recency(4).frequency(3))
        .rule(SegmentRule::new("Second order").recency(3..=4).frequency(1))
        .rule(SegmentRule::new("Thank them warmly").recency(4).frequency(3).monetary(4))
        .fallback("Newsletter")
        .build()?;
    let coverage = rules.coverage();
    println!("{} of {} cells have a rule", coverage.cells() - coverage.gaps().len(), coverage.cells());
    for rule in coverage.rules().iter().filter(|rule| rule.state().is_unreachable()) {
        println!("nobody can ever be in `{}`", rules.segments()[rule.segment()].name);
    }

    let orders = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.csv");
    let run = Job::new([orders])
        .as_of(Day::from_ymd(2025, 12, 31)?)
        .recency(recency)
        .frequency(frequency)
        .monetary(monetary)
        .segments(rules)
        .run()?;
    for segment in run.segmentation().summary().rows() {
        println!("{:>4} customers, {:>10}  {}", segment.customers(), segment.revenue(), segment.name());
    }
    Ok(())
}
