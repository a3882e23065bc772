//! Where the user wants one output: a file, or standard output as `-`.

use std::io::{self, Stdout, Write};
use std::path::Path;

use crate::atomic::{AtomicFile, Checked};
use crate::error::{Error, ErrorKind};

/// One output that is a file or standard output. Buffered; [`commit`](Output::commit) says whether all of it got out.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use rfm_output::Output;
///
/// let mut out = Output::create("-")?;
/// out.write_all(b"customer_id,segment\n").map_err(|error| out.write_error(error))?;
/// match out.commit() {
///     Err(error) if error.is_broken_pipe() => {} // `| head` has seen enough
///     result => result?,
/// }
/// # Ok::<(), rfm_output::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is kept without `commit`"]
pub struct Output(Inner);

#[derive(Debug)]
enum Inner {
    File(AtomicFile),
    Standard(Checked<Stdout>),
}

impl Output {
    /// Opens standard output for `-` and `/dev/stdout`, and an [`AtomicFile`] for anything else. `./-` is a file.
    ///
    /// # Errors
    ///
    /// Those of [`AtomicFile::create`].
    pub fn create(path: impl AsRef<Path>) -> Result<Output, Error> {
        let path = path.as_ref();
        if is_standard_output(path) {
            Ok(Output(Inner::Standard(Checked::new(io::stdout()))))
        } else {
            AtomicFile::create(path).map(|file| Output(Inner::File(file)))
        }
    }

    /// Whether this is standard output: then nothing else may be printed there.
    pub fn is_standard_output(&self) -> bool {
        matches!(self.0, Inner::Standard(_))
    }

    /// Makes the error of a failed write one of ours, which names the output.
    pub fn write_error(&self, error: io::Error) -> Error {
        match &self.0 {
            Inner::File(file) => file.write_error(error),
            Inner::Standard(_) => ErrorKind::StandardOutput { source: error }.into(),
        }
    }

    /// Puts the file into its place, or flushes standard output.
    ///
    /// # Errors
    ///
    /// Those of [`AtomicFile::commit`]; [`ErrorKind::StandardOutput`], for which
    /// [`is_broken_pipe`](Error::is_broken_pipe) is to be asked.
    pub fn commit(self) -> Result<(), Error> {
        match self.0 {
            Inner::File(file) => file.commit(),
            Inner::Standard(mut writer) => {
                // The flush of our buffer goes on to the one in `Stdout`.
                writer.finish().map_err(|source| ErrorKind::StandardOutput { source }.into())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Inner::File(file) => file.write(bytes),
            Inner::Standard(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Inner::File(file) => file.flush(),
            Inner::Standard(writer) => writer.flush(),
        }
    }
}

pub(crate) fn is_standard_output(path: &Path) -> bool {
    path == Path::new("-") || (cfg!(unix) && path == Path::new("/dev/stdout"))
}
