//! Rows in memory to segments, with `rfm-core` alone: no files, no threads, three small dependencies.

use rfm_core::{Amount, Day, Rfm, Transaction};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let orders = [
        // customer, order, day of December 2011, cents
        ("ann", "1001", 9, 1_999),
        ("ann", "1004", 2, 4_900),
        ("bob", "1002", 1, 500),
        ("cat", "1003", 5, 12_000),
        ("", "1005", 8, 800), // a guest: counted, not scored
    ];
    let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
    let mut summaries = rfm.summaries();
    for (customer_id, order_id, day, cents) in orders {
        let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
        summaries.push(Transaction { customer_id, order_id: Some(order_id), day, amount })?;
    }
    let segmentation = rfm.segment(summaries.finish()?)?;
    for row in segmentation.rows() {
        println!("{}  {}  {:>6}  {}", row.customer_id(), row.code(), row.monetary(), row.segment());
    }
    for (reason, lines) in segmentation.customers().account().reasons() {
        println!("not counted: {} line, {reason}", lines.lines());
    }
    Ok(())
}
