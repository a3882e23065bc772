//! `rfm presets`: published recipes, and the options that they stand for.

use rfm_kit::scoring::ScoreDisplay;
use rfm_kit::{CleaningPolicy, Measures, Preset, Scoring, SegmentPreset};
use serde_json::{Value, json};

use crate::args::shell_option;
use crate::failure::Failure;
use crate::screen;
use crate::values::LAST_ORDER;

const RECOMMENDED: &str = "no preset: distinct orders, quintiles that keep equal customers together, segments that name each code once (docs/presets.md)";

/// The options that differ from those without a preset.
pub(crate) fn options(preset: Preset) -> Vec<(&'static str, String)> {
    let (measures, default) = (preset.measures(), Measures::default());
    let mut options = Vec::new();
    let mut add = |name: &'static str, value: String| options.push((name, value));
    if preset.counts_from_last_order() {
        add("as-of", LAST_ORDER.to_owned());
    }
    if preset.cleaning() == CleaningPolicy::keep_all() {
        add("keep", "all".to_owned());
    }
    if preset.drops_repeated_lines() {
        add("repeated-lines", "drop".to_owned());
    }
    if measures.recency != default.recency {
        add("recency-in", measures.recency.to_string());
    }
    if measures.frequency != default.frequency {
        add("frequency", measures.frequency.to_string());
    }
    if measures.monetary != default.monetary {
        add("monetary", measures.monetary.to_string());
    }
    let scoring = preset.scoring();
    if scoring.iter().all(|(_, one)| *one == scoring.recency) {
        if scoring.recency != Scoring::QUINTILE {
            add("scoring", scoring.recency.to_string());
        }
    } else {
        add("scoring-recency", scoring.recency.to_string());
        add("scoring-frequency", scoring.frequency.to_string());
        add("scoring-monetary", scoring.monetary.to_string());
    }
    add("segments", preset.segments().map_or("none", SegmentPreset::name).to_owned());
    if let Some(weights) = preset.weights() {
        add("weights", weights.to_string());
    }
    if preset.score_display() != ScoreDisplay::default() {
        add("score-display", preset.score_display().to_string());
    }
    options
}

/// Whether an option is a part of what a preset is, also of one that leaves it at its default: a preset that is typed puts aside what a
/// settings file says of it.
pub(crate) fn is_covered(option: &str) -> bool {
    const COVERED: [&str; 11] = [
        "keep",
        "repeated-lines",
        "recency-in",
        "frequency",
        "monetary",
        "scoring",
        "nested",
        "tie-order",
        "segments",
        "weights",
        "score-display",
    ];
    COVERED.contains(&option) || option.starts_with("scoring-") || option.starts_with("bins-")
}

/// Prints all presets, or one.
pub(crate) fn run(preset: Option<Preset>, json: bool) -> Result<(), Failure> {
    screen::print(&match (preset, json) {
        (Some(preset), true) => format!("{:#}\n", document(preset)),
        (Some(preset), false) => shown(preset),
        (None, true) => format!("{:#}\n", Value::from_iter(Preset::ALL.map(document))),
        (None, false) => list(),
    })
}

fn list() -> String {
    let width = Preset::ALL.iter().map(|preset| preset.name().len()).max().unwrap_or(0);
    let line = |preset: &Preset| screen::wrapped(&format!("{:width$}  ", preset.name()), preset.description());
    let lines: String = Preset::ALL.iter().map(line).collect();
    format!("{lines}\n{}", screen::wrapped("recommended: ", RECOMMENDED))
}

fn shown(preset: Preset) -> String {
    let mut text = format!("{}\n", preset.name());
    text.push_str(&screen::wrapped("what: ", preset.description()));
    text.push_str(&screen::wrapped("source: ", preset.source()));
    text.push_str(&screen::wrapped("reproduces: ", preset.reproduces()));
    for defect in preset.defects() {
        text.push_str(&screen::wrapped("defect: ", defect));
    }
    text.push_str(&screen::wrapped("recommended instead: ", RECOMMENDED));
    let options: Vec<String> = options(preset).iter().map(|(name, value)| shell_option(name, value)).collect();
    text.push_str(&screen::wrapped("the same as: ", &options.join(" ")));
    text
}

fn document(preset: Preset) -> Value {
    let options = options(preset);
    json!({
        "name": preset.name(),
        "description": preset.description(),
        "source": preset.source(),
        "reproduces": preset.reproduces(),
        "defects": preset.defects(),
        "options": options.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect::<serde_json::Map<_, _>>(),
    })
}
