//! Which delimiter is found in what.

use rfm_core::Limits;

use super::*;

fn found(text: &str) -> Detection {
    detect(text.as_bytes(), true, Some(b'"'), Limits::default())
}

#[track_caller]
fn assert_found(text: &str, delimiter: u8, columns: usize, tied: &[u8]) {
    let detection = found(text);
    assert_eq!(
        (char::from(detection.dialect().delimiter()), detection.columns(), detection.tied()),
        (char::from(delimiter), columns, tied),
        "{:#?}",
        detection.evidence()
    );
}

#[test]
fn each_delimiter_is_found() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = "id,date,amount\n1,2024-01-01,3.50\n2,2024-01-02,4.00\n".replace(',', &delimiter.to_string());
        assert_found(&text, delimiter as u8, 3, &[]);
    }
}

#[test]
fn a_decimal_comma_does_not_win() {
    assert_found("id;date;amount\n1;2024-01-01;3,50\n2;2024-01-02;4,00\n3;2024-01-03;5,25\n", b';', 3, &[]);
}

#[test]
fn delimiters_inside_quotes_do_not_count() {
    assert_found("name;city\n\"a,b,c\";x\n\"d,e,f\";y\n", b';', 2, &[]);
    assert_found("name,notes\n\"a\",\"x;y\nz;w\"\n\"b\",\"x;y\"\n", b',', 2, &[]);
}

#[test]
fn one_column_is_a_comma_with_one_column() {
    assert_found("id\n1\n2\n", b',', 1, &[]);
    assert_found("", b',', 0, &[]);
    assert_found("\n\n", b',', 0, &[]);
    // A comma now and then makes no columns.
    assert_found("text\nplain\nwith, one\nplain\n", b',', 1, &[]);
}

#[test]
fn equals_are_reported_and_the_one_with_more_columns_wins() {
    assert_found("a,b;c,d\n1,2;3,4\n", b',', 3, b";");
    assert_found("a,b;c\n1,2;3\n", b',', 2, b";");
    assert_found("a,b|c|d\n1,2|3|4\n", b'|', 3, b",");
}

#[test]
fn the_record_at_the_cut_is_left_out() {
    let text = "a;b;c\n1;2;3\n4;5,6";
    let whole = detect(text.as_bytes(), true, Some(b'"'), Limits::default());
    let cut = detect(text.as_bytes(), false, Some(b'"'), Limits::default());
    assert_eq!((whole.evidence()[1].records(), whole.evidence()[1].matching()), (3, 2));
    assert_eq!((cut.evidence()[1].records(), cut.evidence()[1].matching()), (2, 2));
    assert!(cut.evidence()[1].first_matches() && !cut.evidence()[1].is_broken());
    assert_eq!(cut.evidence()[1].share(), 1.0);
    let open = detect(b"a;b\n1;\"2\n3;", false, Some(b'"'), Limits::default());
    assert!(!open.evidence()[1].is_broken());
    assert!(detect(b"a;b\n1;\"2\n3;", true, Some(b'"'), Limits::default()).evidence()[1].is_broken());
}

#[test]
fn a_dialect_that_cannot_work_is_refused() {
    for (delimiter, quote) in
        [(b'\n', None), (0, None), (0xE9, None), (b',', Some(b',')), (b',', Some(b'\r')), (b',', Some(0x80))]
    {
        let error = Dialect::try_new(delimiter, quote).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::BadDialect { .. }));
    }
}

#[test]
fn detection_works_with_any_quote_or_none() {
    assert_eq!(detect(b"a,b\n'x,y',2\n", true, Some(b'\''), Limits::default()).columns(), 2);
    assert_eq!(detect(b"a;b\n5\";2\n", true, None, Limits::default()).dialect(), Dialect::try_new(b';', None).unwrap());
    // A quote that is a candidate is none.
    assert_eq!(detect(b"a;b\n,x;y,;2\n", true, Some(b','), Limits::default()).dialect().delimiter(), b';');
}

#[test]
fn real_files_have_the_delimiter_that_their_readers_know() {
    let Some(shared) = rfm_testkit::shared("real_files_have_the_delimiter_that_their_readers_know") else { return };
    for (path, delimiter, columns) in [
        ("data/messy/frictionless/issue-1009-semicolon.csv", b';', 2),
        ("data/messy/tabulator/table.tsv", b'\t', 2),
        ("data/messy/adventure-works/PurchaseOrderHeader.csv", b'\t', 13),
        ("data/messy/sales-data-sample/BinarySeo__sales_data_sample.csv", b',', 25),
        ("data/rfm_data_orders.csv", b',', 6),
    ] {
        let text = std::fs::read(shared.join(path)).unwrap();
        let detection = detect(&text, true, Some(b'"'), Limits::default());
        assert_eq!(
            (detection.dialect().delimiter(), detection.columns()),
            (delimiter, columns),
            "{path} {:#?}",
            detection.evidence()
        );
    }
}
