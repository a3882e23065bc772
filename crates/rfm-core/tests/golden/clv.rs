//! Summaries for models of lifetime value, against `lifetimes` and `pymc-marketing`.

use rfm_core::{Clv, ClvSummary, Day, PeriodUnit, Ratio};
use rfm_testkit::golden::{Row, Table};

use super::{Case, assert_none, cases, day};

/// A file of such summaries and how it was made, which its name says.
struct Golden {
    table: Table,
    name: String,
    clv: Clv,
    /// The end of the observation; the last day of the data without it.
    end: Option<Day>,
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

/// How many doubles the file's mean is away from the one nearest to the exact mean.
///
/// Both packages add binary floats, of the lines of a period and then of the periods, and round once more when they divide.
fn steps_from_nearest(row: &Row<'_>, exact: Ratio) -> u64 {
    let theirs: f64 = row.text("monetary_value").unwrap().parse().unwrap();
    // The quotient of two numbers that a double holds is the nearest double.
    assert!(exact.numerator().unsigned_abs() < 1 << 53 && exact.denominator() < 1 << 53);
    theirs.to_bits().abs_diff(exact.to_f64().to_bits())
}

/// Of each file, the customers whose mean is not the double nearest to the exact one, and how many doubles away it is at most.
const INEXACT: [(&str, &str, u64, u64); 28] = [
    ("online_retail_II", "lifetimes_summary_D_2011-12-10", 898, 2),
    ("online_retail_II", "lifetimes_summary_D_2011-12-10_incl-first", 1187, 2),
    ("online_retail_II", "lifetimes_summary_D_end-of-data", 898, 2),
    ("online_retail_II", "lifetimes_summary_D_end-of-data_incl-first", 1187, 2),
    ("online_retail_II", "pymc_rfm_summary_D_2011-12-10", 1392, 3),
    ("online_retail_II", "pymc_rfm_summary_D_2011-12-10_incl-first", 2342, 3),
    ("online_retail_II", "pymc_rfm_summary_D_end-of-data", 1392, 3),
    ("online_retail_II", "pymc_rfm_summary_D_end-of-data_incl-first", 2342, 3),
    ("rfm_data_orders", "pymc_rfm_summary_D_2006-12-31", 0, 0),
    ("rfm_data_orders", "pymc_rfm_summary_D_2006-12-31_incl-first", 0, 0),
    ("rfm_data_orders", "pymc_rfm_summary_D_end-of-data", 0, 0),
    ("rfm_data_orders", "pymc_rfm_summary_D_end-of-data_incl-first", 0, 0),
    ("cdnow_sample", "lifetimes_summary_D_1997-09-30", 121, 1),
    ("cdnow_sample", "lifetimes_summary_D_1997-09-30_incl-first", 242, 2),
    ("cdnow_sample", "lifetimes_summary_D_1998-07-31", 165, 1),
    ("cdnow_sample", "lifetimes_summary_D_1998-07-31_incl-first", 284, 1),
    ("cdnow_sample", "lifetimes_summary_D_end-of-data", 165, 1),
    ("cdnow_sample", "lifetimes_summary_D_end-of-data_incl-first", 284, 1),
    ("cdnow_sample", "lifetimes_summary_W_1997-09-30", 117, 1),
    ("cdnow_sample", "lifetimes_summary_W_1997-09-30_incl-first", 244, 2),
    ("cdnow_sample", "pymc_rfm_summary_D_1997-09-30", 120, 1),
    ("cdnow_sample", "pymc_rfm_summary_D_1997-09-30_incl-first", 274, 2),
    ("cdnow_sample", "pymc_rfm_summary_D_1998-07-31", 163, 1),
    ("cdnow_sample", "pymc_rfm_summary_D_1998-07-31_incl-first", 366, 2),
    ("cdnow_sample", "pymc_rfm_summary_D_end-of-data", 163, 1),
    ("cdnow_sample", "pymc_rfm_summary_D_end-of-data_incl-first", 366, 2),
    ("cdnow_sample", "pymc_rfm_summary_W_1997-09-30", 121, 1),
    ("cdnow_sample", "pymc_rfm_summary_W_1997-09-30_incl-first", 278, 2),
];

#[test]
fn summaries_for_lifetime_value_are_those_of_both_packages() {
    let Some(shared) = rfm_testkit::shared("summaries_for_lifetime_value_are_those_of_both_packages") else { return };
    let mut inexact = Vec::new();
    for case in cases(&shared) {
        for golden in Golden::all(&case) {
            let what = format!("{} {}", case.name, golden.name);
            let end = golden.end.or(case.customers.last_day()).unwrap();
            let ours = golden.clv.summaries(&case.customers, end).unwrap();
            assert_eq!(ours.len(), golden.table.len(), "{what}");
            let mut disagreements = Vec::new();
            let (mut not_nearest, mut furthest) = (0, 0);
            for row in golden.table.rows() {
                let id = row.text("customer_id").unwrap();
                let at = ours.binary_search_by(|summary| summary.customer_id.cmp(id)).unwrap();
                let ClvSummary { frequency, recency, age, monetary, .. } = ours[at];
                let counts = [i64::try_from(frequency).unwrap(), recency.into(), age.into()];
                let theirs_age = if golden.has_age { whole(&row, "T") } else { age.into() };
                let theirs = [whole(&row, "frequency"), whole(&row, "recency"), theirs_age];
                let steps = steps_from_nearest(&row, monetary);
                not_nearest += u64::from(steps > 0);
                furthest = steps.max(furthest);
                if counts != theirs {
                    disagreements.push(format!("{id}: {counts:?}, golden {theirs:?}"));
                }
            }
            assert_none(&what, &disagreements);
            inexact.push((case.name, golden.name, not_nearest, furthest));
        }
    }
    let inexact = inexact.iter().map(|(folder, name, count, furthest)| (*folder, name.as_str(), *count, *furthest));
    assert_eq!(inexact.collect::<Vec<_>>(), INEXACT);
}

/// Figures in the tests of both packages: repeat customers of CDNOW to 1997-10-01, their mean money rounded to whole dollars.
#[test]
fn repeat_customers_of_cdnow_spend_what_the_tests_of_both_packages_say() {
    let Some(shared) = rfm_testkit::shared("repeat_customers_of_cdnow_spend_what_the_tests_of_both_packages_say")
    else {
        return;
    };
    let customers = super::cdnow(&shared);
    let summaries = Clv::repeat(PeriodUnit::Day).summaries(&customers, day("1997-10-01")).unwrap();
    let mut money: Vec<f64> =
        summaries.iter().filter(|row| row.frequency > 0).map(|row| row.monetary.to_f64()).collect();
    money.sort_by(f64::total_cmp);
    assert_eq!(money.len(), 946);
    let mean = money.iter().sum::<f64>() / 946.0;
    let deviation = (money.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 945.0).sqrt();
    let median = (money[472] + money[473]) / 2.0;
    let rounded = [mean, deviation, money[0], median, money[945]].map(f64::round);
    assert_eq!(rounded, [35.0, 30.0, 3.0, 27.0, 300.0]);
}
