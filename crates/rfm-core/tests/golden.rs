//! Real orders, against the results of other people's tools.
//!
//! Orders are read here with the `csv` crate and parsed by hand, so that nothing of this project stands between the files
//! and the core. What the tables hold and which tools made them is told in `../shared/golden/README.md`.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test may read files and look up in a set")]

#[path = "golden/clv.rs"]
mod clv;
#[path = "golden/pymc.rs"]
mod pymc;
#[path = "golden/returns.rs"]
mod returns;

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rfm_core::scoring::{Bins, CutMethod, CutPoints, Ntile, RankingStrategy, ScoreDisplay, ScoringStrategy, Values};
use rfm_core::{
    Amount, Axes, CleaningPolicy, Customers, Day, Dimension, Measures, Model, RankMethod, Reject, Rfm, RfmCell, Scale,
    Scoring, ScoringModel, SegmentModel, SegmentPreset, Summaries, TextColumn, Transaction, TransactionBatch,
};
use rfm_testkit::golden::{CustomerScores, CustomerValues, SegmentTotals, Table};

/// Prices have at most three decimals.
const MILLS: Scale = Scale::new(3).unwrap();
/// The first sheet is so long.
const FIRST_SHEET: u64 = 525_461;

/// The three readings of one file, made in one pass over it.
struct OnlineRetail {
    full: Customers,
    distinct: Customers,
    first_year: Customers,
    second_year: Customers,
}

/// The columns of a batch.
#[derive(Default)]
struct Columns {
    customers: String,
    customer_ends: Vec<u32>,
    orders: String,
    order_ends: Vec<u32>,
    days: Vec<Day>,
    amounts: Vec<i128>,
    quantities: Vec<i64>,
    prices: Vec<i64>,
}

impl Columns {
    fn add(&mut self, line: &csv::StringRecord) {
        // Invoice, StockCode, Description, Quantity, InvoiceDate, Price, Customer ID, Country
        let [quantity, price] = [line[3].parse().unwrap(), mills(&line[5])];
        self.orders.push_str(&line[0]);
        self.order_ends.push(self.orders.len().try_into().unwrap());
        self.customers.push_str(line[6].strip_suffix(".0").unwrap_or(&line[6]));
        self.customer_ends.push(self.customers.len().try_into().unwrap());
        self.days.push(line[4][..10].parse().unwrap());
        self.amounts.push((quantity * price).into());
        self.quantities.push(quantity);
        self.prices.push(price);
    }

    fn flush(&mut self, summaries: &mut Summaries) {
        let customers = TextColumn::new(&self.customers, &self.customer_ends).unwrap();
        let orders = TextColumn::new(&self.orders, &self.order_ends).unwrap();
        let batch = TransactionBatch::try_new(customers, &self.days, &self.amounts, MILLS).unwrap();
        let batch = batch.with_order_ids(orders).unwrap();
        let batch = batch.with_quantities(&self.quantities).unwrap().with_prices(&self.prices).unwrap();
        summaries.push_batch(&batch).unwrap();
        *self = Columns::default();
    }
}

fn mills(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<3}").parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn online_retail(shared: &Path) -> &'static OnlineRetail {
    static READ: OnceLock<OnlineRetail> = OnceLock::new();
    READ.get_or_init(|| {
        let file = File::open(shared.join("data/online_retail_II.csv.gz")).unwrap();
        let text = flate2::read::MultiGzDecoder::new(BufReader::new(file));
        let mut reader = csv::ReaderBuilder::new().from_reader(text);
        let empty = || Summaries::new(CleaningPolicy::online_retail()).with_active_days().with_daily_money();
        let (mut full, mut distinct, mut first_year, mut second_year) = (empty(), empty(), None, empty());
        let mut seen = HashSet::new();
        let (mut all, mut first_seen, mut second) = (Columns::default(), Columns::default(), Columns::default());
        let mut line = csv::StringRecord::new();
        let mut number = 0;
        while reader.read_record(&mut line).unwrap() {
            number += 1;
            all.add(&line);
            if number > FIRST_SHEET {
                second.add(&line);
            }
            if seen.insert(line.iter().collect::<Vec<_>>().join("\u{1f}")) {
                first_seen.add(&line);
            }
            if all.days.len() == 4096 || number == FIRST_SHEET {
                all.flush(&mut full);
                first_seen.flush(&mut distinct);
                second.flush(&mut second_year);
            }
            if number == FIRST_SHEET {
                first_year = Some(full.clone());
            }
        }
        all.flush(&mut full);
        first_seen.flush(&mut distinct);
        second.flush(&mut second_year);
        let finish = |summaries: Summaries| summaries.finish().unwrap();
        OnlineRetail {
            full: finish(full),
            distinct: finish(distinct),
            first_year: finish(first_year.unwrap()),
            second_year: finish(second_year),
        }
    })
}

/// Lines of customer, day and cents, each an order.
fn each_line_an_order<'a>(policy: CleaningPolicy, lines: impl Iterator<Item = (&'a str, Day, i64)>) -> Customers {
    let mut summaries = Summaries::new(policy).with_active_days().with_daily_money();
    for (customer_id, day, cents) in lines {
        let amount = Amount::from_minor(cents);
        summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
    }
    summaries.finish().unwrap()
}

fn rfm_data_orders(shared: &Path) -> Customers {
    let mut reader = csv::Reader::from_path(shared.join("data/rfm_data_orders.csv")).unwrap();
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    each_line_an_order(
        CleaningPolicy::keep_all(),
        lines.iter().map(|line| (&line[0], day(&line[1]), mills(&line[2]) / 10)),
    )
}

fn cdnow(shared: &Path) -> Customers {
    cdnow_until(shared, Day::MAX)
}

fn cdnow_until(shared: &Path, last: Day) -> Customers {
    let text = std::fs::read_to_string(shared.join("data/CDNOW_sample.txt")).unwrap();
    let policy = CleaningPolicy::keep_all().until(last);
    each_line_an_order(
        policy,
        text.lines().map(|line| {
            // Id, id within the sample, date, CDs, dollars.
            let fields: Vec<&str> = line.split_ascii_whitespace().collect();
            let date = format!("{}-{}-{}", &fields[2][..4], &fields[2][4..6], &fields[2][6..]);
            (fields[0].trim_start_matches('0'), day(&date), mills(fields[4]) / 10)
        }),
    )
}

/// A folder of golden tables and our customers of the same input.
struct Case {
    folder: PathBuf,
    name: &'static str,
    analysis_date: Day,
    customers: Customers,
}

fn cases(shared: &Path) -> Vec<Case> {
    let online = online_retail(shared);
    [
        ("online_retail_II", "2011-12-10", online.full.clone()),
        ("online_retail_II_distinct", "2011-12-10", online.distinct.clone()),
        ("online_retail_II_2009-2010", "2010-12-10", online.first_year.clone()),
        ("rfm_data_orders", "2006-12-31", rfm_data_orders(shared)),
        ("cdnow_sample", "1998-07-01", cdnow(shared)),
    ]
    .map(|(name, date, customers)| Case {
        folder: shared.join("golden").join(name),
        name,
        analysis_date: day(date),
        customers,
    })
    .into()
}

fn quintiles(case: &Case) -> Model {
    Rfm::builder(case.analysis_date).build().unwrap().fit(&case.customers).unwrap()
}

fn cuts_of_r(case: &Case) -> ScoringModel {
    let scoring = Axes::all(CutMethod::RfmR(Bins::QUINTILE));
    ScoringModel::fit(&scoring, Measures::default(), case.analysis_date, &case.customers).unwrap()
}

/// Every disagreement, so that a failure shows how many there are and which.
fn assert_none(what: &str, disagreements: &[String]) {
    let shown = disagreements.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(disagreements.is_empty(), "{what}: {} disagreements\n{shown}", disagreements.len());
}

fn numbers(cell: RfmCell) -> [u8; 3] {
    [cell.recency, cell.frequency, cell.monetary].map(rfm_core::Score::number)
}

#[test]
fn totals_of_online_retail_are_exact() {
    let Some(shared) = rfm_testkit::shared("totals_of_online_retail_are_exact") else { return };
    let customers = &online_retail(&shared).full;
    let account = customers.account();
    assert_eq!(customers.len(), 5_878);
    assert_eq!(customers.iter().map(|customer| customer.orders()).sum::<u64>(), 36_969);
    assert_eq!(account.money(account.used()).to_string(), "17743429.178");
    assert_eq!(account.read().lines(), 1_067_371);
    assert_eq!(account.money(account.read()).to_string(), "19287250.568");
    let rejected: Vec<(Reject, u64)> = account.reasons().map(|(reason, tally)| (reason, tally.lines())).collect();
    let expected = [(Reject::MissingCustomer, 243_007), (Reject::Cancelled, 18_744), (Reject::PriceNotPositive, 71)];
    assert_eq!(rejected, expected);
}

#[test]
fn every_cleaning_step_leaves_as_many_lines() {
    let Some(shared) = rfm_testkit::shared("every_cleaning_step_leaves_as_many_lines") else { return };
    for case in cases(&shared) {
        let account = case.customers.account();
        let steps = Table::read(case.folder.join("cleaning.csv")).unwrap();
        let left: Vec<u64> = steps.rows().map(|row| row.integer("rows_left").unwrap()).collect();
        let reasons =
            [Reject::MissingCustomer, Reject::Cancelled, Reject::QuantityNotPositive, Reject::PriceNotPositive];
        let mut rest = account.read().lines();
        let mut ours = vec![rest];
        for reason in reasons.into_iter().take(left.len() - 1) {
            rest -= account.rejected(reason).lines();
            ours.push(rest);
        }
        assert_eq!(ours, left, "{}", case.name);
        assert_eq!(account.used().lines(), rest, "{}", case.name);
    }
}

#[test]
fn values_of_every_customer_are_exact() {
    let Some(shared) = rfm_testkit::shared("values_of_every_customer_are_exact") else { return };
    for case in cases(&shared) {
        let golden = CustomerValues::read(case.folder.join("rfm_values.csv")).unwrap();
        let mut disagreements = Vec::new();
        for golden in &golden {
            let Some(row) = case.customers.find(&golden.customer_id) else {
                disagreements.push(format!("no {}", golden.customer_id));
                continue;
            };
            let customer = case.customers.get(row).unwrap();
            let days = [customer.first_order(), customer.last_order()].map(Day::epoch_days);
            let recency = i64::from(case.analysis_date.days_since(customer.last_order()));
            let money = golden.monetary.at_scale(case.customers.scale().decimals());
            let ours = (days, recency, customer.orders(), customer.lines(), Some(customer.total().minor()));
            let theirs = (
                [golden.first_order.days(), golden.last_order.days()],
                golden.recency_days,
                golden.frequency,
                golden.lines,
                money,
            );
            if ours != theirs {
                disagreements.push(format!("{}: {ours:?}, golden {theirs:?}", golden.customer_id));
            }
        }
        assert_none(case.name, &disagreements);
        assert_eq!(case.customers.len(), golden.len(), "{}", case.name);
    }
}

/// R and M against `pandas.qcut`. F against R, whose cuts plus 1 mean the same where the quantiles of a count are whole;
/// pandas refuses them where cuts are equal.
#[test]
fn quintiles_are_those_of_pandas_and_r() {
    let Some(shared) = rfm_testkit::shared("quintiles_are_those_of_pandas_and_r") else { return };
    for case in cases(&shared) {
        let segmentation = quintiles(&case).assign(case.customers.clone()).unwrap();
        let mut disagreements = Vec::new();
        for golden in CustomerScores::read(case.folder.join("scores.csv")).unwrap() {
            let row = segmentation.get(&golden.customer_id).unwrap();
            let theirs = [golden.qcut.recency, golden.r_rfm.frequency, golden.qcut.monetary];
            if numbers(row.cell()) != theirs {
                disagreements.push(format!(
                    "{} {:?}, golden {theirs:?}; {} {} {}",
                    golden.customer_id,
                    numbers(row.cell()),
                    row.recency_days(),
                    row.frequency(),
                    row.monetary()
                ));
            }
            // Where pandas does not refuse.
            if golden.qcut_frequency_plain.is_some_and(|score| score != row.cell().frequency.number()) {
                disagreements.push(format!("{}: frequency of qcut", golden.customer_id));
            }
        }
        assert_none(case.name, &disagreements);
    }
}

#[test]
fn scores_of_rs_package_are_those_of_its_cuts() {
    let Some(shared) = rfm_testkit::shared("scores_of_rs_package_are_those_of_its_cuts") else { return };
    for case in cases(&shared) {
        let model = cuts_of_r(&case);
        let cells = model.score_all(&case.customers, case.analysis_date).unwrap();
        let mut disagreements = Vec::new();
        for golden in CustomerScores::read(case.folder.join("scores.csv")).unwrap() {
            let ours = numbers(cells[case.customers.find(&golden.customer_id).unwrap()]);
            let theirs = [golden.r_rfm.recency, golden.r_rfm.frequency, golden.r_rfm.monetary];
            if ours != theirs {
                disagreements.push(format!("{} {ours:?}, golden {theirs:?}", golden.customer_id));
            }
        }
        assert_none(case.name, &disagreements);

        // The cuts themselves, as R printed them: doubles made of sums of doubles.
        let table = Table::read(case.folder.join("r_rfm_thresholds.csv")).unwrap();
        for (dimension, cuts) in model.cuts().iter() {
            let printed = table.column(&format!("{dimension}_lower")).unwrap();
            assert_eq!(printed.len(), cuts.cuts().len() + 1);
            for (cut, printed) in cuts.cuts().iter().zip(&printed[1..]) {
                let printed: f64 = printed.parse().unwrap();
                assert!((cut.to_f64() / printed - 1.0).abs() < 1e-14, "{}: {dimension} {cut} {printed}", case.name);
            }
        }
    }
}

/// The tables order equal customers by ids as numbers where they are numbers, so that keys say so here: byte by byte 4 would stand
/// behind 18.
#[test]
fn methods_that_rank_score_as_duckdb_and_pandas_do() {
    let Some(shared) = rfm_testkit::shared("methods_that_rank_score_as_duckdb_and_pandas_do") else { return };
    let (ntile, rank_first) =
        (RankMethod::Ntile(Ntile::new(Bins::QUINTILE)), RankMethod::RankFirstQcut(Bins::QUINTILE));
    for case in cases(&shared) {
        let keys = case.customers.iter().map(|customer| customer.customer_id().parse().ok());
        let keys: Vec<i64> = keys.collect::<Option<_>>().unwrap_or_default();
        let scores = |dimension, method: &RankMethod| {
            let column = Measures::default().column(dimension, &case.customers, case.analysis_date).unwrap();
            method.rank(Values::new(dimension, &column).with_tie_keys(&keys)).unwrap()
        };
        let ntiles = Axes::from_fn(|dimension| scores(dimension, &ntile));
        let rank_first = scores(Dimension::Frequency, &rank_first);
        let mut disagreements = Vec::new();
        for golden in CustomerScores::read(case.folder.join("scores.csv")).unwrap() {
            let row = case.customers.find(&golden.customer_id).unwrap();
            let ours = [ntiles.recency[row], ntiles.frequency[row], ntiles.monetary[row], rank_first[row]];
            let theirs = [golden.ntile.recency, golden.ntile.frequency, golden.ntile.monetary, golden.qcut.frequency];
            if ours.map(rfm_core::Score::number) != theirs {
                disagreements.push(format!("{} {ours:?}, golden {theirs:?}", golden.customer_id));
            }
        }
        assert_none(case.name, &disagreements);
    }
}

/// METHODS b.11: mwoitek/python-customer-segmentation, on the second of the two years.
///
/// It ranks recency from the fewest days and turns the bins round, so that equal customers have their lowest rank from the other
/// side; we rank from the worst on every dimension. That gives 20 customers another score of recency.
#[test]
fn equal_width_bins_of_ranks_give_the_published_segments() {
    let Some(shared) = rfm_testkit::shared("equal_width_bins_of_ranks_give_the_published_segments") else { return };
    let customers = &online_retail(&shared).second_year;
    let (method, analysis_date) = (CutMethod::RankMinCut(Bins::QUINTILE), day("2011-12-10"));
    let column = |dimension| Measures::default().column(dimension, customers, analysis_date).unwrap();
    // As if more days were better.
    let days = column(Dimension::Recency);
    let turned = method.fit(Values::new(Dimension::Frequency, &days)).unwrap();
    let recency = CutPoints::try_new(Dimension::Recency, turned.cuts().to_vec(), turned.closed()).unwrap();
    let fit = |dimension| method.fit(Values::new(dimension, &column(dimension))).unwrap();
    let cuts = Axes { recency, frequency: fit(Dimension::Frequency), monetary: fit(Dimension::Monetary) };
    let scoring = ScoringModel::from_cuts(cuts, Measures::default(), analysis_date).unwrap();
    let model = Model::try_new(scoring, SegmentPreset::Table11Older.model()).unwrap();
    let segmentation = model.assign(customers.clone()).unwrap();
    let sizes: BTreeMap<String, u64> =
        segmentation.summary().rows().iter().map(|row| (row.name().to_owned(), row.customers())).collect();
    let expected = [
        ("About To Sleep", 219),
        ("At Risk", 348),
        ("Cannot Lose Them", 125),
        ("Champions", 798),
        ("Hibernating", 657),
        ("Lost", 577),
        ("Loyal", 403),
        ("Need Attention", 254),
        ("New Customers", 407),
        ("Potential Loyalist", 307),
        ("Promising", 243),
    ];
    assert_eq!(sizes, expected.map(|(name, size)| (name.to_owned(), size)).into());

    let ours = ScoringModel::fit(&Axes::all(method), Measures::default(), analysis_date, customers).unwrap();
    let ours = ours.score_all(customers, analysis_date).unwrap();
    let moved = ours.iter().zip(segmentation.rows()).filter(|(ours, row)| **ours != row.cell());
    assert_eq!(moved.count(), 20);
}

/// METHODS b.6: openretailscience on five customers of one order each.
#[test]
fn five_customers_score_as_in_openretailscience() {
    let cents = |pounds: i64| pounds * 100;
    let rows = [
        (1, "2025-03-01", 100),
        (2, "2025-02-15", 200),
        (3, "2025-01-30", 150),
        (4, "2025-03-10", 300),
        (5, "2025-02-20", 250),
    ];
    let ids = ["1", "2", "3", "4", "5"];
    let customers = each_line_an_order(
        CleaningPolicy::default(),
        rows.into_iter().map(|(id, date, spend)| (ids[id - 1], day(date), cents(spend))),
    );
    let rfm = Rfm::builder(day("2025-03-17"))
        .scoring(Scoring::Ranks(RankMethod::Ntile(Ntile::new(Bins::QUINTILE))))
        .score_display(ScoreDisplay::FromZero)
        .build()
        .unwrap();
    let segmentation = rfm.segment(customers).unwrap();
    assert_eq!(segmentation.rows().map(|row| row.recency_days()).collect::<Vec<_>>(), [16, 30, 46, 7, 25]);
    // It shows 112 as a number, and 021 as 21.
    assert_eq!(
        segmentation.rows().map(|row| row.code().to_string()).collect::<Vec<_>>(),
        ["300", "112", "021", "434", "243"]
    );
}

#[test]
fn table_11_is_the_published_table() {
    let Some(shared) = rfm_testkit::shared("table_11_is_the_published_table") else { return };
    let (model, table) = (SegmentPreset::Table11.model(), golden_table(&shared));
    assert_eq!(table.len(), 125);
    for (code, segment) in &table {
        let digits: Vec<u8> = code.bytes().map(|digit| digit - b'0').collect();
        let cell = RfmCell::from_numbers(digits[0], digits[1], digits[2]).unwrap();
        assert_eq!(model.name_of(cell), segment, "{code}");
    }
}

/// The published names less a suffix that two of them have.
fn golden_table(shared: &Path) -> BTreeMap<String, String> {
    let table = Table::read(shared.join("golden/segment_table_11.csv")).unwrap();
    let segment = |text: &str| match text {
        "Hibernating Customers" | "Lost Customers" => text.trim_end_matches(" Customers").to_owned(),
        other => other.to_owned(),
    };
    table.rows().map(|row| (row.text("code").unwrap().to_owned(), segment(row.text("segment").unwrap()))).collect()
}

#[test]
fn segments_are_those_of_the_published_table() {
    let Some(shared) = rfm_testkit::shared("segments_are_those_of_the_published_table") else { return };
    let table = golden_table(&shared);
    for case in cases(&shared) {
        let segmentation = quintiles(&case).assign(case.customers.clone()).unwrap();
        for row in segmentation.rows() {
            assert_eq!(row.segment(), table[&row.code().to_string()], "{}", case.name);
        }
        let summary = segmentation.summary();
        let revenue: i128 = summary.rows().iter().map(|row| row.revenue().minor()).sum();
        assert_eq!(revenue, case.customers.iter().map(|customer| customer.total().minor()).sum::<i128>());
    }
}

#[test]
fn the_rule_sets_of_rs_package_segment_as_it_does() {
    let Some(shared) = rfm_testkit::shared("the_rule_sets_of_rs_package_segment_as_it_does") else { return };
    for case in cases(&shared) {
        for (preset, suffix) in [(SegmentPreset::RReadme, ""), (SegmentPreset::RTestSuite, "_testsuite")] {
            let model = Model::try_new(cuts_of_r(&case), preset.model()).unwrap();
            let segmentation = model.assign(case.customers.clone()).unwrap();
            let golden = Table::read(case.folder.join(format!("r_rfm_segments{suffix}.csv"))).unwrap();
            assert_eq!(golden.len(), segmentation.len());
            for golden in golden.rows() {
                let row = segmentation.get(golden.text("customer_id").unwrap()).unwrap();
                assert_eq!(row.segment(), golden.text("segment").unwrap(), "{}: {}", case.name, row.customer_id());
            }

            let summary = segmentation.summary();
            let ours = summary.rows().iter().filter(|row| row.customers() > 0);
            let ours: BTreeMap<&str, _> = ours.map(|row| (row.name(), row)).collect();
            let golden = SegmentTotals::read_r(case.folder.join(format!("r_rfm_segment_summary{suffix}.csv"))).unwrap();
            assert_eq!(golden.len(), ours.len());
            for golden in &golden {
                let row = ours[golden.segment.as_str()];
                assert_eq!((row.customers(), row.orders()), (golden.customers, golden.orders), "{}", golden.segment);
                // R shows 15 digits of a sum of doubles, which is enough here.
                assert_eq!(golden.monetary.to_string().parse::<f64>(), row.revenue().to_string().parse::<f64>());
                // Its mean is one of the numbers of two decimals nearest to the exact one. Two are where that is a tie: of
                // 27.26 over 4 orders in CDNOW R makes 6.81, since its sum is a double a little below; we make 6.82.
                let factor = 10_i128.pow(u32::from(3 - row.revenue().scale().decimals()));
                let (revenue, orders) = (row.revenue().minor() * factor, i128::from(row.orders()));
                let error = golden.mean_order.unwrap().at_scale(3).unwrap() * orders - revenue;
                assert!(2 * error.abs() <= 10 * orders, "{}: {} {golden:?}", case.name, row.revenue());
                let ours = row.mean_order_value().unwrap();
                let error = ours.minor() * 10_i128.pow(u32::from(3 - ours.scale().decimals())) * orders - revenue;
                assert!(2 * error.abs() <= 10 * orders, "{}: {} {ours}", case.name, row.revenue());
            }
        }
    }
}

/// The numbers of the test suite of R's package, METHODS b.2.
#[test]
fn published_numbers_of_the_r_package_are_met() {
    let Some(shared) = rfm_testkit::shared("published_numbers_of_the_r_package_are_met") else { return };
    let customers = rfm_data_orders(&shared);
    assert_eq!(customers.len(), 995);
    assert_eq!(customers.account().money(customers.account().used()).to_string(), "464158.00");
    let mut by_orders = BTreeMap::new();
    customers.iter().for_each(|customer| *by_orders.entry(customer.orders()).or_insert(0) += 1);
    let expected = [42, 83, 143, 187, 176, 150, 94, 51, 38, 20, 3, 5, 2, 1];
    assert_eq!(by_orders.into_iter().collect::<Vec<_>>(), (1..).zip(expected).collect::<Vec<(u64, i32)>>());

    let cuts = |text: &str| Scoring::from(text.parse::<rfm_core::scoring::CustomCuts>().unwrap());
    let rfm = Rfm::builder(day("2006-12-31"))
        .recency(cuts(">=115,181,297,482"))
        .frequency(cuts(">=4,5,6,8"))
        .monetary(cuts(">=256,382,506,666"))
        .segments(SegmentModel::unnamed(Axes::all(5)))
        .build()
        .unwrap();
    let segmentation = rfm.segment(customers).unwrap();
    let sizes = segmentation.score_table().map(|_, rows| rows.iter().map(|row| row.customers()).collect::<Vec<_>>());
    assert_eq!(sizes[Dimension::Recency], [197, 201, 198, 199, 200]);
    assert_eq!(sizes[Dimension::Frequency], [268, 187, 176, 244, 120]);
    assert_eq!(sizes[Dimension::Monetary], [200, 200, 197, 203, 195]);
    let abbey = segmentation.get("Abbey O'Reilly").unwrap();
    assert_eq!(
        (abbey.recency_days(), abbey.frequency().minor(), abbey.monetary().to_string()),
        (205, 6, "472.00".to_owned())
    );
}
