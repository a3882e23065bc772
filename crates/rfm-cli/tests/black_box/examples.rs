//! What the help and the README tell to type.

use std::fs;
use std::path::Path;

use crate::place::Place;

/// A place that looks like the root of the repository.
fn repository() -> Place {
    let place = Place::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/data");
    fs::create_dir_all(place.path("examples/data")).unwrap();
    fs::copy(data.join("orders.csv"), place.path("examples/data/orders.csv")).unwrap();
    place.with("rfm.toml", "[segment]\nas-of = \"2026-01-01\"\n")
}

#[test]
fn the_main_job() {
    let place = repository();
    let out = place.prints("segment examples/data/orders.csv --no-config");
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let (_, shown) = readme.split_once("`rfm segment examples/data/orders.csv` prints\n\n```text\n").unwrap();
    assert_eq!(out, shown.split("```").next().unwrap(), "the README shows something else");
}

#[test]
fn every_example_of_the_help_works() {
    let place = repository();
    let mut count = 0;
    for help in
        ["--help", "segment --help", "inspect --help", "rules show --help", "rules check --help", "completions --help"]
    {
        let help = place.prints(help);
        let (_, examples) = help.split_once("\nExample").unwrap();
        for line in examples.lines().filter_map(|line| line.trim_start().strip_prefix("rfm ")) {
            let arguments = line.split(" > ").next().unwrap();
            let outcome = place.rfm(arguments);
            assert_eq!(outcome.code, 0, "{line}: {}", outcome.err);
            count += 1;
        }
    }
    assert!(count >= 15, "{count}");
}

#[test]
fn completions_of_every_shell() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(place.prints(&format!("completions {shell}")).contains("date-format"), "{shell}");
    }
}

#[test]
fn version() {
    assert_eq!(Place::new().prints("--version"), format!("rfm {}\n", env!("CARGO_PKG_VERSION")));
}
