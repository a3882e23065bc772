//! The tables that are built in, as data.

mod audience_kit;
mod customer_360;
mod eleven;
mod putler;
mod pymc;
mod pypi;
mod quartile;
mod r;
mod tiers;

use core::fmt;
use core::str::FromStr;

use super::{Segment, SegmentModel, SegmentRule};
use crate::axes::Axes;
use crate::suggest::{by_name, did_you_mean};

/// A built-in segment model.
///
/// # Examples
///
/// ```
/// use rfm_core::SegmentPreset;
///
/// let preset: SegmentPreset = "quartile".parse()?;
/// assert!(preset.model().coverage().is_partition());
/// assert_eq!(SegmentPreset::ALL.map(SegmentPreset::name)[0], "table-11");
/// # Ok::<(), rfm_core::UnknownSegmentPreset>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SegmentPreset {
    /// 125 codes, 11 segments, the variant in use today; the default for quintiles. The tables of two projects that look codes up
    /// in a sheet are the same, and their names mean this one too: `superstore-11` and `classification-table`.
    Table11,
    /// 125 codes, 11 segments, the older variant: 231, 241 and 251 hibernate.
    Table11Older,
    /// 64 codes, 9 segments; the default for quartiles.
    Quartile,
    /// The ten segments of the README and manual of R's package rfm.
    RReadme,
    /// The ten segments of the tests and older vignette of R's package rfm.
    RTestSuite,
    /// The default segments of pymc-marketing, over quartiles.
    Pymc,
    /// The ten segments of the Python package rfm.
    PypiRfm,
    /// Putler's eleven segments by recency and the mean of frequency and spend.
    Putler,
    /// The code map of the SQL project Customer 360, over quartiles.
    Customer360,
    /// Four tiers by a weighted sum of scores, with labels that run backwards.
    RetailGroups,
    /// Platinum, Gold, Silver and Bronze, over scores 1 to 4.
    PlatinumTiers,
    /// The eight segments of ClusterAudienceKit.
    ClusterAudienceKit,
}

impl SegmentPreset {
    /// All built-in models.
    pub const ALL: [SegmentPreset; 12] = [
        SegmentPreset::Table11,
        SegmentPreset::Table11Older,
        SegmentPreset::Quartile,
        SegmentPreset::RReadme,
        SegmentPreset::RTestSuite,
        SegmentPreset::Pymc,
        SegmentPreset::PypiRfm,
        SegmentPreset::Putler,
        SegmentPreset::Customer360,
        SegmentPreset::RetailGroups,
        SegmentPreset::PlatinumTiers,
        SegmentPreset::ClusterAudienceKit,
    ];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.data().name
    }

    /// Other names by which it is found.
    #[must_use]
    pub const fn aliases(self) -> &'static [&'static str] {
        match self {
            SegmentPreset::Table11 => &["superstore-11", "classification-table"],
            _ => &[],
        }
    }

    /// What it is, in a sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.data().description
    }

    /// The model.
    ///
    /// # Panics
    ///
    /// Never: a test builds all of them.
    #[must_use]
    pub fn model(self) -> SegmentModel {
        self.data().model().expect("built-in tables are tested")
    }

    const fn data(self) -> &'static Data {
        match self {
            SegmentPreset::Table11 => &eleven::TABLE,
            SegmentPreset::Table11Older => &eleven::OLDER_TABLE,
            SegmentPreset::Quartile => &quartile::TABLE,
            SegmentPreset::RReadme => &r::README,
            SegmentPreset::RTestSuite => &r::TEST_SUITE,
            SegmentPreset::Pymc => &pymc::TABLE,
            SegmentPreset::PypiRfm => &pypi::TABLE,
            SegmentPreset::Putler => &putler::TABLE,
            SegmentPreset::Customer360 => &customer_360::TABLE,
            SegmentPreset::RetailGroups => &tiers::RETAIL_GROUPS,
            SegmentPreset::PlatinumTiers => &tiers::PLATINUM,
            SegmentPreset::ClusterAudienceKit => &audience_kit::TABLE,
        }
    }
}

impl fmt::Display for SegmentPreset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error of a name that no built-in model has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no segments `{name}`; there are {}{}", list(), did_you_mean(*similar))]
pub struct UnknownSegmentPreset {
    name: String,
    similar: Option<&'static str>,
}

fn list() -> String {
    SegmentPreset::ALL.map(|preset| format!("`{preset}`")).join(", ")
}

impl FromStr for SegmentPreset {
    type Err = UnknownSegmentPreset;

    fn from_str(text: &str) -> Result<SegmentPreset, UnknownSegmentPreset> {
        let wanted = text.trim().replace('_', "-");
        let is_alias =
            |preset: &SegmentPreset| preset.aliases().iter().any(|alias| alias.eq_ignore_ascii_case(&wanted));
        by_name(text, &SegmentPreset::ALL, SegmentPreset::name)
            .or_else(|similar| SegmentPreset::ALL.into_iter().find(is_alias).ok_or(similar))
            .map_err(|similar| UnknownSegmentPreset { name: text.to_owned(), similar })
    }
}

/// A built-in model as it stands in the source.
struct Data {
    name: &'static str,
    description: &'static str,
    source: &'static str,
    bins: u8,
    fallback: &'static str,
    rules: &'static [(&'static Text, Cells)],
}

/// The words about a segment.
struct Text {
    name: &'static str,
    description: &'static str,
    meaning: &'static str,
    action: &'static str,
}

/// The cells of a rule.
enum Cells {
    /// Code patterns, separated by blanks.
    Codes(&'static str),
    /// Lowest and highest score of recency, frequency and monetary value.
    Box([(u8, u8); 3]),
    /// A condition over scores.
    When(&'static str),
}

impl Data {
    fn model(&self) -> Result<SegmentModel, Box<dyn core::error::Error>> {
        let builder = SegmentModel::builder(self.name, Axes::all(self.bins)).fallback(self.fallback);
        let mut builder = builder.description(self.description).source(self.source);
        for (text, cells) in self.rules {
            let rule = match cells {
                Cells::Codes(codes) => SegmentRule::of_codes(text.name, codes)?,
                Cells::When(condition) => SegmentRule::new(text.name).when(condition.parse()?),
                Cells::Box([recency, frequency, monetary]) => SegmentRule::new(text.name)
                    .recency(recency.0..=recency.1)
                    .frequency(frequency.0..=frequency.1)
                    .monetary(monetary.0..=monetary.1),
            };
            builder = builder.rule(rule).describe(Segment {
                name: text.name.to_owned(),
                description: text.description.to_owned(),
                meaning: text.meaning.to_owned(),
                action: text.action.to_owned(),
            });
        }
        Ok(builder.build()?)
    }
}
