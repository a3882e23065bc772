//! `HAZARDS.md` row 25: several files, each once; compressed, piped, linked, changed, absent.

use std::fs;
use std::io::{Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rfm_core::TransactionSource;
use rfm_csv::{CsvOptions, CsvSource, ErrorKind, ReadOptions};

use crate::support::{describe, drain, far, gzip, message, open, read, reasons, table, utf16, zst};

#[test]
fn each_file_has_its_own_columns_delimiter_encoding_and_compression() {
    let folder = tempfile::tempdir().unwrap();
    let files: [(&str, Vec<u8>); 4] = [
        ("a.csv", table("ann,2024-01-01,1.50\n").into_bytes()),
        ("b.csv", b"Umsatz;Kunde;Datum\n2.25;ann;2024-01-02\n".to_vec()),
        ("c.txt", utf16("date\tnote\tclient\ttotal\n2024-01-03\tx\tbob\t4.00\n", true)),
        ("d.bin", zst(&gzip(b"client|total|date\nann|8|2024-01-04\n"))),
    ];
    let mut paths = Vec::new();
    for (name, bytes) in &files[..3] {
        paths.push(folder.path().join(name));
        fs::write(paths.last().unwrap(), bytes).unwrap();
    }
    for (name, bytes) in [("d.gz", gzip(b"client|total|date\nann|8|2024-01-04\n")), ("e", zst(b"client,total,date\n"))]
    {
        paths.push(folder.path().join(name));
        fs::write(paths.last().unwrap(), bytes).unwrap();
    }
    let (customers, reports) = drain(CsvSource::open(&paths, CsvOptions::default()).unwrap()).unwrap();
    assert_eq!(describe(&customers), ["ann 2024-01-04 11.75", "bob 2024-01-03 4.00"]);
    let fact = |at: usize, name: &str| {
        let facts = reports[at].facts();
        facts.iter().find(|(key, _)| key == name).unwrap().1.clone()
    };
    assert_eq!([0, 1, 2, 3, 4].map(|at| fact(at, "delimiter")), [",", ";", "tab", "|", ","]);
    assert_eq!([0, 2, 3, 4].map(|at| fact(at, "compression")), ["plain", "plain", "gzip", "zstd"]);
    assert_eq!(fact(2, "encoding"), "UTF-16BE, marked");
    assert_eq!(reports.iter().map(|report| report.rows()).collect::<Vec<_>>(), [1, 1, 1, 1, 0]);
    // Compressed twice is nothing we unpack twice: garbage, hence an error.
    assert!(read(&files[3].1, CsvOptions::default()).is_err());
}

#[cfg(unix)]
#[test]
fn the_same_file_twice_is_an_error_through_any_link() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, table("ann,2024-01-01,1\n")).unwrap();
    let (soft, hard) = (folder.path().join("soft.csv"), folder.path().join("hard.csv"));
    std::os::unix::fs::symlink(&path, &soft).unwrap();
    fs::hard_link(&path, &hard).unwrap();
    let dotted = folder.path().join(".").join("a.csv");
    for other in [&soft, &hard, &dotted, &path] {
        let error = open(&[&path, other], CsvOptions::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{}: is the same file as `{}`, which was given too; its rows would count twice",
                other.display(),
                path.display()
            )
        );
    }
    let copy = folder.path().join("copy.csv");
    fs::copy(&path, &copy).unwrap();
    assert_eq!(open(&[&path, &copy], CsvOptions::default()).unwrap().0.account().read().lines(), 2);
}

#[test]
fn many_files_are_not_held_open_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = |number: usize| folder.path().join(format!("{number}.csv"));
    for number in 0..1_500 {
        fs::write(path(number), table(&format!("c{number},2024-01-01,1\n"))).unwrap();
    }
    let (customers, reports) = drain(CsvSource::open((0..1_500).map(path), CsvOptions::default()).unwrap()).unwrap();
    assert_eq!((customers.len(), reports.len()), (1_500, 1_500));
}

#[test]
fn what_is_no_file_is_an_error_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.csv");
    let error = open(&[&missing], CsvOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: no such file", missing.display()));
    let error = open(&[folder.path()], CsvOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: this is a directory, not a file", folder.path().display()));
    assert_eq!(
        message(b"PK\x03\x04....", CsvOptions::default()),
        "a.csv: this is a workbook or zip archive, not delimited text; open it as a workbook, or unpack it first"
    );
}

#[test]
fn a_reader_is_read_once_and_to_its_end() {
    /// Delivers single bytes, as a slow pipe may.
    struct Drops(Cursor<Vec<u8>>);
    impl Read for Drops {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let most = out.len().min(1);
            self.0.read(&mut out[..most])
        }
    }
    let text = table(&"ann,2024-01-17,1.5\n".repeat(2_000));
    let expected = read(&text, CsvOptions::default()).unwrap();
    for stored in [text.clone().into_bytes(), gzip(text.as_bytes()), zst(text.as_bytes())] {
        let source = CsvSource::from_reader("-", Drops(Cursor::new(stored)), CsvOptions::default()).unwrap();
        assert_eq!(source.size(), None);
        assert_eq!(drain(source).unwrap().0, expected);
    }
}

#[test]
fn compressed_texts_that_are_cut_are_an_error_wherever() {
    let text = table(&"ann,2024-01-17,1.5\nbob,2024-02-17,2.5\n".repeat(40));
    for stored in [gzip(text.as_bytes()), zst(text.as_bytes())] {
        for cut in 4..stored.len() {
            let error = read(&stored[..cut], CsvOptions::default()).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Truncated { .. }), "{cut} of {}: {error}", stored.len());
        }
    }
    let message = message(&gzip(text.as_bytes())[..12], CsvOptions::default());
    assert_eq!(message, "a.csv: the gzip data end too early; the file was not copied or written completely");
}

#[test]
fn progress_ends_at_the_size_as_stored() {
    let folder = tempfile::tempdir().unwrap();
    // The formats of the first are proven by a second look, which must not be counted.
    let texts = [
        table(&format!("{}ann,17/04/2024,1\n", far("ann,05/04/2024,1\n"))).into_bytes(),
        gzip(table(&"bob,05/04/2024,7\n".repeat(9_000)).as_bytes()),
        zst(table("cid,05/04/2024,7\n").as_bytes()),
    ];
    let paths: Vec<_> = (0..3).map(|at| folder.path().join(at.to_string())).collect();
    for (path, text) in paths.iter().zip(&texts) {
        fs::write(path, text).unwrap();
    }
    for count in 1..=3 {
        let counter = Arc::new(AtomicU64::new(0));
        let mut source = CsvSource::open(&paths[..count], ReadOptions::default().progress(counter.clone())).unwrap();
        let size: usize = texts[..count].iter().map(Vec::len).sum();
        assert_eq!(source.size(), Some(size as u64));
        let mut last = 0;
        while source.next_batch().unwrap().is_some() {
            let now = counter.load(Ordering::Relaxed);
            assert!(last <= now && now <= size as u64);
            last = now;
        }
        assert_eq!(counter.load(Ordering::Relaxed), size as u64);
        assert_eq!(source.reports().iter().map(|report| report.bytes()).sum::<u64>(), size as u64);
    }
}

#[test]
fn a_report_tells_what_was_found_out() {
    let text = "\u{feff}client;date;total\n\na;17.04.2024;7\n;;\nb;18.04.2024;8";
    let source = CsvSource::from_bytes("a.csv", text.as_bytes(), CsvOptions::default()).unwrap();
    let (customers, reports) = drain(source).unwrap();
    assert_eq!(reasons(&customers), ["1 blank row 0 0"]);
    let facts: Vec<String> = reports[0].facts().iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(
        facts,
        [
            "format: delimited text",
            "compression: plain",
            "encoding: UTF-8, marked",
            "delimiter: ;",
            "header: first record",
            "date_format: d/m/y, proven by the data",
            "decimal: undecided, as no cell tells",
            "ids: as-written",
            "blank_lines: 1",
        ]
    );
    let report = &reports[0];
    assert_eq!((report.lines(), report.rows(), report.ended_without_newline()), (5, 3, true));
    assert_eq!((report.bytes(), report.digest().len()), (text.len() as u64, 64));
    assert_eq!(report.name().to_string(), "a.csv");
}

#[test]
fn a_file_that_changes_between_two_looks_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, table("ann,2024-01-01,1\n")).unwrap();
    fs::write(&two, table("bob,2024-01-01,1\n")).unwrap();
    let mut source = CsvSource::open([&one, &two], CsvOptions::default()).unwrap();
    assert!(source.next_batch().unwrap().is_some());
    fs::write(&two, table("bob,2024-01-01,1\nbob,2024-01-01,1\n")).unwrap();
    let error = source.next_batch().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{}: changed while it was being read; read it again when it is complete", two.display())
    );
}
