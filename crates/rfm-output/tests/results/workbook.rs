//! Workbooks: what another reader finds in them, and what must not be in them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx};
use proptest::prelude::*;
use rfm_core::{AttributeSummary, Day, Scale, Scoring, Segmentation};
use rfm_output::{
    Attributes, ErrorKind, ExtraColumn, Extras, Format, InputDescription, RunDescription, TextGuard, WorkbookError,
    result_paths, write_by, write_customers, write_file, write_result, write_scores, write_segments,
};

use crate::fixture::{Line, extra_columns, lines, nasty, scale, score_display, scoring, segment, settings, three};

type Sheets = BTreeMap<String, Range<Data>>;

fn read(bytes: &[u8]) -> Sheets {
    Xlsx::new(Cursor::new(bytes)).unwrap().worksheets().into_iter().collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn workbook(result: &Segmentation, extras: &Extras, run: &RunDescription) -> Vec<u8> {
    let mut bytes = Vec::new();
    assert_eq!(write_file(result, extras, Format::Xlsx, TextGuard::Spreadsheet, run, &mut bytes).unwrap(), 0);
    bytes
}

fn run() -> RunDescription {
    RunDescription::new("test", "1").input(InputDescription::new("/home/me/orders.csv").records(5))
}

/// The same table as CSV: header and rows of texts.
fn csv(write: impl FnOnce(&mut Vec<u8>)) -> Vec<Vec<String>> {
    let mut bytes = Vec::new();
    write(&mut bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Compares a sheet with the table in CSV: columns of texts are string cells with the same text; in all others what has more than
/// 15 digits, or is a day before March 1900, is a text, and the rest are numbers of the same value.
fn assert_same(sheet: &Range<Data>, table: &[Vec<String>], texts: &[&str]) {
    let header = &table[0];
    assert_eq!(sheet.height(), table.len());
    for (at, row) in table.iter().enumerate() {
        for (column, expected) in row.iter().enumerate() {
            let cell = sheet.get((at, column)).unwrap_or(&Data::Empty);
            let context = format!("row {at}, `{}`: {cell:?} is not {expected:?}", header[column]);
            if expected.is_empty() {
                assert_eq!(cell, &Data::Empty, "{context}");
                continue;
            }
            if at == 0 || texts.contains(&header[column].as_str()) {
                assert_eq!(cell, &Data::String(expected.clone()), "{context}");
                continue;
            }
            let digits = expected.bytes().filter(u8::is_ascii_digit).count();
            let significant = expected.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
            match cell {
                Data::Float(number) => {
                    assert!(significant <= 15, "{context}");
                    assert_eq!(*number, expected.parse::<f64>().unwrap(), "{context}");
                }
                Data::DateTime(number) => {
                    let day: Day = expected.parse().unwrap();
                    assert_eq!(number.as_f64(), f64::from(day.epoch_days() + 25_569), "{context}");
                }
                Data::String(text) => {
                    assert_eq!(text, expected, "{context}");
                    assert!(digits > 15 || expected < &"1900-03-01".to_owned(), "{context}");
                }
                _ => panic!("{context}"),
            }
        }
    }
}

const TEXTS: [&str; 6] = ["customer_id", "rfm_code", "segment", "dimension", "value", "Country"];

fn assert_all_tables(result: &Segmentation, extras: &Extras, sheets: &Sheets) {
    let exact = TextGuard::Exact;
    let customers = csv(|out| {
        write_customers(result, extras, Format::Csv, exact, out).unwrap();
    });
    assert_same(&sheets["Customers"], &customers, &TEXTS);
    let segments = csv(|out| {
        write_segments(&result.summary(), Format::Csv, exact, out).unwrap();
    });
    assert_same(&sheets["Segments"], &segments, &TEXTS);
    let scores = csv(|out| write_scores(result, Format::Csv, out).unwrap());
    assert_same(&sheets["Scores"], &scores, &TEXTS);
    if let Some((_, by)) = extras.by() {
        let by = csv(|out| {
            write_by(by, Format::Csv, exact, out).unwrap();
        });
        assert_same(&sheets["Segments by"], &by, &TEXTS);
    }
}

#[test]
fn all_sheets_are_there_and_have_the_values_of_the_tables() {
    let (rfm, result) = three();
    let extras = [ExtraColumn::FirstOrder, ExtraColumn::TenureDays, ExtraColumn::Lines];
    let extras = Extras::try_new(extras, result.customers()).unwrap();
    let bytes = workbook(&result, &extras, &run().settings(&rfm));
    let names = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap().sheet_names();
    assert_eq!(names, ["Customers", "Segments", "Scores", "RFM grid", "Run"]);
    let sheets = read(&bytes);
    assert_all_tables(&result, &extras, &sheets);

    let day = sheets["Customers"].get((1, 1)).unwrap();
    assert!(matches!(day, Data::DateTime(day) if day.is_datetime() && day.as_f64() == 40_886.0), "{day:?}");
    assert_eq!(sheets["Customers"].get((1, 4)), Some(&Data::Float(1_234_586.99)));
    assert_eq!(sheets["Customers"].get((1, 8)), Some(&Data::String("555".into())));
}

#[test]
fn attributes_are_columns_and_the_segments_by_them_a_sheet() {
    let (_, result) = three();
    let countries = [Some("=France".to_owned()), None, Some("007".to_owned())];
    let attributes = Attributes::default().with("Country", countries.clone());
    let by = AttributeSummary::new(&result, |row| countries[row].as_deref());
    let extras = Extras::default().with_attributes(attributes).unwrap().with_by("Country", by.clone());
    let bytes = workbook(&result, &extras, &run());
    let names = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap().sheet_names();
    assert_eq!(names, ["Customers", "Segments", "Segments by", "Scores", "RFM grid", "Run"]);
    let sheets = read(&bytes);
    assert_all_tables(&result, &extras, &sheets);
    assert_eq!(sheets["Customers"].get((1, 10)), Some(&Data::String("=France".into())));

    let mut bytes = Vec::new();
    write_by(&by, Format::Xlsx, TextGuard::Exact, &mut bytes).unwrap();
    assert_eq!(read(&bytes)["Segments by"], sheets["Segments by"]);
}

#[test]
fn attributes_and_tables_that_fit_no_sheet_are_refused() {
    let (_, result) = three();
    let refused = |extras: &Extras| {
        let mut bytes = Vec::new();
        let error = write_file(&result, extras, Format::Xlsx, TextGuard::Exact, &run(), &mut bytes).unwrap_err();
        assert!(bytes.is_empty());
        error.to_string()
    };
    let with = |name: &str, text: &str| {
        let values = [None, Some(text.to_owned()), None];
        Extras::default().with_attributes(Attributes::default().with(name, values)).unwrap()
    };
    let long = "x".repeat(32_768);
    let expected = "sheet `Customers`, cell K3 `Country`: the text has 32768 UTF-16 units, and a cell holds 32767";
    assert_eq!(refused(&with("Country", &long)), expected);
    let expected = "sheet `Customers`, cell K1 `header`: the text has 32768 UTF-16 units, and a cell holds 32767";
    assert_eq!(refused(&with(&long, "a")), expected);
    let many = (0..16_375).fold(Attributes::default(), |many, at| many.with(&at.to_string(), [None, None, None]));
    let many = Extras::default().with_attributes(many).unwrap();
    assert_eq!(refused(&many), "sheet `Customers` would have 16385 columns, and a sheet holds 16384");

    let by = AttributeSummary::new(&result, |row| Some(if row == 0 { long.as_str() } else { "a" }));
    let error = refused(&Extras::default().with_by("Country", by));
    assert!(
        error.starts_with("sheet `Segments by`, cell B") && error.contains(" `value`: the text has 32768 "),
        "{error}"
    );
}

#[test]
fn the_grid_has_every_customer_once() {
    let (rfm, result) = three();
    let sheets = read(&workbook(&result, &Extras::default(), &run().settings(&rfm)));
    let grid = &sheets["RFM grid"];
    let text = |row, column| grid.get((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!(
        [text(0, 0), text(1, 0), text(1, 1), text(2, 0), text(6, 0)],
        ["customers", "r_score \\ f_score", "1", "5", "1"]
    );
    let number = |row, column| match grid.get((row, column)) {
        Some(Data::Float(number)) => *number,
        other => panic!("no number at {row}, {column}: {other:?}"),
    };
    let customers: f64 =
        (2..7).flat_map(|row| (1..6).map(move |column| (row, column))).map(|(r, c)| number(r, c)).sum();
    assert_eq!(customers, 3.0);
    assert_eq!(text(8, 0), "mean monetary");
    for row in result.rows() {
        let (r, f) = (u32::from(row.cell().recency.number()), usize::from(row.cell().frequency.number()));
        assert_eq!(number(2 + 5 - r as usize, f), 1.0);
        assert_eq!(number(10 + 5 - r as usize, f), row.monetary().to_string().parse::<f64>().unwrap());
    }
}

#[test]
fn the_run_is_told_as_in_its_file() {
    let scratch = tempfile::tempdir().unwrap();
    let (rfm, result) = three();
    let formats = [Format::Xlsx, Format::Csv];
    let dir = scratch.path().join("result");
    let run = run().settings(&rfm);
    let paths = write_result(&dir, &result, &Extras::default(), &formats, TextGuard::Spreadsheet, &run).unwrap();
    let names = ["customers.csv", "segments.csv", "scores.csv", "customers.xlsx", "run.json"];
    assert_eq!(paths, names.map(|name| dir.join(name)));
    assert_eq!(paths, result_paths(&dir, &formats, false));

    let bytes = std::fs::read(dir.join("customers.xlsx")).unwrap();
    let sheet = &read(&bytes)["Run"];
    let told: Vec<(String, String)> =
        sheet.rows().skip(1).map(|row| (row[0].to_string(), row[1].to_string())).collect();
    let run: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("run.json")).unwrap()).unwrap();
    let mut expected = Vec::new();
    flatten("", &run, &mut expected);
    assert_eq!(told, expected);
    assert!(told.contains(&("outputs.4.name".into(), "customers.xlsx".into())));
    assert!(told.contains(&("account.adds_up".into(), "true".into())));
}

fn flatten(key: &str, value: &serde_json::Value, rows: &mut Vec<(String, String)>) {
    use serde_json::Value;
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    let mut leaf = |text: String| rows.push((key.to_owned(), text));
    match value {
        Value::Object(members) if members.is_empty() => leaf("none".into()),
        Value::Array(items) if items.is_empty() => leaf("none".into()),
        Value::Object(members) => members.iter().for_each(|(name, value)| flatten(&below(name), value, rows)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| flatten(&below(&(at + 1).to_string()), item, rows));
        }
        Value::Null => leaf(String::new()),
        Value::String(text) => leaf(text.clone()),
        other => leaf(other.to_string()),
    }
}

/// The part of other people's programs is played by LibreOffice, where there is one.
#[test]
fn libreoffice_opens_it() {
    let found = ["soffice", "libreoffice"].into_iter().find(|program| {
        let version = Command::new(program).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    });
    let Some(program) = found else {
        // Past the harness, which hides what a passing test prints.
        let _ = writeln!(std::io::stderr(), "SKIPPED: no LibreOffice, so no workbook was opened with it");
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    let (rfm, result) = three();
    std::fs::write(scratch.path().join("a.xlsx"), workbook(&result, &Extras::default(), &run().settings(&rfm)))
        .unwrap();
    // Every sheet, in UTF-8, with numbers as they are and not as they are shown.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1";
    let profile = format!("-env:UserInstallation=file://{}", scratch.path().join("profile").display());
    let mut command = Command::new(program);
    command.args([&profile, "--headless", "--convert-to", filter, "a.xlsx"]).current_dir(scratch.path());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let read = |sheet: &str| csv(|out| *out = std::fs::read(scratch.path().join(format!("a-{sheet}.csv"))).unwrap());
    let customers = csv(|out| {
        write_customers(&result, &Extras::default(), Format::Csv, TextGuard::Exact, out).unwrap();
    });
    let by_value = |rows: Vec<Vec<String>>| -> Vec<Vec<String>> {
        let value = |cell: String| cell.parse::<f64>().map_or(cell, |number| number.to_string());
        rows.into_iter().map(|row| row.into_iter().map(value).collect()).collect()
    };
    assert_eq!(by_value(read("Customers")), by_value(customers));
    assert_eq!(read("Segments").len(), result.summary().rows().len() + 1);
    assert!(read("Run").contains(&vec!["format".to_owned(), "rfm-run".to_owned()]));
}

/// HAZARDS row 30.
#[test]
fn formulas_stay_texts() {
    let starts = ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}", " ="];
    let ends = ["cmd|' /C calc'!A0", "HYPERLINK(\"http://a.example\",\"x\")", "1+1", "SUM(A1:A9)", "<f>1+1</f>"];
    let payloads: Vec<String> = starts.iter().flat_map(|start| ends.map(|end| format!("{start}{end}"))).collect();
    assert_eq!(payloads.len(), 60);
    let lines: Vec<Line> = payloads.iter().map(|payload| (payload.clone(), 1, 1, 100)).collect();
    let result = segment(&settings(Scale::CENTS, ["=1+1", "@b"], Scoring::QUARTILE), &lines).unwrap();
    let bytes = workbook(&result, &Extras::default(), &run().note("=1+1"));
    let mut found = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    for name in found.sheet_names() {
        assert!(found.worksheet_formula(&name).unwrap().is_empty(), "{name}");
    }
    assert_all_tables(&result, &Extras::default(), &read(&bytes));
    let sheets: Vec<String> = (1..=5).map(|at| part(&bytes, &format!("xl/worksheets/sheet{at}.xml"))).collect();
    assert!(sheets.iter().all(|sheet| !sheet.contains("<f>") && !sheet.contains("<hyperlink")));
}

/// HAZARDS row 32.
#[test]
fn what_fits_no_cell_is_refused_before_anything_is_written() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("result");
    let line = (format!("x{}", "\u{1f600}".repeat(16_384)), 1, 1, 100);
    let result = segment(&settings(Scale::CENTS, ["a", "b"], Scoring::QUARTILE), &[line]).unwrap();
    let formats = [Format::Csv, Format::Xlsx];
    let error = write_result(&dir, &result, &Extras::default(), &formats, TextGuard::Exact, &run()).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write `{}`", dir.join("customers.xlsx").display()));
    assert_eq!(error.help(), Some("choose a format without such a limit, such as CSV"));
    let ErrorKind::Io { source, .. } = error.kind() else { panic!("{error:?}") };
    let expected = "sheet `Customers`, cell A2 `customer_id`: the text has 32769 UTF-16 units, and a cell holds 32767";
    assert_eq!(source.to_string(), expected);
    let inner = source.get_ref().and_then(|inner| inner.downcast_ref::<WorkbookError>());
    assert!(matches!(inner, Some(WorkbookError::TextTooLong { units: 32_769, .. })));
    assert!(!dir.exists());

    let mut bytes = Vec::new();
    let file = write_file(&result, &Extras::default(), Format::Xlsx, TextGuard::Exact, &run(), &mut bytes);
    assert_eq!(file.unwrap_err().to_string(), expected);
    let long = "s".repeat(32_768);
    let line = ("x".to_owned(), 1, 1, 100);
    let result =
        segment(&settings(Scale::CENTS, [&long, &long.replace('s', "t")], Scoring::QUARTILE), &[line]).unwrap();
    let error = write_segments(&result.summary(), Format::Xlsx, TextGuard::Exact, &mut bytes).unwrap_err();
    let expected = "sheet `Segments`, cell A2 `segment`: the text has 32768 UTF-16 units, and a cell holds 32767";
    assert_eq!(error.to_string(), expected);
    assert!(bytes.is_empty());
}

/// HAZARDS row 32.
#[test]
fn no_digit_is_lost() {
    let line = |id: &str, minor| (id.to_owned(), 1, 1, minor);
    let lines =
        [line("a", 999_999_999_999_999), line("b", 1_000_000_000_000_000), line("c", i64::MAX), line("d", i64::MIN)];
    let result = segment(&settings(Scale::CENTS, ["a", "b"], Scoring::QUARTILE), &lines).unwrap();
    let sheets = read(&workbook(&result, &Extras::default(), &run()));
    let money: Vec<&Data> = sheets["Customers"].rows().skip(1).map(|row| &row[4]).collect();
    let text = |text: &str| Data::String(text.into());
    let expected = [
        Data::Float(9_999_999_999_999.99),
        text("10000000000000.00"),
        text("92233720368547758.07"),
        text("-92233720368547758.08"),
    ];
    assert_eq!(money, expected.iter().collect::<Vec<_>>());
    assert_all_tables(&result, &Extras::default(), &sheets);
}

/// HAZARDS row 34, and what a file may not tell.
#[test]
fn the_same_result_gives_the_same_bytes_and_tells_neither_author_nor_time() {
    let (rfm, result) = three();
    let run = run().settings(&rfm);
    let bytes = workbook(&result, &Extras::default(), &run);
    // The clock of a creation time has seconds.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert!(bytes == workbook(&result.clone(), &Extras::default(), &run));

    let core = part(&bytes, "docProps/core.xml");
    assert!(
        core.contains("<dc:creator></dc:creator>") && core.contains("<cp:lastModifiedBy></cp:lastModifiedBy>"),
        "{core}"
    );
    assert_eq!(core.matches(">1980-01-01T00:00:00Z<").count(), 2, "{core}");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        assert_eq!(file.last_modified(), Some(zip::DateTime::default()));
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert!(!text.contains("/home/me"), "{:?}", file.name());
    }
}

#[test]
fn sheets_are_made_for_reading() {
    let (_, result) = three();
    let bytes = workbook(&result, &Extras::default(), &run());
    let customers = part(&bytes, "xl/worksheets/sheet1.xml");
    for expected in
        ["state=\"frozen\"", "<autoFilter ref=\"A1:J4\"", "<colorScale>", "<cols>", "<dimension ref=\"A1:J4\"/>"]
    {
        assert!(customers.contains(expected), "{expected}: {customers}");
    }
    let segments = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(segments.contains("<dataBar>") && segments.contains("<drawing "), "{segments}");
    for (chart, column) in [("xl/charts/chart1.xml", 'B'), ("xl/charts/chart2.xml", 'F')] {
        let chart = part(&bytes, chart);
        assert!(chart.contains("<c:barChart>") && chart.contains("<c:f>Segments!$A$2:$A$12</c:f>"), "{chart}");
        assert!(chart.contains(&format!("<c:f>Segments!${column}$2:${column}$12</c:f>")), "{chart}");
        // Drawn also by what does not calculate.
        assert!(chart.contains("<c:v>Champions</c:v>"), "{chart}");
    }
}

#[test]
fn every_table_is_a_workbook_of_its_own_too() {
    let (_, result) = three();
    let sheets = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        write(&mut bytes);
        read(&bytes).into_keys().collect::<Vec<_>>()
    };
    let guard = TextGuard::Exact;
    let customers = sheets(&|out| {
        write_customers(&result, &Extras::default(), Format::Xlsx, guard, out).unwrap();
    });
    assert_eq!(customers, ["Customers"]);
    let segments = sheets(&|out| {
        write_segments(&result.summary(), Format::Xlsx, guard, out).unwrap();
    });
    assert_eq!(segments, ["Segments"]);
    assert_eq!(sheets(&|out| write_scores(&result, Format::Xlsx, out).unwrap()), ["Scores"]);
}

/// HAZARDS row 27: wherever the space ends, the error is that of the disk.
#[test]
fn a_full_disk_is_an_error_at_every_byte() {
    let (_, result) = three();
    let whole = workbook(&result, &Extras::default(), &run());
    for size in (0..whole.len()).step_by(97).chain(whole.len() - 100..whole.len()) {
        let mut full = vec![0u8; size];
        let mut out = full.as_mut_slice();
        let written = write_file(&result, &Extras::default(), Format::Xlsx, TextGuard::Exact, &run(), &mut out);
        assert_eq!(written.unwrap_err().kind(), std::io::ErrorKind::WriteZero, "{size}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn workbooks_are_read_back(
        lines in lines(), names in [nasty(), nasty()], scale in scale(), scoring in scoring(), display in score_display(),
    ) {
        let rfm = settings(scale, [&names[0], &names[1]], scoring);
        let Some(result) = segment(&rfm, &lines) else { return Ok(()) };
        let result = result.with_score_display(display);
        let extras = Extras::try_new(extra_columns(&result), result.customers()).unwrap();
        let bytes = workbook(&result, &extras, &run().settings(&rfm));
        assert_all_tables(&result, &extras, &read(&bytes));

        let backwards: Vec<Line> = lines.iter().rev().cloned().collect();
        let again = segment(&rfm, &backwards).unwrap().with_score_display(display);
        prop_assert!(bytes == workbook(&again, &extras, &run().settings(&rfm)));
    }
}

#[test]
fn charts_have_their_first_segment_on_top_and_their_bars_to_the_right() {
    let bytes = workbook(&three().1, &Extras::default(), &run());
    for chart in ["xl/charts/chart1.xml", "xl/charts/chart2.xml"] {
        let xml = part(&bytes, chart);
        let orientation = |axis: &str| {
            let from = xml.split_once(&format!("<c:{axis}>")).unwrap().1;
            from.split_once("<c:orientation val=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
        };
        assert_eq!((orientation("catAx"), orientation("valAx")), ("maxMin".to_owned(), "minMax".to_owned()), "{chart}");
    }
}
