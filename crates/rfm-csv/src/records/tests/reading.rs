//! Reading a whole text into something that can be compared.

use std::io::{self, Read};

use super::*;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) line: u64,
    pub(super) lines: u64,
    pub(super) number: u64,
    pub(super) fields: Vec<Vec<u8>>,
    pub(super) raw: Vec<u8>,
    pub(super) flaw: Option<Flaw>,
}

#[derive(Debug)]
pub(super) struct Reading {
    pub(super) records: Vec<Owned>,
    pub(super) error: Option<RecordError>,
    pub(super) lines: u64,
    pub(super) blank_lines: u64,
    pub(super) ended_without_newline: bool,
}

impl Reading {
    pub(super) fn is_flawless(&self) -> bool {
        self.error.is_none() && self.records.iter().all(|record| record.flaw.is_none())
    }
}

/// Reads at most `chunk` bytes at once into a buffer that begins with `capacity` bytes.
pub(super) fn read(text: &[u8], dialect: Dialect, limits: Limits, capacity: usize, chunk: usize) -> Reading {
    let mut records = Records::with_capacity(Chunks { text, chunk }, dialect, limits, capacity);
    let mut all = Vec::new();
    let error = loop {
        match records.next_record() {
            Ok(Some(record)) => {
                all.push(Owned { number: record.number(), ..owned(&record) });
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    if error.is_none() {
        assert_eq!(records.records(), all.len() as u64);
        assert!(records.next_record().unwrap().is_none(), "the end is the end");
    }
    Reading {
        records: all,
        error,
        lines: records.lines(),
        blank_lines: records.blank_lines(),
        ended_without_newline: records.ended_without_newline(),
    }
}

/// A record but for its number, which a piece does not know.
pub(super) fn owned(record: &Record<'_>) -> Owned {
    let fields: Vec<_> = (0..record.len()).map(|index| record.field(index).unwrap().to_vec()).collect();
    for (index, field) in fields.iter().enumerate() {
        assert_eq!(record.field_str(index), str::from_utf8(field).ok());
    }
    assert_eq!(record.field(record.len()), None);
    Owned {
        line: record.line(),
        lines: record.lines(),
        number: 0,
        fields,
        raw: record.raw().to_vec(),
        flaw: record.flaw(),
    }
}

pub(super) fn read_all(text: &[u8]) -> Reading {
    read(text, Dialect::default(), Limits::default(), CAPACITY, CAPACITY)
}

/// Delivers a few bytes at a time.
struct Chunks<'t> {
    text: &'t [u8],
    chunk: usize,
}

impl Read for Chunks<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.text.len().min(self.chunk).min(out.len());
        self.text.read(&mut out[..n])
    }
}

/// Repeats a pattern for ever.
pub(super) struct Endless {
    pattern: &'static [u8],
    at: usize,
}

impl Endless {
    pub(super) fn new(pattern: &'static [u8]) -> Endless {
        Endless { pattern, at: 0 }
    }
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        for byte in &mut *out {
            *byte = self.pattern[self.at];
            self.at = (self.at + 1) % self.pattern.len();
        }
        Ok(out.len())
    }
}

/// Fails at once.
pub(super) struct Fails;

impl Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("gone"))
    }
}
