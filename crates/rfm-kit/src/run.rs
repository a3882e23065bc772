//! A finished run.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use rfm_core::{CountedLines, Model, Segmentation};
use rfm_input::InputReport;
use rfm_output::{Extras, Format, Output, RunDescription, TextGuard};

use crate::error::{Error, ErrorKind};
use crate::pool::Pool;

/// The result of a [`crate::Job`]: customers with segments, what was read, and what to know about it.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) segmentation: Segmentation,
    pub(crate) description: RunDescription,
    pub(crate) extras: Extras,
    pub(crate) inputs: Vec<InputReport>,
    pub(crate) notes: Vec<String>,
    pub(crate) currency: Option<String>,
    /// Which lines counted, where a model can be fitted on them.
    pub(crate) counted_lines: Option<CountedLines>,
    pub(crate) model_file: Option<PathBuf>,
    pub(crate) pool: Pool,
}

impl Run {
    /// Customers with scores and segments.
    #[must_use]
    pub fn segmentation(&self) -> &Segmentation {
        &self.segmentation
    }

    /// Calls a function on the threads of the run, so that what it asks of the result ([`Segmentation::summary`],
    /// [`Segmentation::diagnostics`], [`Segmentation::drift`], any writer of [`output`](crate::output)) uses as many as
    /// [`Job::threads`](crate::Job::threads) says, and not the rayon pool around the call.
    pub fn on_threads<T: Send>(&self, call: impl FnOnce() -> T + Send) -> T {
        self.pool.install(call)
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

    /// The cut points and segments, to be applied to other customers; with the currency, if the lines told it, and which lines
    /// counted. `None` if a dimension was only ranked.
    #[must_use]
    pub fn model(&self) -> Option<Model> {
        let model = self.on_threads(|| self.segmentation.model())?;
        let model = match &self.currency {
            Some(currency) => model.with_currency(currency),
            None => model,
        };
        Some(match &self.counted_lines {
            Some(lines) => model.with_counted_lines(lines.clone()),
            None => model,
        })
    }

    /// Writes the model into a file, as a whole or not at all, from which [`read_model`](crate::read_model) and
    /// [`Job::model_file`](crate::Job::model_file) read it back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoCutPoints`] if a dimension was only ranked; [`Error`] if the file is an input, or cannot be written.
    pub fn save_model(&self, path: &Path) -> Result<(), Error> {
        let model = self.model().ok_or(ErrorKind::NoCutPoints)?;
        let read: Vec<&Path> = self.inputs.iter().map(|input| input.name().as_path()).collect();
        rfm_output::refuse_overwriting(&read, &[path])?;
        let mut out = Output::create(path)?;
        out.write_all(model.to_json().as_bytes()).map_err(|error| out.write_error(error))?;
        Ok(out.commit()?)
    }

    /// Writes `customers.*`, `segments.*` and `scores.*` in each format, and `run.json`, into a directory: all of them or,
    /// if one fails, none.
    ///
    /// # Errors
    ///
    /// [`Error`] if one is an input, or cannot be written; the files that were there before are unchanged then.
    pub fn write(&self, directory: &Path, formats: &[Format], guard: TextGuard) -> Result<Vec<PathBuf>, Error> {
        let read = self.inputs.iter().map(|input| input.name().as_path());
        let inputs: Vec<&Path> = read.chain(self.model_file.as_deref()).collect();
        rfm_output::refuse_overwriting(
            &inputs,
            &rfm_output::result_paths(directory, formats, self.extras.by().is_some()),
        )?;
        let Run { segmentation, extras, description, .. } = self;
        let write = || rfm_output::write_result(directory, segmentation, extras, formats, guard, description);
        Ok(self.on_threads(write)?)
    }
}
