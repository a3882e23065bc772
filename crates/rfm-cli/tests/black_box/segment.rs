//! `rfm segment`, when all goes well.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::place::{ORDERS, Outcome, Place};

const TABLE: &str = "\
\x20                                                                        median     median    median
segment             customers   share                  revenue   share  recency  frequency  monetary
────────────────────────────────────────────────────────────────────────────────────────────────────
Champions                   0    0.0%                     0.00    0.0%        -          -         -
Loyal                       0    0.0%                     0.00    0.0%        -          -         -
Potential Loyalist          1   33.3%  ██████████████    27.49   20.7%      1.0        2.0     27.49
New Customers               0    0.0%                     0.00    0.0%        -          -         -
Promising                   1   33.3%  ██████████████   100.00   75.5%      3.0        1.0    100.00
Need Attention              0    0.0%                     0.00    0.0%        -          -         -
About To Sleep              0    0.0%                     0.00    0.0%        -          -         -
At Risk                     0    0.0%                     0.00    0.0%        -          -         -
Cannot Lose Them            0    0.0%                     0.00    0.0%        -          -         -
Hibernating                 0    0.0%                     0.00    0.0%        -          -         -
Lost                        1   33.3%  ██████████████     5.00    3.8%     47.0        1.0      5.00
────────────────────────────────────────────────────────────────────────────────────────────────────
Total                       3  100.0%                   132.49  100.0%      3.0        1.0     27.49
";
const NOTES: &str = "\
note: recency: nobody scores 2, 4, because there are fewer customers than scores
note: frequency: nobody scores 2, 3, 4, because equal values share a score (2 distinct values)
note: monetary: nobody scores 2, 4, because there are fewer customers than scores
";
const ACCOUNT: &str = "4 lines read: 4 used (132.49), none rejected\n";
const HEADLINE: &str = "3 customers as of 2024-03-02 (the day after the last kept order), segments `table-11`\n";
pub(crate) const CUSTOMERS: &str = "\
customer_id,last_order,recency_days,frequency,monetary,r_score,f_score,m_score,rfm_code,segment
ann,2024-03-01,1,2,27.49,5,5,3,553,Potential Loyalist
bob,2024-01-15,47,1,5.00,1,1,1,111,Lost
cid,2024-02-28,3,1,100.00,3,1,5,315,Promising
";

fn report() -> String {
    format!("{HEADLINE}\n{TABLE}\n{ACCOUNT}{NOTES}")
}

#[test]
fn a_table_for_people() {
    let place = Place::new();
    assert_eq!(place.prints("segment orders.csv"), report());
    assert_eq!(place.prints("segment orders.csv --quiet"), TABLE);
    assert_eq!(place.names("."), ["orders.csv"]);
}

#[test]
fn standard_input() {
    let place = Place::new();
    let expected = Outcome { code: 0, out: report(), err: String::new() };
    assert_eq!(place.rfm_with("segment -", ORDERS), expected);
    assert_eq!(
        place.rfm_with("segment - --customer who", ORDERS).err.split(':').nth(1),
        Some(" standard input, line 1")
    );
}

#[test]
fn gzip() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(ORDERS.as_bytes()).unwrap();
    let place = Place::new().with("packed", gzip.finish().unwrap());
    assert_eq!(place.prints("segment packed"), report());
}

#[test]
fn several_files_are_one_input() {
    let (header, rows) = ORDERS.split_once('\n').unwrap();
    let (first, rest) = rows.split_once('\n').unwrap();
    let place = Place::new().with("b.csv", format!("{header}\n{first}\n")).with(
        "a.csv",
        format!("{};\n{}\n", header.replace(',', ";"), rest.trim().replace(',', ";").replace('\n', ";\n") + ";"),
    );
    assert_eq!(place.prints("segment b.csv a.csv"), report());
    assert_eq!(place.prints("segment a.csv b.csv"), report());
}

#[test]
fn files_of_a_directory() {
    let place = Place::new();
    let wrote = |place: &Place, arguments: &str| place.prints(arguments).lines().last().unwrap().to_owned();
    assert_eq!(
        wrote(&place, "segment orders.csv --out result --format csv,jsonl"),
        "wrote result/customers.csv, result/segments.csv, result/scores.csv, result/customers.jsonl, result/segments.jsonl, \
         result/scores.jsonl, result/run.json"
    );
    assert_eq!(place.names("result").len(), 7);
    assert_eq!(place.read("result/customers.csv"), CUSTOMERS);
    let run: serde_json::Value = serde_json::from_str(&place.read("result/run.json")).unwrap();
    assert_eq!((&run["choices"]["as_of"], &run["account"]["adds_up"]), (&"2024-03-02".into(), &true.into()));

    assert_eq!(place.prints("segment orders.csv --out quiet -q"), "");
    assert_eq!(place.names("quiet"), ["customers.csv", "run.json", "scores.csv", "segments.csv"]);
}

#[test]
fn customers_alone() {
    let place = Place::new();
    let said = format!("{HEADLINE}{ACCOUNT}{NOTES}");
    let expected = |out: &str, err: String| Outcome { code: 0, out: out.to_owned(), err };
    assert_eq!(place.rfm("segment orders.csv --output -"), expected(CUSTOMERS, said.clone()));
    assert_eq!(place.rfm("segment orders.csv --output c.csv"), expected("", format!("{said}wrote c.csv\n")));
    assert_eq!(place.read("c.csv"), CUSTOMERS);
    assert_eq!(place.rfm("segment orders.csv --output c.jsonl -q"), expected("", String::new()));
    assert!(
        place.read("c.jsonl").starts_with("{\"customer_id\":\"ann\",\"last_order\":\"2024-03-01\",\"recency_days\":1,")
    );
    assert_eq!(place.prints("segment orders.csv --output - --format json -q").lines().count(), 5);

    let refused = place.rfm("segment orders.csv --output c.xls");
    assert_eq!(
        refused.err,
        "error: `c.xls`: no format `xls`; there are `csv`, `json`, `jsonl`, `parquet`, `arrow`, `xlsx`; did you mean `xlsx`?\n\
         help: say which with --format, or rename the output\n"
    );
    assert_eq!(refused.code, 2);
}

#[test]
fn one_object_for_machines() {
    let place = Place::new();
    let outcome = place.rfm("segment orders.csv --json --out result");
    assert_eq!((outcome.code, outcome.err.as_str()), (0, HEADLINE));
    let document: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!(document["format"], "rfm-run");
    assert_eq!(document["choices"]["as_of_from"], "the day after the last kept order");
    assert_eq!(document["account"]["adds_up"], true);
    assert_eq!(document["segments"].as_array().unwrap().len(), 11);
    assert_eq!(document["segments"][2]["segment"], "Potential Loyalist");
    assert_eq!(document["segments"][2]["revenue"], "27.49");
    assert_eq!(document["written"][3], "result/run.json");
    assert_eq!(place.prints_json("segment orders.csv --json --quiet")["written"], serde_json::json!([]));
}

#[test]
fn cuts_and_measures_and_rules() {
    let place = Place::new().with("codes.csv", "code,segment\n4**,Recent\n***,Rest\n");
    let customers = |options: &str| {
        let out = place.prints(&format!("segment orders.csv --output - -q {options}"));
        out.lines().skip(1).map(|line| line.split(',').skip(8).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let own = customers("--bins-recency 1,10,30 --scoring-frequency 2 --scoring-monetary tertile --segments codes.csv");
    assert_eq!(own, ["422 Recent", "111 Rest", "313 Rest"]);
    assert_eq!(customers("--scoring 10")[0], "10-10-5 Unsegmented");
    assert_eq!(
        customers("--bins-monetary '>=5,100' --segments none"),
        ["552 Unsegmented", "112 Unsegmented", "313 Unsegmented"]
    );
    assert_eq!(customers("--frequency lines --scoring quartile --as-of 2024-03-10").len(), 3);
    assert_eq!(customers("--from 2024-02-01 --until 2024-02-28").len(), 2);
    assert_eq!(customers("--cancelled-prefix 4").len(), 2);
}

#[test]
fn methods_and_how_their_scores_are_shown() {
    let orders = "customer,order,date,amount\nann,1,2024-03-05,10\nbob,2,2024-03-01,20\ncid,3,2024-03-01,30\n\
                  dee,4,2024-03-01,30\n";
    let place = Place::new().with("o.csv", orders);
    let codes = |options: &str| {
        let out = place.prints(&format!("segment o.csv --output - -q --segments none {options}"));
        out.lines().skip(1).map(|line| line.split(',').nth(8).unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(codes("--scoring ntile:2"), "211 111 122 222");
    assert_eq!(codes("--scoring ntile:2 --tie-order last-order"), "221 111 112 222");
    assert_eq!(codes("--scoring percent-rank:2"), "211 111 112 112");
    assert_eq!(codes("--scoring rfm-r:3 --scoring-monetary percentiles:50,90"), "311 311 312 312");
    assert_eq!(codes("--scoring ntile:2 --score-display one-is-best"), "122 222 211 111");
    assert_eq!(codes("--scoring ntile:2 --score-display from-zero"), "100 000 011 111");
    assert_eq!(codes("--scoring ntile:2 --nested"), "211 111 121 221");

    let weighted = place.prints("segment o.csv --output - -q --scoring ntile:2 --segments none --weights 0.3,0.4,0.3");
    let weighted: Vec<&str> = weighted.lines().map(|line| line.split(',').nth(10).unwrap()).collect();
    assert_eq!(weighted, ["weighted_score", "1.3", "1.0", "1.7", "2.0"]);
    let document = place.prints_json(
        "segment o.csv --json --quiet --scoring random-ties:2:7 --nested --weights 100,10,1 --score-display from-zero",
    );
    let choices = &document["choices"];
    assert_eq!(choices["scoring_recency"], "random-ties:2:7");
    assert_eq!(choices["binning"], "nested");
    assert_eq!((&choices["weights"], &choices["score_display"]), (&"100,10,1".into(), &"from-zero".into()));

    let place = place.with("rfm.toml", "[segment]\nweights = [0.3, 0.4, 0.3]\nnested = true\nscoring = \"ntile:2\"\n");
    let document = place.prints_json("segment o.csv --json --quiet");
    assert_eq!(document["choices"]["weights"], "0.3,0.4,0.3");
}

#[test]
fn measures_of_periods_and_of_the_time_as_a_customer() {
    let place = Place::new().with("rfm.toml", "[segment]\nrecency-in = \"months\"\n");
    let customers = |options: &str| {
        let out = place.prints(&format!("segment orders.csv --output - -q {options}"));
        let of_row = |line: &str| line.split(',').skip(3).take(3).collect::<Vec<_>>().join(" ");
        out.lines().skip(1).map(of_row).collect::<Vec<_>>()
    };
    let months = "--bins-recency 0,1 --segments none";
    assert_eq!(
        customers(&format!("{months} --frequency repeat-weeks --monetary repeat-mean-per-week")),
        ["1 19.99 3", "0 0.00 1", "0 0.00 2"]
    );
    assert_eq!(
        customers(&format!("{months} --frequency orders-per-month --monetary total-per-month")),
        ["1.000000 13.74 3", "0.333333 1.67 1", "0.500000 50.00 2"]
    );
    assert_eq!(
        customers(&format!("{months} --monetary median-order --recency-in days")),
        ["2 13.74 2", "1 5.00 1", "1 100.00 1"]
    );
    let outcome = place.rfm("segment orders.csv --frequency week");
    assert_eq!(outcome.code, 2);
    assert!(outcome.err.contains("tip: a similar value exists: 'weeks'"), "{}", outcome.err);
    let run = place.prints_json("segment orders.csv --json --quiet --monetary mean-per-week");
    let measures = ["recency_measure", "frequency_measure", "monetary_measure"].map(|key| &run["model"][key]);
    assert_eq!(measures, ["months", "orders", "mean-per-week"]);
    assert_eq!((&run["choices"]["recency"], &run["choices"]["monetary"]), (&"months".into(), &"mean-per-week".into()));
}

#[test]
fn rejected_lines_are_written_down() {
    let orders = "customer,order,date,amount\nann,1,2024-03-01,19.99\n,2,2024-03-02,5.00\nbob,C3,2024-03-02,-1.00\n\
                  cid,4,2024-03-02,many\ndee,5\n\"=1+1\",6,2024-04-01,1.00\n";
    let place = Place::new().with("o.csv", orders);
    let out = place.prints("segment o.csv --on-bad-row skip --rejects r.csv --keep online-retail --as-of 2024-03-10");
    assert_eq!(
        out.split("\n\n").last().unwrap().split("note:").next().unwrap(),
        "6 lines read: 1 used (19.99), 5 rejected (5.00, and 2 amounts cannot be read)\n\
        \x20 1 bad record (no readable amount)\n  1 bad number (no readable amount)\n  1 missing customer (5.00)\n\
        \x20 1 cancelled order (-1.00)\n  1 after as-of (1.00)\n"
    );
    assert_eq!(
        place.read("r.csv"),
        "file,line,reason,detail,record\n\
         o.csv,3,missing customer,,\",2,2024-03-02,5.00\"\n\
         o.csv,4,cancelled order,,\"bob,C3,2024-03-02,-1.00\"\n\
         o.csv,5,bad number,\"o.csv, line 5, column 4 `amount`: expected a number with a decimal point, found 4 characters: letters\",\"cid,4,2024-03-02,many\"\n\
         o.csv,6,bad record,\"o.csv, line 6: expected 4 fields as in the header, found 2\",\"dee,5\"\n\
         o.csv,7,after as-of,,\"\"\"=1+1\"\",6,2024-04-01,1.00\"\n"
    );
}

#[test]
fn days_in_a_zone_and_repeated_lines() {
    let orders = "customer,order,date,amount\nann,1,2024-03-01T03:30:00Z,5.00\nann,1,2024-03-01T03:30:00Z,5.00\n";
    let place = Place::new().with("o.csv", orders);
    let row = |options: &str| {
        place.prints(&format!("segment o.csv --output - -q {options}")).lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(row(""), "ann,2024-03-01,1,1,10,5,1,1,511,New Customers");
    assert_eq!(row("--time-zone america/new_york"), "ann,2024-02-29,1,1,10,5,1,1,511,New Customers");
    assert_eq!(row("--repeated-lines drop"), "ann,2024-03-01,1,1,5,5,1,1,511,New Customers");
    let out = place.prints("segment o.csv --repeated-lines drop");
    assert!(out.contains("2 lines read: 1 used (5), 1 rejected (5)\n  1 repeated line (5)\n"), "{out}");
    place.fails(
        "segment o.csv --time-zone Europe/Berln",
        2,
        &[
            "error: invalid value 'Europe/Berln' for '--time-zone <ZONE>': no time zone `Europe/Berln`; expected a name of \
             the IANA database such as Europe/Berlin or America/New_York; did you mean `Europe/Berlin`?",
            "",
            "For more information, try '--help'.",
        ],
    );
}

#[test]
fn what_to_know_about_the_input_is_a_warning() {
    let place = Place::new().with("o.csv", "customer,date,amount\n13085.0,2024-03-01,19.99");
    let warnings = "warning: o.csv: the last line has no line end; the file may have been cut short\n\
                    warning: customer ids look like 13085.0, as written by a float column; --ids integer makes them 13085\n";
    assert_eq!(place.rfm("segment o.csv").err, warnings);
    assert_eq!(place.rfm("segment o.csv -q").err, "");
    assert!(place.rfm("segment o.csv --ids integer --output - -q").out.contains("\n13085,"));
    place.fails(
        "segment o.csv --strict",
        1,
        &["error: o.csv, line 2: the last line has no line end, as in a file that was cut short"],
    );
}

#[test]
fn formulas_are_guarded_unless_told_otherwise() {
    let place = Place::new().with("o.csv", "customer,date,amount\n=1+1,2024-03-01,19.99\n");
    assert!(place.prints("segment o.csv --output - -q").contains("\n'=1+1,"));
    assert!(place.prints("segment o.csv --output - -q --guard exact").contains("\n=1+1,"));
}

#[test]
fn more_columns() {
    let out = Place::new().prints("segment orders.csv --output - -q --extra lines,mean-order,first_order");
    assert!(out.contains(",segment,lines,mean_order,first_order\nann,"), "{out}");
    assert!(out.contains(",Potential Loyalist,2,13.74,2024-02-10\n"), "{out}");
}
