//! The sheet of the run: `run.json` as keys and values.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::cell::Look;
use super::limits::UNITS;
use super::sheet::{self, Column};

const COLUMNS: [Column<'_>; 2] = [Column { name: "key", look: Look::Text }, Column { name: "value", look: Look::Text }];

pub(super) fn add(workbook: &mut Workbook, document: &Value) -> Result<(), XlsxError> {
    let mut rows = Vec::new();
    flatten(String::new(), document, &mut rows);
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX).max(1);
    let sheet = sheet::table(workbook, "Run", &COLUMNS, last)?;
    sheet.set_column_width(0, 50)?.set_column_width(1, 80)?;
    for ((key, value), at) in rows.iter().zip(1..) {
        write(sheet, at, key, value)?;
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, at: u32, key: &str, value: &Value) -> Result<(), XlsxError> {
    let format = Look::Text.format();
    sheet.write_string_with_format(at, 0, key, &format)?;
    match value {
        Value::Null => sheet,
        Value::Bool(truth) => sheet.write_boolean(at, 1, *truth)?,
        // Counts past 15 digits keep them as a text.
        Value::Number(number) => match number.as_f64().filter(|number| number.abs() < 1e15) {
            Some(number) => sheet.write_number(at, 1, number)?,
            None => sheet.write_string(at, 1, number.to_string())?,
        },
        Value::String(text) => sheet.write_string_with_format(at, 1, text, &format)?,
        Value::Array(_) | Value::Object(_) => sheet.write_string(at, 1, "none")?,
    };
    Ok(())
}

/// One row for each value: keys of objects joined by dots, items counted from 1, a text beyond the length of a cell as several rows.
/// What is empty has a row too.
fn flatten(key: String, value: &Value, rows: &mut Vec<(String, Value)>) {
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, value)| flatten(below(name), value, rows));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().zip(1..).for_each(|(item, at)| flatten(below(&at.to_string()), item, rows));
        }
        Value::String(text) => pieces(text).into_iter().for_each(|piece| rows.push((key.clone(), piece.into()))),
        other => rows.push((key, other.clone())),
    }
}

/// A text in pieces that fit into cells.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut units) = (0, 0);
    for (at, character) in text.char_indices() {
        if units + character.len_utf16() > UNITS {
            pieces.push(&text[start..at]);
            (start, units) = (at, 0);
        }
        units += character.len_utf16();
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_value_has_a_row() {
        let mut rows = Vec::new();
        flatten(String::new(), &json!({"a": {"b": [1, {"c": null}], "d": {}}, "e": [], "f": "x"}), &mut rows);
        let rows: Vec<(&str, &Value)> = rows.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let expected =
            [("a.b.1", json!(1)), ("a.b.2.c", json!(null)), ("a.d", json!({})), ("e", json!([])), ("f", json!("x"))];
        assert_eq!(rows, expected.each_ref().map(|(key, value)| (*key, value)));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = format!("{}\u{1f600}{}", "a".repeat(UNITS - 1), "b".repeat(UNITS - 2));
        let pieces = pieces(&text);
        assert_eq!(pieces.concat(), text);
        assert_eq!(pieces.iter().map(|piece| piece.encode_utf16().count()).collect::<Vec<_>>(), [UNITS - 1, UNITS]);
    }
}
