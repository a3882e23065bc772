//! Several files as one result.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::atomic::{AtomicFile, Complete, sync_directory};
use crate::error::{Error, ErrorKind, Previous, Step};
use crate::temporary::directory_of;

/// Files that are written in full before the first of them replaces anything.
///
/// A full disk, a failing writer or a panic leaves every old file as it was and removes what was new, including
/// directories that were created for it. The renames at the end are one after the other, in the order of adding, since no file
/// system offers more: if one is refused the error names what is new already, and a process killed between two of
/// them leaves a mixed set. Add the file that describes the others last, so that it vouches for them.
///
/// # Examples
///
/// ```
/// use rfm_output::OutputSet;
///
/// # let scratch = tempfile::tempdir()?;
/// # let dir = scratch.path().join("result");
/// let mut set = OutputSet::in_directory(&dir)?;
/// set.write("customers.csv", |out| out.write_all(b"customer_id\n"))?;
/// set.write("run.json", |out| out.write_all(b"{}\n"))?;
/// let written = set.commit()?;
/// assert_eq!(written, [dir.join("customers.csv"), dir.join("run.json")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is kept without `commit`"]
pub struct OutputSet {
    // Dropped before the directories, which are removed only when empty.
    files: Vec<Complete>,
    directory: PathBuf,
    created: CreatedDirectories,
}

impl OutputSet {
    /// A set whose [`write`](OutputSet::write) puts files into `directory`, which is created, with its parents, if missing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotADirectory`] when a file is in the way; [`ErrorKind::Io`].
    pub fn in_directory(directory: impl AsRef<Path>) -> Result<OutputSet, Error> {
        let directory = directory.as_ref();
        let created = CreatedDirectories::create(directory)?;
        Ok(OutputSet { files: Vec::new(), directory: directory.to_owned(), created })
    }

    /// Writes one file of the set. It is complete and on disk, under a temporary name, when this returns.
    ///
    /// # Errors
    ///
    /// Those of [`AtomicFile::create`], of `contents` as [`ErrorKind::Io`] at [`Step::Write`], and of [`add`](OutputSet::add). The set can
    /// still be committed without this file, but is better dropped.
    pub fn write<F>(&mut self, name: impl AsRef<Path>, contents: F) -> Result<(), Error>
    where
        F: FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    {
        let mut file = AtomicFile::create(self.directory.join(name))?;
        contents(&mut file).map_err(|error| file.write_error(error))?;
        self.add(file)
    }

    /// Adds a file that was written elsewhere, in any directory; its [`commit`](AtomicFile::commit) becomes part of the set's.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SameOutput`] when the set has this file; [`ErrorKind::Io`] when not all of it could be written.
    pub fn add(&mut self, file: AtomicFile) -> Result<(), Error> {
        let file = file.complete()?;
        let same = |other: &&Complete| file.target().is_some() && other.target() == file.target();
        if let Some(other) = self.files.iter().find(same) {
            return Err(ErrorKind::SameOutput { first: other.path.clone(), second: file.path.clone() }.into());
        }
        self.files.push(file);
        Ok(())
    }

    /// Puts all files into their places, in the order of adding, and returns their paths as they were named.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`]: the first rename was refused and all old files are as they were.
    /// [`ErrorKind::PartlyReplaced`]: a later one was. [`ErrorKind::NotDurable`]: all are in place, but a directory could not be synced.
    pub fn commit(mut self) -> Result<Vec<PathBuf>, Error> {
        for i in 0..self.files.len() {
            if let Err(source) = self.files[i].place() {
                // Directories that hold a new file are not empty and stay.
                let (done, rest) = self.files.split_at(i);
                if done.is_empty() {
                    return Err(rest[0].place_error(source));
                }
                let replaced = done.iter().map(|file| file.path.clone()).collect();
                return Err(ErrorKind::PartlyReplaced { path: rest[0].path.clone(), replaced, source }.into());
            }
        }
        let created = self.created.keep();
        let mut directories: Vec<&Path> = self.files.iter().filter_map(Complete::directory).collect();
        directories.extend(created.iter().map(|new| directory_of(new)));
        directories.sort_unstable();
        directories.dedup();
        for directory in directories {
            sync_directory(directory)?;
        }
        self.files.iter().for_each(Complete::clean);
        Ok(self.files.iter().map(|file| file.path.clone()).collect())
    }
}

/// Directories made for a result, removed again if it does not come to be and nothing else is in them.
#[derive(Debug)]
struct CreatedDirectories(Vec<PathBuf>);

impl CreatedDirectories {
    /// Outermost first.
    fn create(directory: &Path) -> Result<Self, Error> {
        let mut missing = Vec::new();
        for ancestor in directory.ancestors().filter(|ancestor| !ancestor.as_os_str().is_empty()) {
            match fs::metadata(ancestor) {
                Ok(found) if found.is_dir() => break,
                Ok(_) => return Err(ErrorKind::NotADirectory { path: ancestor.to_owned() }.into()),
                // Below a file: go on to the file, to name it.
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(ancestor),
                Err(error) => return Err(Error::at(Step::Inspect, ancestor, Previous::None, error)),
            }
        }
        let mut created = CreatedDirectories(Vec::new());
        for path in missing.into_iter().rev() {
            match fs::create_dir(path) {
                Ok(()) => created.0.push(path.to_owned()),
                // Another run was faster; or the path has a `..` in it.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
                Err(error) => return Err(Error::at(Step::CreateDirectory, path, Previous::None, error)),
            }
        }
        Ok(created)
    }

    fn keep(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.0)
    }
}

impl Drop for CreatedDirectories {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            let _ = fs::remove_dir(path);
        }
    }
}
