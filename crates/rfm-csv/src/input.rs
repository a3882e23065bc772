//! One input as the user named it, opened, decompressed, counted and digested.
//!
//! The layers, from below: where the bytes come from ([`Tally`] counts and digests them as they are stored), then the
//! decompression that the content asks for. Faults that only this module can see, such as a file that grew while it was
//! read, travel upwards inside an [`io::Error`] as a [`Fault`]; [`read_error`] takes them out again.

mod body;
mod identity;
mod tally;

use std::{
    fmt, fs,
    io::{self, Read},
    sync::{Arc, atomic::AtomicU64},
};

use self::{
    body::Body,
    identity::Stamp,
    tally::{Raw, Tally},
};
pub(crate) use self::{body::Compression, identity::FileId, tally::Fingerprint};
use crate::{
    encoding::Malformed,
    error::{Error, ErrorKind, InputName, Position},
};

/// An input that is being read, decompressed.
///
/// Reading to the end also proves that the input is whole: compressed data that end early or are followed by something
/// else, and a file whose size or modification time changed meanwhile, are errors.
pub(crate) struct Input {
    name: InputName,
    body: Body,
    /// For inputs in memory, which can be opened again.
    bytes: Option<Arc<[u8]>>,
    id: Option<FileId>,
    stamp: Option<Stamp>,
    /// Set by the first error of the content, which every later read repeats: a decompressor may report the end instead.
    broken: Option<Fault>,
}

impl Input {
    /// Opens a path, or standard input for `-`.
    ///
    /// # Errors
    ///
    /// Refuses what is missing, what cannot be opened, directories, sockets and block devices, and content in a format
    /// that is known and not read here. Opening a pipe by its path waits for its writer.
    pub(crate) fn open(name: &InputName) -> Result<Input, Error> {
        let position = || Position::new(name);
        if name.is_standard_input() {
            let (id, stamp) = identity::of_standard_input();
            // Its size and time are not compared: what feeds it may well go on writing behind our back.
            return Input::start(name, Raw::Stdin(io::stdin()), None, id, stamp.filter(|s| s.is_regular()), false);
        }
        let path = name.as_path();
        let failed = |cause: io::Error| match cause.kind() {
            io::ErrorKind::NotFound => Error::new(ErrorKind::NotFound { position: position() }),
            _ => Error::new(ErrorKind::Open { position: position(), cause }),
        };
        // Before opening, since opening a socket fails with an error that explains nothing.
        if let Some(found) = identity::refused(&fs::metadata(path).map_err(failed)?.file_type()) {
            return Err(Error::new(ErrorKind::NotAFile { position: position(), found }));
        }
        let file = fs::File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let id = identity::of_file(path, &metadata).map_err(failed)?;
        let stamp = Stamp::new(&metadata);
        Input::start(name, Raw::File(file), None, Some(id), Some(stamp), true)
    }

    /// Reads bytes in memory; `name` is what errors call them.
    ///
    /// # Errors
    ///
    /// Refuses content in a format that is known and not read here.
    pub(crate) fn from_bytes(name: &InputName, bytes: impl Into<Arc<[u8]>>) -> Result<Input, Error> {
        let bytes = bytes.into();
        Input::start(name, Raw::Bytes(io::Cursor::new(bytes.clone())), Some(bytes), None, None, false)
    }

    /// Reads any reader, once; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// Fails if the reader fails at once, and refuses content in a format that is known and not read here.
    pub(crate) fn from_reader(name: &InputName, reader: Box<dyn Read + Send>) -> Result<Input, Error> {
        Input::start(name, Raw::Other(reader), None, None, None, false)
    }

    fn start(
        name: &InputName,
        raw: Raw,
        bytes: Option<Arc<[u8]>>,
        id: Option<FileId>,
        stamp: Option<Stamp>,
        watched: bool,
    ) -> Result<Input, Error> {
        let watch = if watched { stamp.clone().filter(Stamp::is_regular) } else { None };
        let body = Body::new(Tally::new(raw, watch)).map_err(|cause| read_error(cause, Position::new(name)))?;
        Ok(Input { name: name.clone(), body, bytes, id, stamp, broken: None })
    }

    /// What it takes to open the same input again, without holding a file open; `None` for standard input, pipes, devices
    /// and readers.
    pub(crate) fn ticket(&self) -> Option<Ticket> {
        let regular = self.stamp.as_ref().is_some_and(Stamp::is_regular);
        let repeatable = self.bytes.is_some() || (regular && !self.name.is_standard_input());
        repeatable.then(|| Ticket {
            name: self.name.clone(),
            bytes: self.bytes.clone(),
            id: self.id.clone(),
            stamp: self.stamp.clone(),
        })
    }

    /// Adds the stored bytes that are read to a counter that somebody watches, from those already read on.
    #[must_use]
    pub(crate) fn with_progress(mut self, counter: Arc<AtomicU64>) -> Input {
        self.body.tally_mut().report_to(counter);
        self
    }

    /// The name as it was given.
    pub(crate) fn name(&self) -> &InputName {
        &self.name
    }

    /// What tells files apart whatever they are called; `None` for inputs that are no files.
    pub(crate) fn id(&self) -> Option<&FileId> {
        self.id.as_ref()
    }

    /// The size as it is stored, where it is known before reading.
    pub(crate) fn size(&self) -> Option<u64> {
        match &self.bytes {
            Some(bytes) => Some(bytes.len() as u64),
            None => self.stamp.as_ref().filter(|stamp| stamp.is_regular()).map(Stamp::size),
        }
    }

    /// How the content is compressed.
    pub(crate) fn compression(&self) -> Compression {
        self.body.compression()
    }

    /// Digest and count of the bytes as they are stored; `None` until the end has been read.
    pub(crate) fn fingerprint(&self) -> Option<Fingerprint> {
        self.body.tally().fingerprint()
    }
}

/// Opens an input again, from its start; made by [`Input::ticket`].
pub(crate) struct Ticket {
    name: InputName,
    bytes: Option<Arc<[u8]>>,
    id: Option<FileId>,
    stamp: Option<Stamp>,
}

impl Ticket {
    /// The same input, from its start.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Changed`] if the path now leads to another file or the file has changed; otherwise as [`Input::open`].
    pub(crate) fn open(&self) -> Result<Input, Error> {
        if let Some(bytes) = &self.bytes {
            return Input::from_bytes(&self.name, bytes.clone());
        }
        let again = Input::open(&self.name)?;
        if again.id != self.id || again.stamp != self.stamp {
            return Err(Error::new(ErrorKind::Changed { position: Position::new(&self.name) }));
        }
        Ok(again)
    }
}

impl fmt::Debug for Ticket {
    /// Without the bytes, which hold data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("name", &self.name).field("id", &self.id).finish_non_exhaustive()
    }
}

impl Read for Input {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(fault) = &self.broken {
            return Err(fault.clone().into());
        }
        self.body.read(out).map_err(|error| match Fault::of(&error) {
            Some(fault) => {
                self.broken = Some(fault.clone());
                error
            }
            None if self.body.tally().has_failed() => error,
            None => {
                // The bytes came, so it is the decompressor that cannot go on.
                let format = self.body.compression().name();
                let fault = match error.kind() {
                    io::ErrorKind::UnexpectedEof => Fault::Truncated { format },
                    _ => Fault::Damaged { format, cause: error.to_string() },
                };
                self.broken = Some(fault.clone());
                fault.into()
            }
        })
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("name", &self.name)
            .field("compression", &self.compression())
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A fault of the content that is found while it is read.
#[derive(Clone, Debug)]
enum Fault {
    Changed,
    Truncated { format: &'static str },
    Damaged { format: &'static str, cause: String },
    Unsupported { format: &'static str, help: &'static str },
}

impl Fault {
    fn of(error: &io::Error) -> Option<&Fault> {
        error.get_ref()?.downcast_ref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Changed => f.write_str("the file changed while it was being read"),
            Fault::Truncated { format } => write!(f, "the {format} data end too early"),
            Fault::Damaged { format, .. } => write!(f, "the {format} data are damaged"),
            Fault::Unsupported { format, .. } => write!(f, "the content is {format}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, fault)
    }
}

/// Makes an error of this crate of what a reader of this crate returned: our own faults are taken out, anything else is
/// a failure of the operating system.
pub(crate) fn read_error(cause: io::Error, position: Position) -> Error {
    if let Some(Malformed { encoding }) = cause.get_ref().and_then(|inner| inner.downcast_ref()) {
        return Error::new(ErrorKind::MalformedText { position, encoding });
    }
    Error::new(match Fault::of(&cause) {
        None => ErrorKind::Read { position, cause },
        Some(Fault::Changed) => ErrorKind::Changed { position },
        Some(Fault::Truncated { format }) => ErrorKind::Truncated { position, format },
        Some(Fault::Damaged { format, cause }) => {
            ErrorKind::Damaged { position, format, cause: io::Error::new(io::ErrorKind::InvalidData, cause.clone()) }
        }
        Some(Fault::Unsupported { format, help }) => ErrorKind::UnsupportedFormat { position, format, help },
    })
}

#[cfg(test)]
mod tests;
