//! Any number of threads gives the same result, byte for byte, or the same error.
#![cfg(feature = "csv")]
#![allow(clippy::unwrap_used, reason = "a test program")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rfm_kit::output::{ExtraColumn, Format, TextGuard};
use rfm_kit::scoring::Binning;
use rfm_kit::{BadRows, FrequencyMeasure, Job, MonetaryMeasure, ReadOptions, Returns};

const LINES: u64 = 60_000;

const COLUMNS: [&str; 7] = ["customer", "order", "product", "quantity", "price", "date", "country"];

/// Lines of some thousand customers, enough for several threads: ids of both kinds, line breaks, returns, decimals that become more
/// towards the end.
fn lines() -> Vec<[String; 7]> {
    let mut lines = Vec::new();
    let mut random = 7u64;
    for line in 0..LINES {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut draw = |below: u64| {
            random = random.rotate_left(23).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (random >> 40) % below
        };
        let (customer, order) = (draw(3_000), draw(9));
        let customer_id =
            if customer % 7 == 0 { format!("a customer of long id {customer}") } else { customer.to_string() };
        let order_id =
            if order < 2 { format!("{customer}-an order of long id-{order}") } else { format!("{customer}-{order}") };
        let product = if draw(20) == 0 { "two\nlines, \"quoted\"" } else { "plain" };
        let quantity = i64::try_from(draw(9)).unwrap() - 1;
        let price = if line > LINES * 9 / 10 { "1.125" } else { "2.5" };
        let (month, day, hour) = (1 + draw(12), 1 + draw(28), draw(24));
        let country = ["France", "Ghana", ""][usize::try_from(draw(3)).unwrap()];
        let date = format!("2011-{month:02}-{day:02} {hour:02}:30");
        let (product, price, country) = (product.to_owned(), price.to_owned(), country.to_owned());
        lines.push([customer_id, order_id, product, quantity.to_string(), price, date, country]);
    }
    lines
}

fn orders(folder: &Path) -> PathBuf {
    let mut text = format!("{}\r\n", COLUMNS.join(","));
    for [customer, order, product, quantity, price, date, country] in lines() {
        let product = if product == "plain" { product } else { format!("\"{}\"", product.replace('"', "\"\"")) };
        write!(text, "{customer},{order},{product},{quantity},{price},{date},{country}\r\n").unwrap();
    }
    let path = folder.join("orders.csv");
    fs::write(&path, text).unwrap();
    path
}

/// Everything that comes of a job: the files by their names, or the error.
fn outcome(job: Job, threads: usize) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let out = tempfile::tempdir().unwrap();
    let run = job.threads(threads).run().map_err(|error| error.to_string())?;
    let formats = [Format::Csv, Format::Json];
    let files = run.write(out.path(), &formats, TextGuard::Spreadsheet).unwrap();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut files: BTreeMap<_, _> = files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect();
    files.insert("inputs".to_owned(), format!("{:?} {:?}", run.inputs(), run.notes()).into_bytes());
    Ok(files)
}

#[track_caller]
fn assert_alike(job: &Job, is_fine: bool) {
    let one = outcome(job.clone(), 1);
    assert_eq!(one.is_ok(), is_fine, "{:?}", one.err());
    for threads in [2, 4, 16] {
        assert!(outcome(job.clone(), threads) == one, "{threads} threads");
    }
}

#[test]
fn results_are_the_same_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = orders(folder.path());
    let job = Job::new([&path]);
    assert_alike(&job, true);
    let extras = [ExtraColumn::Lines, ExtraColumn::FirstOrder];
    assert_alike(&job.clone().by("country").extras(extras).monetary_measure(MonetaryMeasure::MedianOrder), true);
    assert_alike(
        &job.clone().frequency_measure(FrequencyMeasure::Weeks).monetary_measure(MonetaryMeasure::MeanPerWeek),
        true,
    );
    for returns in [Returns::Net, Returns::Separate, Returns::Match] {
        assert_alike(&job.clone().returns(returns), true);
    }
    let rejects = folder.path().join("rejects.csv");
    assert_alike(&job.clone().rejects(&rejects), true);
    assert_alike(&job.reading(ReadOptions::default().drop_repeated_lines()), true);
}

#[test]
fn errors_are_the_same_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = orders(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    let with = |bad: &str| {
        // Two of them, and the first is the one that is told.
        let middle = text[..text.len() / 2].rfind("\r\n").unwrap() + 2;
        fs::write(&path, format!("{}{bad}{}{bad}", &text[..middle], &text[middle..])).unwrap();
        Job::new([&path])
    };
    for bad in ["a,1,x,1,1,yesterday,\n", "a,1,x\n", "a,1,x,1,1,31/12/2011,\n", "a,1,\"x\"y,1,1,2011-01-01,\n"] {
        let job = with(bad);
        assert_alike(&job, false);
        let skip = |limit| ReadOptions::default().bad_rows(BadRows::Skip { limit });
        // Another date format, and a stray quote behind a field of two lines, put more in question than their row.
        let is_one_row = !bad.contains("31/12") && !bad.contains('"');
        assert_alike(&job.clone().reading(skip(Some(1))), false);
        assert_alike(&job.clone().reading(skip(Some(2))), is_one_row);
        assert_alike(&job.reading(skip(None)), is_one_row);
    }
    assert_alike(&with("a,1,\"x,1,1,2011-01-01,\n"), false);
    assert_alike(&with("").memory_limit(100_000), false);
}

#[test]
fn a_memory_limit_that_suffices_for_one_thread_suffices_for_several() {
    let folder = tempfile::tempdir().unwrap();
    let path = orders(folder.path());
    let job = Job::new([&path]);
    let enough =
        (1..).map(|size| size * 100_000).find(|bytes| outcome(job.clone().memory_limit(*bytes), 1).is_ok()).unwrap();
    assert_alike(&job.memory_limit(enough), true);
}

#[test]
fn bytes_and_rows_are_counted_once_even_if_they_are_read_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = orders(folder.path());
    for bad in ["", "a,1,x,1,1,yesterday,\n"] {
        fs::write(&path, format!("{}{bad}", fs::read_to_string(&path).unwrap())).unwrap();
        let counted = [1, 4].map(|threads| {
            let (bytes, rows) = (Arc::new(AtomicU64::new(5)), Arc::new(AtomicU64::new(0)));
            let read = ReadOptions::default().progress(bytes.clone()).row_count(rows.clone());
            let is_fine = Job::new([&path]).reading(read).threads(threads).run().is_ok();
            (bytes.load(Ordering::Relaxed), rows.load(Ordering::Relaxed), is_fine)
        });
        assert_eq!(counted[0], counted[1]);
        assert_eq!(counted[0].2, bad.is_empty());
    }
}

/// So many customers that threads score and write them.
fn many_customers(folder: &Path) -> PathBuf {
    let mut text = "customer,date,amount\n".to_owned();
    for line in 0..50_000u64 {
        let mixed = line.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let (day, cents) = (1 + mixed % 28, mixed % 90_000);
        // Texts that are guarded and quoted, and somebody with more money than 32 bits hold.
        let id = [format!("={line}"), format!("\"a, {line}\""), line.to_string()]
            [usize::from(line % 7 == 0) + usize::from(line % 5 == 0)]
        .clone();
        let huge = if line == 777 { "99999999999" } else { "" };
        writeln!(text, "{id},2011-12-{day:02},{huge}{}.{:02}", cents / 100, cents % 100).unwrap();
    }
    let path = folder.join("customers.csv");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn many_customers_are_scored_and_written_alike_by_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let job = Job::new([many_customers(folder.path())]);
    assert_alike(&job, true);
    for scoring in ["percentile", "ntile", "natural-breaks", "tiles-current", "cuts 10,100000000"] {
        assert_alike(&job.clone().scoring(scoring.parse().unwrap()), true);
    }
    assert_alike(&job.clone().monetary_measure(MonetaryMeasure::MeanOrder).extras([ExtraColumn::Reason]), true);
    assert_alike(&job.clone().binning(Binning::Nested), true);
    // A model that is saved digests all of them.
    let models = [1, 2, 4, 16].map(|threads| job.clone().threads(threads).run().unwrap().model().unwrap().to_json());
    assert!(models.iter().all(|model| *model == models[0]));
}

#[test]
fn what_is_asked_of_a_result_has_the_threads_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = Job::new([many_customers(folder.path())]).threads(3).run().unwrap();
    let thread = run.on_threads(|| std::thread::current().name().map(str::to_owned));
    assert_eq!(thread.is_some_and(|name| name.starts_with("rfm-")), cfg!(feature = "rayon"));
    assert_eq!(run.on_threads(|| run.segmentation().summary()), run.segmentation().summary());
}

#[cfg(feature = "parquet")]
mod parquet_files {
    use parquet::arrow::ArrowWriter;
    use parquet::file::properties::WriterProperties;
    use rfm_kit::arrow::arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

    use super::*;

    /// Row groups of so many rows, and as much of a file as several threads are worth. A price that is no number is none at all.
    fn file(folder: &Path, lines: &[[String; 7]], group: usize) -> PathBuf {
        let texts = |column: usize| -> ArrayRef {
            Arc::new(StringArray::from_iter(
                lines.iter().map(|line| Some(&line[column]).filter(|text| !text.is_empty())),
            ))
        };
        let columns = COLUMNS.into_iter().enumerate().map(|(at, name)| {
            let array: ArrayRef = match name {
                "quantity" => Arc::new(lines.iter().map(|line| line[at].parse::<i64>().ok()).collect::<Int64Array>()),
                "price" => Arc::new(lines.iter().map(|line| line[at].parse::<f64>().ok()).collect::<Float64Array>()),
                _ => texts(at),
            };
            (name, array, true)
        });
        let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
        let properties =
            WriterProperties::builder().set_dictionary_enabled(false).set_max_row_group_row_count(Some(group)).build();
        let path = folder.join("orders.parquet");
        let mut writer =
            ArrowWriter::try_new(fs::File::create(&path).unwrap(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        assert!(fs::metadata(&path).unwrap().len() > 2 << 20, "enough for two threads");
        path
    }

    #[test]
    fn results_are_the_same_for_any_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        for group in [7_000, 1_000_000] {
            let job = Job::new([file(folder.path(), &lines(), group)]);
            assert_alike(&job, true);
            let extras = [ExtraColumn::Lines, ExtraColumn::FirstOrder];
            assert_alike(
                &job.clone().by("country").extras(extras).monetary_measure(MonetaryMeasure::MedianOrder),
                true,
            );
            for returns in [Returns::Net, Returns::Match] {
                assert_alike(&job.clone().returns(returns), true);
            }
            assert_alike(&job.clone().rejects(folder.path().join("rejects.csv")), true);
            assert_alike(&job.reading(ReadOptions::default().drop_repeated_lines()), true);
        }
    }

    #[test]
    fn inputs_of_several_formats_are_added_up_by_any_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        let (text, file) = (orders(folder.path()), file(folder.path(), &lines(), 7_000));
        let job = Job::new([&text, &file]);
        assert_alike(&job, true);
        let read = job.threads(2).run().unwrap().segmentation().customers().account().read().lines();
        assert_eq!(read, 2 * LINES);
    }

    #[test]
    fn the_customers_are_those_of_the_text() {
        let folder = tempfile::tempdir().unwrap();
        let text = outcome(Job::new([orders(folder.path())]), 2).unwrap();
        let file = outcome(Job::new([file(folder.path(), &lines(), 7_000)]), 2).unwrap();
        assert!(text["customers.csv"] == file["customers.csv"]);
    }

    #[test]
    fn errors_are_the_same_for_any_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        let lines = lines();
        for (column, bad) in [(5, "yesterday"), (5, "31/12/2011 10:30"), (4, "none")] {
            for group in [7_000, 1_000_000] {
                let mut lines = lines.clone();
                for at in [lines.len() / 2, lines.len() - 1] {
                    lines[at][column] = bad.to_owned();
                }
                let job = Job::new([file(folder.path(), &lines, group)]);
                assert_alike(&job, false);
                let skip = |limit| ReadOptions::default().bad_rows(BadRows::Skip { limit });
                let is_one_row = !bad.contains("31/12");
                assert_alike(&job.clone().reading(skip(Some(1))), false);
                assert_alike(&job.reading(skip(Some(2))), is_one_row);
            }
        }
        assert_alike(&Job::new([file(folder.path(), &lines, 7_000)]).memory_limit(100_000), false);
    }
}

#[cfg(feature = "excel")]
mod workbooks {
    use rust_xlsxwriter::Workbook;

    use super::*;

    /// Sheets of so many lines, each with its columns in another order; the last one has the rest, or nothing but its header.
    fn book(folder: &Path, lines: &[[String; 7]], sheets: &[usize]) -> PathBuf {
        let mut book = Workbook::new();
        let mut rest = lines;
        for (turns, count) in sheets.iter().enumerate() {
            let (own, others) = rest.split_at((*count).min(rest.len()));
            rest = others;
            let sheet = book.add_worksheet();
            for (row, line) in [COLUMNS.map(str::to_owned)].iter().chain(own).enumerate() {
                for (at, cell) in line.iter().enumerate() {
                    let (row, column) = (u32::try_from(row).unwrap(), u16::try_from((at + turns) % 7).unwrap());
                    match cell.parse::<f64>() {
                        Ok(number) => sheet.write_number(row, column, number).unwrap(),
                        Err(_) => sheet.write_string(row, column, cell).unwrap(),
                    };
                }
            }
        }
        let path = folder.join("orders.xlsx");
        book.save(&path).unwrap();
        assert!(fs::metadata(&path).unwrap().len() > 2 << 20, "enough for two threads");
        path
    }

    const SHEETS: &[usize] = &[25_000, 10_000, 60_000, 0];

    #[test]
    fn results_are_the_same_for_any_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        let job = Job::new([book(folder.path(), &lines(), SHEETS)]);
        assert_alike(&job, true);
        let extras = [ExtraColumn::Lines, ExtraColumn::FirstOrder];
        assert_alike(&job.clone().by("country").extras(extras).monetary_measure(MonetaryMeasure::MedianOrder), true);
        assert_alike(&job.clone().returns(Returns::Match), true);
        assert_alike(&job.clone().rejects(folder.path().join("rejects.csv")), true);
        assert_alike(&job.clone().reading(ReadOptions::default().drop_repeated_lines()), true);
        let text = outcome(Job::new([orders(folder.path())]), 2).unwrap();
        assert!(outcome(job, 2).unwrap()["customers.csv"] == text["customers.csv"]);
    }

    #[test]
    fn errors_are_the_same_for_any_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        let lines = lines();
        for (column, bad) in [(5, "yesterday"), (5, "31/12/2011 10:30"), (4, "none")] {
            let mut lines = lines.clone();
            // In the second sheet and in the third one.
            for at in [30_000, lines.len() - 1] {
                lines[at][column] = bad.to_owned();
            }
            let job = Job::new([book(folder.path(), &lines, SHEETS)]);
            assert_alike(&job, false);
            let skip = |limit| ReadOptions::default().bad_rows(BadRows::Skip { limit });
            let is_one_row = !bad.contains("31/12");
            assert_alike(&job.clone().reading(skip(Some(1))), false);
            assert_alike(&job.reading(skip(Some(2))), is_one_row);
        }
        assert_alike(&Job::new([book(folder.path(), &lines, SHEETS)]).memory_limit(100_000), false);
    }

    #[test]
    fn rows_are_counted_once_even_if_they_are_read_twice() {
        let folder = tempfile::tempdir().unwrap();
        let mut lines = lines();
        for is_fine in [true, false] {
            let path = book(folder.path(), &lines, SHEETS);
            let counted = [1, 4].map(|threads| {
                let rows = Arc::new(AtomicU64::new(0));
                let read = ReadOptions::default().row_count(rows.clone());
                assert_eq!(Job::new([&path]).reading(read).threads(threads).run().is_ok(), is_fine);
                rows.load(Ordering::Relaxed)
            });
            assert_eq!(counted[0], counted[1]);
            lines[30_000][5] = "yesterday".to_owned();
        }
    }
}
