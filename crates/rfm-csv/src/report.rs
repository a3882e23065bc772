//! What was found out about a text, for the description of a run.

use rfm_input::{InputReport, Intake, Site};

use crate::layout::{InputRecords, Layout};

/// One text after it has been read to its end.
pub(crate) fn report(layout: &Layout, site: &Site, records: &InputRecords, rows: u64, intake: &Intake) -> InputReport {
    let marked = if layout.is_marked { ", marked" } else { "" };
    let header = if layout.header_line.is_some() { "first record" } else { "none" };
    InputReport::new(site, rows)
        .with_fingerprint(records.get_ref().get_ref().get_ref().fingerprint())
        .with_lines(records.lines())
        .without_last_newline(records.ended_without_newline())
        .fact("format", "delimited text")
        .fact("compression", layout.compression.name())
        .fact("encoding", format!("{}{marked}", layout.encoding))
        .fact("delimiter", delimiter_name(char::from(layout.dialect.delimiter())))
        .fact("header", header)
        .formats(intake.formats(), intake.known())
        .fact("blank_lines", records.blank_lines().to_string())
}

pub(crate) fn delimiter_name(delimiter: char) -> String {
    if delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() }
}
