//! One line for each segment.

use std::borrow::Cow;

use crate::axes::Axes;
use crate::measures::MeasureColumn;
use crate::money::{Decimal, Scale};
use crate::ratio::Ratio;
use crate::segmentation::Segmentation;

/// The segments of a result in the order of the model, nobody's included, and the unnamed customers last if there are any.
///
/// Counts and sums are exact. Means have the scale of the money, at least two decimals; medians of an even number of
/// customers lie halfway between two and have one decimal more; shares have six. All are rounded half to even. Values of a measure
/// that are no whole numbers (a mean per order, a rate) enter means and medians with nine decimals.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// for (customer_id, cents) in [("ann", 500), ("bob", 1_000)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, 1)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let summary = rfm.segment(summaries.finish()?)?.summary();
/// let new = summary.rows().iter().find(|row| row.name() == "Promising").expect("a segment of the table");
/// assert_eq!((new.customers(), new.revenue().to_string().as_str()), (1, "10.00"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentSummary {
    rows: Vec<SegmentRow>,
    total: SegmentRow,
}

/// What is known of the customers of one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    name: String,
    customers: u64,
    share: Option<Decimal>,
    orders: u64,
    revenue: Decimal,
    revenue_share: Option<Decimal>,
    mean_order_value: Option<Decimal>,
    means: Axes<Option<Decimal>>,
    medians: Axes<Option<Decimal>>,
}

impl SegmentSummary {
    /// The columns of the segment table in every format, in this order.
    pub const COLUMNS: [&str; 13] = [
        "segment",
        "customers",
        "share",
        "orders",
        "revenue",
        "revenue_share",
        "mean_order_value",
        "mean_recency",
        "median_recency",
        "mean_frequency",
        "median_frequency",
        "mean_monetary",
        "median_monetary",
    ];

    pub(crate) fn of(segmentation: &Segmentation) -> SegmentSummary {
        let model = segmentation.segment_model();
        let values = Axes::from_fn(|dimension| numbers(segmentation.values(dimension)));
        let totals = segmentation.customers().totals();
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); model.segments().len().saturating_add(1)];
        for (row, segment) in segmentation.segments().iter().enumerate() {
            members[*segment].push(row);
        }
        let all: Vec<usize> = (0..segmentation.len()).collect();
        let whole = Whole { customers: i128::try_from(all.len()).unwrap_or(i128::MAX), revenue: sum(totals, &all) };
        let row = |name: &str, members: &[usize]| SegmentRow::of(name, members, segmentation, &values, &whole);
        let names = model.segments().iter().map(|segment| segment.name.as_str()).chain([model.fallback()]);
        let fallback = model.segments().len();
        let rows = names.zip(&members).enumerate().filter(|(at, (_, members))| *at < fallback || !members.is_empty());
        SegmentSummary {
            rows: rows.map(|(_, (name, members))| row(name, members)).collect(),
            total: row("Total", &all),
        }
    }

    /// The segments.
    #[must_use]
    pub fn rows(&self) -> &[SegmentRow] {
        &self.rows
    }

    /// All customers together.
    #[must_use]
    pub const fn total(&self) -> &SegmentRow {
        &self.total
    }
}

/// What shares are taken of.
struct Whole {
    customers: i128,
    revenue: Option<i128>,
}

impl SegmentRow {
    fn of(
        name: &str,
        members: &[usize],
        segmentation: &Segmentation,
        values: &Axes<Numbers<'_>>,
        whole: &Whole,
    ) -> SegmentRow {
        let scale = segmentation.customers().scale();
        let customers = i128::try_from(members.len()).unwrap_or(i128::MAX);
        let count = segmentation.customers().orders();
        let orders = members.iter().fold(0u64, |orders, row| orders.saturating_add(count[*row]));
        // A part of the sum that the account of all lines holds in 128 bits; but refunds may make parts larger than the whole.
        let revenue = sum(segmentation.customers().totals(), members);
        SegmentRow {
            name: name.to_owned(),
            customers: u64::try_from(members.len()).unwrap_or(u64::MAX),
            share: share(customers, whole.customers),
            orders,
            revenue: Decimal::new(revenue.unwrap_or_default(), scale),
            revenue_share: revenue.zip(whole.revenue).and_then(|(part, whole)| share(part, whole)),
            mean_order_value: revenue.and_then(|revenue| mean(revenue, orders, scale)),
            means: values.as_ref().map(|dimension, Numbers { values, scale: own }| {
                let mean = mean(sum(values, members)?, u64::try_from(members.len()).ok()?, *own)?;
                shown(mean, segmentation.measures().scale(dimension, scale).max(Scale::CENTS))
            }),
            medians: values.as_ref().map(|dimension, Numbers { values, scale: own }| {
                let finer = |scale: Scale| Scale::new(scale.decimals().saturating_add(1)).unwrap_or(scale);
                shown(median(values, members, *own)?, finer(segmentation.measures().scale(dimension, scale)))
            }),
        }
    }

    /// The name of the segment.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of customers.
    #[must_use]
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// Their share of all customers, 0 to 1; `None` if there are none at all.
    #[must_use]
    pub const fn share(&self) -> Option<Decimal> {
        self.share
    }

    /// Number of distinct orders.
    #[must_use]
    pub const fn orders(&self) -> u64 {
        self.orders
    }

    /// The money of all their lines.
    #[must_use]
    pub const fn revenue(&self) -> Decimal {
        self.revenue
    }

    /// Their share of all money; `None` if that is zero or less.
    #[must_use]
    pub const fn revenue_share(&self) -> Option<Decimal> {
        self.revenue_share
    }

    /// Revenue over orders; `None` of no order.
    #[must_use]
    pub const fn mean_order_value(&self) -> Option<Decimal> {
        self.mean_order_value
    }

    /// The mean of each dimension over the customers (days, a count, money); `None` of nobody.
    #[must_use]
    pub const fn means(&self) -> &Axes<Option<Decimal>> {
        &self.means
    }

    /// The median of each dimension over the customers (days, a count, money); `None` of nobody.
    #[must_use]
    pub const fn medians(&self) -> &Axes<Option<Decimal>> {
        &self.medians
    }
}

/// Values as whole numbers of a scale.
struct Numbers<'c> {
    values: Cow<'c, [i128]>,
    scale: Scale,
}

/// Ratios have no common denominator that would fit; the finest scale does for what is only shown.
fn numbers(column: MeasureColumn<'_>) -> Numbers<'_> {
    match column {
        MeasureColumn::Whole { values, scale } => Numbers { values, scale },
        MeasureColumn::Ratios(ratios) => {
            // What does not fit has no mean either.
            let minor = |ratio: &Ratio| ratio.checked_decimal(Scale::MAX).map_or(i128::MAX, Decimal::minor);
            Numbers { values: ratios.iter().map(minor).collect::<Vec<_>>().into(), scale: Scale::MAX }
        }
    }
}

/// A decimal with fewer decimals, or as it is.
fn shown(value: Decimal, scale: Scale) -> Option<Decimal> {
    if value.scale() <= scale { Some(value) } else { Ratio::from(value).checked_decimal(scale) }
}

fn sum(values: &[i128], members: &[usize]) -> Option<i128> {
    members.iter().try_fold(0i128, |sum, row| sum.checked_add(values[*row]))
}

/// `part / whole` with six decimals; `None` if the whole is not positive.
pub(crate) fn share(part: i128, whole: i128) -> Option<Decimal> {
    // Past 64 bits both lose the same digits: six decimals do not depend on them.
    let excess = 64u32.saturating_sub(whole.leading_zeros().min(64));
    let whole = u64::try_from(whole.checked_shr(excess)?).ok().filter(|whole| *whole > 0)?;
    Ratio::new(part.checked_shr(excess)?, whole).checked_decimal(Scale::new(6)?)
}

/// The mean of values of a scale, with that scale but at least two decimals.
fn mean(total: i128, count: u64, scale: Scale) -> Option<Decimal> {
    let shown = scale.max(Scale::CENTS);
    let total = total.checked_mul(scale.factor_to(shown).into())?;
    let mean = (count > 0).then(|| Ratio::new(total, count))?.checked_decimal(Scale::UNITS)?;
    Some(Decimal::new(mean.minor(), shown))
}

/// The median of values of a scale, exact: with one decimal more.
fn median(values: &[i128], members: &[usize], scale: Scale) -> Option<Decimal> {
    let mut sorted: Vec<i128> = members.iter().map(|row| values[*row]).collect();
    let middle = sorted.len().checked_div(2)?;
    let is_even = sorted.len() % 2 == 0;
    if sorted.is_empty() {
        return None;
    }
    let (below, upper, _) = sorted.select_nth_unstable(middle);
    let upper = *upper;
    let lower = if is_even { below.iter().copied().max().unwrap_or(upper) } else { upper };
    let twice = lower.checked_add(upper)?;
    match Scale::new(scale.decimals().saturating_add(1)) {
        Some(finer) => Some(Decimal::new(twice.checked_mul(5)?, finer)),
        None => Ratio::new(twice, 2).checked_decimal(Scale::UNITS).map(|median| Decimal::new(median.minor(), scale)),
    }
}
