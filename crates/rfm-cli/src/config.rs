//! `rfm.toml`: options that a file gives, so that they need not be typed.
//!
//! ```toml
//! [segment]
//! inputs = ["orders-2024.csv", "orders-2025.csv"]
//! customer = "Client ref"
//! as-of = 2026-01-01
//! bins-recency = [30, 90, 180]
//! strict = true
//! ```
//!
//! There is no list of keys: they are the options of `rfm segment` without their dashes, and each value is read by the parser of its
//! option. What the arguments say wins, also where it merely contradicts (`--output` puts an `out` of the file aside) or leaves
//! a value of the file without a use (a `format` where nothing is written). `rfm inspect` takes the options of reading from the same table. Paths are relative to the current directory, as if they had been typed.

mod schema;

use std::any::TypeId;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::builder::ValueParser;
use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, CommandFactory};
use rfm_kit::excel::SheetChoice;
use rfm_kit::output::{ExtraColumn, Format};
use rfm_kit::scoring::{CustomCuts, Scoring, Weights};
use rfm_kit::{CleaningPolicy, Day, Preset, Scale, suggest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::args::Cli;
use crate::failure::{Code, Failure};
use crate::options::{ConfigArgs, ReadArgs, RunArgs};
use crate::presets;
use crate::segment::is_stream;
use crate::settings::asks_for_order;
use crate::values::{AsOf, List, did_you_mean};

pub(crate) use schema::schema;

const DEFAULT: &str = "rfm.toml";
const TABLE: &str = "segment";
const INPUTS: &str = "inputs";

/// The settings file to be read, if there is one.
pub(crate) fn path(args: &ConfigArgs) -> Option<PathBuf> {
    match &args.config {
        Some(path) => Some(path.clone()),
        None if args.no_config => None,
        None => Some(PathBuf::from(DEFAULT)).filter(|path| path.is_file()),
    }
}

/// A settings file, read and checked.
#[derive(Debug)]
pub(crate) struct File {
    name: String,
    entries: Vec<Entry>,
    inputs: Vec<PathBuf>,
    /// Not a file, but what a preset says.
    is_preset: bool,
}

#[derive(Debug)]
struct Entry {
    key: String,
    argument: OsString,
    place: Place,
}

impl Entry {
    /// The value as one types it; nothing for a flag.
    fn value(&self) -> &str {
        self.argument.to_str().and_then(|argument| argument.split_once('=')).map_or("", |(_, value)| value)
    }
}

#[derive(Clone, Copy, Debug)]
struct Place {
    line: usize,
    column: usize,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl File {
    pub(crate) fn read(path: &Path) -> Result<File, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
        File::parse(path.display().to_string(), &text)
    }

    fn parse(name: String, text: &str) -> Result<File, Failure> {
        let mut file = File { name, entries: Vec::new(), inputs: Vec::new(), is_preset: false };
        let root = DeTable::parse(text).map_err(|error| {
            let place = place(text, error.span().unwrap_or(0..0));
            file.error(place, error.message().trim_end_matches('.'))
        })?;
        for (key, value) in in_order(root.get_ref()) {
            if key.get_ref() != TABLE {
                let message = did_you_mean(format!("unknown key `{}`", key.get_ref()), suggest(key.get_ref(), [TABLE]));
                let help = format!("settings stand in the table [{TABLE}]");
                return Err(file.error(place(text, key.span()), &message).with_help(help));
            }
            let DeValue::Table(table) = value.get_ref() else {
                let message = format!("`{TABLE}`: expected a table headed [{TABLE}], found {}", shown(value));
                return Err(file.error(place(text, value.span()), &message));
            };
            file.entries(table, text)?;
        }
        Ok(file)
    }

    fn entries(&mut self, table: &DeTable<'_>, text: &str) -> Result<(), Failure> {
        let command = subcommand(TABLE);
        for (key, value) in in_order(table) {
            let name: &str = key.get_ref();
            let wrong = |message: &str| self.error(place(text, value.span()), &format!("`{name}`: {message}"));
            if name == INPUTS {
                let found = texts(value, Shape::Texts).map_err(|message| wrong(&message))?;
                self.inputs = found.into_iter().map(PathBuf::from).collect();
                continue;
            }
            let Some(option) = options(&command).find(|option| option.get_long() == Some(name)) else {
                let known = options(&command).filter_map(Arg::get_long).chain([INPUTS]);
                let message = did_you_mean(format!("unknown key `{name}`"), suggest(name, known));
                let help = "the keys are the options of `rfm segment --help` without their dashes, and inputs";
                return Err(self.error(place(text, key.span()), &message).with_help(help));
            };
            let shape = Shape::of(option);
            let values = texts(value, shape).map_err(|message| wrong(&message))?;
            let argument = match shape {
                Shape::Flag if values.is_empty() => continue,
                Shape::Flag => format!("--{name}"),
                _ => format!("--{name}={}", values.join(",")),
            };
            let argument = OsString::from(argument);
            let words = [OsString::from(TABLE), argument.clone()];
            // Each one alone, so that what is wrong with it has a place.
            if let Err(error) = command.clone().no_binary_name(false).try_get_matches_from(words) {
                return Err(wrong(&reason(&error)));
            }
            self.contradiction(&command, name, place(text, key.span()))?;
            self.entries.push(Entry { key: name.to_owned(), argument, place: place(text, key.span()) });
        }
        Ok(())
    }

    fn contradiction(&self, command: &Command, key: &str, place: Place) -> Result<(), Failure> {
        match self.entries.iter().find(|other| contradict(command, key, &other.key)) {
            Some(Entry { key: other, place: Place { line, .. }, .. }) => {
                Err(self.error(place, &format!("`{key}` contradicts `{other}` in line {line}; keep one of them")))
            }
            None => Ok(()),
        }
    }

    /// What the file says where the arguments of the subcommand are silent, as arguments.
    pub(crate) fn arguments(&self, name: &str, given: &ArgMatches) -> Result<Vec<OsString>, Failure> {
        let command = subcommand(name);
        // Other commands take what they have in common with `segment`, but not where it writes to.
        let shared = match name {
            "inspect" => ReadArgs::augment_args(Command::new("read")),
            _ => RunArgs::augment_args(Command::new("run")),
        };
        let is_given = |option: &Arg| given.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine);
        let is_wanted = |entry: &&Entry| {
            let is_known = name == TABLE || options(&shared).any(|option| option.get_long() == Some(&entry.key));
            let overruled = |option: &Arg| {
                let long = option.get_long().unwrap_or_default();
                is_given(option)
                    && (long == entry.key
                        || contradict(&command, long, &entry.key)
                        || (long == "scoring" && entry.key.starts_with("scoring-"))
                        || (long == "preset" && !self.is_preset && presets::is_covered(&entry.key)))
            };
            // Two sets of rules are compared, whatever others the file names.
            let is_moot = name == "rules diff" && entry.key == "segments";
            is_known && !is_moot && !options(&command).any(overruled)
        };
        let mut wanted: Vec<&Entry> = self.entries.iter().filter(is_wanted).collect();
        drop_moot(&mut wanted, given);
        Ok(wanted.into_iter().map(|entry| entry.argument.clone()).collect())
    }

    /// What a preset says, as if a file said it.
    pub(crate) fn of_preset(preset: Preset) -> File {
        let entry = |(key, value): (&str, String)| Entry {
            key: key.to_owned(),
            argument: format!("--{key}={value}").into(),
            place: Place { line: 0, column: 0 },
        };
        let entries = presets::options(preset).into_iter().map(entry).collect();
        File { name: preset.name().to_owned(), entries, inputs: Vec::new(), is_preset: true }
    }

    /// The inputs that the file names.
    pub(crate) fn inputs(&self) -> &[PathBuf] {
        &self.inputs
    }

    fn error(&self, place: Place, message: &str) -> Failure {
        let Place { line, column } = place;
        Failure::new(Code::Usage, format!("{}, line {line}, column {column}: {message}", self.name))
    }
}

/// Drops what the file says about something that was typed otherwise: a limit on rows that are no longer skipped, the format of another
/// output, an order of ties for a method that has none. Such a value is no contradiction of the user's, who may not even know the file.
fn drop_moot(entries: &mut Vec<&Entry>, given: &ArgMatches) {
    // Not all subcommands have all of them.
    let is_known = |id: &str| given.try_contains_id(id).is_ok();
    let is_typed = |id: &str| is_known(id) && given.value_source(id) == Some(ValueSource::CommandLine);
    let typed = |id: &str| if is_typed(id) { given.get_raw(id)?.next() } else { None };
    let output = typed("output").map(Path::new);
    let stops_at_bad_rows = typed("on_bad_row").is_some_and(|what| what == "fail");
    let preset = if is_typed("preset") { given.get_one::<Preset>("preset") } else { None };
    let keeps_all = typed("keep").is_some_and(|which| which == "all")
        || preset.is_some_and(|preset| preset.cleaning() == CleaningPolicy::keep_all());
    let matches_none = typed("returns").is_some_and(|how| how != "match");
    let named = ["scoring", "scoring_recency", "scoring_frequency", "scoring_monetary"].map(typed);
    let is_scored = named.iter().any(Option::is_some)
        || ["bins_recency", "bins_frequency", "bins_monetary"].iter().any(|id| is_typed(id));
    let of_file = entries.iter().filter(|entry| entry.key.starts_with("scoring")).map(|entry| entry.value());
    let scorings = named.iter().filter_map(|name| name.as_ref()?.to_str()).chain(of_file);
    let tells_apart = scorings.filter_map(|name| name.parse().ok()).any(|scoring| asks_for_order(&scoring));
    entries.retain(|entry| match entry.key.as_str() {
        "max-bad-rows" => !stops_at_bad_rows,
        "returns" => !(keeps_all && entry.value() == "exclude"),
        "product" => !matches_none,
        "tie-order" => tells_apart || !is_scored,
        "json" => !output.is_some_and(is_stream),
        "output" => !(is_typed("json") && is_stream(Path::new(entry.value()))),
        _ => true,
    });
    let has_place = is_typed("out")
        || is_typed("output")
        || entries.iter().any(|entry| ["out", "output"].contains(&entry.key.as_str()));
    entries.retain(|entry| {
        let names_its_format = output.is_some_and(|file| file.extension().is_some() || entry.value().contains(','));
        entry.key != "format" || (has_place && !names_its_format)
    });
}

/// What one types for an option of a subcommand: `nested=true` is `--nested`.
pub(crate) fn argument(name: &str, word: &str) -> OsString {
    let command = subcommand(name);
    let is_flag = |long: &str| {
        options(&command).any(|option| option.get_long() == Some(long) && Shape::of(option) == Shape::Flag)
    };
    let set = word.strip_suffix("=true").filter(|long| is_flag(long));
    format!("--{}", set.unwrap_or(word)).into()
}

/// The arguments of a subcommand without the options that `changes`, which are to stand behind them, put aside: those that they
/// contradict, and the scores of single dimensions where they name a scoring.
pub(crate) fn without_overruled(name: &str, arguments: &[OsString], changes: &[OsString]) -> Vec<OsString> {
    let command = subcommand(name);
    let long = |argument: &OsString| {
        let (long, value) = match argument.to_str()?.strip_prefix("--")?.split_once('=') {
            Some((long, _)) => (long.to_owned(), true),
            None => (argument.to_str()?.strip_prefix("--")?.to_owned(), false),
        };
        Some((long, value))
    };
    let changed: Vec<String> = changes.iter().filter_map(long).map(|(long, _)| long).collect();
    let is_overruled = |long: &str| {
        let of_dimension = long.starts_with("scoring-") || long.starts_with("bins-");
        changed.iter().any(|change| contradict(&command, change, long) || (change == "scoring" && of_dimension))
    };
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let option = long(argument).and_then(|(name, has_value)| {
            options(&command).find(|option| option.get_long() == Some(&name)).map(|option| (name, has_value, option))
        });
        match option {
            Some((name, has_value, option)) if is_overruled(&name) => {
                if !has_value && Shape::of(option) != Shape::Flag {
                    rest.next();
                }
            }
            _ => kept.push(argument.clone()),
        }
    }
    kept
}

/// A subcommand, or one of a subcommand such as `rules diff`, with all that clap adds to it.
fn subcommand(name: &str) -> Command {
    let mut command = Cli::command();
    command.build();
    name.split(' ').try_fold(&command, |command, word| command.find_subcommand(word)).cloned().unwrap_or_default()
}

/// The options that a file may give: not which file that is, and not help.
fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    let not_here = ["config", "no_config", "help", "version"];
    command
        .get_arguments()
        .filter(move |option| option.get_long().is_some() && !not_here.contains(&option.get_id().as_str()))
}

fn contradict(command: &Command, one: &str, other: &str) -> bool {
    let of = |long: &str| options(command).find(|option| option.get_long() == Some(long));
    let (Some(one), Some(other)) = (of(one), of(other)) else { return false };
    let excludes = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|option| option.get_id() == other.get_id())
    };
    excludes(one, other) || excludes(other, one)
}

/// What a value may look like in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Flag,
    Number,
    Text,
    Date,
    TextOrNumber,
    Texts,
    Numbers,
}

impl Shape {
    fn of(option: &Arg) -> Shape {
        if !option.get_action().takes_values() {
            return Shape::Flag;
        }
        let parser = option.get_value_parser();
        let is = |kinds: &[TypeId]| kinds.iter().any(|kind| ValueParser::type_id(parser) == *kind);
        if is(&[TypeId::of::<Day>(), TypeId::of::<AsOf>()]) {
            Shape::Date
        } else if is(&[TypeId::of::<Scale>(), TypeId::of::<u32>(), TypeId::of::<u64>()]) {
            Shape::Number
        } else if is(&[TypeId::of::<Scoring>(), TypeId::of::<usize>()]) {
            Shape::TextOrNumber
        } else if is(&[TypeId::of::<CustomCuts>(), TypeId::of::<Weights>()]) {
            Shape::Numbers
        } else if is(&[
            TypeId::of::<List<String>>(),
            TypeId::of::<List<Format>>(),
            TypeId::of::<List<ExtraColumn>>(),
            TypeId::of::<SheetChoice>(),
        ]) {
            Shape::Texts
        } else {
            Shape::Text
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Shape::Flag => "true or false",
            Shape::Number => "a number",
            Shape::Text => "a text in quotes",
            Shape::Date => "a date",
            Shape::TextOrNumber => "a text in quotes or a number",
            Shape::Texts => "a text in quotes or a list of them",
            Shape::Numbers => "a list of numbers",
        }
    }
}

/// The parts of a value as one types them. A flag that is not set has none.
fn texts(value: &Value<'_>, shape: Shape) -> Result<Vec<String>, String> {
    let wrong = |value: &Value<'_>| format!("expected {}, found {}", shape.expected(), shown(value));
    let one = |value: &Value<'_>, in_list: bool| match (value.get_ref(), shape) {
        (DeValue::String(_), Shape::Number | Shape::Flag) => Err(wrong(value)),
        (DeValue::String(_), Shape::Numbers) if in_list => Err(wrong(value)),
        (DeValue::String(text), _) => Ok(text.to_string()),
        (DeValue::Integer(number), Shape::Number | Shape::TextOrNumber | Shape::Numbers) if number.radix() == 10 => {
            Ok(number.as_str().to_owned())
        }
        (DeValue::Float(number), Shape::Numbers) => Ok(number.as_str().to_owned()),
        (DeValue::Datetime(date), Shape::Date) => Ok(date.to_string()),
        _ => Err(wrong(value)),
    };
    match (value.get_ref(), shape) {
        (DeValue::Boolean(set), Shape::Flag) => Ok(set.then(String::new).into_iter().collect()),
        (DeValue::Array(entries), Shape::Texts | Shape::Numbers) => {
            entries.iter().map(|entry| one(entry, true)).collect()
        }
        _ => Ok(vec![one(value, false)?]),
    }
}

fn shown(value: &Value<'_>) -> String {
    match value.get_ref() {
        DeValue::String(text) => format!("the text \"{text}\""),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(answer) => answer.to_string(),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// Why clap refuses a value, without the words around it.
fn reason(error: &clap::Error) -> String {
    if let Some(cause) = std::error::Error::source(error) {
        return cause.to_string();
    }
    let listed = |kind| match error.get(kind) {
        Some(ContextValue::Strings(names)) => names.iter().map(|name| format!("`{name}`")).collect(),
        Some(ContextValue::String(name)) => vec![format!("`{name}`")],
        _ => Vec::new(),
    };
    let (valid, suggested) = (listed(ContextKind::ValidValue), listed(ContextKind::SuggestedValue));
    if valid.is_empty() {
        return error.kind().to_string();
    }
    let found = listed(ContextKind::InvalidValue).join(" ");
    let message = format!("expected one of {}, found {found}", valid.join(", "));
    match suggested.first() {
        Some(name) => format!("{message}; did you mean {name}?"),
        None => message,
    }
}

/// The entries of a table in the order of the file; the parser sorts them by key.
fn in_order<'t, 'v>(table: &'v DeTable<'t>) -> Vec<(&'v Spanned<std::borrow::Cow<'t, str>>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn place(text: &str, span: Range<usize>) -> Place {
    let before = text.get(..span.start).unwrap_or(text);
    let in_line = before.rsplit('\n').next().unwrap_or_default();
    Place { line: before.matches('\n').count() + 1, column: in_line.chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value for each option, as it may stand in the file and as it is typed.
    const SAMPLES: &[(&str, &str, &str)] = &[
        ("amount", "\"Betrag\"", "Betrag"),
        ("any-currency", "true", ""),
        ("as-of", "2011-12-10", "2011-12-10"),
        ("attributes", "\"people.xlsx\"", "people.xlsx"),
        ("bins-frequency", "[1, 2, 5]", "1,2,5"),
        ("bins-monetary", "[49.5, 100]", "49.5,100"),
        ("bins-recency", "\">=30,90\"", ">=30,90"),
        ("by", "\"Country\"", "Country"),
        ("cancelled-prefix", "\"C\"", "C"),
        ("columns", "[\"a\", \"b\"]", "a,b"),
        ("currency", "\"Währung\"", "Währung"),
        ("customer", "\"Client ref\"", "Client ref"),
        ("date", "\"-when-\"", "-when-"),
        ("date-format", "\"d/m/y\"", "d/m/y"),
        ("decimal", "\"comma\"", "comma"),
        ("delimiter", "\"\\t\"", "\t"),
        ("encoding", "\"latin1\"", "latin1"),
        ("exclude-orders", "\"returns.csv\"", "returns.csv"),
        ("extra", "[\"lines\", \"first_order\"]", "lines,first_order"),
        ("first-order", "\"Since\"", "Since"),
        ("format", "[\"csv\", \"xlsx\"]", "csv,xlsx"),
        ("frequency", "\"lines\"", "lines"),
        ("frequency-column", "\"Orders\"", "Orders"),
        ("from", "\"2010-01-01\"", "2010-01-01"),
        ("guard", "\"exact\"", "exact"),
        ("header-row", "3", "3"),
        ("ids", "\"integer\"", "integer"),
        ("json", "true", ""),
        ("keep", "\"all\"", "all"),
        ("level", "\"customers\"", "customers"),
        ("max-bad-rows", "10", "10"),
        ("memory-limit", "\"512M\"", "512M"),
        ("minor-units", "2", "2"),
        ("model", "\"model.json\"", "model.json"),
        ("monetary", "\"mean-order\"", "mean-order"),
        ("nested", "true", ""),
        ("on-bad-row", "\"skip\"", "skip"),
        ("order", "\"\"", ""),
        ("out", "\"result\"", "result"),
        ("output", "\"-\"", "-"),
        ("preset", "\"r-rfm\"", "r-rfm"),
        ("price", "\"Preis\"", "Preis"),
        ("product", "\"SKU\"", "SKU"),
        ("quantity", "\"Menge\"", "Menge"),
        ("quiet", "true", ""),
        ("quote", "\"none\"", "none"),
        ("recency-column", "\"Days\"", "Days"),
        ("recency-in", "\"weeks\"", "weeks"),
        ("rejects", "\"r.csv\"", "r.csv"),
        ("repeated-lines", "\"drop\"", "drop"),
        ("returns", "\"net\"", "net"),
        ("round", "2", "2"),
        ("save-model", "\"model.json\"", "model.json"),
        ("scale", "2", "2"),
        ("score-display", "\"one-is-best\"", "one-is-best"),
        ("scoring", "4", "4"),
        ("scoring-frequency", "\"decile\"", "decile"),
        ("scoring-monetary", "\"quartile\"", "quartile"),
        ("scoring-recency", "7", "7"),
        ("segments", "\"table-11\"", "table-11"),
        ("sheet", "[\"2010\", \"2011\"]", "2010,2011"),
        ("show-values", "true", ""),
        ("strict", "true", ""),
        ("threads", "2", "2"),
        ("tie-order", "\"last-order\"", "last-order"),
        ("time-limit", "60", "60"),
        ("time-zone", "\"Europe/Berlin\"", "Europe/Berlin"),
        ("until", "2011-12-01", "2011-12-01"),
        ("weights", "[0.3, 0.4, 0.3]", "0.3,0.4,0.3"),
    ];

    fn parse(text: &str) -> Result<File, Failure> {
        File::parse("rfm.toml".to_owned(), text)
    }

    fn error(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn every_option_of_segment_has_a_key() {
        let mut longs: Vec<String> =
            options(&subcommand(TABLE)).filter_map(|option| option.get_long().map(str::to_owned)).collect();
        longs.sort();
        assert_eq!(longs, SAMPLES.iter().map(|(key, _, _)| (*key).to_owned()).collect::<Vec<_>>());
        for (key, value, typed) in SAMPLES {
            let file = parse(&format!("[segment]\n{key} = {value}\n")).unwrap();
            let is_flag = *value == "true";
            let expected = if is_flag { format!("--{key}") } else { format!("--{key}={typed}") };
            assert_eq!(file.entries[0].argument, *expected, "{key}");
        }
    }

    /// As a tool that validates sees it.
    fn as_json(value: &Value<'_>) -> serde_json::Value {
        match value.get_ref() {
            DeValue::String(text) => serde_json::Value::from(text.as_ref()),
            DeValue::Integer(number) => serde_json::from_str(number.as_str()).unwrap(),
            DeValue::Float(number) => serde_json::from_str(number.as_str()).unwrap(),
            DeValue::Boolean(answer) => (*answer).into(),
            DeValue::Datetime(date) => date.to_string().into(),
            DeValue::Array(entries) => entries.iter().map(as_json).collect(),
            DeValue::Table(table) => table_as_json(table),
        }
    }

    fn table_as_json(table: &DeTable<'_>) -> serde_json::Value {
        table.iter().map(|(key, value)| (key.get_ref().to_string(), as_json(value))).collect()
    }

    #[test]
    fn the_schema_takes_what_the_file_may_say() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        let violations = |text: &str| {
            let root = DeTable::parse(text).unwrap();
            rfm_testkit::schema::violations(&schema, &table_as_json(root.get_ref()))
        };
        for (key, value, _) in SAMPLES {
            assert_eq!(violations(&format!("[segment]\n{key} = {value}\n")), [""; 0], "{key}");
        }
        assert_eq!(violations("[segment]\ninputs = [\"a.csv\", \"b.csv\"]\n"), [""; 0]);
        for text in [
            "[other]",
            "[segment]\nas_of = 2011-12-10",
            "[segment]\nkeep = \"some\"",
            "[segment]\nstrict = \"yes\"",
            "[segment]\nround = \"2\"",
        ] {
            assert_eq!(violations(text).len(), 1, "{text}");
            assert!(parse(text).is_err(), "{text}");
        }
        let keys = schema["properties"]["segment"]["properties"].as_object().unwrap();
        assert_eq!(keys.len(), SAMPLES.len() + 1);
        assert!(keys.values().all(|schema| !schema["description"].as_str().unwrap().is_empty()));
    }

    #[test]
    fn arguments_win_over_the_file() {
        let file = parse("[segment]\nout = \"a\"\nscoring-recency = 4\nkeep = \"all\"\nquiet = false\n").unwrap();
        let given = |words: &[&str]| {
            let matches = subcommand("segment").try_get_matches_from([&["segment"], words].concat()).unwrap();
            let arguments = file.arguments("segment", &matches).unwrap();
            arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(given(&[]), "--out=a --scoring-recency=4 --keep=all");
        assert_eq!(given(&["--out", "b"]), "--scoring-recency=4 --keep=all");
        assert_eq!(given(&["--output", "b.csv", "--bins-recency", "30,60"]), "--keep=all");
    }

    #[test]
    fn inspect_takes_the_options_of_reading_only() {
        let file = parse("[segment]\ndelimiter = \";\"\njson = true\ninputs = \"a.csv\"\n").unwrap();
        let matches = subcommand("inspect").try_get_matches_from(["inspect", "b.csv"]).unwrap();
        assert_eq!(file.arguments("inspect", &matches).unwrap(), ["--delimiter=;"]);
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        assert_eq!(error("[segmnt]\n"), "rfm.toml, line 1, column 2: unknown key `segmnt`; did you mean `segment`?");
        assert_eq!(
            error("segment = 1\n"),
            "rfm.toml, line 1, column 11: `segment`: expected a table headed [segment], found the number 1"
        );
        assert_eq!(
            error("[segment]\n\n  as_of = 2011-12-10\n"),
            "rfm.toml, line 3, column 3: unknown key `as_of`; did you mean `as-of`?"
        );
        assert_eq!(
            error("[segment]\nas-of = \"2011-13-10\"\n"),
            "rfm.toml, line 2, column 9: `as-of`: no such day: expected a date such as 2011-12-10 between the years 1 and 9999"
        );
        assert_eq!(
            error("[segment]\nkeep = \"sale\"\n"),
            "rfm.toml, line 2, column 8: `keep`: expected one of `sales`, `online-retail`, `all`, found `sale`; did you mean `sales`?"
        );
        assert_eq!(
            error("[segment]\nquiet = 1\n"),
            "rfm.toml, line 2, column 9: `quiet`: expected true or false, found the number 1"
        );
        assert_eq!(
            error("[segment]\ncustomer = 5\n"),
            "rfm.toml, line 2, column 12: `customer`: expected a text in quotes, found the number 5"
        );
        assert_eq!(
            error("[segment]\nround = \"2\"\n"),
            "rfm.toml, line 2, column 9: `round`: expected a number, found the text \"2\""
        );
        assert_eq!(
            error("[segment]\nbins-recency = [30, \"x\"]\n"),
            "rfm.toml, line 2, column 16: `bins-recency`: expected a list of numbers, found the text \"x\""
        );
        assert_eq!(
            error("[segment]\nout = \"a\"\noutput = \"b\"\n"),
            "rfm.toml, line 3, column 1: `output` contradicts `out` in line 2; keep one of them"
        );
        assert_eq!(error("[segment]\nkeep = sales\n").split(": ").next(), Some("rfm.toml, line 2, column 8"));
        assert_eq!(
            error("[segment]\nconfig = \"x\"\n").split("; ").next(),
            Some("rfm.toml, line 2, column 1: unknown key `config`")
        );
    }
}
