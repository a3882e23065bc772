use super::*;
use crate::ratio::Ratio;

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
fn every_preset_builds_and_says_what_it_is() {
    for preset in SegmentPreset::ALL {
        let model = preset.model();
        assert_eq!(model.name(), preset.name());
        assert!(!model.source().is_empty() && model.description() == preset.description());
        for segment in model.segments() {
            let Segment { name, description, meaning, action } = segment;
            assert!([name, description, meaning, action].iter().all(|text| !text.is_empty()), "{preset}: {name}");
        }
        let coverage = model.coverage();
        assert_eq!(coverage.segments().iter().sum::<usize>() + coverage.gaps().len(), coverage.cells());
        assert!(coverage.rules().iter().all(|rule| rule.state() != RuleState::Empty), "{preset}");
    }
}

#[test]
fn presets_are_found_by_name() {
    for (text, preset) in [
        ("table-11", SegmentPreset::Table11),
        (" Table_11_Older ", SegmentPreset::Table11Older),
        ("R-README", SegmentPreset::RReadme),
        ("superstore_11", SegmentPreset::Table11),
        ("classification-table", SegmentPreset::Table11),
    ] {
        assert_eq!(text.parse(), Ok(preset));
    }
    let error = |text: &str| text.parse::<SegmentPreset>().unwrap_err().to_string();
    let there_are = "there are `table-11`, `table-11-older`, `quartile`, `r-readme`, `r-testsuite`, `pymc`, `pypi-rfm`, \
                     `putler`, `customer-360`, `retail-groups`, `platinum-tiers`, `cluster-audience-kit`";
    assert_eq!(error("quartil"), format!("no segments `quartil`; {there_are}; did you mean `quartile`?"));
    assert_eq!(error("r-test-suite"), format!("no segments `r-test-suite`; {there_are}; did you mean `r-testsuite`?"));
    assert_eq!(error("11"), format!("no segments `11`; {there_are}"));
}

#[test]
fn table_11_partitions_the_125_codes() {
    let model = SegmentPreset::Table11.model();
    assert!(model.coverage().is_partition());
    let expected = [
        ("Champions", 7),
        ("Loyal", 8),
        ("Potential Loyalist", 24),
        ("New Customers", 7),
        ("Promising", 16),
        ("Need Attention", 8),
        ("About To Sleep", 8),
        ("At Risk", 22),
        ("Cannot Lose Them", 8),
        ("Hibernating", 11),
        ("Lost", 6),
    ];
    assert_eq!(counts(&model), expected);
}

#[test]
fn the_older_table_differs_in_three_codes() {
    let (table, older) = (SegmentPreset::Table11.model(), SegmentPreset::Table11Older.model());
    assert!(older.coverage().is_partition());
    let moved: Vec<RfmCell> = cells(Axes::all(5)).filter(|cell| table.name_of(*cell) != older.name_of(*cell)).collect();
    assert_eq!(codes(&moved, Axes::all(5)), "231 241 251");
    for cell in moved {
        assert_eq!((table.name_of(cell), older.name_of(cell)), ("About To Sleep", "Hibernating"));
    }
}

#[test]
fn the_quartile_set_partitions_the_64_codes() {
    let model = SegmentPreset::Quartile.model();
    let coverage = model.coverage();
    assert_eq!((coverage.cells(), coverage.is_partition(), model.segments().len()), (64, true, 9));
}

#[test]
fn the_set_of_rs_readme_leaves_ten_codes_unnamed() {
    let model = SegmentPreset::RReadme.model();
    let coverage = model.coverage();
    assert_eq!(codes(coverage.gaps(), model.bins()), "215 241 251 252 341 351 441 451 541 551");
    let expected = [
        ("Champions", 1),
        ("Potential Loyalist", 35),
        ("Loyal Customers", 15),
        ("Promising", 8),
        ("New Customers", 15),
        ("Can't Lose Them", 6),
        ("At Risk", 7),
        ("Need Attention", 4),
        ("About To Sleep", 10),
        ("Lost", 14),
    ];
    assert_eq!(counts(&model), expected);
    assert_eq!(model.name_of(cell("551")), "Others");
}

#[test]
fn the_set_of_rs_tests_has_36_gaps_and_three_segments_for_nobody() {
    let model = SegmentPreset::RTestSuite.model();
    let coverage = model.coverage();
    assert_eq!(coverage.gaps().len(), 36);
    let nobodys: Vec<&str> =
        counts(&model).into_iter().filter(|(_, cells)| *cells == 0).map(|(name, _)| name).collect();
    assert_eq!(nobodys, ["New Customers", "Promising", "Can't Lose Them"]);
    let states = coverage.rules().iter().map(RuleCoverage::state).collect::<Vec<_>>();
    assert_eq!([states[3], states[4], states[8]], [RuleState::Shadowed; 3]);
    assert!(states[3].is_unreachable() && !coverage.is_partition());
    // New Customers (45-1-1) loses to Potential Loyalist, Can't Lose Them (1-45-45) to At Risk.
    assert_eq!((coverage.rules()[3].loses_to(), coverage.rules()[8].loses_to()), ([2].as_slice(), [7].as_slice()));
}

/// Segments that no code reaches.
fn unreachable(model: &SegmentModel) -> Vec<&str> {
    counts(model).into_iter().filter(|(_, cells)| *cells == 0).map(|(name, _)| name).collect()
}

#[test]
fn the_default_of_pymc_lists_46_of_64_codes() {
    let model = SegmentPreset::Pymc.model();
    let coverage = model.coverage();
    assert_eq!(
        counts(&model),
        [
            ("Premium Customer", 8),
            ("Repeat Customer", 7),
            ("Top Spender", 13),
            ("At Risk Customer", 11),
            ("Inactive Customer", 7)
        ]
    );
    assert_eq!((model.fallback(), coverage.overlaps().len()), ("Other", 0));
    let other = "121 131 141 142 213 221 231 241 242 321 331 341 342 421 431 432 441 442";
    assert_eq!(codes(coverage.gaps(), model.bins()), other);
}

#[test]
fn the_segments_of_the_python_package_rfm_cover_all_codes() {
    let model = SegmentPreset::PypiRfm.model();
    assert_eq!(
        counts(&model),
        [
            ("Champions", 8),
            ("Promising", 12),
            ("Loyal Accounts", 19),
            ("Potential Loyalist", 8),
            ("New Active Accounts", 2),
            ("Low Spenders", 22),
            ("Need Attention", 7),
            ("About to Sleep", 7),
            ("At Risk", 24),
            ("Lost", 16)
        ]
    );
    assert!(model.coverage().gaps().is_empty());
}

#[test]
fn putler_has_four_segments_for_nobody_and_76_codes_in_several() {
    let model = SegmentPreset::Putler.model();
    let coverage = model.coverage();
    assert_eq!(
        counts(&model),
        [
            ("Champions", 12),
            ("Loyal Customers", 48),
            ("Potential Loyalist", 30),
            ("Recent Customers", 0),
            ("Promising", 0),
            ("Customers Needing Attention", 7),
            ("About To Sleep", 3),
            ("At Risk", 22),
            ("Can't Lose Them", 0),
            ("Hibernating", 3),
            ("Lost", 0)
        ]
    );
    assert_eq!((coverage.gaps().len(), coverage.overlaps().len()), (0, 76));
    assert_eq!(unreachable(&model), ["Recent Customers", "Promising", "Can't Lose Them", "Lost"]);
}

#[test]
fn customer_360_repeats_a_branch_and_leaves_four_codes() {
    let model = SegmentPreset::Customer360.model();
    let coverage = model.coverage();
    assert_eq!(
        (unreachable(&model), codes(coverage.gaps(), model.bins())),
        (vec!["At Risk"], "124 212 223 314".to_owned())
    );
    assert_eq!((coverage.rules()[7].state(), coverage.rules()[7].loses_to()), (RuleState::Shadowed, [6].as_slice()));
    assert_eq!((model.name_of(cell("343")), model.name_of(cell("334"))), ("Loyal", "Potential Loyalist"));
    // 343 and the eleven codes of the repeated branch.
    assert_eq!(coverage.overlaps().len(), 12);
}

#[test]
fn the_tiers_by_a_weighted_sum_run_backwards() {
    let model = SegmentPreset::RetailGroups.model();
    assert!(model.coverage().gaps().is_empty());
    // Groups of the source, 1 the best: 1.3 is Lost, 2.0 too, 2.1 is At Risk, 4.1 is Loyal.
    for (groups, name) in [
        ([1, 1, 1], "Lost"),
        ([2, 1, 1], "Lost"),
        ([2, 2, 2], "Lost"),
        ([3, 1, 2], "At Risk"),
        ([3, 3, 3], "At Risk"),
        ([4, 4, 4], "Potential Loyalist"),
        ([4, 4, 5], "Loyal Customers"),
        ([5, 5, 5], "Loyal Customers"),
    ] {
        let [recency, frequency, monetary] = groups.map(|group| 6 - group);
        assert_eq!(model.name_of(RfmCell::from_numbers(recency, frequency, monetary).unwrap()), name, "{groups:?}");
    }
}

#[test]
fn tiers_of_fixed_thresholds_cover_all_codes_and_keep_lapsed_gold() {
    let model = SegmentPreset::PlatinumTiers.model();
    assert_eq!(
        counts(&model),
        [
            ("Platinum Elite", 1),
            ("Gold Member", 15),
            ("Silver - New", 16),
            ("At Risk - Needs Promo", 8),
            ("Bronze / Inactive", 16),
            ("General Standard", 8)
        ]
    );
    let lapsed = cells(model.bins()).filter(|cell| cell.recency.number() <= 2 && model.name_of(*cell) == "Gold Member");
    assert_eq!(lapsed.count(), 8);
}

#[test]
fn three_answers_make_eight_segments() {
    let model = SegmentPreset::ClusterAudienceKit.model();
    assert!(model.coverage().is_partition());
    assert_eq!(counts(&model).into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), [8, 12, 12, 18, 12, 18, 18, 27]);
    for (code, name) in [("555", "Champions"), ("443", "Loyal"), ("344", "VIP"), ("333", "Lost")] {
        assert_eq!(model.name_of(cell(code)), name);
    }
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

#[cfg(feature = "toml")]
mod rule_files {
    use super::*;

    fn error(text: &str) -> String {
        SegmentModel::from_toml(text).unwrap_err().to_string()
    }

    fn model(text: &str) -> SegmentModel {
        SegmentModel::from_toml(text).unwrap()
    }

    /// The cells of a rule that is restricted by one line.
    fn cells_of(line: &str) -> usize {
        model(&format!("[[segment]]\nname = \"A\"\n{line}\n")).coverage().segments()[0]
    }

    #[test]
    fn presets_read_back_what_they_write() {
        for preset in SegmentPreset::ALL {
            let model = preset.model();
            assert_eq!(SegmentModel::from_toml(&model.to_toml()), Ok(model), "{preset}");
        }
    }

    #[test]
    fn a_model_without_rules_survives_the_round_trip() {
        let model = SegmentModel::unnamed(Axes::all(3));
        let read = SegmentModel::from_toml(&model.to_toml()).unwrap();
        assert_eq!((read.fallback(), read.lattice()), ("Unsegmented", model.lattice()));
        assert_eq!(read.to_toml(), model.to_toml());
    }

    #[test]
    fn awkward_names_and_bins_survive_the_round_trip() {
        let model = SegmentModel::builder("a \"b\" \\ \u{7f}\n\u{1}", Axes { recency: 2, frequency: 12, monetary: 3 })
            .rule(SegmentRule::new("Can't 'lose' \"them\"\t#1").recency(2).frequency(10..=12))
            .rule(SegmentRule::new("Größe = [x]"))
            .rule(SegmentRule::of_codes("Größe = [x]", "2-10-* *-*-3").unwrap())
            .rule(SegmentRule::of_codes("Nobody", "").unwrap())
            .rule(SegmentRule::new("Empty").monetary(ScoreRange::new(3, 1)))
            .fallback("")
            .build()
            .unwrap();
        assert_eq!(SegmentModel::from_toml(&model.to_toml()), Ok(model));
    }

    #[test]
    fn a_rule_of_several_boxes_is_written_as_several_rules() {
        let low_high = |low, high| Axes { recency: ScoreRange::new(low, high), ..Axes::all(ScoreRange::ANY) };
        let rule = SegmentRule::of_boxes("Ends", vec![low_high(1, 2), low_high(5, 5)]);
        let model = two_rules(rule, SegmentRule::new("Middle"));
        let read = SegmentModel::from_toml(&model.to_toml()).unwrap();
        assert_eq!((read.rules().len(), read.lattice()), (3, model.lattice()));
    }

    #[test]
    fn ranges_are_written_in_several_ways() {
        for (line, scores) in [
            ("recency = 5", 1),
            ("recency = \"5\"", 1),
            ("recency = \"2-4\"", 3),
            ("recency = \" 2 - 4 \"", 3),
            ("recency = [2, 4]", 3),
            ("recency = \">=4\"", 2),
            ("recency = \"<= 4\"", 4),
            ("recency = \"any\"", 5),
            ("recency = \"*\"", 5),
            ("# any", 5),
            ("recency = 0x5", 1),
            ("recency = [0b1, 0x4]", 4),
        ] {
            assert_eq!(cells_of(line), scores * 25, "{line}");
        }
        assert_eq!(cells_of("codes = \"555, 54*\""), 6);
        assert_eq!(cells_of("codes = [\"555\", \"54* 53*\"]"), 11);
    }

    #[test]
    fn what_a_file_does_not_say_has_a_default() {
        let plain = model("[[segment]]\nname = \"A\"");
        assert_eq!((plain.name(), plain.fallback(), plain.bins()), ("rules", "Others", Axes::all(5)));
        let bins = model("bins = { recency = 10, frequency = 3, monetary = 2 }\n[[segment]]\nname = \"A\"").bins();
        assert_eq!(bins, Axes { recency: 10, frequency: 3, monetary: 2 });
        assert_eq!(model("segment = []").coverage().gaps().len(), 125);
    }

    #[test]
    fn unknown_keys_are_refused_with_the_nearest_one() {
        assert_eq!(
            error("name = \"x\"\nfalback = \"y\"\n"),
            "line 2, column 1: unknown key `falback`; expected one of `name`, `description`, `source`, `bins`, \
             `fallback`, `segment`; did you mean `fallback`?"
        );
        assert_eq!(
            error("[[segment]]\r\nname = \"Größe\"\r\n  recensy = 5\r\n"),
            "line 3, column 3: unknown key `recensy`; expected one of `name`, `recency`, `frequency`, `monetary`, \
             `codes`, `when`, `description`, `meaning`, `action`; did you mean `recency`?"
        );
        assert_eq!(
            error("bins = { recency = 5, frequenz = 5, monetary = 5 }\n"),
            "line 1, column 23: unknown key `frequenz`; expected one of `recency`, `frequency`, `monetary`; \
             did you mean `frequency`?"
        );
        // Of two the first in the file is told, not the first of the alphabet.
        let both = error("zzz = 1\naaa = 2\n");
        assert!(both.starts_with("line 1, column 1: unknown key `zzz`; expected"), "{both}");
    }

    #[test]
    fn values_of_another_kind_are_refused() {
        let range = "expected a score, or a range such as \"4-5\", \">=4\", \"<=2\" or \"any\"";
        let segment = |line: &str| error(&format!("[[segment]]\nname = \"A\"\n{line}\n"));
        assert_eq!(
            segment("recency = \"4..5\""),
            format!("line 3, column 11: `recency`: {range}, found the text \"4..5\"")
        );
        assert_eq!(segment("monetary = 4.5"), format!("line 3, column 12: `monetary`: {range}, found the number 4.5"));
        assert_eq!(segment("frequency = true"), format!("line 3, column 13: `frequency`: {range}, found true"));
        assert_eq!(segment("recency = [1, 2, 3]"), format!("line 3, column 11: `recency`: {range}, found a list"));
        assert_eq!(segment("recency = -1"), format!("line 3, column 11: `recency`: {range}, found the number -1"));
        assert_eq!(segment("recency = 256"), format!("line 3, column 11: `recency`: {range}, found the number 256"));
        assert_eq!(segment("action = 1"), "line 3, column 10: `action`: expected a text in quotes, found the number 1");
        assert_eq!(
            segment("codes = 555"),
            "line 3, column 9: `codes`: expected a list of codes such as [\"555\", \"54*\"], found the number 555"
        );
        assert_eq!(
            segment("codes = [555]"),
            "line 3, column 10: `codes`: expected a text in quotes, found the number 555"
        );
        let bins = "expected a number from 2 to 100, or one for each dimension";
        assert_eq!(error("bins = 1"), format!("line 1, column 8: `bins`: {bins}, found the number 1"));
        assert_eq!(error("bins = { recency = 5 }"), format!("line 1, column 8: `bins`: {bins}, found a table"));
        assert_eq!(
            error("segment = 5"),
            "line 1, column 11: `segment`: expected tables headed [[segment]], found the number 5"
        );
        assert_eq!(
            error("[segment]\nname = \"A\""),
            "line 1, column 1: `segment`: expected tables headed [[segment]], found a table"
        );
    }

    #[test]
    fn scores_that_there_cannot_be_are_refused() {
        let segment = |line: &str| error(&format!("bins = 4\n\n[[segment]]\nname = \"A\"\n{line}\n"));
        let outside = |found: &str| format!("line 5, column 11: `recency`: expected scores from 1 to 4, found {found}");
        assert_eq!(segment("recency = \"4-5\""), outside("the text \"4-5\""));
        assert_eq!(segment("recency = 0"), outside("the number 0"));
        assert_eq!(segment("recency = \">=5\""), outside("the text \">=5\""));
        assert_eq!(segment("recency = [3, 5]"), outside("a list"));
        assert_eq!(
            segment("codes = [\"444\", \"5**\"]"),
            "line 5, column 17: `codes`: expected scores from 1 to 4, found the text \"5**\""
        );
        assert_eq!(
            segment("codes = [\"444\", \"44\"]"),
            "line 5, column 17: `44` is no code: expected three scores such as `543` or `10-4-3`, `*` for any"
        );
    }

    #[test]
    fn what_is_needed_is_missed() {
        assert_eq!(error(""), "line 1, column 1: missing key `segment`");
        assert_eq!(error("name = \"x\"\nbins = 4\n"), "line 1, column 1: missing key `segment`");
        assert_eq!(error("bins = 5\n[[segment]]\nrecency = 5\n"), "line 2, column 1: missing key `name`");
        assert_eq!(error("[[segment]]\nname = \" \"\n"), "line 1, column 1: rule 1 has no segment name");
    }

    #[test]
    fn ranges_and_codes_exclude_each_other() {
        assert_eq!(
            error("[[segment]]\nname = \"A\"\ncodes = [\"555\"]\nrecency = 5\n"),
            "line 3, column 9: a segment has either ranges or `codes`, not both"
        );
    }

    #[test]
    fn conditions_stand_beside_ranges_and_codes() {
        let text = "[[segment]]\nname = \"A\"\nrecency = \"4-5\"\nwhen = \"f + m >= 9\"\n\
                    [[segment]]\nname = \"B\"\ncodes = [\"1**\", \"211\"]\nwhen = \'not orders > 3 or f = 1\'\n\
                    [[segment]]\nname = \"C\"\nwhen = \"r = 3\"\n";
        let model = model(text);
        let coverage = model.coverage();
        assert_eq!(
            (coverage.segments(), coverage.possible_segments()),
            ([6, 6, 25].as_slice(), [6, 26, 25].as_slice())
        );
        assert_eq!(SegmentModel::from_toml(&model.to_toml()), Ok(model));
    }

    #[test]
    fn a_condition_beside_several_boxes_survives_the_round_trip() {
        let low_high = |low, high| Axes { recency: ScoreRange::new(low, high), ..Axes::all(ScoreRange::ANY) };
        let rule = SegmentRule::of_boxes("Ends", vec![low_high(1, 2), low_high(5, 5)]);
        let model = two_rules(rule.when("f > m".parse().unwrap()), SegmentRule::new("Middle"));
        let read = SegmentModel::from_toml(&model.to_toml()).unwrap();
        assert_eq!((read.rules().len(), read.lattice()), (3, model.lattice()));
    }

    #[test]
    fn what_is_wrong_with_a_condition_has_its_place_in_the_file() {
        let segment = |line: &str| error(&format!("[[segment]]\nname = \"A\"\n{line}\n"));
        assert_eq!(segment("when = \"r >= 4 and (f + m\""), "line 3, column 26: `when`: expected `)`, found the end");
        assert_eq!(
            segment("  when = \'r >> 4\'"),
            "line 3, column 13: `when`: expected one of `<` `<=` `=` `!=` `>=` `>`, found `>>`"
        );
        assert_eq!(
            segment("when = \"\"\"\nr >= 4\n  and größe > 5\n\"\"\"").split(';').next(),
            Some("line 5, column 7: `when`: unknown name `größe`")
        );
        // The characters are not those of the text: the place is where it begins.
        assert_eq!(
            segment("when = \"r \\u003e 4 and\""),
            "line 3, column 8: `when`: expected a score, a measure or a number, found the end"
        );
        assert_eq!(segment("when = 5"), "line 3, column 8: `when`: expected a text in quotes, found the number 5");
    }

    #[test]
    fn text_that_is_no_toml_is_refused_with_its_place() {
        for (text, expected) in [
            ("[[segment]]\nname = \"A\nrecency = 5\n", "line 2, column 10: "),
            ("[[segment]]\nname = A\n", "line 2, column 8: "),
            ("[[segment]]\nname = \"A\"\nname = \"B\"\n", "line 3, column 1: "),
            ("[[segment]\n", "line 1, column "),
        ] {
            let error = SegmentModel::from_toml(text).unwrap_err();
            assert!(matches!(error.problem, RuleFileProblem::Syntax { .. }));
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }
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
