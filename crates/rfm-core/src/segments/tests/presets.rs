//! The built-in models.

use super::*;

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
