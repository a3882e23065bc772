//! `rfm compare`.

use crate::place::Place;

/// Six customers, of whom four are equal on every dimension.
const SIX: &str = "customer,order,date,amount\n\
    a,1,2024-03-01,10.00\nb,2,2024-03-01,10.00\nc,3,2024-03-01,10.00\nd,4,2024-03-01,10.00\n\
    e,5,2024-02-01,50.00\ne,6,2024-01-01,40.00\nf,7,2023-06-01,5.00\nf,7,2023-06-01,6.00\n";

#[test]
fn ranks_tell_equal_customers_apart() {
    let place = Place::new().with("six.csv", SIX);
    assert_eq!(
        place.prints("compare six.csv --quiet --scoring quartile --with ntile:4"),
        "\
6 customers as of 2024-03-02

A  as given  scoring quartile  frequency orders, monetary total  segments `quartile`
B  ntile:4   scoring ntile:4   frequency orders, monetary total  segments `quartile`

        customers in both  another code  another segment  only first  only second
A to B  6                  5 (83.3%)     4 (66.7%)        0           0

from the segments of A (rows) to those of B (columns)
                       5  6  8  9
  5  New Customers     1  1  ·  2
  7  At Risk           ·  ·  1  ·
  8  Cannot Lose Them  ·  ·  1  ·
"
    );
}

#[test]
fn definitions_are_compared_as_of_the_same_day() {
    let place = Place::new().with("six.csv", SIX);
    let document = place.prints_json("compare six.csv --quiet --json --with 'frequency=lines until=2024-02-15'");
    assert_eq!(document["variants"][1]["as_of"], "2024-03-02");
    assert_eq!(document["variants"][1]["choices"]["frequency"], "lines");
    let pair = &document["pairs"][0];
    assert_eq!(
        (&pair["customers_in_both"], &pair["only_first"], &pair["only_second"]),
        (&2.into(), &4.into(), &0.into())
    );
    let matrix: u64 = pair["matrix"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(matrix, 2);
}

#[test]
fn a_preset_is_a_variant_as_a_whole() {
    let place = Place::new().with("six.csv", SIX);
    let choices = |options: &str, variant: usize| {
        let document = place.prints_json(&format!("compare six.csv --quiet --json {options}"));
        let choices = &document["variants"][variant]["choices"];
        ["preset", "frequency", "scoring_monetary", "returns", "segments"].map(|key| choices[key].clone())
    };
    let alone = |options: &str| {
        let document = place.prints_json(&format!("segment six.csv --quiet --json {options}"));
        ["preset", "frequency", "scoring_monetary", "returns", "segments"].map(|key| document["choices"][key].clone())
    };
    assert_eq!(choices("--with preset=r-rfm", 1), alone("--preset r-rfm"));
    // Nothing is left of the preset of the base, unless the variant says nothing of presets.
    assert_eq!(choices("--preset r-rfm --with preset=sql-ntile", 1), alone("--preset sql-ntile"));
    assert_eq!(choices("--preset r-rfm --with ntile", 1), alone("--preset r-rfm --scoring ntile"));
    assert_eq!(
        choices("--frequency active-days --with preset=r-rfm", 1),
        alone("--preset r-rfm --frequency active-days")
    );
}

#[test]
fn what_a_variant_says_puts_aside_what_it_contradicts() {
    let place = Place::new().with("six.csv", SIX);
    let scorings = |options: &str| {
        let document = place.prints_json(&format!("compare six.csv --quiet --json {options}"));
        ["scoring_recency", "scoring_frequency", "scoring_monetary"]
            .map(|key| document["variants"][1]["choices"][key].as_str().unwrap().to_owned())
    };
    // A scoring is that of all dimensions.
    assert_eq!(scorings("--scoring-monetary 4 --bins-recency 30,90 --with ntile"), ["ntile:5", "ntile:5", "ntile:5"]);
    assert_eq!(scorings("--scoring-monetary=4 --with scoring-recency=4"), ["quartile", "quintile", "quartile"]);
    assert_eq!(scorings("--bins-recency 30,90 --with scoring-recency=4"), ["quartile", "quintile", "quintile"]);
    assert_eq!(
        scorings("--scoring ntile --tie-order last-order --with quintile"),
        ["quintile", "quintile", "quintile"]
    );
    place.prints("segment six.csv --quiet --scoring quartile --save-model m.json");
    assert_eq!(scorings("--model m.json --with ntile"), ["ntile:5", "ntile:5", "ntile:5"]);
    assert_eq!(scorings("--scoring ntile --with model=m.json"), ["cut points fitted as of 2024-03-02"; 3]);
    let nested = place.prints_json("compare six.csv --quiet --json --with nested=true --with nested");
    let binning = |at: usize| nested["variants"][at]["choices"]["binning"].clone();
    assert_eq!([0, 1, 2].map(binning), ["independent", "nested", "nested"]);
}

#[test]
fn every_choice_that_differs_is_told() {
    let place = Place::new().with("six.csv", SIX);
    let text =
        place.prints("compare six.csv --quiet --with 'recency-in=months returns=net as-of=2024-03-05' --with quartile");
    let variants: Vec<&str> = text.lines().skip(2).take(3).map(|line| line.split_once("`  ").unwrap().1).collect();
    assert_eq!(
        variants,
        [
            "as of 2024-03-02, recency days, returns exclude",
            "as of 2024-03-05, recency months, returns net",
            "as of 2024-03-02, recency days, returns exclude",
        ]
    );
}

#[test]
fn a_settings_file_and_warnings_are_told() {
    let orders = format!("{SIX}g,8,2024-02-01,-3.00\n");
    let place = Place::new().with("six.csv", orders).with("rfm.toml", "[segment]\nreturns = \"net\"\n");
    let note = "note: settings from rfm.toml\n";
    let warning = "warning: 1 customer not in the result: nothing but returns\n";
    let both = format!("{note}{warning}");
    assert_eq!(place.rfm("compare six.csv --with frequency=lines").err, both);
    assert_eq!(place.rfm("rules diff table-11 putler six.csv").err, both);
    let explained = place.rfm("explain a six.csv").err;
    assert!(explained.starts_with(&both) && explained.contains("\nnote: "), "{explained}");
    assert_eq!(place.rfm("explain a six.csv --quiet").err, "");
    let variant = place.rfm("compare six.csv --no-config --with returns=net").err;
    assert_eq!(variant, warning.replace("warning: ", "warning: with `returns=net`: "));
}

#[test]
fn what_cannot_be_compared_is_told_before_anything_is_read() {
    let place = Place::new();
    place.fails(
        "compare orders.csv",
        2,
        &[
            "error: there is nothing to compare with",
            "help: name other choices, such as --with ntile or --with 'frequency=lines scoring=quartile'",
        ],
    );
    place.fails(
        "compare - --with ntile",
        2,
        &[
            "error: the inputs are read once for each variant, and standard input can be read only once",
            "help: write it to a file first",
        ],
    );
    let help = "help: a variant is the name of a scoring, or options that choose lines, scores and segments such as 'scoring=ntile frequency=lines'";
    place.fails(
        "compare missing.csv --with scorin=ntile",
        2,
        &["error: --with scorin=ntile: unexpected argument '--scorin' found", help],
    );
    place.fails("compare orders.csv --with ''", 2, &["error: --with : it says nothing", help]);
}

#[test]
fn settings_of_a_file_are_the_base() {
    let place = Place::new()
        .with("six.csv", SIX)
        .with("rfm.toml", "[segment]\ninputs = [\"six.csv\"]\nscoring = \"quartile\"\nquiet = true\n");
    let document = place.prints_json("compare --json --quiet --with scoring=tertile");
    let scoring = |at: usize| document["variants"][at]["choices"]["scoring_recency"].clone();
    assert_eq!((scoring(0), scoring(1)), ("quartile".into(), "tertile".into()));
    // Codes of different bins have nothing in common.
    assert!(document["pairs"][0]["other_code"].is_null());
}
