//! Whole recipes under one name: what is measured, which lines count, how it is scored and what the segments are called.

mod catalogue;

use core::fmt;
use core::str::FromStr;

use crate::axes::Axes;
use crate::cleaning::CleaningPolicy;
use crate::day::Day;
use crate::measures::Measures;
use crate::model::{Rfm, RfmBuilder};
use crate::scoring::{ScoreDisplay, Scoring, Weights};
use crate::segments::{SegmentModel, SegmentPreset};
use crate::suggest::{by_name, did_you_mean};

/// A published recipe for RFM: measures, cleaning, scoring and segments under one name, so that its numbers can be had again, and
/// so that it can be told what they are worth.
///
/// A recipe is reproduced with its defects ([`Preset::defects`]). The settings that we recommend are those of [`Rfm::builder`]
/// without any preset: distinct orders, quintiles that keep equal customers together, and segments that name every code once.
///
/// # Examples
///
/// ```
/// use rfm_core::{Day, FrequencyMeasure, Preset};
///
/// let preset: Preset = "r-rfm".parse()?;
/// let rfm = preset.builder(Day::from_ymd(2006, 12, 31)?).build()?;
/// assert_eq!(rfm.measures().frequency, FrequencyMeasure::Lines);
/// assert_eq!(rfm.segments().coverage().gaps().len(), 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// R's package rfm, with the segments of its README.
    RRfm,
    /// `rfm_summary` and `rfm_segments` of pymc-marketing.
    Pymc,
    /// The Python package rfm.
    PypiRfm,
    /// Three `NTILE(5)` in SQL, looked up in the table of 125 codes.
    SqlNtile,
    /// The RFM analysis of SPSS Statistics.
    Spss,
    /// The RFM node of SPSS Modeler.
    SpssModeler,
    /// SAS: `PROC RANK GROUPS=5`.
    Sas,
    /// `RFMSegmentation` of openretailscience.
    Openretailscience,
    /// Putler's segments over quintiles.
    Putler,
    /// The SQL project Customer 360.
    Customer360,
    /// A MySQL and Excel project with four tiers.
    RetailGroups,
    /// A Python project with fixed thresholds and Platinum, Gold, Silver and Bronze.
    PlatinumTiers,
    /// A Python project over Superstore with 11 segments.
    Superstore11,
    /// A project that looks codes of ranks up in the table of 125 codes.
    ClassificationTable,
}

/// What a preset is made of.
struct Data {
    name: &'static str,
    description: &'static str,
    source: &'static str,
    reproduces: &'static str,
    defects: &'static [&'static str],
    measures: Measures,
    /// As [`Scoring`] reads it, by dimension.
    scoring: [&'static str; 3],
    keep: Keep,
    repeated_lines: RepeatedLines,
    counts_from: CountsFrom,
    segments: Option<SegmentPreset>,
    /// As [`Weights`] reads it.
    weights: Option<&'static str>,
    display: ScoreDisplay,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Sales,
    All,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RepeatedLines {
    Keep,
    Drop,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CountsFrom {
    DayAfter,
    LastOrder,
}

impl Preset {
    /// All presets.
    pub const ALL: [Preset; 14] = [
        Preset::RRfm,
        Preset::Pymc,
        Preset::PypiRfm,
        Preset::SqlNtile,
        Preset::Spss,
        Preset::SpssModeler,
        Preset::Sas,
        Preset::Openretailscience,
        Preset::Putler,
        Preset::Customer360,
        Preset::RetailGroups,
        Preset::PlatinumTiers,
        Preset::Superstore11,
        Preset::ClassificationTable,
    ];

    const fn data(self) -> &'static Data {
        match self {
            Preset::RRfm => &catalogue::R_RFM,
            Preset::Pymc => &catalogue::PYMC,
            Preset::PypiRfm => &catalogue::PYPI_RFM,
            Preset::SqlNtile => &catalogue::SQL_NTILE,
            Preset::Spss => &catalogue::SPSS,
            Preset::SpssModeler => &catalogue::SPSS_MODELER,
            Preset::Sas => &catalogue::SAS,
            Preset::Openretailscience => &catalogue::OPENRETAILSCIENCE,
            Preset::Putler => &catalogue::PUTLER,
            Preset::Customer360 => &catalogue::CUSTOMER_360,
            Preset::RetailGroups => &catalogue::RETAIL_GROUPS,
            Preset::PlatinumTiers => &catalogue::PLATINUM_TIERS,
            Preset::Superstore11 => &catalogue::SUPERSTORE_11,
            Preset::ClassificationTable => &catalogue::CLASSIFICATION_TABLE,
        }
    }

    /// The name, such as `r-rfm`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.data().name
    }

    /// What it is, in a sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.data().description
    }

    /// Where the recipe comes from, with its version where it has one.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.data().source
    }

    /// What of the source comes out the same, and what cannot.
    #[must_use]
    pub const fn reproduces(self) -> &'static str {
        self.data().reproduces
    }

    /// What is wrong with the recipe, and is kept all the same. Empty if nothing is known.
    #[must_use]
    pub const fn defects(self) -> &'static [&'static str] {
        self.data().defects
    }

    /// What the dimensions measure.
    #[must_use]
    pub const fn measures(self) -> Measures {
        self.data().measures
    }

    /// The strategy of each dimension.
    ///
    /// # Panics
    ///
    /// Never: a test reads all of them.
    #[must_use]
    pub fn scoring(self) -> Axes<Scoring> {
        let [recency, frequency, monetary] = self.data().scoring;
        Axes { recency, frequency, monetary }.map(|_, text| text.parse().expect("built-in presets are tested"))
    }

    /// The rules that say which lines count.
    #[must_use]
    pub fn cleaning(self) -> CleaningPolicy {
        match self.data().keep {
            Keep::Sales => CleaningPolicy::default(),
            Keep::All => CleaningPolicy::keep_all(),
        }
    }

    /// Whether lines that repeat an earlier one in every column are to be left out before they get here.
    #[must_use]
    pub const fn drops_repeated_lines(self) -> bool {
        matches!(self.data().repeated_lines, RepeatedLines::Drop)
    }

    /// Whether recency counts back from the last order of all, unless a day is given; otherwise from the day after it.
    #[must_use]
    pub const fn counts_from_last_order(self) -> bool {
        matches!(self.data().counts_from, CountsFrom::LastOrder)
    }

    /// The segments; `None` of a recipe that ends with scores.
    #[must_use]
    pub const fn segments(self) -> Option<SegmentPreset> {
        self.data().segments
    }

    /// What each score counts for, if the recipe has a weighted score.
    ///
    /// # Panics
    ///
    /// Never: a test reads all of them.
    #[must_use]
    pub fn weights(self) -> Option<Weights> {
        self.data().weights.map(|text| text.parse().expect("built-in presets are tested"))
    }

    /// How scores are shown.
    #[must_use]
    pub const fn score_display(self) -> ScoreDisplay {
        self.data().display
    }

    /// Settings as the recipe has them, to be changed or built.
    ///
    /// What lies before the lines get here is the caller's: [`Preset::drops_repeated_lines`], [`Preset::counts_from_last_order`],
    /// and of recipes that count elapsed time the second of the last order ([`RfmBuilder::analysis_time`]).
    #[must_use]
    pub fn builder(self, analysis_date: Day) -> RfmBuilder {
        let Axes { recency, frequency, monetary } = self.scoring();
        let bins = Axes { recency: recency.bins(), frequency: frequency.bins(), monetary: monetary.bins() };
        let builder = Rfm::builder(analysis_date)
            .measures(self.measures())
            .recency(recency)
            .frequency(frequency)
            .monetary(monetary)
            .cleaning(self.cleaning())
            .segments(self.segments().map_or_else(|| SegmentModel::unnamed(bins), SegmentPreset::model))
            .score_display(self.score_display());
        match self.weights() {
            Some(weights) => builder.weights(weights),
            None => builder,
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error of a name that no preset has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no preset `{name}`; there are {}{}", Preset::ALL.map(Preset::name).join(", "), did_you_mean(*similar))]
pub struct UnknownPreset {
    name: String,
    similar: Option<&'static str>,
}

impl FromStr for Preset {
    type Err = UnknownPreset;

    /// Reads a name; case does not count, and `_` stands for `-` too.
    fn from_str(text: &str) -> Result<Preset, UnknownPreset> {
        by_name(text, &Preset::ALL, Preset::name).map_err(|similar| UnknownPreset { name: text.to_owned(), similar })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_one_that_can_be_built_and_found() {
        for preset in Preset::ALL {
            let rfm = preset.builder(Day::MAX).build().expect("the bins of its rules");
            assert_eq!((rfm.measures(), rfm.scoring()), (preset.measures(), &preset.scoring()));
            assert_eq!(preset.name().to_uppercase().replace('-', "_").parse(), Ok(preset));
            assert!([preset.description(), preset.source(), preset.reproduces()].iter().all(|text| !text.is_empty()));
        }
        let error = "r-rmf".parse::<Preset>().unwrap_err().to_string();
        assert!(
            error.starts_with("no preset `r-rmf`; there are r-rfm, pymc,") && error.ends_with("did you mean `r-rfm`?")
        );
    }

    #[test]
    fn what_the_rules_of_presets_leave_out_is_among_their_defects() {
        for preset in Preset::ALL {
            let Some(model) = preset.segments().map(SegmentPreset::model) else { continue };
            let coverage = model.coverage();
            let (gaps, cells) = (coverage.gaps().len(), coverage.cells());
            let told = preset.defects().join(" ");
            if gaps > 0 {
                assert!(told.contains(&format!("{gaps} of {cells} codes")), "{preset}: {gaps} of {cells} codes");
            }
        }
    }
}
