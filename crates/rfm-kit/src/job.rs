//! From files to segments.

use std::path::PathBuf;
use std::time::Duration;

use rfm_core::scoring::{Binning, Bins, ScoreDisplay, TieOrder, Weights};
use rfm_core::{
    Account, AttributeSummary, Axes, CleaningPolicy, CountedLines, CustomerSummary, Customers, Day, FrequencyMeasure,
    Measures, Model, MonetaryMeasure, OrderDefinition, Preset, RecencyMeasure, Returns, Rfm, Scale, Scoring,
    SegmentModel, SegmentPreset, Segmentation,
};
use rfm_input::InputName;
use rfm_output::{Attributes, ExtraColumn, ExtraError, Extras};

use crate::describe::describe;
use crate::error::{Error, ErrorKind};
use crate::model::{notes_on_model, read_model};
use crate::reading::Reading;
use crate::run::Run;
use crate::second::AttributeTable;
use crate::segments::note_on_rules;
use crate::source::{InputOptions, read_table};

/// Everything that a run needs to know, with a default for all but the inputs.
///
/// # Examples
///
/// Fit on one file, apply to another: the cuts stay where they were.
///
/// ```
/// use rfm_kit::{Day, Job};
///
/// # let dir = tempfile::tempdir()?;
/// # let (autumn, winter) = (dir.path().join("autumn.csv"), dir.path().join("winter.csv"));
/// # std::fs::write(&autumn, "customer,date,amount\nann,2011-09-01,19.99\nbob,2011-10-03,5.00\n")?;
/// # std::fs::write(&winter, "customer,date,amount\nann,2011-12-01,49.99\n")?;
/// let fitted = Job::new([autumn]).as_of(Day::from_ymd(2011, 10, 31)?).run()?;
/// let model = fitted.segmentation().model().expect("quantiles have cut points");
/// let applied = Job::new([winter]).as_of(Day::from_ymd(2011, 12, 31)?).model(model).run()?;
/// assert_eq!(applied.segmentation().get("ann").expect("she bought").code().to_string(), "515");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Job {
    pub(crate) inputs: Vec<PathBuf>,
    pub(crate) options: InputOptions,
    /// The recipe that the other settings began with.
    pub(crate) preset: Option<Preset>,
    pub(crate) as_of: Option<Day>,
    pub(crate) as_of_last_order: bool,
    pub(crate) analysis_time: Option<u32>,
    pub(crate) cleaning: CleaningPolicy,
    pub(crate) returns: Option<Returns>,
    pub(crate) scoring: Axes<Scoring>,
    pub(crate) binning: Binning,
    pub(crate) tie_order: TieOrder,
    pub(crate) measures: Measures,
    pub(crate) weights: Option<Weights>,
    pub(crate) display: ScoreDisplay,
    pub(crate) segments: Option<SegmentModel>,
    /// By whose rules the result may be renamed.
    pub(crate) renaming: Option<SegmentModel>,
    pub(crate) model: Option<Model>,
    /// The file that the model came from.
    pub(crate) model_file: Option<PathBuf>,
    pub(crate) scale: Option<Scale>,
    pub(crate) extras: Vec<ExtraColumn>,
    pub(crate) rejects: Option<PathBuf>,
    pub(crate) attributes: Option<PathBuf>,
    pub(crate) by: Option<String>,
    pub(crate) excluded_orders: Option<PathBuf>,
    pub(crate) memory_limit: Option<usize>,
    pub(crate) time_limit: Option<Duration>,
    pub(crate) threads: Option<usize>,
}

impl Job {
    /// A run over files, or standard input for `-`, as one input.
    ///
    /// Without further settings: the day after the last kept order as analysis date, the default cleaning, distinct orders,
    /// quintiles, and the built-in segments for the number of bins.
    pub fn new<P: Into<PathBuf>>(inputs: impl IntoIterator<Item = P>) -> Job {
        Job {
            inputs: inputs.into_iter().map(Into::into).collect(),
            options: InputOptions::default(),
            preset: None,
            as_of: None,
            as_of_last_order: false,
            analysis_time: None,
            cleaning: CleaningPolicy::default(),
            returns: None,
            scoring: Axes::all(Scoring::QUINTILE),
            binning: Binning::default(),
            tie_order: TieOrder::default(),
            measures: Measures::default(),
            weights: None,
            display: ScoreDisplay::default(),
            segments: None,
            renaming: None,
            model: None,
            model_file: None,
            scale: None,
            extras: Vec::new(),
            rejects: None,
            attributes: None,
            by: None,
            excluded_orders: None,
            memory_limit: None,
            time_limit: None,
            threads: None,
        }
    }

    /// How the inputs are read: [`ReadOptions`](crate::ReadOptions) for all, or [`InputOptions`] with those of single formats.
    #[must_use]
    pub fn reading(self, options: impl Into<InputOptions>) -> Job {
        Job { options: options.into(), ..self }
    }

    /// Begins with the settings of a published recipe, instead of those that we recommend; what is set behind it counts. The
    /// description names it.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_kit::{Job, Preset};
    ///
    /// # let dir = tempfile::tempdir()?;
    /// # let orders = dir.path().join("orders.csv");
    /// # std::fs::write(&orders, "customer,date,amount\nann,2011-09-01,19.99\nbob,2011-10-03,5.00\n")?;
    /// let run = Job::new([orders]).preset(Preset::RRfm).run()?;
    /// assert!(run.notes()[0].starts_with("preset `r-rfm`: its segments `r-readme` leave 10 of 125 codes unnamed"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn preset(mut self, preset: Preset) -> Job {
        let bins = preset.scoring().map(|_, scoring| scoring.bins());
        let segments = preset.segments().map_or_else(|| SegmentModel::unnamed(bins), SegmentPreset::model);
        if preset.drops_repeated_lines() {
            let read = self.options.read().clone().drop_repeated_lines();
            self.options = self.options.with_read(read);
        }
        Job {
            preset: Some(preset),
            as_of_last_order: preset.counts_from_last_order(),
            cleaning: preset.cleaning(),
            scoring: preset.scoring(),
            measures: preset.measures(),
            weights: preset.weights(),
            display: preset.score_display(),
            segments: Some(segments),
            ..self
        }
    }

    /// Recency counts back from the last kept order, instead of the day after it; not if a day is given.
    #[must_use]
    pub fn as_of_last_order(self) -> Job {
        Job { as_of_last_order: true, ..self }
    }

    /// The day that recency counts back from. Without it the day after the last kept order; the description says which.
    #[must_use]
    pub fn as_of(self, day: Day) -> Job {
        Job { as_of: Some(day), ..self }
    }

    /// The second of that day, where recency is measured in elapsed time; otherwise nothing looks at it. Without it midnight if the
    /// day is given, and without a day 24 hours after the last kept order.
    #[must_use]
    pub fn analysis_time(self, second: u32) -> Job {
        Job { analysis_time: Some(second), ..self }
    }

    /// The rules that say which lines count.
    #[must_use]
    pub fn cleaning(self, cleaning: CleaningPolicy) -> Job {
        Job { cleaning, ..self }
    }

    /// What becomes of returns, instead of what the rules say that count lines. Those that are matched need columns of products and
    /// quantities.
    #[must_use]
    pub fn returns(self, returns: Returns) -> Job {
        Job { returns: Some(returns), ..self }
    }

    /// The strategy of all dimensions.
    #[must_use]
    pub fn scoring(self, scoring: Scoring) -> Job {
        Job { scoring: Axes::all(scoring), ..self }
    }

    /// The strategy of recency. Custom cuts are in days, or whatever recency is counted in.
    #[must_use]
    pub fn recency(mut self, scoring: impl Into<Scoring>) -> Job {
        self.scoring.recency = scoring.into();
        self
    }

    /// The strategy of frequency.
    #[must_use]
    pub fn frequency(mut self, scoring: impl Into<Scoring>) -> Job {
        self.scoring.frequency = scoring.into();
        self
    }

    /// The strategy of monetary value. Custom cuts are in whole units of money.
    #[must_use]
    pub fn monetary(mut self, scoring: impl Into<Scoring>) -> Job {
        self.scoring.monetary = scoring.into();
        self
    }

    /// Among whom customers are scored.
    #[must_use]
    pub fn binning(self, binning: Binning) -> Job {
        Job { binning, ..self }
    }

    /// What tells equal customers apart, for the methods that do.
    #[must_use]
    pub fn tie_order(self, tie_order: TieOrder) -> Job {
        Job { tie_order, ..self }
    }

    /// What each score counts for: customers get a column `weighted_score` behind those of [`Job::extras`].
    #[must_use]
    pub fn weights(self, weights: Weights) -> Job {
        Job { weights: Some(weights), ..self }
    }

    /// How scores are shown.
    #[must_use]
    pub fn score_display(self, display: ScoreDisplay) -> Job {
        Job { display, ..self }
    }

    /// How the time since the last order is counted.
    #[must_use]
    pub fn recency_measure(mut self, measure: RecencyMeasure) -> Job {
        self.measures.recency = measure;
        self
    }

    /// What frequency counts.
    #[must_use]
    pub fn frequency_measure(mut self, measure: FrequencyMeasure) -> Job {
        self.measures.frequency = measure;
        self
    }

    /// What monetary value is.
    #[must_use]
    pub fn monetary_measure(mut self, measure: MonetaryMeasure) -> Job {
        self.measures.monetary = measure;
        self
    }

    /// The segments, instead of the built-in ones.
    #[must_use]
    pub fn segments(self, segments: SegmentModel) -> Job {
        Job { segments: Some(segments), ..self }
    }

    /// Keeps of the customers what these rules compare as well, so that they can name the result too
    /// ([`Segmentation::renamed`](rfm_core::Segmentation::renamed)).
    #[must_use]
    pub fn renaming(self, segments: SegmentModel) -> Job {
        Job { renaming: Some(segments), ..self }
    }

    /// Applies a fitted model, instead of fitting one to these inputs. Scoring, binning, measures and segments are then
    /// the model's.
    #[must_use]
    pub fn model(self, model: Model) -> Job {
        Job { model: Some(model), model_file: None, ..self }
    }

    /// The same with the model of a file, whose name the description of the run tells.
    ///
    /// # Errors
    ///
    /// Those of [`read_model`].
    pub fn model_file(self, path: impl Into<PathBuf>) -> Result<Job, Error> {
        let path = path.into();
        let model = read_model(&path)?;
        Ok(self.model_of_file(model, path))
    }

    /// As [`Job::model_file`], with a model that was read from there before.
    #[must_use]
    pub fn model_of_file(self, model: Model, path: impl Into<PathBuf>) -> Job {
        Job { model: Some(model), model_file: Some(path.into()), ..self }
    }

    /// Shows money at this scale; without it with as many decimals as the amounts need.
    #[must_use]
    pub fn scale(self, scale: Scale) -> Job {
        Job { scale: Some(scale), ..self }
    }

    /// Columns behind the usual ones.
    #[must_use]
    pub fn extras(self, extras: impl IntoIterator<Item = ExtraColumn>) -> Job {
        Job { extras: extras.into_iter().collect(), ..self }
    }

    /// Writes the lines that do not count to a CSV file, with their reasons.
    #[must_use]
    pub fn rejects(self, path: impl Into<PathBuf>) -> Job {
        Job { rejects: Some(path.into()), ..self }
    }

    /// Joins the columns of a table to the customers, by its column of customer ids: country, name, e-mail. Of any format that
    /// inputs may have.
    #[must_use]
    pub fn attributes(self, table: impl Into<PathBuf>) -> Job {
        Job { attributes: Some(table.into()), ..self }
    }

    /// Counts each segment by the values of a column: of the table of [`Job::attributes`] if it has it, otherwise of the lines,
    /// where the customer's latest order decides.
    #[must_use]
    pub fn by(self, column: impl Into<String>) -> Job {
        Job { by: Some(column.into()), ..self }
    }

    /// Leaves out the orders that a table lists, such as those that were returned; of any format that inputs may have.
    #[must_use]
    pub fn exclude_orders(self, table: impl Into<PathBuf>) -> Job {
        Job { excluded_orders: Some(table.into()), ..self }
    }

    /// Stops when reading takes longer than this.
    #[must_use]
    pub fn time_limit(self, limit: Duration) -> Job {
        Job { time_limit: Some(limit), ..self }
    }

    /// Stops when customers and orders need more bytes than this; see [`with_memory_limit`](rfm_core::Summaries::with_memory_limit).
    #[must_use]
    pub fn memory_limit(self, bytes: usize) -> Job {
        Job { memory_limit: Some(bytes), ..self }
    }

    /// Uses no more than so many threads, and at least one; without it as many as the machine runs at once. The result is the same.
    ///
    /// Several threads read delimited text and Parquet in files, and workbooks sheet by sheet, as long as nothing has to be compared
    /// with, or written in the order of, all lines before it: with [`Job::rejects`], and where repeated lines are dropped, it is
    /// one. A sheet is unpacked by threads of its own. Customers are scored and written by threads of the run's own, also in
    /// [`Run::write`] and [`Run::on_threads`].
    #[must_use]
    pub fn threads(self, most: usize) -> Job {
        Job { threads: Some(most.max(1)), ..self }
    }

    /// Reads, cleans, summarises, scores and names.
    ///
    /// # Errors
    ///
    /// [`Error`] if an input cannot be read or no line of it counts, if settings do not agree, or if the rejects cannot be
    /// written.
    pub fn run(self) -> Result<Run, Error> {
        if self.inputs.is_empty() {
            return Err(ErrorKind::NoInput.into());
        }
        if let Some(rejects) = &self.rejects {
            let tables = self.attributes.iter().chain(&self.excluded_orders);
            let read: Vec<&PathBuf> = self.inputs.iter().chain(tables).chain(&self.model_file).collect();
            rfm_output::refuse_overwriting(&read, &[rejects])?;
        }
        if self.extras.contains(&ExtraColumn::WeightedScore) && self.weights.is_none() {
            return Err(ExtraError::NeedsWeights { column: ExtraColumn::WeightedScore }.into());
        }
        // Settings that cannot agree are found before hours of reading; the day does not matter for that.
        self.settings(self.as_of.unwrap_or(Day::MAX), self.given_time())?;
        let table = self.attribute_table()?;
        let reading = self.read(table.as_ref())?;
        let pool = reading.pool.clone();
        pool.install(|| self.score(reading, table.as_ref()))
    }

    /// Scores and names what was read.
    fn score(self, reading: Reading, table: Option<&AttributeTable>) -> Result<Run, Error> {
        let Reading { customers, reports, rounded, mut notes, currency, pool } = reading;
        let (analysis_date, second) = self.analysis_moment(&customers)?;
        let rfm = self.settings(analysis_date, second)?;
        let extras = Extras::try_new(self.extra_columns(), &customers)?;
        let counted_lines = self.counted_lines(&customers);
        let segmentation = match &self.model {
            Some(model) => {
                if let Some(currency) = &currency {
                    model.check_currency(currency)?;
                }
                notes.extend(notes_on_model(model, currency.as_deref(), counted_lines.as_ref()));
                let model = model.clone().with_analysis_time(second);
                let segmentation = model.assign_at(customers, analysis_date)?.with_score_display(self.display);
                match self.weights {
                    Some(weights) => segmentation.with_weights(weights),
                    None => segmentation,
                }
            }
            None => rfm.segment(customers)?,
        };
        let extras = match table {
            Some(table) => {
                let ids = self.options.read().id_format();
                let (attributes, note) = table.join(segmentation.customers(), |id| ids.normalise(id).to_owned())?;
                notes.push(note);
                extras.with_attributes(attributes)?
            }
            None => extras,
        };
        notes.extend(note_on_times(&segmentation));
        notes.extend(note_on_rules(self.preset, segmentation.segment_model()));
        let mut description = describe(&self, &rfm, &reports, &notes, table).rounded_lines(rounded);
        let extras = match &self.by {
            Some(column) => {
                description = description.choice("by", column.clone());
                let summary = by(&segmentation, extras.attributes(), column);
                extras.with_by(column, summary)
            }
            None => extras,
        };
        // A model that was applied keeps what it says of the lines that it was fitted on.
        let counted_lines = counted_lines.filter(|_| self.model.is_none());
        let (model_file, inputs) = (self.model_file, reports);
        Ok(Run { segmentation, description, extras, inputs, notes, currency, counted_lines, model_file, pool })
    }

    fn extra_columns(&self) -> Vec<ExtraColumn> {
        let mut columns = self.extras.clone();
        if self.weights.is_some() && !columns.contains(&ExtraColumn::WeightedScore) {
            columns.push(ExtraColumn::WeightedScore);
        }
        columns
    }

    /// The measures: those of the model, if one is applied.
    pub(crate) fn measures(&self) -> Measures {
        self.model.as_ref().map_or(self.measures, |model| model.scoring().measures())
    }

    /// The rules that say which lines count, with what was said of returns.
    pub(crate) fn policy(&self) -> CleaningPolicy {
        let policy = self.cleaning.clone();
        match self.returns {
            Some(returns) => policy.returns(returns),
            None => policy,
        }
    }

    /// Which lines counted; a table of customers has none.
    fn counted_lines(&self, customers: &Customers) -> Option<CountedLines> {
        let has_lines = customers.order_definition() != OrderDefinition::Counted;
        has_lines.then(|| CountedLines::of(&self.policy(), self.options.read().drops_repeated_lines()))
    }

    /// The second of the analysis date that counts if the day is given.
    pub(crate) fn given_time(&self) -> u32 {
        self.analysis_time.or(self.measures().recency.analysis_time()).unwrap_or_default()
    }

    /// The moment that recency counts back from: the one that was given, or a day after the last order.
    fn analysis_moment(&self, customers: &Customers) -> Result<(Day, u32), Error> {
        let last_day = customers.last_day().ok_or_else(|| self.no_usable_line(customers.account()))?;
        Ok(match (self.as_of, customers.last_moment()) {
            (Some(day), _) => (day, self.given_time()),
            (None, Some((day, second))) if self.as_of_last_order => (day, self.analysis_time.unwrap_or(second)),
            (None, None) if self.as_of_last_order => (last_day, self.given_time()),
            (None, Some((day, second))) => (day.next().unwrap_or(Day::MAX), self.analysis_time.unwrap_or(second)),
            (None, None) => (last_day.next().unwrap_or(Day::MAX), self.given_time()),
        })
    }

    fn settings(&self, analysis_date: Day, second: u32) -> Result<Rfm, Error> {
        let builder =
            Rfm::builder(analysis_date).analysis_time(second).cleaning(self.policy()).score_display(self.display);
        let builder = match self.weights {
            Some(weights) => builder.weights(weights),
            None => builder,
        };
        let builder = match &self.model {
            // The strategies are not used; those of the same bins let the segments pass.
            Some(model) => {
                let bins = model.scoring().bins().map(|_, bins| Bins::new(bins).unwrap_or(Bins::QUINTILE));
                builder
                    .recency(Scoring::quantiles(bins.recency))
                    .frequency(Scoring::quantiles(bins.frequency))
                    .monetary(Scoring::quantiles(bins.monetary))
                    .measures(model.scoring().measures())
                    .segments(model.segments().clone())
            }
            None => {
                let Axes { recency, frequency, monetary } = self.scoring.clone();
                let builder = builder.recency(recency).frequency(frequency).monetary(monetary);
                let builder = builder.measures(self.measures).binning(self.binning).tie_order(self.tie_order);
                match &self.segments {
                    Some(segments) => builder.segments(segments.clone()),
                    None => builder,
                }
            }
        };
        Ok(builder.build()?)
    }

    fn attribute_table(&self) -> Result<Option<AttributeTable>, Error> {
        let Some(path) = &self.attributes else { return Ok(None) };
        let table = read_table(path, &self.options.for_tables())?;
        AttributeTable::new(path, table, self.options.read().roles()).map(Some)
    }

    fn no_usable_line(&self, account: &Account) -> Error {
        let names = self.inputs.iter().map(|input| InputName::new(input).to_string());
        let inputs = names.collect::<Vec<_>>().join(", ");
        if account.read().lines() == 0 {
            return ErrorKind::NoRow { inputs }.into();
        }
        let reasons: Vec<String> = account.reasons().map(|(why, tally)| format!("{} {why}", tally.lines())).collect();
        let account = format!("{} lines read, all rejected: {}", account.read().lines(), reasons.join(", "));
        ErrorKind::NoUsableLine { inputs, account }.into()
    }
}

/// Elapsed time of orders that have days alone is asked for in vain.
fn note_on_times(segmentation: &Segmentation) -> Option<String> {
    let has_time = |row: CustomerSummary<'_>| row.last_time().is_some_and(|second| second > 0);
    let is_asked = segmentation.measures().recency.needs_times();
    (is_asked && !segmentation.customers().iter().any(has_time))
        .then(|| "no last order has a time of day: elapsed recency is that in days".to_owned())
}

/// Customers by segment and by the values of a column, which is one of the attributes or was read with the lines.
fn by(segmentation: &Segmentation, attributes: &Attributes, column: &str) -> AttributeSummary {
    match attributes.column(column) {
        Some(column) => AttributeSummary::new(segmentation, |row| attributes.value(column, row)),
        None => {
            let customers = segmentation.customers();
            AttributeSummary::new(segmentation, |row| customers.get(row).and_then(|customer| customer.attribute()))
        }
    }
}
