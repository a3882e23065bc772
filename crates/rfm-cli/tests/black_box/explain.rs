//! `rfm explain`.

use crate::place::Place;

const FIVE: &str = "customer,order,date,amount\n\
    007,1,2024-03-01,10.00\n007,2,2024-02-20,40.00\nann,3,2024-02-01,20.00\nbob,4,2024-01-01,30.00\n\
    cat,5,2023-12-01,25.00\ndan,6,2023-06-01,5.00\n";

#[test]
fn a_customer_is_explained_for_people() {
    let place = Place::new().with("five.csv", FIVE);
    assert_eq!(
        place.prints("explain ann five.csv --quiet"),
        "\
ann as of 2024-03-02: 412 New Customers

  recency (days)      30  scores 4 of 5  above 24.2, up to 48.6
  frequency (orders)  1   scores 1 of 5  up to 1
  monetary (total)    20  scores 2 of 5  above 17, up to 23

rules of `table-11`
  1  Champions           no: needs recency 5 and frequency 4 and monetary 4 at the nearest
  2  Loyal               no: needs recency 5 and frequency 4 and monetary 3 at the nearest
  3  Potential Loyalist  no: needs frequency 3 at the nearest
  4  New Customers       yes

what would change that: 1 more order of any amount between 2024-02-01 and 2024-03-02 leads to
                        Potential Loyalist or better
"
    );
    let unnamed = place.prints("explain 007 five.csv --quiet --scoring tertile");
    let end = "\nrules of `none`\n    Unsegmented  yes: no rule holds\n\nwhat would change that: not told, because there are no segments\n";
    assert!(unnamed.ends_with(end), "{unnamed}");
}

#[test]
fn programs_get_the_same() {
    let place = Place::new().with("five.csv", FIVE);
    let ann = place.prints_json("explain ann five.csv --quiet --json");
    assert_eq!((&ann["rfm_code"], &ann["rule"], &ann["rules"]), (&"412".into(), &4.into(), &11.into()));
    assert_eq!(ann["values"]["recency"]["standing"]["low"], "24.2");
    assert_eq!(ann["change"]["segment"], "Potential Loyalist");
    // Who is only ranked has a place among the others, and no cut to cross.
    let ranked = place.prints_json("explain ann five.csv --quiet --json --scoring ntile");
    assert_eq!(
        ranked["values"]["monetary"]["standing"],
        serde_json::json!({"among": "all", "worse": 1, "equal": 1, "better": 3})
    );
    assert!(ranked["change"].is_null());
    assert_eq!(ranked["no_change"], "customers are only ranked, and a place depends on what the others do");
    let why = |customer: &str, options: &str| {
        place.prints_json(&format!("explain {customer} five.csv --quiet --json {options}"))["no_change"].clone()
    };
    assert_eq!(why("ann", ""), serde_json::Value::Null);
    assert_eq!(why("007", ""), "the customer is in the first segment");
    let measures = "what one more order does to these measures depends on more than the order";
    assert_eq!(why("ann", "--monetary median-order"), measures);
}

#[test]
fn scores_are_told_as_the_result_shows_them_and_groups_as_such() {
    let place = Place::new().with("five.csv", FIVE);
    let best_first = place.prints("explain ann five.csv --quiet --score-display one-is-best");
    assert!(best_first.starts_with("ann as of 2024-03-02: 254 New Customers\n"), "{best_first}");
    assert!(best_first.contains("  scores 2 of 5, 1 is the best  above 24.2, up to 48.6\n"), "{best_first}");
    assert!(best_first.contains("no: needs frequency 3 at the nearest"), "rules keep their scores: {best_first}");
    let nested = place.prints("explain ann five.csv --quiet --nested");
    assert!(nested.contains("0 worse, 1 equal, 0 better of the same recency and frequency scores\n"), "{nested}");
}

#[test]
fn all_customers_are_explained_in_columns() {
    let place = Place::new().with("five.csv", FIVE);
    let table = place.prints("segment five.csv --quiet --extra reason,next_step --output -");
    let rows: Vec<&str> = table.lines().collect();
    assert!(rows[0].ends_with(",segment,reason,next_step"), "{table}");
    assert_eq!(
        rows[1],
        "007,2024-03-01,1,2,50,5,5,5,555,Champions,\"recency 1 scores 5 (up to 24.2), frequency 2 scores 5 (above 1.2), \
         monetary 50 scores 5 (above 34): rule 1 of 11, Champions\","
    );
    let next = ",1 more order of any amount between 2024-02-01 and 2024-03-02 leads to Potential Loyalist or better";
    assert!(rows[2].ends_with(next), "{}", rows[2]);
}

#[test]
fn a_customer_who_is_not_there_is_an_error() {
    let place = Place::new().with("five.csv", FIVE);
    place.fails("explain 7 five.csv", 1, &["error: there is no `7` among 5 customers", "help: did you mean `007`?"]);
    place.fails(
        "explain eve five.csv",
        1,
        &[
            "error: there is no `eve` among 5 customers",
            "help: lines that do not count make no customer: --rejects FILE writes them down",
        ],
    );
}
