//! Workbooks that another process reads.

use std::ops::ControlFlow;
use std::path::Path;

use rfm_core::Limits;
use rfm_excel::{DateSystem, Error, ErrorKind, MergedArea, Sheet, SheetRows, Sheets, Workbook, WorkbookKind};
use rfm_input::worker::{Event, Isolation, ListedTable, RowSender, SendError, Stop, Worker, WorkerError};
use rfm_input::{InputName, Position, ReadOptions, StoredFile};

use super::{Question, What, class};

/// What would help if the process does not survive.
const REMEDY: &str = "save it as .xlsx or .csv";

/// The side of the child.
pub(super) fn answer(path: &Path, sheet: Option<usize>, rows: &mut RowSender<'_>) -> Result<(), Stop> {
    let stop = |error: Error| Stop::new(class(error.is_io(), error.is_limit()), &error);
    let file = StoredFile::open(&InputName::new(path)).map_err(|error| stop(error.into()))?;
    let mut book = Workbook::open(&file, Limits::default()).map_err(stop)?;
    let facts = vec![("dates".to_owned(), book.date_system().to_string())];
    let listed = |sheet: &Sheet| ListedTable {
        name: sheet.name().to_owned(),
        visible: sheet.is_visible(),
        facts: facts.clone(),
    };
    rows.tables(&book.sheets().iter().map(listed).collect::<Vec<_>>())?;
    let Some(sheet) = sheet else { return Ok(()) };
    rows.begin(sheet)?;
    let mut failed: Option<SendError> = None;
    let read = book.for_each_row(sheet, |row| match rows.row(row.number(), row.cells()) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    });
    match failed {
        Some(error) => Err(error.into()),
        None => {
            read.map_err(stop)?;
            Ok(rows.end()?)
        }
    }
}

/// Opens workbooks: .xlsx here, behind guards; the others in a process of their own.
pub(crate) fn opener(
    isolation: Isolation,
    read: &ReadOptions,
) -> impl Fn(&StoredFile) -> Result<Box<dyn Sheets>, Error> + Send + Sync + 'static {
    let (limits, counter) = (read.given_limits(), read.progress_counter().cloned());
    move |file| match (WorkbookKind::of(file)?, &counter) {
        (WorkbookKind::Xlsx, None) => Ok(Box::new(Workbook::open(file, limits)?)),
        (WorkbookKind::Xlsx, Some(counter)) => {
            Ok(Box::new(Workbook::open(&file.clone().with_progress(counter.clone()), limits)?))
        }
        (kind, _) => Ok(Box::new(IsolatedBook::open(&isolation, file, kind)?)),
    }
}

/// The side of the parent: a workbook that another process reads.
struct IsolatedBook {
    isolation: Isolation,
    file: StoredFile,
    kind: WorkbookKind,
    system: DateSystem,
    sheets: Vec<Sheet>,
}

impl IsolatedBook {
    fn open(isolation: &Isolation, file: &StoredFile, kind: WorkbookKind) -> Result<IsolatedBook, Error> {
        let mut worker = ask(isolation, file, None)?;
        let mut tables = Vec::new();
        while let Some(event) = worker.next_event().map_err(elsewhere)? {
            if let Event::Tables(listed) = event {
                tables = listed;
            }
        }
        let is_1904 = tables.iter().any(|table| table.fact("dates") == Some(&DateSystem::From1904.to_string()));
        Ok(IsolatedBook {
            isolation: isolation.clone(),
            file: file.clone(),
            kind,
            system: if is_1904 { DateSystem::From1904 } else { DateSystem::From1900 },
            sheets: tables.into_iter().map(|table| Sheet::new(table.name, table.visible)).collect(),
        })
    }
}

impl Sheets for IsolatedBook {
    fn kind(&self) -> WorkbookKind {
        self.kind
    }

    fn date_system(&self) -> DateSystem {
        self.system
    }

    fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The process tells cells that are covered by others as such, so that no area is left to be told.
    fn read(
        &mut self,
        sheet: usize,
        visit: &mut dyn FnMut(SheetRows) -> ControlFlow<()>,
    ) -> Result<Vec<MergedArea>, Error> {
        let mut worker = ask(&self.isolation, &self.file, Some(sheet))?;
        while let Some(event) = worker.next_event().map_err(elsewhere)? {
            let Event::Rows(received) = event else { continue };
            let mut rows = SheetRows::default();
            for row in received.iter() {
                // The rows of a sheet are numbered with 32 bits; the process has told them from the same type.
                rows.begin(u32::try_from(row.number()).unwrap_or(u32::MAX));
                for (column, cell) in row.cells() {
                    rows.push(u32::try_from(column).unwrap_or(u32::MAX), cell);
                }
                rows.end();
            }
            if visit(rows).is_break() {
                return Ok(Vec::new());
            }
        }
        // The process opens the file by its name: it has to be the one that was looked at.
        self.file.check()?;
        Ok(Vec::new())
    }
}

fn ask(isolation: &Isolation, file: &StoredFile, sheet: Option<usize>) -> Result<Worker, Error> {
    let what = sheet.map_or(What::Sheets, What::Rows);
    let question = Question { path: file.name().as_path().to_owned(), what };
    Worker::start(isolation, file.name(), &question.encode(), REMEDY).map_err(elsewhere)
}

fn elsewhere(error: WorkerError) -> Error {
    let position: Position = error.position().clone();
    ErrorKind::Elsewhere { position, cause: Box::new(error) }.into()
}
