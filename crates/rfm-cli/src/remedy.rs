//! What may get past a problem of the input: options for `rfm inspect` to offer, and a help for an error that ends `rfm segment`.
//!
//! One table for both, so that they cannot contradict each other. A help stands only where the message does not say what would
//! do, and nothing is offered that would end in the same error.

use rfm_kit::cell::CellProblem;
use rfm_kit::csv::{self, Flaw, LimitKind};
use rfm_kit::{ColumnChoice, ColumnRoles, Error, ErrorKind, Level, Role, RoleError, excel, input, parquet};

use crate::args::shell_option;

/// What may help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// One of these options, as one types them; the message names them already.
    Options(Vec<String>),
    /// The same, and what to say where the message does not.
    Told(&'static str, Vec<String>),
    /// No option, but this change of the file.
    Change(String),
    /// Nothing that the command knows.
    None,
}

const SKIP: &str = "correct the line, or leave such lines out with --on-bad-row skip";
const WINDOWS: &str = "it may be windows-1252; `rfm inspect` with --encoding shows what becomes of it";
const DETECTED: &str = "see what was detected with `rfm inspect`";
const BOTH_SEPARATORS: [&str; 2] = ["--decimal point", "--decimal comma"];

impl Remedy {
    pub(crate) fn of(error: &Error) -> Remedy {
        match error.kind() {
            ErrorKind::Input(error) => of_input(error),
            ErrorKind::Csv(error) => of_text(error),
            ErrorKind::Excel(error) => of_workbook(error),
            ErrorKind::Parquet(error) => of_parquet(error),
            _ => Remedy::None,
        }
    }

    /// The options, each on its own.
    pub(crate) fn options(&self) -> &[String] {
        match self {
            Remedy::Options(options) | Remedy::Told(_, options) => options,
            Remedy::Change(_) | Remedy::None => &[],
        }
    }

    /// What to say below the message.
    pub(crate) fn help(&self) -> Option<&str> {
        match self {
            Remedy::Told(help, _) => Some(help),
            Remedy::Change(help) => Some(help),
            Remedy::Options(_) | Remedy::None => None,
        }
    }
}

/// Of what can be wrong in every format.
fn of_input(error: &input::Error) -> Remedy {
    use input::ErrorKind;
    match error.kind() {
        ErrorKind::Columns { problem, .. } => columns(problem),
        ErrorKind::AmbiguousDate { candidates, .. } => {
            Remedy::Options(candidates.iter().map(|format| format!("--date-format {format}")).collect())
        }
        ErrorKind::UnknownDate { .. } | ErrorKind::MixedDates { .. } => options(&["--date-format NAME"]),
        ErrorKind::MixedNumbers { .. } | ErrorKind::UnprovenNumber { .. } => options(&BOTH_SEPARATORS),
        ErrorKind::BadCell { problem: CellProblem::AmbiguousNumber { .. }, .. } => options(&BOTH_SEPARATORS),
        ErrorKind::BadCell { problem: CellProblem::TooManyDecimals { .. }, .. } => options(&["--round 9"]),
        ErrorKind::BadCell { .. } => told(SKIP, "--on-bad-row skip"),
        ErrorKind::SeveralCurrencies { .. } => options(&["--any-currency"]),
        _ => Remedy::None,
    }
}

fn of_text(error: &csv::Error) -> Remedy {
    use csv::ErrorKind;
    match error.kind() {
        ErrorKind::Input(error) => of_input(error),
        ErrorKind::NoHeader { columns, .. } => {
            let names: Vec<String> = (1..=*columns).map(|column| format!("c{column}")).collect();
            Remedy::Options(vec![format!("--columns {}", names.join(","))])
        }
        ErrorKind::Undivided { better, .. } => {
            let delimiter = better.map_or("CHAR".to_owned(), |(delimiter, _)| match delimiter {
                '\t' => "tab".to_owned(),
                other => other.to_string(),
            });
            Remedy::Options(vec![shell_option("delimiter", &delimiter)])
        }
        ErrorKind::Ragged { .. } => told(SKIP, "--on-bad-row skip"),
        ErrorKind::Flawed { flaw, .. } => of_flaw(*flaw, is_in_header(error)),
        ErrorKind::UnclosedQuote { .. }
        | ErrorKind::SwallowedLines { .. }
        | ErrorKind::TooLarge { limit: LimitKind::FieldLines, .. } => options(&["--quote none"]),
        ErrorKind::MalformedText { .. } => told(WINDOWS, "--encoding windows-1252"),
        _ => Remedy::None,
    }
}

fn of_workbook(error: &excel::Error) -> Remedy {
    use excel::{ErrorKind, SheetSummary};
    match error.kind() {
        ErrorKind::Input(error) => of_input(error),
        ErrorKind::SeveralTables { sheets, .. } => {
            // Those that can be read as they are, if there are any.
            let offered = |sheet: &&SheetSummary| sheet.fits() || sheets.iter().all(|sheet| !sheet.fits());
            let names = sheets.iter().filter(offered).map(SheetSummary::name);
            Remedy::Options(names.map(|name| shell_option("sheet", name)).collect())
        }
        ErrorKind::NoHeader { .. } => options(&["--header-row N"]),
        ErrorKind::NoSheet { .. } => options(&["--sheet NAME"]),
        _ => Remedy::None,
    }
}

fn of_parquet(error: &parquet::Error) -> Remedy {
    match (error.kind(), error.input()) {
        (_, Some(error)) => of_input(error),
        // Files are read as what they are: only those of a directory are taken to be Parquet.
        (parquet::ErrorKind::NotParquet { .. }, _) => {
            Remedy::Change("directories are read as Parquet; name the files of other formats one by one".to_owned())
        }
        _ => Remedy::None,
    }
}

fn options(texts: &[&str]) -> Remedy {
    Remedy::Options(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn told(help: &'static str, option: &str) -> Remedy {
    Remedy::Told(help, vec![option.to_owned()])
}

fn of_flaw(flaw: Flaw, is_in_header: bool) -> Remedy {
    match flaw {
        Flaw::InvalidUtf8 { .. } => told(WINDOWS, "--encoding windows-1252"),
        Flaw::Nul { .. } => options(&["--encoding utf-16le"]),
        // A header is not left out.
        Flaw::QuoteInPlainField { .. } if is_in_header => options(&["--quote none"]),
        _ if is_in_header => Remedy::Change("correct the line in the file first".to_owned()),
        Flaw::QuoteInPlainField { .. } => {
            Remedy::Told(SKIP, vec!["--quote none".to_owned(), "--on-bad-row skip".to_owned()])
        }
        _ => told(SKIP, "--on-bad-row skip"),
    }
}

/// The fields of a header have no column name.
fn is_in_header(error: &csv::Error) -> bool {
    error.position().is_some_and(|position| position.column_name().is_none())
}

fn columns(problem: &RoleError) -> Remedy {
    let placeholder = |role: &Role| vec![format!("--{} COLUMN", role.option())];
    if let Some(level) = other_level(problem) {
        let help = match level {
            Level::Customers => "this looks like a table of customers, which is read with --level customers",
            _ => "this looks like order lines, which are read with --level lines",
        };
        return Remedy::Told(help, vec![format!("--level {level}")]);
    }
    let options = match problem {
        RoleError::Missing { role: Role::Amount, .. } => {
            vec!["--amount COLUMN".to_owned(), "--quantity COLUMN --price COLUMN".to_owned()]
        }
        RoleError::Missing { role, .. } => placeholder(role),
        RoleError::Ambiguous { role, candidates } => {
            // A name that stands twice chooses nothing.
            let is_single = |name: &&String| candidates.iter().filter(|other| other == name).count() == 1;
            let single: Vec<String> =
                candidates.iter().filter(is_single).map(|name| shell_option(role.option(), name)).collect();
            match candidates.first() {
                Some(name) if single.is_empty() => {
                    return Remedy::Change(format!("rename one of the columns called `{name}`"));
                }
                _ => single,
            }
        }
        RoleError::Unknown { role, similar: Some(similar), .. } => vec![shell_option(role.option(), similar)],
        RoleError::Unknown { role, .. } => placeholder(role),
        _ => return Remedy::None,
    };
    Remedy::Told(DETECTED, options)
}

/// The level at which rows with these columns can be read, if they lack what those of the other need.
fn other_level(problem: &RoleError) -> Option<Level> {
    let header = match problem {
        // One of these without the other was named, whatever the level is.
        RoleError::Missing { role: Role::Quantity | Role::Price, .. } => return None,
        RoleError::Missing { header, .. } => header,
        _ => return None,
    };
    let fits = |level: &Level| ColumnRoles::resolve(header, &ColumnChoice::default().at_level(*level)).is_ok();
    let mut fitting = Level::ALL.into_iter().filter(fits);
    fitting.next().filter(|_| fitting.next().is_none())
}
