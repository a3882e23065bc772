//! HAZARDS row 27: every system call fails in turn until the run succeeds. Needs strace; says so when it is missing.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used, reason = "a test program")]

#[allow(dead_code, reason = "each test program uses a part")]
mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{COMMITTED, NOT_DURABLE, PARTLY_REPLACED, REFUSED};
use rfm_output::{AtomicFile, Error, ErrorKind, OutputSet};

const OLD: &[u8] = b"old\n";

/// Three fills of the buffer and a bit.
fn new_contents() -> Vec<u8> {
    b"0123456\n".repeat(26_000)
}

fn main() {
    if let Some((name, directory)) = common::given() {
        std::process::exit(job(&name, &directory));
    }
    if !strace_works() {
        return common::say("SKIPPED: no working strace, so no system call was made to fail");
    }
    a_full_disk_leaves_the_old_file();
    a_failed_sync_is_not_passed_over();
    a_refused_rename_leaves_the_old_file();
    #[cfg(feature = "xlsx")]
    a_workbook_on_a_full_disk_prints_nothing();
    any_other_call_may_fail_too();
    what_could_not_be_removed_is_removed_by_the_next_run();
}

fn job(name: &str, directory: &Path) -> i32 {
    match run(name, directory) {
        Ok(()) => COMMITTED,
        Err(error) => match error.kind() {
            ErrorKind::NotDurable { .. } => NOT_DURABLE,
            ErrorKind::PartlyReplaced { .. } => PARTLY_REPLACED,
            _ => REFUSED,
        },
    }
}

fn run(name: &str, directory: &Path) -> Result<(), Error> {
    let write = |out: &mut (dyn Write + Send)| new_contents().chunks(1000).try_for_each(|chunk| out.write_all(chunk));
    match name {
        "one" => {
            let mut file = AtomicFile::create(directory.join("a.csv"))?;
            write(&mut file).map_err(|error| file.write_error(error))?;
            file.commit()
        }
        #[cfg(feature = "xlsx")]
        "workbook" | "workbook on a full device" => {
            let path = if name == "workbook" { directory.join("a.csv") } else { "/dev/full".into() };
            let mut file = AtomicFile::create(path)?;
            write_workbook(&mut file).map_err(|error| file.write_error(error))?;
            file.commit()
        }
        // Whoever ignores the error of a write must not get away with it.
        "careless" => {
            let mut file = AtomicFile::create(directory.join("a.csv"))?;
            new_contents().chunks(1000).for_each(|chunk| drop(file.write(chunk)));
            file.commit()
        }
        _ => {
            let mut set = OutputSet::in_directory(directory.join("new/result"))?;
            set.write("../../a.csv", write)?;
            set.write("b.csv", write)?;
            set.commit().map(drop)
        }
    }
}

fn strace_works() -> bool {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    works.is_ok_and(|status| status.success())
}

/// Lets the n-th call fail, for every n; returns how often each exit code was seen.
fn fail_each(name: &str, calls: &str, error: &str) -> BTreeMap<i32, u32> {
    let mut codes = BTreeMap::new();
    for n in 1.. {
        let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let directory = scratch.path().join("d");
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("a.csv"), OLD).unwrap();
        let log = scratch.path().join("log");
        let trace = format!("trace={calls}");
        let inject = format!("inject={calls}:error={error}:when={n}");
        let strace = ["strace", "-f", "-qq", "-o", log.to_str().unwrap(), "-e", &trace, "-e", &inject];
        let output = common::job(&strace, name, &directory).output().unwrap();
        let code = output.status.code().unwrap();
        let log = fs::read_to_string(&log).unwrap();
        if !log.contains("(INJECTED)") {
            assert_eq!(code, COMMITTED, "{name} {calls}: {}", String::from_utf8_lossy(&output.stderr));
            return codes;
        }
        let context = format!("{name} {calls} {error} when={n}, exit code {code}\n{log}");
        check(name, &directory, code, &context);
        *codes.entry(code).or_default() += 1;
    }
    codes
}

fn check(name: &str, directory: &Path, code: i32, context: &str) {
    let a = fs::read(directory.join("a.csv")).unwrap();
    let b = fs::read(directory.join("new/result/b.csv"));
    let b_is_new = b.as_ref().is_ok_and(|b| *b == new_contents());
    match code {
        COMMITTED | NOT_DURABLE => {
            assert!(a == new_contents(), "{context}");
            assert_eq!(b_is_new, name == "set", "{context}");
        }
        PARTLY_REPLACED => assert!(a == new_contents() && b.is_err(), "{context}"),
        // Our own refusal, or the program could not even be loaded.
        _ => {
            assert!(a == OLD, "{context}");
            assert_eq!(common::names(directory), ["a.csv"], "{context}");
        }
    }
    assert_eq!(common::temporaries(directory), 0, "{context}");
    if let Ok(entries) = fs::metadata(directory.join("new/result")) {
        assert!(entries.is_dir() && common::temporaries(&directory.join("new/result")) == 0, "{context}");
    }
}

/// Four fills of the buffer.
#[cfg(feature = "xlsx")]
fn write_workbook(out: &mut AtomicFile) -> std::io::Result<()> {
    use rfm_core::{Amount, Day, Rfm, Transaction};
    let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10).unwrap()).build().unwrap();
    let mut summaries = rfm.summaries();
    for at in 0..6_000 {
        let customer_id = &format!("{:x}", 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(at + 1));
        let (day, amount) = (Day::from_ymd(2011, 12, 1).unwrap(), Amount::from_minor(1));
        summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
    }
    let result = rfm.segment(summaries.finish().unwrap()).unwrap();
    let (extras, run) = (rfm_output::Extras::default(), rfm_output::RunDescription::new("test", "1"));
    let guard = rfm_output::TextGuard::Exact;
    rfm_output::write_file(&result, &extras, rfm_output::Format::Xlsx, guard, &run, out).map(drop)
}

#[cfg(feature = "xlsx")]
fn a_workbook_on_a_full_disk_prints_nothing() {
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let directory = scratch.path();
    // Here every write fails, also those of the zip writer when it is dropped, of which it would tell.
    let output = common::job(&[], "workbook on a full device", directory).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(REFUSED));
    for n in 1.. {
        fs::write(directory.join("a.csv"), OLD).unwrap();
        let inject = format!("inject=write:error=ENOSPC:when={n}");
        let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e", &inject];
        let output = common::job(&strace, "workbook", directory).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "when={n}");
        assert_eq!(common::names(directory), ["a.csv"], "when={n}");
        if output.status.code() == Some(COMMITTED) {
            assert!(n > 3, "only {n} writes");
            return assert!(fs::read(directory.join("a.csv")).unwrap().starts_with(b"PK"));
        }
        assert_eq!(output.status.code(), Some(REFUSED), "when={n}");
        assert_eq!(fs::read(directory.join("a.csv")).unwrap(), OLD, "when={n}");
    }
}

const RENAME: &str = "?rename,?renameat,?renameat2";

fn a_full_disk_leaves_the_old_file() {
    for error in ["ENOSPC", "EDQUOT", "EIO"] {
        assert_eq!(fail_each("one", "write", error)[&REFUSED], 4);
        assert_eq!(fail_each("careless", "write", error)[&REFUSED], 4);
    }
    assert_eq!(fail_each("set", "write", "ENOSPC")[&REFUSED], 8);
}

fn a_failed_sync_is_not_passed_over() {
    let codes = fail_each("one", "fsync", "EIO");
    assert_eq!(codes, BTreeMap::from([(REFUSED, 1), (NOT_DURABLE, 1)]));
    // Two files; then the directories of both, and those of the two directories that were made.
    let codes = fail_each("set", "fsync", "EIO");
    assert_eq!(codes, BTreeMap::from([(REFUSED, 2), (NOT_DURABLE, 4)]));
    // File systems that cannot sync a directory say EINVAL; for a file that is an error.
    let codes = fail_each("one", "fsync", "EINVAL");
    assert_eq!(codes, BTreeMap::from([(REFUSED, 1), (COMMITTED, 1)]));
}

fn a_refused_rename_leaves_the_old_file() {
    for error in ["EACCES", "EBUSY", "EXDEV"] {
        assert_eq!(fail_each("one", RENAME, error), BTreeMap::from([(REFUSED, 1)]));
    }
    assert_eq!(fail_each("set", RENAME, "EACCES"), BTreeMap::from([(REFUSED, 1), (PARTLY_REPLACED, 1)]));
}

fn any_other_call_may_fail_too() {
    let mut seen: BTreeMap<i32, u32> = BTreeMap::new();
    for (calls, error) in [
        ("openat", "EMFILE"),
        ("openat", "EACCES"),
        ("statx", "EIO"),
        ("?fstat,?newfstatat", "EIO"),
        ("fchmod", "EPERM"),
        ("fchmod", "EIO"),
        ("flock", "ENOLCK"),
        ("flock", "EAGAIN"),
        ("?mkdir,?mkdirat", "ENOSPC"),
        ("getdents64", "EIO"),
    ] {
        for name in ["one", "set"] {
            for (code, count) in fail_each(name, calls, error) {
                *seen.entry(code).or_default() += count;
            }
        }
    }
    common::say(&format!("faults in other calls, by exit code: {seen:?}"));
    assert!(seen[&REFUSED] > 10, "{seen:?}");
}

fn what_could_not_be_removed_is_removed_by_the_next_run() {
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let directory = scratch.path();
    fs::write(directory.join("a.csv"), OLD).unwrap();
    let calls = "?unlink,?unlinkat";
    let (sync, unlink) = ("inject=fsync:error=EIO:when=1", format!("inject={calls}:error=EIO"));
    let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", sync, "-e", &unlink];
    let output = common::job(&strace, "one", directory).output().unwrap();
    assert_eq!(output.status.code(), Some(REFUSED));
    assert_eq!(fs::read(directory.join("a.csv")).unwrap(), OLD);
    assert_eq!(common::temporaries(directory), 1);
    run("one", directory).unwrap();
    assert_eq!(common::names(directory), ["a.csv"]);
}
