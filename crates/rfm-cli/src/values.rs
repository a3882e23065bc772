//! What stands behind an option, read and checked before anything runs.

use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use rfm_kit::cell::{DateFormat, DayZone};
use rfm_kit::csv::{Dialect, Encoding};
use rfm_kit::excel::SheetChoice;
use rfm_kit::{Day, DayError, Level, Scale, suggest};

/// Values with commas between: `csv,json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<T: FromStr> FromStr for List<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<List<T>, T::Err> {
        text.split(',').map(|part| part.trim().parse()).collect::<Result<_, _>>().map(List)
    }
}

/// The character around a field, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quote(pub(crate) Option<u8>);

/// A day, and a time of it if one is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) day: Day,
    pub(crate) second: Option<u32>,
}

/// What recency counts back from, where it is not the day after the last order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AsOf {
    At(Moment),
    LastOrder,
}

/// A moment, or `last-order`.
pub(crate) fn as_of(text: &str) -> Result<AsOf, String> {
    if text == LAST_ORDER { Ok(AsOf::LastOrder) } else { moment(text).map(AsOf::At) }
}

pub(crate) const LAST_ORDER: &str = "last-order";

/// `2011-12-10`, `2011-12-10T12:50` or `2011-12-10T12:50:07`; a blank may stand for the T.
pub(crate) fn moment(text: &str) -> Result<Moment, String> {
    let Some((day, time)) = text.split_once(['T', ' ']) else {
        return text.parse().map(|day| Moment { day, second: None }).map_err(|error: DayError| error.to_string());
    };
    let day: Day = day.parse().map_err(|error: DayError| error.to_string())?;
    let is_plain = !time.is_empty() && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let read = DateFormat::YearMonthDay.read_with_time(text, None).ok().filter(|_| is_plain);
    let (_, second) = read.ok_or_else(|| format!("expected a time such as {day}T12:50 or {day}T12:50:07"))?;
    Ok(Moment { day, second: Some(second) })
}

/// One of a few named values.
pub(crate) fn choice<T>(values: &'static [(&'static str, T)]) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(values.iter().map(|(name, _)| *name)).try_map(|chosen| {
        let found = values.iter().find(|(name, _)| *name == chosen).map(|(_, value)| *value);
        found.ok_or("no such value")
    })
}

/// One of all values of a type that has names.
pub(crate) fn named<T>(all: &'static [T], name: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(|value| name(*value))).try_map(move |chosen| {
        let found = all.iter().copied().find(|value| name(*value) == chosen);
        found.ok_or("no such value")
    })
}

/// What a row is. The singular is taken too, without being told.
pub(crate) fn level() -> impl TypedValueParser<Value = Level> {
    let singular = |level: Level| level.name().trim_end_matches('s');
    let names = Level::ALL.map(|level| PossibleValue::new(level.name()).alias(singular(level)));
    PossibleValuesParser::new(names).try_map(move |chosen| {
        let found = Level::ALL.into_iter().find(|level| [level.name(), singular(*level)].contains(&chosen.as_str()));
        found.ok_or("no such value")
    })
}

pub(crate) fn delimiter(text: &str) -> Result<u8, String> {
    let byte = match text {
        "tab" | "\\t" => b'\t',
        "comma" => b',',
        "semicolon" => b';',
        "pipe" => b'|',
        _ => character(text).ok_or("expected one ASCII character, or `tab`")?,
    };
    Dialect::try_new(byte, None).map(|dialect| dialect.delimiter()).map_err(|error| error.to_string())
}

pub(crate) fn quote(text: &str) -> Result<Quote, String> {
    if text == "none" {
        return Ok(Quote(None));
    }
    let byte = character(text).ok_or("expected one ASCII character, or `none`")?;
    // Any other byte will do as the delimiter: what is checked does not depend on it.
    let delimiter = if byte == b',' { b';' } else { b',' };
    Dialect::try_new(delimiter, Some(byte)).map(|dialect| Quote(dialect.quote())).map_err(|error| error.to_string())
}

fn character(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] => Some(*byte),
        _ => None,
    }
}

/// Labels that are suggested for a misspelt one; many more are known.
const ENCODINGS: [&str; 14] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "latin1",
    "iso-8859-1",
    "iso-8859-15",
    "macintosh",
    "shift_jis",
    "gb18030",
    "big5",
    "koi8-r",
];

pub(crate) fn encoding(label: &str) -> Result<Encoding, String> {
    Encoding::from_label(label).map_err(|error| did_you_mean(error.to_string(), suggest(label, ENCODINGS)))
}

pub(crate) fn date_format(name: &str) -> Result<DateFormat, String> {
    let names = || DateFormat::ALL.map(DateFormat::name);
    DateFormat::from_name(name).ok_or_else(|| {
        let message =
            format!("no date format `{name}`; there are {}", names().map(|name| format!("`{name}`")).join(", "));
        did_you_mean(message, suggest(name, names()))
    })
}

/// Time zones that are suggested for a misspelt one; all of the IANA database are known.
const ZONES: [&str; 14] = [
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
];

pub(crate) fn zone(name: &str) -> Result<DayZone, String> {
    DayZone::named(name).map_err(|error| did_you_mean(error.to_string(), suggest(name, ZONES)))
}

pub(crate) fn scale(text: &str) -> Result<Scale, String> {
    let scale = text.parse().ok().and_then(Scale::new);
    scale.ok_or_else(|| "expected a number of decimals from 0 to 9".to_owned())
}

/// Sheets by name or number, or all.
pub(crate) fn sheets(text: &str) -> Result<SheetChoice, String> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(SheetChoice::Visible);
    }
    let names: Vec<String> =
        text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { Err("expected a sheet".to_owned()) } else { Ok(SheetChoice::Named(names)) }
}

/// A number of bytes, with K, M or G behind it for the powers of 1024.
pub(crate) fn bytes(text: &str) -> Result<usize, String> {
    let (digits, unit) = text.split_at(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len());
    let power = match unit.to_ascii_uppercase().as_str() {
        "" => Some(0),
        "K" => Some(1),
        "M" => Some(2),
        "G" => Some(3),
        _ => None,
    };
    let size = power.and_then(|power| digits.parse::<usize>().ok()?.checked_mul(1024_usize.checked_pow(power)?));
    size.ok_or_else(|| "expected a number of bytes such as 1000000, 512M or 4G".to_owned())
}

pub(crate) fn did_you_mean(message: String, similar: Option<&str>) -> String {
    match similar {
        Some(similar) => format!("{message}; did you mean `{similar}`?"),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_a_character_or_its_name() {
        assert_eq!([delimiter(";"), delimiter("tab"), delimiter("pipe")], [Ok(b';'), Ok(b'\t'), Ok(b'|')]);
        assert_eq!(delimiter(";;"), Err("expected one ASCII character, or `tab`".to_owned()));
        assert_eq!(delimiter("ü"), delimiter(""));
        assert!(delimiter("\n").is_err());
    }

    #[test]
    fn a_quote_may_be_missing() {
        assert_eq!(
            [quote("none"), quote("'"), quote(",")],
            [Ok(Quote(None)), Ok(Quote(Some(b'\''))), Ok(Quote(Some(b',')))]
        );
        assert!(quote("\r").is_err());
    }

    #[test]
    fn a_day_may_have_a_time() {
        let of = |text: &str| moment(text).map(|moment| (moment.day.to_string(), moment.second));
        let day = || "2011-12-10".to_owned();
        assert_eq!(of("2011-12-10"), Ok((day(), None)));
        assert_eq!(of("2011-12-10T12:50"), Ok((day(), Some(46_200))));
        assert_eq!(of("2011-12-10 00:00:07"), Ok((day(), Some(7))));
        for wrong in ["2011-12-10T", "2011-12-10T12:50Z", "2011-12-10T25:00", "2011-13-10T12:50", "10.12.2011"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!([bytes("7"), bytes("2k"), bytes("3G")], [Ok(7), Ok(2048), Ok(3 << 30)]);
        assert!(["", "M", "-1", "1.5G", "1T", "99999999999999999G"].iter().all(|text| bytes(text).is_err()));
    }

    #[test]
    fn names_are_suggested() {
        let error = encoding("windows-1522").unwrap_err();
        assert!(error.ends_with("did you mean `windows-1252`?"), "{error}");
        let error = date_format("dd-mm-yyy").unwrap_err();
        assert!(error.starts_with("no date format `dd-mm-yyy`; there are `yyyy-mm-dd`"), "{error}");
        assert_eq!(date_format("d.m.y"), Ok(DateFormat::DayMonthYear));
        assert!(scale("10").is_err() && scale("-1").is_err() && scale("9").is_ok());
    }
}
