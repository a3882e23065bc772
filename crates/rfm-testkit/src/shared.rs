//! Where the shared data lie.
//!
//! They are too big for the repository and under other licences, so a checkout may lack them. A test that needs them and
//! does not find them must not look as if it had passed; hence the line on stderr, and the switch that makes it fail.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The directory of the shared data: `$RFM_SHARED` if set, else `shared` beside the checkout; `None` where there is no
/// such directory. A relative `$RFM_SHARED` counts from the top of the checkout, since cargo runs the tests of different
/// packages in different directories.
pub fn shared_dir() -> Option<PathBuf> {
    locate(std::env::var_os("RFM_SHARED"))
}

/// The directory of the shared data, for a test named `test`.
///
/// Where it is absent this writes `SKIPPED <test>: …` to stderr, past the capture of the test harness, and gives `None`:
///
/// ```
/// let Some(shared) = rfm_testkit::shared("name of test") else { return };
/// assert!(shared.is_dir());
/// ```
///
/// # Panics
///
/// If the data are absent and `RFM_REQUIRE_SHARED=1` is set, as where the whole of the tests is promised to have run.
pub fn shared(test: &str) -> Option<PathBuf> {
    let found = shared_dir();
    if found.is_none() {
        let required = std::env::var_os("RFM_REQUIRE_SHARED").is_some_and(|value| value == "1");
        assert!(!required, "{test}: ../shared is absent (set RFM_SHARED), and RFM_REQUIRE_SHARED=1 asks for it");
        // Not `eprintln!`: the harness keeps that for failed tests, and this one is about to pass. There is nobody to
        // tell if stderr is closed.
        let _ = writeln!(std::io::stderr(), "{}", skipped(test));
    }
    found
}

fn skipped(test: &str) -> String {
    format!("SKIPPED {test}: ../shared is absent (set RFM_SHARED)")
}

fn locate(variable: Option<OsString>) -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // `join` keeps an absolute path as it is. An empty variable means the same as none.
    let dir = match variable.filter(|value| !value.is_empty()) {
        Some(value) => checkout.join(value),
        None => checkout.join("../shared"),
    };
    dir.is_dir().then_some(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The environment itself is not changed here: `set_var` is unsafe, as tests share the process.

    #[test]
    fn the_variable_names_the_directory() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(locate(Some(here.into())), Some(here.to_owned()));
        assert!(locate(Some("crates".into())).is_some(), "relative to the checkout");
    }

    #[test]
    fn a_directory_that_is_absent_is_none() {
        assert_eq!(locate(Some("no/such/directory".into())), None);
        assert_eq!(locate(Some("Cargo.toml".into())), None, "a file is no directory");
    }

    #[test]
    fn the_message_names_test_and_remedy() {
        assert_eq!(skipped("abc"), "SKIPPED abc: ../shared is absent (set RFM_SHARED)");
    }
}
