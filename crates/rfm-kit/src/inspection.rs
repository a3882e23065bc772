//! A look at an input of any format.

use std::path::Path;

use rfm_core::Role;
use rfm_input::{FileKind, InputName};

use crate::error::Error;
#[cfg(feature = "excel")]
use crate::source::inspect_workbook;
use crate::source::{InputOptions, kind_of, no_adapter};

/// What an input is taken for, and what would go wrong if it were used.
#[derive(Debug)]
pub struct Inspection {
    name: InputName,
    facts: Vec<(String, String)>,
    column_names: Vec<String>,
    columns: Vec<(Role, String, String)>,
    rows: u64,
    is_complete: bool,
    problems: Vec<Error>,
    problem_count: u64,
}

/// Looks at an input. Problems do not stop the look; only what cannot be opened is an error.
///
/// # Errors
///
/// [`Error`] if it cannot be opened, is in a format that is not read, or has no table.
///
/// # Examples
///
/// ```
/// use rfm_kit::{InputOptions, inspect};
///
/// # let dir = tempfile::tempdir()?;
/// # let orders = dir.path().join("orders.csv");
/// # std::fs::write(&orders, "id;date\n7;2024-13-01\n")?;
/// let inspection = inspect(&orders, &InputOptions::default())?;
/// assert_eq!((inspection.column_names(), inspection.rows()), (&["id".to_owned(), "date".to_owned()][..], 1));
/// assert!(inspection.problems()[0].to_string().contains("line 1: no column for the customer"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn inspect(path: impl AsRef<Path>, options: &InputOptions) -> Result<Inspection, Error> {
    let path = path.as_ref();
    let kind = kind_of(path)?;
    Ok(match kind {
        #[cfg(feature = "csv")]
        FileKind::Text => Inspection::of_text(rfm_csv::inspect(path, &options.csv())?),
        #[cfg(feature = "excel")]
        FileKind::Workbook => Inspection::of_workbook(inspect_workbook(path, options)?),
        #[cfg(feature = "parquet")]
        FileKind::Parquet => Inspection::of_parquet(rfm_parquet::inspect(path, &options.parquet())?),
        _ => return Err(no_adapter(kind, Some(path))),
    })
}

impl Inspection {
    #[cfg(feature = "csv")]
    fn of_text(text: rfm_csv::Inspection) -> Inspection {
        Inspection {
            name: text.name().clone(),
            facts: text.facts(),
            column_names: text.column_names().to_vec(),
            columns: text.columns(),
            rows: text.rows(),
            is_complete: text.is_complete(),
            problem_count: text.problem_count(),
            problems: text.into_problems().into_iter().map(Error::from).collect(),
        }
    }

    /// The columns are those of the first sheet that is read: the others have the same, unless they were named.
    #[cfg(feature = "excel")]
    fn of_workbook(book: rfm_excel::Inspection) -> Inspection {
        let first = book.sheets().iter().find(|sheet| sheet.is_read());
        Inspection {
            name: book.name().clone(),
            facts: book.facts(),
            column_names: first.map(|sheet| sheet.column_names().to_vec()).unwrap_or_default(),
            columns: first.map(rfm_excel::SheetInspection::roles).unwrap_or_default(),
            rows: book.rows(),
            is_complete: book.is_complete(),
            problem_count: book.problem_count(),
            problems: book.into_problems().into_iter().map(Error::from).collect(),
        }
    }

    #[cfg(feature = "parquet")]
    fn of_parquet(table: rfm_parquet::Inspection) -> Inspection {
        Inspection {
            name: table.name().clone(),
            facts: table.facts(),
            column_names: table.column_names().to_vec(),
            columns: table.columns(),
            rows: table.rows(),
            is_complete: table.is_complete(),
            problem_count: table.problem_count(),
            problems: table.into_problems().into_iter().map(Error::from).collect(),
        }
    }
}

impl Inspection {
    /// The input as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.name
    }

    /// Everything that was found out, as names and values for people, with the reason behind each.
    #[must_use]
    pub fn facts(&self) -> &[(String, String)] {
        &self.facts
    }

    /// The names of the columns.
    #[must_use]
    pub fn column_names(&self) -> &[String] {
        &self.column_names
    }

    /// The column of each role that has one, and why.
    #[must_use]
    pub fn columns(&self) -> &[(Role, String, String)] {
        &self.columns
    }

    /// Rows below the header.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether the input was read to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The first problems; at most ten.
    #[must_use]
    pub fn problems(&self) -> &[Error] {
        &self.problems
    }

    /// How many problems there are in all.
    #[must_use]
    pub fn problem_count(&self) -> u64 {
        self.problem_count
    }
}
