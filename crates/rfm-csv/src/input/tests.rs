//! What is opened, what is refused, and that nothing is lost on the way.

use std::{
    fs,
    io::{Read, Write},
    sync::atomic::Ordering,
};

use super::*;

#[track_caller]
fn input_kind(error: &Error) -> &rfm_input::ErrorKind {
    match error.kind() {
        ErrorKind::Input(error) => error.kind(),
        other => panic!("{other}"),
    }
}

fn name() -> InputName {
    InputName::new("a.csv")
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zst(content: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(content, 1).unwrap()
}

/// Like `encode_all`, with the checksum that the command line tool writes.
fn zst_checked(content: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn rows(count: usize) -> Vec<u8> {
    (0..count).flat_map(|row| format!("{row},{},x\n", row * 7919 % 1000).into_bytes()).collect()
}

fn content(mut input: Input) -> Result<Vec<u8>, Error> {
    let mut all = Vec::new();
    match input.read_to_end(&mut all) {
        Ok(_) => Ok(all),
        Err(error) => {
            assert!(input.read(&mut [0; 9]).is_err(), "an error must not turn into an end");
            assert!(input.fingerprint().is_none() || input.compression() != Compression::None);
            Err(read_error(error, Position::new(input.name())))
        }
    }
}

fn of_bytes(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    content(Input::from_bytes(&name(), bytes)?)
}

#[test]
fn content_and_not_the_name_decides_the_compression() {
    let rows = rows(30_000);
    for (stored, compression) in
        [(rows.clone(), Compression::None), (gzip(&rows), Compression::Gzip), (zst(&rows), Compression::Zstd)]
    {
        let input = Input::from_bytes(&name(), stored.clone()).unwrap();
        assert_eq!(input.compression(), compression);
        assert_eq!(input.size(), Some(stored.len() as u64));
        assert!(content(input).unwrap() == rows);
    }
}

#[test]
fn members_and_frames_follow_each_other() {
    let (a, b) = (rows(2_000), b"last,row,x\n".to_vec());
    let both = [a.clone(), b.clone()].concat();
    assert!(of_bytes(&[gzip(&a), gzip(b""), gzip(&b)].concat()).unwrap() == both);
    assert!(of_bytes(&[zst(&a), zst(b""), zst(&b)].concat()).unwrap() == both);
    let skippable = [&[0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3][..], &zst(&both)].concat();
    assert!(of_bytes(&skippable).unwrap() == both);
}

#[test]
fn compressed_data_that_are_cut_anywhere_are_an_error() {
    let rows = rows(40);
    for (whole, format, ends) in [
        (gzip(&rows), "gzip", vec![]),
        (zst(&rows), "zstd", vec![]),
        (zst_checked(&rows), "zstd", vec![]),
        ([gzip(&rows), gzip(&rows)].concat(), "gzip", vec![gzip(&rows).len()]),
        ([zst(&rows), zst(&rows)].concat(), "zstd", vec![zst(&rows).len()]),
    ] {
        // Below the length of its magic number nothing can be told; that much of a file is not text either.
        for at in 4..whole.len() {
            if ends.contains(&at) {
                continue; // a whole member is a whole file
            }
            let error = of_bytes(&whole[..at]).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Truncated { .. }), "{format} at {at}: {error:?}");
            assert!(!error.is_io());
        }
    }
}

#[test]
fn bytes_after_compressed_data_are_an_error() {
    for whole in [gzip(&rows(10)), zst(&rows(10))] {
        for tail in [&b"x"[..], b"\n", b"more,rows,here\nand,here,too\n", &[0; 3], &[0; 600]] {
            let error = of_bytes(&[&whole, tail].concat()).unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::Damaged { .. } | ErrorKind::Truncated { .. }),
                "{tail:?}: {error:?}"
            );
        }
    }
}

#[test]
fn damage_anywhere_is_an_error_or_changes_nothing() {
    let rows = rows(60);
    for whole in [gzip(&rows), zst_checked(&rows)] {
        for at in 4..whole.len() {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                if let Ok(read) = of_bytes(&damaged) {
                    assert!(read == rows, "byte {at} bit {bit}"); // e.g. the time in the header of gzip
                }
            }
        }
    }
}

#[test]
fn known_formats_that_are_no_text_are_refused_by_name() {
    for (bytes, says) in [
        (&b"PK\x03\x04rest of it"[..], "workbook or zip"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Excel"),
        (b"PAR1....", "Parquet"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xFD7zXZ\0..", "xz"),
    ] {
        let error = Input::from_bytes(&name(), bytes).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::UnsupportedFormat { .. }) && error.to_string().contains(says),
            "{error}"
        );
    }
    assert!(of_bytes(b"PK,name\n1,x\n").is_ok());
    assert!(of_bytes(b"").unwrap().is_empty());
}

#[test]
fn the_fingerprint_is_that_of_the_stored_bytes() {
    for stored in [rows(5_000), gzip(&rows(5_000)), zst(&rows(5_000)), b"a".to_vec(), Vec::new()] {
        let mut input = Input::from_bytes(&name(), stored.clone()).unwrap();
        let mut all = Vec::new();
        input.read_to_end(&mut all).unwrap();
        let fingerprint = input.fingerprint().unwrap();
        assert_eq!(fingerprint.bytes, stored.len() as u64);
        assert_eq!(fingerprint.blake3, *blake3::hash(&stored).as_bytes());
        assert_eq!(fingerprint.hex(), blake3::hash(&stored).to_hex().as_str());
    }
    let mut input = Input::from_bytes(&name(), rows(5_000)).unwrap();
    input.read_exact(&mut [0; 100]).unwrap();
    assert_eq!(input.fingerprint(), None, "not before the end");
}

#[test]
fn progress_counts_stored_bytes_of_all_inputs() {
    let counter = Arc::new(AtomicU64::new(0));
    let stored = gzip(&rows(1_000));
    for _ in 0..2 {
        let input = Input::from_bytes(&name(), stored.clone()).unwrap().with_progress(counter.clone());
        content(input).unwrap();
    }
    assert_eq!(counter.load(Ordering::Relaxed), 2 * stored.len() as u64);
}

#[test]
fn inputs_in_memory_and_files_can_be_opened_again_and_readers_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, rows(100)).unwrap();
    let file = Input::open(&InputName::new(&path)).unwrap();
    let bytes = Input::from_bytes(&name(), rows(100)).unwrap();
    for input in [file, bytes] {
        assert!(input.ticket().is_some());
        let again = input.ticket().unwrap().open().unwrap();
        assert!(content(again).unwrap() == rows(100));
        assert!(content(input).unwrap() == rows(100));
    }
    let reader = Input::from_reader(&name(), Box::new(io::Cursor::new(rows(100)))).unwrap();
    assert!(reader.ticket().is_none());
    assert!(content(reader).unwrap() == rows(100));
}

#[test]
fn what_is_no_file_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let missing = InputName::new(folder.path().join("none.csv"));
    let error = Input::open(&missing).unwrap_err();
    assert_eq!(error.to_string(), format!("{missing}: no such file"));
    assert!(error.is_io());
    let directory = InputName::new(folder.path());
    let error = Input::open(&directory).unwrap_err();
    assert_eq!(error.to_string(), format!("{directory}: this is a directory, not a file"));
    assert_eq!(error.position().unwrap().input(), &directory);
}

#[cfg(unix)]
#[test]
fn sockets_are_refused_and_pipes_and_devices_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let error = Input::open(&InputName::new(&socket)).unwrap_err();
    assert!(error.to_string().ends_with("this is a socket, not a file"), "{error}");
    let null = Input::open(&InputName::new("/dev/null")).unwrap();
    assert!(null.ticket().is_none() && null.size().is_none());
    assert!(content(null).unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    match std::process::Command::new("mkfifo").arg(&path).status() {
        Ok(status) if status.success() => {}
        _ => return eprintln!("SKIPPED: no mkfifo here"),
    }
    let writer = std::thread::spawn({
        let path = path.clone();
        move || fs::write(path, gzip(&rows(50_000))).unwrap()
    });
    let input = Input::open(&InputName::new(&path)).unwrap();
    assert_eq!((input.compression(), input.size(), input.ticket().is_some()), (Compression::Gzip, None, false));
    assert!(input.ticket().is_none());
    assert!(content(input).unwrap() == rows(50_000));
    writer.join().unwrap();
}

/// The other half of the next test, in a process of its own.
#[test]
#[ignore = "reads standard input"]
fn standard_input_child() {
    let input = Input::open(&InputName::new("-")).unwrap();
    assert!(input.ticket().is_none());
    println!("size {:?}", input.size());
    println!("id {:?}", input.id());
    assert!(content(input).unwrap() == rows(10_000));
}

#[test]
fn a_dash_reads_standard_input_piped_or_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, rows(10_000)).unwrap();
    let child = |stdin: std::process::Stdio| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "input::tests::standard_input_child", "--ignored", "--nocapture"]);
        command.stdin(stdin).stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let output = child(fs::File::open(&path).unwrap().into()).wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains(&format!("size Some({})", rows(10_000).len())), "{said}");
    // The same file by its name is seen to be the same.
    let id = format!("id {:?}", Input::open(&InputName::new(&path)).unwrap().id());
    assert!(cfg!(not(unix)) || said.contains(&id), "{said} {id}");
    let mut piped = child(std::process::Stdio::piped());
    piped.stdin.take().unwrap().write_all(&rows(10_000)).unwrap();
    let output = piped.wait_with_output().unwrap();
    assert!(output.status.success() && String::from_utf8(output.stdout).unwrap().contains("size None"));
}

#[cfg(unix)]
#[test]
fn one_file_under_two_names_is_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let (hard, soft, other) = (folder.path().join("hard"), folder.path().join("soft"), folder.path().join("other"));
    fs::write(&path, "a\n").unwrap();
    fs::write(&other, "a\n").unwrap();
    fs::hard_link(&path, &hard).unwrap();
    std::os::unix::fs::symlink(&path, &soft).unwrap();
    let id = |path: &std::path::Path| Input::open(&InputName::new(path)).unwrap().id().cloned();
    assert!(id(&path).is_some());
    assert_eq!(id(&path), id(&hard));
    assert_eq!(id(&path), id(&soft));
    assert_ne!(id(&path), id(&other));
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_utf_8_works() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xE9.csv"));
    fs::write(&path, "a\n").unwrap();
    assert_eq!(content(Input::open(&InputName::new(&path)).unwrap()).unwrap(), b"a\n");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let changes: [fn(&fs::File); 3] = [
        |file| (&mut &*file).write_all(b"one,more,row\n").unwrap(),
        |file| file.set_len(400_000).unwrap(),
        |file| file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let path = folder.path().join(format!("{number}.csv"));
        fs::write(&path, rows(60_000)).unwrap();
        let mut input = Input::open(&InputName::new(&path)).unwrap();
        input.read_exact(&mut [0; 1_000]).unwrap();
        change(&fs::OpenOptions::new().append(true).open(&path).unwrap());
        let reopened = input.ticket().unwrap().open();
        assert!(matches!(input_kind(&reopened.unwrap_err()), rfm_input::ErrorKind::Changed { .. }));
        let error = content(input).unwrap_err();
        assert!(matches!(input_kind(&error), rfm_input::ErrorKind::Changed { .. }), "{error:?}");
    }
}

#[test]
fn a_failing_reader_is_not_taken_for_damage() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let stored = gzip(&rows(1_000));
    let reader = io::Cursor::new(stored[..stored.len() / 2].to_vec()).chain(Fails);
    let mut input = Input::from_reader(&name(), Box::new(reader)).unwrap();
    let error = read_error(input.read_to_end(&mut Vec::new()).unwrap_err(), Position::new(&name()));
    assert!(matches!(input_kind(&error), rfm_input::ErrorKind::Read { .. }), "{error:?}");
}

#[test]
fn errors_inside_a_record_name_the_line() {
    let stored = gzip(&rows(2_000));
    let input = Input::from_bytes(&name(), &stored[..stored.len() - 9]).unwrap();
    let mut records = crate::records::Records::new(input, crate::Dialect::default(), rfm_core::Limits::default());
    let error = loop {
        match records.next_record() {
            Ok(record) => assert!(record.is_some()),
            Err(error) => break error.into_error(&name()),
        }
    };
    let line = error.position().unwrap().line().unwrap();
    assert!(matches!(error.kind(), ErrorKind::Truncated { .. }), "{error:?}");
    assert!(line > 1, "{error}");
}
