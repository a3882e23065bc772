//! `rfm inspect`: what a file is taken for, what would go wrong, and what to type next.

use std::path::Path;

use rfm_kit::cell::CellProblem;
use rfm_kit::csv::{ErrorKind, Flaw, Inspection, LimitKind, inspect};
use rfm_kit::output::printable;
use rfm_kit::{Role, RoleError};
use serde_json::{Map, Value, json};

use crate::args::{InspectArgs, shell_word};
use crate::failure::Failure;
use crate::screen;

pub(crate) fn run(args: &InspectArgs, reading: &[String], config: Option<&Path>) -> Result<(), Failure> {
    if let Some(config) = config {
        screen::tell(&format!("note: settings from {}", config.display()));
    }
    let inspection = inspect(&args.input, &args.read.options())?;
    let verdict = Verdict::of(&inspection, &shell_word(&args.input.display().to_string()), reading);
    screen::print(&if args.json { document(&inspection, &verdict) } else { text(&inspection, &verdict) })
}

/// Whether the file can be segmented, and how.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// By this command.
    Ready(String),
    /// By one of these commands, once the user has chosen.
    Choose(Vec<String>),
    /// Not as it is.
    No,
}

impl Verdict {
    fn of(inspection: &Inspection, input: &str, reading: &[String]) -> Verdict {
        if inspection.problems().is_empty() {
            let is_ready = inspection.rows() > 0 && inspection.is_complete();
            return if is_ready { Verdict::Ready(command(input, reading, "")) } else { Verdict::No };
        }
        match inspection.problems().iter().map(|problem| remedies(problem.kind())).find(|found| !found.is_empty()) {
            Some(options) => Verdict::Choose(options.iter().map(|option| command(input, reading, option)).collect()),
            None => Verdict::No,
        }
    }
}

/// The command that reads the input with the options that were given, one of them added or replaced.
fn command(input: &str, reading: &[String], added: &str) -> String {
    let replaced = added.split(' ').next().unwrap_or_default();
    let mut words = vec!["rfm", "segment", input];
    let mut given = reading.iter().map(String::as_str);
    while let Some(word) = given.next() {
        if word == replaced {
            given.next();
        } else {
            words.push(word);
        }
    }
    words.extend(Some(added).filter(|added| !added.is_empty()));
    words.join(" ")
}

/// The options that may help, each on its own.
fn remedies(problem: &ErrorKind) -> Vec<String> {
    let options = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match problem {
        ErrorKind::Columns { problem, .. } => columns(problem),
        ErrorKind::AmbiguousDate { candidates, .. } => {
            candidates.iter().map(|format| format!("--date-format {format}")).collect()
        }
        ErrorKind::UnknownDate { .. } | ErrorKind::MixedDates { .. } => options(&["--date-format NAME"]),
        ErrorKind::MixedNumbers { .. } => options(&["--decimal point", "--decimal comma"]),
        ErrorKind::BadCell { problem: CellProblem::AmbiguousNumber { .. }, .. } => {
            options(&["--decimal point", "--decimal comma"])
        }
        ErrorKind::BadCell { problem: CellProblem::TooManyDecimals { .. }, .. } => options(&["--round 9"]),
        ErrorKind::Flawed { flaw: Flaw::InvalidUtf8 { .. }, .. } => options(&["--encoding windows-1252"]),
        ErrorKind::Flawed { flaw: Flaw::Nul { .. }, .. } => options(&["--encoding utf-16le"]),
        ErrorKind::Flawed { flaw: Flaw::QuoteInPlainField { .. }, .. } => options(&["--quote none"]),
        ErrorKind::BadCell { .. } | ErrorKind::Ragged { .. } | ErrorKind::Flawed { .. } => {
            options(&["--on-bad-row skip"])
        }
        ErrorKind::UnclosedQuote { .. }
        | ErrorKind::SwallowedLines { .. }
        | ErrorKind::TooLarge { limit: LimitKind::FieldLines, .. } => options(&["--quote none"]),
        ErrorKind::SeveralCurrencies { .. } => options(&["--any-currency"]),
        ErrorKind::MalformedText { .. } => options(&["--encoding windows-1252"]),
        _ => Vec::new(),
    }
}

fn columns(problem: &RoleError) -> Vec<String> {
    let column = |role: &Role, name: &str| format!("--{role} {}", shell_word(name));
    match problem {
        RoleError::Missing { role: Role::Amount, .. } => {
            vec!["--amount COLUMN".to_owned(), "--quantity COLUMN --price COLUMN".to_owned()]
        }
        RoleError::Missing { role, .. } => vec![format!("--{role} COLUMN")],
        RoleError::Ambiguous { role, candidates } => candidates.iter().map(|name| column(role, name)).collect(),
        RoleError::Unknown { role, similar: Some(similar), .. } => vec![column(role, similar)],
        RoleError::Unknown { role, .. } => vec![format!("--{role} COLUMN")],
        _ => Vec::new(),
    }
}

fn text(inspection: &Inspection, verdict: &Verdict) -> String {
    let facts: Vec<Vec<String>> =
        inspection.facts().into_iter().map(|(name, value)| vec![name, printable(&value).into_owned()]).collect();
    let names: Vec<String> = inspection.column_names().iter().map(|name| format!("`{}`", printable(name))).collect();
    let mut text = format!("{}\n{}\n", inspection.name(), screen::aligned(2, &facts));
    text.push_str(&screen::wrapped("columns: ", &names.join(", ")));
    text.push('\n');
    text.push_str(&problems(inspection));
    match verdict {
        Verdict::Ready(command) => text.push_str(&format!("ready: {command}\n")),
        Verdict::Choose(commands) => {
            let one = if commands.len() == 1 { "to go on" } else { "to go on, one of" };
            text.push_str(&format!("{one}:\n"));
            text.extend(commands.iter().map(|command| format!("  {command}\n")));
        }
        Verdict::No if inspection.problem_count() == 0 => {
            text.push_str("not ready: there is no row behind the header\n")
        }
        Verdict::No => text.push_str("not ready: the file has to be corrected first\n"),
    }
    text
}

fn problems(inspection: &Inspection) -> String {
    let shown = inspection.problems();
    if shown.is_empty() {
        return "no problems\n".to_owned();
    }
    let mut text = format!("{}:\n", screen::count(inspection.problem_count(), "problem"));
    text.extend(shown.iter().map(|problem| format!("  {}\n", printable(&problem.to_string()))));
    let more = inspection.problem_count().saturating_sub(shown.len() as u64);
    if more > 0 {
        text.push_str(&format!("  and {more} more\n"));
    }
    text
}

fn document(inspection: &Inspection, verdict: &Verdict) -> String {
    let facts: Map<String, Value> = inspection.facts().into_iter().map(|(name, value)| (name, value.into())).collect();
    let roles = inspection
        .columns()
        .into_iter()
        .map(|(role, column, reason)| (role.name().to_owned(), json!({"column": column, "why": reason.to_string()})));
    let problem = |problem: &rfm_kit::csv::Error| {
        let place = problem.position();
        json!({
            "line": place.and_then(|place| place.line()),
            "column": place.and_then(|place| place.column()),
            "message": problem.to_string(),
        })
    };
    let commands = match verdict {
        Verdict::Ready(command) => std::slice::from_ref(command),
        Verdict::Choose(commands) => commands,
        Verdict::No => &[],
    };
    let document = json!({
        "input": inspection.name().to_string(),
        "facts": facts,
        "columns": inspection.column_names(),
        "roles": roles.collect::<Map<String, Value>>(),
        "rows": inspection.rows(),
        "complete": inspection.is_complete(),
        "problem_count": inspection.problem_count(),
        "problems": inspection.problems().iter().map(problem).collect::<Vec<_>>(),
        "ready": matches!(verdict, Verdict::Ready(_)),
        "commands": commands,
    });
    format!("{document:#}\n")
}
