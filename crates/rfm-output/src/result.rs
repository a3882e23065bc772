//! A whole result as the files of one directory.

use std::path::{Path, PathBuf};

use rfm_core::Segmentation;

use crate::customers::write_customers;
use crate::error::Error;
use crate::extra::Extras;
use crate::format::Format;
use crate::guard::TextGuard;
use crate::run::RunDescription;
use crate::scores::write_scores;
use crate::segments::write_segments;
use crate::set::OutputSet;

/// Writes `customers.*`, `segments.*` and `scores.*` in each format, and then `run.json`, all of them or none; returns their paths.
///
/// They are one [`OutputSet`]: complete on disk before the first old file is replaced, `run.json` last. To the choices in it are added
/// `extras`, `formats` and `text_guard`, and to its outputs the tables. The directory is created if it is missing; other files in it,
/// also tables of formats that an earlier run wrote, stay.
///
/// # Errors
///
/// Those of [`OutputSet`] and of [`write_customers`]; [`ErrorKind::SameOutput`](crate::ErrorKind::SameOutput) if a format is
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
/// assert_eq!(paths, rfm_output::result_paths(&dir, &[Format::Csv]));
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
    let names = |names: Vec<&'static str>| names.join(", ");
    let mut run = run
        .clone()
        .choice("extras", names(extras.columns().iter().map(|column| column.name()).collect()))
        .choice("formats", names(formats.iter().map(|format| format.name()).collect()))
        .choice("text_guard", if guard == TextGuard::Exact { "exact" } else { "spreadsheet" });
    let mut set = OutputSet::in_directory(directory)?;
    for format in formats {
        let mut guarded = 0;
        let name = format!("customers.{format}");
        set.write(&name, |out| {
            write_customers(segmentation, extras, *format, guard, out).map(|count| guarded = count)
        })?;
        run = run.output(&name, guarded);
        let name = format!("segments.{format}");
        set.write(&name, |out| write_segments(&summary, *format, guard, out).map(|count| guarded = count))?;
        run = run.output(&name, guarded);
        let name = format!("scores.{format}");
        set.write(&name, |out| write_scores(segmentation, *format, out))?;
        run = run.output(&name, 0);
    }
    set.write("run.json", |out| run.write_with(segmentation, &summary, out))?;
    set.commit()
}

/// The paths that [`write_result`] writes to, in its order; for a look at what is there before anything is read.
#[must_use]
pub fn result_paths(directory: impl AsRef<Path>, formats: &[Format]) -> Vec<PathBuf> {
    let tables = |format: &Format| ["customers", "segments", "scores"].map(|table| format!("{table}.{format}"));
    let names = formats.iter().flat_map(tables).chain(["run.json".to_owned()]);
    names.map(|name| directory.as_ref().join(name)).collect()
}
