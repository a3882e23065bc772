//! Models as files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rfm_core::{CountedLines, Model};

use crate::error::{Error, ErrorKind};

/// The model of a file, as [`Run::save_model`](crate::Run::save_model) writes it.
///
/// # Errors
///
/// [`Error`] if the file cannot be read, or with line, column and path of the value that is wrong.
///
/// # Examples
///
/// ```
/// use rfm_kit::{Day, Job, read_model};
///
/// # let dir = tempfile::tempdir()?;
/// # let (autumn, file) = (dir.path().join("autumn.csv"), dir.path().join("autumn.json"));
/// # std::fs::write(&autumn, "customer,date,amount\nann,2011-09-01,19.99\nbob,2011-10-03,5.00\n")?;
/// Job::new([autumn]).as_of(Day::from_ymd(2011, 10, 31)?).run()?.save_model(&file)?;
/// let model = read_model(&file)?;
/// assert_eq!(model.fitted_on().expect("it was fitted").customers(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_model(path: &Path) -> Result<Model, Error> {
    let open = |source| ErrorKind::Open { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    // One byte more than a model may have is enough to see that it is none.
    let most = u64::try_from(Model::FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(open)?;
    let text = String::from_utf8(bytes).map_err(|error| open(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(Model::from_json(text).map_err(|error| ErrorKind::ModelFile { path: path.to_owned(), error })?)
}

/// What keeps customers from being like those that a model was fitted on, though they are scored: other lines count, or nobody
/// tells the currency.
pub(crate) fn notes_on_model(model: &Model, currency: Option<&str>, lines: Option<&CountedLines>) -> Vec<String> {
    let mut notes = Vec::new();
    let fitted = model.fitted_on().and_then(|fitted_on| fitted_on.counted_lines());
    let differences = fitted.zip(lines).map(|(then, now)| then.differences(now)).unwrap_or_default();
    if !differences.is_empty() {
        let shown = |value: &str| if value.is_empty() { "none".to_owned() } else { format!("`{value}`") };
        let rules =
            differences.iter().map(|(name, then, now)| format!("{name} was {}, here {}", shown(then), shown(now)));
        let rules = rules.collect::<Vec<_>>().join("; ");
        notes.push(format!("other lines count than where the model was fitted: {rules}"));
    }
    if let (Some(fitted), None) = (model.currency(), currency) {
        notes.push(format!("the model is of money in {fitted}, and nothing tells the currency here"));
    }
    notes
}
