//! The command `rfm`: parses arguments, calls [`rfm_kit`], prints, and sets the exit code.
//!
//! Nothing here is worth reusing. The way of an option: [`args`] and [`options`] declare it, [`config`] lets a file give it, the module of its command
//! hands it to the kit. What fails becomes a [`failure::Failure`], which knows its exit code.

mod args;
mod compare;
mod config;
mod drift;
mod explain;
mod failure;
mod inspect;
mod isolation;
mod model;
mod options;
mod presets;
mod progress;
mod remedy;
mod rules;
mod screen;
mod segment;
mod settings;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Cli, Command, ModelCommand, SchemaOf};
use failure::Failure;
use rfm_kit::output::RunDescription;
use rfm_kit::{Model, SegmentModel};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|argument| argument == isolation::ARGUMENT) {
        return isolation::serve().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    let outcome = Cli::given(arguments).and_then(run);
    outcome.map_or_else(Failure::report, |()| ExitCode::SUCCESS)
}

fn run(cli: Cli) -> Result<(), Failure> {
    let config = cli.config.as_deref();
    match &cli.command {
        Command::Segment(args) => segment::run(args, config.zip(cli.settings.as_deref())),
        Command::Compare(args) => compare::run(args, &cli.arguments, config),
        Command::Explain(args) => explain::run(args, config),
        Command::Drift(args) => drift::run(args, config),
        Command::Model { command: ModelCommand::Show { file } } => model::show(file),
        Command::Inspect(args) => inspect::run(args, &cli.reading, config),
        Command::Rules { command } => rules::run(command, config),
        Command::Schema { of } => screen::print(&match of {
            SchemaOf::Rules => SegmentModel::SCHEMA.to_owned(),
            SchemaOf::Config => config::schema(),
            SchemaOf::Run => RunDescription::SCHEMA.to_owned(),
            SchemaOf::Model => Model::FILE_SCHEMA.to_owned(),
        }),
        Command::Presets { preset, json } => presets::run(*preset, *json),
        Command::Completions { shell } => screen::print(&args::completions(*shell)),
    }
}
