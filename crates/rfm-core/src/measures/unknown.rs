//! The error of a name that no measure has.

use crate::axes::Dimension;
use crate::suggest::{did_you_mean, suggest};

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
        let wanted = text.trim().replace('_', "-").to_lowercase();
        all.iter().copied().find(|measure| name(*measure) == wanted).ok_or_else(|| {
            let names: Vec<&'static str> = all.iter().map(|measure| name(*measure)).collect();
            UnknownMeasure {
                dimension,
                name: text.to_owned(),
                known: names.join(", "),
                similar: suggest(&wanted, names.iter().copied()),
            }
        })
    }
}
