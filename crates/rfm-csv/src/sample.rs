//! A look at the start of a text that can be read only once.

use std::{
    fmt,
    io::{self, Read},
};

/// Reads ahead up to a number of bytes, shows them, and then reads like the reader below, from the start.
///
/// Standard input cannot be opened a second time, so what looks at the start of a text (the delimiter, the header) must
/// hand the bytes on.
pub(crate) struct Sampled<R> {
    reader: R,
    sample: Vec<u8>,
    from: usize,
    /// Met while reading ahead; delivered after the sample, where it belongs.
    error: Option<io::Error>,
    ended: bool,
}

impl<R: Read> Sampled<R> {
    /// Reads up to `limit` bytes ahead. Never fails: an error is delivered by [`Read::read`], after the bytes before it.
    pub(crate) fn new(mut reader: R, limit: usize) -> Sampled<R> {
        let mut sample = Vec::new();
        let mut length = 0;
        let mut ended = false;
        let mut error = None;
        while length < limit {
            // A pipe may deliver little at a time: room is made when it is used up, not for every read.
            if length == sample.len() {
                sample.resize(limit.min(length + 64 * 1024), 0);
            }
            match reader.read(&mut sample[length..]) {
                Ok(0) => {
                    ended = true;
                    break;
                }
                Ok(n) => length += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    error = Some(e);
                    break;
                }
            }
        }
        sample.truncate(length);
        Sampled { reader, sample, from: 0, error, ended }
    }

    /// The start of the text; empty once it has been read.
    pub(crate) fn sample(&self) -> &[u8] {
        &self.sample
    }

    /// Whether the sample is the whole text.
    pub(crate) fn is_complete(&self) -> bool {
        self.ended
    }

    /// The error that ended the sample, if one did, for who cannot go on without what it hides.
    pub(crate) fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// The reader below.
    pub(crate) fn get_ref(&self) -> &R {
        &self.reader
    }
}

impl<R: Read> Read for Sampled<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.from < self.sample.len() {
            let n = (&self.sample[self.from..]).read(out)?;
            self.from += n;
            if self.from == self.sample.len() {
                self.from = 0;
                self.sample = Vec::new();
            }
            return Ok(n);
        }
        match self.error.take() {
            Some(error) => Err(error),
            // A terminal would ask for a second end of input.
            None if self.ended => Ok(0),
            None => self.reader.read(out),
        }
    }
}

impl<R: fmt::Debug> fmt::Debug for Sampled<R> {
    /// Without the sample, which holds data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampled").field("reader", &self.reader).field("ended", &self.ended).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sampling_changes_nothing_of_what_is_read() {
        for limit in 0..12 {
            let mut sampled = Sampled::new(&b"0123456789"[..], limit);
            assert_eq!(sampled.sample(), &b"0123456789"[..limit.min(10)]);
            assert_eq!(sampled.is_complete(), limit > 10);
            let mut all = Vec::new();
            sampled.read_to_end(&mut all).unwrap();
            assert_eq!(all, b"0123456789");
        }
    }

    #[test]
    fn an_error_comes_after_the_bytes_before_it() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let mut sampled = Sampled::new(b"abc".chain(Fails), 100);
        assert_eq!(sampled.sample(), b"abc");
        assert!(!sampled.is_complete());
        let mut all = Vec::new();
        assert_eq!(sampled.read_to_end(&mut all).unwrap_err().to_string(), "gone");
        assert_eq!(all, b"abc");
    }
}
