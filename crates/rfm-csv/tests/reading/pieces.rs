//! Several threads read what one does, or nothing.

use std::path::{Path, PathBuf};
use std::{fs, thread};

use rfm_core::{CleaningPolicy, Customers, Summaries};
use rfm_csv::{BadRows, CsvOptions, CsvSource, InputReport, PieceReader, Pieces, ReadOptions};

use crate::support::{HEADER, drain, far, gzip, skipping, table, utf16, zst};

/// The same as [`drain`], by this many threads with pieces of about so many bytes; `None` if the pieces cannot be used.
fn by_threads(source: CsvSource, threads: usize, bytes: usize) -> Option<(Customers, Vec<InputReport>)> {
    let pieces = source.into_pieces_of(bytes).unwrap();
    let work = || {
        let mut summaries = Summaries::new(CleaningPolicy::keep_all());
        let mut reader = pieces.reader();
        while let Some(batch) = reader.next_batch() {
            summaries.push_batch(&batch).unwrap();
        }
        (summaries, reader.into_intake())
    };
    let parts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let source = pieces.finish(parts.iter().map(|(_, intake)| intake))?;
    let mut all = Summaries::new(CleaningPolicy::keep_all());
    for (part, _) in parts {
        all.merge(part).unwrap();
    }
    Some((all.finish().unwrap(), source.reports().to_vec()))
}

/// Holds pieces of several sizes against reading in order: they are the same, or there are none, and then reading in order fails.
fn assert_alike(open: impl Fn() -> CsvSource, what: &str) -> bool {
    let expected = drain(open()).ok();
    for (threads, bytes) in [(1, 1), (2, 7), (3, 100), (4, 5_000), (2, 1 << 20)] {
        let found = by_threads(open(), threads, bytes);
        let facts = |(customers, reports): &(Customers, Vec<InputReport>)| (customers.clone(), format!("{reports:?}"));
        assert_eq!(found.as_ref().map(facts), expected.as_ref().map(facts), "{what}, {bytes} bytes");
    }
    expected.is_some()
}

#[track_caller]
fn assert_text(text: impl AsRef<[u8]>, options: impl Into<CsvOptions>) -> bool {
    let options = options.into();
    assert_alike(|| CsvSource::from_bytes("a.csv", text.as_ref(), options.clone()).unwrap(), "a.csv")
}

#[test]
fn quotes_line_ends_and_blank_lines_are_where_they_were() {
    let rows = "\"a\nb\",2024-01-13,1\r\n\r\n\"c\"\"\r\",2024-01-14,2.5\n\n,,\nd,2024-01-15,3\re,2024-01-16,4";
    assert!(assert_text(table(rows), ReadOptions::default()));
    assert!(assert_text(table(""), ReadOptions::default()));
}

#[test]
fn compressed_and_decoded_texts_are_cut_too() {
    let text = format!("{HEADER}{}", "é\"x,2024-01-13,1\n\"ü\n\",2024-01-14,2\n".replace("é\"x", "é").repeat(50));
    for bytes in [gzip(text.as_bytes()), zst(text.as_bytes()), utf16(&text, false), utf16(&text, true)] {
        assert!(assert_text(bytes, ReadOptions::default()));
    }
}

#[test]
fn an_error_anywhere_leaves_no_result() {
    // Decided by its beginning, so that the rest is not looked at before it is read.
    let fine = "a,2024-01-13,1.5\n";
    for bad in ["a,yesterday,1\n", "a,2024-01-13\n", "a,2024-01-13,x\n", "a\"b,2024-01-13,1\n", "\"a,2024-01-13,1\n"] {
        let text = table(&format!("{}{bad}{}", far(fine), fine.repeat(3)));
        assert!(!assert_text(&text, ReadOptions::default()), "{bad}");
        let is_flaw_of_one = !bad.starts_with('"');
        assert_eq!(assert_text(&text, skipping()), is_flaw_of_one, "{bad}");
    }
}

#[test]
fn bad_rows_are_counted_over_all_pieces() {
    let text = table(&"a,2024-01-13,1\na,x,1\n".repeat(10));
    for (limit, is_allowed) in [(9, false), (10, true)] {
        let read = ReadOptions::default().bad_rows(BadRows::Skip { limit: Some(limit) });
        assert_eq!(assert_text(&text, read), is_allowed);
    }
}

#[test]
fn several_currencies_and_an_unfinished_line_are_noticed() {
    let rows =
        |last: &str| format!("customer_id,order_date,amount,currency\na,2024-01-13,1,EUR\nb,2024-01-13,1,{last}");
    assert!(assert_text(rows("eur"), ReadOptions::default()));
    assert!(!assert_text(rows("USD"), ReadOptions::default()));
    assert!(!assert_text(rows("EUR"), CsvOptions::from(ReadOptions::default()).strict()));
}

#[test]
fn several_files_are_read_one_after_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (0..3).map(|file| dir.path().join(format!("{file}.csv"))).collect();
    for (number, path) in paths.iter().enumerate() {
        fs::write(path, table(&format!("a,2024-01-13,{number}\nb,2024-01-14,1\n"))).unwrap();
    }
    assert!(assert_alike(|| CsvSource::open(&paths, ReadOptions::default()).unwrap(), "three files"));
}

#[test]
fn what_needs_all_lines_before_it_is_read_in_order() {
    let text = table("a,2024-01-13,1\n");
    let source = |read| CsvSource::from_bytes("a.csv", text.as_bytes(), read).unwrap();
    assert!(source(ReadOptions::default().drop_repeated_lines()).into_pieces().is_err());
    assert!(source(ReadOptions::default().keep_rejects()).into_pieces().is_err());
    let once = CsvSource::from_reader("a pipe", std::io::Cursor::new(text.clone()), ReadOptions::default()).unwrap();
    let source = once.into_pieces().unwrap_err();
    assert_eq!(drain(*source).unwrap().0.len(), 1);
}

#[test]
fn the_messy_files_are_read_alike() {
    let Some(shared) = rfm_testkit::shared("the_messy_files_are_read_alike") else { return };
    let messy = shared.join("data/messy");
    let mut files = Vec::new();
    list(&messy, &mut files);
    let mut alike = 0;
    for file in &files {
        for read in [ReadOptions::default(), skipping()] {
            if CsvSource::open([file], read.clone()).is_ok() {
                assert_alike(|| CsvSource::open([file], read.clone()).unwrap(), &file.display().to_string());
                alike += 1;
            }
        }
    }
    assert!(alike > 0, "of {} files", files.len());
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}
