//! One table as a text, a record at a time.
//!
//! JSON objects are put together here, and only texts are left to `serde_json`: the numbers are exact decimals that it has
//! no type for, and a map per row would double the time.

use std::io::{self, Write};
use std::sync::Arc;

use crate::csv_text::{CsvWriter, Delimiter, ReadyField};
use crate::format::TextFormat;
use crate::guard::TextGuard;
use crate::shown::Shown;

/// A text as it goes into a table: escaped, quoted and guarded as it has to be.
#[derive(Debug)]
pub(crate) enum ReadyText {
    Csv(ReadyField),
    Json(String),
}

/// Writes records whose fields are given in the order of the columns.
#[derive(Debug)]
pub(crate) struct RecordWriter<W> {
    sink: Sink<W>,
}

#[derive(Debug)]
enum Sink<W> {
    Csv(CsvWriter<W>),
    Json(JsonRecords<W>),
}

#[derive(Debug)]
struct JsonRecords<W> {
    out: W,
    /// The keys with what stands around them.
    keys: Arc<[String]>,
    /// An array, not lines.
    array: bool,
    record: Vec<u8>,
    field: usize,
    records: u64,
}

impl<W: Write> RecordWriter<W> {
    /// Begins a table: the header of a CSV. Names of columns may come from data.
    pub(crate) fn begin(columns: &[&str], format: TextFormat, guard: TextGuard, out: W) -> io::Result<Self> {
        let sink = match format {
            TextFormat::Csv => {
                let mut csv = CsvWriter::new(out, Delimiter::Comma, guard);
                for column in columns {
                    csv.text(column);
                }
                csv.end_record()?;
                Sink::Csv(csv)
            }
            TextFormat::Json | TextFormat::JsonLines => Sink::Json(JsonRecords {
                out,
                keys: columns.iter().map(|column| format!("{}:", serde_json::Value::from(*column))).collect(),
                array: format == TextFormat::Json,
                record: Vec::new(),
                field: 0,
                records: 0,
            }),
        };
        Ok(RecordWriter { sink })
    }

    /// A text that comes from data: guarded in CSV, escaped in JSON.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        match &mut self.sink {
            Sink::Csv(csv) => {
                csv.text(text);
                Ok(())
            }
            Sink::Json(json) => {
                json.begin_field();
                serde_json::to_writer(&mut json.record, text).map_err(io::Error::from)
            }
        }
    }

    /// What is a string in JSON but no text from data, so that it needs neither guard nor escape: a date, money, a code, a name
    /// of ours.
    pub(crate) fn label(&mut self, label: impl Shown) {
        match &mut self.sink {
            Sink::Csv(csv) => csv.shown(label),
            Sink::Json(json) => {
                json.begin_field();
                json.record.push(b'"');
                label.append(&mut json.record);
                json.record.push(b'"');
            }
        }
    }

    /// A number. What `number` shows must be one in JSON, as counts and decimals do.
    pub(crate) fn number(&mut self, number: impl Shown) {
        match &mut self.sink {
            Sink::Csv(csv) => csv.shown(number),
            Sink::Json(json) => {
                json.begin_field();
                number.append(&mut json.record);
            }
        }
    }

    /// A text that was made ready for this table.
    pub(crate) fn ready(&mut self, text: &ReadyText) {
        match (&mut self.sink, text) {
            (Sink::Csv(csv), ReadyText::Csv(field)) => csv.ready(field),
            (Sink::Json(json), ReadyText::Json(text)) => {
                json.begin_field();
                json.record.extend_from_slice(text.as_bytes());
            }
            (Sink::Csv(_), ReadyText::Json(_)) | (Sink::Json(_), ReadyText::Csv(_)) => {
                unreachable!("a text is made ready by the writer of its table")
            }
        }
    }

    /// Makes a text ready that is in many records.
    pub(crate) fn make_ready(&self, text: &str) -> ReadyText {
        match &self.sink {
            Sink::Csv(csv) => ReadyText::Csv(csv.make_ready(text)),
            Sink::Json(_) => ReadyText::Json(serde_json::Value::from(text).to_string()),
        }
    }

    /// A writer of the records of this table that stand behind so many others.
    pub(crate) fn part(&self, behind: u64) -> RecordWriter<Vec<u8>> {
        let sink = match &self.sink {
            Sink::Csv(csv) => Sink::Csv(csv.part()),
            Sink::Json(json) => Sink::Json(JsonRecords {
                out: Vec::new(),
                keys: Arc::clone(&json.keys),
                array: json.array,
                record: Vec::new(),
                field: 0,
                records: behind,
            }),
        };
        RecordWriter { sink }
    }

    /// Adds the records of such a part, which stand behind those that are there.
    pub(crate) fn append(&mut self, part: RecordWriter<Vec<u8>>) -> io::Result<()> {
        match (&mut self.sink, part.sink) {
            (Sink::Csv(csv), Sink::Csv(part)) => csv.append(part),
            (Sink::Json(json), Sink::Json(part)) => {
                json.records = part.records;
                json.out.write_all(&part.out)
            }
            (Sink::Csv(_), Sink::Json(_)) | (Sink::Json(_), Sink::Csv(_)) => {
                unreachable!("a part is of its table")
            }
        }
    }

    /// No value.
    pub(crate) fn empty(&mut self) {
        match &mut self.sink {
            Sink::Csv(csv) => {
                csv.empty();
            }
            Sink::Json(json) => json.push(b"null"),
        }
    }

    pub(crate) fn text_or_empty(&mut self, text: Option<&str>) -> io::Result<()> {
        match text {
            Some(text) => self.text(text),
            None => {
                self.empty();
                Ok(())
            }
        }
    }

    pub(crate) fn number_or_empty(&mut self, number: Option<impl Shown>) {
        match number {
            Some(number) => self.number(number),
            None => self.empty(),
        }
    }

    pub(crate) fn label_or_empty(&mut self, label: Option<impl Shown>) {
        match label {
            Some(label) => self.label(label),
            None => self.empty(),
        }
    }

    pub(crate) fn end_record(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Csv(csv) => csv.end_record(),
            Sink::Json(json) => json.end_record(),
        }
    }

    /// Ends the table and says how many texts were guarded. `out` is not flushed.
    pub(crate) fn finish(self) -> io::Result<u64> {
        match self.sink {
            Sink::Csv(csv) => Ok(csv.guarded()),
            Sink::Json(json) => json.finish().map(|()| 0),
        }
    }
}

impl<W: Write> JsonRecords<W> {
    fn begin_field(&mut self) {
        if self.field == 0 {
            let start = match (self.array, self.records) {
                (false, _) => "{",
                (true, 0) => "[\n{",
                (true, _) => ",\n{",
            };
            self.record.extend_from_slice(start.as_bytes());
        } else {
            self.record.push(b',');
        }
        self.record.extend_from_slice(self.keys.get(self.field).map_or("\"\":", String::as_str).as_bytes());
        self.field += 1;
    }

    fn push(&mut self, value: &[u8]) {
        self.begin_field();
        self.record.extend_from_slice(value);
    }

    fn end_record(&mut self) -> io::Result<()> {
        debug_assert_eq!(self.field, self.keys.len());
        self.record.extend_from_slice(if self.array { b"}" } else { b"}\n" });
        let result = self.out.write_all(&self.record);
        self.record.clear();
        self.field = 0;
        self.records += 1;
        result
    }

    fn finish(mut self) -> io::Result<()> {
        match (self.array, self.records) {
            (false, _) => Ok(()),
            (true, 0) => self.out.write_all(b"[]\n"),
            (true, _) => self.out.write_all(b"\n]\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(format: TextFormat, rows: &[(&str, Option<i32>)]) -> String {
        let mut bytes = Vec::new();
        let mut records = RecordWriter::begin(&["a", "b"], format, TextGuard::Spreadsheet, &mut bytes).unwrap();
        for (text, number) in rows {
            records.text(text).unwrap();
            records.number_or_empty(*number);
            records.end_record().unwrap();
        }
        records.finish().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_format_has_one_line_per_record() {
        let rows = [("x\"\n", Some(1)), ("=1", None)];
        assert_eq!(table(TextFormat::Csv, &rows), "a,b\n\"x\"\"\n\",1\n'=1,\n");
        assert_eq!(table(TextFormat::Json, &rows), "[\n{\"a\":\"x\\\"\\n\",\"b\":1},\n{\"a\":\"=1\",\"b\":null}\n]\n");
        assert_eq!(table(TextFormat::JsonLines, &rows), "{\"a\":\"x\\\"\\n\",\"b\":1}\n{\"a\":\"=1\",\"b\":null}\n");
    }

    #[test]
    fn no_record_is_a_table_too() {
        let formats = [TextFormat::Csv, TextFormat::Json, TextFormat::JsonLines];
        assert_eq!(formats.map(|format| table(format, &[])), ["a,b\n", "[]\n", ""]);
    }
}
