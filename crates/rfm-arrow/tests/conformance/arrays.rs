//! Tables of the suite as record batches, in all types that their values have. The suite of Parquet files has them too.

use std::sync::Arc;

use arrow_array::types::{
    ArrowTimestampType, Int32Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{
    ArrayRef, Date32Array, Date64Array, Decimal64Array, Decimal128Array, Decimal256Array, DictionaryArray,
    Float64Array, Int32Array, Int64Array, LargeStringArray, NullArray, PrimitiveArray, RecordBatch, StringArray,
    StringViewArray,
};
use arrow_buffer::i256;
use arrow_schema::{Field, Schema};
use rfm_core::cell::DateFormat;
use rfm_input::ReadOptions;
use rfm_testkit::conformance::{Kind, LogicalTable, Style, Value};

/// Which types the columns have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Types {
    Usual,
    Wide,
    Dictionaries,
    /// Numbers as floats, days as whole numbers such as 20240417.
    Floats,
    Texts(Style),
}

impl Types {
    pub(crate) fn all(table: &LogicalTable) -> Vec<Types> {
        let texts = table.styles().iter().map(|style| Types::Texts(*style));
        [Types::Usual, Types::Wide, Types::Dictionaries, Types::Floats].into_iter().chain(texts).collect()
    }

    pub(crate) fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// The table, and how it is to be read; or why the types do not hold it.
    pub(crate) fn batch(self, table: &LogicalTable) -> Result<(RecordBatch, ReadOptions), String> {
        let columns = (0..table.column_names().len()).map(|column| self.array(table, column));
        let columns = columns.collect::<Result<Vec<ArrayRef>, String>>()?;
        let fields = table.column_names().zip(&columns);
        let fields: Vec<Field> =
            fields.map(|(name, column)| Field::new(name, column.data_type().clone(), true)).collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns of one length");
        Ok((batch, self.options(table)))
    }

    fn options(self, table: &LogicalTable) -> ReadOptions {
        let has = |kind| (0..table.column_names().len()).any(|column| table.kind(column) == kind);
        let options = match self {
            Types::Texts(style) => table.options_of(style),
            // Days, times and numbers are texts where a text stands among them.
            _ if has(Kind::Mixed) => table.options_of(Style::Iso),
            _ => table.options(),
        };
        if self == Types::Floats && has(Kind::Days) { options.date_format(DateFormat::Compact) } else { options }
    }

    fn array(self, table: &LogicalTable, column: usize) -> Result<ArrayRef, String> {
        let values = || table.column(column);
        let kind = match (self, table.kind(column)) {
            _ if values().any(|value| matches!(value, Value::Bool(_))) => {
                return Err("a column of truth values is refused as such".to_owned());
            }
            (Types::Texts(_), Kind::Floats) => return Err("a text has no infinity and no NaN".to_owned()),
            (Types::Texts(_), _) => Kind::Texts,
            (_, kind) => kind,
        };
        let texts = |style: Style| values().map(move |value| style.text(value));
        Ok(match kind {
            Kind::Nothing if self == Types::Wide => Arc::new(NullArray::new(values().len())),
            Kind::Texts | Kind::Nothing | Kind::Mixed => match self {
                Types::Usual | Types::Floats => Arc::new(StringArray::from_iter(texts(Style::Iso))),
                Types::Wide => Arc::new(LargeStringArray::from_iter(texts(Style::Iso))),
                Types::Dictionaries => {
                    let texts: Vec<Option<String>> = texts(Style::Iso).collect();
                    let texts = texts.iter().map(Option::as_deref);
                    Arc::new(DictionaryArray::<Int32Type>::from_iter(texts))
                }
                Types::Texts(style) => Arc::new(StringViewArray::from_iter(texts(style))),
            },
            Kind::Integers => self.integers(values().map(whole))?,
            Kind::Decimals(places) => self.decimals(values().map(|value| units(value, places)), places)?,
            Kind::Floats => Arc::new(Float64Array::from_iter(values().map(float))),
            Kind::Days => {
                let days = values().map(|value| match value {
                    Value::Day(day) => Some(*day),
                    _ => None,
                });
                match self {
                    Types::Wide => {
                        let milliseconds = days.map(|day| Some(i64::from(day?.epoch_days()) * 86_400_000));
                        Arc::new(Date64Array::from_iter(milliseconds))
                    }
                    Types::Dictionaries => {
                        let seconds = days.map(|day| Some(i64::from(day?.epoch_days()) * 86_400));
                        Arc::new(PrimitiveArray::<TimestampSecondType>::from_iter(seconds))
                    }
                    Types::Floats => {
                        let digits =
                            |(year, month, day): (i32, u8, u8)| year * 10_000 + i32::from(month) * 100 + i32::from(day);
                        Arc::new(Int32Array::from_iter(days.map(|day| Some(digits(day?.ymd())))))
                    }
                    _ => Arc::new(Date32Array::from_iter(days.map(|day| Some(day?.epoch_days())))),
                }
            }
            Kind::Times => self.times(values().map(second), [None; 4]),
            Kind::Instants => {
                self.times(values().map(second), [Some("UTC"), Some("+02:00"), Some("Europe/Berlin"), Some("-07:30")])
            }
            Kind::Truths => unreachable!("there is none"),
        })
    }

    fn integers(self, values: impl Iterator<Item = Option<i64>>) -> Result<ArrayRef, String> {
        let values: Vec<Option<i64>> = values.collect();
        Ok(match self {
            Types::Wide => {
                let wide = values.into_iter().map(|value| value.map(i128::from));
                Arc::new(Decimal128Array::from_iter(wide).with_precision_and_scale(38, 0).expect("they fit"))
            }
            Types::Dictionaries => {
                let short: Option<Vec<Option<i32>>> =
                    values.iter().map(|value| value.map(i32::try_from).transpose().ok()).collect();
                Arc::new(Int32Array::from(short.ok_or("an Int32 does not hold all of its whole numbers")?))
            }
            Types::Floats => {
                if values.iter().flatten().any(|value| value.unsigned_abs() >= 1 << 53) {
                    return Err("a float does not hold all whole numbers of 2^53 and more".to_owned());
                }
                Arc::new(Float64Array::from_iter(values.into_iter().map(|value| value.map(|value| value as f64))))
            }
            _ => Arc::new(Int64Array::from(values)),
        })
    }

    fn decimals(self, values: impl Iterator<Item = Option<i128>>, places: u8) -> Result<ArrayRef, String> {
        let scale = places as i8;
        let values: Vec<Option<i128>> = values.collect();
        let most = values.iter().flatten().map(|units| units.unsigned_abs()).max().unwrap_or(0);
        Ok(match self {
            Types::Wide => {
                let wide = values.into_iter().map(|units| units.map(i256::from_i128));
                Arc::new(Decimal256Array::from_iter(wide).with_precision_and_scale(76, scale).expect("they fit"))
            }
            Types::Dictionaries => {
                if most >= 10_u128.pow(18) {
                    return Err("a Decimal64 has eighteen digits".to_owned());
                }
                let narrow = values.into_iter().map(|units| units.map(|units| i64::try_from(units).expect("it fits")));
                Arc::new(Decimal64Array::from_iter(narrow).with_precision_and_scale(18, scale).expect("they fit"))
            }
            Types::Floats => {
                if most >= 10_u128.pow(15) || places > 9 {
                    return Err("a float has fifteen digits for sure, and is rounded to nine decimals".to_owned());
                }
                let float = |units: i128| format!("{units}e-{places}").parse::<f64>().expect("a number");
                Arc::new(Float64Array::from_iter(values.into_iter().map(|units| units.map(float))))
            }
            _ => Arc::new(Decimal128Array::from_iter(values).with_precision_and_scale(38, scale).expect("they fit")),
        })
    }

    fn times(self, seconds: impl Iterator<Item = Option<i64>>, zones: [Option<&str>; 4]) -> ArrayRef {
        fn of<T: ArrowTimestampType>(
            seconds: impl Iterator<Item = Option<i64>>,
            in_second: i64,
            zone: Option<&str>,
        ) -> ArrayRef {
            // The last moment of the second: what is below it is dropped.
            let units = seconds.map(|second| second.map(|second| second * in_second + in_second - 1));
            Arc::new(PrimitiveArray::<T>::from_iter(units).with_timezone_opt(zone))
        }
        match self {
            Types::Wide => of::<TimestampNanosecondType>(seconds, 1_000_000_000, zones[1]),
            Types::Dictionaries => of::<TimestampSecondType>(seconds, 1, zones[2]),
            Types::Floats => of::<TimestampMillisecondType>(seconds, 1_000, zones[3]),
            _ => of::<TimestampMicrosecondType>(seconds, 1_000_000, zones[0]),
        }
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

/// The number in units of 10^-`scale`.
fn units(value: &Value, scale: u8) -> Option<i128> {
    let (units, places) = match value {
        Value::Integer(number) => (*number, 0),
        Value::Decimal { units, places } => (*units, *places),
        _ => return None,
    };
    Some(i128::from(units) * 10_i128.pow(u32::from(scale - places)))
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        value => Style::Iso.text(value).map(|text| text.parse().expect("a number")),
    }
}

fn second(value: &Value) -> Option<i64> {
    match value {
        Value::Day(day) => Some(i64::from(day.epoch_days()) * 86_400),
        Value::LocalTime { day, second } => Some(i64::from(day.epoch_days()) * 86_400 + i64::from(*second)),
        Value::Instant(second) => Some(*second),
        _ => None,
    }
}
