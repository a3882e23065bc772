//! `rfm drift`: how far customers have moved since a model was fitted.

use std::path::Path;

use rfm_kit::output::printable;
use rfm_kit::{AxisDrift, BinDrift, Decimal, Dimension, DriftReport, Measures};
use serde_json::{Map, Value, json};

use crate::args::DriftArgs;
use crate::compare::{counted, matrix, moves, share};
use crate::failure::Failure;
use crate::screen;
use crate::settings::{Settings, refuse_options_of_other_formats};

pub(crate) fn run(args: &DriftArgs, config: Option<&Path>) -> Result<(), Failure> {
    if args.run.score.model.is_none() {
        return Err(Failure::usage("there is no model that customers could have moved from")
            .with_help("name its file with --model; `rfm segment --save-model FILE` writes one"));
    }
    let settings = Settings::of(&args.run)?;
    refuse_options_of_other_formats(&args.run)?;
    screen::tell_settings(config.filter(|_| !args.quiet));
    let run = settings.run(&args.run, args.quiet, |job| job)?;
    let segmentation = run.segmentation();
    let drift = run.on_threads(|| segmentation.drift()).map_err(|error| Failure::from(rfm_kit::Error::from(error)))?;
    if !args.quiet {
        screen::tell_notes(&run);
    }
    screen::print(&if args.json { document(&drift) } else { report(&drift, segmentation.measures()) })
}

fn report(drift: &DriftReport, measures: Measures) -> String {
    let customers = |count: u64| screen::count(count, "customer");
    let mut text = format!(
        "{} as of {}; the model was fitted on {} as of {}\n",
        customers(drift.customers_now()),
        drift.analysis_date(),
        customers(drift.customers_then()),
        drift.fitted_as_of()
    );
    for (dimension, axis) in drift.axes().iter() {
        text.push_str(&of_dimension(dimension, measures.name(dimension), axis));
    }
    let Some(refit) = drift.refit() else {
        text.push_str("\nThis version does not have the methods of the model, so it cannot be fitted again.\n");
        return text;
    };
    let comparison = refit.comparison();
    let code = comparison.other_code().map_or(String::new(), |count| {
        format!("{} would have another code, ", counted(count, comparison.other_code_share()))
    });
    let segment = counted(comparison.other_segment(), comparison.other_segment_share());
    text.push_str(&format!("\nfitted again on these customers: {code}{segment} another segment\n"));
    if comparison.other_segment() > 0 {
        text.push_str("from the segments of the model (rows) to those of a new fit (columns)\n");
        text.push_str(&matrix(comparison));
    }
    text
}

fn of_dimension(dimension: Dimension, measure: &str, axis: &AxisDrift) -> String {
    let method = printable(axis.method());
    let mut text = format!("\n{dimension} ({measure}, {method}): stability index {:.3}\n", axis.psi());
    let mut rows = vec![["score", "then", "now", "change"].map(str::to_owned).to_vec()];
    rows.extend(axis.bins().iter().rev().map(|bin| {
        vec![
            bin.score().to_string(),
            counted(bin.then(), bin.share_then()),
            counted(bin.now(), bin.share_now()),
            bin.change().map_or(String::new(), points),
        ]
    }));
    text.push_str(&screen::aligned(2, &rows));
    let (lowest, highest) = axis.range();
    for (count, word, end) in [(axis.below(), "lower", lowest), (axis.above(), "higher", highest)] {
        if count > 0 {
            let customers = screen::count(count, "customer");
            text.push_str(&format!("  {customers} with a {word} value than anybody had then ({end})\n"));
        }
    }
    text
}

/// A difference of shares in points of percent: `+1.5`.
fn points(change: Decimal) -> String {
    let percent = screen::percent(change);
    if change.minor() > 0 { format!("+{percent}") } else { percent.to_string() }
}

fn document(drift: &DriftReport) -> String {
    let bin = |bin: &BinDrift| {
        json!({
            "score": bin.score().number(),
            "then": bin.then(),
            "now": bin.now(),
            "share_then": share(bin.share_then()),
            "share_now": share(bin.share_now()),
            "change": share(bin.change()),
        })
    };
    let axes: Map<String, Value> = drift
        .axes()
        .iter()
        .map(|(dimension, axis)| {
            let (lowest, highest) = axis.range();
            let document = json!({
                "method": axis.method(),
                "stability_index": format!("{:.6}", axis.psi()),
                "lowest_then": lowest.to_string(),
                "highest_then": highest.to_string(),
                "below": axis.below(),
                "above": axis.above(),
                "scores": axis.bins().iter().map(bin).collect::<Vec<_>>(),
            });
            (dimension.name().to_owned(), document)
        })
        .collect();
    let largest = drift.largest_move().map(|(dimension, bin)| {
        json!({"dimension": dimension.name(), "score": bin.score().number(), "change": share(bin.change())})
    });
    let refit = drift.refit().map(|refit| {
        let comparison = refit.comparison();
        json!({
            "other_code": comparison.other_code(),
            "other_code_share": share(comparison.other_code_share()),
            "other_segment": comparison.other_segment(),
            "other_segment_share": share(comparison.other_segment_share()),
            "segments": comparison.first_segments(),
            "matrix": comparison.matrix(),
            "moves": moves(comparison),
        })
    });
    let document = json!({
        "fitted_as_of": drift.fitted_as_of().to_string(),
        "as_of": drift.analysis_date().to_string(),
        "customers_then": drift.customers_then(),
        "customers_now": drift.customers_now(),
        "dimensions": axes,
        "largest_move": largest,
        "refit": refit,
    });
    format!("{document:#}\n")
}
