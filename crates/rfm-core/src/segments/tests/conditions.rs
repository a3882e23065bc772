//! Rules over more than scores.

use super::*;

#[test]
fn measures_are_asked_only_where_scores_do_not_decide() {
    let model = SegmentModel::builder("three", Axes::all(5))
        .rule(SegmentRule::new("Top").recency(5).frequency(5).monetary(5))
        .rule(SegmentRule::new("Fresh").when("recency_days < 30".parse().unwrap()))
        .rule(SegmentRule::new("Rest").recency(1..=4))
        .build()
        .unwrap();
    let days = |days: i64, code: &str| Facts::new(cell(code)).with(RuleMeasure::RecencyDays, Ratio::from(days));
    assert_eq!(model.rule_for(&Facts::new(cell("555"))), Ok(Some(0)));
    let unknown = Err(MissingFact { measure: RuleMeasure::RecencyDays });
    assert_eq!(model.rule_for(&Facts::new(cell("455"))), unknown);
    assert_eq!(
        [days(29, "455"), days(30, "455"), days(30, "554")].map(|facts| model.rule_for(&facts).unwrap()),
        [Some(1), Some(2), None]
    );
    assert_eq!((model.measures(), model.is_over_scores()), (vec![RuleMeasure::RecencyDays], false));
    assert_eq!(
        (model.name_of(cell("555")), model.name_of(cell("455")), model.name_of(cell("554"))),
        ("Top", "Rest", "Others")
    );
}

#[test]
fn a_rule_tells_what_a_customer_lacks() {
    let unmet =
        |rule: &SegmentRule, facts: &Facts| rule.unmet(facts).iter().map(ToString::to_string).collect::<Vec<_>>();
    let facts = Facts::new(cell("342")).with(RuleMeasure::Orders, Ratio::from(2));
    let rule = SegmentRule::new("A").recency(4..=5).monetary(2);
    assert_eq!(unmet(&rule, &facts), ["recency 4-5"]);
    let rule = rule.when("(r > 3 or m > 3) and f = 4 and not orders = 2".parse().unwrap());
    assert_eq!(unmet(&rule, &facts), ["recency 4-5", "r > 3 or m > 3", "not orders = 2"]);
    let codes = SegmentRule::of_codes("A", "34* 111").unwrap();
    assert_eq!(unmet(&codes, &facts), Vec::<String>::new());
    assert_eq!(unmet(&codes, &Facts::new(cell("333"))), ["any of its codes"]);
    // What nobody knows is not met either.
    assert_eq!(unmet(&SegmentRule::new("A").when("total > 5".parse().unwrap()), &facts), ["total > 5"]);
}

/// The states of rules over one score that are told apart by conditions.
fn states(conditions: &[&str]) -> Vec<RuleState> {
    let rules = conditions.iter().enumerate();
    let rules = rules.map(|(at, text)| SegmentRule::new(format!("S{at}")).when(text.parse().unwrap()));
    let model = rules.fold(SegmentModel::builder("x", Axes::all(2)), SegmentModelBuilder::rule).build().unwrap();
    model.coverage().rules().iter().map(RuleCoverage::state).collect()
}

#[test]
fn bounds_of_one_measure_are_compared_with_each_other() {
    use RuleState::{Empty, MaybeShadowed, PartlyShadowed, Shadowed, Whole};
    assert_eq!(states(&["recency_days < 30", "recency_days < 20"]), [Whole, Shadowed]);
    assert_eq!(states(&["recency_days < 20", "recency_days < 30"]), [Whole, PartlyShadowed]);
    assert_eq!(states(&["recency_days < 20", "recency_days >= 20"]), [Whole, Whole]);
    assert_eq!(states(&["recency_days < 20 or recency_days >= 20", "r = 1"]), [Whole, Shadowed]);
    assert_eq!(states(&["orders < 3 and orders > 2"]), [Empty]);
    assert_eq!(states(&["mean_order < 3 and mean_order > 2"]), [Whole]);
    assert_eq!(states(&["recency_days < 0"]), [Empty]);
    assert_eq!(states(&["return_rate < 0", "returned < 0", "total < 0"]), [Empty, Empty, Whole]);
    assert_eq!(
        states(&["orders >= 3", "recency_days < 20", "orders < 3 and recency_days >= 20", "true"]),
        [Whole, MaybeShadowed, Whole, Shadowed],
        "that anybody has both is not proven"
    );
    // So many bounds that they are not looked at: nothing is claimed of them.
    let many = (0..9).map(|bound| format!("{bound} = "));
    let measures = ["recency_days", "orders", "lines", "active_days", "tenure_days", "total"];
    let many: Vec<String> = many.flat_map(|bound| measures.map(|measure| format!("{bound}{measure}"))).collect();
    let every: Vec<&str> = many.iter().map(String::as_str).chain(["r = 1", "r = 1 and orders >= 0"]).collect();
    let states = states(&every);
    assert_eq!(states[states.len() - 3..], [MaybeShadowed, MaybeShadowed, Shadowed]);
}

#[test]
fn what_is_proven_of_cells_and_what_is_possible_are_told_apart() {
    let model = SegmentModel::builder("two", Axes::all(2))
        .rule(SegmentRule::new("Best").recency(2).when("orders > 3".parse().unwrap()))
        .rule(SegmentRule::new("Good").recency(2).frequency(2))
        .build()
        .unwrap();
    let coverage = model.coverage();
    assert_eq!(
        (codes(coverage.gaps(), Axes::all(2)), codes(coverage.possible_gaps(), Axes::all(2))),
        ("111 112 121 122".to_owned(), "211 212".to_owned())
    );
    assert_eq!((coverage.segments(), coverage.possible_segments()), ([0, 0].as_slice(), [4, 2].as_slice()));
    assert_eq!((coverage.overlaps().len(), coverage.possible_overlaps().len()), (0, 2));
    assert_eq!(coverage.possible_overlaps()[0].rules(), [0, 1]);
    let rules = coverage.rules();
    assert_eq!((rules[0].holds(), rules[0].may_hold(), rules[0].wins(), rules[0].may_win()), (0, 4, 0, 4));
    assert_eq!((rules[1].holds(), rules[1].may_hold(), rules[1].wins(), rules[1].may_win()), (2, 2, 0, 2));
    assert_eq!((rules[1].state(), rules[1].loses_to()), (RuleState::PartlyShadowed, [0].as_slice()));
    assert!(!coverage.is_partition());
}

#[test]
fn what_a_rule_loses_is_proven_by_one_measure_only() {
    use RuleState::{MaybeShadowed, PartlyShadowed, Whole};
    // Nobody has more orders than lines.
    assert_eq!(states(&["orders > 5", "lines < 3"]), [Whole, MaybeShadowed]);
    assert_eq!(states(&["orders > 5", "orders > 3", "lines < 3"]), [Whole, PartlyShadowed, MaybeShadowed]);
    assert_eq!(states(&["r = 1 or orders > 5", "r = 1 or r = 2"]), [Whole, PartlyShadowed]);
}

#[test]
fn rules_that_hold_too_many_cells_are_refused() {
    let model = |rules: usize| {
        let rules = (0..rules).map(|at| SegmentRule::new(format!("S{at}")));
        rules.fold(SegmentModel::builder("all", Axes::all(100)), SegmentModelBuilder::rule).build()
    };
    assert!(model(50).is_ok());
    let error = model(51).unwrap_err();
    assert_eq!(error, SegmentError::TooManyCells { cells: 51_000_000, most: SegmentModel::MOST_CELLS });
    assert_eq!(
        error.to_string(),
        "the rules hold 51000000 cells, of 50000000 at most; cells in several boxes count several times: \
         use fewer rules or bins"
    );
    let rows = (0..60).fold(SegmentModel::builder("rows", Axes::all(100)), |rows, at| {
        rows.code(&format!("S{}", at % 2), Axes::all(ScoreRange::ANY))
    });
    assert!(matches!(rows.build(), Err(SegmentError::TooManyCells { .. })));
    // Boxes outside of the bins hold nothing, and are another error.
    let outside = SegmentRule::new("A").recency(ScoreRange::new(101, 200));
    let outside = SegmentModel::builder("x", Axes::all(100)).rule(outside).build();
    assert!(matches!(outside, Err(SegmentError::OutOfRange { .. })));
}

#[test]
fn many_rules_over_a_large_lattice_are_checked() {
    let rules = (0..20).map(|at| SegmentRule::new(format!("S{at}")).monetary(ScoreRange::new(1, 100 - at)));
    let model = rules.fold(SegmentModel::builder("wide", Axes::all(100)), SegmentModelBuilder::rule).build().unwrap();
    let coverage = model.coverage();
    assert_eq!((coverage.cells(), coverage.segments()[0], coverage.overlaps().len()), (1_000_000, 1_000_000, 990_000));
    assert_eq!(coverage.overlaps()[0].rules().len(), 20);
    assert_eq!(coverage.overlaps()[98].rules(), [0, 1]);
    assert!(model.diff(&model).unwrap().changes().is_empty());
}
