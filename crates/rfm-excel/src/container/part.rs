//! One part, inflated window by window; a window is given out when it has passed the checks.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::directory::Entry;
use super::xml::Scanner;
use super::{Caps, Refusal};

const WINDOW: usize = 1 << 15;

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
    window: Vec<u8>,
    window_at: usize,
    window_end: usize,
    given: u64,
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
            window: vec![0; WINDOW],
            window_at: 0,
            window_end: 0,
            given: 0,
            inflated: 0,
            crc: Crc::new(),
            scanner: is_xml.then(|| Scanner::new(caps.item_bytes, kept)),
            has_ended: false,
            entry: entry.clone(),
        })
    }

    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        self.entry.data() == entry.data() && self.entry.key() == entry.key()
    }

    /// The bytes given out so far.
    pub(super) fn given(&self) -> u64 {
        self.given
    }

    /// The count of shared strings as declared, and the true one, if the first is far too high.
    pub(super) fn lying_count(&self) -> Option<(u64, u64)> {
        let (declared, found) = self.scanner.as_ref()?.strings();
        (declared > COUNT_SLACK && declared / 2 > found).then_some((declared, found))
    }

    /// Gives out what there is, or the next window.
    pub(super) fn read(&mut self, reader: &mut (impl Read + Seek), out: &mut [u8]) -> io::Result<usize> {
        if self.window_at == self.window_end && !self.fill(reader)? {
            return Ok(0);
        }
        let rest = &self.window[self.window_at..self.window_end];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.window_at += length;
        self.given += length as u64;
        Ok(length)
    }

    /// Makes and checks the next window; whether there is one.
    pub(super) fn fill(&mut self, reader: &mut (impl Read + Seek)) -> io::Result<bool> {
        if self.has_ended {
            return Ok(false);
        }
        (self.window_at, self.window_end) = (0, 0);
        while self.window_end < WINDOW && !self.has_ended {
            if self.input_at == self.input.len() && self.stored_left > 0 {
                self.read_input(reader)?;
            }
            self.inflate()?;
        }
        let window = &self.window[..self.window_end];
        self.crc.update(window);
        self.inflated += window.len() as u64;
        if self.inflated > self.entry.size() {
            return Err(self.damaged("it is longer than the directory says"));
        }
        if let Some(scanner) = &mut self.scanner {
            scanner.scan(window).map_err(|problem| problem.refusal(self.entry.shown()))?;
        }
        if self.has_ended {
            self.finish()?;
        }
        Ok(self.window_end > 0)
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
        let length = self.stored_left.min(WINDOW as u64);
        self.input.resize(usize::try_from(length).expect("a window at most"), 0);
        self.input_at = 0;
        reader.seek(SeekFrom::Start(at))?;
        reader.read_exact(&mut self.input)?;
        self.stored_left -= length;
        Ok(())
    }

    fn inflate(&mut self) -> io::Result<()> {
        let (input, output) = (&self.input[self.input_at..], &mut self.window[self.window_end..]);
        let is_last = self.stored_left == 0;
        let Some(inflate) = &mut self.inflate else {
            let length = input.len().min(output.len());
            output[..length].copy_from_slice(&input[..length]);
            self.input_at += length;
            self.window_end += length;
            self.has_ended = is_last && self.input_at == self.input.len();
            return Ok(());
        };
        let before = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(input, output, FlushDecompress::None);
        let read = usize::try_from(inflate.total_in() - before.0).expect("a window at most");
        let written = usize::try_from(inflate.total_out() - before.1).expect("a window at most");
        self.input_at += read;
        self.window_end += written;
        match status {
            Ok(Status::StreamEnd) if is_last && self.input_at == self.input.len() => self.has_ended = true,
            Ok(Status::StreamEnd) => return Err(self.damaged("it ends before its bytes do")),
            Ok(_) if read == 0 && written == 0 => return Err(self.damaged("it has no end")),
            Ok(_) => {}
            Err(_) => return Err(self.damaged("it is not deflated")),
        }
        Ok(())
    }

    fn damaged(&self, what: &'static str) -> io::Error {
        Refusal::Damaged { part: self.entry.shown(), what }.into()
    }
}
