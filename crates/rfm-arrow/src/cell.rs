//! What a value of each Arrow type means: the one definition, a cell at a time. Faster ways are held against it.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowNativeTypeOp};
use arrow_buffer::i256;
use arrow_schema::{DataType, TimeUnit};
use rfm_core::cell::{Cell, CellFault};

/// The cell of a row.
///
/// - Texts, also as views, in dictionaries and in runs; bytes if they are UTF-8.
/// - Whole numbers, and decimals of any width and scale, exactly. A float of 32 or 16 bits is the shortest decimal that reads
///   back as it: 2.1, not 2.0999999046325684.
/// - Dates. Timestamps without a zone, which are local; with a zone: the instant. Both to the second.
/// - Times of day, durations and intervals are [`CellFault::TimeOnly`]; lists, maps, structures and unions are
///   [`CellFault::Nested`].
/// - A null of any type is [`Cell::Empty`].
///
/// # Panics
///
/// If the array has no such row.
///
/// # Examples
///
/// ```
/// use arrow_array::{Decimal128Array, Float32Array, StringArray};
/// use rfm_arrow::cell;
/// use rfm_core::cell::Cell;
///
/// assert_eq!(cell(&StringArray::from(vec![Some("007"), None]), 1), Cell::Empty);
/// assert_eq!(cell(&Float32Array::from(vec![2.1]), 0), Cell::Float(2.1));
/// let price = Decimal128Array::from(vec![2_100]).with_precision_and_scale(10, 3)?;
/// assert_eq!(cell(&price, 0), Cell::Decimal { units: 2_100, places: 3 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn cell(array: &dyn Array, row: usize) -> Cell<'_> {
    if array.is_null(row) {
        return Cell::Empty;
    }
    match array.data_type() {
        DataType::Null => Cell::Empty,
        DataType::Boolean => Cell::Bool(array.as_boolean().value(row)),
        DataType::Int8 => Cell::Integer(value::<Int8Type>(array, row).into()),
        DataType::Int16 => Cell::Integer(value::<Int16Type>(array, row).into()),
        DataType::Int32 => Cell::Integer(value::<Int32Type>(array, row).into()),
        DataType::Int64 => Cell::Integer(value::<Int64Type>(array, row).into()),
        DataType::UInt8 => Cell::Integer(value::<UInt8Type>(array, row).into()),
        DataType::UInt16 => Cell::Integer(value::<UInt16Type>(array, row).into()),
        DataType::UInt32 => Cell::Integer(value::<UInt32Type>(array, row).into()),
        DataType::UInt64 => Cell::Integer(value::<UInt64Type>(array, row).into()),
        DataType::Float16 => Cell::Float(widened(value::<Float16Type>(array, row).to_f32())),
        DataType::Float32 => Cell::Float(widened(value::<Float32Type>(array, row))),
        DataType::Float64 => Cell::Float(value::<Float64Type>(array, row)),
        DataType::Decimal32(_, scale) => decimal(value::<Decimal32Type>(array, row).into(), *scale),
        DataType::Decimal64(_, scale) => decimal(value::<Decimal64Type>(array, row).into(), *scale),
        DataType::Decimal128(_, scale) => decimal(value::<Decimal128Type>(array, row), *scale),
        DataType::Decimal256(_, scale) => wide_decimal(value::<Decimal256Type>(array, row), *scale),
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row)),
        DataType::Utf8View => Cell::Text(array.as_string_view().value(row)),
        DataType::Binary => text(array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => text(array.as_binary::<i64>().value(row)),
        DataType::BinaryView => text(array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => text(array.as_fixed_size_binary().value(row)),
        DataType::Date32 => Cell::Date(value::<Date32Type>(array, row)),
        DataType::Date64 => date(value::<Date64Type>(array, row).div_euclid(86_400_000)),
        DataType::Timestamp(unit, zone) => {
            let second = second(array, row, *unit);
            if zone.is_some() { Cell::Instant(second) } else { Cell::Local(second) }
        }
        DataType::Time32(_) | DataType::Time64(_) | DataType::Duration(_) | DataType::Interval(_) => {
            Cell::Fault(CellFault::TimeOnly)
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            match place(dictionary.keys(), row) {
                Some(place) => cell(dictionary.values(), place),
                None => Cell::Empty,
            }
        }
        DataType::RunEndEncoded(ends, _) => {
            let run = match ends.data_type() {
                DataType::Int16 => array.as_run::<Int16Type>().get_physical_index(row),
                DataType::Int32 => array.as_run::<Int32Type>().get_physical_index(row),
                _ => array.as_run::<Int64Type>().get_physical_index(row),
            };
            cell(array.as_any_ree().values(), run)
        }
        _ => Cell::Fault(CellFault::Nested),
    }
}

/// Where the value of a row is in a dictionary; `None` for a null.
pub(crate) fn place(keys: &dyn Array, row: usize) -> Option<usize> {
    match cell(keys, row) {
        Cell::Integer(place) => usize::try_from(place).ok(),
        _ => None,
    }
}

fn value<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> T::Native {
    array.as_primitive::<T>().value(row)
}

/// The double that has the shortest decimal of a float.
fn widened(number: f32) -> f64 {
    // Both have the same decimal; going through it is what keeps 2.1 from becoming 2.0999999046325684.
    number.to_string().parse().unwrap_or(f64::NAN)
}

fn decimal(units: i128, scale: i8) -> Cell<'static> {
    match u8::try_from(scale) {
        Ok(places) => Cell::Decimal { units, places },
        Err(_) => {
            let factor = 10i128.checked_pow(scale.unsigned_abs().into());
            // Nothing times any power of ten is nothing.
            let whole = if units == 0 { Some(0) } else { factor.and_then(|factor| units.checked_mul(factor)) };
            whole.map_or(Cell::Fault(CellFault::TooLarge), Cell::Integer)
        }
    }
}

/// A decimal of 256 bits: zeros at the end are dropped until it fits, if there are enough of them.
fn wide_decimal(mut units: i256, mut scale: i8) -> Cell<'static> {
    let ten = i256::from_i128(10);
    loop {
        if let Some(units) = units.to_i128() {
            return decimal(units, scale);
        }
        if scale <= 0 || !units.mod_wrapping(ten).is_zero() {
            return Cell::Fault(CellFault::TooLarge);
        }
        units = units.div_wrapping(ten);
        scale -= 1;
    }
}

fn text(bytes: &[u8]) -> Cell<'_> {
    // There is no fault of its own for what only this format can hold.
    std::str::from_utf8(bytes).map_or(Cell::Fault(CellFault::ErrorValue("of bytes that are not UTF-8")), Cell::Text)
}

fn date(days: i64) -> Cell<'static> {
    i32::try_from(days).map_or(Cell::Fault(CellFault::NoDay), Cell::Date)
}

/// Seconds since 1970-01-01, rounded down.
fn second(array: &dyn Array, row: usize, unit: TimeUnit) -> i64 {
    fn of<T: ArrowTimestampType>(array: &dyn Array, row: usize, in_second: i64) -> i64 {
        array.as_primitive::<T>().value(row).div_euclid(in_second)
    }
    match unit {
        TimeUnit::Second => of::<TimestampSecondType>(array, row, 1),
        TimeUnit::Millisecond => of::<TimestampMillisecondType>(array, row, 1_000),
        TimeUnit::Microsecond => of::<TimestampMicrosecondType>(array, row, 1_000_000),
        TimeUnit::Nanosecond => of::<TimestampNanosecondType>(array, row, 1_000_000_000),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::{Int8Type, UInt64Type};
    use arrow_array::*;
    use arrow_buffer::NullBuffer;
    use arrow_schema::{Field, Fields};
    use rfm_core::cell::{CellProblem, DateFormat};

    use super::*;

    fn cells(array: &dyn Array) -> Vec<Cell<'_>> {
        (0..array.len()).map(|row| cell(array, row)).collect()
    }

    #[test]
    fn a_null_of_any_type_is_empty() {
        let nulls = [
            new_null_array(&DataType::Null, 2),
            new_null_array(&DataType::Boolean, 2),
            new_null_array(&DataType::UInt16, 2),
            new_null_array(&DataType::Float16, 2),
            new_null_array(&DataType::Decimal256(70, 3), 2),
            new_null_array(&DataType::Utf8View, 2),
            new_null_array(&DataType::Date64, 2),
            new_null_array(&DataType::Time64(TimeUnit::Nanosecond), 2),
            new_null_array(&DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8)), 2),
            new_null_array(&DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))), 2),
        ];
        for array in nulls {
            assert_eq!(cells(&array), [Cell::Empty; 2], "{}", array.data_type());
        }
    }

    #[test]
    fn texts_are_texts_however_they_are_stored() {
        let texts = [Some("007"), None, Some(""), Some("a text that does not fit into a view of its own")];
        let expected: Vec<Cell<'_>> = texts.iter().map(|text| text.map_or(Cell::Empty, Cell::Text)).collect();
        let bytes = || texts.iter().map(|text| text.map(str::as_bytes));
        let arrays: [ArrayRef; 9] = [
            Arc::new(StringArray::from_iter(texts)),
            Arc::new(LargeStringArray::from_iter(texts)),
            Arc::new(StringViewArray::from_iter(texts)),
            Arc::new(BinaryArray::from_iter(bytes())),
            Arc::new(LargeBinaryArray::from_iter(bytes())),
            Arc::new(BinaryViewArray::from_iter(bytes())),
            Arc::new(DictionaryArray::<Int8Type>::from_iter(texts)),
            Arc::new(DictionaryArray::<UInt64Type>::from_iter(texts)),
            Arc::new(RunArray::<Int16Type>::from_iter(texts)),
        ];
        for array in arrays {
            assert_eq!(cells(&array), expected, "{}", array.data_type());
            assert_eq!(cells(&array.slice(1, 2)), expected[1..3], "a slice of {}", array.data_type());
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_a_fault() {
        let bytes = FixedSizeBinaryArray::try_from_iter([*b"ab", [0xff, 0xfe]].into_iter()).unwrap();
        let fault = Cell::Fault(CellFault::ErrorValue("of bytes that are not UTF-8"));
        assert_eq!(cells(&bytes), [Cell::Text("ab"), fault]);
        assert_eq!(
            fault.id(Default::default(), &mut String::new()).unwrap_err().to_string(),
            "holds the error of bytes that are not UTF-8"
        );
    }

    #[test]
    fn whole_numbers_keep_their_digits() {
        assert_eq!(
            cells(&UInt64Array::from(vec![0, u64::MAX])),
            [Cell::Integer(0), Cell::Integer(18_446_744_073_709_551_615)]
        );
        assert_eq!(
            cells(&Int64Array::from(vec![i64::MIN, -1])),
            [Cell::Integer(-9_223_372_036_854_775_808), Cell::Integer(-1)]
        );
    }

    #[test]
    fn short_floats_are_their_own_decimal() {
        for (short, long) in [(2.1f32, 2.1), (-0.05, -0.05), (16_777_216.0, 16_777_216.0), (1e-45, 1e-45)] {
            assert_eq!(cell(&Float32Array::from(vec![short]), 0), Cell::Float(long));
        }
        let not_finite = Float32Array::from(vec![f32::INFINITY, f32::NAN]);
        assert_eq!(cell(&not_finite, 0), Cell::Float(f64::INFINITY));
        assert!(matches!(cell(&not_finite, 1), Cell::Float(number) if number.is_nan()));
    }

    #[test]
    fn decimals_of_every_width_and_scale_are_exact() {
        let places = |places| move |units| Cell::Decimal { units, places };
        let narrow = Decimal32Array::from(vec![-2_100]).with_precision_and_scale(9, 3).unwrap();
        assert_eq!(cell(&narrow, 0), places(3)(-2_100));
        let middle = Decimal64Array::from(vec![7, 0]).with_precision_and_scale(18, -3).unwrap();
        assert_eq!(cells(&middle), [Cell::Integer(7_000), Cell::Integer(0)]);
        let hundreds = Decimal128Array::from(vec![i128::MAX / 1_000, 0]).with_precision_and_scale(38, -38).unwrap();
        assert_eq!(cells(&hundreds), [Cell::Fault(CellFault::TooLarge), Cell::Integer(0)]);
        let huge = i256::from_i128(i128::MAX).wrapping_mul(i256::from_i128(100));
        let wide = Decimal256Array::from(vec![huge, i256::from_i128(-5)]).with_precision_and_scale(76, 4).unwrap();
        assert_eq!(cells(&wide), [places(2)(i128::MAX), places(4)(-5)]);
        let wide = Decimal256Array::from(vec![huge]).with_precision_and_scale(76, 1).unwrap();
        assert_eq!(cells(&wide), [Cell::Fault(CellFault::TooLarge)]);
    }

    #[test]
    fn a_time_before_1970_is_on_the_day_it_is_on() {
        let second_before = -1;
        assert_eq!(cell(&Date64Array::from(vec![second_before]), 0), Cell::Date(-1));
        for (array, zoned) in [
            (
                Arc::new(TimestampSecondArray::from(vec![-1])) as ArrayRef,
                Arc::new(TimestampSecondArray::from(vec![-1]).with_timezone("+02:00")) as ArrayRef,
            ),
            (
                Arc::new(TimestampMillisecondArray::from(vec![-1])),
                Arc::new(TimestampMillisecondArray::from(vec![-1]).with_timezone("UTC")),
            ),
            (
                Arc::new(TimestampMicrosecondArray::from(vec![-1])),
                Arc::new(TimestampMicrosecondArray::from(vec![-1]).with_timezone("UTC")),
            ),
            (
                Arc::new(TimestampNanosecondArray::from(vec![-1])),
                Arc::new(TimestampNanosecondArray::from(vec![-1]).with_timezone("Europe/Berlin")),
            ),
        ] {
            assert_eq!(cell(&array, 0), Cell::Local(-1));
            assert_eq!(cell(&zoned, 0), Cell::Instant(-1));
        }
        let far: [ArrayRef; 2] =
            [Arc::new(TimestampSecondArray::from(vec![i64::MAX])), Arc::new(Date64Array::from(vec![i64::MIN]))];
        for array in far {
            let day = cell(&array, 0).day(DateFormat::YearMonthDay, None);
            assert_eq!(day, Err(CellProblem::Fault(CellFault::NoDay)));
        }
    }

    #[test]
    fn what_has_no_value_of_its_own_is_a_fault() {
        let structure = StructArray::new(
            Fields::from(vec![Field::new("a", DataType::Int32, true)]),
            vec![Arc::new(Int32Array::from(vec![1, 2]))],
            Some(NullBuffer::from(vec![true, false])),
        );
        assert_eq!(cells(&structure), [Cell::Fault(CellFault::Nested), Cell::Empty]);
        assert_eq!(cell(&Time32SecondArray::from(vec![1]), 0), Cell::Fault(CellFault::TimeOnly));
        assert_eq!(cell(&DurationSecondArray::from(vec![1]), 0), Cell::Fault(CellFault::TimeOnly));
    }

    #[test]
    fn a_dictionary_may_hold_null_too() {
        let values: ArrayRef = Arc::new(Int32Array::from(vec![Some(7), None]));
        let keys = Int8Array::from(vec![Some(1), Some(0), None]);
        let dictionary = DictionaryArray::try_new(keys, values).unwrap();
        assert_eq!(cells(&dictionary), [Cell::Empty, Cell::Integer(7), Cell::Empty]);
    }
}
