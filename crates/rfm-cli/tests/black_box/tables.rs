//! Tables of customers, and second tables beside the orders.

use crate::place::Place;
use crate::segment::CUSTOMERS;

#[test]
fn a_result_read_back_gives_the_same_customers() {
    let place = Place::new();
    place.prints("segment orders.csv --output customers.csv -q");
    let again = "segment customers.csv --level customers --as-of 2024-03-02 --output - -q";
    assert_eq!(place.prints(again), CUSTOMERS);
    assert_eq!(place.prints(&again.replace("customers --as-of", "customer --as-of")), CUSTOMERS);
    let out = place.prints("segment customers.csv --level customers --as-of 2024-03-02");
    assert!(out.contains("\n3 lines read: 3 used (132.49), none rejected\n"), "{out}");
}

#[test]
fn days_since_the_last_order_instead_of_its_date() {
    let table = "name,days,n,total\nann,1,2,27.49\nbob,47,1,5.00\ncid,3,1,100.00\n";
    let place = Place::new().with("t.csv", table);
    let roles = "--customer name --recency-column days --frequency-column n --amount total";
    let out = place.prints(&format!("segment t.csv --level customers --as-of 2024-03-02 {roles} --output - -q"));
    assert_eq!(out, CUSTOMERS);
}

#[test]
fn a_customer_in_two_rows_of_a_table_of_customers() {
    let table = "customer,last_order,orders,total\nann,2024-03-01,2,27.49\nann,2024-02-01,1,5.00\n";
    Place::new().with("t.csv", table).fails("segment t.csv --level customers", 1, &[
        "error: 1 customer is in more than one row; a table of customers has one row for each, and order lines are read with \
         --level lines",
        "help: if its rows are orders, leave --level customers out; otherwise keep one row of each customer",
    ]);
}

#[test]
fn lines_and_customers_are_read_apart() {
    let place = Place::new();
    place.fails(
        "segment orders.csv --recency-column days",
        2,
        &["error: orders.csv, line 1: the recency is a column of tables of customers; read one with --level customers"],
    );
    place.fails(
        "segment orders.csv --level customers --quantity pieces",
        2,
        &["error: orders.csv, line 1: the quantity is a column of order lines; read them with --level lines"],
    );
    let table = "customer,last_order,orders,total\nann,2024-03-01,2,27.49\n";
    let place = place.with("t.csv", table);
    place.fails(
        "segment t.csv",
        1,
        &[
            "error: t.csv, line 1: no column for the date; the header has `customer`, `last_order`, `orders`, `total`; name it \
             with --date",
            "help: this looks like a table of customers, which is read with --level customers",
        ],
    );
    let out = place.prints("inspect t.csv");
    assert!(out.ends_with("\nto go on:\n  rfm segment t.csv --level customers\n"), "{out}");
    let out = place.prints("inspect orders.csv --level customers");
    assert!(out.ends_with("\nto go on:\n  rfm segment orders.csv --level lines\n"), "{out}");
    place.fails(
        "segment t.csv orders.csv --level customers --exclude-orders t.csv",
        2,
        &[
            "error: --exclude-orders says nothing of a table of customers, which has no single orders",
            "help: leave it out, or segment the order lines",
        ],
    );
}

#[test]
fn orders_that_are_left_out() {
    let place = Place::new()
        .with("returns.csv", "order,reason\n4,broken\n99,late\n4,again\n")
        .with("one.csv", "InvoiceNo\n4\n");
    let outcome = place.rfm("segment orders.csv --exclude-orders returns.csv");
    assert_eq!(
        (outcome.code, outcome.err.as_str()),
        (0, "warning: returns.csv: 1 of its 2 orders are not in the input\n")
    );
    assert!(
        outcome.out.contains("\n4 lines read: 3 used (32.49), 1 rejected (100.00)\n  1 excluded order (100.00)\n"),
        "{}",
        outcome.out
    );
    let out = place.prints("segment orders.csv --exclude-orders one.csv --output - -q");
    assert_eq!(
        out.lines().map(|line| line.split(',').next().unwrap()).collect::<Vec<_>>(),
        ["customer_id", "ann", "bob"]
    );
}

#[test]
fn orders_cannot_be_left_out_without_ids() {
    let place =
        Place::new().with("o.csv", "customer,date,amount\nann,2024-03-01,1.5\n").with("returns.csv", "order\n4\n");
    place.fails(
        "segment o.csv --exclude-orders returns.csv",
        1,
        &["error: orders are to be left out, but the input has no order ids; name the column with --order"],
    );
    let place = Place::new().with("returns.csv", "number,reason\n4,broken\n");
    place.fails(
        "segment orders.csv --exclude-orders returns.csv",
        1,
        &[
            "error: returns.csv: no column for the order; the header has `number`, `reason`; the table needs a header, and its column of the \
             order a known name or --order",
            "help: call that column `order`; --order would have to name a column of the orders too",
        ],
    );
}

#[test]
fn attributes_of_customers() {
    let attributes = "customer,country,mail\nann,France,a@x.org\ncid,Spain,\nzoe,Spain,z@x.org\n";
    let place = Place::new().with("people.csv", attributes);
    let outcome = place.rfm("segment orders.csv --attributes people.csv --by country --out result");
    assert_eq!(
        (outcome.code, outcome.err.as_str()),
        (
            0,
            "warning: people.csv, joined by `customer`: 1 of 3 customers have no row in it, and 1 of its 3 rows belong to no customer\n"
        )
    );
    assert!(outcome.out.contains("result/segments_by.csv"), "{}", outcome.out);
    assert_eq!(
        place.read("result/customers.csv"),
        "\
customer_id,last_order,recency_days,frequency,monetary,r_score,f_score,m_score,rfm_code,segment,country,mail
ann,2024-03-01,1,2,27.49,5,5,3,553,Potential Loyalist,France,a@x.org
bob,2024-01-15,47,1,5.00,1,1,1,111,Lost,,
cid,2024-02-28,3,1,100.00,3,1,5,315,Promising,Spain,
"
    );
    assert_eq!(
        place.read("result/segments_by.csv"),
        "segment,value,customers,share,orders,revenue\nPotential Loyalist,France,1,1.000000,2,27.49\n\
         Promising,Spain,1,1.000000,1,100.00\nLost,,1,1.000000,1,5.00\n"
    );
}

#[test]
fn a_customer_with_two_countries_in_the_table() {
    let place = Place::new().with("people.csv", "customer,country\nann,France\nann,Spain\n");
    place.fails(
        "segment orders.csv --attributes people.csv",
        1,
        &["error: people.csv, line 3, column 1 `customer`: this customer has another row, at people.csv, line 2, column 1 \
           `customer`, that says something else"],
    );
    place.fails(
        "segment orders.csv --attributes peple.csv",
        1,
        &["error: peple.csv: no such file", "help: did you mean `people.csv`?"],
    );
}

#[test]
fn segments_by_a_column_of_the_lines() {
    let orders = "customer,order,date,amount,Country\nann,1,2024-03-01,19.99,France\nbob,2,2024-01-15,5.00,Spain\n\
                  ann,3,2024-02-10,7.50,Spain\ncid,4,2024-02-28,100.00,\n";
    let place = Place::new().with("o.csv", orders);
    let outcome = place.rfm("segment o.csv --by country --out result");
    assert_eq!(
        (outcome.code, outcome.err.as_str()),
        (0, "warning: 1 customer with lines of several values of `country`; the latest order of each decides\n")
    );
    assert_eq!(
        place.read("result/segments_by.csv"),
        "segment,value,customers,share,orders,revenue\nPotential Loyalist,France,1,1.000000,2,27.49\n\
         Promising,,1,1.000000,1,100.00\nLost,Spain,1,1.000000,1,5.00\n"
    );
    assert_eq!(place.read("result/customers.csv"), CUSTOMERS);
    place.fails("segment o.csv --by contry", 1, &[
        "error: o.csv, line 1: no column `contry` for the attribute; the header has `customer`, `order`, `date`, `amount`, \
         `Country`; did you mean `Country`?",
        "help: see what was detected with `rfm inspect`",
    ]);
    let shown = place.rfm("segment o.csv --by country -q").out;
    assert!(
        shown.ends_with(
            "\n\nsegment             country  customers  share     orders  revenue\n\
             Potential Loyalist  France   1          1.000000  2       27.49\n\
             Promising           (none)   1          1.000000  1       100.00\n\
             Lost                Spain    1          1.000000  1       5.00\n"
        ),
        "{shown}"
    );
    let document = place.prints_json("segment o.csv --by country --json -q");
    assert_eq!(document["segments_by"][0]["value"], "France");
}

#[test]
fn options_that_would_change_nothing_are_refused() {
    let place = Place::new();
    let nothing = |option: &str, format: &str| format!("error: {option} is about {format}, which no input is");
    place.fails("segment orders.csv --minor-units 2", 2, &[&nothing("--minor-units", "Parquet"), "help: leave it out"]);
    place.fails("segment orders.csv --sheet A", 2, &[&nothing("--sheet", "workbooks"), "help: leave it out"]);
    place.fails("segment orders.csv --header-row 2", 2, &[&nothing("--header-row", "workbooks"), "help: leave it out"]);
    for option in
        ["--from 2024-01-01", "--until 2024-01-01", "--keep all", "--frequency repeat-weeks", "--monetary median-order"]
    {
        let name = option.split(' ').next().unwrap();
        let message = format!("error: {name} says nothing of a table of customers, which has no single orders");
        place.fails(
            &format!("segment orders.csv --level customers {option}"),
            2,
            &[&message, "help: leave it out, or segment the order lines"],
        );
    }
}

#[test]
fn a_preset_of_order_lines_says_so() {
    Place::new().fails(
        "segment orders.csv --level customers --preset r-rfm",
        2,
        &[
            "error: preset `r-rfm` is about order lines, by its --frequency, and a table of customers has none",
            "help: give another --frequency, or segment the order lines",
        ],
    );
}

#[test]
fn measures_over_the_time_as_a_customer_need_the_first_order() {
    let table = "customer_id,last_order,first_order,frequency,monetary\nann,2024-03-01,2023-12-31,6,27.49\n";
    let place = Place::new().with("customers.csv", table);
    let options = "segment customers.csv --level customers -q --output - --frequency orders-per-month";
    let message = "error: orders-per-month needs the first order of each customer";
    place.fails(options, 2, &[message, "help: name its column with --first-order"]);
    let out = place.prints(&format!("{options} --monetary total-per-year --first-order first_order"));
    assert!(out.lines().nth(1).unwrap().starts_with("ann,2024-03-01,1,1.500000,13.74,"), "{out}");
}

#[test]
fn the_account_of_a_table_of_customers_adds_up() {
    let table = "customer_id,last_order,frequency,monetary\nann,2024-03-01,2,27.49\nbob,2024-01-15,1,5.00\n";
    let place = Place::new().with("customers.csv", table);
    let run = place.prints_json("segment customers.csv --level customers --json --quiet");
    assert_eq!(run["account"]["adds_up"], true, "{}", run["account"]);
}
