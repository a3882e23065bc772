//! The temporary file beside a target: created, locked, removed; and those of killed runs, found and removed.
//!
//! Two rules keep a running writer safe from another run's cleaning, and every line here serves one of them:
//! a temporary is locked from its creation until it is renamed or removed, and only the holder of the lock removes it. The gap
//! between creating and locking is closed by looking again after the lock: whoever lost the file in between takes a new one.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

const MARK: &str = ".rfm-tmp-";

/// File systems allow 255 bytes for a name; this leaves room for the mark and two numbers.
const LONGEST_NAME: usize = 180;

/// So many left-overs of killed runs with our process id would have to lie there.
const ATTEMPTS: usize = 10_000;

/// Removes the file when dropped, unless it was moved to its place.
#[derive(Debug)]
pub(crate) struct Temporary {
    path: PathBuf,
    ours: bool,
}

impl Temporary {
    /// Creates `.NAME.rfm-tmp-PID-N` beside `target`, exclusively, locked. `mode` is filtered by the umask; it matters on
    /// Unix only.
    pub(crate) fn create(target: &Path, mode: u32) -> io::Result<(Temporary, File)> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let prefix = prefix_of(target);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        set_mode(&mut options, mode);
        for _ in 0..ATTEMPTS {
            // Need not be unpredictable: `create_new` follows no link and opens nothing that exists.
            let mut name = prefix.clone();
            name.push(format!("{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed)));
            let path = directory_of(target).join(name);
            let file = match options.open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            };
            let mut temporary = Temporary { path, ours: true };
            // A file system without locks: go on, another run cannot lock it either and so will not remove it.
            if let Err(TryLockError::WouldBlock) = file.try_lock() {
                temporary.ours = false;
                continue;
            }
            if !is_linked(&file)? {
                temporary.ours = false;
                continue;
            }
            return Ok((temporary, file));
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Moves the file to its place.
    pub(crate) fn place(&mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.ours = false;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if self.ours {
            // What is left is removed by the next good run.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes temporaries of the same target whose writers are gone. What cannot be looked at or removed stays for another time:
/// the output itself is fine.
pub(crate) fn remove_abandoned(target: &Path) {
    let prefix = prefix_of(target);
    let Ok(entries) = fs::read_dir(directory_of(target)) else { return };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && is_temporary_name(&entry.file_name(), &prefix) {
            let _ = remove_if_abandoned(&entry.path());
        }
    }
}

fn remove_if_abandoned(path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    // Held until the file is gone.
    if file.try_lock().is_ok() && is_at(&file, path)? {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// The directory that holds `target`; `.` for a bare name.
pub(crate) fn directory_of(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => target,
    }
}

fn prefix_of(target: &Path) -> OsString {
    let name = target.file_name().unwrap_or_default();
    let mut prefix = OsString::from(".");
    if name.len() <= LONGEST_NAME {
        prefix.push(name);
    } else {
        // Two long names may get one prefix. The lock tells the living from the dead, not the name.
        let name = name.to_string_lossy();
        prefix.push(&name[..floor_char_boundary(&name, LONGEST_NAME)]);
    }
    prefix.push(MARK);
    prefix
}

fn is_temporary_name(name: &OsStr, prefix: &OsStr) -> bool {
    let Some(rest) = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes()) else { return false };
    let mut numbers = rest.split(|&byte| byte == b'-');
    let mut is_number =
        || numbers.next().is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit));
    is_number() && is_number() && numbers.next().is_none()
}

// `str::floor_char_boundary` is newer than our compiler floor.
fn floor_char_boundary(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

#[cfg(unix)]
fn set_mode(options: &mut OpenOptions, mode: u32) {
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
}

#[cfg(not(unix))]
fn set_mode(_: &mut OpenOptions, _: u32) {}

/// Whether the open file still has a name.
#[cfg(unix)]
fn is_linked(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.nlink() > 0)
}

#[cfg(not(unix))]
fn is_linked(_: &File) -> io::Result<bool> {
    Ok(true)
}

/// Whether the open file is the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (open, named) = (file.metadata()?, fs::symlink_metadata(path)?);
    Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn abandoned_files_of_the_same_target_are_removed_and_no_others() {
        let dir = tempfile::tempdir().unwrap();
        let keep = [
            ".a.csv.rfm-tmp-1",
            ".a.csv.rfm-tmp-1-",
            ".a.csv.rfm-tmp-1-2-3",
            ".a.csv.rfm-tmp-x-1",
            ".b.csv.rfm-tmp-1-1",
            "a.csv.rfm-tmp-1-1",
        ];
        for name in keep.iter().chain(&[".a.csv.rfm-tmp-1-1", ".a.csv.rfm-tmp-99999-123"]) {
            fs::write(dir.path().join(name), "").unwrap();
        }
        fs::create_dir(dir.path().join(".a.csv.rfm-tmp-5-5")).unwrap();
        remove_abandoned(&dir.path().join("a.csv"));
        let mut expected: Vec<String> = keep.iter().map(ToString::to_string).collect();
        expected.push(".a.csv.rfm-tmp-5-5".into());
        expected.sort();
        assert_eq!(names(dir.path()), expected);
    }

    #[test]
    fn a_living_writer_keeps_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a.csv");
        let living = Temporary::create(&target, 0o600).unwrap();
        remove_abandoned(&target);
        assert_eq!(names(dir.path()).len(), 1);
        drop(living);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn taken_names_are_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a.csv");
        let (first, _file) = Temporary::create(&target, 0o600).unwrap();
        let number: u64 = first.path.to_str().unwrap().rsplit('-').next().unwrap().parse().unwrap();
        for n in number + 1..number + 200 {
            fs::write(dir.path().join(format!(".a.csv.rfm-tmp-{}-{n}", std::process::id())), "").unwrap();
        }
        let (second, _file) = Temporary::create(&target, 0o600).unwrap();
        assert!(second.path.exists());
    }

    #[test]
    fn names_of_any_length_and_script_work() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["\u{e4}".repeat(127), "x".repeat(255), "\u{1f600}".repeat(63), "a".into()] {
            let target = dir.path().join(name);
            let (mut temporary, _file) = Temporary::create(&target, 0o600).unwrap();
            assert!(is_temporary_name(temporary.path.file_name().unwrap(), &prefix_of(&target)));
            temporary.place(&target).unwrap();
            assert!(target.exists());
        }
        assert_eq!(names(dir.path()).len(), 4);
    }
}
