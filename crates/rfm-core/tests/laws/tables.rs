//! A customer counts the same, whoever summarised the lines.

use super::*;
use rfm_core::{TextColumn, TransactionBatch};

/// What a table of customers says.
struct Table {
    ids: Vec<String>,
    orders: Vec<u64>,
    first: Vec<Day>,
    last: Vec<Day>,
    totals: Vec<i128>,
    scale: Scale,
}

impl Table {
    fn of(customers: &Customers, measure: FrequencyMeasure) -> Table {
        Table {
            ids: customers.iter().map(|customer| customer.customer_id().to_owned()).collect(),
            orders: customers.iter().map(|customer| frequency(measure, &customer)).collect(),
            first: customers.iter().map(|customer| customer.first_order()).collect(),
            last: customers.iter().map(|customer| customer.last_order()).collect(),
            totals: customers.iter().map(|customer| customer.total().minor()).collect(),
            scale: customers.scale(),
        }
    }

    /// Pushes the rows of these positions as one batch.
    fn push(&self, rows: &[usize], summaries: &mut Summaries) {
        fn pick<T: Clone>(rows: &[usize], column: &[T]) -> Vec<T> {
            rows.iter().map(|row| column[*row].clone()).collect()
        }
        let (mut ids, mut ends) = (String::new(), Vec::new());
        for id in pick(rows, &self.ids) {
            ids.push_str(&id);
            ends.push(u32::try_from(ids.len()).unwrap());
        }
        let (last, totals) = (pick(rows, &self.last), pick(rows, &self.totals));
        let batch = TransactionBatch::try_new(TextColumn::new(&ids, &ends).unwrap(), &last, &totals, self.scale);
        let (orders, first) = (pick(rows, &self.orders), pick(rows, &self.first));
        summaries.push_batch(&batch.unwrap().with_summaries(&orders, &first).unwrap()).unwrap();
    }
}

/// Everything that a result says of a customer.
fn row(row: rfm_core::SegmentationRow<'_>) -> impl PartialEq + core::fmt::Debug {
    let days = (row.customer().first_order(), row.last_order(), row.recency_days());
    let values = (row.frequency(), row.monetary(), row.cell(), row.code().to_string());
    (row.customer_id().to_owned(), days, values, row.segment().to_owned())
}

proptest! {
    #[test]
    fn lines_and_the_table_of_their_customers_give_the_same_segmentation(
        journal in journal(LINES), policy in policy(), scorings in scorings(), measure in frequency_measure(),
        places in prop::collection::vec(0usize..3, LINES),
    ) {
        // The rules about lines were applied to the lines; a table of customers has none.
        let of_tables = rfm(&scorings, measure, CleaningPolicy::default());
        let rfm = rfm(&scorings, measure, policy);
        let Some(of_lines) = segment(&rfm, &journal) else { return Ok(()) };
        let table = Table::of(of_lines.customers(), measure);
        let all: Vec<usize> = (0..table.ids.len()).collect();
        let mut whole = of_tables.summaries();
        table.push(&all, &mut whole);
        let whole = whole.finish().unwrap();

        // Whatever part a row is in, and whichever way the parts are merged.
        let mut merged = of_tables.summaries();
        for part in 0..3 {
            let rows: Vec<usize> = all.iter().copied().rev().filter(|row| places[*row] == part).collect();
            let mut summaries = of_tables.summaries();
            table.push(&rows, &mut summaries);
            std::mem::swap(&mut merged, &mut summaries);
            merged.merge(summaries).unwrap();
        }
        prop_assert_eq!(&merged.finish().unwrap(), &whole);

        prop_assert_eq!(whole.account().used().lines() as usize, of_lines.len());
        let of_table = of_tables.segment(whole).unwrap();
        prop_assert_eq!(of_table.model(), of_lines.model());
        prop_assert!(of_table.rows().map(row).eq(of_lines.rows().map(row)));
        for (table, lines) in of_table.summary().rows().iter().zip(of_lines.summary().rows()) {
            prop_assert_eq!((table.name(), table.customers(), table.revenue()), (lines.name(), lines.customers(), lines.revenue()));
            prop_assert_eq!((table.means(), table.medians()), (lines.means(), lines.medians()));
        }
    }
}
