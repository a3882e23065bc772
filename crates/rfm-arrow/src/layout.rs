//! The columns of record batches, and the roles that they play.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema};
use rfm_core::{ColumnRoles, Role};
use rfm_input::{InputName, Site};

use crate::error::{Error, ErrorKind};
use crate::options::ArrowOptions;
use crate::rows::{BatchRows, Column, Meaning};
use crate::types;

/// How the record batches of one schema are read: their columns, the roles that these play, and what their values mean.
///
/// The columns are those of the schema, and of a structure its fields, under names with dots between: `customer.id`. A column
/// that has such a name itself comes first. Lists, maps and unions are columns whose values cannot be read.
///
/// # Examples
///
/// ```
/// use arrow_schema::{DataType, Field, Schema};
/// use rfm_arrow::{ArrowOptions, Layout};
/// use rfm_core::Role;
/// use rfm_input::{InputName, ReadOptions};
///
/// let buyer = DataType::Struct(vec![Field::new("id", DataType::Int64, true)].into());
/// let date = Field::new("date", DataType::Date32, false);
/// let schema = Schema::new(vec![Field::new("buyer", buyer, true), date, Field::new("total", DataType::Float64, true)]);
///
/// let options = ArrowOptions::from(ReadOptions::default().column(Role::Customer, "buyer.id"));
/// let layout = Layout::try_new(&InputName::new("orders"), &schema, &options)?;
/// assert_eq!(layout.site().columns(), ["buyer.id", "date", "total"]);
/// assert_eq!(layout.path(0), ["buyer", "id"]);
/// # Ok::<(), rfm_arrow::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Layout {
    site: Site,
    leaves: Vec<Leaf>,
}

/// A column whose values are no structure.
#[derive(Clone, Debug)]
struct Leaf {
    path: Vec<String>,
    data_type: DataType,
    meaning: Meaning,
    is_needed: bool,
}

impl Layout {
    /// Gives the columns of a schema their roles; `name` is what messages call the input.
    ///
    /// # Errors
    ///
    /// [`Error`] if a role has no column, or one whose type cannot play it.
    pub fn try_new(name: &InputName, schema: &Schema, options: &ArrowOptions) -> Result<Layout, Error> {
        let mut leaves = leaves(schema);
        let names: Vec<String> = leaves.iter().map(|leaf| leaf.path.join(".")).collect();
        let roles = ColumnRoles::resolve(&names, options.read_options().roles()).map_err(|problem| {
            let position = rfm_input::Position::new(name);
            rfm_input::ErrorKind::Columns { position, problem, has_header: true }
        })?;
        let site = Site::of_columns(name, names, roles);
        for role in Role::ALL {
            let Some(column) = site.roles().column(role) else { continue };
            let Some(leaf) = leaves.get_mut(column) else { continue };
            if let Some(needed) = types::refusal(role, &leaf.data_type) {
                let (position, found) = (site.position(None, Some(column)), types::name(&leaf.data_type));
                return Err(ErrorKind::Type { position, role, found, needed }.into());
            }
            leaf.is_needed = true;
            leaf.meaning = match role {
                Role::Amount | Role::Price if types::is_integer(&leaf.data_type) => {
                    options.minor_unit_scale().map_or(Meaning::Value, Meaning::MinorUnits)
                }
                Role::Customer | Role::Order | Role::Product => {
                    types::exact_up_to(&leaf.data_type).map_or(Meaning::Value, Meaning::ExactUpTo)
                }
                _ => leaf.meaning,
            };
        }
        Ok(Layout { site, leaves })
    }

    /// The columns of a schema without roles, for a table that is read whole.
    #[must_use]
    pub fn without_roles(name: &InputName, schema: &Schema) -> Layout {
        let leaves = leaves(schema);
        let names = leaves.iter().map(|leaf| leaf.path.join(".")).collect();
        Layout { site: Site::of_columns(name, names, ColumnRoles::default()), leaves }
    }

    /// The columns by name, their roles, and places for messages.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The names that lead to a column: its own, and before it those of the structures that it is in. Empty if there is no
    /// such column.
    #[must_use]
    pub fn path(&self, column: usize) -> &[String] {
        self.leaves.get(column).map_or(&[], |leaf| &leaf.path)
    }

    /// The columns that play a role, counted from 0, in their order.
    pub fn needed(&self) -> impl Iterator<Item = usize> {
        self.leaves.iter().enumerate().filter(|(_, leaf)| leaf.is_needed).map(|(column, _)| column)
    }

    /// Whether formats of dates or numbers have to be proven, since there are texts, or digits where dates should be.
    #[must_use]
    pub fn needs_evidence(&self) -> bool {
        let of_role = |role| {
            let column = self.site.roles().column(role)?;
            self.leaves.get(column).map(|leaf| types::needs_evidence(role, &leaf.data_type))
        };
        Role::ALL.into_iter().filter_map(of_role).any(|needs_evidence| needs_evidence)
    }

    /// The rows of a batch; `first` is the number of the first one, from 1. The batch may lack columns that play no role, as a
    /// projection does: their cells are empty.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OtherColumns`] if it lacks one that does, or has it with another type.
    pub fn rows(&self, batch: &RecordBatch, first: u64) -> Result<BatchRows, Error> {
        let mut columns = Vec::with_capacity(self.leaves.len());
        for (at, leaf) in self.leaves.iter().enumerate() {
            let column = leaf.column(batch);
            if column.is_none() && leaf.is_needed {
                return Err(ErrorKind::OtherColumns { position: self.site.position(Some(first), Some(at)) }.into());
            }
            columns.push(column);
        }
        Ok(BatchRows::new(columns, batch.num_rows(), first))
    }
}

impl Leaf {
    fn column(&self, batch: &RecordBatch) -> Option<Column> {
        let (first, rest) = self.path.split_first()?;
        let mut array: ArrayRef = batch.column_by_name(first)?.clone();
        let mut hidden: Option<NullBuffer> = None;
        for name in rest {
            let structure = array.as_struct_opt()?;
            // A value in a structure that is null is nobody's.
            hidden = NullBuffer::union(hidden.as_ref(), structure.nulls());
            array = structure.column_by_name(name)?.clone();
        }
        (*array.data_type() == self.data_type).then(|| Column::new(array, hidden, self.meaning))
    }
}

/// The columns of a schema, in its order, with the fields of a structure in its place.
fn leaves(schema: &Schema) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let mut waiting: Vec<(Vec<String>, &Field)> =
        schema.fields().iter().rev().map(|field| (Vec::new(), field.as_ref())).collect();
    while let Some((mut path, field)) = waiting.pop() {
        path.push(field.name().clone());
        if let DataType::Struct(fields) = field.data_type() {
            waiting.extend(fields.iter().rev().map(|field| (path.clone(), field.as_ref())));
        } else if path.len() == 1 || schema.index_of(&path.join(".")).is_err() {
            let data_type = field.data_type().clone();
            leaves.push(Leaf { path, data_type, meaning: Meaning::Value, is_needed: false });
        }
    }
    leaves
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Date32Array, Int64Array, StringArray, StructArray};
    use arrow_schema::Fields;
    use rfm_core::cell::Cell;
    use rfm_input::{ReadOptions, Row as _};

    use super::*;

    fn structure(fields: &[(&str, DataType)]) -> DataType {
        let field = |(name, data_type): &(&str, DataType)| Field::new(*name, data_type.clone(), true);
        DataType::Struct(fields.iter().map(field).collect())
    }

    fn names(fields: Vec<Field>) -> Vec<String> {
        leaves(&Schema::new(fields)).iter().map(|leaf| leaf.path.join(".")).collect()
    }

    #[test]
    fn fields_of_structures_stand_in_their_place() {
        let inner = structure(&[("id", DataType::Int64), ("name", DataType::Utf8)]);
        let buyer = structure(&[("who", inner), ("tags", DataType::new_list(DataType::Utf8, true))]);
        let fields = vec![
            Field::new("a", DataType::Int64, true),
            Field::new("buyer", buyer, true),
            Field::new("b", DataType::Int64, true),
        ];
        assert_eq!(names(fields), ["a", "buyer.who.id", "buyer.who.name", "buyer.tags", "b"]);
    }

    #[test]
    fn a_column_of_the_very_name_comes_before_a_path() {
        let buyer = structure(&[("id", DataType::Int64), ("name", DataType::Utf8)]);
        let fields = vec![Field::new("buyer", buyer, true), Field::new("buyer.id", DataType::Utf8, true)];
        assert_eq!(names(fields), ["buyer.name", "buyer.id"]);
    }

    #[test]
    fn a_projection_has_empty_cells_where_no_role_is_played() {
        let batch = RecordBatch::try_from_iter([
            ("note", Arc::new(StringArray::from(vec!["secret"])) as ArrayRef),
            ("customer", Arc::new(Int64Array::from(vec![17]))),
            ("date", Arc::new(Date32Array::from(vec![15_317]))),
            ("amount", Arc::new(Int64Array::from(vec![5]))),
        ])
        .unwrap();
        let name = InputName::new("orders");
        let layout = Layout::try_new(&name, &batch.schema(), &ArrowOptions::default()).unwrap();
        assert_eq!(layout.needed().collect::<Vec<_>>(), [1, 2, 3]);
        assert!(!layout.needs_evidence() && layout.path(9).is_empty());
        let rows = layout.rows(&batch.project(&[3, 1, 2]).unwrap(), 1).unwrap();
        assert_eq!((rows.row(0).cell(0), rows.row(0).cell(1)), (Cell::Empty, Cell::Integer(17)));
        let error = layout.rows(&batch.project(&[0, 1, 2]).unwrap(), 5).unwrap_err();
        assert!(error.to_string().starts_with("orders, row 5, column 4 `amount`: "), "{error}");
    }

    #[test]
    fn a_field_of_a_structure_is_read_by_its_path() {
        let id: ArrayRef = Arc::new(Int64Array::from(vec![17]));
        let fields = Fields::from(vec![Field::new("id", DataType::Int64, true)]);
        let batch = RecordBatch::try_from_iter([
            ("buyer", Arc::new(StructArray::new(fields, vec![id], None)) as ArrayRef),
            ("date", Arc::new(Date32Array::from(vec![15_317]))),
            ("amount", Arc::new(Int64Array::from(vec![5]))),
        ])
        .unwrap();
        let options = ArrowOptions::from(ReadOptions::default().column(Role::Customer, "buyer.id"));
        let layout = Layout::try_new(&InputName::new("orders"), &batch.schema(), &options).unwrap();
        assert_eq!(layout.rows(&batch, 1).unwrap().row(0).cell(0), Cell::Integer(17));
    }
}
