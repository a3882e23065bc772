//! The types that values are asked for in.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema, TimeUnit};

/// The same columns, with texts and bytes as views.
///
/// The library builds other texts by writing each one out, so that a dictionary of one long text and a page of short
/// references to it would take as much memory as the references ask for. A view is sixteen bytes, and the text is in
/// memory once.
pub(crate) fn with_views(schema: &Schema, is_int96: &mut dyn FnMut() -> bool) -> Schema {
    let fields: Vec<FieldRef> = schema.fields().iter().map(|field| of_field(field, is_int96)).collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}

fn of_field(field: &FieldRef, is_int96: &mut dyn FnMut() -> bool) -> FieldRef {
    let data_type = of_type(field.data_type(), is_int96);
    Arc::new(Field::clone(field).with_data_type(data_type))
}

/// Calls itself for parts; the depth of the schema has been checked. `is_int96` is asked once for each leaf, in order.
fn of_type(data_type: &DataType, is_int96: &mut dyn FnMut() -> bool) -> DataType {
    match data_type {
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|field| of_field(field, is_int96)).collect()),
        DataType::List(field) => DataType::List(of_field(field, is_int96)),
        DataType::LargeList(field) => DataType::LargeList(of_field(field, is_int96)),
        DataType::ListView(field) => DataType::ListView(of_field(field, is_int96)),
        DataType::LargeListView(field) => DataType::LargeListView(of_field(field, is_int96)),
        DataType::FixedSizeList(field, length) => DataType::FixedSizeList(of_field(field, is_int96), *length),
        DataType::Map(field, sorted) => DataType::Map(of_field(field, is_int96), *sorted),
        leaf => of_leaf(leaf, is_int96()),
    }
}

fn of_leaf(data_type: &DataType, is_int96: bool) -> DataType {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::Dictionary(_, values) => of_leaf(values, is_int96),
        // Nanoseconds in 64 bits end in 2262, and what lies beyond would come out as another day.
        DataType::Timestamp(TimeUnit::Nanosecond, zone) if is_int96 => {
            DataType::Timestamp(TimeUnit::Second, zone.clone())
        }
        other => other.clone(),
    }
}
