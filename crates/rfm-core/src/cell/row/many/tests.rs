use proptest::prelude::*;

use super::*;
use crate::cell::{Cells, Money, NumberFormat};

const FORMATS: CellFormats = CellFormats {
    date: DateFormat::YearMonthDay,
    number: NumberFormat::Point,
    ids: IdFormat::AsWritten,
    round: None,
    as_of: None,
};

/// Lines as an adapter hands them over, and what their cells hold.
struct Table {
    text: String,
    begins: Vec<u32>,
    columns: LineColumns,
    width: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Writes rows of as many cells each, quoted where they have to be, or all of them.
    fn new(rows: Vec<Vec<String>>, columns: LineColumns, are_quoted: bool, line_end: &str) -> Table {
        let (mut text, mut begins) = (String::new(), vec![0]);
        let width = rows.first().map_or(1, Vec::len);
        for row in &rows {
            for (column, cell) in row.iter().enumerate() {
                match are_quoted || cell.contains('"') {
                    true => text.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
                    false => text.push_str(cell),
                }
                text.push_str(if column + 1 == width { line_end } else { ";" });
                begins.push(u32::try_from(text.len()).unwrap());
            }
        }
        Table { text, begins, columns, width, rows }
    }

    fn lines(&self, from: usize) -> TextLines<'_> {
        TextLines::new(&self.text, &self.begins[from * self.width..], self.width, Some(b'"')).unwrap()
    }

    fn cells(&self, row: usize) -> Cells<'_> {
        let cell = |column: usize| Cell::Text(&self.rows[row][column]);
        let money = match self.columns.money {
            (amount, None) => Money::Amount { amount: cell(amount), quantity: None, price: None },
            (quantity, Some(price)) => Money::Product { quantity: cell(quantity), price: cell(price) },
        };
        let (customer, order, date) =
            (cell(self.columns.customer), self.columns.order.map(cell), cell(self.columns.date));
        Cells { customer, order, product: None, date, money, attribute: None, summary: None }
    }
}

fn rows(rows: &[[&str; 5]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect()
}

const PRODUCT: LineColumns = LineColumns { customer: 0, order: Some(1), date: 2, money: (3, Some(4)) };
const AMOUNT: LineColumns = LineColumns { customer: 0, order: None, date: 1, money: (4, None) };

#[test]
fn plain_lines_are_taken_however_they_are_written() {
    let product = rows(&[
        ["13085.0", "489434", "2011-12-09 10:30:00", "-2", "1.50"],
        ["13085.0", "489434", "2011-12-09 10:30:00", "12", "1234567.89"],
        ["a customer \"at\" home", "C1", "2011-12-09", "3", "0.00"],
        ["", "", "2011-12-09T08:00:00+01:00", "123456789012", "7"],
    ]);
    for (are_quoted, line_end) in [(false, "\n"), (false, "\r\n"), (true, "\n"), (true, "\r\n")] {
        let table = Table::new(product.clone(), PRODUCT, are_quoted, line_end);
        let mut buffer = TransactionBuffer::default();
        let taken = buffer.push_lines(&table.lines(0), &PRODUCT, &FORMATS);
        assert_eq!(taken, TakenLines { lines: 4, float_ids: 2 });
        assert_eq!(buffer.batch().customer_ids.get(2), "a customer \"at\" home");
        let table = Table::new(product.clone(), AMOUNT, are_quoted, line_end);
        let columns = LineColumns { date: 2, ..AMOUNT };
        assert_eq!(TransactionBuffer::default().push_lines(&table.lines(0), &columns, &FORMATS).lines, 4);
    }
}

#[test]
fn lines_up_to_one_that_is_not_plain_are_taken() {
    let good = ["ann", "1", "2011-12-09", "1", "5"];
    for bad in [
        ["ann", "1", "n/a", "1", "5"],
        ["ann", "1", "2011-12-09", "1", "5 EUR"],
        ["ann", "1", "2011-12-09", "", "5"],
        ["ann", "1", "2011-12-09", "9223372036854775807", "5"],
        ["ann", "1", "2011-12-09", "0.123456", "0.1234"],
    ] {
        let table = Table::new(rows(&[good, good, bad, good]), PRODUCT, false, "\n");
        let mut buffer = TransactionBuffer::default().with_times();
        assert_eq!(buffer.push_lines(&table.lines(0), &PRODUCT, &FORMATS).lines, 2, "{bad:?}");
        assert_eq!(buffer.push_lines(&table.lines(2), &PRODUCT, &FORMATS).lines, 0, "{bad:?}");
        assert_eq!(buffer.push_lines(&table.lines(3), &PRODUCT, &FORMATS).lines, 1, "{bad:?}");
        let batch = buffer.batch();
        assert_eq!((batch.len(), batch.days.len(), batch.amounts, batch.scale), (3, 3, &[5, 5, 5][..], Scale::UNITS));
        assert_eq!((batch.order_ids.unwrap().len(), batch.times.unwrap().len()), (3, 3));
    }
}

#[test]
fn lines_with_other_cells_than_the_batch_are_not_taken() {
    let table = Table::new(rows(&[["ann", "1", "2011-12-09", "1", "5"]]), PRODUCT, false, "\n");
    let mut buffer = TransactionBuffer::default();
    assert_eq!(buffer.push_lines(&table.lines(0), &PRODUCT, &FORMATS).lines, 1);
    assert_eq!(buffer.push_lines(&table.lines(0), &LineColumns { date: 2, ..AMOUNT }, &FORMATS).lines, 0);
    assert_eq!(buffer.batch().len(), 1);
}

#[test]
fn cells_that_are_no_whole_lines_make_none() {
    assert!(TextLines::new("a;b\n", &[0, 2, 4], 2, None).is_some_and(|lines| lines.len() == 1 && lines.bytes() == 4));
    assert!(TextLines::new("a;b\n", &[0, 2, 4], 3, None).is_none());
    assert!(TextLines::new("a;b\n", &[0, 2, 4], 0, None).is_none());
    assert!(TextLines::new("", &[], 2, None).is_none());
    assert!(TextLines::new("", &[0], 2, None).is_some_and(|lines| lines.is_empty()));
    // Places that are none of the text are cells without anything.
    let lines = TextLines::new("a;b;c\n", &[9, 7, 2, 1], 3, Some(b'"')).unwrap();
    assert_eq!(
        TransactionBuffer::default().push_lines(&lines, &LineColumns { money: (2, None), ..AMOUNT }, &FORMATS).lines,
        0
    );
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "-?[0-9]{1,3}", 4 => "-?[0-9]{1,4}\\.[0-9]{1,3}", 1 => "-?[0-9]{1,4},[0-9]{1,3}", 1 => "[-0-9.,e€ ]{0,6}",
        1 => "[0-9]{15,20}", 1 => "0\\.[0-9]{5,10}",
    ]
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab]{0,2}",
        "[0-9]{3}\\.0",
        "[a-z]{14,18}",
        "[0-9]{7,10}",
        "[a\"]{0,3}",
        "[a-z]{30,34}",
        "[ é\u{a0}]{0,3}"
    ]
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![4 => "2011-1[0-2]-0[1-9]", 4 => "2011-12-0[1-3] 1[0-9]:30", 2 => "2011-12-0[12] 10:3[0-1]:00", 1 => "[-0-9 ]{0,10}"]
}

proptest! {
    #[test]
    fn lines_taken_at_once_are_the_same_rows(
        rows in prop::collection::vec((id(), id(), date(), number(), number(), 1usize..3), 1..30),
        (customer, order, is_product) in (0usize..6, any::<bool>(), any::<bool>()),
        number in prop_oneof![Just(NumberFormat::Point), Just(NumberFormat::Comma), Just(NumberFormat::Undecided)],
        ids in prop_oneof![Just(IdFormat::Integer), Just(IdFormat::AsWritten)],
        round in prop::option::of(Just(Scale::CENTS)),
        (keeps_times, are_quoted, line_end) in (any::<bool>(), any::<bool>(), prop_oneof![Just("\n"), Just("\r\n")]),
    ) {
        let formats = CellFormats { number, ids, round, ..FORMATS };
        let at = |place: usize| (customer + place) % 6;
        let money = if is_product { (at(3), Some(at(4))) } else { (at(4), None) };
        let columns = LineColumns { customer, order: order.then(|| at(1)), date: at(2), money };
        let cells = rows.into_iter().flat_map(|(customer, order, date, first, second, times)| {
            let mut cells = vec![customer, order, date, first, second, "not read".to_owned()];
            cells.rotate_right(at(0));
            vec![cells; times]
        });
        let table = Table::new(cells.collect(), columns, are_quoted, line_end);
        let buffer = || if keeps_times { TransactionBuffer::default().with_times() } else { TransactionBuffer::default() };
        let (mut short, mut long) = (buffer(), buffer());
        let mut at = 0;
        while at < table.rows.len() {
            let taken = short.push_lines(&table.lines(at), &columns, &formats);
            let rows = at..at + taken.lines;
            let is_float = |row: &usize| IdFormat::is_float_written(&table.rows[*row][columns.customer]);
            prop_assert_eq!(taken.float_ids, u64::try_from(rows.clone().filter(is_float).count()).unwrap());
            rows.for_each(|row| long.push(&table.cells(row), &formats).unwrap());
            // The next line is none of them.
            at += taken.lines + 1;
        }
        let (short_batch, long_batch) = (short.batch(), long.batch());
        prop_assert_eq!(short_batch.customer_ids, long_batch.customer_ids);
        prop_assert_eq!(short_batch.order_ids, long_batch.order_ids);
        prop_assert_eq!((short_batch.days, short_batch.times), (long_batch.days, long_batch.times));
        prop_assert_eq!((short_batch.amounts, short_batch.scale), (long_batch.amounts, long_batch.scale));
        prop_assert_eq!((short_batch.quantities, short_batch.prices), (long_batch.quantities, long_batch.prices));
        prop_assert_eq!(short.rounded(), long.rounded());
    }
}

#[test]
fn lines_with_fewer_cells_than_are_asked_for_are_not_taken() {
    let table = Table::new(rows(&[["ann", "1", "2011-12-09", "2", "1.50"]]), PRODUCT, false, "\n");
    let (mut buffer, lines) = (TransactionBuffer::default(), table.lines(0));
    for columns in [LineColumns { customer: 5, ..PRODUCT }, LineColumns { money: (3, Some(5)), ..PRODUCT }] {
        assert_eq!(buffer.push_lines(&lines, &columns, &FORMATS), TakenLines::default());
    }
    assert_eq!(buffer.push_lines(&lines, &PRODUCT, &FORMATS).lines, 1);
}
