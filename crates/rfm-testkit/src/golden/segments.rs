//! `segments11_summary.csv` and `r_rfm_segment_summary*.csv`: one line per segment.

use std::path::Path;

use super::{Decimal, Table};
use crate::error::Error;

/// The method whose scores the segments of `segments11_summary.csv` come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// R's `rfm_table_order`.
    RRfm,
    /// DuckDB's `NTILE(5)`.
    Ntile,
    /// `pandas.qcut`, frequency by rank.
    Qcut,
}

impl Method {
    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::RRfm => "r_rfm",
            Self::Ntile => "ntile",
            Self::Qcut => "qcut",
        }
    }
}

/// What one segment adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentTotals {
    /// The segment; `Others` in R's tables for customers that match none.
    pub segment: String,
    /// Customers.
    pub customers: u64,
    /// Distinct orders.
    pub orders: u64,
    /// Money: exact in `segments11_summary.csv`; in R's tables as R shows a float sum, 15 digits.
    pub monetary: Decimal,
    /// R's `round(revenue / orders, 2)`; `None` in `segments11_summary.csv`.
    pub mean_order: Option<Decimal>,
}

impl SegmentTotals {
    /// Reads the segments of one method from `segments11_summary.csv`, in the order of the file. Segments without a
    /// customer have no line.
    ///
    /// # Errors
    ///
    /// Those of [`Table::read`], of a column that is missing and of a cell that does not parse.
    pub fn read_segments11(path: impl AsRef<Path>, method: Method) -> Result<Vec<Self>, Error> {
        let table = Table::read(path)?;
        let mut segments = Vec::new();
        for row in table.rows() {
            if row.text("method")? == method.name() {
                segments.push(Self {
                    segment: row.text("segment")?.to_owned(),
                    customers: row.integer("customers")?,
                    orders: row.integer("orders")?,
                    monetary: row.decimal("monetary")?,
                    mean_order: None,
                });
            }
        }
        Ok(segments)
    }

    /// Reads `r_rfm_segment_summary.csv` or `r_rfm_segment_summary_testsuite.csv`, in the order of the file.
    ///
    /// # Errors
    ///
    /// Those of [`Table::read`], of a column that is missing and of a cell that does not parse.
    pub fn read_r(path: impl AsRef<Path>) -> Result<Vec<Self>, Error> {
        let table = Table::read(path)?;
        let mut segments = Vec::new();
        for row in table.rows() {
            segments.push(Self {
                segment: row.text("segment")?.to_owned(),
                customers: row.integer("customers")?,
                orders: row.integer("orders")?,
                monetary: row.decimal("revenue")?,
                mean_order: Some(row.decimal("aov")?),
            });
        }
        Ok(segments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(segments: &[SegmentTotals]) -> (u64, u64, i128) {
        let money = segments.iter().map(|segment| segment.monetary.at_scale(3).unwrap()).sum();
        (segments.iter().map(|s| s.customers).sum(), segments.iter().map(|s| s.orders).sum(), money)
    }

    #[test]
    fn segments_add_up_to_the_whole() {
        let Some(shared) = crate::shared("segments_add_up_to_the_whole") else { return };
        let folder = shared.join("golden/online_retail_II");
        let whole = (5878, 36_969, 17_743_429_178);
        for method in [Method::RRfm, Method::Ntile, Method::Qcut] {
            let segments = SegmentTotals::read_segments11(folder.join("segments11_summary.csv"), method).unwrap();
            assert_eq!((segments.len(), totals(&segments)), (11, whole), "{}", method.name());
        }
        for name in ["r_rfm_segment_summary.csv", "r_rfm_segment_summary_testsuite.csv"] {
            let segments = SegmentTotals::read_r(folder.join(name)).unwrap();
            assert_eq!(totals(&segments), whole, "{name}");
            assert!(segments.iter().all(|segment| segment.mean_order.is_some()));
        }
    }
}
