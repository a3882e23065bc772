//! What the sheets have in common.

use rust_xlsxwriter::{
    ConditionalFormat3ColorScale, ConditionalFormatDataBar, ConditionalFormatType, Format, FormatBorder, IgnoreError,
    Workbook, Worksheet, XlsxError,
};

use super::cell::{Cell, Look, Stored};

/// From worst to best.
const COLOURS: [u32; 3] = [0xF8_696B, 0xFF_EB84, 0x63_BE7B];

pub(super) const ACCENT: u32 = 0x5B_9BD5;

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column<'a> {
    pub(super) name: &'a str,
    pub(super) look: Look,
}

pub(super) fn bold() -> Format {
    Format::new().set_bold()
}

fn header() -> Format {
    bold().set_background_color(0xDD_EBF7).set_border_bottom(FormatBorder::Thin)
}

/// A sheet for a table with this header and so many rows, which are yet to be written.
pub(super) fn table<'a>(
    workbook: &'a mut Workbook,
    name: &str,
    columns: &[Column<'_>],
    rows: u32,
) -> Result<&'a mut Worksheet, XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?.set_freeze_panes(1, 1)?;
    sheet.autofilter(0, 0, rows, last(columns))?;
    let header = header();
    for (column, at) in columns.iter().zip(0..) {
        sheet.write_string_with_format(0, at, column.name, &header)?;
        // Room for the name and the button of the filter.
        let name = column.name.len().min(60) as f64 + 4.0;
        sheet.set_column_width(at, name.max(if column.look == Look::Text { 20.0 } else { 12.0 }))?;
        if column.look == Look::Text {
            // Codes such as 543 are meant to be texts.
            sheet.ignore_error_range(0, at, rows, at, IgnoreError::NumberStoredAsText)?;
        }
    }
    Ok(sheet)
}

pub(super) fn last(columns: &[Column<'_>]) -> u16 {
    columns.len().saturating_sub(1).try_into().unwrap_or(u16::MAX)
}

pub(super) fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell<'_>,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell.stored() {
        Stored::Empty => {}
        Stored::Text(text) => {
            sheet.write_string_with_format(row, column, text, format)?;
        }
        Stored::Number(number) => {
            // At most 15 digits: the binary fraction keeps them all.
            let number: f64 = number.to_string().parse().expect("a decimal is a number");
            sheet.write_number_with_format(row, column, number, format)?;
        }
    }
    Ok(())
}

/// Colours scores from 1 to `bins`, or, without, values from the lowest to the highest.
pub(super) fn colour(
    sheet: &mut Worksheet,
    [first_row, last_row]: [u32; 2],
    [first_column, last_column]: [u16; 2],
    bins: Option<u8>,
) -> Result<(), XlsxError> {
    let mut scale = ConditionalFormat3ColorScale::new()
        .set_minimum_color(COLOURS[0])
        .set_midpoint_color(COLOURS[1])
        .set_maximum_color(COLOURS[2]);
    if let Some(bins) = bins {
        let kind = ConditionalFormatType::Number;
        let middle = (f64::from(bins) + 1.0) / 2.0;
        scale = scale.set_minimum(kind, 1).set_midpoint(kind, middle).set_maximum(kind, bins);
    }
    sheet.add_conditional_format(first_row, first_column, last_row, last_column, &scale)?;
    Ok(())
}

/// Bars behind the numbers of a column.
pub(super) fn bars(sheet: &mut Worksheet, column: u16, [first, last]: [u32; 2]) -> Result<(), XlsxError> {
    let bars = ConditionalFormatDataBar::new().set_fill_color(ACCENT).set_solid_fill(true);
    sheet.add_conditional_format(first, column, last, column, &bars)?;
    Ok(())
}
