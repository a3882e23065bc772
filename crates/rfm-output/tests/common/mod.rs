//! A test program that runs itself again, to be killed, traced or started with another umask.

use std::io::Write;
use std::path::Path;
use std::process::Command;

/// What `job` exits with, so that the test harness's own codes are told apart.
pub(crate) const COMMITTED: i32 = 42;
pub(crate) const REFUSED: i32 = 43;
pub(crate) const NOT_DURABLE: i32 = 44;
pub(crate) const PARTLY_REPLACED: i32 = 45;

const JOB: &str = "RFM_OUTPUT_JOB";
const DIRECTORY: &str = "RFM_OUTPUT_DIRECTORY";

/// Program and arguments that run the test named `job` of this test program, as the given job in the given directory.
pub(crate) fn job(program: &[&str], name: &str, directory: &Path) -> Command {
    let own = std::env::current_exe().unwrap();
    let mut command = match program {
        [] => Command::new(own),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(own);
            command
        }
    };
    command.args(["job", "--exact", "--test-threads=1", "--nocapture"]);
    command.env(JOB, name).env(DIRECTORY, directory);
    command
}

/// The job this process was started for, if any.
pub(crate) fn given() -> Option<(String, std::path::PathBuf)> {
    Some((std::env::var(JOB).ok()?, std::env::var_os(DIRECTORY)?.into()))
}

/// Names in a directory, sorted.
pub(crate) fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub(crate) fn temporaries(directory: &Path) -> usize {
    names(directory).iter().filter(|name| name.contains(".rfm-tmp-")).count()
}

/// Past the harness, which hides what a passing test prints.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
