//! One input as the user named it, opened, decompressed, counted and digested.
//!
//! The layers, from below: where the bytes come from ([`Tally`] counts and digests them as they are stored), then the
//! decompression that the content asks for. Faults that only this module can see, such as a file that grew while it was
//! read, travel upwards inside an [`io::Error`] as a [`Fault`]; [`read_error`] takes them out again.

mod body;

use std::{
    fmt,
    io::{self, Read},
    sync::{Arc, atomic::AtomicU64},
};

use rfm_input::{FileId, Fingerprint, InputName, Position, Stored};

use self::body::Body;
pub(crate) use self::body::Compression;
use crate::{
    encoding::Malformed,
    error::{Error, ErrorKind},
};

/// An input that is being read, decompressed.
///
/// Reading to the end also proves that the input is whole: compressed data that end early or are followed by something
/// else, and a file whose size or modification time changed meanwhile, are errors.
#[derive(Debug)]
pub(crate) struct Input {
    body: Body,
    /// Set by the first error of the content, which every later read repeats: a decompressor may report the end instead.
    broken: Option<Fault>,
}

impl Input {
    /// Opens a path, or standard input for `-`.
    ///
    /// # Errors
    ///
    /// As [`Stored::open`]; and for content in a format that is known and not read here.
    pub(crate) fn open(name: &InputName) -> Result<Input, Error> {
        Input::start(Stored::open(name)?)
    }

    /// Reads bytes in memory; `name` is what errors call them.
    ///
    /// # Errors
    ///
    /// Refuses content in a format that is known and not read here.
    pub(crate) fn from_bytes(name: &InputName, bytes: impl Into<Arc<[u8]>>) -> Result<Input, Error> {
        Input::start(Stored::from_bytes(name, bytes))
    }

    /// Reads any reader, once; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// Fails if the reader fails at once, and refuses content in a format that is known and not read here.
    pub(crate) fn from_reader(name: &InputName, reader: Box<dyn Read + Send>) -> Result<Input, Error> {
        Input::start(Stored::from_reader(name, reader))
    }

    fn start(stored: Stored) -> Result<Input, Error> {
        let position = Position::new(stored.name());
        let body = Body::new(stored).map_err(|cause| read_error(cause, position))?;
        Ok(Input { body, broken: None })
    }

    /// What it takes to open the same input again, without holding a file open; `None` for standard input, pipes, devices
    /// and readers.
    pub(crate) fn ticket(&self) -> Option<Ticket> {
        self.body.stored().ticket().map(Ticket)
    }

    /// Adds the stored bytes that are read to a counter that somebody watches, from those already read on.
    #[must_use]
    pub(crate) fn with_progress(mut self, counter: Arc<AtomicU64>) -> Input {
        self.body.stored_mut().report_to(counter);
        self
    }

    /// The name as it was given.
    pub(crate) fn name(&self) -> &InputName {
        self.body.stored().name()
    }

    /// What tells files apart whatever they are called; `None` for inputs that are no files.
    pub(crate) fn id(&self) -> Option<&FileId> {
        self.body.stored().id()
    }

    /// The size as it is stored, where it is known before reading.
    pub(crate) fn size(&self) -> Option<u64> {
        self.body.stored().size()
    }

    /// How the content is compressed.
    pub(crate) fn compression(&self) -> Compression {
        self.body.compression()
    }

    /// Digest and count of the bytes as they are stored; `None` until the end has been read.
    pub(crate) fn fingerprint(&self) -> Option<Fingerprint> {
        self.body.stored().fingerprint()
    }
}

/// Opens an input again, from its start; made by [`Input::ticket`].
#[derive(Debug)]
pub(crate) struct Ticket(rfm_input::Ticket);

impl Ticket {
    /// The same input, from its start.
    ///
    /// # Errors
    ///
    /// As [`rfm_input::Ticket::open`] and [`Input::open`].
    pub(crate) fn open(&self) -> Result<Input, Error> {
        Input::start(self.0.open()?)
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
            None if self.body.stored().has_failed() => error,
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

/// A fault of the content that is found while it is read.
#[derive(Clone, Debug)]
enum Fault {
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
    let Some(fault) = Fault::of(&cause) else { return rfm_input::Error::of_read(cause, position).into() };
    Error::new(match fault {
        Fault::Truncated { format } => ErrorKind::Truncated { position, format },
        Fault::Damaged { format, cause } => {
            ErrorKind::Damaged { position, format, cause: io::Error::new(io::ErrorKind::InvalidData, cause.clone()) }
        }
        Fault::Unsupported { format, help } => {
            let help = match position.input().is_standard_input() {
                true => "standard input takes delimited text; write it to a file and name that",
                false => help,
            };
            ErrorKind::UnsupportedFormat { position, format, help }
        }
    })
}

#[cfg(test)]
mod tests;
