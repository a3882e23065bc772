//! A directory to run the command in.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Three customers, four lines.
pub(crate) const ORDERS: &str = "customer,order,date,amount\n\
    ann,1,2024-03-01,19.99\nbob,2,2024-01-15,5.00\nann,3,2024-02-10,7.50\ncid,4,2024-02-28,100.00\n";

pub(crate) struct Place(TempDir);

/// Exit code, standard output, standard error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// With `ORDERS` as `orders.csv`.
    pub(crate) fn new() -> Place {
        Place(tempfile::tempdir().unwrap()).with("orders.csv", ORDERS)
    }

    pub(crate) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Place {
        fs::write(self.path(name), content).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names in a directory, sorted.
    pub(crate) fn names(&self, directory: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(directory)).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_rfm")));
        command.current_dir(self.0.path()).args(words(arguments)).stdin(Stdio::null());
        command
    }

    /// Runs `rfm` with arguments as in a shell; single quotes hold words together.
    pub(crate) fn rfm(&self, arguments: &str) -> Outcome {
        outcome_of(&self.command(arguments).output().unwrap())
    }

    pub(crate) fn rfm_with(&self, arguments: &str, input: &str) -> Outcome {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        outcome_of(&child.wait_with_output().unwrap())
    }

    /// Runs `rfm` and expects this exit code, nothing on standard output, and these lines on standard error.
    #[track_caller]
    pub(crate) fn fails(&self, arguments: &str, code: i32, lines: &[&str]) {
        let expected = Outcome { code, out: String::new(), err: lines.join("\n") + "\n" };
        assert_eq!(self.rfm(arguments), expected);
    }

    /// Runs `rfm`, expects success without a word on standard error, and gives standard output.
    #[track_caller]
    pub(crate) fn prints(&self, arguments: &str) -> String {
        let outcome = self.rfm(arguments);
        assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "{}", outcome.out);
        outcome.out
    }

    /// As [`Place::prints`], for JSON.
    #[track_caller]
    pub(crate) fn prints_json(&self, arguments: &str) -> serde_json::Value {
        serde_json::from_str(&self.prints(arguments)).unwrap()
    }
}

fn outcome_of(output: &std::process::Output) -> Outcome {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Outcome { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

fn words(arguments: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in arguments.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
