//! `rfm rules check`: whether rules hold together.

use rfm_kit::output::printable;
use rfm_kit::{Coverage, Overlap, RfmCell, RuleState, SegmentModel};
use serde_json::json;

use super::{bins_document, certain_to_possible, code, name_of_rule, shown_bins, shown_codes, unreachable};
use crate::screen;

/// Overlaps that are named as examples.
const EXAMPLES: usize = 3;

pub(super) fn text(model: &SegmentModel, coverage: &Coverage) -> String {
    let bins = shown_bins(model.bins());
    let rules = screen::count(model.rules().len() as u64, "rule");
    let mut text = format!("{}: {rules} over {} cells, {bins} bins\n", printable(model.name()), coverage.cells());
    if !coverage.rules().is_empty() {
        text.push('\n');
        text.push_str(&screen::aligned(0, &rule_table(model, coverage)));
    }
    text.push('\n');
    text.push_str(&screen::wrapped("gaps: ", &gaps(model, coverage)));
    let possible = coverage.possible_gaps();
    if !possible.is_empty() {
        let cells = screen::count(possible.len() as u64, "cell");
        let codes = shown_codes(model, possible);
        text.push_str(&screen::wrapped("possible gaps: ", &format!("{cells}, depending on measures: {codes}")));
    }
    text.push_str(&screen::wrapped("overlaps: ", &overlaps(model, coverage.overlaps(), "several rules")));
    if !coverage.possible_overlaps().is_empty() {
        let overlaps =
            overlaps(model, coverage.possible_overlaps(), "customers with several rules, depending on measures");
        text.push_str(&screen::wrapped("possible overlaps: ", &overlaps));
    }
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
            RuleState::MaybeShadowed => format!("perhaps partly shadowed by {to}"),
            RuleState::Shadowed => format!("shadowed by {to}"),
            RuleState::Empty => "holds for no cell".to_owned(),
            _ => String::new(),
        };
        rows.push(vec![
            (at + 1).to_string(),
            name_of_rule(model, at),
            certain_to_possible(rule.holds(), rule.may_hold()),
            certain_to_possible(rule.wins(), rule.may_win()),
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
    let (fallback, codes) = (printable(model.fallback()), shown_codes(model, gaps));
    let have = if gaps.len() == 1 { "has no rule and is" } else { "have no rule and are" };
    format!("{} of {} cells {have} `{fallback}`: {codes}", gaps.len(), coverage.cells())
}

fn overlaps(model: &SegmentModel, overlaps: &[Overlap], what: &str) -> String {
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
    format!("{cells} {have} {what}, and the first one wins: {such_as}{}", examples.join(", "))
}

pub(super) fn document(model: &SegmentModel, coverage: &Coverage) -> String {
    let rules = coverage.rules().iter().enumerate().map(|(at, rule)| {
        let state = match rule.state() {
            RuleState::Whole => "whole",
            RuleState::PartlyShadowed => "partly shadowed",
            RuleState::MaybeShadowed => "maybe shadowed",
            RuleState::Shadowed => "shadowed",
            RuleState::Empty => "empty",
            _ => "unknown",
        };
        let loses_to: Vec<usize> = rule.loses_to().iter().map(|other| other + 1).collect();
        json!({
            "rule": at + 1,
            "segment": name_of_rule(model, at),
            "holds": rule.holds(),
            "may_hold": rule.may_hold(),
            "wins": rule.wins(),
            "may_win": rule.may_win(),
            "state": state,
            "loses_to": loses_to,
        })
    });
    let codes = |cells: &[RfmCell]| cells.iter().map(|cell| code(model, *cell)).collect::<Vec<_>>();
    let overlaps = |overlaps: &[Overlap]| {
        let overlaps = overlaps.iter().map(|overlap| {
            let rules: Vec<usize> = overlap.rules().iter().map(|rule| rule + 1).collect();
            json!({"cell": code(model, overlap.cell()), "rules": rules})
        });
        overlaps.collect::<Vec<_>>()
    };
    let document = json!({
        "name": model.name(),
        "bins": bins_document(model.bins()),
        "cells": coverage.cells(),
        "fallback": model.fallback(),
        "rules": rules.collect::<Vec<_>>(),
        "measures": model.measures().into_iter().map(|measure| measure.name()).collect::<Vec<_>>(),
        "gaps": codes(coverage.gaps()),
        "possible_gaps": codes(coverage.possible_gaps()),
        "overlaps": overlaps(coverage.overlaps()),
        "possible_overlaps": overlaps(coverage.possible_overlaps()),
        "unreachable": unreachable(model, coverage),
        "is_partition": coverage.is_partition(),
    });
    format!("{document:#}\n")
}
