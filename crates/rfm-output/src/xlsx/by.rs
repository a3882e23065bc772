//! The sheet of segments by the values of a column.

use rfm_core::{AttributeSummary, Scale};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Look};
use super::sheet::{self, Column};

pub(super) const SHEET: &str = "Segments by";
const SHARE: u16 = 3;

pub(super) fn add(workbook: &mut Workbook, summary: &AttributeSummary) -> Result<(), XlsxError> {
    let rows = u32::try_from(summary.rows().len()).unwrap_or(u32::MAX).max(1);
    let scale = summary.rows().first().map_or(Scale::UNITS, |row| row.revenue().scale());
    let looks = [Look::Text, Look::Text, Look::COUNT, Look::Share, Look::COUNT, Look::Number(scale)];
    let columns: Vec<Column<'_>> =
        AttributeSummary::COLUMNS.into_iter().zip(looks).map(|(name, look)| Column { name, look }).collect();
    let formats = looks.map(Look::format);
    let sheet = sheet::table(workbook, SHEET, &columns, rows)?;
    for (row, at) in summary.rows().iter().zip(1..) {
        let cells = [
            Cell::Text(row.segment().into()),
            row.value().map_or(Cell::Empty, |value| Cell::Text(value.into())),
            Cell::count(row.customers()),
            Cell::number_or_empty(row.share()),
            Cell::count(row.orders()),
            Cell::Number(row.revenue()),
        ];
        for ((cell, format), column) in cells.into_iter().zip(&formats).zip(0..) {
            sheet::put(sheet, (at, column), cell, format)?;
        }
    }
    sheet::bars(sheet, SHARE, [1, rows])
}
