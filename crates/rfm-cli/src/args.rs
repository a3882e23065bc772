//! The arguments.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;
use rfm_kit::Preset;

use crate::config;
use crate::failure::Failure;
use crate::options::{ConfigArgs, ReadArgs, RunArgs, WriteArgs};
use crate::values::{choice, named};

/// Customer segmentation by recency, frequency and monetary value
///
/// Reads order lines from delimited text, workbooks and Parquet, summarises them per customer, scores how recently, how often and for how much each one
/// bought, and names segments by rules. The same input gives the same output; every line is accounted for.
#[derive(Debug, Parser)]
#[command(name = "rfm", version, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The settings file that was used.
    #[arg(skip)]
    pub(crate) config: Option<PathBuf>,
    /// What that file says alone, for `segment`.
    #[arg(skip)]
    pub(crate) settings: Option<Box<SegmentArgs>>,
    /// All arguments, with those of that file, and without those of a preset.
    #[arg(skip)]
    pub(crate) arguments: Vec<OsString>,
    /// The options of reading that were given, each with its value as one types it.
    #[arg(skip)]
    pub(crate) reading: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  rfm inspect examples/data/orders.csv
  rfm segment examples/data/orders.csv
  rfm segment examples/data/orders.csv --as-of 2026-01-01 --out result
  rfm rules check r-readme";

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 the data could not be used; 2 wrong usage; 3 an output could not be written; 4 a limit was reached.
If the reader of a pipe leaves early, as `head` does, rfm stops without a word, with 0.";

/// Commands of at most 80 columns: clap wraps what is longer.
const SEGMENT_EXAMPLES: &str = "\
Examples:
  The table of segments, on the terminal:
    rfm segment examples/data/orders.csv
  Tables for a spreadsheet and for a program, and run.json, in a directory:
    rfm segment examples/data/orders.csv --out result --format csv,json
  Customers alone, as of a day, into a pipe:
    rfm segment examples/data/orders.csv --as-of 2026-01-01 --output -
  Own cut points for recency:
    rfm segment examples/data/orders.csv --bins-recency 30,90,180,365
  Scores and segments by quartiles:
    rfm segment examples/data/orders.csv --scoring quartile
  Bad lines left out but written down:
    rfm segment examples/data/orders.csv --on-bad-row skip --rejects rejects.csv
  Settings that stay, in the file rfm.toml, each option without its dashes:
    [segment]
    inputs = [\"examples/data/orders.csv\"]
    as-of = 2026-01-01
    bins-recency = [30, 90, 180, 365]
  With it in the current directory, this will do:
    rfm segment";

const COMPARE_EXAMPLES: &str = "\
Examples:
  What quintile means elsewhere:
    rfm compare examples/data/orders.csv --with rfm-r --with ntile
  Lines instead of orders, and the money per order:
    rfm compare examples/data/orders.csv --with 'frequency=lines monetary=mean-order'
  Other rules for the same scores:
    rfm compare examples/data/orders.csv --with segments=r-readme";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  One customer:
    rfm explain 100128 examples/data/orders.csv
  The same for all, as columns:
    rfm segment examples/data/orders.csv --extra reason,next_step --output customers.csv";

const DIFF_EXAMPLES: &str = "\
Examples:
  rfm rules diff table-11-older table-11
  rfm rules diff table-11 my-rules.toml examples/data/orders.csv";
const DRIFT_EXAMPLES: &str = "\
Examples:
  A model of the orders until summer, and what has become of its cut points:
    rfm segment examples/data/orders.csv --until 2025-06-30 --save-model model.json
    rfm drift examples/data/orders.csv --model model.json";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read orders, score customers and name their segments
    #[command(after_help = SEGMENT_EXAMPLES)]
    Segment(Box<SegmentArgs>),
    /// Segment the same customers in several ways, and show who is scored and named otherwise
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(Box<CompareArgs>),
    /// Show why a customer is in a segment, and what would change that
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(Box<ExplainArgs>),
    /// Show how far customers have moved since a model was fitted, and what fitting it again would change
    #[command(after_help = DRIFT_EXAMPLES)]
    Drift(Box<DriftArgs>),
    /// Show the model of a file
    Model {
        #[command(subcommand)]
        command: ModelCommand,
    },
    /// Show what a file is taken for, and what would go wrong
    #[command(
        after_help = "Examples:\n  rfm inspect examples/data/orders.csv\n  rfm inspect examples/data/orders.csv --json"
    )]
    Inspect(Box<InspectArgs>),
    /// List, show and check rules that name segments
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Print the JSON Schema of a kind of file, for editors and programs that check it
    #[command(after_help = "Example:\n  rfm schema rules > rules.schema.json")]
    Schema {
        /// Rule files, settings files (rfm.toml), run.json, or model files
        #[arg(value_name = "FILE", value_parser = choice(SchemaOf::CHOICES))]
        of: SchemaOf,
    },
    /// List the published recipes, or show what one is and which options it stands for
    #[command(
        after_help = "Examples:\n  rfm presets\n  rfm presets r-rfm\n  rfm segment examples/data/orders.csv --preset r-rfm"
    )]
    Presets {
        /// The recipe
        #[arg(value_name = "NAME", value_parser = named(&Preset::ALL, Preset::name))]
        preset: Option<Preset>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the completions of a shell
    #[command(after_help = "Example:\n  rfm completions bash > ~/.local/share/bash-completion/completions/rfm")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemaOf {
    Rules,
    Config,
    Run,
    Model,
}

impl SchemaOf {
    const CHOICES: &[(&str, SchemaOf)] =
        &[("rules", SchemaOf::Rules), ("config", SchemaOf::Config), ("run", SchemaOf::Run), ("model", SchemaOf::Model)];
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Show cut points, segments, and what the model was fitted on
    #[command(
        after_help = "Examples:\n  rfm segment examples/data/orders.csv --save-model model.json\n  rfm model show model.json"
    )]
    Show {
        /// A file that --save-model wrote
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the built-in rules
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show who is in each segment, what that means and what to do
    #[command(
        after_help = "Examples:\n  rfm rules show table-11\n  rfm rules show table-11 --format toml > rules.toml"
    )]
    Show {
        /// A built-in name, a rule file (.toml) or a table of codes (.csv, .xlsx)
        #[arg(value_name = "PRESET|FILE")]
        rules: String,
        /// For people, as a rule file to start an own one from, for machines, as a table of codes, or as a rule file of few boxes
        #[arg(long, value_name = "FORMAT", value_parser = choice(RulesFormat::CHOICES), default_value = "text")]
        format: RulesFormat,
    },
    /// Check that each score has one rule and that each segment can be reached
    #[command(after_help = "Examples:\n  rfm rules check table-11 --strict\n  rfm rules check r-testsuite")]
    Check {
        /// A built-in name, a rule file (.toml) or a table of codes (.csv, .xlsx)
        #[arg(value_name = "PRESET|FILE")]
        rules: String,
        /// The number of scores on each dimension, for a table of codes that does not use the highest
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=100))]
        bins: Option<u8>,
        /// Exit with 1 if there is a gap, an overlap or a segment that nobody can be in
        #[arg(long)]
        strict: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show which codes other rules name otherwise, and with inputs how many customers
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(Box<RulesDiffArgs>),
}

#[derive(Debug, Args)]
pub(crate) struct RulesDiffArgs {
    /// A built-in name, a rule file (.toml) or a table of codes (.csv, .xlsx)
    #[arg(value_name = "FROM")]
    pub(crate) first: String,
    /// Another one, for the same bins
    #[arg(value_name = "TO")]
    pub(crate) second: String,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// As JSON
    #[arg(long, help_heading = "Comparing")]
    pub(crate) json: bool,
    /// Show no progress and no warnings
    #[arg(long, short, help_heading = "Comparing")]
    pub(crate) quiet: bool,
}

/// How `rules show` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RulesFormat {
    Text,
    Toml,
    Json,
    Codes,
    Boxes,
}

impl RulesFormat {
    const CHOICES: &[(&str, RulesFormat)] = &[
        ("text", RulesFormat::Text),
        ("toml", RulesFormat::Toml),
        ("json", RulesFormat::Json),
        ("codes", RulesFormat::Codes),
        ("boxes", RulesFormat::Boxes),
    ];
}

#[derive(Debug, Args)]
pub(crate) struct SegmentArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten, next_help_heading = "Output")]
    pub(crate) write: WriteArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,

    /// Another way: the name of a scoring, or options that choose lines, scores and segments, without dashes, such as 'scoring=ntile frequency=lines'. Where one contradicts what is given, it counts instead. May be given several times
    #[arg(long, value_name = "CHOICES", help_heading = "Comparing")]
    pub(crate) with: Vec<String>,
    /// As JSON
    #[arg(long, help_heading = "Comparing")]
    pub(crate) json: bool,
    /// Show no progress and no warnings
    #[arg(long, short, help_heading = "Comparing")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DriftArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,

    /// As JSON
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
    /// Show no progress and no warnings
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The customer, by the id
    #[arg(id = "explained", value_name = "CUSTOMER")]
    pub(crate) customer: String,
    #[command(flatten)]
    pub(crate) run: RunArgs,

    /// As JSON
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
    /// Show no progress and no warnings
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// A file, or - for standard input
    #[arg(value_name = "INPUT", value_hint = clap::ValueHint::FilePath)]
    pub(crate) input: PathBuf,

    #[command(flatten, next_help_heading = "Reading")]
    pub(crate) read: ReadArgs,
    #[command(flatten, next_help_heading = "Running")]
    pub(crate) config: ConfigArgs,

    /// As JSON
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

impl Cli {
    /// The arguments, together with what a settings file says where they are silent.
    pub(crate) fn given(arguments: Vec<OsString>) -> Result<Cli, Failure> {
        let mut matches = Cli::command().try_get_matches_from(&arguments)?;
        let mut cli = Cli::from_arg_matches(&matches)?;
        let (name, settings) = match &cli.command {
            Command::Segment(args) => ("segment", &args.run.config),
            Command::Compare(args) => ("compare", &args.run.config),
            Command::Explain(args) => ("explain", &args.run.config),
            Command::Drift(args) => ("drift", &args.run.config),
            Command::Inspect(args) => ("inspect", &args.config),
            // Without inputs rules alone are compared, and nothing else is asked for.
            Command::Rules { command: RulesCommand::Diff(args) } if !args.run.inputs.is_empty() => {
                ("rules diff", &args.run.config)
            }
            _ => return Ok(cli),
        };
        let mut all = arguments;
        if let Some(path) = config::path(settings) {
            let file = config::File::read(&path)?;
            let added = given_to(&matches, name).map(|given| file.arguments(name, given)).transpose()?;
            let added = added.unwrap_or_default();
            let alone = [OsString::from("rfm"), OsString::from(name)].into_iter().chain(added.iter().cloned());
            let settings = match Cli::try_parse_from(alone) {
                Ok(Cli { command: Command::Segment(settings), .. }) => Some(settings),
                // `inspect` needs an input, `explain` a customer.
                _ => None,
            };
            // Those of the file are not among those that were given.
            all = with_options(name, &all, added);
            matches = Cli::command().try_get_matches_from(&all)?;
            cli = Cli { config: Some(path), settings, ..Cli::from_arg_matches(&matches)? };
            if let Some(inputs) = cli.command.inputs().filter(|inputs| inputs.is_empty()) {
                *inputs = file.inputs().to_vec();
            }
        }
        if let Some(all) = with_preset(name, &matches, &all)? {
            let inputs = cli.command.inputs().map(std::mem::take);
            matches = Cli::command().try_get_matches_from(&all)?;
            cli = Cli { command: Cli::from_arg_matches(&matches)?.command, ..cli };
            if let Some((into, inputs)) = cli.command.inputs().zip(inputs) {
                *into = inputs;
            }
        }
        let reading = given_to(&matches, name).map(reading_options).unwrap_or_default();
        Ok(Cli { reading, arguments: all, ..cli })
    }
}

impl Command {
    /// The files of orders.
    fn inputs(&mut self) -> Option<&mut Vec<PathBuf>> {
        match self {
            Command::Segment(args) => Some(&mut args.run.inputs),
            Command::Compare(args) => Some(&mut args.run.inputs),
            Command::Explain(args) => Some(&mut args.run.inputs),
            Command::Drift(args) => Some(&mut args.run.inputs),
            Command::Rules { command: RulesCommand::Diff(args) } => Some(&mut args.run.inputs),
            _ => None,
        }
    }
}

/// The arguments of a subcommand together with what the preset among them says where they are silent; `None` without a preset.
pub(crate) fn with_preset(
    name: &str,
    matches: &ArgMatches,
    arguments: &[OsString],
) -> Result<Option<Vec<OsString>>, Failure> {
    let Some(given) = given_to(matches, name) else { return Ok(None) };
    // Not all subcommands have one.
    let Some(preset) = given.try_get_one::<Preset>("preset").ok().flatten() else { return Ok(None) };
    let added = config::File::of_preset(*preset).arguments(name, given)?;
    Ok(Some(with_options(name, arguments, added)))
}

/// The arguments with more options right behind the subcommand, before which none stands.
fn with_options(name: &str, arguments: &[OsString], added: Vec<OsString>) -> Vec<OsString> {
    let (before, behind) = arguments.split_at(arguments.len().min(1 + name.split(' ').count()));
    before.iter().cloned().chain(added).chain(behind.iter().cloned()).collect()
}

/// What was given to a subcommand, or to one of a subcommand: `rules diff`.
fn given_to<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m ArgMatches> {
    name.split(' ').try_fold(matches, |matches, word| matches.subcommand_matches(word))
}

/// The options of reading that were given, each with its value as one types it.
fn reading_options(given: &ArgMatches) -> Vec<String> {
    let mut options = Vec::new();
    for option in ReadArgs::augment_args(clap::Command::new("read")).get_arguments() {
        let id = option.get_id().as_str();
        if given.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let long = option.get_long().unwrap_or(id);
        if option.get_action().takes_values() {
            let values = given.get_raw(id).into_iter().flatten();
            options.extend(values.map(|value| shell_option(long, &value.to_string_lossy())));
        } else {
            options.push(format!("--{long}"));
        }
    }
    options
}

/// An option and its value, as one types them.
pub(crate) fn shell_option(long: &str, value: &str) -> String {
    let between = if value.starts_with('-') { "=" } else { " " };
    format!("--{long}{between}{}", shell_word(value))
}

/// The text as a word of a POSIX shell.
pub(crate) fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:,=+@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// The completions of a shell.
pub(crate) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rfm", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declaration_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(
            ["a.csv", "d/m/y", "Customer ID", "it's", "", ";"].map(shell_word),
            ["a.csv", "d/m/y", "'Customer ID'", "'it'\\''s'", "''", "';'"]
        );
    }
}
