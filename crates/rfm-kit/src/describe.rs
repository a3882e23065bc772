//! The description of a run: every choice that was made, and what was read.

use rfm_core::{Level, Rfm};
use rfm_input::{BadRows, InputReport};
use rfm_output::{InputDescription, RunDescription};

use crate::job::Job;
use crate::second::AttributeTable;

pub(crate) fn describe(
    job: &Job,
    rfm: &Rfm,
    reports: &[InputReport],
    notes: &[String],
    table: Option<&AttributeTable>,
) -> RunDescription {
    let from = match (job.as_of, job.measures().need_times()) {
        (Some(_), _) => "given",
        (None, _) if job.as_of_last_order => "the last kept order",
        (None, true) => "24 hours after the last kept order",
        (None, false) => "the day after the last kept order",
    };
    let read = job.options.read();
    let mut run = RunDescription::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
        .settings(rfm)
        .choice("as_of_from", from)
        .choice("repeated_lines", if read.drops_repeated_lines() { "dropped" } else { "kept" })
        .choice("on_bad_row", on_bad_row(read.given_bad_rows()));
    run = match read.given_rounding() {
        Some(scale) => run.choice("round", scale.decimals().to_string()),
        None => run.without_choice("round"),
    };
    if let Some(preset) = job.preset {
        run = run.choice("preset", preset.name());
    }
    if read.roles().level() == Level::Customers {
        run = run.choice("level", "customers: frequency and totals as the table has them");
    }
    if let Some(zone) = read.day_zone() {
        run = run
            .choice("day_boundary", format!("midnight in {} for times with an offset, others as written", zone.name()));
    }
    if let Some(model) = &job.model {
        let file = job.model_file.as_ref().and_then(|path| path.file_name());
        if let Some(name) = file {
            run = run.choice("model", name.to_string_lossy().into_owned());
        }
        if let Some(fingerprint) = model.fitted_on().and_then(|fitted_on| fitted_on.fingerprint()) {
            run = run.choice("model_fitted_on", fingerprint.to_string());
        }
        let fitted = format!("cut points fitted as of {}", model.scoring().analysis_date());
        for key in ["scoring_recency", "scoring_frequency", "scoring_monetary"] {
            run = run.choice(key, fitted.clone());
        }
        run = run.without_choice("quantiles");
    }
    let tables = [("attributes", &job.attributes), ("excluded_orders", &job.excluded_orders)];
    for (key, path) in tables {
        if let Some(name) = path.as_ref().and_then(|path| path.file_name()) {
            run = run.choice(key, name.to_string_lossy().into_owned());
        }
    }
    if let (Some(column), Some(table)) = (&job.by, table) {
        run = run.choice("by_from", if table.has(column) { "attributes" } else { "lines" });
    }
    for report in reports {
        let mut input = InputDescription::new(report.name().as_path())
            .bytes(report.bytes())
            .blake3(report.digest())
            .lines(report.lines())
            .records(report.rows());
        if let Some(sheet) = report.sheet() {
            input = input.fact("sheet", sheet);
        }
        for (key, value) in report.facts() {
            input = input.fact(key, value);
        }
        for (role, column, reason) in report.columns() {
            input = input.column(*role, column, reason);
        }
        run = run.input(input);
    }
    notes.iter().fold(run, |run, note| run.note(note.clone()))
}

fn on_bad_row(bad_rows: BadRows) -> String {
    match bad_rows {
        BadRows::Skip { limit: Some(limit) } => format!("skip, at most {limit}"),
        BadRows::Skip { limit: None } => "skip".to_owned(),
        _ => "fail".to_owned(),
    }
}
