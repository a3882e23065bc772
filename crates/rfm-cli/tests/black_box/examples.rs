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
    place
}

/// The lines of `rfm.toml` that the help of `segment` shows.
fn settings(place: &Place) -> String {
    let help = place.prints("segment --help");
    let (_, shown) = help.split_once("in the file rfm.toml, each option without its dashes:\n").unwrap();
    shown.lines().take_while(|line| line.starts_with("    ")).map(|line| format!("{}\n", line.trim())).collect()
}

#[test]
fn the_main_job() {
    let place = repository();
    let out = place.prints("segment examples/data/orders.csv");
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let (_, shown) = readme.split_once("`rfm segment examples/data/orders.csv` prints\n\n```text\n").unwrap();
    assert_eq!(out, shown.split("```").next().unwrap(), "the README shows something else");
}

#[test]
fn explanations_are_as_documented() {
    let place = repository();
    fs::copy(place.path("examples/data/orders.csv"), place.path("orders.csv")).unwrap();
    let documentation = include_str!("../../../../docs/explain.md");
    let shown: Vec<&str> = documentation.split("```text\n$ rfm ").skip(1).collect();
    assert_eq!(shown.len(), 4);
    for shown in shown {
        let (command, rest) = shown.split_once('\n').unwrap();
        let (lines, _) = rest.split_once("```").unwrap();
        // One shows a part.
        let out = place.prints(&format!("{command} --quiet"));
        assert!(out.contains(lines), "{command}: {out}");
    }
}

#[test]
fn every_example_of_the_help_works() {
    let place = repository();
    let mut count = 0;
    for help in [
        "--help",
        "segment --help",
        "compare --help",
        "explain --help",
        "presets --help",
        "drift --help",
        "model show --help",
        "inspect --help",
        "rules show --help",
        "rules check --help",
        "completions --help",
    ] {
        let help = place.prints(help);
        let (_, examples) = help.split_once("\nExample").unwrap();
        for line in examples.lines().filter_map(|line| line.trim_start().strip_prefix("rfm ")) {
            let arguments = line.split(" > ").next().unwrap();
            // The one that needs settings has a test of its own.
            if arguments == "segment" {
                continue;
            }
            let outcome = place.rfm(arguments);
            assert_eq!(outcome.code, 0, "{line}: {}", outcome.err);
            count += 1;
        }
    }
    assert!(count >= 15, "{count}");
}

#[test]
fn the_settings_of_the_help_work() {
    let place = repository();
    let settings = settings(&place);
    assert_eq!(
        settings,
        "[segment]\ninputs = [\"examples/data/orders.csv\"]\nas-of = 2026-01-01\nbins-recency = [30, 90, 180, 365]\n"
    );
    let typed = "segment examples/data/orders.csv --as-of 2026-01-01 --bins-recency 30,90,180,365";
    let expected = place.prints(typed);
    let outcome = place.with("rfm.toml", settings).rfm("segment");
    assert_eq!((outcome.code, outcome.err.as_str()), (0, "note: settings from rfm.toml\n"));
    assert_eq!(outcome.out, expected);
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
