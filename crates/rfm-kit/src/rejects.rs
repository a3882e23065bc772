//! Rejected lines, written down with their reasons.

use std::io;
use std::path::Path;

use rfm_input::RejectedLine;
use rfm_output::{AtomicFile, CsvWriter, Delimiter, TextGuard};

use crate::error::Error;

/// A CSV file with one row for each line that does not count: file, line, reason, detail, and the record as it stood.
///
/// It holds data of customers, so that only its owner may read it.
#[derive(Debug)]
pub(crate) struct RejectsFile {
    out: CsvWriter<AtomicFile>,
}

impl RejectsFile {
    pub(crate) fn create(path: &Path) -> Result<RejectsFile, Error> {
        let out = CsvWriter::new(AtomicFile::create_private(path)?, Delimiter::Comma, TextGuard::Spreadsheet);
        let mut file = RejectsFile { out };
        let header = |out: &mut CsvWriter<AtomicFile>| {
            for name in ["file", "line", "reason", "detail", "record"] {
                out.name(name);
            }
            out.end_record()
        };
        header(&mut file.out).map_err(|error| file.error(error))?;
        Ok(file)
    }

    /// Writes the rejected lines of a batch.
    pub(crate) fn write<'l>(&mut self, lines: impl Iterator<Item = RejectedLine<'l>>) -> Result<(), Error> {
        for line in lines {
            let file = match line.sheet() {
                Some(sheet) => format!("{}, sheet `{sheet}`", line.input()),
                None => line.input().to_string(),
            };
            let out = &mut self.out;
            out.text(&file).number(line.line()).name(line.reason().name());
            out.text(line.detail().unwrap_or("")).text(line.text());
            out.end_record().map_err(|error| self.error(error))?;
        }
        Ok(())
    }

    pub(crate) fn commit(self) -> Result<(), Error> {
        Ok(self.out.into_inner().commit()?)
    }

    fn error(&self, error: io::Error) -> Error {
        self.out.get_ref().write_error(error).into()
    }
}
