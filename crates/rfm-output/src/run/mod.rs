//! `run.json`: what was read, what was chosen, what was learned, and where every line went.

mod document;
mod input;

pub use input::InputDescription;

use std::io::{self, Write};

use rfm_core::scoring::CutMethod;
use rfm_core::{CleaningPolicy, RankMethod, Returns, Rfm, Scoring, SegmentSummary, Segmentation};
use serde_json::Value;

/// Everything about a run that its result does not say itself, to be written beside it as `run.json`.
///
/// The caller tells the inputs and the choices; cut points, account, diagnostics and segments are taken from the result.
/// There is no clock, no host and no path in it: the same input, options and version give the same bytes. Keys stay in the order in
/// which they were told. The format is `rfm-run`, version 1; [`RunDescription::SCHEMA`] is its JSON Schema.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
/// use rfm_output::{InputDescription, RunDescription};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// let (day, amount) = (Day::from_ymd(2011, 12, 9)?, Amount::from_minor(1_999));
/// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
/// let result = rfm.segment(summaries.finish()?)?;
///
/// let run = RunDescription::new("rfm-kit", "0.1.0")
///     .settings(&rfm)
///     .choice("as_of_from", "given")
///     .input(InputDescription::new("/home/me/orders.csv").bytes(42).records(1).fact("delimiter", "comma"));
/// let mut json = Vec::new();
/// run.write(&result, &mut json)?;
/// let json = String::from_utf8(json)?;
/// assert!(json.starts_with("{\n  \"format\": \"rfm-run\",\n  \"version\": 1,"));
/// assert!(json.contains("\"name\": \"orders.csv\"") && !json.contains("/home/me"));
/// assert!(json.contains("\"adds_up\": true"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunDescription {
    library: (String, String),
    inputs: Vec<InputDescription>,
    choices: Vec<(String, Value)>,
    rounded_lines: u64,
    notes: Vec<String>,
    /// File names, and the texts that were guarded in each.
    outputs: Vec<(String, u64)>,
}

impl RunDescription {
    /// The value of `format`.
    pub const FORMAT: &str = "rfm-run";
    /// The value of `version`. It changes when a key changes its meaning or goes; new keys may come without.
    pub const VERSION: u32 = 1;
    /// The JSON Schema (draft 2020-12) of the file.
    pub const SCHEMA: &str = include_str!("../../schema/run.schema.json");

    /// A run of this library (or program) in this version.
    #[must_use]
    pub fn new(library: impl Into<String>, version: impl Into<String>) -> RunDescription {
        RunDescription {
            library: (library.into(), version.into()),
            inputs: Vec::new(),
            choices: Vec::new(),
            rounded_lines: 0,
            notes: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// Tells all choices that the settings hold, and those that are the same in every run of this version.
    #[must_use]
    pub fn settings(mut self, rfm: &Rfm) -> RunDescription {
        let cleaning: &CleaningPolicy = rfm.cleaning();
        let (from, until) = cleaning.window();
        let text = |text: &dyn ToString| Value::String(text.to_string());
        let optional = |text: Option<String>| text.map_or(Value::Null, Value::String);
        let returns = match cleaning.returns_mode() {
            Returns::Exclude if !cleaning.only_sales() => "lines like others",
            returns => returns.name(),
        };
        let time = |second: u32| format!("T{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
        let moment = rfm.measures().recency.analysis_time().map_or(String::new(), time);
        let prefix = cleaning.cancellation_prefix().map(str::to_owned);
        let scoring = rfm.scoring();
        for (key, value) in [
            ("as_of", text(&format!("{}{moment}", rfm.analysis_date()))),
            ("recency", text(&rfm.measures().recency)),
            ("frequency", text(&rfm.measures().frequency)),
            ("monetary", text(&rfm.measures().monetary)),
            ("keep", text(&if cleaning.only_sales() { "sales" } else { "all" })),
            ("returns", text(&returns)),
            ("cancelled_orders_begin_with", optional(prefix)),
            ("window_from", optional(from.map(|day| day.to_string()))),
            ("window_until", optional(until.map(|day| day.to_string()))),
            ("day_boundary", text(&"as written")),
            ("scoring_recency", text(&scoring.recency)),
            ("scoring_frequency", text(&scoring.frequency)),
            ("scoring_monetary", text(&scoring.monetary)),
            ("quantiles", optional(quantiles(rfm))),
            ("ties", text(&ties(rfm))),
            ("binning", text(&rfm.binning())),
            ("score_display", text(&rfm.score_display())),
            ("weights", optional(rfm.weights().map(ToString::to_string))),
            ("segments", text(&rfm.segments().name())),
        ] {
            self.set(key, value);
        }
        self
    }

    /// Tells one choice. A key that was told before keeps its place and gets this value.
    #[must_use]
    pub fn choice(mut self, key: impl AsRef<str>, value: impl Into<String>) -> RunDescription {
        self.set(key.as_ref(), Value::String(value.into()));
        self
    }

    /// Tells that there is nothing to be chosen, such as how numbers are rounded where none is: null in the file.
    #[must_use]
    pub fn without_choice(mut self, key: impl AsRef<str>) -> RunDescription {
        self.set(key.as_ref(), Value::Null);
        self
    }

    /// All choices in the order in which they were told; `None` of one that there is not, such as a window.
    pub fn choices(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.choices.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Tells an input, behind those before it.
    #[must_use]
    pub fn input(mut self, input: InputDescription) -> RunDescription {
        self.inputs.push(input);
        self
    }

    /// Tells how many lines had a number rounded, as asked for. Without it none had.
    #[must_use]
    pub fn rounded_lines(self, rounded_lines: u64) -> RunDescription {
        RunDescription { rounded_lines, ..self }
    }

    /// Tells something about the input that makes the result less than it seems; it stands before the diagnostics of the result.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> RunDescription {
        self.notes.push(note.into());
        self
    }

    /// Tells an output, of which only the file name is kept, and how many texts in it were guarded.
    /// [`write_result`](crate::write_result) tells its own.
    #[must_use]
    pub fn output(mut self, path: impl AsRef<std::path::Path>, guarded: u64) -> RunDescription {
        self.outputs.push((input::file_name(path.as_ref()), guarded));
        self
    }

    /// Writes the description of this run and its result, as indented JSON with a line end. `out` is not flushed.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write<W: Write + ?Sized>(&self, segmentation: &Segmentation, out: &mut W) -> io::Result<()> {
        self.write_with(segmentation, &segmentation.summary(), out)
    }

    /// As [`RunDescription::write`], for a summary that is there already.
    pub(crate) fn write_with<W: Write + ?Sized>(
        &self,
        segmentation: &Segmentation,
        summary: &SegmentSummary,
        out: &mut W,
    ) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(&self.document(segmentation, summary))?;
        text.push(b'\n');
        out.write_all(&text)
    }

    pub(crate) fn document(&self, segmentation: &Segmentation, summary: &SegmentSummary) -> Value {
        document::of(self, segmentation, summary)
    }

    fn set(&mut self, key: &str, value: Value) {
        match self.choices.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => self.choices.push((key.to_owned(), value)),
        }
    }
}

/// What quantiles are, if a dimension is scored by them.
fn quantiles(rfm: &Rfm) -> Option<String> {
    let closed = |scoring: &Scoring| match scoring {
        Scoring::Cuts(CutMethod::Quantile(_) | CutMethod::QcutDrop(_) | CutMethod::Percentiles(_)) => Some("right"),
        Scoring::Cuts(CutMethod::QuantileLeft(_) | CutMethod::RfmR(_)) => Some("left"),
        _ => None,
    };
    let found = rfm.scoring().iter().filter_map(|(dimension, scoring)| Some((dimension, closed(scoring)?)));
    let found: Vec<_> = found.collect();
    let (_, first) = found.first()?;
    let how = if found.iter().all(|(_, closed)| closed == first) {
        format!("{first}-closed")
    } else {
        let each = found.iter().map(|(dimension, closed)| format!("{closed}-closed on {dimension}"));
        each.collect::<Vec<_>>().join(", ")
    };
    Some(format!("type 7 (Hyndman & Fan), {how}"))
}

/// What becomes of equal values.
fn ties(rfm: &Rfm) -> String {
    let apart = rfm.scoring().iter().filter_map(|(dimension, scoring)| match scoring {
        Scoring::Ranks(RankMethod::RandomTies(random)) => Some(format!("on {dimension} by seed {}", random.seed())),
        Scoring::Ranks(_) => Some(format!("on {dimension} by {}", rfm.tie_order())),
        Scoring::Cuts(_) => None,
    });
    let apart: Vec<String> = apart.collect();
    match apart.len() {
        0 => "equal values share a score".to_owned(),
        3 => format!("equal values are told apart {}", apart.join(", ")),
        _ => format!("equal values share a score, but are told apart {}", apart.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rfm_core::Day;
    use rfm_core::scoring::{Binning, ScoreDisplay, TieOrder};

    #[test]
    fn a_choice_told_again_keeps_its_place() {
        let run = RunDescription::new("a", "1").choice("x", "1").choice("y", "2").choice("x", "3");
        assert_eq!(run.choices, [("x".to_owned(), "3".into()), ("y".to_owned(), "2".into())]);
    }

    #[test]
    fn settings_tell_every_choice_once() {
        let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10).unwrap());
        let rfm = rfm.cleaning(CleaningPolicy::online_retail()).build().unwrap();
        let run = RunDescription::new("a", "1").choice("segments", "mine").settings(&rfm).settings(&rfm);
        let value = |key: &str| run.choices.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
        assert_eq!(run.choices[0], ("segments".to_owned(), "table-11".into()));
        assert_eq!(run.choices.len(), 19);
        assert_eq!((value("keep"), value("returns")), (Some("sales".into()), Some("exclude".into())));
        assert_eq!(value("as_of"), Some("2011-12-10".into()));
        assert_eq!(value("cancelled_orders_begin_with"), Some("C".into()));
        assert_eq!(value("window_from"), Some(Value::Null));
        assert_eq!(value("scoring_recency"), Some("quintile".into()));
        assert_eq!(value("ties"), Some("equal values share a score".into()));
        assert_eq!((value("binning"), value("weights")), (Some("independent".into()), Some(Value::Null)));
        assert_eq!(value("score_display"), Some("more".into()));
    }

    #[test]
    fn how_scores_are_made_and_shown_is_told() {
        let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10).unwrap())
            .frequency("ntile".parse::<Scoring>().unwrap())
            .tie_order(TieOrder::FirstOrder)
            .binning(Binning::Nested)
            .score_display(ScoreDisplay::OneIsBest)
            .weights("0.3,0.4,0.3".parse().unwrap())
            .build()
            .unwrap();
        let run = RunDescription::new("a", "1").settings(&rfm);
        let value = |key: &str| run.choices().find(|(known, _)| *known == key).and_then(|(_, value)| value);
        assert_eq!(value("scoring_frequency"), Some("ntile:5"));
        assert_eq!(value("ties"), Some("equal values share a score, but are told apart on frequency by first-order"));
        assert_eq!((value("binning"), value("score_display")), (Some("nested"), Some("one-is-best")));
        assert_eq!(value("weights"), Some("0.3,0.4,0.3"));
    }

    #[test]
    fn quantiles_and_ties_are_told_of_the_dimensions_that_have_them() {
        let told = |recency: &str, others: &str| {
            let [recency, others] = [recency, others].map(|name| name.parse::<Scoring>().unwrap());
            let rfm = Rfm::builder(Day::MAX).scoring(others).recency(recency).build().unwrap();
            let run = RunDescription::new("a", "1").settings(&rfm);
            ["quantiles", "ties"].map(|key| {
                let found = run.choices().find(|(known, _)| *known == key);
                found.and_then(|(_, value)| value).unwrap_or("null").to_owned()
            })
        };
        assert_eq!(told("natural-breaks", "natural-breaks"), ["null", "equal values share a score"]);
        let apart = "equal values are told apart on recency by customer-id, on frequency by customer-id, on monetary by customer-id";
        assert_eq!(told("ntile", "ntile"), ["null", apart]);
        assert_eq!(told("5", "natural-breaks")[0], "type 7 (Hyndman & Fan), right-closed");
        assert_eq!(told("rfm-r", "rfm-r")[0], "type 7 (Hyndman & Fan), left-closed");
        assert_eq!(
            told("quantile-left", "5")[0],
            "type 7 (Hyndman & Fan), left-closed on recency, right-closed on frequency, right-closed on monetary"
        );
    }
}
