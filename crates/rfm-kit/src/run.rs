//! A finished run.

use std::path::{Path, PathBuf};

use rfm_core::Segmentation;
use rfm_input::InputReport;
use rfm_output::{Extras, Format, RunDescription, TextGuard};

use crate::error::Error;

/// The result of a [`crate::Job`]: customers with segments, what was read, and what to know about it.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) segmentation: Segmentation,
    pub(crate) description: RunDescription,
    pub(crate) extras: Extras,
    pub(crate) inputs: Vec<InputReport>,
    pub(crate) notes: Vec<String>,
}

impl Run {
    /// Customers with scores and segments.
    #[must_use]
    pub fn segmentation(&self) -> &Segmentation {
        &self.segmentation
    }

    /// The result, for another use.
    #[must_use]
    pub fn into_segmentation(self) -> Segmentation {
        self.segmentation
    }

    /// Every choice that was made, and what was read.
    #[must_use]
    pub fn description(&self) -> &RunDescription {
        &self.description
    }

    /// What was asked for beyond the usual columns: more columns, attributes, segments by the values of a column.
    #[must_use]
    pub fn extras(&self) -> &Extras {
        &self.extras
    }

    /// What was found out about each input.
    #[must_use]
    pub fn inputs(&self) -> &[InputReport] {
        &self.inputs
    }

    /// What to know about the input: a file that may be cut short, ids that look like floats, rounded numbers.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Writes `customers.*`, `segments.*` and `scores.*` in each format, and `run.json`, into a directory: all of them or,
    /// if one fails, none.
    ///
    /// # Errors
    ///
    /// [`Error`] if one is an input, or cannot be written; the files that were there before are unchanged then.
    pub fn write(&self, directory: &Path, formats: &[Format], guard: TextGuard) -> Result<Vec<PathBuf>, Error> {
        let inputs: Vec<&Path> = self.inputs.iter().map(|input| input.name().as_path()).collect();
        rfm_output::refuse_overwriting(
            &inputs,
            &rfm_output::result_paths(directory, formats, self.extras.by().is_some()),
        )?;
        Ok(rfm_output::write_result(directory, &self.segmentation, &self.extras, formats, guard, &self.description)?)
    }
}
