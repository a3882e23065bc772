//! Rules with conditions: read, tried and checked as the slow and obvious way has it.

use super::*;
use rfm_core::{
    Condition, Facts, RecencyMeasure, RuleMeasure, RuleState, SegmentModel, SegmentRule, TextColumn, TransactionBatch,
};
use rfm_testkit::clause::{ClauseRule, Values, clause, clause_model, clause_rules, values};

const BINS: u8 = 3;

#[test]
fn days_mean_the_same_in_rules_and_in_the_result() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let late = SegmentRule::new("Late").when("recency_days >= 30".parse().unwrap());
    let fresh = SegmentRule::new("Fresh").when("recency_days < 30".parse().unwrap());
    let segments = SegmentModel::builder("two", Axes::all(5)).rule(late).rule(fresh).build().unwrap();
    let named = |measure: RecencyMeasure| {
        let rfm = Rfm::builder(day("2011-01-31")).recency_measure(measure).segments(segments.clone()).build().unwrap();
        let (customers, days) = (TextColumn::new("ann", &[3]).unwrap(), [day("2011-01-01")]);
        let lines = TransactionBatch::try_new(customers, &days, &[1_000], Scale::CENTS).unwrap();
        let mut summaries = rfm.summaries();
        summaries.push_batch(&lines.with_times(&[18 * 3_600]).unwrap()).unwrap();
        let customers = summaries.finish().unwrap();
        let assigner = rfm.fit(&customers).unwrap().prepare(Scale::CENTS).unwrap();
        let assigned = assigner.assign(&customers.get(0).unwrap(), day("2011-01-31")).unwrap();
        let segmentation = rfm.segment(customers).unwrap();
        let ann = segmentation.get("ann").unwrap();
        assert_eq!(assigner.name_of(assigned), ann.segment());
        assert_eq!(ann.facts().get(RuleMeasure::RecencyDays), Some(Ratio::from(i64::from(ann.recency_days()))));
        (ann.recency_days(), ann.segment().to_owned())
    };
    assert_eq!(named(RecencyMeasure::ELAPSED.at(12 * 3_600)), (29, "Fresh".to_owned()));
    assert_eq!(named(RecencyMeasure::ELAPSED.at(18 * 3_600)), (30, "Late".to_owned()));
    assert_eq!(named(RecencyMeasure::Days), (30, "Late".to_owned()));
    assert_eq!(named(RecencyMeasure::Weeks), (30, "Late".to_owned()));
}

fn numbers(cell: RfmCell) -> [u8; 3] {
    Dimension::ALL.map(|dimension| cell[dimension].number())
}

fn facts(cell: RfmCell, values: &Values) -> Facts {
    let known = values.iter().map(|(measure, (numerator, denominator))| {
        (*measure, Ratio::new(*numerator, u64::try_from(*denominator).unwrap()))
    });
    known.fold(Facts::new(cell), |facts, (measure, value)| facts.with(measure, value))
}

fn held(rules: &[ClauseRule], cell: RfmCell, values: &Values) -> Vec<usize> {
    (0..rules.len()).filter(|rule| rules[*rule].holds(numbers(cell), values)).collect()
}

proptest! {
    #[test]
    fn a_condition_holds_as_its_text_says_and_reads_back(clause in clause(), values in values()) {
        let condition: Condition = clause.text().parse().unwrap();
        let shown = condition.to_string();
        prop_assert_eq!(shown.parse::<Condition>().unwrap(), condition.clone(), "{}", shown);
        for cell in all_cells(Axes::all(BINS)) {
            let holds = clause.holds(numbers(cell), &values);
            prop_assert_eq!(condition.holds(&facts(cell, &values)), Some(holds));
            // The scores alone say nothing else, if they say anything.
            prop_assert!(condition.holds(&Facts::new(cell)).is_none_or(|by_scores| by_scores == holds));
        }
    }

    #[test]
    fn no_text_is_too_much_for_a_condition(text in "[rfm0-9a-d_ ()<>=!.*/+-]{0,40}|.{0,20}|(not |\\(|r ?[<>=]{1,2} ?|[0-9.]{1,4}| and | or |\\)){0,20}") {
        match text.parse::<Condition>() {
            Ok(condition) => prop_assert_eq!(condition.to_string().parse::<Condition>().unwrap(), condition),
            Err(error) => prop_assert!(error.at <= text.chars().count()),
        }
    }

    #[test]
    fn the_first_rule_that_holds_wins(rules in clause_rules(BINS), values in values()) {
        let model = clause_model(BINS, &rules);
        for cell in all_cells(Axes::all(BINS)) {
            let held = held(&rules, cell, &values);
            let facts = facts(cell, &values);
            prop_assert_eq!(model.rule_for(&facts), Ok(held.first().copied()));
            for (at, rule) in model.rules().iter().enumerate() {
                prop_assert_eq!(rule.unmet(&facts).is_empty(), held.contains(&at));
            }
        }
    }

    #[test]
    fn what_the_check_claims_is_so(rules in clause_rules(BINS), values in proptest::collection::vec(values(), 1..6)) {
        let model = clause_model(BINS, &rules);
        let coverage = model.coverage();
        let cells = all_cells(Axes::all(BINS)).into_iter();
        for (cell, values) in cells.flat_map(|cell| values.iter().map(move |values| (cell, values))) {
            let held = held(&rules, cell, values);
            if coverage.gaps().contains(&cell) {
                prop_assert!(held.is_empty());
            } else if !coverage.possible_gaps().contains(&cell) {
                prop_assert!(!held.is_empty());
            }
            let overlap = |overlaps: &[rfm_core::Overlap]| overlaps.iter().find(|overlap| overlap.cell() == cell).cloned();
            let (proven, possible) = (overlap(coverage.overlaps()), overlap(coverage.possible_overlaps()));
            prop_assert!(proven.is_none() || held.len() > 1);
            if held.len() > 1 {
                let overlap = proven.or(possible).expect("an overlap is told");
                prop_assert!(held.iter().all(|rule| overlap.rules().contains(rule)));
            }
            for (place, rule) in held.iter().enumerate() {
                let coverage = &coverage.rules()[*rule];
                match coverage.state() {
                    RuleState::Whole => prop_assert_eq!(place, 0),
                    RuleState::Shadowed => prop_assert!(place > 0),
                    state => prop_assert!(matches!(state, RuleState::PartlyShadowed | RuleState::MaybeShadowed)),
                }
                prop_assert!(place == 0 || coverage.loses_to().contains(&held[0]));
                prop_assert!(coverage.may_hold() > 0 && (place > 0 || coverage.may_win() > 0));
            }
            if let Some(winner) = held.first() {
                prop_assert!(coverage.possible_segments()[coverage.rules()[*winner].segment()] > 0);
            }
        }
        // Certain cells never exceed possible ones, and all are within the lattice.
        for rule in coverage.rules() {
            prop_assert!(rule.holds() <= rule.may_hold() && rule.wins() <= rule.may_win());
            prop_assert!(rule.wins() <= rule.holds() && rule.may_win() <= rule.may_hold());
        }
        let certain = coverage.segments().iter().sum::<usize>() + coverage.gaps().len();
        let possible = coverage.possible_segments().iter().sum::<usize>() + coverage.gaps().len() + coverage.possible_gaps().len();
        prop_assert!(certain <= coverage.cells() && coverage.cells() <= possible);
        if model.is_over_scores() {
            prop_assert_eq!((certain, coverage.possible_gaps().len()), (coverage.cells(), 0));
            prop_assert_eq!(coverage.segments(), coverage.possible_segments());
        }
    }

    #[test]
    fn customers_are_named_as_their_facts_have_it(journal in journal(LINES), rules in clause_rules(BINS)) {
        let model = clause_model(BINS, &rules);
        let scoring = "3".parse::<Scoring>().unwrap();
        let rfm = Rfm::builder(analysis_date()).scoring(scoring).segments(model.clone()).cleaning(CleaningPolicy::keep_all());
        let Some(segmentation) = segment(&rfm.build().unwrap(), &journal) else { return Ok(()) };
        for row in segmentation.rows() {
            let customer = row.customer();
            let (mean, total) = (customer.mean_order(), Ratio::from(customer.total()));
            let values = Values::from([
                (RuleMeasure::RecencyDays, (row.recency_days().into(), 1)),
                (RuleMeasure::Orders, (customer.orders().into(), 1)),
                (RuleMeasure::Total, (total.numerator(), total.denominator().into())),
                (RuleMeasure::MeanOrder, (mean.numerator(), mean.denominator().into())),
            ]);
            let rule = held(&rules, row.cell(), &values).first().copied();
            prop_assert_eq!(row.segment(), rule.map_or(model.fallback(), |rule| rules[rule].segment));
            prop_assert_eq!(row.matched_rule(), rule);
            prop_assert_eq!(model.rule_for(&row.facts()), Ok(rule));
            let explanation = segmentation.explain(row.customer_id()).unwrap();
            prop_assert_eq!(explanation.rule(), rule.map(|rule| rule + 1));
            prop_assert!(explanation.tried().iter().all(|tried| !tried.needs().is_empty()));
        }
    }

    #[test]
    fn other_forms_of_rules_answer_the_same(model in small_bins().prop_flat_map(segment_model)) {
        let (table, boxes) = (model.to_code_table().unwrap(), model.to_boxes().unwrap());
        for cell in all_cells(model.bins()) {
            prop_assert_eq!(table.name_of(cell), model.name_of(cell));
            prop_assert_eq!(boxes.name_of(cell), model.name_of(cell));
        }
        let count = |model: &SegmentModel| model.rules().iter().map(|rule| rule.boxes().len()).sum::<usize>();
        let coverage = model.coverage();
        prop_assert_eq!(count(&table), coverage.cells() - coverage.gaps().len());
        prop_assert!(count(&boxes) <= count(&table));
        prop_assert!(table.coverage().overlaps().is_empty());
        prop_assert!(model.diff(&table).unwrap().changes().is_empty());
        prop_assert!(boxes.diff(&model).unwrap().changes().is_empty());
    }

    #[test]
    fn a_difference_is_told_for_whom_it_may_be(
        rules in clause_rules(BINS), others in clause_rules(BINS), values in proptest::collection::vec(values(), 1..4),
    ) {
        let (model, other) = (clause_model(BINS, &rules), clause_model(BINS, &others));
        let diff = model.diff(&other).unwrap();
        for (cell, values) in all_cells(Axes::all(BINS)).into_iter().flat_map(|cell| values.iter().map(move |values| (cell, values))) {
            let name = |rules: &[ClauseRule]| held(rules, cell, values).first().map_or("Others", |rule| rules[*rule].segment);
            let pair = (name(&rules), name(&others));
            let mut changes = diff.changes().iter().filter(|change| change.cell() == cell).peekable();
            let told = |change: &rfm_core::CodeChange| (change.from(), change.to()) == pair;
            match changes.peek() {
                Some(change) if change.is_certain() => prop_assert!(told(change)),
                _ => prop_assert!(pair.0 == pair.1 || changes.any(told)),
            }
        }
        prop_assert_eq!(diff.pairs().iter().map(|(_, _, codes)| codes).sum::<usize>(), diff.changes().len());
    }

    #[cfg(feature = "toml")]
    #[test]
    fn a_rule_file_keeps_conditions(rules in clause_rules(BINS)) {
        let model = clause_model(BINS, &rules);
        let text = model.to_toml();
        let read = SegmentModel::from_toml(&text).unwrap();
        prop_assert_eq!(read.rules(), model.rules(), "{}", text);
    }
}
