//! The command a second time, with limits, for files that its readers may not survive.

use std::io;
use std::time::Duration;

use rfm_kit::InputOptions;
use rfm_kit::input::worker::{Isolation, WorkerLimits};

use crate::failure::{Code, Failure};

/// What makes the command the reading process. Not for people: it waits for a question on standard input.
pub(crate) const ARGUMENT: &str = "__read-rows";

/// What a run may use up, as far as it was given.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allowance {
    /// Bytes.
    pub(crate) memory: Option<usize>,
    /// Seconds.
    pub(crate) time: Option<u64>,
}

/// Has dangerous formats read by this program, run again: in as many bytes as are allowed, if that is less than usual, and for as
/// long.
pub(crate) fn isolated(options: InputOptions, allowed: Allowance) -> Result<InputOptions, Failure> {
    let unknown = |error| Failure::new(Code::Data, format!("this program does not find itself: {error}"));
    let program = std::env::current_exe().map_err(unknown)?;
    let usual = WorkerLimits::default();
    let memory = allowed.memory.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(usual.address_space);
    let cpu_seconds = allowed.time.unwrap_or(usual.cpu_seconds);
    let limits = WorkerLimits { address_space: memory.clamp(MINIMUM, usual.address_space), cpu_seconds, ..usual };
    let isolation = Isolation::new(program).argument(ARGUMENT).limits(limits);
    Ok(options.with_isolation(match allowed.time {
        Some(seconds) => isolation.deadline(Duration::from_secs(seconds)),
        None => isolation,
    }))
}

/// The program itself needs that much.
const MINIMUM: u64 = 64 << 20;

/// The reading process.
pub(crate) fn serve() -> io::Result<()> {
    rfm_kit::serve_isolated(io::stdin().lock(), io::stdout().lock())
}
