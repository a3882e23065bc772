//! `HAZARDS.md` section 4: a message never shows a value, unless that is asked for.

use proptest::prelude::*;
use rfm_core::TransactionSource;
use rfm_core::cell::{DateFormat, NumberFormat};
use rfm_csv::{CsvOptions, CsvSource, ReadOptions, inspect_bytes};

use crate::support::{message, skipping, table};

const MARKER: &str = "MARKER";

#[test]
fn the_value_is_shown_only_if_asked_for() {
    let text = table("ann,2024-01-01,MARKER\n");
    assert!(!message(&text, CsvOptions::default()).contains(MARKER));
    assert_eq!(
        message(&text, ReadOptions::default().show_values()),
        "a.csv, line 2, column 3 `amount`: expected a number with a decimal point or comma, \
         found 6 characters: letters (`MARKER`)"
    );
    let text = table("ann,2024-01-01,\"\u{1b}[31m\"\n");
    assert!(message(text, ReadOptions::default().show_values()).ends_with("(`\\u{1b}[31m`)"), "no terminal is driven");
}

/// Every way in which a row can go wrong.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("MARKER".to_owned()),
        Just("12MARKER".to_owned()),
        Just("\"MARKER\"".to_owned()),
        Just("\"MARKER".to_owned()),
        Just("\"MAR\"\"KER\"MARKER".to_owned()),
        Just("MARKER\"".to_owned()),
        Just("MARKER\0".to_owned()),
        Just("MARKER,MARKER".to_owned()),
        Just("\"MARKER\nMARKER\"".to_owned()),
        Just("2024-01-MARKER".to_owned()),
        Just("ann".to_owned()),
        Just("17/04/2024".to_owned()),
        Just("2024-04-17".to_owned()),
        Just("1.234".to_owned()),
        Just("7,5".to_owned()),
        Just(String::new()),
    ]
}

fn options() -> impl Strategy<Value = ReadOptions> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(date, number, skip)| {
        let options = if skip { skipping() } else { ReadOptions::default() };
        let options = if date { options.date_format(DateFormat::YearMonthDay) } else { options };
        if number { options.number_format(NumberFormat::Point) } else { options }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn no_cell_of_any_row_is_ever_in_a_message(
        cells in prop::collection::vec([cell(), cell(), cell(), cell()], 1..5), options in options(), is_latin: bool,
    ) {
        let rows: String = cells.iter().map(|row| row.join(",") + "\n").collect();
        let mut text = format!("customer_id,order_date,amount,currency\n{rows}").into_bytes();
        if is_latin {
            text.extend_from_slice(b"MARKER\xE9,2024-01-01,1,\n");
        }
        let mut said = Vec::new();
        match CsvSource::from_bytes("a.csv", &*text, options.clone().keep_rejects()) {
            Err(error) => said.push(format!("{error} {error:?}")),
            Ok(mut source) => loop {
                match source.next_batch() {
                    Ok(None) => break,
                    Ok(Some(batch)) => {
                        let verdicts = vec![None; batch.len()];
                        said.extend(source.rejected_lines(&verdicts).filter_map(|line| Some(line.detail()?.to_owned())));
                    }
                    Err(error) => {
                        said.push(format!("{error} {error:?}"));
                        break;
                    }
                }
            },
        }
        if let Ok(inspection) = inspect_bytes("a.csv", &*text, &CsvOptions::from(options)) {
            said.extend(inspection.problems().iter().map(|error| format!("{error} {error:?}")));
            said.extend(inspection.facts().into_iter().map(|(_, value)| value));
        }
        for text in said {
            prop_assert!(!text.contains("MARKER") && !text.contains("17/04/2024"), "{}", text);
        }
    }
}
