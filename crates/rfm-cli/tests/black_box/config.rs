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
fn a_preset_leaves_the_inputs_of_the_file() {
    let place = Place::new()
        .with("lines.csv", "customer,order,date,amount\nann,1,2024-03-01,10.00\nann,1,2024-03-01,-4.00\n")
        .with("rfm.toml", "[segment]\ninputs = [\"lines.csv\"]\npreset = \"r-rfm\"\n");
    let document = place.prints_json("segment --quiet --json");
    assert_eq!(document["account"]["used"]["lines"], 2);
    let explained = place.prints_json("explain ann --quiet --json");
    assert_eq!(explained["values"]["frequency"]["value"], "2");
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
         quintile, decile, a number of bins from 2 to 100, cuts 30,90, or another method: quantile, quantile-left, rfm-r, \
         percent-rank, cume-dist, cume-dist-worst-first, rank-min-cut, proc-rank, p0-quartile, natural-breaks, \
         tiles-current, tiles-next, qcut-drop, ntile, ntile-best-first, rank-first-qcut, percentiles:20,50,80, random-ties:BINS:SEED; \
         did you mean `quintile`?"],
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

#[test]
fn what_was_typed_leaves_settings_without_a_use() {
    let place = |settings: &str| Place::new().with("rfm.toml", format!("[segment]\n{settings}\n"));
    let first = |place: &Place, file: &str| place.read(file).lines().next().unwrap_or_default().to_owned();

    let formats = place("format = \"csv\"");
    let plain = formats.rfm("segment orders.csv");
    assert_eq!((plain.code, plain.err.as_str()), (0, USED));
    assert_eq!(plain.out, formats.prints("segment orders.csv --no-config"));
    assert_eq!(formats.rfm("segment orders.csv -q --output x.json").code, 0);
    assert_eq!(first(&formats, "x.json"), "[");
    assert_eq!(place("format = \"json\"").prints("segment orders.csv -q --output -").lines().next(), Some("["));
    assert_eq!(
        place("format = \"json,csv\"").prints("segment orders.csv -q --output -").split(',').next(),
        Some("customer_id")
    );

    let skipping = place("on-bad-row = \"skip\"\nmax-bad-rows = 3\nquiet = true");
    assert_eq!(skipping.rfm("segment orders.csv --on-bad-row fail").err, "");
    assert_eq!(place("max-bad-rows = 3\nquiet = true").rfm("segment orders.csv --on-bad-row skip").err, "");

    let ranked = place("scoring = \"ntile\"\ntie-order = \"last-order\"\nquiet = true");
    assert_eq!(ranked.rfm("segment orders.csv --scoring quintile").err, "");
    let ties = ranked.prints_json("segment orders.csv --json --scoring-recency 5")["choices"]["ties"].clone();
    assert_eq!(
        ties,
        "equal values share a score, but are told apart on frequency by last-order, on monetary by last-order"
    );
    let matched = place("returns = \"match\"\nproduct = \"sku\"\nquiet = true");
    assert_eq!(matched.rfm("segment orders.csv --returns net").err, "");

    let customers = place("").prints("segment orders.csv --no-config --output - -q");
    assert_eq!(place("json = true").prints("segment orders.csv --output - -q"), customers);
    let object = place("output = \"-\"\nformat = \"jsonl\"").prints_json("segment orders.csv --json -q");
    assert_eq!(object["format"], "rfm-run");
}

#[test]
fn contradictions_of_the_file_alone_name_it() {
    let fails = |settings: &str, arguments: &str, lines: &[&str]| {
        let place = Place::new().with("my.toml", format!("[segment]\n{settings}\n"));
        place.fails(&format!("segment orders.csv --config my.toml {arguments}"), 2, lines);
    };
    fails(
        "max-bad-rows = 3",
        "",
        &[
            "error: my.toml: --max-bad-rows says nothing while the first bad row is an error",
            "help: add --on-bad-row skip, or leave the limit out",
        ],
    );
    fails(
        "json = true\noutput = \"-\"",
        "--as-of 2024-03-10",
        &["error: my.toml: --json and --output - both want standard output", "help: write the customers to a file"],
    );
    fails(
        "segments = \"table-11\"\nscoring = \"quartile\"",
        "",
        &[
            "error: my.toml: segments `table-11` are written for 5 bins, but the scoring has 4; use other segments, \
             or scoring with those bins",
            "help: see the bins of the built-in rules with `rfm rules list`",
        ],
    );
    let window = "2024-02-01 until 2024-01-01 has no day";
    fails("from = 2024-02-01\nuntil = 2024-01-01", "", &[&format!("error: my.toml: the window from {window}")]);
    fails("from = 2024-02-01", "--until 2024-01-01", &[&format!("error: the window from {window}")]);
    fails(
        "json = true",
        "--format csv",
        &[
            "error: --format says nothing without a place to write to",
            "help: name a directory with --out, or a file (- for standard output) with --output",
        ],
    );
}
