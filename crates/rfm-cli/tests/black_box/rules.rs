//! `rfm rules`.

use crate::place::Place;

#[test]
fn the_list() {
    let place = Place::new();
    let list = place.prints("rules list");
    assert_eq!(list.lines().next(), Some("name            bins  segments  description"));
    let names: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["table-11", "table-11-older", "quartile", "r-readme", "r-testsuite"]);
    assert_eq!(place.prints_json("rules list --json")[2]["bins"]["frequency"], 4);
}

#[test]
fn published_rules_have_gaps() {
    let place = Place::new();
    let readme = place.prints("rules check r-readme");
    assert!(
        readme.contains(
            "\ngaps: 10 of 125 cells have no rule and are `Others`: 215 241 251 252 341 351 441 451 541 551\n"
        ),
        "{readme}"
    );
    assert!(readme.ends_with("\nunreachable segments: none\n"), "{readme}");

    let suite = place.prints("rules check r-testsuite");
    assert!(
        suite.contains(
            "\ngaps: 36 of 125 cells have no rule and are `Others`: 113 114 115 131 141 151 213 214 215 231 241 251\n      \
             314 315 324 325 341 342 351 352 414 415 424 425 441 442 451 452 514 515 524 525 541 542 551\n      552\n"
        ),
        "{suite}"
    );
    assert!(suite.ends_with("\nunreachable segments: `New Customers`, `Promising`, `Can't Lose Them`\n"), "{suite}");
    assert!(suite.contains("\n4     New Customers       2      0     shadowed by Potential Loyalist\n"), "{suite}");

    let document = place.prints_json("rules check r-testsuite --json");
    assert_eq!(document["gaps"].as_array().unwrap().len(), 36);
    assert_eq!(document["unreachable"][2], "Can't Lose Them");
    assert_eq!(document["rules"][8]["state"], "shadowed");
    assert_eq!(document["rules"][8]["loses_to"], serde_json::json!([8]));
}

#[test]
fn strict_is_for_scripts() {
    let place = Place::new();
    assert_eq!(place.rfm("rules check quartile --strict").code, 0);
    let found = place.rfm("rules check r-readme --strict");
    assert_eq!((found.code, found.err.as_str(), found.out), (1, "", place.prints("rules check r-readme")));
}

#[test]
fn own_rules() {
    let rules = "name = \"two\"\nbins = 3\n[[segment]]\nname = \"Best\"\nrecency = \"2-3\"\n\n[[segment]]\nname = \"Also\"\nrecency = 3\n";
    let place = Place::new()
        .with("two.toml", rules)
        .with("codes.csv", "code,segment\n3**,Best\n1**,Rest\n")
        .with("none.toml", "segment = []\n");
    assert_eq!(
        place.prints("rules check two.toml"),
        "two: 2 rules over 27 cells, 3 bins\n\n\
         rule  segment  holds  wins  state\n\
         1     Best     18     18    whole\n\
         2     Also     9      0     shadowed by Best\n\n\
         gaps: 9 of 27 cells have no rule and are `Others`: 111 112 113 121 122 123 131 132 133\n\
         overlaps: 9 cells have several rules, and the first one wins: such as 311 (Best, Also), 312 (Best,\n          \
         Also), 313 (Best, Also)\n\
         unreachable segments: `Also`\n"
    );
    let one = "bins = 2\n[[segment]]\nname = \"A\"\nrecency = 2\n[[segment]]\nname = \"B\"\nfrequency = 2\n\
               [[segment]]\nname = \"C\"\nmonetary = 2\n";
    assert!(
        Place::new()
            .with("one.toml", one)
            .prints("rules check one.toml")
            .contains("\ngaps: 1 of 8 cells has no rule and is `Others`: 111\n")
    );
    assert!(place.prints("rules check codes.csv --bins 4").contains("\ngaps: 32 of 64 cells"));
    assert!(
        place
            .prints("rules check none.toml")
            .contains("\ngaps: 125 of 125 cells have no rule and are `Others`: such as 111 112")
    );
    place.fails("rules check two.toml --bins 5", 2, &["error: `two` is written for 3 bins, not for 5"]);
    assert_eq!(place.rfm("rules show nothing").code, 2);
}

#[test]
fn a_preset_is_a_start_for_own_rules() {
    let place = Place::new();
    let place = {
        let toml = place.prints("rules show quartile --format toml");
        place.with("mine.toml", toml)
    };
    assert_eq!(place.prints("rules show mine.toml"), place.prints("rules show quartile"));
    let shown = place.prints("rules show quartile");
    assert!(shown.starts_with("quartile: 9 segments, 4 bins\n"), "{shown}");
    assert!(
        shown.contains("\n\nChampions (4 of 64 cells)\n  cells: recency 4, frequency 3-4, monetary 3-4\n  who: "),
        "{shown}"
    );
    let document = place.prints_json("rules show quartile --format json");
    assert_eq!(document["rules"][0]["cells"][0]["frequency"], serde_json::json!([3, 4]));
    assert!(!document["segments"][0]["action"].as_str().unwrap().is_empty());
}
