//! A model as a file: JSON that reads back exactly, on any machine and in any later version.
//!
//! ```json
//! {
//!   "format": "rfm-model",
//!   "version": 1,
//!   "fitted_as_of": "2011-12-10",
//!   "analysis_time": null,
//!   "currency": null,
//!   "measures": {"recency": "days", "frequency": "orders", "monetary": "total"},
//!   "cuts": {
//!     "recency": {"closed": "right", "cuts": [{"numerator": 1487, "denominator": 5}]},
//!     "frequency": …, "monetary": …
//!   },
//!   "segments": ["name = \"two\"", "bins = 2", …],
//!   "fitted_on": null
//! }
//! ```
//!
//! Cuts are in units (days, counts, whole units of money) and in lowest terms. The lines of `segments` are a rule file, so that
//! whatever rules can say stands in a model too. `fitted_on` says how customers lay when the model was fitted.

mod read;
mod write;

#[cfg(test)]
mod tests;

use crate::json::{Bounds, Fault, Syntax};
use crate::model::Model;
use crate::segments::RuleFileProblem;

const FORMAT: &str = "rfm-model";

const BOUNDS: Bounds = Bounds { bytes: Model::FILE_BYTES, values: 200_000, depth: 8 };

/// What is wrong with a model file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {}{problem}", if path.is_empty() { String::new() } else { format!("`{path}`: ") })]
pub struct ModelFileError {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// The way to the value, such as `cuts.recency.cuts[2]`; empty of the whole file.
    pub path: String,
    /// What is wrong.
    pub problem: ModelFileProblem,
}

/// What is wrong with a model file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileProblem {
    /// Not JSON, or more of it than a model has.
    #[error("{message}")]
    Syntax {
        /// What was expected, and what was found.
        message: String,
    },
    /// JSON, but of something else.
    #[error("this is no model; expected `\"format\": \"{FORMAT}\"`")]
    Format,
    /// A model of a version that this one does not know.
    #[error(
        "a model of version {found}, and this release reads version {}; a later release may read it",
        Model::FILE_VERSION
    )]
    Version {
        /// The version.
        found: String,
    },
    /// A value that cannot stand there.
    #[error("{message}")]
    Value {
        /// What was expected, and what was found.
        message: String,
    },
    /// A rule that is wrong.
    #[error("{0}")]
    Rules(RuleFileProblem),
}

impl Model {
    /// The value of `version` in a model file. It changes when a key changes its meaning, goes, or comes, unless it may be left out.
    pub const FILE_VERSION: u32 = 1;
    /// Most bytes that a model file may have: 4 MiB.
    pub const FILE_BYTES: usize = 4 << 20;
    /// The JSON Schema (draft 2020-12) of a model file.
    pub const FILE_SCHEMA: &str = include_str!("../../schema/model.schema.json");

    /// The model as a file of version [`Model::FILE_VERSION`], which [`Model::from_json`] reads back.
    ///
    /// The same model gives the same bytes. What is read back is equal, and gives equal results; only a rule of several boxes
    /// that are no codes, which files of rules do not have, becomes several rules of its segment.
    #[must_use]
    pub fn to_json(&self) -> String {
        write::document(self).to_pretty()
    }

    /// The model of a file.
    ///
    /// All keys have to be there, but for `fitted_on.counted_lines`, which earlier releases did not write. A key that is not known is an error, since it may change what the model means; only those that begin
    /// with `x-` are free for notes of whoever keeps the file, and are not kept. A file may have [`Model::FILE_BYTES`].
    ///
    /// # Errors
    ///
    /// [`ModelFileError`] for the first thing that is wrong, with its place.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{Amount, Day, Model, Rfm, Transaction};
    ///
    /// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
    /// let mut summaries = rfm.summaries();
    /// let (day, amount) = (Day::from_ymd(2011, 12, 9)?, Amount::from_minor(1_999));
    /// summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
    /// let model = rfm.fit(&summaries.finish()?)?;
    ///
    /// let text = model.to_json();
    /// let read = Model::from_json(&text)?;
    /// assert_eq!((read.fitted_on(), &read), (model.fitted_on(), &model));
    ///
    /// let error = Model::from_json(&text.replace("right", "rigth")).unwrap_err();
    /// assert_eq!(error.path, "cuts.recency.closed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Model, ModelFileError> {
        read::model(text).map_err(|wrong| {
            let before = text.get(..wrong.at).unwrap_or(text);
            let line = before.matches('\n').count().saturating_add(1);
            let in_line = before.rsplit('\n').next().unwrap_or_default();
            let column = in_line.chars().count().saturating_add(1);
            ModelFileError { line, column, path: wrong.path, problem: wrong.problem }
        })
    }
}

/// What is wrong, at a byte of the text.
struct Wrong {
    at: usize,
    path: String,
    problem: ModelFileProblem,
}

impl From<Syntax> for Wrong {
    fn from(Syntax { at, message }: Syntax) -> Wrong {
        Wrong { at, path: String::new(), problem: ModelFileProblem::Syntax { message } }
    }
}

impl From<Fault> for Wrong {
    fn from(Fault { at, path, message }: Fault) -> Wrong {
        Wrong { at, path, problem: ModelFileProblem::Value { message } }
    }
}
