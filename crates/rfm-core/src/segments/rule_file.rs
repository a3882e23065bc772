//! Segment models as TOML, with errors that point at line and column.
//!
//! ```toml
//! name = "three"
//! description = "Three segments"      # optional
//! bins = 5                            # or { recency = 5, frequency = 3, monetary = 5 }
//! fallback = "Others"                 # optional
//!
//! [[segment]]
//! name = "Best"
//! recency = "4-5"                     # or 5, ">=4", "<=2", "any"; a dimension left out is any
//! frequency = "4-5"
//! description = "…"                   # optional, as are `meaning` and `action`
//!
//! [[segment]]
//! name = "Gone"
//! codes = ["1**", "211"]              # instead of ranges
//! when = "recency_days > 365"         # has to hold too; alone, or beside ranges or codes
//! ```

use core::ops::Range;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::{Condition, ConditionError, ConditionProblem, ScoreBox, ScoreRange, Segment, SegmentModel, SegmentRule};
use crate::axes::{Axes, Dimension};
use crate::suggest::{did_you_mean, suggest};

/// What is wrong with a rule file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct RuleFileError {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: RuleFileProblem,
}

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleFileProblem {
    /// Not TOML.
    #[error("{message}")]
    Syntax {
        /// The message of the TOML parser.
        message: String,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}`; expected one of {expected}{}", did_you_mean(*similar))]
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that mean something.
        expected: String,
        /// A similar one.
        similar: Option<&'static str>,
    },
    /// A key that is needed.
    #[error("missing key `{key}`")]
    Missing {
        /// The key.
        key: &'static str,
    },
    /// A value that cannot stand there.
    #[error("`{key}`: expected {expected}, found {found}")]
    Value {
        /// The key.
        key: String,
        /// What can.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// Scores that there cannot be with so many bins.
    #[error("`{key}`: expected scores from 1 to {bins}, found {found}")]
    Scores {
        /// The key.
        key: String,
        /// Bins of the dimension.
        bins: u8,
        /// What stands there.
        found: String,
    },
    /// A condition that is none.
    #[error("`when`: {problem}")]
    When {
        /// What is wrong with it.
        problem: ConditionProblem,
    },
    /// Ranges and codes in one segment.
    #[error("a segment has either ranges or `codes`, not both")]
    RangesAndCodes,
    /// A rule that cannot be, such as a score above the number of bins.
    #[error("{message}")]
    Rule {
        /// Why.
        message: String,
    },
}

const TOP: [&str; 6] = ["name", "description", "source", "bins", "fallback", "segment"];
const SEGMENT: [&str; 9] =
    ["name", "recency", "frequency", "monetary", "codes", "when", "description", "meaning", "action"];

type Value<'t> = Spanned<DeValue<'t>>;

impl SegmentModel {
    /// The JSON Schema of rule files, for editors that check TOML by one.
    pub const SCHEMA: &str = include_str!("../../schema/rules.schema.json");

    /// The model of a rule file in TOML.
    ///
    /// `bins` is 5 if the file does not say; a segment may occur several times, each time as a rule of its own.
    ///
    /// # Errors
    ///
    /// [`RuleFileError`] for the first thing that is wrong, with line and column.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::SegmentModel;
    ///
    /// let model = SegmentModel::from_toml("[[segment]]\nname = \"Best\"\nrecency = \">=4\"\n")?;
    /// assert_eq!(model.coverage().segments(), [50]);
    ///
    /// let error = SegmentModel::from_toml("[[segment]]\nname = \"Best\"\nrecensy = 5\n").unwrap_err();
    /// assert_eq!((error.line, error.column), (3, 1));
    /// # Ok::<(), rfm_core::RuleFileError>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<SegmentModel, RuleFileError> {
        let file = File { text };
        let table = DeTable::parse(text).map_err(|error| {
            let problem = RuleFileProblem::Syntax { message: error.message().trim_end_matches('.').to_owned() };
            file.error(error.span().unwrap_or(0..0), problem)
        })?;
        file.model(table.get_ref())
    }

    /// The model as a rule file that [`SegmentModel::from_toml`] reads back.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut lines = vec![format!("name = {}", toml_string(&self.name))];
        let optional = |key: &str, text: &str, lines: &mut Vec<String>| {
            if !text.is_empty() {
                lines.push(format!("{key} = {}", toml_string(text)));
            }
        };
        optional("description", &self.description, &mut lines);
        optional("source", &self.source, &mut lines);
        let Axes { recency, frequency, monetary } = self.bins;
        lines.push(if recency == frequency && frequency == monetary {
            format!("bins = {recency}")
        } else {
            format!("bins = {{ recency = {recency}, frequency = {frequency}, monetary = {monetary} }}")
        });
        lines.push(format!("fallback = {}", toml_string(&self.fallback)));
        if self.rules.is_empty() {
            lines.push("segment = []".to_owned());
        }
        let mut described = vec![false; self.segments.len()];
        for (rule, target) in self.rules.iter().zip(&self.targets) {
            // Codes, and boxes one by one: a file has no rule of several boxes that are not codes.
            let boxes = rule.boxes();
            let codes: Option<Vec<String>> = boxes.iter().map(|cells| cells.to_pattern()).collect();
            let restricted = |cells: &ScoreBox| {
                let ranges = cells.iter().filter(|(_, range)| **range != ScoreRange::ANY);
                ranges.map(|(dimension, range)| format!("{dimension} = \"{range}\"")).collect()
            };
            let entries: Vec<Vec<String>> = match codes {
                Some(codes) if *boxes != [Axes::all(ScoreRange::ANY)] => {
                    let codes: Vec<String> = codes.iter().map(|code| toml_string(code)).collect();
                    vec![vec![format!("codes = [{}]", codes.join(", "))]]
                }
                _ => boxes.iter().map(restricted).collect(),
            };
            for entry in entries {
                lines.push(String::new());
                lines.push("[[segment]]".to_owned());
                lines.push(format!("name = {}", toml_string(rule.segment())));
                lines.extend(entry);
                lines.extend(
                    rule.condition().map(|condition| format!("when = {}", toml_string(&condition.to_string()))),
                );
                if !core::mem::replace(&mut described[*target], true) {
                    let segment = &self.segments[*target];
                    optional("description", &segment.description, &mut lines);
                    optional("meaning", &segment.meaning, &mut lines);
                    optional("action", &segment.action, &mut lines);
                }
            }
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

/// A TOML basic string.
fn toml_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// TOML has numbers such as `0x10` too.
fn integer(number: &DeInteger<'_>) -> Option<u8> {
    u8::from_str_radix(number.as_str(), number.radix()).ok()
}

struct File<'t> {
    text: &'t str,
}

impl File<'_> {
    fn model(&self, table: &DeTable<'_>) -> Result<SegmentModel, RuleFileError> {
        self.check_keys(table, &TOP)?;
        let text = |key: &'static str| table.get(key).map(|value| self.string(key, value)).transpose();
        let bins = table.get("bins").map_or(Ok(Axes::all(5)), |value| self.bins(value))?;
        let mut builder = SegmentModel::builder(text("name")?.unwrap_or("rules"), bins);
        if let Some(description) = text("description")? {
            builder = builder.description(description);
        }
        if let Some(source) = text("source")? {
            builder = builder.source(source);
        }
        if let Some(fallback) = text("fallback")? {
            builder = builder.fallback(fallback);
        }
        let whole = 0..self.text.len().min(1);
        let segments = table.get("segment").ok_or_else(|| self.missing(whole.clone(), "segment"))?;
        let DeValue::Array(entries) = segments.get_ref() else {
            return Err(self.value("segment", "tables headed [[segment]]", segments));
        };
        let mut described: BTreeSet<&str> = BTreeSet::new();
        for entry in entries.iter() {
            let DeValue::Table(fields) = entry.get_ref() else {
                return Err(self.value("segment", "tables headed [[segment]]", entry));
            };
            let (rule, segment) = self.segment(fields, bins, entry.span())?;
            // Each rule is tried on its own first, so that what is wrong with it has a place.
            let trial = SegmentModel::builder("", bins).rule(rule.clone()).build();
            trial.map_err(|error| self.error(entry.span(), RuleFileProblem::Rule { message: error.to_string() }))?;
            builder = builder.rule(rule);
            let name = fields.get("name").and_then(|name| name.get_ref().as_str()).unwrap_or_default();
            if described.insert(name) {
                builder = builder.describe(segment);
            }
        }
        builder.build().map_err(|error| self.error(whole, RuleFileProblem::Rule { message: error.to_string() }))
    }

    fn segment(
        &self,
        fields: &DeTable<'_>,
        bins: Axes<u8>,
        span: Range<usize>,
    ) -> Result<(SegmentRule, Segment), RuleFileError> {
        self.check_keys(fields, &SEGMENT)?;
        let text = |key: &'static str| fields.get(key).map(|value| self.string(key, value)).transpose();
        let owned = |key: &'static str| text(key).map(|text| text.unwrap_or_default().to_owned());
        let name = text("name")?.ok_or_else(|| self.missing(span, "name"))?;
        let segment = Segment {
            name: name.to_owned(),
            description: owned("description")?,
            meaning: owned("meaning")?,
            action: owned("action")?,
        };
        let ranges = Axes::from_fn(|dimension| fields.get(dimension.name()));
        if let Some(codes) = fields.get("codes") {
            if ranges.iter().any(|(_, range)| range.is_some()) {
                return Err(self.error(codes.span(), RuleFileProblem::RangesAndCodes));
            }
            return Ok((self.when(self.codes(name, bins, codes)?, fields)?, segment));
        }
        let ranges = ranges.try_map(|dimension, value| {
            let Some(value) = value else { return Ok(ScoreRange::ANY) };
            let range = self.range(dimension, bins, value)?;
            self.check_scores(dimension.name(), range, bins[dimension], value)?;
            Ok(range)
        })?;
        Ok((self.when(SegmentRule::of_boxes(name, vec![ranges]), fields)?, segment))
    }

    /// The rule with its condition, if it has one.
    fn when(&self, rule: SegmentRule, fields: &DeTable<'_>) -> Result<SegmentRule, RuleFileError> {
        let Some(value) = fields.get("when") else { return Ok(rule) };
        let text = self.string("when", value)?;
        let condition: Condition = text.parse().map_err(|error: ConditionError| {
            self.error(self.within(value.span(), text, error.at), RuleFileProblem::When { problem: error.problem })
        })?;
        Ok(rule.when(condition))
    }

    /// Where a character of a string stands; where the string begins if it is not written as it reads, because of escapes.
    fn within(&self, span: Range<usize>, text: &str, character: usize) -> Range<usize> {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let inside = ["\"\"\"\r\n", "\"\"\"\n", "\"\"\"", "'''\r\n", "'''\n", "'''", "\"", "'"]
            .into_iter()
            .find_map(|opening| written.strip_prefix(opening).filter(|inside| inside.starts_with(text)));
        let Some(inside) = inside else { return span };
        let opening = written.len().saturating_sub(inside.len());
        let before = text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
        let start = span.start.saturating_add(opening).saturating_add(before);
        start..start
    }

    fn codes(&self, name: &str, bins: Axes<u8>, codes: &Value<'_>) -> Result<SegmentRule, RuleFileError> {
        let of_text = |value: &Value<'_>, text: &str| {
            let rule = SegmentRule::of_codes(name, text)
                .map_err(|error| self.error(value.span(), RuleFileProblem::Rule { message: error.to_string() }))?;
            for (dimension, range) in rule.boxes().iter().flat_map(|cells| cells.iter()) {
                self.check_scores("codes", *range, bins[dimension], value)?;
            }
            Ok(rule)
        };
        match codes.get_ref() {
            DeValue::String(text) => of_text(codes, text),
            DeValue::Array(entries) => {
                let mut boxes = Vec::new();
                for entry in entries.iter() {
                    let text = self.string("codes", entry)?;
                    boxes.extend_from_slice(of_text(entry, text)?.boxes());
                }
                Ok(SegmentRule::of_boxes(name, boxes))
            }
            _ => Err(self.value("codes", "a list of codes such as [\"555\", \"54*\"]", codes)),
        }
    }

    /// Scores that exist, where they are written. A range from high to low holds for nobody, and the coverage tells.
    fn check_scores(&self, key: &str, range: ScoreRange, bins: u8, value: &Value<'_>) -> Result<(), RuleFileError> {
        if range == ScoreRange::ANY || (range.low() >= 1 && range.low() <= bins && (1..=bins).contains(&range.high())) {
            return Ok(());
        }
        let problem = RuleFileProblem::Scores { key: key.to_owned(), bins, found: found(value) };
        Err(self.error(value.span(), problem))
    }

    fn range(&self, dimension: Dimension, bins: Axes<u8>, value: &Value<'_>) -> Result<ScoreRange, RuleFileError> {
        const EXPECTED: &str = "a score, or a range such as \"4-5\", \">=4\", \"<=2\" or \"any\"";
        let error = || self.value(dimension.name(), EXPECTED, value);
        let score = |text: &str| text.trim().parse::<u8>().map_err(|_| error());
        match value.get_ref() {
            DeValue::Integer(number) => Ok(ScoreRange::from(integer(number).ok_or_else(error)?)),
            DeValue::String(text) => match text.trim() {
                "any" | "*" => Ok(ScoreRange::ANY),
                text => {
                    if let Some(low) = text.strip_prefix(">=") {
                        return Ok(ScoreRange::new(score(low)?, bins[dimension]));
                    }
                    if let Some(high) = text.strip_prefix("<=") {
                        return Ok(ScoreRange::new(1, score(high)?));
                    }
                    match text.split_once('-') {
                        Some((low, high)) => Ok(ScoreRange::new(score(low)?, score(high)?)),
                        None => Ok(ScoreRange::from(score(text)?)),
                    }
                }
            },
            DeValue::Array(ends) => match ends.iter().map(|end| end.get_ref()).collect::<Vec<_>>().as_slice() {
                [DeValue::Integer(low), DeValue::Integer(high)] => {
                    Ok(ScoreRange::new(integer(low).ok_or_else(error)?, integer(high).ok_or_else(error)?))
                }
                _ => Err(error()),
            },
            _ => Err(error()),
        }
    }

    fn bins(&self, value: &Value<'_>) -> Result<Axes<u8>, RuleFileError> {
        const EXPECTED: &str = "a number from 2 to 100, or one for each dimension";
        let number = |value: &Value<'_>| match value.get_ref() {
            DeValue::Integer(number) => integer(number).filter(|bins| (2..=100).contains(bins)),
            _ => None,
        };
        let error = |value: &Value<'_>| self.value("bins", EXPECTED, value);
        match value.get_ref() {
            DeValue::Table(fields) => {
                self.check_keys(fields, &Dimension::ALL.map(Dimension::name))?;
                Axes::from_fn(|dimension| fields.get(dimension.name())).try_map(|_, bins| {
                    let bins = bins.ok_or_else(|| error(value))?;
                    number(bins).ok_or_else(|| error(bins))
                })
            }
            _ => number(value).map(Axes::all).ok_or_else(|| error(value)),
        }
    }

    fn string<'v>(&self, key: &str, value: &'v Value<'_>) -> Result<&'v str, RuleFileError> {
        value.get_ref().as_str().ok_or_else(|| self.value(key, "a text in quotes", value))
    }

    fn check_keys(&self, table: &DeTable<'_>, known: &[&'static str]) -> Result<(), RuleFileError> {
        // The table is sorted by key; the first in the file is meant.
        let unknown = table.keys().filter(|key| !known.contains(&key.get_ref().as_ref()));
        let Some(key) = unknown.min_by_key(|key| key.span().start) else { return Ok(()) };
        let problem = RuleFileProblem::UnknownKey {
            key: key.get_ref().as_ref().to_owned(),
            expected: known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "),
            similar: suggest(key.get_ref(), known.iter().copied()),
        };
        Err(self.error(key.span(), problem))
    }

    fn missing(&self, span: Range<usize>, key: &'static str) -> RuleFileError {
        self.error(span, RuleFileProblem::Missing { key })
    }

    fn value(&self, key: &str, expected: &'static str, value: &Value<'_>) -> RuleFileError {
        self.error(value.span(), RuleFileProblem::Value { key: key.to_owned(), expected, found: found(value) })
    }

    fn error(&self, span: Range<usize>, problem: RuleFileProblem) -> RuleFileError {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count().saturating_add(1);
        let in_line = before.rfind('\n').map_or(before, |at| &before[at.saturating_add(1)..]);
        RuleFileError { line, column: in_line.chars().count().saturating_add(1), problem }
    }
}

/// What stands in the file, in words.
fn found(value: &Value<'_>) -> String {
    match value.get_ref() {
        DeValue::String(text) => format!("the text \"{text}\""),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(answer) => answer.to_string(),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
