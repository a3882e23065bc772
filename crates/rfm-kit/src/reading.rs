//! The step from files to customers.

use std::sync::atomic::Ordering;
use std::time::Instant;

use rfm_core::cell::IdFormat;
use rfm_core::{CleaningPolicy, Customers, Model, Reject, Returns, Role, SegmentModel, Summaries};
use rfm_input::{Currencies, InputReport, counted};
use rfm_output::ExtraColumn;

use crate::error::{Error, ErrorKind};
use crate::job::Job;
use crate::pool::Pool;
use crate::rejects::RejectsFile;
use crate::second::{AttributeTable, listed_orders};
use crate::source::{InputOptions, Source, read_table};
use crate::threads::{Crew, Outcome, available_threads};

/// What was read, and what to know about it.
pub(crate) struct Reading {
    pub(crate) customers: Customers,
    pub(crate) reports: Vec<InputReport>,
    pub(crate) rounded: u64,
    pub(crate) notes: Vec<String>,
    /// The one currency of all lines, if they tell it.
    pub(crate) currency: Option<String>,
    /// The threads to score and write by.
    pub(crate) pool: Pool,
}

impl Job {
    /// Reads all inputs; `attributes` are those that need not come from the lines.
    pub(crate) fn read(&self, attributes: Option<&AttributeTable>) -> Result<Reading, Error> {
        let deadline = self.time_limit.and_then(|limit| Instant::now().checked_add(limit));
        let options = self.read_options(attributes);
        let summaries = self.summaries(&options)?;
        let (mut sources, mut summaries) = self.open(&options, summaries, deadline)?;
        let mut rejects = self.rejects.as_deref().map(RejectsFile::create).transpose()?;
        let mut currencies = Currencies::default();
        for source in &mut sources {
            while let Some(batch) = source.next_batch()? {
                let verdicts = summaries.push_batch(&batch)?;
                if let Some(rejects) = &mut rejects {
                    rejects.write(source.intake().rejected_lines(verdicts))?;
                }
                if deadline.is_some_and(|deadline| Instant::now() > deadline) {
                    return Err(self.too_late());
                }
            }
            currencies.merge(source.intake().currencies());
        }
        currencies.check()?;
        let listed = summaries.policy().excluded_orders();
        let found = summaries.excluded_orders_found();
        let pool = Pool::new(self.threads.unwrap_or_else(available_threads), summaries.len())?;
        let customers = pool.install(|| summaries.finish())?;
        if let Some(rejects) = rejects {
            rejects.commit()?;
        }
        let mut notes = notes(&sources);
        notes.extend(self.notes_on_returns(&customers));
        if let Some(path) = self.excluded_orders.as_ref().filter(|_| found < listed) {
            let unknown = listed - found;
            notes.push(format!("{}: {unknown} of its {listed} orders are not in the input", path.display()));
        }
        if let (Some(column), varied @ 1..) = (&self.by, customers.varied_attributes()) {
            let latest = "the latest order of each decides";
            notes.push(format!(
                "{} with lines of several values of `{column}`; {latest}",
                counted(varied as u64, "customer")
            ));
        }
        let reports: Vec<InputReport> = sources.iter().flat_map(|source| source.reports().to_vec()).collect();
        let rounded = sources.iter().map(|source| source.intake().rounded()).sum();
        let currency = currencies.single().map(str::to_owned);
        Ok(Reading { customers, reports, rounded, notes, currency, pool })
    }

    /// Opens all inputs. What several threads can read is read then, and the summaries hold it: such a source is at its end.
    fn open(
        &self,
        options: &InputOptions,
        summaries: Summaries,
        deadline: Option<Instant>,
    ) -> Result<(Vec<Source>, Summaries), Error> {
        let counters = [options.read().progress_counter(), options.read().row_counter()];
        let counted = counters.map(|counter| counter.map(|counter| counter.load(Ordering::Relaxed)));
        let threads = self.threads.unwrap_or_else(available_threads);
        // All threads fill these; if they fail, the others are as they were.
        let mut all = summaries.clone();
        let crew = Crew { threads, summaries: &all, memory_limit: self.memory_limit, deadline };
        let (mut sources, mut parts, mut has_failed) = (Vec::new(), Vec::new(), false);
        for source in Source::open_all(&self.inputs, options)? {
            let (source, outcome) = source.read_by(crew);
            sources.extend(source);
            match outcome {
                Outcome::Read(part) => parts.push(*part),
                Outcome::Unread => {}
                Outcome::Late => return Err(self.too_late()),
                Outcome::Failed => {
                    has_failed = true;
                    break;
                }
            }
        }
        if has_failed || parts.into_iter().any(|part| all.merge(part).is_err()) {
            // As if nothing had been read.
            for (counter, count) in counters.into_iter().zip(counted) {
                counter.into_iter().zip(count).for_each(|(counter, count)| counter.store(count, Ordering::Relaxed));
            }
            return Ok((Source::open_all(&self.inputs, options)?, summaries));
        }
        Ok((sources, all))
    }

    fn too_late(&self) -> Error {
        ErrorKind::TimeLimit { seconds: self.time_limit.unwrap_or_default().as_secs() }.into()
    }

    /// The options of reading with what other settings ask of it.
    fn read_options(&self, attributes: Option<&AttributeTable>) -> InputOptions {
        let mut read = self.options.read().clone();
        if let Some(day) = self.as_of {
            read = read.as_of(day);
        }
        if self.rejects.is_some() {
            read = read.keep_rejects();
        }
        if let Some(column) = self.line_attribute(attributes) {
            read = read.column(Role::Attribute, column);
        }
        let matches = self.policy().returns_mode() == Returns::Match;
        if matches {
            read = read.with_products();
        }
        // Which purchase a return is of may depend on the time of day.
        if matches || self.measures().need_times() {
            read = read.with_times();
        }
        self.options.clone().with_read(read)
    }

    /// The column of the lines that says something about the customers.
    fn line_attribute(&self, attributes: Option<&AttributeTable>) -> Option<&str> {
        self.by.as_deref().filter(|column| !attributes.is_some_and(|table| table.has(column)))
    }

    fn summaries(&self, options: &InputOptions) -> Result<Summaries, Error> {
        let mut cleaning: CleaningPolicy = match self.as_of {
            Some(day) => self.policy().as_of(day),
            None => self.policy(),
        };
        if self.measures().need_times() && self.as_of.is_some() {
            cleaning = cleaning.as_of_second(self.given_time());
        }
        if let Some(path) = &self.excluded_orders {
            let table = read_table(path, &self.options.for_tables())?;
            let ids = options.read().id_format();
            let orders = listed_orders(&table, options.read().roles())?;
            cleaning = cleaning.excluding_orders(orders.iter().map(|order| ids.normalise(order)));
        }
        let mut summaries = Summaries::new(cleaning);
        if let Some(scale) = self.scale {
            summaries = summaries.with_scale(scale);
        }
        if let Some(bytes) = self.memory_limit {
            summaries = summaries.with_memory_limit(bytes);
        }
        if options.read().roles().get(Role::Attribute).is_some() {
            summaries = summaries.with_attributes();
        }
        let rules = self.model.as_ref().map(Model::segments).or(self.segments.as_ref());
        let do_rules_need = |what: fn(&SegmentModel) -> bool| rules.into_iter().chain(&self.renaming).any(what);
        let do_extras_need = |what: fn(ExtraColumn) -> bool| self.extras.iter().copied().any(what);
        let measures = self.measures();
        if measures.need_order_values()
            || do_rules_need(SegmentModel::need_order_values)
            || do_extras_need(ExtraColumn::needs_order_values)
        {
            summaries = summaries.with_order_values();
        }
        if measures.need_active_days()
            || do_rules_need(SegmentModel::need_active_days)
            || do_extras_need(ExtraColumn::needs_active_days)
        {
            summaries = summaries.with_active_days();
        }
        if measures.need_daily_money() {
            summaries = summaries.with_daily_money();
        }
        if measures.need_times() {
            summaries = summaries.with_times();
        }
        Ok(summaries)
    }
}

impl Job {
    /// What to know about returns that the result does not show.
    fn notes_on_returns(&self, customers: &Customers) -> Vec<String> {
        let mut notes = Vec::new();
        let returns = self.policy().returns_mode();
        if customers.only_returns() > 0 {
            let who = counted(customers.only_returns() as u64, "customer");
            notes.push(match returns {
                Returns::Match => {
                    format!("{who} not in the result: returns cancelled all that was bought, or nothing was")
                }
                _ => format!("{who} not in the result: nothing but returns"),
            });
        }
        if customers.rounded_matches() > 0 {
            let lines = counted(customers.rounded_matches(), "line");
            notes.push(format!(
                "{lines} with a part returned that is no whole number of minor units; the rest is rounded"
            ));
        }
        let late = Reject::ALL.into_iter().filter(|reason| reason.is_late());
        let late: u64 = late.map(|reason| customers.account().rejected(reason).lines()).sum();
        if self.rejects.is_some() && late > 0 {
            let lines = counted(late, "line");
            notes.push(format!(
                "{lines} not in the file of rejects: that they do not count is known only after the last one"
            ));
        }
        notes
    }
}

/// What to know about the inputs that the result does not show.
fn notes(sources: &[Source]) -> Vec<String> {
    let mut notes = Vec::new();
    let reports = || sources.iter().flat_map(Source::reports);
    for report in reports().filter(|report| report.ended_without_newline()) {
        notes.push(format!("{}: the last line has no line end; the file may have been cut short", report.name()));
    }
    let has_float_ids =
        |source: &Source| source.intake().float_ids() > 0 && source.intake().formats().ids == IdFormat::AsWritten;
    if sources.iter().any(has_float_ids) {
        notes.push(
            "customer ids look like 13085.0, as written by a float column; --ids integer makes them 13085".to_owned(),
        );
    }
    let rounded: u64 = sources.iter().map(|source| source.intake().rounded()).sum();
    if rounded > 0 {
        notes.push(format!("{rounded} lines had a number rounded, as asked for or as floats need it"));
    }
    notes.extend(reports().flat_map(|report| report.notes().iter().cloned()));
    notes
}
