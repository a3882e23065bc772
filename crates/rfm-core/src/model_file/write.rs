//! From a model to the tree.

use super::FORMAT;
use crate::axes::{Axes, Dimension};
use crate::counted_lines::CountedLines;
use crate::fitted_on::{FittedAxis, FittedOn};
use crate::json::{Node, Value};
use crate::model::Model;
use crate::ratio::Ratio;
use crate::scoring::{Closed, CutPoints};
use crate::summaries::OrderDefinition;

pub(super) fn document(model: &Model) -> Node {
    let scoring = model.scoring();
    let measures = scoring.measures();
    Node::object([
        ("format", Node::text(FORMAT)),
        ("version", Node::number(Model::FILE_VERSION)),
        ("fitted_as_of", Node::text(scoring.analysis_date())),
        ("analysis_time", measures.recency.analysis_time().map_or(null(), Node::number)),
        ("currency", model.currency().map_or(null(), Node::text)),
        ("measures", by_dimension(Axes::from_fn(|dimension| Node::text(measures.name(dimension))))),
        ("cuts", by_dimension(scoring.cuts().as_ref().map(|_, axis| cuts(axis)))),
        ("segments", Node::list(model.segments().to_toml().lines().map(Node::text))),
        ("fitted_on", model.fitted_on().map_or(null(), fitted_on)),
    ])
}

fn null() -> Node {
    Node::made(Value::Null)
}

fn by_dimension(axes: Axes<Node>) -> Node {
    let Axes { recency, frequency, monetary } = axes;
    let named = [(Dimension::Recency, recency), (Dimension::Frequency, frequency), (Dimension::Monetary, monetary)];
    Node::object(named.map(|(dimension, node)| (dimension.name(), node)))
}

fn cuts(cuts: &CutPoints) -> Node {
    let closed = match cuts.closed() {
        Closed::Right => "right",
        Closed::Left => "left",
    };
    let exact = cuts.cuts().iter().map(|cut| ratio(*cut));
    Node::object([("closed", Node::text(closed)), ("cuts", Node::list(exact))])
}

fn ratio(ratio: Ratio) -> Node {
    Node::object([("numerator", Node::number(ratio.numerator())), ("denominator", Node::number(ratio.denominator()))])
}

fn fitted_on(fitted_on: &FittedOn) -> Node {
    let fingerprint = fitted_on.fingerprint().map_or(null(), Node::text);
    let axes = by_dimension(fitted_on.axes.as_ref().map(|_, axis| fitted_axis(axis)));
    let members = [
        ("library", Node::text(fitted_on.library())),
        ("customers", Node::number(fitted_on.customers())),
        ("lines", Node::number(fitted_on.lines())),
        ("orders", Node::text(orders(fitted_on.order_definition()))),
        ("scale", Node::number(fitted_on.scale().decimals())),
        ("fingerprint", fingerprint),
        ("axes", axes),
    ];
    let counted = fitted_on.counted_lines().map(|lines| ("counted_lines", counted_lines(lines)));
    Node::object(members.into_iter().chain(counted))
}

fn counted_lines(lines: &CountedLines) -> Node {
    Node::object([
        ("keep", Node::text(CountedLines::keep(lines.only_sales()))),
        ("cancelled_prefix", lines.cancellation_prefix().map_or(null(), Node::text)),
        ("returns", Node::text(lines.returns())),
        ("repeated_lines", Node::text(CountedLines::repeated_lines(lines.drops_repeated_lines()))),
    ])
}

fn fitted_axis(axis: &FittedAxis) -> Node {
    Node::object([
        ("method", Node::text(&axis.method)),
        ("counts", Node::list(axis.counts.iter().map(Node::number))),
        ("lowest", ratio(axis.lowest)),
        ("highest", ratio(axis.highest)),
    ])
}

/// What an order was, as files call it.
pub(super) const fn orders(orders: OrderDefinition) -> &'static str {
    match orders {
        OrderDefinition::OrderId => "order-id",
        OrderDefinition::EachLine => "each-line",
        OrderDefinition::Counted => "counted",
    }
}
