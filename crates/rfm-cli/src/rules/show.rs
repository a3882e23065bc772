//! `rfm rules show`: who is in each segment, for people and for programs.

use rfm_kit::output::printable;
use rfm_kit::{Axes, ScoreRange, SegmentModel, SegmentRule};
use serde_json::json;

use super::{bins_document, certain_to_possible, shown_bins};
use crate::screen;

pub(crate) fn text(model: &SegmentModel) -> String {
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
        let cells = certain_to_possible(coverage.segments()[at], coverage.possible_segments()[at]);
        line("", " ");
        line("", &format!("{} ({cells} of {} cells)", segment.name, coverage.cells()));
        let rules: Vec<&SegmentRule> = model.rules().iter().filter(|rule| rule.segment() == segment.name).collect();
        for rule in rules {
            let condition = rule.condition().map(ToString::to_string);
            if condition.is_none() || *rule.boxes() != [Axes::all(ScoreRange::ANY)] {
                line("  cells: ", &shown_cells(rule));
            }
            line("  when: ", &condition.unwrap_or_default());
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

pub(super) fn document(model: &SegmentModel) -> String {
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
        let condition = rule.condition().map(ToString::to_string);
        json!({"segment": rule.segment(), "cells": cells.collect::<Vec<_>>(), "when": condition})
    });
    let segments = model.segments().iter().enumerate().map(|(at, segment)| {
        json!({
            "name": segment.name,
            "cells": coverage.segments()[at],
            "possible_cells": coverage.possible_segments()[at],
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

/// A table of codes, each with the name of its segment.
pub(super) fn codes(table: &SegmentModel) -> String {
    let mut text = "code,segment\n".to_owned();
    for rule in table.rules() {
        let cells = rule.boxes().iter().filter_map(|cells| cells.to_pattern());
        text.extend(cells.map(|code| format!("{code},{}\n", csv_cell(rule.segment()))));
    }
    text
}

/// A cell of CSV, in quotes where it needs them.
fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r', ';', '\t', '|']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
