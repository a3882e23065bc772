//! The sheet of segments, with charts.

use rfm_core::{Decimal, Dimension, Scale, SegmentSummary};
use rust_xlsxwriter::{Chart, ChartType, Format, Workbook, XlsxError};

use super::cell::{Cell, Look};
use super::sheet::{self, ACCENT, Column};

const SHEET: &str = "Segments";
const CUSTOMERS: u16 = 1;
const SHARE: u16 = 2;
const REVENUE_SHARE: u16 = 5;

pub(super) fn add(workbook: &mut Workbook, summary: &SegmentSummary) -> Result<(), XlsxError> {
    let rows = u32::try_from(summary.rows().len()).unwrap_or(u32::MAX);
    let columns = columns(summary);
    let formats: Vec<Format> = columns.iter().map(|column| column.look.format()).collect();
    let sheet = sheet::table(workbook, SHEET, &columns, rows.max(1))?;
    for (row, at) in summary.rows().iter().zip(1..) {
        let mut cells = vec![
            Cell::Text(row.name().into()),
            Cell::count(row.customers()),
            Cell::number_or_empty(row.share()),
            Cell::count(row.orders()),
            Cell::Number(row.revenue()),
            Cell::number_or_empty(row.revenue_share()),
            Cell::number_or_empty(row.mean_order_value()),
        ];
        for dimension in Dimension::ALL {
            cells.extend([row.means()[dimension], row.medians()[dimension]].map(Cell::number_or_empty));
        }
        for ((cell, format), column) in cells.into_iter().zip(&formats).zip(0..) {
            sheet::put(sheet, (at, column), cell, format)?;
        }
    }
    if rows == 0 {
        return Ok(());
    }
    for column in [SHARE, REVENUE_SHARE] {
        sheet::bars(sheet, column, [1, rows])?;
    }
    let height = 120 + 24 * rows.min(40);
    for (at, (title, column)) in [("Customers", CUSTOMERS), ("Share of revenue", REVENUE_SHARE)].into_iter().enumerate()
    {
        let mut chart = Chart::new(ChartType::Bar);
        chart
            .add_series()
            .set_name(title)
            .set_categories((SHEET, 1, 0, rows, 0))
            .set_values((SHEET, 1, column, rows, column))
            .set_format(
                rust_xlsxwriter::ChartFormat::new()
                    .set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(ACCENT)),
            )
            .set_gap(40);
        chart.title().set_name(title);
        chart.legend().set_hidden();
        // The first segment on top, as in the table.
        chart.y_axis().set_reverse();
        chart.set_width(560).set_height(height);
        sheet.insert_chart(rows + 2, if at == 0 { 0 } else { 5 }, &chart)?;
    }
    Ok(())
}

fn columns(summary: &SegmentSummary) -> Vec<Column<'static>> {
    // The total has a value in each column that any segment has one in.
    let total = summary.total();
    let scale_of = |value: Option<Decimal>| Look::Number(value.map_or(Scale::UNITS, Decimal::scale));
    let money = Look::Number(total.revenue().scale());
    let mut looks =
        vec![Look::Text, Look::COUNT, Look::Share, Look::COUNT, money, Look::Share, scale_of(total.mean_order_value())];
    for dimension in Dimension::ALL {
        looks.extend([total.means()[dimension], total.medians()[dimension]].map(scale_of));
    }
    SegmentSummary::COLUMNS.into_iter().zip(looks).map(|(name, look)| Column { name, look }).collect()
}
