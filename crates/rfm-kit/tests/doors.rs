//! The same lines through every door give the same bytes: workbooks, delimited text, Parquet.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use rfm_kit::cell::IdFormat;
use rfm_kit::output::{Extras, Format, TextGuard, write_customers};
use rfm_kit::{CleaningPolicy, Day, Job, ReadOptions};
use rfm_testkit::shared;

/// Every byte of the customers, and what the account says.
fn customers(job: Job) -> (String, String) {
    let run = job.run().unwrap();
    let mut out = Vec::new();
    write_customers(run.segmentation(), &Extras::default(), Format::Csv, TextGuard::Spreadsheet, &mut out).unwrap();
    let account = run.segmentation().customers().account();
    let (read, used) = (account.read(), account.used());
    let told = format!("{} {} {} {}", read.lines(), account.money(read), used.lines(), account.money(used));
    (String::from_utf8(out).unwrap(), told)
}

/// The recipe of `golden/README.md`.
fn online_retail(input: impl Into<PathBuf>, as_of: (i16, u8, u8)) -> (String, String) {
    let (year, month, day) = as_of;
    let job = Job::new([input])
        .as_of(Day::from_ymd(year.into(), month, day).unwrap())
        .cleaning(CleaningPolicy::online_retail())
        .reading(ReadOptions::default().ids(IdFormat::Integer));
    customers(job)
}

/// The header and this many lines of a packed text.
fn beginning(packed: &Path, lines: usize, into: &Path) {
    let packed = BufReader::new(flate2::read::MultiGzDecoder::new(fs::File::open(packed).unwrap()));
    let mut out = std::io::BufWriter::new(fs::File::create(into).unwrap());
    for line in packed.lines().take(lines + 1) {
        writeln!(out, "{}", line.unwrap()).unwrap();
    }
    out.flush().unwrap();
}

#[test]
fn two_sheets_of_a_workbook_are_the_lines_of_the_text() {
    let Some(shared) = shared("two_sheets_of_a_workbook_are_the_lines_of_the_text") else { return };
    let text = online_retail(shared.join("data/online_retail_II.csv.gz"), (2011, 12, 10));
    let book = online_retail(shared.join("data/online_retail_II.xlsx"), (2011, 12, 10));
    assert_eq!(text.0.lines().count(), 5_879);
    assert_eq!(book.1, text.1);
    assert!(book.0 == text.0, "the workbook gives other customers");
}

#[test]
fn parquet_of_the_first_year_has_the_lines_of_the_text() {
    let Some(shared) = shared("parquet_of_the_first_year_has_the_lines_of_the_text") else { return };
    let directory = tempfile::tempdir().unwrap();
    let first_year = directory.path().join("first-year.csv");
    beginning(&shared.join("data/online_retail_II.csv.gz"), 525_461, &first_year);
    let text = online_retail(first_year, (2010, 12, 10));
    let parquet = online_retail(shared.join("data/online_retail_II_2009-2010.parquet"), (2010, 12, 10));
    assert!(text.1.starts_with("525461 "), "{}", text.1);
    assert_eq!(parquet.1, text.1);
    assert!(parquet.0 == text.0, "the Parquet file gives other customers");
}

#[test]
fn text_and_two_old_workbooks_of_one_table_are_alike() {
    let Some(shared) = shared("text_and_two_old_workbooks_of_one_table_are_alike") else { return };
    let [text, xls, ods] = ["csv", "xls", "ods"]
        .map(|extension| customers(Job::new([shared.join(format!("data/rfm_data_orders.{extension}"))])));
    assert_eq!(text.0.lines().count(), 996);
    assert_eq!((&xls.1, &ods.1), (&text.1, &text.1));
    assert!(xls.0 == text.0, "the .xls gives other customers");
    assert!(ods.0 == text.0, "the .ods gives other customers");
}
