//! `rfm model`: what a model file says, for people.

use std::path::Path;

use rfm_kit::output::printable;
use rfm_kit::scoring::{Closed, CutPoints};
use rfm_kit::{Dimension, FittedOn, Model, OrderDefinition};

use crate::failure::Failure;
use crate::{rules, screen, settings};

pub(crate) fn show(file: &Path) -> Result<(), Failure> {
    let model = settings::model(file)?;
    screen::print(&format!("{}\n{}\n{}", origin(&model), cuts(&model), rules::show::text(model.segments())))
}

/// On what it was fitted.
fn origin(model: &Model) -> String {
    let as_of = model.scoring().analysis_date();
    let currency = model.currency().map(|currency| format!(" in {}", printable(currency))).unwrap_or_default();
    let Some(fitted_on) = model.fitted_on() else {
        return format!("cut points that were made elsewhere, as of {as_of}, of money{currency}\n");
    };
    format!(
        "fitted as of {as_of} by version {} on {} of {}, {}\nmoney{currency} with {}{}\n",
        printable(fitted_on.library()),
        screen::count(fitted_on.customers(), "customer"),
        screen::count(fitted_on.lines(), "line"),
        orders(fitted_on),
        screen::count(fitted_on.scale().decimals().into(), "decimal"),
        fitted_on.fingerprint().map(|fingerprint| format!("; customers {fingerprint}")).unwrap_or_default(),
    )
}

fn orders(fitted_on: &FittedOn) -> &'static str {
    match fitted_on.order_definition() {
        OrderDefinition::EachLine => "each of them an order",
        OrderDefinition::Counted => "with orders as the table counted them",
        _ => "with order ids",
    }
}

/// The values of each score on each dimension, the best first.
fn cuts(model: &Model) -> String {
    let scoring = model.scoring();
    let head = |dimension: Dimension| {
        let method = model.fitted_on().map(|fitted_on| format!(", {}", printable(fitted_on.method(dimension))));
        format!("{dimension} ({}{})", scoring.measures().name(dimension), method.unwrap_or_default())
    };
    let mut rows = vec![std::iter::once("score".to_owned()).chain(Dimension::ALL.map(head)).collect::<Vec<_>>()];
    let highest = scoring.bins().iter().map(|(_, bins)| *bins).max().unwrap_or(0);
    for score in (1..=highest).rev() {
        let values = Dimension::ALL.map(|dimension| values(&scoring.cuts()[dimension], score));
        rows.push(std::iter::once(score.to_string()).chain(values).collect());
    }
    screen::aligned(0, &rows)
}

/// The values that have a score: `over 30 up to 90`; nothing if there is no such score, or if equal cuts leave none.
fn values(cuts: &CutPoints, score: u8) -> String {
    if score > cuts.bins() {
        return String::new();
    }
    let bin = if cuts.dimension() == Dimension::Recency { cuts.bins() - score } else { score - 1 };
    let below = bin.checked_sub(1).and_then(|at| cuts.cuts().get(usize::from(at)));
    let above = cuts.cuts().get(usize::from(bin));
    let (over, up_to) = match cuts.closed() {
        Closed::Right => ("over", "up to"),
        Closed::Left => ("from", "below"),
    };
    match (below, above) {
        (Some(below), Some(above)) if below == above => "nobody".to_owned(),
        (Some(below), Some(above)) => format!("{over} {below} {up_to} {above}"),
        (Some(below), None) => format!("{over} {below}"),
        (None, Some(above)) => format!("{up_to} {above}"),
        (None, None) => String::new(),
    }
}
