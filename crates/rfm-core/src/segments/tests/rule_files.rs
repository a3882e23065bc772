//! Rules as files.

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
    assert_eq!(segment("codes = [555]"), "line 3, column 10: `codes`: expected a text in quotes, found the number 555");
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
    assert_eq!((coverage.segments(), coverage.possible_segments()), ([6, 6, 25].as_slice(), [6, 26, 25].as_slice()));
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
