//! The suite that every adapter runs, with workbooks of typed cells and of texts.
#![allow(clippy::unwrap_used, reason = "a test program")]

use rfm_core::{Customers, Summaries};
use rfm_excel::{Error, ErrorKind, ExcelSource, ReadOptions};
use rfm_testkit::conformance::{self, Door, Form, Kind, LogicalTable, Style, Value};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

struct Excel;

/// What the cells are, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// Numbers, dates, truth values and shared texts.
    Typed,
    /// The same in two sheets.
    TwoSheets,
    /// Nothing but texts.
    Texts(Style),
}

impl Layout {
    fn form(self, table: &LogicalTable) -> Form<Vec<u8>> {
        let name = format!("{self:?}").to_lowercase();
        if table.rows().iter().any(|row| row.iter().all(|value| *value == Value::Null)) {
            return Form::cannot(name, "a row without a value is none, whatever formats its cells have");
        }
        if let Some(reason) = table.rows().iter().flatten().find_map(|value| self.cannot(value)) {
            return Form::cannot(name, reason);
        }
        let options = match self {
            Layout::Texts(style) => table.options_of(style),
            // Sheets know no zones, so that an instant is a text.
            _ if table.has(|value| matches!(value, Value::Instant(_))) => table.options_of(Style::Iso),
            _ => table.options(),
        };
        let form = Form::new(name, self.write(table).unwrap(), options);
        if self == Layout::TwoSheets { form.in_parts() } else { form }
    }

    /// Why a cell does not hold a value.
    fn cannot(self, value: &Value) -> Option<&'static str> {
        let is_text = matches!(self, Layout::Texts(_));
        match value {
            Value::Text(text) if text.encode_utf16().count() > 32_767 => Some("a cell holds 32,767 characters"),
            Value::Float(_) => Some("a cell holds no infinity and no NaN"),
            Value::Bool(_) if is_text => Some("a text is no truth value"),
            Value::Integer(number) if !is_text && number.unsigned_abs() >= 1 << 53 => {
                Some("a float does not hold all whole numbers of 2^53 and more")
            }
            Value::Decimal { units, places }
                if !is_text && (units.unsigned_abs() >= 1_000_000_000_000_000 || *places > 9) =>
            {
                Some("a float has fifteen digits for sure, and is rounded to nine decimals")
            }
            _ => None,
        }
    }

    fn write(self, table: &LogicalTable) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let parts = if self == Layout::TwoSheets { 2 } else { 1 };
        let rows = table.rows().len().div_ceil(parts).max(1);
        let mut chunks: Vec<&[Vec<Value>]> = table.rows().chunks(rows).collect();
        if chunks.is_empty() {
            chunks.push(&[]);
        }
        for rows in chunks {
            let sheet = workbook.add_worksheet();
            for (column, name) in (0..).zip(table.column_names()) {
                sheet.write_string(0, column, name)?;
            }
            for (row, values) in (1..).zip(rows) {
                for (column, value) in (0..).zip(values) {
                    self.write_cell(sheet, row, column, value)?;
                }
            }
        }
        workbook.save_to_buffer()
    }

    fn write_cell<'s>(
        self,
        sheet: &'s mut Worksheet,
        row: u32,
        column: u16,
        value: &Value,
    ) -> Result<&'s mut Worksheet, XlsxError> {
        let number = || Style::Iso.text(value).unwrap().parse::<f64>().unwrap();
        let date = |days: i32, second: u32| f64::from(days + 25_569) + f64::from(second) / 86_400.0;
        match (self, value) {
            (_, Value::Null) => Ok(sheet),
            (Layout::Texts(style), value) => sheet.write_string(row, column, style.text(value).unwrap()),
            (_, Value::Text(_) | Value::Instant(_)) => sheet.write_string(row, column, Style::Iso.text(value).unwrap()),
            (_, Value::Integer(_) | Value::Decimal { .. } | Value::Float(_)) => {
                sheet.write_number(row, column, number())
            }
            (_, Value::Day(day)) => {
                let format = Format::new().set_num_format("yyyy-mm-dd");
                sheet.write_number_with_format(row, column, date(day.epoch_days(), 0), &format)
            }
            (_, Value::LocalTime { day, second }) => {
                let format = Format::new().set_num_format("dd/mm/yyyy hh:mm:ss");
                sheet.write_number_with_format(row, column, date(day.epoch_days(), *second), &format)
            }
            (_, Value::Bool(truth)) => sheet.write_boolean(row, column, *truth),
        }
    }
}

impl Door for Excel {
    type Stored = Vec<u8>;
    type Error = Error;

    fn name(&self) -> &str {
        "excel"
    }

    fn forms(&self, table: &LogicalTable) -> Vec<Form<Vec<u8>>> {
        let is_typed = (0..table.column_names().len()).any(|column| table.kind(column) != Kind::Texts);
        let texts = table.styles().iter().filter(|_| is_typed).map(|style| Layout::Texts(*style));
        let layouts = [Layout::Typed, Layout::TwoSheets].into_iter().chain(texts);
        layouts.map(|layout| layout.form(table)).collect()
    }

    fn read(&self, bytes: Vec<u8>, options: ReadOptions, summaries: Summaries) -> Result<Customers, Error> {
        conformance::drain(ExcelSource::from_bytes("a.xlsx", bytes, options)?, summaries)
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
    conformance::check_tables(&Excel);
}

#[test]
fn drawn_tables_come_to_what_they_mean() {
    conformance::check_drawn(&Excel);
}

#[test]
fn a_large_table_comes_to_what_it_means() {
    conformance::check_large(&Excel);
}

#[test]
fn tables_that_are_refused_are_refused_for_the_same_reason() {
    conformance::check_errors(&Excel);
}
