//! How workbooks are to be read.

use rfm_input::ReadOptions;

/// Which sheets are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SheetChoice {
    /// The visible sheets that have data, if they have the same columns; otherwise it must be said which.
    #[default]
    OneTable,
    /// All visible sheets that have data, each with columns of its own.
    Visible,
    /// These, hidden or not: names, or numbers counted from 1 in the order of the tabs. A name wins over a number.
    Named(Vec<String>),
}

/// How a workbook is read; the default finds everything out by itself and refuses to guess.
///
/// What is not about workbooks is said by [`ReadOptions`]: `ExcelOptions::from(read)`, or [`ExcelOptions::reading`].
///
/// # Examples
///
/// ```
/// use rfm_excel::ExcelOptions;
///
/// let options = ExcelOptions::default().sheet("Orders 2010").sheet("Orders 2011").header_row(4);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ExcelOptions {
    pub(crate) read: ReadOptions,
    pub(crate) sheets: SheetChoice,
    pub(crate) header_row: Option<u64>,
}

impl From<ReadOptions> for ExcelOptions {
    fn from(read: ReadOptions) -> ExcelOptions {
        ExcelOptions { read, ..ExcelOptions::default() }
    }
}

impl ExcelOptions {
    /// How cells and rows are read.
    #[must_use]
    pub fn reading(self, read: ReadOptions) -> ExcelOptions {
        ExcelOptions { read, ..self }
    }

    /// Which sheets are read.
    #[must_use]
    pub fn sheets(self, sheets: SheetChoice) -> ExcelOptions {
        ExcelOptions { sheets, ..self }
    }

    /// Names a sheet that is read, beside those that were named before; a number counts the sheets from 1.
    #[must_use]
    pub fn sheet(self, sheet: impl Into<String>) -> ExcelOptions {
        let mut named = match self.sheets {
            SheetChoice::Named(named) => named,
            SheetChoice::OneTable | SheetChoice::Visible => Vec::new(),
        };
        named.push(sheet.into());
        ExcelOptions { sheets: SheetChoice::Named(named), ..self }
    }

    /// The row that holds the names of the columns, from 1, in all sheets; without it the first one is taken whose names give
    /// all roles a column.
    #[must_use]
    pub fn header_row(self, row: u64) -> ExcelOptions {
        ExcelOptions { header_row: Some(row), ..self }
    }
}
