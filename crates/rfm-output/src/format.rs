//! The formats of the result tables.

use std::fmt;
use std::str::FromStr;

use rfm_core::suggest;

/// How a result table is written. Columns and their order are the same in every format.
///
/// - CSV has a header; commas, LF, quotes only where needed; no value is an empty field.
/// - JSON is one array, JSON Lines one object a line; keys are the column names in their order, no value is `null`. Counts,
///   days, scores, shares, and means and medians of counts and days are numbers; money and dates are strings, since many
///   readers would take money through a binary fraction.
///
/// # Examples
///
/// ```
/// use rfm_output::Format;
///
/// assert_eq!("jsonl".parse(), Ok(Format::JsonLines));
/// let error = "cvs".parse::<Format>().unwrap_err();
/// assert_eq!(error.to_string(), "no format `cvs`; there are `csv`, `json`, `jsonl`; did you mean `csv`?");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Comma-separated values.
    #[default]
    Csv,
    /// One JSON array, an object on each line.
    Json,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 3] = [Format::Csv, Format::Json, Format::JsonLines];

    /// The name, which is also the extension of its files: `csv`, `json`, `jsonl`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownName;

    /// Reads a name, upper or lower case; `ndjson` is another word for JSON Lines.
    fn from_str(text: &str) -> Result<Format, UnknownName> {
        let wanted = text.trim().to_ascii_lowercase();
        let wanted = if wanted == "ndjson" { Format::JsonLines.name() } else { &wanted };
        let known = Format::ALL.into_iter().find(|format| format.name() == wanted);
        known.ok_or_else(|| UnknownName::new("format", text, &Format::ALL.map(Format::name)))
    }
}

/// The error of a name that no [`Format`] or [`ExtraColumn`](crate::ExtraColumn) has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {what} `{name}`; there are {}{}", list(known), did_you_mean(similar))]
pub struct UnknownName {
    what: &'static str,
    name: String,
    known: Vec<&'static str>,
    similar: Option<&'static str>,
}

impl UnknownName {
    pub(crate) fn new(what: &'static str, name: &str, known: &[&'static str]) -> UnknownName {
        let similar = suggest(name.trim(), known.iter().copied());
        UnknownName { what, name: name.to_owned(), known: known.to_vec(), similar }
    }

    /// The name that was most likely meant, if one is alike.
    #[must_use]
    pub const fn similar(&self) -> Option<&'static str> {
        self.similar
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn did_you_mean(similar: &Option<&str>) -> String {
    similar.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}
