//! Workbooks of any kind: whatever the bytes, rows in order or an error.

use std::ops::ControlFlow;

use rfm_core::Limits;
use rfm_excel::{Error, Workbook, WorkbookKind};
use rfm_input::{FileKind, InputName, StoredFile};
use rfm_testkit::archive::Archive;

/// Reads a workbook whose parts are the bytes: the first byte says which part, the others are its content. Bytes that begin like
/// a zip archive are one.
///
/// A fuzzer that has to make checksums fit gets nowhere, hence the sound archive around.
///
/// # Panics
///
/// If rows or cells come out of order, or an error shows more than it should.
pub fn xlsx(data: &[u8]) {
    match data {
        [b'P', b'K', ..] => drop(read_workbook(data)),
        [part, content @ ..] => drop(read_workbook(&xlsx_with(*part, content).build())),
        [] => {}
    }
}

/// Reads bytes as the content of an `.ods` file, or as one if they begin like a zip archive.
///
/// The reader of the library holds all cells at once: sizes are a matter for the limits of the fuzzer.
///
/// # Panics
///
/// As [`xlsx`].
pub fn ods(data: &[u8]) {
    if data.starts_with(b"PK") {
        drop(read_workbook(data));
        return;
    }
    let archive = Archive::new()
        .stored_part("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        .stored_part("META-INF/manifest.xml", "<manifest:manifest></manifest:manifest>")
        .stored_part("content.xml", data);
    drop(read_workbook(&archive.build()));
}

/// Reads bytes as an `.xls` file.
///
/// The library may panic on such, which has to become an error. It may also end the process or never return: such finds are
/// faults of the library, which is why the command reads these files in a worker.
///
/// # Panics
///
/// As [`xlsx`].
pub fn xls(data: &[u8]) {
    drop(read_workbook(data));
}

/// Tells the kind of bytes in both ways that there are.
///
/// # Panics
///
/// If they contradict each other.
pub fn kinds(data: &[u8]) {
    let file = StoredFile::from_bytes(&InputName::new("fuzz"), data);
    match (FileKind::of(data), WorkbookKind::of(&file)) {
        (FileKind::Workbook, _) | (_, Err(_)) => {}
        (kind, Ok(workbook)) => panic!("{kind:?} and {workbook}"),
    }
}

/// Rows and cells, if the bytes are a workbook.
///
/// # Errors
///
/// Those of [`Workbook`].
///
/// # Panics
///
/// As [`xlsx`].
pub fn read_workbook(bytes: &[u8]) -> Result<(u64, u64), Error> {
    let file = StoredFile::from_bytes(&InputName::new("fuzz"), bytes);
    let result = read_all(&file);
    if let Err(error) = &result {
        let text = error.to_string();
        assert!(text.starts_with("fuzz") && !text.contains(['\n', '\0', '\u{1b}']), "{text:?}");
    }
    result
}

fn read_all(file: &StoredFile) -> Result<(u64, u64), Error> {
    let mut book = Workbook::open(file, Limits { field_bytes: 1 << 12, ..Limits::default() })?;
    let (mut rows, mut cells) = (0, 0);
    for sheet in 0..rfm_excel::Sheets::sheets(&book).len() {
        let mut last = 0;
        book.for_each_row(sheet, |row| {
            assert!(row.number() > last && row.number() <= 1 << 20, "rows ascend within the grid");
            last = row.number();
            let mut next = 0;
            for (column, _) in row.cells() {
                assert!((next..1 << 14).contains(&column), "cells ascend within the grid");
                next = column + 1;
                cells += 1;
            }
            rows += 1;
            ControlFlow::Continue(())
        })?;
    }
    Ok((rows, cells))
}

const SHEET: &str = "<worksheet><dimension ref=\"A1:B2\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>\
    <c r=\"B1\" s=\"1\"><v>45000</v></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>a &amp; b</t></is></c>\
    <c r=\"B2\" t=\"str\"><f>A1</f><v>x</v></c><c r=\"C2\" t=\"e\"><v>#N/A</v></c><c t=\"b\"><v>1</v></c></row></sheetData>\
    <mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>";
const STRINGS: &str =
    "<sst count=\"1\" uniqueCount=\"1\"><si><t>id</t></si><si><r><t>a</t></r><r><t>b</t></r></si></sst>";
const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy\\-mm\"/></numFmts><fonts><font>\
    <name val=\"A\"/></font></fonts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\" fontId=\"0\"/></cellXfs></styleSheet>";
const WORKBOOK: &str = "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets>\
    <definedNames><definedName name=\"n\">S!$A$1</definedName></definedNames></workbook>";

/// The contents that the seeds are made of, each as the part that the byte in front says.
pub(crate) const PARTS: [&str; 4] = [SHEET, STRINGS, STYLES, WORKBOOK];

/// The content of an `.ods` file.
pub(crate) const CONTENT: &str = "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\">\
    <table:table-row><table:table-cell office:value-type=\"string\"><text:p>id</text:p></table:table-cell>\
    <table:table-cell office:value-type=\"float\" office:value=\"1.5\"/></table:table-row><table:table-row>\
    <table:table-cell office:value-type=\"date\" office:date-value=\"2024-01-17\"/></table:table-row></table:table>\
    </office:spreadsheet></office:body></office:document-content>";

pub(crate) fn xlsx_with(part: u8, content: &[u8]) -> Archive {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
             relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let names = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"];
    let archive = Archive::new()
        .stored_part("_rels/.rels", relation("officeDocument", "xl/workbook.xml"))
        .stored_part("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml"));
    names.iter().zip(PARTS).enumerate().fold(archive, |archive, (at, (name, plain))| {
        let is_it = usize::from(part) % names.len() == at;
        archive.stored_part(name, if is_it { content } else { plain.as_bytes() })
    })
}

/// An `.xls` file: an OLE container with a stream of BIFF8 records.
pub(crate) fn xls_seed() -> Vec<u8> {
    let record = |kind: u16, body: &[u8]| {
        let length = u16::try_from(body.len()).expect("a short record");
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
    };
    let begin = |kind: u8| record(0x809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x0A, &[]);
    // Row, column, format; then the value.
    let label = [&[0, 0, 0, 0, 0, 0, 2, 0, 0][..], b"id"].concat();
    let number = [&[1, 0, 0, 0, 0, 0][..], &1.5_f64.to_le_bytes()].concat();
    let sheet = [begin(16), record(0x204, &label), record(0x203, &number), end.clone()].concat();
    let globals = |at: u32| {
        let name = [&at.to_le_bytes()[..], &[0, 0, 1, 0, b'S']].concat();
        [begin(5), record(0x85, &name), end.clone()].concat()
    };
    let at = u32::try_from(globals(0).len()).expect("short");
    let mut stream = [globals(at), sheet].concat();
    // Shorter streams would be kept in sectors of another size.
    stream.resize(4096, 0);
    let sector = |index: u32| index.to_le_bytes();
    let (none, end_of_chain, table) = (u32::MAX, u32::MAX - 1, u32::MAX - 2);
    let mut header = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    header.resize(24, 0);
    header.extend([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    header.resize(44, 0);
    header.extend([sector(1), sector(1), sector(0), sector(4096), sector(end_of_chain), sector(0)].concat());
    header.extend([sector(end_of_chain), sector(0), sector(0)].concat());
    header.resize(512, 0xFF);
    let chain = [table, end_of_chain, 3, 4, 5, 6, 7, 8, 9, end_of_chain];
    let mut file = [header, chain.iter().flat_map(|next| sector(*next)).collect()].concat();
    file.resize(1024, 0xFF);
    for (name, kind, child, start, size) in [
        ("Root Entry", 5, 1, end_of_chain, 0_u32),
        ("Workbook", 2, none, 2, 4096),
        ("", 0, none, 0, 0),
        ("", 0, none, 0, 0),
    ] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u16::try_from(entry.len()).expect("a short name");
        entry.resize(64, 0);
        entry.extend((if length > 0 { length + 2 } else { 0 }).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([sector(none), sector(none), sector(child)].concat());
        entry.resize(116, 0);
        entry.extend([sector(start), sector(size), sector(0)].concat());
        file.extend(entry);
    }
    file.extend(stream);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_are_workbooks() {
        let sound = xlsx_with(0, PARTS[0].as_bytes()).build();
        assert_eq!(read_workbook(&sound).expect("a sound workbook"), (2, 6));
        assert_eq!(read_workbook(&xls_seed()).expect("a sound workbook"), (2, 2));
    }
}
