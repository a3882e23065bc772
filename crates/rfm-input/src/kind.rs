//! What kind of file something is, by its first bytes: names lie.

use std::io::Read;

use crate::error::Error;
use crate::position::{InputName, Position};
use crate::stored::StoredFile;

/// Which adapter reads a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// Delimited text, plain or compressed; also whatever is none of the others.
    Text,
    /// A zip archive or an OLE container, as workbooks are.
    Workbook,
    /// Parquet.
    Parquet,
    /// An Arrow IPC file.
    Arrow,
}

impl FileKind {
    /// The kind of a content that begins with these bytes; eight are enough.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_input::FileKind;
    ///
    /// assert_eq!(FileKind::of(b"PAR1...."), FileKind::Parquet);
    /// assert_eq!(FileKind::of(b"id,date"), FileKind::Text);
    /// ```
    #[must_use]
    pub const fn of(head: &[u8]) -> FileKind {
        match *head {
            [b'P', b'K', 3 | 5, 4 | 6, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => FileKind::Workbook,
            [b'P', b'A', b'R', b'1' | b'E', ..] => FileKind::Parquet,
            [b'A', b'R', b'R', b'O', b'W', b'1', ..] => FileKind::Arrow,
            _ => FileKind::Text,
        }
    }

    /// The kind of a file. Standard input, pipes and devices are texts: they can be read only once, and from their start.
    ///
    /// # Errors
    ///
    /// [`Error`] if the file is not there or cannot be read. Directories are errors too.
    pub fn of_input(name: &InputName) -> Result<FileKind, Error> {
        let is_file = std::fs::metadata(name.as_path()).is_ok_and(|metadata| metadata.is_file());
        if name.is_standard_input() || (!is_file && name.as_path().exists() && !name.as_path().is_dir()) {
            return Ok(FileKind::Text);
        }
        let mut head = Vec::with_capacity(8);
        let read = StoredFile::open(name)?.reader().take(8).read_to_end(&mut head);
        read.map_err(|cause| Error::of_read(cause, Position::new(name)))?;
        Ok(FileKind::of(&head))
    }
}
