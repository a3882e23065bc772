//! The sheet of recency against frequency.

use rfm_core::{Decimal, Ratio, Scale, Score, Segmentation};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Look};
use super::sheet;

/// Customers with the same two scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Group {
    customers: u64,
    /// `None` past 128 bits.
    money: Option<i128>,
}

/// Adds two grids, customers and their mean money: recency downwards from best to worst, frequency to the right from worst to best.
pub(super) fn add(workbook: &mut Workbook, segmentation: &Segmentation) -> Result<(), XlsxError> {
    let scale = segmentation.customers().scale();
    let bins = segmentation.bins();
    let groups = groups(segmentation);
    let number =
        |score: u8, bins: u8| Score::new(score).map_or(score, |score| segmentation.score_display().number(score, bins));
    let sheet = workbook.add_worksheet();
    sheet.set_name("RFM grid")?.set_freeze_panes(0, 1)?;
    sheet.set_column_width(0, 20)?;
    let shown = scale.max(Scale::CENTS);
    let (count, money, label) = (Look::COUNT.format(), Look::Number(shown).format(), sheet::bold());
    let mut top = 0;
    for (title, format) in [("customers", &count), ("mean monetary", &money)] {
        sheet.write_string_with_format(top, 0, title, &label)?;
        sheet.write_string_with_format(top + 1, 0, "r_score \\ f_score", &label)?;
        for f in 1..=bins.frequency {
            sheet.write_number_with_format(top + 1, f.into(), number(f, bins.frequency), &label)?;
        }
        for (r, row) in (1..=bins.recency).rev().zip(top + 2..) {
            sheet.write_number_with_format(row, 0, number(r, bins.recency), &label)?;
            for f in 1..=bins.frequency {
                let group = &groups[usize::from(r - 1)][usize::from(f - 1)];
                let cell = if format == &count {
                    Cell::count(group.customers)
                } else {
                    Cell::number_or_empty(group.mean(scale, shown))
                };
                sheet::put(sheet, (row, f.into()), cell, format)?;
            }
        }
        let bottom = top + 1 + u32::from(bins.recency);
        sheet::colour(sheet, [top + 2, bottom], [1, bins.frequency.into()], None)?;
        top = bottom + 2;
    }
    for f in 1..=bins.frequency {
        sheet.set_column_width(f.into(), 14)?;
    }
    Ok(())
}

/// By recency and then frequency, from score 1.
fn groups(segmentation: &Segmentation) -> Vec<Vec<Group>> {
    let bins = segmentation.bins();
    let none = Group { customers: 0, money: Some(0) };
    let mut groups = vec![vec![none; bins.frequency.into()]; bins.recency.into()];
    for row in segmentation.rows() {
        let scores = row.cell();
        let group = &mut groups[usize::from(scores.recency.number() - 1)][usize::from(scores.frequency.number() - 1)];
        group.customers += 1;
        group.money = group.money.and_then(|money| money.checked_add(row.monetary().minor()));
    }
    groups
}

impl Group {
    /// Rounded half to even; `None` of nobody.
    fn mean(&self, scale: Scale, shown: Scale) -> Option<Decimal> {
        let finer = self.money?.checked_mul((shown.minor_units() / scale.minor_units()).into())?;
        let mean = (self.customers > 0).then(|| Ratio::new(finer, self.customers))?.checked_decimal(Scale::UNITS)?;
        Some(Decimal::new(mean.minor(), shown))
    }
}
