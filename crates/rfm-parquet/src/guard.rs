//! Calls into the Parquet library, which panics on some damage.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside of a call whose panics are caught and become errors.
///
/// The panic hook is one for the whole process, so that a library has no business to set it. A program that wants no
/// message of such a panic on standard error asks this in its own hook.
///
/// # Examples
///
/// ```
/// let default = std::panic::take_hook();
/// std::panic::set_hook(Box::new(move |info| {
///     if !rfm_parquet::is_guarded() {
///         default(info);
///     }
/// }));
/// ```
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Sets the mark back when a call ends, however it ends.
struct Mark(bool);

impl Drop for Mark {
    fn drop(&mut self) {
        GUARDED.set(self.0);
    }
}

/// Calls the library; a panic becomes an error. What the call has touched must not be used afterwards.
pub(crate) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(|| {
        let _mark = Mark(GUARDED.replace(true));
        call()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_and_the_mark_goes() {
        assert!(guarded(|| assert!(!is_guarded(), "inside")).is_err());
        assert!(!is_guarded());
        assert!(matches!(guarded(is_guarded), Ok(true)));
    }
}
