use super::*;
use proptest::prelude::*;

fn read(format: NumberFormat, text: &str) -> Result<(i64, u8), CellProblem> {
    format.read(text, None).map(|number| (number.units, number.places.decimals()))
}

#[test]
fn every_written_form_is_read_exactly() {
    use NumberFormat::{Comma, Point};
    for (format, text, expected) in [
        (Point, "0", (0, 0)),
        (Point, "-0.00", (0, 0)),
        (Point, "12", (12, 0)),
        (Point, "2.10", (21, 1)),
        (Point, "2.1000000000000000", (21, 1)),
        (Point, "-11062.06", (-1_106_206, 2)),
        (Point, "1,234.56", (123_456, 2)),
        (Point, "1,234,567", (1_234_567, 0)),
        (Point, "1,234", (1234, 0)),
        (Point, "1.234", (1234, 3)),
        (Point, "$5", (5, 0)),
        (Point, "-$5.25", (-525, 2)),
        (Point, "$-5.25", (-525, 2)),
        (Point, "USD 5.25", (525, 2)),
        (Point, "5.25 EUR", (525, 2)),
        (Point, "(12.00)", (-12, 0)),
        (Point, "($12.50)", (-125, 1)),
        (Point, "12-", (-12, 0)),
        (Point, "\u{2212}12", (-12, 0)),
        (Point, "+12", (12, 0)),
        (Point, " 12 ", (12, 0)),
        (Point, "1 234.5", (12_345, 1)),
        (Point, "1'234.5", (12_345, 1)),
        (Point, "1e3", (1000, 0)),
        (Point, "1.5E-03", (15, 4)),
        (Point, ".5", (5, 1)),
        (Point, "5.", (5, 0)),
        (Point, "007", (7, 0)),
        (Comma, "1.234,56", (123_456, 2)),
        (Comma, "1.234", (1234, 0)),
        (Comma, "1,234", (1234, 3)),
        (Comma, "1.000", (1000, 0)),
        (Comma, "100.000", (100_000, 0)),
        (Comma, "1.000,00", (1000, 0)),
        (Comma, "1 234,56", (123_456, 2)),
        (Comma, "1\u{202f}234,56 €", (123_456, 2)),
        (Comma, "12", (12, 0)),
        (Point, "9223372036854775807", (i64::MAX, 0)),
        (Point, "-9223372036854775808", (i64::MIN, 0)),
    ] {
        assert_eq!(read(format, text), Ok(expected), "{text:?} with a decimal {format}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    use NumberFormat::{Comma, Point};
    let texts = [
        "n/a",
        "NaN",
        "inf",
        "-",
        "1.2.3",
        "1,23",
        "1,2345",
        "12,34,567",
        "--1",
        "(-1)",
        "0x10",
        "1e",
        "1e999",
        "5 5",
        "1 23",
        "$",
        "USD",
        "١٢",
    ];
    for text in texts {
        assert!(matches!(read(Point, text), Err(CellProblem::NotANumber { .. })), "{text:?}: {:?}", read(Point, text));
    }
    for text in ["12.50", "12.00", "1.00", "0.0"] {
        assert!(matches!(read(Comma, text), Err(CellProblem::NotANumber { .. })), "{text:?}");
    }
    for text in ["", " ", "\u{a0}"] {
        assert_eq!(read(Point, text), Err(CellProblem::Empty));
    }
    assert_eq!(read(Point, "9223372036854775808"), Err(CellProblem::TooLarge));
    assert_eq!(read(Point, "1e30"), Err(CellProblem::TooLarge));
    assert_eq!(read(Point, "0.0000000001"), Err(CellProblem::TooManyDecimals { places: 10, allowed: 9 }));
}

#[test]
fn one_separator_before_three_digits_is_ambiguous_until_something_tells() {
    use NumberFormat::Undecided;
    for (text, separator) in [("1.234", '.'), ("1,234", ','), ("-12.345", '.'), ("123,456", ',')] {
        assert_eq!(read(Undecided, text), Err(CellProblem::AmbiguousNumber { separator }), "{text:?}");
    }
    for (text, expected) in
        [("0.125", (125, 3)), ("12.5", (125, 1)), ("1,234.5", (12_345, 1)), ("1234.567", (1_234_567, 3))]
    {
        assert_eq!(read(Undecided, text), Ok(expected), "{text:?}");
    }
    assert!(matches!(read(Undecided, "12,5"), Err(CellProblem::NotANumber { .. })));
}

#[test]
fn rounding_is_half_to_even_and_marked() {
    let round = |text: &str| {
        let number = NumberFormat::Point.read(text, Some(Scale::CENTS)).unwrap();
        (number.units, number.places.decimals(), number.rounded)
    };
    assert_eq!(round("15.299999999999999"), (153, 1, true));
    assert_eq!(round("0.125"), (12, 2, true));
    assert_eq!(round("0.135"), (14, 2, true));
    assert_eq!(round("-0.125"), (-12, 2, true));
    assert_eq!(round("0.12"), (12, 2, false));
    assert_eq!(round("1e-300"), (0, 0, true));
}

#[test]
fn contradicting_cells_prove_nothing() {
    let mut evidence = NumberEvidence::default();
    evidence.observe("1.5");
    evidence.observe("1,5");
    assert_eq!(evidence.format(), None);
}

proptest! {
    #[test]
    fn amounts_of_either_format_round_trip(
        units in prop_oneof![any::<i64>(), (-9_999i64..=9_999).prop_map(|thousands| thousands * 1_000)], places in 0u8..=9, comma: bool, grouped: bool) {
        let (format, decimal, group) =
            if comma { (NumberFormat::Comma, ',', '.') } else { (NumberFormat::Point, '.', ',') };
        let digits = format!("{:0>width$}", units.unsigned_abs(), width = usize::from(places) + 1);
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(places));
        let mut text = String::from(if units < 0 { "-" } else { "" });
        for (at, digit) in whole.chars().enumerate() {
            if grouped && at > 0 && (whole.len() - at) % 3 == 0 {
                text.push(group);
            }
            text.push(digit);
        }
        if places > 0 {
            text.push(decimal);
            text.push_str(fraction);
        }
        let number = format.read(&text, None).unwrap();
        let factor = 10i128.pow(u32::from(places - number.places.decimals()));
        prop_assert_eq!(i128::from(number.units) * factor, i128::from(units));
    }

    #[test]
    fn any_text_is_read_or_refused(text: String, round in proptest::option::of(0u8..=9)) {
        for format in [NumberFormat::Point, NumberFormat::Comma, NumberFormat::Undecided] {
            let _ = format.read(&text, round.and_then(Scale::new));
        }
    }

    #[test]
    fn any_numeric_text_is_read_or_refused(text in "[-+(]?[0-9.,eE' ]{0,24}[-)]?") {
        let mut evidence = NumberEvidence::default();
        evidence.observe(&text);
        for format in [NumberFormat::Point, NumberFormat::Comma, NumberFormat::Undecided] {
            if let Ok(number) = format.read(&text, None) {
                prop_assert!(number.places == Scale::UNITS || number.units % 10 != 0);
            }
        }
    }
}
