//! The command a second time, with limits, for files that its readers may not survive.

use std::io;

use rfm_kit::InputOptions;
use rfm_kit::input::worker::{Isolation, WorkerLimits};

use crate::failure::{Code, Failure};

/// What makes the command the reading process. Not for people: it waits for a question on standard input.
pub(crate) const ARGUMENT: &str = "__read-rows";

/// Has dangerous formats read by this program, run again; in `memory` bytes, if that is less than usual.
pub(crate) fn isolated(options: InputOptions, memory: Option<usize>) -> Result<InputOptions, Failure> {
    let unknown = |error| Failure::new(Code::Data, format!("this program does not find itself: {error}"));
    let program = std::env::current_exe().map_err(unknown)?;
    let usual = WorkerLimits::default();
    let memory = memory.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(usual.address_space);
    let limits = WorkerLimits { address_space: memory.clamp(MINIMUM, usual.address_space), ..usual };
    Ok(options.with_isolation(Isolation::new(program).argument(ARGUMENT).limits(limits)))
}

/// The program itself needs that much.
const MINIMUM: u64 = 64 << 20;

/// The reading process.
pub(crate) fn serve() -> io::Result<()> {
    rfm_kit::serve_isolated(io::stdin().lock(), io::stdout().lock())
}
