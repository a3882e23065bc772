//! The options of `segment` and `inspect`, in the groups in which the help shows them.

use std::path::PathBuf;

use clap::Args;
use rfm_kit::cell::{DateFormat, DayZone, IdFormat, NumberFormat};
use rfm_kit::csv::{CsvOptions, Encoding};
use rfm_kit::excel::{ExcelOptions, SheetChoice};
use rfm_kit::output::{ExtraColumn, Format, TextGuard};
use rfm_kit::parquet::ParquetOptions;
use rfm_kit::scoring::{CustomCuts, ScoreDisplay, Scoring, TieOrder, Weights};
use rfm_kit::{
    ColumnChoice, Day, FrequencyMeasure, InputOptions, Level, MonetaryMeasure, Preset, ReadOptions, RecencyMeasure,
    Returns, Role, Scale,
};

use crate::values::{self, AsOf, List, Quote, choice, named};

/// Where settings come from.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// Settings from this file; without it from rfm.toml in the current directory, if it is there. Arguments win over it
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Leave rfm.toml in the current directory alone
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
}

/// How a file is read. What is not given is found out, and never guessed.
#[derive(Debug, Default, Args)]
pub(crate) struct ReadArgs {
    /// What a row is: an order line, or a customer with the last order, the number of orders and their total
    #[arg(long, value_name = "WHAT", value_parser = values::level(), default_value = "lines")]
    pub(crate) level: Level,
    /// Column of the customer
    #[arg(long, value_name = "COLUMN")]
    pub(crate) customer: Option<String>,
    /// Column of the order; without one each line is an order
    #[arg(long, value_name = "COLUMN")]
    pub(crate) order: Option<String>,
    /// Column of the date
    #[arg(long, value_name = "COLUMN")]
    pub(crate) date: Option<String>,
    /// Column of what the line is worth
    #[arg(long, value_name = "COLUMN")]
    pub(crate) amount: Option<String>,
    /// Column of the pieces, to be multiplied with the price
    #[arg(long, value_name = "COLUMN")]
    pub(crate) quantity: Option<String>,
    /// Column of the price of one piece
    #[arg(long, value_name = "COLUMN")]
    pub(crate) price: Option<String>,
    /// Column of what was bought, such as an article number; read with --returns match
    #[arg(long, value_name = "COLUMN")]
    pub(crate) product: Option<String>,
    /// Column of the currency, of which there must be one only
    #[arg(long, value_name = "COLUMN", conflicts_with = "any_currency")]
    pub(crate) currency: Option<String>,
    /// With --level customers: column of the days since the last order, instead of its date
    #[arg(long, value_name = "COLUMN")]
    pub(crate) recency_column: Option<String>,
    /// With --level customers: column of the number of orders
    #[arg(long, value_name = "COLUMN")]
    pub(crate) frequency_column: Option<String>,
    /// With --level customers: column of the date of the first order
    #[arg(long, value_name = "COLUMN")]
    pub(crate) first_order: Option<String>,
    /// Sheets of a workbook: names or numbers, several with commas, or all; without it those with data, if they are alike
    #[arg(long, value_name = "NAME|N|all", value_parser = values::sheets)]
    pub(crate) sheet: Option<SheetChoice>,
    /// Row of a sheet that has the names of the columns, from 1; without it the first whose names are known
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) header_row: Option<u64>,
    /// Whole numbers in Parquet columns of money are minor units: 2 reads 1999 as 19.99
    #[arg(long, value_name = "DECIMALS", value_parser = values::scale)]
    pub(crate) minor_units: Option<Scale>,
    /// Names of the columns of a file without a header
    #[arg(long, value_name = "A,B,C")]
    pub(crate) columns: Option<List<String>>,
    /// What stands between fields: one character, or tab
    #[arg(long, value_name = "CHAR", value_parser = values::delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// What stands around a field, " unless told otherwise; none: quotes are characters like any other
    #[arg(long, value_name = "none|CHAR", value_parser = values::quote)]
    pub(crate) quote: Option<Quote>,
    /// Encoding, such as utf-8, windows-1252 or utf-16le
    #[arg(long, value_name = "LABEL", value_parser = values::encoding)]
    pub(crate) encoding: Option<Encoding>,
    /// Order of year, month and day: yyyy-mm-dd, d/m/y, m/d/y, yyyymmdd, d-mon-y, mon-d-y or yy-mm-dd
    #[arg(long, value_name = "NAME", value_parser = values::date_format)]
    pub(crate) date_format: Option<DateFormat>,
    /// Count the days of times with an offset (such as 08:00Z) in this zone, such as Europe/Berlin, and not as they are written
    #[arg(long, value_name = "ZONE", value_parser = values::zone)]
    pub(crate) time_zone: Option<DayZone>,
    /// What begins the decimals
    #[arg(long, value_name = "NAME", value_parser = choice(&[("point", NumberFormat::Point), ("comma", NumberFormat::Comma)]))]
    pub(crate) decimal: Option<NumberFormat>,
    /// Customer ids as they are, or without the .0 of a column of floats
    #[arg(long, value_name = "HOW", value_parser = choice(&[("as-written", IdFormat::AsWritten), ("integer", IdFormat::Integer)]))]
    pub(crate) ids: Option<IdFormat>,
    /// Round numbers in the input to so many decimals; more than 9 are an error otherwise
    #[arg(long, value_name = "N", value_parser = values::scale)]
    pub(crate) round: Option<Scale>,
    /// Take rows of several currencies, whose amounts are converted to one
    #[arg(long)]
    pub(crate) any_currency: bool,
    /// Show values of the input in messages, not only their shape
    #[arg(long)]
    pub(crate) show_values: bool,
}

impl ReadArgs {
    /// The options of reading, with those of single formats. A text whose last line has no end is an error if `strict`.
    pub(crate) fn inputs(&self, read: ReadOptions, strict: bool) -> InputOptions {
        let mut csv = if strict { CsvOptions::default().strict() } else { CsvOptions::default() };
        if let Some(List(columns)) = &self.columns {
            csv = csv.column_names(columns);
        }
        if let Some(delimiter) = self.delimiter {
            csv = csv.delimiter(delimiter);
        }
        if let Some(Quote(quote)) = self.quote {
            csv = csv.quote(quote);
        }
        if let Some(encoding) = self.encoding {
            csv = csv.encoding(encoding);
        }
        let mut excel = ExcelOptions::default();
        if let Some(sheets) = &self.sheet {
            excel = excel.sheets(sheets.clone());
        }
        if let Some(row) = self.header_row {
            excel = excel.header_row(row);
        }
        let mut parquet = ParquetOptions::default();
        if let Some(scale) = self.minor_units {
            parquet = parquet.minor_units(scale);
        }
        InputOptions::from(read).with_csv(csv).with_excel(excel).with_parquet(parquet)
    }

    /// What holds for inputs of all formats.
    pub(crate) fn read(&self) -> ReadOptions {
        let mut columns = ColumnChoice::default().at_level(self.level);
        for (role, column) in [
            (Role::Customer, &self.customer),
            (Role::Order, &self.order),
            (Role::Date, &self.date),
            (Role::Amount, &self.amount),
            (Role::Quantity, &self.quantity),
            (Role::Price, &self.price),
            (Role::Product, &self.product),
            (Role::Currency, &self.currency),
            (Role::Recency, &self.recency_column),
            (Role::Frequency, &self.frequency_column),
            (Role::FirstOrder, &self.first_order),
        ] {
            if let Some(column) = column {
                columns = columns.with(role, column);
            }
        }
        let mut options = ReadOptions::default().columns(columns);
        if let Some(format) = self.date_format {
            options = options.date_format(format);
        }
        if let Some(zone) = &self.time_zone {
            options = options.zone(zone.clone());
        }
        if let Some(format) = self.decimal {
            options = options.number_format(format);
        }
        if let Some(ids) = self.ids {
            options = options.ids(ids);
        }
        if let Some(scale) = self.round {
            options = options.round(scale);
        }
        if self.any_currency {
            options = options.any_currency();
        }
        if self.show_values { options.show_values() } else { options }
    }
}

/// Lines that are sales, in the time that is looked at.
#[derive(Debug, Args)]
pub(crate) struct CleanArgs {
    /// Day that recency counts back from, with --recency-in elapsed also a time of it: 2011-12-10T12:50; or last-order, for the last kept order. Without it the day after that
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::as_of)]
    pub(crate) as_of: Option<AsOf>,
    /// First day of orders that count
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<Day>,
    /// Last day of orders that count
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<Day>,
    /// Lines with positive quantity, price and amount; these without orders that begin with C; or all
    #[arg(long, value_name = "WHICH", value_parser = choice(Keep::CHOICES), default_value = "sales")]
    pub(crate) keep: Keep,
    /// Returns: leave them out, net their money, keep them separate beside what was bought, or match each with an earlier purchase. Without it --keep decides: sales leave them out, all lines count alike
    #[arg(long, value_name = "HOW", value_parser = named(&Returns::ALL, Returns::name))]
    pub(crate) returns: Option<Returns>,
    /// Orders that begin with this are cancelled and do not count
    #[arg(long, value_name = "TEXT")]
    pub(crate) cancelled_prefix: Option<String>,
    /// Lines that repeat an earlier one in every column: keep them, or leave them out and count them
    #[arg(long, value_name = "WHAT", value_parser = choice(RepeatedLines::CHOICES), default_value = "keep")]
    pub(crate) repeated_lines: RepeatedLines,
    /// At a line that cannot be read: stop, or leave it out and count it
    #[arg(long, value_name = "WHAT", value_parser = choice(OnBadRow::CHOICES), default_value = "fail")]
    pub(crate) on_bad_row: OnBadRow,
    /// With --on-bad-row skip: stop all the same if there are more
    #[arg(long, value_name = "N")]
    pub(crate) max_bad_rows: Option<u64>,
    /// Stop if the last line has no line end, as in a file that was cut short
    #[arg(long)]
    pub(crate) strict: bool,
    /// Leave out the orders that this table lists, such as those that were returned: .csv, .xlsx or another format of inputs
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) exclude_orders: Option<PathBuf>,
    /// Write lines that do not count to a CSV file, with their reasons
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) rejects: Option<PathBuf>,
}

/// Which lines are sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Sales,
    OnlineRetail,
    All,
}

impl Keep {
    const CHOICES: &[(&str, Keep)] =
        &[("sales", Keep::Sales), ("online-retail", Keep::OnlineRetail), ("all", Keep::All)];
}

/// What happens to lines that repeat another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RepeatedLines {
    Keep,
    Drop,
}

impl RepeatedLines {
    const CHOICES: &[(&str, RepeatedLines)] = &[("keep", RepeatedLines::Keep), ("drop", RepeatedLines::Drop)];
}

/// What happens at a line that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnBadRow {
    Fail,
    Skip,
}

impl OnBadRow {
    const CHOICES: &[(&str, OnBadRow)] = &[("fail", OnBadRow::Fail), ("skip", OnBadRow::Skip)];
}

/// From values to scores, from scores to names.
#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// A published recipe: measures, cleaning, scores and segments under one name (see `rfm presets`). What else is given counts instead
    #[arg(long, value_name = "NAME", value_parser = named(&Preset::ALL, Preset::name))]
    pub(crate) preset: Option<Preset>,
    /// Scores on each dimension: quartile, quintile, decile or a number of bins from 2 to 100, by quantiles; or a method such as ntile, percent-rank:4, natural-breaks or percentiles:20,50,80 (a name that there is not lists all)
    #[arg(long, value_name = "NAME|N", default_value = "quintile")]
    pub(crate) scoring: Scoring,
    /// Scores of recency, instead of --scoring
    #[arg(long, value_name = "NAME|N")]
    pub(crate) scoring_recency: Option<Scoring>,
    /// Scores of frequency, instead of --scoring
    #[arg(long, value_name = "NAME|N")]
    pub(crate) scoring_frequency: Option<Scoring>,
    /// Scores of monetary value, instead of --scoring
    #[arg(long, value_name = "NAME|N")]
    pub(crate) scoring_monetary: Option<Scoring>,
    /// Cut points of recency, in days or what it is counted in: 30,90,180 makes up to 30 the best of four; >=30,90,180 puts 30 behind the cut
    #[arg(long, value_name = "CUTS", conflicts_with = "scoring_recency")]
    pub(crate) bins_recency: Option<CustomCuts>,
    /// Cut points of frequency
    #[arg(long, value_name = "CUTS", conflicts_with = "scoring_frequency")]
    pub(crate) bins_frequency: Option<CustomCuts>,
    /// Cut points of monetary value in whole units: 50,200 cuts at 50.00 and 200.00
    #[arg(long, value_name = "CUTS", conflicts_with = "scoring_monetary")]
    pub(crate) bins_monetary: Option<CustomCuts>,
    /// Score frequency among customers of one recency score, and monetary value among those of one of both
    #[arg(long)]
    pub(crate) nested: bool,
    /// What comes first among equal customers, for methods that tell them apart such as ntile
    #[arg(long, value_name = "WHAT", value_parser = named(&TieOrder::ALL, TieOrder::name), default_value = "customer-id")]
    pub(crate) tie_order: TieOrder,
    /// Unit in which recency is counted: periods of the calendar, or elapsed periods of 24 hours from the time of the last order
    #[arg(long, value_name = "UNIT", value_parser = named(&RecencyMeasure::ALL, RecencyMeasure::name), default_value = "days")]
    pub(crate) recency_in: RecencyMeasure,
    /// What frequency counts
    #[arg(long, value_name = "WHAT", value_parser = named(&FrequencyMeasure::ALL, FrequencyMeasure::name), default_value = "orders")]
    pub(crate) frequency: FrequencyMeasure,
    /// What monetary value is
    #[arg(long, value_name = "WHAT", value_parser = named(&MonetaryMeasure::ALL, MonetaryMeasure::name), default_value = "total")]
    pub(crate) monetary: MonetaryMeasure,
    /// Built-in rules (see `rfm rules list`), a rule file (.toml), a table of codes (.csv, .xlsx), or none; without it those for the bins
    #[arg(long, value_name = "PRESET|FILE|none")]
    pub(crate) segments: Option<String>,
    /// Scores as they are written: 1 as the worst, 1 as the best, or 0 as the worst. Rules keep to the first
    #[arg(long, value_name = "HOW", value_parser = named(&ScoreDisplay::ALL, ScoreDisplay::name), default_value = "more")]
    pub(crate) score_display: ScoreDisplay,
    /// Apply the model of this file, instead of fitting cut points to these orders: scoring, measures and segments are the model's
    #[arg(
        long,
        value_name = "FILE",
        value_hint = clap::ValueHint::FilePath,
        conflicts_with_all = [
            "scoring", "scoring_recency", "scoring_frequency", "scoring_monetary", "bins_recency", "bins_frequency", "bins_monetary",
            "preset", "nested", "tie_order", "recency_in", "frequency", "monetary", "segments",
        ]
    )]
    pub(crate) model: Option<PathBuf>,
}

/// Orders, and how they are read, cleaned, scored and named: what all commands that segment have in common.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Files of orders; several are one input, and - is standard input. Delimited text, plain, gzip or zstd; .xlsx, .xlsb, .xls, .ods; Parquet, also directories
    #[arg(value_name = "INPUT", value_hint = clap::ValueHint::FilePath)]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten, next_help_heading = "Reading")]
    pub(crate) read: ReadArgs,
    #[command(flatten, next_help_heading = "Which lines count")]
    pub(crate) clean: CleanArgs,
    #[command(flatten, next_help_heading = "Scores and segments")]
    pub(crate) score: ScoreArgs,
    #[command(flatten, next_help_heading = "Running")]
    pub(crate) config: ConfigArgs,

    /// Stop when reading takes longer than so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Running")]
    pub(crate) time_limit: Option<u64>,
    /// Stop when customers and orders need more memory: bytes, or such as 512M and 4G
    #[arg(long, value_name = "SIZE", value_parser = values::bytes, help_heading = "Running")]
    pub(crate) memory_limit: Option<usize>,
    /// Most threads that may be used, instead of as many as the machine runs at once; the result is the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Running")]
    pub(crate) threads: Option<u32>,
}

/// What is written, where, and how much is said about it.
#[derive(Debug, Args)]
pub(crate) struct WriteArgs {
    /// Join the columns of this table to the customers, by its column of customer ids: .csv, .xlsx or another format of inputs
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) attributes: Option<PathBuf>,
    /// Count each segment by a column of the attributes or of the lines, where the latest order decides, such as Country
    #[arg(long, value_name = "COLUMN")]
    pub(crate) by: Option<String>,
    /// Write customers, segments, scores and run.json into this directory
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
    /// Write customers alone into this file, or to standard output as -
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "out")]
    pub(crate) output: Option<PathBuf>,
    /// Write the cut points and segments into this file, to be applied to other orders with --model
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "model")]
    pub(crate) save_model: Option<PathBuf>,
    /// Formats of the tables: csv, json, jsonl, xlsx, parquet, arrow. For --output without it what its name ends in
    #[arg(long, value_name = "NAMES")]
    pub(crate) format: Option<List<Format>>,
    /// More columns of customers: first_order, tenure_days, mean_order, median_order, largest_order, lines, active_days, weighted_score, reason, next_step; with --returns separate: returns, returned, return_rate
    #[arg(long, value_name = "COLUMNS")]
    pub(crate) extra: Option<List<ExtraColumn>>,
    /// What the three scores count for, such as 100,10,1 or 0.3,0.4,0.3: customers get a column weighted_score
    #[arg(long, value_name = "R,F,M")]
    pub(crate) weights: Option<Weights>,
    /// Decimals of money; without it as many as the amounts need
    #[arg(long, value_name = "N", value_parser = values::scale)]
    pub(crate) scale: Option<Scale>,
    /// Texts in CSV that a spreadsheet would run as a formula: with a ' in front, or as they are
    #[arg(long, value_name = "FOR", value_parser = choice(GUARDS), default_value = "spreadsheet")]
    pub(crate) guard: TextGuard,
    /// Say nothing but errors; without --out and --output the table of segments alone
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// One JSON object on standard output instead of the table: every choice, the account, the segments
    #[arg(long)]
    pub(crate) json: bool,
}

const GUARDS: &[(&str, TextGuard)] = &[("spreadsheet", TextGuard::Spreadsheet), ("exact", TextGuard::Exact)];
