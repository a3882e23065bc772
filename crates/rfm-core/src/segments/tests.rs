use super::*;
use crate::ratio::Ratio;

mod conditions;
mod presets;
#[cfg(feature = "toml")]
mod rule_files;

fn cell(code: &str) -> RfmCell {
    let cells = ScoreBox::from_pattern(code).unwrap();
    RfmCell::from_numbers(cells.recency.low(), cells.frequency.low(), cells.monetary.low()).unwrap()
}

fn codes(cells: &[RfmCell], bins: Axes<u8>) -> String {
    cells.iter().map(|cell| cell.code(bins).to_string()).collect::<Vec<_>>().join(" ")
}

/// Segments and the number of cells that each gets.
fn counts(model: &SegmentModel) -> Vec<(&str, usize)> {
    model.segments().iter().map(|segment| segment.name.as_str()).zip(model.coverage().segments().to_vec()).collect()
}

fn two_rules(first: SegmentRule, second: SegmentRule) -> SegmentModel {
    SegmentModel::builder("two", Axes::all(5)).rule(first).rule(second).build().unwrap()
}

#[test]
fn the_first_rule_that_holds_wins() {
    let (high, all) = (SegmentRule::new("High").recency(4..=5), SegmentRule::new("All"));
    let model = two_rules(high.clone(), all.clone());
    assert_eq!((model.name_of(cell("411")), model.name_of(cell("311"))), ("High", "All"));
    let coverage = model.coverage();
    assert_eq!(coverage.segments(), [50, 75]);
    assert_eq!(
        coverage.rules().iter().map(RuleCoverage::state).collect::<Vec<_>>(),
        [RuleState::Whole, RuleState::PartlyShadowed]
    );
    assert_eq!(
        (coverage.rules()[1].holds(), coverage.rules()[1].wins(), coverage.rules()[1].loses_to()),
        (125, 75, [0].as_slice())
    );
    assert_eq!(
        (coverage.overlaps().len(), coverage.overlaps()[0].cell(), coverage.overlaps()[0].rules()),
        (50, cell("411"), [0, 1].as_slice())
    );

    let turned = two_rules(all, high);
    assert_eq!(turned.name_of(cell("411")), "All");
    assert_eq!(turned.coverage().rules()[1].state(), RuleState::Shadowed);
}

#[test]
fn an_empty_range_makes_a_rule_for_nobody() {
    let model = two_rules(
        SegmentRule::new("Nobody").recency(ScoreRange::new(4, 2)),
        SegmentRule::of_codes("None", "").unwrap(),
    );
    let coverage = model.coverage();
    for rule in coverage.rules() {
        assert_eq!((rule.state(), rule.holds(), rule.state().is_unreachable()), (RuleState::Empty, 0, true));
    }
    assert_eq!((coverage.gaps().len(), coverage.segments()), (125, [0, 0].as_slice()));
}

#[test]
fn a_code_in_two_lists_is_an_overlap() {
    let of_codes = |segment: &str, codes: &str| SegmentRule::of_codes(segment, codes).unwrap();
    let model = two_rules(of_codes("A", "555 554, 5*1\n51*\t555"), of_codes("B", "554 511"));
    let coverage = model.coverage();
    let cells: Vec<RfmCell> = coverage.overlaps().iter().map(Overlap::cell).collect();
    // 511 twice and 555 twice within A change nothing.
    assert_eq!((codes(&cells, model.bins()).as_str(), coverage.segments()), ("511 554", [11, 0].as_slice()));
    assert_eq!(coverage.rules()[1].state(), RuleState::Shadowed);
}

#[test]
fn code_patterns_have_three_parts() {
    let range = |pattern: &str| ScoreBox::from_pattern(pattern).unwrap();
    let any = ScoreRange::ANY;
    assert_eq!(range("543"), Axes { recency: 5.into(), frequency: 4.into(), monetary: 3.into() });
    assert_eq!(range(" 10-4-3 "), Axes { recency: 10.into(), frequency: 4.into(), monetary: 3.into() });
    assert_eq!(range("5*x"), Axes { recency: 5.into(), frequency: any, monetary: any });
    assert_eq!(range("*-10-100"), Axes { recency: any, frequency: 10.into(), monetary: 100.into() });
    assert_eq!(range("5-4-3"), range("543"));
    for text in
        ["", "54", "5432", "05-4", "504", "5-4-101", "5-4-", "-5-4", "5é3", "5 4", "54?", "10-4", "999-1-1", "+1-1-1"]
    {
        let error = ScoreBox::from_pattern(text).unwrap_err().to_string();
        assert_eq!(error, format!("`{text}` is no code: expected three scores such as `543` or `10-4-3`, `*` for any"));
    }
}

#[test]
fn patterns_read_back_what_they_show() {
    for text in ["543", "***", "5*1", "10-4-3", "*-4-10", "100-*-*"] {
        assert_eq!(ScoreBox::from_pattern(text).unwrap().to_pattern().as_deref(), Some(text));
    }
    let ranges = Axes { recency: ScoreRange::new(1, 2), frequency: ScoreRange::ANY, monetary: ScoreRange::ANY };
    assert_eq!(ranges.to_pattern(), None);
}

#[test]
fn codes_of_many_bins_are_rules_too() {
    let model = SegmentModel::builder("wide", Axes { recency: 12, frequency: 3, monetary: 10 })
        .rule(SegmentRule::of_codes("Best", "12-3-10 11-*-10").unwrap())
        .code("Best", ScoreBox::from_pattern("12-1-1").unwrap())
        .code("Rest", ScoreBox::from_pattern("*-1-*").unwrap())
        .build()
        .unwrap();
    assert_eq!(
        (model.name_of(cell("11-2-10")), model.name_of(cell("12-1-1")), model.name_of(cell("1-1-1"))),
        ("Best", "Best", "Rest")
    );
    let coverage = model.coverage();
    assert_eq!((coverage.cells(), coverage.segments()), (360, [5, 118].as_slice()));
    assert_eq!(coverage.gaps()[0].code(model.bins()).to_string(), "1-2-1");
}

#[test]
fn the_lattice_answers_as_the_rules_do() {
    let uneven = SegmentModel::builder("uneven", Axes { recency: 2, frequency: 12, monetary: 3 })
        .rule(SegmentRule::new("A").frequency(3..=7).monetary(2))
        .rule(SegmentRule::of_codes("B", "1-12-* 2-1-1").unwrap())
        .build()
        .unwrap();
    let models =
        SegmentPreset::ALL.map(SegmentPreset::model).into_iter().chain([uneven, SegmentModel::unnamed(Axes::all(3))]);
    for model in models {
        let lattice = model.lattice();
        // Two scores beyond the bins on each dimension.
        for cell in cells(model.bins().map(|_, bins| bins + 2)) {
            let beyond = cell.iter().any(|(dimension, score)| score.number() > model.bins()[dimension]);
            let expected = model.segment_of(cell).filter(|_| !beyond);
            assert_eq!(lattice.segment_of(cell), expected, "{}: {cell:?}", model.name());
        }
    }
}

#[test]
fn models_that_cannot_be_are_refused() {
    let build = |rule: SegmentRule| SegmentModel::builder("m", Axes::all(5)).rule(rule).build().map(|_| ());
    let error = |rule: SegmentRule| build(rule).unwrap_err().to_string();
    assert_eq!(error(SegmentRule::new("A").recency(0..=2)), "segment `A`: recency 0-2 is outside of the scores 1 to 5");
    assert_eq!(error(SegmentRule::new("A").monetary(6)), "segment `A`: monetary 6 is outside of the scores 1 to 5");
    assert_eq!(
        error(SegmentRule::new("A").frequency(ScoreRange::new(6, 5))),
        "segment `A`: frequency 6-5 is outside of the scores 1 to 5"
    );
    assert_eq!(
        error(SegmentRule::new("A").frequency(ScoreRange::new(1, 0))),
        "segment `A`: frequency 1-0 is outside of the scores 1 to 5"
    );
    assert_eq!(
        error(SegmentRule::of_codes("A", "555 5*6").unwrap()),
        "segment `A`: monetary 6 is outside of the scores 1 to 5"
    );
    assert_eq!(error(SegmentRule::new(" ")), "rule 1 has no segment name");
    assert_eq!(build(SegmentRule::new("A").recency(ScoreRange::ANY)), Ok(()));
    for bins in [0, 1, 101] {
        let error = SegmentModel::builder("m", Axes { frequency: bins, ..Axes::all(5) }).build().unwrap_err();
        assert_eq!(error.to_string(), format!("frequency has {bins} bins; expected 2 to 100"));
    }
}

#[test]
fn rules_of_one_segment_share_its_words() {
    let words = Segment { name: "A".to_owned(), action: "Write".to_owned(), ..Segment::default() };
    let model = SegmentModel::builder("m", Axes::all(2))
        .rule(SegmentRule::new("A").recency(1))
        .rule(SegmentRule::new("B").frequency(2))
        .rule(SegmentRule::new("A"))
        .describe(words.clone())
        .fallback("Nobody")
        .build()
        .unwrap();
    assert_eq!((model.segments().len(), &model.segments()[0], model.fallback()), (2, &words, "Nobody"));
    assert_eq!((model.rule_of(cell("211")), model.segment_of(cell("211"))), (Some(2), Some(0)));
    assert_eq!(counts(&model), [("A", 6), ("B", 2)]);
}

#[test]
fn the_default_table_follows_the_number_of_bins() {
    let name = |bins| SegmentModel::default_for(bins).name().to_owned();
    assert_eq!((name(Axes::all(5)), name(Axes::all(4))), ("table-11".to_owned(), "quartile".to_owned()));
    let unnamed = SegmentModel::default_for(Axes { recency: 5, frequency: 5, monetary: 4 });
    assert_eq!((unnamed.name(), unnamed.fallback(), unnamed.rules().len()), ("none", "Unsegmented", 0));
    assert_eq!(unnamed.coverage().gaps().len(), 100);
}

#[test]
fn the_first_row_of_a_code_table_wins_also_with_wildcards() {
    let row = |model: SegmentModelBuilder, code, segment| model.code(segment, ScoreBox::from_pattern(code).unwrap());
    let model = SegmentModel::builder("rows", Axes::all(5));
    let model = row(row(row(row(model, "55*", "A"), "5**", "B"), "54*", "A"), "111", "A").build().unwrap();
    let name = |r, f, m| model.name_of(RfmCell::from_numbers(r, f, m).unwrap());
    assert_eq!([name(5, 5, 1), name(5, 4, 1), name(1, 1, 1)], ["A", "B", "A"]);
    // 54* comes too late for any cell and stands behind B; 111 is free to join it.
    assert_eq!(model.rules().len(), 3);
}

#[test]
fn a_fallback_with_the_name_of_a_segment_is_refused() {
    let model = SegmentModel::builder("twice", Axes::all(5)).rule(SegmentRule::new("Lost").recency(1)).fallback("Lost");
    let message = "the fallback `Lost` is a segment too; end with a rule for `Lost` that takes all cells instead";
    assert_eq!(model.build().unwrap_err().to_string(), message);
}
