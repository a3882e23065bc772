//! What a reading process may use up.

use std::io;

/// How much the process that reads a file may use up before the operating system ends it.
///
/// Unlike [`Limits`](rfm_core::Limits), which are about the data and end in an error at a position, these are about the process
/// and end it.
///
/// # Examples
///
/// ```
/// use rfm_input::worker::WorkerLimits;
///
/// let limits = WorkerLimits { cpu_seconds: 10, ..WorkerLimits::default() };
/// assert_eq!(limits.address_space, 512 << 20);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerLimits {
    /// Bytes of address space, with the program itself: 512 MiB unless told otherwise.
    pub address_space: u64,
    /// Seconds of CPU time, 1 at least: 60 unless told otherwise. An endless loop uses them up, waiting does not.
    pub cpu_seconds: u64,
    /// Bytes of the largest file that it may write. A reader writes none, so 0 unless told otherwise. Pipes do not count.
    pub file_size: u64,
}

impl Default for WorkerLimits {
    fn default() -> WorkerLimits {
        WorkerLimits { address_space: 512 << 20, cpu_seconds: 60, file_size: 0 }
    }
}

/// Puts this process under limits, for good: they cannot be raised again, and a lower one that it has already stays.
///
/// Core dumps are switched off, since they would hold data. [`serve`](super::serve) calls this; it is public for programs that
/// need it elsewhere. On macOS, whose kernel does not keep the limit of the address space, that one is left out.
/// Outside of Unix there is nothing like it, and nothing is done: there only the deadline of the parent
/// ([`Isolation::deadline`](super::Isolation::deadline)) is left.
///
/// # Errors
///
/// What the operating system says when it refuses a limit; those before it are in force.
pub fn confine(limits: &WorkerLimits) -> io::Result<()> {
    #[cfg(unix)]
    {
        use rlimit::Resource;

        lower(Resource::CORE, 0, 0)?;
        // The soft limit sends SIGXCPU, which names the cause; a second later the hard one kills, should that be ignored.
        let seconds = limits.cpu_seconds.max(1);
        lower(Resource::CPU, seconds, seconds.saturating_add(1))?;
        lower(Resource::FSIZE, limits.file_size, limits.file_size)?;
        if !cfg!(target_vendor = "apple") {
            lower(Resource::AS, limits.address_space, limits.address_space)?;
        }
    }
    #[cfg(not(unix))]
    let _ = limits;
    Ok(())
}

#[cfg(unix)]
fn lower(resource: rlimit::Resource, soft: u64, hard: u64) -> io::Result<()> {
    let (soft_now, hard_now) = resource.get()?;
    resource.set(soft.min(soft_now).min(hard_now), hard.min(hard_now))
}
