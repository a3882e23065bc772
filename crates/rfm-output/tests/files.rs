//! What becomes of files, links, permissions and directories.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test program")]

#[allow(dead_code, reason = "each test program uses a part")]
mod common;

use std::error::Error as _;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use rfm_output::{AtomicFile, Error, ErrorKind, Output, OutputSet};

fn save(path: &Path, text: &str) -> Result<(), Error> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(text.as_bytes()).map_err(|error| file.write_error(error))?;
    file.commit()
}

#[test]
fn the_old_file_stays_until_commit() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.csv");
    save(&path, "old").unwrap();
    let mut file = AtomicFile::create(&path).unwrap();
    file.write_all(b"new").unwrap();
    file.flush().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(common::temporaries(dir.path()), 1);
    drop(file);
    assert_eq!(common::names(dir.path()), ["a.csv"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[test]
fn an_empty_file_is_a_file() {
    let dir = tempfile::tempdir().unwrap();
    save(&dir.path().join("a.csv"), "").unwrap();
    assert_eq!(common::names(dir.path()), ["a.csv"]);
}

#[test]
fn two_writers_do_not_disturb_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.csv");
    let mut first = AtomicFile::create(&path).unwrap();
    first.write_all(b"first").unwrap();
    // Commits, and cleans up, while the first still writes.
    save(&path, "second").unwrap();
    assert_eq!(common::temporaries(dir.path()), 1);
    first.commit().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "first");
    assert_eq!(common::names(dir.path()), ["a.csv"]);
}

#[test]
fn many_writers_of_one_path_all_succeed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.csv");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let path = &path;
            scope.spawn(move || (0..50).for_each(|_| save(path, &format!("{thread}\n").repeat(1000)).unwrap()));
        }
    });
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, text[..2].repeat(1000));
    assert_eq!(common::names(dir.path()), ["a.csv"]);
}

#[test]
fn a_directory_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("result");
    fs::create_dir(&path).unwrap();
    let error = AtomicFile::create(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write `{}`: it is a directory", path.display()));
    assert!(matches!(AtomicFile::create("").unwrap_err().kind(), ErrorKind::NotAFile { .. }));
    assert!(matches!(AtomicFile::create("..").unwrap_err().kind(), ErrorKind::IsDirectory { .. }));
    // With a slash at its end a path means a directory, also one that is not there.
    let absent = dir.path().join("absent/");
    assert!(matches!(AtomicFile::create(absent).unwrap_err().kind(), ErrorKind::IsDirectory { .. }));
    assert_eq!(common::names(dir.path()), ["result"]);
}

#[test]
fn a_missing_directory_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("absent/a.csv");
    let error = save(&path, "").unwrap_err();
    assert_eq!(error.to_string(), format!("cannot create a temporary file beside `{}`", path.display()));
    assert_eq!(error.help(), Some("create the directory first"));
    assert_eq!(error.path(), Some(path.as_path()));
}

#[test]
fn a_set_creates_its_directory_and_takes_it_back() {
    let dir = tempfile::tempdir().unwrap();
    let result = dir.path().join("new/result");
    let mut set = OutputSet::in_directory(&result).unwrap();
    set.write("a.csv", |out| out.write_all(b"a")).unwrap();
    let error = set.write("b.csv", |_| Err(io::ErrorKind::StorageFull.into())).unwrap_err();
    let path = result.join("b.csv");
    assert_eq!(error.to_string(), format!("cannot write `{}`", path.display()));
    assert_eq!(error.source().unwrap().to_string(), "no storage space");
    drop(set);
    assert!(common::names(dir.path()).is_empty());

    let mut set = OutputSet::in_directory(&result).unwrap();
    set.write("a.csv", |out| out.write_all(b"a")).unwrap();
    set.commit().unwrap();
    assert_eq!(common::names(&result), ["a.csv"]);
    // What was there before is not ours to remove.
    drop(OutputSet::in_directory(&result).unwrap());
    assert_eq!(common::names(&result), ["a.csv"]);
}

#[test]
fn a_failed_set_leaves_all_old_files() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a.csv", "b.csv"] {
        fs::write(dir.path().join(name), "old").unwrap();
    }
    let mut set = OutputSet::in_directory(dir.path()).unwrap();
    set.write("a.csv", |out| out.write_all(b"new")).unwrap();
    let error = set
        .write("b.csv", |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        })
        .unwrap_err();
    assert!(error.to_string().ends_with("b.csv` (the previous file is unchanged)"), "{error}");
    drop(set);
    assert_eq!(common::names(dir.path()), ["a.csv", "b.csv"]);
    assert!(["a.csv", "b.csv"].iter().all(|name| fs::read(dir.path().join(name)).unwrap() == b"old"));
}

#[test]
fn a_set_has_no_file_twice() {
    let dir = tempfile::tempdir().unwrap();
    let mut set = OutputSet::in_directory(dir.path()).unwrap();
    set.write("a.csv", |_| Ok(())).unwrap();
    let error = set.add(AtomicFile::create(dir.path().join("a.csv")).unwrap()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SameOutput { .. }));
}

#[test]
fn a_file_in_the_place_of_the_directory_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    for wanted in [file.clone(), file.join("below/result")] {
        let error = OutputSet::in_directory(wanted).unwrap_err();
        let text = format!("cannot write into `{}`: it is a file, not a directory", file.display());
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn standard_output_is_a_dash() {
    assert!(Output::create("-").unwrap().is_standard_output());
    let dir = tempfile::tempdir().unwrap();
    let out = Output::create(dir.path().join("-")).unwrap();
    assert!(!out.is_standard_output());
    out.commit().unwrap();
    assert_eq!(common::names(dir.path()), ["-"]);
}

/// Started by the tests below with what they need.
#[test]
fn job() {
    let Some((name, directory)) = common::given() else { return };
    let result = match name.as_str() {
        "save" => save(&directory.join("a.csv"), "new"),
        "standard output" => {
            let mut out = Output::create("-").unwrap();
            let written = (0..100_000).try_for_each(|_| out.write_all(b"customer_id,segment\n"));
            written.map_err(|error| out.write_error(error)).and_then(|()| out.commit())
        }
        other => panic!("no job {other}"),
    };
    match result {
        Ok(()) => std::process::exit(common::COMMITTED),
        Err(error) => {
            common::say(&format!("{error}; broken pipe: {}", error.is_broken_pipe()));
            std::process::exit(common::REFUSED)
        }
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Stdio;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_new_file_follows_the_umask() {
        for (umask, expected) in [("022", 0o644), ("077", 0o600), ("002", 0o664), ("000", 0o666)] {
            let dir = tempfile::tempdir().unwrap();
            let shell = ["sh", "-c", &format!("umask {umask}; exec \"$0\" \"$@\"")];
            let status = common::job(&shell, "save", dir.path()).stdout(Stdio::null()).status().unwrap();
            assert_eq!(status.code(), Some(common::COMMITTED));
            assert_eq!(mode(&dir.path().join("a.csv")), expected, "umask {umask}");
        }
    }

    #[test]
    fn a_replaced_file_passes_its_permissions_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        for (before, after) in [(0o640, 0o640), (0o600, 0o600), (0o666, 0o666), (0o4755, 0o755)] {
            fs::write(&path, "old").unwrap();
            chmod(&path, before);
            save(&path, "new").unwrap();
            assert_eq!(mode(&path), after, "{before:o}");
        }
    }

    #[test]
    fn while_written_it_is_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        let look = |file: AtomicFile| {
            let temporary = common::names(dir.path()).into_iter().find(|name| name.contains("tmp")).unwrap();
            assert_eq!(mode(&dir.path().join(temporary)), 0o600);
            file.commit().unwrap();
        };
        look(AtomicFile::create(&path).unwrap());
        chmod(&path, 0o666);
        look(AtomicFile::create(&path).unwrap());
        assert_eq!(mode(&path), 0o666);
        look(AtomicFile::create_private(&path).unwrap());
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn symbolic_links_stay_and_their_target_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("real")).unwrap();
        fs::write(dir.path().join("real/a.csv"), "old").unwrap();
        symlink("real/a.csv", dir.path().join("first")).unwrap();
        symlink("first", dir.path().join("second")).unwrap();
        save(&dir.path().join("second"), "new").unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("real/a.csv")).unwrap(), "new");
        assert!(dir.path().join("second").is_symlink() && dir.path().join("first").is_symlink());
        // Also when there is nothing at its end yet.
        symlink("real/b.csv", dir.path().join("third")).unwrap();
        save(&dir.path().join("third"), "new").unwrap();
        assert_eq!(common::names(&dir.path().join("real")), ["a.csv", "b.csv"]);
        symlink("loop", dir.path().join("loop")).unwrap();
        let error = save(&dir.path().join("loop"), "new").unwrap_err();
        assert!(error.to_string().starts_with("cannot look at"), "{error}");
    }

    #[test]
    fn other_hard_links_keep_the_old_contents() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&a, "old").unwrap();
        fs::hard_link(&a, &b).unwrap();
        save(&a, "new").unwrap();
        assert_eq!(fs::read_to_string(&b).unwrap(), "old");
    }

    #[test]
    fn streams_are_written_directly() {
        save(Path::new("/dev/null"), "text").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        assert!(AtomicFile::create("/dev/fd/4711").is_err());
    }

    #[test]
    fn a_full_device_is_reported() {
        if !Path::new("/dev/full").exists() {
            return common::say("SKIPPED: no /dev/full");
        }
        // Less than the buffer: the only report comes from the flush in `commit`.
        let error = save(Path::new("/dev/full"), "text").unwrap_err();
        assert_eq!(error.to_string(), "cannot write `/dev/full`");
        assert_eq!(error.source().unwrap().to_string(), "No space left on device (os error 28)");
        assert_eq!(error.help(), Some("free some space, or write to another file system"));
    }

    #[test]
    fn a_closed_pipe_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let shell = ["sh", "-c", "{ \"$0\" \"$@\"; echo code $? >&2; } | head -n 5 >/dev/null"];
        let output = common::job(&shell, "standard output", dir.path()).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text, "cannot write to standard output; broken pipe: true\ncode 43\n");
    }

    #[test]
    fn a_closed_directory_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        chmod(dir.path(), 0o555);
        let result = save(&path, "new");
        chmod(dir.path(), 0o755);
        match result {
            Ok(()) => common::say("SKIPPED: this user may write into a closed directory"),
            Err(error) => {
                let text = "cannot create a temporary file beside `{}` (the previous file is unchanged)";
                assert_eq!(error.to_string(), text.replace("{}", &path.display().to_string()));
                assert_eq!(fs::read_to_string(&path).unwrap(), "old");
            }
        }
        assert_eq!(common::names(dir.path()), ["a.csv"]);
    }

    #[test]
    fn a_write_protected_file_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        chmod(&path, 0o444);
        match save(&path, "new") {
            Ok(()) => common::say("SKIPPED: this user may write protected files"),
            Err(error) => {
                let text = format!("cannot write `{}` (the previous file is unchanged)", path.display());
                assert_eq!(error.to_string(), text);
                assert_eq!(fs::read_to_string(&path).unwrap(), "old");
            }
        }
    }

    #[test]
    fn sockets_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert!(matches!(AtomicFile::create(&path).unwrap_err().kind(), ErrorKind::NotAFile { .. }));
    }
}
