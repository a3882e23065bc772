//! Several threads read what one does, or nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::{fs, thread};

use proptest::prelude::*;
use rfm_core::{CleaningPolicy, Customers, Limits, Summaries, TransactionSource};
use rfm_excel::{
    BadRows, ExcelOptions, ExcelSource, InputReport, PieceReader, Pieces, ReadOptions, SheetChoice, Workbook,
};
use rfm_testkit::shared;

use crate::craft::{Book, HEADER, date, rows, skip_bad_rows};

fn summaries() -> Summaries {
    Summaries::new(CleaningPolicy::keep_all())
}

/// What several threads make of a source; `None` if the pieces cannot be used.
fn by_threads(source: ExcelSource, threads: usize) -> Option<(Customers, Vec<InputReport>)> {
    let pieces = source.into_pieces().unwrap();
    let work = || {
        let mut summaries = summaries();
        let mut reader = pieces.reader();
        while let Some(batch) = reader.next_batch() {
            summaries.push_batch(&batch).unwrap();
        }
        (summaries, reader.into_intake())
    };
    let parts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut source = pieces.finish(parts.iter().map(|(_, intake)| intake))?;
    let mut all = summaries();
    for (part, _) in parts {
        all.merge(part).unwrap();
    }
    assert!(source.next_batch().unwrap().is_none(), "it is at its end");
    Some((all.finish().unwrap(), source.reports().to_vec()))
}

/// What one thread makes of it; customers have the account of all lines with them.
fn by_one(mut source: ExcelSource) -> Option<(Customers, Vec<InputReport>)> {
    let customers = crate::customers(&mut source, CleaningPolicy::keep_all()).ok()?;
    Some((customers, source.reports().to_vec()))
}

/// Holds several threads against reading in order: they are the same, or there is no result, and then reading in order fails.
/// Returns whether there is a result.
#[track_caller]
fn assert_alike(open: impl Fn() -> ExcelSource) -> bool {
    let facts = |(customers, reports): (Customers, Vec<InputReport>)| (customers, format!("{reports:?}"));
    let expected = by_one(open()).map(facts);
    for threads in [1, 2, 4] {
        assert_eq!(by_threads(open(), threads).map(facts), expected, "{threads} threads");
    }
    expected.is_some()
}

#[track_caller]
fn assert_book(book: &Book, options: impl Into<ExcelOptions>) -> bool {
    let options = options.into();
    assert_alike(|| book.source(options.clone()).unwrap())
}

fn table(customer: &str, count: usize) -> String {
    let day = date("40148.25");
    let row: &[&str] = &[customer, &day, "1.5"];
    rows(1, &[&[HEADER][..], &vec![row; count]].concat())
}

/// Sheets of different orders and sizes; one has a title, and one nothing but a header.
fn book() -> Book {
    book_of(20_000)
}

fn book_of(lines: usize) -> Book {
    let turned = rows(3, &[&["Amount", "Customer", "Date"], &["2", "bob", &date("40149")], &["", "", ""]]);
    let title = rows(1, &[&["Orders of 2010"]]);
    Book::default()
        .sheet("2009", &table("ann", lines))
        .sheet("2010", &format!("{title}{turned}"))
        .sheet("2011", &rows(1, &[HEADER]))
        .sheet("2012", &table("eve", 1))
}

fn save(folder: &Path, name: &str, book: &Book) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, book.bytes()).unwrap();
    path
}

#[test]
fn sheets_of_other_orders_and_sizes_are_added_up() {
    assert!(assert_book(&book(), ExcelOptions::default()));
    assert!(assert_book(&book(), ExcelOptions::default().sheet("2012").sheet("2009")));
}

#[test]
fn several_workbooks_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let single = Book::default().sheet("a", &table("zoe", 3));
    let books = [("a.xlsx", &book()), ("b.xlsx", &single), ("c.xlsx", &book().counted_from_1904())];
    let paths = books.map(|(name, book)| save(folder.path(), name, book));
    for paths in [&paths[..], &paths[1..]] {
        assert!(assert_alike(|| ExcelSource::open(paths, ExcelOptions::default()).unwrap()));
    }
}

#[test]
fn an_error_anywhere_leaves_no_result() {
    let bad = rows(1, &[HEADER, &["bob", &date("40149"), "1"], &["bob", &date("60"), "1"]]);
    let merged = format!("<sheetData>{}</sheetData><mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>", table("x", 3));
    assert!(!assert_book(&book().sheet("bad", &bad), ExcelOptions::default()));
    assert!(assert_book(&book().sheet("bad", &bad), skip_bad_rows()));
    for options in [ReadOptions::default(), skip_bad_rows()] {
        assert!(!assert_book(&book().sheet_with("merged", &merged, "visible"), options));
    }
}

#[test]
fn bad_rows_are_counted_over_all_sheets() {
    let bad = rows(1, &[HEADER, &["bob", &date("60"), "1"], &["bob", &date("40149"), "1"]]);
    let book = Book::default().sheet("a", &bad).sheet("b", &bad).sheet("c", &bad);
    for (limit, is_allowed) in [(2, false), (3, true)] {
        let read = ReadOptions::default().bad_rows(BadRows::Skip { limit: Some(limit) });
        assert_eq!(assert_book(&book, read), is_allowed);
    }
}

#[test]
fn several_currencies_are_noticed() {
    let sheet = |currency| {
        rows(1, &[&["Customer", "Date", "Amount", "Currency"], &["ann", date("40149").as_str(), "1", currency]])
    };
    let book = |last| Book::default().sheet("a", &sheet("EUR")).sheet("b", &sheet(last));
    assert!(assert_book(&book("eur"), ExcelOptions::default()));
    assert!(!assert_book(&book("USD"), ExcelOptions::default()));
}

#[test]
fn what_has_one_sheet_or_needs_all_rows_before_it_is_read_in_order() {
    let source = |read: ReadOptions| book().source(read).unwrap();
    assert!(source(ReadOptions::default().drop_repeated_lines()).into_pieces().is_err());
    assert!(source(ReadOptions::default().keep_rejects()).into_pieces().is_err());
    let single = book().source(ExcelOptions::default().sheet("2009")).unwrap().into_pieces().unwrap_err();
    assert_eq!(by_one(*single).unwrap().1[0].rows(), 20_000);
    let mut begun = source(ReadOptions::default());
    let taken = begun.next_batch().unwrap().unwrap().len();
    let (rest, reports) = by_one(*begun.into_pieces().unwrap_err()).unwrap();
    assert_eq!(rest.account().read().lines(), 20_002 - taken as u64, "it goes on where it was");
    assert_eq!(reports.len(), 4);
}

#[test]
fn who_gives_up_ends_all_in_the_middle_of_a_sheet() {
    let pieces = book().source(ExcelOptions::default()).unwrap().into_pieces().unwrap();
    let mut reader = pieces.reader();
    assert!(reader.next_batch().is_some());
    pieces.give_up();
    assert!(reader.next_batch().is_none() && pieces.reader().next_batch().is_none());
    let intake = reader.into_intake();
    assert!(pieces.finish([&intake]).is_none());
}

#[test]
fn a_file_that_changes_or_goes_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = save(folder.path(), "a.xlsx", &book());
    let source = || ExcelSource::open([&path], ExcelOptions::default()).unwrap();
    let opened = source();
    fs::write(&path, book().sheet("more", &table("more", 1)).bytes()).unwrap();
    assert!(by_threads(opened, 3).is_none(), "changed");
    let opened = source();
    fs::remove_file(&path).unwrap();
    assert!(by_threads(opened, 3).is_none(), "gone");
}

#[test]
fn bytes_and_rows_are_counted_as_by_one() {
    let folder = tempfile::tempdir().unwrap();
    // No more lines than are looked at first: how far a sheet is unpacked before that ends is not always the same.
    let paths = ["a.xlsx", "b.xlsx"].map(|name| save(folder.path(), name, &book_of(900)));
    for paths in [&paths[..1], &paths[..]] {
        let counted = [0, 1, 3].map(|threads| {
            let (bytes, rows) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
            let read = ReadOptions::default().progress(Arc::clone(&bytes)).row_count(Arc::clone(&rows));
            let source = ExcelSource::open(paths, read).unwrap();
            match threads {
                0 => by_one(source).unwrap(),
                threads => by_threads(source, threads).unwrap(),
            };
            (bytes.load(Ordering::Relaxed), rows.load(Ordering::Relaxed))
        });
        assert_eq!(counted, [counted[0]; 3]);
        assert_eq!(counted[0].1, 902 * paths.len() as u64);
    }
}

#[test]
fn a_workbook_is_opened_as_often_as_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.xlsx", "b.xlsx"].map(|name| save(folder.path(), name, &book()));
    for (paths, expected) in [(&paths[..1], 1), (&paths[..], 4)] {
        let opened = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&opened);
        let source = ExcelSource::open_with(paths, ExcelOptions::default(), move |file| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(Box::new(Workbook::open(file, Limits::default())?))
        });
        by_threads(source.unwrap(), 4).unwrap();
        assert_eq!(opened.load(Ordering::Relaxed), expected);
    }
}

#[cfg(feature = "legacy")]
#[test]
fn workbooks_that_are_not_shared_are_read_whole() {
    let Some(shared) = shared("workbooks_that_are_not_shared_are_read_whole") else { return };
    let paths = ["xls", "ods"].map(|ending| shared.join(format!("data/rfm_data_orders.{ending}")));
    assert!(assert_alike(|| ExcelSource::open(&paths, ExcelOptions::default()).unwrap()));
    assert!(ExcelSource::open(&paths[..1], ExcelOptions::default()).unwrap().into_pieces().is_err());
}

#[test]
fn both_sheets_of_online_retail_are_added_up() {
    let Some(shared) = shared("both_sheets_of_online_retail_are_added_up") else { return };
    let path = shared.join("data/messy/online-retail-excerpts/Sammy-E__online_retail_II.xlsx");
    assert!(assert_alike(|| ExcelSource::open([&path], ExcelOptions::default()).unwrap()));
}

/// What a row has.
#[derive(Clone, Copy, Debug)]
enum Row {
    Line { customer: u8, day: u8, cents: i16 },
    NoCustomer,
    NoDate,
    Blank,
}

fn sheet(lines: &[Row], turns: usize) -> String {
    let mut table: Vec<Vec<String>> = vec![["Customer", "Date", "Amount", "Note"].map(str::to_owned).to_vec()];
    for line in lines {
        let cells = match *line {
            Row::Line { customer, day, cents } => [
                format!("c{customer}"),
                date(&(40_000 + i32::from(day)).to_string()),
                format!("{cents}e-2"),
                String::new(),
            ],
            Row::NoCustomer => [String::new(), date("40000"), "1".to_owned(), "x".to_owned()],
            Row::NoDate => ["ann".to_owned(), String::new(), "1".to_owned(), String::new()],
            Row::Blank => ["", "", "", " "].map(str::to_owned),
        };
        table.push(cells.to_vec());
    }
    table.iter_mut().for_each(|row| row.rotate_left(turns));
    let cells: Vec<Vec<&str>> = table.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    rows(1 + turns, &cells.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn row() -> impl Strategy<Value = Row> {
    prop_oneof![
        60 => (0..9u8, any::<u8>(), any::<i16>()).prop_map(|(customer, day, cents)| Row::Line { customer, day, cents }),
        3 => Just(Row::NoCustomer),
        1 => Just(Row::NoDate),
        3 => Just(Row::Blank),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_sheets_of_any_workbooks_are_what_one_pass_makes_of_them(
        books in prop::collection::vec(prop::collection::vec((prop::collection::vec(row(), 0..20), 0..4usize), 2..5), 1..4),
        skips in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let save = |(at, sheets): (usize, &Vec<(Vec<Row>, usize)>)| {
            let sheets = (0..).zip(sheets);
            let book = sheets.fold(Book::default(), |book, (at, (lines, turns))| {
                book.sheet(&format!("sheet {at}"), &sheet(lines, *turns))
            });
            save(folder.path(), &format!("{at}.xlsx"), &book)
        };
        let paths: Vec<PathBuf> = (0..).zip(&books).map(save).collect();
        let read = if skips { ReadOptions::default().bad_rows(BadRows::Skip { limit: Some(3) }) } else { ReadOptions::default() };
        let options = ExcelOptions::from(read).sheets(SheetChoice::Visible);
        assert_alike(|| ExcelSource::open(&paths, options.clone()).unwrap());
    }
}
