//! What holds for any input, and that the result is that of the slow and obvious way.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]

#[path = "laws/attributes.rs"]
mod attributes;
#[path = "laws/explanations.rs"]
mod explanations;
#[path = "laws/models.rs"]
mod models;
#[path = "laws/periods.rs"]
mod periods;
#[path = "laws/returns.rs"]
mod returns;
#[path = "laws/rules.rs"]
mod rules;
#[path = "laws/scoring.rs"]
mod scoring_methods;
#[path = "laws/tables.rs"]
mod tables;

use std::collections::BTreeMap;

use proptest::prelude::*;
use rfm_core::scoring::CutPoints;
use rfm_core::{
    Account, Amount, Axes, CleaningPolicy, Comparison, CustomerSummary, Customers, CutMethod, Day, Dimension,
    FrequencyMeasure, Measures, Model, Ratio, Reject, Rfm, RfmCell, Scale, Scoring, ScoringModel, Segmentation,
    Summaries, SummaryError, Tally, Transaction,
};
use rfm_testkit::generate::{Shape, SplitMix64};
use rfm_testkit::reference::{Count, Reference, rule_of};
use rfm_testkit::strategies::{
    ANALYSIS_DATE, Entry, Journal, Row, frequency_measure, journal, policy, quantiles, scoring, scorings, segment_model,
};

const LINES: usize = 80;

fn analysis_date() -> Day {
    Day::from_epoch_days(ANALYSIS_DATE).unwrap()
}

/// What a customer has by a measure that counts.
fn frequency(measure: FrequencyMeasure, customer: &CustomerSummary<'_>) -> u64 {
    let measures = Measures { frequency: measure, ..Measures::default() };
    let value = measures.value(Dimension::Frequency, customer, analysis_date()).expect("counts are kept");
    u64::try_from(value.floor()).expect("counts are positive")
}

fn rfm(scoring: &Axes<Scoring>, measure: FrequencyMeasure, policy: CleaningPolicy) -> Rfm {
    let builder =
        Rfm::builder(analysis_date()).frequency_measure(measure).cleaning(policy).order_values().active_days();
    let Axes { recency, frequency, monetary } = scoring.clone();
    builder.recency(recency).frequency(frequency).monetary(monetary).build().unwrap()
}

fn summarise(journal: &Journal, mut summaries: Summaries) -> Customers {
    journal.push_to(&mut summaries).unwrap();
    summaries.finish().unwrap()
}

/// The result; `None` if no line counts.
fn segment(rfm: &Rfm, journal: &Journal) -> Option<Segmentation> {
    let customers = summarise(journal, rfm.summaries());
    (!customers.is_empty()).then(|| rfm.segment(customers).unwrap())
}

/// A better value never scores less, and an equal one the same.
fn check_order<V: Ord + Copy + std::fmt::Debug>(
    dimension: Dimension,
    mut both: Vec<(V, u8)>,
) -> Result<(), TestCaseError> {
    both.sort_unstable();
    if dimension == Dimension::Recency {
        both.reverse();
    }
    for pair in both.windows(2) {
        prop_assert!(pair[0].1 <= pair[1].1, "{dimension}: {pair:?}");
        prop_assert!(pair[0].0 != pair[1].0 || pair[0].1 == pair[1].1, "{dimension}: {pair:?}");
    }
    Ok(())
}

fn cells(segmentation: &Segmentation) -> Vec<RfmCell> {
    segmentation.rows().map(|row| row.cell()).collect()
}

/// The values of all customers on a dimension, by the getters alone.
fn values(segmentation: &Segmentation, dimension: Dimension) -> Vec<i128> {
    let value = |row: rfm_core::SegmentationRow<'_>| match dimension {
        Dimension::Recency => row.recency_days().into(),
        Dimension::Frequency => row.frequency().minor(),
        Dimension::Monetary => row.monetary().minor(),
    };
    segmentation.rows().map(value).collect()
}

fn journal_and_shuffled() -> impl Strategy<Value = (Journal, Journal)> {
    journal(LINES).prop_flat_map(|journal| {
        let shuffled = Just(journal.entries.clone()).prop_shuffle();
        (Just(journal), shuffled).prop_map(|(journal, entries)| {
            let columns = journal.columns;
            (journal, Journal { entries, columns })
        })
    })
}

/// A journal and for each line the part that it goes to.
fn journal_in_parts(parts: usize) -> impl Strategy<Value = (Journal, Vec<Journal>)> {
    journal(LINES).prop_flat_map(move |journal| {
        let places = prop::collection::vec(0..parts, journal.entries.len());
        (Just(journal), places).prop_map(move |(journal, places)| {
            let mut split = vec![Journal { entries: Vec::new(), columns: journal.columns }; parts];
            for (entry, place) in journal.entries.iter().zip(places) {
                split[place].entries.push(entry.clone());
            }
            (journal, split)
        })
    })
}

fn count(account: &Account, tally: Tally) -> Count {
    let money = account.money(tally).minor();
    Count { lines: tally.lines(), money, without_amount: tally.without_amount() }
}

proptest! {
    #[test]
    fn the_order_of_lines_changes_nothing(
        (journal, shuffled) in journal_and_shuffled(),
        policy in policy(),
        scorings in scorings(),
        measure in frequency_measure(),
    ) {
        let rfm = rfm(&scorings, measure, policy);
        prop_assert_eq!(summarise(&journal, rfm.summaries()), summarise(&shuffled, rfm.summaries()));
        prop_assert_eq!(segment(&rfm, &journal), segment(&rfm, &shuffled));
    }

    #[test]
    fn any_split_merged_in_any_order_equals_one_pass(
        (journal, parts) in journal_in_parts(5), policy in policy(), order in Just([0, 1, 2, 3, 4]).prop_shuffle(),
    ) {
        let empty = || Summaries::new(policy.clone()).with_order_values();
        let whole = summarise(&journal, empty());
        let mut merged = empty();
        for part in order {
            let mut summaries = empty();
            parts[part].push_to(&mut summaries).unwrap();
            // Into the smaller and into the larger one.
            if part % 2 == 0 {
                std::mem::swap(&mut merged, &mut summaries);
            }
            merged.merge(summaries).unwrap();
        }
        prop_assert_eq!(merged.len(), whole.len());
        prop_assert_eq!(merged.finish().unwrap(), whole);
    }

    #[test]
    fn lines_dealt_to_those_who_share_tables_equal_one_pass(
        (journal, parts) in journal_in_parts(5), policy in policy(), order in Just([0, 1, 2, 3, 4]).prop_shuffle(), sharers in 1usize..4,
    ) {
        let mut all = Summaries::new(policy.clone()).with_order_values().with_daily_money();
        let whole = summarise(&journal, all.clone());
        let mut sharers: Vec<Summaries> = (0..sharers).map(|_| all.share()).collect();
        for (at, part) in order.into_iter().enumerate() {
            let sharer = at % sharers.len();
            parts[part].push_to(&mut sharers[sharer]).unwrap();
        }
        prop_assert_eq!(all.share().finish().unwrap_err(), SummaryError::Shared);
        for sharer in sharers {
            all.merge(sharer).unwrap();
        }
        prop_assert_eq!(all.len(), whole.len());
        prop_assert_eq!(all.finish().unwrap(), whole);
    }

    #[test]
    fn merging_is_associative_and_may_go_on_with_lines((journal, parts) in journal_in_parts(4), policy in policy()) {
        let of = |part: usize| {
            let mut summaries = Summaries::new(policy.clone()).with_order_values();
            parts[part].push_to(&mut summaries).unwrap();
            summaries
        };
        let merge = |mut left: Summaries, right: Summaries| {
            left.merge(right).unwrap();
            left
        };
        let mut left = merge(merge(of(0), of(1)), of(2));
        let mut right = merge(of(0), merge(of(1), of(2)));
        prop_assert_eq!(left.account(), right.account());
        parts[3].push_to(&mut left).unwrap();
        parts[3].push_to(&mut right).unwrap();
        let whole = summarise(&journal, Summaries::new(policy.clone()).with_order_values());
        prop_assert_eq!(left.finish().unwrap(), whole.clone());
        prop_assert_eq!(right.finish().unwrap(), whole);
    }

    #[test]
    fn the_size_of_batches_changes_nothing(journal in journal(LINES), policy in policy(), size in 1usize..7) {
        let mut summaries = Summaries::new(policy.clone());
        for start in (0..journal.entries.len()).step_by(size) {
            journal.push_part(start..journal.entries.len().min(start + size), &mut summaries).unwrap();
        }
        prop_assert_eq!(summaries.finish().unwrap(), summarise(&journal, Summaries::new(policy)));
    }

    #[test]
    fn rows_one_at_a_time_equal_a_batch(journal in journal(LINES)) {
        // Amounts of one scale, told beforehand, and no columns that rows do not have.
        let mut journal = journal;
        journal.columns.quantities = false;
        journal.columns.prices = false;
        let scale = Scale::new(4).unwrap();
        let empty = || Summaries::new(CleaningPolicy::online_retail()).with_scale(scale);
        let mut rows = empty();
        journal.entries.retain(|entry| matches!(entry, Entry::Row(_)));
        for entry in &mut journal.entries {
            let Entry::Row(row) = entry else { continue };
            row.scale = scale;
            let order_id = journal.columns.order_ids.then_some(row.order_id.as_str());
            let (customer_id, amount) = (row.customer_id.as_str(), Amount::from_minor(row.amount));
            rows.push(Transaction { customer_id, order_id, day: row.day, amount }).unwrap();
        }
        prop_assert_eq!(rows.finish().unwrap(), summarise(&journal, empty()));
    }

    #[test]
    fn lines_and_money_read_are_those_used_and_rejected(journal in journal(LINES), policy in policy()) {
        let mut summaries = Summaries::new(policy.clone());
        let verdicts = journal.push_to(&mut summaries).unwrap();
        let customers = summaries.finish().unwrap();
        let account = customers.account();

        let rejected = account.reasons().map(|(reason, tally)| (reason, count(account, tally)));
        let rejected: BTreeMap<Reject, Count> = rejected.collect();
        let sum = |of: fn(&Count) -> i128| rejected.values().map(of).sum::<i128>();
        let (read, used) = (count(account, account.read()), count(account, account.used()));
        prop_assert_eq!(read.lines as usize, journal.entries.len());
        prop_assert_eq!(i128::from(read.lines), i128::from(used.lines) + sum(|count| count.lines.into()));
        prop_assert_eq!(read.money, used.money + sum(|count| count.money));
        prop_assert_eq!(count(account, account.rejected_total()).money, sum(|count| count.money));
        prop_assert_eq!(customers.iter().map(|customer| customer.total().minor()).sum::<i128>(), used.money);
        prop_assert_eq!(customers.iter().map(|customer| customer.lines()).sum::<u64>(), used.lines);

        let reference = Reference::of(&journal, &policy);
        prop_assert_eq!(verdicts, reference.verdicts.clone());
        prop_assert_eq!((read, used), (reference.read(), reference.used));
        prop_assert_eq!(rejected, reference.rejected);
    }

    #[test]
    fn customers_are_those_of_the_reference(journal in journal(LINES), policy in policy()) {
        let customers = summarise(&journal, Summaries::new(policy.clone()).with_order_values());
        let reference = Reference::of(&journal, &policy);
        prop_assert_eq!(customers.scale(), reference.scale);
        prop_assert_eq!(customers.len(), reference.customers.len());
        for (customer, (id, facts)) in customers.iter().zip(&reference.customers) {
            prop_assert_eq!(customer.customer_id(), id);
            prop_assert_eq!((customer.first_order(), customer.last_order()), (facts.first(), facts.last()));
            prop_assert_eq!((customer.lines(), customer.total().minor()), (facts.lines, facts.total));
            let (values, unit) = (facts.order_values(), customers.scale().minor_units().unsigned_abs());
            let (count, middle) = (values.len() as u64, values.len() / 2);
            let of_orders = customer.order_values().unwrap();
            prop_assert_eq!(of_orders.largest().minor(), *values.last().unwrap());
            prop_assert_eq!(of_orders.mean(), Ratio::new(facts.total, count * unit));
            let lower = if values.len() % 2 == 0 { values[middle - 1] } else { values[middle] };
            prop_assert_eq!(of_orders.median(), Ratio::new(lower + values[middle], 2 * unit));
            let found = customers.find(id).and_then(|row| customers.get(row));
            prop_assert_eq!(found.map(|found| found.customer_id()), Some(id.as_str()));
        }
    }

    #[test]
    fn scores_and_segments_are_those_of_the_reference(
        journal in journal(LINES), policy in policy(), scorings in scorings(), measure in frequency_measure(),
    ) {
        let rfm = rfm(&scorings, measure, policy.clone());
        let Some(segmentation) = segment(&rfm, &journal) else { return Ok(()) };
        let reference = Reference::of(&journal, &policy.as_of(analysis_date()));
        for dimension in Dimension::ALL {
            let expected = reference.values(dimension, measure, analysis_date());
            prop_assert_eq!(values(&segmentation, dimension), expected);
        }
        let scores = reference.scores(&scorings, measure, analysis_date());
        prop_assert_eq!(cells(&segmentation), scores.clone());
        for (row, cell) in segmentation.rows().zip(scores) {
            let model = rfm.segments();
            let name = rule_of(model, cell).map_or(model.fallback(), |rule| model.rules()[rule].segment());
            prop_assert_eq!(row.segment(), name);
        }
    }

    #[test]
    fn a_better_value_never_scores_lower_and_equal_values_score_equal(
        journal in journal(LINES), scorings in scorings(), measure in frequency_measure(),
    ) {
        let rfm = rfm(&scorings, measure, CleaningPolicy::keep_all());
        let Some(segmentation) = segment(&rfm, &journal) else { return Ok(()) };
        let bins = segmentation.bins();
        for dimension in Dimension::ALL {
            let scores = cells(&segmentation).into_iter().map(|cell| cell[dimension].number());
            let both: Vec<(i128, u8)> = values(&segmentation, dimension).into_iter().zip(scores).collect();
            prop_assert!(both.iter().all(|(_, score)| (1..=bins[dimension]).contains(score)));
            check_order(dimension, both)?;
        }
    }

    #[test]
    fn customers_who_buy_the_same_get_the_same(
        journal in journal(LINES), scorings in scorings(), measure in frequency_measure(),
    ) {
        // Every customer has a twin.
        let mut twins = journal.clone();
        for entry in &journal.entries {
            let Entry::Row(row) = entry else { continue };
            if !row.customer_id.trim_ascii().is_empty() {
                twins.entries.push(Entry::Row(Row { customer_id: format!("{} twin", row.customer_id), ..row.clone() }));
            }
        }
        let rfm = rfm(&scorings, measure, CleaningPolicy::default());
        let Some(segmentation) = segment(&rfm, &twins) else { return Ok(()) };
        for row in segmentation.rows().filter(|row| !row.customer_id().ends_with(" twin")) {
            let twin = segmentation.get(&format!("{} twin", row.customer_id())).unwrap();
            prop_assert_eq!((row.cell(), row.segment()), (twin.cell(), twin.segment()));
            prop_assert_eq!((row.recency_days(), row.monetary()), (twin.recency_days(), twin.monetary()));
        }
    }

    #[test]
    fn the_unit_of_money_changes_no_score(journal in journal(LINES), scoring in quantiles()) {
        // Pounds with two decimals, the same numbers as whole pence, and pence with two decimals that are zero.
        let at = |decimals: u8, factor: i64| {
            let mut journal = journal.clone();
            journal.entries.retain(|entry| matches!(entry, Entry::Row(_)));
            for entry in &mut journal.entries {
                let Entry::Row(row) = entry else { continue };
                row.scale = Scale::new(decimals).unwrap();
                row.amount = (row.amount >> 8) * factor;
            }
            segment(&rfm(&Axes::all(scoring.clone()), FrequencyMeasure::Orders, CleaningPolicy::keep_all()), &journal)
        };
        let Some(pounds) = at(2, 1) else { return Ok(()) };
        for pence in [at(0, 1), at(2, 100), at(9, 1)] {
            let pence = pence.unwrap();
            prop_assert_eq!(cells(&pounds), cells(&pence));
            prop_assert!(pounds.rows().zip(pence.rows()).all(|(pound, pence)| pound.segment() == pence.segment()));
            prop_assert!(pounds.rows().zip(pence.rows()).all(|(pound, pence)| pound.code() == pence.code()));
        }
        // More decimals of the same values are the same cuts, too.
        let finer = at(4, 100).unwrap();
        prop_assert_eq!(pounds.model(), finer.model());
    }

    #[test]
    fn a_frozen_model_scores_its_own_data_as_the_fit_did(
        journal in journal(LINES), scorings in scorings(), measure in frequency_measure(),
    ) {
        let rfm = rfm(&scorings, measure, CleaningPolicy::default());
        let Some(fitted) = segment(&rfm, &journal) else { return Ok(()) };
        let customers = fitted.customers().clone();
        prop_assert_eq!(fitted.model().unwrap().assign(customers.clone()).unwrap(), fitted.clone());

        // From nothing but the numbers that a file would hold.
        let cuts = fitted.model().unwrap().scoring().cuts().as_ref().map(|dimension, cuts| {
            let thawed = cuts.cuts().iter().map(|cut| Ratio::new(cut.numerator(), cut.denominator())).collect();
            CutPoints::try_new(dimension, thawed, cuts.closed()).unwrap()
        });
        let scoring = ScoringModel::from_cuts(cuts, Measures { frequency: measure, ..Measures::default() }, analysis_date()).unwrap();
        let thawed = Model::try_new(scoring, fitted.segment_model().clone()).unwrap();
        prop_assert_eq!(thawed.assign(customers).unwrap(), fitted);
    }

    #[test]
    fn a_scoring_says_what_it_is(scoring in scoring()) {
        match &scoring {
            Scoring::Cuts(CutMethod::Custom(cuts)) => prop_assert_eq!(cuts.bins() as usize, cuts.cuts().len() + 1),
            _ => prop_assert_eq!(scoring.to_string().parse(), Ok(scoring)),
        }
    }

    #[test]
    fn a_comparison_adds_up_and_can_be_turned_round(
        journal in journal(LINES), first in scorings(), second in scorings(), policy in policy(),
    ) {
        let one = segment(&rfm(&first, FrequencyMeasure::Orders, CleaningPolicy::keep_all()), &journal);
        let other = segment(&rfm(&second, FrequencyMeasure::Orders, policy), &journal);
        let (Some(one), Some(other)) = (one, other) else { return Ok(()) };
        let (there, back) = (Comparison::of(&one, &other), Comparison::of(&other, &one));
        let in_matrix: u64 = there.matrix().iter().flatten().sum();
        prop_assert_eq!(in_matrix, there.both());
        prop_assert_eq!(there.both() + there.only()[0], one.len() as u64);
        prop_assert_eq!(there.both() + there.only()[1], other.len() as u64);
        prop_assert_eq!(there.moves().map(|(.., customers)| customers).sum::<u64>(), there.other_segment());
        let turned: Vec<Vec<u64>> =
            (0..back.matrix().len()).map(|row| there.matrix().iter().map(|line| line[row]).collect()).collect();
        prop_assert_eq!(turned.as_slice(), back.matrix());
        prop_assert_eq!(there.other_code(), back.other_code());
        // Nobody moves against themselves.
        let same = Comparison::of(&one, &one);
        prop_assert_eq!((same.other_code(), same.other_segment(), same.only()), (Some(0), 0, [0, 0]));
    }

    #[test]
    fn segments_and_scores_add_up_to_all_customers(journal in journal(LINES), scorings in scorings()) {
        let rfm = rfm(&scorings, FrequencyMeasure::Orders, CleaningPolicy::default());
        let Some(segmentation) = segment(&rfm, &journal) else { return Ok(()) };
        let (summary, customers) = (segmentation.summary(), segmentation.len() as u64);
        prop_assert_eq!(summary.rows().iter().map(|row| row.customers()).sum::<u64>(), customers);
        prop_assert_eq!(summary.rows().iter().map(|row| row.orders()).sum::<u64>(), summary.total().orders());
        let revenue: i128 = summary.rows().iter().map(|row| row.revenue().minor()).sum();
        prop_assert_eq!(revenue, summary.total().revenue().minor());
        let account = segmentation.customers().account();
        prop_assert_eq!(summary.total().revenue(), account.money(account.used()));
        for (dimension, rows) in segmentation.score_table().iter() {
            prop_assert_eq!(rows.iter().map(|row| row.customers()).sum::<u64>(), customers);
            prop_assert_eq!(rows.len(), usize::from(segmentation.bins()[dimension]));
        }
    }
}

/// Parts of rule files, right and wrong, in any order.
#[cfg(feature = "toml")]
const RULE_FILE_LIKE: &str = "(\\[\\[segment\\]\\]\n|name = \"é\"\n|bins = [0-9]{1,3}\n\
    |recency = (\"[0-9<>=-]{0,4}\"|[0-9]{1,4})\n|codes = \\[\"[0-9x*-]{0,6}\"\\]\n|\\PC{0,6}\n){0,8}";

fn small_bins() -> impl Strategy<Value = Axes<u8>> {
    (2u8..=6, 2u8..=12, 2u8..=5).prop_map(|(recency, frequency, monetary)| Axes { recency, frequency, monetary })
}

fn all_cells(bins: Axes<u8>) -> Vec<RfmCell> {
    let mut cells = Vec::new();
    for recency in 1..=bins.recency {
        for frequency in 1..=bins.frequency {
            cells
                .extend((1..=bins.monetary).filter_map(|monetary| RfmCell::from_numbers(recency, frequency, monetary)));
        }
    }
    cells
}

proptest! {
    #[test]
    fn what_rules_cover_adds_up_to_the_product_of_the_bins(model in small_bins().prop_flat_map(segment_model)) {
        let coverage = model.coverage();
        let Axes { recency, frequency, monetary } = model.bins().map(|_, bins| usize::from(bins));
        prop_assert_eq!(coverage.cells(), recency * frequency * monetary);
        prop_assert_eq!(coverage.segments().iter().sum::<usize>() + coverage.gaps().len(), coverage.cells());
        let wins: usize = coverage.rules().iter().map(|rule| rule.wins()).sum();
        prop_assert_eq!(wins + coverage.gaps().len(), coverage.cells());
    }

    #[test]
    fn every_way_to_ask_for_a_segment_gives_the_same(model in small_bins().prop_flat_map(segment_model)) {
        let (coverage, lattice) = (model.coverage(), model.lattice());
        let mut wins = vec![0; model.rules().len()];
        for cell in all_cells(model.bins()) {
            let rule = rule_of(&model, cell);
            prop_assert_eq!(model.rule_of(cell), rule);
            prop_assert_eq!(lattice.segment_of(cell), model.segment_of(cell));
            prop_assert_eq!(model.name_of(cell), rule.map_or(model.fallback(), |rule| model.rules()[rule].segment()));
            prop_assert_eq!(coverage.gaps().contains(&cell), rule.is_none());
            let held = model.rules().iter().filter(|rule| rule.holds(cell)).count();
            prop_assert_eq!(coverage.overlaps().iter().any(|overlap| overlap.cell() == cell), held > 1);
            rule.into_iter().for_each(|rule| wins[rule] += 1);
        }
        prop_assert_eq!(coverage.rules().iter().map(|rule| rule.wins()).collect::<Vec<usize>>(), wins);
    }

    #[cfg(feature = "toml")]
    #[test]
    fn a_rule_file_means_what_it_was_written_from(model in small_bins().prop_flat_map(segment_model)) {
        let text = model.to_toml();
        let read = rfm_core::SegmentModel::from_toml(&text).unwrap();
        for cell in all_cells(model.bins()) {
            prop_assert_eq!(read.name_of(cell), model.name_of(cell));
        }
        prop_assert_eq!((read.bins(), read.segments()), (model.bins(), model.segments()));
        // Written once more nothing changes.
        prop_assert_eq!(rfm_core::SegmentModel::from_toml(&read.to_toml()), Ok(read));
    }

    #[cfg(feature = "toml")]
    #[test]
    fn no_text_makes_a_rule_file_panic(text in RULE_FILE_LIKE) {
        if let Err(error) = rfm_core::SegmentModel::from_toml(&text) {
            prop_assert!(error.line >= 1 && error.line <= text.lines().count() + 1);
            prop_assert!(error.column >= 1);
        }
    }
}

/// Hazard 23: a fixed data set of a shop, 1,000 times in another order, always the same result.
#[test]
fn a_thousand_shuffles_give_one_result() {
    let generator = Shape::new().seed(23).customers(60).returns(100).spread_orders(300).duplicates(20).build().unwrap();
    struct Line {
        customer_id: String,
        order_id: String,
        day: Day,
        cents: i64,
    }
    let mut lines: Vec<Line> = generator
        .lines()
        .map(|line| Line {
            customer_id: line.customer_id().unwrap_or_default().to_owned(),
            order_id: line.order_id().to_owned(),
            day: Day::from_epoch_days(line.date().days()).unwrap(),
            cents: line.quantity() * line.unit_price(),
        })
        .collect();
    assert!((500..3_000).contains(&lines.len()), "{}", lines.len());
    let rfm = Rfm::builder(Day::from_ymd(2026, 1, 1).unwrap()).order_values().build().unwrap();
    let segment = |lines: &[Line]| {
        let mut summaries = rfm.summaries();
        for Line { customer_id, order_id, day, cents } in lines {
            let amount = Amount::from_minor(*cents);
            summaries.push(Transaction { customer_id, order_id: Some(order_id), day: *day, amount }).unwrap();
        }
        rfm.segment(summaries.finish().unwrap()).unwrap()
    };
    let expected = segment(&lines);
    assert!(expected.len() > 50 && expected.customers().account().rejected_total().lines() > 0);
    let mut random = SplitMix64::new(1_000);
    for shuffle in 0..1_000 {
        // Fisher and Yates.
        for last in (1..lines.len()).rev() {
            lines.swap(last, random.below(u32::try_from(last + 1).unwrap()) as usize);
        }
        assert!(segment(&lines) == expected, "shuffle {shuffle}");
    }
}
