//! `rfm rules diff`: which codes, and how many customers, other rules name otherwise.

use std::path::Path;

use rfm_kit::output::printable;
use rfm_kit::{CodeChange, Comparison, RuleDiff, SegmentModel};
use serde_json::{Value, json};

use super::{SHOWN, bins_document, code, shown_bins};
use crate::args::RulesDiffArgs;
use crate::compare;
use crate::failure::Failure;
use crate::screen;
use crate::settings::{self, Settings, refuse_options_of_other_formats};

pub(super) fn run(args: &RulesDiffArgs, config: Option<&Path>) -> Result<(), Failure> {
    let models = [settings::rules(&args.first, None)?, settings::rules(&args.second, None)?];
    let diff = models[0].diff(&models[1]).map_err(|error| Failure::usage(error.to_string()))?;
    let customers = if args.run.inputs.is_empty() { None } else { Some(customers(args, config, &models)?) };
    screen::print(&if args.json {
        document(&models, &diff, customers.as_ref())
    } else {
        report(&models, &diff, customers.as_ref())
    })
}

/// The customers of the inputs, read and scored once and named twice.
fn customers(args: &RulesDiffArgs, config: Option<&Path>, models: &[SegmentModel; 2]) -> Result<Comparison, Failure> {
    if args.run.score.segments.is_some() {
        return Err(Failure::usage("--segments says nothing beside two sets of rules").with_help("leave it out"));
    }
    refuse_options_of_other_formats(&args.run)?;
    let [first, second] = models;
    let settings = Settings::with_segments(&args.run, first.clone())?;
    screen::tell_settings(config.filter(|_| !args.quiet));
    let run = settings.run(&args.run, args.quiet, |job| job.renaming(second.clone()))?;
    if !args.quiet {
        screen::tell_warnings(&run);
    }
    let renamed = run.segmentation().renamed(second.clone()).map_err(rfm_kit::Error::from)?;
    Ok(Comparison::of(run.segmentation(), &renamed))
}

fn report(models: &[SegmentModel; 2], diff: &RuleDiff, customers: Option<&Comparison>) -> String {
    let [first, second] = models;
    let (names, bins) = ([first, second].map(|model| printable(model.name()).into_owned()), shown_bins(first.bins()));
    let mut text = format!("from `{}` to `{}`, {bins} bins\n\n", names[0], names[1]);
    text.push_str(&codes(first, diff));
    if let Some(customers) = customers {
        text.push('\n');
        text.push_str(&moves(customers));
    }
    text
}

fn codes(model: &SegmentModel, diff: &RuleDiff) -> String {
    if diff.changes().is_empty() {
        return format!("all {} codes have the same segment\n", diff.cells());
    }
    let mut changed: Vec<_> = diff.changes().iter().map(CodeChange::cell).collect();
    changed.dedup();
    let have = if changed.len() == 1 { "has" } else { "have" };
    let mut text = format!("{} of {} codes {have} another segment\n", changed.len(), diff.cells());
    let header = ["from", "to", "codes", ""].map(str::to_owned).to_vec();
    let rows = diff.pairs().into_iter().map(|(from, to, count)| {
        let of_pair = diff.changes().iter().filter(|change| (change.from(), change.to()) == (from, to));
        // Codes of which only some customers change have a question mark.
        let mark = |change: &CodeChange| if change.is_certain() { "" } else { "?" };
        let codes = of_pair.take(SHOWN).map(|change| format!("{}{}", code(model, change.cell()), mark(change)));
        let mut codes: Vec<String> = codes.collect();
        if count > SHOWN {
            codes.push("…".to_owned());
        }
        vec![printable(from).into_owned(), printable(to).into_owned(), count.to_string(), codes.join(" ")]
    });
    text.push_str(&screen::aligned(2, &std::iter::once(header).chain(rows).collect::<Vec<_>>()));
    if diff.changes().iter().any(|change| !change.is_certain()) {
        text.push_str("  ? some customers with the code, depending on measures\n");
    }
    text
}

fn moves(customers: &Comparison) -> String {
    let all = screen::count(customers.both(), "customer");
    let (changed, have) = (customers.other_segment(), if customers.other_segment() == 1 { "has" } else { "have" });
    let share =
        customers.other_segment_share().map_or(String::new(), |share| format!(" ({}%)", screen::percent(share)));
    let mut text = format!("{changed} of {all}{share} {have} another segment\n");
    let mut pairs: Vec<(&str, &str, u64)> = customers.moves().collect();
    // Equal ones stay in the order of the rules.
    pairs.sort_by_key(|(_, _, customers)| std::cmp::Reverse(*customers));
    if !pairs.is_empty() {
        let header = ["from", "to", "customers"].map(str::to_owned).to_vec();
        let rows = pairs.into_iter().map(|(from, to, customers)| {
            vec![printable(from).into_owned(), printable(to).into_owned(), customers.to_string()]
        });
        text.push_str(&screen::aligned(2, &std::iter::once(header).chain(rows).collect::<Vec<_>>()));
    }
    text
}

fn document(models: &[SegmentModel; 2], diff: &RuleDiff, customers: Option<&Comparison>) -> String {
    let [first, second] = models;
    let changes = diff.changes().iter().map(|change| {
        json!({
            "code": code(first, change.cell()),
            "from": change.from(),
            "to": change.to(),
            "is_certain": change.is_certain(),
        })
    });
    let pairs = diff.pairs().into_iter().map(|(from, to, codes)| json!({"from": from, "to": to, "codes": codes}));
    let customers = customers.map_or(Value::Null, |customers| {
        json!({
            "customers": customers.both(),
            "other_segment": customers.other_segment(),
            "other_segment_share": compare::share(customers.other_segment_share()),
            "moves": compare::moves(customers),
        })
    });
    let document = json!({
        "first": first.name(),
        "second": second.name(),
        "bins": bins_document(first.bins()),
        "cells": diff.cells(),
        "changes": changes.collect::<Vec<_>>(),
        "pairs": pairs.collect::<Vec<_>>(),
        "customers": customers,
    });
    format!("{document:#}\n")
}
