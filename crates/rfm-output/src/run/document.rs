//! The document itself: what was told, then what the result says.

use rfm_core::scoring::{Closed, CutPoints};
use rfm_core::{Account, Axes, OrderDefinition, Scale, SegmentSummary, Segmentation, Tally};
use serde_json::{Map, Value, json};

use super::RunDescription;

pub(super) fn of(run: &RunDescription, segmentation: &Segmentation, summary: &SegmentSummary) -> Value {
    let customers = segmentation.customers();
    let choices: Map<String, Value> = run.choices.iter().cloned().collect();
    let found = segmentation.diagnostics();
    let diagnostics = run.notes.iter().cloned().chain(found.iter().map(ToString::to_string));
    let outputs = run.outputs.iter().map(|(name, guarded)| json!({"name": name, "guarded_texts": guarded}));
    json!({
        "format": RunDescription::FORMAT,
        "version": RunDescription::VERSION,
        "library": {"name": run.library.0, "version": run.library.1},
        "inputs": run.inputs.iter().map(|input| input.document()).collect::<Vec<_>>(),
        "choices": choices,
        "money": {"scale": scale(customers.scale()), "rounded_lines": run.rounded_lines},
        "order": order(customers.order_definition()),
        "account": account(run, segmentation),
        "model": model(segmentation),
        "result": result(segmentation, summary),
        "diagnostics": diagnostics.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
    })
}

fn scale(scale: Scale) -> Value {
    scale.decimals().into()
}

fn order(definition: OrderDefinition) -> Value {
    match definition {
        OrderDefinition::OrderId => "the lines of a customer that share an order id".into(),
        OrderDefinition::EachLine => "each line".into(),
        OrderDefinition::Counted => "as counted by the table of customers".into(),
        _ => Value::Null,
    }
}

fn model(segmentation: &Segmentation) -> Value {
    let cuts = |cuts: &Option<CutPoints>| {
        let Some(cuts) = cuts else { return Value::Null };
        let closed = if cuts.closed() == Closed::Left { "left" } else { "right" };
        let exact: Vec<String> = cuts.cuts().iter().map(ToString::to_string).collect();
        json!({"bins": cuts.bins(), "closed": closed, "cuts": exact})
    };
    let Axes { recency, frequency, monetary } = segmentation.cuts().as_ref().map(|_, axis| cuts(axis));
    json!({
        "fitted_as_of": segmentation.fitted_as_of().to_string(),
        "recency_measure": segmentation.measures().recency.name(),
        "frequency_measure": segmentation.measures().frequency.name(),
        "monetary_measure": segmentation.measures().monetary.name(),
        "cuts": {"recency": recency, "frequency": frequency, "monetary": monetary},
        "segments": segmentation.segment_model().name(),
    })
}

fn account(run: &RunDescription, segmentation: &Segmentation) -> Value {
    let account = segmentation.customers().account();
    let tally = |tally: Tally| {
        let money = account.money(tally).to_string();
        json!({"lines": tally.lines(), "money": money, "without_amount": tally.without_amount()})
    };
    let reasons: Map<String, Value> =
        account.reasons().map(|(reason, found)| (reason.name().to_owned(), tally(found))).collect();
    let by_reason = is_sum_of_reasons(account);
    let by_customer = is_sum_of_customers(segmentation);
    let by_input = is_sum_of_inputs(run, account);
    json!({
        "read": tally(account.read()),
        "used": tally(account.used()),
        "rejected": tally(account.rejected_total()),
        "reasons": reasons,
        "checks": {
            "read_is_used_and_every_reason": by_reason,
            "used_is_sum_of_customers": by_customer,
            "read_is_sum_of_inputs": by_input,
        },
        "adds_up": by_reason && by_customer && by_input.unwrap_or(true),
    })
}

/// The first check adds again what the account has added; it would find a saturated sum.
fn is_sum_of_reasons(account: &Account) -> bool {
    let money = |tally: Tally| account.money(tally).minor();
    let used = account.used();
    let sums = account.reasons().try_fold((used.lines(), money(used)), |(lines, sum), (_, tally)| {
        Some((lines.checked_add(tally.lines())?, sum.checked_add(money(tally))?))
    });
    sums == Some((account.read().lines(), money(account.read())))
}

/// The second is an independent one: account and customers are counted apart from each other.
fn is_sum_of_customers(segmentation: &Segmentation) -> bool {
    let customers = segmentation.customers();
    let account = customers.account();
    // A table of customers has a line for each of them, whatever it says of their orders.
    let is_table = customers.order_definition() == OrderDefinition::Counted;
    let sums = customers.iter().try_fold((0u64, 0i128), |(lines, sum), customer| {
        let own = if is_table { 1 } else { customer.lines() };
        Some((lines.checked_add(own)?, sum.checked_add(customer.total().minor())?))
    });
    sums == Some((account.used().lines(), account.money(account.used()).minor()))
}

/// The third compares with what the adapters say they saw, if all of them do.
fn is_sum_of_inputs(run: &RunDescription, account: &Account) -> Option<bool> {
    if run.inputs.is_empty() {
        return None;
    }
    let records = run.inputs.iter().map(|input| input.known_records()).collect::<Option<Vec<u64>>>()?;
    let sum = records.into_iter().try_fold(0u64, u64::checked_add);
    Some(sum == Some(account.read().lines()))
}

fn result(segmentation: &Segmentation, summary: &SegmentSummary) -> Value {
    let total = summary.total();
    let segments = summary
        .rows()
        .iter()
        .map(|row| json!({"segment": row.name(), "customers": row.customers(), "revenue": row.revenue().to_string()}));
    json!({
        "as_of": segmentation.analysis_date().to_string(),
        "customers": total.customers(),
        "orders": total.orders(),
        "revenue": total.revenue().to_string(),
        "segments": segments.collect::<Vec<_>>(),
    })
}
