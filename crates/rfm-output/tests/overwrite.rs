//! HAZARDS row 29: an output that is an input, or another output, is refused before anything is read.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test program")]

use std::fs;
use std::path::Path;

use rfm_output::{ErrorKind, refuse_overwriting};

fn is_input(inputs: &[&Path], outputs: &[&Path]) -> bool {
    match refuse_overwriting(inputs, outputs).map_err(|error| error.to_string().contains("input")) {
        Ok(()) => false,
        Err(names_input) => names_input,
    }
}

#[test]
fn outputs_of_their_own_are_fine() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("in.csv"), "x").unwrap();
    fs::write(at("out.csv"), "x").unwrap();
    fs::create_dir(at("d")).unwrap();
    let outputs = [at("out.csv"), at("new.csv"), at("d/in.csv"), at("absent/deep/in.csv"), "-".into(), at("d")];
    refuse_overwriting(&[at("in.csv"), at("missing.csv"), "-".into()], &outputs).unwrap();
    // A directory of this name would be needed; creating the output says so.
    refuse_overwriting(&[at("in.csv")], &[at("in.csv/out.csv")]).unwrap();
    refuse_overwriting::<&str, &str>(&[], &[]).unwrap();
}

#[test]
fn an_output_that_is_an_input_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("in.csv"), "x").unwrap();
    fs::create_dir(at("d")).unwrap();
    let input = at("in.csv");
    for output in ["in.csv", "./in.csv", "d/../in.csv"] {
        assert!(is_input(&[&at("other"), &input], &[&at("out"), &at(output)]), "{output}");
    }
    fs::hard_link(&input, at("hard")).unwrap();
    assert!(is_input(&[&input], &[&at("hard")]) == cfg!(unix));

    let error = refuse_overwriting(&[&input], &[&input]).unwrap_err();
    assert_eq!(error.to_string(), format!("output `{}` is also an input", input.display()));
    assert_eq!(error.help(), Some("choose another name for the output"));
}

#[test]
fn two_outputs_to_one_file_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("d")).unwrap();
    fs::write(at("old"), "x").unwrap();
    let none: [&str; 0] = [];
    for (first, second) in [
        ("old", "old"),
        ("old", "d/../old"),
        ("new", "new"),
        ("new", "./new"),
        ("new", "d/../new"),
        ("absent/new", "absent/./new"),
    ] {
        let error = refuse_overwriting(&none, &[at(first), at("z"), at(second)]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SameOutput { .. }), "{first} {second}: {error}");
    }
    let error = refuse_overwriting(&none, &["-", "-"]).unwrap_err();
    assert_eq!(error.to_string(), "two outputs go to `-`");
}

#[cfg(unix)]
#[test]
fn links_hide_nothing() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("in.csv"), "x").unwrap();
    fs::create_dir(at("d")).unwrap();
    symlink("in.csv", at("link")).unwrap();
    symlink("link", at("link to link")).unwrap();
    symlink("d", at("linked d")).unwrap();
    symlink("../in.csv", at("d/up")).unwrap();
    symlink("d/new", at("dangling")).unwrap();
    symlink("loop", at("loop")).unwrap();
    for output in ["link", "link to link", "d/up", "linked d/up", "linked d/../in.csv"] {
        assert!(is_input(&[&at("in.csv")], &[&at(output)]), "{output}");
        assert!(is_input(&[&at(output)], &[&at("in.csv")]), "{output}");
    }
    for (first, second) in [("d/new", "linked d/new"), ("dangling", "d/new"), ("linked d/a/b", "d/a/b")] {
        assert!(refuse_overwriting(&[at("in.csv")], &[at(first), at(second)]).is_err(), "{first} {second}");
    }
    let error = refuse_overwriting(&[at("in.csv")], &[at("loop")]).unwrap_err();
    assert!(error.is_io(), "{error}");
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_neither_refused_nor_opened() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Opening the pipe would wait for ever.
    refuse_overwriting(&[&pipe], &[&pipe]).unwrap();
    refuse_overwriting(&["/dev/null"], &["/dev/null", "/dev/null"]).unwrap();
}
