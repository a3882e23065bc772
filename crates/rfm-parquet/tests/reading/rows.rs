//! What rows become: blank ones, repeated ones, texts that prove a format, fields of structures.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Fields};
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use rfm_core::{CleaningPolicy, Reject, Role, Scale, TransactionSource};
use rfm_input::{BadRows, ReadOptions};
use rfm_parquet::{ErrorKind, ParquetOptions, ParquetSource};

use crate::support::{batch, cents, cleaned, dates, file, lines, orders, read, texts};

/// Row groups of a few rows.
fn small_groups(rows: usize) -> Option<WriterProperties> {
    Some(WriterProperties::builder().set_max_row_group_row_count(Some(rows)).build())
}

#[test]
fn orders_become_customers() {
    let customers = read(file(&orders(), None), ParquetOptions::default()).unwrap();
    assert_eq!(lines(&customers), ["ann 2011-12-09 2011-12-11 2 20.00", "bob 2011-12-10 2011-12-10 1 5.00"]);
}

#[test]
fn row_groups_are_read_one_after_the_other() {
    let rows = 20_000i32;
    let days: Vec<i32> = (0..rows).map(|row| 15_000 + row % 100).collect();
    let ids: Vec<String> = (0..rows).map(|row| format!("c{}", row % 7)).collect();
    let orders = batch([
        ("customer", Arc::new(StringArray::from(ids)) as ArrayRef),
        ("date", dates(&days)),
        ("total", cents(&vec![100; 20_000])),
    ]);
    let whole = read(file(&orders, None), ParquetOptions::default()).unwrap();
    let parts = read(file(&orders, small_groups(777)), ParquetOptions::default()).unwrap();
    assert_eq!(lines(&whole), lines(&parts));
    assert_eq!(whole.account().read().lines(), 20_000);
}

#[test]
fn errors_name_file_row_and_column() {
    let orders = batch([
        ("customer", texts(&["ann", "bob", "eve"])),
        ("date", texts(&["2011-12-09", "2011-12-10", "n/a"])),
        ("total", cents(&[1, 2, 3])),
    ]);
    let bytes = file(&orders, small_groups(2));
    let error = read(bytes.clone(), ParquetOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "orders.parquet, row 3, column 2 `date`: expected a date as yyyy-mm-dd, found 3 characters: letters and punctuation"
    );
    let options = ReadOptions::default().bad_rows(BadRows::Skip { limit: None });
    let customers = read(bytes, options.into()).unwrap();
    assert_eq!(customers.account().rejected(Reject::BadDate).lines(), 1);
}

#[test]
fn formats_of_texts_are_proven_over_all_row_groups_and_files() {
    let of = |date: &str| {
        let dates = [vec!["05.04.2024"; 10_000], vec![date]].concat();
        let columns = [
            ("customer", texts(&vec!["ann"; dates.len()])),
            ("date", texts(&dates)),
            ("total", texts(&vec!["1,5"; dates.len()])),
        ];
        file(&batch(columns), small_groups(5_000))
    };
    let customers = read(of("17.04.2024"), ParquetOptions::default()).unwrap();
    assert_eq!(lines(&customers), ["ann 2024-04-05 2024-04-17 10001 15001.50"]);
    let directory = tempfile::tempdir().unwrap();
    let slashes = |date: &str| {
        let columns = [("customer", texts(&["ann"])), ("date", texts(&[date])), ("total", cents(&[100]))];
        file(&batch(columns), None)
    };
    std::fs::write(directory.path().join("a"), slashes("05/04/2024")).unwrap();
    std::fs::write(directory.path().join("b"), slashes("17/04/2024")).unwrap();
    let source = ParquetSource::open([directory.path()], ParquetOptions::default()).unwrap();
    let (customers, _) = cleaned(source, CleaningPolicy::default()).unwrap();
    assert_eq!(lines(&customers), ["ann 2024-04-05 2024-04-17 2 2"]);
    let error = read(slashes("05/04/2024"), ParquetOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "orders.parquet, column 2 `date`: every date can be read as d/m/y and as m/d/y; say which with --date-format"
    );
}

#[test]
fn a_row_is_blank_only_if_the_other_columns_are_too() {
    let texts = |values: [Option<&str>; 4]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let orders = batch([
        ("customer", texts([Some("ann"), None, None, Some("bob")])),
        ("date", texts([Some("2011-12-09"), None, None, Some("2011-12-10")])),
        ("total", texts([Some("1"), None, None, Some("2")])),
        ("note", texts([None, None, Some("kept"), None])),
    ]);
    for properties in [None, small_groups(1), small_groups(3)] {
        let options = ReadOptions::default().bad_rows(BadRows::Skip { limit: None });
        let customers = read(file(&orders, properties), options.into()).unwrap();
        let account = customers.account();
        assert_eq!(account.rejected(Reject::BlankRow).lines(), 1);
        assert_eq!(account.rejected(Reject::BadDate).lines(), 1);
        assert_eq!(account.used().lines(), 2);
    }
}

#[test]
fn repeated_lines_are_those_that_agree_in_every_column() {
    let orders = batch([
        ("customer", texts(&["ann", "ann", "ann"])),
        ("date", dates(&[15_317; 3])),
        ("total", cents(&[100; 3])),
        ("note", texts(&["x", "y", "x"])),
    ]);
    let options = ReadOptions::default().drop_repeated_lines();
    let customers = read(file(&orders, None), options.clone().into()).unwrap();
    assert_eq!(customers.account().rejected(Reject::RepeatedLine).lines(), 1);
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1)])]));
    let with_list =
        batch([("customer", texts(&["ann"])), ("date", dates(&[15_317])), ("total", cents(&[100])), ("items", list)]);
    let error = read(file(&with_list, None), options.into()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Lists { .. }));
    assert_eq!(
        error.to_string(),
        "orders.parquet, column `items.list.item`: repeated lines cannot be told from others, since the values of this \
         column are lists; leave the column out of the file, or count all lines"
    );
    assert_eq!(read(file(&with_list, None), ParquetOptions::default()).unwrap().len(), 1, "not needed, not read");
}

#[test]
fn fields_of_structures_are_columns() {
    let id: ArrayRef = Arc::new(Int64Array::from(vec![17, 18, 19]));
    let fields = Fields::from(vec![Field::new("id", DataType::Int64, false)]);
    let buyer = StructArray::new(fields, vec![id], Some(NullBuffer::from(vec![true, false, true])));
    let orders =
        batch([("customer", Arc::new(buyer) as ArrayRef), ("date", dates(&[15_317; 3])), ("total", cents(&[100; 3]))]);
    let customers = read(file(&orders, None), ParquetOptions::default()).unwrap();
    assert_eq!(lines(&customers), ["17 2011-12-09 2011-12-09 1 1", "19 2011-12-09 2011-12-09 1 1"]);
    assert_eq!(customers.account().rejected(Reject::MissingCustomer).lines(), 1);
}

#[test]
fn a_type_that_cannot_play_its_role_is_an_error_that_says_which_can() {
    let truth: ArrayRef = Arc::new(arrow_array::BooleanArray::from(vec![true; 3]));
    let orders = batch([("customer", texts(&["a"; 3])), ("date", truth), ("total", cents(&[1; 3]))]);
    let error = read(file(&orders, None), ParquetOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "orders.parquet, column 2 `date`: values of the type Boolean cannot play the role of the date; a date is of the type \
         Date32, Date64 or Timestamp, a text, or a whole number such as 20111209"
    );
}

#[test]
fn columns_are_found_by_name_or_named() {
    let error = read(file(&orders(), None), ReadOptions::default().column(Role::Amount, "totl").into()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "orders.parquet: no column `totl` for the amount; the header has `customer_id`, `note`, `order_date`, `amount`; did \
         you mean `note`?"
    );
    assert!(error.input().is_some());
}

#[test]
fn whole_numbers_may_be_minor_units() {
    let orders = batch([
        ("customer", texts(&["ann"])),
        ("date", dates(&[15_317])),
        ("total", Arc::new(Int64Array::from(vec![1_999])) as ArrayRef),
    ]);
    let of = |options: ParquetOptions| lines(&read(file(&orders, None), options).unwrap());
    assert_eq!(of(ParquetOptions::default()), ["ann 2011-12-09 2011-12-09 1 1999"]);
    assert_eq!(of(ParquetOptions::default().minor_units(Scale::CENTS)), ["ann 2011-12-09 2011-12-09 1 19.99"]);
}

#[test]
fn a_watcher_sees_every_byte() {
    let bytes = Arc::new(AtomicU64::new(0));
    let options = ReadOptions::default().progress(bytes.clone());
    let file = file(&orders(), small_groups(2));
    let size = file.len() as u64;
    read(file, options.into()).unwrap();
    assert_eq!(bytes.load(Ordering::Relaxed), size);
}

#[test]
fn after_an_error_nothing_more_is_lent() {
    let orders = batch([("customer", texts(&["ann"])), ("date", texts(&["n/a"])), ("total", cents(&[1]))]);
    let options = ReadOptions::default().date_format(rfm_core::cell::DateFormat::YearMonthDay);
    let mut source = ParquetSource::from_bytes("orders.parquet", file(&orders, None), options).unwrap();
    source.next_batch().unwrap_err();
    let error = source.next_batch().unwrap_err();
    assert_eq!(error.to_string(), "orders.parquet, row 1, column 2 `date`: reading stopped at an earlier error");
}

#[test]
fn a_file_without_rows_is_no_error() {
    let customers = read(file(&RecordBatch::new_empty(orders().schema()), None), ParquetOptions::default()).unwrap();
    assert!(customers.is_empty());
}

/// A file of some KB whose dictionary has one long text, to which many rows refer.
fn one_long_text(length: usize, rows: usize) -> Vec<u8> {
    let keys = Int32Array::from(vec![0; rows]);
    let values: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(length)]));
    let orders = batch([
        ("customer", texts(&vec!["ann"; rows])),
        ("date", dates(&vec![15_317; rows])),
        ("total", cents(&vec![100; rows])),
        ("order_id", Arc::new(DictionaryArray::new(keys, values)) as ArrayRef),
    ]);
    let properties = WriterProperties::builder()
        .set_dictionary_page_size_limit(16 << 20)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_compression(Compression::ZSTD(Default::default()));
    file(&orders, Some(properties.build()))
}

#[test]
fn a_text_beyond_the_limit_is_an_error() {
    let error = read(one_long_text((1 << 20) + 1, 3), ParquetOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "orders.parquet, column `order_id`, row group 1: a text has more bytes than the limit (1048576)"
    );
    assert!(error.is_limit());
}

#[test]
fn a_long_text_that_many_rows_refer_to_is_read_a_few_rows_at_a_time() {
    let bytes = one_long_text(1 << 20, 400);
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    let mut source = ParquetSource::from_bytes("orders.parquet", bytes, ParquetOptions::default()).unwrap();
    let mut rows = Vec::new();
    while let Some(batch) = source.next_batch().unwrap() {
        rows.push(batch.len());
    }
    assert_eq!(rows, [4; 100]);
}
