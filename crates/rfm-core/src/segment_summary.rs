//! One line for each segment.

use crate::axes::Axes;
use crate::measures::{MeasureColumn, Numbers};
use crate::money::{Decimal, Scale};
use crate::parallel::{axes, fill};
use crate::ratio::Ratio;
use crate::segmentation::Segmentation;
use crate::selection::{Groups, whole_at};
use crate::statistics::{Sum, sizes, sums};

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
        let customers = segmentation.customers();
        let (groups, fallback) = (segmentation.segments(), model.segments().len());
        let count = fallback.saturating_add(1);
        let sizes = sizes(groups, count);
        let revenue = sums(Numbers::Whole(customers.totals(), customers.scale()), groups, count);
        let orders = sums(Numbers::Counts(customers.orders()), groups, count);
        let columns = axes(|dimension| {
            let column = whole(segmentation.values(dimension));
            let numbers = column.numbers();
            let scale = numbers.scale().unwrap_or(Scale::UNITS);
            let of_groups = medians(numbers, Groups::new(groups, count), &sizes, scale);
            let median = medians(numbers, Groups::ONE, &[numbers.len()], scale).pop().flatten();
            Column { sums: sums(numbers, groups, count), medians: of_groups, median, scale }
        });
        let all = |sums: &[Sum]| sums.iter().copied().fold(Sum::default(), Sum::plus);
        let total = Members {
            size: segmentation.len(),
            orders: all(&orders),
            revenue: all(&revenue),
            columns: columns.as_ref().map(|_, column| (all(&column.sums), column.median, column.scale)),
        };
        let members = |group: usize| Members {
            size: sizes[group],
            orders: orders[group],
            revenue: revenue[group],
            columns: columns.as_ref().map(|_, column| (column.sums[group], column.medians[group], column.scale)),
        };
        let names = model.segments().iter().map(|segment| segment.name.as_str()).chain([model.fallback()]);
        let rows = names.enumerate().filter(|(group, _)| *group < fallback || sizes[*group] > 0);
        SegmentSummary {
            rows: rows.map(|(group, name)| SegmentRow::of(name, &members(group), segmentation, &total)).collect(),
            total: SegmentRow::of("Total", &total, segmentation, &total),
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

/// What a dimension comes to in each segment.
struct Column {
    sums: Vec<Sum>,
    medians: Vec<Option<Decimal>>,
    /// That of all customers.
    median: Option<Decimal>,
    /// That of the sums.
    scale: Scale,
}

/// What the customers of one segment come to.
struct Members {
    size: usize,
    orders: Sum,
    revenue: Sum,
    /// The sum of each dimension, its median, and the scale of the sum.
    columns: Axes<(Sum, Option<Decimal>, Scale)>,
}

impl SegmentRow {
    fn of(name: &str, members: &Members, segmentation: &Segmentation, whole: &Members) -> SegmentRow {
        let scale = segmentation.customers().scale();
        let size = |members: &Members| i128::try_from(members.size).unwrap_or(i128::MAX);
        let customers = u64::try_from(members.size).unwrap_or(u64::MAX);
        let orders = members.orders.total().and_then(|orders| u64::try_from(orders).ok()).unwrap_or(u64::MAX);
        // A part of the sum that the account of all lines holds in 128 bits; but refunds may make parts larger than the whole.
        let revenue = members.revenue.total();
        let scale_of = |dimension| segmentation.measures().scale(dimension, scale);
        SegmentRow {
            name: name.to_owned(),
            customers,
            share: share(size(members), size(whole)),
            orders,
            revenue: Decimal::new(revenue.unwrap_or_default(), scale),
            revenue_share: revenue.zip(whole.revenue.total()).and_then(|(part, whole)| share(part, whole)),
            mean_order_value: revenue.and_then(|revenue| mean(revenue, orders, scale)),
            means: members.columns.as_ref().map(|dimension, (sum, _, own)| {
                shown(mean(sum.total()?, customers, *own)?, scale_of(dimension).max(Scale::CENTS))
            }),
            medians: members.columns.as_ref().map(|dimension, (_, median, _)| {
                let finer = |scale: Scale| Scale::new(scale.decimals().saturating_add(1)).unwrap_or(scale);
                shown((*median)?, finer(scale_of(dimension)))
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

/// A column as whole numbers. Ratios have no common denominator that would fit; the finest scale does for what is only shown.
fn whole(column: MeasureColumn<'_>) -> MeasureColumn<'_> {
    let MeasureColumn::Ratios(ratios) = column else { return column };
    let mut values = vec![0; ratios.len()];
    fill(&mut values, |first, values| {
        for (value, ratio) in values.iter_mut().zip(ratios.iter().skip(first)) {
            // What does not fit has no mean either.
            *value = ratio.checked_decimal(Scale::MAX).map_or(i128::MAX, Decimal::minor);
        }
    });
    MeasureColumn::Whole { values: values.into(), scale: Scale::MAX }
}

/// A decimal with fewer decimals, or as it is.
fn shown(value: Decimal, scale: Scale) -> Option<Decimal> {
    if value.scale() <= scale { Some(value) } else { Ratio::from(value).checked_decimal(scale) }
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

/// The median of each group of values of a scale, exact: with one decimal more; `None` of nobody.
fn medians(numbers: Numbers<'_>, groups: Groups<'_>, sizes: &[usize], scale: Scale) -> Vec<Option<Decimal>> {
    // The same one twice of an odd number.
    let middle = |size: &usize| match size.checked_sub(1) {
        Some(last) => vec![last.wrapping_div(2), size.wrapping_div(2)],
        None => Vec::new(),
    };
    let wanted: Vec<Vec<usize>> = sizes.iter().map(middle).collect();
    let found = whole_at(numbers, groups, &wanted);
    found.into_iter().map(|two| half_sum(*two.first()?, *two.get(1)?, scale)).collect()
}

fn half_sum(lower: i128, upper: i128, scale: Scale) -> Option<Decimal> {
    let twice = lower.checked_add(upper)?;
    match Scale::new(scale.decimals().saturating_add(1)) {
        Some(finer) => Some(Decimal::new(twice.checked_mul(5)?, finer)),
        None => Ratio::new(twice, 2).checked_decimal(Scale::UNITS).map(|median| Decimal::new(median.minor(), scale)),
    }
}
