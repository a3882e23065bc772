//! Tables made from a seed, and drawn for property tests.

use proptest::collection::vec;
use proptest::prelude::*;
use rfm_core::{CleaningPolicy, Day, Role};

use super::cases::PRODUCT;
use super::table::{LogicalTable, Value};
use crate::generate::{OrderLine, Shape};

/// More rows than three batches hold.
const ROWS: usize = 30_000;

/// Order lines as a shop would export them, with repeat buyers, returns, guests, free items and repeated lines.
pub(super) fn large() -> LogicalTable {
    let generator = Shape::new().seed(3).customers(2_000).lines(40_000).build().expect("a shape of the suite");
    let columns = [PRODUCT.as_slice(), &[("country", None), ("description", None)]].concat();
    let row = |line: OrderLine| {
        vec![
            line.customer_id().map_or(Value::Null, Value::from),
            Value::from(line.order_id()),
            Value::LocalTime {
                day: Day::from_epoch_days(line.date().days()).expect("a day of this century"),
                second: line.second_of_day(),
            },
            Value::Integer(line.quantity()),
            Value::Decimal { units: line.unit_price(), places: 2 },
            Value::from(line.country()),
            Value::from(line.description()),
        ]
    };
    LogicalTable::lines("thirty thousand generated lines", &columns)
        .policy(CleaningPolicy::online_retail())
        .finding_formats()
        .rows_of(generator.lines().take(ROWS).map(row))
}

/// Small tables of order lines with everything that is rare.
pub(super) fn small() -> impl Strategy<Value = LogicalTable> {
    let columns = prop::sample::subsequence((0..2).collect::<Vec<usize>>(), 0..=2);
    // A column of numbers, or of texts; of days, of times, of instants.
    let kinds = (any::<bool>(), any::<bool>(), 0..3);
    (columns, kinds, any::<bool>(), any::<bool>(), any::<bool>(), prop::option::of(-14..=14)).prop_flat_map(
        |(optional, kinds, drops_repeats, keeps_all, reverses, zone)| {
            vec(row(kinds), 0..20).prop_map(move |rows| {
                let table = of_rows(&optional, rows, reverses);
                let table = if drops_repeats { table.dropping_repeats() } else { table };
                let table = if keeps_all { table.policy(CleaningPolicy::keep_all()) } else { table };
                zone.map_or(table.clone(), |hours| table.in_zone(hours * 3_600))
            })
        },
    )
}

/// A table with customer, date and amount, and those of order and quantity that `optional` has.
fn of_rows(optional: &[usize], rows: Vec<[Value; 5]>, reverses: bool) -> LogicalTable {
    const COLUMNS: [(&str, Option<Role>); 5] = [
        ("customer_id", Some(Role::Customer)),
        ("order_date", Some(Role::Date)),
        ("amount", Some(Role::Amount)),
        ("order_id", Some(Role::Order)),
        ("quantity", Some(Role::Quantity)),
    ];
    let mut taken = [&[0, 1, 2], optional.iter().map(|column| column + 3).collect::<Vec<_>>().as_slice()].concat();
    if reverses {
        taken.reverse();
    }
    let columns: Vec<_> = taken.iter().map(|column| COLUMNS[*column]).collect();
    let rows = rows.into_iter().map(|row| taken.iter().map(|column| row[*column].clone()).collect());
    LogicalTable::lines("drawn lines", &columns).skipping_bad_rows().rows_of(rows)
}

fn row((number_ids, number_orders, dates): (bool, bool, i32)) -> impl Strategy<Value = [Value; 5]> {
    let amount = prop_oneof![
        8 => (-500_i64..100_000, 0_u8..4).prop_map(|(units, places)| shortest(units, places)),
        2 => (-5_i64..100).prop_map(Value::Integer),
        1 => Just(Value::Null),
    ];
    let quantity = prop_oneof![6 => (-2_i64..10).prop_map(Value::Integer), 1 => Just(Value::Null)];
    (id(number_ids), date(dates), amount, id(number_orders), quantity).prop_map(|row| match <[Value; 5]>::from(row) {
        // Rows of nothing are no rows in some formats.
        [Value::Null, Value::Null, Value::Null, order, quantity] => {
            [Value::Null, Value::Null, Value::Integer(1), order, quantity]
        }
        row => row,
    })
}

/// Without zeros at the end: a text of a number with them is another text, and its line no repeated one, while a number is the
/// same number.
fn shortest(units: i64, places: u8) -> Value {
    match places {
        0 => Value::Integer(units),
        _ if units % 10 == 0 => shortest(units / 10, places - 1),
        _ => Value::Decimal { units, places },
    }
}

fn id(is_number: bool) -> BoxedStrategy<Value> {
    // No empty text, which is null in some formats and not in others, and so repeats another line or not.
    let nobody = prop::sample::select(vec![Value::Null, Value::from(" ")]);
    match is_number {
        true => prop_oneof![8 => (-2_i64..6).prop_map(Value::Integer), 1 => Just(Value::Null)].boxed(),
        false => prop_oneof![
            8 => "[a-d]".prop_map(Value::Text),
            4 => "[a-b0-1,;|\t\"é€日 ._']{1,5}".prop_map(Value::Text),
            1 => "[a\n\r\"]{1,3}".prop_map(Value::Text),
            1 => nobody,
        ]
        .boxed(),
    }
}

fn date(kind: i32) -> BoxedStrategy<Value> {
    let day = || (19_000_i32..19_060).prop_map(|days| Day::from_epoch_days(days).expect("in this century"));
    let value = match kind {
        0 => day().prop_map(Value::Day).boxed(),
        1 => (day(), 0_u32..86_400).prop_map(|(day, second)| Value::LocalTime { day, second }).boxed(),
        _ => (19_000_i64 * 86_400..19_060 * 86_400).prop_map(Value::Instant).boxed(),
    };
    prop_oneof![12 => value, 1 => Just(Value::Null)].boxed()
}
