//! `rfm_values.csv` and `scores.csv`: one line per customer.

use std::path::Path;

use super::{Decimal, Row, Table};
use crate::error::Error;
use crate::generate::Date;

/// A line of `rfm_values.csv`. Sorted by customer id: numerically, or by bytes where it is text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerValues {
    /// The customer.
    pub customer_id: String,
    /// The day of the first order.
    pub first_order: Date,
    /// The day of the last order.
    pub last_order: Date,
    /// The time of the last order as written: a date, or date and time.
    pub last_order_timestamp: String,
    /// Analysis date minus `last_order`.
    pub recency_days: i64,
    /// Distinct orders.
    pub frequency: u64,
    /// The exact sum.
    pub monetary: Decimal,
    /// Pieces.
    pub quantity: i64,
    /// Order lines.
    pub lines: u64,
}

impl CustomerValues {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// Those of [`Table::read`], of a column that is missing and of a cell that does not parse.
    pub fn read(path: impl AsRef<Path>) -> Result<Vec<Self>, Error> {
        Table::read(path)?.rows().map(|row| Self::from_row(&row)).collect()
    }

    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            customer_id: row.text("customer_id")?.to_owned(),
            first_order: row.date("first_order_date")?,
            last_order: row.date("last_order_date")?,
            last_order_timestamp: row.text("last_order_timestamp")?.to_owned(),
            recency_days: row.integer("recency_days")?,
            frequency: row.integer("frequency")?,
            monetary: row.decimal("monetary")?,
            quantity: row.integer("quantity")?,
            lines: row.integer("lines")?,
        })
    }
}

/// The scores of one customer by one method, 1 to 5, 5 best, and what they were called.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scores {
    /// The recency score.
    pub recency: u8,
    /// The frequency score. For qcut: of the rank (`method="first"`), so equal frequencies may differ.
    pub frequency: u8,
    /// The monetary score.
    pub monetary: u8,
    /// The three digits.
    pub code: String,
    /// The segment of the code in `segment_table_11.csv`.
    pub segment: String,
}

/// A line of `scores.csv`: three methods side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerScores {
    /// The customer.
    pub customer_id: String,
    /// R's `rfm_table_order`.
    pub r_rfm: Scores,
    /// DuckDB's `NTILE(5)`.
    pub ntile: Scores,
    /// `pandas.qcut`.
    pub qcut: Scores,
    /// `pandas.qcut` of the frequency itself; `None` where pandas refuses because edges are equal.
    pub qcut_frequency_plain: Option<u8>,
    /// The same with `duplicates="drop"`, numbered from 1.
    pub qcut_frequency_drop: Option<u8>,
}

impl CustomerScores {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// Those of [`Table::read`], of a column that is missing and of a cell that does not parse.
    pub fn read(path: impl AsRef<Path>) -> Result<Vec<Self>, Error> {
        Table::read(path)?.rows().map(|row| Self::from_row(&row)).collect()
    }

    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            customer_id: row.text("customer_id")?.to_owned(),
            r_rfm: scores(row, "r_rfm", "frequency")?,
            ntile: scores(row, "ntile", "frequency")?,
            qcut: scores(row, "qcut", "frequency_rankfirst")?,
            qcut_frequency_plain: row.integer_if_any("qcut_frequency_plain")?,
            qcut_frequency_drop: row.integer_if_any("qcut_frequency_drop")?,
        })
    }
}

fn scores(row: &Row<'_>, method: &str, frequency: &str) -> Result<Scores, Error> {
    Ok(Scores {
        recency: row.integer(&format!("{method}_recency"))?,
        frequency: row.integer(&format!("{method}_{frequency}"))?,
        monetary: row.integer(&format!("{method}_monetary"))?,
        code: row.text(&format!("{method}_code"))?.to_owned(),
        segment: row.text(&format!("{method}_segment11"))?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folders with customers and the sums their README and notes name.
    const FOLDERS: [(&str, usize, &str); 5] = [
        ("online_retail_II", 5878, "17743429.178"),
        ("online_retail_II_distinct", 5878, "17374804.268"),
        ("online_retail_II_2009-2010", 4312, ""),
        ("rfm_data_orders", 995, "464158"),
        ("cdnow_sample", 2357, "244091.94"),
    ];

    #[test]
    fn values_of_every_folder_are_read() {
        let Some(shared) = crate::shared("values_of_every_folder_are_read") else { return };
        for (folder, customers, total) in FOLDERS {
            let values = CustomerValues::read(shared.join("golden").join(folder).join("rfm_values.csv")).unwrap();
            assert_eq!(values.len(), customers, "{folder}");
            let sum: i128 = values.iter().map(|customer| customer.monetary.at_scale(3).unwrap()).sum();
            if !total.is_empty() {
                assert_eq!(Some(sum), Decimal::parse(total).unwrap().at_scale(3), "{folder}");
            }
            for customer in &values {
                assert!(customer.first_order <= customer.last_order);
                assert!(customer.last_order_timestamp.starts_with(&customer.last_order.to_string()));
                assert!(customer.frequency <= customer.lines);
            }
        }
    }

    #[test]
    fn scores_of_every_folder_are_read() {
        let Some(shared) = crate::shared("scores_of_every_folder_are_read") else { return };
        for (folder, customers, _) in FOLDERS {
            let scores = CustomerScores::read(shared.join("golden").join(folder).join("scores.csv")).unwrap();
            assert_eq!(scores.len(), customers, "{folder}");
            for scores in scores.iter().flat_map(|customer| [&customer.r_rfm, &customer.ntile, &customer.qcut]) {
                assert_eq!(scores.code, format!("{}{}{}", scores.recency, scores.frequency, scores.monetary));
            }
        }
    }
}
