//! Decompression, chosen by the content: names lie, first bytes do not.

use std::fmt;
use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use rfm_input::Stored;

use super::Fault;

/// Enough to tell the formats apart.
const HEAD: usize = 8;

/// How an input is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    /// Not at all.
    None,
    /// gzip, of any number of members.
    Gzip,
    /// Zstandard, of any number of frames.
    Zstd,
}

impl Compression {
    /// The name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Compression::None => "plain",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }

    fn of(head: &[u8]) -> Compression {
        match *head {
            [0x1F, 0x8B, ..] => Compression::Gzip,
            // The second kind is a frame to be skipped, with which parallel compressors begin.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Compression::Zstd,
            _ => Compression::None,
        }
    }
}

/// What people hand to a reader of CSV by mistake, and what to tell them.
fn refused(head: &[u8]) -> Option<Fault> {
    let unpack = "unpack it first, or pack it with gzip or zstd";
    let (format, help) = match *head {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => ("a workbook or zip archive", "open it as a workbook, or unpack it first"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => ("an old Excel workbook", "open it as a workbook"),
        [b'P', b'A', b'R', b'1', ..] => ("a Parquet file", "open it as Parquet"),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => ("bzip2", unpack),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => ("xz", unpack),
        [b'7', b'z', 0xBC, 0xAF, ..] => ("7-Zip", unpack),
        _ => return None,
    };
    Some(Fault::Unsupported { format, help })
}

/// What was looked at, and the rest.
type Whole = Chain<Cursor<Vec<u8>>, Stored>;

/// The content, decompressed.
pub(super) enum Body {
    Plain(Box<Whole>),
    Gzip(Box<MultiGzDecoder<BufReader<Whole>>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, BufReader<Whole>>>),
}

impl Body {
    pub(super) fn new(mut stored: Stored) -> io::Result<Body> {
        let mut head = Vec::with_capacity(HEAD);
        // A pipe may deliver single bytes; `take` asks again until it has them all or the end.
        (&mut stored).take(HEAD as u64).read_to_end(&mut head)?;
        if let Some(fault) = refused(&head) {
            return Err(fault.into());
        }
        let compression = Compression::of(&head);
        let stored = Cursor::new(head).chain(stored);
        let buffered = |stored| BufReader::with_capacity(128 * 1024, stored);
        Ok(match compression {
            Compression::None => Body::Plain(Box::new(stored)),
            Compression::Gzip => Body::Gzip(Box::new(MultiGzDecoder::new(buffered(stored)))),
            Compression::Zstd => Body::Zstd(Box::new(zstd::stream::read::Decoder::with_buffer(buffered(stored))?)),
        })
    }

    pub(super) fn compression(&self) -> Compression {
        match self {
            Body::Plain(_) => Compression::None,
            Body::Gzip(_) => Compression::Gzip,
            Body::Zstd(_) => Compression::Zstd,
        }
    }

    pub(super) fn stored(&self) -> &Stored {
        match self {
            Body::Plain(stored) => stored.get_ref().1,
            Body::Gzip(decoder) => decoder.get_ref().get_ref().get_ref().1,
            Body::Zstd(decoder) => decoder.get_ref().get_ref().get_ref().1,
        }
    }

    pub(super) fn stored_mut(&mut self) -> &mut Stored {
        match self {
            Body::Plain(stored) => stored.get_mut().1,
            Body::Gzip(decoder) => decoder.get_mut().get_mut().get_mut().1,
            Body::Zstd(decoder) => decoder.get_mut().get_mut().get_mut().1,
        }
    }
}

impl Read for Body {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Body::Plain(stored) => stored.read(out),
            Body::Gzip(decoder) => decoder.read(out),
            Body::Zstd(decoder) => decoder.read(out),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (stored, compression) = (self.stored(), self.compression());
        f.debug_struct("Body").field("stored", stored).field("compression", &compression).finish()
    }
}
