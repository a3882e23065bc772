//! Any input that there is an adapter for, opened by its content.

use std::path::{Path, PathBuf};

use rfm_core::TransactionBatch;
#[cfg(any(feature = "csv", feature = "excel", feature = "parquet"))]
use rfm_core::TransactionSource;
#[cfg(feature = "legacy")]
use rfm_input::StoredFile;
use rfm_input::worker::Isolation;
use rfm_input::{FileKind, InputName, InputReport, Intake, ReadOptions, Table};

use crate::error::{Error, ErrorKind};
#[cfg(feature = "legacy")]
use crate::isolation::opener;
#[cfg(feature = "parquet")]
use crate::isolation::rehearse;
use crate::threads::{Crew, Outcome};

/// How inputs are read: what concerns all of them, and what concerns one format.
///
/// # Examples
///
/// ```
/// use rfm_kit::{InputOptions, ReadOptions, Role};
///
/// let options = InputOptions::from(ReadOptions::default().column(Role::Customer, "Client ref"));
/// assert_eq!(options.read().roles().get(Role::Customer), Some("Client ref"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct InputOptions {
    read: ReadOptions,
    #[cfg(feature = "csv")]
    csv: rfm_csv::CsvOptions,
    #[cfg(feature = "excel")]
    excel: rfm_excel::ExcelOptions,
    #[cfg(feature = "parquet")]
    parquet: rfm_parquet::ParquetOptions,
    isolation: Option<Isolation>,
}

impl From<ReadOptions> for InputOptions {
    fn from(read: ReadOptions) -> InputOptions {
        InputOptions { read, ..InputOptions::default() }
    }
}

impl InputOptions {
    /// Columns, formats of cells, bad rows, of all inputs.
    #[must_use]
    pub fn read(&self) -> &ReadOptions {
        &self.read
    }

    /// Sets columns, formats of cells and bad rows, of all inputs.
    #[must_use]
    pub fn with_read(self, read: ReadOptions) -> InputOptions {
        InputOptions { read, ..self }
    }

    /// How delimited text is read; its [`ReadOptions`] are replaced by those of all inputs.
    #[cfg(feature = "csv")]
    #[must_use]
    pub fn with_csv(self, csv: rfm_csv::CsvOptions) -> InputOptions {
        InputOptions { csv, ..self }
    }

    /// How workbooks are read; its [`ReadOptions`] are replaced by those of all inputs.
    #[cfg(feature = "excel")]
    #[must_use]
    pub fn with_excel(self, excel: rfm_excel::ExcelOptions) -> InputOptions {
        InputOptions { excel, ..self }
    }

    /// How Parquet is read; its [`ReadOptions`] are replaced by those of all inputs.
    #[cfg(feature = "parquet")]
    #[must_use]
    pub fn with_parquet(self, parquet: rfm_parquet::ParquetOptions) -> InputOptions {
        InputOptions { parquet, ..self }
    }

    /// Has the formats whose readers a bad file can end or hang (.xls, .xlsb, .ods) read by a process of their own, and Parquet
    /// files of which only decoding shows how much memory they take decoded there first: a process of a program that calls
    /// `serve_isolated`. Without it they are read in this process.
    #[must_use]
    pub fn with_isolation(self, isolation: Isolation) -> InputOptions {
        InputOptions { isolation: Some(isolation), ..self }
    }

    /// For second tables, of which columns and sheets are their own: only what does not concern the content.
    pub(crate) fn for_tables(&self) -> InputOptions {
        let read = ReadOptions::default().limits(self.read.given_limits());
        InputOptions { isolation: self.isolation.clone(), ..InputOptions::from(read) }
    }

    #[cfg(feature = "csv")]
    pub(crate) fn csv(&self) -> rfm_csv::CsvOptions {
        self.csv.clone().reading(self.read.clone())
    }

    #[cfg(feature = "excel")]
    pub(crate) fn excel(&self) -> rfm_excel::ExcelOptions {
        self.excel.clone().reading(self.read.clone())
    }

    #[cfg(feature = "parquet")]
    pub(crate) fn parquet(&self) -> rfm_parquet::ParquetOptions {
        let parquet = self.parquet.clone().reading(self.read.clone());
        match self.isolation.clone() {
            Some(isolation) => parquet.rehearse(move |name, columns| Ok(rehearse(&isolation, name, columns)?)),
            None => parquet,
        }
    }
}

/// The inputs of one format, which are read as one. Without an adapter there is none of them, which is why its methods match the
/// place and not a reference: a place of an empty type needs no arm.
#[derive(Debug)]
pub(crate) enum Source {
    #[cfg(feature = "csv")]
    Csv(Box<rfm_csv::CsvSource>),
    #[cfg(feature = "excel")]
    Excel(Box<rfm_excel::ExcelSource>),
    #[cfg(feature = "parquet")]
    Parquet(Box<rfm_parquet::ParquetSource>),
}

impl Source {
    /// Opens inputs, those of one format together, in the order in which the formats come first.
    pub(crate) fn open_all(paths: &[PathBuf], options: &InputOptions) -> Result<Vec<Source>, Error> {
        let mut groups: Vec<(FileKind, Vec<&Path>)> = Vec::new();
        for path in paths {
            let kind = kind_of(path)?;
            match groups.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, group)) => group.push(path),
                None => groups.push((kind, vec![path])),
            }
        }
        if groups.len() > 1 && options.read.drops_repeated_lines() {
            return Err(ErrorKind::RepeatsOverFormats.into());
        }
        groups.into_iter().map(|(kind, group)| Source::open(kind, &group, options)).collect()
    }

    fn open(kind: FileKind, paths: &[&Path], options: &InputOptions) -> Result<Source, Error> {
        let paths = paths.iter().copied();
        Ok(match kind {
            #[cfg(feature = "csv")]
            FileKind::Text => Source::Csv(Box::new(rfm_csv::CsvSource::open(paths, options.csv())?)),
            #[cfg(feature = "excel")]
            FileKind::Workbook => Source::Excel(Box::new(open_workbooks(paths, options)?)),
            #[cfg(feature = "parquet")]
            FileKind::Parquet => Source::Parquet(Box::new(rfm_parquet::ParquetSource::open(paths, options.parquet())?)),
            _ => return Err(no_adapter(kind, paths.last())),
        })
    }

    /// Has it read by several threads, if they can; it is gone if they failed.
    #[cfg_attr(
        not(any(feature = "csv", feature = "excel", feature = "parquet")),
        allow(unused_variables, reason = "there is no source")
    )]
    pub(crate) fn read_by(self, crew: Crew<'_>) -> (Option<Source>, Outcome) {
        match self {
            #[cfg(feature = "csv")]
            Source::Csv(source) => {
                let size = source.size();
                let (source, outcome) = crew.read(source, size, rfm_csv::CsvSource::into_pieces);
                (source.map(Source::Csv), outcome)
            }
            #[cfg(feature = "parquet")]
            Source::Parquet(source) => {
                let size = Some(source.size());
                let into_pieces = |source: rfm_parquet::ParquetSource| source.into_pieces(crew.threads);
                let (source, outcome) = crew.read(source, size, into_pieces);
                (source.map(Source::Parquet), outcome)
            }
            #[cfg(feature = "excel")]
            Source::Excel(source) => {
                let size = Some(source.size());
                let (source, outcome) = crew.read(source, size, rfm_excel::ExcelSource::into_pieces);
                (source.map(Source::Excel), outcome)
            }
        }
    }

    pub(crate) fn next_batch(&mut self) -> Result<Option<TransactionBatch<'_>>, Error> {
        Ok(match *self {
            #[cfg(feature = "csv")]
            Source::Csv(ref mut source) => source.next_batch()?,
            #[cfg(feature = "excel")]
            Source::Excel(ref mut source) => source.next_batch()?,
            #[cfg(feature = "parquet")]
            Source::Parquet(ref mut source) => source.next_batch()?,
        })
    }

    pub(crate) fn intake(&self) -> &Intake {
        match *self {
            #[cfg(feature = "csv")]
            Source::Csv(ref source) => source.intake(),
            #[cfg(feature = "excel")]
            Source::Excel(ref source) => source.intake(),
            #[cfg(feature = "parquet")]
            Source::Parquet(ref source) => source.intake(),
        }
    }

    pub(crate) fn reports(&self) -> &[InputReport] {
        match *self {
            #[cfg(feature = "csv")]
            Source::Csv(ref source) => source.reports(),
            #[cfg(feature = "excel")]
            Source::Excel(ref source) => source.reports(),
            #[cfg(feature = "parquet")]
            Source::Parquet(ref source) => source.reports(),
        }
    }
}

#[cfg(feature = "excel")]
fn open_workbooks<'p>(
    paths: impl Iterator<Item = &'p Path>,
    options: &InputOptions,
) -> Result<rfm_excel::ExcelSource, Error> {
    let excel = options.excel();
    Ok(match &options.isolation {
        #[cfg(feature = "legacy")]
        Some(isolation) => rfm_excel::ExcelSource::open_with(paths, excel, opener(isolation.clone(), &options.read))?,
        _ => rfm_excel::ExcelSource::open(paths, excel)?,
    })
}

#[cfg(feature = "excel")]
pub(crate) fn inspect_workbook(path: &Path, options: &InputOptions) -> Result<rfm_excel::Inspection, Error> {
    Ok(match &options.isolation {
        #[cfg(feature = "legacy")]
        Some(isolation) => {
            let file = StoredFile::open(&InputName::new(path))?;
            let mut book = opener(isolation.clone(), &options.read)(&file)?;
            rfm_excel::inspect_sheets(file.name(), &mut *book, &options.excel())
        }
        _ => rfm_excel::inspect(path, &options.excel())?,
    })
}

#[cfg(feature = "excel")]
fn read_workbook_table(path: &Path, options: &InputOptions) -> Result<Table, Error> {
    Ok(match &options.isolation {
        #[cfg(feature = "legacy")]
        Some(isolation) => {
            let file = StoredFile::open(&InputName::new(path))?;
            let mut book = opener(isolation.clone(), &options.read)(&file)?;
            rfm_excel::table_of(file.name(), &mut *book, &options.excel())?
        }
        _ => rfm_excel::read_table(path, &options.excel())?,
    })
}

/// Reads a small table whole, of any format: segment lookups, lists of orders, attributes of customers.
///
/// # Errors
///
/// [`Error`] if it cannot be read.
///
/// # Examples
///
/// ```
/// use rfm_kit::{InputOptions, read_table};
///
/// # let dir = tempfile::tempdir()?;
/// # let path = dir.path().join("codes.csv");
/// # std::fs::write(&path, "code,segment\n555,Champions\n")?;
/// let table = read_table(path, &InputOptions::default())?;
/// assert_eq!(table.columns(), ["code", "segment"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_table(path: impl AsRef<Path>, options: &InputOptions) -> Result<Table, Error> {
    let path = path.as_ref();
    let kind = kind_of(path)?;
    Ok(match kind {
        #[cfg(feature = "csv")]
        FileKind::Text => rfm_csv::read_table(path, options.csv())?,
        #[cfg(feature = "excel")]
        FileKind::Workbook => read_workbook_table(path, options)?,
        #[cfg(feature = "parquet")]
        FileKind::Parquet => rfm_parquet::read_table(path, options.parquet())?,
        _ => return Err(no_adapter(kind, Some(path))),
    })
}

/// Directories hold Parquet: nothing else is spread over many files by the systems that write it.
pub(crate) fn kind_of(path: &Path) -> Result<FileKind, Error> {
    if path.is_dir() {
        return Ok(FileKind::Parquet);
    }
    Ok(FileKind::of_input(&InputName::new(path))?)
}

pub(crate) fn no_adapter(kind: FileKind, path: Option<&Path>) -> Error {
    let (format, help) = match kind {
        FileKind::Text => ("delimited text", "build rfm-kit with the feature `csv`"),
        FileKind::Workbook => ("a workbook", "build rfm-kit with the feature `excel`"),
        FileKind::Parquet => ("a Parquet file or a directory", "build rfm-kit with the feature `parquet`"),
        _ => ("an Arrow file", "write it as Parquet"),
    };
    ErrorKind::NoAdapter { path: path.unwrap_or(Path::new("-")).to_owned(), format, help }.into()
}
