//! From the values of calamine to cells.

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};
use rfm_core::cell::{Cell, CellFault};

use crate::serial::{DateSystem, iso_moment};

/// The cell of a value that is streamed.
#[inline]
pub(crate) fn streamed<'v>(value: &'v DataRef<'_>, system: DateSystem) -> Cell<'v> {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Float(number) => Cell::Float(*number),
        DataRef::Int(number) => Cell::Integer((*number).into()),
        DataRef::SharedString(text) => Cell::Text(text),
        DataRef::String(text) => Cell::Text(text),
        DataRef::Bool(truth) => Cell::Bool(*truth),
        DataRef::DateTime(serial) => date(serial, system),
        DataRef::DateTimeIso(text) => iso_moment(text),
        DataRef::DurationIso(_) => Cell::Fault(CellFault::TimeOnly),
        DataRef::Error(error) => Cell::Fault(CellFault::ErrorValue(name(error))),
    }
}

/// The cell of a value of a format that is read whole.
pub(crate) fn stored(value: &Data, system: DateSystem) -> Cell<'_> {
    match value {
        Data::Empty => Cell::Empty,
        Data::Float(number) => Cell::Float(*number),
        Data::Int(number) => Cell::Integer((*number).into()),
        Data::String(text) => Cell::Text(text),
        Data::Bool(truth) => Cell::Bool(*truth),
        Data::DateTime(serial) => date(serial, system),
        Data::DateTimeIso(text) => iso_moment(text),
        Data::DurationIso(_) => Cell::Fault(CellFault::TimeOnly),
        Data::Error(error) => Cell::Fault(CellFault::ErrorValue(name(error))),
    }
}

fn date(serial: &ExcelDateTime, system: DateSystem) -> Cell<'static> {
    if serial.is_duration() {
        return Cell::Fault(CellFault::TimeOnly);
    }
    system.moment(serial.as_f64())
}

fn name(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}
