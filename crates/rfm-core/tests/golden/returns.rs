//! Returns and times of day of Online Retail II.
//!
//! The numbers were counted once with DuckDB 2.0.0 on `DECIMAL(18,3)` (sums over lines with a customer id, a price above zero and a
//! quantity other than zero, grouped by customer; `floor(epoch(as_of - max(InvoiceDate)) / 86400)` for elapsed days), those of matched
//! returns with a script that looks through the purchases of each customer and product one by one.

use super::*;
use rfm_core::{MonetaryMeasure, RecencyMeasure, Returns};

/// What batches have beyond those of the other tests.
#[derive(Default)]
struct MoreColumns {
    columns: Columns,
    products: String,
    product_ends: Vec<u32>,
    times: Vec<u32>,
}

impl MoreColumns {
    fn add(&mut self, line: &csv::StringRecord) {
        self.columns.add(line);
        self.products.push_str(&line[1]);
        self.product_ends.push(self.products.len().try_into().unwrap());
        let part = |range: std::ops::Range<usize>| line[4][range].parse::<u32>().unwrap();
        self.times.push((part(11..13) * 60 + part(14..16)) * 60 + part(17..19));
    }

    fn flush(&mut self, all: &mut [Summaries]) {
        let Columns { customers, customer_ends, orders, order_ends, days, amounts, quantities, prices } = &self.columns;
        let customers = TextColumn::new(customers, customer_ends).unwrap();
        let batch = TransactionBatch::try_new(customers, days, amounts, MILLS).unwrap();
        let batch = batch.with_order_ids(TextColumn::new(orders, order_ends).unwrap()).unwrap();
        let batch = batch.with_quantities(quantities).unwrap().with_prices(prices).unwrap();
        let batch = batch.with_products(TextColumn::new(&self.products, &self.product_ends).unwrap()).unwrap();
        let batch = batch.with_times(&self.times).unwrap();
        for summaries in all {
            summaries.push_batch(&batch).unwrap();
        }
        *self = MoreColumns::default();
    }
}

/// Net, separate and matched over both sheets, and net over the second one.
fn read(shared: &Path) -> &'static [Customers; 4] {
    static READ: OnceLock<[Customers; 4]> = OnceLock::new();
    READ.get_or_init(|| {
        let file = File::open(shared.join("data/online_retail_II.csv.gz")).unwrap();
        let text = flate2::read::MultiGzDecoder::new(BufReader::new(file));
        let mut reader = csv::ReaderBuilder::new().from_reader(text);
        let mode = |returns| Summaries::new(CleaningPolicy::default().returns(returns)).with_times();
        let mut all = [Returns::Net, Returns::Separate, Returns::Match, Returns::Net].map(mode);
        let (mut columns, mut line, mut number) = (MoreColumns::default(), csv::StringRecord::new(), 0);
        while reader.read_record(&mut line).unwrap() {
            number += 1;
            columns.add(&line);
            if number == FIRST_SHEET || columns.times.len() == 4096 {
                let of_both = if number > FIRST_SHEET { 4 } else { 3 };
                columns.flush(&mut all[..of_both]);
            }
        }
        columns.flush(&mut all);
        all.map(|summaries| summaries.finish().unwrap())
    })
}

fn tally(customers: &Customers, reason: Reject) -> (u64, String) {
    let account = customers.account();
    let tally = account.rejected(reason);
    (tally.lines(), account.money(tally).to_string())
}

fn used(customers: &Customers) -> (u64, String) {
    let account = customers.account();
    (account.used().lines(), account.money(account.used()).to_string())
}

#[test]
fn net_totals_of_online_retail_are_exact() {
    let Some(shared) = rfm_testkit::shared("net_totals_of_online_retail_are_exact") else { return };
    let [net, _, _, second] = read(&shared);
    let below_zero = |customers: &Customers| customers.iter().filter(|customer| customer.total().minor() < 0).count();
    let at_zero = |customers: &Customers| customers.iter().filter(|customer| customer.total().minor() == 0).count();

    // Both sheets: 824,293 lines worth 16,648,292.388 of 5,939 customers.
    assert_eq!((net.len(), net.only_returns()), (5_878, 61));
    assert_eq!(used(net), (824_164, "16709343.308".to_owned()));
    assert_eq!(tally(net, Reject::OnlyReturns), (129, "-61050.920".to_owned()));
    assert_eq!((below_zero(net), at_zero(net)), (22, 19));

    // The second sheet is the Online Retail data with one more line, of 18.00: 4,371 customers worth 8,300,083.814. It is often told
    // that 42 of them are below zero and 7 at zero, which is a sum of floats: exactly it is 8 and 33 with nothing but returns, and
    // 13 (others have nothing but lines that are worth nothing).
    assert_eq!((second.len(), second.only_returns()), (4_338, 33));
    assert_eq!(used(second), (406_702, "8310495.054".to_owned()));
    assert_eq!(tally(second, Reject::OnlyReturns), (88, "-10411.240".to_owned()));
    assert_eq!((below_zero(second), at_zero(second)), (8, 13));
}

#[test]
fn returns_of_online_retail_are_kept_apart() {
    let Some(shared) = rfm_testkit::shared("returns_of_online_retail_are_kept_apart") else { return };
    let [_, separate, ..] = read(&shared);
    let sales = &online_retail(&shared).full;
    assert_eq!(separate.totals_and_orders(), sales.totals_and_orders());
    assert_eq!((separate.len(), separate.only_returns()), (5_878, 61));
    assert_eq!(tally(separate, Reject::Returned), (18_744, "-1095136.790".to_owned()));
    let returns: Vec<_> = separate.iter().filter_map(|customer| customer.returns()).collect();
    assert_eq!(returns.len(), 5_878);
    assert_eq!(returns.iter().filter(|returns| returns.orders() > 0).count(), 2_511);
    assert_eq!(returns.iter().map(|returns| returns.orders()).sum::<u64>(), 7_836);
    assert_eq!(returns.iter().map(|returns| returns.money().minor()).sum::<i128>(), 1_034_085_870);
}

#[test]
fn returns_of_online_retail_find_their_purchases() {
    let Some(shared) = rfm_testkit::shared("returns_of_online_retail_find_their_purchases") else { return };
    let [_, _, matched, _] = read(&shared);
    assert_eq!((matched.len(), matched.only_returns(), matched.rounded_matches()), (5_851, 88, 0));
    assert_eq!(used(matched), (799_773, "16919186.017".to_owned()));
    assert_eq!(matched.iter().map(|customer| customer.orders()).sum::<u64>(), 36_618);
    // 16,224 returns of -770,100.430, 5,776 purchases of which nothing is left and a part of 9,705, together 824,243.161.
    assert_eq!(tally(matched, Reject::MatchedReturn), (22_000, "54142.731".to_owned()));
    assert_eq!(tally(matched, Reject::UnmatchedReturn), (2_520, "-325036.360".to_owned()));
    let of = |id: &str| matched.find(id).and_then(|row| matched.get(row)).unwrap();
    assert_eq!((of("12346").total().to_string(), of("12346").lines()), ("368.360".to_owned(), 33));
    assert_eq!((of("17850").total().to_string(), of("17850").lines()), ("56420.810".to_owned(), 2_791));
}

/// Recency as a widely copied project has it: whole days from the time of the last line to the last time of all and a day.
#[test]
fn elapsed_days_of_online_retail_are_exact() {
    let Some(shared) = rfm_testkit::shared("elapsed_days_of_online_retail_are_exact") else { return };
    let [_, separate, ..] = read(&shared);
    assert_eq!(separate.last_moment(), Some((day("2011-12-09"), (12 * 60 + 50) * 60)));
    let rfm = Rfm::builder(day("2011-12-10"))
        .recency_measure(RecencyMeasure::ELAPSED)
        .analysis_time((12 * 60 + 50) * 60)
        .monetary_measure(MonetaryMeasure::Total)
        .build()
        .unwrap();
    let segmentation = rfm.segment(separate.clone()).unwrap();
    for (id, recency, lines, total) in [
        ("12346", 326, 34, "77556.460"),
        ("12347", 2, 253, "5633.320"),
        ("12348", 75, 51, "2019.400"),
        ("18286", 477, 67, "1296.430"),
    ] {
        let row = segmentation.get(id).unwrap();
        let found = (row.recency_days(), row.customer().lines(), row.monetary().to_string());
        assert_eq!(found, (recency, lines, total.to_owned()), "{id}");
    }
    let elapsed = || segmentation.rows().map(|row| i64::from(row.recency_days()));
    let days = || segmentation.rows().map(|row| i64::from(day("2011-12-10").days_since(row.last_order())));
    assert_eq!((elapsed().sum::<i64>(), days().sum::<i64>()), (1_183_429, 1_186_573));
    assert_eq!(elapsed().zip(days()).filter(|(elapsed, days)| elapsed != days).count(), 3_144);
}

/// For comparing what two readings have in common.
trait Facts {
    fn totals_and_orders(&self) -> Vec<(String, i128, u64, u64, Day)>;
}

impl Facts for Customers {
    fn totals_and_orders(&self) -> Vec<(String, i128, u64, u64, Day)> {
        let facts = |customer: rfm_core::CustomerSummary<'_>| {
            let (orders, lines) = (customer.orders(), customer.lines());
            (customer.customer_id().to_owned(), customer.total().minor(), orders, lines, customer.last_order())
        };
        self.iter().map(facts).collect()
    }
}
