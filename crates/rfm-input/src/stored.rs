//! Inputs as they are stored: opened, told apart, digested, and watched for changes.
//!
//! [`Stored`] is read once from its start, whatever it is: a file, a pipe, memory. [`StoredFile`] is read anywhere, as workbooks
//! and files of columns have to be.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fmt, fs};

use crate::error::{Error, ErrorKind};
use crate::identity::{self, FileId, Stamp};
use crate::position::{InputName, Position};
use crate::tally::{Fingerprint, Raw, Tally};

/// The fault of a file that is not what it was when it was opened. It travels inside an [`io::Error`]; [`Error::of_read`]
/// takes it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file changed while it was being read")]
pub struct Changed;

impl From<Changed> for io::Error {
    fn from(changed: Changed) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, changed)
    }
}

/// An input that is read once, from its start.
///
/// Reading to the end also proves that a file is still what it was when it was opened.
///
/// # Examples
///
/// ```
/// use std::io::Read;
/// use rfm_input::{InputName, Stored};
///
/// let mut stored = Stored::from_bytes(&InputName::new("orders.csv"), "id,date\n".as_bytes());
/// let mut text = String::new();
/// stored.read_to_string(&mut text)?;
/// assert_eq!(stored.fingerprint().expect("it was read to its end").bytes, 8);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Stored {
    name: InputName,
    tally: Tally,
    /// Of what is in memory, which can be opened again.
    bytes: Option<Memory>,
    id: Option<FileId>,
    stamp: Option<Stamp>,
}

/// Bytes that are not shown by `Debug`, since they hold data.
#[derive(Clone)]
struct Memory(Arc<[u8]>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl AsRef<[u8]> for Memory {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Stored {
    /// Opens a path, or standard input for `-`. Opening a pipe by its path waits for its writer.
    ///
    /// # Errors
    ///
    /// [`Error`] for what is missing, what cannot be opened, directories, sockets and block devices.
    pub fn open(name: &InputName) -> Result<Stored, Error> {
        if name.is_standard_input() {
            let (id, stamp) = identity::of_standard_input();
            // Its size and time are not compared: what feeds it may well go on writing behind our back.
            let tally = Tally::new(Raw::Stdin(io::stdin()), None);
            return Ok(Stored { name: name.clone(), tally, bytes: None, id, stamp: stamp.filter(Stamp::is_regular) });
        }
        let (file, id, stamp) = open_file(name)?;
        let watch = Some(stamp.clone()).filter(Stamp::is_regular);
        let tally = Tally::new(Raw::File(file), watch);
        Ok(Stored { name: name.clone(), tally, bytes: None, id: Some(id), stamp: Some(stamp) })
    }

    /// Bytes in memory; `name` is what errors call them.
    #[must_use]
    pub fn from_bytes(name: &InputName, bytes: impl Into<Arc<[u8]>>) -> Stored {
        let bytes = bytes.into();
        let tally = Tally::new(Raw::Bytes(Cursor::new(bytes.clone())), None);
        Stored { name: name.clone(), tally, bytes: Some(Memory(bytes)), id: None, stamp: None }
    }

    /// Any reader, once; `name` is what errors call it.
    #[must_use]
    pub fn from_reader(name: &InputName, reader: Box<dyn Read + Send>) -> Stored {
        Stored { name: name.clone(), tally: Tally::new(Raw::Other(reader), None), bytes: None, id: None, stamp: None }
    }

    /// What it takes to open the same input again, without holding a file open; `None` for standard input, pipes, devices
    /// and readers.
    #[must_use]
    pub fn ticket(&self) -> Option<Ticket> {
        let regular = self.stamp.as_ref().is_some_and(Stamp::is_regular);
        let repeatable = self.bytes.is_some() || (regular && !self.name.is_standard_input());
        repeatable.then(|| Ticket {
            name: self.name.clone(),
            bytes: self.bytes.clone(),
            id: self.id.clone(),
            stamp: self.stamp.clone(),
        })
    }

    /// Adds the bytes that are read to a counter that somebody watches, from those already read on.
    pub fn report_to(&mut self, counter: Arc<AtomicU64>) {
        self.tally.report_to(counter);
    }

    /// The name as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.name
    }

    /// What tells files apart whatever they are called; `None` for inputs that are no files.
    #[must_use]
    pub fn id(&self) -> Option<&FileId> {
        self.id.as_ref()
    }

    /// The size, where it is known before reading.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match &self.bytes {
            Some(bytes) => Some(bytes.0.len() as u64),
            None => self.stamp.as_ref().filter(|stamp| stamp.is_regular()).map(Stamp::size),
        }
    }

    /// Digest and count of the bytes; `None` until the end has been read.
    #[must_use]
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.tally.fingerprint()
    }

    /// Whether the last read failed here, and not in a reader above.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.tally.has_failed()
    }
}

impl Read for Stored {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.tally.read(out)
    }
}

/// Opens an input again, from its start; made by [`Stored::ticket`].
#[derive(Clone, Debug)]
pub struct Ticket {
    name: InputName,
    bytes: Option<Memory>,
    id: Option<FileId>,
    stamp: Option<Stamp>,
}

impl Ticket {
    /// The same input, from its start.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Changed`] if the path now leads to another file or the file has changed; otherwise as [`Stored::open`].
    pub fn open(&self) -> Result<Stored, Error> {
        if let Some(bytes) = &self.bytes {
            return Ok(Stored::from_bytes(&self.name, bytes.0.clone()));
        }
        let again = Stored::open(&self.name)?;
        if again.id != self.id || again.stamp != self.stamp {
            return Err(ErrorKind::Changed { position: Position::new(&self.name) }.into());
        }
        Ok(again)
    }
}

/// A file, or bytes in memory, that is read anywhere and by several readers.
///
/// # Examples
///
/// ```
/// use std::io::{Read, Seek, SeekFrom};
/// use rfm_input::{InputName, StoredFile};
///
/// let file = StoredFile::from_bytes(&InputName::new("a"), "PAR1....PAR1".as_bytes());
/// let mut reader = file.reader();
/// reader.seek(SeekFrom::End(-4))?;
/// let mut magic = String::new();
/// reader.read_to_string(&mut magic)?;
/// assert_eq!((magic.as_str(), file.size()), ("PAR1", 12));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StoredFile {
    name: InputName,
    content: Content,
    id: Option<FileId>,
    stamp: Option<Stamp>,
    size: u64,
    progress: Option<Arc<AtomicU64>>,
}

#[derive(Clone, Debug)]
enum Content {
    File(Arc<fs::File>),
    Bytes(Memory),
}

impl StoredFile {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// As [`Stored::open`]; and for standard input, pipes and devices, which cannot be read anywhere.
    pub fn open(name: &InputName) -> Result<StoredFile, Error> {
        let stream = |found| Error::from(ErrorKind::NotAFile { position: Position::new(name), found });
        if name.is_standard_input() {
            return Err(stream("a stream, and this format is read from files only"));
        }
        // Before it is opened: a pipe would wait for its writer.
        if fs::metadata(name.as_path()).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return Err(stream("a pipe or device, and this format is read from files only"));
        }
        let (file, id, stamp) = open_file(name)?;
        if !stamp.is_regular() {
            return Err(stream("a pipe or device, and this format is read from files only"));
        }
        let size = stamp.size();
        let content = Content::File(Arc::new(file));
        Ok(StoredFile { name: name.clone(), content, id: Some(id), stamp: Some(stamp), size, progress: None })
    }

    /// Bytes in memory; `name` is what errors call them.
    #[must_use]
    pub fn from_bytes(name: &InputName, bytes: impl Into<Arc<[u8]>>) -> StoredFile {
        let bytes = bytes.into();
        let size = bytes.len() as u64;
        let content = Content::Bytes(Memory(bytes));
        StoredFile { name: name.clone(), content, id: None, stamp: None, size, progress: None }
    }

    /// Adds the bytes that its readers read to a counter that somebody watches, up to the size of the file.
    #[must_use]
    pub fn with_progress(self, counter: Arc<AtomicU64>) -> StoredFile {
        StoredFile { progress: Some(counter), ..self }
    }

    /// The name as it was given.
    #[must_use]
    pub fn name(&self) -> &InputName {
        &self.name
    }

    /// What tells files apart whatever they are called; `None` for bytes in memory.
    #[must_use]
    pub fn id(&self) -> Option<&FileId> {
        self.id.as_ref()
    }

    /// Bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// A reader from the start, with a place of its own.
    #[must_use]
    pub fn reader(&self) -> FileReader {
        FileReader { content: self.content.clone(), size: self.size, at: 0, progress: self.progress.clone() }
    }

    /// Makes sure that the file is still what it was when it was opened, and that its name leads to it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Changed`], or [`ErrorKind::Read`] if that cannot be told.
    pub fn check(&self) -> Result<(), Error> {
        let (Content::File(file), Some(stamp)) = (&self.content, &self.stamp) else { return Ok(()) };
        let position = || Position::new(&self.name);
        let failed = |cause| ErrorKind::Read { position: position(), cause };
        let metadata = file.metadata().map_err(failed)?;
        let id = fs::metadata(self.name.as_path()).and_then(|found| identity::of_file(self.name.as_path(), &found));
        if Stamp::new(&metadata) == *stamp && Some(id.map_err(failed)?) == self.id {
            return Ok(());
        }
        Err(ErrorKind::Changed { position: position() }.into())
    }

    /// Digest and count of the bytes; reads all of them.
    ///
    /// # Errors
    ///
    /// As [`StoredFile::check`].
    pub fn fingerprint(&self) -> Result<Fingerprint, Error> {
        let failed = |cause| Error::of_read(cause, Position::new(&self.name));
        let mut reader = FileReader { progress: None, ..self.reader() };
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 256 * 1024];
        let mut bytes = 0;
        loop {
            match reader.read(&mut buffer).map_err(failed)? {
                0 => break,
                read => {
                    hasher.update(&buffer[..read]);
                    bytes += read as u64;
                }
            }
        }
        self.check()?;
        Ok(Fingerprint { bytes, blake3: *hasher.finalize().as_bytes() })
    }
}

/// Reads a [`StoredFile`] from a place of its own.
#[derive(Clone, Debug)]
pub struct FileReader {
    content: Content,
    size: u64,
    at: u64,
    progress: Option<Arc<AtomicU64>>,
}

impl Read for FileReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = match &self.content {
            Content::File(file) => loop {
                match read_at(file, out, self.at) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read?,
                }
            },
            Content::Bytes(bytes) => {
                let from = usize::try_from(self.at).unwrap_or(usize::MAX).min(bytes.0.len());
                (&bytes.0[from..]).read(out)?
            }
        };
        self.at += read as u64;
        if let Some(counter) = &self.progress {
            counter.fetch_add(read as u64, Ordering::Relaxed);
        }
        Ok(read)
    }
}

impl Seek for FileReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a place before the file begins"))?;
        Ok(self.at)
    }
}

#[cfg(unix)]
fn read_at(file: &fs::File, out: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, out, at)
}

#[cfg(windows)]
fn read_at(file: &fs::File, out: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, out, at)
}

/// Opens what is no directory, socket or disk.
fn open_file(name: &InputName) -> Result<(fs::File, FileId, Stamp), Error> {
    let position = || Position::new(name);
    let failed = |cause: io::Error| match cause.kind() {
        io::ErrorKind::NotFound => Error::from(ErrorKind::NotFound { position: position() }),
        _ => ErrorKind::Open { position: position(), cause }.into(),
    };
    let path = name.as_path();
    // Before opening, since opening a socket fails with an error that explains nothing.
    if let Some(found) = identity::refused(&fs::metadata(path).map_err(failed)?.file_type()) {
        return Err(ErrorKind::NotAFile { position: position(), found }.into());
    }
    let file = fs::File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    let id = identity::of_file(path, &metadata).map_err(failed)?;
    Ok((file, id, Stamp::new(&metadata)))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn scratch(content: &[u8]) -> (tempfile::TempDir, InputName) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, content).unwrap();
        (dir, InputName::new(path))
    }

    #[test]
    fn readers_of_one_file_have_places_of_their_own() {
        let (_dir, name) = scratch(b"0123456789");
        for file in [StoredFile::open(&name).unwrap(), StoredFile::from_bytes(&name, &b"0123456789"[..])] {
            let (mut one, mut other) = (file.reader(), file.reader());
            let mut read = [0; 4];
            one.read_exact(&mut read).unwrap();
            other.seek(SeekFrom::End(-4)).unwrap();
            other.read_exact(&mut read).unwrap();
            assert_eq!(&read, b"6789");
            one.read_exact(&mut read).unwrap();
            assert_eq!(&read, b"4567");
            assert!(one.seek(SeekFrom::Current(-9)).is_err());
            assert_eq!(other.read(&mut read).unwrap(), 0);
        }
    }

    #[test]
    fn a_file_that_grew_has_changed() {
        let (_dir, name) = scratch(b"0123");
        let file = StoredFile::open(&name).unwrap();
        assert_eq!(file.fingerprint().unwrap().hex(), blake3::hash(b"0123").to_hex().as_str());
        fs::OpenOptions::new().append(true).open(name.as_path()).unwrap().write_all(b"4").unwrap();
        assert!(matches!(file.check().unwrap_err().kind(), ErrorKind::Changed { .. }));
    }

    #[test]
    fn streams_are_refused_where_a_file_is_needed() {
        let error = StoredFile::open(&InputName::new("-")).unwrap_err();
        let text = "standard input: this is a stream, and this format is read from files only, not a file";
        assert_eq!(error.to_string(), text);
    }
}
