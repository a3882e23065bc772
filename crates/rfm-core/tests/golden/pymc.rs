//! Scores and segments of `rfm_segments` of `pymc-marketing`, and the quantiles of pandas that it takes.

use rfm_core::scoring::Bins;
use rfm_core::{
    CutMethod, Day, Dimension, FrequencyMeasure, Measures, MonetaryMeasure, RecencyMeasure, Rfm, Scoring, SegmentPreset,
};
use rfm_testkit::golden::Table;

use super::{Case, assert_none, cases, cdnow_until, day};

/// Periods of one unit on all dimensions.
fn measures(unit: &str) -> Measures {
    match unit {
        "D" => Measures {
            recency: RecencyMeasure::Days,
            frequency: FrequencyMeasure::ActiveDays,
            monetary: MonetaryMeasure::MeanPerDay,
        },
        "W" => Measures {
            recency: RecencyMeasure::Weeks,
            frequency: FrequencyMeasure::Weeks,
            monetary: MonetaryMeasure::MeanPerWeek,
        },
        other => panic!("no unit {other}"),
    }
}

/// The rest of the name of a file of such segments: unit and end.
fn files(case: &Case) -> Vec<(String, Table)> {
    let mut paths: Vec<_> = std::fs::read_dir(&case.folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let named = |path: std::path::PathBuf| {
        let name = path.file_stem()?.to_str()?.strip_prefix("pymc_rfm_segments_")?.to_owned();
        Some((name, Table::read(&path).unwrap()))
    };
    paths.into_iter().filter_map(named).collect()
}

#[test]
fn segments_of_pymc_marketing_are_those_of_every_customer() {
    let Some(shared) = rfm_testkit::shared("segments_of_pymc_marketing_are_those_of_every_customer") else { return };
    let mut tables = 0;
    for case in cases(&shared) {
        for (name, table) in files(&case) {
            tables += 1;
            let (unit, end) = name.split_once('_').unwrap();
            let end: Day = if end == "end-of-data" { case.customers.last_day().unwrap() } else { day(end) };
            // The period of the end counts as a whole.
            let (customers, as_of) = match (case.name, unit, name.as_str()) {
                ("cdnow_sample", _, "W_1997-09-30") => (cdnow_until(&shared, day("1997-10-05")), day("1997-10-05")),
                ("cdnow_sample", _, "D_1997-09-30") => (cdnow_until(&shared, end), end),
                _ => (case.customers.clone(), end),
            };
            let scoring = Scoring::Cuts(CutMethod::QcutDrop(Bins::QUARTILE));
            let rfm =
                Rfm::builder(as_of).measures(measures(unit)).scoring(scoring).segments(SegmentPreset::Pymc.model());
            let segmentation = rfm.build().unwrap().segment(customers).unwrap();
            assert_eq!(segmentation.len(), table.len(), "{} {name}", case.name);
            let mut disagreements = Vec::new();
            for row in table.rows() {
                let id = row.text("customer_id").unwrap();
                let ours = segmentation.get(id).unwrap();
                let ours = (ours.code().to_string(), ours.segment());
                let theirs = (row.text("rfm_score").unwrap().to_owned(), row.text("segment").unwrap());
                if ours != theirs {
                    disagreements.push(format!("{id}: {ours:?}, golden {theirs:?}"));
                }
            }
            assert_none(&format!("{} {name}", case.name), &disagreements);
        }
    }
    assert_eq!(tables, 8);
}

#[test]
fn quantiles_without_duplicates_are_those_of_pandas() {
    let Some(shared) = rfm_testkit::shared("quantiles_without_duplicates_are_those_of_pandas") else { return };
    for case in cases(&shared) {
        let scoring = Scoring::Cuts(CutMethod::QcutDrop(Bins::QUINTILE));
        let rfm = Rfm::builder(case.analysis_date).scoring(scoring).build().unwrap();
        let segmentation = rfm.segment(case.customers.clone()).unwrap();
        let table = Table::read(case.folder.join("scores.csv")).unwrap();
        let mut disagreements = Vec::new();
        for row in table.rows() {
            let id = row.text("customer_id").unwrap();
            let ours = segmentation.get(id).unwrap().cell()[Dimension::Frequency].to_string();
            if ours != row.text("qcut_frequency_drop").unwrap() {
                disagreements.push(format!("{id}: {ours}"));
            }
        }
        assert_none(case.name, &disagreements);
    }
}
