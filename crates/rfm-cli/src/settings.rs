//! From options to a job: what all commands that segment have in common.

use std::path::Path;
use std::time::Duration;

use rfm_kit::scoring::{Binning, TieOrder};
use rfm_kit::{
    Axes, BadRows, CleaningPolicy, Day, ErrorKind, FileKind, FrequencyMeasure, InputName, InputOptions, Job, Level,
    Model, MonetaryMeasure, Preset, RankMethod, Returns, Rfm, RfmBuilder, RuleMeasure, Run, Scoring, SegmentModel,
    read_model, read_segment_model,
};

use crate::failure::Failure;
use crate::isolation::{Allowance, isolated};
use crate::options::{CleanArgs, Keep, OnBadRow, RepeatedLines, RunArgs, ScoreArgs};
use crate::progress::{Counters, Progress};
use crate::values::{AsOf, Moment};

/// What the options say together, as far as that can be told before anything is read but rules.
pub(crate) struct Settings {
    scoring: Axes<Scoring>,
    segments: Option<SegmentModel>,
    model: Option<Model>,
}

impl Settings {
    pub(crate) fn of(args: &RunArgs) -> Result<Settings, Failure> {
        check(args)?;
        let scoring = scoring(&args.score);
        refuse_needless_order(args)?;
        let bins = scoring.as_ref().map(|_, scoring| scoring.bins());
        let segments = args.score.segments.as_deref().map(|spec| rules(spec, Some(bins))).transpose()?;
        let model = args.score.model.as_deref().map(model).transpose()?;
        Ok(Settings { model, ..Settings::checked(args, scoring, segments)? })
    }

    /// The same with these segments, whatever the options and the model say of them.
    pub(crate) fn with_segments(args: &RunArgs, segments: SegmentModel) -> Result<Settings, Failure> {
        check(args)?;
        if let Some(path) = &args.score.model {
            check_tenure(args, &segments)?;
            let model = model(path)?.with_segments(segments).map_err(rfm_kit::Error::from)?;
            // What would be fitted is not looked at.
            return Ok(Settings { scoring: scoring(&args.score), segments: None, model: Some(model) });
        }
        let scoring = scoring(&args.score);
        refuse_needless_order(args)?;
        Settings::checked(args, scoring, Some(segments))
    }

    fn checked(args: &RunArgs, scoring: Axes<Scoring>, segments: Option<SegmentModel>) -> Result<Settings, Failure> {
        if let Some(segments) = &segments {
            check_tenure(args, segments)?;
            rfm(&scoring).segments(segments.clone()).build().map_err(rfm_kit::Error::from)?;
        }
        Ok(Settings { scoring, segments, model: None })
    }

    /// Refuses methods that leave nothing to be kept, before hours of reading.
    pub(crate) fn check_cut_points(&self, args: &ScoreArgs) -> Result<(), Failure> {
        let rfm = rfm(&self.scoring).binning(binning(args)).build().map_err(rfm_kit::Error::from)?;
        rfm.cut_methods().map(|_| ()).map_err(|error| rfm_kit::Error::from(error).into())
    }

    /// Runs what was asked for, with `more` that one command alone asks for, and shows how far it is.
    pub(crate) fn run(self, args: &RunArgs, is_quiet: bool, more: impl FnOnce(Job) -> Job) -> Result<Run, Failure> {
        let progress = Progress::start(&args.inputs, is_quiet);
        let run = self.job(args, progress.as_ref()).map(|job| more(job).run());
        drop(progress);
        run?.map_err(|error| {
            // If customers do not fit the model, its file is named.
            let model = args.score.model.as_deref().filter(|_| matches!(error.kind(), ErrorKind::Fit(_)));
            let failure = Failure::from(error);
            match model {
                Some(path) => failure.in_file(path),
                None => failure,
            }
        })
    }

    fn job(self, args: &RunArgs, progress: Option<&Progress>) -> Result<Job, Failure> {
        let Settings { scoring, segments, model } = self;
        let CleanArgs { as_of, strict, rejects, repeated_lines, exclude_orders, .. } = &args.clean;
        let mut read = args.read.read().bad_rows(bad_rows(&args.clean));
        if *repeated_lines == RepeatedLines::Drop {
            read = read.drop_repeated_lines();
        }
        if let Some(progress) = progress {
            let Counters { bytes, lines } = progress.counters();
            read = read.progress(bytes).row_count(lines);
        }
        let allowed = Allowance { memory: args.memory_limit, time: args.time_limit };
        let job = Job::new(args.inputs.iter());
        // Its settings are among the options by now; the description is to name it.
        let job = args.score.preset.into_iter().fold(job, Job::preset);
        let mut job = job
            .reading(isolated(args.read.inputs(read, *strict), allowed)?)
            .cleaning(cleaning(&args.clean))
            .recency(scoring.recency)
            .frequency(scoring.frequency)
            .monetary(scoring.monetary)
            .binning(binning(&args.score))
            .tie_order(args.score.tie_order)
            .score_display(args.score.score_display)
            .recency_measure(args.score.recency_in)
            .frequency_measure(args.score.frequency)
            .monetary_measure(args.score.monetary);
        if let Some(returns) = args.clean.returns {
            job = job.returns(returns);
        }
        match as_of {
            Some(AsOf::At(Moment { day, second })) => {
                job = job.as_of(*day);
                if let Some(second) = second {
                    job = job.analysis_time(*second);
                }
            }
            Some(AsOf::LastOrder) => job = job.as_of_last_order(),
            None => {}
        }
        if let Some(segments) = segments {
            job = job.segments(segments);
        }
        if let (Some(model), Some(path)) = (model, &args.score.model) {
            job = job.model_of_file(model, path);
        }
        if let Some(table) = exclude_orders {
            job = job.exclude_orders(table);
        }
        if let Some(bytes) = args.memory_limit {
            job = job.memory_limit(bytes);
        }
        if let Some(threads) = args.threads {
            job = job.threads(usize::try_from(threads).unwrap_or(usize::MAX));
        }
        if let Some(seconds) = args.time_limit {
            job = job.time_limit(Duration::from_secs(seconds));
        }
        Ok(match rejects {
            Some(rejects) => job.rejects(rejects),
            None => job,
        })
    }
}

/// Settings by which it can be told what agrees: that does not depend on the day.
fn rfm(scoring: &Axes<Scoring>) -> RfmBuilder {
    let Axes { recency, frequency, monetary } = scoring.clone();
    Rfm::builder(Day::MAX).recency(recency).frequency(frequency).monetary(monetary)
}

fn binning(args: &ScoreArgs) -> Binning {
    if args.nested { Binning::Nested } else { Binning::Independent }
}

/// The rules of a name or a file.
pub(crate) fn rules(spec: &str, bins: Option<Axes<u8>>) -> Result<SegmentModel, Failure> {
    let options = isolated(InputOptions::default(), Allowance::default())?;
    read_segment_model(spec, bins, &options).map_err(|error| Failure::from(error).of_settings())
}

/// The model of a file.
pub(crate) fn model(path: &Path) -> Result<Model, Failure> {
    read_model(path).map_err(|error| Failure::from(error).of_settings())
}

/// What the options contradict among themselves.
fn check(args: &RunArgs) -> Result<(), Failure> {
    let CleanArgs { from, until, on_bad_row, max_bad_rows, .. } = &args.clean;
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        return Err(Failure::usage(format!("the window from {from} until {until} has no day")));
    }
    let has_time = matches!(args.clean.as_of, Some(AsOf::At(Moment { second: Some(_), .. })));
    if has_time && !args.score.recency_in.needs_times() {
        return Err(Failure::usage("--as-of has a time of day, and recency in days does not look at it")
            .with_help("add --recency-in elapsed, or leave the time out"));
    }
    if args.clean.returns == Some(Returns::Exclude) && args.clean.keep == Keep::All {
        return Err(Failure::usage("--returns exclude contradicts --keep all, which counts every line")
            .with_help("add --keep sales, which leaves returns out, or leave --returns out"));
    }
    if args.read.product.is_some() && args.clean.returns != Some(Returns::Match) {
        let help = "add --returns match, or leave it out";
        return Err(Failure::usage("--product says nothing unless returns are matched").with_help(help));
    }
    if max_bad_rows.is_some() && *on_bad_row == OnBadRow::Fail {
        let help = "add --on-bad-row skip, or leave the limit out";
        return Err(Failure::usage("--max-bad-rows says nothing while the first bad row is an error").with_help(help));
    }
    if args.read.level == Level::Customers {
        refuse_options_of_lines(args)?;
    }
    Ok(())
}

/// Rules over the time since the first order need it.
fn check_tenure(args: &RunArgs, segments: &SegmentModel) -> Result<(), Failure> {
    let has_first_order = args.read.level != Level::Customers || args.read.first_order.is_some();
    if !has_first_order && segments.measures().contains(&RuleMeasure::TenureDays) {
        let message = format!("segments `{}`: tenure_days needs the first order of each customer", segments.name());
        return Err(Failure::usage(message).with_help("name its column with --first-order"));
    }
    Ok(())
}

/// Whether a method asks what comes first among equal customers.
pub(crate) fn asks_for_order(scoring: &Scoring) -> bool {
    match scoring {
        Scoring::Ranks(method) => !matches!(method, RankMethod::RandomTies(_)),
        Scoring::Cuts(_) => false,
    }
}

/// Whether the order of ties changes nothing, since no method asks for it.
pub(crate) fn is_order_needless(args: &ScoreArgs) -> bool {
    !scoring(args).iter().any(|(_, scoring)| asks_for_order(scoring))
}

fn refuse_needless_order(args: &RunArgs) -> Result<(), Failure> {
    if args.score.tie_order == TieOrder::default() || !is_order_needless(&args.score) {
        return Ok(());
    }
    Err(Failure::usage("--tie-order says nothing where equal customers share a score or are ordered at random")
        .with_help("leave it out, or take a method that tells them apart, such as --scoring ntile"))
}

/// A table of customers has no orders to be judged or counted, and need not have the first one.
fn refuse_options_of_lines(args: &RunArgs) -> Result<(), Failure> {
    let (frequency, monetary) = (args.score.frequency, args.score.monetary);
    if (frequency.needs_first_order() || monetary.needs_first_order()) && args.read.first_order.is_none() {
        let message = format!(
            "{} needs the first order of each customer",
            if frequency.needs_first_order() { frequency.name() } else { monetary.name() }
        );
        return Err(Failure::usage(message).with_help("name its column with --first-order"));
    }
    let option = if args.clean.exclude_orders.is_some() {
        "exclude-orders"
    } else if args.clean.cancelled_prefix.is_some() {
        "cancelled-prefix"
    } else if args.clean.returns.is_some_and(|returns| returns != Returns::Exclude) {
        "returns"
    } else if !matches!(
        frequency,
        FrequencyMeasure::Orders | FrequencyMeasure::OrdersPerMonth | FrequencyMeasure::OrdersPerYear
    ) {
        "frequency"
    } else if !matches!(monetary, MonetaryMeasure::Total | MonetaryMeasure::MeanOrder) && !monetary.needs_first_order()
    {
        "monetary"
    } else if args.clean.from.is_some() {
        "from"
    } else if args.clean.until.is_some() {
        "until"
    } else if args.clean.keep != Keep::Sales {
        "keep"
    } else {
        return Ok(());
    };
    if let Some(preset) = args.score.preset.filter(|preset| is_of_preset(*preset, option, args)) {
        let message =
            format!("preset `{preset}` is about order lines, by its --{option}, and a table of customers has none");
        return Err(Failure::usage(message).with_help(format!("give another --{option}, or segment the order lines")));
    }
    Err(Failure::usage(format!("--{option} says nothing of a table of customers, which has no single orders"))
        .with_help("leave it out, or segment the order lines"))
}

/// Whether an option has its value from the preset.
fn is_of_preset(preset: Preset, option: &str, args: &RunArgs) -> bool {
    match option {
        "frequency" => preset.measures().frequency == args.score.frequency,
        "monetary" => preset.measures().monetary == args.score.monetary,
        "keep" => args.clean.keep == Keep::All && preset.cleaning() == CleaningPolicy::keep_all(),
        _ => false,
    }
}

/// Options of a format that no input has would change nothing, which whoever gave them does not expect.
pub(crate) fn refuse_options_of_other_formats(args: &RunArgs) -> Result<(), Failure> {
    let kinds: Vec<FileKind> = args
        .inputs
        .iter()
        .map(|input| if input.is_dir() { Ok(FileKind::Parquet) } else { FileKind::of_input(&InputName::new(input)) })
        .collect::<Result<_, _>>()
        // What cannot be opened is told where it is read.
        .unwrap_or_default();
    let (option, format) = match &args.read {
        _ if kinds.is_empty() => return Ok(()),
        read if read.minor_units.is_some() && !kinds.contains(&FileKind::Parquet) => ("--minor-units", "Parquet"),
        read if read.sheet.is_some() && !kinds.contains(&FileKind::Workbook) => ("--sheet", "workbooks"),
        read if read.header_row.is_some() && !kinds.contains(&FileKind::Workbook) => ("--header-row", "workbooks"),
        _ => return Ok(()),
    };
    Err(Failure::usage(format!("{option} is about {format}, which no input is")).with_help("leave it out"))
}

fn scoring(args: &ScoreArgs) -> Axes<Scoring> {
    let axis = |cuts: &Option<_>, named: &Option<Scoring>| match (cuts, named) {
        (Some(cuts), _) => Scoring::from(Clone::clone(cuts)),
        (None, Some(named)) => named.clone(),
        (None, None) => args.scoring.clone(),
    };
    Axes {
        recency: axis(&args.bins_recency, &args.scoring_recency),
        frequency: axis(&args.bins_frequency, &args.scoring_frequency),
        monetary: axis(&args.bins_monetary, &args.scoring_monetary),
    }
}

fn cleaning(args: &CleanArgs) -> CleaningPolicy {
    let mut policy = match args.keep {
        Keep::Sales => CleaningPolicy::default(),
        Keep::OnlineRetail => CleaningPolicy::online_retail(),
        Keep::All => CleaningPolicy::keep_all(),
    };
    if let Some(prefix) = &args.cancelled_prefix {
        policy = policy.cancelled_orders_begin_with(prefix);
    }
    if let Some(day) = args.from {
        policy = policy.from(day);
    }
    match args.until {
        Some(day) => policy.until(day),
        None => policy,
    }
}

fn bad_rows(args: &CleanArgs) -> BadRows {
    match args.on_bad_row {
        OnBadRow::Fail => BadRows::Fail,
        OnBadRow::Skip => BadRows::Skip { limit: args.max_bad_rows },
    }
}
