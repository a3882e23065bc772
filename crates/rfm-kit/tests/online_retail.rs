//! A million real order lines (UCI Online Retail II) from the file to the segments, against other people's numbers.
//!
//! The expected values were made by R, DuckDB and pandas; `../shared/golden/README.md` says how. Tests are skipped, visibly,
//! where the shared data are absent.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rfm_kit::cell::IdFormat;
use rfm_kit::output::{Extras, Format, TextGuard, write_customers, write_segments};
use rfm_kit::{CleaningPolicy, Day, Decimal, Job, ReadOptions, Reject, Run, Scale};
use rfm_testkit::generate::SplitMix64;
use rfm_testkit::golden::{CustomerScores, CustomerValues, Table};
use rfm_testkit::shared;

/// The recipe of `golden/README.md`.
fn job<P: Into<PathBuf>>(inputs: impl IntoIterator<Item = P>) -> Job {
    Job::new(inputs)
        .as_of(Day::from_ymd(2011, 12, 10).unwrap())
        .cleaning(CleaningPolicy::online_retail())
        .reading(ReadOptions::default().ids(IdFormat::Integer))
}

fn run<P: Into<PathBuf>>(inputs: impl IntoIterator<Item = P>) -> Run {
    job(inputs).run().unwrap()
}

/// The unpacked text; `None` where the data are absent.
fn text(test: &str) -> Option<&'static str> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let packed = shared(test)?.join("data/online_retail_II.csv.gz");
    Some(TEXT.get_or_init(|| {
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(fs::File::open(packed).unwrap()).read_to_string(&mut text).unwrap();
        text
    }))
}

/// Every byte of the customers and the segments.
fn bytes(run: &Run) -> Vec<u8> {
    let mut out = Vec::new();
    write_customers(run.segmentation(), &Extras::default(), Format::Csv, TextGuard::Spreadsheet, &mut out).unwrap();
    write_segments(&run.segmentation().summary(), Format::Json, TextGuard::Spreadsheet, &mut out).unwrap();
    out
}

fn write(directory: &Path, name: &str, lines: &[&str]) -> PathBuf {
    let path = directory.join(name);
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    path
}

#[test]
fn every_customer_has_the_golden_values_and_every_line_is_accounted_for() {
    let Some(shared) = shared("every_customer_has_the_golden_values") else { return };
    let run = run([shared.join("data/online_retail_II.csv.gz")]);
    let rows: Vec<_> = run.segmentation().rows().collect();
    let mut golden = CustomerValues::read(shared.join("golden/online_retail_II/rfm_values.csv")).unwrap();
    golden.sort_by(|left, right| left.customer_id.cmp(&right.customer_id));
    assert_eq!(rows.len(), 5_878);
    for (row, golden) in rows.iter().zip(&golden) {
        assert_eq!(row.customer_id(), golden.customer_id);
        assert_eq!(i64::from(row.recency_days()), golden.recency_days, "{}", golden.customer_id);
        assert_eq!(row.frequency().minor(), golden.frequency.into(), "{}", golden.customer_id);
        let monetary = row.monetary();
        assert_eq!(
            Some(monetary.minor()),
            golden.monetary.at_scale(monetary.scale().decimals()),
            "{}",
            golden.customer_id
        );
        assert_eq!(row.customer().lines(), golden.lines, "{}", golden.customer_id);
    }
    assert_eq!(rows.iter().map(|row| row.frequency().minor()).sum::<i128>(), 36_969);

    let account = run.segmentation().customers().account();
    let money = |tally| account.money(tally).to_string();
    assert_eq!((account.used().lines(), money(account.used()).as_str()), (805_549, "17743429.178"));
    assert_eq!((account.read().lines(), money(account.read()).as_str()), (1_067_371, "19287250.568"));
    // The golden cleaning.csv counts the lines left after each step: 824,364, 805,620, 805,620, 805,549.
    let reasons: Vec<_> = account.reasons().map(|(why, tally)| (why, tally.lines(), money(tally))).collect();
    assert_eq!(
        reasons,
        [
            (Reject::MissingCustomer, 1_067_371 - 824_364, "2638958.180".to_owned()),
            (Reject::Cancelled, 824_364 - 805_620, "-1095136.790".to_owned()),
            (Reject::PriceNotPositive, 805_620 - 805_549, "0.000".to_owned()),
        ]
    );
    assert!(run.notes().is_empty(), "{:?}", run.notes());
}

#[test]
fn quintiles_and_segments_are_the_golden_ones() {
    let Some(shared) = shared("quintiles_and_segments_are_the_golden_ones") else { return };
    let run = run([shared.join("data/online_retail_II.csv.gz")]);
    let golden = CustomerScores::read(shared.join("golden/online_retail_II/scores.csv")).unwrap();
    let table = Table::read(shared.join("golden/segment_table_11.csv")).unwrap();
    let segments: BTreeMap<&str, &str> =
        table.column("code").unwrap().into_iter().zip(table.column("segment").unwrap()).collect();
    for golden in &golden {
        let row = run.segmentation().get(&golden.customer_id).unwrap();
        let cell = row.cell();
        assert_eq!(cell.recency.number(), golden.qcut.recency, "{}", golden.customer_id);
        assert_eq!(cell.monetary.number(), golden.qcut.monetary, "{}", golden.customer_id);
        // Plain right-closed quintiles with repeated edges kept: counts are whole, so R's +1 changes nothing.
        assert_eq!(cell.frequency.number(), golden.r_rfm.frequency, "{}", golden.customer_id);
        // Two names of the published table have a suffix that ours leave out.
        let golden_name = segments[row.code().to_string().as_str()];
        let expected = match golden_name {
            "Hibernating Customers" => "Hibernating",
            "Lost Customers" => "Lost",
            other => other,
        };
        assert_eq!(row.segment(), expected);
    }
    assert_eq!(golden.len(), 5_878);
}

#[test]
fn the_order_of_lines_and_any_split_of_the_file_change_no_byte() {
    let Some(text) = text("the_order_of_lines_and_any_split_of_the_file_change_no_byte") else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let header = lines.remove(0);
    let with_header = |lines: &[&'static str]| [&[header], lines].concat();
    let whole = write(directory.path(), "whole.csv", &with_header(&lines));
    let expected = bytes(&run([whole]));

    let mut random = SplitMix64::new(7);
    for at in (1..lines.len()).rev() {
        let other = random.below(u32::try_from(at).unwrap() + 1) as usize;
        lines.swap(at, other);
    }
    let shuffled = write(directory.path(), "shuffled.csv", &with_header(&lines));
    assert!(bytes(&run([shuffled])) == expected, "shuffled lines give other bytes");

    let mut parts: Vec<PathBuf> = lines
        .chunks(lines.len().div_ceil(7))
        .enumerate()
        .map(|(at, part)| write(directory.path(), &format!("part{at}.csv"), &with_header(part)))
        .collect();
    assert_eq!(parts.len(), 7);
    parts.rotate_left(3);
    parts.swap(0, 5);
    assert!(bytes(&run(parts)) == expected, "seven parts in another order give other bytes");
}

#[test]
fn prices_in_pence_change_no_score_no_code_and_no_segment() {
    let Some(text) = text("prices_in_pence_change_no_score_no_code_and_no_segment") else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let pence = |line: &str| {
        // From behind, since only the description is quoted: country, customer, price.
        let parts: Vec<&str> = line.rsplitn(4, ',').collect();
        let price: Decimal = parts[2].parse().unwrap();
        let tenths_of_pence =
            price.minor() * i128::from(Scale::new(3).unwrap().minor_units() / price.scale().minor_units());
        let price = Decimal::new(tenths_of_pence, Scale::new(1).unwrap());
        format!("{},{price},{},{}", parts[3], parts[1], parts[0])
    };
    let lines: Vec<String> = lines.map(pence).collect();
    let path = directory.path().join("pence.csv");
    fs::write(&path, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
    let in_pence = run([path]);
    let in_pounds = run([shared("").unwrap().join("data/online_retail_II.csv.gz")]);
    let scores = |run: &Run| -> Vec<(String, String, String)> {
        let rows = run.segmentation().rows();
        rows.map(|row| (row.customer_id().to_owned(), row.code().to_string(), row.segment().to_owned())).collect()
    };
    assert!(scores(&in_pence) == scores(&in_pounds));
    let used = |run: &Run| {
        let account = run.segmentation().customers().account();
        account.money(account.used()).to_string()
    };
    assert_eq!((used(&in_pounds).as_str(), used(&in_pence).as_str()), ("17743429.178", "1774342917.80"));
}

#[test]
fn a_frozen_model_gives_the_scores_of_its_fit() {
    let Some(shared) = shared("a_frozen_model_gives_the_scores_of_its_fit") else { return };
    let input = shared.join("data/online_retail_II.csv.gz");
    let fitted = run([&input]);
    let model = fitted.segmentation().model().expect("quantiles have cut points");
    let applied = job([&input]).model(model).run().unwrap();
    assert!(bytes(&applied) == bytes(&fitted));
}
