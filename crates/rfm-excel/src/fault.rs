//! What calamine says is wrong, in words of ours: its own may hold cells.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;

use calamine::XlsxError;
use rfm_input::{Changed, Position};
use zip::result::ZipError;

use crate::container::Refusal;
use crate::error::{Error, ErrorKind};

/// A fault of a workbook whose place is not yet known.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The file could not be read.
    Read(io::Error),
    /// The container of the parts is not read on.
    Refused(Refusal),
    Protected,
    Damaged(&'static str),
}

const ARCHIVE: &str = "its compressed data are broken or end too early";
pub(crate) const XML: &str = "its XML is broken or ends too early";
pub(crate) const PART: &str = "a part that it needs is missing";
pub(crate) const REFERENCE: &str = "a cell has a place that is none";
pub(crate) const VALUE: &str = "a cell holds a value that its type does not have";

impl Fault {
    pub(crate) fn at(self, position: Position) -> Error {
        match self {
            Fault::Read(cause) => rfm_input::Error::of_read(cause, position).into(),
            Fault::Refused(refusal) => {
                let is_limit = refusal.is_limit();
                ErrorKind::Refused { position, rule: Box::new(refusal), is_limit }.into()
            }
            Fault::Protected => ErrorKind::Protected { position }.into(),
            Fault::Damaged(problem) => ErrorKind::Damaged { position, problem }.into(),
        }
    }
}

/// The fault of the operating system behind an error, if there is one. What decompressors say is none.
fn read_error(error: &(dyn StdError + 'static)) -> Option<io::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<io::Error>().or_else(|| error.downcast_ref::<Arc<io::Error>>().map(|io| &**io));
        if let Some(io) = io {
            if io.get_ref().is_some_and(|inner| inner.is::<Changed>()) {
                return Some(Changed.into());
            }
            if let Some(code) = io.raw_os_error() {
                return Some(io::Error::from_raw_os_error(code));
            }
            // An error may be wrapped in another of the same type.
            next = io.get_ref().map(|inner| inner as &(dyn StdError + 'static));
            continue;
        }
        next = error.source();
    }
    None
}

fn or_read(error: &(dyn StdError + 'static), problem: &'static str) -> Fault {
    if let Some(refusal) = Refusal::of(error) {
        return Fault::Refused(refusal.clone());
    }
    read_error(error).map_or(Fault::Damaged(problem), Fault::Read)
}

impl From<ZipError> for Fault {
    fn from(error: ZipError) -> Fault {
        match &error {
            ZipError::FileNotFound => Fault::Damaged(PART),
            error => or_read(error, ARCHIVE),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        or_read(&error, ARCHIVE)
    }
}

impl From<XlsxError> for Fault {
    fn from(error: XlsxError) -> Fault {
        match error {
            XlsxError::Io(error) => error.into(),
            XlsxError::Zip(error) => error.into(),
            XlsxError::Password => Fault::Protected,
            XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound | XlsxError::WorksheetNotFound(_) => {
                Fault::Damaged(PART)
            }
            XlsxError::Alphanumeric(_)
            | XlsxError::NumericColumn(_)
            | XlsxError::RangeWithoutColumnComponent
            | XlsxError::RangeWithoutRowComponent
            | XlsxError::ColumnNumberOverflow
            | XlsxError::RowNumberOverflow
            | XlsxError::DimensionCount(_) => Fault::Damaged(REFERENCE),
            XlsxError::ParseFloat(_)
            | XlsxError::ParseInt(_)
            | XlsxError::CellTAttribute(_)
            | XlsxError::Unexpected(_)
            | XlsxError::Unrecognized { .. }
            | XlsxError::CellError(_) => Fault::Damaged(VALUE),
            error => or_read(&error, XML),
        }
    }
}

#[cfg(feature = "legacy")]
mod legacy {
    use calamine::{OdsError, XlsError, XlsbError};

    use super::{ARCHIVE, Fault, PART, VALUE, XML, or_read};

    const RECORDS: &str = "its records are broken or end too early";

    impl From<XlsError> for Fault {
        fn from(error: XlsError) -> Fault {
            match error {
                XlsError::Password => Fault::Protected,
                XlsError::Io(error) => or_read(&error, RECORDS),
                XlsError::Cfb(_) => Fault::Damaged("the container of its parts is broken or ends too early"),
                XlsError::WorksheetNotFound(_) => Fault::Damaged(PART),
                _ => Fault::Damaged(RECORDS),
            }
        }
    }

    impl From<XlsbError> for Fault {
        fn from(error: XlsbError) -> Fault {
            match error {
                XlsbError::Password => Fault::Protected,
                XlsbError::Io(error) => or_read(&error, RECORDS),
                XlsbError::Zip(error) => error.into(),
                XlsbError::FileNotFound(_) | XlsbError::WorksheetNotFound(_) => Fault::Damaged(PART),
                _ => Fault::Damaged(RECORDS),
            }
        }
    }

    impl From<OdsError> for Fault {
        fn from(error: OdsError) -> Fault {
            match error {
                OdsError::Password => Fault::Protected,
                OdsError::Io(error) => or_read(&error, ARCHIVE),
                OdsError::Zip(error) => error.into(),
                OdsError::FileNotFound(_) | OdsError::WorksheetNotFound(_) => Fault::Damaged(PART),
                OdsError::ParseInt(_) | OdsError::ParseFloat(_) | OdsError::ParseBool(_) => Fault::Damaged(VALUE),
                OdsError::CellLimitExceeded { .. } => Fault::Damaged("it repeats cells more often than can be held"),
                error => or_read(&error, XML),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_disk_is_told_from_broken_data() {
        let disk = || io::Error::from_raw_os_error(5);
        assert!(matches!(XlsxError::Io(disk()).into(), Fault::Read(_)));
        assert!(matches!(XlsxError::Zip(ZipError::Io(disk())).into(), Fault::Read(_)));
        assert!(matches!(XlsxError::Io(io::Error::other(disk())).into(), Fault::Read(_)));
        assert!(matches!(XlsxError::Io(Changed.into()).into(), Fault::Read(_)));
        let broken = io::Error::new(io::ErrorKind::InvalidData, "corrupt deflate stream");
        assert!(matches!(XlsxError::Io(broken).into(), Fault::Damaged(ARCHIVE)));
    }
}
