//! A whole result as the files of one directory, or as one file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rfm_core::Segmentation;

use crate::by::write_by;
use crate::customers::write_customers;
use crate::error::Error;
use crate::extra::Extras;
use crate::format::{Format, Kind};
use crate::guard::TextGuard;
use crate::run::RunDescription;
use crate::scores::write_scores;
use crate::segments::write_segments;
use crate::set::OutputSet;

/// Writes `customers.*`, `segments.*` and `scores.*` in each format, `segments_by.*` if the extras have it, and then `run.json`, all of them or none; returns their paths.
///
/// A workbook holds all three tables: it is `customers.xlsx`, alone. Texts are written first, then the formats that carry the
/// description of the run inside them, in each group in the given order.
///
/// They are one [`OutputSet`]: complete on disk before the first old file is replaced, `run.json` last. To the choices in it are added
/// `extras`, `formats` and `text_guard`, and to its outputs the tables. The directory is created if it is missing; other files in it,
/// also tables of formats that an earlier run wrote, stay.
///
/// # Errors
///
/// Those of [`OutputSet`] and of [`write_file`]; [`ErrorKind::SameOutput`](crate::ErrorKind::SameOutput) if a format is
/// named twice.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
/// use rfm_output::{Extras, Format, RunDescription, TextGuard, write_result};
///
/// # let scratch = tempfile::tempdir()?;
/// # let dir = scratch.path().join("result");
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// let (day, amount) = (Day::from_ymd(2011, 12, 9)?, Amount::from_minor(1_999));
/// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
/// let result = rfm.segment(summaries.finish()?)?;
///
/// let run = RunDescription::new("example", "1.0.0").settings(&rfm);
/// let paths = write_result(&dir, &result, &Extras::default(), &[Format::Csv], TextGuard::Spreadsheet, &run)?;
/// let names = ["customers.csv", "segments.csv", "scores.csv", "run.json"];
/// assert_eq!(paths, names.map(|name| dir.join(name)));
/// assert_eq!(paths, rfm_output::result_paths(&dir, &[Format::Csv], false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_result(
    directory: impl AsRef<Path>,
    segmentation: &Segmentation,
    extras: &Extras,
    formats: &[Format],
    guard: TextGuard,
    run: &RunDescription,
) -> Result<Vec<PathBuf>, Error> {
    let summary = segmentation.summary();
    let mut run = chosen(run, extras, formats, guard);
    let mut set = OutputSet::in_directory(&directory)?;
    #[cfg(feature = "xlsx")]
    check(directory.as_ref(), segmentation, extras, &summary, formats)?;
    for format in formats.iter().filter(|format| is_text(**format)) {
        let mut guarded = 0;
        let [customers, segments, scores] = tables(*format);
        set.write(&customers, |out| {
            write_customers(segmentation, extras, *format, guard, out).map(|count| guarded = count)
        })?;
        run = run.output(&customers, guarded);
        set.write(&segments, |out| write_segments(&summary, *format, guard, out).map(|count| guarded = count))?;
        run = run.output(&segments, guarded);
        set.write(&scores, |out| write_scores(segmentation, *format, out))?;
        run = run.output(&scores, 0);
        if let Some((_, by)) = extras.by() {
            let name = by_table(*format);
            set.write(&name, |out| write_by(by, *format, guard, out).map(|count| guarded = count))?;
            run = run.output(&name, guarded);
        }
    }
    // The others tell the run, and so themselves: nothing is guarded in them, and they come after all that may be.
    for format in formats.iter().filter(|format| !is_text(**format)) {
        run = names(*format, extras.by().is_some()).into_iter().fold(run, |run, name| run.output(name, 0));
    }
    for format in formats {
        match format.kind() {
            Kind::Text(_) => {}
            #[cfg(any(feature = "parquet", feature = "arrow"))]
            Kind::Columnar(columnar) => {
                let [customers, segments, scores] = tables(*format);
                let text = text_of(&run, segmentation, &summary);
                let text = Some(text.as_str());
                set.write(&customers, |out| {
                    crate::columnar::write_customers(segmentation, extras, columnar, text, out)
                })?;
                set.write(&segments, |out| crate::columnar::write_segments(&summary, columnar, text, out))?;
                set.write(&scores, |out| crate::columnar::write_scores(segmentation, columnar, text, out))?;
                if let Some((_, by)) = extras.by() {
                    set.write(by_table(*format), |out| crate::columnar::write_by(by, columnar, text, out))?;
                }
            }
            #[cfg(feature = "xlsx")]
            Kind::Workbook => set.write(tables(*format)[0].as_str(), |out| {
                crate::xlsx::write_workbook(segmentation, extras, &summary, &run, out)
            })?,
        }
    }
    set.write("run.json", |out| run.write_with(segmentation, &summary, out))?;
    set.commit()
}

/// The paths that [`write_result`] writes to, in its order; for a look at what is there before anything is read. `has_by`: whether the
/// segments are counted by the values of a column ([`Extras::with_by`]).
#[must_use]
pub fn result_paths(directory: impl AsRef<Path>, formats: &[Format], has_by: bool) -> Vec<PathBuf> {
    let (texts, others): (Vec<Format>, Vec<Format>) = formats.iter().partition(|format| is_text(**format));
    let names = |format| names(format, has_by);
    let files = texts.into_iter().chain(others).flat_map(names).chain(["run.json".to_owned()]);
    files.map(|name| directory.as_ref().join(name)).collect()
}

/// Writes the result as one file: the customers, and whatever else the format has a place for; returns how many texts the guard
/// changed.
///
/// - CSV, JSON and JSON Lines: the customers alone, as [`write_customers`] does.
/// - Parquet and Arrow IPC: the customers and, in the metadata, the description of the run, to whose choices `extras`, `formats` and
///   `text_guard` are added.
/// - XLSX: a workbook of all tables and the same description of the run.
///
/// `out` should be buffered and is not flushed.
///
/// # Errors
///
/// Those of [`write_customers`].
#[cfg_attr(
    not(any(feature = "xlsx", feature = "parquet", feature = "arrow")),
    allow(unused_variables, reason = "texts do not tell the run")
)]
pub fn write_file<W: Write + Send + ?Sized>(
    segmentation: &Segmentation,
    extras: &Extras,
    format: Format,
    guard: TextGuard,
    run: &RunDescription,
    out: &mut W,
) -> io::Result<u64> {
    match format.kind() {
        Kind::Text(_) => write_customers(segmentation, extras, format, guard, out),
        #[cfg(any(feature = "parquet", feature = "arrow"))]
        Kind::Columnar(columnar) => {
            let run = chosen(run, extras, &[format], guard);
            let text = text_of(&run, segmentation, &segmentation.summary());
            crate::columnar::write_customers(segmentation, extras, columnar, Some(&text), out).map(|()| 0)
        }
        #[cfg(feature = "xlsx")]
        Kind::Workbook => {
            let run = chosen(run, extras, &[format], guard);
            crate::xlsx::write_workbook(segmentation, extras, &segmentation.summary(), &run, out).map(|()| 0)
        }
    }
}

/// Refuses what a workbook cannot hold before any work for another format is done.
#[cfg(feature = "xlsx")]
fn check(
    directory: &Path,
    segmentation: &Segmentation,
    extras: &Extras,
    summary: &rfm_core::SegmentSummary,
    formats: &[Format],
) -> Result<(), Error> {
    for format in formats.iter().filter(|format| format.kind() == Kind::Workbook) {
        if let Err(error) = crate::xlsx::check(segmentation, extras, summary) {
            let [workbook, ..] = tables(*format);
            return Err(crate::atomic::AtomicFile::create(directory.join(workbook))?.write_error(error));
        }
    }
    Ok(())
}

/// The description of a run, as it is in `run.json`.
#[cfg(any(feature = "parquet", feature = "arrow"))]
fn text_of(run: &RunDescription, segmentation: &Segmentation, summary: &rfm_core::SegmentSummary) -> String {
    format!("{:#}\n", run.document(segmentation, summary))
}

/// With the choices that the writers know.
fn chosen(run: &RunDescription, extras: &Extras, formats: &[Format], guard: TextGuard) -> RunDescription {
    let names = |names: Vec<&'static str>| names.join(", ");
    run.clone()
        .choice("extras", names(extras.columns().iter().map(|column| column.name()).collect()))
        .choice("formats", names(formats.iter().map(|format| format.name()).collect()))
        .choice("text_guard", if guard == TextGuard::Exact { "exact" } else { "spreadsheet" })
}

const fn is_text(format: Format) -> bool {
    matches!(format.kind(), Kind::Text(_))
}

/// The files of a format, in the order of writing.
fn names(format: Format, has_by: bool) -> Vec<String> {
    let each = || tables(format).into_iter().chain(has_by.then(|| by_table(format))).collect();
    match format.kind() {
        #[cfg(feature = "xlsx")]
        Kind::Workbook => vec![format!("customers.{format}")],
        Kind::Text(_) => each(),
        #[cfg(any(feature = "parquet", feature = "arrow"))]
        Kind::Columnar(_) => each(),
    }
}

/// The file of the segments by the values of a column.
fn by_table(format: Format) -> String {
    format!("segments_by.{format}")
}

/// The files of a format that has one for each table.
fn tables(format: Format) -> [String; 3] {
    ["customers", "segments", "scores"].map(|table| format!("{table}.{format}"))
}
