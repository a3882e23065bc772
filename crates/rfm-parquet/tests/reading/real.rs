//! Files of others: a year of orders with known results, and the files of the Parquet project, right and wrong.

use std::path::PathBuf;

use rfm_core::cell::DateFormat;
use rfm_core::{CleaningPolicy, Day, Role};
use rfm_input::{BadRows, ReadOptions};
use rfm_parquet::{ParquetOptions, ParquetSource};
use rfm_testkit::golden::CustomerValues;
use rfm_testkit::shared;

use crate::support::cleaned;

#[test]
fn a_year_of_orders_has_the_golden_values() {
    let Some(shared) = shared("a_year_of_orders_has_the_golden_values") else { return };
    let path = shared.join("data/online_retail_II_2009-2010.parquet");
    let source = ParquetSource::open([&path], ParquetOptions::default()).unwrap();
    assert_eq!(source.size(), std::fs::metadata(&path).unwrap().len());
    let (customers, source) = cleaned(source, CleaningPolicy::online_retail()).unwrap();
    let mut golden = CustomerValues::read(shared.join("golden/online_retail_II_2009-2010/rfm_values.csv")).unwrap();
    golden.sort_by(|left, right| left.customer_id.cmp(&right.customer_id));
    assert_eq!(customers.len(), golden.len());
    let as_of = Day::from_ymd(2010, 12, 10).unwrap();
    for (customer, golden) in customers.iter().zip(&golden) {
        assert_eq!(customer.customer_id(), golden.customer_id);
        let recency = as_of.epoch_days() - customer.last_order().epoch_days();
        assert_eq!(i64::from(recency), golden.recency_days, "{}", golden.customer_id);
        assert_eq!(customer.orders(), golden.frequency, "{}", golden.customer_id);
        assert_eq!(customer.lines(), golden.lines, "{}", golden.customer_id);
        let total = customer.total();
        assert_eq!(Some(total.minor()), golden.monetary.at_scale(total.scale().decimals()), "{}", golden.customer_id);
    }
    let account = customers.account();
    assert_eq!(account.read().lines(), 525_461);
    let report = &source.reports()[0];
    assert_eq!((report.rows(), report.bytes()), (525_461, source.size()));
    let fact = |name: &str| report.facts().iter().find(|fact| fact.0 == name).unwrap().1.as_str();
    assert_eq!(fact("format"), "parquet");
    assert_eq!(fact("columns_read"), "5 of 8");
    assert_eq!(fact("date_format"), "yyyy-mm-dd, proven by the data");
}

/// The outcome of reading a file of the Parquet project, with columns that are there.
fn outcome(path: PathBuf, columns: [&str; 3]) -> String {
    let [customer, date, amount] = columns;
    let options = ReadOptions::default().column(Role::Customer, customer).column(Role::Date, date);
    // What is no order is a row that is left out: here it counts that it can be decoded.
    let options = options.column(Role::Amount, amount).date_format(DateFormat::YearMonthDay);
    let options = options.bad_rows(BadRows::Skip { limit: None });
    let source = ParquetSource::open([path], ParquetOptions::from(options));
    match source.and_then(|source| cleaned(source, CleaningPolicy::keep_all())) {
        Ok((customers, _)) => format!("{} rows", customers.account().read().lines()),
        Err(error) => {
            let text = error.to_string();
            text.rsplit_once('/').map_or(text.clone(), |(_, name)| name.to_owned())
        }
    }
}

#[test]
fn files_of_the_parquet_project_are_read_or_refused_cleanly() {
    let Some(shared) = shared("files_of_the_parquet_project_are_read_or_refused_cleanly") else { return };
    let folder = shared.join("data/messy/parquet-testing");
    let cases: &[(&str, [&str; 3], &str)] = &[
        ("alltypes_dictionary", ["id", "timestamp_col", "double_col"], "2 rows"),
        ("alltypes_plain.snappy", ["string_col", "timestamp_col", "float_col"], "2 rows"),
        (
            "bad__ARROW-GH-41317",
            ["a", "b", "c"],
            "bad__ARROW-GH-41317.parquet, column `timestamp_us_no_tz`, row group 2, byte 50803: the file is damaged: a column has \
             another name than in the schema",
        ),
        ("bad__ARROW-GH-43605", ["min_fl"; 3], "21186 rows"),
        (
            "bad__ARROW-GH-47662",
            ["flba_field"; 3],
            "bad__ARROW-GH-47662.parquet, row group 1: the file is damaged: its data cannot be decoded",
        ),
        (
            "bad__ARROW-RS-GH-6229-LEVELS",
            ["outer"; 3],
            "bad__ARROW-RS-GH-6229-LEVELS.parquet, column 1 `outer`: values of the type List cannot play the role of the \
             customer; an id is a text, or a whole number of any numeric type",
        ),
        ("byte_array_decimal", ["value", "value", "value"], "24 rows"),
        (
            "datapage_v1-corrupt-checksum",
            ["a", "b", "b"],
            "datapage_v1-corrupt-checksum.parquet, row group 1: the file is damaged: its data cannot be decoded",
        ),
        ("datapage_v2_empty_datapage.snappy", ["value", "value", "value"], "1 rows"),
        ("delta_encoding_optional_column", ["c_customer_id", "c_last_review_date", "c_customer_sk"], "100 rows"),
        (
            "dict-page-offset-zero",
            ["l_partkey", "l_partkey", "l_partkey"],
            "dict-page-offset-zero.parquet: the file is damaged: its description of the data cannot be read",
        ),
        ("fixed_length_decimal_legacy", ["value", "value", "value"], "24 rows"),
        ("float16_zeros_and_nans", ["x", "x", "x"], "3 rows"),
        ("int32_decimal", ["value", "value", "value"], "24 rows"),
        (
            "int96_from_spark",
            ["a", "a", "a"],
            "int96_from_spark.parquet, column 1 `a`: values of the type Timestamp(Second) cannot play the role of the customer; \
             an id is a text, or a whole number of any numeric type",
        ),
        ("nan_in_stats", ["x", "x", "x"], "2 rows"),
        ("nested_maps.snappy", ["b", "c", "c"], "6 rows"),
        ("nulls.snappy", ["b_struct.b_c_int", "b_struct.b_c_int", "b_struct.b_c_int"], "8 rows"),
        ("rle-dict-snappy-checksum", ["long_field", "binary_field", "long_field"], "1000 rows"),
        ("single_nan", ["mycol", "mycol", "mycol"], "1 rows"),
        (
            "unknown-logical-type",
            ["column with known type", "column with unknown type", "column with known type"],
            "3 rows",
        ),
    ];
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".parquet"))
        .collect();
    names.sort();
    let listed: Vec<String> = cases.iter().map(|(name, ..)| format!("{name}.parquet")).collect();
    assert_eq!(names, listed, "every file has its outcome");
    let found: Vec<String> = cases
        .iter()
        .map(|(name, columns, _)| format!("{name}: {}", outcome(folder.join(format!("{name}.parquet")), *columns)))
        .collect();
    let expected: Vec<String> = cases.iter().map(|(name, _, expected)| format!("{name}: {expected}")).collect();
    assert_eq!(found, expected, "{}", found.join("\n"));
}
