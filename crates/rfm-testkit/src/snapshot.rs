//! Results as texts that people have reviewed, each in a file beside its test.

use std::fs;
use std::path::Path;

/// Holds a text against the one of a file. With the environment variable `RFM_WRITE_SNAPSHOT` the file is written first, for the
/// next review.
///
/// # Panics
///
/// If they differ, with the lines that do; if the file cannot be written.
pub fn check(path: &Path, found: &str) {
    if std::env::var_os("RFM_WRITE_SNAPSHOT").is_some() {
        fs::write(path, found).expect("a snapshot can be written");
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    let differs: Vec<String> = found
        .lines()
        .zip(expected.lines().chain(std::iter::repeat("")))
        .filter(|(found, expected)| found != expected)
        .map(|(found, expected)| format!("- {expected}\n+ {found}"))
        .collect();
    assert!(differs.is_empty() && found.lines().count() == expected.lines().count(), "{}", differs.join("\n"));
}
