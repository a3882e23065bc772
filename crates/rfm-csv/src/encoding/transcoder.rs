//! A reader that gives UTF-8 whatever the input is in.

use std::{
    fmt,
    io::{self, Read},
};

use super::Encoding;
use rfm_input::{InputName, Position};

use crate::error::{Error, ErrorKind};

/// Bytes of the input that are decoded in one go.
const SOURCE: usize = 32 * 1024;
/// Room for their text: three bytes of UTF-8 for each byte is the most that any encoding asks for.
const TEXT: usize = 3 * SOURCE + 16;

/// What a [`Transcoder`] reports inside an [`io::Error`] when it reaches bytes that mean nothing.
///
/// The record layer takes it out again, since only that layer knows line and column.
#[derive(Debug)]
pub(crate) struct Malformed {
    pub(crate) encoding: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes that are no {} text", self.encoding)
    }
}

impl std::error::Error for Malformed {}

/// Reads any encoding as UTF-8, without a byte order mark.
///
/// UTF-8 passes through unchecked, because the record layer checks each record and can name the place. Any other encoding
/// is decoded without replacement: everything before the first malformed bytes is delivered, then reading fails, and
/// fails again if it is tried again.
#[derive(Debug)]
pub(crate) struct Transcoder<R> {
    reader: R,
    encoding: Encoding,
    marked: bool,
    /// What was read to look for a mark and is not part of it.
    head: Head,
    decode: Option<Decode>,
}

impl<R: Read> Transcoder<R> {
    /// Looks at the first bytes and settles the encoding: `given` if there is one, otherwise what a byte order mark says,
    /// otherwise UTF-8. The mark is taken off.
    ///
    /// A mark that contradicts `given` is an error, since one of the two is wrong and either choice would change text
    /// silently. UTF-32 is refused by name.
    pub(crate) fn new(mut reader: R, given: Option<Encoding>, name: &InputName) -> Result<Transcoder<R>, Error> {
        let position = || Position::new(name);
        let mut head = Head::default();
        head.fill(&mut reader).map_err(|cause| crate::input::read_error(cause, position()))?;
        let (mark, length) = match *head.rest() {
            [0xFF, 0xFE, 0, 0, ..] => return Err(unsupported(position(), "UTF-32LE")),
            [0, 0, 0xFE, 0xFF, ..] => return Err(unsupported(position(), "UTF-32BE")),
            [0xEF, 0xBB, 0xBF, ..] => (Some(Encoding::Utf8), 3),
            [0xFF, 0xFE, ..] => (Some(Encoding::Utf16Le), 2),
            [0xFE, 0xFF, ..] => (Some(Encoding::Utf16Be), 2),
            _ => (None, 0),
        };
        if let (Some(mark), Some(given)) = (mark, given)
            && mark != given
        {
            return Err(Error::new(ErrorKind::ContradictingMark { position: position(), mark, given }));
        }
        head.from = length;
        let encoding = given.or(mark).unwrap_or(Encoding::Utf8);
        let decode = (encoding != Encoding::Utf8).then(|| Decode::new(encoding));
        Ok(Transcoder { reader, encoding, marked: mark.is_some(), head, decode })
    }

    /// The encoding that was settled.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether the text began with a byte order mark.
    pub(crate) fn is_marked(&self) -> bool {
        self.marked
    }

    /// The reader below.
    pub(crate) fn get_ref(&self) -> &R {
        &self.reader
    }
}

fn unsupported(position: Position, found: &'static str) -> Error {
    Error::new(ErrorKind::UnsupportedEncoding { position, found })
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut below = Below { head: &mut self.head, reader: &mut self.reader };
        match &mut self.decode {
            None => below.read(out),
            Some(decode) => decode.read(&mut below, out),
        }
    }
}

/// The first bytes of the input.
#[derive(Debug, Default)]
struct Head {
    bytes: [u8; 4],
    from: usize,
    to: usize,
}

impl Head {
    fn fill(&mut self, reader: &mut impl Read) -> io::Result<()> {
        while self.to < self.bytes.len() {
            match reader.read(&mut self.bytes[self.to..]) {
                Ok(0) => break,
                Ok(n) => self.to += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.from..self.to]
    }
}

/// The head, then the rest of the input.
struct Below<'a, R> {
    head: &'a mut Head,
    reader: &'a mut R,
}

impl<R: Read> Read for Below<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.head.rest();
        if rest.is_empty() {
            return self.reader.read(out);
        }
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.head.from += n;
        Ok(n)
    }
}

struct Decode {
    encoding: &'static str,
    decoder: encoding_rs::Decoder,
    source: Box<[u8]>,
    source_from: usize,
    source_to: usize,
    source_ended: bool,
    text: Box<[u8]>,
    text_from: usize,
    text_to: usize,
    end: Option<End>,
}

/// Why no more text comes after what is in the buffer.
#[derive(Clone, Copy, Debug)]
enum End {
    Complete,
    Malformed,
}

impl Decode {
    fn new(encoding: Encoding) -> Decode {
        Decode {
            encoding: encoding.name(),
            // The mark is already off, and a second one is a character like any other.
            decoder: encoding.backing().new_decoder_without_bom_handling(),
            source: vec![0; SOURCE].into_boxed_slice(),
            source_from: 0,
            source_to: 0,
            source_ended: false,
            text: vec![0; TEXT].into_boxed_slice(),
            text_from: 0,
            text_to: 0,
            end: None,
        }
    }

    fn read(&mut self, below: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.text_from < self.text_to {
                let n = (self.text_to - self.text_from).min(out.len());
                out[..n].copy_from_slice(&self.text[self.text_from..self.text_from + n]);
                self.text_from += n;
                return Ok(n);
            }
            match self.end {
                Some(End::Complete) => return Ok(0),
                Some(End::Malformed) => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, Malformed { encoding: self.encoding }));
                }
                None => self.step(below)?,
            }
        }
    }

    /// Decodes what is there, after reading more if nothing is.
    fn step(&mut self, below: &mut impl Read) -> io::Result<()> {
        if self.source_from == self.source_to && !self.source_ended {
            self.source_from = 0;
            self.source_to = 0;
            self.source_to = below.read(&mut self.source)?;
            self.source_ended = self.source_to == 0;
        }
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            &self.source[self.source_from..self.source_to],
            &mut self.text,
            self.source_ended,
        );
        self.source_from += read;
        self.text_from = 0;
        self.text_to = written;
        match result {
            encoding_rs::DecoderResult::InputEmpty if self.source_ended => self.end = Some(End::Complete),
            encoding_rs::DecoderResult::InputEmpty | encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(..) => self.end = Some(End::Malformed),
        }
        Ok(())
    }
}

impl fmt::Debug for Decode {
    /// Without the buffers, which hold data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decode").field("encoding", &self.encoding).field("end", &self.end).finish_non_exhaustive()
    }
}
