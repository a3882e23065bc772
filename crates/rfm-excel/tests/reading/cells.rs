//! What the cells of a sheet mean.

use std::ops::ControlFlow;

use rfm_core::cell::{Cell, CellFault, DateFormat, NumberFormat};
use rfm_core::{Reject, TransactionSource};
use rfm_excel::{ExcelOptions, ReadOptions};

use crate::craft::{Book, HEADER, date, rows, skip_bad_rows};
use crate::read;

fn orders(customer: &str, date: &str, amount: &str) -> Book {
    Book::default().sheet("Orders", &rows(1, &[HEADER, &[customer, date, amount]]))
}

fn error(customer: &str, date: &str, amount: &str) -> String {
    orders(customer, date, amount).error(ExcelOptions::default())
}

fn row(customer: &str, date: &str, amount: &str) -> Vec<(String, String, String)> {
    read(&mut orders(customer, date, amount).source(ExcelOptions::default()).unwrap()).unwrap()
}

fn is(customer: &str, day: &str, amount: &str) -> Vec<(String, String, String)> {
    vec![(customer.to_owned(), day.to_owned(), amount.to_owned())]
}

#[test]
fn ids_that_are_numbers_lose_their_point_and_texts_keep_their_zeros() {
    assert_eq!(row("13085.0", &date("40148"), "9.95"), is("13085", "2009-12-01", "9.95"));
    let text = "<c t=\"inlineStr\"><is><t>007</t></is></c>";
    assert_eq!(row(text, &date("40148.9"), "9.95"), is("007", "2009-12-01", "9.95"));
    assert_eq!(
        error("13085.5", &date("40148"), "1"),
        "a.xlsx, sheet `Orders`, cell A2 `Customer`: is a number with decimals, or too large to be exact; ids are texts or whole \
         numbers"
    );
}

#[test]
fn a_sixteen_digit_id_is_no_number() {
    assert!(error("9007199254740993", &date("40148"), "1").contains("too large to be exact"));
}

#[test]
fn amounts_are_the_shortest_decimals_of_their_floats() {
    assert_eq!(row("ann", &date("40148"), "0.1"), is("ann", "2009-12-01", "0.10"));
    assert_eq!(row("ann", &date("40148"), "0.30000000000000004"), is("ann", "2009-12-01", "0.30"));
    assert_eq!(row("ann", &date("40148"), "1E2"), is("ann", "2009-12-01", "100"));
}

#[test]
fn the_calendar_of_1904_is_four_years_later() {
    let book = orders("ann", &date("38686"), "1").counted_from_1904();
    assert_eq!(read(&mut book.source(ExcelOptions::default()).unwrap()).unwrap(), is("ann", "2009-12-01", "1"));
}

#[test]
fn dates_that_are_none_name_their_cells() {
    let at = "a.xlsx, sheet `Orders`, cell B2 `Date`:";
    assert_eq!(
        error("ann", &date("60"), "1"),
        format!("{at} is day 60 of the 1900 calendar, the 29 February 1900 that never was")
    );
    assert_eq!(error("ann", &date("0.5"), "1"), format!("{at} is a time without a date"));
    assert_eq!(error("ann", "<c s=\"2\"><v>40148</v></c>", "1"), format!("{at} is a time without a date"));
    let beyond = format!("{at} is a date that the calendar of the workbook does not have");
    assert_eq!(error("ann", &date("2958466"), "1"), beyond);
    assert_eq!(error("ann", &date("-1"), "1"), beyond);
    assert_eq!(error("ann", &date("61"), "1"), format!("{at} the year 1900 is outside of 1970 to 2199"));
}

#[test]
fn texts_prove_their_formats_over_all_sheets() {
    let one = rows(1, &[HEADER, &["ann", "05.04.2024", "1.234,50"]]);
    let other = rows(1, &[HEADER, &["bob", "17.04.2024", "80,00"]]);
    let book = Book::default().sheet("a", &one).sheet("b", &other);
    let mut source = book.source(ExcelOptions::default()).unwrap();
    let text = |customer: &str, day: &str, amount: &str| is(customer, day, amount).remove(0);
    assert_eq!(read(&mut source).unwrap(), [text("ann", "2024-04-05", "1234.50"), text("bob", "2024-04-17", "80.00")]);
    assert_eq!((source.formats().date, source.formats().number), (DateFormat::DayMonthYear, NumberFormat::Comma));
    assert_eq!(
        Book::default().sheet("a", &one).error(ExcelOptions::default()),
        "a.xlsx, sheet `a`, column B `Date`: every date can be read as d/m/y and as m/d/y; say which with --date-format"
    );
    let given = ReadOptions::default().date_format(DateFormat::MonthDayYear);
    let mut source = Book::default().sheet("a", &one).source(given).unwrap();
    assert_eq!(read(&mut source).unwrap()[0].1, "2024-05-04");
}

#[test]
fn the_proof_may_stand_far_below() {
    let mut lines: Vec<Vec<String>> = vec![HEADER.iter().map(|name| (*name).to_owned()).collect()];
    lines.extend((0..3000).map(|_| ["ann", "05.04.2024", "1"].map(str::to_owned).to_vec()));
    lines.push(["ann", "17.04.2024", "1,5"].map(str::to_owned).to_vec());
    let lines: Vec<Vec<&str>> = lines.iter().map(|cells| cells.iter().map(String::as_str).collect()).collect();
    let lines: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
    let mut source = Book::default().sheet("a", &rows(1, &lines)).source(ExcelOptions::default()).unwrap();
    assert_eq!(read(&mut source).unwrap(), is("ann", "2024-04-17", "3001.50"));
    assert_eq!(source.reports()[0].rows(), 3001);
}

#[test]
fn what_is_no_value_names_its_cell() {
    let at = "a.xlsx, sheet `Orders`, cell C2 `Amount`:";
    let cell = |cell: &str| error("ann", &date("40148"), cell);
    assert_eq!(cell("<c t=\"e\"><v>#N/A</v></c>"), format!("{at} holds the error #N/A"));
    assert_eq!(
        cell("<c><f>B2*2</f></c>"),
        format!("{at} is a formula without a stored result; open the workbook in a spreadsheet program and save it")
    );
    assert_eq!(cell("<c t=\"b\"><v>1</v></c>"), format!("{at} expected a number, found a truth value"));
    assert_eq!(cell(""), format!("{at} is empty"));
    assert!(cell("NaN").starts_with(&format!("{at} ")), "{}", cell("NaN"));
    assert_eq!(row("ann", &date("40148"), "<c><f>B2*2</f><v>7.5</v></c>"), is("ann", "2009-12-01", "7.50"));
}

#[test]
fn a_cell_that_stands_twice_is_refused_where_it_is_needed() {
    let twice = "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" s=\"1\"><v>40148</v></c><c r=\"C2\"><v>1</v></c>\
                 <c r=\"C2\"><v>2</v></c></row>";
    let book = Book::default().sheet("Orders", &format!("{}{twice}", rows(1, &[HEADER])));
    let text = "a.xlsx, sheet `Orders`, cell C2 `Amount`: is in the file more than once";
    assert_eq!(book.error(ExcelOptions::default()), text);
    let beside = twice.replace("C2\"><v>2", "D2\"><v>2").replace("<c r=\"D2", "<c r=\"D2\"><v>1</v></c><c r=\"D2");
    let book = Book::default().sheet("Orders", &format!("{}{beside}", rows(1, &[HEADER])));
    assert_eq!(read(&mut book.source(ExcelOptions::default()).unwrap()).unwrap(), is("1", "2009-12-01", "1"));
}

#[test]
fn rows_out_of_order_and_cells_outside_of_the_grid_end_the_reading() {
    let line: &[&str] = &["1", &date("40148"), "1"];
    let book =
        Book::default().sheet("Orders", &format!("{}{}{}", rows(1, &[HEADER]), rows(5, &[line]), rows(3, &[line])));
    assert_eq!(
        book.error(skip_bad_rows()),
        "a.xlsx, sheet `Orders`, row 3: stands behind a later row; open the workbook in a spreadsheet program and save it again"
    );
    for (reference, place) in [("XFE9", "XFE9"), ("A1048577", "A1048577")] {
        let far = format!("<row><c r=\"{reference}\"><v>1</v></c></row>");
        let book = Book::default().sheet("Orders", &format!("{}{far}", rows(1, &[HEADER, line])));
        assert_eq!(
            book.error(skip_bad_rows()),
            format!(
                "a.xlsx, sheet `Orders`, cell {place}: is outside of the 1048576 rows and 16384 columns that a sheet has"
            )
        );
    }
}

#[test]
fn merged_cells_of_a_needed_column_are_refused() {
    let lines =
        rows(1, &[HEADER, &["ann", &date("40148"), "1"], &["", &date("40149"), "2"], &["bob", &date("40149"), "2"]]);
    let with = |area: &str| {
        let merges = format!("<mergeCells count=\"1\"><mergeCell ref=\"{area}\"/></mergeCells>");
        Book::default().sheet_with("Orders", &format!("<sheetData>{lines}</sheetData>{merges}"), "visible")
    };
    let text = "a.xlsx, sheet `Orders`, cell A3 `Customer`: is covered by a merged cell; unmerge the cells and fill the value down";
    assert_eq!(with("A2:A3").error(ExcelOptions::default()), text);
    for beside in ["D2:E4", "C1:D1", "A9:A12", "A5:C5"] {
        assert_eq!(read(&mut with(beside).source(ExcelOptions::default()).unwrap()).unwrap().len(), 2, "{beside}");
    }
}

#[test]
fn bad_rows_are_left_out_and_written_down_if_asked_for() {
    let lines =
        rows(1, &[HEADER, &["ann", &date("40148"), "1"], &["bob", &date("60"), "2"], &["eve", &date("40149"), "x"]]);
    let book = Book::default().sheet("Orders", &lines);
    let mut source = book.source(skip_bad_rows().keep_rejects()).unwrap();
    let batch = source.next_batch().unwrap().unwrap();
    assert_eq!(batch.len(), 1);
    let verdicts = [None];
    let rejected: Vec<(Option<&str>, u64, Reject, &str)> =
        source.rejected_lines(&verdicts).map(|line| (line.sheet(), line.line(), line.reason(), line.text())).collect();
    let expected = [
        (
            Some("Orders"),
            3,
            Reject::BadDate,
            "bob\t(is day 60 of the 1900 calendar, the 29 February 1900 that never was)\t2",
        ),
        (Some("Orders"), 4, Reject::BadNumber, "eve\t2009-12-02\tx"),
    ];
    assert_eq!(rejected, expected);
}

#[test]
fn positions_are_absolute() {
    let cells = "<row r=\"7\"><c r=\"C7\"><f>1</f></c><c r=\"D7\"><v>5</v></c></row>";
    let mut book = Book::default().sheet("a", cells).open();
    let mut found = Vec::new();
    let merges = book.for_each_row(0, |row| {
        found.push((
            row.number(),
            row.cells().map(|(column, cell)| (column, cell == Cell::Float(5.0))).collect::<Vec<_>>(),
        ));
        assert_eq!(row.cell(2), Cell::Fault(CellFault::NoStoredResult));
        ControlFlow::Continue(())
    });
    assert_eq!((merges.unwrap(), found), (vec![], vec![(7, vec![(2, false), (3, true)])]));
}
