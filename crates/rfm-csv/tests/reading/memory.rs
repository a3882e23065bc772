//! `HAZARDS.md` rows 2 and 24, for real: endless input under a limit of the address space ends in an error, not an abort.
//!
//! The tests run themselves again as a child under `ulimit -v`. The field and record without end stop at their limits after
//! megabytes of the 8 GiB; the stream of rows that are each just below the limits ends after 512 MiB, twice what there is.
#![cfg(target_os = "linux")]

use std::io::Read;
use std::process::Command;

use rfm_core::TransactionSource;
use rfm_csv::{BadRows, CsvSource, ReadOptions};

const GIB: u64 = 1 << 30;

/// A header, then a pattern again and again.
struct Stream {
    header: &'static [u8],
    pattern: Vec<u8>,
    at: usize,
    left: u64,
}

impl Read for Stream {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if !self.header.is_empty() {
            return self.header.read(out);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        let mut done = 0;
        while done < most {
            let from = &self.pattern[self.at..];
            let n = from.len().min(most - done);
            out[done..done + n].copy_from_slice(&from[..n]);
            self.at = (self.at + n) % self.pattern.len();
            done += n;
        }
        self.left -= done as u64;
        Ok(done)
    }
}

#[test]
#[ignore = "the child of the tests below"]
fn child() {
    let Ok(case) = std::env::var("RFM_CSV_MEMORY_CASE") else { return };
    let header = b"customer_id,order_date,amount\n";
    let row = |id: usize| format!("{},2024-01-17,1.5\n", "x".repeat(id)).into_bytes();
    let (header, pattern, size): (&[u8], _, _) = match case.as_str() {
        "field" => (header, b"x".to_vec(), 8 * GIB),
        "quoted" => (b"customer_id,order_date,amount\n\"", b"x,y\n".to_vec(), 8 * GIB),
        "record" => (header, b"x,".to_vec(), 8 * GIB),
        "header" => (b"customer_id", b"x".to_vec(), 8 * GIB),
        "blank" => (header, b"\n".to_vec(), GIB / 4),
        "wide rows" | "wide rows kept" => (header, row((1 << 20) - 8), GIB / 2),
        "bad rows" => (header, b"x\n".to_vec(), GIB / 64),
        "wide bad rows kept" => (header, format!("{}\n", "x".repeat((1 << 20) - 8)).into_bytes(), GIB / 2),
        other => panic!("{other}"),
    };
    let options = ReadOptions::default().bad_rows(BadRows::Skip { limit: None });
    let options = if case.ends_with("kept") { options.keep_rejects() } else { options };
    let stream = Stream { header, pattern, at: 0, left: size };
    let end = CsvSource::from_reader("-", stream, options).and_then(|mut source| {
        let mut rows = 0;
        while let Some(batch) = source.next_batch()? {
            rows += batch.len();
        }
        Ok((rows, source.reports()[0].rows()))
    });
    println!("ended: {}", end.map_or_else(|error| error.to_string(), |(rows, read)| format!("{rows} of {read} rows")));
}

fn run(case: &str) -> String {
    let program = std::env::current_exe().unwrap();
    let limited =
        format!("ulimit -v {} && exec \"$0\" --exact memory::child --ignored --nocapture --test-threads=1", 256 * 1024);
    let output =
        Command::new("sh").args(["-c", &limited]).arg(program).env("RFM_CSV_MEMORY_CASE", case).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{case}: {said} {}", String::from_utf8_lossy(&output.stderr));
    said.lines().find_map(|line| Some(line.split_once("ended: ")?.1.to_owned())).unwrap()
}

#[test]
fn a_field_without_end_is_an_error() {
    assert_eq!(
        run("field"),
        "standard input, line 2, column 1 `customer_id`: a field that begins here has more bytes than the limit (1048576)"
    );
    assert_eq!(
        run("quoted"),
        "standard input, line 2, column 1 `customer_id`: a quoted field that opens here has more lines than the limit; \
         if the file has no quoting, read it with --quote none (1000)"
    );
}

#[test]
fn a_record_without_end_is_an_error() {
    assert_eq!(
        run("record"),
        "standard input, line 2: a record that begins here has more columns than the limit (16384)"
    );
    assert_eq!(
        run("header"),
        "standard input, line 1: no header ends within the bytes that are looked at for one (262144)"
    );
}

#[test]
fn rows_just_below_the_limits_do_not_add_up_in_memory() {
    assert!(run("wide rows").ends_with("rows"));
    assert!(run("wide rows kept").ends_with("rows"));
    assert!(run("wide bad rows kept").ends_with("rows"));
}

#[test]
fn blank_lines_and_bad_rows_without_end_take_no_memory() {
    assert_eq!(run("blank"), "0 of 0 rows");
    assert_eq!(run("bad rows"), format!("0 of {} rows", GIB / 128));
}
