//! Where the fuzzer begins: small texts and files of our own.

use rfm_testkit::generate::Shape;

use crate::workbook::{CONTENT, PARTS, xls_seed, xlsx_with};

/// The body of a target.
pub type Body = fn(&[u8]);

/// The targets, by name.
pub const TARGETS: [(&str, Body); 8] = [
    ("csv_to_summaries", crate::csv_to_summaries),
    ("cells", crate::cells),
    ("xlsx", crate::xlsx),
    ("ods", crate::ods),
    ("xls", crate::xls),
    ("kinds", crate::kinds),
    ("parquet", crate::parquet),
    ("model", crate::model),
];

/// The seeds of a target.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "cells" => cells(),
        "xlsx" => workbooks(),
        "ods" => vec![CONTENT.as_bytes().to_vec()],
        "xls" => vec![xls_seed()],
        "model" => models(),
        "parquet" => vec![crate::ORDERS.to_vec()],
        "kinds" => {
            vec![b"PAR1".to_vec(), b"ARROW1\0\0".to_vec(), b"id,date".to_vec(), xls_seed(), workbooks().swap_remove(0)]
        }
        _ => texts(),
    }
}

/// A whole workbook, and contents of its parts behind the byte that says which part.
fn workbooks() -> Vec<Vec<u8>> {
    let whole = xlsx_with(0, PARTS[0].as_bytes()).build();
    let parts = (0..).zip(PARTS).map(|(part, content)| [&[part], content.as_bytes()].concat());
    std::iter::once(whole).chain(parts).collect()
}

fn texts() -> Vec<Vec<u8>> {
    let mut texts: Vec<Vec<u8>> = vec![
        b"client,date,total\nann,2024-01-17,1.50\nbob,2024-02-01,\"1,234.5\"\n".to_vec(),
        b"Kunde;Datum;Umsatz\r\nanna;17.04.2024;1.234,50\r\nbert;05.04.2024;80,00\r\n\r\n;;\r\n".to_vec(),
        b"\xEF\xBB\xBFcustomer\torder\tdate\tn\tp\rann\t1\tDec 9, 2011\t-2\t(1.5)\r".to_vec(),
        b"client,date,total,currency\n\"a\"\"b\nc\",2024-01-17,1,EUR\nx,never,,\nann,2024-01-01\n\"b\"x,,,\n,,,\n"
            .to_vec(),
        b"ann,20240117,1\nbob,20240118,2".to_vec(),
        b"ann,2024-01-17T03:00:00Z,1\nann,2024-01-17T03:00:00Z,1\nbob,never,2\nbob,never,2\n".to_vec(),
        b"client,date,total\nann,05/04/2024,1.234\nZo\xEB,17/04/2024,1\0\n".to_vec(),
        "\u{feff}client,date,total\nann,2024-01-17,1\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ];
    let shop = Shape::new().seed(1).customers(6).dirty_cells(200).build().expect("a shop of six customers");
    let mut orders = Vec::new();
    shop.write_csv(&mut orders).expect("memory does not fail");
    orders.truncate(2_000);
    texts.push(orders);
    // The same with options: bad rows left out, formats given, no header, small limits, repeated lines dropped, a zone.
    [[0, 0], [1, 0], [5, 0], [45, 64], [25, 32], [129, 96], [65, 192], [1, 8], [17, 24]]
        .iter()
        .flat_map(|head| texts.iter().map(move |text| [head, &text[..]].concat()))
        .collect()
}

/// A whole file, and one without what can be left out.
fn models() -> Vec<Vec<u8>> {
    let whole = crate::model::VERSION_1;
    let made = whole.split_once("\"fitted_on\"").map(|(before, _)| format!("{before}\"fitted_on\": null}}"));
    std::iter::once(whole.to_owned()).chain(made).map(String::into_bytes).collect()
}

fn cells() -> Vec<Vec<u8>> {
    [
        "2011-12-09T12:50:00.5+01:00",
        "9/12/2011 2:05 PM",
        "20111209125000",
        "Fri, 09 Dec 2011 12:50:00 GMT",
        "9. Dezember 2011",
        "11-12-09",
        "1,234,567.50",
        "-€ 1.234,5",
        "(12.00)",
        "1'234.5-",
        "EUR 1e-3",
        "13085.0",
        "ann\n2024-01-17\n2\n1.50",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}
