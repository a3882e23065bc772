//! Delimited text: RFC 4180 quoting, one record at a time.
//!
//! Written by hand although `csv` and `csv-core` can write: the rule is one look at each byte, `csv` buffers on its own and
//! loses a full disk when it is dropped, `csv-core` wants a loop around its output buffer that is longer than this, and
//! neither quotes a field with outer blanks, which many readers trim. The tests read everything back with `csv`.

use std::fmt::Display;
use std::io::{self, Write};

use crate::guard::TextGuard;
use crate::shown::Shown;

/// What stands between two fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delimiter {
    /// `,`, as in RFC 4180.
    #[default]
    Comma,
    /// `;`, as spreadsheets expect where the decimal sign is a comma.
    Semicolon,
    /// A tab character.
    Tab,
    /// `|`.
    Pipe,
}

impl Delimiter {
    /// The delimiter as an ASCII byte.
    pub fn byte(self) -> u8 {
        match self {
            Delimiter::Comma => b',',
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
            Delimiter::Pipe => b'|',
        }
    }
}

/// Writes records of text and numbers to `W`: UTF-8, lines end with LF, quotes only where needed.
///
/// Fields are given one after the other and closed by [`end_record`](CsvWriter::end_record), the only call that writes.
/// `W` should be buffered, as [`AtomicFile`](crate::AtomicFile) and [`Output`](crate::Output) are. Nothing happens on
/// drop, so no error is lost there; a record that was not ended is not written.
///
/// # Examples
///
/// ```
/// use rfm_output::{CsvWriter, Delimiter, TextGuard};
///
/// let mut csv = CsvWriter::new(Vec::new(), Delimiter::Comma, TextGuard::Spreadsheet);
/// csv.name("customer_id").name("monetary").end_record()?;
/// csv.text("=1+1, or so").number("-12.50").end_record()?;
/// assert_eq!(csv.guarded(), 1);
/// assert_eq!(csv.into_inner(), b"customer_id,monetary\n\"'=1+1, or so\",-12.50\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct CsvWriter<W> {
    out: W,
    delimiter: u8,
    guard: TextGuard,
    /// The record so far, with a delimiter after every field but the last.
    record: Vec<u8>,
    fields: usize,
    guarded: u64,
}

impl<W: Write> CsvWriter<W> {
    /// Starts with nothing written: no byte order mark, no header.
    pub fn new(out: W, delimiter: Delimiter, guard: TextGuard) -> Self {
        CsvWriter { out, delimiter: delimiter.byte(), guard, record: Vec::new(), fields: 0, guarded: 0 }
    }

    /// Adds a text that comes from data: guarded if this writer guards.
    pub fn text(&mut self, text: &str) -> &mut Self {
        let guarded = self.guard.apply(text);
        self.guarded += u64::from(guarded.len() != text.len());
        self.field(guarded.as_bytes())
    }

    /// Adds a text of our own, such as a column name: never guarded.
    pub fn name(&mut self, name: &str) -> &mut Self {
        self.field(name.as_bytes())
    }

    /// Adds a number, a date or an amount, as it prints: never guarded, so that `-5.00` stays a number.
    pub fn number(&mut self, number: impl Display) -> &mut Self {
        let start = self.start_field();
        // Writing to a vector does not fail; a `Display` that claims to fail has written what it could.
        let _ = write!(self.record, "{number}");
        if needs_quotes(&self.record[start..], self.delimiter) {
            let field = self.record.split_off(start);
            push_quoted(&mut self.record, &field);
        }
        self
    }

    /// Adds a number or a name of ours that has nothing to be quoted.
    pub(crate) fn shown(&mut self, shown: impl Shown) {
        self.start_field();
        shown.append(&mut self.record);
    }

    /// Adds a text that was made ready for this delimiter and guard.
    pub(crate) fn ready(&mut self, field: &ReadyField) {
        self.start_field();
        self.record.extend_from_slice(&field.bytes);
        self.guarded += u64::from(field.is_guarded);
    }

    /// Makes a text ready that will be added often.
    pub(crate) fn make_ready(&self, text: &str) -> ReadyField {
        let mut alone = self.part();
        alone.text(text);
        ReadyField { is_guarded: alone.guarded > 0, bytes: alone.record }
    }

    /// Adds records that another writer wrote, and its account.
    pub(crate) fn append(&mut self, part: CsvWriter<Vec<u8>>) -> io::Result<()> {
        self.guarded += part.guarded;
        self.out.write_all(&part.out)
    }

    /// A writer of the same table that has nothing yet.
    pub(crate) fn part(&self) -> CsvWriter<Vec<u8>> {
        let (delimiter, guard) = (self.delimiter, self.guard);
        CsvWriter { out: Vec::new(), delimiter, guard, record: Vec::new(), fields: 0, guarded: 0 }
    }

    /// Adds an empty field: no value.
    pub fn empty(&mut self) -> &mut Self {
        self.field(b"")
    }

    /// Ends the record and writes it.
    ///
    /// # Errors
    ///
    /// Those of the writer underneath.
    pub fn end_record(&mut self) -> io::Result<()> {
        // A single empty field would be a blank line, which readers skip.
        if self.fields == 1 && self.record.is_empty() {
            self.record.extend_from_slice(b"\"\"");
        }
        self.record.push(b'\n');
        let result = self.out.write_all(&self.record);
        self.record.clear();
        self.fields = 0;
        result
    }

    /// How many texts got an apostrophe so far. An account of the run says so.
    pub fn guarded(&self) -> u64 {
        self.guarded
    }

    /// The writer underneath.
    #[must_use]
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    /// The writer underneath. It is not flushed.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn start_field(&mut self) -> usize {
        if self.fields > 0 {
            self.record.push(self.delimiter);
        }
        self.fields += 1;
        self.record.len()
    }

    fn field(&mut self, bytes: &[u8]) -> &mut Self {
        self.start_field();
        if needs_quotes(bytes, self.delimiter) {
            push_quoted(&mut self.record, bytes);
        } else {
            self.record.extend_from_slice(bytes);
        }
        self
    }
}

/// A text as it goes into a file: guarded and quoted as it has to be.
#[derive(Clone, Debug)]
pub(crate) struct ReadyField {
    bytes: Vec<u8>,
    is_guarded: bool,
}

fn push_quoted(record: &mut Vec<u8>, field: &[u8]) {
    record.push(b'"');
    for &byte in field {
        if byte == b'"' {
            record.push(b'"');
        }
        record.push(byte);
    }
    record.push(b'"');
}

fn needs_quotes(field: &[u8], delimiter: u8) -> bool {
    let outer = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    // Without a branch for each byte.
    let special = |byte: u8| byte == delimiter || byte == b'"' || byte == b'\r' || byte == b'\n';
    outer(field.first()) || outer(field.last()) || field.iter().fold(false, |found, &byte| found | special(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::unguard;
    use proptest::prelude::*;

    fn line(fields: &[&str], delimiter: Delimiter) -> String {
        let mut csv = CsvWriter::new(Vec::new(), delimiter, TextGuard::Exact);
        for field in fields {
            csv.text(field);
        }
        csv.end_record().unwrap();
        String::from_utf8(csv.into_inner()).unwrap()
    }

    #[test]
    fn quotes_only_where_needed() {
        for (field, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("two words", "two words"),
            ("a;b", "a;b"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("a\rb", "\"a\rb\""),
            (" a", "\" a\""),
            ("a ", "\"a \""),
            ("\ta", "\"\ta\""),
            ("\u{fc}", "\u{fc}"),
        ] {
            assert_eq!(line(&[field, "x"], Delimiter::Comma), format!("{expected},x\n"), "{field:?}");
        }
        assert_eq!(line(&["a,b", "a;b"], Delimiter::Semicolon), "a,b;\"a;b\"\n");
        assert_eq!(line(&["a\tb", "a|b"], Delimiter::Tab), "\"a\tb\"\ta|b\n");
        assert_eq!(line(&["a\tb", "a|b"], Delimiter::Pipe), "a\tb|\"a|b\"\n");
    }

    #[test]
    fn a_lone_empty_field_is_no_blank_line() {
        assert_eq!(line(&[""], Delimiter::Comma), "\"\"\n");
        assert_eq!(line(&["", ""], Delimiter::Comma), ",\n");
    }

    #[test]
    fn numbers_and_names_are_never_guarded() {
        let mut csv = CsvWriter::new(Vec::new(), Delimiter::Comma, TextGuard::Spreadsheet);
        csv.name("-").number(-5).text("-5").empty().number("-1,5").end_record().unwrap();
        assert_eq!(csv.guarded(), 1);
        assert_eq!(csv.into_inner(), b"-,-5,'-5,,\"-1,5\"\n");
    }

    #[test]
    fn a_failed_write_is_reported() {
        let mut full = [0u8; 3];
        let mut csv = CsvWriter::new(full.as_mut_slice(), Delimiter::Comma, TextGuard::Exact);
        csv.text("a").end_record().unwrap();
        assert!(csv.text("bcd").end_record().is_err());
    }

    fn any_delimiter() -> impl Strategy<Value = Delimiter> {
        prop_oneof![Just(Delimiter::Comma), Just(Delimiter::Semicolon), Just(Delimiter::Tab), Just(Delimiter::Pipe)]
    }

    proptest! {
        #[test]
        fn another_reader_gets_the_same_table(
            (delimiter, rows) in (any_delimiter(), 1usize..5).prop_flat_map(|(delimiter, width)| {
                let cell = prop_oneof![any::<String>(), "[\"',;|\t\r\n =a-]{0,5}"];
                (Just(delimiter), prop::collection::vec(prop::collection::vec(cell, width), 1..6))
            })
        ) {
            let mut csv = CsvWriter::new(Vec::new(), delimiter, TextGuard::Spreadsheet);
            for row in &rows {
                for cell in row {
                    csv.text(cell);
                }
                csv.end_record().unwrap();
            }
            let bytes = csv.into_inner();
            // The reader takes a byte order mark away; only a first cell that begins with one is concerned.
            prop_assume!(!bytes.starts_with(b"\xef\xbb\xbf"));
            let reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .delimiter(delimiter.byte())
                .from_reader(bytes.as_slice());
            let read: Vec<Vec<String>> = reader
                .into_records()
                .map(|record| record.unwrap().iter().map(|cell| unguard(cell).into_owned()).collect())
                .collect();
            prop_assert_eq!(read, rows);
        }
    }
}
