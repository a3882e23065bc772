//! Fits, applies and assigns in memory, a round for each line of standard input: ours, for `peers/score.py`.
//!
//!     cargo run --release -p rfm-benches --example score_large -- 10000000
//!
//! The customers are made from a formula that `peers/score_peer.py` has as well. Prints `ready`, and for each round the
//! seconds, a sum over the codes of all customers, and how many customers each segment has, from the smallest.

use std::error::Error;
use std::io::BufRead as _;
use std::time::Instant;

use rfm_core::{Customers, Day, Rfm, Scale, Segmentation, TextColumn, TransactionBatch};
use rfm_testkit::generate::SplitMix64;

const BATCH: u32 = 8192;

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).ok_or("usage: score_large CUSTOMERS")?.parse()?;
    let rfm = Rfm::builder(Day::from_ymd(2026, 1, 1)?).build()?;
    let mut customers = customers(&rfm, count)?;
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        line?;
        let start = Instant::now();
        let segmentation = rfm.segment(customers)?;
        let seconds = start.elapsed().as_secs_f64();
        println!("{seconds:.6} {}", facts(&segmentation));
        customers = segmentation.into_customers();
    }
    Ok(())
}

/// Customers as a shop's table of them says: last order up to two years ago, 1 to 64 orders, most have few.
fn customers(rfm: &Rfm, count: u32) -> Result<Customers, Box<dyn Error>> {
    let mut random = SplitMix64::new(1);
    let mut summaries = rfm.summaries().with_scale(Scale::CENTS);
    let today = rfm.analysis_date().epoch_days();
    for first in (0..count).step_by(BATCH as usize) {
        let (mut ids, mut ends, mut days, mut orders, mut totals) = (String::new(), vec![], vec![], vec![], vec![]);
        for customer in first..count.min(first + BATCH) {
            ids += &format!("{customer:08}");
            ends.push(u32::try_from(ids.len())?);
            days.push(Day::from_epoch_days(today - i32::try_from(random.next_u64() % 730)?).ok_or("two years")?);
            let draw = random.next_u64();
            orders.push(1 + ((draw % 64) >> ((draw >> 32) % 8)));
            totals.push(i128::from(orders[orders.len() - 1] * (100 + random.next_u64() % 50_000)));
        }
        let ids = TextColumn::new(&ids, &ends).ok_or("ends of ids")?;
        let batch = TransactionBatch::try_new(ids, &days, &totals, Scale::CENTS)?.with_summaries(&orders, &days)?;
        summaries.push_batch(&batch)?;
    }
    Ok(summaries.finish()?)
}

/// What the peers have to find as well. Rows come by customer id, which is by number.
fn facts(segmentation: &Segmentation) -> String {
    let mut sum = 0;
    let mut sizes = vec![0_u64; segmentation.segment_model().segments().len() + 1];
    for (row, place) in segmentation.rows().zip(0_u64..) {
        let [r, f, m] = [row.cell().recency, row.cell().frequency, row.cell().monetary].map(|s| u64::from(s.number()));
        sum += (r * 100 + f * 10 + m) * (place % 1009 + 1);
        sizes[row.segment_position()] += 1;
    }
    sizes.retain(|&size| size > 0);
    sizes.sort_unstable();
    format!("{sum} {sizes:?}")
}
