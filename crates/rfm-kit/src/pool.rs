//! The threads that score and write.

use crate::error::Error;

/// Customers for which a thread is worth its start.
#[cfg(feature = "rayon")]
const CUSTOMERS: usize = 4096;

/// The threads of one run: as many as it may use, and none of them before it scores.
#[cfg(feature = "rayon")]
#[derive(Clone, Debug)]
pub(crate) struct Pool(std::sync::Arc<rayon::ThreadPool>);

#[cfg(feature = "rayon")]
impl Pool {
    /// So many threads, or as many as so many customers are worth.
    pub(crate) fn new(threads: usize, customers: usize) -> Result<Pool, Error> {
        let threads = threads.min(customers / CUSTOMERS + 1);
        // Not the pool that a process has for everybody: another part of the program may use it, and it has as many threads as the machine.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|at| format!("rfm-{at}")).build();
        let refused = |error| crate::error::ErrorKind::Threads { threads, source: Box::new(error) };
        Ok(Pool(std::sync::Arc::new(pool.map_err(refused)?)))
    }

    /// Calls a function on them.
    pub(crate) fn install<T: Send>(&self, call: impl FnOnce() -> T + Send) -> T {
        self.0.install(call)
    }
}

/// The thread of the caller.
#[cfg(not(feature = "rayon"))]
#[derive(Clone, Debug)]
pub(crate) struct Pool;

#[cfg(not(feature = "rayon"))]
impl Pool {
    #[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
    pub(crate) fn new(_: usize, _: usize) -> Result<Pool, Error> {
        Ok(Pool)
    }

    pub(crate) fn install<T: Send>(&self, call: impl FnOnce() -> T + Send) -> T {
        call()
    }
}
