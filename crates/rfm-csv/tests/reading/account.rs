//! `HAZARDS.md` rows 3, 19 and 20, and the account: rows read = used + excluded + refused, in lines and in money.

use std::fs;
use std::path::PathBuf;

use rfm_core::{CleaningPolicy, Reject, Role, Summaries, TransactionSource};
use rfm_csv::{BadRows, CsvOptions, CsvSource, ReadOptions};

use crate::support::{drain, drain_with, message, read, reasons, skipping, table};

const DIRTY: &str = "customer_id,order_id,order_date,quantity,price\n\
    ann,1,2024-01-01,2,1.50\n\
    ann,C2,2024-01-01,-2,1.50\n\
    ,3,2024-01-02,1,4.00\n\
    bob,4,never,3,1.00\n\
    bob,5,2024-01-03,3,free\n\
    bob,6\n\
    \"bo\"b,7,2024-01-03,1,1.00\n\
    bob,8,2024-01-04,1,0\n";

#[test]
fn refused_lines_are_counted_with_their_money_where_it_can_be_read() {
    let source = CsvSource::from_bytes("a.csv", DIRTY.as_bytes(), skipping()).unwrap();
    let (customers, reports) = drain_with(source, CleaningPolicy::online_retail()).unwrap();
    let account = customers.account();
    assert_eq!(
        reasons(&customers),
        [
            "2 bad record 0.00 2",
            "1 bad date 3.00 0",
            "1 bad number 0.00 1",
            "1 missing customer 4.00 0",
            "1 cancelled order -3.00 0",
            "1 price not positive 0.00 0",
        ]
    );
    assert_eq!((account.used().lines(), account.read().lines(), reports[0].rows()), (1, 8, 8));
    assert_eq!(account.money(account.read()).to_string(), "7.00");
}

#[test]
fn a_line_that_is_worth_more_decimals_than_the_rest_still_adds_up() {
    let customers = read(table("ann,2024-01-01,1.5\nann,never,0.125\n"), skipping()).unwrap();
    assert_eq!(customers.account().money(customers.account().read()).to_string(), "1.625");
}

#[test]
fn more_bad_rows_than_allowed_are_an_error_that_names_the_next_one() {
    let text = table("ann,2024-01-01,1\nx\ny\nz\n");
    let options = |limit| ReadOptions::default().bad_rows(BadRows::Skip { limit: Some(limit) });
    assert_eq!(read(&text, options(3)).unwrap().account().read().lines(), 4);
    assert_eq!(
        message(&text, options(2)),
        "more than 2 bad rows; the next one is a.csv, line 5: expected 3 fields as in the header, found 1"
    );
    assert!(message(&text, options(0)).contains("line 3"));
    // The place is that of the fault, not only in the text of the message.
    let text = table("\"ann\"a,2024-01-01,1\n");
    let error = read(&text, options(0)).unwrap_err();
    let place = "a.csv, line 2, column 1 `customer_id`";
    assert!(error.to_string().starts_with(&format!("more than 0 bad rows; the next one is {place}: ")), "{error}");
    assert_eq!(error.position().unwrap().to_string(), place);
}

#[test]
fn the_limit_of_bad_rows_is_that_of_all_files_together() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..3).map(|at| folder.path().join(at.to_string())).collect();
    for path in &paths {
        fs::write(path, table("ann,2024-01-01,1\nx\n")).unwrap();
    }
    let open = |limit| {
        let options = ReadOptions::default().bad_rows(BadRows::Skip { limit: Some(limit) });
        drain(CsvSource::open(&paths, options).unwrap())
    };
    assert!(open(3).is_ok() && open(2).is_err());
}

#[test]
fn rejected_lines_are_given_with_line_reason_and_text() {
    let mut source = CsvSource::from_bytes("a.csv", DIRTY.as_bytes(), skipping().keep_rejects()).unwrap();
    let mut summaries = Summaries::new(CleaningPolicy::online_retail());
    let mut found = Vec::new();
    while let Some(batch) = source.next_batch().unwrap() {
        let verdicts = summaries.push_batch(&batch).unwrap();
        for line in source.rejected_lines(verdicts) {
            assert_eq!(line.input().to_string(), "a.csv");
            assert_eq!(line.detail().is_some(), line.reason().is_refusal());
            found.push((line.line(), line.reason(), line.text().to_owned()));
        }
    }
    let expected = [
        (3, Reject::Cancelled),
        (4, Reject::MissingCustomer),
        (5, Reject::BadDate),
        (6, Reject::BadNumber),
        (7, Reject::BadRecord),
        (8, Reject::BadRecord),
        (9, Reject::PriceNotPositive),
    ];
    let lines: Vec<&str> = DIRTY.lines().collect();
    for ((line, reason, text), expected) in found.iter().zip(expected) {
        assert_eq!((*line, *reason), expected);
        assert_eq!(text, lines[*line as usize - 1]);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn rejected_lines_come_in_their_order_whoever_rejects_them() {
    let rows = [
        "ann,2024-01-01,1",
        ",2024-01-01,2",
        "ann,2024-01-01,1",
        ",,",
        "x",
        "bob,2024-01-01,-3",
        "bob,never,4",
        "\"cid\n\",2024-01-02,5",
        ",,,,",
        ",2024-01-03,6",
    ];
    let text = table(&(rows.join("\n") + "\n"));
    let options = skipping().drop_repeated_lines().keep_rejects();
    let mut source = CsvSource::from_bytes("a.csv", text.as_bytes(), options).unwrap();
    let mut summaries = Summaries::new(CleaningPolicy::default());
    let batch = source.next_batch().unwrap().unwrap();
    let verdicts = summaries.push_batch(&batch).unwrap().to_vec();
    let found: Vec<_> = source
        .rejected_lines(&verdicts)
        .map(|line| {
            let message = line.detail().map(|detail| detail.split_once(": ").unwrap().0.to_owned());
            (line.line(), line.reason(), line.text().to_owned(), message)
        })
        .collect();
    let excluded = |line, reason, row: usize| (line, reason, rows[row].to_owned(), None);
    let refused = |line, reason, row: usize, place: &str| (line, reason, rows[row].to_owned(), Some(place.to_owned()));
    assert_eq!(
        found,
        [
            excluded(3, Reject::MissingCustomer, 1),
            excluded(4, Reject::RepeatedLine, 2),
            excluded(5, Reject::BlankRow, 3),
            refused(6, Reject::BadRecord, 4, "a.csv, line 6"),
            excluded(7, Reject::AmountNotPositive, 5),
            refused(8, Reject::BadDate, 6, "a.csv, line 8, column 2 `order_date`"),
            excluded(11, Reject::BlankRow, 8),
            excluded(12, Reject::MissingCustomer, 9),
        ]
    );
    assert!(source.next_batch().unwrap().is_none());
    let customers = summaries.finish().unwrap();
    assert_eq!(customers.account().rejected_total().lines(), found.len() as u64);
}

#[test]
fn rejected_lines_name_the_file_they_are_in_also_across_batches() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, table(&"ann,2024-01-17,1\nx\n".repeat(9_000))).unwrap();
    fs::write(&two, table("y\n")).unwrap();
    let mut source = CsvSource::open([&one, &two], skipping().keep_rejects()).unwrap();
    let mut summaries = Summaries::new(CleaningPolicy::default());
    let mut found = Vec::new();
    while let Some(batch) = source.next_batch().unwrap() {
        let verdicts = summaries.push_batch(&batch).unwrap();
        found.extend(source.rejected_lines(verdicts).map(|line| (line.input().as_path().to_owned(), line.line())));
    }
    assert_eq!(found.len(), 9_001);
    let (last, first) = found.split_last().unwrap();
    assert_eq!(last, &(two, 2));
    assert!(first.iter().zip(1..).all(|((path, line), at)| *path == one && *line == 2 * at + 1));
}

#[test]
fn files_with_and_without_order_ids_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, table("ann,2024-01-01,1\n")).unwrap();
    fs::write(&two, "customer_id,order_id,order_date,amount\nann,1,2024-01-01,1\n").unwrap();
    let mut source = CsvSource::open([&one, &two], CsvOptions::default()).unwrap();
    let mut summaries = Summaries::new(CleaningPolicy::default());
    summaries.push_batch(&source.next_batch().unwrap().unwrap()).unwrap();
    let error = summaries.push_batch(&source.next_batch().unwrap().unwrap()).unwrap_err();
    assert_eq!(error, rfm_core::SummaryError::MixedOrders);
}

/// The generator knows which cells it made dirty, and so what must be refused.
#[test]
fn the_dirt_of_generated_orders_is_accounted_for_to_the_line() {
    use rfm_testkit::generate::{Expected, Shape};
    let generator = Shape::new().seed(11).customers(400).dirty_cells(150).build().unwrap();
    let mut csv = Vec::new();
    let lines = generator.write_csv(&mut csv).unwrap();
    let lost = generator.lines().filter(|line| line.dirt().is_some_and(|dirt| dirt.expected() == Expected::NoValue));
    let customers = read(&csv, skipping()).unwrap();
    let account = customers.account();
    let refused: u64 = [Reject::BadDate, Reject::BadNumber].map(|reason| account.rejected(reason).lines()).iter().sum();
    assert_eq!(refused, lost.count() as u64);
    assert_eq!(account.read().lines(), lines);
}

/// The Online Retail II data and a fact that others counted in them before cleaning.
fn online_retail(test: &str) -> Option<(PathBuf, impl Fn(&str) -> u64)> {
    let shared = rfm_testkit::shared(test)?;
    let facts = rfm_testkit::golden::Table::read(shared.join("golden/file_facts.csv")).unwrap();
    let fact = move |name: &str| {
        let is_it = |row: &rfm_testkit::golden::Row<'_>| {
            row.text("file").unwrap() == "online_retail_II.csv.gz" && row.text("fact").unwrap() == name
        };
        facts.rows().find(is_it).unwrap().integer("value").unwrap()
    };
    Some((shared.join("data/online_retail_II.csv.gz"), fact))
}

/// Row 20: 243,007 lines without a customer.
#[test]
fn online_retail_adds_up_to_the_line() {
    let Some((path, fact)) = online_retail("online_retail_adds_up_to_the_line") else { return };
    let (customers, reports) = drain(CsvSource::open([&path], CsvOptions::default()).unwrap()).unwrap();
    let account = customers.account();
    let missing = account.rejected(Reject::MissingCustomer).lines();
    assert_eq!((reports[0].rows(), missing), (1_067_371, 243_007));
    assert_eq!((fact("rows"), fact("rows without customer")), (1_067_371, 243_007));
    assert_eq!(account.money(account.read()).to_string(), "19287250.568");
}

/// Row 19: each line is counted under its first reason. 19,494 lines are of cancelled orders; 750 of them have no customer
/// and are counted for that, so that 18,744 remain. Nothing is lost where another column, one without gaps, is the customer.
#[test]
fn cancelled_lines_of_online_retail_are_counted_to_the_line() {
    let Some((path, fact)) = online_retail("cancelled_lines_of_online_retail_are_counted_to_the_line") else { return };
    let lines = |options: ReadOptions, policy, reason| {
        let (customers, _) = drain_with(CsvSource::open([&path], options).unwrap(), policy).unwrap();
        let account = customers.account();
        assert_eq!(account.money(account.read()).to_string(), "19287250.568");
        (account.rejected(reason).lines(), account.rejected(Reject::MissingCustomer).lines())
    };
    let by_country = || ReadOptions::default().column(Role::Customer, "Country");
    let policy = CleaningPolicy::online_retail;
    assert_eq!(lines(ReadOptions::default(), policy(), Reject::Cancelled), (18_744, 243_007));
    assert_eq!(lines(by_country(), policy(), Reject::Cancelled), (19_494, 0));
    assert_eq!(fact("rows with invoice starting with C"), 19_494);
    // Without the rule for cancelled orders, 22,950 lines have no positive quantity.
    assert_eq!(lines(by_country(), CleaningPolicy::default(), Reject::QuantityNotPositive), (22_950, 0));
    assert_eq!(fact("rows with quantity <= 0"), 22_950);
}
