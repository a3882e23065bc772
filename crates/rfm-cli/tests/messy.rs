//! Every file of `../shared/data/messy` through the command: what becomes of it stands in `messy-files.txt`, which people have
//! reviewed. No file takes the command down, keeps it for more than ten seconds, or makes it or its reading process ask for more
//! than 512 MiB.
//!
//! `RFM_WRITE_SNAPSHOT=1` writes the file anew.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test program")]

use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rfm_testkit::{shared, snapshot};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(10);

/// KiB of address space, of the command and of the process that it starts.
const MEMORY: &str = "524288";

#[test]
fn every_messy_file_has_the_outcome_that_was_reviewed() {
    let Some(shared) = shared("every_messy_file_has_the_outcome_that_was_reviewed") else { return };
    let messy = shared.join("data/messy");
    let mut files = Vec::new();
    list(&messy, &mut files);
    files.retain(|file| file.file_name().is_some_and(|name| name != "INDEX.csv" && name != "README.md"));
    files.sort();
    let mut found = String::new();
    for file in &files {
        let name = file.strip_prefix(&messy).unwrap().display().to_string();
        writeln!(found, "{name}: {}", outcome(&messy, &name)).unwrap();
    }
    snapshot::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messy-files.txt"), &found);
}

fn list(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

/// Columns and rows, and the first problem; or the error.
fn outcome(messy: &Path, name: &str) -> String {
    let mut child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" inspect --json \"$1\"")])
        .arg(env!("CARGO_BIN_EXE_rfm"))
        .arg(name)
        .current_dir(messy)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Both are read while the child runs, so that it never waits for room.
    let (out, err) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let code = wait(&mut child, name);
    let (out, err) = (out.join().unwrap(), err.join().unwrap());
    match code {
        0 => {
            let found: Value = serde_json::from_str(&out).unwrap();
            let (columns, rows) = (found["columns"].as_array().unwrap().len(), &found["rows"]);
            let mut outcome = format!("{columns} × {rows}");
            // Of a workbook that is not read only these tell what is in it.
            let facts = found["facts"].as_object().unwrap();
            for (sheet, what) in facts.iter().filter(|(name, _)| name.starts_with("sheet ")) {
                write!(outcome, "; {sheet}: {}", what.as_str().unwrap()).unwrap();
            }
            if let Some(problem) = found["problems"].get(0) {
                write!(outcome, "; {}", problem["message"].as_str().unwrap()).unwrap();
            }
            outcome
        }
        1 => err.lines().next().unwrap_or_default().to_owned(),
        code => panic!("{name}: exit code {code}\n{err}"),
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.unwrap().read_to_string(&mut text).unwrap();
        text
    })
}

/// The exit code; a signal or too long a time is a failure.
fn wait(child: &mut Child, name: &str) -> i32 {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap_or_else(|| panic!("{name}: {status}"));
        }
        if start.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("{name}: longer than {LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
