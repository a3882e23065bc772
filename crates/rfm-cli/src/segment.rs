//! `rfm segment`: orders in, customers and segments out.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use rfm_kit::output::{
    Format, Output, TextGuard, printable, refuse_overwriting, result_paths, write_by, write_file, write_segments,
};
use rfm_kit::{Job, Run};
use serde_json::{Value, json};

use crate::args::SegmentArgs;
use crate::failure::{Code, Failure};
use crate::options::WriteArgs;
use crate::screen;
use crate::settings::{Settings, refuse_options_of_other_formats};
use crate::values::List;

/// `config` is the settings file that was used, if one was, and what it says alone.
pub(crate) fn run(args: &SegmentArgs, config: Option<(&Path, &SegmentArgs)>) -> Result<(), Failure> {
    let checked = |args: &SegmentArgs| Ok((Plan::of(args)?, Settings::of(&args.run)?));
    let (plan, settings) = checked(args).map_err(|failure: Failure| match config {
        // What the file contradicts alone is not the fault of what was typed.
        Some((path, alone)) if checked(alone).is_err_and(|own| own.to_string() == failure.to_string()) => {
            failure.in_file(path)
        }
        _ => failure,
    })?;
    let config = config.map(|(path, _)| path);
    if args.write.save_model.is_some() {
        settings.check_cut_points(&args.run.score)?;
    }
    refuse(args, &plan, config)?;
    refuse_options_of_other_formats(&args.run)?;
    let is_quiet = args.write.quiet;
    screen::tell_settings(config.filter(|_| !is_quiet));
    let run = settings.run(&args.run, is_quiet, |job| with_outputs(job, &args.write))?;
    if !is_quiet {
        screen::tell_warnings(&run);
    }
    run.on_threads(|| {
        let mut written = plan.write(&run, args.write.guard)?;
        if let Some(file) = &args.write.save_model {
            run.save_model(file)?;
            written.push(file.clone());
        }
        plan.report(&run, &written, args)
    })
}

/// What is written where.
#[derive(Debug)]
enum Plan {
    /// The table for people only.
    Table,
    Directory(PathBuf, Vec<Format>),
    Customers(PathBuf, Format),
}

impl Plan {
    fn of(args: &SegmentArgs) -> Result<Plan, Failure> {
        let WriteArgs { out, output, format, json, .. } = &args.write;
        match (out, output, format) {
            (None, None, None) => Ok(Plan::Table),
            (None, None, Some(_)) => {
                let help = "name a directory with --out, or a file (- for standard output) with --output";
                Err(Failure::usage("--format says nothing without a place to write to").with_help(help))
            }
            (Some(directory), _, formats) => {
                let List(formats) = formats.clone().unwrap_or(List(vec![Format::Csv]));
                Ok(Plan::Directory(directory.clone(), formats))
            }
            (None, Some(file), _) if *json && is_stream(file) => {
                Err(Failure::usage("--json and --output - both want standard output")
                    .with_help("write the customers to a file"))
            }
            (None, Some(file), Some(List(formats))) => match formats.as_slice() {
                [format] => Ok(Plan::Customers(file.clone(), *format)),
                _ => Err(Failure::usage(format!("`{}` has one format, not {}", file.display(), formats.len()))
                    .with_help("write several with --out DIR")),
            },
            (None, Some(file), None) => Ok(Plan::Customers(file.clone(), format_of(file)?)),
        }
    }

    /// Whether people read standard output.
    fn prints_table(&self, args: &WriteArgs) -> bool {
        match self {
            Plan::Table => !args.json,
            Plan::Directory(..) => !args.json && !args.quiet,
            Plan::Customers(..) => false,
        }
    }

    fn outputs(&self, args: &SegmentArgs) -> Vec<PathBuf> {
        let mut outputs: Vec<PathBuf> = args.run.clean.rejects.iter().cloned().collect();
        match self {
            Plan::Table => {}
            Plan::Directory(directory, formats) => {
                outputs.extend(result_paths(directory, formats, args.write.by.is_some()))
            }
            Plan::Customers(file, _) => outputs.push(file.clone()),
        }
        outputs.extend(args.write.save_model.clone());
        if args.write.json || self.prints_table(&args.write) {
            outputs.push("-".into());
        }
        outputs
    }

    fn write(&self, run: &Run, guard: TextGuard) -> Result<Vec<PathBuf>, Failure> {
        match self {
            Plan::Table => Ok(Vec::new()),
            Plan::Directory(directory, formats) => Ok(run.write(directory, formats, guard)?),
            Plan::Customers(file, format) => {
                let mut out = Output::create(file)?;
                write_file(run.segmentation(), run.extras(), *format, guard, run.description(), &mut out)
                    .map_err(|error| out.write_error(error))?;
                out.commit()?;
                Ok(if is_stream(file) { Vec::new() } else { vec![file.clone()] })
            }
        }
    }

    fn report(&self, run: &Run, written: &[PathBuf], args: &SegmentArgs) -> Result<(), Failure> {
        let WriteArgs { quiet, json, .. } = args.write;
        if json {
            screen::print(&document(run, written)?)?;
        } else if self.prints_table(&args.write) {
            let text = if quiet {
                format!("{}{}", screen::terminal().segments(&run.segmentation().summary()), by_table(run))
            } else {
                format!("{}{}{}", table(run), by_table(run), places(written))
            };
            return screen::print(&text);
        }
        if !quiet {
            screen::tell(&headline(run));
            if !json {
                screen::tell(&screen::terminal().account(run.segmentation().customers().account()));
                screen::tell(&screen::terminal().notes(run.segmentation().diagnostics()));
                screen::tell(&places(written));
            }
        }
        Ok(())
    }
}

/// Whether a file is standard output.
pub(crate) fn is_stream(file: &Path) -> bool {
    file == Path::new("-") || file == Path::new("/dev/stdout")
}

/// The format that the name of a file ends in; CSV for a name that ends in nothing.
fn format_of(file: &Path) -> Result<Format, Failure> {
    let Some(extension) = file.extension().and_then(OsStr::to_str) else { return Ok(Format::Csv) };
    extension.parse().map_err(|error| {
        Failure::usage(format!("`{}`: {error}", file.display()))
            .with_help("say which with --format, or rename the output")
    })
}

/// Nothing that is read is written over, be it orders, rules or settings.
fn refuse(args: &SegmentArgs, plan: &Plan, config: Option<&Path>) -> Result<(), Failure> {
    let rules = args.run.score.segments.iter().map(PathBuf::from).filter(|rules| rules.is_file());
    let score = &args.run.score;
    let tables = args.write.attributes.iter().chain(&args.run.clean.exclude_orders).chain(&score.model).cloned();
    let read: Vec<PathBuf> =
        args.run.inputs.iter().cloned().chain(rules).chain(tables).chain(config.map(Path::to_owned)).collect();
    Ok(refuse_overwriting(&read, &plan.outputs(args))?)
}

/// What a result is to have for its outputs.
fn with_outputs(mut job: Job, args: &WriteArgs) -> Job {
    if let Some(scale) = args.scale {
        job = job.scale(scale);
    }
    if let Some(List(extras)) = &args.extra {
        job = job.extras(extras.iter().copied());
    }
    if let Some(weights) = args.weights {
        job = job.weights(weights);
    }
    if let Some(table) = &args.attributes {
        job = job.attributes(table);
    }
    match &args.by {
        Some(column) => job.by(column),
        None => job,
    }
}

/// How many customers, as of when and why then, by which rules.
fn headline(run: &Run) -> String {
    let segmentation = run.segmentation();
    let told = |key: &str| run.description().choices().find(|(known, _)| *known == key).and_then(|(_, told)| told);
    let from = match told("as_of_from").unwrap_or_default() {
        "given" => "as given",
        from => from,
    };
    let customers = screen::count(segmentation.customers().len() as u64, "customer");
    format!(
        "{customers} as of {} ({from}), segments `{}`\n",
        told("as_of").unwrap_or_default(),
        segmentation.segment_model().name()
    )
}

fn table(run: &Run) -> String {
    let (terminal, segmentation) = (screen::terminal(), run.segmentation());
    let table = terminal.segments(&segmentation.summary());
    let account = terminal.account(segmentation.customers().account());
    let notes = terminal.notes(segmentation.diagnostics());
    format!("{}\n{table}\n{account}{notes}", headline(run))
}

/// The customers of each segment by the values of a column, if that was asked for.
fn by_table(run: &Run) -> String {
    let Some((column, summary)) = run.extras().by() else { return String::new() };
    let head = ["segment", column, "customers", "share", "orders", "revenue"].map(|name| printable(name).into_owned());
    let mut rows = vec![head.to_vec()];
    rows.extend(summary.rows().iter().map(|row| {
        let share = row.share().map(|share| share.to_string()).unwrap_or_default();
        let value = printable(row.value().unwrap_or("(none)")).into_owned();
        let [customers, orders] = [row.customers(), row.orders()].map(|count| count.to_string());
        vec![row.segment().to_owned(), value, customers, share, orders, row.revenue().to_string()]
    }));
    format!("\n{}", screen::aligned(0, &rows))
}

fn places(written: &[PathBuf]) -> String {
    let paths: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    if paths.is_empty() { String::new() } else { format!("wrote {}\n", paths.join(", ")) }
}

/// The description of the run, the table of segments, and what was written, as one JSON object.
fn document(run: &Run, written: &[PathBuf]) -> Result<String, Failure> {
    let segmentation = run.segmentation();
    let mut document = read_back(|out| run.description().write(segmentation, out))?;
    document["segments"] =
        read_back(|out| write_segments(&segmentation.summary(), Format::Json, TextGuard::Exact, out).map(|_| ()))?;
    if let Some((_, by)) = run.extras().by() {
        document["segments_by"] = read_back(|out| write_by(by, Format::Json, TextGuard::Exact, out).map(|_| ()))?;
    }
    document["written"] = json!(written.iter().map(|path| path.display().to_string()).collect::<Vec<_>>());
    Ok(format!("{document:#}\n"))
}

/// The JSON that a writer writes, to be put into a larger document.
fn read_back(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<Value, Failure> {
    let mut bytes = Vec::new();
    write(&mut bytes)
        .and_then(|()| Ok(serde_json::from_slice(&bytes)?))
        .map_err(|error| Failure::new(Code::Output, format!("cannot write the result as JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_format() {
        let format = |name: &str| format_of(Path::new(name)).map_err(|error| error.to_string());
        assert_eq!(
            [format("a.CSV"), format("b.ndjson"), format("dir.json/c"), format("d.xlsx")],
            [Ok(Format::Csv), Ok(Format::JsonLines), Ok(Format::Csv), Ok(Format::Xlsx)]
        );
        assert_eq!(
            format("a.jsn"),
            Err("`a.jsn`: no format `jsn`; there are `csv`, `json`, `jsonl`, `parquet`, `arrow`, `xlsx`; did you mean `json`?".to_owned())
        );
        assert!(matches!(format_of(Path::new("a.xls")), Err(Failure::Told { code: Code::Usage, .. })));
    }

    #[test]
    fn a_result_that_cannot_be_written_is_an_error() {
        let refused = |result| matches!(result, Err(Failure::Told { code: Code::Output, .. }));
        assert!(refused(read_back(|_| Err(io::Error::other("no")))));
        assert!(refused(read_back(|out| {
            out.extend(b"{");
            Ok(())
        })));
        assert!(
            read_back(|out| {
                out.extend(b"[1]");
                Ok(())
            })
            .is_ok_and(|value| value[0] == 1)
        );
    }
}
