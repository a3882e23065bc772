//! Runs one stage of [`rfm_benches::stages`] so many times, for `instructions.py`, which counts instructions.
//!
//!     stage parse_csv 3
//!
//! What a stage begins with is made for the most times that are possible, and never dropped, so that runs with different times
//! differ by nothing but the stage. Without arguments it prints the stages, the number of lines or customers of each, and the
//! most times.

use std::hint::black_box;

use rfm_benches::stages::{self, Failure};
use rfm_core::{Customers, Summaries};
use rfm_output::Format;

const LINES: u64 = 100_000;
const CUSTOMERS: u32 = 50_000;

/// Name, lines or customers, and the most times: more for stages that take little beside what they begin with, whose own count
/// is never twice the same.
const STAGES: [(&str, u64, usize); 11] = [
    ("parse_csv", LINES, 3),
    ("parse_parquet", LINES, 3),
    ("clean", LINES, 3),
    ("summarise", LINES, 3),
    ("merge", LINES, 21),
    ("finish", LINES, 21),
    ("fit", CUSTOMERS as u64, 21),
    ("apply", CUSTOMERS as u64, 21),
    ("assign", CUSTOMERS as u64, 21),
    ("write_csv", CUSTOMERS as u64, 3),
    ("write_parquet", CUSTOMERS as u64, 3),
];

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let Some(stage) = arguments.next() else {
        for (stage, items, most) in STAGES {
            println!("{stage} {items} {most}");
        }
        return Ok(());
    };
    let times = arguments.next().ok_or("usage: stage NAME TIMES")?.parse()?;
    let (_, _, most) =
        STAGES.into_iter().find(|known| known.0 == stage).ok_or_else(|| format!("no stage `{stage}`"))?;
    if times > most {
        return Err(format!("at most {most} times").into());
    }
    let mut work = prepare(&stage, most)?;
    for _ in 0..times {
        work()?;
    }
    // Nothing is dropped.
    std::process::exit(0)
}

type Work = Box<dyn FnMut() -> Result<(), Failure>>;

/// The stage, ready to run.
fn prepare(stage: &str, most: usize) -> Result<Work, Failure> {
    Ok(match stage {
        "parse_csv" => {
            let text = stages::csv(LINES)?;
            Box::new(move || keep(stages::parse_csv(&text)))
        }
        "parse_parquet" => {
            let file = stages::parquet(LINES)?;
            Box::new(move || keep(stages::parse_parquet(&file)))
        }
        "clean" => {
            let batches = stages::batches(LINES)?;
            Box::new(move || keep(stages::clean(&batches)))
        }
        "summarise" => {
            let batches = stages::batches(LINES)?;
            Box::new(move || keep(stages::summarise(&batches)))
        }
        "merge" => {
            let (first, second) = stages::halves(&stages::batches(LINES)?)?;
            let mut halves: Vec<(Summaries, Summaries)> = (0..most).map(|_| (first.clone(), second.clone())).collect();
            Box::new(move || {
                let (mut first, second) = halves.pop().ok_or("a pair for each time")?;
                keep(first.merge(second).map(|()| first))
            })
        }
        "finish" => {
            let mut summaries = vec![stages::summarise(&stages::batches(LINES)?)?; most];
            Box::new(move || keep(summaries.pop().ok_or("one for each time")?.finish()))
        }
        "fit" => {
            let (rfm, customers) = (stages::settings()?, stages::customers(CUSTOMERS)?);
            Box::new(move || keep(rfm.fit(&customers)))
        }
        "apply" => {
            let (rfm, customers) = (stages::settings()?, stages::customers(CUSTOMERS)?);
            let model = rfm.fit(&customers)?;
            Box::new(move || keep(model.scoring().score_all(&customers, rfm.analysis_date())))
        }
        "assign" => {
            let customers = stages::customers(CUSTOMERS)?;
            let model = stages::settings()?.fit(&customers)?;
            let mut copies: Vec<Customers> = vec![customers; most];
            Box::new(move || keep(model.assign(copies.pop().ok_or("one for each time")?)))
        }
        "write_csv" => write(Format::Csv)?,
        "write_parquet" => write(Format::Parquet)?,
        _ => return Err(format!("no stage `{stage}`").into()),
    })
}

fn write(format: Format) -> Result<Work, Failure> {
    let segmentation = stages::settings()?.segment(stages::customers(CUSTOMERS)?)?;
    Ok(Box::new(move || keep(stages::write(&segmentation, format))))
}

/// Dropping a result is not a part of its stage.
fn keep<T, E: Into<Failure>>(result: Result<T, E>) -> Result<(), Failure> {
    std::mem::forget(black_box(result.map_err(Into::into)?));
    Ok(())
}
