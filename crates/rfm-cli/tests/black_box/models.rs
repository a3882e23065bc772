//! Models: `--save-model`, `--model`, `rfm drift`, `rfm model show`.

use crate::place::Place;

/// Orders of one currency until autumn.
const AUTUMN: &str = "customer,order,date,amount,currency\n\
    a,1,2025-09-30,10.00,EUR\nb,2,2025-09-01,20.00,EUR\nb,3,2025-08-01,20.00,EUR\n\
    c,4,2025-06-01,80.50,EUR\nd,5,2025-03-01,7.25,EUR\n";

/// The same customers and two new ones, a season later.
const WINTER: &str = "customer,order,date,amount,currency\n\
    a,1,2025-09-30,10.00,EUR\nb,2,2025-09-01,20.00,EUR\nb,3,2025-08-01,20.00,EUR\n\
    c,4,2025-06-01,80.50,EUR\nd,5,2025-03-01,7.25,EUR\n\
    e,6,2025-12-30,500.00,EUR\nf,7,2025-12-01,1.00,EUR\n";

const SAVE: &str = "segment autumn.csv --as-of 2025-10-01 --scoring quartile --quiet --save-model model.json";

/// A place with both files and the model of the first.
fn place() -> Place {
    let place = Place::new().with("autumn.csv", AUTUMN).with("winter.csv", WINTER);
    place.prints(SAVE);
    place
}

#[test]
fn a_model_is_saved_shown_and_saved_the_same_again() {
    let place = place();
    let first = place.read("model.json");
    assert!(first.contains("\"currency\": \"EUR\"") && first.contains("\"customers\": 4"));
    place.prints(SAVE);
    assert_eq!(place.read("model.json"), first);

    let shown = place.prints("model show model.json");
    let (cuts, segments) = shown.split_once("\n\n").and_then(|(_, rest)| rest.split_once("\n\n")).unwrap();
    assert!(shown.starts_with(&format!(
        "fitted as of 2025-10-01 by version {} on 4 customers of 5 lines, with order ids\nmoney in EUR with 2 decimals; customers blake3:",
        env!("CARGO_PKG_VERSION")
    )), "{shown}");
    assert_eq!(cuts, CUTS);
    assert!(segments.contains("quartile"), "{segments}");

    let table = place.rfm("segment autumn.csv --as-of 2025-10-01 --save-model other.json");
    assert!(table.out.ends_with("wrote other.json\n"), "{}", table.out);
}

const CUTS: &str = "\
score  recency (days, quartile)  frequency (orders, quartile)  monetary (total, quartile)
4      up to 22.75               over 1.25                     over 50.125
3      over 22.75 up to 76       over 1 up to 1.25             over 25 up to 50.125
2      over 76 up to 145         nobody                        over 9.3125 up to 25
1      over 145                  up to 1                       up to 9.3125";

#[test]
fn a_model_gives_other_orders_its_scores_and_segments() {
    let place = place();
    let run = place.prints_json("segment winter.csv --as-of 2026-01-01 --model model.json --quiet --json");
    assert_eq!(run["choices"]["model"], "model.json");
    assert_eq!(run["choices"]["scoring_recency"], "cut points fitted as of 2025-10-01");
    assert!(run["choices"]["model_fitted_on"].as_str().unwrap().starts_with("blake3:"));
    assert_eq!((&run["model"]["segments"], &run["model"]["fitted_as_of"]), (&"quartile".into(), &"2025-10-01".into()));

    // On its own orders the model gives what the fit gave.
    let fitted = place.prints("segment autumn.csv --as-of 2025-10-01 --scoring quartile --quiet --output -");
    assert_eq!(place.prints("segment autumn.csv --as-of 2025-10-01 --model model.json --quiet --output -"), fitted);

    // Settings of a file give way to a model that was typed.
    let place = place.with("rfm.toml", "[segment]\nscoring = \"decile\"\nfrequency = \"lines\"\nquiet = true\n");
    assert_eq!(place.prints("segment autumn.csv --as-of 2025-10-01 --model model.json --output -"), fitted);
}

#[test]
fn drift_tells_what_moved_and_what_a_new_fit_would_change() {
    let place = place();
    assert_eq!(place.prints("drift winter.csv --as-of 2026-01-01 --model model.json --quiet"), DRIFT);
    let drift = place.prints_json("drift winter.csv --as-of 2026-01-01 --model model.json --quiet --json");
    assert_eq!((&drift["customers_then"], &drift["customers_now"]), (&4.into(), &6.into()));
    let sum = |key: &str| {
        let scores = drift["dimensions"]["recency"]["scores"].as_array().unwrap();
        scores.iter().map(|score| score[key].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!((sum("then"), sum("now")), (4, 6));
    assert_eq!(
        drift["refit"]["matrix"].as_array().unwrap().len(),
        drift["refit"]["segments"].as_array().unwrap().len()
    );

    let still = place.prints_json("drift autumn.csv --as-of 2025-10-01 --model model.json --quiet --json");
    assert_eq!((&still["refit"]["other_code"], &still["refit"]["moves"]), (&0.into(), &serde_json::json!([])));
    assert_eq!(still["dimensions"]["monetary"]["stability_index"], "0.000000");
}

const DRIFT: &str = "\
6 customers as of 2026-01-01; the model was fitted on 4 customers as of 2025-10-01

recency (days, quartile): stability index 0.116
  score  then       now        change
  4      1 (25.0%)  1 (16.7%)  -8.3
  3      1 (25.0%)  1 (16.7%)  -8.3
  2      1 (25.0%)  2 (33.3%)  +8.3
  1      1 (25.0%)  2 (33.3%)  +8.3
  1 customer with a higher value than anybody had then (214)

frequency (orders, quartile): stability index 0.043
  score  then       now        change
  4      1 (25.0%)  1 (16.7%)  -8.3
  3      0 (0.0%)   0 (0.0%)   0.0
  2      0 (0.0%)   0 (0.0%)   0.0
  1      3 (75.0%)  5 (83.3%)  +8.3

monetary (total, quartile): stability index 0.116
  score  then       now        change
  4      1 (25.0%)  2 (33.3%)  +8.3
  3      1 (25.0%)  1 (16.7%)  -8.3
  2      1 (25.0%)  1 (16.7%)  -8.3
  1      1 (25.0%)  2 (33.3%)  +8.3
  1 customer with a lower value than anybody had then (7.25)
  1 customer with a higher value than anybody had then (80.5)

fitted again on these customers: 2 (33.3%) would have another code, 2 (33.3%) another segment
from the segments of the model (rows) to those of a new fit (columns)
                     4  5  6  7  9
  4  Big Spenders    1  ·  ·  ·  ·
  6  About To Sleep  ·  1  ·  ·  ·
  7  At Risk         ·  ·  ·  2  ·
  9  Lost            ·  ·  1  ·  1
";

#[test]
fn what_contradicts_a_model_is_wrong_usage() {
    let place = place();
    for option in
        ["--scoring decile", "--bins-recency 30,90", "--frequency lines", "--segments none", "--save-model b.json"]
    {
        let outcome = place.rfm(&format!("segment winter.csv --model model.json {option}"));
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{option}");
        assert!(outcome.err.contains("cannot be used with"), "{}", outcome.err);
    }
    // Before anything is read.
    place.fails(
        "segment missing.csv --scoring-monetary ntile --save-model b.json",
        2,
        &[
            "error: monetary: `ntile:5` ranks the customers at hand and learns no cut points that could be kept; `quintile` is the nearest that does",
            "help: take --scoring-monetary quintile, or leave --save-model out",
        ],
    );
    place.fails(
        "segment missing.csv --nested --save-model b.json",
        2,
        &[
            "error: nested binning scores customers inside of groups and learns no cut points that could be kept; independent \
             binning does",
            "help: leave --nested or --save-model out",
        ],
    );
    place.fails(
        "drift winter.csv",
        2,
        &[
            "error: there is no model that customers could have moved from",
            "help: name its file with --model; `rfm segment --save-model FILE` writes one",
        ],
    );
    place.fails(
        "segment winter.csv --model modl.json",
        2,
        &["error: cannot read `modl.json`: No such file or directory (os error 2)", "help: did you mean `model.json`?"],
    );
}

#[test]
fn a_model_is_never_written_over_what_is_read() {
    let place = place();
    for arguments in [
        "segment autumn.csv --save-model autumn.csv",
        "segment autumn.csv --model model.json --output model.json --format csv",
        "segment autumn.csv --model model.json --rejects model.json",
        "segment autumn.csv --save-model a.json --output a.json",
    ] {
        let outcome = place.rfm(arguments);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{arguments}: {}", outcome.err);
    }
    assert_eq!(place.read("autumn.csv"), AUTUMN);
}

#[test]
fn other_money_and_broken_files_are_refused() {
    let place = place();
    let place = place.with("dollars.csv", WINTER.replace("EUR", "USD"));
    place.fails(
        "segment dollars.csv --model model.json --quiet",
        1,
        &["error: model.json: the model was fitted on money in EUR, and this money is in USD; convert the amounts, or fit a model on them"],
    );
    let text = place.read("model.json");
    let place = place
        .with("later.json", text.replace("\"version\": 1", "\"version\": 2"))
        .with("wrong.json", text.replace("\"right\"", "\"up\""));
    place.fails(
        "segment winter.csv --model later.json",
        2,
        &["error: later.json, line 3, column 14: `version`: a model of version 2, and this release reads version 1; a later release may read it"],
    );
    place.fails(
        "model show wrong.json",
        2,
        &["error: wrong.json, line 10, column 17: `cuts.recency.closed`: expected one of `right`, `left`, found the text \"up\""],
    );
    // Whole amounts may be cents: a note, since nobody can know.
    let place = place.with("whole.csv", "customer,order,date,amount\na,1,2025-09-30,1000\nb,2,2025-09-01,2000\n");
    let outcome = place.rfm("segment whole.csv --model model.json");
    assert_eq!(outcome.code, 0);
    let note = "the model was fitted on money with 2 decimals, and all amounts here are whole";
    assert!(outcome.out.contains(note), "{}", outcome.out);
}

#[test]
fn other_lines_than_the_model_was_fitted_on_are_told() {
    let place = place();
    place.prints(&format!("{SAVE} --keep all --returns net --repeated-lines drop"));
    let model = place.read("model.json");
    assert!(model.contains("\"counted_lines\""), "{model}");
    let note = "other lines count than where the model was fitted: \
        keep was `all`, here `sales`; returns was `net`, here `exclude`; repeated-lines was `drop`, here `keep`";
    let outcome = place.rfm("segment winter.csv --as-of 2026-01-01 --model model.json");
    assert!(outcome.err.contains(note), "{}", outcome.err);
    let run = place.prints_json("segment winter.csv --as-of 2026-01-01 --model model.json --quiet --json");
    assert!(run["diagnostics"].as_array().unwrap().contains(&note.into()), "{}", run["diagnostics"]);

    let same = "--keep all --returns net --repeated-lines drop";
    let run =
        place.prints_json(&format!("segment winter.csv --as-of 2026-01-01 --model model.json {same} --quiet --json"));
    assert!(!run["diagnostics"].to_string().contains("other lines count"), "{}", run["diagnostics"]);
    // Files of earlier releases do not tell.
    let mut older: serde_json::Value = serde_json::from_str(&model).unwrap();
    older["fitted_on"].as_object_mut().unwrap().remove("counted_lines");
    let place = place.with("older.json", older.to_string());
    let run = place.prints_json("segment winter.csv --as-of 2026-01-01 --model older.json --quiet --json");
    assert!(!run["diagnostics"].to_string().contains("other lines count"), "{}", run["diagnostics"]);
}

#[test]
fn a_model_with_a_currency_beside_money_without_one_has_a_note() {
    let place = place().with("plain.csv", "customer,order,date,amount\na,1,2025-09-30,10.50\nb,2,2025-09-01,20.00\n");
    let run = place.prints_json("segment plain.csv --as-of 2026-01-01 --model model.json --quiet --json");
    let note = "the model is of money in EUR, and nothing tells the currency here";
    assert!(run["diagnostics"].as_array().unwrap().contains(&note.into()), "{}", run["diagnostics"]);
}

#[test]
fn rules_are_compared_on_the_scores_of_a_model() {
    let place = place();
    place.prints("segment autumn.csv --as-of 2025-10-01 --quiet --save-model five.json");
    let diff = |model: &str| {
        let arguments =
            format!("rules diff table-11-older table-11 winter.csv --as-of 2026-01-01 {model} --json --quiet");
        place.prints_json(&arguments)["customers"].clone()
    };
    assert_eq!(diff("--model five.json")["customers"], 6);
    let missing = place.rfm("rules diff table-11-older table-11 winter.csv --model modl.json");
    assert_eq!(missing.code, 2, "{}", missing.err);
    // Its scores are quartiles, and the rules are written for five.
    let other = place.rfm("rules diff table-11-older table-11 winter.csv --model model.json");
    assert_eq!((other.code, other.out.as_str()), (2, ""), "{}", other.err);
}

#[test]
fn the_schema_of_model_files_is_printed() {
    let schema = place().prints_json("schema model");
    assert_eq!(schema["title"], "A fitted RFM model, version 1");
}
