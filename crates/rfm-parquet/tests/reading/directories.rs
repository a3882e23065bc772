//! Several files as one input.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int32Array};
use rfm_core::CleaningPolicy;
use rfm_core::Role;
use rfm_input::ReadOptions;
use rfm_parquet::{ParquetOptions, ParquetSource};

use crate::support::{batch, cents, cleaned, dates, file, lines, orders, texts};

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn read(root: &Path, options: ParquetOptions) -> Result<(Vec<String>, ParquetSource), String> {
    let source = ParquetSource::open([root], options).map_err(|error| error.to_string())?;
    let (customers, source) = cleaned(source, CleaningPolicy::default()).map_err(|error| error.to_string())?;
    Ok((lines(&customers), source))
}

#[test]
fn files_may_have_other_types_and_another_order_of_columns() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a.parquet", &file(&orders(), None));
    let other = batch([
        ("amount", Arc::new(Float64Array::from(vec![2.5])) as ArrayRef),
        ("order_date", texts(&["2011-12-20"])),
        ("customer_id", texts(&["ann"])),
    ]);
    write(root.path(), "b.parquet", &file(&other, None));
    let (customers, source) = read(root.path(), ParquetOptions::default()).unwrap();
    assert_eq!(customers, ["ann 2011-12-09 2011-12-20 3 22.50", "bob 2011-12-10 2011-12-10 1 5.00"]);
    let rows: Vec<u64> = source.reports().iter().map(|report| report.rows()).collect();
    assert_eq!(rows, [3, 1]);
}

#[test]
fn a_file_that_lacks_a_column_is_named() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a.parquet", &file(&orders(), None));
    let other = batch([("customer_id", texts(&["ann"])), ("amount", cents(&[1]))]);
    write(root.path(), "b.parquet", &file(&other, None));
    let error = read(root.path(), ParquetOptions::default()).unwrap_err();
    let expected = "b.parquet: no column for the date; the header has `customer_id`, `amount`; name it with --date";
    assert!(error.ends_with(expected), "{error}");
}

#[test]
fn names_of_directories_are_columns_of_texts() {
    let root = tempfile::tempdir().unwrap();
    let part = |ids: [i32; 2]| {
        file(
            &batch([("customer", Arc::new(Int32Array::from(ids.to_vec())) as ArrayRef), ("total", cents(&[100, 250]))]),
            None,
        )
    };
    write(root.path(), "date=2011-12-09/shop=a%2Fb/0.parquet", &part([1, 2]));
    write(root.path(), "date=2011-12-10/shop=c/0.parquet", &part([1, 3]));
    write(root.path(), "date=2011-12-10/_SUCCESS", b"");
    let (customers, source) = read(root.path(), ParquetOptions::default()).unwrap();
    assert_eq!(
        customers,
        ["1 2011-12-09 2011-12-10 2 2.00", "2 2011-12-09 2011-12-09 1 2.50", "3 2011-12-10 2011-12-10 1 2.50"]
    );
    assert_eq!(source.skipped().len(), 1);
    let options = ReadOptions::default().column(Role::Customer, "shop");
    let (customers, _) = read(root.path(), options.into()).unwrap();
    assert_eq!(customers, ["a/b 2011-12-09 2011-12-09 2 3.50", "c 2011-12-10 2011-12-10 2 3.50"]);
}

#[test]
fn a_partition_without_a_value_is_null() {
    let root = tempfile::tempdir().unwrap();
    let part = file(&batch([("date", dates(&[15_317])), ("total", cents(&[100]))]), None);
    write(root.path(), "customer=ann/0.parquet", &part);
    write(root.path(), "customer=__HIVE_DEFAULT_PARTITION__/0.parquet", &part);
    let (customers, _) = read(root.path(), ParquetOptions::default()).unwrap();
    assert_eq!(customers, ["ann 2011-12-09 2011-12-09 1 1"]);
}

#[test]
fn a_column_of_the_file_wins_over_a_partition_of_its_name() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "amount=7/0.parquet", &file(&orders(), None));
    let (customers, _) = read(root.path(), ParquetOptions::default()).unwrap();
    assert_eq!(customers[1], "bob 2011-12-10 2011-12-10 1 5.00");
}

#[test]
fn a_file_that_is_none_and_one_that_is_given_twice_are_errors() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a.parquet", &file(&orders(), None));
    let path = root.path().join("a.parquet");
    let error = ParquetSource::open([path.clone(), root.path().to_owned()], ParquetOptions::default()).unwrap_err();
    assert!(error.to_string().contains("a.parquet: is the same file as `"), "{error}");
    write(root.path(), "notes.txt", b"no parquet at all");
    let error = read(root.path(), ParquetOptions::default()).unwrap_err();
    assert!(error.ends_with("notes.txt: this is not a Parquet file: it does not begin with PAR1"), "{error}");
    let error = ParquetSource::open(["absent.parquet"], ParquetOptions::default()).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.is_io()), ("absent.parquet: no such file", true));
}

#[test]
fn a_file_that_changes_between_looking_and_reading_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a.parquet", &file(&orders(), None));
    write(root.path(), "b.parquet", &file(&orders(), None));
    let source = ParquetSource::open([root.path()], ParquetOptions::default()).unwrap();
    fs::remove_file(root.path().join("b.parquet")).unwrap();
    let more = batch([("customer_id", texts(&["eve"])), ("order_date", dates(&[1])), ("amount", cents(&[1]))]);
    write(root.path(), "b.parquet", &file(&more, None));
    let error = cleaned(source, CleaningPolicy::default()).unwrap_err().to_string();
    assert!(
        error.ends_with("b.parquet: changed while it was being read; read it again when it is complete"),
        "{error}"
    );
}
