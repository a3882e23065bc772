//! Which format a workbook has, by its content: names lie.

use std::fmt;
use std::io::{BufReader, Read};

use rfm_core::Limits;
use rfm_input::{Position, StoredFile};
use zip::ZipArchive;

use crate::container::{Caps, check_directory};
use crate::error::{Error, ErrorKind};
use crate::fault::Fault;

/// The format of a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkbookKind {
    /// Office Open XML: `.xlsx`, `.xlsm`.
    Xlsx,
    /// The binary variant of it: `.xlsb`.
    Xlsb,
    /// Excel 97 to 2003 and before: `.xls`.
    Xls,
    /// OpenDocument: `.ods`.
    Ods,
}

impl fmt::Display for WorkbookKind {
    /// The usual ending of file names, without its dot.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WorkbookKind::Xlsx => "xlsx",
            WorkbookKind::Xlsb => "xlsb",
            WorkbookKind::Xls => "xls",
            WorkbookKind::Ods => "ods",
        })
    }
}

const SAVE_AS: &str = "open it in a spreadsheet program and save it as .xlsx";

impl WorkbookKind {
    /// The format of a file.
    ///
    /// # Errors
    ///
    /// [`Error`] if it is no workbook, is encrypted as a whole, or cannot be read.
    pub fn of(file: &StoredFile) -> Result<WorkbookKind, Error> {
        let position = || Position::new(file.name());
        let mut head = Vec::with_capacity(1024);
        let read = file.reader().take(1024).read_to_end(&mut head);
        read.map_err(|cause| rfm_input::Error::of_read(cause, position()))?;
        match head.as_slice() {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => of_zip(file),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => of_ole(file),
            [] => Err(ErrorKind::NoData { position: position(), hidden: Vec::new() }.into()),
            text => {
                let (found, help) = name_of(text);
                Err(ErrorKind::NotAWorkbook { position: position(), found, help }.into())
            }
        }
    }
}

fn of_zip(file: &StoredFile) -> Result<WorkbookKind, Error> {
    let position = || Position::new(file.name());
    let checked = check_directory(&mut BufReader::new(file.reader()), &Caps::from(&Limits::default()));
    checked.map_err(|error| Fault::from(error).at(position()))?;
    let archive = ZipArchive::new(BufReader::new(file.reader()));
    let mut archive = archive.map_err(|error| Fault::from(error).at(position()))?;
    let mut mimetype = Vec::new();
    if let Ok(part) = archive.by_name("mimetype") {
        let read = part.take(64).read_to_end(&mut mimetype);
        read.map_err(|error| Fault::from(error).at(position()))?;
    }
    if mimetype.starts_with(b"application/vnd.oasis.opendocument.spreadsheet") {
        return Ok(WorkbookKind::Ods);
    }
    let has = |name: &str| archive.file_names().flatten().any(|part| part.eq_ignore_ascii_case(name));
    let found = match () {
        () if has("xl/workbook.bin") => return Ok(WorkbookKind::Xlsb),
        () if has("word/document.xml") => "a text document",
        () if has("ppt/presentation.xml") => "a presentation",
        () if !mimetype.is_empty() => "a document of another kind",
        // Where the workbook is within them stands in here.
        () if has("_rels/.rels") => return Ok(WorkbookKind::Xlsx),
        () => "a zip archive without a workbook",
    };
    let help = "give a workbook, or unpack what is in the archive";
    Err(ErrorKind::NotAWorkbook { position: position(), found, help }.into())
}

/// Entries of an OLE directory have 128 bytes and begin at multiples of that; a name is UTF-16.
const ENTRY: usize = 128;

fn of_ole(file: &StoredFile) -> Result<WorkbookKind, Error> {
    let position = || Position::new(file.name());
    let [mut encrypted, mut workbook] = [false; 2];
    let mut reader = file.reader();
    let mut buffer = Vec::with_capacity(1 << 16);
    loop {
        buffer.clear();
        let read = (&mut reader).take(1 << 16).read_to_end(&mut buffer);
        read.map_err(|cause| rfm_input::Error::of_read(cause, position()))?;
        for entry in buffer.chunks_exact(ENTRY) {
            encrypted |= is_named(entry, "EncryptedPackage");
            workbook |= is_named(entry, "Workbook") || is_named(entry, "Book");
        }
        if buffer.len() < 1 << 16 {
            break;
        }
    }
    match (encrypted, workbook) {
        (true, _) => Err(ErrorKind::Protected { position: position() }.into()),
        (_, true) => Ok(WorkbookKind::Xls),
        _ => {
            let found = "an OLE container without a workbook";
            Err(ErrorKind::NotAWorkbook { position: position(), found, help: SAVE_AS }.into())
        }
    }
}

/// Whether a directory entry has a name. The bytes behind it are the length, with the zero that ends it.
fn is_named(entry: &[u8], name: &str) -> bool {
    let units = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes);
    let length = 2 * (name.len() + 1);
    usize::from(entry[64]) == length && entry[65] == 0 && entry[..length].iter().copied().eq(units)
}

/// What a text is that somebody called a workbook, and what would help.
fn name_of(head: &[u8]) -> (&'static str, &'static str) {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match () {
        () if text.starts_with("<!doctype html") || text.starts_with("<html") || text.starts_with("<table") => {
            ("a web page", SAVE_AS)
        }
        () if text.contains("urn:schemas-microsoft-com:office:spreadsheet") => ("the XML of Excel 2003", SAVE_AS),
        () if text.starts_with("<?xml") => ("XML", SAVE_AS),
        () if head.starts_with(b"%PDF") => ("a PDF", "export the table behind it as .xlsx or .csv"),
        () => ("a file of another kind", "give the .xlsx, .xlsb, .xls or .ods file itself"),
    }
}

#[cfg(test)]
mod tests {
    use rfm_input::InputName;

    use super::*;

    fn of(bytes: &[u8]) -> String {
        let file = StoredFile::from_bytes(&InputName::new("a.xls"), bytes);
        WorkbookKind::of(&file).map_or_else(|error| error.to_string(), |kind| kind.to_string())
    }

    #[test]
    fn what_is_no_workbook_is_named() {
        let save = "open it in a spreadsheet program and save it as .xlsx";
        assert_eq!(of(b" <HTML><table>"), format!("a.xls: this is a web page, not a workbook; {save}"));
        assert_eq!(of(b"<?xml version=\"1.0\"?><a/>"), format!("a.xls: this is XML, not a workbook; {save}"));
        assert_eq!(
            of(b"<?xml?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"),
            format!("a.xls: this is the XML of Excel 2003, not a workbook; {save}")
        );
        assert_eq!(
            of(b"id;date"),
            "a.xls: this is a file of another kind, not a workbook; give the .xlsx, .xlsb, .xls or .ods file itself"
        );
        assert_eq!(of(b""), "a.xls: is empty; expected a header and rows");
        assert_eq!(
            of(b"PK\x03\x04 and no more"),
            "a.xls: the zip directory at the end is missing; the file is cut short or damaged, or it is no workbook"
        );
    }

    #[test]
    fn an_encrypted_package_is_found_by_its_directory() {
        let mut ole = vec![0; 1024];
        ole[..4].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0]);
        let container = "a.xls: this is an OLE container without a workbook, not a workbook; open it in a spreadsheet program \
                         and save it as .xlsx";
        assert_eq!(of(&ole), container);
        let mut with = |name: &str| {
            let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            ole[512..640].fill(0);
            ole[512..512 + units.len()].copy_from_slice(&units);
            ole[512 + 64] = u8::try_from(units.len() + 2).unwrap();
            of(&ole)
        };
        assert_eq!(with("EncryptedPackage"), "a.xls: is protected by a password; save a copy without one");
        assert_eq!(with("Workbook"), "xls");
        assert_eq!(with("Workbooks"), container);
    }
}
