//! Real files for the tests, outside the repository. Without them the tests say so; with `RFM_REQUIRE_SHARED=1` they fail.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    match std::env::var_os("RFM_SHARED") {
        Some(root) => root.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    }
}

/// Whether a file or folder is there; says so if not.
pub(crate) fn is_present(path: &str) -> bool {
    let present = root().join(path).exists();
    if !present {
        assert!(
            std::env::var_os("RFM_REQUIRE_SHARED").is_none_or(|v| v != "1"),
            "{path} is not in {}",
            root().display()
        );
        eprintln!("SKIPPED: {path} is not in {}", root().display());
    }
    present
}

/// The content of a file, if it is there.
pub(crate) fn file(path: &str) -> Option<Vec<u8>> {
    is_present(path).then(|| fs::read(root().join(path)).unwrap())
}

/// Delimited texts in a folder and below, sorted.
pub(crate) fn texts(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if is_present(folder) {
        collect(&root().join(folder), &mut found);
        found.sort();
    }
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "csv" || e == "tsv" || e == "txt") {
            found.push(path);
        }
    }
}
