use rfm_core::Limits;
use rfm_input::{InputName, StoredFile};

use super::plain::Plain;
use super::text::unescaped;
use super::value::{Kind, Written};
use super::xml::{Token, Tokens};
use super::*;

/// The cells of a sheet whose XML comes in windows of some bytes, and its merged areas.
fn cells(xml: &[u8], window: usize) -> Result<Vec<String>, String> {
    let mut strings = Strings::default();
    let table = b"<sst><si><t>one</t></si><si><t xml:space=\"preserve\"> two</t></si></sst>";
    assert!(strings.take(table).is_ok_and(|taken| taken == table.len()));
    let mut formats = Formats::default();
    assert!(
        formats.take(b"<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>").is_ok()
    );
    let file = StoredFile::from_bytes(&InputName::new("a.xlsx"), &b""[..]);
    let mut found = Vec::new();
    let mut visit = |rows: crate::rows::SheetRows| {
        for row in rows.iter() {
            found.extend(row.cells().map(|(column, cell)| format!("{} {column} {cell:?}", row.number())));
        }
        ControlFlow::Continue(())
    };
    let mut gatherer = Gatherer::new(&file, "S", Limits::default(), &mut visit);
    let context = Context { strings: &strings, formats: &formats, system: DateSystem::From1900 };
    let mut parser = SheetParser::new(context);
    let (mut given, mut taken) = (0, 0);
    while given < xml.len() {
        given = (given + window).min(xml.len());
        match parser.take(&xml[taken..given], &mut gatherer) {
            Ok(ControlFlow::Continue(length)) => taken += length,
            Ok(ControlFlow::Break(())) => return Err("nobody breaks".to_owned()),
            Err(Halt::Refused(error)) => return Err(error.to_string()),
            Err(Halt::Fault(fault)) => return Err(gatherer.fault(fault).to_string()),
            Err(Halt::Cut) => return Err("a sheet is never cut".to_owned()),
        }
    }
    let merges = parser.finish().map_err(|fault| gatherer.fault(fault).to_string())?;
    found.extend(merges.iter().map(|area| format!("{area:?}")));
    Ok(found)
}

const SHEET: &str = "<?xml version=\"1.0\"?><worksheet><dimension ref=\"A1:C3\"/><cols><col/></cols><sheetData><row r=\"1\" spans='>'>\
    <c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>40148.5</v></c><c r=\"C1\" s=\"1\"/></row><row r=\"3\">\
    <c t=\"inlineStr\"><is><r><t>a &lt;</t></r><rPh><t>x</t></rPh><r><t> é</t></r></is></c><!-- > --><c><f>B1</f><v>-0.5</v></c>\
    <c t=\"str\"><v>_x0041_\r\n</v></c><c r=\"G3\" t=\"e\"><v>#N/A</v></c></row><row><c><v>1e3</v></c></row></sheetData>\
    <mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>\n";

#[test]
fn cells_do_not_depend_on_where_windows_end() {
    let whole = cells(SHEET.as_bytes(), SHEET.len()).unwrap();
    let expected = [
        "1 0 Text(\"one\")",
        "1 1 Local(1259668800)",
        "3 0 Text(\"a <é\")",
        "3 1 Float(-0.5)",
        "3 2 Text(\"A\\n\")",
        "3 6 Fault(ErrorValue(\"#N/A\"))",
        "4 0 Float(1000.0)",
        "MergedArea { rows: 1..=2, columns: 0..=1 }",
    ];
    assert_eq!(whole, expected);
    for window in 1..80 {
        assert_eq!(cells(SHEET.as_bytes(), window).as_ref(), Ok(&whole), "by {window}");
    }
}

#[test]
fn sheets_that_end_too_early_or_go_on_are_damaged() {
    let of = |xml: &str| cells(xml.as_bytes(), 7).map_err(|error| error.split_once("damaged, ").unwrap().1.to_owned());
    let remedy = "; open the workbook in a spreadsheet program and save it again";
    let xml = Err(format!("its XML is broken or ends too early{remedy}"));
    assert_eq!(of("<chartsheet></chartsheet>"), Ok(vec![]), "a sheet of charts");
    for broken in [
        "",
        "<!-- -->",
        "<worksheet><sheetData>",
        "<worksheet><sheetData><row><c><v>1</v>",
        "<worksheet><sheetData><c><x/></c></sheetData></worksheet>",
        "<worksheet><sheetData><c r></c></sheetData></worksheet>",
        "<worksheet><sheetData><c r=1></c></sheetData></worksheet>",
        "<worksheet><sheetData></sheetData>&x</worksheet>",
        "<worksheet><!-x--><sheetData></sheetData></worksheet>",
        "<worksheet><![CDAT[]]><sheetData></sheetData></worksheet>",
        "<worksheet><?><sheetData></sheetData></worksheet>",
        "<worksheet><dimension/><sheetData></sheetData></worksheet>",
    ] {
        assert_eq!(of(broken), xml, "{broken}");
    }
    let behind = Err(format!("it has cells behind the end of its cells{remedy}"));
    assert_eq!(of("<worksheet><sheetData/><c/></worksheet>"), behind);
    assert_eq!(of("<worksheet><sheetData/><sheetData/></worksheet>"), behind);
    let place = Err(format!("a cell has a place that is none{remedy}"));
    assert_eq!(of("<worksheet><sheetData/><row r=\"0\"/></worksheet>"), place);
    let value = Err(format!("a cell holds a value that its type does not have{remedy}"));
    assert_eq!(of("<worksheet><sheetData><c t=\"s\"><v>2</v></c></sheetData></worksheet>"), value);
}

#[test]
fn plain_cells_are_told_at_a_glance() {
    let plain = |xml| Plain::of(xml);
    let written = |kind, format| Written { kind, format };
    let cell = |row, column, written, value, length| Some(Plain { row, column, written, value, length });
    assert_eq!(
        plain(b"<c r=\"AB12\" s=\"3\" t=\"s\"><v>7</v></c><c"),
        cell(11, 27, written(Kind::Shared, Some(3)), b"7", 36)
    );
    assert_eq!(plain(b"<c r=\"A1\"><v></v></c>"), cell(0, 0, written(Kind::Untyped, None), b"", 21));
    assert_eq!(plain(b"<c r=\"A1\" s=\"9\"/>"), cell(0, 0, written(Kind::Untyped, Some(9)), b"", 17));
    for other in [
        "<c><v>1</v></c>",
        "<c r=\"A0\"><v>1</v></c>",
        "<c r=\"1\"><v>1</v></c>",
        "<c r=\"AAAA1\"><v>1</v></c>",
        "<c r=\"A123456789\"><v>1</v></c>",
        "<c r='A1'><v>1</v></c>",
        "<c r=\"A1\"><v>1&#50;</v></c>",
        "<c r=\"A1\"><v>1<!-- --></v></c>",
        "<c r=\"A1\"><f>1</f><v>1</v></c>",
        "<c r=\"A1\" t=\"str\"><v>1</v></c>",
        "<c r=\"A1\" s=\"1\" s=\"2\"><v>1</v></c>",
        "<c r=\"A1\" s=\"\"><v>1</v></c>",
        "<c r=\"A1\" s=\"99999999999\"><v>1</v></c>",
        "<c r=\"A1\" x=\"1\"><v>1</v></c>",
        "<c r=\"A1\"><v>1</v></c ",
        "<c r=\"A1\"><v>1</v>",
        "<col r=\"A1\"/>",
    ] {
        assert_eq!(plain(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn tokens_are_cut_as_the_library_cuts_them() {
    let of = |xml: &'static [u8]| {
        let mut tokens = Tokens::of(xml);
        let mut found = Vec::new();
        while let Ok(token) = tokens.next() {
            found.push(match token {
                Token::Start(tag) => format!("<{}", String::from_utf8_lossy(tag.local())),
                Token::End(name) => format!("/{}", String::from_utf8_lossy(name.local())),
                Token::Text(text) => format!("'{}", String::from_utf8_lossy(text)),
                Token::Reference(name) => format!("&{}", String::from_utf8_lossy(name)),
                Token::Data(data) => format!("[{}", String::from_utf8_lossy(data)),
                Token::Other => "?".to_owned(),
            });
        }
        assert_eq!(tokens.at(), xml.len());
        found.join(" ")
    };
    assert_eq!(of(b"<a b='>'>x&amp;y</a ><x:b/>"), "<a 'x &amp 'y /a <b /b");
    assert_eq!(of(b"<!----><!--a-->b--><![CDATA[<]]]><?p ?>?><c/>"), "? ? 'b--> [<] ? '?> <c /c");
}

#[test]
fn escapes_of_excel_are_units_of_utf_16() {
    assert_eq!(unescaped("a_x000D_b_x005F_x000D_"), "a\rb_x000D_");
    assert_eq!(unescaped("_xD83D__xDE00__xD83D_a_xDE00_"), "\u{1f600}\u{fffd}a\u{fffd}");
    assert_eq!(unescaped("_x12_ _xzzzz_ __x0041_"), "_x12_ _xzzzz_ _A");
}
