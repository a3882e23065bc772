//! `rfm rules`.

use crate::place::Place;

#[test]
fn the_list() {
    let place = Place::new();
    let list = place.prints("rules list");
    let header = "name                  bins  segments  unnamed  overlaps  unreachable  description";
    assert_eq!(list.lines().next(), Some(header));
    let names: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names[..5], ["table-11", "table-11-older", "quartile", "r-readme", "r-testsuite"]);
    assert_eq!(names[5..9], ["pymc", "pypi-rfm", "putler", "customer-360"]);
    assert_eq!(names[9..], ["retail-groups", "platinum-tiers", "cluster-audience-kit"]);
    assert!(
        list.contains("\nputler                5     11        0        76        4            Putler: 11 segments"),
        "{list}"
    );
    assert!(list.contains(" (also superstore-11, classification-table)\n"), "{list}");
    assert_eq!(place.prints("rules show superstore-11"), place.prints("rules show table-11"));
    let document = place.prints_json("rules list --json");
    assert_eq!((&document[2]["bins"]["frequency"], &document[5]["unnamed"]), (&4.into(), &18.into()));
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

const MIXED: &str = "name = \"mixed\"\n\
    [[segment]]\nname = \"Fresh\"\nwhen = \"recency_days < 30 and orders >= 2\"\n\
    [[segment]]\nname = \"Week\"\nrecency = \"4-5\"\nwhen = \"recency_days < 7 and orders > 2\"\n\
    [[segment]]\nname = \"Good\"\nwhen = \"(f + m)/2 >= 4\"\n\
    [[segment]]\nname = \"Rich\"\nwhen = \"total >= 10 or largest_order > 50\"\n";

#[test]
fn what_depends_on_measures_is_told_apart() {
    let place = Place::new().with("mixed.toml", MIXED);
    let check = place.prints("rules check mixed.toml");
    assert!(
        check.starts_with(
            "mixed: 4 rules over 125 cells, 5 bins\n\n\
             rule  segment  holds     wins      state\n\
             1     Fresh    0 to 125  0 to 125  whole\n\
             2     Week     0 to 50   0         shadowed by Fresh\n\
             3     Good     30        0 to 30   perhaps partly shadowed by Fresh\n\
             4     Rich     0 to 125  0 to 95   perhaps partly shadowed by Fresh, Good\n\n\
             gaps: none\n\
             possible gaps: 95 cells, depending on measures: such as 111 112 113"
        ),
        "{check}"
    );
    assert!(
        check.contains("\noverlaps: none\npossible overlaps: 125 cells have customers with several rules, "),
        "{check}"
    );
    assert!(check.ends_with("\nunreachable segments: `Week`\n"), "{check}");
    assert_eq!(place.rfm("rules check mixed.toml --strict").code, 1);
    let document = place.prints_json("rules check mixed.toml --json");
    assert_eq!(document["measures"], serde_json::json!(["recency_days", "orders", "total", "largest_order"]));
    assert_eq!((&document["rules"][2]["holds"], &document["rules"][2]["wins"]), (&30.into(), &0.into()));
    assert_eq!(document["rules"][2]["may_win"], 30);
    assert_eq!(document["possible_gaps"].as_array().unwrap().len(), 95);

    let shown = place.prints("rules show mixed.toml");
    assert!(
        shown.contains("\n\nWeek (0 of 125 cells)\n  cells: recency 4-5\n  when: recency_days < 7 and orders > 2\n"),
        "{shown}"
    );
    assert!(shown.contains("\n\nGood (0 to 30 of 125 cells)\n  when: (f + m)/2 >= 4\n"), "{shown}");
    assert_eq!(place.prints_json("rules show mixed.toml --format json")["rules"][2]["when"], "(f + m)/2 >= 4");
    place.fails(
        "rules show mixed.toml --format codes",
        2,
        &[
            "error: the rule of segment `Fresh` compares `recency_days`, which no code tells",
            "help: print the rules with --format toml",
        ],
    );
}

#[test]
fn customers_are_named_by_conditions() {
    let place = Place::new().with("mixed.toml", MIXED);
    let segments = |arguments: &str| -> Vec<String> {
        let customers = place.prints(&format!("segment orders.csv --segments {arguments} --output - --quiet"));
        customers.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().to_owned()).collect()
    };
    // The largest order is kept because a rule asks for it.
    assert_eq!(segments("mixed.toml"), ["Fresh", "Others", "Rich"]);
    let table = "customer,last,orders,total\nann,2024-03-01,2,27.49\nbob,2024-01-15,1,5\n";
    let place = place.with("customers.csv", table);
    place.fails(
        "segment customers.csv --level customers --customer customer --date last --frequency-column orders --amount total \
         --segments mixed.toml --quiet",
        1,
        &["error: the rule of segment `Rich` compares `largest_order`, which needs the value of each order, which these summaries do not have"],
    );
    let place = place.with("old.toml", "[[segment]]\nname = \"Old\"\nwhen = \"tenure_days > 30\"\n");
    place.fails(
        "segment customers.csv --level customers --customer customer --date last --frequency-column orders --amount total \
         --segments old.toml --quiet",
        2,
        &[
            "error: segments `rules`: tenure_days needs the first order of each customer",
            "help: name its column with --first-order",
        ],
    );
    let place = place.with("wrong.toml", "[[segment]]\nname = \"A\"\nwhen = \"r >= 4 and recency_day < 7\"\n");
    let outcome = place.rfm("segment orders.csv --segments wrong.toml");
    assert!(
        outcome.err.starts_with("error: wrong.toml, line 3, column 20: `when`: unknown name `recency_day`; "),
        "{}",
        outcome.err
    );
    assert!(outcome.err.contains("did you mean `recency_days`?"), "{}", outcome.err);
}

#[test]
fn rules_may_ask_for_returns() {
    let orders = "customer,order,date,amount\nann,1,2024-03-01,20\nann,2,2024-03-02,20\nann,3,2024-03-03,20\nann,4,2024-03-04,-31\n\
                  bob,5,2024-03-01,20\nbob,6,2024-03-02,20\nbob,7,2024-03-03,20\nbob,8,2024-03-04,-30\n";
    let rules = "[[segment]]\nname = \"Margin Drainers\"\nwhen = \"return_rate > 0.5 and orders > 2\"\n";
    let place = Place::new().with("orders.csv", orders).with("returns.toml", rules);
    let customers = place.prints("segment orders.csv --returns separate --segments returns.toml --output - --quiet");
    let segments: Vec<&str> = customers.lines().skip(1).filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!(segments, ["Margin Drainers", "Others"]);
    let outcome = place.rfm("segment orders.csv --segments returns.toml --quiet");
    assert!(
        outcome.err.starts_with(
            "error: the rule of segment `Margin Drainers` compares `return_rate`, which needs returns beside purchases, which \
             these summaries do not have\nhelp: add --returns separate, which keeps them beside what was bought\n"
        ),
        "{}",
        outcome.err
    );
}

#[test]
fn other_forms_mean_the_same() {
    let place = Place::new();
    for preset in ["table-11", "putler", "customer-360", "r-testsuite", "quartile"] {
        let (codes, boxes) = (
            place.prints(&format!("rules show {preset} --format codes")),
            place.prints(&format!("rules show {preset} --format boxes")),
        );
        let place = Place::new().with("codes.csv", codes).with("boxes.toml", boxes);
        let bins = if ["customer-360", "quartile"].contains(&preset) { 64 } else { 125 };
        let other = if preset == "customer-360" {
            // A table of codes does not name the fallback.
            "4 of 64 codes have another segment\n  from   to      codes\n  Other  Others  4      124 212 223 314\n"
                .to_owned()
        } else {
            format!("all {bins} codes have the same segment\n")
        };
        let diff = place.prints(&format!("rules diff {preset} codes.csv"));
        assert!(diff.ends_with(&format!("bins\n\n{other}")), "{diff}");
        let diff = place.prints(&format!("rules diff boxes.toml {preset}"));
        assert!(diff.ends_with(&format!("\n\nall {bins} codes have the same segment\n")), "{diff}");
    }
}

#[test]
fn what_other_rules_change() {
    let place = Place::new().with("mixed.toml", MIXED).with("three.csv", "code,segment\n555,Best\n");
    assert_eq!(
        place.prints("rules diff table-11-older table-11"),
        "from `table-11-older` to `table-11`, 5 bins\n\n\
         3 of 125 codes have another segment\n  \
         from         to              codes\n  \
         Hibernating  About To Sleep  3      231 241 251\n"
    );
    let diff = place.prints("rules diff table-11 mixed.toml orders.csv --quiet");
    assert!(diff.contains("  Need Attention      Good    1      535?\n"), "{diff}");
    assert!(diff.contains("  ? some customers with the code, depending on measures\n\n"), "{diff}");
    assert!(
        diff.ends_with(
            "3 of 3 customers (100.0%) have another segment\n  \
             from                to      customers\n  \
             Potential Loyalist  Fresh   1\n  \
             Promising           Rich    1\n  \
             Lost                Others  1\n"
        ),
        "{diff}"
    );
    let document = place.prints_json("rules diff table-11-older table-11 orders.csv --json --quiet");
    assert_eq!(
        document["changes"][0],
        serde_json::json!({
            "code": "231", "from": "Hibernating", "to": "About To Sleep", "is_certain": true
        })
    );
    assert_eq!((&document["customers"]["customers"], &document["customers"]["other_segment"]), (&3.into(), &0.into()));
    assert!(place.prints_json("rules diff table-11-older table-11 --json")["customers"].is_null());

    place.fails(
        "rules diff table-11 quartile",
        2,
        &["error: `table-11` is written for 5 bins and `quartile` for 4: their codes cannot be compared"],
    );
    let outcome = place.rfm("rules diff table-11 mixed.toml orders.csv --segments pymc");
    assert_eq!(
        (outcome.code, outcome.err.lines().next()),
        (2, Some("error: --segments says nothing beside two sets of rules"))
    );
    // Settings are read for the inputs; which segments they name does not matter here.
    let place = place.with("rfm.toml", "[segment]\nsegments = \"pymc\"\nkeep = \"nothing\"\n");
    assert_eq!(place.rfm("rules diff table-11-older table-11").code, 0);
    assert!(place.rfm("rules diff table-11-older table-11 orders.csv").err.contains("`keep`"));
    let place = place.with("rfm.toml", "[segment]\nsegments = \"pymc\"\nuntil = 2024-02-28\nquiet = true\n");
    let diff = place.prints("rules diff table-11-older table-11 orders.csv -q");
    assert!(diff.ends_with("\n0 of 3 customers (0.0%) have another segment\n"), "{diff}");
}

/// The TOML of this reader as JSON, as tools that validate see it.
fn as_json(value: &toml::de::DeValue<'_>) -> serde_json::Value {
    use toml::de::DeValue;
    match value {
        DeValue::String(text) => serde_json::Value::from(text.as_ref()),
        DeValue::Integer(number) => serde_json::from_str(number.as_str()).unwrap(),
        DeValue::Float(number) => serde_json::from_str(number.as_str()).unwrap(),
        DeValue::Boolean(answer) => (*answer).into(),
        DeValue::Datetime(date) => date.to_string().into(),
        DeValue::Array(entries) => entries.iter().map(|entry| as_json(entry.get_ref())).collect(),
        DeValue::Table(table) => {
            table.iter().map(|(key, value)| (key.get_ref().to_string(), as_json(value.get_ref()))).collect()
        }
    }
}

fn violations(schema: &serde_json::Value, text: &str) -> Vec<String> {
    let root = toml::de::DeTable::parse(text).unwrap();
    let document = as_json(&toml::de::DeValue::Table(root.into_inner()));
    rfm_testkit::schema::violations(schema, &document)
}

#[test]
fn the_schema_says_what_the_reader_takes() {
    let place = Place::new();
    let schema = place.prints_json("schema rules");
    for preset in place.prints_json("rules list --json").as_array().unwrap() {
        let name = preset["name"].as_str().unwrap();
        for format in ["toml", "boxes"] {
            let text = place.prints(&format!("rules show {name} --format {format}"));
            assert_eq!(violations(&schema, &text), [""; 0], "{name}");
        }
    }
    assert_eq!(violations(&schema, MIXED), [""; 0]);

    // The keys that the reader names when it meets one that it does not know.
    let known = |text: &str| -> Vec<String> {
        let message = Place::new().with("r.toml", text).rfm("rules check r.toml").err;
        let keys = message
            .split_once("expected one of ")
            .unwrap()
            .1
            .lines()
            .next()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        keys.split(", ").map(|key| key.trim_matches('`').to_owned()).collect()
    };
    let described =
        |properties: &serde_json::Value| -> Vec<String> { properties.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(known("qqqqq = 1\n"), described(&schema["properties"]));
    assert_eq!(known("[[segment]]\nqqqqq = 1\n"), described(&schema["$defs"]["rule"]["properties"]));
    assert_eq!(known("bins = { qqqqq = 1 }\n"), described(&schema["properties"]["bins"]["properties"]));

    for text in [
        "segment = 1",
        "bins = 1\nsegment = []",
        "bins = { recency = 5 }\nsegment = []",
        "[[segment]]\nrecency = 5",
        "[[segment]]\nname = 1",
        "[[segment]]\nname = \"A\"\nrecency = 4.5",
        "[[segment]]\nname = \"A\"\nrecency = [1, 2, 3]",
        "[[segment]]\nname = \"A\"\ncodes = [555]",
        "[[segment]]\nname = \"A\"\ncodes = \"555\"\nrecency = 5",
        "[[segment]]\nname = \"A\"\nwhen = 5",
    ] {
        assert!(!violations(&schema, text).is_empty(), "{text}");
        assert_eq!(Place::new().with("r.toml", text).rfm("rules check r.toml").code, 2, "{text}");
    }
}

#[test]
fn the_rules_of_the_documentation_are_rules() {
    let documentation = include_str!("../../../../docs/rules.md");
    let blocks: Vec<&str> =
        documentation.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty());
    let schema = Place::new().prints_json("schema rules");
    for block in blocks {
        let place = Place::new().with("shop.toml", block);
        assert!(place.prints("rules check shop.toml").contains("\nunreachable segments: none\n"));
        assert_eq!(violations(&schema, block), [""; 0]);
    }
    // Every measure is explained.
    let message =
        Place::new().with("r.toml", "[[segment]]\nname = \"A\"\nwhen = \"qqq > 1\"\n").rfm("rules check r.toml").err;
    let measures = message.split_once("`m` and ").unwrap().1.lines().next().unwrap();
    for measure in measures.split(", ").map(|name| name.trim_end()) {
        assert!(documentation.contains(measure), "{measure}");
    }
}

#[test]
fn a_segment_that_nobody_can_get_is_noted() {
    let rule = |name: &str, recency: &str| format!("[[segment]]\nname = \"{name}\"\nrecency = {recency}\n");
    let rules = format!("name = \"own\"\n{}{}{}", rule("Recent", "\"3-5\""), rule("Newest", "5"), rule("Older", "2"));
    let place = Place::new().with("own.toml", rules);
    // A score of 1 is left to the fallback, which may be meant.
    let note = "warning: the segments `own` have names that nobody can get: Newest\n";
    assert_eq!(place.rfm("segment orders.csv --segments own.toml").err, note);
}
