//! One file, whole or not at all.
//!
//! Before you change the order of the steps: contents are flushed, then given their permissions, then synced, then renamed, then
//! the directory is synced. `tests/faults.rs` fails each system call in turn and `tests/kill.rs` kills the writer at any time;
//! both have to stay quiet.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Previous, Step};
use crate::temporary::{Temporary, directory_of, remove_abandoned};

const BUFFER: usize = 64 * 1024;

/// A file being written beside its place, which moves there when it is complete.
///
/// Until [`commit`](AtomicFile::commit) nothing at the path changes; dropped without it, after an error or a panic, nothing is
/// left. A killed process may leave a temporary `.NAME.rfm-tmp-PID-N`; the next good run for the same path removes it. Running
/// writers are told from killed ones by an advisory lock, so several processes may write one path and the last commit wins.
///
/// **Permissions** (Unix). While it is written the file is for its owner only (0600). A new file ends with those of any new
/// file (0666 less the umask, or the default ACL of the directory), a replaced file passes its nine permission bits on; owner
/// and group are the writer's. A file one may not write is not replaced either, although a rename could.
///
/// **Links.** A symbolic link is followed and stays; its target is replaced. Of several hard links only the named one gets the new
/// contents.
///
/// **Streams.** What is neither file nor directory (`/dev/null`, a named pipe, `/dev/fd/3`) is written directly.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use rfm_output::AtomicFile;
///
/// # let dir = tempfile::tempdir()?;
/// let path = dir.path().join("customers.csv");
/// let mut file = AtomicFile::create(&path)?;
/// file.write_all(b"customer_id\nC1\n")?;
/// assert!(!path.exists());
/// file.commit()?;
/// assert_eq!(std::fs::read(&path)?, b"customer_id\nC1\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is kept without `commit`"]
pub struct AtomicFile {
    // Dropped first, so that the file is still locked when its name goes.
    place: Option<Place>,
    /// As the caller named it.
    path: PathBuf,
    previous: Previous,
    writer: Checked<File>,
}

/// Where a temporary goes, and how. Without one the file is a stream.
#[derive(Debug)]
struct Place {
    temporary: Temporary,
    /// The path behind all links.
    target: PathBuf,
    /// The permissions it gets at the end.
    mode: Option<u32>,
}

impl AtomicFile {
    /// Opens a temporary file beside `path`, with the permissions of an ordinary file in the end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::IsDirectory`], [`ErrorKind::NotAFile`], or [`ErrorKind::Io`] when the directory is missing or closed to us,
    /// or the existing file is write-protected.
    pub fn create(path: impl AsRef<Path>) -> Result<AtomicFile, Error> {
        Self::open(path.as_ref(), false)
    }

    /// Like [`create`](AtomicFile::create), but the file stays readable by its owner only, also when it replaces one that
    /// was not: for rejected rows and whatever else holds raw data.
    ///
    /// # Errors
    ///
    /// Those of [`create`](AtomicFile::create).
    pub fn create_private(path: impl AsRef<Path>) -> Result<AtomicFile, Error> {
        Self::open(path.as_ref(), true)
    }

    fn open(path: &Path, private: bool) -> Result<AtomicFile, Error> {
        let stream = |file| AtomicFile {
            place: None,
            path: path.to_owned(),
            previous: Previous::None,
            writer: Checked::new(file),
        };
        if is_own_descriptor(path) {
            // Appending, so that a file which the shell has opened for us is not cut.
            let file = fs::OpenOptions::new().append(true).open(path);
            return file.map(stream).map_err(|e| Error::at(Step::Write, path, Previous::None, e));
        }
        if path.as_os_str().as_encoded_bytes().last().is_some_and(|&byte| std::path::is_separator(byte.into())) {
            return Err(ErrorKind::IsDirectory { path: path.to_owned() }.into());
        }
        let target = follow_links(path).map_err(|e| Error::at(Step::Inspect, path, Previous::None, e))?;
        let existing = match fs::metadata(&target) {
            Ok(existing) => Some(existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::at(Step::Inspect, path, Previous::None, error)),
        };
        let previous = if existing.is_some() { Previous::Unchanged } else { Previous::None };
        match &existing {
            Some(found) if found.is_dir() => return Err(ErrorKind::IsDirectory { path: path.to_owned() }.into()),
            Some(found) => {
                if !found.is_file() && !is_stream(found) {
                    return Err(ErrorKind::NotAFile { path: path.to_owned() }.into());
                }
                let opened = fs::OpenOptions::new().write(true).open(&target);
                let opened = opened.map_err(|error| Error::at(Step::Write, path, previous, error))?;
                if !found.is_file() {
                    return Ok(stream(opened));
                }
            }
            None if target.file_name().is_none() => {
                return Err(ErrorKind::NotAFile { path: path.to_owned() }.into());
            }
            None => {}
        }

        let refused = |error| Error::at(Step::Create, path, previous, error);
        let (temporary, file, mode) = match existing {
            _ if private => {
                let (temporary, file) = Temporary::create(&target, 0o600).map_err(refused)?;
                (temporary, file, None)
            }
            Some(existing) => {
                let (temporary, file) = Temporary::create(&target, 0o600).map_err(refused)?;
                (temporary, file, mode_of(&existing))
            }
            None => {
                // The kernel alone knows umask and default ACL without a race, so it is asked by creating. The file is still
                // empty when it is closed to others.
                let (temporary, file) = Temporary::create(&target, 0o666).map_err(refused)?;
                let mode = file.metadata().map(|new| mode_of(&new)).map_err(refused)?;
                match set_mode(&file, Some(0o600)) {
                    Ok(()) => (temporary, file, mode),
                    // FAT and some network shares have the same permissions for every file.
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => (temporary, file, None),
                    Err(error) => return Err(refused(error)),
                }
            }
        };
        Ok(AtomicFile {
            place: Some(Place { temporary, target, mode }),
            path: path.to_owned(),
            previous,
            writer: Checked::new(file),
        })
    }

    /// The path as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the error of a failed write one of ours, which names the file.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{self, Write};
    /// use rfm_output::{AtomicFile, Error};
    ///
    /// fn save(path: &std::path::Path, text: &str) -> Result<(), Error> {
    ///     let mut file = AtomicFile::create(path)?;
    ///     file.write_all(text.as_bytes()).map_err(|error| file.write_error(error))?;
    ///     file.commit()
    /// }
    /// # let dir = tempfile::tempdir().unwrap();
    /// save(&dir.path().join("a.txt"), "hello")?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn write_error(&self, error: io::Error) -> Error {
        Error::at(Step::Write, &self.path, self.previous, error)
    }

    /// Puts the complete file into its place: flush, sync, rename, sync of the directory. Then temporaries of killed runs
    /// for the same path are removed, as far as they can be.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`]: the old file is as it was and the temporary is gone; also when an earlier write failed, even if its error
    /// was ignored. [`ErrorKind::NotDurable`]: the new file is in place, only the directory could not be synced.
    pub fn commit(self) -> Result<(), Error> {
        let mut complete = self.complete()?;
        complete.place().map_err(|error| Error::at(Step::Replace, &complete.path, complete.previous, error))?;
        if let Some(directory) = complete.directory() {
            sync_directory(directory)?;
        }
        complete.clean();
        Ok(())
    }

    /// All of `commit` that can fail for want of space: what is left is the rename.
    pub(crate) fn complete(self) -> Result<Complete, Error> {
        // In this order, so that `place` is dropped first and its file is still locked when its name goes.
        let AtomicFile { mut writer, path, previous, place } = self;
        let fail = |step| {
            let path = &path;
            move |error| Error::at(step, path, previous, error)
        };
        writer.finish().map_err(fail(Step::Write))?;
        let file = writer.into_inner();
        if let Some(place) = &place {
            set_mode(&file, place.mode).map_err(fail(Step::Write))?;
            file.sync_all().map_err(fail(Step::Sync))?;
        }
        Ok(Complete { place, path, previous, _locked: file })
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A file that is on disk in full, but under its temporary name.
#[derive(Debug)]
pub(crate) struct Complete {
    place: Option<Place>,
    pub(crate) path: PathBuf,
    previous: Previous,
    /// Keeps the lock until the file has its name.
    _locked: File,
}

impl Complete {
    pub(crate) fn place(&mut self) -> io::Result<()> {
        self.place.as_mut().map_or(Ok(()), |place| place.temporary.place(&place.target))
    }

    /// The error of a failed [`place`](Self::place).
    pub(crate) fn place_error(&self, error: io::Error) -> Error {
        Error::at(Step::Replace, &self.path, self.previous, error)
    }

    /// The path behind all links; `None` for a stream.
    pub(crate) fn target(&self) -> Option<&Path> {
        self.place.as_ref().map(|place| place.target.as_path())
    }

    pub(crate) fn directory(&self) -> Option<&Path> {
        self.target().map(directory_of)
    }

    pub(crate) fn clean(&self) {
        if let Some(target) = self.target() {
            remove_abandoned(target);
        }
    }
}

/// A buffer that remembers a failed write: whoever ignores the error cannot commit a file with a hole in it.
#[derive(Debug)]
pub(crate) struct Checked<W: Write> {
    writer: BufWriter<W>,
    failed: Option<io::Error>,
}

impl<W: Write> Checked<W> {
    pub(crate) fn new(writer: W) -> Self {
        Checked { writer: BufWriter::with_capacity(BUFFER, writer), failed: None }
    }

    /// Flushes; good if this and every write before was.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.writer.flush(),
        }
    }

    /// The writer underneath, without what was not flushed.
    fn into_inner(self) -> W {
        self.writer.into_parts().0
    }

    fn remember<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        match &result {
            // An interrupted write is tried again by `write_all`.
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.failed = Some(error.raw_os_error().map_or(error.kind().into(), io::Error::from_raw_os_error));
            }
            _ => {}
        }
        result
    }
}

impl<W: Write> Write for Checked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.writer.write(bytes);
        self.remember(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.writer.flush();
        self.remember(result)
    }
}

/// Has the names in a directory reach the disk.
pub(crate) fn sync_directory(directory: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        let synced = match File::open(directory) {
            // A directory that one may write but not read cannot be synced by anyone but its owner.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
            Err(error) => Err(error),
            Ok(directory) => directory.sync_all(),
        };
        match synced.map_err(|error| (error.kind(), error)) {
            Ok(()) => Ok(()),
            // File systems that know no such thing (FUSE, some network shares) say so in one of these ways.
            Err((io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported, _)) => Ok(()),
            Err((_, source)) => Err(ErrorKind::NotDurable { path: directory.to_owned(), source }.into()),
        }
    }
    #[cfg(not(unix))]
    {
        let _ = directory;
        Ok(())
    }
}

/// The path behind symbolic links, which need not exist itself. Relative links count from where they are.
pub(crate) fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        match fs::symlink_metadata(&target) {
            Ok(found) if found.is_symlink() => target = directory_of(&target).join(fs::read_link(&target)?),
            Ok(_) => return Ok(target),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(target),
            Err(error) => return Err(error),
        }
    }
    fs::metadata(path).map(|_| target)
}

/// Names of descriptors of this process. Behind them may be a file that the shell opened; replacing that is not what was asked.
#[cfg(unix)]
fn is_own_descriptor(path: &Path) -> bool {
    path.starts_with("/dev/fd")
        || path.starts_with("/proc/self/fd")
        || path == Path::new("/dev/stdout")
        || path == Path::new("/dev/stderr")
}

#[cfg(not(unix))]
fn is_own_descriptor(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn is_stream(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    found.file_type().is_char_device() || found.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_stream(_: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn mode_of(found: &fs::Metadata) -> Option<u32> {
    // Not the set-id bits: they were given to other contents.
    Some(std::os::unix::fs::MetadataExt::mode(found) & 0o777)
}

#[cfg(not(unix))]
fn mode_of(_: &fs::Metadata) -> Option<u32> {
    None
}

#[cfg(unix)]
fn set_mode(file: &File, mode: Option<u32>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match mode {
        // Not asking for what is so already keeps file systems without permissions content.
        Some(mode) if mode_of(&file.metadata()?) != Some(mode) => {
            file.set_permissions(fs::Permissions::from_mode(mode))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: Option<u32>) -> io::Result<()> {
    Ok(())
}
