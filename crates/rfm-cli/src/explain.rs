//! `rfm explain`: why a customer is in a segment, and what would change that.

use std::path::Path;

use rfm_kit::output::printable;
use rfm_kit::scoring::ScoreDisplay;
use rfm_kit::{Among, Change, Explanation, ScoredValue, Segmentation, Standing};
use serde_json::{Value, json};

use crate::args::ExplainArgs;
use crate::failure::{Code, Failure};
use crate::screen;
use crate::settings::{Settings, refuse_options_of_other_formats};

pub(crate) fn run(args: &ExplainArgs, config: Option<&Path>) -> Result<(), Failure> {
    let settings = Settings::of(&args.run)?;
    refuse_options_of_other_formats(&args.run)?;
    screen::tell_settings(config.filter(|_| !args.quiet));
    let run = settings.run(&args.run, args.quiet, |job| job)?;
    let segmentation = run.segmentation();
    let explanation = segmentation.explain(&args.customer).ok_or_else(|| unknown(&args.customer, segmentation))?;
    if !args.quiet {
        screen::tell_notes(&run);
    }
    screen::print(&if args.json { document(&explanation) } else { report(&explanation, segmentation) })
}

fn unknown(customer: &str, segmentation: &Segmentation) -> Failure {
    let customers = screen::count(segmentation.len() as u64, "customer");
    let failure = Failure::new(Code::Data, format!("there is no `{}` among {customers}", printable(customer)));
    // Numbers that are near each other are other customers: only a spelling of the same id is worth a question.
    let bare = |id: &str| id.trim().trim_start_matches('0').trim_end_matches(".0").to_lowercase();
    let wanted = bare(customer);
    match segmentation.customers().iter().find(|other| bare(other.customer_id()) == wanted) {
        Some(other) => failure.with_help(format!("did you mean `{}`?", printable(other.customer_id()))),
        None => failure.with_help("lines that do not count make no customer: --rejects FILE writes them down"),
    }
}

fn report(explanation: &Explanation, segmentation: &Segmentation) -> String {
    let customer = printable(explanation.customer_id());
    let segment = printable(explanation.segment());
    let mut text = format!("{customer} as of {}: {} {segment}\n\n", explanation.analysis_date(), explanation.code());
    let values = explanation.values().iter().map(|(dimension, value)| {
        vec![
            format!("{dimension} ({})", value.measure()),
            value.shown().to_string(),
            score_in_words(value, segmentation),
            value.standing().to_string(),
        ]
    });
    text.push_str(&screen::aligned(2, &values.collect::<Vec<_>>()));
    text.push_str(&format!("\nrules of `{}`\n", printable(segmentation.segment_model().name())));
    let mut rules: Vec<Vec<String>> = Vec::new();
    for (at, tried) in explanation.tried().iter().enumerate() {
        rules.push(vec![
            format!("{}", at + 1),
            printable(tried.segment()).into_owned(),
            format!("no: {}", printable(tried.needs())),
        ]);
    }
    rules.push(match explanation.rule() {
        Some(rule) => vec![rule.to_string(), segment.into_owned(), "yes".to_owned()],
        None => vec![String::new(), segment.into_owned(), "yes: no rule holds".to_owned()],
    });
    text.push_str(&screen::aligned(2, &rules));
    if let Some(change) = explanation.change() {
        text.push('\n');
        text.push_str(&screen::wrapped("what would change that: ", &printable(&change.to_string())));
    }
    if let Some(why) = explanation.no_change() {
        text.push('\n');
        text.push_str(&screen::wrapped("what would change that: ", &format!("not told, because {why}")));
    }
    text
}

/// `scores 4 of 5`, or `scores 2 of 5, 1 is the best`; scores that begin with 0 are `3 of 0-4`.
fn score_in_words(value: &ScoredValue, segmentation: &Segmentation) -> String {
    let (score, bins) = (value.shown_score(), segmentation.bins()[value.dimension()]);
    match segmentation.score_display() {
        ScoreDisplay::FromZero => format!("scores {score} of 0-{}", bins - 1),
        ScoreDisplay::OneIsBest => format!("scores {score} of {bins}, 1 is the best"),
        _ => format!("scores {score} of {bins}"),
    }
}

fn document(explanation: &Explanation) -> String {
    let ratio = |ratio: Option<rfm_kit::Ratio>| ratio.map_or(Value::Null, |ratio| ratio.to_string().into());
    let values = explanation.values().iter().map(|(dimension, value)| {
        let standing = match value.standing() {
            Standing::Between { low, high, closed } => json!({
                "low": ratio(low),
                "high": ratio(high),
                "closed": match closed {
                    rfm_kit::scoring::Closed::Right => "right",
                    rfm_kit::scoring::Closed::Left => "left",
                },
            }),
            Standing::Ranked { among, worse, equal, better } => json!({
                "among": match among {
                    Among::SameRecency => "same recency score",
                    Among::SameRecencyAndFrequency => "same recency and frequency scores",
                    _ => "all",
                },
                "worse": worse,
                "equal": equal,
                "better": better,
            }),
        };
        let value = json!({
            "measure": value.measure(),
            "value": value.shown().to_string(),
            "exact": value.value().to_string(),
            "score": value.shown_score(),
            "standing": standing,
        });
        (dimension.name().to_owned(), value)
    });
    let tried = explanation.tried().iter().map(|tried| json!({"segment": tried.segment(), "needs": tried.needs()}));
    let change = |change: &Change| {
        json!({
            "orders": change.times(),
            "least": change.least().to_string(),
            "since": change.since().to_string(),
            "until": change.until().to_string(),
            "segment": change.segment(),
            "text": change.to_string(),
        })
    };
    let document = json!({
        "customer_id": explanation.customer_id(),
        "as_of": explanation.analysis_date().to_string(),
        "rfm_code": explanation.code().to_string(),
        "segment": explanation.segment(),
        "values": values.collect::<serde_json::Map<_, _>>(),
        "rule": explanation.rule(),
        "rules": explanation.rules(),
        "tried": tried.collect::<Vec<_>>(),
        "change": explanation.change().map(change),
        "no_change": explanation.no_change().map(|why| why.to_string()),
    });
    format!("{document:#}\n")
}
