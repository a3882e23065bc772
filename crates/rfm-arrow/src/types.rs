//! Which types can play which role.

use arrow_schema::DataType;
use rfm_core::Role;

/// What a role needs of the type of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Id,
    Date,
    Number,
    Label,
}

impl Need {
    fn of(role: Role) -> Need {
        match role {
            Role::Customer | Role::Order | Role::Product => Need::Id,
            Role::Date | Role::FirstOrder => Need::Date,
            Role::Currency | Role::Attribute => Need::Label,
            Role::Amount | Role::Quantity | Role::Price | Role::Recency | Role::Frequency => Need::Number,
        }
    }

    fn is_met_by(self, data_type: &DataType) -> bool {
        match bare(data_type) {
            DataType::Null => true,
            data_type if is_text(data_type) => true,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => matches!(self, Need::Date | Need::Label),
            data_type if data_type.is_numeric() => true,
            DataType::Boolean => self == Need::Label,
            _ => false,
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Need::Id => "an id is a text, or a whole number of any numeric type",
            Need::Date => {
                "a date is of the type Date32, Date64 or Timestamp, a text, or a whole number such as 20111209"
            }
            Need::Number => "a number is of any numeric type, or a text",
            Need::Label => "it is a text, a number, a date or a truth value",
        }
    }
}

/// The sentence that says which types can play a role, if this one cannot.
pub(crate) fn refusal(role: Role, data_type: &DataType) -> Option<&'static str> {
    let need = Need::of(role);
    (!need.is_met_by(data_type)).then(|| need.sentence())
}

/// Whether cells of this type have a format that has to be proven: texts, and digits where dates should be.
pub(crate) fn needs_evidence(role: Role, data_type: &DataType) -> bool {
    let data_type = bare(data_type);
    match Need::of(role) {
        Need::Date => is_text(data_type) || data_type.is_numeric(),
        Need::Number => is_text(data_type),
        Need::Id | Need::Label => false,
    }
}

/// The largest whole number up to which a float type holds all of them, if it is narrower than a double.
pub(crate) fn exact_up_to(data_type: &DataType) -> Option<f64> {
    match bare(data_type) {
        DataType::Float16 => Some(2_048.0),
        DataType::Float32 => Some(16_777_216.0),
        _ => None,
    }
}

/// Whether the values are whole numbers by their type.
pub(crate) fn is_integer(data_type: &DataType) -> bool {
    bare(data_type).is_integer()
}

/// The type of the values, whether they are stored one by one, in a dictionary or in runs.
pub(crate) fn bare(mut data_type: &DataType) -> &DataType {
    loop {
        data_type = match data_type {
            DataType::Dictionary(_, values) => values,
            DataType::RunEndEncoded(_, values) => values.data_type(),
            _ => return data_type,
        }
    }
}

/// Its name for a message. What a nested type holds is left out: it has names of fields, and may be long.
pub(crate) fn name(data_type: &DataType) -> String {
    match bare(data_type) {
        DataType::Struct(_) => "Struct".to_owned(),
        DataType::Map(..) => "Map".to_owned(),
        DataType::Union(..) => "Union".to_owned(),
        nested if nested.is_nested() => "List".to_owned(),
        DataType::Timestamp(unit, _) => format!("Timestamp({unit:?})"),
        data_type => data_type.to_string(),
    }
}

fn is_text(data_type: &DataType) -> bool {
    data_type.is_string() || data_type.is_binary()
}
