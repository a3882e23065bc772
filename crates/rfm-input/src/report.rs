//! What was found out about an input, for the description of a run.

use rfm_core::Role;
use rfm_core::cell::CellFormats;

use crate::evidence::Known;
use crate::position::InputName;
use crate::row::Site;
use crate::tally::Fingerprint;

/// One table of an input after it has been read to its end.
#[derive(Clone, Debug)]
pub struct InputReport {
    name: InputName,
    sheet: Option<String>,
    bytes: u64,
    digest: String,
    columns: Vec<(Role, String, String)>,
    facts: Vec<(String, String)>,
    notes: Vec<String>,
    lines: u64,
    rows: u64,
    ended_without_newline: bool,
}

impl InputReport {
    /// A table of so many rows, without the header and blank lines.
    #[must_use]
    pub fn new(site: &Site, rows: u64) -> InputReport {
        InputReport {
            name: site.name().clone(),
            sheet: site.sheet().map(str::to_owned),
            bytes: 0,
            digest: String::new(),
            columns: site.named_columns(),
            facts: Vec::new(),
            notes: Vec::new(),
            lines: rows,
            rows,
            ended_without_newline: false,
        }
    }

    /// Adds what the file was.
    #[must_use]
    pub fn with_fingerprint(self, fingerprint: Option<Fingerprint>) -> InputReport {
        let bytes = fingerprint.map_or(0, |fingerprint| fingerprint.bytes);
        let digest = fingerprint.map(|fingerprint| fingerprint.hex()).unwrap_or_default();
        InputReport { bytes, digest, ..self }
    }

    /// Adds the number of physical lines, or of rows with those above the table.
    #[must_use]
    pub fn with_lines(self, lines: u64) -> InputReport {
        InputReport { lines, ..self }
    }

    /// Says that the last line has no line end.
    #[must_use]
    pub fn without_last_newline(self, ended_without_newline: bool) -> InputReport {
        InputReport { ended_without_newline, ..self }
    }

    /// Adds something that was found out.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<String>) -> InputReport {
        self.facts.push((name.to_owned(), value.into()));
        self
    }

    /// Adds what people should know: a sheet that was passed over, rows above the header.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> InputReport {
        self.notes.push(note.into());
        self
    }

    /// Adds how the cells were read.
    #[must_use]
    pub fn formats(self, formats: &CellFormats, (date, number): (Known, Known)) -> InputReport {
        let decimal = if number == Known::Open { "undecided".to_owned() } else { formats.number.to_string() };
        self.fact("date_format", format!("{}, {date}", formats.date))
            .fact("decimal", format!("{decimal}, {number}"))
            .fact("ids", formats.ids.to_string())
    }

    /// The input as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.name
    }

    /// The sheet of a workbook.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Bytes of the file as it is stored.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The BLAKE3 digest of these bytes, 64 hexadecimal digits, as `b3sum` prints it.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Physical lines of a text, rows of a sheet; all of them.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Rows, without the header and blank lines: each is used, excluded or refused.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether the last line has no line end, as in a file that was cut short.
    #[must_use]
    pub fn ended_without_newline(&self) -> bool {
        self.ended_without_newline
    }

    /// The column of each role that has one, with its name and why it has the role.
    #[must_use]
    pub fn columns(&self) -> &[(Role, String, String)] {
        &self.columns
    }

    /// What people should know.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Everything that was found out but for the columns, as names and values for people.
    #[must_use]
    pub fn facts(&self) -> &[(String, String)] {
        &self.facts
    }
}
