//! `rfm presets` and `--preset`.

use rfm_kit::output::{Format, TextGuard, write_customers};
use rfm_kit::{Job, Preset};

use crate::place::Place;

/// Times of day, so that all presets can be had.
const ORDERS: &str = "customer,order,date,amount\n\
    ann,1,2024-03-01 10:00,10.00\nann,2,2024-02-20 11:00,-4.00\nbob,3,2024-02-01 12:00,20.50\nbob,3,2024-02-01 12:00,20.50\n\
    cat,4,2023-12-01 09:30,25.00\ndan,5,2023-06-01 18:00,500.00\neve,6,2022-06-01 07:00,60.00\n";

#[test]
fn a_preset_is_the_options_that_it_stands_for() {
    let place = Place::new().with("orders.csv", ORDERS);
    for preset in Preset::ALL {
        let told = place.prints_json(&format!("presets {preset} --json"));
        let options = told["options"].as_object().unwrap().iter();
        let options: String = options.map(|(name, value)| format!(" --{name} '{}'", value.as_str().unwrap())).collect();
        let customers = |how: &str| place.prints(&format!("segment orders.csv --quiet --output - {how}"));
        let by_name = customers(&format!("--preset {preset}"));
        assert_eq!(by_name, customers(&options), "{preset}");
        // What a program gets.
        let run = Job::new([place.path("orders.csv")]).preset(preset).run().unwrap();
        let mut bytes = Vec::new();
        write_customers(run.segmentation(), run.extras(), Format::Csv, TextGuard::Spreadsheet, &mut bytes).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), by_name, "{preset}");
        let document = place.prints_json(&format!("segment orders.csv --quiet --json --preset {preset}"));
        assert_eq!(document["choices"]["preset"], preset.name());
    }
}

#[test]
fn what_is_typed_or_in_the_settings_file_counts_instead() {
    let place = Place::new()
        .with("orders.csv", ORDERS)
        .with("rfm.toml", "[segment]\npreset = \"pypi-rfm\"\nkeep = \"sales\"\n");
    let choices =
        |options: &str| place.prints_json(&format!("segment orders.csv --quiet --json {options}"))["choices"].clone();
    let found = choices("--as-of 2024-03-10 --segments table-11");
    assert_eq!((&found["preset"], &found["as_of"]), (&"pypi-rfm".into(), &"2024-03-10T00:00:00".into()));
    assert_eq!((&found["segments"], &found["repeated_lines"]), (&"table-11".into(), &"dropped".into()));
    assert_eq!((&found["scoring_recency"], &found["frequency"]), (&"rank-first-qcut:5".into(), &"lines".into()));
    let found = choices("--preset platinum-tiers --scoring 4 --repeated-lines keep");
    assert_eq!((&found["scoring_recency"], &found["recency"]), (&"quartile".into(), &"elapsed".into()));
    assert_eq!(place.prints_json("segment orders.csv --quiet --json")["account"]["used"]["lines"], 5);
    // A preset that is typed is whole, whatever the file says.
    let place =
        place.with("rfm.toml", "[segment]\nfrequency = \"active-days\"\nscoring = \"quartile\"\nas-of = 2024-04-01\n");
    let found = place.prints_json("segment orders.csv --quiet --json --preset r-rfm")["choices"].clone();
    assert_eq!((&found["frequency"], &found["scoring_recency"]), (&"lines".into(), &"rfm-r:5".into()));
    assert_eq!(found["as_of"], "2024-04-01");
}

#[test]
fn what_a_preset_leaves_open_is_told_before_anybody_acts() {
    let place = Place::new().with("orders.csv", ORDERS);
    let outcome = place.rfm("segment orders.csv --preset putler");
    assert_eq!(
        outcome.err,
        "warning: preset `putler`: its segments `putler` have names that nobody can get: Recent Customers, Promising, \
         Can't Lose Them, Lost\n"
    );
    let outcome = place.rfm("segment orders.csv --segments r-readme");
    assert_eq!(outcome.err, "warning: the segments `r-readme` leave 10 of 125 codes unnamed (Others)\n");
    assert_eq!(place.rfm("segment orders.csv").err, "");
}

#[test]
fn the_day_that_a_preset_counts_from_is_told() {
    let place = Place::new().with("orders.csv", ORDERS);
    let told =
        |options: &str| place.rfm(&format!("segment orders.csv {options}")).out.lines().next().unwrap().to_owned();
    assert_eq!(told("--preset pymc"), "5 customers as of 2024-03-01 (the last kept order), segments `pymc`");
    assert_eq!(told("--preset pymc --as-of 2024-03-05"), "5 customers as of 2024-03-05 (as given), segments `pymc`");
}

#[test]
fn presets_are_listed_and_shown() {
    let place = Place::new();
    let list = place.prints("presets");
    assert!(Preset::ALL.iter().all(|preset| list.contains(preset.name())), "{list}");
    assert_eq!(
        place.prints("presets r-rfm"),
        "\
r-rfm
what: R's package rfm: rfm_table_order with 5 bins and rfm_segment with the rules of the README
source: CRAN package rfm 0.3.0 (2024-02-26), source and README
reproduces: every score, threshold and segment of the package, to the last digit. The package has
            customers without an id, which are left out here
defect: adds 1 to every cut, money included, so that scores change with the unit of money
defect: counts lines as transactions, and returns as lines
defect: the README's rules leave 10 of 125 codes unnamed, among them frequent recent customers with
        small orders (551, 541)
defect: rules overlap; the first one that holds wins
recommended instead: no preset: distinct orders, quintiles that keep equal customers together,
                     segments that name each code once (docs/presets.md)
the same as: --keep all --frequency lines --scoring rfm-r:5 --segments r-readme
"
    );
    let unknown = place.rfm("segment orders.csv --preset r-rmf");
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("tip: a similar value exists: 'r-rfm'"), "{}", unknown.err);
    let both = place.rfm("segment orders.csv --preset r-rfm --model model.json");
    assert_eq!(both.code, 2);
    assert!(both.err.contains("cannot be used with"), "{}", both.err);
}

#[test]
fn every_preset_is_in_the_catalogue() {
    let catalogue = include_str!("../../../../docs/presets.md");
    let place = Place::new().with("orders.csv", ORDERS);
    for preset in Preset::ALL {
        assert!(catalogue.contains(&format!("`{preset}`")), "{preset}");
        let (_, section) = catalogue.split_once(&format!("\n### {preset}\n")).unwrap();
        let options = section.lines().find(|line| line.starts_with("    --")).unwrap().trim();
        let choices = |options: &str| {
            let mut document = place.prints_json(&format!("segment orders.csv --quiet --json {options}"));
            let choices = document["choices"].as_object_mut().unwrap();
            choices.remove("preset");
            choices.clone()
        };
        assert_eq!(choices(options), choices(&format!("--preset {preset}")), "{preset}");
    }
}
