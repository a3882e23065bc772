//! Record batches as transactions: every type, every problem, and both ways through them.
#![allow(clippy::unwrap_used, reason = "a test program")]

use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::*;
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use proptest::prelude::*;
use rfm_arrow::{ArrowOptions, ArrowSource, Error, ErrorKind, SegmentationReader};
use rfm_core::cell::{DateFormat, DayZone, IdFormat};
use rfm_core::{CleaningPolicy, ColumnChoice, Customers, Day, Level, Rfm, Role, Scale, Summaries, TransactionSource};
use rfm_input::{BadRows, ReadOptions};

fn batch(columns: impl IntoIterator<Item = (&'static str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

/// Three orders, with a column in the place of one of them.
fn orders(column: &'static str, array: impl Array + 'static) -> RecordBatch {
    let columns: [(&'static str, ArrayRef); 3] = [
        ("customer", Arc::new(StringArray::from(vec!["13085", "17850", "13085"]))),
        ("date", Arc::new(Date32Array::from(vec![15_317, 15_318, 15_310]))),
        ("amount", Arc::new(Float64Array::from(vec![19.99, 5.0, 2.5]))),
    ];
    let array: ArrayRef = Arc::new(array);
    batch(columns.map(|(name, old)| (name, if name == column { array.clone() } else { old })))
}

fn drain<R>(source: &mut ArrowSource<R>, policy: CleaningPolicy) -> Result<Customers, Error>
where
    R: Iterator<Item = Result<RecordBatch, ArrowError>>,
{
    let mut summaries = Summaries::new(policy).with_order_values();
    while let Some(batch) = source.next_batch()? {
        summaries.push_batch(&batch).unwrap();
    }
    Ok(summaries.finish().unwrap())
}

fn read(batch: &RecordBatch, options: impl Into<ArrowOptions>) -> Result<Customers, Error> {
    let mut source = ArrowSource::from_batches("orders", &batch.schema(), [batch.clone()], options.into())?;
    drain(&mut source, CleaningPolicy::default())
}

fn message(batch: &RecordBatch, options: impl Into<ArrowOptions>) -> String {
    read(batch, options).unwrap_err().to_string()
}

fn expected() -> Customers {
    read(&orders("", NullArray::new(3)), ArrowOptions::default()).unwrap()
}

#[test]
fn ids_of_every_type_are_the_same_customers() {
    let texts = ["13085", "17850", "13085"];
    let columns: [ArrayRef; 14] = [
        Arc::new(LargeStringArray::from(texts.to_vec())),
        Arc::new(StringViewArray::from(texts.to_vec())),
        Arc::new(BinaryArray::from_iter_values(texts)),
        Arc::new(BinaryViewArray::from_iter_values(texts)),
        Arc::new(DictionaryArray::<Int8Type>::from_iter(texts)),
        Arc::new(RunArray::<Int32Type>::from_iter(texts)),
        Arc::new(Int16Array::from(vec![13_085, 17_850, 13_085])),
        Arc::new(UInt64Array::from(vec![13_085, 17_850, 13_085])),
        Arc::new(Float64Array::from(vec![13_085.0, 17_850.0, 13_085.0])),
        Arc::new(Float32Array::from(vec![13_085.0, 17_850.0, 13_085.0])),
        Arc::new(Decimal32Array::from(vec![13_085, 17_850, 13_085]).with_precision_and_scale(9, 0).unwrap()),
        Arc::new(Decimal128Array::from(vec![1_308_500, 1_785_000, 1_308_500]).with_precision_and_scale(9, 2).unwrap()),
        Arc::new(
            DictionaryArray::<Int8Type>::try_new(
                Int8Array::from(vec![1, 0, 1]),
                Arc::new(Int64Array::from(vec![17_850, 13_085])),
            )
            .unwrap(),
        ),
        Arc::new(FixedSizeBinaryArray::try_from_iter(texts.into_iter()).unwrap()),
    ];
    for column in columns {
        assert_eq!(
            read(&orders("customer", column.clone()), ArrowOptions::default()).unwrap(),
            expected(),
            "{}",
            column.data_type()
        );
    }
}

#[test]
fn dates_of_every_type_are_the_same_days() {
    let days = [15_317i64, 15_318, 15_310];
    let texts = ["2011-12-09", "2011-12-10", "2011-12-02"];
    let at = |in_day: i64| days.map(|day| day * in_day + in_day / 2).to_vec();
    let columns: [ArrayRef; 12] = [
        Arc::new(Date64Array::from(at(86_400_000))),
        Arc::new(TimestampSecondArray::from(at(86_400))),
        Arc::new(TimestampMillisecondArray::from(at(86_400_000))),
        Arc::new(TimestampMicrosecondArray::from(at(86_400_000_000))),
        Arc::new(TimestampNanosecondArray::from(at(86_400_000_000_000))),
        Arc::new(TimestampNanosecondArray::from(at(86_400_000_000_000)).with_timezone("UTC")),
        Arc::new(StringArray::from(texts.to_vec())),
        Arc::new(DictionaryArray::<Int8Type>::from_iter(texts)),
        Arc::new(Int32Array::from(vec![20_111_209, 20_111_210, 20_111_202])),
        Arc::new(Float64Array::from(vec![20_111_209.0, 20_111_210.0, 20_111_202.0])),
        Arc::new(StringArray::from(vec!["9.12.2011", "10.12.2011", "2.12.2011"])),
        Arc::new(
            DictionaryArray::<Int8Type>::try_new(
                Int8Array::from(vec![2, 0, 3]),
                // One that is no day, and that no row has.
                Arc::new(Date32Array::from(vec![15_318, i32::MAX, 15_317, 15_310])),
            )
            .unwrap(),
        ),
    ];
    for column in columns {
        let options = ReadOptions::default();
        let options = match column.data_type() {
            DataType::Utf8 if rfm_arrow::cell(&column, 0).text() == Some("9.12.2011") => {
                options.date_format(DateFormat::DayMonthYear)
            }
            _ => options,
        };
        assert_eq!(read(&orders("date", column.clone()), options).unwrap(), expected(), "{}", column.data_type());
    }
}

#[test]
fn money_of_every_type_is_the_same_to_the_last_digit() {
    let columns: [ArrayRef; 7] = [
        Arc::new(Float32Array::from(vec![19.99, 5.0, 2.5])),
        Arc::new(Decimal64Array::from(vec![1_999, 500, 250]).with_precision_and_scale(12, 2).unwrap()),
        Arc::new(Decimal128Array::from(vec![1_999, 500, 250]).with_precision_and_scale(12, 2).unwrap()),
        Arc::new(Decimal128Array::from(vec![199_900, 50_000, 25_000]).with_precision_and_scale(12, 4).unwrap()),
        Arc::new(
            Decimal256Array::from_iter_values([1_999, 500, 250].map(i256_of)).with_precision_and_scale(70, 2).unwrap(),
        ),
        Arc::new(StringArray::from(vec!["19.99", "5", "2.50"])),
        Arc::new(DictionaryArray::<Int8Type>::from_iter(["19.99", "5", "2.50"])),
    ];
    for column in columns {
        assert_eq!(
            read(&orders("amount", column.clone()), ArrowOptions::default()).unwrap(),
            expected(),
            "{}",
            column.data_type()
        );
    }
    let cents = orders("amount", Int64Array::from(vec![1_999, 500, 250]));
    assert_eq!(read(&cents, ArrowOptions::default().minor_units(Scale::CENTS)).unwrap(), expected());
    let whole = read(&cents, ArrowOptions::default()).unwrap();
    assert_eq!(whole.get(0).unwrap().total().to_string(), "2249");
}

fn i256_of(number: i128) -> arrow_buffer::i256 {
    arrow_buffer::i256::from_i128(number)
}

#[test]
fn a_type_that_cannot_play_its_role_is_refused_with_those_that_can() {
    let list = ListArray::new_null(Arc::new(Field::new("secret", DataType::Utf8, true)), 3);
    for (column, array, text) in [
        (
            "date",
            Arc::new(BooleanArray::from(vec![true; 3])) as ArrayRef,
            "orders, column 2 `date`: values of the type Boolean cannot play the role of the date; a date is of the type \
             Date32, Date64 or Timestamp, a text, or a whole number such as 20111209",
        ),
        (
            "amount",
            Arc::new(TimestampSecondArray::from(vec![0; 3]).with_timezone("UTC")),
            "orders, column 3 `amount`: values of the type Timestamp(Second) cannot play the role of the amount; a number is of \
             any numeric type, or a text",
        ),
        (
            "customer",
            Arc::new(list),
            "orders, column 1 `customer`: values of the type List cannot play the role of the customer; an id is a text, or a \
             whole number of any numeric type",
        ),
        (
            "customer",
            Arc::new(Date32Array::from(vec![0; 3])),
            "orders, column 1 `customer`: values of the type Date32 cannot play the role of the customer; an id is a text, or a \
             whole number of any numeric type",
        ),
    ] {
        assert_eq!(message(&orders(column, array), ArrowOptions::default()), text);
    }
}

#[test]
fn a_cell_that_cannot_be_read_is_named_by_row_and_column() {
    let late = Date32Array::from(vec![Some(15_317), None, Some(0)]);
    assert_eq!(message(&orders("date", late), ArrowOptions::default()), "orders, row 2, column 2 `date`: is empty");
    let not_finite = Float64Array::from(vec![1.0, f64::NAN, 2.0]);
    assert_eq!(
        message(&orders("amount", not_finite), ArrowOptions::default()),
        "orders, row 2, column 3 `amount`: is infinite or not a number"
    );
    let inexact = Float32Array::from(vec![13_085.0, 16_777_216.0, 1.0]);
    assert_eq!(
        message(&orders("customer", inexact), ArrowOptions::default()),
        "orders, row 2, column 1 `customer`: is a number with decimals, or too large to be exact; ids are texts or whole numbers"
    );
    let price = StringArray::from(vec!["secret", "1", "2"]);
    let text = message(&orders("amount", price), ArrowOptions::default());
    assert!(text.starts_with("orders, row 1, column 3 `amount`: ") && !text.contains("secret"), "{text}");
}

#[test]
fn bad_rows_are_left_out_and_accounted_for() {
    let orders = orders("amount", Float64Array::from(vec![Some(19.99), None, Some(f64::INFINITY)]));
    let options = ReadOptions::default().bad_rows(BadRows::Skip { limit: None });
    let customers = read(&orders, options).unwrap();
    assert_eq!((customers.len(), customers.account().read().lines()), (1, 3));
    let options = ReadOptions::default().bad_rows(BadRows::Skip { limit: Some(1) });
    assert!(message(&orders, options).starts_with("more than 1 bad rows; the next one is orders, row 3, column 3"));
}

#[test]
fn a_null_structure_hides_what_is_in_it() {
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![13_085, 17_850, 13_085]));
    let fields = Fields::from(vec![Field::new("id", DataType::Int64, true)]);
    let buyer =
        |valid: [bool; 3]| StructArray::new(fields.clone(), vec![ids.clone()], Some(NullBuffer::from(&valid[..])));
    let with = |valid| {
        let plain = orders("", NullArray::new(3));
        batch([
            ("buyer", Arc::new(buyer(valid)) as ArrayRef),
            ("date", plain.column(1).clone()),
            ("amount", plain.column(2).clone()),
        ])
    };
    let options = || ReadOptions::default().column(Role::Customer, "buyer.id");
    assert_eq!(read(&with([true; 3]), options()).unwrap(), expected());
    let one = read(&with([true, false, true]), options()).unwrap();
    assert_eq!((one.len(), one.account().read().lines()), (1, 3), "the customer of a null structure is nobody");
}

#[test]
fn a_batch_that_is_not_like_the_schema_is_refused() {
    let first = orders("", NullArray::new(3));
    let second = orders("date", Date64Array::from(vec![0; 3]));
    let mut source =
        ArrowSource::from_batches("orders", &first.schema(), [first.clone(), second], ArrowOptions::default()).unwrap();
    let error = drain(&mut source, CleaningPolicy::default()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::OtherColumns { .. }));
    let text = "orders, row 4, column 2 `date`: this record batch does not have the column as the schema says";
    assert_eq!(error.to_string(), text);
    assert!(source.next_batch().is_err(), "what was read no longer adds up");
}

#[test]
fn an_error_of_the_reader_says_at_which_row() {
    let first = orders("", NullArray::new(3));
    let failing = [Ok(first.clone()), Err(ArrowError::ComputeError("no more".to_owned()))];
    let reader = RecordBatchIterator::new(failing, first.schema());
    let mut source = ArrowSource::new("orders", reader, ArrowOptions::default()).unwrap();
    let error = drain(&mut source, CleaningPolicy::default()).unwrap_err();
    assert_eq!(error.to_string(), "orders, row 4: cannot be read further");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "Compute error: no more");
}

#[test]
fn the_columns_that_are_missing_are_named() {
    let only = batch([("customer", Arc::new(Int8Array::from(vec![1])) as ArrayRef)]);
    let text = message(&only, ArrowOptions::default());
    assert!(text.starts_with("orders: "), "{text}");
}

#[test]
fn a_table_without_rows_is_one_without_customers() {
    let empty = orders("", NullArray::new(3)).slice(0, 0);
    assert_eq!(read(&empty, ArrowOptions::default()).unwrap().len(), 0);
}

#[test]
fn repeated_lines_and_several_currencies_are_found() {
    let plain = orders("", NullArray::new(3));
    let twice = batch([
        (
            "customer",
            Arc::new(StringArray::from(vec!["13085", "17850", "13085", "13085", "17850", "13085"])) as ArrayRef,
        ),
        ("date", Arc::new(Date32Array::from(vec![15_317, 15_318, 15_310, 15_317, 15_318, 15_310]))),
        ("amount", Arc::new(Float64Array::from(vec![19.99, 5.0, 2.5, 19.99, 5.0, 2.5]))),
    ]);
    let all = read(&twice, ArrowOptions::default()).unwrap();
    assert_eq!(all.account().read().lines(), 6);
    let once = read(&twice, ReadOptions::default().drop_repeated_lines()).unwrap();
    assert_eq!(once.get(0).unwrap().total(), expected().get(0).unwrap().total());

    let mut columns: Vec<(&'static str, ArrayRef)> =
        ["customer", "date", "amount"].into_iter().zip(plain.columns().iter().cloned()).collect();
    columns.push(("currency", Arc::new(StringArray::from(vec!["EUR", "EUR", "USD"]))));
    let text = message(&batch(columns), ArrowOptions::default());
    assert!(text.starts_with("orders, column 4 `currency`: the rows are in 2 currencies"), "{text}");
}

#[test]
fn texts_at_the_beginning_of_a_reader_have_to_tell_the_format() {
    let ambiguous = orders("date", StringArray::from(vec!["01/02/2011", "03/04/2011", "05/06/2011"]));
    let reader = || RecordBatchIterator::new((0..30_000).map(|_| Ok(ambiguous.clone())), ambiguous.schema());
    let error = ArrowSource::new("orders", reader(), ArrowOptions::default()).unwrap_err();
    assert!(error.to_string().contains("name the format with --date-format"), "{error}");
    let given = ReadOptions::default().date_format(DateFormat::DayMonthYear).into();
    let mut source = ArrowSource::new("orders", reader(), given).unwrap();
    assert_eq!(drain(&mut source, CleaningPolicy::default()).unwrap().account().read().lines(), 90_000);
    assert_eq!(source.report().rows(), 90_000);
}

#[test]
fn a_result_enters_again_as_a_table_of_customers() {
    let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10).unwrap()).build().unwrap();
    let result = rfm.segment(expected()).unwrap();
    let reader = SegmentationReader::new(&result).rows_per_batch(1);
    let options = ReadOptions::default().columns(ColumnChoice::default().at_level(Level::Customers));
    let mut source = ArrowSource::new("result", reader, options.into()).unwrap();
    let mut summaries = rfm.summaries();
    while let Some(batch) = source.next_batch().unwrap() {
        summaries.push_batch(&batch).unwrap();
    }
    let again = rfm.segment(summaries.finish().unwrap()).unwrap();
    let rows = |result: &rfm_core::Segmentation| {
        let row = |row: rfm_core::SegmentationRow<'_>| {
            (
                row.customer_id().to_owned(),
                row.code().to_string(),
                row.monetary(),
                row.frequency(),
                row.segment().to_owned(),
            )
        };
        result.rows().map(row).collect::<Vec<_>>()
    };
    assert_eq!(rows(&again), rows(&result));
}

/// A column of ids in one of many types, with nulls where allowed.
fn ids(rows: usize) -> impl Strategy<Value = ArrayRef> {
    let texts = prop::collection::vec(prop::option::weighted(0.9, "[a-c]{0,2}|13085\\.0|é|[ab]{10}é?c?"), rows);
    let numbers = prop::collection::vec(prop::option::weighted(0.9, 0i64..5), rows);
    prop_oneof![
        texts.clone().prop_map(|texts| Arc::new(StringArray::from(texts)) as ArrayRef),
        texts.clone().prop_map(|texts| Arc::new(LargeStringArray::from(texts)) as ArrayRef),
        texts.clone().prop_map(|texts| Arc::new(StringViewArray::from(texts)) as ArrayRef),
        texts.prop_map(|texts| {
            Arc::new(DictionaryArray::<Int32Type>::from_iter(texts.iter().map(|text| text.as_deref()))) as ArrayRef
        }),
        (prop::collection::vec(prop::option::weighted(0.9, "[a-c]{0,2}|[a-c]{12,14}|é"), rows), any::<bool>())
            .prop_map(|(texts, is_broken)| {
                let broken = is_broken.then_some(&b"\xc3"[..]);
                let bytes = texts.iter().map(|text| text.as_deref().map(|text| broken.unwrap_or(text.as_bytes())));
                Arc::new(BinaryViewArray::from_iter(bytes)) as ArrayRef
            }),
        (numbers.clone(), 0usize..9).prop_map(|(numbers, width)| integers(&numbers, width)),
        prop::collection::vec((any::<i64>(), 0u32..64).prop_map(|(number, bits)| number >> bits), rows)
            .prop_map(|numbers| Arc::new(Int64Array::from(numbers)) as ArrayRef),
        prop::collection::vec(any::<i64>(), rows).prop_map(|numbers| Arc::new(Int64Array::from(numbers)) as ArrayRef),
        prop::collection::vec(any::<u64>(), rows).prop_map(|numbers| Arc::new(UInt64Array::from(numbers)) as ArrayRef),
        numbers.prop_map(|numbers| {
            Arc::new(Float64Array::from_iter(numbers.iter().map(|number| number.map(|number| number as f64))))
                as ArrayRef
        }),
    ]
}

/// Small whole numbers in one of the types for them.
fn integers(numbers: &[Option<i64>], width: usize) -> ArrayRef {
    fn of<T: ArrowPrimitiveType>(numbers: &[Option<i64>]) -> ArrayRef
    where
        T::Native: TryFrom<i64>,
    {
        let native = |number: i64| T::Native::try_from(number).ok();
        Arc::new(PrimitiveArray::<T>::from_iter(numbers.iter().map(|number| number.and_then(native))))
    }
    let kinds = [
        of::<Int8Type>,
        of::<Int16Type>,
        of::<Int32Type>,
        of::<Int64Type>,
        of::<UInt8Type>,
        of::<UInt16Type>,
        of::<UInt32Type>,
        of::<UInt64Type>,
        of::<Decimal128Type>,
    ];
    kinds[width](numbers)
}

fn dates(rows: usize) -> impl Strategy<Value = ArrayRef> {
    let days = prop::collection::vec(prop::option::weighted(0.995, 15_000i32..15_040), rows);
    prop_oneof![
        days.clone().prop_map(|days| Arc::new(Date32Array::from(days)) as ArrayRef),
        days.clone().prop_map(|days| {
            let seconds = days.iter().map(|day| day.map(|day| i64::from(day) * 86_400 + 80_000));
            Arc::new(TimestampSecondArray::from_iter(seconds).with_timezone("UTC")) as ArrayRef
        }),
        days.clone().prop_map(|days| {
            let texts = days.iter().map(|day| day.map(|day| Day::from_epoch_days(day).unwrap().to_string()));
            Arc::new(StringArray::from_iter(texts)) as ArrayRef
        }),
        (times(rows), 0usize..4, prop::option::of(prop::sample::select(vec!["UTC", "+02:00"])))
            .prop_map(|(seconds, unit, zone)| timestamps(&seconds, unit, zone)),
        times(rows).prop_map(|seconds| {
            let milliseconds = seconds.iter().map(|second| second.map(|second| second.saturating_mul(1_000)));
            Arc::new(Date64Array::from_iter(milliseconds)) as ArrayRef
        }),
        days.prop_map(|days| {
            let texts: Vec<_> =
                days.iter().map(|day| day.map(|day| Day::from_epoch_days(day).unwrap().to_string())).collect();
            Arc::new(DictionaryArray::<Int32Type>::from_iter(texts.iter().map(|text| text.as_deref()))) as ArrayRef
        }),
    ]
}

/// Seconds around midnight of a few days, of the first and the last day that can be used, and rarely any at all.
fn times(rows: usize) -> impl Strategy<Value = Vec<Option<i64>>> {
    let near = (15_000i64..15_003, -2i64..2).prop_map(|(day, second)| day * 86_400 + second);
    let end = Day::from_ymd(2200, 1, 1).unwrap().epoch_days();
    let edges = prop::sample::select(vec![0, i64::from(end) * 86_400 - 1]);
    let second = prop_oneof![600 => near, 60 => edges, 1 => any::<i64>(), 1 => -90_000i64..90_000, 1 => Just(i64::from(end) * 86_400)];
    prop::collection::vec(prop::option::weighted(0.998, second), rows)
}

fn timestamps(seconds: &[Option<i64>], unit: usize, zone: Option<&str>) -> ArrayRef {
    fn of<T: ArrowTimestampType>(seconds: &[Option<i64>], per: i64, zone: Option<&str>) -> ArrayRef {
        // What is below the second, too.
        let values =
            seconds.iter().map(|second| second.map(|second| second.saturating_mul(per).saturating_add(per / 3)));
        Arc::new(PrimitiveArray::<T>::from_iter(values).with_timezone_opt(zone))
    }
    match unit {
        0 => of::<TimestampSecondType>(seconds, 1, zone),
        1 => of::<TimestampMillisecondType>(seconds, 1_000, zone),
        2 => of::<TimestampMicrosecondType>(seconds, 1_000_000, zone),
        _ => of::<TimestampNanosecondType>(seconds, 1_000_000_000, zone),
    }
}

fn numbers(rows: usize) -> impl Strategy<Value = ArrayRef> {
    let units = prop::collection::vec(prop::option::weighted(0.995, -20_000i64..200_000), rows);
    let full = prop::collection::vec(-20_000i64..200_000, rows);
    let floats = prop::collection::vec(prop_oneof![9 => (0i32..1000).prop_map(f64::from), 1 => any::<f64>()], rows);
    prop_oneof![
        units.clone().prop_map(|units| Arc::new(Int64Array::from(units)) as ArrayRef),
        (units.clone(), 0usize..9).prop_map(|(units, width)| integers(&units, width)),
        prop::collection::vec(any::<i64>(), rows).prop_map(|numbers| Arc::new(Int64Array::from(numbers)) as ArrayRef),
        (full.clone(), 0i8..=9, 0u32..4).prop_map(|(units, scale, zeros)| {
            let units = units.iter().map(|unit| unit * 10i64.pow(zeros));
            Arc::new(Decimal64Array::from_iter_values(units).with_precision_and_scale(18, scale).unwrap()) as ArrayRef
        }),
        (full.clone(), 0i8..=9, 0u32..3).prop_map(|(units, scale, zeros)| {
            let units = units.iter().map(|unit| *unit as i32 * 10i32.pow(zeros));
            Arc::new(Decimal32Array::from_iter_values(units).with_precision_and_scale(9, scale).unwrap()) as ArrayRef
        }),
        (prop::sample::select(vec![0, 1, 3_037_000_500, -4_294_967_296, i64::MAX, i64::MIN]), 0i8..=9).prop_map(
            move |(units, scale)| {
                let array = Decimal64Array::from_value(units, rows).with_precision_and_scale(18, scale);
                Arc::new(array.unwrap()) as ArrayRef
            }
        ),
        (units.clone(), 1i32..1_000_000).prop_map(|(units, divisor)| {
            let power = 10f64.powi(divisor % 6);
            Arc::new(Float64Array::from_iter(units.iter().map(|unit| unit.map(|unit| unit as f64 / power)))) as ArrayRef
        }),
        floats.prop_map(|floats| Arc::new(Float64Array::from(floats)) as ArrayRef),
        (units.clone(), 0i8..12).prop_map(|(units, scale)| {
            let units = units.iter().map(|unit| unit.map(i128::from));
            Arc::new(Decimal128Array::from_iter(units).with_precision_and_scale(38, scale).unwrap()) as ArrayRef
        }),
        (full, 0i8..=9, 0u32..4).prop_map(|(units, scale, zeros)| {
            let units = units.iter().map(|unit| i128::from(*unit) * 10i128.pow(zeros));
            Arc::new(Decimal128Array::from_iter_values(units).with_precision_and_scale(38, scale).unwrap()) as ArrayRef
        }),
        units.prop_map(|units| {
            let texts: Vec<_> = units.iter().map(|unit| unit.map(|unit| format!("{}.5", unit))).collect();
            Arc::new(DictionaryArray::<Int32Type>::from_iter(texts.iter().map(|text| text.as_deref()))) as ArrayRef
        }),
    ]
}

fn tables() -> impl Strategy<Value = RecordBatch> {
    (1usize..80).prop_flat_map(|rows| {
        let money = prop_oneof![
            numbers(rows).prop_map(|amount| vec![("amount", amount)]),
            (numbers(rows), numbers(rows)).prop_map(|(quantity, price)| vec![("quantity", quantity), ("price", price)]),
            (numbers(rows), numbers(rows))
                .prop_map(|(amount, quantity)| vec![("amount", amount), ("quantity", quantity)]),
        ];
        (ids(rows), prop::option::of(ids(rows)), dates(rows), money, 0..rows).prop_map(
            |(customer, order, date, money, skipped)| {
                let order = order.map(|order| ("order_id", order));
                let columns = [("customer", customer)].into_iter().chain(order).chain([("date", date)]).chain(money);
                let whole = batch(columns);
                whole.slice(skipped, whole.num_rows() - skipped)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn columns_at_a_time_are_what_rows_are(
        table in tables(),
        ids in prop::sample::select(vec![IdFormat::AsWritten, IdFormat::Integer]),
        round in prop::option::of(0u8..4),
        minor in prop::option::of(0u8..4),
        zone in any::<bool>(),
        skip in any::<bool>(),
    ) {
        let mut read = ReadOptions::default().ids(ids).date_format(DateFormat::YearMonthDay);
        if let Some(round) = round {
            read = read.round(Scale::new(round).unwrap());
        }
        if zone {
            read = read.zone(DayZone::new("three hours ahead", |_| 3 * 3_600));
        }
        if skip {
            read = read.bad_rows(BadRows::Skip { limit: None });
        }
        let mut options = ArrowOptions::from(read);
        if let Some(minor) = minor {
            options = options.minor_units(Scale::new(minor).unwrap());
        }
        for policy in [CleaningPolicy::default(), CleaningPolicy::keep_all()] {
            let open = || ArrowSource::from_batches("orders", &table.schema(), [table.clone()], options.clone());
            let (columns, rows) = match (open(), open()) {
                (Ok(columns), Ok(rows)) => (columns, rows),
                (columns, rows) => {
                    prop_assert_eq!(columns.unwrap_err().to_string(), rows.unwrap_err().to_string());
                    continue;
                }
            };
            let (mut columns, mut rows) = (columns, rows.row_by_row());
            let (by_columns, by_rows) = (drain(&mut columns, policy.clone()), drain(&mut rows, policy));
            prop_assert_eq!(
                by_columns.map_err(|error| error.to_string()),
                by_rows.map_err(|error| error.to_string())
            );
            prop_assert_eq!(columns.intake().rounded(), rows.intake().rounded());
            prop_assert_eq!(columns.intake().float_ids(), rows.intake().float_ids());
        }
    }
}

#[test]
fn schemas_without_columns_are_refused() {
    let error = ArrowSource::from_batches("orders", &Schema::empty(), [], ArrowOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("orders: "), "{error}");
}
