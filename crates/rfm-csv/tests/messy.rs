//! The odd and malformed files of `../shared/data/messy`: none takes us down or long, and every one that is read in another
//! way by us or by one of two other readers stands in `docs/messy-files.md`, with our ruling and its reason.
//!
//! A reading is columns and records, the header being a record on all sides. Python's csv module was only asked with a
//! comma, so that it is a witness only where the comma is the delimiter.
#![allow(clippy::unwrap_used, reason = "a test program")]

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use rfm_csv::{CsvOptions, ErrorKind, inspect};
use rfm_testkit::golden::MessyReadings;

const FOLDERS: [&str; 8] = [
    "adventure-works",
    "csv-spectrum",
    "csvkit",
    "duckdb-csv",
    "frictionless",
    "messytables",
    "sales-data-sample",
    "tabulator",
];

const LIMIT: Duration = Duration::from_secs(20);

/// What a reader makes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reading {
    Error,
    Table {
        columns: usize,
        records: u64,
    },
    /// Records of different widths, broken quoting or text, or an error after some records.
    Broken {
        columns: usize,
        records: u64,
    },
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reading::Error => f.write_str("error"),
            Reading::Table { columns, records } => write!(f, "{columns} × {records}"),
            Reading::Broken { columns, records } => write!(f, "{columns} × {records}, broken"),
        }
    }
}

fn of_python(readings: &MessyReadings, file: &str) -> Option<Reading> {
    let widths = readings.records_by_width(file)?;
    let records = widths.iter().filter(|(width, _)| **width > 0);
    let (columns, count) = records.clone().next_back().map_or((0, 0), |(width, records)| (*width, *records));
    let total: usize = records.map(|(_, records)| records).sum();
    Some(match total {
        0 => Reading::Error,
        _ if total == count => Reading::Table { columns, records: total as u64 },
        _ => Reading::Broken { columns, records: total as u64 },
    })
}

/// And its delimiter, unless it failed.
fn of_duckdb(readings: &MessyReadings, file: &str) -> Option<(Reading, String)> {
    let value = |key| readings.value(file, "duckdb", key);
    if value("error").is_some() {
        return Some((Reading::Error, String::new()));
    }
    let columns = value("Columns")?.parse().unwrap();
    let header = u64::from(value("HasHeader")? == "True");
    let records = value("rows")?.parse::<u64>().unwrap() + header;
    let reading = if records == 0 { Reading::Error } else { Reading::Table { columns, records } };
    Some((reading, value("Delimiter")?.trim_matches('\'').to_owned()))
}

/// And our delimiter.
fn of_us(path: PathBuf) -> (Reading, Option<char>) {
    let (done, result) = mpsc::channel();
    let name = path.display().to_string();
    std::thread::spawn(move || {
        let reading = match inspect(path, &CsvOptions::default()) {
            Err(_) => (Reading::Error, None),
            Ok(found) => {
                let is_bad = |kind: &ErrorKind| matches!(kind, ErrorKind::Flawed { .. } | ErrorKind::Ragged { .. });
                let is_broken = !found.is_complete() || found.problems().iter().any(|problem| is_bad(problem.kind()));
                let (columns, records) = (found.column_names().len(), found.rows() + 1);
                let reading = match is_broken {
                    true => Reading::Broken { columns, records },
                    false => Reading::Table { columns, records },
                };
                (reading, Some(found.delimiter()))
            }
        };
        let _ = done.send(reading);
    });
    result.recv_timeout(LIMIT).unwrap_or_else(|_| panic!("{name}: panics, or takes longer than {LIMIT:?}"))
}

fn is_text(file: &str) -> bool {
    FOLDERS.contains(&file.split('/').next().unwrap())
        && [".csv", ".tsv", ".txt", ".csv.gz", ".csv.bz2"].iter().any(|end| file.ends_with(end))
}

/// What each reader made of a file; `None` where it was not asked.
struct Readings {
    python: Option<Reading>,
    duckdb: Option<Reading>,
    ours: Reading,
}

fn read_all(shared: &Path) -> BTreeMap<String, Readings> {
    let readings = MessyReadings::read(shared.join("golden/messy_readings.csv")).unwrap();
    let files = readings.files().into_iter().filter(|file| is_text(file));
    files
        .map(|file| {
            let (ours, delimiter) = of_us(shared.join("data/messy").join(file));
            let duckdb = of_duckdb(&readings, file);
            let has_comma = |delimiter: &str| delimiter == "," || delimiter.is_empty();
            let is_comma = duckdb.as_ref().is_none_or(|(reading, delimiter)| {
                has_comma(delimiter) || matches!(reading, Reading::Table { columns: 1, .. })
            }) && delimiter.is_none_or(|delimiter| delimiter == ',');
            let python = of_python(&readings, file).filter(|_| is_comma);
            (file.to_owned(), Readings { python, duckdb: duckdb.map(|(reading, _)| reading), ours })
        })
        .collect()
}

/// The lines of the table: file → readings, without those on which all agree.
fn deviations(all: &BTreeMap<String, Readings>) -> BTreeMap<String, [String; 3]> {
    let mut deviations = BTreeMap::new();
    for (file, Readings { python, duckdb, ours }) in all {
        let witnesses: Vec<&Reading> = [python, duckdb].into_iter().flatten().collect();
        if witnesses.is_empty() || witnesses.iter().any(|reading| *reading != ours) {
            let cell = |reading: &Option<Reading>| reading.as_ref().map_or("–".to_owned(), Reading::to_string);
            deviations.insert(file.clone(), [cell(python), cell(duckdb), ours.to_string()]);
        }
    }
    deviations
}

fn table() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/messy-files.md")
}

#[test]
fn files_are_read_as_others_read_them_or_as_the_table_says() {
    let Some(shared) = rfm_testkit::shared("files_are_read_as_others_read_them_or_as_the_table_says") else { return };
    let all = read_all(&shared);
    let found = deviations(&all);
    let text = std::fs::read_to_string(table()).unwrap();
    let mut told = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [file, python, duckdb, ours, reason] = cells[..] else { panic!("{line}: expected five cells") };
        assert!(reason.len() > 10, "{file}: needs a reason");
        let readings = [python, duckdb, ours].map(str::to_owned);
        assert_eq!(told.insert(file.trim_matches('`').to_owned(), readings), None, "{file} stands twice");
    }
    let mut wrong = String::new();
    for (file, readings) in &found {
        if told.get(file) != Some(readings) {
            wrong += &format!("| `{file}` | {} | REASON |\n", readings.join(" | "));
        }
    }
    let surplus: Vec<&String> = told.keys().filter(|file| !found.contains_key(*file)).collect();
    assert!(wrong.is_empty() && surplus.is_empty(), "missing or different:\n{wrong}agreed upon by all: {surplus:?}");
    let summary = format!("{} of {} files", found.len(), all.len());
    assert!(text.contains(&summary), "the page should say {summary}");
}

/// Two readers that find the same columns and records, each for itself, are right about them, whatever the fields hold. We may
/// call such a file broken, but may not count otherwise.
#[test]
fn where_both_readers_agree_we_count_as_they_do() {
    /// A quote in the last line is never closed, so that nobody knows where its record ends.
    const UNFRAMED: [&str; 1] = ["duckdb-csv/unquoted__unquoted_last_value.csv"];
    let Some(shared) = rfm_testkit::shared("where_both_readers_agree_we_count_as_they_do") else { return };
    let (mut agreed, mut differ) = (0, Vec::new());
    for (file, Readings { python, duckdb, ours }) in read_all(&shared) {
        let Some(Reading::Table { columns, records }) = python.filter(|python| duckdb.as_ref() == Some(python)) else {
            continue;
        };
        agreed += 1;
        let counted = match ours {
            Reading::Error => None,
            Reading::Table { columns, records } | Reading::Broken { columns, records } => Some((columns, records)),
        };
        if counted != Some((columns, records)) {
            differ.push(file);
        }
    }
    assert!(agreed > 40, "{agreed} files");
    assert_eq!(differ, UNFRAMED);
}
