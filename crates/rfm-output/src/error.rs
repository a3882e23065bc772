//! What can go wrong while a result is written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// An output could not be written, or must not be.
///
/// The text says which output, what was being done and what became of the file that was there before. The operating
/// system's reason is in [`source`](std::error::Error::source) and not in the text, so print the whole chain.
/// [`help`](Error::help) is a second line that says what would do.
///
/// # Examples
///
/// ```
/// use rfm_output::{AtomicFile, ErrorKind};
///
/// let error = AtomicFile::create(std::env::temp_dir()).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::IsDirectory { .. }));
/// assert!(error.to_string().ends_with("is a directory"));
/// assert_eq!(error.help(), Some("name a file in it"));
/// ```
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`], with what is known about each.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused one step of writing a file. The temporary file is removed.
    Io {
        /// What was being done.
        step: Step,
        /// The file or directory, as the caller named it.
        path: PathBuf,
        /// What became of the file that was there before.
        previous: Previous,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Standard output does not take any more, often because the reader of the pipe has left.
    StandardOutput {
        /// The operating system's reason.
        source: io::Error,
    },
    /// The new file is complete and in its place, but the directory entry may not survive a power cut.
    NotDurable {
        /// The directory that could not be synced.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Some files of a set are in their places, this one is not: new and old files are mixed.
    PartlyReplaced {
        /// The file that could not be put into its place; it and all later ones are as they were.
        path: PathBuf,
        /// The files that are new already.
        replaced: Vec<PathBuf>,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A directory stands where a file is to be written, or the path ends like that of a directory.
    IsDirectory {
        /// The path, as the caller named it.
        path: PathBuf,
    },
    /// A file stands where a directory is needed.
    NotADirectory {
        /// The path, as the caller named it.
        path: PathBuf,
    },
    /// Neither a file nor something one can write a stream to: a disk, a socket, an empty path.
    NotAFile {
        /// The path, as the caller named it.
        path: PathBuf,
    },
    /// The output is one of the inputs, directly or through a link.
    SameAsInput {
        /// The output, as the caller named it.
        output: PathBuf,
        /// The input, as the caller named it.
        input: PathBuf,
    },
    /// Two outputs are one file, directly or through a link.
    SameOutput {
        /// The output named first.
        first: PathBuf,
        /// The output named later.
        second: PathBuf,
    },
}

/// The steps of writing a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Looking at what is at the path already.
    Inspect,
    /// Creating the output directory.
    CreateDirectory,
    /// Creating the temporary file beside the target.
    Create,
    /// Writing the contents, or opening the existing file to see that it may be written.
    Write,
    /// Having the contents reach the disk.
    Sync,
    /// Moving the complete file to its place.
    Replace,
}

/// What became of the file that an output was to replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Previous {
    /// It is as it was, byte for byte.
    Unchanged,
    /// There was none, and there is none now; or the output is a stream.
    None,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Whether the operating system refused something; otherwise the caller named an output that must not be written.
    pub fn is_io(&self) -> bool {
        self.io().is_some()
    }

    /// Whether the reader of a pipe has left (`rfm ... | head`). A command then stops without a message.
    pub fn is_broken_pipe(&self) -> bool {
        self.io().is_some_and(|source| source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The output concerned, as the caller named it; `None` for standard output.
    pub fn path(&self) -> Option<&Path> {
        match self.kind() {
            ErrorKind::StandardOutput { .. } => None,
            ErrorKind::Io { path, .. }
            | ErrorKind::NotDurable { path, .. }
            | ErrorKind::PartlyReplaced { path, .. }
            | ErrorKind::IsDirectory { path }
            | ErrorKind::NotADirectory { path }
            | ErrorKind::NotAFile { path }
            | ErrorKind::SameAsInput { output: path, .. }
            | ErrorKind::SameOutput { second: path, .. } => Some(path),
        }
    }

    /// What would help, as one line without the name of any command-line option; `None` when we do not know.
    pub fn help(&self) -> Option<&'static str> {
        match self.kind() {
            ErrorKind::IsDirectory { .. } => Some("name a file in it"),
            ErrorKind::NotADirectory { .. } => Some("choose another directory, or move the file away"),
            ErrorKind::NotAFile { .. } => Some("name a file, or `-` for standard output"),
            ErrorKind::SameAsInput { .. } => Some("choose another name for the output"),
            ErrorKind::SameOutput { .. } => Some("give each output a name of its own"),
            ErrorKind::PartlyReplaced { .. } => Some("run again to have one consistent set"),
            ErrorKind::NotDurable { .. } => Some("the file is complete; check the disk before relying on it"),
            ErrorKind::Io { source, .. } | ErrorKind::StandardOutput { source } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Some("free some space, or write to another file system")
                }
                io::ErrorKind::PermissionDenied => Some("write where you may create and replace files"),
                io::ErrorKind::ReadOnlyFilesystem => Some("write to another file system"),
                io::ErrorKind::NotFound => Some("create the directory first"),
                #[cfg(feature = "xlsx")]
                io::ErrorKind::InvalidInput
                    if source.get_ref().is_some_and(|inner| inner.is::<crate::xlsx::WorkbookError>()) =>
                {
                    Some("choose a format without such a limit, such as CSV")
                }
                // A single file mounted into a container cannot be renamed over.
                io::ErrorKind::ResourceBusy => Some("if this file is a mount, mount its directory instead"),
                _ => None,
            },
        }
    }

    pub(crate) fn io(&self) -> Option<&io::Error> {
        match self.kind() {
            ErrorKind::Io { source, .. }
            | ErrorKind::StandardOutput { source }
            | ErrorKind::NotDurable { source, .. }
            | ErrorKind::PartlyReplaced { source, .. } => Some(source),
            _ => None,
        }
    }

    pub(crate) fn at(step: Step, path: &Path, previous: Previous, source: io::Error) -> Error {
        ErrorKind::Io { step, path: path.to_owned(), previous, source }.into()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Error(Box::new(kind))
    }
}

// `Error(Io { .. })` is enough; the box would only add noise.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Error").field(&self.0).finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Io { step, path, previous, .. } => {
                let doing = match step {
                    Step::Inspect => "cannot look at",
                    Step::CreateDirectory => "cannot create the directory",
                    Step::Create => "cannot create a temporary file beside",
                    Step::Write => "cannot write",
                    Step::Sync => "cannot store on disk",
                    Step::Replace => "cannot put in place",
                };
                write!(f, "{doing} `{}`", path.display())?;
                match previous {
                    Previous::Unchanged => f.write_str(" (the previous file is unchanged)"),
                    Previous::None => Ok(()),
                }
            }
            ErrorKind::StandardOutput { .. } => f.write_str("cannot write to standard output"),
            ErrorKind::NotDurable { path, .. } => {
                write!(f, "written, but a power cut may undo it: cannot sync the directory `{}`", path.display())
            }
            ErrorKind::PartlyReplaced { path, replaced, .. } => {
                write!(f, "cannot put in place `{}`; already replaced:", path.display())?;
                for (i, path) in replaced.iter().enumerate() {
                    write!(f, "{} `{}`", if i == 0 { "" } else { "," }, path.display())?;
                }
                Ok(())
            }
            ErrorKind::IsDirectory { path } => write!(f, "cannot write `{}`: it is a directory", path.display()),
            ErrorKind::NotADirectory { path } => {
                write!(f, "cannot write into `{}`: it is a file, not a directory", path.display())
            }
            ErrorKind::NotAFile { path } => write!(f, "cannot write `{}`: it is not a file", path.display()),
            ErrorKind::SameAsInput { output, input } if output == input => {
                write!(f, "output `{}` is also an input", output.display())
            }
            ErrorKind::SameAsInput { output, input } => {
                write!(f, "output `{}` is the same file as input `{}`", output.display(), input.display())
            }
            ErrorKind::SameOutput { first, second } if first == second => {
                write!(f, "two outputs go to `{}`", first.display())
            }
            ErrorKind::SameOutput { first, second } => {
                write!(f, "outputs `{}` and `{}` are the same file", first.display(), second.display())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.io().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;

    fn full(previous: Previous) -> Error {
        Error::at(Step::Write, Path::new("result/customers.csv"), previous, io::ErrorKind::StorageFull.into())
    }

    #[test]
    fn the_cause_is_in_the_source_and_not_in_the_text() {
        let error = full(Previous::Unchanged);
        assert_eq!(error.to_string(), "cannot write `result/customers.csv` (the previous file is unchanged)");
        assert_eq!(error.source().unwrap().to_string(), "no storage space");
        assert_eq!(error.help(), Some("free some space, or write to another file system"));
        assert_eq!(error.path(), Some(Path::new("result/customers.csv")));
        assert!(error.is_io() && !error.is_broken_pipe());
    }

    #[test]
    fn no_previous_file_is_not_mentioned() {
        assert_eq!(full(Previous::None).to_string(), "cannot write `result/customers.csv`");
    }

    #[test]
    fn a_closed_pipe_can_be_told_apart() {
        let error = Error::from(ErrorKind::StandardOutput { source: io::ErrorKind::BrokenPipe.into() });
        assert!(error.is_broken_pipe() && error.is_io());
        assert_eq!(error.path(), None);
        assert_eq!(error.to_string(), "cannot write to standard output");
    }

    #[test]
    fn a_mixed_set_names_what_is_new() {
        let error = Error::from(ErrorKind::PartlyReplaced {
            path: "run.json".into(),
            replaced: vec!["customers.csv".into(), "segments.csv".into()],
            source: io::ErrorKind::PermissionDenied.into(),
        });
        let text = "cannot put in place `run.json`; already replaced: `customers.csv`, `segments.csv`";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn refusals_are_not_io_errors() {
        let error = Error::from(ErrorKind::SameAsInput { output: "a".into(), input: "b".into() });
        assert_eq!(error.to_string(), "output `a` is the same file as input `b`");
        assert!(!error.is_io() && error.source().is_none());
        let error = Error::from(ErrorKind::SameOutput { first: "a".into(), second: "a".into() });
        assert_eq!(error.to_string(), "two outputs go to `a`");
    }

    #[test]
    fn it_travels_between_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
    }
}
