//! Writes generated orders as CSV, for trying things out and for benches of any size.

use std::fs::File;
use std::io::{self, Write as _};
use std::process::ExitCode;

use rfm_testkit::generate::{LineOrder, OrderGenerator, Shape, sample_orders, sample_orders_2026};

const USAGE: &str = "\
usage: generate-orders [--large] [--lines N | --customers N] [--seed S] [--shuffled] [--dirty PERMILLE] [--out FILE]
       generate-orders --sample orders|orders-2026 [--out FILE]

Writes order lines of the years 2024 and 2025 as CSV, to standard output unless --out is given, or as Parquet if the name of
FILE ends in .parquet (with the feature `parquet`; it has no dirty cells).
1,000 customers, seed 0, in order of time, no dirty cells, unless asked otherwise.
--large makes a shop that customers come back to: 10,000,000 lines are of 1.4 million orders and 220 thousand customers.
--sample writes a file of examples/data.";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(what)) => {
            eprintln!("generate-orders: {what}\n{USAGE}");
            ExitCode::from(2)
        }
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            eprintln!("generate-orders: cannot write: {error}");
            ExitCode::from(3)
        }
    }
}

enum Failure {
    Usage(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), Failure> {
    let mut shape = Shape::new();
    let mut sample = None;
    let mut out = None;
    let mut shaped = false;
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| Failure::Usage(format!("{argument} needs a value")));
        shaped |= argument != "--sample" && argument != "--out";
        shape = match argument.as_str() {
            "--lines" => shape.lines(number(&argument, &value()?)?),
            "--customers" => shape.customers(number(&argument, &value()?)?),
            "--seed" => shape.seed(number(&argument, &value()?)?),
            "--dirty" => shape.dirty_cells(number(&argument, &value()?)?),
            "--large" => shape.large(),
            "--shuffled" => shape.line_order(LineOrder::Shuffled),
            "--sample" => {
                sample = Some(value()?);
                shape
            }
            "--out" => {
                out = Some(value()?);
                shape
            }
            "--help" | "-h" => {
                writeln!(io::stdout(), "{USAGE}")?;
                return Ok(());
            }
            _ => return Err(Failure::Usage(format!("unknown argument `{argument}`"))),
        };
    }
    let generator = generator(shape, sample.as_deref(), shaped)?;
    match out {
        Some(path) if path.ends_with(".parquet") => write_parquet(&generator, &path)?,
        Some(path) => generator.write_csv(&mut File::create(path)?)?,
        None => generator.write_csv(&mut io::stdout().lock())?,
    };
    Ok(())
}

#[cfg(feature = "parquet")]
fn write_parquet(generator: &OrderGenerator, path: &str) -> Result<u64, Failure> {
    Ok(generator.write_parquet(File::create(path)?)?)
}

#[cfg(not(feature = "parquet"))]
fn write_parquet(_: &OrderGenerator, path: &str) -> Result<u64, Failure> {
    Err(Failure::Usage(format!("{path}: this program was built without the feature `parquet`")))
}

fn generator(shape: Shape, sample: Option<&str>, shaped: bool) -> Result<OrderGenerator, Failure> {
    let generator = match sample {
        Some(_) if shaped => return Err(Failure::Usage("--sample goes with --out alone".to_owned())),
        Some("orders") => sample_orders(),
        Some("orders-2026") => sample_orders_2026(),
        Some(other) => return Err(Failure::Usage(format!("no sample `{other}`; there are orders, orders-2026"))),
        None => shape.build(),
    };
    generator.map_err(|error| Failure::Usage(error.to_string()))
}

fn number<T: std::str::FromStr>(argument: &str, text: &str) -> Result<T, Failure> {
    // People write 10_000_000.
    text.replace('_', "").parse().map_err(|_| Failure::Usage(format!("{argument}: expected a number, found `{text}`")))
}
