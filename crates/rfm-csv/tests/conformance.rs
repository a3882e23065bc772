//! The suite that every adapter runs, with delimited text of several dialects and encodings.
#![allow(clippy::unwrap_used, reason = "a test program")]

use std::io::Write as _;

use rfm_core::{Customers, Summaries};
use rfm_csv::{CsvOptions, CsvSource, Error, ErrorKind, ReadOptions};
use rfm_testkit::conformance::{self, Door, Form, LogicalTable, Style, Value};

struct Csv;

/// How a table is written down.
struct Dialect {
    name: &'static str,
    style: Style,
    delimiter: char,
    line_end: &'static str,
    always_quoted: bool,
    store: fn(String) -> Vec<u8>,
}

const DIALECTS: [Dialect; 4] = [
    Dialect {
        name: "commas",
        style: Style::Iso,
        delimiter: ',',
        line_end: "\n",
        always_quoted: false,
        store: String::into_bytes,
    },
    Dialect {
        name: "semicolons, everything quoted, with a byte order mark",
        style: Style::DayFirst,
        delimiter: ';',
        line_end: "\r\n",
        always_quoted: true,
        store: |text| format!("\u{feff}{text}").into_bytes(),
    },
    Dialect {
        name: "tabs, UTF-16",
        style: Style::MonthName,
        delimiter: '\t',
        line_end: "\r\n",
        always_quoted: false,
        store: |text| "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
    },
    Dialect {
        name: "bars, gzip",
        style: Style::Compact,
        delimiter: '|',
        line_end: "\r",
        always_quoted: false,
        store: |text| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        },
    },
];

impl Dialect {
    fn form(&self, table: &LogicalTable) -> Form<(Vec<u8>, u8)> {
        if table.has(|value| matches!(value, Value::Bool(_))) {
            return Form::cannot(self.name, "a text has no truth values");
        }
        let mut text = String::new();
        let names = table.column_names().map(|name| Some(name.to_owned())).collect();
        let rows = table.rows().iter().map(|row| row.iter().map(|value| self.style.text(value)).collect());
        std::iter::once(names).chain(rows).for_each(|cells| self.write(cells, &mut text));
        let delimiter = u8::try_from(self.delimiter).unwrap();
        Form::new(self.name, ((self.store)(text), delimiter), table.options_of(self.style))
    }

    fn write(&self, cells: Vec<Option<String>>, out: &mut String) {
        let cells = cells.into_iter().map(|cell| {
            let cell = cell.unwrap_or_default();
            let special = cell.contains([self.delimiter, '"', '\n', '\r']);
            if special || self.always_quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
        });
        *out += &cells.collect::<Vec<_>>().join(&self.delimiter.to_string());
        *out += self.line_end;
    }
}

impl Door for Csv {
    type Stored = (Vec<u8>, u8);
    type Error = Error;

    fn name(&self) -> &str {
        "csv"
    }

    fn forms(&self, table: &LogicalTable) -> Vec<Form<(Vec<u8>, u8)>> {
        let dialects = DIALECTS.iter().filter(|dialect| table.styles().contains(&dialect.style));
        dialects.map(|dialect| dialect.form(table)).collect()
    }

    fn read(
        &self,
        (bytes, delimiter): (Vec<u8>, u8),
        options: ReadOptions,
        summaries: Summaries,
    ) -> Result<Customers, Error> {
        // A few rows, whose cells may hold all delimiters, are no proof of one.
        let options = CsvOptions::from(options).delimiter(delimiter);
        conformance::drain(CsvSource::from_bytes("a.csv", bytes, options)?, summaries)
    }

    fn input<'e>(&self, error: &'e Error) -> Option<&'e rfm_input::Error> {
        match error.kind() {
            ErrorKind::Input(error) => Some(error),
            _ => None,
        }
    }

    fn first_row(&self) -> u64 {
        2
    }
}

#[test]
fn tables_come_to_what_they_mean() {
    conformance::check_tables(&Csv);
}

#[test]
fn drawn_tables_come_to_what_they_mean() {
    conformance::check_drawn(&Csv);
}

#[test]
fn a_large_table_comes_to_what_it_means() {
    conformance::check_large(&Csv);
}

#[test]
fn tables_that_are_refused_are_refused_for_the_same_reason() {
    conformance::check_errors(&Csv);
}
