//! The error of a name that no measure has.

use crate::axes::Dimension;
use crate::suggest::{by_name, did_you_mean};

/// The error of a name that no measure of a dimension has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no measure of {dimension} `{name}`; there are {known}{}", did_you_mean(*similar))]
pub struct UnknownMeasure {
    dimension: Dimension,
    name: String,
    known: String,
    similar: Option<&'static str>,
}

impl UnknownMeasure {
    /// The measure of that name; case does not count, and `_` is `-`.
    pub(super) fn unless<M: Copy>(
        text: &str,
        dimension: Dimension,
        all: &[M],
        name: impl Fn(M) -> &'static str,
    ) -> Result<M, UnknownMeasure> {
        by_name(text, all, &name).map_err(|similar| {
            let known = all.iter().map(|measure| name(*measure)).collect::<Vec<_>>().join(", ");
            UnknownMeasure { dimension, name: text.to_owned(), known, similar }
        })
    }
}
