//! `rfm rules`: the rules that are built in or stand in a file, and whether they hold together.

use rfm_kit::output::printable;
use rfm_kit::{Axes, Coverage, Overlap, RfmCell, RuleState, ScoreRange, SegmentModel, SegmentPreset, SegmentRule};
use serde_json::{Value, json};

use crate::args::{RulesCommand, RulesFormat};
use crate::failure::Failure;
use crate::screen;
use crate::settings;

/// Gaps and other cells that are named; of more only the number is told.
const SHOWN: usize = 40;
/// Overlaps that are named as examples.
const EXAMPLES: usize = 3;

pub(crate) fn run(command: &RulesCommand) -> Result<(), Failure> {
    match command {
        RulesCommand::List { json: false } => screen::print(&list()),
        RulesCommand::List { json: true } => screen::print(&list_document()),
        RulesCommand::Show { rules, format } => {
            let model = settings::rules(rules, None)?;
            screen::print(&match format {
                RulesFormat::Text => show(&model),
                RulesFormat::Toml => model.to_toml(),
                RulesFormat::Json => show_document(&model),
            })
        }
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
            screen::print(&if *json { check_document(&model, &coverage) } else { check(&model, &coverage) })?;
            if *strict && !coverage.is_partition() { Err(Failure::Found) } else { Ok(()) }
        }
    }
}

fn shown_bins(bins: Axes<u8>) -> String {
    let Axes { recency, frequency, monetary } = bins;
    if bins == Axes::all(recency) { recency.to_string() } else { format!("{recency}-{frequency}-{monetary}") }
}

fn list() -> String {
    let header = ["name", "bins", "segments", "description"].map(str::to_owned).to_vec();
    let rows = SegmentPreset::ALL.into_iter().map(|preset| {
        let model = preset.model();
        let (bins, segments) = (shown_bins(model.bins()), model.segments().len().to_string());
        vec![preset.name().to_owned(), bins, segments, preset.description().to_owned()]
    });
    screen::aligned(0, &std::iter::once(header).chain(rows).collect::<Vec<_>>())
}

fn list_document() -> String {
    let preset = |preset: SegmentPreset| {
        let model = preset.model();
        json!({
            "name": preset.name(),
            "bins": bins_document(model.bins()),
            "segments": model.segments().len(),
            "description": preset.description(),
            "source": model.source(),
        })
    };
    format!("{:#}\n", json!(SegmentPreset::ALL.map(preset)))
}

fn bins_document(bins: Axes<u8>) -> Value {
    json!({"recency": bins.recency, "frequency": bins.frequency, "monetary": bins.monetary})
}

fn show(model: &SegmentModel) -> String {
    let coverage = model.coverage();
    let mut text = format!(
        "{}: {}, {} bins\n",
        printable(model.name()),
        screen::count(model.segments().len() as u64, "segment"),
        shown_bins(model.bins())
    );
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&screen::wrapped(label, &printable(value)));
        }
    };
    line("what: ", model.description());
    line("source: ", model.source());
    line("no rule: ", &format!("`{}`", model.fallback()));
    for (at, segment) in model.segments().iter().enumerate() {
        let cells = coverage.segments()[at];
        line("", " ");
        line("", &format!("{} ({cells} of {} cells)", segment.name, coverage.cells()));
        let rules: Vec<&SegmentRule> = model.rules().iter().filter(|rule| rule.segment() == segment.name).collect();
        for rule in rules {
            line("  cells: ", &shown_cells(rule));
        }
        line("  who: ", &segment.description);
        line("  meaning: ", &segment.meaning);
        line("  action: ", &segment.action);
    }
    text
}

/// The cells of a rule as it writes them: codes, or ranges.
fn shown_cells(rule: &SegmentRule) -> String {
    let boxes = rule.boxes();
    let patterns: Option<Vec<String>> = boxes.iter().map(|cells| cells.to_pattern()).collect();
    if let Some(patterns) = patterns {
        return patterns.join(" ");
    }
    let ranges = boxes.iter().map(|cells| {
        let range = cells.iter().filter(|(_, range)| **range != ScoreRange::ANY);
        let ranges: Vec<String> = range.map(|(dimension, range)| format!("{dimension} {range}")).collect();
        if ranges.is_empty() { "any".to_owned() } else { ranges.join(", ") }
    });
    ranges.collect::<Vec<_>>().join("; or ")
}

fn show_document(model: &SegmentModel) -> String {
    let coverage = model.coverage();
    let range = |range: ScoreRange, bins: u8| json!([range.low().max(1), range.high().min(bins)]);
    let bins = model.bins();
    let rules = model.rules().iter().map(|rule| {
        let cells = rule.boxes().iter().map(|cells| {
            json!({
                "recency": range(cells.recency, bins.recency),
                "frequency": range(cells.frequency, bins.frequency),
                "monetary": range(cells.monetary, bins.monetary),
            })
        });
        json!({"segment": rule.segment(), "cells": cells.collect::<Vec<_>>()})
    });
    let segments = model.segments().iter().zip(coverage.segments()).map(|(segment, cells)| {
        json!({
            "name": segment.name,
            "cells": cells,
            "description": segment.description,
            "meaning": segment.meaning,
            "action": segment.action,
        })
    });
    let document = json!({
        "name": model.name(),
        "description": model.description(),
        "source": model.source(),
        "bins": bins_document(bins),
        "fallback": model.fallback(),
        "segments": segments.collect::<Vec<_>>(),
        "rules": rules.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn name_of_rule(model: &SegmentModel, rule: usize) -> String {
    let name = model.rules().get(rule).map(SegmentRule::segment).unwrap_or_default();
    printable(name).into_owned()
}

fn code(model: &SegmentModel, cell: RfmCell) -> String {
    cell.code(model.bins()).to_string()
}

fn unreachable<'m>(model: &'m SegmentModel, coverage: &Coverage) -> Vec<&'m str> {
    let segments = model.segments().iter().zip(coverage.segments());
    segments.filter(|(_, cells)| **cells == 0).map(|(segment, _)| segment.name.as_str()).collect()
}

fn check(model: &SegmentModel, coverage: &Coverage) -> String {
    let bins = shown_bins(model.bins());
    let rules = screen::count(model.rules().len() as u64, "rule");
    let mut text = format!("{}: {rules} over {} cells, {bins} bins\n", printable(model.name()), coverage.cells());
    if !coverage.rules().is_empty() {
        text.push('\n');
        text.push_str(&screen::aligned(0, &rule_table(model, coverage)));
    }
    text.push('\n');
    text.push_str(&screen::wrapped("gaps: ", &gaps(model, coverage)));
    text.push_str(&screen::wrapped("overlaps: ", &overlaps(model, coverage)));
    let unreachable: Vec<String> =
        unreachable(model, coverage).into_iter().map(|name| format!("`{}`", printable(name))).collect();
    let unreachable = if unreachable.is_empty() { "none".to_owned() } else { unreachable.join(", ") };
    text.push_str(&screen::wrapped("unreachable segments: ", &unreachable));
    text
}

fn rule_table(model: &SegmentModel, coverage: &Coverage) -> Vec<Vec<String>> {
    let mut rows = vec![["rule", "segment", "holds", "wins", "state"].map(str::to_owned).to_vec()];
    for (at, rule) in coverage.rules().iter().enumerate() {
        let mut winners: Vec<String> = Vec::new();
        let mut before = rule.loses_to().to_vec();
        before.sort_unstable();
        for name in before.into_iter().map(|other| name_of_rule(model, other)) {
            // Several rules may name one segment.
            if !winners.contains(&name) {
                winners.push(name);
            }
        }
        let to = winners.join(", ");
        let state = match rule.state() {
            RuleState::Whole => "whole".to_owned(),
            RuleState::PartlyShadowed => format!("partly shadowed by {to}"),
            RuleState::Shadowed => format!("shadowed by {to}"),
            RuleState::Empty => "holds for no cell".to_owned(),
            _ => String::new(),
        };
        rows.push(vec![
            (at + 1).to_string(),
            name_of_rule(model, at),
            rule.holds().to_string(),
            rule.wins().to_string(),
            state,
        ]);
    }
    rows
}

fn gaps(model: &SegmentModel, coverage: &Coverage) -> String {
    let gaps = coverage.gaps();
    if gaps.is_empty() {
        return "none".to_owned();
    }
    let codes: Vec<String> = gaps.iter().take(SHOWN).map(|cell| code(model, *cell)).collect();
    let such_as = if gaps.len() > SHOWN { "such as " } else { "" };
    let (fallback, codes) = (printable(model.fallback()), codes.join(" "));
    let have = if gaps.len() == 1 { "has no rule and is" } else { "have no rule and are" };
    format!("{} of {} cells {have} `{fallback}`: {such_as}{codes}", gaps.len(), coverage.cells())
}

fn overlaps(model: &SegmentModel, coverage: &Coverage) -> String {
    let overlaps = coverage.overlaps();
    if overlaps.is_empty() {
        return "none".to_owned();
    }
    let example = |overlap: &Overlap| {
        let names: Vec<String> = overlap.rules().iter().map(|rule| name_of_rule(model, *rule)).collect();
        format!("{} ({})", code(model, overlap.cell()), names.join(", "))
    };
    let examples: Vec<String> = overlaps.iter().take(EXAMPLES).map(example).collect();
    let such_as = if overlaps.len() > EXAMPLES { "such as " } else { "" };
    let cells = screen::count(overlaps.len() as u64, "cell");
    let have = if overlaps.len() == 1 { "has" } else { "have" };
    format!("{cells} {have} several rules, and the first one wins: {such_as}{}", examples.join(", "))
}

fn check_document(model: &SegmentModel, coverage: &Coverage) -> String {
    let rules = coverage.rules().iter().enumerate().map(|(at, rule)| {
        let state = match rule.state() {
            RuleState::Whole => "whole",
            RuleState::PartlyShadowed => "partly shadowed",
            RuleState::Shadowed => "shadowed",
            RuleState::Empty => "empty",
            _ => "unknown",
        };
        let loses_to: Vec<usize> = rule.loses_to().iter().map(|other| other + 1).collect();
        json!({
            "rule": at + 1,
            "segment": name_of_rule(model, at),
            "holds": rule.holds(),
            "wins": rule.wins(),
            "state": state,
            "loses_to": loses_to,
        })
    });
    let overlaps = coverage.overlaps().iter().map(|overlap| {
        let rules: Vec<usize> = overlap.rules().iter().map(|rule| rule + 1).collect();
        json!({"cell": code(model, overlap.cell()), "rules": rules})
    });
    let document = json!({
        "name": model.name(),
        "bins": bins_document(model.bins()),
        "cells": coverage.cells(),
        "fallback": model.fallback(),
        "rules": rules.collect::<Vec<_>>(),
        "gaps": coverage.gaps().iter().map(|cell| code(model, *cell)).collect::<Vec<_>>(),
        "overlaps": overlaps.collect::<Vec<_>>(),
        "unreachable": unreachable(model, coverage),
        "is_partition": coverage.is_partition(),
    });
    format!("{document:#}\n")
}
