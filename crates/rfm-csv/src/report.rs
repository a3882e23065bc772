//! What was found out about an input, for the description of a run.

use rfm_core::cell::CellFormats;
use rfm_core::{ColumnRoles, Role, RoleReason};

use crate::encoding::Encoding;
use crate::error::InputName;
use crate::evidence::Known;
use crate::layout::{InputRecords, Layout};

/// One input after it has been read to its end.
#[derive(Clone, Debug)]
pub struct InputReport {
    name: InputName,
    bytes: u64,
    digest: String,
    compression: &'static str,
    encoding: Encoding,
    is_marked: bool,
    delimiter: char,
    columns: Vec<(Role, String, String)>,
    formats: CellFormats,
    known: (Known, Known),
    lines: u64,
    rows: u64,
    blank_lines: u64,
    has_header: bool,
    ended_without_newline: bool,
}

impl InputReport {
    pub(crate) fn new(
        layout: &Layout,
        roles: &ColumnRoles,
        records: &InputRecords,
        rows: u64,
        formats: &CellFormats,
        known: (Known, Known),
    ) -> InputReport {
        let fingerprint = records.get_ref().get_ref().get_ref().fingerprint();
        InputReport {
            name: layout.name.clone(),
            bytes: fingerprint.map_or(0, |fingerprint| fingerprint.bytes),
            digest: fingerprint.map(|fingerprint| fingerprint.hex()).unwrap_or_default(),
            compression: layout.compression.name(),
            encoding: layout.encoding,
            is_marked: layout.is_marked,
            delimiter: char::from(layout.dialect.delimiter()),
            columns: named_columns(layout, roles),
            formats: *formats,
            known,
            lines: records.lines(),
            rows,
            blank_lines: records.blank_lines(),
            has_header: layout.header_line.is_some(),
            ended_without_newline: records.ended_without_newline(),
        }
    }

    /// The input as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.name
    }

    /// Bytes as they are stored.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The BLAKE3 digest of these bytes, 64 hexadecimal digits, as `b3sum` prints it.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Physical lines, all of them.
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

    /// Everything that was found out but for the columns, as names and values for people.
    #[must_use]
    pub fn facts(&self) -> Vec<(String, String)> {
        let (date, number) = self.known;
        let decimal = if number == Known::Open { "undecided".to_owned() } else { self.formats.number.to_string() };
        let marked = if self.is_marked { ", marked" } else { "" };
        vec![
            ("format".to_owned(), "delimited text".to_owned()),
            ("compression".to_owned(), self.compression.to_owned()),
            ("encoding".to_owned(), format!("{}{marked}", self.encoding)),
            ("delimiter".to_owned(), delimiter_name(self.delimiter)),
            ("header".to_owned(), if self.has_header { "first record" } else { "none" }.to_owned()),
            ("date_format".to_owned(), format!("{}, {date}", self.formats.date)),
            ("decimal".to_owned(), format!("{decimal}, {number}")),
            ("ids".to_owned(), self.formats.ids.to_string()),
            ("blank_lines".to_owned(), self.blank_lines.to_string()),
        ]
    }
}

/// The column of each role that has one: its name, and in words why it has the role.
pub(crate) fn named_columns(layout: &Layout, roles: &ColumnRoles) -> Vec<(Role, String, String)> {
    let named = |role| {
        let why = match roles.reason(role)? {
            RoleReason::Preferred { over } => format!("a known name, better than `{}`", layout.names.get(over)?),
            reason => reason.to_string(),
        };
        Some((role, layout.names.get(roles.column(role)?)?.clone(), why))
    };
    Role::ALL.into_iter().filter_map(named).collect()
}

pub(crate) fn delimiter_name(delimiter: char) -> String {
    if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() }
}
