//! What was written is read by other people's readers, and is the same.

use proptest::prelude::*;
use rfm_core::{Decimal, Dimension, Scale, SegmentSummary, Segmentation};
use rfm_output::{
    ExtraColumn, Extras, Format, SCORE_COLUMNS, TextGuard, unguard, write_customers, write_scores, write_segments,
};
use serde_json::Value;

use crate::fixture::{TEXTS, extra_columns, lines, nasty, scale, score_display, scoring, segment, settings};

/// A table as texts, `None` for no value; JSON numbers by their own digits.
type Table = (Vec<String>, Vec<Vec<Option<String>>>);

fn read_csv(bytes: &[u8], text_columns: &[&str]) -> Table {
    let mut reader = csv::Reader::from_reader(bytes);
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cell = |(name, cell): (&String, &str)| {
        let text = if text_columns.contains(&name.as_str()) { unguard(cell).into_owned() } else { cell.to_owned() };
        (!cell.is_empty()).then_some(text)
    };
    let rows = reader.records().map(|record| header.iter().zip(&record.unwrap()).map(cell).collect()).collect();
    (header, rows)
}

fn read_objects(objects: Vec<Value>) -> Table {
    let mut header = Vec::new();
    let rows = objects.into_iter().map(|object| {
        let object = object.as_object().unwrap().clone();
        header = object.keys().cloned().collect();
        object
            .into_iter()
            .map(|(_, value)| match value {
                Value::Null => None,
                Value::String(text) => Some(text),
                number => Some(number.to_string()),
            })
            .collect()
    });
    let rows = rows.collect();
    (header, rows)
}

fn read(format: Format, bytes: &[u8], text_columns: &[&str]) -> Table {
    match format {
        Format::Csv => read_csv(bytes, text_columns),
        Format::Json => read_objects(serde_json::from_slice(bytes).unwrap()),
        Format::JsonLines => {
            let text = std::str::from_utf8(bytes).unwrap();
            assert!(text.is_empty() || text.ends_with('\n'));
            read_objects(text.split_terminator('\n').map(|line| serde_json::from_str(line).unwrap()).collect())
        }
        other => panic!("no reader for {other}"),
    }
}

fn customers(result: &Segmentation) -> Vec<Vec<Option<String>>> {
    let scale = result.customers().scale();
    let row = |row: rfm_core::SegmentationRow<'_>| {
        let (customer, cell) = (row.customer(), row.shown_scores());
        let orders = customer.order_values().unwrap();
        let tenure = result.analysis_date().days_since(customer.first_order());
        let finer = Scale::new(scale.decimals() + 1).unwrap_or(Scale::MAX);
        let cells = [
            row.customer_id().to_owned(),
            row.last_order().to_string(),
            row.recency_days().to_string(),
            row.frequency().to_string(),
            row.monetary().to_string(),
            cell.recency.to_string(),
            cell.frequency.to_string(),
            cell.monetary.to_string(),
            row.code().to_string(),
            row.segment().to_owned(),
            customer.first_order().to_string(),
            tenure.to_string(),
            orders.mean().to_decimal(scale.max(Scale::CENTS)).to_string(),
            orders.median().to_decimal(finer).to_string(),
            orders.largest().to_string(),
            customer.lines().to_string(),
            customer.active_days().unwrap().to_string(),
            row.weighted_score().unwrap().to_string(),
        ];
        let explained = result.explain(row.customer_id()).expect("a customer of the result");
        let next_step = explained.change().map(ToString::to_string);
        cells.map(Some).into_iter().chain([Some(explained.reason()), next_step]).collect()
    };
    result.rows().map(row).collect()
}

/// With these columns as binary fractions, since that is what JSON readers make of `12.50`; 12 digits of them.
fn by_value(rows: Vec<Vec<Option<String>>>, numbers: &[usize]) -> Vec<Vec<Option<String>>> {
    let value = |(at, cell): (usize, Option<String>)| match cell {
        Some(text) if numbers.contains(&at) => Some(format!("{:.11e}", text.parse::<f64>().unwrap())),
        cell => cell,
    };
    rows.into_iter().map(|row| row.into_iter().enumerate().map(value).collect()).collect()
}

fn segments(summary: &SegmentSummary) -> Vec<Vec<Option<String>>> {
    let optional = |value: Option<Decimal>| value.map(|value| value.to_string());
    let row = |row: &rfm_core::SegmentRow| {
        let mut cells = vec![
            Some(row.name().to_owned()),
            Some(row.customers().to_string()),
            optional(row.share()),
            Some(row.orders().to_string()),
            Some(row.revenue().to_string()),
            optional(row.revenue_share()),
            optional(row.mean_order_value()),
        ];
        for dimension in Dimension::ALL {
            cells.extend([optional(row.means()[dimension]), optional(row.medians()[dimension])]);
        }
        cells
    };
    summary.rows().iter().map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn customers_are_read_back(
        lines in lines(), names in [nasty(), nasty()], scale in scale(), scoring in scoring(), exact: bool,
        display in score_display(),
    ) {
        let rfm = settings(scale, [&names[0], &names[1]], scoring);
        let Some(result) = segment(&rfm, &lines) else { return Ok(()) };
        let result = result.with_score_display(display);
        let guard = if exact { TextGuard::Exact } else { TextGuard::Spreadsheet };
        let extras = Extras::try_new(extra_columns(&result), result.customers()).unwrap();
        let extra_names = extra_columns(&result).into_iter().map(ExtraColumn::name);
        let header: Vec<&str> = Segmentation::COLUMNS.into_iter().chain(extra_names).collect();
        for format in TEXTS {
            let mut bytes = Vec::new();
            let guarded = write_customers(&result, &extras, format, guard, &mut bytes).unwrap();
            let texts: &[&str] = if exact { &[] } else { &["customer_id", "segment"] };
            let (found, rows) = read(format, &bytes, texts);
            prop_assert_eq!(&found, &header);
            prop_assert_eq!(rows, customers(&result));
            let dangerous = result.rows().flat_map(|row| [row.customer_id(), row.segment()]);
            let dangerous = dangerous.filter(|text| rfm_output::guard(text) != *text).count() as u64;
            let expected = if format == Format::Csv && !exact { dangerous } else { 0 };
            prop_assert_eq!(guarded, expected);

            let mut again = Vec::new();
            write_customers(&result.clone(), &extras, format, guard, &mut again).unwrap();
            prop_assert_eq!(bytes, again);
        }
    }

    #[test]
    fn segments_are_read_back(lines in lines(), names in [nasty(), nasty()], scale in scale(), scoring in scoring()) {
        let rfm = settings(scale, [&names[0], &names[1]], scoring);
        let Some(result) = segment(&rfm, &lines) else { return Ok(()) };
        let summary = result.summary();
        let numbers = [1, 2, 3, 5, 7, 8, 9, 10];
        for format in TEXTS {
            let mut bytes = Vec::new();
            write_segments(&summary, format, TextGuard::Spreadsheet, &mut bytes).unwrap();
            let (header, rows) = read(format, &bytes, &["segment"]);
            prop_assert_eq!(header, SegmentSummary::COLUMNS);
            match format {
                Format::Csv => prop_assert_eq!(rows, segments(&summary)),
                _ => prop_assert_eq!(by_value(rows, &numbers), by_value(segments(&summary), &numbers)),
            }
        }
    }

    #[test]
    fn scores_add_up_to_all_customers(lines in lines(), scale in scale(), scoring in scoring()) {
        let bins = scoring.bins();
        let Some(result) = segment(&settings(scale, ["a", "b"], scoring), &lines) else { return Ok(()) };
        let mut tables = Vec::new();
        for format in TEXTS {
            let mut bytes = Vec::new();
            write_scores(&result, format, &mut bytes).unwrap();
            let (header, rows) = read(format, &bytes, &[]);
            prop_assert_eq!(header, SCORE_COLUMNS);
            prop_assert_eq!(rows.len(), 3 * usize::from(bins));
            for dimension in Dimension::ALL {
                let of_dimension = rows.iter().filter(|row| row[0].as_deref() == Some(dimension.name()));
                let customers: usize = of_dimension.map(|row| row[2].as_ref().unwrap().parse::<usize>().unwrap()).sum();
                prop_assert_eq!(customers, result.len());
            }
            tables.push(by_value(rows, &[3]));
        }
        prop_assert!(tables.iter().all(|table| *table == tables[0]));
    }
}
