//! One line for each segment and value of an attribute.

use std::collections::BTreeMap;

use crate::money::Decimal;
use crate::segment_summary::share;
use crate::segmentation::Segmentation;

/// How the customers of each segment spread over the values of an attribute, such as the country.
///
/// Only what occurs has a row: segments in the order of the model and the unnamed customers last, within a segment the values
/// by their bytes and the customers without one last. Counts and sums are exact; shares have six decimals, rounded half to
/// even.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, AttributeSummary, Day, Rfm, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// for customer_id in ["ann", "bob", "cat"] {
///     let (day, amount) = (Day::from_ymd(2011, 12, 1)?, Amount::from_minor(500));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let segmentation = rfm.segment(summaries.finish()?)?;
/// let countries = [Some("UK"), Some("France"), None];
/// let summary = AttributeSummary::new(&segmentation, |row| countries[row]);
/// let values: Vec<Option<&str>> = summary.rows().iter().map(|row| row.value()).collect();
/// assert_eq!(values, [Some("France"), Some("UK"), None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeSummary {
    rows: Vec<AttributeRow>,
}

/// The customers of one segment that share a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeRow {
    segment: String,
    value: Option<String>,
    customers: u64,
    share: Option<Decimal>,
    orders: u64,
    revenue: Decimal,
}

#[derive(Clone, Copy, Default)]
struct Group {
    customers: u64,
    orders: u64,
    revenue: i128,
}

impl AttributeSummary {
    /// The columns of the table in every format, in this order.
    pub const COLUMNS: [&str; 6] = ["segment", "value", "customers", "share", "orders", "revenue"];

    /// Counts the customers of a result by segment and value; `value` gives that of a row, 0 to [`Segmentation::len`] − 1.
    /// An empty or blank one is none.
    ///
    /// For what the lines said about the customers:
    ///
    /// ```
    /// # use rfm_core::{AttributeSummary, Segmentation};
    /// fn by_attribute(segmentation: &Segmentation) -> AttributeSummary {
    ///     let customers = segmentation.customers();
    ///     AttributeSummary::new(segmentation, |row| customers.get(row).and_then(|customer| customer.attribute()))
    /// }
    /// ```
    #[must_use]
    pub fn new<'v>(segmentation: &Segmentation, value: impl Fn(usize) -> Option<&'v str>) -> AttributeSummary {
        let model = segmentation.segment_model();
        let (totals, orders) = (segmentation.customers().totals(), segmentation.customers().orders());
        let mut sizes = vec![0u64; model.segments().len().saturating_add(1)];
        // Nobody's value is behind all others.
        let mut groups: BTreeMap<(usize, bool, &str), Group> = BTreeMap::new();
        for (row, segment) in segmentation.segments().iter().enumerate() {
            let segment = &crate::text::index(*segment);
            let value = value(row).filter(|value| !value.trim_ascii().is_empty());
            let group = groups.entry((*segment, value.is_none(), value.unwrap_or_default())).or_default();
            group.customers = group.customers.saturating_add(1);
            group.orders = group.orders.saturating_add(orders[row]);
            // A part of the sum that the account of all lines holds in 128 bits.
            group.revenue = group.revenue.saturating_add(totals[row]);
            sizes[*segment] = sizes[*segment].saturating_add(1);
        }
        let name = |segment: usize| model.segments().get(segment).map_or(model.fallback(), |named| &named.name);
        let row = |((segment, is_none, value), group): ((usize, bool, &str), Group)| AttributeRow {
            segment: name(segment).to_owned(),
            value: (!is_none).then(|| value.to_owned()),
            customers: group.customers,
            share: share(group.customers.into(), sizes[segment].into()),
            orders: group.orders,
            revenue: Decimal::new(group.revenue, segmentation.customers().scale()),
        };
        AttributeSummary { rows: groups.into_iter().map(row).collect() }
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[AttributeRow] {
        &self.rows
    }
}

impl AttributeRow {
    /// The name of the segment, or the fallback.
    #[must_use]
    pub fn segment(&self) -> &str {
        &self.segment
    }

    /// The value; `None` of the customers who have none.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Number of customers, at least 1.
    #[must_use]
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// Their share of the customers of the segment, above 0 to 1.
    #[must_use]
    pub const fn share(&self) -> Option<Decimal> {
        self.share
    }

    /// Number of their distinct orders.
    #[must_use]
    pub const fn orders(&self) -> u64 {
        self.orders
    }

    /// The money of all their lines.
    #[must_use]
    pub const fn revenue(&self) -> Decimal {
        self.revenue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, Axes, CleaningPolicy, Day, Rfm, Scoring, SegmentModel, SegmentRule, Transaction};

    #[test]
    fn customers_are_counted_by_segment_and_value() {
        let day = |day| Day::from_ymd(2011, 12, day).unwrap();
        let halves = Scoring::from("5".parse::<crate::scoring::CustomCuts>().unwrap());
        let segments =
            SegmentModel::builder("halves", Axes::all(2)).rule(SegmentRule::new("Recent").recency(2)).build().unwrap();
        let rfm = Rfm::builder(day(10)).scoring(halves).segments(segments).cleaning(CleaningPolicy::keep_all());
        let rfm = rfm.build().unwrap();
        let mut summaries = rfm.summaries();
        for (customer_id, of_month, cents) in
            [("a", 9, 100), ("a", 8, -300), ("b", 9, 50), ("c", 9, 7), ("d", 1, 9), ("e", 1, 9)]
        {
            let amount = Amount::from_minor(cents);
            summaries.push(Transaction { customer_id, order_id: None, day: day(of_month), amount }).unwrap();
        }
        let segmentation = rfm.segment(summaries.finish().unwrap()).unwrap();
        let values = [Some("UK"), Some("EU"), Some("UK"), Some(" "), None];
        let summary = AttributeSummary::new(&segmentation, |row| values[row]);
        let shown: Vec<_> = summary
            .rows()
            .iter()
            .map(|row| {
                let share = row.share().unwrap().to_string();
                (row.segment(), row.value(), row.customers(), share, row.orders(), row.revenue().to_string())
            })
            .collect();
        let text = str::to_owned;
        let fallback = segmentation.segment_model().fallback();
        assert_eq!(
            shown,
            [
                ("Recent", Some("EU"), 1, text("0.333333"), 1, text("0.50")),
                ("Recent", Some("UK"), 2, text("0.666667"), 3, text("-1.93")),
                (fallback, None, 2, text("1.000000"), 2, text("0.18")),
            ]
        );
    }
}
