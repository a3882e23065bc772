//! The core stays small and pure: its direct dependencies are on a list, and `clippy.toml` beside `Cargo.toml` forbids
//! clocks, files, sockets, threads and the environment.
//!
//! Whoever adds a dependency changes the list here, and says why it is worth it.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test may ask cargo and read its own package"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The direct dependencies with these arguments of `cargo tree`.
fn direct_dependencies(arguments: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree =
        ["tree", "--offline", "--locked", "--edges", "normal", "--depth", "1", "--prefix", "none", "--format", "{lib}"];
    let mut command = Command::new(cargo);
    command.args(tree).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    assert_eq!(names.first().map(String::as_str), Some("rfm_core"));
    names.into_iter().skip(1).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn dependencies_are_those_on_the_list() {
    // blake3 digests what a model was fitted on, and stands in model files only. rayon is the one way to threads: those of the caller.
    let all = set(&["blake3", "hashbrown", "jiff", "rayon", "strsim", "thiserror", "toml"]);
    assert_eq!(direct_dependencies(&["--all-features"]), all);
}

#[test]
fn without_features_there_are_fewer() {
    let small = set(&["hashbrown", "strsim", "thiserror"]);
    assert_eq!(direct_dependencies(&[]), small);
    assert_eq!(direct_dependencies(&["--no-default-features"]), small);
}

#[test]
fn clocks_files_sockets_threads_and_environment_are_forbidden() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("clippy.toml")).unwrap();
    for path in [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "std::fs::File",
        "std::fs::read",
        "std::fs::write",
        "std::net::TcpStream",
        "std::net::UdpSocket",
        "std::thread::spawn",
        "std::thread::scope",
        "std::env::var",
        "std::env::args",
        "std::io::stdin",
        "std::io::stdout",
        "std::process::Command",
    ] {
        let entry = format!("{{ path = \"{path}\", reason = \"");
        assert!(text.contains(&entry), "clippy.toml no longer forbids {path}");
    }
}
