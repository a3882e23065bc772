//! What went wrong, as the command says it: two lines on standard error and an exit code.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use rfm_kit::output::ExtraError;
use rfm_kit::{ErrorKind, FitError, RoleError, SummaryError, csv, input, output, suggest};

use crate::remedy::Remedy;
use crate::screen;

/// The exit codes other than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// The data could not be used.
    Data = 1,
    /// Wrong usage, whatever the data are.
    Usage = 2,
    /// An output could not be written.
    Output = 3,
    /// A limit was reached.
    Limit = 4,
}

/// Why the command ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What clap has to say; help and version are among it.
    Arguments(Box<clap::Error>),
    /// The reader of a pipe has left. Nobody needs to be told.
    ClosedPipe,
    /// The data are not as they were asked to be, and that has been printed.
    Found,
    /// Everything else.
    Told {
        /// The exit code.
        code: Code,
        /// Where and what.
        message: String,
        /// What would help.
        help: Option<String>,
    },
}

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Failure {
        Failure::Told { code, message: message.into(), help: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Code::Usage, message)
    }

    pub(crate) fn with_help(self, text: impl Into<String>) -> Failure {
        match self {
            Failure::Told { code, message, .. } => Failure::Told { code, message, help: Some(text.into()) },
            other => other,
        }
    }

    /// Rules and settings are not the data: if they cannot be used, the usage is wrong.
    pub(crate) fn of_settings(self) -> Failure {
        match self {
            Failure::Told { code: Code::Data, message, help } => Failure::Told { code: Code::Usage, message, help },
            other => other,
        }
    }

    /// Says that the settings of this file are to blame.
    pub(crate) fn in_file(self, path: &Path) -> Failure {
        self.in_place(path.display())
    }

    /// The same, of a place that stands before the message.
    pub(crate) fn in_place(self, place: impl fmt::Display) -> Failure {
        match self {
            Failure::Told { code, message, help } => {
                Failure::Told { code, message: format!("{place}: {message}"), help }
            }
            other => other,
        }
    }

    /// A file of settings that cannot be read.
    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
        let failure = Failure::usage(format!("cannot read `{}`: {error}", path.display()));
        match similar_file(path) {
            Some(help) => failure.with_help(help),
            None => failure,
        }
    }

    /// Says it, and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Failure::Arguments(error) => {
                // A closed pipe behind `rfm --help | head` is no failure.
                let _ = error.print();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Code::Usage as u8))
            }
            Failure::ClosedPipe => ExitCode::SUCCESS,
            Failure::Found => ExitCode::from(Code::Data as u8),
            Failure::Told { code, message, help } => {
                screen::tell(&format!("error: {message}"));
                if let Some(help) = help {
                    screen::tell(&format!("help: {help}"));
                }
                ExitCode::from(code as u8)
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Arguments(error) => error.fmt(f),
            Failure::ClosedPipe => f.write_str("the reader has left"),
            Failure::Found => f.write_str("found"),
            Failure::Told { message, .. } => f.write_str(message),
        }
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Failure {
        Failure::Arguments(Box::new(error))
    }
}

impl From<output::Error> for Failure {
    fn from(error: output::Error) -> Failure {
        of_output(&error)
    }
}

impl From<rfm_kit::Error> for Failure {
    fn from(error: rfm_kit::Error) -> Failure {
        if let ErrorKind::Output(error) = error.kind() {
            return of_output(error);
        }
        let code = if error.is_usage() || is_of_options(&error) {
            Code::Usage
        } else if is_limit(&error) {
            Code::Limit
        } else {
            Code::Data
        };
        let help = error.help().map(str::to_owned).or_else(|| help_of(&error));
        Failure::Told { code, message: chain(&error), help }
    }
}

fn of_output(error: &output::Error) -> Failure {
    if error.is_broken_pipe() {
        return Failure::ClosedPipe;
    }
    let code = match error.kind() {
        output::ErrorKind::SameAsInput { .. } | output::ErrorKind::SameOutput { .. } => Code::Usage,
        _ => Code::Output,
    };
    Failure::Told { code, message: chain(error), help: error.help().map(str::to_owned) }
}

/// The error and its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

/// What the command knows beyond the message: its own options, and the files beside the one that is missing.
fn help_of(error: &rfm_kit::Error) -> Option<String> {
    let text = match error.kind() {
        ErrorKind::Open { path, .. } => return similar_file(path),
        ErrorKind::Summary(SummaryError::Scale { .. }) => "keep more with --scale, or round the input with --round",
        ErrorKind::Summary(SummaryError::Memory { .. }) => "allow more with --memory-limit",
        ErrorKind::Summary(SummaryError::MixedOrders) => {
            "name the column of each file alike, or segment the files apart"
        }
        ErrorKind::Summary(SummaryError::MixedLevels) => "segment tables of customers apart from order lines",
        ErrorKind::Summary(SummaryError::RepeatedCustomers { .. }) => {
            "if its rows are orders, leave --level customers out; otherwise keep one row of each customer"
        }
        ErrorKind::KeyColumn { problem: RoleError::Missing { role, .. } | RoleError::Unknown { role, .. }, .. } => {
            let option = role.option();
            return Some(format!(
                "call that column `{role}`; --{option} would have to name a column of the orders too"
            ));
        }
        ErrorKind::Extra(ExtraError::NeedsReturns { .. })
        | ErrorKind::Fit(FitError::RuleNotKept { measure: "returns" | "returned" | "return_rate", .. }) => {
            "add --returns separate, which keeps them beside what was bought"
        }
        ErrorKind::Extra(ExtraError::NeedsWeights { .. }) => "add --weights, such as --weights 100,10,1",
        ErrorKind::Fit(FitError::OnlyRanks { dimension, instead, .. }) => {
            return Some(format!("take --scoring-{dimension} {instead}, or leave --save-model out"));
        }
        ErrorKind::Fit(FitError::Nested) | ErrorKind::NoCutPoints => "leave --nested or --save-model out",
        ErrorKind::Config(_) => "see the bins of the built-in rules with `rfm rules list`",
        ErrorKind::TimeLimit { .. } => "allow more with --time-limit",
        ErrorKind::Threads { .. } => "ask for fewer with --threads",
        _ => {
            return match error.input().map(input::Error::kind) {
                Some(input::ErrorKind::NotFound { position }) => similar_file(position.input().as_path()),
                Some(input::ErrorKind::TooManyBadRows { .. }) => {
                    Some("see all of them with `rfm inspect`, or allow more with --max-bad-rows".to_owned())
                }
                _ => Remedy::of(error).help().map(str::to_owned),
            };
        }
    };
    Some(text.to_owned())
}

/// Whether the options contradict each other, which shows only when they meet a header.
fn is_of_options(error: &rfm_kit::Error) -> bool {
    let of_options = |problem: &RoleError| matches!(problem, RoleError::OtherLevel { .. } | RoleError::DateAndRecency);
    matches!(
        error.input().map(input::Error::kind),
        Some(input::ErrorKind::Columns { problem, .. }) if of_options(problem)
    )
}

/// Whether a limit ended the run, and not a fault of the data: too many lines in a field, or too many bytes before the end of the
/// header, are what a quote that is never closed looks like.
fn is_limit(error: &rfm_kit::Error) -> bool {
    let looks_unclosed =
        |limit: csv::LimitKind| matches!(limit, csv::LimitKind::FieldLines | csv::LimitKind::HeaderBytes);
    match error.kind() {
        ErrorKind::Csv(error) if matches!(error.kind(), csv::ErrorKind::TooLarge { limit, .. } if looks_unclosed(*limit)) => {
            false
        }
        _ => error.is_limit(),
    }
}

/// The file beside the missing one whose name is most like it.
fn similar_file(path: &Path) -> Option<String> {
    if path.exists() {
        return None;
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let entries = std::fs::read_dir(directory.unwrap_or(Path::new("."))).ok()?;
    let files = entries.flatten().filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    let similar = suggest(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(format!("did you mean `{}`?", path.with_file_name(similar).display()))
}
