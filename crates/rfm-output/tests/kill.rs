//! HAZARDS row 26: a writer killed at any time leaves the old or the new file, and the next good run tidies up.
//! `RFM_KILLS=1000 cargo test -p rfm-output --test kill` kills more often.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, reason = "a test program")]

#[allow(dead_code, reason = "each test program uses a part")]
mod common;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use rfm_output::{AtomicFile, OutputSet};

const LINES: u64 = 20_000;

/// Every line and the last one say which version this is: a torn or mixed file shows.
fn write_version(out: &mut dyn Write, version: u64) -> std::io::Result<()> {
    for line in 0..LINES {
        writeln!(out, "{version},{line},some text of a customer")?;
    }
    writeln!(out, "end of {version}")
}

fn version_of(path: &Path) -> u64 {
    let text = fs::read_to_string(path).unwrap();
    let version = text.split(',').next().unwrap().parse().unwrap();
    let mut expected = Vec::new();
    write_version(&mut expected, version).unwrap();
    assert!(text.as_bytes() == expected, "{} is torn: {} bytes of version {version}", path.display(), text.len());
    version
}

/// Runs until it is killed.
#[test]
fn job() {
    let Some((name, directory)) = common::given() else { return };
    for version in 1.. {
        if name == "one" {
            let mut file = AtomicFile::create(directory.join("a.csv")).unwrap();
            write_version(&mut file, version).unwrap();
            file.commit().unwrap();
        } else {
            let mut set = OutputSet::in_directory(&directory).unwrap();
            set.write("a.csv", |out| write_version(out, version)).unwrap();
            set.write("b.csv", |out| write_version(out, version)).unwrap();
            set.commit().unwrap();
        }
    }
}

fn kill_many_times(name: &str, files: &[&str]) {
    let kills: u64 = std::env::var("RFM_KILLS").map_or(30, |n| n.parse().unwrap());
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let directory = scratch.path();
    for file in files {
        write_version(&mut fs::File::create(directory.join(file)).unwrap(), 0).unwrap();
    }
    let (mut left, mut replaced, mut mixed) = (0, 0, 0);
    let mut before = Vec::new();
    for kill in 0..kills {
        let mut child = common::job(&[], name, directory).stdout(Stdio::null()).spawn().unwrap();
        // Spread over starting up and several rounds of writing; steps of a prime number of microseconds.
        sleep(Duration::from_micros(2_000 + kill * 7_919 % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let versions: Vec<u64> = files.iter().map(|file| version_of(&directory.join(file))).collect();
        replaced += u64::from(versions[0] > 0);
        // A mixed set stays until the next commit and counts once.
        mixed += u64::from(versions != before && versions.iter().any(|&version| version != versions[0]));
        before = versions;
        left += u64::from(common::temporaries(directory) > 0);
    }
    assert!(left > 0 && replaced > 0, "killed too early or too late: {left} left, {replaced} replaced");

    let mut set = OutputSet::in_directory(directory).unwrap();
    for file in files {
        set.write(file, |out| write_version(out, 7)).unwrap();
    }
    set.commit().unwrap();
    assert_eq!(common::names(directory), files);
    common::say(&format!("{name}: {kills} kills, 0 torn, {left} with a temporary left, {mixed} between two renames"));
}

#[test]
fn a_killed_writer_leaves_the_old_or_the_new_file() {
    kill_many_times("one", &["a.csv"]);
}

#[test]
fn a_killed_set_leaves_whole_files() {
    kill_many_times("set", &["a.csv", "b.csv"]);
}
