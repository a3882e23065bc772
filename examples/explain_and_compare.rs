//! Why a customer is in a segment, what another method would make of all of them, and a published recipe as a whole.

use rfm_kit::{Comparison, Day, Job, Preset, Scoring};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let orders = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.csv");
    let job = Job::new([orders]).as_of(Day::from_ymd(2025, 12, 31)?);

    let ours = job.clone().run()?.into_segmentation();
    let explanation = ours.explain("100128").expect("they bought");
    println!("{explanation}");

    // The same customers by ranks, which tell equal customers apart.
    let ntile: Scoring = "ntile".parse()?;
    let ranked = job.clone().scoring(ntile).run()?.into_segmentation();
    let comparison = Comparison::of(&ours, &ranked);
    println!("ntile: {} of {} customers in another segment", comparison.other_segment(), comparison.both());
    let mut moves: Vec<_> = comparison.moves().collect();
    moves.sort_by_key(|(.., customers)| std::cmp::Reverse(*customers));
    for (from, to, customers) in moves.iter().take(3) {
        println!("{customers:>4} from {from} to {to}");
    }

    // The recipe of R's package: its measures, lines, scores and segments, and what is wrong with it.
    let preset = Preset::RRfm;
    let published = job.preset(preset).run()?.into_segmentation();
    println!("\n{preset}: {} customers, {}", published.len(), preset.description());
    for defect in preset.defects() {
        println!("  {defect}");
    }
    for segment in published.summary().rows().iter().take(3) {
        println!("{:>4} customers in {}", segment.customers(), segment.name());
    }
    Ok(())
}
