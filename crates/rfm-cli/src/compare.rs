//! `rfm compare`: what a choice does to the user's own customers.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use clap::{CommandFactory, FromArgMatches};
use rfm_kit::output::printable;
use rfm_kit::scoring::TieOrder;
use rfm_kit::{Comparison, Decimal, Returns, Run, Scoring, Segmentation};
use serde_json::{Value, json};

use crate::args::{Cli, Command, CompareArgs, with_preset};
use crate::config;
use crate::failure::Failure;
use crate::options::{Keep, RunArgs};
use crate::screen;
use crate::segment::is_stream;
use crate::settings::{Settings, is_order_needless, refuse_options_of_other_formats};

/// One way to segment the customers.
struct Variant {
    name: String,
    run: Run,
}

/// `arguments` are all that were given, those of the settings file included but not those of a preset: a variant is
/// the same with more behind them.
pub(crate) fn run(args: &CompareArgs, arguments: &[OsString], config: Option<&Path>) -> Result<(), Failure> {
    if args.with.is_empty() {
        return Err(Failure::usage("there is nothing to compare with")
            .with_help("name other choices, such as --with ntile or --with 'frequency=lines scoring=quartile'"));
    }
    if args.run.inputs.iter().any(|input| is_stream(input) || input == Path::new("/dev/stdin")) {
        return Err(Failure::usage(
            "the inputs are read once for each variant, and standard input can be read only once",
        )
        .with_help("write it to a file first"));
    }
    // All that can be told before anything is read.
    let changed = args.with.iter().map(|text| variant(text, args, arguments));
    let changed = changed.collect::<Result<Vec<CompareArgs>, Failure>>()?;
    refuse_options_of_other_formats(&args.run)?;
    Settings::of(&args.run)?;
    for (text, changed) in args.with.iter().zip(&changed) {
        Settings::of(&changed.run).map_err(|failure| in_variant(text, failure))?;
    }
    screen::tell_settings(config.filter(|_| !args.quiet));
    let mut variants = vec![Variant { name: "as given".to_owned(), run: segment(&args.run, None, args.quiet)? }];
    for (text, changed) in args.with.iter().zip(&changed) {
        let base = variants[0].run.segmentation();
        let run = segment(&changed.run, Some(base), args.quiet).map_err(|failure| in_variant(text, failure))?;
        variants.push(Variant { name: text.clone(), run });
    }
    if !args.quiet {
        let base = &variants[0].run;
        screen::tell_warnings(base);
        for Variant { name, run } in &variants[1..] {
            for note in run.notes().iter().filter(|note| !base.notes().contains(note)) {
                screen::tell(&format!("warning: with `{name}`: {note}"));
            }
        }
    }
    screen::print(&if args.json { document(&variants) } else { report(&variants) })
}

/// The arguments of a variant. `ntile` is `--scoring ntile`, `frequency=lines` is `--frequency lines`, `nested` is `--nested`.
fn variant(text: &str, base: &CompareArgs, arguments: &[OsString]) -> Result<CompareArgs, Failure> {
    let wrong = |message: String| {
        Failure::usage(format!("--with {text}: {message}")).with_help(
            "a variant is the name of a scoring, or options that choose lines, scores and segments such as 'scoring=ntile frequency=lines'",
        )
    };
    let words = shlex::split(text).ok_or_else(|| wrong("a quote is not closed".to_owned()))?;
    if words.is_empty() {
        return Err(wrong("it says nothing".to_owned()));
    }
    let options = words.iter().map(|word| {
        OsString::from(match word.strip_prefix("--") {
            Some(_) => word.clone(),
            None if !word.contains('=') && word.parse::<Scoring>().is_ok() => format!("--scoring={word}"),
            None => return config::argument("compare", word),
        })
    });
    let options: Vec<OsString> = options.collect();
    // Behind all others, but before inputs that stand behind `--`.
    let end = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    let mut all = config::without_overruled("compare", &arguments[..end], &options);
    all.extend(options.iter().chain(&arguments[end..]).cloned());
    let command = || Cli::command().mut_subcommand("compare", |compare| compare.args_override_self(true));
    let mut matches = command().try_get_matches_from(&all);
    // The preset may be that of the base, and what it says depends on all that is given.
    if let Ok(given) = &matches
        && let Some(all) = with_preset("compare", given, &all)?
    {
        matches = command().try_get_matches_from(all);
    }
    let parsed = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed.map(|cli| cli.command) {
        Ok(Command::Compare(mut args)) => {
            args.run.inputs.clone_from(&base.run.inputs);
            // What only the base has a use for.
            let says = |long: &str| options.iter().any(|option| option.to_string_lossy().starts_with(long));
            if is_order_needless(&args.run.score) && !says("--tie-order") {
                args.run.score.tie_order = TieOrder::default();
            }
            let clean = &mut args.run.clean;
            if clean.returns == Some(Returns::Exclude) && clean.keep == Keep::All && !says("--returns") {
                clean.returns = None;
            }
            if clean.returns != Some(Returns::Match) && !says("--product") {
                args.run.read.product = None;
            }
            Ok(*args)
        }
        Ok(_) => Err(wrong("it is another command".to_owned())),
        Err(error) => {
            Err(wrong(error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()))
        }
    }
}

/// What went wrong, and in which variant.
fn in_variant(text: &str, failure: Failure) -> Failure {
    failure.in_place(format_args!("with `{}`", printable(text)))
}

/// The variants count recency back from the same day, and time of it, unless one says otherwise.
fn segment(args: &RunArgs, base: Option<&Segmentation>, is_quiet: bool) -> Result<Run, Failure> {
    Settings::of(args)?.run(args, is_quiet, |job| match base {
        Some(base) if args.clean.as_of.is_none() => {
            let job = job.as_of(base.analysis_date());
            match base.measures().recency.analysis_time() {
                Some(second) => job.analysis_time(second),
                None => job,
            }
        }
        _ => job,
    })
}

/// The variants two by two.
fn pairs(variants: &[Variant]) -> Vec<(usize, usize, Comparison)> {
    let pair = |first: usize, second: usize| {
        (first, second, Comparison::of(variants[first].run.segmentation(), variants[second].run.segmentation()))
    };
    (0..variants.len()).flat_map(|first| (first + 1..variants.len()).map(move |second| pair(first, second))).collect()
}

fn report(variants: &[Variant]) -> String {
    let base = variants[0].run.segmentation();
    let customers = screen::count(base.len() as u64, "customer");
    let mut text = format!("{customers} as of {}\n\n", base.analysis_date());
    let differing = differing(variants);
    let names = variants.iter().enumerate().map(|(at, variant)| {
        let segmentation = variant.run.segmentation();
        let choices = ["scoring_recency", "scoring_frequency", "scoring_monetary"].map(|key| choice(&variant.run, key));
        let scoring =
            if choices.iter().all(|choice| *choice == choices[0]) { choices[0].clone() } else { choices.join(" / ") };
        vec![
            letter(at),
            printable(&variant.name).into_owned(),
            format!("scoring {scoring}{}", if choice(&variant.run, "binning") == "nested" { ", nested" } else { "" }),
            format!("frequency {}, monetary {}", choice(&variant.run, "frequency"), choice(&variant.run, "monetary")),
            format!("segments `{}`", segmentation.segment_model().name()),
            differing.iter().map(|key| told(&variant.run, key)).collect::<Vec<_>>().join(", "),
        ]
    });
    text.push_str(&screen::aligned(0, &names.collect::<Vec<_>>()));
    let pairs = pairs(variants);
    let mut rows = vec![
        ["", "customers in both", "another code", "another segment", "only first", "only second"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(pairs.iter().map(|(first, second, pair)| {
        let [only_first, only_second] = pair.only();
        vec![
            format!("{} to {}", letter(*first), letter(*second)),
            pair.both().to_string(),
            pair.other_code().map_or("-".to_owned(), |count| counted(count, pair.other_code_share())),
            counted(pair.other_segment(), pair.other_segment_share()),
            only_first.to_string(),
            only_second.to_string(),
        ]
    }));
    text.push('\n');
    text.push_str(&screen::aligned(0, &rows));
    for (first, second, pair) in pairs.iter().filter(|(.., pair)| pair.other_segment() > 0) {
        text.push_str(&format!(
            "\nfrom the segments of {} (rows) to those of {} (columns)\n",
            letter(*first),
            letter(*second)
        ));
        text.push_str(&matrix(pair));
    }
    text
}

/// The choices beyond those that are always shown of which not all variants have the same.
fn differing(variants: &[Variant]) -> Vec<&str> {
    let shown =
        ["scoring_recency", "scoring_frequency", "scoring_monetary", "binning", "frequency", "monetary", "segments"];
    // These follow from others, or from the name of the variant.
    let implied = ["as_of_from", "preset", "quantiles", "model_fitted_on"];
    let is_new = |key: &str| !shown.contains(&key) && !implied.contains(&key);
    let is_same = |key: &str, one: &Variant, other: &Variant| choice(&one.run, key) == choice(&other.run, key);
    // What becomes of ties follows from the scoring where that is another.
    let may_differ = |key: &str, one: &Variant, other: &Variant| {
        key != "ties" || shown[..3].iter().all(|scoring| is_same(scoring, one, other))
    };
    let differs = |key: &str| {
        let mut pairs = variants.iter().flat_map(|one| variants.iter().map(move |other| (one, other)));
        pairs.any(|(one, other)| may_differ(key, one, other) && !is_same(key, one, other))
    };
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in variants.iter().flat_map(|variant| variant.run.description().choices()) {
        if is_new(key) && !keys.contains(&key) && differs(key) {
            keys.push(key);
        }
    }
    keys
}

/// `recency months`.
fn told(run: &Run, key: &str) -> String {
    let value = choice(run, key);
    let value = if value.is_empty() { "none" } else { &value };
    format!("{} {}", key.replace('_', " "), printable(value))
}

/// Segments of the first result below one another; the columns are numbered, with a legend where they have other names.
pub(crate) fn matrix(pair: &Comparison) -> String {
    let is_used = |column: usize| pair.matrix().iter().any(|row| row[column] > 0);
    let columns: Vec<usize> = (0..pair.second_segments().len()).filter(|column| is_used(*column)).collect();
    let mut rows = vec![
        [String::new(), String::new()]
            .into_iter()
            .chain(columns.iter().map(|column| (column + 1).to_string()))
            .collect(),
    ];
    for (at, (name, counts)) in pair.first_segments().iter().zip(pair.matrix()).enumerate() {
        if counts.iter().any(|count| *count > 0) {
            let cells = columns.iter().map(|column| match counts[*column] {
                0 => "·".to_owned(),
                count => count.to_string(),
            });
            rows.push([(at + 1).to_string(), printable(name).into_owned()].into_iter().chain(cells).collect());
        }
    }
    let mut text = screen::aligned(2, &rows);
    if pair.first_segments() != pair.second_segments() {
        let legend =
            columns.iter().map(|column| format!("{} {}", column + 1, printable(&pair.second_segments()[*column])));
        text.push_str(&screen::wrapped("  columns: ", &legend.collect::<Vec<_>>().join(", ")));
    }
    text
}

/// `41 (34.2%)`.
pub(crate) fn counted(count: u64, share: Option<Decimal>) -> String {
    share.map_or("-".to_owned(), |share| format!("{count} ({}%)", screen::percent(share)))
}

/// A, B, C, …, and numbers behind Z.
fn letter(at: usize) -> String {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or((at + 1).to_string(), |at| char::from(b'A' + at).to_string())
}

/// What the description of a run says about a choice.
fn choice(run: &Run, key: &str) -> String {
    let choice = run.description().choices().find(|(known, _)| *known == key);
    choice.and_then(|(_, choice)| choice).unwrap_or_default().to_owned()
}

/// A share as a decimal; null where there is none.
pub(crate) fn share(share: Option<Decimal>) -> Value {
    share.map_or(Value::Null, |share| share.to_string().into())
}

/// Who goes from which segment to which other one.
pub(crate) fn moves(pair: &Comparison) -> Value {
    pair.moves().map(|(from, to, customers)| json!({"from": from, "to": to, "customers": customers})).collect()
}

fn document(variants: &[Variant]) -> String {
    let named = variants.iter().map(|variant| {
        let segmentation = variant.run.segmentation();
        json!({
            "name": variant.name,
            "customers": segmentation.len(),
            "as_of": segmentation.analysis_date().to_string(),
            "choices": variant.run.description().choices().collect::<BTreeMap<_, _>>(),
        })
    });
    let pairs = pairs(variants);
    let pairs = pairs.iter().map(|(first, second, pair)| {
        let [only_first, only_second] = pair.only();
        json!({
            "first": variants[*first].name,
            "second": variants[*second].name,
            "customers_in_both": pair.both(),
            "only_first": only_first,
            "only_second": only_second,
            "other_code": pair.other_code(),
            "other_code_share": share(pair.other_code_share()),
            "other_segment": pair.other_segment(),
            "other_segment_share": share(pair.other_segment_share()),
            "rows": pair.first_segments(),
            "columns": pair.second_segments(),
            "matrix": pair.matrix(),
            "moves": moves(pair),
        })
    });
    format!("{:#}\n", json!({"variants": named.collect::<Vec<_>>(), "pairs": pairs.collect::<Vec<_>>()}))
}
