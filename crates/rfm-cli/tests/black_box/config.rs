//! `rfm.toml`.

use crate::place::Place;

const USED: &str = "note: settings from rfm.toml\n";

#[test]
fn settings_of_the_current_directory_are_used_and_told() {
    let place =
        Place::new().with("rfm.toml", "[segment]\ninputs = \"orders.csv\"\nas-of = 2024-03-10\noutput = \"-\"\n");
    let outcome = place.rfm("segment");
    assert_eq!((outcome.code, outcome.out.lines().count()), (0, 4));
    assert!(outcome.err.starts_with(&format!("{USED}3 customers as of 2024-03-10 (as given)")), "{}", outcome.err);
    assert_eq!(place.rfm("segment -q").err, "");
    place.fails("segment --no-config", 2, &["error: no input; name a file, or - for standard input"]);
}

#[test]
fn arguments_win() {
    let place = Place::new().with("my.toml", "[segment]\nas-of = \"2024-03-10\"\nout = \"result\"\nquiet = true\n");
    assert_eq!(
        place.prints("segment orders.csv --config my.toml --output - --as-of 2024-03-02").lines().nth(1).unwrap(),
        "ann,2024-03-01,1,2,27.49,5,5,3,553,Potential Loyalist"
    );
    assert_eq!(place.names("."), ["my.toml", "orders.csv"]);
}

#[test]
fn inspect_reads_as_segment_does() {
    let place = Place::new().with("rfm.toml", "[segment]\ncustomer = \"order\"\norder = \"customer\"\njson = true\n");
    let outcome = place.rfm("inspect orders.csv");
    assert_eq!((outcome.code, outcome.err.as_str()), (0, USED));
    assert!(
        outcome.out.ends_with("\nready: rfm segment orders.csv --customer order --order customer\n"),
        "{}",
        outcome.out
    );
}

#[test]
fn mistakes_have_a_place_and_a_suggestion() {
    let fails = |text: &str, lines: &[&str]| Place::new().with("rfm.toml", text).fails("segment orders.csv", 2, lines);
    fails(
        "[segment]\nkeep = \"all\"\n  as_of = 2024-03-10\n",
        &[
            "error: rfm.toml, line 3, column 3: unknown key `as_of`; did you mean `as-of`?",
            "help: the keys are the options of `rfm segment --help` without their dashes, and inputs",
        ],
    );
    fails(
        "[segmnt]\n",
        &[
            "error: rfm.toml, line 1, column 2: unknown key `segmnt`; did you mean `segment`?",
            "help: settings stand in the table [segment]",
        ],
    );
    fails(
        "[segment]\nstrict = \"yes\"\n",
        &["error: rfm.toml, line 2, column 10: `strict`: expected true or false, found the text \"yes\""],
    );
    fails(
        "[segment]\nscoring = \"quintle\"\n",
        &["error: rfm.toml, line 2, column 11: `scoring`: no scoring `quintle`; expected quartile, \
         quintile, decile or a number of bins from 2 to 100; did you mean `quintile`?"],
    );
    fails(
        "[segment]\nout = \"a\"\noutput = \"b\"\n",
        &["error: rfm.toml, line 3, column 1: `output` contradicts `out` in line 2; keep one of them"],
    );
    let place = Place::new().with("rfm-settings.toml", "");
    place.fails(
        "segment orders.csv --config rfm-setings.toml",
        2,
        &[
            "error: cannot read `rfm-setings.toml`: No such file or directory (os error 2)",
            "help: did you mean `rfm-settings.toml`?",
        ],
    );
}
