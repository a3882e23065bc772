//! Which file a path leads to, and what state it is in.

use std::{
    fs::{FileType, Metadata},
    io,
    path::Path,
    time::SystemTime,
};

/// Tells files apart whatever they are called, so that one given twice (through a link, another spelling, a glob and a
/// name) is noticed before its rows count double.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FileId {
    /// Device and inode.
    #[cfg(unix)]
    #[doc(hidden)]
    Inode(u64, u64),
    /// The path without links, where the system has no inodes.
    #[cfg(not(unix))]
    Path(std::path::PathBuf),
    /// Standard input, where it cannot be looked at.
    #[cfg(not(unix))]
    StandardInput,
}

/// Size and modification time, to notice a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    regular: bool,
}

impl Stamp {
    pub(crate) fn new(metadata: &Metadata) -> Stamp {
        Stamp { size: metadata.len(), modified: metadata.modified().ok(), regular: metadata.is_file() }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Whether this is a plain file: pipes and devices have no size and change all the time.
    pub(crate) fn is_regular(&self) -> bool {
        self.regular
    }
}

#[cfg(unix)]
fn id_of(metadata: &Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt;
    FileId::Inode(metadata.dev(), metadata.ino())
}

#[cfg(unix)]
pub(crate) fn of_file(_: &Path, metadata: &Metadata) -> io::Result<FileId> {
    Ok(id_of(metadata))
}

#[cfg(not(unix))]
pub(crate) fn of_file(path: &Path, _: &Metadata) -> io::Result<FileId> {
    Ok(FileId::Path(std::fs::canonicalize(path)?))
}

/// Standard input may be a file that is also named, by `<`.
#[cfg(unix)]
pub(crate) fn of_standard_input() -> (Option<FileId>, Option<Stamp>) {
    use std::os::fd::AsFd;
    let file = io::stdin().as_fd().try_clone_to_owned().map(std::fs::File::from);
    match file.and_then(|file| file.metadata()) {
        Ok(metadata) => (Some(id_of(&metadata)), Some(Stamp::new(&metadata))),
        Err(_) => (None, None),
    }
}

#[cfg(not(unix))]
pub(crate) fn of_standard_input() -> (Option<FileId>, Option<Stamp>) {
    (Some(FileId::StandardInput), None)
}

/// What a path leads to, if it is nothing to read rows from.
pub(crate) fn refused(kind: &FileType) -> Option<&'static str> {
    if kind.is_dir() {
        return Some("a directory");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_socket() {
            return Some("a socket");
        }
        if kind.is_block_device() {
            return Some("a block device");
        }
    }
    None
}
