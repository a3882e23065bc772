//! `rfm inspect`: what a file is taken for, what would go wrong, and what to type next.

use std::path::Path;

use rfm_kit::cell::Shape;
use rfm_kit::output::printable;
use rfm_kit::{ErrorKind, Inspection, csv, inspect};
use serde_json::{Map, Value, json};

use crate::args::{InspectArgs, shell_word};
use crate::failure::Failure;
use crate::isolation::{Allowance, isolated};
use crate::remedy::Remedy;
use crate::screen;

pub(crate) fn run(args: &InspectArgs, reading: &[String], config: Option<&Path>) -> Result<(), Failure> {
    screen::tell_settings(config);
    let options = isolated(args.read.inputs(args.read.read(), false), Allowance::default())?;
    let inspection = inspect(&args.input, &options)?;
    let verdict = Verdict::of(&inspection, &shell_word(&args.input.display().to_string()), reading);
    let columns = Columns::of(&inspection, args.read.show_values);
    let print = if args.json { document } else { text };
    screen::print(&print(&inspection, &columns, &verdict))
}

/// Whether the file can be segmented, and how.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// By this command.
    Ready(String),
    /// By the first command, or by the second with ids as whole numbers.
    ReadyEither([String; 2]),
    /// By one of these commands, once the user has chosen.
    Choose(Vec<String>),
    /// Not as it is, and why.
    No(String),
}

impl Verdict {
    fn of(inspection: &Inspection, input: &str, reading: &[String]) -> Verdict {
        if inspection.problems().is_empty() {
            return Verdict::without_problems(inspection, input, reading);
        }
        for problem in inspection.problems() {
            let remedy = Remedy::of(problem);
            if let Remedy::Change(change) = remedy {
                return Verdict::No(change);
            }
            let mut commands: Vec<String> = Vec::new();
            // What was given has not helped.
            for option in remedy.options().iter().filter(|option| !reading.contains(option)) {
                let command = command(input, reading, option);
                if !commands.contains(&command) {
                    commands.push(command);
                }
            }
            if !commands.is_empty() {
                return Verdict::Choose(commands);
            }
        }
        Verdict::No("the file has to be corrected first".to_owned())
    }

    fn without_problems(inspection: &Inspection, input: &str, reading: &[String]) -> Verdict {
        if inspection.rows() == 0 || !inspection.is_complete() {
            return Verdict::No("there is no row behind the header".to_owned());
        }
        let plain = command(input, reading, "");
        let has_float_ids = inspection.facts().iter().any(|(name, _)| name == "customer ids");
        if has_float_ids && !reading.iter().any(|option| option_name(option) == "--ids") {
            let integer = command(input, reading, "--ids integer");
            return Verdict::ReadyEither([plain, integer]);
        }
        Verdict::Ready(plain)
    }

    fn commands(&self) -> &[String] {
        match self {
            Verdict::Ready(command) => std::slice::from_ref(command),
            Verdict::ReadyEither(commands) => commands,
            Verdict::Choose(commands) => commands,
            Verdict::No(_) => &[],
        }
    }
}

/// The command that reads the input with the options that were given, some of them added or replaced.
fn command(input: &str, reading: &[String], added: &str) -> String {
    let mut replaced: Vec<&str> = added.split(' ').map(option_name).collect();
    if added == "--any-currency" {
        // They exclude each other.
        replaced.push("--currency");
    }
    let kept = reading.iter().map(String::as_str).filter(|option| !replaced.contains(&option_name(option)));
    let mut words = vec!["rfm", "segment", input];
    words.extend(kept.chain(Some(added).filter(|added| !added.is_empty())));
    words.join(" ")
}

/// The option without its value.
fn option_name(option: &str) -> &str {
    option.split([' ', '=']).next().unwrap_or_default()
}

/// What is told of the columns.
#[derive(Debug)]
enum Columns {
    /// Their names.
    Names(Vec<String>),
    /// The shapes of a first record that may be a row: its values are not shown unless that was asked for.
    Shapes(Vec<String>),
}

impl Columns {
    fn of(inspection: &Inspection, show_values: bool) -> Columns {
        let names = inspection.column_names();
        let may_be_row =
            |kind: &csv::ErrorKind| matches!(kind, csv::ErrorKind::NoHeader { .. } | csv::ErrorKind::Undivided { .. });
        if first_problem_of_text(inspection).is_some_and(may_be_row) && !show_values {
            Columns::Shapes(names.iter().map(|name| Shape::of(name).to_string()).collect())
        } else {
            Columns::Names(names.to_vec())
        }
    }

    fn text(&self) -> String {
        let named = |name: &String| format!("`{}`", printable(name));
        let shown = match self {
            Columns::Names(names) => names.iter().map(named).collect::<Vec<_>>().join(", "),
            Columns::Shapes(shapes) => shapes.join("; "),
        };
        screen::wrapped("columns: ", &shown)
    }
}

fn has_no_header(inspection: &Inspection) -> bool {
    matches!(first_problem_of_text(inspection), Some(csv::ErrorKind::NoHeader { .. }))
}

/// What is wrong first, if it is something that only a delimited text can have.
fn first_problem_of_text(inspection: &Inspection) -> Option<&csv::ErrorKind> {
    match inspection.problems().first()?.kind() {
        ErrorKind::Csv(error) => Some(error.kind()),
        _ => None,
    }
}

fn text(inspection: &Inspection, columns: &Columns, verdict: &Verdict) -> String {
    let facts: Vec<Vec<String>> =
        inspection.facts().iter().map(|(name, value)| vec![name.clone(), printable(value).into_owned()]).collect();
    let mut text = format!("{}\n{}\n{}\n", inspection.name(), screen::aligned(2, &facts), columns.text());
    text.push_str(&problems(inspection));
    match verdict {
        Verdict::Ready(command) => text.push_str(&format!("ready: {command}\n")),
        Verdict::ReadyEither([plain, integer]) => {
            text.push_str(&format!("ready: {plain}\nor with ids as whole numbers: {integer}\n"));
        }
        Verdict::Choose(commands) => {
            text.push_str(match commands.len() {
                _ if has_no_header(inspection) => {
                    "to go on, with names such as customer, date and amount for c1, c2 …:\n"
                }
                1 => "to go on:\n",
                _ => "to go on, one of:\n",
            });
            text.extend(commands.iter().map(|command| format!("  {command}\n")));
        }
        Verdict::No(reason) => text.push_str(&format!("not ready: {}\n", printable(reason))),
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

fn document(inspection: &Inspection, columns: &Columns, verdict: &Verdict) -> String {
    let facts: Map<String, Value> =
        inspection.facts().iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let roles = inspection
        .columns()
        .iter()
        .map(|(role, column, reason)| (role.name().to_owned(), json!({"column": column, "why": reason.to_string()})));
    let problem = |problem: &rfm_kit::Error| {
        let place = problem.position();
        json!({
            "sheet": place.and_then(|place| place.sheet()),
            "line": place.and_then(|place| place.line()),
            "column": place.and_then(|place| place.column()),
            "message": problem.to_string(),
        })
    };
    let (Columns::Names(columns) | Columns::Shapes(columns)) = columns;
    let document = json!({
        "input": inspection.name().to_string(),
        "facts": facts,
        "columns": columns,
        "roles": roles.collect::<Map<String, Value>>(),
        "rows": inspection.rows(),
        "complete": inspection.is_complete(),
        "problem_count": inspection.problem_count(),
        "problems": inspection.problems().iter().map(problem).collect::<Vec<_>>(),
        "ready": matches!(verdict, Verdict::Ready(_) | Verdict::ReadyEither(_)),
        "commands": verdict.commands(),
    });
    format!("{document:#}\n")
}
