//! What was found out about a text, for the description of a run.

use rfm_input::{Fingerprint, InputReport, Intake, Site};

use crate::layout::{InputRecords, Layout};

/// What was counted in one text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) rows: u64,
    pub(crate) lines: u64,
    pub(crate) blank_lines: u64,
    pub(crate) ended_without_newline: bool,
}

impl Counts {
    /// Those of records that have been read to their end.
    pub(crate) fn of(records: &InputRecords, rows: u64) -> Counts {
        Counts {
            fingerprint: records.get_ref().get_ref().get_ref().fingerprint(),
            rows,
            lines: records.lines(),
            blank_lines: records.blank_lines(),
            ended_without_newline: records.ended_without_newline(),
        }
    }
}

/// One text after it has been read to its end.
pub(crate) fn report(layout: &Layout, site: &Site, counts: &Counts, intake: &Intake) -> InputReport {
    let marked = if layout.is_marked { ", marked" } else { "" };
    let header = if layout.header_line.is_some() { "first record" } else { "none" };
    InputReport::new(site, counts.rows)
        .with_fingerprint(counts.fingerprint)
        .with_lines(counts.lines)
        .without_last_newline(counts.ended_without_newline)
        .fact("format", "delimited text")
        .fact("compression", layout.compression.name())
        .fact("encoding", format!("{}{marked}", layout.encoding))
        .fact("delimiter", delimiter_name(char::from(layout.dialect.delimiter())))
        .fact("header", header)
        .formats(intake.formats(), intake.known())
        .fact("blank_lines", counts.blank_lines.to_string())
}

pub(crate) fn delimiter_name(delimiter: char) -> String {
    if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() }
}
