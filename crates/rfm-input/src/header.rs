//! Names of columns that are none, but data.

use rfm_core::RoleError;
use rfm_core::cell::{DateFormats, NumberFormat, Shape};

/// Whether a name is none, but a date, a number or an address.
///
/// # Examples
///
/// ```
/// assert!(["2024-01-17", "1.234,50", "ann@example.org"].into_iter().all(rfm_input::is_data));
/// assert!(!rfm_input::is_data("Customer ID"));
/// ```
#[must_use]
pub fn is_data(name: &str) -> bool {
    let is_number = |format: NumberFormat| format.read(name, None).is_ok();
    name.contains('@')
        || DateFormats::of(name).iter().next().is_some()
        || is_number(NumberFormat::Point)
        || is_number(NumberFormat::Comma)
}

/// The same problem with the shapes of names that are data, for a header that may be a row.
#[must_use]
pub fn without_data(problem: RoleError) -> RoleError {
    let masked = |name: String| if is_data(&name) { Shape::of(&name).to_string() } else { name };
    let all = |names: Vec<String>| names.into_iter().filter(|name| !name.is_empty()).map(masked).collect();
    match problem {
        RoleError::Missing { role, header, suggestion_text } => {
            RoleError::Missing { role, header: all(header), suggestion_text }
        }
        RoleError::Unknown { role, name, header, similar } => {
            RoleError::Unknown { role, name, header: all(header), similar: similar.filter(|name| !is_data(name)) }
        }
        other => other,
    }
}
