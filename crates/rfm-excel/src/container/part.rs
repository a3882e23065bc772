//! One part, inflated window by window; a window is given out when it has passed the checks.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::directory::Entry;
use super::xml::Scanner;
use super::{Caps, Refusal};

/// Bytes that are inflated and checked at once.
const WINDOW: usize = 1 << 17;

/// Bytes that are read at once.
const INPUT: usize = 1 << 16;

/// Parts below this may grow as they like.
const SMALL: u64 = 64 << 20;

/// What a part may take in memory whatever its size, and for each byte that is stored of it. A million order numbers in a row
/// are 2.6 MB deflated, and estimated to take 43 times as much.
const KEPT_FLOOR: u64 = 32 << 20;
const KEPT_PER_BYTE: u64 = 64;

/// Counts of shared strings that are too high by less than this reserve some megabytes in vain: no reason to refuse a file.
const COUNT_SLACK: u64 = 1 << 18;

pub(super) struct Part {
    entry: Entry,
    /// What is not yet read of the file.
    stored_left: u64,
    inflate: Option<Decompress>,
    input: Vec<u8>,
    input_at: usize,
    inflated: u64,
    crc: Crc,
    scanner: Option<Scanner>,
    has_ended: bool,
}

impl Part {
    /// A part at its start, checked by what is declared of it. Sizes lie, but reading ends where the declared size does.
    pub(super) fn begin(entry: &Entry, is_xml: bool, caps: &Caps) -> io::Result<Part> {
        if entry.size() > caps.part_bytes {
            return Err(Refusal::TooLarge { part: entry.shown(), limit: caps.part_bytes }.into());
        }
        if entry.size() > SMALL && entry.size() / entry.stored().max(1) >= caps.ratio {
            return Err(Refusal::Ratio { part: entry.shown(), limit: caps.ratio }.into());
        }
        let kept = entry.stored().saturating_mul(KEPT_PER_BYTE).clamp(KEPT_FLOOR.min(caps.kept_bytes), caps.kept_bytes);
        Ok(Part {
            stored_left: entry.stored(),
            inflate: entry.is_deflated().then(|| Decompress::new(false)),
            input: Vec::new(),
            input_at: 0,
            inflated: 0,
            crc: Crc::new(),
            scanner: is_xml.then(|| Scanner::new(caps.item_bytes, kept)),
            has_ended: false,
            entry: entry.clone(),
        })
    }

    /// Refuses a count of shared strings that is far higher than the strings that were found.
    pub(super) fn check_count(&self, entry: &Entry) -> io::Result<()> {
        let (declared, found) = self.scanner.as_ref().map_or((0, 0), Scanner::strings);
        if declared > COUNT_SLACK && declared / 2 > found {
            return Err(Refusal::StringCount { part: entry.shown(), declared, found }.into());
        }
        Ok(())
    }

    /// Replaces a window by the next one, checked; whether there is one.
    pub(super) fn fill(&mut self, reader: &mut (impl Read + Seek), window: &mut Vec<u8>) -> io::Result<bool> {
        if self.has_ended {
            window.clear();
            return Ok(false);
        }
        window.resize(WINDOW, 0);
        let mut end = 0;
        while end < WINDOW && !self.has_ended {
            if self.input_at == self.input.len() && self.stored_left > 0 {
                self.read_input(reader)?;
            }
            end += self.inflate(&mut window[end..])?;
        }
        window.truncate(end);
        self.crc.update(window);
        self.inflated += end as u64;
        if self.inflated > self.entry.size() {
            return Err(self.damaged("it is longer than the directory says"));
        }
        if let Some(scanner) = &mut self.scanner {
            scanner.scan(window).map_err(|problem| problem.refusal(self.entry.shown()))?;
        }
        if self.has_ended {
            self.finish()?;
        }
        Ok(end > 0)
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.inflated != self.entry.size() {
            return Err(self.damaged("it is shorter than the directory says"));
        }
        if self.crc.sum() != self.entry.crc() {
            return Err(self.damaged("its checksum is wrong"));
        }
        if let Some(scanner) = &self.scanner {
            scanner.finish().map_err(|problem| problem.refusal(self.entry.shown()))?;
        }
        Ok(())
    }

    fn read_input(&mut self, reader: &mut (impl Read + Seek)) -> io::Result<()> {
        let at = self.entry.data() + (self.entry.stored() - self.stored_left);
        let length = self.stored_left.min(INPUT as u64);
        self.input.resize(usize::try_from(length).expect("64 KiB at most"), 0);
        self.input_at = 0;
        reader.seek(SeekFrom::Start(at))?;
        reader.read_exact(&mut self.input)?;
        self.stored_left -= length;
        Ok(())
    }

    /// Inflates into `output`; how many bytes.
    fn inflate(&mut self, output: &mut [u8]) -> io::Result<usize> {
        let input = &self.input[self.input_at..];
        let is_last = self.stored_left == 0;
        let Some(inflate) = &mut self.inflate else {
            let length = input.len().min(output.len());
            output[..length].copy_from_slice(&input[..length]);
            self.input_at += length;
            self.has_ended = is_last && self.input_at == self.input.len();
            return Ok(length);
        };
        let before = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(input, output, FlushDecompress::None);
        let read = usize::try_from(inflate.total_in() - before.0).expect("as much as there is");
        let written = usize::try_from(inflate.total_out() - before.1).expect("as much as there is room for");
        self.input_at += read;
        match status {
            Ok(Status::StreamEnd) if is_last && self.input_at == self.input.len() => self.has_ended = true,
            Ok(Status::StreamEnd) => return Err(self.damaged("it ends before its bytes do")),
            Ok(_) if read == 0 && written == 0 => return Err(self.damaged("it has no end")),
            Ok(_) => {}
            Err(_) => return Err(self.damaged("it is not deflated")),
        }
        Ok(written)
    }

    fn damaged(&self, what: &'static str) -> io::Error {
        Refusal::Damaged { part: self.entry.shown(), what }.into()
    }
}
