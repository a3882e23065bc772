//! Tables as their author meant them, before any format.

use rfm_core::cell::{DateFormat, DayZone, IdFormat, NumberFormat};
use rfm_core::{CleaningPolicy, ColumnChoice, Day, Level, Returns, Role, Scale};
use rfm_input::{BadRows, ReadOptions};

/// What a cell means. Closed by intent: a new kind of value is to be decided on by every door.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A text; never a number or a date that is written as one.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// `units` × 10^-`places`.
    Decimal {
        /// The digits as a whole number.
        units: i64,
        /// How many of them are decimals.
        places: u8,
    },
    /// A calendar day.
    Day(Day),
    /// A day and a time by the clocks of a shop.
    LocalTime {
        /// The day.
        day: Day,
        /// Seconds since midnight, 0 to 86,399.
        second: u32,
    },
    /// Seconds since 1970-01-01 00:00 UTC.
    Instant(i64),
    /// True or false, which plays no role.
    Bool(bool),
    /// Infinity, or not a number; other floats are decimals.
    Float(f64),
}

/// What the cells of a column have in common, apart from those that are null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All are null.
    Nothing,
    /// Texts.
    Texts,
    /// Whole numbers.
    Integers,
    /// Numbers of at most so many decimals.
    Decimals(u8),
    /// Days.
    Days,
    /// Local times, or days among them.
    Times,
    /// Instants.
    Instants,
    /// Truth values.
    Truths,
    /// Floats that are no decimals, or decimals among them.
    Floats,
    /// Several of these.
    Mixed,
}

/// How values are written in formats that have only texts, or have them too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `2024-04-17T14:05:00`, `1234.5`.
    Iso,
    /// `17.04.2024 14:05:00`, `1.234,5`.
    DayFirst,
    /// `Apr 17, 2024 14:05:00`, `1,234.5`.
    MonthName,
    /// `20240417 14:05:00`, `1234.5`.
    Compact,
}

/// A table, how it is to be read, and which of its rows count.
#[derive(Clone, Debug)]
pub struct LogicalTable {
    name: String,
    columns: Vec<(String, Option<Role>)>,
    rows: Vec<Vec<Value>>,
    level: Level,
    policy: CleaningPolicy,
    names_columns: bool,
    drops_repeats: bool,
    skips_bad: bool,
    finds_formats: bool,
    has_one_style: bool,
    integer_ids: bool,
    round: Option<Scale>,
    zone: Option<i32>,
    as_of: Option<Day>,
    asked: Option<(Role, String)>,
    times: bool,
}

impl LogicalTable {
    /// Order lines, none yet, judged by the default policy. `name` says what the table is about.
    #[must_use]
    pub fn lines(name: &str, columns: &[(&str, Option<Role>)]) -> LogicalTable {
        LogicalTable {
            name: name.to_owned(),
            columns: columns.iter().map(|(name, role)| ((*name).to_owned(), *role)).collect(),
            rows: Vec::new(),
            level: Level::Lines,
            policy: CleaningPolicy::default(),
            names_columns: false,
            drops_repeats: false,
            skips_bad: false,
            finds_formats: false,
            has_one_style: false,
            integer_ids: false,
            round: None,
            zone: None,
            as_of: None,
            asked: None,
            times: false,
        }
    }

    /// Customers, none yet.
    #[must_use]
    pub fn customers(name: &str, columns: &[(&str, Option<Role>)]) -> LogicalTable {
        LogicalTable { level: Level::Customers, ..LogicalTable::lines(name, columns) }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// If it has not one value for each column.
    #[must_use]
    pub fn row<const N: usize>(mut self, values: [Value; N]) -> LogicalTable {
        self.push(values.into());
        self
    }

    /// Adds rows.
    ///
    /// # Panics
    ///
    /// As [`LogicalTable::row`].
    #[must_use]
    pub fn rows_of(mut self, rows: impl IntoIterator<Item = Vec<Value>>) -> LogicalTable {
        rows.into_iter().for_each(|row| self.push(row));
        self
    }

    fn push(&mut self, row: Vec<Value>) {
        assert_eq!(row.len(), self.columns.len(), "{}: a row has a value for each column", self.name);
        self.rows.push(row);
    }

    /// Which rows count.
    #[must_use]
    pub fn policy(self, policy: CleaningPolicy) -> LogicalTable {
        LogicalTable { policy, ..self }
    }

    /// Columns are named, since nobody knows their names.
    #[must_use]
    pub fn naming_columns(self) -> LogicalTable {
        LogicalTable { names_columns: true, ..self }
    }

    /// A column of this name is asked for.
    #[must_use]
    pub fn asking_for(self, role: Role, column: &str) -> LogicalTable {
        LogicalTable { asked: Some((role, column.to_owned())), ..self }
    }

    /// Repeated lines are left out.
    #[must_use]
    pub fn dropping_repeats(self) -> LogicalTable {
        LogicalTable { drops_repeats: true, ..self }
    }

    /// Rows that cannot be read are left out.
    #[must_use]
    pub fn skipping_bad_rows(self) -> LogicalTable {
        LogicalTable { skips_bad: true, ..self }
    }

    /// Formats of dates and numbers are not given but found out.
    #[must_use]
    pub fn finding_formats(self) -> LogicalTable {
        LogicalTable { finds_formats: true, ..self }
    }

    /// Texts are written in one style alone, since messages name its formats.
    #[must_use]
    pub fn in_one_style(self) -> LogicalTable {
        LogicalTable { has_one_style: true, ..self }
    }

    /// Ids lose what a float column added.
    #[must_use]
    pub fn with_integer_ids(self) -> LogicalTable {
        LogicalTable { integer_ids: true, ..self }
    }

    /// Numbers are rounded.
    #[must_use]
    pub fn rounding(self, scale: Scale) -> LogicalTable {
        LogicalTable { round: Some(scale), ..self }
    }

    /// Instants have their days so many seconds east of Greenwich.
    #[must_use]
    pub fn in_zone(self, east: i32) -> LogicalTable {
        LogicalTable { zone: Some(east), ..self }
    }

    /// Times of day are read.
    #[must_use]
    pub fn with_times(self) -> LogicalTable {
        LogicalTable { times: true, ..self }
    }

    /// The day that recencies count back from.
    #[must_use]
    pub fn as_of(self, analysis_date: Day) -> LogicalTable {
        LogicalTable { as_of: Some(analysis_date), ..self }
    }

    /// What it is about.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the columns.
    pub fn column_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Value>] {
        &self.rows
    }

    /// The values of a column, counted from 0.
    pub fn column(&self, column: usize) -> impl ExactSizeIterator<Item = &Value> {
        self.rows.iter().map(move |row| &row[column])
    }

    /// What the values of a column have in common.
    #[must_use]
    pub fn kind(&self, column: usize) -> Kind {
        self.column(column).fold(Kind::Nothing, |kind, value| kind.and(value))
    }

    /// How it is to be read, whatever its format is.
    #[must_use]
    pub fn options(&self) -> ReadOptions {
        let named = self.columns.iter().filter(|_| self.names_columns);
        let choice = named.filter_map(|(name, role)| Some((name, (*role)?)));
        let choice = choice.chain(self.asked.iter().map(|(role, name)| (name, *role)));
        let choice = choice.fold(ColumnChoice::default(), |choice, (name, role)| choice.with(role, name));
        let mut options = ReadOptions::default().columns(choice.at_level(self.level));
        if self.times {
            options = options.with_times();
        }
        if self.matches_returns() {
            options = options.with_products();
        }
        if self.drops_repeats {
            options = options.drop_repeated_lines();
        }
        if self.skips_bad {
            options = options.bad_rows(BadRows::Skip { limit: None });
        }
        if self.integer_ids {
            options = options.ids(IdFormat::Integer);
        }
        if let Some(scale) = self.round {
            options = options.round(scale);
        }
        if let Some(east) = self.zone {
            options = options.zone(DayZone::new("a zone of the suite", move |_| east));
        }
        if let Some(day) = self.as_of {
            options = options.as_of(day);
        }
        options
    }

    /// The same for a form with texts of a style: their formats are given, unless the table is about finding them.
    #[must_use]
    pub fn options_of(&self, style: Style) -> ReadOptions {
        let options = self.options();
        if self.finds_formats {
            return options;
        }
        let (date, number) = match style {
            Style::Iso => (DateFormat::YearMonthDay, NumberFormat::Point),
            Style::DayFirst => (DateFormat::DayMonthYear, NumberFormat::Comma),
            Style::MonthName => (DateFormat::MonthNameDay, NumberFormat::Point),
            Style::Compact => (DateFormat::Compact, NumberFormat::Point),
        };
        options.date_format(date).number_format(number)
    }

    /// The styles that its texts can be written in: only one if formats are to be found, as the texts are their own.
    #[must_use]
    pub fn styles(&self) -> &'static [Style] {
        if self.finds_formats || self.has_one_style { &[Style::Iso] } else { &Style::ALL }
    }

    /// Whether any value is of a kind.
    #[must_use]
    pub fn has(&self, is_kind: fn(&Value) -> bool) -> bool {
        self.rows.iter().flatten().any(is_kind)
    }

    pub(super) fn role(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|(_, other)| *other == Some(role))
    }

    pub(super) fn level(&self) -> Level {
        self.level
    }

    pub(super) fn cleaning(&self) -> &CleaningPolicy {
        &self.policy
    }

    pub(super) fn drops_repeats(&self) -> bool {
        self.drops_repeats
    }

    pub(super) fn has_times(&self) -> bool {
        self.times
    }

    pub(super) fn matches_returns(&self) -> bool {
        self.policy.returns_mode() == Returns::Match
    }

    pub(super) fn has_integer_ids(&self) -> bool {
        self.integer_ids
    }

    pub(super) fn scale(&self) -> Option<Scale> {
        self.round
    }

    pub(super) fn zone(&self) -> i32 {
        self.zone.unwrap_or(0)
    }

    pub(super) fn recency_base(&self) -> Option<Day> {
        self.as_of
    }
}

impl Kind {
    fn and(self, value: &Value) -> Kind {
        let kind = match value {
            Value::Null => return self,
            Value::Text(_) => Kind::Texts,
            Value::Integer(_) => Kind::Integers,
            Value::Decimal { places, .. } => Kind::Decimals(*places),
            Value::Day(_) => Kind::Days,
            Value::LocalTime { .. } => Kind::Times,
            Value::Instant(_) => Kind::Instants,
            Value::Bool(_) => Kind::Truths,
            Value::Float(_) => Kind::Floats,
        };
        match (self, kind) {
            (Kind::Nothing, kind) => kind,
            (one, other) if one == other => one,
            (Kind::Decimals(one), Kind::Decimals(other)) => Kind::Decimals(one.max(other)),
            (Kind::Integers, Kind::Decimals(places)) | (Kind::Decimals(places), Kind::Integers) => {
                Kind::Decimals(places)
            }
            (Kind::Days, Kind::Times) | (Kind::Times, Kind::Days) => Kind::Times,
            (Kind::Floats, Kind::Integers | Kind::Decimals(_)) | (Kind::Integers | Kind::Decimals(_), Kind::Floats) => {
                Kind::Floats
            }
            _ => Kind::Mixed,
        }
    }
}

impl Style {
    /// All styles.
    pub const ALL: [Style; 4] = [Style::Iso, Style::DayFirst, Style::MonthName, Style::Compact];

    /// The value as text; `None` for null. Instants are told in UTC.
    ///
    /// # Panics
    ///
    /// If an instant is on no day of the calendar.
    #[must_use]
    pub fn text(self, value: &Value) -> Option<String> {
        Some(match value {
            Value::Null => return None,
            Value::Text(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Decimal { units, places } => self.decimal(*units, *places),
            Value::Day(day) => self.day(*day),
            Value::LocalTime { day, second } => self.time(*day, i64::from(*second)),
            Value::Instant(second) => {
                let day = i32::try_from(second.div_euclid(86_400)).ok().and_then(Day::from_epoch_days);
                self.time(day.expect("a day of the calendar"), second.rem_euclid(86_400)) + "Z"
            }
            Value::Bool(truth) => truth.to_string(),
            Value::Float(number) => number.to_string(),
        })
    }

    fn day(self, day: Day) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (year, month, of_month) = day.ymd();
        match self {
            Style::Iso => format!("{year:04}-{month:02}-{of_month:02}"),
            Style::DayFirst => format!("{of_month:02}.{month:02}.{year:04}"),
            Style::MonthName => format!("{} {of_month}, {year:04}", MONTHS[usize::from(month) - 1]),
            Style::Compact => format!("{year:04}{month:02}{of_month:02}"),
        }
    }

    fn time(self, day: Day, second: i64) -> String {
        let between = if self == Style::Iso { 'T' } else { ' ' };
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        format!("{}{between}{hour:02}:{minute:02}:{:02}", self.day(day), second % 60)
    }

    fn decimal(self, units: i64, places: u8) -> String {
        let (point, thousands) = match self {
            Style::Iso | Style::Compact => (".", ""),
            Style::DayFirst => (",", "."),
            Style::MonthName => (".", ","),
        };
        let sign = if units < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", units.unsigned_abs(), width = usize::from(places) + 1);
        let (whole, decimals) = digits.split_at(digits.len() - usize::from(places));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push_str(thousands);
            }
            grouped.push(digit);
        }
        if places == 0 { format!("{sign}{grouped}") } else { format!("{sign}{grouped}{point}{decimals}") }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Integer(number)
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Value {
        Value::Day(day)
    }
}
