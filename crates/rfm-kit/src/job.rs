//! From files to segments.

use std::path::PathBuf;

use rfm_core::scoring::Bins;
use rfm_core::{
    Account, Axes, CleaningPolicy, Customers, Day, FrequencyMeasure, Model, Rfm, Scale, Scoring, SegmentModel,
    Summaries, TransactionSource,
};
use rfm_csv::{CsvOptions, CsvSource};
use rfm_output::{ExtraColumn, Extras, InputDescription, RunDescription};

use crate::error::{Error, ErrorKind};
use crate::rejects::RejectsFile;
use crate::run::Run;

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
/// let model = fitted.segmentation().model().clone();
/// let applied = Job::new([winter]).as_of(Day::from_ymd(2011, 12, 31)?).model(model).run()?;
/// assert_eq!(applied.segmentation().get("ann").expect("she bought").code().to_string(), "515");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Job {
    inputs: Vec<PathBuf>,
    csv: CsvOptions,
    as_of: Option<Day>,
    cleaning: CleaningPolicy,
    scoring: Axes<Scoring>,
    frequency_measure: FrequencyMeasure,
    segments: Option<SegmentModel>,
    model: Option<Model>,
    scale: Option<Scale>,
    extras: Vec<ExtraColumn>,
    rejects: Option<PathBuf>,
    memory_limit: Option<usize>,
}

impl Job {
    /// A run over files, or standard input for `-`, as one input.
    ///
    /// Without further settings: the day after the last kept order as analysis date, the default cleaning, distinct orders,
    /// quintiles, and the built-in segments for the number of bins.
    pub fn new<P: Into<PathBuf>>(inputs: impl IntoIterator<Item = P>) -> Job {
        Job {
            inputs: inputs.into_iter().map(Into::into).collect(),
            csv: CsvOptions::default(),
            as_of: None,
            cleaning: CleaningPolicy::default(),
            scoring: Axes::all(Scoring::QUINTILE),
            frequency_measure: FrequencyMeasure::default(),
            segments: None,
            model: None,
            scale: None,
            extras: Vec::new(),
            rejects: None,
            memory_limit: None,
        }
    }

    /// How delimited text is read.
    #[must_use]
    pub fn csv(self, csv: CsvOptions) -> Job {
        Job { csv, ..self }
    }

    /// The day that recency counts back from. Without it the day after the last kept order; the description says which.
    #[must_use]
    pub fn as_of(self, day: Day) -> Job {
        Job { as_of: Some(day), ..self }
    }

    /// The rules that say which lines count.
    #[must_use]
    pub fn cleaning(self, cleaning: CleaningPolicy) -> Job {
        Job { cleaning, ..self }
    }

    /// The strategy of all dimensions.
    #[must_use]
    pub fn scoring(self, scoring: Scoring) -> Job {
        Job { scoring: Axes::all(scoring), ..self }
    }

    /// The strategy of recency. Custom cuts are in days.
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

    /// What frequency counts.
    #[must_use]
    pub fn frequency_measure(self, frequency_measure: FrequencyMeasure) -> Job {
        Job { frequency_measure, ..self }
    }

    /// The segments, instead of the built-in ones.
    #[must_use]
    pub fn segments(self, segments: SegmentModel) -> Job {
        Job { segments: Some(segments), ..self }
    }

    /// Applies a fitted model, instead of fitting one to these inputs. Scoring, measure and segments are then the model's.
    #[must_use]
    pub fn model(self, model: Model) -> Job {
        Job { model: Some(model), ..self }
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

    /// Stops when customers and orders need more bytes than this; see [`Summaries::with_memory_limit`].
    #[must_use]
    pub fn memory_limit(self, bytes: usize) -> Job {
        Job { memory_limit: Some(bytes), ..self }
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
            rfm_output::refuse_overwriting(&self.inputs, &[rejects])?;
        }
        // Settings that cannot agree are found before hours of reading; the day does not matter for that.
        self.settings(self.as_of.unwrap_or(Day::MAX))?;
        let (customers, source) = self.summarise()?;
        let notes = notes(&source);
        let last_day = customers.last_day().ok_or_else(|| self.no_usable_line(customers.account()))?;
        let analysis_date = self.as_of.or(last_day.next()).unwrap_or(Day::MAX);
        let rfm = self.settings(analysis_date)?;
        let extras = Extras::try_new(self.extras.iter().copied(), &customers)?;
        let segmentation = match &self.model {
            Some(model) => model.assign_at(customers, analysis_date)?,
            None => rfm.segment(customers)?,
        };
        let description = self.describe(&rfm, &source, &notes);
        Ok(Run { segmentation, description, extras, inputs: source.reports().to_vec(), notes })
    }

    fn settings(&self, analysis_date: Day) -> Result<Rfm, Error> {
        let builder = Rfm::builder(analysis_date).cleaning(self.cleaning.clone());
        let builder = match &self.model {
            // The strategies are not used; those of the same bins let the segments pass.
            Some(model) => {
                let bins = model.scoring().bins().map(|_, bins| Bins::new(bins).unwrap_or(Bins::QUINTILE));
                builder
                    .recency(Scoring::Quantile(bins.recency))
                    .frequency(Scoring::Quantile(bins.frequency))
                    .monetary(Scoring::Quantile(bins.monetary))
                    .frequency_measure(model.scoring().frequency_measure())
                    .segments(model.segments().clone())
            }
            None => {
                let Axes { recency, frequency, monetary } = self.scoring.clone();
                let builder = builder.recency(recency).frequency(frequency).monetary(monetary);
                let builder = builder.frequency_measure(self.frequency_measure);
                match &self.segments {
                    Some(segments) => builder.segments(segments.clone()),
                    None => builder,
                }
            }
        };
        Ok(builder.build()?)
    }

    fn summarise(&self) -> Result<(Customers, CsvSource), Error> {
        let cleaning = match self.as_of {
            Some(day) => self.cleaning.clone().as_of(day),
            None => self.cleaning.clone(),
        };
        let mut summaries = Summaries::new(cleaning);
        if let Some(scale) = self.scale {
            summaries = summaries.with_scale(scale);
        }
        if let Some(bytes) = self.memory_limit {
            summaries = summaries.with_memory_limit(bytes);
        }
        if self.extras.iter().any(|extra| extra.needs_order_values()) {
            summaries = summaries.with_order_values();
        }
        let csv = self.csv.clone();
        let csv = if self.rejects.is_some() { csv.keep_rejects() } else { csv };
        let mut source = CsvSource::open(&self.inputs, csv)?;
        let mut rejects = self.rejects.as_deref().map(RejectsFile::create).transpose()?;
        while let Some(batch) = source.next_batch()? {
            let verdicts = summaries.push_batch(&batch)?;
            if let Some(rejects) = &mut rejects {
                rejects.write(&source, verdicts)?;
            }
        }
        let customers = summaries.finish()?;
        if let Some(rejects) = rejects {
            rejects.commit()?;
        }
        Ok((customers, source))
    }

    fn no_usable_line(&self, account: &Account) -> Error {
        let names = self.inputs.iter().map(|input| rfm_csv::InputName::new(input).to_string());
        let inputs = names.collect::<Vec<_>>().join(", ");
        if account.read().lines() == 0 {
            return ErrorKind::NoRow { inputs }.into();
        }
        let reasons: Vec<String> = account.reasons().map(|(why, tally)| format!("{} {why}", tally.lines())).collect();
        let account = format!("{} lines read, all rejected: {}", account.read().lines(), reasons.join(", "));
        ErrorKind::NoUsableLine { inputs, account }.into()
    }

    fn describe(&self, rfm: &Rfm, source: &CsvSource, notes: &[String]) -> RunDescription {
        let from = if self.as_of.is_some() { "given" } else { "the day after the last kept order" };
        let mut run = RunDescription::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .settings(rfm)
            .rounded_lines(source.rounded())
            .choice("as_of_from", from)
            .choice("repeated_lines", if self.csv.drops_repeated_lines() { "dropped" } else { "kept" });
        if let Some(zone) = self.csv.day_zone() {
            run = run.choice(
                "day_boundary",
                format!("midnight in {} for times with an offset, others as written", zone.name()),
            );
        }
        if let Some(model) = &self.model {
            let fitted = format!("cut points fitted as of {}", model.scoring().analysis_date());
            for key in ["scoring_recency", "scoring_frequency", "scoring_monetary"] {
                run = run.choice(key, fitted.clone());
            }
        }
        for report in source.reports() {
            let mut input = InputDescription::new(report.name().as_path())
                .bytes(report.bytes())
                .blake3(report.digest())
                .lines(report.lines())
                .records(report.rows());
            for (key, value) in report.facts() {
                input = input.fact(key, value);
            }
            for (role, column, reason) in report.columns() {
                input = input.column(*role, column, reason);
            }
            run = run.input(input);
        }
        notes.iter().fold(run, |run, note| run.note(note.clone()))
    }
}

/// What to know about the inputs that the result does not show.
fn notes(source: &CsvSource) -> Vec<String> {
    let mut notes = Vec::new();
    for report in source.reports().iter().filter(|report| report.ended_without_newline()) {
        notes.push(format!("{}: the last line has no line end; the file may have been cut short", report.name()));
    }
    let float_ids = source.float_ids();
    if float_ids > 0 && source.formats().ids == rfm_core::cell::IdFormat::AsWritten {
        notes.push(
            "customer ids look like 13085.0, as written by a float column; --ids integer makes them 13085".to_owned(),
        );
    }
    if source.rounded() > 0 {
        notes.push(format!("{} lines had a number rounded, as asked for", source.rounded()));
    }
    notes
}
