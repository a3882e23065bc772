//! The formats of a result.

use std::fmt;
use std::str::FromStr;

use rfm_core::suggest;

#[cfg(any(feature = "parquet", feature = "arrow"))]
use crate::columnar::Columnar;

/// How a result is written. Columns and their order are the same in every format.
///
/// - CSV has a header; commas, LF, quotes only where needed; no value is an empty field.
/// - JSON is one array, JSON Lines one object a line; keys are the column names in their order, no value is `null`. Counts,
///   days, scores, shares, and means and medians of counts and days are numbers; money and dates are strings, since many
///   readers would take money through a binary fraction.
/// - Parquet (feature `parquet`) and Arrow IPC (feature `arrow`) are files of columns with types, and no value is null: money is
///   `Decimal128`, dates are `Date32`; see [`SegmentationReader`](https://docs.rs/rfm-arrow). The description of the run is in their
///   metadata, under the key `rfm`.
/// - XLSX (feature `xlsx`) is one workbook for all tables, with real numbers and dates; see [`Format::Xlsx`](#variant.Xlsx).
///
/// A format whose feature is off does not exist: neither as a variant nor as a name.
///
/// # Examples
///
/// ```
/// use rfm_output::Format;
///
/// assert_eq!("jsonl".parse(), Ok(Format::JsonLines));
/// let error = "cvs".parse::<Format>().unwrap_err();
/// assert!(error.to_string().starts_with("no format `cvs`; there are `csv`, `json`, `jsonl`"));
/// assert_eq!(error.similar(), Some("csv"));
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
    /// Parquet: zstd, row groups of a million rows, and nothing about ids in its statistics.
    #[cfg(feature = "parquet")]
    Parquet,
    /// The file format of Arrow IPC, also known as Feather.
    #[cfg(feature = "arrow")]
    Arrow,
    /// An Excel workbook: the sheets `Customers`, `Segments` with charts, `Segments by` if the extras have that table, `Scores`, `RFM
    /// grid` (recency against frequency), and `Run`, which is `run.json` as keys and values.
    ///
    /// - More than 1,048,575 customers go on in `Customers 2` and so on.
    /// - A text is always a string cell, never a formula, and a code such as 543 is a text. Control characters other than tab
    ///   and line feed are stored as `_x0007_`, as spreadsheets store them, and read back by what knows workbooks. A text of more
    ///   than 32,767 UTF-16 units, or a table that no sheet holds, is refused before anything is written.
    /// - Numbers of more than 15 digits and days before March 1900 are texts, since a spreadsheet would change them.
    /// - Neither author nor time nor directory is told. The sheets of customers are written a row at a time.
    #[cfg(feature = "xlsx")]
    Xlsx,
}

/// Formats that are written alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text for each table, which says nothing but the table.
    Text(TextFormat),
    /// A file of columns for each table, with the description of the run.
    #[cfg(any(feature = "parquet", feature = "arrow"))]
    Columnar(Columnar),
    /// One file for all tables and the description of the run.
    #[cfg(feature = "xlsx")]
    Workbook,
}

/// The formats of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextFormat {
    Csv,
    Json,
    JsonLines,
}

impl Format {
    /// All formats of this build, in the order in which they are named to people.
    pub const ALL: &'static [Format] = &[
        Format::Csv,
        Format::Json,
        Format::JsonLines,
        #[cfg(feature = "parquet")]
        Format::Parquet,
        #[cfg(feature = "arrow")]
        Format::Arrow,
        #[cfg(feature = "xlsx")]
        Format::Xlsx,
    ];

    /// The name, which is also the extension of its files: `csv`, `json`, `jsonl`, `parquet`, `arrow`, `xlsx`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            #[cfg(feature = "parquet")]
            Format::Parquet => "parquet",
            #[cfg(feature = "arrow")]
            Format::Arrow => "arrow",
            #[cfg(feature = "xlsx")]
            Format::Xlsx => "xlsx",
        }
    }

    pub(crate) const fn kind(self) -> Kind {
        match self {
            Format::Csv => Kind::Text(TextFormat::Csv),
            Format::Json => Kind::Text(TextFormat::Json),
            Format::JsonLines => Kind::Text(TextFormat::JsonLines),
            #[cfg(feature = "parquet")]
            Format::Parquet => Kind::Columnar(Columnar::Parquet),
            #[cfg(feature = "arrow")]
            Format::Arrow => Kind::Columnar(Columnar::Arrow),
            #[cfg(feature = "xlsx")]
            Format::Xlsx => Kind::Workbook,
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
        let known = Format::ALL.iter().copied().find(|format| format.name() == wanted);
        known.ok_or_else(|| {
            let names: Vec<&'static str> = Format::ALL.iter().map(|format| format.name()).collect();
            UnknownName::new("format", text, &names)
        })
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
