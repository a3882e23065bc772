use std::io::{Cursor, Read, Seek, SeekFrom};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use rfm_testkit::archive::Archive;

use super::xml::{Problem, Scanner};
use super::*;

const CAPS: Caps = Caps {
    entries: 100,
    part_bytes: 1 << 30,
    total_bytes: 1 << 31,
    ratio: 250,
    item_bytes: 1 << 16,
    kept_bytes: 1 << 30,
};

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

/// A workbook of one sheet, without strings.
fn workbook(sheet: impl AsRef<[u8]>) -> Archive {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
             relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    Archive::new()
        .part("_rels/.rels", relation("officeDocument", "xl/workbook.xml"))
        .part("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml"))
        .part("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>")
        .part("xl/worksheets/sheet1.xml", sheet)
}

fn open(archive: &Archive) -> Result<Container<Cursor<Vec<u8>>>, String> {
    open_bytes(archive.build(), &CAPS)
}

fn open_bytes(bytes: Vec<u8>, caps: &Caps) -> Result<Container<Cursor<Vec<u8>>>, String> {
    Container::open(Cursor::new(bytes), caps).map_err(|error| refusal(&error))
}

fn refusal(error: &(dyn std::error::Error + 'static)) -> String {
    Refusal::of(error).map_or_else(|| format!("no refusal: {error}"), ToString::to_string)
}

/// The numbers in the sheet, as calamine reads it.
fn numbers(archive: &Archive) -> Result<Vec<f64>, String> {
    let failed = |error: XlsxError| refusal(&error);
    let mut book = Xlsx::new(open(archive)?).map_err(failed)?;
    let mut cells = book.worksheet_cells_reader("S").map_err(failed)?;
    let mut numbers = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(failed)? {
        if let DataRef::Float(number) = cell.get_value() {
            numbers.push(*number);
        }
    }
    Ok(numbers)
}

#[test]
fn calamine_reads_through_it_what_it_reads_without() {
    let rows: String = (1..9_000).map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\"><v>{n}</v></c></row>")).collect();
    let archive = workbook(sheet(&rows));
    let through = numbers(&archive).unwrap();
    assert_eq!(through, (1..9_000).map(f64::from).collect::<Vec<f64>>());
    let mut plain = Xlsx::new(Cursor::new(archive.build())).unwrap();
    assert_eq!(plain.worksheet_range("S").unwrap().height(), through.len());
}

#[test]
fn parts_begin_again_when_they_are_read_again() {
    let text = format!("<a>{}</a>", "0123456789".repeat(10_000).replace('9', "<b/>"));
    let archive = Archive::new().part("a.xml", &text).stored_part("b.xml", &text);
    let mut container = open(&archive).unwrap();
    for index in [0, 1, 0] {
        let header = STRIDE * index + 30 + "a.xml".len() as u64;
        container.seek(SeekFrom::Start(header)).unwrap();
        let mut read = String::new();
        (&mut container).take(1_000).read_to_string(&mut read).unwrap();
        (&mut container).take(STRIDE / 2).read_to_string(&mut read).unwrap();
        assert!(read == text);
    }
    container.seek(SeekFrom::Start(50)).unwrap();
    assert_eq!(container.read(&mut [0]).unwrap_err().to_string(), "parts are read from their start");
}

#[test]
fn directories_that_do_not_fit_are_refused() {
    let one = || Archive::new().part("a", "<a/>");
    let of = |archive: Archive| open(&archive).err();
    let refused = |text: &str| Some(text.to_owned());
    assert_eq!(of(one()), None);
    let misfit = |what: &str| Some(format!("the zip directory does not fit the file: {what}"));
    assert_eq!(of(one().declared_count(2)), misfit("it is cut short"));
    assert_eq!(of(one().part("b", "").declared_count(1)), misfit("it has more entries than it says"));
    assert_eq!(of(one().declared_header(7)), misfit("a part has another header"));
    assert_eq!(of(one().declared_header(1 << 30)), misfit("a part lies outside"));
    assert_eq!(of(one().part("a", "<b/>")), refused("two parts are called `a`"));
    assert_eq!(of(one().part("A", "<b/>")), refused("two parts are called `A`"));
    assert_eq!(of(one().declared_method(8, 1)), refused("part `a` is encrypted; save the workbook without a password"));
    assert_eq!(
        of(one().declared_method(12, 0)),
        refused("part `a` is compressed by method 12; workbooks are stored or deflated; save the workbook again")
    );
    let mut many = Archive::new();
    for number in 0..101 {
        many = many.part(&number.to_string(), "");
    }
    assert_eq!(of(many), refused("the zip directory has more entries than the limit (100)"));
    let missing = "the zip directory at the end is missing; the file is cut short or damaged, or it is no workbook";
    for bytes in [Vec::new(), b"PK".to_vec(), vec![0; 100_000], one().build()[..60].to_vec()] {
        assert_eq!(open_bytes(bytes, &CAPS).err(), refused(missing));
    }
}

#[test]
fn parts_that_overlap_are_refused() {
    // The header of the second lies in the stored bytes of the first.
    let inner = Archive::new().stored_part("b", "<b/>").build();
    let outer = Archive::new().stored_part("a", &inner[..35]).stored_part("b", "<b/>").declared_header(31);
    assert_eq!(open(&outer).err().unwrap(), "part `b` overlaps another");
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let bytes = workbook(sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>")).build();
    for length in 0..bytes.len() {
        assert!(open_bytes(bytes[..length].to_vec(), &CAPS).is_err(), "{length} bytes");
    }
}

#[test]
fn contents_that_differ_from_the_directory_are_refused() {
    let rows = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let of = |archive: Archive| numbers(&archive).unwrap_err();
    let damaged = |what: &str| format!("part `xl/worksheets/sheet1.xml` is damaged: {what}");
    let book = || workbook(sheet(rows));
    assert_eq!(of(book().declared_checksum(7)), damaged("its checksum is wrong"));
    assert_eq!(of(book().declared_size(7)), damaged("it is longer than the directory says"));
    assert_eq!(of(book().declared_size(7_000)), damaged("it is shorter than the directory says"));
    assert_eq!(
        of(book().declared_size(1 << 40)),
        "part `xl/worksheets/sheet1.xml` has more bytes than the limit (1073741824)"
    );
    assert_eq!(
        of(book().declared_size(1 << 29)),
        "part `xl/worksheets/sheet1.xml` grows more than 250 times when it is inflated, as no workbook does"
    );
    let caps = Caps { total_bytes: 300, ..CAPS };
    let error = Xlsx::new(open_bytes(book().build(), &caps).unwrap()).err().unwrap();
    assert_eq!(refusal(&error), "the parts have more bytes than the limit (300)");
}

#[test]
fn a_byte_changed_anywhere_in_the_sheet_is_noticed() {
    // calamine alone stops at the end of the cells, before the checksum.
    let rows: String = (1..30).map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\"><v>{n}</v></c></row>")).collect();
    let plain = workbook(sheet(&rows)).build();
    let start = plain.windows(4).rposition(|bytes| bytes == b"PK\x03\x04").unwrap() + 30;
    let end = plain.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    for at in start..end {
        let mut bytes = plain.clone();
        bytes[at] ^= 1 << (at % 8);
        let Ok(container) = open_bytes(bytes, &CAPS) else { continue };
        let mut book = Xlsx::new(container).unwrap();
        let read = book.worksheet_cells_reader("S").and_then(|mut cells| {
            while cells.next_cell()?.is_some() {}
            Ok(())
        });
        assert!(read.is_err(), "byte {at}");
    }
}

#[test]
fn xml_is_followed_as_the_reader_follows_it() {
    let good = [
        "",
        "\u{feff}<?xml version=\"1.0\"?>\n<a/>",
        "<a b='>' c=\"'<a>\">x</a>",
        "<a><!-- <b> -- > --><![CDATA[ <b> ]] ]]><?p <b> ?></a>",
        "<a><!----><b/><b ></b ></a>",
        "<x:a><c><v>1</v></c><c r=\"A1\"/><c r=\"B1\"><v></v></c><c r='C1'><f>1</f></c></x:a>",
    ];
    for text in good {
        assert_eq!(scan(text), Ok(()), "{text}");
    }
    let mismatch = Err(Problem::Syntax("an end tag does not match its start"));
    let open = Err(Problem::Syntax("it ends within an element"));
    assert_eq!(scan("<a></b>"), mismatch);
    assert_eq!(scan("</b>"), mismatch);
    assert_eq!(scan("<a></a b>"), mismatch);
    assert_eq!(scan("<a><c r=\"A1\"><v>1</c></v></a>"), mismatch);
    for text in ["<a", "<a>", "<a b=\">", "<a><!-->", "<a><![CDATA[ ]>", "<?", "<a><c r=\"A1\"><v>1</v>", "<a></a"] {
        assert_eq!(scan(text), open, "{text}");
    }
    assert_eq!(scan("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"), Err(Problem::DocumentType));
    assert_eq!(scan("<a><!ENTITY></a>"), Err(Problem::Syntax("a tag begins with an exclamation mark")));
    assert_eq!(scan("<a\"b>\">"), Err(Problem::Syntax("the name of an element has quotes")));
    assert_eq!(scan(&format!("<{}>", "a".repeat(200))), Err(Problem::Syntax("the name of an element is too long")));
    assert_eq!(scan(&"<a>".repeat(200)), Err(Problem::Syntax("its elements are nested too deeply")));
}

/// Scans in one window, and in windows of one to nine bytes: what is found does not depend on where they end.
fn scan(text: &str) -> Result<(), Problem> {
    let with = |window: usize| {
        let mut scanner = Scanner::new(1 << 16, 1 << 20);
        for bytes in text.as_bytes().chunks(window) {
            scanner.scan(bytes)?;
        }
        scanner.finish()
    };
    let whole = with(1 << 20);
    for window in 1..10 {
        assert_eq!(with(window), whole, "{text} by {window}");
    }
    whole
}

#[test]
fn what_the_reader_would_hold_whole_has_a_limit() {
    let long = "x".repeat(200_000);
    let token = Err(Problem::TooLong { what: "a tag, text or comment", limit: 1 << 16 });
    let item = Err(Problem::TooLong { what: "a cell or string", limit: 1 << 16 });
    for text in [&long, &format!("<a b=\"{long}\"/>"), &format!("<!--{long}-->"), &format!("<a><![CDATA[{long}]]></a>")]
    {
        assert_eq!(scan_windows(text), token);
    }
    for piece in ["<t>x</t>", "<!-- -->", "&amp;<b/>", "</a><a>"] {
        let text = format!("<c r=\"A1\"><a>{}</a></c>", piece.repeat(40_000));
        assert_eq!(scan_windows(&text), item, "{piece}");
    }
    // The same outside of a cell is let go as it comes.
    assert_eq!(scan_windows(&format!("<a>{}</a>", "<t>x</t>".repeat(40_000))), Ok(()));
}

fn scan_windows(text: &str) -> Result<(), Problem> {
    let mut scanner = Scanner::new(1 << 16, 1 << 20);
    text.as_bytes().chunks(1 << 15).try_for_each(|window| scanner.scan(window))?;
    scanner.finish()
}

#[test]
fn what_the_reader_keeps_has_a_limit() {
    let kept = Err(Problem::TooMuchKept { limit: 1 << 20 });
    for piece in ["<si/>", "<si><t>x</t></si>", "<xf/>", "<font/>", "<sheet/>", "<Relationship/>", "<definedName/>"] {
        assert_eq!(scan_windows(&format!("<a>{}</a>", piece.repeat(20_000))), kept, "{piece}");
    }
    let strings = format!("<sst>{}</sst>", format!("<si><t>{}</t></si>", "x".repeat(60_000)).repeat(20));
    assert_eq!(scan_windows(&strings), kept);
    // Each format holds a copy of the name of its font.
    let formats = format!("<a><name val=\"{}\"/>{}</a>", "x".repeat(30_000), "<xf/>".repeat(100));
    assert_eq!(scan_windows(&formats), kept);
}

#[test]
fn counts_of_strings_are_held_against_the_strings() {
    let with = |count: &str| {
        let strings = format!("<sst count=\"9\" uniqueCount=\"{count}\"><si><t>a</t></si><si/></sst>");
        let book = workbook(sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>")).part("xl/SharedStrings.xml", strings);
        numbers(&book)
    };
    // Some writers count wrong; what costs nothing is let pass.
    for count in ["2", "0", "x", "200000"] {
        assert_eq!(with(count), Ok(vec![1.0]), "{count}");
    }
    for count in ["9999999999", "18446744073709551615", "99999999999999999999999", " 9999999999"] {
        let declared = count.trim().parse().unwrap_or(u64::MAX);
        let text = format!("part `xl/SharedStrings.xml` declares {declared} strings and has 2");
        assert_eq!(with(count), Err(text));
    }
}

#[test]
fn names_are_shown_without_what_could_move_a_cursor() {
    let archive = Archive::new().part("a\u{1b}[2J\n", "").part("a\u{1b}[2J\n", "");
    assert_eq!(open(&archive).err().unwrap(), "two parts are called `a\\u{1b}[2J\\n`");
}
