//! Every type that can play a role, in every encoding and compression, with nulls and without: the same rows as the plain model
//! beside it says.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::types::{Float16Type, Int32Type, UInt8Type};
use arrow_array::*;
use arrow_schema as schema;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use rfm_core::{Day, Reject, Scale};
use rfm_input::{BadRows, ReadOptions};
use rfm_parquet::ParquetOptions;

use crate::support::{batch, file, lines, read};

const ROWS: i32 = 300;

/// The number of the customer of a row, its day and its cents; `None` where the column under test has a null.
fn ids(nulls: bool) -> impl Iterator<Item = Option<i32>> + Clone {
    (0..ROWS).map(move |row| (!nulls || row % 13 != 0).then_some(10 + row * 7 % 83))
}

fn days(nulls: bool) -> impl Iterator<Item = Option<i32>> + Clone {
    (0..ROWS).map(move |row| (!nulls || row % 11 != 0).then_some(15_000 + row % 101))
}

fn cents(nulls: bool) -> impl Iterator<Item = Option<i32>> + Clone {
    (0..ROWS).map(move |row| (!nulls || row % 17 != 0).then_some(row * 37 % 1_009 + 1))
}

/// The customers that these rows make, reckoned the plain way; and how many rows have no day, no amount.
fn expected(nulls: [bool; 3]) -> (Vec<String>, [u64; 2]) {
    let mut customers: BTreeMap<String, (i32, i32, u64, i32)> = BTreeMap::new();
    let mut bad = [0; 2];
    for ((id, day), cents) in ids(nulls[0]).zip(days(nulls[1])).zip(cents(nulls[2])) {
        match (id, day, cents) {
            (_, None, _) => bad[0] += 1,
            (_, _, None) => bad[1] += 1,
            (None, ..) => {}
            (Some(id), Some(day), Some(cents)) => {
                let customer = customers.entry(id.to_string()).or_insert((day, day, 0, 0));
                customer.0 = customer.0.min(day);
                customer.1 = customer.1.max(day);
                customer.2 += 1;
                customer.3 += cents;
            }
        }
    }
    let date = |days| Day::from_epoch_days(days).unwrap();
    let line = |(id, (first, last, lines, total)): (&String, &(i32, i32, u64, i32))| {
        format!("{id} {} {} {lines} {}.{:02}", date(*first), date(*last), total / 100, total % 100)
    };
    (customers.iter().map(line).collect(), bad)
}

type Column = (&'static str, ArrayRef);

fn id_columns(nulls: bool) -> Vec<Column> {
    let texts = || ids(nulls).map(|id| id.map(|id| id.to_string()));
    let strings: Vec<Option<String>> = texts().collect();
    let borrowed = || strings.iter().map(|text| text.as_deref());
    let bytes = || borrowed().map(|text| text.map(str::as_bytes));
    let decimal = |id: Option<i32>| id.map(i128::from);
    vec![
        ("string", Arc::new(StringArray::from_iter(borrowed())) as ArrayRef),
        ("large string", Arc::new(LargeStringArray::from_iter(borrowed()))),
        ("string view", Arc::new(StringViewArray::from_iter(borrowed()))),
        ("dictionary", Arc::new(borrowed().collect::<DictionaryArray<Int32Type>>())),
        ("small dictionary", Arc::new(borrowed().collect::<DictionaryArray<UInt8Type>>())),
        ("binary", Arc::new(BinaryArray::from_iter(bytes()))),
        ("large binary", Arc::new(LargeBinaryArray::from_iter(bytes()))),
        ("binary view", Arc::new(BinaryViewArray::from_iter(bytes()))),
        ("fixed binary", Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(bytes(), 2).unwrap())),
        ("i8", Arc::new(ids(nulls).map(|id| id.map(|id| id as i8)).collect::<Int8Array>())),
        ("i16", Arc::new(ids(nulls).map(|id| id.map(|id| id as i16)).collect::<Int16Array>())),
        ("i32", Arc::new(ids(nulls).collect::<Int32Array>())),
        ("i64", Arc::new(ids(nulls).map(|id| id.map(i64::from)).collect::<Int64Array>())),
        ("u8", Arc::new(ids(nulls).map(|id| id.map(|id| id as u8)).collect::<UInt8Array>())),
        ("u16", Arc::new(ids(nulls).map(|id| id.map(|id| id as u16)).collect::<UInt16Array>())),
        ("u32", Arc::new(ids(nulls).map(|id| id.map(|id| id as u32)).collect::<UInt32Array>())),
        ("u64", Arc::new(ids(nulls).map(|id| id.map(|id| id as u64)).collect::<UInt64Array>())),
        (
            "f16",
            Arc::new(
                ids(nulls)
                    .map(|id| id.map(|id| <Float16Type as ArrowPrimitiveType>::Native::from_f32(id as f32)))
                    .collect::<Float16Array>(),
            ),
        ),
        ("f32", Arc::new(ids(nulls).map(|id| id.map(|id| id as f32)).collect::<Float32Array>())),
        ("f64", Arc::new(ids(nulls).map(|id| id.map(f64::from)).collect::<Float64Array>())),
        (
            "decimal128",
            Arc::new(ids(nulls).map(decimal).collect::<Decimal128Array>().with_precision_and_scale(20, 0).unwrap()),
        ),
    ]
}

fn date_columns(nulls: bool) -> Vec<Column> {
    let seconds = || days(nulls).map(|day| day.map(|day| i64::from(day) * 86_400 + 43_210));
    let scaled = |factor: i64| seconds().map(move |second| second.map(|second| second * factor));
    let date = |day: i32| Day::from_epoch_days(day).unwrap();
    vec![
        ("date32", Arc::new(days(nulls).collect::<Date32Array>()) as ArrayRef),
        (
            "date64",
            Arc::new(days(nulls).map(|day| day.map(|day| i64::from(day) * 86_400_000)).collect::<Date64Array>()),
        ),
        ("seconds", Arc::new(seconds().collect::<TimestampSecondArray>())),
        ("milliseconds", Arc::new(scaled(1_000).collect::<TimestampMillisecondArray>())),
        ("microseconds", Arc::new(scaled(1_000_000).collect::<TimestampMicrosecondArray>())),
        ("nanoseconds", Arc::new(scaled(1_000_000_000).collect::<TimestampNanosecondArray>())),
        ("seconds UTC", Arc::new(seconds().collect::<TimestampSecondArray>().with_timezone("UTC"))),
        ("milliseconds UTC", Arc::new(scaled(1_000).collect::<TimestampMillisecondArray>().with_timezone("UTC"))),
        (
            "microseconds elsewhere",
            Arc::new(scaled(1_000_000).collect::<TimestampMicrosecondArray>().with_timezone("+11:00")),
        ),
        ("nanoseconds UTC", Arc::new(scaled(1_000_000_000).collect::<TimestampNanosecondArray>().with_timezone("UTC"))),
        ("string", Arc::new(StringArray::from_iter(days(nulls).map(|day| day.map(|day| date(day).to_string()))))),
        (
            "digits",
            Arc::new(
                days(nulls)
                    .map(|day| day.map(|day| date(day).to_string().replace('-', "").parse::<i32>().unwrap()))
                    .collect::<Int32Array>(),
            ),
        ),
    ]
}

fn amount_columns(nulls: bool) -> Vec<Column> {
    let text = |cents: i32| format!("{}.{:02}", cents / 100, cents % 100);
    vec![
        (
            "decimal32",
            Arc::new(cents(nulls).collect::<Decimal32Array>().with_precision_and_scale(9, 2).unwrap()) as ArrayRef,
        ),
        (
            "decimal64",
            Arc::new(
                cents(nulls)
                    .map(|cents| cents.map(i64::from))
                    .collect::<Decimal64Array>()
                    .with_precision_and_scale(18, 2)
                    .unwrap(),
            ),
        ),
        (
            "decimal128 of 4 places",
            Arc::new(
                cents(nulls)
                    .map(|cents| cents.map(|cents| i128::from(cents) * 100))
                    .collect::<Decimal128Array>()
                    .with_precision_and_scale(38, 4)
                    .unwrap(),
            ),
        ),
        (
            "decimal256",
            Arc::new(
                cents(nulls)
                    .map(|cents| cents.map(|cents| arrow_buffer::i256::from_i128(cents.into())))
                    .collect::<Decimal256Array>()
                    .with_precision_and_scale(76, 2)
                    .unwrap(),
            ),
        ),
        ("f32", Arc::new(cents(nulls).map(|cents| cents.map(|cents| cents as f32 / 100.0)).collect::<Float32Array>())),
        (
            "f64",
            Arc::new(cents(nulls).map(|cents| cents.map(|cents| f64::from(cents) / 100.0)).collect::<Float64Array>()),
        ),
        ("minor units", Arc::new(cents(nulls).collect::<Int32Array>())),
        ("minor units of 64 bits", Arc::new(cents(nulls).map(|cents| cents.map(i64::from)).collect::<Int64Array>())),
        ("string", Arc::new(StringArray::from_iter(cents(nulls).map(|cents| cents.map(text))))),
    ]
}

/// The names of the columns, by their roles.
const NAMES: [&str; 3] = ["customer", "date", "amount"];

/// Each encoding that the type has, by a name, for the column of a role.
fn encodings(role: usize, column: &dyn Array) -> Vec<(&'static str, WriterPropertiesBuilder)> {
    let plain = || WriterProperties::builder().set_dictionary_enabled(false);
    let with = |encoding| plain().set_column_encoding(NAMES[role].into(), encoding);
    let stored = match column.data_type() {
        schema::DataType::Dictionary(_, values) => values.as_ref(),
        other => other,
    };
    let mut all = vec![
        ("dictionary", WriterProperties::builder()),
        ("dictionary that overflows", WriterProperties::builder().set_dictionary_page_size_limit(64)),
        ("plain", with(Encoding::PLAIN)),
    ];
    if stored.is_integer() || stored.is_temporal() {
        all.push(("delta", with(Encoding::DELTA_BINARY_PACKED)));
    }
    if stored.is_string() || matches!(stored, schema::DataType::Binary | schema::DataType::LargeBinary) {
        all.push(("delta lengths", with(Encoding::DELTA_LENGTH_BYTE_ARRAY)));
        all.push(("delta texts", with(Encoding::DELTA_BYTE_ARRAY)));
    }
    if stored.is_floating() && *stored != schema::DataType::Float16 {
        all.push(("split", with(Encoding::BYTE_STREAM_SPLIT)));
    }
    all
}

fn codecs() -> [Compression; 4] {
    use Compression::{GZIP, SNAPPY, UNCOMPRESSED, ZSTD};
    [UNCOMPRESSED, SNAPPY, GZIP(Default::default()), ZSTD(Default::default())]
}

/// Reads the column in all ways of writing it, beside two that are always the same.
fn check(role: usize, columns: impl Fn(bool) -> Vec<Column>) {
    for has_nulls in [false, true] {
        let nulls = [0, 1, 2].map(|at| at == role && has_nulls);
        let (customers, [no_day, no_amount]) = expected(nulls);
        for (name, column) in columns(has_nulls) {
            for (encoding, properties) in encodings(role, &column) {
                for (codec, version) in codecs().into_iter().flat_map(|codec| {
                    [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0].map(|version| (codec, version))
                }) {
                    let case = format!("{name}, {encoding}, {codec}, {version:?}, nulls: {has_nulls}");
                    let [id, date, amount] = [0, 1, 2].map(|at| match at {
                        at if at == role => column.clone(),
                        0 => id_columns(false).swap_remove(0).1,
                        1 => date_columns(false).swap_remove(0).1,
                        _ => amount_columns(false).swap_remove(0).1,
                    });
                    let orders = batch([(NAMES[0], id), (NAMES[1], date), (NAMES[2], amount)]);
                    let properties = properties.clone().set_compression(codec).set_writer_version(version);
                    // Several pages and several row groups.
                    let properties = properties
                        .set_data_page_row_count_limit(90)
                        .set_write_batch_size(30)
                        .set_max_row_group_row_count(Some(200));
                    let bytes = file(&orders, Some(properties.build()));
                    let options = ReadOptions::default().bad_rows(BadRows::Skip { limit: None });
                    let options = ParquetOptions::from(options).minor_units(Scale::CENTS);
                    let read = read(bytes, options).unwrap_or_else(|error| panic!("{case}: {error}"));
                    assert_eq!(lines(&read), customers, "{case}");
                    let account = read.account();
                    assert_eq!(account.read().lines(), ROWS as u64, "{case}");
                    assert_eq!(account.rejected(Reject::BadDate).lines(), no_day, "{case}");
                    assert_eq!(account.rejected(Reject::BadNumber).lines(), no_amount, "{case}");
                }
            }
        }
    }
}

#[test]
fn ids_of_every_type_encoding_and_codec_are_the_same() {
    check(0, id_columns);
}

#[test]
fn dates_of_every_type_encoding_and_codec_are_the_same() {
    check(1, date_columns);
}

#[test]
fn amounts_of_every_type_encoding_and_codec_are_the_same() {
    check(2, amount_columns);
}
