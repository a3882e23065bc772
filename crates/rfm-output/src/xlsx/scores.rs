//! The sheet of scores.

use rfm_core::{Dimension, Scale, Segmentation};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Look};
use super::sheet::{self, Column};
use crate::scores::SCORE_COLUMNS;

const SHARE: u16 = 3;

pub(super) fn add(workbook: &mut Workbook, segmentation: &Segmentation) -> Result<(), XlsxError> {
    let table = segmentation.score_table();
    let rows = table.iter().map(|(_, rows)| rows.len()).sum::<usize>();
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    // The last two have the look of their dimension.
    let looks = [Look::Text, Look::COUNT, Look::COUNT, Look::Share, Look::COUNT, Look::COUNT];
    let columns: Vec<Column<'_>> =
        SCORE_COLUMNS.into_iter().zip(looks).map(|(name, look)| Column { name, look }).collect();
    let formats = looks.map(Look::format);
    let sheet = sheet::table(workbook, "Scores", &columns, rows.max(1))?;
    let mut at = 0;
    for (dimension, rows) in table.iter() {
        let scale = match dimension {
            Dimension::Monetary => segmentation.customers().scale(),
            Dimension::Recency | Dimension::Frequency => Scale::UNITS,
        };
        let value = Look::Number(scale).format();
        for row in rows {
            at += 1;
            let cells = [
                (Cell::Text(dimension.name().into()), &formats[0]),
                (Cell::count(row.shown().into()), &formats[1]),
                (Cell::count(row.customers()), &formats[2]),
                (Cell::number_or_empty(row.share()), &formats[3]),
                (Cell::number_or_empty(row.range().map(|(lowest, _)| lowest)), &value),
                (Cell::number_or_empty(row.range().map(|(_, highest)| highest)), &value),
            ];
            for ((cell, format), column) in cells.into_iter().zip(0..) {
                sheet::put(sheet, (at, column), cell, format)?;
            }
        }
    }
    sheet::bars(sheet, SHARE, [1, rows.max(1)])
}
