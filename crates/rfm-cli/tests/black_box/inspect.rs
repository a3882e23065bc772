//! `rfm inspect`.

use crate::place::Place;

#[test]
fn a_plain_file_is_ready() {
    assert_eq!(
        Place::new().prints("inspect orders.csv"),
        "\
orders.csv
  compression        plain
  encoding           UTF-8 (no byte order mark)
  delimiter          , (5 of the first 5 records have 4 fields)
  header             line 1, 4 columns
  customer           `customer` (a known name)
  order              `order` (a known name)
  date               `date` (a known name)
  amount             `amount` (a known name)
  date format        yyyy-mm-dd (the only one that reads all of 4 dates)
  decimal separator  point (4 numbers prove it)
  lines              5
  rows               4
  would count        4 of 4 rows

columns: `customer`, `order`, `date`, `amount`

no problems
ready: rfm segment orders.csv
"
    );
}

#[test]
fn a_german_file() {
    let text = b"Kunde;Datum;Umsatz;Gr\xf6\xdfe\nanna;17.04.2024;1.234,50;1\nM\xfcller;05.04.2024;80,00;2\n";
    let place = Place::new().with("Ums\u{e4}tze 2024.csv", text);
    let out = place.prints("inspect 'Ums\u{e4}tze 2024.csv' --encoding windows-1252");
    assert!(
        out.contains(
            "\n  encoding           windows-1252 (as given)\n  delimiter          ; (3 of the first 3 records"
        ),
        "{out}"
    );
    assert!(out.contains("\n  date format        d/m/y (the only one that reads all of 2 dates)\n"), "{out}");
    assert!(out.contains("\n  decimal separator  comma (2 numbers prove it)\n"), "{out}");
    assert!(out.contains("\ncolumns: `Kunde`, `Datum`, `Umsatz`, `Größe`\n"), "{out}");
    assert!(out.ends_with("\nno problems\nready: rfm segment 'Umsätze 2024.csv' --encoding windows-1252\n"), "{out}");
    assert!(
        place.prints("segment 'Ums\u{e4}tze 2024.csv' --encoding windows-1252 --output - -q").contains("\nMüller,")
    );
}

#[test]
fn what_to_add_is_told() {
    let end = |text: &str, options: &str| {
        let out = Place::new().with("o.csv", text).prints(&format!("inspect o.csv {options}"));
        out.split("\n\n").last().unwrap().to_owned()
    };
    assert_eq!(
        end("client,date,amount\na,01/02/2024,3\n", ""),
        "1 problem:\n  o.csv, column 2 `date`: every date can be read as d/m/y and as m/d/y; say which with --date-format\n\
         to go on, one of:\n  rfm segment o.csv --date-format d/m/y\n  rfm segment o.csv --date-format m/d/y\n"
    );
    assert_eq!(
        end("customer_id,user id,date,amount\n1,2,2024-01-01,3\n", "--delimiter ,"),
        "1 problem:\n  o.csv, line 1: 2 columns may be the customer: `customer_id`, `user id`; choose one with --customer\n\
         to go on, one of:\n  rfm segment o.csv --delimiter , --customer customer_id\n  rfm segment o.csv --delimiter , --customer 'user id'\n"
    );
    assert_eq!(
        end("customer,date,amount\n1,2024-01-01,3\n", "--customer custmer --quote none"),
        "1 problem:\n  o.csv, line 1: no column `custmer` for the customer; the header has `customer`, `date`, `amount`; did you mean \
         `customer`?\nto go on:\n  rfm segment o.csv --quote none --customer customer\n"
    );
    assert_eq!(
        end("customer,date,amount\n1,2024-01-01,3.5\n2,2024-01-01\n3,2024-01-01,x\n", ""),
        "2 problems:\n  o.csv, line 3: expected 3 fields as in the header, found 2\n  \
         o.csv, line 4, column 3 `amount`: expected a number with a decimal point, found 1 character: letters\n\
         to go on:\n  rfm segment o.csv --on-bad-row skip\n"
    );
    assert_eq!(end("customer,date,amount\n", ""), "no problems\nnot ready: there is no row behind the header\n");
    assert_eq!(
        end("customer,date,amount\n1,2024-01-01,\"3\n2,2024-01-01,4\n", "").lines().last(),
        Some("  rfm segment o.csv --quote none")
    );
}

#[test]
fn an_encoding_is_suggested() {
    let place = Place::new().with("o.csv", b"customer,date,amount\nM\xfcller,2024-01-01,3.5\n");
    let out = place.prints("inspect o.csv");
    assert!(out.ends_with("\nto go on:\n  rfm segment o.csv --encoding windows-1252\n"), "{out}");
}

#[test]
fn many_problems_are_counted() {
    let rows: String = (0..30).map(|row| format!("{row},2024-01-01,x\n")).collect();
    let out = Place::new().with("o.csv", format!("customer,date,amount\n{rows}")).prints("inspect o.csv");
    assert!(out.contains("\n30 problems:\n") && out.contains("\n  and 20 more\nto go on:\n"), "{out}");
}

#[test]
fn for_machines() {
    let place = Place::new().with("o.csv", "customer,date,amount\n1,2024-01-01,x\n");
    let document = place.prints_json("inspect o.csv --json");
    assert_eq!(
        (&document["ready"], &document["problem_count"], &document["rows"]),
        (&false.into(), &1.into(), &1.into())
    );
    assert_eq!((&document["problems"][0]["line"], &document["problems"][0]["column"]), (&2.into(), &3.into()));
    assert_eq!(document["roles"]["customer"]["why"], "a known name");
    assert_eq!(document["commands"][0], "rfm segment o.csv --on-bad-row skip");
    assert_eq!(place.prints_json("inspect orders.csv --json")["ready"], true);
}

#[test]
fn only_what_cannot_be_understood_is_an_error() {
    let place = Place::new().with("empty.csv", "").with("book.xlsx", b"PK\x03\x04\x14\x00");
    place.fails("inspect empty.csv", 1, &["error: empty.csv: is empty; expected a header and rows"]);
    place.fails("inspect order.csv", 1, &["error: order.csv: no such file", "help: did you mean `orders.csv`?"]);
    assert_eq!(place.rfm("inspect book.xlsx").code, 1);
    assert_eq!(place.rfm("inspect").code, 2);
}

#[test]
fn standard_input() {
    let outcome = Place::new().rfm_with("inspect -", "customer,date,amount\n1,2024-01-01,2.5\n");
    assert!(
        outcome.out.starts_with("standard input\n") && outcome.out.ends_with("\nready: rfm segment -\n"),
        "{}",
        outcome.out
    );
}

#[test]
fn a_file_without_a_header_keeps_its_first_row_to_itself() {
    let place = Place::new().with("o.csv", "ann,2024-03-01,19.99\nbob,2024-01-15,5.00\n");
    let out = place.prints("inspect o.csv");
    assert_eq!(
        out.split_once("\n\n").unwrap().1,
        "columns: 3 characters: letters; 10 characters: digits and punctuation; 5 characters: digits and\n         \
         punctuation\n\n\
         1 problem:\n  o.csv, line 1: 2 of the 3 fields here are dates, numbers or addresses and no names; if the file has no \
         header, name its columns with --columns, otherwise name those that are needed\n\
         to go on, with names such as customer, date and amount for c1, c2 …:\n  rfm segment o.csv --columns c1,c2,c3\n"
    );
    assert!(!out.contains("ann") && !out.contains("19.99"), "{out}");
    let document = place.prints_json("inspect o.csv --json");
    assert_eq!(document["columns"][0], "3 characters: letters");
    assert_eq!(document["commands"], serde_json::json!(["rfm segment o.csv --columns c1,c2,c3"]));
    let shown = place.prints("inspect o.csv --show-values");
    assert!(shown.contains("\ncolumns: `ann`, `2024-03-01`, `19.99`\n"), "{shown}");
    assert_eq!(place.prints_json("inspect o.csv --json --show-values")["columns"][2], "19.99");
    assert!(place.prints("segment o.csv --columns customer,date,amount").starts_with("2 customers"));
}

#[test]
fn what_is_offered_does_something() {
    let end = |text: &str, options: &str| {
        let out = Place::new().with("o.csv", text).prints(&format!("inspect o.csv {options}"));
        out.split_once(" problem").unwrap().1.split_once("\n").unwrap().1.lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        end("customer,customer,date,amount\n1,2,2024-01-01,3\n", ""),
        "not ready: rename one of the columns called `customer`"
    );
    assert_eq!(
        end("customer_id,customer_id,user_id,date,amount\n1,2,3,2024-01-01,3\n", ""),
        "to go on:\n  rfm segment o.csv --customer user_id"
    );
    assert_eq!(end("customer,\"da\"te,amount\n1,2024-01-01,3\n", ""), "not ready: correct the line in the file first");
    assert_eq!(
        end("customer,date,amount\n1,2024-01-01,3\n5\"x,2024-01-01,3\n", ""),
        "to go on, one of:\n  rfm segment o.csv --quote none\n  rfm segment o.csv --on-bad-row skip"
    );
    assert_eq!(
        end("customer,date,amount,currency\n1,2024-01-01,3,EUR\n2,2024-01-01,3,USD\n", "--currency currency"),
        "to go on:\n  rfm segment o.csv --any-currency"
    );
    assert_eq!(
        end("customer,date,pieces,each\n1,2024-01-01,3,2\n", "--quantity=-peices-"),
        "to go on:\n  rfm segment o.csv --quantity pieces"
    );
}

#[test]
fn a_line_that_is_not_divided() {
    let place = Place::new().with("o.csv", "customer;date;amount\n1;2024-01-01;3\n");
    let out = place.prints("inspect o.csv --delimiter ,");
    assert!(out.contains("\ncolumns: 20 characters: letters and punctuation\n"), "{out}");
    assert!(out.ends_with("\nto go on:\n  rfm segment o.csv --delimiter ';'\n"), "{out}");
}

#[test]
fn options_that_did_not_help_are_not_offered_again() {
    let utf16: Vec<u8> =
        "customer,date,amount\na\0b,2024-01-01,3\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let out = Place::new().with("o.csv", utf16).prints("inspect o.csv --encoding utf-16le");
    assert!(out.ends_with("\nnot ready: the file has to be corrected first\n"), "{out}");
}

#[test]
fn ids_as_whole_numbers_are_offered() {
    let place = Place::new().with("o.csv", "customer,date,amount\n13085.0,2024-03-01,19.99\n");
    let end = |options: &str| {
        let out = place.prints(&format!("inspect o.csv {options}"));
        out.split_once("no problems\n").unwrap().1.to_owned()
    };
    assert_eq!(end(""), "ready: rfm segment o.csv\nor with ids as whole numbers: rfm segment o.csv --ids integer\n");
    assert_eq!(end("--ids as-written"), "ready: rfm segment o.csv --ids as-written\n");
    assert_eq!(end("--ids integer"), "ready: rfm segment o.csv --ids integer\n");
    let document = place.prints_json("inspect o.csv --json");
    assert_eq!((&document["ready"], document["commands"].as_array().map(Vec::len)), (&true.into(), Some(2)));
}
