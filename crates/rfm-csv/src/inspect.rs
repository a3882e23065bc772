//! A look at a text without using it: what was detected and why, how many rows, what the first problems are.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::cell::{Cell, CellFormats, DateFormat, IdFormat, NumberFormat};
use rfm_core::{Account, Decimal, Reject, Role};
use rfm_input::{
    CellRules, Currencies, Evidence, InputName, Ledger, Row, Site, counted, grouped, has_float_id, would_count,
};

use crate::dialect::Detection;
use crate::encoding::Encoding;
use crate::error::Error;
use crate::input::Input;
use crate::layout::{InputRecords, Layout, RecordKind};
use crate::options::CsvOptions;
use crate::records::{Record, Records};
use crate::report::delimiter_name;

/// Problems that are told in full; the others are counted.
const SHOWN: usize = 10;

/// What a text is, as far as it can be told, and what would go wrong if it were used.
///
/// Problems do not stop the look; only what cannot be opened is an error.
#[derive(Debug)]
pub struct Inspection {
    layout: Layout,
    site: Option<Site>,
    evidence: Evidence,
    options: CsvOptions,
    widths: BTreeMap<usize, u64>,
    rows: u64,
    lines: u64,
    blank_lines: u64,
    blank_rows: u64,
    ended_without_newline: bool,
    problems: Vec<Error>,
    problem_count: u64,
    is_complete: bool,
    /// Rows with a customer id, and with one that looks like a whole number from a float column.
    ids: u64,
    float_ids: u64,
    account: Account,
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
        let again = input.ticket();
        let (layout, text) = Layout::of(input, options)?;
        let mut evidence = Evidence::default();
        let mut problems = Vec::new();
        let site = layout.site(options).map_err(|error| problems.push(error)).ok();
        if let Some(site) = &site {
            layout.observe_sample(&text, site, options, &mut evidence);
            if again.is_none() && !layout.is_complete {
                evidence.set_partial();
            }
            if let Some(ticket) = again.filter(|_| !layout.is_complete && !evidence.is_decided(&options.read)) {
                // What ends this look ends the next one too, and is reported there.
                let _ = layout.observe_all(&ticket, site, options, &mut evidence);
            }
        }
        let mut records = Records::new(text, layout.dialect, options.read.given_limits());
        let mut inspection = Inspection {
            layout,
            site,
            evidence,
            options: options.clone(),
            widths: BTreeMap::new(),
            rows: 0,
            lines: 0,
            blank_lines: 0,
            blank_rows: 0,
            ended_without_newline: false,
            problem_count: problems.len() as u64,
            problems,
            is_complete: false,
            ids: 0,
            float_ids: 0,
            account: Account::default(),
        };
        inspection.read(&mut records);
        Ok(inspection)
    }

    fn read(&mut self, records: &mut InputRecords) {
        if self.options.read.given_date_format().is_none() {
            self.evidence.date_format().err().into_iter().for_each(|error| self.problem(error.into()));
        }
        if self.options.read.given_number_format().is_none() {
            self.evidence.number_format().err().into_iter().for_each(|error| self.problem(error.into()));
        }
        let of_all_rows = self.problems.len();
        let site = self.site.clone();
        // Without formats the cells cannot be judged.
        let formats = self.evidence.formats(&self.options.read).ok();
        let cell_rules = site.as_ref().zip(formats.as_ref());
        let mut ledger = Ledger::new(&self.options.read);
        let mut currencies = Currencies::default();
        loop {
            let record = match records.next_record() {
                Ok(Some(record)) => record,
                Ok(None) => {
                    self.is_complete = true;
                    break;
                }
                Err(error) => {
                    self.problem(self.layout.record_error(error));
                    break;
                }
            };
            let kind = self.layout.kind_of(&record);
            if kind == RecordKind::Header {
                continue;
            }
            self.rows += 1;
            *self.widths.entry(record.len()).or_default() += 1;
            if kind == RecordKind::Blank {
                self.blank_rows += 1;
                ledger.refuse(Reject::BlankRow, Some(Decimal::default()));
                continue;
            }
            if let (Some(site), true) = (&site, self.layout.check(&record).is_ok()) {
                let id = site.roles().column(Role::Customer).map(|column| record.cell(column));
                self.ids += u64::from(id.is_some_and(|id| id != Cell::Text("")));
                self.float_ids += u64::from(has_float_id(&record, site.roles()));
            }
            if let Err(problem) = self.check(&record, cell_rules, &mut ledger) {
                self.problem(problem);
            } else if let Some(site) = &site {
                currencies.observe(&record, site);
            }
        }
        if cell_rules.is_some() {
            self.account = ledger.close();
        }
        if let Err(error) = currencies.check() {
            // It concerns all rows, so that bad ones must not hide it.
            self.problem_count += 1;
            self.problems.insert(of_all_rows, error.into());
            self.problems.truncate(SHOWN);
        }
        self.lines = records.lines();
        self.blank_lines = records.blank_lines();
        self.ended_without_newline = records.ended_without_newline();
    }

    fn check(
        &self,
        record: &Record<'_>,
        cell_rules: Option<(&Site, &CellFormats)>,
        ledger: &mut Ledger,
    ) -> Result<(), Error> {
        let broken = self.layout.check(record);
        let Some((site, formats)) = cell_rules else { return broken };
        if broken.is_err() {
            ledger.refuse(Reject::BadRecord, None);
            return broken;
        }
        let (known, show_values) = (self.evidence.known(&self.options.read), self.options.read.shows_values());
        Ok(ledger.enter(record, site, &CellRules { formats, known, show_values })?)
    }

    fn problem(&mut self, problem: Error) {
        self.problem_count += 1;
        if self.problems.len() < SHOWN {
            self.problems.push(problem);
        }
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

    /// Whether the first record may be a row and no header, so that a message should not show it.
    #[must_use]
    pub fn is_header_doubtful(&self) -> bool {
        self.layout.is_header_doubtful
    }

    /// The column of each role that has one, and why.
    #[must_use]
    pub fn columns(&self) -> Vec<(Role, String, String)> {
        self.site.as_ref().map(Site::named_columns).unwrap_or_default()
    }

    /// The format of the dates: given or proven. `None` if it is neither.
    #[must_use]
    pub fn date_format(&self) -> Option<DateFormat> {
        self.options.read.given_date_format().or_else(|| self.evidence.date_format().ok().flatten())
    }

    /// The decimal separator: given or proven, undecided if no number tells; `None` if numbers contradict each other.
    #[must_use]
    pub fn number_format(&self) -> Option<NumberFormat> {
        self.options.read.given_number_format().or_else(|| self.evidence.number_format().ok())
    }

    /// Rows: records without the header. Those in which every field is empty count.
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

    /// The same, for another use.
    #[must_use]
    pub fn into_problems(self) -> Vec<Error> {
        self.problems
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

    /// Where the rows would go with the default [`CleaningPolicy`](rfm_core::CleaningPolicy), bad ones left out. Empty if the columns or the formats of
    /// their cells are not known.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Everything that was found out, as names and values for people, with the reason behind each.
    #[must_use]
    pub fn facts(&self) -> Vec<(String, String)> {
        let layout = &self.layout;
        let known = |given: bool, proof: String| if given { "as given".to_owned() } else { proof };
        let mut facts = Vec::new();
        let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
        fact("compression", layout.compression.name().to_owned());
        let mark = if layout.is_marked { "byte order mark" } else { "no byte order mark" };
        fact("encoding", format!("{} ({})", layout.encoding, known(self.options.encoding.is_some(), mark.to_owned())));
        fact("delimiter", format!("{} ({})", delimiter_name(self.delimiter()), self.delimiter_reason()));
        let columns = counted(layout.names.len() as u64, "column");
        fact(
            "header",
            match layout.header_line {
                Some(line) => format!("line {line}, {columns}"),
                None => format!("none, {columns} as given"),
            },
        );
        for (role, name, reason) in self.columns() {
            fact(role.name(), format!("`{name}` ({reason})"));
        }
        if self.site.is_some() {
            fact("date format", self.date_fact());
            fact("decimal separator", self.number_fact());
            if self.float_ids > 0 && self.options.read.id_format() == IdFormat::AsWritten {
                let (look, them) = if self.float_ids == 1 { ("looks", "it") } else { ("look", "them") };
                let (ids, float_ids) = (grouped(self.ids), grouped(self.float_ids));
                fact(
                    "customer ids",
                    format!("{float_ids} of {ids} {look} like 13085.0; --ids integer makes {them} 13085"),
                );
            }
        }
        let blank = |count: u64| if count > 0 { format!(", {} of them blank", grouped(count)) } else { String::new() };
        fact("lines", format!("{}{}", grouped(self.lines), blank(self.blank_lines)));
        let end = if self.is_complete { "" } else { " up to the error that ends reading" };
        fact("rows", format!("{}{}{end}", grouped(self.rows), blank(self.blank_rows)));
        if let Some(counts) = would_count(&self.account) {
            fact("would count", counts);
        }
        if self.ended_without_newline {
            fact("last line", "has no line end: the file may have been cut short".to_owned());
        }
        facts
    }

    fn date_fact(&self) -> String {
        let (dates, ..) = self.evidence.counts();
        let candidates: Vec<String> = self.evidence.date_candidates().iter().map(DateFormat::to_string).collect();
        match self.date_format() {
            Some(format) if self.options.read.given_date_format().is_some() => format!("{format} (as given)"),
            Some(format) => format!("{format} (the only one that reads {})", self.all_of(dates, "date")),
            None if dates == 0 => "unknown".to_owned(),
            None if candidates.is_empty() => "mixed".to_owned(),
            None => format!("ambiguous: {}", candidates.join(" or ")),
        }
    }

    fn number_fact(&self) -> String {
        let (_, point, comma) = self.evidence.counts();
        match self.number_format() {
            Some(NumberFormat::Undecided) => "undecided (no number tells)".to_owned(),
            Some(format) if self.options.read.given_number_format().is_some() => format!("{format} (as given)"),
            Some(format) => {
                let count = point.max(comma);
                let of = if self.layout.is_complete { "" } else { " in what was looked at first" };
                let prove = if count == 1 { "proves" } else { "prove" };
                format!("{format} ({}{of} {prove} it)", counted(count, "number"))
            }
            None => format!("mixed ({} with a point, {} with a comma)", counted(point, "number"), grouped(comma)),
        }
    }

    /// What was looked at for a proof: all, or the first.
    fn all_of(&self, count: u64, noun: &str) -> String {
        match (self.layout.is_complete, count) {
            (true, 1) => format!("the 1 {noun}"),
            (false, 1) => format!("the first {noun}"),
            (true, _) => format!("all of {}", counted(count, noun)),
            (false, _) => format!("all of the first {}", counted(count, noun)),
        }
    }

    fn delimiter_reason(&self) -> String {
        let Some(detection) = &self.layout.detection else { return "as given".to_owned() };
        let delimiter = self.layout.dialect.delimiter();
        let evidence = detection.evidence().iter().find(|evidence| evidence.delimiter() == delimiter);
        match evidence {
            Some(evidence) if evidence.columns() > 1 => {
                let (matching, records, columns) = (evidence.matching(), evidence.records(), evidence.columns());
                if records == 1 {
                    return format!("the first record has {columns} fields");
                }
                let have = if matching == 1 { "has" } else { "have" };
                format!("{} of the first {} records {have} {columns} fields", grouped(matching), grouped(records))
            }
            _ => "none of , ; tab | divides the text".to_owned(),
        }
    }
}
