//! `run.json` keeps its schema, tells everything and gives nothing away.

use proptest::prelude::*;
use rfm_core::{ColumnChoice, ColumnRoles, Scale, Scoring};
use rfm_output::{InputDescription, RunDescription};
use rfm_testkit::schema::violations;
use serde_json::{Value, json};

use crate::fixture::{lines, nasty, scale, segment, settings, three};

fn schema() -> Value {
    serde_json::from_str(RunDescription::SCHEMA).unwrap()
}

fn written(run: &RunDescription, result: &rfm_core::Segmentation) -> (String, Value) {
    let mut bytes = Vec::new();
    run.write(result, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

fn input() -> InputDescription {
    let header = ["InvoiceNo", "InvoiceDate", "Amount", "Customer ID"];
    let roles = ColumnRoles::resolve(&header, &ColumnChoice::default()).unwrap();
    InputDescription::new("/srv/shop/private/orders.csv.gz")
        .bytes(1_234)
        .blake3(&"0123456789abcdef".repeat(4))
        .lines(6)
        .records(5)
        .fact("format", "csv")
        .fact("compression", "gzip")
        .columns(&header, &roles)
}

#[test]
fn it_keeps_the_schema_and_the_order_of_keys() {
    let (rfm, result) = three();
    let run = RunDescription::new("rfm-kit", "0.1.0").settings(&rfm).choice("as_of_from", "given").input(input());
    let run = run.rounded_lines(2).note("the last line has no line end").output("out/customers.csv", 1);
    let (text, value) = written(&run, &result);
    assert_eq!(violations(&schema(), &value), [""; 0]);

    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    let required: Vec<Value> = keys.into_iter().map(|key| key.as_str().into()).collect();
    assert_eq!(schema()["required"], Value::Array(required), "the schema lists the keys in their order");
    assert_eq!(value["money"], json!({"scale": 2, "rounded_lines": 2}));
    assert_eq!(value["outputs"], json!([{"name": "customers.csv", "guarded_texts": 1}]));
    assert_eq!(value["account"]["read"], json!({"lines": 5, "money": "1234593.74", "without_amount": 0}));
    assert_eq!(value["account"]["reasons"]["missing customer"]["money"], "0.75");
    assert_eq!(value["account"]["adds_up"], true);
    assert_eq!(value["account"]["checks"]["read_is_sum_of_inputs"], true);
    assert_eq!(value["model"]["cuts"]["recency"]["cuts"], json!(["16.6", "32.2", "72", "136"]));
    assert_eq!(value["diagnostics"][0], "the last line has no line end");
    assert_eq!(value["inputs"][0]["columns"]["customer"]["column"], "Customer ID");
    assert!(!text.contains("private") && !text.contains("/srv") && !text.contains("out/"));
    assert_eq!(text, written(&run.clone(), &result).0);
}

#[test]
fn lines_that_went_missing_are_told() {
    let (_, result) = three();
    let run = RunDescription::new("rfm-kit", "0.1.0");
    let account = |run: RunDescription| written(&run, &result).1["account"].clone();
    let short = account(run.clone().input(input().records(6)));
    assert_eq!((&short["checks"]["read_is_sum_of_inputs"], &short["adds_up"]), (&json!(false), &json!(false)));
    let unknown = account(run.input(InputDescription::new("-")).input(input()));
    assert_eq!((&unknown["checks"]["read_is_sum_of_inputs"], &unknown["adds_up"]), (&json!(null), &json!(true)));
}

#[test]
fn the_check_against_the_schema_finds_faults() {
    let (_, result) = three();
    let value = written(&RunDescription::new("a", "1").input(input()), &result).1;
    let broken = |path: &str, to: Value| {
        let mut value = value.clone();
        *value.pointer_mut(path).unwrap() = to;
        violations(&schema(), &value)
    };
    assert_eq!(broken("/version", json!(2)), ["$.version: expected 1, found 2"]);
    assert_eq!(broken("/result/revenue", json!(1.5)).len(), 1);
    assert_eq!(broken("/result/revenue", json!("1,5")).len(), 1);
    assert_eq!(broken("/inputs/0/digest", json!("blake3:xyz")).len(), 1);
    assert_eq!(broken("/model/cuts/recency/closed", json!("both")).len(), 1);
    assert_eq!(broken("/account/reasons", json!({"bad date": {"lines": -1, "money": "0"}})).len(), 2);
    assert_eq!(broken("/library", json!({})).len(), 2);
}

#[test]
fn cuts_that_no_decimal_holds_are_fractions() {
    let line = |id: &str, minor| (id.to_owned(), 1, 1, minor);
    let rfm = settings(Scale::CENTS, ["a", "b"], "3".parse::<Scoring>().unwrap());
    let result = segment(&rfm, &[line("x", 1), line("y", 2)]).unwrap();
    let value = written(&RunDescription::new("a", "1"), &result).1;
    assert_eq!(value["model"]["cuts"]["monetary"]["cuts"], json!(["1/75", "1/60"]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_result_keeps_the_schema(lines in lines(), names in [nasty(), nasty()], scale in scale(), name in nasty()) {
        let rfm = settings(scale, [&names[0], &names[1]], Scoring::QUARTILE);
        let Some(result) = segment(&rfm, &lines) else { return Ok(()) };
        let records = lines.len() as u64;
        let run = RunDescription::new("a", "1").settings(&rfm).choice(&name, &name);
        let run = run.input(InputDescription::new(&name).records(records).fact(&name, &name));
        let (text, value) = written(&run, &result);
        prop_assert_eq!(violations(&schema(), &value), [""; 0]);
        prop_assert_eq!(&value["account"]["adds_up"], &json!(true));
        prop_assert_eq!(&value["choices"][&name], &json!(name));
        prop_assert_eq!(serde_json::to_string_pretty(&value).unwrap() + "\n", text);
    }
}
