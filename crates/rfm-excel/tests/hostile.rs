//! `HAZARDS.md` row 9, for real: crafted workbooks give the rows they have or a clear error, in bounded memory.
//!
//! Each is read by this program run again as a child under a limit of the address space, which says how much it took at most.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]

use std::io::Write;
use std::ops::ControlFlow;
use std::process::Command;

use rfm_core::Limits;
use rfm_core::cell::Cell;
use rfm_excel::Workbook;
use rfm_input::{InputName, StoredFile};
use rfm_testkit::archive::Archive;

/// What a child may take, in KiB: at its peak, and of addresses.
const PEAK: u64 = 128 << 10;
const ADDRESSES: u64 = 512 << 10;

const ONE: &str = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";

fn workbook(sheet: impl AsRef<[u8]>) -> Archive {
    parts().part("xl/worksheets/sheet1.xml", sheet)
}

fn parts() -> Archive {
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
}

fn sheet(rows: &str) -> Archive {
    workbook(format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
}

fn cell(place: &str) -> Archive {
    sheet(&format!("<row r=\"1\"><c r=\"{place}\"><v>1</v></c></row>"))
}

/// A sheet that begins and ends as given, with a piece in between, so often.
fn long(before: &str, piece: &str, times: usize, after: &str) -> Archive {
    parts().long_part("xl/worksheets/sheet1.xml", |out| write_long(out, before, piece, times, after))
}

fn write_long(out: &mut dyn Write, before: &str, piece: &str, times: usize, after: &str) -> std::io::Result<()> {
    let many = piece.repeat(1_000);
    out.write_all(before.as_bytes())?;
    for _ in 0..times / 1_000 {
        out.write_all(many.as_bytes())?;
    }
    out.write_all(after.as_bytes())
}

fn strings(before: &str, piece: &str, times: usize, after: &str) -> Archive {
    sheet(ONE).long_part("xl/sharedStrings.xml", |out| write_long(out, before, piece, times, after))
}

const BEGIN: &str = "<worksheet><sheetData>";
const END: &str = "</sheetData></worksheet>";
const IN_CELL: &str = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>";
const AFTER_CELL: &str = "</t></is></c></row></sheetData></worksheet>";

/// The workbooks, by the words that describe them.
fn crafted(case: &str) -> Archive {
    let count = |count: &str| strings(&format!("<sst uniqueCount=\"{count}\">"), "", 0, "<si><t>a</t></si></sst>");
    let x = "x".repeat(1 << 10);
    match case {
        "two corners" => sheet(
            "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>",
        ),
        "a count of ten digits" => count("9999999999"),
        "a count of 64 bits" => count("18446744073709551615"),
        "a column too many" => cell("XFE1"),
        "a row too many" => cell("A16777217"),
        "a place beyond numbers" => cell("ZZZZZZZ4294967295"),
        "row zero" => sheet("<row r=\"0\"><c><v>1</v></c></row>"),
        "cell zero" => cell("A0"),
        "a huge dimension" => {
            workbook(format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{ONE}</sheetData></worksheet>"))
        }
        "a reversed dimension" => {
            workbook(format!("<worksheet><dimension ref=\"Z99:A1\"/><sheetData>{ONE}</sheetData></worksheet>"))
        }
        "the same cell thrice" => sheet(&format!("<row r=\"1\">{}</row>", "<c r=\"A1\"><v>1</v></c>".repeat(3))),
        "numbers that are none" => {
            sheet("<row r=\"1\"><c r=\"A1\"><v>NaN</v></c><c r=\"B1\"><v>inf</v></c><c r=\"C1\"><v>1E400</v></c></row>")
        }
        "a formula of a huge number" => {
            sheet("<row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1\" si=\"9999999999999\">B1</f><v>1</v></c></row>")
        }
        "a string that is not there" => sheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>"),
        "a bomb" => long(IN_CELL, &x, 256 << 10, AFTER_CELL),
        "a bomb that lies" => long(IN_CELL, &x, 256 << 10, AFTER_CELL).declared_size(1 << 20),
        "a small bomb" => long(IN_CELL, &x, 48 << 10, AFTER_CELL),
        "a cell of many texts" => {
            let (before, after) = (IN_CELL.replace("<t>", ""), AFTER_CELL.replace("</t>", ""));
            long(&before, "<t>some text</t>", 2_000_000, &after)
        }
        "a comment" => long(&format!("{BEGIN}<!--"), &x, 48 << 10, &format!("-->{ONE}{END}")),
        "an attribute" => long(&format!("{BEGIN}<row x=\""), &x, 48 << 10, &format!("\"/>{ONE}{END}")),
        "a deep nest" => long(BEGIN, "<a>", 1_000_000, END),
        "forty million rows" => long(BEGIN, "<row><c><v>1</v></c></row>", 40_000_000, END),
        "a million rows and some" => long(BEGIN, "<row><c><v>1</v></c></row>", 1_049_000, END),
        "a million empty rows" => {
            let row = "<row ht=\"15\" customHeight=\"1\"/>";
            long(&format!("{BEGIN}{ONE}"), row, 1_048_000, END)
        }
        "many small strings" => strings("<sst>", "<si/>", 4_000_000, "</sst>"),
        "one long string in many cells" | "one long string in one cell" => {
            let place = |column: usize| {
                if case.ends_with("many cells") { rfm_input::column_letters(column) } else { "A".to_owned() }
            };
            let cells = (1..=4_000).map(|column| format!("<c r=\"{}1\" t=\"s\"><v>0</v></c>", place(column)));
            let showing = sheet(&format!("<row r=\"1\">{}</row>", cells.collect::<String>()));
            showing.part("xl/sharedStrings.xml", format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20)))
        }
        "many formats" => sheet(ONE).long_part("xl/styles.xml", |out| {
            write_long(out, "<styleSheet><cellXfs>", "<xf/>", 2_000_000, "</cellXfs></styleSheet>")
        }),
        "many relations" => sheet(ONE).long_part("xl/worksheets/_rels/sheet1.xml.rels", |out| {
            write_long(out, "<Relationships>", "<Relationship Id=\"a\"/>", 1_000_000, "</Relationships>")
        }),
        "many merged cells" => {
            let before = format!("{BEGIN}{ONE}</sheetData><mergeCells>");
            long(&before, "<mergeCell ref=\"A1:XFD1048576\"/>", 1_000_000, "</mergeCells></worksheet>")
        }
        "billion laughs" => workbook(format!(
            "<!DOCTYPE a [<!ENTITY b \"lol\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>\
             <worksheet><sheetData>{ONE}</sheetData></worksheet>"
        )),
        "a wrong end tag" => workbook(format!("<worksheet><sheetData>{ONE}</sheetDate></worksheet>")),
        "a sheet that never ends" => workbook(format!("<worksheet><sheetData>{ONE}")),
        "two sheets of one place" => sheet(ONE).part("xl/worksheets/SHEET1.xml", "<worksheet/>"),
        "twenty thousand parts" => {
            (0..20_000).fold(sheet(ONE), |archive, number| archive.stored_part(&format!("{number}"), ""))
        }
        other => panic!("{other}"),
    }
}

#[test]
#[ignore = "the child of the tests below"]
fn child() {
    let Ok(case) = std::env::var("RFM_EXCEL_HOSTILE_CASE") else { return };
    let bytes = crafted(&case).build();
    let file = StoredFile::from_bytes(&InputName::new("crafted.xlsx"), bytes);
    let (mut rows, mut cells, mut faults) = (0, 0, 0);
    let read = Workbook::open(&file, Limits::default()).and_then(|mut book| {
        book.for_each_row(0, |row| {
            rows += 1;
            cells += row.cells().count();
            faults += row.cells().filter(|(_, cell)| matches!(cell, Cell::Fault(_))).count();
            ControlFlow::Continue(())
        })
    });
    let end = match read {
        Ok(_) => format!("{rows} rows, {cells} cells, {faults} faults"),
        Err(error) => error.to_string(),
    };
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("ended: {}|{end}", peak.trim().trim_end_matches(" kB"));
}

/// What the child said about a workbook, after its peak was found good.
fn read(case: &str) -> String {
    let program = std::env::current_exe().unwrap();
    let limited = format!("ulimit -v {ADDRESSES} && exec \"$0\" --exact child --ignored --nocapture --test-threads=1");
    let mut command = Command::new("sh");
    command.args(["-c", &limited]).arg(program).env("RFM_EXCEL_HOSTILE_CASE", case).env("RUST_BACKTRACE", "0");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = said.lines().find_map(|line| line.split_once("ended: ")?.1.split_once('|'));
    let Some((peak, end)) = told else {
        panic!("{case}: {} {said} {}", output.status, String::from_utf8_lossy(&output.stderr))
    };
    println!("{case}: {peak} KiB, {end}"); // shown if it fails
    assert!(peak.parse::<u64>().unwrap() < PEAK, "{case} took {peak} KiB");
    end.to_owned()
}

const PART: &str = "part `xl/worksheets/sheet1.xml`";

#[test]
fn places_are_never_trusted() {
    assert_eq!(read("two corners"), "2 rows, 2 cells, 0 faults");
    assert_eq!(read("a huge dimension"), "1 rows, 1 cells, 0 faults");
    let place = "crafted.xlsx, sheet `S`: is damaged, a cell has a place that is none; open the workbook in a \
                 spreadsheet program and save it again";
    assert_eq!(read("row zero"), place);
    assert_eq!(read("cell zero"), place);
    let outside = |at: &str| {
        format!("crafted.xlsx, sheet `S`, {at}: is outside of the 1048576 rows and 16384 columns that a sheet has")
    };
    assert_eq!(read("a column too many"), outside("cell XFE1"));
    assert_eq!(read("a row too many"), outside("cell A16777217"));
    assert_eq!(read("a million rows and some"), outside("cell A1048577"));
    assert_eq!(read("a place beyond numbers"), place);
    // What it declares is not used.
    assert_eq!(read("a reversed dimension"), "1 rows, 1 cells, 0 faults");
}

#[test]
fn cells_that_contradict_themselves_are_faults() {
    assert_eq!(read("the same cell thrice"), "1 rows, 1 cells, 1 faults");
    assert_eq!(read("a formula of a huge number"), "1 rows, 1 cells, 0 faults");
    assert_eq!(read("numbers that are none"), "1 rows, 3 cells, 0 faults");
    assert_eq!(
        read("a string that is not there"),
        "crafted.xlsx, sheet `S`: is damaged, a cell holds a value that its type does not have; open the workbook in a \
         spreadsheet program and save it again"
    );
}

#[test]
fn counts_of_strings_reserve_nothing() {
    let count = |count: &str| format!("crafted.xlsx: part `xl/sharedStrings.xml` declares {count} strings and has 1");
    assert_eq!(read("a count of ten digits"), count("9999999999"));
    assert_eq!(read("a count of 64 bits"), count("18446744073709551615"));
}

#[test]
fn bombs_do_not_go_off() {
    let outside =
        "crafted.xlsx, sheet `S`, cell A1048577: is outside of the 1048576 rows and 16384 columns that a sheet has";
    assert_eq!(read("forty million rows"), outside);
    assert!(read("a bomb that lies").ends_with(&format!("{PART} is damaged: it is longer than the directory says")));
    let limit = |what: &str| format!("{PART}: {what} has more bytes than the limit (1048576)");
    for (case, what) in [
        ("a bomb", "a tag, text or comment"),
        ("a small bomb", "a tag, text or comment"),
        ("a comment", "a tag, text or comment"),
        ("an attribute", "a tag, text or comment"),
        ("a cell of many texts", "a cell or string"),
    ] {
        let end = read(case);
        assert!(end.ends_with(&limit(what)), "{end}");
    }
    assert_eq!(read("a million empty rows"), "1 rows, 1 cells, 0 faults");
}

#[test]
fn what_is_kept_grows_with_the_file_only() {
    let kept = |part: &str| {
        format!(
            "crafted.xlsx: part `{part}` would take more memory than a part of its size may (33554432 bytes): too many \
             strings, formats or names"
        )
    };
    assert_eq!(read("many small strings"), kept("xl/sharedStrings.xml"));
    assert_eq!(read("many formats"), kept("xl/styles.xml"));
    // Relations of a sheet are not read.
    assert_eq!(read("many relations"), "1 rows, 1 cells, 0 faults");
    assert!(read("many merged cells").starts_with("crafted.xlsx, sheet `S`"));
}

#[test]
fn a_text_that_many_cells_show_is_not_copied_for_each() {
    let told = "crafted.xlsx, sheet `S`, row 1: the texts of a row are longer than the limit in bytes (16777216)";
    assert_eq!(read("one long string in many cells"), told);
    assert_eq!(read("one long string in one cell"), told);
}

#[test]
fn xml_that_is_none_ends_reading() {
    let xml = |what: &str| format!("{PART} is no well-formed XML: {what}");
    for (case, end) in [
        ("a deep nest", xml("its elements are nested too deeply")),
        ("a wrong end tag", xml("an end tag does not match its start")),
        ("a sheet that never ends", xml("it ends within an element")),
        ("billion laughs", format!("{PART} declares a document type, which workbooks do not have")),
    ] {
        let said = read(case);
        assert!(said.ends_with(&end), "{said}");
    }
    assert_eq!(read("two sheets of one place"), "crafted.xlsx: two parts are called `xl/worksheets/SHEET1.xml`");
    assert_eq!(
        read("twenty thousand parts"),
        "crafted.xlsx: the zip directory has more entries than the limit (10000)"
    );
}
