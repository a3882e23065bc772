//! How a reading process ended that did not send everything.

use std::fmt;
use std::process::ExitStatus;
use std::time::Duration;

use super::frame::FrameError;

/// How a reading process ended before it had sent everything.
///
/// The numbers are those of the operating system; what they mean is told as far as it is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// It asked for more memory than it may have, and gave up by this signal, if there are signals.
    Memory {
        /// The signal.
        signal: Option<i32>,
    },
    /// It used more CPU time than it may, and was ended by this signal.
    CpuTime {
        /// The signal.
        signal: i32,
    },
    /// It wrote more to a file than it may, and was ended by this signal.
    FileSize {
        /// The signal.
        signal: i32,
    },
    /// It crashed: an invalid access, a stack that overflowed, an abort.
    Crash {
        /// The signal.
        signal: i32,
        /// Whether it said that its stack overflowed.
        stack: bool,
    },
    /// Somebody else ended it: a user, or the kernel for want of memory.
    Killed {
        /// The signal.
        signal: i32,
    },
    /// It panicked.
    Panic,
    /// It ended by itself, with this code.
    Exit {
        /// The code; 0 is a process that says all is well.
        code: i32,
    },
    /// It sent nothing for so long and was ended.
    Silent {
        /// The deadline.
        deadline: Duration,
    },
    /// It sent what makes no sense and was ended.
    Garbled {
        /// What was wrong.
        problem: FrameError,
    },
}

// The numbers of Linux and macOS on all common processors; `libc` for four of them would be a dependency.
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;
const SIGXFSZ: i32 = 25;

impl Ending {
    /// What the status says, and what the process said last, which may hold data and is looked at for known words only.
    pub(super) fn of(status: ExitStatus, said: &[u8]) -> Ending {
        // The standard library says these before it aborts.
        let memory = holds(said, b"memory allocation of ") && holds(said, b" bytes failed");
        match signal(status) {
            Some(signal @ SIGABRT) if memory => Ending::Memory { signal: Some(signal) },
            Some(signal @ SIGABRT) => Ending::Crash { signal, stack: holds(said, b"has overflowed its stack") },
            Some(signal @ SIGXCPU) => Ending::CpuTime { signal },
            Some(signal @ SIGXFSZ) => Ending::FileSize { signal },
            Some(signal @ (1..=3 | SIGKILL | 15)) => Ending::Killed { signal },
            Some(signal) => Ending::Crash { signal, stack: false },
            None if memory => Ending::Memory { signal: None },
            // What the standard library ends a process with after a panic of its main thread.
            None if status.code() == Some(101) => Ending::Panic,
            None => Ending::Exit { code: status.code().unwrap_or(-1) },
        }
    }

    /// Whether a limit ended it, so that the same file may be readable with more.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(self, Ending::Memory { .. } | Ending::CpuTime { .. } | Ending::FileSize { .. } | Ending::Silent { .. })
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

fn holds(said: &[u8], words: &[u8]) -> bool {
    said.windows(words.len()).any(|window| window == words)
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Memory { signal: Some(signal) } => {
                write!(f, "was ended by signal {signal} (it asked for more memory than allowed)")
            }
            Ending::Memory { signal: None } => f.write_str("asked for more memory than allowed"),
            Ending::CpuTime { signal } => {
                write!(f, "was ended by signal {signal} (it used more CPU time than allowed)")
            }
            Ending::FileSize { signal } => {
                write!(f, "was ended by signal {signal} (it wrote more to a file than allowed)")
            }
            Ending::Crash { signal, stack: true } => write!(f, "was ended by signal {signal} (its stack overflowed)"),
            Ending::Crash { signal: signal @ SIGABRT, .. } => write!(f, "was ended by signal {signal} (it gave up)"),
            Ending::Crash { signal, .. } => write!(f, "was ended by signal {signal} (it crashed)"),
            Ending::Killed { signal: signal @ SIGKILL } => {
                write!(f, "was ended by signal {signal} (somebody killed it, or the machine ran out of memory)")
            }
            Ending::Killed { signal } => write!(f, "was ended by signal {signal} (somebody stopped it)"),
            Ending::Panic => f.write_str("panicked"),
            Ending::Exit { code: 0 } => f.write_str("ended too early"),
            Ending::Exit { code } => write!(f, "ended too early with exit code {code}"),
            Ending::Silent { deadline } => {
                write!(f, "sent nothing for {} s and was ended", deadline.as_millis() as f64 / 1000.0)
            }
            Ending::Garbled { problem } => write!(f, "sent {problem} and was ended"),
        }
    }
}
