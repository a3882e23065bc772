//! Which files a path leads to: itself, or what lies in a directory, with the columns that the names of directories tell.

use std::fs;
use std::path::{Path, PathBuf};

use rfm_input::{InputName, Position};

use crate::error::{Error, ErrorKind};

/// What a partition is called that has no value.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// Directories in directories; more of them are a link that leads back.
const DEPTH: usize = 32;

/// A file to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) name: InputName,
    /// The columns that the directories above it tell, and the value of each for all of its rows.
    pub(crate) partitions: Vec<(String, Option<String>)>,
}

/// The files of one or several paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    pub(crate) found: Vec<Found>,
    /// Entries of directories that were passed over.
    pub(crate) skipped: Vec<InputName>,
}

impl Files {
    /// The files of paths in the order in which they are given; those of a directory in the order of their paths.
    pub(crate) fn of(paths: impl IntoIterator<Item = PathBuf>) -> Result<Files, Error> {
        let mut files = Files::default();
        for path in paths {
            if path.is_dir() {
                files.add_directory(&path)?;
            } else {
                files.found.push(Found { name: InputName::new(path), partitions: Vec::new() });
            }
        }
        Ok(files)
    }

    fn add_directory(&mut self, root: &Path) -> Result<(), Error> {
        let mut paths = Vec::new();
        let skipped_before = self.skipped.len();
        let mut waiting = vec![(root.to_owned(), 0)];
        while let Some((directory, depth)) = waiting.pop() {
            let name = InputName::new(&directory);
            let failed = |cause| Error::from(rfm_input::ErrorKind::Open { position: Position::new(&name), cause });
            if depth > DEPTH {
                let what = "directories are nested deeper";
                let position = Position::new(&name);
                return Err(
                    ErrorKind::TooLarge { position, part: Default::default(), what, limit: DEPTH as u64 }.into()
                );
            }
            for entry in fs::read_dir(&directory).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if is_hidden(&path) {
                    self.skipped.push(InputName::new(path));
                } else if path.is_dir() {
                    waiting.push((path, depth + 1));
                } else {
                    paths.push(path);
                }
            }
        }
        self.skipped[skipped_before..].sort_by(|a, b| a.as_path().cmp(b.as_path()));
        paths.sort();
        let first = self.found.len();
        for path in paths {
            let partitions = partitions(path.strip_prefix(root).unwrap_or(&path));
            self.found.push(Found { name: InputName::new(path), partitions });
        }
        match &self.found[first..] {
            [] => {
                let skipped = self.skipped.len() - skipped_before;
                Err(ErrorKind::NoFiles { position: Position::new(&InputName::new(root)), skipped }.into())
            }
            [one, others @ ..] => others.iter().try_for_each(|other| check_keys(one, other)),
        }
    }
}

/// Partitions divide the whole of a directory.
fn check_keys(one: &Found, other: &Found) -> Result<(), Error> {
    let keys = |found: &Found| found.partitions.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    let (expected, found) = (keys(one), keys(other));
    if expected == found {
        return Ok(());
    }
    Err(ErrorKind::OtherPartitions { position: Position::new(&other.name), expected, found }.into())
}

/// Markers and drafts of other programs: `.part-0.crc`, `_SUCCESS`, `_temporary`. A partition may begin with either.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(['.', '_']) && !name.contains('=')
}

/// The columns in the names of the directories above a file: `year=2010/shop=Bad%20Ems/part-0.parquet`.
fn partitions(path: &Path) -> Vec<(String, Option<String>)> {
    let Some(directories) = path.parent() else { return Vec::new() };
    let parts = directories.iter().filter_map(|part| {
        let part = part.to_string_lossy();
        let (key, value) = part.split_once('=')?;
        Some((decoded(key), (value != NO_VALUE).then(|| decoded(value))))
    });
    parts.collect()
}

/// Text in which some bytes are written as `%` and two hexadecimal digits; what is not written so stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).filter(|hex| *first == b'%' && hex.iter().all(u8::is_ascii_hexdigit));
        let byte = hex.and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &Files, root: &Path) -> Vec<String> {
        let relative = |found: &Found| found.name.as_path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
        files.found.iter().map(relative).collect()
    }

    fn directory(paths: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for path in paths {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        directory
    }

    #[test]
    fn a_directory_is_its_files_in_the_order_of_their_paths() {
        let root =
            directory(&["b/2.parquet", "a.parquet", "b/1.parquet", "_SUCCESS", ".a.crc", "_temporary/x.parquet"]);
        let files = Files::of([root.path().to_owned()]).unwrap();
        assert_eq!(names(&files, root.path()), ["a.parquet", "b/1.parquet", "b/2.parquet"]);
        let skipped: Vec<_> = files.skipped.iter().map(|name| name.as_path().file_name().unwrap()).collect();
        assert_eq!(skipped, [".a.crc", "_SUCCESS", "_temporary"]);
    }

    #[test]
    fn names_of_directories_are_columns() {
        let root =
            directory(&["_y=2010/shop=Bad%20Ems%2F1/0.parquet", "_y=__HIVE_DEFAULT_PARTITION__/shop=50%/0.parquet"]);
        let files = Files::of([root.path().to_owned()]).unwrap();
        let values: Vec<_> = files.found.iter().map(|found| found.partitions.clone()).collect();
        let of = |year: Option<&str>, shop: &str| {
            vec![("_y".to_owned(), year.map(str::to_owned)), ("shop".to_owned(), Some(shop.to_owned()))]
        };
        assert_eq!(values, [of(Some("2010"), "Bad Ems/1"), of(None, "50%")]);
        assert_eq!(decoded("%ff"), "%ff", "no text of its own");
    }

    #[test]
    fn files_that_are_divided_otherwise_are_refused() {
        let root = directory(&["y=1/0.parquet", "z=1/0.parquet"]);
        let error = Files::of([root.path().to_owned()]).unwrap_err().to_string();
        assert!(error.ends_with("0.parquet: this directory is divided by `y`, but here by `z`"), "{error}");
        let root = directory(&["0.parquet", "z=1/0.parquet"]);
        let error = Files::of([root.path().to_owned()]).unwrap_err().to_string();
        assert!(error.ends_with("0.parquet: this directory is divided by nothing, but here by `z`"), "{error}");
    }

    #[test]
    fn a_directory_without_files_is_an_error() {
        let root = directory(&["_SUCCESS"]);
        let error = Files::of([root.path().to_owned()]).unwrap_err().to_string();
        let expected = ": no file here; entries whose names begin with . or _ are passed over (1)";
        assert!(error.ends_with(expected), "{error}");
    }
}
