//! `rfm rules`: the rules that are built in or stand in a file, and whether they hold together.

mod check;
mod diff;
pub(crate) mod show;

use std::path::Path;

use rfm_kit::output::printable;
use rfm_kit::{Axes, Coverage, DependsOnMeasures, RfmCell, SegmentModel, SegmentPreset, SegmentRule};
use serde_json::{Value, json};

use crate::args::{RulesCommand, RulesFormat};
use crate::failure::Failure;
use crate::screen;
use crate::settings;

/// Gaps and other cells that are named; of more only the number is told.
const SHOWN: usize = 40;

pub(crate) fn run(command: &RulesCommand, config: Option<&Path>) -> Result<(), Failure> {
    match command {
        RulesCommand::List { json: false } => screen::print(&list()),
        RulesCommand::List { json: true } => screen::print(&list_document()),
        RulesCommand::Show { rules, format } => {
            let model = settings::rules(rules, None)?;
            screen::print(&match format {
                RulesFormat::Text => show::text(&model),
                RulesFormat::Toml => model.to_toml(),
                RulesFormat::Json => show::document(&model),
                RulesFormat::Codes => show::codes(&model.to_code_table().map_err(no_codes)?),
                RulesFormat::Boxes => model.to_boxes().map_err(no_codes)?.to_toml(),
            })
        }
        RulesCommand::Diff(args) => diff::run(args, config),
        RulesCommand::Check { rules, bins, strict, json } => {
            let bins = bins.map(Axes::all);
            let model = settings::rules(rules, bins)?;
            if let Some(bins) = bins.filter(|bins| *bins != model.bins()) {
                let (written, asked) = (shown_bins(model.bins()), shown_bins(bins));
                return Err(Failure::usage(format!(
                    "`{}` is written for {written} bins, not for {asked}",
                    model.name()
                )));
            }
            let coverage = model.coverage();
            screen::print(&if *json { check::document(&model, &coverage) } else { check::text(&model, &coverage) })?;
            if *strict && !coverage.is_partition() { Err(Failure::Found) } else { Ok(()) }
        }
    }
}

fn shown_bins(bins: Axes<u8>) -> String {
    let Axes { recency, frequency, monetary } = bins;
    if bins == Axes::all(recency) { recency.to_string() } else { format!("{recency}-{frequency}-{monetary}") }
}

fn no_codes(error: DependsOnMeasures) -> Failure {
    Failure::usage(error.to_string()).with_help("print the rules with --format toml")
}

fn list() -> String {
    let header = ["name", "bins", "segments", "unnamed", "overlaps", "unreachable", "description"];
    let rows = SegmentPreset::ALL.into_iter().map(|preset| {
        let model = preset.model();
        let coverage = model.coverage();
        let description = match preset.aliases() {
            [] => preset.description().to_owned(),
            aliases => format!("{} (also {})", preset.description(), aliases.join(", ")),
        };
        vec![
            preset.name().to_owned(),
            shown_bins(model.bins()),
            model.segments().len().to_string(),
            coverage.gaps().len().to_string(),
            coverage.overlaps().len().to_string(),
            unreachable(&model, &coverage).len().to_string(),
            description,
        ]
    });
    screen::aligned(0, &std::iter::once(header.map(str::to_owned).to_vec()).chain(rows).collect::<Vec<_>>())
}

fn list_document() -> String {
    let preset = |preset: SegmentPreset| {
        let model = preset.model();
        let coverage = model.coverage();
        json!({
            "name": preset.name(),
            "aliases": preset.aliases(),
            "bins": bins_document(model.bins()),
            "segments": model.segments().len(),
            "cells": coverage.cells(),
            "unnamed": coverage.gaps().len(),
            "overlaps": coverage.overlaps().len(),
            "unreachable": unreachable(&model, &coverage).len(),
            "description": preset.description(),
            "source": model.source(),
        })
    };
    format!("{:#}\n", json!(SegmentPreset::ALL.map(preset)))
}

fn bins_document(bins: Axes<u8>) -> Value {
    json!({"recency": bins.recency, "frequency": bins.frequency, "monetary": bins.monetary})
}

fn name_of_rule(model: &SegmentModel, rule: usize) -> String {
    let name = model.rules().get(rule).map(SegmentRule::segment).unwrap_or_default();
    printable(name).into_owned()
}

fn code(model: &SegmentModel, cell: RfmCell) -> String {
    cell.code(model.bins()).to_string()
}

/// `12`, or `3 to 12` where that depends on measures.
fn certain_to_possible(certain: usize, possible: usize) -> String {
    if certain == possible { certain.to_string() } else { format!("{certain} to {possible}") }
}

/// Codes, the first of them if there are many.
fn shown_codes(model: &SegmentModel, cells: &[RfmCell]) -> String {
    let codes: Vec<String> = cells.iter().take(SHOWN).map(|cell| code(model, *cell)).collect();
    format!("{}{}", if cells.len() > SHOWN { "such as " } else { "" }, codes.join(" "))
}

/// Segments that nobody can be in.
fn unreachable<'m>(model: &'m SegmentModel, coverage: &Coverage) -> Vec<&'m str> {
    let segments = model.segments().iter().zip(coverage.possible_segments());
    segments.filter(|(_, cells)| **cells == 0).map(|(segment, _)| segment.name.as_str()).collect()
}
