//! A workbook: its sheets, and their rows one after the other.

use std::fmt;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::{ControlFlow, RangeInclusive};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use calamine::{SheetType, SheetVisible};
use rfm_core::Limits;
#[cfg(doc)]
use rfm_core::cell::CellFault;
use rfm_input::{FileReader, InputName, Position, StoredFile};

#[cfg(feature = "legacy")]
use crate::container::Container;
use crate::container::{Archive, Caps};
use crate::error::{Error, ErrorKind};
use crate::fault::Fault;
use crate::gatherer::Gatherer;
use crate::kind::WorkbookKind;
#[cfg(feature = "legacy")]
use crate::legacy::Legacy;
#[cfg(feature = "legacy")]
use crate::merges::Merges;
use crate::rows::{SheetRow, SheetRows};
use crate::serial::DateSystem;
use crate::xlsx::XlsxBook;

/// The bytes of a workbook.
#[cfg(feature = "legacy")]
pub(crate) type Bytes = BufReader<Counted>;

/// The parts of a workbook that is a zip archive, behind our guards.
#[cfg(feature = "legacy")]
pub(crate) type Parts = Container<Bytes>;

/// A rectangle of merged cells: one value, shown over all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedArea {
    rows: RangeInclusive<u64>,
    columns: RangeInclusive<usize>,
}

impl MergedArea {
    /// From the rows and columns of two cells, counted from 0.
    pub(crate) fn of(first: (u32, u32), last: (u32, u32)) -> MergedArea {
        MergedArea { rows: u64::from(first.0) + 1..=u64::from(last.0) + 1, columns: first.1 as usize..=last.1 as usize }
    }

    /// The rows from the first to the last, from 1.
    #[must_use]
    pub fn rows(&self) -> RangeInclusive<u64> {
        self.rows.clone()
    }

    /// The columns from the first to the last, from 0.
    #[must_use]
    pub fn columns(&self) -> RangeInclusive<usize> {
        self.columns.clone()
    }
}

/// Adds what is read to a counter that somebody watches.
pub(crate) struct Counted {
    reader: FileReader,
    counter: Option<Arc<AtomicU64>>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(out)?;
        if let Some(counter) = &self.counter {
            counter.fetch_add(read as u64, Ordering::Relaxed);
        }
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}

/// A sheet of cells. Those of charts, dialogs and macros are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    name: String,
    is_visible: bool,
}

impl Sheet {
    /// A sheet of a workbook that somebody else reads.
    pub fn new(name: impl Into<String>, is_visible: bool) -> Sheet {
        Sheet { name: name.into(), is_visible }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has a tab that can be seen.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.is_visible
    }
}

/// Who delivers the rows of the sheets of a workbook: a [`Workbook`] in this process, or another process that has one.
pub trait Sheets: Send {
    /// The format.
    fn kind(&self) -> WorkbookKind;

    /// From which day its dates are counted.
    fn date_system(&self) -> DateSystem;

    /// The sheets, in the order of their tabs.
    fn sheets(&self) -> &[Sheet];

    /// Reads a sheet, by its place among [`Sheets::sheets`], from its first row on, and hands over some rows at a time, until it
    /// ends or `visit` breaks. Rows come in ascending order; one without a cell is none.
    ///
    /// Gives the merged areas that became known only when the sheet had ended, whose cells but the first are empty in the rows;
    /// where they are known before, these cells are [`CellFault::Covered`].
    ///
    /// # Errors
    ///
    /// [`Error`] if the sheet cannot be read further.
    fn read(
        &mut self,
        sheet: usize,
        visit: &mut dyn FnMut(SheetRows) -> ControlFlow<()>,
    ) -> Result<Vec<MergedArea>, Error>;

    /// The same workbook once more, for a thread that reads another sheet at the same time; `None` if that would cost as much as
    /// opening it again.
    fn share(&self) -> Option<Box<dyn Sheets>> {
        None
    }
}

/// A workbook in this process.
///
/// An `.xlsx` file is streamed: memory holds its shared strings and some rows. The readers of `.xls`, `.xlsb` and `.ods`
/// (feature `legacy`) hold all of it, and on crafted files they may end the process or never return, which nothing in the same
/// process can prevent: let a process with limits read them. What can be told in time is an error.
///
/// # Examples
///
/// ```no_run
/// use rfm_core::Limits;
/// use rfm_excel::Workbook;
/// use rfm_input::{InputName, StoredFile};
///
/// let file = StoredFile::open(&InputName::new("orders.xlsx"))?;
/// let mut workbook = Workbook::open(&file, Limits::default())?;
/// workbook.for_each_row(0, |row| {
///     println!("{}: {} cells", row.number(), row.cells().count());
///     std::ops::ControlFlow::Continue(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Workbook {
    file: StoredFile,
    kind: WorkbookKind,
    system: DateSystem,
    sheets: Vec<Sheet>,
    limits: Limits,
    book: Book,
    /// To whom the stored bytes that are read are told.
    counter: Option<Arc<AtomicU64>>,
}

enum Book {
    Xlsx(Arc<XlsxBook>),
    #[cfg(feature = "legacy")]
    Legacy(Legacy),
}

impl fmt::Debug for Workbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbook").field("name", self.file.name()).field("sheets", &self.sheets).finish_non_exhaustive()
    }
}

impl Workbook {
    /// Opens a workbook and reads what is not the cells of a sheet.
    ///
    /// # Errors
    ///
    /// [`Error`] if it is none, is protected by a password, is damaged, or has a format that is not built in.
    pub fn open(file: &StoredFile, limits: Limits) -> Result<Workbook, Error> {
        Workbook::open_counted(file, limits, None)
    }

    /// The same, adding the stored bytes that are read to a counter.
    pub(crate) fn open_counted(
        file: &StoredFile,
        limits: Limits,
        counter: Option<Arc<AtomicU64>>,
    ) -> Result<Workbook, Error> {
        let position = || Position::new(file.name());
        let kind = WorkbookKind::of(file)?;
        let reader = || Counted { reader: file.reader(), counter: counter.clone() };
        let caps = Caps::from(&limits);
        let (book, system, sheets) = match kind {
            WorkbookKind::Xlsx => {
                let open = || {
                    let archive = Archive::open(&mut BufReader::new(reader()), &caps)?;
                    XlsxBook::open(archive, || BufReader::new(reader()))
                };
                let (book, sheets) = guarded(position, open)?;
                let system = book.date_system();
                (Book::Xlsx(Arc::new(book)), system, sheets)
            }
            #[cfg(feature = "legacy")]
            _ => {
                let bytes = || BufReader::new(reader());
                let parts = || Container::open(bytes(), &caps).map_err(Fault::from);
                let book = guarded(position, || match kind {
                    WorkbookKind::Xlsb => Legacy::xlsb(parts()?),
                    WorkbookKind::Ods => Legacy::ods(parts()?),
                    _ => Legacy::xls(bytes()),
                })?;
                let (system, sheets) = (book.date_system(), sheets(book.sheets()));
                (Book::Legacy(book), system, sheets)
            }
            #[cfg(not(feature = "legacy"))]
            other => {
                let format = match other {
                    WorkbookKind::Xlsb => "an .xlsb file",
                    WorkbookKind::Ods => "an .ods file",
                    _ => "an .xls file",
                };
                return Err(ErrorKind::NotBuilt { position: position(), format }.into());
            }
        };
        // The reader below finds sheets by their names, so that the second of two could not be read.
        for (at, sheet) in sheets.iter().enumerate() {
            if sheets[..at].iter().any(|other| other.name == sheet.name) {
                return Err(ErrorKind::SameSheet { position: position().in_sheet(&sheet.name) }.into());
            }
        }
        Ok(Workbook { file: file.clone(), kind, system, sheets, limits, book, counter })
    }

    /// The workbook as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        self.file.name()
    }

    /// Reads a sheet row by row, until it ends or `visit` breaks; see [`Sheets::read`].
    ///
    /// # Errors
    ///
    /// As [`Sheets::read`].
    pub fn for_each_row(
        &mut self,
        sheet: usize,
        mut visit: impl FnMut(SheetRow<'_>) -> ControlFlow<()>,
    ) -> Result<Vec<MergedArea>, Error> {
        self.read(sheet, &mut |rows| rows.iter().try_for_each(&mut visit))
    }
}

impl Sheets for Workbook {
    fn kind(&self) -> WorkbookKind {
        self.kind
    }

    fn date_system(&self) -> DateSystem {
        self.system
    }

    fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    fn read(
        &mut self,
        sheet: usize,
        visit: &mut dyn FnMut(SheetRows) -> ControlFlow<()>,
    ) -> Result<Vec<MergedArea>, Error> {
        let Some(name) = self.sheets.get(sheet).map(|sheet| sheet.name.as_str()) else { return Ok(Vec::new()) };
        let position = || Position::new(self.file.name()).in_sheet(name);
        let mut gatherer = Gatherer::new(&self.file, name, self.limits, visit);
        let read = catch_unwind(AssertUnwindSafe(|| match &mut self.book {
            Book::Xlsx(book) => {
                let reader = Counted { reader: self.file.reader(), counter: self.counter.clone() };
                book.read(sheet, reader, &mut gatherer)
            }
            #[cfg(feature = "legacy")]
            Book::Legacy(book) => {
                gatherer.merges = Merges::new(book.merges(name));
                book.read(name, &mut gatherer)?;
                gatherer.finish()?;
                Ok(Vec::new())
            }
        }));
        read.unwrap_or_else(|_| Err(ErrorKind::Failed { position: position() }.into()))
    }

    fn share(&self) -> Option<Box<dyn Sheets>> {
        let book = match &self.book {
            Book::Xlsx(book) => Book::Xlsx(Arc::clone(book)),
            // Its reader holds all cells.
            #[cfg(feature = "legacy")]
            Book::Legacy(_) => return None,
        };
        let (file, sheets, counter) = (self.file.clone(), self.sheets.clone(), self.counter.clone());
        Some(Box::new(Workbook {
            file,
            kind: self.kind,
            system: self.system,
            sheets,
            limits: self.limits,
            book,
            counter,
        }))
    }
}

/// Calls into calamine: a panic there is an error of the file, not of the process.
fn guarded<T>(place: impl Fn() -> Position, call: impl FnOnce() -> Result<T, Fault>) -> Result<T, Error> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(|fault| fault.at(place())),
        Err(_) => Err(ErrorKind::Failed { position: place() }.into()),
    }
}

/// The sheets of cells among all.
pub(crate) fn sheets(metadata: &[calamine::Sheet]) -> Vec<Sheet> {
    let of_cells = metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    of_cells.map(|sheet| Sheet::new(&sheet.name, sheet.visible == SheetVisible::Visible)).collect()
}
