//! Which sheets are read, and which row is the header.

use rfm_core::cell::DateFormat;
use rfm_core::{ColumnChoice, Role};
use rfm_excel::{ExcelOptions, ReadOptions, SheetChoice, inspect_bytes, read_table_from_bytes};

use crate::craft::{Book, HEADER, date, rows};
use crate::read;

fn table(customer: &str) -> String {
    rows(1, &[HEADER, &[customer, &date("40148"), "1"]])
}

fn customers(book: &Book, options: ExcelOptions) -> Vec<String> {
    read(&mut book.source(options).unwrap()).unwrap().into_iter().map(|(customer, ..)| customer).collect()
}

#[test]
fn sheets_of_the_same_columns_are_one_table() {
    let other = rows(1, &[&["Amount", "Customer", "Date"], &["2", "bob", &date("40149")]]);
    let book = Book::default().sheet("2010", &table("ann")).sheet("empty", "").sheet("2011", &other);
    let mut source = book.source(ExcelOptions::default()).unwrap();
    assert_eq!(read(&mut source).unwrap().len(), 2);
    let reports: Vec<(Option<&str>, u64)> =
        source.reports().iter().map(|report| (report.sheet(), report.rows())).collect();
    assert_eq!(reports, [(Some("2010"), 1), (Some("2011"), 1)]);
    let facts = source.reports()[0].facts();
    let fact = |name: &str| facts.iter().find(|(fact, _)| fact == name).map(|(_, value)| value.as_str());
    assert_eq!(fact("sheets_not_read"), Some("`empty`"));
    assert_eq!((fact("format"), fact("date_system"), fact("header")), (Some("xlsx"), Some("1900"), Some("row 1")));
    assert_eq!(source.reports()[0].digest().len(), 64);
}

#[test]
fn sheets_of_different_columns_have_to_be_chosen() {
    let notes = rows(1, &[&["Read me first"]]);
    let book = Book::default().sheet("Orders", &table("ann")).sheet("Notes", &notes).sheet("More", &table("bob"));
    assert_eq!(
        book.error(ExcelOptions::default()),
        "a.xlsx: has several tables, `Orders` (3 columns), `Notes` (no header), `More` (3 columns); choose one or several with \
         --sheet"
    );
    assert_eq!(customers(&book, ExcelOptions::default().sheet("Orders")), ["ann"]);
    assert_eq!(customers(&book, ExcelOptions::default().sheet("3").sheet("orders").sheet("1")), ["ann", "bob"]);
    assert_eq!(
        book.error(ExcelOptions::default().sheet("Order")),
        "a.xlsx: no sheet `Order`; the workbook has `Orders`, `Notes`, `More`; did you mean `Orders`?"
    );
    assert_eq!(
        book.error(ExcelOptions::default().sheets(SheetChoice::Visible)),
        "a.xlsx, sheet `Notes`: no row has the names of columns (the first one was looked at); say which one has with --header-row, \
         or add it"
    );
}

#[test]
fn hidden_sheets_are_read_if_they_are_named() {
    let hidden = format!("<sheetData>{}</sheetData>", table("eve"));
    let book = Book::default().sheet("Orders", &table("ann")).sheet_with("Old", &hidden, "veryHidden");
    assert_eq!(customers(&book, ExcelOptions::default()), ["ann"]);
    assert_eq!(customers(&book, ExcelOptions::default().sheet("Old")), ["eve"]);
    let book = Book::default().sheet("Cover", "").sheet_with("Old", &hidden, "hidden");
    assert_eq!(
        book.error(ExcelOptions::default()),
        "a.xlsx: no visible sheet has data; hidden are `Old`, which are read if named with --sheet"
    );
    assert_eq!(
        Book::default().sheet("a", "").error(ExcelOptions::default()),
        "a.xlsx: is empty; expected a header and rows"
    );
}

#[test]
fn the_header_is_found_below_titles_and_blank_rows() {
    let title = rows(1, &[&["Orders of 2009"], &["", "printed", "40000"]]);
    let lines = rows(7, &[HEADER, &["ann", &date("40148"), "1"]]);
    let book = Book::default().sheet("a", &format!("{title}{lines}"));
    let mut source = book.source(ExcelOptions::default()).unwrap();
    assert_eq!(read(&mut source).unwrap().len(), 1);
    let report = &source.reports()[0];
    assert_eq!((report.rows(), report.lines()), (1, 8));
    assert!(report.facts().contains(&("header".to_owned(), "row 7".to_owned())));
    assert!(report.facts().contains(&("rows_above_header".to_owned(), "2".to_owned())));
    assert_eq!(customers(&book, ExcelOptions::default().header_row(7)), ["ann"]);
    assert_eq!(
        book.error(ExcelOptions::default().header_row(1)),
        "a.xlsx, sheet `a`, row 1: no column for the customer; the header has `Orders of 2009`; name it with --customer"
    );
}

#[test]
fn a_header_that_lacks_a_role_tells_what_it_has() {
    let book = Book::default().sheet("a", &rows(2, &[&["Customer", "", "Date", "Worth"], &["1", "", "40148", "2"]]));
    assert_eq!(
        book.error(ExcelOptions::default()),
        "a.xlsx, sheet `a`, row 2: no column for the amount; the header has `Customer`, `Date`, `Worth`; name it with --amount, \
         or name --quantity and --price"
    );
    let named = ColumnChoice::default().with(Role::Amount, "worth");
    let read = ReadOptions::default().columns(named).date_format(DateFormat::DayMonthYear);
    assert_eq!(
        book.error(read),
        "a.xlsx, sheet `a`, cell C3 `Date`: is a plain number, not a date; give the column a date format in the program that wrote \
         it"
    );
}

#[test]
fn a_sheet_without_a_header_shows_none_of_its_cells() {
    let book = Book::default().sheet("a", &rows(1, &[&["ann", &date("40148"), "1"], &["bob", &date("40148"), "1"]]));
    let text = book.error(ExcelOptions::default());
    assert_eq!(
        text,
        "a.xlsx, sheet `a`: no row has the names of columns (the first 2 were looked at); say which one has with --header-row, or add \
         it"
    );
}

#[test]
fn merged_names_belong_to_their_first_columns() {
    let merges = "<mergeCells><mergeCell ref=\"C1:D1\"/></mergeCells>";
    let lines = rows(1, &[HEADER, &["ann", &date("40148"), "1", "EUR"]]);
    let book = Book::default().sheet_with("a", &format!("<sheetData>{lines}</sheetData>{merges}"), "visible");
    assert_eq!(customers(&book, ExcelOptions::default()), ["ann"]);
}

#[test]
fn two_columns_of_a_needed_name_are_ambiguous() {
    let book = Book::default().sheet("a", &rows(1, &[&["Customer", "Date", "Amount", "Amount"]]));
    assert_eq!(
        book.error(ExcelOptions::default()),
        "a.xlsx, sheet `a`, row 1: 2 columns may be the amount: `Amount`, `Amount`; `Amount` stands more than once, so rename the \
         others"
    );
}

#[test]
fn small_sheets_are_read_as_tables_of_texts() {
    let lines = rows(
        1,
        &[&["Codes of 2024"], &["Code", "Segment", "Since"], &["555", "Champions", &date("40148")], &["", " "]],
    );
    let book = Book::default().sheet("a", &lines);
    let table = read_table_from_bytes("codes.xlsx", book.bytes(), &ExcelOptions::default()).unwrap();
    assert_eq!(table.columns(), ["Code", "Segment", "Since"]);
    let rows: Vec<[&str; 3]> = table.rows().map(|row| [row.cell(0), row.cell(1), row.cell(2)]).collect();
    assert_eq!(rows, [["555", "Champions", "2009-12-01"]]);
    let row = table.rows().next().unwrap();
    assert_eq!(row.position(1).to_string(), "codes.xlsx, sheet `a`, cell B3 `Segment`");
    let book = book.sheet("b", &rows_of_one());
    let error = read_table_from_bytes("codes.xlsx", book.bytes(), &ExcelOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "codes.xlsx: has several tables, `a` (3 columns), `b` (1 column); choose one or several with --sheet"
    );
    let table = read_table_from_bytes("codes.xlsx", book.bytes(), &ExcelOptions::default().sheet("b")).unwrap();
    assert_eq!((table.columns(), table.len()), (&["Order".to_owned()][..], 2));
}

fn rows_of_one() -> String {
    rows(1, &[&["Order"], &["A-1"], &["17"]])
}

#[test]
fn an_inspection_tells_sheets_and_problems() {
    let lines =
        rows(3, &[HEADER, &["ann", &date("40148"), "1"], &["", &date("40148"), "2"], &["eve", &date("60"), "3"]]);
    let hidden = format!("<sheetData>{}</sheetData>", rows(1, &[&["x"], &["y"]]));
    let book = Book::default().sheet("a", &lines).sheet_with("b", &hidden, "hidden");
    let inspection = inspect_bytes("a.xlsx", book.bytes(), &ExcelOptions::default()).unwrap();
    let sheets: Vec<_> = inspection
        .sheets()
        .iter()
        .map(|sheet| {
            (sheet.name(), sheet.is_visible(), sheet.is_read(), sheet.header_row(), sheet.rows(), sheet.columns())
        })
        .collect();
    assert_eq!(sheets, [("a", true, true, Some(3), 3, 3), ("b", false, false, None, 2, 1)]);
    let problems: Vec<String> = inspection.problems().iter().map(ToString::to_string).collect();
    let text = "a.xlsx, sheet `a`, cell B6 `Date`: is day 60 of the 1900 calendar, the 29 February 1900 that never was";
    assert_eq!((problems, inspection.problem_count()), (vec![text.to_owned()], 1));
    assert_eq!((inspection.account().read().lines(), inspection.account().used().lines()), (3, 1));
    assert_eq!((inspection.rows(), inspection.is_complete()), (3, true));
}
