//! The bytes as they are stored: counted, digested, and compared with what the file system says.

use std::{
    fmt,
    fs::File,
    io::{self, Cursor, Read, Stdin},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::identity::Stamp;
use crate::stored::Changed;

/// Where bytes come from.
pub(crate) enum Raw {
    File(File),
    Stdin(Stdin),
    Bytes(Cursor<Arc<[u8]>>),
    Other(Box<dyn Read + Send>),
}

impl Raw {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Raw::File(file) => file.read(out),
            Raw::Stdin(stdin) => stdin.read(out),
            Raw::Bytes(bytes) => bytes.read(out),
            Raw::Other(reader) => reader.read(out),
        }
    }
}

/// Digest and number of the bytes of an input as they are stored, before any decompression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Bytes.
    pub bytes: u64,
    /// Their BLAKE3 digest.
    pub blake3: [u8; 32],
}

impl Fingerprint {
    /// The digest in lower case hexadecimal, 64 characters, as `b3sum` prints it.
    #[must_use]
    pub fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.blake3).to_hex().as_str().to_owned()
    }
}

/// Reads, counts and digests. At the end it checks that a file is still what it was when it was opened.
pub(crate) struct Tally {
    raw: Raw,
    /// What the file was when it was opened, if it is one that must not change.
    watch: Option<Stamp>,
    hasher: blake3::Hasher,
    bytes: u64,
    progress: Option<Arc<AtomicU64>>,
    ended: bool,
    failed: bool,
}

impl Tally {
    pub(crate) fn new(raw: Raw, watch: Option<Stamp>) -> Tally {
        let hasher = blake3::Hasher::new();
        Tally { raw, watch, hasher, bytes: 0, progress: None, ended: false, failed: false }
    }

    pub(crate) fn report_to(&mut self, counter: Arc<AtomicU64>) {
        counter.fetch_add(self.bytes, Ordering::Relaxed);
        self.progress = Some(counter);
    }

    pub(crate) fn fingerprint(&self) -> Option<Fingerprint> {
        let fingerprint = || Fingerprint { bytes: self.bytes, blake3: *self.hasher.finalize().as_bytes() };
        self.ended.then(fingerprint)
    }

    /// Whether it was this reader that failed, and not one above it.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// A file that was written to, or cut, gives a table that never existed: half old, half new.
    fn has_changed(&self) -> io::Result<bool> {
        let (Some(watch), Raw::File(file)) = (&self.watch, &self.raw) else { return Ok(false) };
        Ok(*watch != Stamp::new(&file.metadata()?) || watch.size() != self.bytes)
    }

    fn advance(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // Decompressors do not all try again after a signal, so that is done here.
        let n = loop {
            match self.raw.read(out) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        if n > 0 {
            self.hasher.update(&out[..n]);
            self.bytes += n as u64;
            if let Some(counter) = &self.progress {
                counter.fetch_add(n as u64, Ordering::Relaxed);
            }
        } else if !out.is_empty() {
            if self.has_changed()? {
                return Err(Changed.into());
            }
            self.ended = true;
        }
        Ok(n)
    }
}

impl Read for Tally {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let read = self.advance(out);
        self.failed = read.is_err();
        read
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tally").field("bytes", &self.bytes).field("ended", &self.ended).finish_non_exhaustive()
    }
}
