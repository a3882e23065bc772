//! What we read from `.xlsx` files is what calamine reads, cell for cell.
//!
//! `RFM_DAMAGE` says how many damaged files are tried, 5,000 unless told otherwise. The damage is the same in every run.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use proptest::prelude::*;
use rfm_core::Limits;
use rfm_core::cell::{Cell, CellFault};
use rfm_excel::{Error, ErrorKind, Sheets as _, Workbook};
use rfm_input::{InputName, StoredFile};
use rfm_testkit::archive::Archive;
use rfm_testkit::damage::Damage;
use rfm_testkit::shared;

/// The cells of a sheet by row and column, and its merged areas.
#[derive(Debug, Default, PartialEq)]
struct Found {
    cells: BTreeMap<(u64, usize), String>,
    merges: Vec<String>,
}

/// The cell with its type. What reads a float is told here only, so that the last bit of it counts.
fn shown(cell: Cell<'_>) -> String {
    match cell {
        Cell::Float(number) => format!("Float({:x})", number.to_bits()),
        cell => format!("{cell:?}"),
    }
}

/// Sheets by their names, and what is in them.
type Read = Vec<(String, Result<Found, Error>)>;

fn ours(bytes: &[u8]) -> Result<Read, Error> {
    let file = StoredFile::from_bytes(&InputName::new("a.xlsx"), bytes);
    let mut book = Workbook::open(&file, Limits::default())?;
    let names: Vec<String> = book.sheets().iter().map(|sheet| sheet.name().to_owned()).collect();
    let mut sheets = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let mut found = Found::default();
        let merges = book.for_each_row(at, |row| {
            found.cells.extend(row.cells().map(|(column, cell)| ((row.number(), column), shown(cell))));
            ControlFlow::Continue(())
        });
        sheets.push((
            name,
            merges.map(|merges| {
                found.merges = merges.iter().map(|area| format!("{:?} {:?}", area.rows(), area.columns())).collect();
                found
            }),
        ));
    }
    Ok(sheets)
}

/// What calamine reads, with the meaning that we give to its values. Days and texts of dates are judged by us in both cases.
fn theirs(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Found, XlsxError> {
    let mut found = Found::default();
    let is_1904 = book.has_1904_epoch();
    let mut cells = match book.worksheet_cells_reader(sheet) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(found),
        Err(error) => return Err(error),
    };
    while let Some(record) = cells.next_cell_with_formula_metadata()? {
        let place = (u64::from(record.pos.0) + 1, record.pos.1 as usize);
        let cell = match &record.value {
            DataRef::Empty if record.formula.is_some() => shown(Cell::Fault(CellFault::NoStoredResult)),
            DataRef::Empty => continue,
            DataRef::Float(number) => shown(Cell::Float(*number)),
            DataRef::SharedString(text) => shown(Cell::Text(text)),
            DataRef::String(text) => shown(Cell::Text(text)),
            DataRef::Bool(truth) => shown(Cell::Bool(*truth)),
            DataRef::DateTime(serial) if serial.is_duration() => shown(Cell::Fault(CellFault::TimeOnly)),
            DataRef::DateTime(serial) => day(serial.as_f64(), is_1904),
            DataRef::DateTimeIso(text) => iso(text),
            DataRef::Error(error) => format!("Fault(ErrorValue(\"{error}\"))"),
            other => panic!("{other:?}"),
        };
        if found.cells.insert(place, cell).is_some() {
            found.cells.insert(place, shown(Cell::Fault(CellFault::Repeated)));
        }
    }
    // Behind the cells nothing may be broken.
    match cells.next_cell() {
        Err(XlsxError::XmlEof(_)) => {}
        Err(error) => return Err(error),
        Ok(_) => return Err(XlsxError::XmlEof("sheetData")),
    }
    drop(cells);
    for area in book.merge_cells_by_sheet_name(sheet)? {
        let rows = u64::from(area.start.0) + 1..=u64::from(area.end.0) + 1;
        found.merges.push(format!("{rows:?} {:?}", area.start.1 as usize..=area.end.1 as usize));
    }
    Ok(found)
}

/// The day of a serial number and the second of it, counted from an epoch, as an independent rule: the calendar of 1900 has a day
/// too many.
fn day(serial: f64, is_1904: bool) -> String {
    let milliseconds = (serial * 86_400_000.0).round();
    let whole = (milliseconds / 86_400_000.0).floor();
    let second = ((milliseconds - whole * 86_400_000.0) / 1_000.0).floor();
    let last = if is_1904 { 2_957_003.0 } else { 2_958_465.0 };
    let fault = match () {
        () if !(0.0..=last).contains(&whole) || serial < 0.0 => CellFault::NoDay,
        () if whole == 0.0 && (!is_1904 || serial > 0.0) => CellFault::TimeOnly,
        () if whole == 60.0 && !is_1904 => CellFault::DayThatNeverWas,
        () => {
            let epoch = if is_1904 { 24_107.0 } else { 25_569.0 - f64::from(u8::from(whole < 60.0)) };
            let day = whole - epoch;
            return if second == 0.0 { format!("Date({day})") } else { format!("Local({})", day * 86_400.0 + second) };
        }
    };
    shown(Cell::Fault(fault))
}

/// Texts of dates are all alike here.
fn iso(text: &str) -> String {
    match text {
        "2024-01-17" => shown(Cell::Date(19_739)),
        "2024-01-17T08:30:00" => shown(Cell::Local(19_739 * 86_400 + 30_600)),
        "T08:30:00" => shown(Cell::Fault(CellFault::TimeOnly)),
        "2024-01-17T08:30:00Z" => shown(Cell::Text(text)),
        _ => shown(Cell::Fault(CellFault::NoDay)),
    }
}

/// Whether we refuse on purpose what calamine reads: cells out of order or outside of the grid, broken containers, two sheets of
/// one name.
fn is_stricter(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::OutsideGrid { .. }
            | ErrorKind::Disordered { .. }
            | ErrorKind::Refused { .. }
            | ErrorKind::TooLarge { .. }
            | ErrorKind::SameSheet { .. }
    )
}

/// Compares all sheets; tells what differs.
fn differences(bytes: &[u8]) -> Vec<String> {
    let calamine = catch_unwind(AssertUnwindSafe(|| Xlsx::new(Cursor::new(bytes))));
    let (ours, mut theirs_of) = match (ours(bytes), calamine) {
        (Ok(ours), Ok(Ok(theirs))) => (ours, theirs),
        (Err(_), Ok(Err(_)) | Err(_)) => return Vec::new(),
        (Err(error), _) if is_stricter(&error) => return Vec::new(),
        (Ok(_), _) => return vec!["calamine does not open it".to_owned()],
        (Err(error), _) => return vec![format!("we do not open it: {error}")],
    };
    let mut different = Vec::new();
    for (name, ours) in ours {
        // Its arithmetic panics where it is checked, as on places beyond numbers.
        let theirs = catch_unwind(AssertUnwindSafe(|| theirs(&mut theirs_of, &name)));
        match (ours, theirs) {
            (Err(error), _) if matches!(error.kind(), ErrorKind::Failed { .. }) => {
                different.push(format!("sheet {name}: we panic"))
            }
            (Ok(ours), Ok(Ok(theirs))) if ours == theirs => {}
            (Ok(ours), Ok(Ok(theirs))) => {
                let cells = theirs.cells.iter().filter(|(place, cell)| ours.cells.get(place) != Some(cell));
                let more = ours.cells.iter().filter(|(place, _)| !theirs.cells.contains_key(place));
                let first: Vec<String> = cells
                    .map(|(place, cell)| format!("{place:?} {cell}, not {:?}", ours.cells.get(place)))
                    .chain(more.map(|(place, cell)| format!("{place:?} is {cell}")))
                    .take(3)
                    .collect();
                different.push(format!("sheet {name}: {first:?} {:?} {:?}", ours.merges, theirs.merges));
            }
            (Err(_), Ok(Err(_)) | Err(_)) => {}
            (Err(error), _) if is_stricter(&error) => {}
            (Err(error), _) => different.push(format!("sheet {name}: we do not read it: {error}")),
            (Ok(_), Ok(Err(error))) => different.push(format!("sheet {name}: calamine does not read it: {error:?}")),
            // On areas that are reversed, which say nothing about cells: only where arithmetic is checked.
            (Ok(_), Err(_)) => {}
        }
    }
    different
}

fn book(sheet: &str, strings: &str, styles: &str, is_1904: bool) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
             relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let calendar = if is_1904 { "<workbookPr date1904=\"true\"/>" } else { "" };
    Archive::new()
        .part("_rels/.rels", relation("officeDocument", "xl/workbook.xml"))
        .part("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml"))
        .part(
            "xl/workbook.xml",
            format!("<workbook>{calendar}<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
        )
        .part("xl/sharedStrings.xml", strings)
        .part("xl/styles.xml", styles)
        .part("xl/worksheets/sheet1.xml", sheet)
        .build()
}

/// One of these.
fn any_of(choices: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(choices).prop_map(str::to_owned)
}

/// What may stand in a text, as it is written.
fn text() -> impl Strategy<Value = String> {
    let piece = any_of(&[
        "a",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "é",
        "\u{a0}",
        "&amp;",
        "&lt;",
        "&#65;",
        "&#x1F600;",
        "&quot;",
        "_x000D_",
        "_x005F_x000D_",
        "_xD83D_",
        "_xDCF7_",
        "_x12_",
        "_xzzzz_",
        "<!-- c -->",
        "<?p i?>",
        "<![CDATA[<b>\r&amp;]]>",
        "]]",
        ">",
        "'",
        "\"",
    ]);
    let broken = any_of(&["&", "&nbsp;", "&#0;", "&#xD800;", "&#+5;", "&;"]);
    prop::collection::vec(prop_oneof![1000 => piece, 1 => broken], 0..6).prop_map(|pieces| pieces.concat())
}

/// What a number may look like.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<i32>().prop_map(|number| number.to_string()),
        4 => (any::<i64>(), 0..18_i32).prop_map(|(units, places)| format!("{}", units as f64 / 10_f64.powi(places))),
        4 => "-?[0-9]{1,17}(\\.[0-9]{0,17})?",
        2 => any::<f64>().prop_map(|number| format!("{number:e}")),
        4 => (0_u32..70_000, any_of(&["", ".5", ".999999999", ".322916666664"])).prop_map(|(day, time)| format!("{day}{time}")),
        3 => any_of(&[
            "", "+5", ".5", "5.", "-.5", "1e5", "1E+5", "NaN", "nan", "inf", "-infinity", "1e400", "-0", "-0.0", "00012", "12.50",
            "9007199254740993", "123456789012345", "1234567890123456", "12345678901234.5", "0.1", "0.30000000000000004", "2958465",
            "2958466", "60", "61", "1&#50;", "1<!-- -->2", "<![CDATA[5]]>", "<x>5</x>", "1<x/>2",
        ]),
    ]
}

/// What is no number.
const NO_NUMBERS: &[&str] = &[" ", "5 ", "-", ".", "1e", "0x10", "1_000", "x", "1,5", "+", "e5", "--1"];

/// The type of a cell and its value in elements; broken as often as is said, of a hundred times.
fn content(broken: u32) -> impl Strategy<Value = (String, String)> {
    let space =
        any_of(&["", "", " xml:space=\"preserve\"", " xml:space='default'", " x=\"1\" xml:space = \"preserve\""]);
    let run = (space, text()).prop_map(|(space, text)| format!("<t{space}>{text}</t>"));
    let rich = prop::collection::vec(
        (run, any_of(&["t", "r", "rPh", "x"])).prop_map(|(run, kind)| match kind.as_str() {
            "t" => run,
            kind => format!("<{kind}><rPr><b/></rPr>{run}</{kind}>"),
        }),
        0..4,
    );
    let value = |kinds: &'static [&'static str], value: BoxedStrategy<String>| {
        (any_of(kinds), value).prop_map(|(kind, value)| (kind, format!("<v>{value}</v>")))
    };
    let sound = prop_oneof![
        6 => value(&["", "", " t=\"n\"", " t='n'"], number().boxed()),
        1 => value(&[""], any_of(NO_NUMBERS).boxed()),
        4 => value(&[" t=\"s\""], any_of(&["0", "1", "2", "002", "", "x", "-1", " 1"]).boxed()),
        1 => value(&[" t=\"b\""], any_of(&["0", "1", "TRUE", "false", " 1 ", "\u{a0}1", ""]).boxed()),
        1 => value(&[" t=\"e\""], any_of(&["#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"]).boxed()),
        2 => value(&[" t=\"str\""], text().boxed()),
        1 => value(
            &[" t=\"d\""],
            any_of(&["2024-01-17", "2024-01-17T08:30:00", "2024-01-17T08:30:00Z", "T08:30:00", "2024-13-01"]).boxed()
        ),
        3 => (any_of(&[" t=\"inlineStr\"", " t=\"is\"", "", " t=\"n\""]), rich)
            .prop_map(|(kind, runs)| (kind, format!("<is>{}</is>", runs.concat()))),
        1 => any_of(&["", "<v/>", "<is/>", "<v></v>", "<is></is>", "<is><t/></is>"]).prop_map(|content| (String::new(), content)),
    ];
    let unsound = prop_oneof![
        value(&[" t=\"n\""], any_of(NO_NUMBERS).boxed()),
        value(&[" t=\"s\""], any_of(&["3", "99999999999999999999"]).boxed()),
        value(&[" t=\"b\""], any_of(&["2", "yes"]).boxed()),
        value(&[" t=\"e\""], any_of(&["#X!", "", "#n/a"]).boxed()),
        value(&[" t=\"q\"", " t=\"\""], any_of(&["", "1"]).boxed()),
        Just((String::new(), "<x/>".to_owned())),
    ];
    prop_oneof![100 => sound, broken => unsound]
}

fn formula(broken: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        80 => Just(String::new()),
        20 => any_of(&["<f>A1*2</f>", "<f/>", "<f>&quot;a&quot;&amp;B1</f>", "<f t=\"shared\" ref=\"A1:A3\" si=\"0\">B1</f>",
            "<f t=\"shared\" si=\"0\"/>", "<f t=\"array\" ref=\"A1\">1</f>"]),
        broken => any_of(&["<f t=\"shared\"/>", "<f t=\"shared\" si=\"x\"/>", "<f t=\"shared\" si=\"1\" ref=\"A\">1</f>", "<f>&nbsp;</f>"]),
    ]
}

/// A cell; its place is put in later.
#[derive(Clone, Debug)]
struct Crafted {
    gap: u32,
    place: String,
    style: String,
    kind: String,
    content: String,
    order: u8,
    after: String,
}

fn cell() -> impl Strategy<Value = Crafted> {
    let style = prop_oneof![
        6 => Just(String::new()),
        6 => (0..9).prop_map(|style| format!(" s=\"{style}\"")),
        1 => any_of(&[" s=\"x\"", " s=''", " s=\"99999999999999999999\"", " s = \"1\"", " s=\"1\" s=\"2\""]),
    ];
    let place = prop_oneof![
        300 => Just("right".to_owned()),
        40 => Just("none".to_owned()),
        20 => any_of(&["lower", "single", "twice", "other"]),
        1 => any_of(&["A", "1", "", "$A$1", "A1:B1", "ÄÖ1", "a1 "]).prop_map(|place| format!("={place}")),
    ];
    let after =
        any_of(&["", "", "", "", "", "\n  ", "<!-- c -->", "<x/>", "<x><y>1</y></x>", "text", "&amp;", "<?p?>"]);
    let value = (content(1), formula(1), any::<bool>()).prop_map(|((kind, value), formula, is_first)| {
        (kind, if is_first { formula + &value } else { value + &formula })
    });
    (prop_oneof![8 => Just(0_u32), 1 => 1..30_u32], place, style, value, 0..6_u8, after).prop_map(
        |(gap, place, style, (kind, content), order, after)| Crafted { gap, place, style, kind, content, order, after },
    )
}

/// The XML of rows of cells, each with a place or without one.
fn rows(rows: &[(u32, String, Vec<Crafted>)], prefix: &str) -> String {
    let mut xml = String::new();
    let mut number = 0;
    for (gap, how, cells) in rows {
        number += gap + 1;
        let row = match how.as_str() {
            "none" => {
                number -= gap;
                String::new()
            }
            "late" => format!(" spans=\"1:8\" ht='15' r=\"{number}\""),
            _ => format!(" r=\"{number}\" spans=\"1:8\""),
        };
        if cells.is_empty() {
            write!(xml, "<{prefix}row{row}/>").unwrap();
            continue;
        }
        write!(xml, "<{prefix}row{row}>").unwrap();
        let mut column = 0;
        for cell in cells {
            column += cell.gap + 1;
            let letters = rfm_input::column_letters(column as usize);
            let place = match cell.place.as_str() {
                "none" => String::new(),
                "lower" => format!(" r=\"{}{number}\"", letters.to_lowercase()),
                "single" => format!(" r='{letters}{number}'"),
                "twice" => format!(" r=\"A1\" r=\"{letters}{number}\""),
                "other" => format!(" xr=\"1\" r = \"{letters}{number}\" x:r=\"A1\""),
                "right" => format!(" r=\"{letters}{number}\""),
                given => format!(" r=\"{}\"", &given[1..]),
            };
            let attributes = match cell.order {
                0 => format!("{}{}{place}", cell.kind, cell.style),
                1 => format!("{place}{}{}", cell.kind, cell.style),
                2 => format!("{place}{}{} ", cell.style, cell.kind),
                _ => format!("{place}{}{}", cell.style, cell.kind),
            };
            if cell.content.is_empty() {
                write!(xml, "<{prefix}c{attributes}/>{}", cell.after).unwrap();
            } else {
                let content = match prefix {
                    "" => cell.content.clone(),
                    _ => cell.content.replace("<v", "<x:v").replace("</v", "</x:v"),
                };
                write!(xml, "<{prefix}c{attributes}>{content}</{prefix}c>{}", cell.after).unwrap();
            }
        }
        write!(xml, "</{prefix}row>").unwrap();
    }
    xml
}

const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;-&quot;mm\"/>\
    <numFmt numFmtId=\"171\" formatCode=\"[h]:mm\"/><numFmt formatCode=\"0.00\" numFmtId=\"15\"/></numFmts>\
    <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>\
    <xf numFmtId=\"170\"><alignment/></xf><xf numFmtId=\"171\"/><xf numFmtId=\"15\"/><xf/><xf numFmtId=\"46\"/>\
    <xf numFmtId=\"22\"></xf></cellXfs></styleSheet>";

const STRINGS: &str = "<sst count=\"3\" uniqueCount=\"3\"><si><t>one</t></si><si/>\n<si><r><t xml:space=\"preserve\"> two </t></r>\
    <rPh sb=\"0\" eb=\"1\"><t>no</t></rPh><r><t> &amp; three </t></r></si></sst>";

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn crafted_sheets_have_the_same_cells(
        lines in prop::collection::vec(
            (prop_oneof![9 => Just(0_u32), 1 => 0..5_u32], any_of(&["right", "right", "right", "none", "late"]),
                prop::collection::vec(cell(), 0..6)),
            0..8,
        ),
        prefix in any_of(&["", "", "", "x:"]),
        head in any_of(&["", "", "", "<dimension ref=\"A1:B2\"/>", "<dimension ref=\"A1\"/>", "<dimension/>", "<dimension ref=\"x\"/>",
            "<sheetPr><tabColor/></sheetPr><cols><col min=\"1\"/></cols>", "\u{feff}"]),
        tail in any_of(&["", "", "", "<mergeCells><mergeCell ref=\"A1:B2\"/><mergeCell/><mergeCell ref=\"C3\"/></mergeCells>",
            "<mergeCells count=\"0\"/><mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>", "<row r=\"x\"/>", "<sheetData/>",
            "<c r=\"A1\"><v>1</v></c>", "<x>&</x>", "<mergeCells><mergeCell ref=\"A1:\"/></mergeCells>"]),
        is_1904 in any::<bool>(),
    ) {
        let rows = rows(&lines, &prefix);
        let sheet = format!("<{prefix}worksheet>{head}<{prefix}sheetData>{rows}</{prefix}sheetData>{tail}</{prefix}worksheet>");
        let different = differences(&book(&sheet, STRINGS, STYLES, is_1904));
        prop_assert!(different.is_empty(), "{sheet}: {different:#?}");
    }

    #[test]
    fn values_of_all_kinds_are_the_same((kind, value) in content(50), formula in formula(10), style in 0..9_u8) {
        let sheet = format!(
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" s=\"{style}\"{kind}>{formula}{value}</c></row></sheetData></worksheet>"
        );
        let different = differences(&book(&sheet, STRINGS, STYLES, false));
        prop_assert!(different.is_empty(), "{sheet}: {different:#?}");
    }

    #[test]
    fn shared_strings_are_the_same(texts in prop::collection::vec((text(), any::<bool>()), 1..20)) {
        let item = |(text, is_rich): &(String, bool)| match is_rich {
            true => format!("<si><r><rPr/><t xml:space=\"preserve\">{text}</t></r><r><t>{text}</t></r></si>"),
            false => format!("<si><t>{text}</t></si>"),
        };
        let strings = format!("<?xml version=\"1.0\"?><x:sst>{}</x:sst>", texts.iter().map(item).collect::<String>());
        let cells: String = (0..texts.len()).map(|at| format!("<c t=\"s\"><v>{at}</v></c>")).collect();
        let sheet = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
        let different = differences(&book(&sheet, &strings, STYLES, false));
        prop_assert!(different.is_empty(), "{strings}: {different:#?}");
    }

    #[test]
    fn number_formats_are_the_same(
        codes in prop::collection::vec("[ymdhsaAMPp/:;0#.\\\\_*\\[\\]\" e\\-@]{0,10}", 1..20),
        numbers in prop::collection::vec(prop_oneof!["[0-9]{1,2}", "0?[0-9]{1,3}", "[a-z+-]?[0-9]{0,2}"], 1..20),
    ) {
        let mut styles = String::from("<styleSheet><numFmts>");
        for (at, code) in codes.iter().enumerate() {
            write!(styles, "<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", 160 + at, code.replace('"', "&quot;")).unwrap();
        }
        styles.push_str("</numFmts><fonts><font><b/></font></fonts><cellXfs>");
        for at in 0..codes.len() {
            write!(styles, "<xf numFmtId=\"{}\"/>", 160 + at).unwrap();
        }
        for number in &numbers {
            write!(styles, "<xf fontId=\"0\" numFmtId=\"{number}\"/>").unwrap();
        }
        styles.push_str("</cellXfs><dxfs><dxf><numFmt numFmtId=\"14\" formatCode=\"0\"/></dxf></dxfs></styleSheet>");
        let cells = (0..codes.len() + numbers.len()).map(|style| format!("<c s=\"{style}\"><v>41000.25</v></c>"));
        let sheet = format!("<worksheet><sheetData><row>{}</row></sheetData></worksheet>", cells.collect::<String>());
        let different = differences(&book(&sheet, STRINGS, &styles, false));
        prop_assert!(different.is_empty(), "{styles}: {different:#?}");
    }

    #[test]
    fn workbooks_that_a_library_wrote_have_the_same_cells(
        cells in prop::collection::vec((0..40_u32, 0..12_u16, written()), 0..60),
        is_merged in any::<bool>(),
    ) {
        let different = differences(&write(&cells, is_merged));
        prop_assert!(different.is_empty(), "{different:#?}");
    }
}

#[test]
fn texts_that_are_longer_than_a_window_have_the_same_cells() {
    let of = |text: &str| {
        let cell = |at: u32| {
            format!("<c r=\"A{at}\" t=\"inlineStr\"><is><t>{}</t></is></c><c><v>{at}</v></c>", &text[2 * at as usize..])
        };
        let rows: String = (1..6).map(|at| format!("<row r=\"{at}\">{}</row>", cell(at))).collect();
        book(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), STRINGS, STYLES, false)
    };
    // Windows end within characters.
    for length in [60_000, 400_000, 500_000] {
        let bytes = of(&"é".repeat(length));
        assert_eq!(differences(&bytes), [""; 0]);
        let [(_, Ok(found))] = &ours(&bytes).unwrap()[..] else { panic!("{length} is within the limits") };
        assert_eq!(found.cells.len(), 10);
    }
}

#[test]
fn damaged_workbooks_have_the_same_cells_or_an_error() {
    let sheet = "<?xml version=\"1.0\"?><worksheet><dimension ref=\"A1:C3\"/><sheetData><row r=\"1\" spans=\"1:8\"><c r=\"A1\" t=\"s\">\
        <v>0</v></c><c r=\"B1\" s=\"1\"><v>40148.5</v></c><c r=\"C1\" s=\"1\"/></row><row r=\"3\"><c t=\"inlineStr\"><is><r><t>a &lt;</t></r>\
        <rPh><t>x</t></rPh><r><t xml:space=\"preserve\"> b</t></r></is></c><!-- > --><c><f>B1</f><v>-0.5</v></c><c r=\"G3\" t=\"e\"><v>#N/A</v>\
        </c><c t=\"str\"><v>_x0041_&#65;</v></c><c t=\"b\"><v>1</v></c></row><row><c><v>1e3</v></c><c s=\"3\"><v>12.25</v></c></row></sheetData>\
        <mergeCells count=\"1\"><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>";
    let sound = book(sheet, STRINGS, STYLES, false);
    assert!(differences(&sound).is_empty());
    let count = std::env::var("RFM_DAMAGE").map_or(5_000, |count| count.parse().unwrap());
    for number in 0..count {
        let damaged = Damage::new(1, number).inside(&sound).unwrap();
        let different = differences(&damaged);
        assert!(different.is_empty(), "copy {number}: {different:#?}");
    }
}

/// A value that a library writes.
#[derive(Clone, Debug)]
enum Given {
    Number(f64),
    Text(String),
    Date(f64),
    Bool(bool),
    Formula(String),
    Rich(String, String),
    Blank,
}

fn written() -> impl Strategy<Value = Given> {
    prop_oneof![
        (-1e9..1e9).prop_map(Given::Number),
        (-100_000..100_000_i32).prop_map(|cents| Given::Number(f64::from(cents) / 100.0)),
        "\\PC{1,12}|[ \\t\\n\\r_x0-9<&]{1,12}".prop_map(Given::Text),
        (0.0..60_000.0).prop_map(Given::Date),
        any::<bool>().prop_map(Given::Bool),
        "[0-9.]{1,4}|[a-z&<]{1,4}|".prop_map(Given::Formula),
        ("[a-z ]{1,4}", "[A-Z ]{1,4}").prop_map(|(first, second)| Given::Rich(first, second)),
        Just(Given::Blank),
    ]
}

fn write(cells: &[(u32, u16, Given)], is_merged: bool) -> Vec<u8> {
    use rust_xlsxwriter::{Format, Formula, Workbook};

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let bold = Format::new().set_bold();
    for (row, column, given) in cells {
        match given {
            Given::Number(number) => sheet.write(*row, *column, *number).unwrap(),
            Given::Text(text) => sheet.write(*row, *column, text).unwrap(),
            Given::Date(serial) => sheet.write_with_format(*row, *column, *serial, &date).unwrap(),
            Given::Bool(truth) => sheet.write(*row, *column, *truth).unwrap(),
            Given::Formula(result) => sheet.write(*row, *column, Formula::new("=A1").set_result(result)).unwrap(),
            Given::Rich(first, second) => {
                sheet.write_rich_string(*row, *column, &[(&bold, first.as_str()), (&date, second.as_str())]).unwrap()
            }
            Given::Blank => sheet.write_blank(*row, *column, &date).unwrap(),
        };
    }
    if is_merged {
        sheet.merge_range(50, 0, 52, 3, "merged", &bold).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn workbooks(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            workbooks(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "xlsx" || ending == "xlsm") {
            found.push(path);
        }
    }
}

#[test]
fn real_and_messy_workbooks_have_the_same_cells() {
    let Some(shared) = shared("real_and_messy_workbooks_have_the_same_cells") else { return };
    let mut paths = Vec::new();
    workbooks(&shared.join("data/messy"), &mut paths);
    assert!(!paths.is_empty());
    for path in paths {
        let different = differences(&std::fs::read(&path).unwrap());
        assert!(different.is_empty(), "{}: {different:#?}", path.display());
    }
}

#[test]
fn a_million_real_rows_have_the_same_cells() {
    let Some(shared) = shared("a_million_real_rows_have_the_same_cells") else { return };
    let bytes = std::fs::read(shared.join("data/online_retail_II.xlsx")).unwrap();
    let file = StoredFile::from_bytes(&InputName::new("a.xlsx"), bytes.clone());
    let mut ours = Workbook::open(&file, Limits::default()).unwrap();
    let mut theirs = Xlsx::new(Cursor::new(bytes)).unwrap();
    for (at, name) in theirs.sheet_names().into_iter().enumerate() {
        let mut cells = theirs.worksheet_cells_reader(&name).unwrap();
        // One row after the other, since both sheets at once would not fit.
        let mut next = || loop {
            let cell = cells.next_cell().unwrap()?;
            let place = (u64::from(cell.get_position().0) + 1, cell.get_position().1 as usize);
            return Some((
                place,
                match cell.get_value() {
                    DataRef::Empty => continue,
                    DataRef::Float(number) => shown(Cell::Float(*number)),
                    DataRef::SharedString(text) => shown(Cell::Text(text)),
                    DataRef::DateTime(serial) => day(serial.as_f64(), false),
                    other => panic!("{other:?}"),
                },
            ));
        };
        ours.for_each_row(at, |row| {
            for (column, cell) in row.cells() {
                assert_eq!(next(), Some(((row.number(), column), shown(cell))));
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(next(), None);
    }
}
