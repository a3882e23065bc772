//! Tables that are refused, and what every door has to say about them.

use rfm_core::cell::CellProblem;
use rfm_core::{Role, RoleError};
use rfm_input::ErrorKind;

use super::cases::{day, decimal};
use super::table::{LogicalTable, Value};

/// A table that cannot be read.
pub(super) struct Refused {
    pub(super) table: LogicalTable,
    /// Whether the error is of the right kind.
    pub(super) is_kind: fn(&ErrorKind) -> bool,
    /// The message behind the place: of values, and of texts if the format has them only as such.
    pub(super) texts: &'static [&'static str],
    /// The row and the column that the error is about, both counted from 0.
    pub(super) row: Option<u64>,
    pub(super) column: Option<usize>,
}

const COLUMNS: [(&str, Option<Role>); 3] =
    [("customer_id", Some(Role::Customer)), ("order_date", Some(Role::Date)), ("amount", Some(Role::Amount))];

/// A table with one row that cannot be read between two that can.
fn with(name: &str, row: [Value; 3]) -> LogicalTable {
    LogicalTable::lines(name, &COLUMNS).row([Value::from("ann"), day("2024-04-17"), decimal("1.50")]).row(row).row([
        Value::from("cyd"),
        day("2024-04-18"),
        decimal("2.50"),
    ])
}

fn date(name: &str, value: Value) -> LogicalTable {
    with(name, [Value::from("bob"), value, decimal("1.25")])
}

fn amount(name: &str, value: Value) -> LogicalTable {
    with(name, [Value::from("bob"), day("2024-04-17"), value])
}

fn cell(
    table: LogicalTable,
    column: usize,
    is_kind: fn(&ErrorKind) -> bool,
    texts: &'static [&'static str],
) -> Refused {
    Refused { table, is_kind, texts, row: Some(1), column: Some(column) }
}

fn is_year(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::BadCell { problem: CellProblem::YearOutOfRange { .. }, .. })
}

fn is_bad(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::BadCell { .. })
}

fn is_empty(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::BadCell { problem: CellProblem::Empty, .. })
}

fn is_no_date(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::BadCell { problem: CellProblem::NotADate { .. }, .. })
}

fn is_no_number(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::BadCell { problem: CellProblem::NotANumber { .. }, .. })
}

/// All of them.
pub(super) fn all() -> Vec<Refused> {
    let not_finite =
        &["is infinite or not a number", "expected a number with a decimal point, found 3 characters: letters"];
    let refused = [bad_cells(), bad_columns(), unproven()].into_iter().flatten().chain([
        cell(amount("an amount that is not a number", Value::Float(f64::NAN)), 2, is_bad, not_finite),
        cell(amount("an infinite amount", Value::Float(f64::INFINITY)), 2, is_bad, not_finite),
    ]);
    refused.map(|refused| Refused { table: refused.table.in_one_style(), ..refused }).collect()
}

fn bad_cells() -> Vec<Refused> {
    let found = &["expected a date as yyyy-mm-dd, found 3 characters: letters and punctuation"];
    // Numbers that are no texts prove no separator.
    let numbers = &[
        "expected a number with a decimal point, found 4 characters: letters",
        "expected a number with a decimal point or comma, found 4 characters: letters",
    ];
    vec![
        cell(date("a date before 1970", day("1969-12-31")), 1, is_year, &["the year 1969 is outside of 1970 to 2199"]),
        cell(date("a date after 2199", day("2200-01-01")), 1, is_year, &["the year 2200 is outside of 1970 to 2199"]),
        cell(
            date("a date of the far future", day("9999-12-31")),
            1,
            is_year,
            &["the year 9999 is outside of 1970 to 2199"],
        ),
        cell(date("no date", Value::Null), 1, is_empty, &["is empty"]),
        cell(amount("no amount", Value::Null), 2, is_empty, &["is empty"]),
        cell(date("a text for a date", Value::from("n/a")), 1, is_no_date, found),
        cell(amount("a text for an amount", Value::from("none")), 2, is_no_number, numbers),
        cell(
            amount("an amount of ten decimals", Value::Decimal { units: 12_345_678_901, places: 10 }),
            2,
            |kind| matches!(kind, ErrorKind::BadCell { problem: CellProblem::TooManyDecimals { .. }, .. }),
            &["has 10 decimals, more than the 9 that are kept; round with --round"],
        ),
        cell(
            LogicalTable::lines(
                "a product that is too large",
                &[COLUMNS[0], COLUMNS[1], ("quantity", Some(Role::Quantity)), ("price", Some(Role::Price))],
            )
            .row([Value::from("ann"), day("2024-04-17"), Value::Integer(1), Value::Integer(1)])
            .row([
                Value::from("ann"),
                day("2024-04-17"),
                Value::Integer(4_000_000_000),
                Value::Integer(4_000_000_000),
            ]),
            3,
            |kind| matches!(kind, ErrorKind::BadCell { problem: CellProblem::TooLarge, .. }),
            &["is too large: the limit is 9223372036854775807 minor units"],
        ),
        cell(
            with("a truth value for a customer", [Value::Bool(true), day("2024-04-17"), decimal("1.25")]),
            0,
            |kind| matches!(kind, ErrorKind::BadCell { problem: CellProblem::WrongType { .. }, .. }),
            &["expected an id, found a truth value"],
        ),
    ]
}

fn bad_columns() -> Vec<Refused> {
    let header = |name: &str, columns: &[(&str, Option<Role>)]| {
        let row = [Value::from("ann"), day("2024-04-17"), decimal("1.50")].into_iter();
        let row = row.cycle().take(columns.len()).collect();
        LogicalTable::lines(name, columns).rows_of([row])
    };
    let refused = |table, is_kind, texts| Refused { table, is_kind, texts, row: None, column: None };
    vec![
        refused(
            header("no column for the customer", &[("who", None), COLUMNS[1], COLUMNS[2]]),
            |kind| matches!(kind, ErrorKind::Columns { problem: RoleError::Missing { role: Role::Customer, .. }, .. }),
            &["no column for the customer; the header has `who`, `order_date`, `amount`; name it with --customer"],
        ),
        refused(
            header("no column for the date", &[COLUMNS[0], ("x", None), COLUMNS[2]]),
            |kind| matches!(kind, ErrorKind::Columns { problem: RoleError::Missing { role: Role::Date, .. }, .. }),
            &["no column for the date; the header has `customer_id`, `x`, `amount`; name it with --date"],
        ),
        refused(
            header("two columns for the customer", &[COLUMNS[0], COLUMNS[1], COLUMNS[2], ("client_id", None)]),
            |kind| {
                matches!(kind, ErrorKind::Columns { problem: RoleError::Ambiguous { role: Role::Customer, .. }, .. })
            },
            &["2 columns may be the customer: `customer_id`, `client_id`; choose one with --customer"],
        ),
        refused(
            LogicalTable::lines("a named column that is not there", &[COLUMNS[0], COLUMNS[1], COLUMNS[2]])
                .row([Value::from("ann"), day("2024-04-17"), decimal("1.50")])
                .asking_for(Role::Amount, "ammount"),
            |kind| matches!(kind, ErrorKind::Columns { problem: RoleError::Unknown { role: Role::Amount, .. }, .. }),
            &[
                "no column `ammount` for the amount; the header has `customer_id`, `order_date`, `amount`; did you mean `amount`?",
            ],
        ),
    ]
}

/// Texts whose format nobody tells.
fn unproven() -> Vec<Refused> {
    let texts = |name: &str, cells: [[&str; 2]; 2]| {
        let row = |[date, amount]: [&str; 2]| vec![Value::from("ann"), Value::from(date), Value::from(amount)];
        LogicalTable::lines(name, &COLUMNS).finding_formats().rows_of(cells.map(row))
    };
    vec![
        Refused {
            table: texts("dates of days or months", [["05/04/2024", "1.50"], ["06/04/2024", "2.50"]]),
            is_kind: |kind| matches!(kind, ErrorKind::AmbiguousDate { is_whole: true, .. }),
            texts: &["every date can be read as d/m/y and as m/d/y; say which with --date-format"],
            row: None,
            column: Some(1),
        },
        Refused {
            table: texts("dates of two formats", [["2024-04-17", "1.50"], ["17.04.2024", "2.50"]]),
            is_kind: |kind| matches!(kind, ErrorKind::MixedDates { .. }),
            texts: &["this date is in another format than those before it; name the right one with --date-format"],
            row: Some(1),
            column: Some(1),
        },
        Refused {
            table: texts("texts for dates", [["soon", "1.50"], ["later", "2.50"]]),
            is_kind: |kind| matches!(kind, ErrorKind::UnknownDate { .. }),
            texts: &[
                "expected a date, found 4 characters: letters; if these are dates, name their format with --date-format",
            ],
            row: Some(0),
            column: Some(1),
        },
        Refused {
            table: texts("numbers of two formats", [["2024-04-17", "1.50"], ["2024-04-18", "2,50"]]),
            is_kind: |kind| matches!(kind, ErrorKind::MixedNumbers { .. }),
            texts: &[
                "this number contradicts those before it, some have a decimal point and some a decimal comma; say which is \
                 right with --decimal point or --decimal comma",
            ],
            row: Some(1),
            column: Some(2),
        },
        Refused {
            table: texts("numbers that may be read in two ways", [["2024-04-17", "7"], ["2024-04-18", "1.234"]]),
            is_kind: |kind| matches!(kind, ErrorKind::BadCell { problem: CellProblem::AmbiguousNumber { .. }, .. }),
            texts: &[
                "`.` before three digits may be a decimal or a thousands separator; say which with --decimal point or \
                 --decimal comma",
            ],
            row: Some(1),
            column: Some(2),
        },
    ]
}
