//! A look at a text without using it: what was detected and why, how many rows, what the first problems are.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::cell::{CellFormats, DateFormat, IdFormat, NumberFormat, TransactionBuffer};
use rfm_core::{ColumnRoles, Role, RoleReason};

use crate::dialect::Detection;
use crate::encoding::Encoding;
use crate::error::{Error, ErrorKind, InputName};
use crate::input::Input;
use crate::layout::{Evidence, InputRecords, Layout};
use crate::options::CsvOptions;
use crate::records::{Record, Records};
use crate::report::{delimiter_name, named_columns};
use crate::source::{cell_error, cells, is_blank};

/// Problems that are told in full; the others are counted.
const SHOWN: usize = 10;

/// What a text is, as far as it can be told, and what would go wrong if it were used.
///
/// Problems do not stop the look; only what cannot be opened is an error.
#[derive(Debug)]
pub struct Inspection {
    layout: Layout,
    roles: Result<ColumnRoles, Error>,
    options: CsvOptions,
    widths: BTreeMap<usize, u64>,
    rows: u64,
    lines: u64,
    blank_lines: u64,
    ended_without_newline: bool,
    problems: Vec<Error>,
    problem_count: u64,
    is_complete: bool,
}

/// How many rows have a number of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// The number of fields.
    pub fields: usize,
    /// The number of rows.
    pub rows: u64,
}

/// Looks at a file, or at standard input for `-`.
///
/// # Errors
///
/// [`Error`] if it cannot be opened, is in another format, or has no record to be a header.
pub fn inspect(path: impl Into<PathBuf>, options: &CsvOptions) -> Result<Inspection, Error> {
    Inspection::of(Input::open(&InputName::new(path))?, options)
}

/// Looks at a text in memory; `name` is what messages call it.
///
/// # Errors
///
/// As [`inspect`].
///
/// # Examples
///
/// ```
/// use rfm_csv::{CsvOptions, inspect_bytes};
///
/// let inspection = inspect_bytes("orders.csv", "id;date\n7;2024-13-01\n".as_bytes(), &CsvOptions::default())?;
/// assert_eq!((inspection.column_names().len(), inspection.rows()), (2, 1));
/// assert!(inspection.problems()[0].to_string().starts_with("orders.csv, line 1: no column for the customer"));
/// # Ok::<(), rfm_csv::Error>(())
/// ```
pub fn inspect_bytes(
    name: impl Into<PathBuf>,
    bytes: impl Into<Arc<[u8]>>,
    options: &CsvOptions,
) -> Result<Inspection, Error> {
    Inspection::of(Input::from_bytes(&InputName::new(name), bytes)?, options)
}

impl Inspection {
    fn of(input: Input, options: &CsvOptions) -> Result<Inspection, Error> {
        let (mut layout, text) = Layout::of(input, options)?;
        let roles = layout.roles(options);
        if let Ok(roles) = &roles {
            layout.observe_sample(text.sample(), roles, options);
        }
        let mut records = Records::new(text, layout.dialect, options.limits);
        let mut inspection = Inspection {
            layout,
            roles,
            options: options.clone(),
            widths: BTreeMap::new(),
            rows: 0,
            lines: 0,
            blank_lines: 0,
            ended_without_newline: false,
            problems: Vec::new(),
            problem_count: 0,
            is_complete: false,
        };
        inspection.read(&mut records);
        inspection.add_findings();
        Ok(inspection)
    }

    fn read(&mut self, records: &mut InputRecords) {
        let roles = self.roles.as_ref().ok().copied();
        let formats = CellFormats {
            date: self.date_format().unwrap_or(DateFormat::YearMonthDay),
            number: self.number_format().unwrap_or_default(),
            ids: self.options.ids,
            round: self.options.round,
        };
        let checks_cells = self.date_format().is_some() && self.number_format().is_some();
        let mut buffer = TransactionBuffer::default();
        loop {
            let record = match records.next_record() {
                Ok(Some(record)) => record,
                Ok(None) => {
                    self.is_complete = true;
                    break;
                }
                Err(error) => {
                    self.problem(error.into_error(&self.layout.name));
                    break;
                }
            };
            if Some(record.line()) == self.layout.header_line {
                continue;
            }
            if is_blank(&record) {
                self.blank_lines += 1;
                continue;
            }
            self.rows += 1;
            *self.widths.entry(record.len()).or_default() += 1;
            if let Some(problem) =
                self.row_problem(&record, roles.as_ref().filter(|_| checks_cells), &formats, &mut buffer)
            {
                self.problem(problem);
            }
            buffer.clear();
        }
        self.lines = records.lines();
        self.blank_lines += records.blank_lines();
        self.ended_without_newline = records.ended_without_newline();
    }

    fn row_problem(
        &self,
        record: &Record<'_>,
        roles: Option<&ColumnRoles>,
        formats: &CellFormats,
        buffer: &mut TransactionBuffer,
    ) -> Option<Error> {
        let layout = &self.layout;
        if let Some(flaw) = record.flaw() {
            let position = layout.position(Some(flaw.line()), Some(flaw.column() - 1));
            return Some(ErrorKind::Flawed { position, flaw }.into());
        }
        if record.len() != layout.names.len() {
            let position = layout.position(Some(record.line()), None);
            return Some(ErrorKind::Ragged { position, expected: layout.names.len(), found: record.len() }.into());
        }
        let roles = roles?;
        let error = buffer.push(&cells(record, roles), formats).err()?;
        Some(cell_error(error, record, layout, roles, &self.options))
    }

    fn problem(&mut self, problem: Error) {
        self.problem_count += 1;
        if self.problems.len() < SHOWN {
            self.problems.push(problem);
        }
    }

    /// Puts what concerns the whole text before what concerns a row.
    fn add_findings(&mut self) {
        let layout = &self.layout;
        let evidence = &layout.evidence;
        let mut findings = Vec::new();
        match &self.roles {
            Err(error) => {
                if let ErrorKind::Columns { position, problem } = error.kind() {
                    findings.push(ErrorKind::Columns { position: position.clone(), problem: problem.clone() }.into());
                }
            }
            Ok(roles) => {
                let column = roles.column(Role::Date);
                let candidates: Vec<DateFormat> = evidence.dates.candidates().iter().collect();
                let (dates, unreadable) = evidence.dates.counts();
                if self.options.date.is_none() && dates > 0 && candidates.is_empty() {
                    let position = layout.position(evidence.dates_differ, column);
                    findings.push(ErrorKind::MixedDates { position }.into());
                } else if self.options.date.is_none() && dates > 0 && candidates.len() > 1 {
                    let position = layout.position(None, column);
                    findings.push(ErrorKind::AmbiguousDate { position, candidates }.into());
                } else if self.options.date.is_none() && dates == 0 && unreadable > 0 {
                    let (line, found) = evidence.first_unreadable.unzip();
                    let found = found.map(|shape| shape.to_string()).unwrap_or_default();
                    findings.push(ErrorKind::UnknownDate { position: layout.position(line, column), found }.into());
                }
                if self.options.number.is_none() && evidence.numbers.format().is_none() {
                    let position = layout.position(evidence.numbers_differ, None);
                    findings.push(ErrorKind::MixedNumbers { position }.into());
                }
            }
        }
        self.problem_count += findings.len() as u64;
        findings.append(&mut self.problems);
        findings.truncate(SHOWN);
        self.problems = findings;
    }

    /// The input as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.layout.name
    }

    /// The encoding.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.layout.encoding
    }

    /// The delimiter in use.
    #[must_use]
    pub fn delimiter(&self) -> char {
        char::from(self.layout.dialect.delimiter())
    }

    /// Why it is this delimiter; `None` if it was given.
    #[must_use]
    pub fn detection(&self) -> Option<&Detection> {
        self.layout.detection.as_ref()
    }

    /// The names of the columns, from the header or as given.
    #[must_use]
    pub fn column_names(&self) -> &[String] {
        &self.layout.names
    }

    /// The column of each role that has one, and why.
    #[must_use]
    pub fn columns(&self) -> Vec<(Role, String, RoleReason)> {
        self.roles.as_ref().map(|roles| named_columns(&self.layout, roles)).unwrap_or_default()
    }

    /// The format of the dates: given, or proven by the beginning of the text. `None` if it is neither.
    #[must_use]
    pub fn date_format(&self) -> Option<DateFormat> {
        self.options.date.or_else(|| self.layout.evidence.dates.format())
    }

    /// The decimal separator: given or proven, undecided if no number tells; `None` if numbers contradict each other.
    #[must_use]
    pub fn number_format(&self) -> Option<NumberFormat> {
        self.options.number.or_else(|| self.layout.evidence.numbers.format())
    }

    /// Rows: records without the header and without those in which every field is empty.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many rows have how many fields, by fields.
    #[must_use]
    pub fn widths(&self) -> Vec<Width> {
        self.widths.iter().map(|(fields, rows)| Width { fields: *fields, rows: *rows }).collect()
    }

    /// The first problems; at most ten.
    #[must_use]
    pub fn problems(&self) -> &[Error] {
        &self.problems
    }

    /// How many problems there are in all.
    #[must_use]
    pub fn problem_count(&self) -> u64 {
        self.problem_count
    }

    /// Whether the text was read to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Everything that was found out, as names and values for people, with the reason behind each.
    #[must_use]
    pub fn facts(&self) -> Vec<(String, String)> {
        let layout = &self.layout;
        let Evidence { dates, numbers, ids, float_ids, .. } = layout.evidence;
        let known = |given: bool, proof: String| if given { "as given".to_owned() } else { proof };
        let mut facts = Vec::new();
        let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
        fact("compression", layout.compression.name().to_owned());
        let mark = if layout.is_marked { "byte order mark" } else { "no byte order mark" };
        fact("encoding", format!("{} ({})", layout.encoding, known(self.options.encoding.is_some(), mark.to_owned())));
        fact("delimiter", format!("{} ({})", delimiter_name(self.delimiter()), self.delimiter_reason()));
        fact(
            "header",
            match layout.header_line {
                Some(line) => format!("line {line}, {} columns", layout.names.len()),
                None => format!("none, {} columns as given", layout.names.len()),
            },
        );
        for (role, name, reason) in self.columns() {
            fact(role.name(), format!("`{name}` ({reason})"));
        }
        if self.roles.is_ok() {
            let (count, _) = dates.counts();
            let candidates =
                dates.candidates().iter().map(|format| format.to_string()).collect::<Vec<_>>().join(" or ");
            fact(
                "date format",
                match self.date_format() {
                    Some(format) => format!(
                        "{format} ({})",
                        known(self.options.date.is_some(), format!("the only one that reads all of {count} dates"))
                    ),
                    None if count == 0 => "unknown".to_owned(),
                    None if candidates.is_empty() => "mixed".to_owned(),
                    None => format!("ambiguous: {candidates}"),
                },
            );
            let (point, comma) = numbers.counts();
            fact(
                "decimal separator",
                match self.number_format() {
                    Some(NumberFormat::Undecided) => "undecided (no number tells)".to_owned(),
                    Some(format) => format!(
                        "{format} ({})",
                        known(self.options.number.is_some(), format!("{} numbers prove it", point.max(comma)))
                    ),
                    None => format!("mixed ({point} numbers with a point, {comma} with a comma)"),
                },
            );
            if float_ids > 0 && self.options.ids == IdFormat::AsWritten {
                fact("customer ids", format!("{float_ids} of {ids} look like 13085.0; --ids integer makes them 13085"));
            }
        }
        fact(
            "lines",
            format!(
                "{}{}",
                self.lines,
                if self.blank_lines > 0 { format!(", {} of them blank", self.blank_lines) } else { String::new() }
            ),
        );
        fact(
            "rows",
            format!("{}{}", self.rows, if self.is_complete { "" } else { " up to the error that ends reading" }),
        );
        if self.ended_without_newline {
            fact("last line", "has no line end: the file may have been cut short".to_owned());
        }
        facts
    }

    fn delimiter_reason(&self) -> String {
        let Some(detection) = &self.layout.detection else { return "as given".to_owned() };
        let delimiter = self.layout.dialect.delimiter();
        let evidence = detection.evidence().iter().find(|evidence| evidence.delimiter() == delimiter);
        match evidence {
            Some(evidence) if evidence.columns() > 1 => {
                format!(
                    "{} of the first {} records have {} fields",
                    evidence.matching(),
                    evidence.records(),
                    evidence.columns()
                )
            }
            _ => "none of , ; tab | divides the text".to_owned(),
        }
    }
}
