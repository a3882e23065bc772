//! The columns that a customer table has only if they are asked for.

use std::fmt;
use std::str::FromStr;

use rfm_core::{AttributeSummary, Customers, Day, Decimal, Explainer, Scale, Segmentation, SegmentationRow};

use crate::attributes::Attributes;
use crate::format::UnknownName;

/// A column behind those of [`Segmentation::COLUMNS`](rfm_core::Segmentation::COLUMNS).
///
/// # Examples
///
/// ```
/// use rfm_output::ExtraColumn;
///
/// assert_eq!("tenure_days".parse(), Ok(ExtraColumn::TenureDays));
/// assert_eq!("Mean-Order".parse(), Ok(ExtraColumn::MeanOrder));
/// let error = "tenure".parse::<ExtraColumn>().unwrap_err();
/// assert_eq!(error.similar(), None);
/// assert_eq!("first_oder".parse::<ExtraColumn>().unwrap_err().similar(), Some("first_order"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ExtraColumn {
    /// The day of the first order that counts.
    FirstOrder,
    /// Days from the first order to the analysis date, 0 or more.
    TenureDays,
    /// Money over distinct orders; the scale of the money but at least two decimals, rounded half to even.
    MeanOrder,
    /// The middle order by money, of an even number halfway between the middle two; the scale of the money and one decimal
    /// more (at most nine), rounded half to even.
    MedianOrder,
    /// The money of the largest order.
    LargestOrder,
    /// Lines that count.
    Lines,
    /// Distinct days with a line.
    ActiveDays,
    /// Orders of returns, where these are kept apart.
    Returns,
    /// What was returned is worth, 0 or more.
    Returned,
    /// Returned money over the money of all purchases: six decimals, rounded half to even. Empty where purchases are worth nothing.
    ReturnRate,
    /// The sum of the weighted scores, if the result has weights ([`RfmBuilder::weights`](rfm_core::RfmBuilder::weights)), with as
    /// many decimals as these need, at most six.
    WeightedScore,
    /// Why the customer has these scores and this segment, in a line: [`Explanation::reason`](rfm_core::Explanation::reason).
    Reason,
    /// The smallest change that leads to a better segment, in a line: [`Change`](rfm_core::Change). Empty where there is none.
    NextStep,
}

impl ExtraColumn {
    /// All of them.
    pub const ALL: [ExtraColumn; 13] = [
        ExtraColumn::FirstOrder,
        ExtraColumn::TenureDays,
        ExtraColumn::MeanOrder,
        ExtraColumn::MedianOrder,
        ExtraColumn::LargestOrder,
        ExtraColumn::Lines,
        ExtraColumn::ActiveDays,
        ExtraColumn::Returns,
        ExtraColumn::Returned,
        ExtraColumn::ReturnRate,
        ExtraColumn::WeightedScore,
        ExtraColumn::Reason,
        ExtraColumn::NextStep,
    ];

    /// The name of the column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ExtraColumn::FirstOrder => "first_order",
            ExtraColumn::TenureDays => "tenure_days",
            ExtraColumn::MeanOrder => "mean_order",
            ExtraColumn::MedianOrder => "median_order",
            ExtraColumn::LargestOrder => "largest_order",
            ExtraColumn::Lines => "lines",
            ExtraColumn::ActiveDays => "active_days",
            ExtraColumn::Returns => "returns",
            ExtraColumn::Returned => "returned",
            ExtraColumn::ReturnRate => "return_rate",
            ExtraColumn::WeightedScore => "weighted_score",
            ExtraColumn::Reason => "reason",
            ExtraColumn::NextStep => "next_step",
        }
    }

    /// Whether the run has to keep the value of each order ([`RfmBuilder::order_values`](rfm_core::RfmBuilder::order_values)).
    #[must_use]
    pub const fn needs_order_values(self) -> bool {
        matches!(self, ExtraColumn::MeanOrder | ExtraColumn::MedianOrder | ExtraColumn::LargestOrder)
    }

    /// Whether the run has to keep the days with a line ([`RfmBuilder::active_days`](rfm_core::RfmBuilder::active_days)).
    #[must_use]
    pub const fn needs_active_days(self) -> bool {
        matches!(self, ExtraColumn::ActiveDays)
    }

    /// Whether the run has to keep returns beside what was bought ([`Returns::Separate`](rfm_core::Returns::Separate)).
    #[must_use]
    pub const fn needs_returns(self) -> bool {
        matches!(self, ExtraColumn::Returns | ExtraColumn::Returned | ExtraColumn::ReturnRate)
    }

    /// The decimals of a column that has some; `None` for another column.
    #[cfg(any(feature = "xlsx", feature = "parquet", feature = "arrow"))]
    pub(crate) fn scale(self, segmentation: &Segmentation) -> Option<Scale> {
        let scale = segmentation.customers().scale();
        match self {
            ExtraColumn::MeanOrder => Some(ExtraColumn::mean_scale(scale)),
            ExtraColumn::MedianOrder => Some(ExtraColumn::median_scale(scale)),
            ExtraColumn::LargestOrder | ExtraColumn::Returned => Some(scale),
            ExtraColumn::ReturnRate => Some(RATE),
            ExtraColumn::WeightedScore => segmentation.weights().map(rfm_core::scoring::Weights::scale),
            _ => None,
        }
    }

    fn mean_scale(scale: Scale) -> Scale {
        scale.max(Scale::CENTS)
    }

    fn median_scale(scale: Scale) -> Scale {
        Scale::new(scale.decimals() + 1).unwrap_or(Scale::MAX)
    }
}

/// The decimals of rates.
const RATE: Scale = Scale::new(6).unwrap();

/// The extra columns of the customers of a result.
#[derive(Debug)]
pub(crate) struct ExtraValues<'s> {
    segmentation: &'s Segmentation,
    /// Only if a column needs it.
    explainer: Option<Explainer<'s>>,
}

impl<'s> ExtraValues<'s> {
    pub(crate) fn new(extras: &Extras, segmentation: &'s Segmentation) -> ExtraValues<'s> {
        let explains = |column: &ExtraColumn| matches!(column, ExtraColumn::Reason | ExtraColumn::NextStep);
        let explainer = extras.columns.iter().any(explains).then(|| segmentation.explainer());
        ExtraValues { segmentation, explainer }
    }

    /// The value of one customer; `None` without what it needs, of a rate of nothing, and of a customer whom
    /// no change leads up.
    pub(crate) fn get(&self, column: ExtraColumn, row: &SegmentationRow<'_>) -> Option<ExtraValue> {
        let customer = row.customer();
        let scale = self.segmentation.customers().scale();
        Some(match column {
            ExtraColumn::FirstOrder => ExtraValue::Day(customer.first_order()),
            ExtraColumn::TenureDays => {
                ExtraValue::Days(self.segmentation.analysis_date().days_since(customer.first_order()))
            }
            ExtraColumn::MeanOrder => {
                let mean = customer.order_values()?.mean();
                ExtraValue::Decimal(mean.to_decimal(ExtraColumn::mean_scale(scale)))
            }
            ExtraColumn::MedianOrder => {
                let median = customer.order_values()?.median();
                ExtraValue::Decimal(median.to_decimal(ExtraColumn::median_scale(scale)))
            }
            ExtraColumn::LargestOrder => ExtraValue::Decimal(customer.order_values()?.largest()),
            ExtraColumn::Lines => ExtraValue::Count(customer.lines()),
            ExtraColumn::ActiveDays => ExtraValue::Count(customer.active_days()?),
            ExtraColumn::Returns => ExtraValue::Count(customer.returns()?.orders()),
            ExtraColumn::Returned => ExtraValue::Decimal(customer.returns()?.money()),
            ExtraColumn::ReturnRate => ExtraValue::Decimal(customer.return_rate()?.to_decimal(RATE)),
            ExtraColumn::WeightedScore => ExtraValue::Number(row.weighted_score()?),
            ExtraColumn::Reason => ExtraValue::Text(self.explainer.as_ref()?.reason(row)),
            ExtraColumn::NextStep => ExtraValue::Text(self.explainer.as_ref()?.change(row).ok()?.to_string()),
        })
    }
}

/// A value of an extra column, as every format writes it in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExtraValue {
    Day(Day),
    Days(i32),
    Count(u64),
    /// Money or a rate, with the decimals of its column.
    Decimal(Decimal),
    /// The same of a score, which is a number in JSON too.
    Number(Decimal),
    Text(String),
}

impl fmt::Display for ExtraColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ExtraColumn {
    type Err = UnknownName;

    /// Reads a name; case does not count, and `-` stands for `_` too.
    fn from_str(text: &str) -> Result<ExtraColumn, UnknownName> {
        let wanted = text.trim().to_ascii_lowercase().replace('-', "_");
        let known = ExtraColumn::ALL.into_iter().find(|column| column.name() == wanted);
        known.ok_or_else(|| UnknownName::new("extra column", text, &ExtraColumn::ALL.map(ExtraColumn::name)))
    }
}

/// Extra columns that the customers can fill, in the order in which they were asked for.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, CleaningPolicy, Day, Summaries, Transaction};
/// use rfm_output::{ExtraColumn, ExtraError, Extras};
///
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// let (day, amount) = (Day::from_ymd(2011, 12, 1)?, Amount::from_minor(500));
/// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
/// let customers = summaries.finish()?;
///
/// let extras = Extras::try_new([ExtraColumn::Lines, ExtraColumn::FirstOrder], &customers)?;
/// assert_eq!(extras.columns(), [ExtraColumn::Lines, ExtraColumn::FirstOrder]);
///
/// let error = Extras::try_new([ExtraColumn::MeanOrder], &customers).unwrap_err();
/// assert_eq!(error, ExtraError::NeedsOrderValues { column: ExtraColumn::MeanOrder });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    columns: Vec<ExtraColumn>,
    attributes: Attributes,
    by: Option<(String, AttributeSummary)>,
}

/// Why extra columns cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtraError {
    /// The run did not keep the values of single orders.
    #[error("column `{column}` needs the value of each order, which this run did not keep")]
    NeedsOrderValues {
        /// The column.
        column: ExtraColumn,
    },
    /// The run did not keep the days with a line.
    #[error("column `{column}` needs the days with a line, which this run did not keep")]
    NeedsActiveDays {
        /// The column.
        column: ExtraColumn,
    },
    /// The run did not keep returns beside what was bought.
    #[error("column `{column}` needs returns that are kept apart, which this run did not do")]
    NeedsReturns {
        /// The column.
        column: ExtraColumn,
    },
    /// A column twice: readers of JSON would lose one, and readers of CSV refuse both.
    #[error("column `{column}` is asked for twice")]
    Repeated {
        /// The column.
        column: ExtraColumn,
    },
    /// A column of attributes with a name that the table has already.
    #[error("the table of customers has a column `{name}` already; rename it in the attributes")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A weighted score of a result without weights.
    #[error("column `{column}` needs weights of the scores, which this result does not have")]
    NeedsWeights {
        /// The column.
        column: ExtraColumn,
    },
    /// Attributes of other customers.
    #[error("the attributes are those of {found} customers, and there are {expected}")]
    OtherCustomers {
        /// Customers of the result.
        expected: usize,
        /// Customers of the attributes.
        found: usize,
    },
}

impl Extras {
    /// These columns, for these customers.
    ///
    /// # Errors
    ///
    /// [`ExtraError`] if a column needs order values or returns and the customers have none, or is named twice.
    pub fn try_new(
        columns: impl IntoIterator<Item = ExtraColumn>,
        customers: &Customers,
    ) -> Result<Extras, ExtraError> {
        let extras = Extras { columns: columns.into_iter().collect(), ..Extras::default() };
        for (at, column) in extras.columns.iter().enumerate() {
            if extras.columns[..at].contains(column) {
                return Err(ExtraError::Repeated { column: *column });
            }
        }
        extras.check(customers)?;
        Ok(extras)
    }

    /// Adds attributes of the customers, as columns behind these.
    ///
    /// # Errors
    ///
    /// [`ExtraError::NameTaken`] if one has the name of another column, in any case.
    pub fn with_attributes(self, attributes: Attributes) -> Result<Extras, ExtraError> {
        let mut taken: Vec<&str> = Segmentation::COLUMNS.to_vec();
        taken.extend(self.columns.iter().map(|column| column.name()));
        for name in attributes.names() {
            if taken.iter().any(|taken| taken.eq_ignore_ascii_case(name)) {
                return Err(ExtraError::NameTaken { name: name.to_owned() });
            }
            taken.push(name);
        }
        Ok(Extras { attributes, ..self })
    }

    /// Adds a table: the customers of each segment by the values of a column.
    #[must_use]
    pub fn with_by(self, column: impl Into<String>, summary: AttributeSummary) -> Extras {
        Extras { by: Some((column.into(), summary)), ..self }
    }

    /// The attributes.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// The column by whose values the segments are counted, and the table.
    #[must_use]
    pub fn by(&self) -> Option<(&str, &AttributeSummary)> {
        self.by.as_ref().map(|(column, summary)| (column.as_str(), summary))
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[ExtraColumn] {
        &self.columns
    }

    pub(crate) fn check_result(&self, segmentation: &Segmentation) -> Result<(), ExtraError> {
        if self.columns.contains(&ExtraColumn::WeightedScore) && segmentation.weights().is_none() {
            return Err(ExtraError::NeedsWeights { column: ExtraColumn::WeightedScore });
        }
        self.check(segmentation.customers())
    }

    fn check(&self, customers: &Customers) -> Result<(), ExtraError> {
        let expected = customers.len();
        if let Some(found) = self.attributes.lengths().find(|found| *found != expected) {
            return Err(ExtraError::OtherCustomers { expected, found });
        }
        let find = |needs: fn(ExtraColumn) -> bool| self.columns.iter().copied().find(|column| needs(*column));
        if let Some(column) = find(ExtraColumn::needs_order_values).filter(|_| !customers.has_order_values()) {
            return Err(ExtraError::NeedsOrderValues { column });
        }
        if let Some(column) = find(ExtraColumn::needs_active_days).filter(|_| !customers.has_active_days()) {
            return Err(ExtraError::NeedsActiveDays { column });
        }
        match find(ExtraColumn::needs_returns).filter(|_| !customers.has_returns()) {
            Some(column) => Err(ExtraError::NeedsReturns { column }),
            None => Ok(()),
        }
    }
}
