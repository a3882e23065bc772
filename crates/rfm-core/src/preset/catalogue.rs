//! The presets, as data.

use super::{CountsFrom, Data, Keep, RepeatedLines};
use crate::measures::{FrequencyMeasure, Measures, MonetaryMeasure, RecencyMeasure};
use crate::scoring::ScoreDisplay;
use crate::segments::SegmentPreset;

const fn measures(recency: RecencyMeasure, frequency: FrequencyMeasure, monetary: MonetaryMeasure) -> Measures {
    Measures { recency, frequency, monetary }
}

const TOTALS_OF_LINES: Measures = measures(RecencyMeasure::Days, FrequencyMeasure::Lines, MonetaryMeasure::Total);
const TOTALS_OF_ORDERS: Measures = measures(RecencyMeasure::Days, FrequencyMeasure::Orders, MonetaryMeasure::Total);

pub(super) const R_RFM: Data = Data {
    name: "r-rfm",
    description: "R's package rfm: rfm_table_order with 5 bins and rfm_segment with the rules of the README",
    source: "CRAN package rfm 0.3.0 (2024-02-26), source and README",
    reproduces: "every score, threshold and segment of the package, to the last digit. The package has customers without an id, \
                 which are left out here",
    defects: &[
        "adds 1 to every cut, money included, so that scores change with the unit of money",
        "counts lines as transactions, and returns as lines",
        "the README's rules leave 10 of 125 codes unnamed, among them frequent recent customers with small orders (551, 541)",
        "rules overlap; the first one that holds wins",
    ],
    measures: TOTALS_OF_LINES,
    scoring: ["rfm-r"; 3],
    keep: Keep::All,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: Some(SegmentPreset::RReadme),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const PYMC: Data = Data {
    name: "pymc",
    description: "pymc-marketing: rfm_summary with the first transaction included, by days, and rfm_segments",
    source: "pymc-marketing 0.19.2, clv.utils",
    reproduces: "every score and segment of rfm_segments. Where the package fails because one bin is left, as with 19 one-time \
                 buyers of 20, everybody scores 1 on that dimension",
    defects: &[
        "leaves 18 of 64 codes unnamed (Other), among them the most recent and frequent ones with small orders (441, 442)",
        "drops repeated cuts and numbers the bins that are left from the worst, so that the best customers may score 2 or 3",
    ],
    measures: measures(RecencyMeasure::Days, FrequencyMeasure::ActiveDays, MonetaryMeasure::MeanPerDay),
    scoring: ["qcut-drop:4"; 3],
    keep: Keep::All,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::LastOrder,
    segments: Some(SegmentPreset::Pymc),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const PYPI_RFM: Data = Data {
    name: "pypi-rfm",
    description: "The Python package rfm: five groups of equal size by rank, ten segments",
    source: "PyPI package rfm 1.0.9",
    reproduces: "the measures, the sizes of the groups and the rules. Which of several equal customers is in which group depends \
                 on the order of rows there, and on customer ids here. The package also counts missing amounts as 0, and cuts \
                 two characters off texts that contain `.0`, such as 10.05, which is not done here",
    defects: &[
        "equal customers get different scores",
        "counts lines, and drops lines that repeat another, which may be two sales",
        "rules overlap; the first one that holds wins",
    ],
    measures: measures(RecencyMeasure::ELAPSED, FrequencyMeasure::Lines, MonetaryMeasure::Total),
    scoring: ["rank-first-qcut"; 3],
    keep: Keep::All,
    repeated_lines: RepeatedLines::Drop,
    counts_from: CountsFrom::LastOrder,
    segments: Some(SegmentPreset::PypiRfm),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const SQL_NTILE: Data = Data {
    name: "sql-ntile",
    description: "Three NTILE(5) over last order, orders and money, as most SQL tutorials have it, and the table of 125 codes",
    source: "SQL:2003 NTILE; the table as in Bloomreach Engagement's documentation and many repositories",
    reproduces: "NTILE of any engine, if ties are ordered by customer id as a text there (ORDER BY value, customer_id)",
    defects: &["equal customers get different scores; without an order of ties even from one run to the next"],
    measures: TOTALS_OF_ORDERS,
    scoring: ["ntile"; 3],
    keep: Keep::Sales,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: Some(SegmentPreset::Table11),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const SPSS: Data = Data {
    name: "spss",
    description: "SPSS Statistics, RFM analysis from transaction data: independent binning, ties in the same bin, no segments",
    source: "IBM SPSS Statistics, Direct Marketing, RFM binning; RANK ... /NTILES(5)",
    reproduces: "the formula of RANK with NTILES, floor(mean rank · 5 / (n + 1)) + 1; nested binning is `nested`, ties that are \
                 assigned at random are the method `random-ties`",
    defects: &["counts lines as transactions, and returns as lines"],
    measures: TOTALS_OF_LINES,
    scoring: ["proc-rank"; 3],
    keep: Keep::All,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: None,
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const SPSS_MODELER: Data = Data {
    name: "spss-modeler",
    description: "SPSS Modeler, RFM Aggregate and RFM Analysis nodes: tiles of equal count, weighted score 100 R + 10 F + M",
    source: "IBM SPSS Modeler, RFM Analysis node, defaults: 5 bins, ties in the current bin, weights 100, 10, 1",
    reproduces: "the documented rules of the nodes; no result of the product was at hand",
    defects: &["counts lines as transactions, and returns as lines"],
    measures: TOTALS_OF_LINES,
    scoring: ["tiles-current"; 3],
    keep: Keep::All,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: None,
    weights: Some("100,10,1"),
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const SAS: Data = Data {
    name: "sas",
    description: "SAS: PROC RANK GROUPS=5 on each dimension, mean ranks for ties, no segments",
    source: "Base SAS, PROC RANK; SAS's RFM task joins the three scores as 100 R + 10 F + M",
    reproduces: "the documented formula, with groups counted from 1 instead of 0",
    defects: &[],
    measures: TOTALS_OF_ORDERS,
    scoring: ["proc-rank"; 3],
    keep: Keep::Sales,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: None,
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const OPENRETAILSCIENCE: Data = Data {
    name: "openretailscience",
    description: "RFMSegmentation of openretailscience: NTILE(10) with ties by customer id, scores from 0, no segments",
    source: "openretailscience, RFMSegmentation with its default of 10 segments on each dimension",
    reproduces: "every score, if ids are texts or of one length: ties are in the order of their bytes; a code of 10 bins has dashes \
                 here, where the source adds 100 R + 10 F + M",
    defects: &["equal customers get different scores"],
    measures: TOTALS_OF_ORDERS,
    scoring: ["ntile:10"; 3],
    keep: Keep::All,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: None,
    weights: None,
    display: ScoreDisplay::FromZero,
};

pub(super) const PUTLER: Data = Data {
    name: "putler",
    description: "Putler's eleven segments by recency and the mean of frequency and money, over quintiles",
    source: "Putler's published table of ranges, as three independent copies have it",
    reproduces: "the rules over scores 1 to 5, first match; how the product scores is not published, quintiles stand for it",
    defects: &[
        "76 of 125 codes lie in several ranges, and four segments can never be reached: Recent, Promising, Can't Lose Them, Lost",
        "the ranges are written for scores from 0 to 5",
    ],
    measures: TOTALS_OF_ORDERS,
    scoring: ["quintile"; 3],
    keep: Keep::Sales,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: Some(SegmentPreset::Putler),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const CUSTOMER_360: Data = Data {
    name: "customer-360",
    description: "SQL project: purchase days and money per calendar year, quartiles at positions of the list, a map of 64 codes",
    source: "kina2711/customer_360 (T-SQL)",
    reproduces: "the measures, cut points and code map. The project counts back from 2022-09-01 and takes contracts created \
                 before it: give these days yourself",
    defects: &[
        "the branch of At Risk repeats the codes of Need Attention and is never reached, and 343 stands in two lists",
        "leaves 4 of 64 codes unnamed (Other): 124, 212, 223, 314",
        "divides money by years as whole numbers, and counts a December customer as of two years in January",
    ],
    measures: measures(RecencyMeasure::Days, FrequencyMeasure::ActiveDaysPerYear, MonetaryMeasure::WholeTotalPerYear),
    scoring: ["p0-quartile:4"; 3],
    keep: Keep::Sales,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: Some(SegmentPreset::Customer360),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const RETAIL_GROUPS: Data = Data {
    name: "retail-groups",
    description: "MySQL and Excel project: three NTILE(5) where 1 is best, the mean order as money, four tiers by a weighted sum",
    source: "poonam-solanke/customer-segmentation; it counts back from 2018-01-01",
    reproduces: "the sizes of the groups and the tiers; equal customers are in the order of their ids, which the source leaves \
                 open. Scores are shown with 1 as the best, the weighted score counts from the worst",
    defects: &[
        "the labels run backwards: 1 is the best group, and the best customers are called Lost",
        "equal customers get different scores",
        "no cleaning: returns lower the mean order",
    ],
    measures: measures(RecencyMeasure::Days, FrequencyMeasure::Orders, MonetaryMeasure::MeanOrder),
    scoring: ["ntile-best-first"; 3],
    keep: Keep::All,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: Some(SegmentPreset::RetailGroups),
    weights: Some("0.4,0.3,0.3"),
    display: ScoreDisplay::OneIsBest,
};

pub(super) const PLATINUM_TIERS: Data = Data {
    name: "platinum-tiers",
    description: "Python project over Online Retail II: fixed thresholds in elapsed days, lines and money, Platinum to Bronze",
    source: "Mohitydv459/Customer-Segmentation--RFM",
    reproduces: "customers, measures, scores and tiers of Online Retail II, counted back from a day after the last line. It needs \
                 times of day",
    defects: &["counts lines and calls them invoices", "Gold asks nothing of recency: lapsed big customers stay Gold"],
    measures: measures(RecencyMeasure::ELAPSED, FrequencyMeasure::Lines, MonetaryMeasure::Total),
    scoring: ["cuts 30,90,180", "cuts >=50,100,300", "cuts >=500,1000,5000"],
    keep: Keep::Sales,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: Some(SegmentPreset::PlatinumTiers),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const SUPERSTORE_11: Data = Data {
    name: "superstore-11",
    description: "Python project over Superstore: qcut quintiles of orders and money, the table of 125 codes",
    source: "ThuHuong-Gina/RFM-Analysis_Python-Project; it counts back from 2017-12-31",
    reproduces: "the scores and segments; orders of its table of returns are left out as a whole, which is a second table here",
    defects: &[],
    measures: TOTALS_OF_ORDERS,
    scoring: ["quintile"; 3],
    keep: Keep::All,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: Some(SegmentPreset::Table11),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};

pub(super) const CLASSIFICATION_TABLE: Data = Data {
    name: "classification-table",
    description: "Project over Online Retail: ranks in five groups of equal size, the table of 125 codes",
    source: "\"RFM-Analysis\", of which the README alone is published: Champions with 62.89 % of revenue, Loyal with 11.2 %",
    reproduces: "the order of segments by size, and their shares of revenue to half a percent; its order of equal customers is \
                 that of rows, which is not published",
    defects: &["equal customers get different scores"],
    measures: TOTALS_OF_ORDERS,
    scoring: ["rank-first-qcut"; 3],
    keep: Keep::Sales,
    repeated_lines: RepeatedLines::Keep,
    counts_from: CountsFrom::DayAfter,
    segments: Some(SegmentPreset::Table11),
    weights: None,
    display: ScoreDisplay::MoreIsBetter,
};
