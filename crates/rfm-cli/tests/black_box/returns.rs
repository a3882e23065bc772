//! Returns and times of day.

use crate::place::{Outcome, Place};

const LINES: &str = "customer,order,sku,date,quantity,price\n\
    ann,1,cup,2011-12-01 10:00,10,5.00\nann,2,cup,2011-12-03 12:30,2,5.00\nann,C3,cup,2011-12-05 08:00,-4,5.00\n\
    bob,C4,pen,2011-12-06 08:00,-1,3.00\ncid,5,pen,2011-12-02 18:00,1,3.00\n";

fn place() -> Place {
    Place::new().with("o.csv", LINES)
}

/// Customer, recency, frequency and money.
fn rows(place: &Place, options: &str) -> Vec<String> {
    let out = place.prints(&format!("segment o.csv --output - -q {options}"));
    let facts = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        [fields[0], fields[2], fields[3], fields[4]].join(" ")
    };
    out.lines().skip(1).map(facts).collect()
}

#[test]
fn returns_are_left_out_netted_kept_apart_or_matched() {
    let place = place();
    assert_eq!(rows(&place, ""), ["ann 1 2 60", "cid 2 1 3"]);
    assert_eq!(rows(&place, "--returns net"), ["ann 1 2 40", "cid 2 1 3"]);
    assert_eq!(rows(&place, "--returns separate"), ["ann 1 2 60", "cid 2 1 3"]);
    assert_eq!(rows(&place, "--returns match"), ["ann 1 2 40", "cid 2 1 3"]);

    let Outcome { out, err, .. } = place.rfm("segment o.csv --returns net");
    assert_eq!(err, "warning: 1 customer not in the result: nothing but returns\n");
    assert!(out.contains("5 lines read: 4 used (43), 1 rejected (-3)\n  1 only returns (-3)\n"), "{out}");
    let json = place.rfm("segment o.csv --returns net --json").out;
    assert!(json.contains("\"1 customer not in the result: nothing but returns\""), "{json}");
    assert!(json.contains("\"returns\": \"net\""), "{json}");

    let out = place.prints("segment o.csv --returns separate --extra returns,returned,return_rate --output - -q");
    assert!(out.lines().next().unwrap().ends_with(",segment,returns,returned,return_rate"), "{out}");
    assert!(out.lines().nth(1).unwrap().ends_with(",1,20,0.333333"), "{out}");
    assert!(out.lines().nth(2).unwrap().ends_with(",0,0,0.000000"), "{out}");

    let Outcome { out, err, .. } = place.rfm("segment o.csv --returns match --rejects r.csv");
    assert!(err.contains("2 lines not in the file of rejects"), "{err}");
    assert!(out.contains("  1 matched return (0)\n  1 unmatched return (-3)\n"), "{out}");
    assert_eq!(place.read("r.csv").lines().count(), 1, "none is known before the end");
}

#[test]
fn matched_returns_need_a_product() {
    let place = Place::new().with("o.csv", LINES.replace("sku", "thing"));
    let outcome = place.rfm("segment o.csv --returns match");
    assert!(outcome.err.contains("--product"), "{}", outcome.err);
    assert_eq!(rows(&place, "--returns match --product thing"), ["ann 1 2 40", "cid 2 1 3"]);
    place.fails(
        "segment o.csv --product thing",
        2,
        &["error: --product says nothing unless returns are matched", "help: add --returns match, or leave it out"],
    );
    let outcome = place.rfm("segment o.csv --extra returned");
    assert!(outcome.err.contains("column `returned` needs returns that are kept apart"), "{}", outcome.err);
}

#[test]
fn recency_may_be_elapsed_time() {
    let place = place();
    assert_eq!(rows(&place, "--recency-in elapsed"), ["ann 1 2 60", "cid 1 1 3"]);
    assert_eq!(rows(&place, "--as-of 2011-12-05"), ["ann 2 2 60", "cid 3 1 3"]);
    assert_eq!(rows(&place, "--as-of 2011-12-05 --recency-in elapsed"), ["ann 1 2 60", "cid 2 1 3"]);
    assert_eq!(rows(&place, "--as-of 2011-12-05T12:30 --recency-in elapsed"), ["ann 2 2 60", "cid 2 1 3"]);
    assert_eq!(rows(&place, "--as-of 2011-12-03T12:29:59 --recency-in elapsed"), ["ann 2 1 50", "cid 0 1 3"]);
    let out = place.prints("segment o.csv --recency-in elapsed");
    let headline = "2 customers as of 2011-12-04T12:30:00 (24 hours after the last kept order), segments `table-11`\n";
    assert!(out.starts_with(headline), "{out}");
    let place = place.with("rfm.toml", "[segment]\nas-of = 2011-12-05T12:30:00\nrecency-in = \"elapsed\"\n");
    let json = place.rfm("segment o.csv --json").out;
    assert!(json.contains("\"as_of\": \"2011-12-05T12:30:00\""), "{json}");
    assert!(json.contains("\"recency\": \"elapsed\""), "{json}");
    place.fails(
        "segment o.csv --no-config --as-of 2011-12-05T12:30",
        2,
        &[
            "error: --as-of has a time of day, and recency in days does not look at it",
            "help: add --recency-in elapsed, or leave the time out",
        ],
    );
}

#[test]
fn returns_are_left_out_of_sales_and_not_of_all_lines() {
    let place = place();
    let returns_in = |place: &Place, options: &str| {
        let choices = place.prints_json(&format!("segment o.csv -q --json {options}"))["choices"].clone();
        [choices["keep"].clone(), choices["returns"].clone()]
    };
    let returns = |options: &str| returns_in(&place, options);
    assert_eq!(returns(""), ["sales", "exclude"]);
    assert_eq!(returns("--returns exclude"), ["sales", "exclude"]);
    assert_eq!(returns("--keep all"), ["all", "lines like others"]);
    assert_eq!(returns("--keep all --returns separate"), ["all", "separate"]);
    let refused = [
        "error: --returns exclude contradicts --keep all, which counts every line",
        "help: add --keep sales, which leaves returns out, or leave --returns out",
    ];
    place.fails("segment o.csv --keep all --returns exclude", 2, &refused);
    place.fails("segment o.csv --preset r-rfm --returns exclude", 2, &refused);
    // What a file says alone is another matter: who types --keep all wants all.
    let place = place.with("rfm.toml", "[segment]\nreturns = \"exclude\"\n");
    assert_eq!(returns_in(&place, "--keep all"), ["all", "lines like others"]);
    assert_eq!(returns_in(&place, "--preset r-rfm"), ["all", "lines like others"]);
    let compared = place.prints_json("compare o.csv -q --json --with keep=all");
    assert_eq!(compared["variants"][1]["choices"]["returns"], "lines like others");
}

#[test]
fn what_was_read_how_is_told() {
    let place = place();
    let choices = |options: &str| {
        let choices = place.prints_json(&format!("segment o.csv -q --json {options}"))["choices"].clone();
        [choices["on_bad_row"].clone(), choices["round"].clone()]
    };
    assert_eq!(choices(""), ["fail".into(), serde_json::Value::Null]);
    assert_eq!(choices("--on-bad-row skip --round 2"), ["skip", "2"]);
    assert_eq!(choices("--on-bad-row skip --max-bad-rows 3")[0], "skip, at most 3");
}

#[test]
fn elapsed_time_without_times_is_noted() {
    let note = "warning: no last order has a time of day: elapsed recency is that in days\n";
    let place = place().with(
        "days.csv",
        LINES.replace(" 10:00", "").replace(" 12:30", "").replace(" 18:00", "").replace(" 08:00", ""),
    );
    assert_eq!(place.rfm("segment days.csv --recency-in elapsed").err, note);
    assert_eq!(place.rfm("segment o.csv --recency-in elapsed").err, "");
    assert_eq!(place.rfm("segment days.csv").err, "");
}
