use super::*;
use crate::cell::IdFormat;

const FORMATS: CellFormats = CellFormats {
    date: DateFormat::YearMonthDay,
    number: NumberFormat::Point,
    ids: IdFormat::Integer,
    round: None,
    as_of: None,
};

fn product<'a>(quantity: &'a str, price: &'a str) -> Cells<'a> {
    let text = Cell::Text;
    let money = Money::Product { quantity: text(quantity), price: text(price) };
    Cells {
        customer: text("13085.0"),
        order: Some(text("C1")),
        product: None,
        date: text("2011-12-09"),
        money,
        attribute: None,
        summary: None,
    }
}

#[test]
fn earlier_rows_follow_the_scale_of_later_ones() {
    let mut buffer = TransactionBuffer::default();
    buffer.push(&product("2", "3"), &FORMATS).unwrap();
    buffer.push(&product("-1", "0.125"), &FORMATS).unwrap();
    buffer.push(&product("0.5", "0.5"), &FORMATS).unwrap();
    let batch = buffer.batch();
    assert_eq!((batch.amounts, batch.scale.decimals()), (&[6_000, -125, 250][..], 3));
    assert_eq!(batch.quantities, Some(&[2, -1, 5][..]), "the digits: only the sign of a quantity counts");
    assert_eq!(batch.customer_ids.get(1), "13085");
}

#[test]
fn an_error_leaves_the_batch_as_it_was() {
    let mut buffer = TransactionBuffer::default();
    buffer.push(&product("2", "3"), &FORMATS).unwrap();
    for (quantity, price, role) in
        [("x", "1", Role::Quantity), ("1", "", Role::Price), ("9223372036854775807", "2", Role::Price)]
    {
        assert_eq!(buffer.push(&product(quantity, price), &FORMATS).unwrap_err().role, role);
    }
    let bad_date = Cells { date: Cell::Text("2011-02-30"), ..product("1", "1") };
    assert_eq!(buffer.push(&bad_date, &FORMATS).unwrap_err().reject(), crate::Reject::BadDate);
    assert_eq!(buffer.worth(&bad_date.money, &FORMATS), Some(Decimal::new(1, Scale::UNITS)));
    assert_eq!((buffer.batch().len(), buffer.batch().amounts), (1, &[6][..]));
}

#[test]
fn the_decimals_of_both_factors_are_kept_or_refused() {
    let mut buffer = TransactionBuffer::default();
    buffer.push(&product("0.00002", "0.00005"), &FORMATS).unwrap();
    assert_eq!(buffer.batch().amounts, [1]);
    let error = buffer.push(&product("0.00001", "0.00001"), &FORMATS).unwrap_err();
    assert_eq!(error.to_string(), "price: has 10 decimals, more than the 9 that are kept; round with --round");
}

/// A row of a table of customers: last order, or recency where that is empty; orders; first order; total.
fn customer<'a>(
    last: Cell<'a>,
    recency: Option<Cell<'a>>,
    orders: Cell<'a>,
    first: &'a str,
    total: &'a str,
) -> Cells<'a> {
    Cells {
        customer: Cell::Text("ann"),
        order: None,
        product: None,
        date: last,
        money: Money::Amount { amount: Cell::Text(total), quantity: None, price: None },
        attribute: None,
        summary: Some(SummaryCells { orders, first: Some(Cell::Text(first)), recency }),
    }
}

fn as_of() -> CellFormats {
    CellFormats { as_of: Some(Day::from_ymd(2011, 12, 10).unwrap()), ..FORMATS }
}

#[test]
fn customers_have_their_days_count_and_total() {
    let mut buffer = TransactionBuffer::default();
    let last = Cell::Text("2011-12-09");
    buffer.push(&customer(last, None, Cell::Float(3.0), "2011-01-31", "-12.50"), &FORMATS).unwrap();
    buffer.push(&customer(last, None, Cell::Text("1,204"), " ", "0"), &FORMATS).unwrap();
    buffer.push(&customer(Cell::Empty, Some(Cell::Integer(1)), Cell::Integer(1), "", "1"), &as_of()).unwrap();
    buffer.push(&customer(Cell::Empty, Some(Cell::Text("-2")), Cell::Integer(1), "", "1"), &as_of()).unwrap();
    let batch = buffer.batch();
    let summaries = batch.summaries.unwrap();
    assert_eq!(summaries.orders, [3, 1_204, 1, 1]);
    let shown = |days: &[Day]| days.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(shown(batch.days), ["2011-12-09", "2011-12-09", "2011-12-09", "2011-12-12"]);
    assert_eq!(shown(summaries.first), ["2011-01-31", "2011-12-09", "2011-12-09", "2011-12-12"]);
    assert_eq!(batch.amounts, [-125, 0, 10, 10]);
    buffer.clear();
    assert!(buffer.batch().summaries.is_none());
}

#[test]
fn nothing_but_id_and_total_is_read_of_a_customer_without_orders() {
    let mut buffer = TransactionBuffer::default();
    let zero = Cell::Text("0");
    buffer.push(&customer(Cell::Text("never"), None, zero, "0000-00-00", ""), &FORMATS).unwrap();
    buffer.push(&customer(Cell::Empty, Some(Cell::Empty), zero, "", "5"), &FORMATS).unwrap();
    assert_eq!((buffer.batch().summaries.unwrap().orders, buffer.batch().amounts), (&[0, 0][..], &[0, 5][..]));
    let error = buffer.push(&customer(Cell::Empty, None, zero, "", "x"), &FORMATS).unwrap_err();
    assert_eq!(error.role, Role::Amount);
}

#[test]
fn what_is_no_customer_is_told() {
    let mut buffer = TransactionBuffer::default();
    let last = Cell::Text("2011-12-09");
    let mut message = |cells: Cells<'_>, formats| {
        let error = buffer.push(&cells, &formats).unwrap_err();
        assert!(buffer.is_empty());
        (error.to_string(), error.reject())
    };
    use crate::Reject::{BadDate, BadNumber};
    for (orders, text) in [
        (
            Cell::Text("2.5"),
            "frequency: expected a whole number of orders, 0 or more, found 3 characters: digits and punctuation",
        ),
        (
            Cell::Float(1.999_999_999_99),
            "frequency: expected a whole number of orders, 0 or more, found 13 characters: digits and punctuation",
        ),
        (
            Cell::Integer(-1),
            "frequency: expected a whole number of orders, 0 or more, found 2 characters: digits and punctuation",
        ),
        (Cell::Text("many"), "frequency: expected a number with a decimal point, found 4 characters: letters"),
        (Cell::Empty, "frequency: is empty"),
    ] {
        // Counts are not rounded, whatever is done to money.
        let formats = CellFormats { round: Some(Scale::UNITS), ..FORMATS };
        assert_eq!(message(customer(last, None, orders, "", "1"), formats), (text.to_owned(), BadNumber));
    }
    let one = Cell::Integer(1);
    assert_eq!(
        message(customer(last, None, one, "2011-12-10", "1"), FORMATS),
        ("first order: is after the last order of the customer".to_owned(), BadDate)
    );
    assert_eq!(message(customer(Cell::Empty, None, one, "", "1"), FORMATS).1, BadDate);
    let recency = |cell, formats| message(customer(Cell::Empty, Some(cell), one, "", "1"), formats).0;
    let mut recency = recency;
    assert_eq!(
        recency(Cell::Integer(3), FORMATS),
        "recency: recency in days needs the day that it counts back from; give it with --as-of"
    );
    assert_eq!(
        recency(Cell::Text("3.5"), as_of()),
        "recency: expected a whole number of days, found 3 characters: digits and punctuation"
    );
    assert_eq!(
        recency(Cell::Integer(i64::MAX.into()), as_of()),
        "recency: expected a whole number of days, found 19 characters: digits"
    );
    assert_eq!(recency(Cell::Integer(20_000), as_of()), "recency: the year 1957 is outside of 1970 to 2199");
}

#[test]
fn recency_without_an_analysis_date_is_told_before_the_first_row() {
    let choice = crate::ColumnChoice::default().at_level(crate::Level::Customers);
    let roles = |last| crate::ColumnRoles::resolve(&["customer", last, "orders", "total"], &choice).unwrap();
    let error = CellError { role: Role::Recency, problem: CellProblem::NoAnalysisDate };
    assert_eq!(FORMATS.check(&roles("recency")), Err(error));
    assert_eq!(as_of().check(&roles("recency")), Ok(()));
    assert_eq!(FORMATS.check(&roles("last_order")), Ok(()));
}

#[test]
fn lines_and_customers_do_not_share_a_batch() {
    let mut buffer = TransactionBuffer::default();
    let last = Cell::Text("2011-12-09");
    buffer.push(&customer(last, None, Cell::Integer(1), "", "1"), &FORMATS).unwrap();
    let line = Cells { summary: None, ..customer(last, None, Cell::Integer(1), "", "1") };
    let other = CellError { role: Role::Frequency, problem: CellProblem::OtherCells };
    assert_eq!(buffer.push(&line, &FORMATS), Err(other));
    assert_eq!(buffer.batch().len(), 1);
}

#[test]
fn attributes_of_any_type_are_texts() {
    let mut buffer = TransactionBuffer::default();
    for attribute in [Cell::Text("UK"), Cell::Integer(7), Cell::Date(0), Cell::Empty] {
        buffer.push(&Cells { attribute: Some(attribute), ..product("1", "1") }, &FORMATS).unwrap();
    }
    let attributes = buffer.batch().attributes.unwrap();
    assert_eq!(attributes.iter().collect::<Vec<_>>(), ["UK", "7", "1970-01-01", ""]);
}
