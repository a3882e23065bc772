//! Several sheets of customers, which need more of them than a test should have: here a sheet has room for few.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rfm_core::{Amount, Day, Rfm, Segmentation, Transaction};

use super::limits::{UNITS, WorkbookError, check_customers};
use super::*;

fn result<'a>(ids: impl IntoIterator<Item = &'a str>) -> Segmentation {
    let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10).unwrap()).build().unwrap();
    let mut summaries = rfm.summaries();
    for (customer_id, minor) in ids.into_iter().zip(1..) {
        let (day, amount) = (Day::from_ymd(2011, 12, 1).unwrap(), Amount::from_minor(minor));
        summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
    }
    rfm.segment(summaries.finish().unwrap()).unwrap()
}

fn written(segmentation: &Segmentation, rows_per_sheet: usize) -> Vec<u8> {
    let extras = Extras::default();
    let mut bytes = Vec::new();
    let customers = Customers::try_new(segmentation, &extras, rows_per_sheet).unwrap();
    write_with_rows(customers, |_| Ok(()), &mut bytes).unwrap();
    bytes
}

/// The ids of each sheet.
fn ids(bytes: Vec<u8>) -> Vec<(String, Vec<String>)> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheets = workbook.worksheets();
    let ids = |sheet: calamine::Range<Data>| {
        assert_eq!(sheet.get((0, 0)), Some(&Data::String("customer_id".into())));
        sheet.rows().skip(1).map(|row| row[0].to_string()).collect()
    };
    sheets.into_iter().map(|(name, sheet)| (name, ids(sheet))).collect()
}

#[test]
fn customers_past_a_full_sheet_are_on_the_next() {
    let all = ["a", "b", "c", "d", "e"];
    let sheet = |name: &str, ids: &[&str]| (name.to_owned(), ids.iter().map(ToString::to_string).collect());
    for (customers, rows_per_sheet, expected) in [
        (4, 4, vec![sheet("Customers", &["a", "b", "c", "d"])]),
        (5, 4, vec![sheet("Customers", &["a", "b", "c", "d"]), sheet("Customers 2", &["e"])]),
        (5, 2, vec![sheet("Customers", &["a", "b"]), sheet("Customers 2", &["c", "d"]), sheet("Customers 3", &["e"])]),
    ] {
        let result = result(all.into_iter().take(customers));
        assert_eq!(ids(written(&result, rows_per_sheet)), expected);
    }
}

#[test]
fn an_id_that_no_cell_holds_is_refused_with_its_place() {
    // An emoji has two units, an umlaut one, whatever their bytes.
    let fits = [format!("y{}", "\u{e4}".repeat(UNITS - 1)), format!("z{}", "\u{1f600}".repeat(UNITS / 2))];
    let too_long = format!("~z{}", "\u{1f600}".repeat(UNITS / 2));
    let fitting = result(["x"].into_iter().chain(fits.iter().map(String::as_str)));
    assert_eq!(check_customers(&fitting, &Extras::default(), 4).unwrap().len(), 1);
    assert_eq!(ids(written(&fitting, 4))[0].1[1], fits[0]);

    let refused = result(["x"].into_iter().chain(fits.iter().chain([&too_long]).map(String::as_str)));
    let error = check_customers(&refused, &Extras::default(), 2).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    let expected =
        "sheet `Customers 2`, cell A3 `customer_id`: the text has 32768 UTF-16 units, and a cell holds 32767";
    assert_eq!(error.to_string(), expected);
    assert!(error.get_ref().is_some_and(|inner| inner.is::<WorkbookError>()));
}

#[test]
fn a_sheet_says_how_large_it_is() {
    let bytes = written(&result(["a", "b", "c"]), 10);
    let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
    let cells = workbook.worksheet_cells_reader("Customers").unwrap();
    assert_eq!((cells.dimensions().start, cells.dimensions().end), ((0, 0), (3, 9)));
}

#[test]
fn a_sheet_that_may_be_larger_than_four_gigabytes_can_be_read() {
    let segmentation = result(["a", "b"]);
    let extras = Extras::default();
    let customers = Customers::try_new(&segmentation, &extras, 10).unwrap();
    let mut workbook = empty().unwrap();
    let mut streamed = customers.add(&mut workbook).unwrap();
    streamed[0].bytes = 1 << 33;
    let (mut rows, mut bytes) = (customers.rows(), Vec::new());
    let write = |count, styles: &[u32], out: &mut dyn Write| rows.write(count, styles, out);
    package::write(&mut workbook, &streamed, write, &mut bytes).unwrap();
    assert_eq!(ids(bytes)[0].1, ["a", "b"]);
}
