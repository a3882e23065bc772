//! Summaries for models of lifetime value, against `lifetimes` and `pymc-marketing`.

use rfm_core::{Clv, ClvSummary, PeriodUnit, Ratio};
use rfm_testkit::golden::{Row, Table};

use super::{Case, assert_none, cases, day};

/// A file of such summaries and how it was made, which its name says.
struct Golden {
    table: Table,
    name: String,
    clv: Clv,
    /// The end of the observation; the last day of the data without it.
    end: Option<rfm_core::Day>,
    has_age: bool,
}

impl Golden {
    /// `pymc_rfm_summary_W_1997-09-30_incl-first.csv`; `None` of another kind of file.
    fn read(path: &std::path::Path) -> Option<Golden> {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (stem, with_first) = name.strip_suffix("_incl-first").map_or((name, false), |stem| (stem, true));
        let of_pymc = stem.strip_prefix("pymc_rfm_summary_");
        let (unit, end) = of_pymc.or_else(|| stem.strip_prefix("lifetimes_summary_"))?.split_once('_').unwrap();
        let unit = match unit {
            "D" => PeriodUnit::Day,
            "W" => PeriodUnit::Week,
            other => panic!("no unit {other}"),
        };
        let clv = match (with_first, of_pymc) {
            (false, _) => Clv::repeat(unit),
            (true, Some(_)) => Clv::pymc_with_first(unit),
            (true, None) => Clv::lifetimes_with_first(unit),
        };
        let end = (end != "end-of-data").then(|| day(end));
        let table = Table::read(path).unwrap();
        let has_age = table.header().iter().any(|name| name == "T");
        Some(Golden { table, name: name.to_owned(), clv, end, has_age })
    }

    fn all(case: &Case) -> Vec<Golden> {
        let mut paths: Vec<_> = std::fs::read_dir(&case.folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().filter_map(|path| Golden::read(path)).collect()
    }
}

/// Written as a float, `2.0`.
fn whole(row: &Row<'_>, column: &str) -> i64 {
    row.decimal(column).unwrap().at_scale(0).unwrap().try_into().unwrap()
}

#[test]
fn summaries_for_lifetime_value_are_those_of_both_packages() {
    let Some(shared) = rfm_testkit::shared("summaries_for_lifetime_value_are_those_of_both_packages") else { return };
    let mut files = 0;
    for case in cases(&shared) {
        for golden in Golden::all(&case) {
            files += 1;
            let what = format!("{} {}", case.name, golden.name);
            let end = golden.end.or(case.customers.last_day()).unwrap();
            let ours = golden.clv.summaries(&case.customers, end).unwrap();
            assert_eq!(ours.len(), golden.table.len(), "{what}");
            let mut disagreements = Vec::new();
            let (mut inexact, mut furthest) = (0, 0.0f64);
            for row in golden.table.rows() {
                let id = row.text("customer_id").unwrap();
                let at = ours.binary_search_by(|summary| summary.customer_id.cmp(id)).unwrap();
                let ClvSummary { frequency, recency, age, monetary, .. } = ours[at];
                let counts = [i64::try_from(frequency).unwrap(), recency.into(), age.into()];
                let theirs_age = if golden.has_age { whole(&row, "T") } else { age.into() };
                let theirs = [whole(&row, "frequency"), whole(&row, "recency"), theirs_age];
                if counts != theirs {
                    disagreements.push(format!("{id}: {counts:?}, golden {theirs:?}"));
                }
                let money: f64 = row.text("monetary_value").unwrap().parse().unwrap();
                if money != monetary.to_f64() {
                    inexact += 1;
                    furthest = furthest.max((money / monetary.to_f64() - 1.0).abs() / f64::EPSILON);
                }
            }
            assert_none(&what, &disagreements);
            println!("{what}: {inexact} of {} {furthest}", ours.len());
        }
    }
    assert_eq!(files, 28);
}
