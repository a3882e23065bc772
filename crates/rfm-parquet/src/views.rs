//! The types that values are asked for in.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema, TimeUnit};
use parquet::basic::Type;

/// The same columns, with texts and bytes as views, and decimals as wide as they are stored; `stored` gives the type in the file of
/// one leaf after the other.
///
/// The library builds other texts by writing each one out, so that a dictionary of one long text and a page of short
/// references to it would take as much memory as the references ask for. A view is sixteen bytes, and the text is in
/// memory once.
pub(crate) fn with_views(schema: &Schema, stored: &mut dyn FnMut() -> Option<Type>) -> Schema {
    let fields: Vec<FieldRef> = schema.fields().iter().map(|field| of_field(field, stored)).collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}

fn of_field(field: &FieldRef, stored: &mut dyn FnMut() -> Option<Type>) -> FieldRef {
    let data_type = of_type(field.data_type(), stored);
    Arc::new(Field::clone(field).with_data_type(data_type))
}

/// Calls itself for parts; the depth of the schema has been checked. `stored` is asked once for each leaf, in order.
fn of_type(data_type: &DataType, stored: &mut dyn FnMut() -> Option<Type>) -> DataType {
    match data_type {
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|field| of_field(field, stored)).collect()),
        DataType::List(field) => DataType::List(of_field(field, stored)),
        DataType::LargeList(field) => DataType::LargeList(of_field(field, stored)),
        DataType::ListView(field) => DataType::ListView(of_field(field, stored)),
        DataType::LargeListView(field) => DataType::LargeListView(of_field(field, stored)),
        DataType::FixedSizeList(field, length) => DataType::FixedSizeList(of_field(field, stored), *length),
        DataType::Map(field, sorted) => DataType::Map(of_field(field, stored), *sorted),
        leaf => of_leaf(leaf, stored()),
    }
}

fn of_leaf(data_type: &DataType, stored: Option<Type>) -> DataType {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::Dictionary(_, values) => of_leaf(values, stored),
        // Nanoseconds in 64 bits end in 2262, and what lies beyond would come out as another day.
        DataType::Timestamp(TimeUnit::Nanosecond, zone) if stored == Some(Type::INT96) => {
            DataType::Timestamp(TimeUnit::Second, zone.clone())
        }
        DataType::Decimal128(precision @ ..=9, scale) if stored == Some(Type::INT32) => {
            DataType::Decimal32(*precision, *scale)
        }
        DataType::Decimal128(precision @ ..=18, scale) if stored == Some(Type::INT64) => {
            DataType::Decimal64(*precision, *scale)
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_as_wide_as_they_are_stored() {
        let decimal = |precision| DataType::Decimal128(precision, 2);
        for (data_type, stored, asked) in [
            (decimal(9), Type::INT32, DataType::Decimal32(9, 2)),
            (decimal(9), Type::INT64, DataType::Decimal64(9, 2)),
            (decimal(18), Type::INT64, DataType::Decimal64(18, 2)),
            (decimal(9), Type::FIXED_LEN_BYTE_ARRAY, decimal(9)),
            (decimal(10), Type::INT32, decimal(10)),
            (decimal(38), Type::INT64, decimal(38)),
            (DataType::Int32, Type::INT32, DataType::Int32),
        ] {
            let schema = Schema::new(vec![Field::new("price", data_type, true)]);
            assert_eq!(with_views(&schema, &mut || Some(stored)).field(0).data_type(), &asked);
        }
    }
}
