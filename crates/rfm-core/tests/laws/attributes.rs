//! What lines say about their customers depends on the lines alone.

use std::collections::BTreeSet;

use super::*;
use rfm_core::{AttributeSummary, TextColumn, TransactionBatch};

/// A line that counts: customer, order, day, value.
type Said = (u8, u8, i32, u8);

const VALUES: [&str; 5] = ["", " ", "UK", "France", "uk"];
const ORDERS: [&str; 4] = ["", "9", "10", "9 "];

fn said() -> impl Strategy<Value = Vec<Said>> {
    prop::collection::vec((0u8..4, 0u8..4, ANALYSIS_DATE - 3..ANALYSIS_DATE, 0u8..5), 0..40)
}

fn push(rows: &[Said], summaries: &mut Summaries) {
    fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> (String, Vec<u32>) {
        let (mut all, mut ends) = (String::new(), Vec::new());
        texts.for_each(|text| {
            all.push_str(text);
            ends.push(u32::try_from(all.len()).unwrap());
        });
        (all, ends)
    }
    let (ids, id_ends) = texts(rows.iter().map(|row| ["a", "b", "c", "d"][usize::from(row.0)]));
    let (orders, order_ends) = texts(rows.iter().map(|row| ORDERS[usize::from(row.1)]));
    let (values, value_ends) = texts(rows.iter().map(|row| VALUES[usize::from(row.3)]));
    let days: Vec<Day> = rows.iter().map(|row| Day::from_epoch_days(row.2).unwrap()).collect();
    let amounts = vec![100; rows.len()];
    let column = |text, ends| TextColumn::new(text, ends).unwrap();
    let batch = TransactionBatch::try_new(column(&ids, &id_ends), &days, &amounts, Scale::CENTS).unwrap();
    let batch = batch.with_order_ids(column(&orders, &order_ends)).unwrap();
    summaries.push_batch(&batch.with_attributes(column(&values, &value_ends)).unwrap()).unwrap();
}

fn empty() -> Summaries {
    Summaries::new(CleaningPolicy::keep_all()).with_attributes()
}

/// The slow and obvious way: the largest day, order and value, and how many customers have more than one value.
fn expected(rows: &[Said]) -> (BTreeMap<String, Option<String>>, usize) {
    let mut said: BTreeMap<u8, BTreeSet<(i32, &str, &str)>> = BTreeMap::new();
    for (customer, order, day, value) in rows {
        let (order, value) = (ORDERS[usize::from(*order)], VALUES[usize::from(*value)]);
        let all = said.entry(*customer).or_default();
        if !value.trim().is_empty() {
            all.insert((*day, order, value));
        }
    }
    let distinct = |all: &BTreeSet<(i32, &str, &str)>| all.iter().map(|said| said.2).collect::<BTreeSet<_>>().len();
    let varied = said.values().filter(|all| distinct(all) > 1).count();
    let latest = |all: BTreeSet<(i32, &str, &str)>| all.last().map(|said| said.2.to_owned());
    let names = ["a", "b", "c", "d"];
    (said.into_iter().map(|(id, all)| (names[usize::from(id)].to_owned(), latest(all))).collect(), varied)
}

proptest! {
    #[test]
    fn the_latest_value_is_that_of_the_reference_however_lines_are_split(
        (rows, shuffled) in said().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        places in prop::collection::vec(0usize..4, 40),
    ) {
        let mut whole = empty();
        push(&rows, &mut whole);
        let whole = whole.finish().unwrap();
        let found: BTreeMap<String, Option<String>> = whole
            .iter()
            .map(|customer| (customer.customer_id().to_owned(), customer.attribute().map(str::to_owned)))
            .collect();
        prop_assert_eq!((found, whole.varied_attributes()), expected(&rows));

        let mut merged = empty();
        for part in 0..4 {
            let rows: Vec<Said> =
                shuffled.iter().zip(&places).filter(|(_, place)| **place == part).map(|(row, _)| *row).collect();
            let mut summaries = empty();
            push(&rows, &mut summaries);
            if part % 2 == 0 {
                std::mem::swap(&mut merged, &mut summaries);
            }
            merged.merge(summaries).unwrap();
        }
        prop_assert_eq!(merged.finish().unwrap(), whole);
    }

    #[test]
    fn the_customers_of_all_values_are_those_of_the_segment(rows in said()) {
        prop_assume!(!rows.is_empty());
        let rfm = Rfm::builder(analysis_date()).cleaning(CleaningPolicy::keep_all()).attributes().build().unwrap();
        let mut summaries = rfm.summaries();
        push(&rows, &mut summaries);
        let segmentation = rfm.segment(summaries.finish().unwrap()).unwrap();
        let customers = segmentation.customers();
        let by_value = AttributeSummary::new(&segmentation, |row| customers.get(row)?.attribute());
        let order: Vec<(usize, bool, Option<&str>)> = by_value
            .rows()
            .iter()
            .map(|row| {
                let segments = segmentation.segment_model().segments();
                let at = segments.iter().position(|segment| segment.name == row.segment()).unwrap_or(segments.len());
                (at, row.value().is_none(), row.value())
            })
            .collect();
        prop_assert!(order.is_sorted() && order.windows(2).all(|pair| pair[0] != pair[1]));
        for segment in segmentation.summary().rows() {
            let rows = || by_value.rows().iter().filter(|row| row.segment() == segment.name());
            prop_assert_eq!(rows().map(|row| row.customers()).sum::<u64>(), segment.customers());
            prop_assert_eq!(rows().map(|row| row.orders()).sum::<u64>(), segment.orders());
            prop_assert_eq!(rows().map(|row| row.revenue().minor()).sum::<i128>(), segment.revenue().minor());
            let shares = rows().map(|row| row.share().unwrap().minor()).sum::<i128>();
            prop_assert!(segment.customers() == 0 || (shares - 1_000_000).abs() <= 5, "{}", shares);
            for row in rows() {
                let found = segmentation.rows().filter(|found| {
                    found.segment() == row.segment() && found.customer().attribute() == row.value()
                });
                prop_assert_eq!(found.count() as u64, row.customers());
            }
        }
    }
}
