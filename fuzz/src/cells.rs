//! Texts of cells, to values.

use rfm_core::cell::{
    Cell, CellFormats, CellProblem, Cells, DateEvidence, DateFormat, DateFormats, IdFormat, LineColumns, Money,
    NumberEvidence, NumberFormat, Shape, SummaryCells, TextLines, TransactionBuffer,
};
use rfm_core::{CleaningPolicy, ColumnChoice, ColumnRoles, Day, Decimal, Scale, Summaries};

const NUMBERS: [NumberFormat; 3] = [NumberFormat::Point, NumberFormat::Comma, NumberFormat::Undecided];

/// Reads a text as a date, a number and an id, and what is printed once more.
///
/// # Panics
///
/// If what is printed does not read back, or evidence and reading contradict each other.
pub fn cells(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let text = text.as_ref();
    let _ = Shape::of(text).to_string();
    dates(text);
    numbers(text);
    ids(text);
    row(text);
    customer(text);
}

fn dates(text: &str) {
    let formats = DateFormats::of(text);
    let mut evidence = DateEvidence::default();
    evidence.observe(text);
    for format in DateFormat::ALL {
        let is_candidate = formats.iter().any(|other| other == format);
        match format.read(text) {
            Ok(day) => {
                assert!(is_candidate, "{format} reads what it is no candidate for");
                assert_eq!(DateFormat::YearMonthDay.read(&day.to_string()), Ok(day));
            }
            Err(CellProblem::YearOutOfRange { .. }) => assert!(is_candidate),
            Err(_) => assert!(!is_candidate, "{format} is a candidate for what it does not read"),
        }
    }
    let _ = DateFormat::from_name(text);
}

fn numbers(text: &str) {
    for format in NUMBERS {
        let Ok(number) = format.read(text, None) else { continue };
        let shown = Decimal::new(number.units.into(), number.places).to_string();
        assert_eq!(NumberFormat::Point.read(&shown, None), Ok(number), "{shown}");
        let rounded = format.read(text, Some(Scale::CENTS)).expect("rounding makes it no larger");
        assert!(rounded.places <= Scale::CENTS && rounded.rounded == (number.places > Scale::CENTS));
    }
    let mut evidence = NumberEvidence::default();
    evidence.observe(text);
    let is_number = |format: NumberFormat| {
        !matches!(format.read(text, None), Err(CellProblem::NotANumber { .. } | CellProblem::Empty))
    };
    match evidence.counts() {
        (0, 0) => {}
        (_, 0) => assert!(is_number(NumberFormat::Point)),
        (0, _) => assert!(is_number(NumberFormat::Comma)),
        both => panic!("one cell proves both: {both:?}"),
    }
}

fn ids(text: &str) {
    let once = IdFormat::Integer.normalise(text);
    assert_eq!(IdFormat::Integer.normalise(once), once);
    assert_eq!(once != text, IdFormat::is_float_written(text));
}

/// The text as a line: its parts are the cells.
fn row(text: &str) {
    let mut parts = text.split('\n');
    let mut next = || Cell::Text(parts.next().unwrap_or_default());
    let (customer, date, quantity, price) = (next(), next(), next(), next());
    let formats = CellFormats {
        date: DateFormat::YearMonthDay,
        number: NumberFormat::Point,
        ids: IdFormat::Integer,
        round: None,
        as_of: None,
    };
    let mut buffer = TransactionBuffer::default();
    for money in
        [Money::Product { quantity, price }, Money::Amount { amount: price, quantity: Some(quantity), price: None }]
    {
        let before = buffer.len();
        let is_row = buffer
            .push(
                &Cells { customer, order: None, product: None, date, money, attribute: None, summary: None },
                &formats,
            )
            .is_ok();
        assert_eq!(buffer.len(), before + usize::from(is_row), "an error leaves the batch as it was");
        assert!(!is_row || buffer.worth(&money, &formats).is_some());
    }
    assert_eq!(buffer.batch().len(), buffer.len());
    let cells = [customer, date, quantity, price].map(|cell| cell.text().unwrap_or_default());
    let mut begins = vec![0];
    let mut line = String::new();
    for cell in cells {
        line += cell;
        line.push('\n');
        begins.push(u32::try_from(line.len()).expect("inputs are short"));
    }
    let lines = TextLines::new(&line, &begins, cells.len(), None).expect("one line");
    let roles = ColumnRoles::resolve(&["customer", "date", "quantity", "price"], &ColumnChoice::default());
    let columns = LineColumns::of(&roles.expect("known names")).expect("nothing else is read");
    let (mut short, mut long) = (TransactionBuffer::default(), TransactionBuffer::default());
    // Of a carriage return at the end the one thinks that it is the line's.
    if !cells[3].ends_with('\r') && short.push_lines(&lines, &columns, &formats).lines == 1 {
        let money = Money::Product { quantity, price };
        let cells = Cells { customer, order: None, product: None, date, money, attribute: None, summary: None };
        long.push(&cells, &formats).expect("the short way takes nothing else");
        let customers = |buffer: &TransactionBuffer| {
            let mut summaries = Summaries::new(CleaningPolicy::keep_all());
            summaries.push_batch(&buffer.batch())?;
            summaries.finish()
        };
        assert_eq!(customers(&short), customers(&long), "and makes the same of it");
    }
}

/// The text as the row of a table of customers, with the day of the last order or the days since.
fn customer(text: &str) {
    let mut parts = text.split('\n');
    let mut next = || Cell::Text(parts.next().unwrap_or_default());
    let (customer, last, orders, total, first) = (next(), next(), next(), next(), next());
    let formats = CellFormats {
        date: DateFormat::YearMonthDay,
        number: NumberFormat::Point,
        ids: IdFormat::Integer,
        round: None,
        as_of: Day::from_ymd(2011, 12, 10).ok(),
    };
    let money = Money::Amount { amount: total, quantity: None, price: None };
    for recency in [None, Some(last)] {
        let mut buffer = TransactionBuffer::default();
        let summary = Some(SummaryCells { orders, first: Some(first), recency });
        let cells = Cells { customer, order: None, product: None, date: last, money, attribute: Some(first), summary };
        let is_row = buffer.push(&cells, &formats).is_ok();
        let mut summaries = Summaries::new(CleaningPolicy::default()).with_attributes();
        summaries.push_batch(&buffer.batch()).expect("one row fits");
        let customers = summaries.finish().expect("one row is not repeated");
        assert_eq!(customers.account().read().lines(), u64::from(is_row));
        for customer in customers.iter() {
            assert!(customer.orders() >= 1 && customer.first_order() <= customer.last_order());
            assert_eq!(DateFormat::YearMonthDay.read(&customer.last_order().to_string()), Ok(customer.last_order()));
        }
    }
}
