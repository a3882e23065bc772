//! What is derived from a value once, and kept beside it.

use std::sync::OnceLock;

/// Something that is computed when it is first asked for. It adds nothing to what it is derived from, so that any two are equal.
#[derive(Clone, Debug)]
pub(crate) struct Kept<T>(OnceLock<T>);

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(OnceLock::new())
    }
}

impl<T: Clone> Kept<T> {
    /// What is kept, or what `compute` gives, which is kept.
    ///
    /// Nobody waits for somebody who is computing: a thread of a pool that waits takes other work meanwhile, which may ask for the
    /// same. Two who ask at once both compute it.
    pub(crate) fn get(&self, compute: impl FnOnce() -> T) -> T {
        match self.0.get() {
            Some(kept) => kept.clone(),
            None => {
                let computed = compute();
                // If it was there after all, it is the same.
                let _ = self.0.set(computed.clone());
                computed
            }
        }
    }
}

impl<T> PartialEq for Kept<T> {
    fn eq(&self, _: &Kept<T>) -> bool {
        true
    }
}

impl<T> Eq for Kept<T> {}
