//! `.xlsx`, read by us: sheets are streamed, a window of bytes at a time.
//!
//! To the next reader: what is around the cells (which sheets there are, where they are, the calendar) is found out by calamine,
//! which is asked once, when a workbook is opened, and sees no cell. What is in cells is read here, with the same meaning that
//! calamine gives them, down to its leniencies; `tests/calamine.rs` holds both against each other. What was won by it is in
//! `docs/performance.md`.
//!
//! A sheet passes two threads: one inflates and checks ([`Windows`]), the other makes cells of what it is given ([`SheetParser`]).
//! Bytes that were checked are cut into tokens ([`xml`]) without doubts about nesting and lengths. Nearly all cells are plain and
//! told at a glance ([`plain`]).

mod backlog;
mod formats;
mod place;
mod plain;
mod sheet;
mod strings;
mod text;
mod value;
mod xml;

use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::sync::Arc;

use calamine::{Reader as _, Xlsx};

use crate::container::{Archive, Container, Questions, Windows};
use crate::error::Error;
use crate::fault::{Fault, PART};
use crate::gatherer::Gatherer;
use crate::serial::DateSystem;
use crate::workbook::{self, MergedArea, Sheet};

use backlog::read;
use formats::Formats;
use sheet::SheetParser;
use strings::Strings;
use value::Context;
use xml::Halt;

/// A workbook without its cells.
pub(crate) struct XlsxBook {
    archive: Arc<Archive>,
    system: DateSystem,
    /// The part of each sheet, if it is there.
    parts: Vec<Option<usize>>,
    strings: Strings,
    formats: Formats,
}

impl XlsxBook {
    /// Reads all but the sheets; `reader` gives the file, as often as it is asked for.
    pub(crate) fn open<R: Read + Seek + Send>(
        archive: Archive,
        reader: impl Fn() -> R,
    ) -> Result<(XlsxBook, Vec<Sheet>), Fault> {
        let (archive, questions) = (Arc::new(archive), Questions::default());
        let mut book = Xlsx::new(Container::asked(archive.clone(), reader(), questions.clone()))?;
        let parts = questions.take();
        let named = |name: &str| parts.iter().copied().find(|part| archive.key(*part).ends_with(name));
        let mut strings = Strings::default();
        if let Some(part) = named("sharedstrings.xml") {
            let windows = Windows::begin(&archive, part, reader())?;
            fault_of(read(windows, |bytes| strings.take(bytes).map(ControlFlow::Continue)))?;
            strings.finish()?;
        }
        let mut formats = Formats::default();
        if let Some(part) = named("styles.xml") {
            let windows = Windows::begin(&archive, part, reader())?;
            fault_of(read(windows, |bytes| formats.take(bytes).map(ControlFlow::Continue)))?;
        }
        let system = if book.has_1904_epoch() { DateSystem::From1904 } else { DateSystem::From1900 };
        let sheets = workbook::sheets(book.sheets_metadata());
        // It asks for the part and is told that it cannot be read.
        questions.silence();
        let part = |sheet: &Sheet| {
            let _ = book.worksheet_cells_reader(sheet.name());
            questions.take().first().copied()
        };
        let parts = sheets.iter().map(part).collect();
        Ok((XlsxBook { archive, system, parts, strings, formats }, sheets))
    }

    pub(crate) fn date_system(&self) -> DateSystem {
        self.system
    }

    /// Reads a sheet by its place among all, and what is behind its cells: merged cells are listed there, and the checksum of
    /// the part is compared at its end. If nobody wants more rows, it ends at once and tells nothing of that.
    pub(crate) fn read(
        &self,
        sheet: usize,
        reader: impl Read + Seek + Send,
        to: &mut Gatherer<'_>,
    ) -> Result<Vec<MergedArea>, Error> {
        let part = self.parts.get(sheet).copied().flatten();
        let windows =
            part.ok_or(Fault::Damaged(PART)).and_then(|part| Ok(Windows::begin(&self.archive, part, reader)?));
        let windows = windows.map_err(|fault| to.fault(fault))?;
        let mut parser =
            SheetParser::new(Context { strings: &self.strings, formats: &self.formats, system: self.system });
        match read(windows, |bytes| parser.take(bytes, to)) {
            Ok(ControlFlow::Continue(())) => parser.finish().map_err(|fault| to.fault(fault)),
            Ok(ControlFlow::Break(())) => Ok(Vec::new()),
            Err(Halt::Refused(error)) => Err(error),
            Err(Halt::Fault(fault)) => Err(to.fault(fault)),
            Err(Halt::Cut) => Err(to.fault(xml::BROKEN)),
        }
    }
}

/// Of parts that have no cells.
fn fault_of(read: Result<ControlFlow<()>, Halt>) -> Result<(), Fault> {
    match read {
        Ok(_) => Ok(()),
        Err(Halt::Fault(fault)) => Err(fault),
        Err(Halt::Cut | Halt::Refused(_)) => Err(xml::BROKEN),
    }
}

#[cfg(test)]
mod tests;
