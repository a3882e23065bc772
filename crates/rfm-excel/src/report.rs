//! What was found out about a sheet, for the description of a run.

use rfm_input::{InputReport, Intake};

use crate::layout::Layout;

/// A table after it has been read to its end: its rows, and the last row of the sheet.
pub(crate) fn report(
    layout: &Layout,
    facts: &[(String, String)],
    (rows, last): (u64, u64),
    intake: &Intake,
) -> InputReport {
    let mut report = InputReport::new(&layout.site, rows).with_lines(last);
    for (name, value) in facts {
        report = report.fact(name, value);
    }
    report
        .fact("header", format!("row {}", layout.header.row))
        .fact("rows_above_header", layout.header.above.to_string())
        .formats(intake.formats(), intake.known())
}
