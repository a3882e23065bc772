//! What a model was fitted on: enough to tell later how far customers have moved since.

use core::fmt;
use core::str::FromStr;

use crate::axes::{Axes, Dimension, RfmCell};
use crate::counted_lines::CountedLines;
use crate::day::Day;
use crate::measures::Measures;
use crate::money::Scale;
use crate::parallel;
use crate::ratio::Ratio;
use crate::scoring::{CustomCuts, CutMethod, CutPoints, FitError, Scoring};
use crate::statistics::by_score;
use crate::summaries::{Customers, OrderDefinition};

/// What a model was fitted on.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Dimension, Rfm, Transaction};
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// for (customer_id, day, cents) in [("ann", 9, 1_999), ("bob", 1, 500)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let model = rfm.fit(&summaries.finish()?)?;
/// let fitted_on = model.fitted_on().expect("it was fitted");
/// assert_eq!((fitted_on.customers(), fitted_on.method(Dimension::Recency)), (2, "quintile"));
/// assert_eq!(fitted_on.counts(Dimension::Recency), [1, 0, 0, 0, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FittedOn {
    pub(crate) library: String,
    pub(crate) customers: u64,
    pub(crate) lines: u64,
    /// None if nobody said.
    pub(crate) counted_lines: Option<CountedLines>,
    pub(crate) orders: OrderDefinition,
    pub(crate) scale: Scale,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) axes: Axes<FittedAxis>,
}

/// One dimension of what a model was fitted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FittedAxis {
    pub(crate) method: String,
    /// Customers with each score, from 1.
    pub(crate) counts: Vec<u64>,
    pub(crate) lowest: Ratio,
    pub(crate) highest: Ratio,
}

impl FittedOn {
    /// What customers are, whose cells the fitted cuts gave. There is at least one.
    pub(crate) fn of(
        methods: Axes<String>,
        measures: Measures,
        bins: Axes<u8>,
        analysis_date: Day,
        customers: &Customers,
        cells: &[RfmCell],
    ) -> Result<FittedOn, FitError> {
        let statistics = parallel::axes(|dimension| {
            let column = measures.column(dimension, customers, analysis_date)?;
            Ok::<_, FitError>(by_score(column.numbers(), dimension, cells, bins))
        });
        let statistics = statistics.try_map(|_, statistics| statistics)?;
        let axes = methods.try_map(|dimension, method| {
            let of_scores = &statistics[dimension];
            let ranges = || of_scores.iter().filter_map(|score| score.range);
            let (lowest, highest) = (ranges().map(|(low, _)| low).min(), ranges().map(|(_, high)| high).max());
            let (lowest, highest) = lowest.zip(highest).ok_or(FitError::Empty)?;
            let counts = of_scores.iter().map(|score| score.customers).collect();
            Ok::<FittedAxis, FitError>(FittedAxis { method, counts, lowest, highest })
        })?;
        Ok(FittedOn {
            library: env!("CARGO_PKG_VERSION").to_owned(),
            customers: u64::try_from(customers.len()).unwrap_or(u64::MAX),
            lines: customers.account().used().lines(),
            counted_lines: None,
            orders: customers.order_definition(),
            scale: customers.scale(),
            fingerprint: fingerprint(measures, analysis_date, customers)?,
            axes,
        })
    }

    /// The version of this crate that fitted.
    #[must_use]
    pub fn library(&self) -> &str {
        &self.library
    }

    /// Number of customers, at least 1.
    #[must_use]
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// Number of lines that counted.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.lines
    }

    /// Which lines counted; `None` if nobody said ([`Model::with_counted_lines`](crate::Model::with_counted_lines)), and of a table
    /// of customers, which has no lines.
    #[must_use]
    pub const fn counted_lines(&self) -> Option<&CountedLines> {
        self.counted_lines.as_ref()
    }

    /// What an order was taken to be.
    #[must_use]
    pub const fn order_definition(&self) -> OrderDefinition {
        self.orders
    }

    /// The decimals of the money.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// The digest of the customers and their measures; `None` if the feature `json` was off.
    #[must_use]
    pub const fn fingerprint(&self) -> Option<Fingerprint> {
        self.fingerprint
    }

    /// The method that the cuts of a dimension come from, as text: `quintile`, `cuts 30,90`.
    #[must_use]
    pub fn method(&self, dimension: Dimension) -> &str {
        &self.axes[dimension].method
    }

    /// Customers with each score of a dimension, from score 1 on; their sum is [`FittedOn::customers`].
    #[must_use]
    pub fn counts(&self, dimension: Dimension) -> &[u64] {
        &self.axes[dimension].counts
    }

    /// The lowest and the highest value of a dimension, in units.
    #[must_use]
    pub const fn range(&self, dimension: Dimension) -> (Ratio, Ratio) {
        match dimension {
            Dimension::Recency => (self.axes.recency.lowest, self.axes.recency.highest),
            Dimension::Frequency => (self.axes.frequency.lowest, self.axes.frequency.highest),
            Dimension::Monetary => (self.axes.monetary.lowest, self.axes.monetary.highest),
        }
    }

    /// The method that cuts come from, to be fitted again; `None` if this version has none of that name. Custom cuts stay what they
    /// are, whatever their text can hold of them.
    pub(crate) fn cut_method(&self, cuts: &CutPoints) -> Option<CutMethod> {
        let name = self.method(cuts.dimension());
        if name.starts_with("cuts ") {
            let same = CustomCuts::try_new(cuts.cuts().iter().copied(), cuts.closed());
            return same.ok().map(CutMethod::Custom);
        }
        match name.parse() {
            Ok(Scoring::Cuts(method)) => Some(method),
            _ => None,
        }
    }
}

/// A BLAKE3 digest of customers and what was measured of them, the same for the same data on every machine.
///
/// It is taken over the ASCII text `rfm-customers-1` and a zero byte, and then of each customer, in the order of the bytes of
/// their ids: the number of bytes of the id (8 bytes), the id, and for recency, frequency and monetary value its exact ratio in units and lowest
/// terms, numerator (16 bytes, two's complement) and denominator (8 bytes). All numbers have their lowest byte first. So the
/// order of lines does not matter, and neither do decimals that are all zero.
///
/// As text: `blake3:` and 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The bytes of the digest.
    #[must_use]
    pub const fn bytes(&self) -> [u8; 32] {
        self.0
    }
}

#[cfg(not(feature = "json"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
fn fingerprint(_: Measures, _: Day, _: &Customers) -> Result<Option<Fingerprint>, FitError> {
    Ok(None)
}

#[cfg(feature = "json")]
fn fingerprint(measures: Measures, analysis_date: Day, customers: &Customers) -> Result<Option<Fingerprint>, FitError> {
    let columns = parallel::axes(|dimension| measures.column(dimension, customers, analysis_date));
    let columns = columns.try_map(|_, column| column)?;
    let columns = columns.as_ref().map(|_, column| column.numbers());
    let record = |row: usize, records: &mut Vec<u8>| {
        let id = customers.get(row).map_or("", |customer| customer.customer_id());
        records.extend_from_slice(&u64::try_from(id.len()).unwrap_or(u64::MAX).to_le_bytes());
        records.extend_from_slice(id.as_bytes());
        for value in columns.iter().filter_map(|(_, numbers)| numbers.get(row)) {
            records.extend_from_slice(&value.numerator().to_le_bytes());
            records.extend_from_slice(&value.denominator().to_le_bytes());
        }
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"rfm-customers-1\0");
    for rows in parallel::stretches(customers.len()) {
        // Much at a time: the digest takes sixteen pieces of a kilobyte at once.
        let records = parallel::parts(rows.len(), |part| {
            let mut records = Vec::new();
            part.for_each(|row| record(rows.start.saturating_add(row), &mut records));
            records
        });
        for records in records {
            hasher.update(&records);
        }
    }
    Ok(Some(Fingerprint(*hasher.finalize().as_bytes())))
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("blake3:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The error of a text that is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `blake3:` and 64 hexadecimal digits in lower case")]
pub struct FingerprintError;

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Fingerprint, FingerprintError> {
        let digits = text.strip_prefix("blake3:").ok_or(FingerprintError)?.as_bytes();
        let digit = |byte: &u8| match byte {
            b'0'..=b'9' => Ok(byte.wrapping_sub(b'0')),
            b'a'..=b'f' => Ok(byte.wrapping_sub(b'a').wrapping_add(10)),
            _ => Err(FingerprintError),
        };
        if digits.len() != 64 {
            return Err(FingerprintError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = digit(&pair[0])?.wrapping_mul(16) | digit(&pair[1])?;
        }
        Ok(Fingerprint(bytes))
    }
}
