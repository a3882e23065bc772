//! Asked before anything is read: would an output destroy an input, or another output?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::atomic::follow_links;
use crate::error::{Error, ErrorKind, Previous, Step};
use crate::output::is_standard_output;
use crate::temporary::directory_of;

/// Refuses outputs that are an input or one another, by device and inode, so that links, `./` and relative paths do not hide it.
///
/// `-` is standard input among the inputs and standard output among the outputs; if the shell redirected them to a file, that
/// file counts. Devices and pipes are never refused. An output that does not exist yet is compared by its path with links
/// resolved. Inputs that do not exist are left to the reader. Without inodes (Windows) hard links are not seen; since outputs
/// are renamed into place, the other names of such a file keep their contents.
///
/// Nothing is opened, so a named pipe does not block. The number of files is taken to be small: each pair is compared.
///
/// # Errors
///
/// [`ErrorKind::SameAsInput`], [`ErrorKind::SameOutput`]; [`ErrorKind::Io`] when an output cannot be looked at for another reason than that
/// it is not there.
///
/// # Examples
///
/// ```
/// use rfm_output::{ErrorKind, refuse_overwriting};
///
/// # let dir = tempfile::tempdir()?;
/// let orders = dir.path().join("orders.csv");
/// std::fs::write(&orders, "customer_id\n")?;
/// refuse_overwriting(&[&orders], &[dir.path().join("customers.csv")])?;
///
/// let error = refuse_overwriting(&[&orders], &[dir.path().join("new/../orders.csv"), orders.clone()]).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::SameAsInput { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn refuse_overwriting<I, O>(inputs: &[I], outputs: &[O]) -> Result<(), Error>
where
    I: AsRef<Path>,
    O: AsRef<Path>,
{
    let inputs: Vec<_> = inputs
        .iter()
        .filter_map(|input| {
            let input = input.as_ref();
            let found = if input == Path::new("-") { of_stream("/dev/stdin") } else { of_existing(input) };
            // What cannot be looked at cannot be read either, and the reader says so.
            Some((input, found.ok()??))
        })
        .collect();
    let mut seen: Vec<(&Path, Identity)> = Vec::new();
    for output in outputs {
        let output = output.as_ref();
        let identity = of_output(output).map_err(|e| Error::at(Step::Inspect, output, Previous::None, e))?;
        let Some(identity) = identity else { continue };
        if let Some((input, _)) = inputs.iter().find(|(_, input)| *input == identity) {
            return Err(ErrorKind::SameAsInput { output: output.into(), input: input.into() }.into());
        }
        if let Some((first, _)) = seen.iter().find(|(_, other)| *other == identity) {
            return Err(ErrorKind::SameOutput { first: first.into(), second: output.into() }.into());
        }
        seen.push((output, identity));
    }
    Ok(())
}

/// What makes two names one file.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    /// Device and inode.
    #[cfg(unix)]
    File(u64, u64),
    /// The path behind all links, of a file that does not exist yet, or where there are no inodes.
    Path(PathBuf),
    /// Standard output that is no file.
    StandardOutput,
}

fn of_output(path: &Path) -> io::Result<Option<Identity>> {
    if is_standard_output(path) {
        return Ok(Some(of_stream("/dev/stdout").ok().flatten().unwrap_or(Identity::StandardOutput)));
    }
    match of_existing(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => of_absent(path).map(Some),
        // A part of the path is a file: creating the output will say so better.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(None),
        found => found,
    }
}

/// `None` for what is not a file: it may be written any number of times.
fn of_existing(path: &Path) -> io::Result<Option<Identity>> {
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Ok(None);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Ok(Some(Identity::File(found.dev(), found.ino())))
    }
    #[cfg(not(unix))]
    fs::canonicalize(path).map(|path| Some(Identity::Path(path)))
}

fn of_stream(name: &str) -> io::Result<Option<Identity>> {
    if cfg!(unix) { of_existing(Path::new(name)) } else { Ok(None) }
}

/// The directories that exist with their links resolved, the rest as it is written.
fn of_absent(path: &Path) -> io::Result<Identity> {
    let target = follow_links(path)?;
    let mut directory = directory_of(&target).to_owned();
    let mut rest: Vec<_> = target.file_name().map(ToOwned::to_owned).into_iter().collect();
    loop {
        match fs::canonicalize(&directory) {
            Ok(mut resolved) => {
                resolved.extend(rest.iter().rev());
                return Ok(Identity::Path(resolved));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                rest.extend(directory.file_name().map(ToOwned::to_owned));
                let parent = directory_of(&directory).to_owned();
                if parent == directory {
                    return Err(error);
                }
                directory = parent;
            }
            Err(error) => return Err(error),
        }
    }
}
