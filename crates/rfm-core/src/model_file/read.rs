//! From a text to a model. What agrees with itself is checked; what the author of a file says of customers is believed.

use std::sync::Arc;

use super::{BOUNDS, FORMAT, ModelFileProblem, Wrong, write};
use crate::axes::{Axes, Dimension};
use crate::counted_lines::CountedLines;
use crate::day::Day;
use crate::fitted_on::{FittedAxis, FittedOn};
use crate::json::{Cursor, Fault, Value, parse};
use crate::measures::{FrequencyMeasure, Measures, MonetaryMeasure, RecencyMeasure};
use crate::model::Model;
use crate::money::Scale;
use crate::ratio::Ratio;
use crate::returns::Returns;
use crate::scoring::{Closed, CutPoints, ScoringModel};
use crate::segments::SegmentModel;
use crate::summaries::OrderDefinition;

const KEYS: [&str; 9] =
    ["format", "version", "fitted_as_of", "analysis_time", "currency", "measures", "cuts", "segments", "fitted_on"];
const FITTED_ON: [&str; 8] =
    ["library", "customers", "lines", "orders", "scale", "fingerprint", "axes", "counted_lines"];
const COUNTED_LINES: [&str; 4] = ["keep", "cancelled_prefix", "returns", "repeated_lines"];
const ORDERS: [OrderDefinition; 3] = [OrderDefinition::OrderId, OrderDefinition::EachLine, OrderDefinition::Counted];

pub(super) fn model(text: &str) -> Result<Model, Wrong> {
    let root = parse(text, BOUNDS)?;
    let root = Cursor::root(&root);
    check_version(&root)?;
    let fields = root.fields(&KEYS)?;
    let fitted_as_of =
        fields.get("fitted_as_of")?.parsed("a date such as 2011-12-31", |day| day.parse::<Day>().ok())?;
    let measures = measures(&fields.get("measures")?, &fields.get("analysis_time")?)?;
    let cuts = by_dimension(&fields.get("cuts")?, cuts)?;
    let segments_at = fields.get("segments")?;
    let segments = segments(&segments_at)?;
    // Each axis was read as its own dimension, so only the bins can disagree.
    let scoring =
        ScoringModel::from_cuts(cuts, measures, fitted_as_of).map_err(|error| root.fault(error.to_string()))?;
    let bins = scoring.bins();
    let model = Model::try_new(scoring, segments).map_err(|error| segments_at.fault(error.to_string()))?;
    let currency = match fields.get("currency")?.unless_null() {
        Some(currency) => Some(currency.text("a currency such as \"EUR\", or null")?.to_owned()),
        None => None,
    };
    let fitted_on = match fields.get("fitted_on")?.unless_null() {
        Some(at) => Some(Arc::new(fitted_on(&at, bins)?)),
        None => None,
    };
    Ok(Model { currency, fitted_on, ..model })
}

/// First of all, so that a file of another kind or version is not blamed for its keys.
fn check_version(root: &Cursor<'_>) -> Result<(), Wrong> {
    let wrong = |at: usize, path: &str, problem| Wrong { at, path: path.to_owned(), problem };
    let fields = root.object()?;
    let Ok(format) = fields.get("format") else { return Err(wrong(root.node.at, "", ModelFileProblem::Format)) };
    if !matches!(&format.node.value, Value::Text(text) if text == FORMAT) {
        return Err(wrong(format.node.at, "format", ModelFileProblem::Format));
    }
    let version = fields.get("version")?;
    match &version.node.value {
        Value::Number(found) if *found != Model::FILE_VERSION.to_string() => {
            let problem = ModelFileProblem::Version { found: crate::json::shortened(found) };
            Err(wrong(version.node.at, "version", problem))
        }
        Value::Number(_) => Ok(()),
        _ => Err(version.expected("a whole number").into()),
    }
}

fn by_dimension<T>(
    cursor: &Cursor<'_>,
    mut read: impl FnMut(Dimension, &Cursor<'_>) -> Result<T, Fault>,
) -> Result<Axes<T>, Fault> {
    let fields = cursor.fields(&Dimension::ALL.map(Dimension::name))?;
    Axes::from_fn(|dimension| dimension).try_map(|_, dimension| read(dimension, &fields.get(dimension.name())?))
}

/// `time` is the second of the day that elapsed recency counts back from; other recency has none.
fn measures(cursor: &Cursor<'_>, time: &Cursor<'_>) -> Result<Measures, Fault> {
    let mut measures = Measures::default();
    by_dimension(cursor, |dimension, cursor| {
        match dimension {
            Dimension::Recency => measures.recency = one_of(cursor, RecencyMeasure::ALL, RecencyMeasure::name)?,
            Dimension::Frequency => measures.frequency = one_of(cursor, FrequencyMeasure::ALL, FrequencyMeasure::name)?,
            Dimension::Monetary => measures.monetary = one_of(cursor, MonetaryMeasure::ALL, MonetaryMeasure::name)?,
        }
        Ok(())
    })?;
    match (measures.recency.analysis_time(), &time.node.value) {
        (None, Value::Null) => {}
        (None, _) => return Err(time.expected("null, since recency does not count elapsed time")),
        (Some(_), _) => {
            const SECOND: &str = "a second of the day, from 0 to 86399";
            let second = time.whole::<u32>(SECOND)?;
            if second >= 86_400 {
                return Err(time.expected(SECOND));
            }
            measures.recency = measures.recency.at(second);
        }
    }
    Ok(measures)
}

/// A value by its name.
fn one_of<T: Copy, const N: usize>(cursor: &Cursor<'_>, all: [T; N], name: fn(T) -> &'static str) -> Result<T, Fault> {
    let names = all.map(|value| format!("`{}`", name(value))).join(", ");
    let what = if N == 1 { names } else { format!("one of {names}") };
    cursor.parsed(&what, |text| all.into_iter().find(|value| name(*value) == text))
}

fn cuts(dimension: Dimension, cursor: &Cursor<'_>) -> Result<CutPoints, Fault> {
    let fields = cursor.fields(&["closed", "cuts"])?;
    let closed = one_of(&fields.get("closed")?, [Closed::Right, Closed::Left], |closed| match closed {
        Closed::Right => "right",
        Closed::Left => "left",
    })?;
    let list = fields.get("cuts")?;
    let cuts = list.list("a list of cut points")?.iter().map(ratio).collect::<Result<Vec<Ratio>, Fault>>()?;
    CutPoints::try_new(dimension, cuts, closed).map_err(|error| list.fault(error.to_string()))
}

fn ratio(cursor: &Cursor<'_>) -> Result<Ratio, Fault> {
    let fields = cursor.fields(&["numerator", "denominator"])?;
    let numerator = fields.get("numerator")?.whole::<i128>("a whole number of 128 bits")?;
    let denominator = fields.get("denominator")?.whole::<core::num::NonZeroU64>("a whole number from 1 of 64 bits")?;
    Ok(Ratio::new(numerator, denominator.get()))
}

fn segments(cursor: &Cursor<'_>) -> Result<SegmentModel, Wrong> {
    let lines = cursor.list("a list of the lines of a rule file")?;
    let mut toml = String::new();
    for line in &lines {
        toml.push_str(
            line.parsed("a line of a rule file", |line| (!line.contains('\n')).then_some(line.to_owned()))?.as_str(),
        );
        toml.push('\n');
    }
    SegmentModel::from_toml(&toml).map_err(|error| {
        // The column is one of the line as it was before it stood in quotes, so only the line is told.
        let place = lines.get(error.line.saturating_sub(1)).unwrap_or(cursor);
        Wrong { at: place.node.at, path: place.path.clone(), problem: ModelFileProblem::Rules(error.problem) }
    })
}

fn fitted_on(cursor: &Cursor<'_>, bins: Axes<u8>) -> Result<FittedOn, Fault> {
    const COUNT: &str = "a whole number";
    let fields = cursor.fields(&FITTED_ON)?;
    let fingerprint = match fields.get("fingerprint")?.unless_null() {
        Some(text) => Some(text.parsed("`blake3:` and 64 hexadecimal digits, or null", |text| text.parse().ok())?),
        None => None,
    };
    let scale = fields.get("scale")?;
    let customers = fields.get("customers")?.whole::<core::num::NonZeroU64>("a whole number from 1")?.get();
    let scale = Scale::new(scale.whole("a number of decimals from 0 to 9")?)
        .ok_or_else(|| scale.expected("a number of decimals from 0 to 9"))?;
    Ok(FittedOn {
        library: fields.get("library")?.text("the version of the library")?.to_owned(),
        customers,
        lines: fields.get("lines")?.whole(COUNT)?,
        counted_lines: fields.optional("counted_lines").map(|at| counted_lines(&at)).transpose()?,
        orders: one_of(&fields.get("orders")?, ORDERS, write::orders)?,
        scale,
        fingerprint,
        axes: by_dimension(&fields.get("axes")?, |dimension, cursor| fitted_axis(cursor, bins[dimension], customers))?,
    })
}

fn counted_lines(cursor: &Cursor<'_>) -> Result<CountedLines, Fault> {
    let fields = cursor.fields(&COUNTED_LINES)?;
    let cancellation_prefix = match fields.get("cancelled_prefix")?.unless_null() {
        Some(at) => Some(at.parsed("what ids of cancelled orders begin with, or null", |prefix| {
            (!prefix.is_empty()).then(|| prefix.to_owned())
        })?),
        None => None,
    };
    Ok(CountedLines {
        only_sales: one_of(&fields.get("keep")?, [true, false], CountedLines::keep)?,
        cancellation_prefix,
        returns: one_of(&fields.get("returns")?, Returns::ALL, Returns::name)?,
        drops_repeated_lines: one_of(&fields.get("repeated_lines")?, [false, true], CountedLines::repeated_lines)?,
    })
}

fn fitted_axis(cursor: &Cursor<'_>, bins: u8, customers: u64) -> Result<FittedAxis, Fault> {
    let fields = cursor.fields(&["method", "counts", "lowest", "highest"])?;
    let list = fields.get("counts")?;
    let counts = list.list("a list of counts")?;
    let counts = counts.iter().map(|count| count.whole("a whole number")).collect::<Result<Vec<u64>, Fault>>()?;
    let sum = counts.iter().try_fold(0u64, |sum, count| sum.checked_add(*count));
    if counts.len() != usize::from(bins) || sum != Some(customers) {
        return Err(
            list.fault(format!("expected {bins} counts, one for each score, that add up to {customers} customers"))
        );
    }
    let (lowest, highest_at) = (ratio(&fields.get("lowest")?)?, fields.get("highest")?);
    let highest = ratio(&highest_at)?;
    if lowest > highest {
        return Err(highest_at.fault(format!("expected nothing below the lowest value {lowest}, found {highest}")));
    }
    let method = fields.get("method")?.text("the name of a method")?.to_owned();
    Ok(FittedAxis { method, counts, lowest, highest })
}
