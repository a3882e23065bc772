//! The sheets of customers.

use std::io::{self, Write};

use rfm_core::{Scale, Segmentation, SegmentationRow};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Look};
use super::limits::{check_customers, customer_sheet};
use super::package::Streamed;
use super::row_xml::RowWriter;
use super::sheet::{self, Column};
use crate::extra::{ExtraColumn, ExtraValue, ExtraValues, Extras};

/// The columns of the three scores.
const SCORES: [u16; 3] = [5, 6, 7];

/// Customers that fit into sheets of so many rows.
pub(super) struct Customers<'a> {
    segmentation: &'a Segmentation,
    extras: &'a Extras,
    columns: Vec<Column<'a>>,
    rows_per_sheet: usize,
    /// Bytes of the texts on each sheet.
    texts: Vec<u64>,
}

impl<'a> Customers<'a> {
    pub(super) fn try_new(
        segmentation: &'a Segmentation,
        extras: &'a Extras,
        rows_per_sheet: usize,
    ) -> io::Result<Customers<'a>> {
        let texts = check_customers(segmentation, extras, rows_per_sheet)?;
        let columns = columns(extras, segmentation);
        Ok(Customers { segmentation, extras, columns, rows_per_sheet, texts })
    }

    /// Adds the sheets, with a row of styles where the customers will be.
    pub(super) fn add(&self, workbook: &mut Workbook) -> Result<Vec<Streamed>, XlsxError> {
        let bins = self.segmentation.bins();
        let bins = [bins.recency, bins.frequency, bins.monetary];
        let mut streamed = Vec::new();
        for (at, texts) in self.texts.iter().enumerate() {
            let count = self.segmentation.len().saturating_sub(at * self.rows_per_sheet).min(self.rows_per_sheet);
            // As the last row it makes the dimension of the sheet a true one.
            let last = u32::try_from(count.max(1)).unwrap_or(u32::MAX);
            let sheet = sheet::table(workbook, &customer_sheet(at), &self.columns, last)?;
            for (column, at) in self.columns.iter().zip(0..) {
                sheet.write_blank(last, at, &column.look.format())?;
            }
            for (column, bins) in SCORES.into_iter().zip(bins) {
                sheet::colour(sheet, [1, last], [column, column], Some(bins))?;
            }
            streamed.push(Streamed { sheet: at, rows: count, styles_at: last, bytes: self.bytes(count, *texts) });
        }
        Ok(streamed)
    }

    /// More than the XML of the rows.
    fn bytes(&self, rows: usize, texts: u64) -> u64 {
        // The longest escape of a byte has seven; a cell with its address, its style and a number has less than 150.
        rows as u64 * (self.columns.len() as u64 * 150 + 50) + texts * 7
    }

    pub(super) fn rows(&self) -> CustomerRows<'_, impl Iterator<Item = (usize, SegmentationRow<'_>)>> {
        let rows = self.segmentation.rows().enumerate();
        let values = ExtraValues::new(self.extras, self.segmentation);
        CustomerRows { extras: self.extras, values, rows }
    }
}

/// The customers that are still to be written.
pub(super) struct CustomerRows<'a, I> {
    extras: &'a Extras,
    values: ExtraValues<'a>,
    rows: I,
}

impl<'a, I: Iterator<Item = (usize, SegmentationRow<'a>)>> CustomerRows<'a, I> {
    /// Writes the next so many.
    pub(super) fn write(&mut self, count: usize, styles: &[u32], out: &mut dyn Write) -> io::Result<()> {
        let mut writer = RowWriter::new(styles, out);
        let attributes = self.extras.attributes();
        for (at, row) in self.rows.by_ref().take(count) {
            let scores = row.shown_scores();
            let days = |days: i32| Cell::Number(rfm_core::Decimal::new(days.into(), Scale::UNITS));
            writer.cell(Cell::Text(row.customer_id().into()));
            writer.cell(Cell::Day(row.last_order()));
            writer.cell(days(row.recency_days()));
            writer.cell(Cell::Number(row.frequency()));
            writer.cell(Cell::Number(row.monetary()));
            for score in [scores.recency, scores.frequency, scores.monetary] {
                writer.cell(Cell::count(score.into()));
            }
            writer.cell(Cell::Text(row.code().to_string().into()));
            writer.cell(Cell::Text(row.segment().into()));
            for column in self.extras.columns() {
                writer.cell(match self.values.get(*column, &row) {
                    Some(ExtraValue::Day(day)) => Cell::Day(day),
                    Some(ExtraValue::Days(number)) => days(number),
                    Some(ExtraValue::Count(count)) => Cell::count(count),
                    Some(ExtraValue::Decimal(number) | ExtraValue::Number(number)) => Cell::Number(number),
                    Some(ExtraValue::Text(text)) => Cell::Text(text.into()),
                    None => Cell::Empty,
                });
            }
            for column in 0..attributes.names().len() {
                writer.cell(attributes.value(column, at).map_or(Cell::Empty, |text| Cell::Text(text.into())));
            }
            writer.end_row()?;
        }
        writer.finish()
    }
}

fn columns<'a>(extras: &'a Extras, segmentation: &Segmentation) -> Vec<Column<'a>> {
    let scale = segmentation.customers().scale();
    let looks = [
        Look::Text,
        Look::Day,
        Look::COUNT,
        Look::COUNT,
        Look::Number(scale),
        Look::COUNT,
        Look::COUNT,
        Look::COUNT,
        Look::Text,
        Look::Text,
    ];
    let extra = |column: &ExtraColumn| Column {
        name: column.name(),
        look: match column {
            ExtraColumn::FirstOrder => Look::Day,
            ExtraColumn::Reason | ExtraColumn::NextStep => Look::Text,
            other => Look::Number(other.scale(segmentation).unwrap_or(Scale::UNITS)),
        },
    };
    let result = Segmentation::COLUMNS.into_iter().zip(looks).map(|(name, look)| Column { name, look });
    let attributes = extras.attributes().names().map(|name| Column { name, look: Look::Text });
    result.chain(extras.columns().iter().map(extra)).chain(attributes).collect()
}
