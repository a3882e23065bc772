//! The bytes that have been read and not yet passed on.

use std::io::{self, Read};

use memchr::memchr;

/// A window over the text: the record at hand begins at its start and ends in it, or more is read.
pub(super) struct Buffer {
    window: Window,
    start: usize,
    /// How much is held before it has to grow.
    capacity: usize,
    /// It never grows beyond this.
    most: usize,
    /// From `start` to here all is UTF-8 and nothing is NUL. Checking once per read is much cheaper than once per record.
    clean: usize,
    /// The first bytes of a character of which the rest has not been read; not yet in the window, if that is text.
    cut: Vec<u8>,
    ended: bool,
}

/// As text wherever possible: the check that makes a `String` is made once per read, and then every field is a `str` for
/// nothing. Checking each field that is asked for was tried, and cost nearly as much per field as finding a record.
enum Window {
    Text(String),
    Bytes(Vec<u8>),
}

impl Buffer {
    /// With room for `capacity` bytes at first, and in the end for a record of `record_bytes` and the bytes that prove
    /// it too long.
    pub(super) fn new(capacity: usize, record_bytes: usize) -> Buffer {
        let capacity = capacity.max(1);
        // The longest incomplete character has three bytes.
        let most = capacity.max(record_bytes.saturating_add(8));
        Buffer { window: Window::Bytes(Vec::new()), start: 0, capacity, most, clean: 0, cut: Vec::new(), ended: false }
    }

    /// Holds a whole text; nothing more is read.
    pub(super) fn holding(text: Vec<u8>, record_bytes: usize) -> Buffer {
        let mut buffer = Buffer { ended: true, ..Buffer::new(text.len(), record_bytes) };
        buffer.set_window(text, 0);
        buffer
    }

    /// The memory, for another text.
    pub(super) fn into_memory(self) -> Vec<u8> {
        match self.window {
            Window::Text(text) => text.into_bytes(),
            Window::Bytes(bytes) => bytes,
        }
    }

    /// What has been read and not consumed.
    #[inline]
    pub(super) fn pending(&self) -> &[u8] {
        &self.all()[self.start..]
    }

    /// Where the pending bytes begin, in the offsets of [`Buffer::all`].
    #[inline]
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Everything, with what has been consumed since the last [`Buffer::fill`] and is still there.
    #[inline]
    pub(super) fn all(&self) -> &[u8] {
        match &self.window {
            Window::Text(text) => text.as_bytes(),
            Window::Bytes(bytes) => bytes,
        }
    }

    /// A part of it as text, where that is known.
    #[inline]
    pub(super) fn text(&self, from: usize, to: usize) -> Option<&str> {
        match &self.window {
            Window::Text(text) => text.get(from..to),
            Window::Bytes(_) => None,
        }
    }

    #[inline]
    pub(super) fn consume(&mut self, bytes: usize) {
        self.start += bytes;
    }

    /// Whether the record that ends at this offset is certainly UTF-8 without NUL; if not, it has to be looked at.
    #[inline]
    pub(super) fn is_clean(&self, to: usize) -> bool {
        to <= self.clean
    }

    /// Reads once, after the pending bytes; false if there is nothing more. Consumed bytes are gone afterwards, and
    /// offsets count from the first pending byte.
    pub(super) fn fill(&mut self, reader: &mut impl Read) -> io::Result<bool> {
        if self.ended && self.cut.is_empty() {
            return Ok(false);
        }
        let mut bytes = match std::mem::replace(&mut self.window, Window::Bytes(Vec::new())) {
            Window::Text(text) => text.into_bytes(),
            Window::Bytes(bytes) => bytes,
        };
        // Nearly always less than one record stays, since records are passed on before more is read.
        bytes.drain(..self.start);
        self.clean = self.clean.saturating_sub(self.start);
        self.start = 0;
        let before = bytes.len();
        bytes.append(&mut self.cut);
        let result = self.read(&mut bytes, reader);
        let grown = bytes.len() > before;
        self.set_window(bytes, before);
        result?;
        // A cut character at the end of the text is more, too: it shows up now.
        Ok(grown)
    }

    fn read(&mut self, bytes: &mut Vec<u8>, reader: &mut impl Read) -> io::Result<()> {
        let held = bytes.len();
        while self.capacity <= held && self.capacity < self.most {
            self.capacity = self.capacity.saturating_mul(2).min(self.most);
        }
        // Not `reserve`, which would round up beyond the limit.
        bytes.reserve_exact(self.capacity.saturating_sub(held));
        bytes.resize(self.capacity.max(held), 0);
        let result = loop {
            if self.ended {
                break Ok(0);
            }
            match reader.read(&mut bytes[held..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) => self.ended = true,
                read => break read,
            }
        };
        bytes.truncate(held + result.as_ref().map_or(0, |&read| read));
        result.map(|_| ())
    }

    /// Takes the bytes as text if they are, of which those up to `before` were there before.
    fn set_window(&mut self, bytes: Vec<u8>, before: usize) {
        if bytes.len() / 2 < before {
            // So little is new that checking all of it would be checked too often: a reader that delivers a long record in
            // small pieces must not cost the square of its length.
            let fresh = &bytes[self.clean..];
            self.clean += valid_up_to(&fresh[..nul_free(fresh)]);
            self.window = Window::Bytes(bytes);
            return;
        }
        self.window = match String::from_utf8(bytes) {
            Ok(text) => Window::Text(text),
            Err(error) => {
                let (valid, is_cut) = (error.utf8_error().valid_up_to(), error.utf8_error().error_len().is_none());
                let mut bytes = error.into_bytes();
                // What has been shown stays: somebody is in the middle of it.
                if is_cut && !self.ended && valid >= before {
                    self.cut = bytes.split_off(valid);
                }
                // Either all is text now, or bad bytes make every record of this window be looked at.
                match String::from_utf8(bytes) {
                    Ok(text) => Window::Text(text),
                    Err(error) => {
                        self.clean = nul_free(&error.as_bytes()[..valid]);
                        self.window = Window::Bytes(error.into_bytes());
                        return;
                    }
                }
            }
        };
        self.clean += nul_free(&self.all()[self.clean..]);
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        match &self.window {
            Window::Text(text) => text.capacity(),
            Window::Bytes(bytes) => bytes.capacity(),
        }
    }
}

fn valid_up_to(bytes: &[u8]) -> usize {
    str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len)
}

fn nul_free(bytes: &[u8]) -> usize {
    memchr(0, bytes).unwrap_or(bytes.len())
}
