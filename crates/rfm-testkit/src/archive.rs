//! Zip archives made by hand, honest ones and such that lie.
//!
//! Writers of zip archives refuse to write what readers must be tried with: two entries of one name, sizes that are not so,
//! parts that overlap. [`Archive`] writes what it is told. It knows no dates and no comments, so same parts, same bytes.
//!
//! ```
//! use rfm_testkit::archive::Archive;
//!
//! let honest = Archive::new().part("a.xml", "<a/>").build();
//! let lying = Archive::new().part("a.xml", "<a/>").declared_size(1 << 40).build();
//! assert!(honest.starts_with(b"PK\x03\x04") && lying.len() > honest.len());
//! ```

use std::io::{self, Read as _, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// A zip archive in the making.
#[derive(Clone, Debug, Default)]
pub struct Archive {
    parts: Vec<Part>,
    count: Option<u16>,
}

#[derive(Clone, Debug)]
struct Part {
    name: String,
    stored: Vec<u8>,
    method: u16,
    flags: u16,
    crc: u32,
    size: u64,
    /// Where its header is said to be, if not where it is.
    header: Option<u32>,
}

impl Archive {
    /// An archive without parts.
    #[must_use]
    pub fn new() -> Archive {
        Archive::default()
    }

    /// Adds a part, deflated.
    #[must_use]
    pub fn part(self, name: &str, content: impl AsRef<[u8]>) -> Archive {
        self.long_part(name, |out| out.write_all(content.as_ref()))
    }

    /// Adds a part as it is.
    #[must_use]
    pub fn stored_part(mut self, name: &str, content: impl AsRef<[u8]>) -> Archive {
        let content = content.as_ref();
        let mut crc = Crc::new();
        crc.update(content);
        let part = Part {
            name: name.to_owned(),
            stored: content.to_vec(),
            method: 0,
            flags: 0,
            crc: crc.sum(),
            size: content.len() as u64,
            header: None,
        };
        self.parts.push(part);
        self
    }

    /// Adds a part, deflated while it is written, so that it may be longer than memory.
    ///
    /// # Panics
    ///
    /// If `write` gives an error; memory does not fail.
    #[must_use]
    pub fn long_part(mut self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Archive {
        let mut deflate =
            Deflate { encoder: DeflateEncoder::new(Vec::new(), Compression::fast()), crc: Crc::new(), size: 0 };
        write(&mut deflate).expect("memory does not fail");
        let stored = deflate.encoder.finish().expect("memory does not fail");
        let (crc, size) = (deflate.crc.sum(), deflate.size);
        self.parts.push(Part { name: name.to_owned(), stored, method: 8, flags: 0, crc, size, header: None });
        self
    }

    /// Makes the directory lie about the size of the last part.
    #[must_use]
    pub fn declared_size(mut self, size: u64) -> Archive {
        self.last().size = size;
        self
    }

    /// Makes the directory lie about the checksum of the last part.
    #[must_use]
    pub fn declared_checksum(mut self, crc: u32) -> Archive {
        self.last().crc = crc;
        self
    }

    /// Sets the method and the flags of the last part, whatever it is.
    #[must_use]
    pub fn declared_method(mut self, method: u16, flags: u16) -> Archive {
        (self.last().method, self.last().flags) = (method, flags);
        self
    }

    /// Makes the directory point elsewhere for the last part.
    #[must_use]
    pub fn declared_header(mut self, at: u32) -> Archive {
        self.last().header = Some(at);
        self
    }

    /// Makes the end of the directory lie about the number of parts.
    #[must_use]
    pub fn declared_count(mut self, count: u16) -> Archive {
        self.count = Some(count);
        self
    }

    /// The names and contents of an honest archive, in the order of its directory; `None` if it is none.
    #[must_use]
    pub fn contents(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
        let field = |at: usize| bytes.get(at..at + 4).map(|field| [field[0], field[1], field[2], field[3]]);
        let wide = |at: usize| field(at).map(|field| u32::from_le_bytes(field) as usize);
        let short = |at: usize| field(at).map(|field| usize::from(u16::from_le_bytes([field[0], field[1]])));
        let end = bytes.windows(4).rposition(|bytes| bytes == b"PK\x05\x06")?;
        let mut at = wide(end + 16)?;
        let mut contents = Vec::new();
        while field(at)? == *b"PK\x01\x02" {
            let (method, stored, header) = (short(at + 10)?, wide(at + 20)?, wide(at + 42)?);
            let (name, extra, comment) = (short(at + 28)?, short(at + 30)?, short(at + 32)?);
            let start = header + 30 + short(header + 26)? + short(header + 28)?;
            let stored = bytes.get(start..start + stored)?;
            let mut content = Vec::new();
            match method {
                0 => content.extend(stored),
                8 => drop(DeflateDecoder::new(stored).read_to_end(&mut content).ok()?),
                _ => return None,
            }
            contents.push((String::from_utf8_lossy(bytes.get(at + 46..at + 46 + name)?).into_owned(), content));
            at += 46 + name + extra + comment;
        }
        Some(contents)
    }

    fn last(&mut self) -> &mut Part {
        self.parts.last_mut().expect("a part was added")
    }

    /// The bytes of the archive.
    ///
    /// # Panics
    ///
    /// If it has more than 65,534 parts or 4 GiB.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let small = |number: usize| u32::try_from(number).expect("less than 4 GiB");
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for part in &self.parts {
            let header = part.header.unwrap_or(small(out.len()));
            let name_length = u16::try_from(part.name.len()).expect("a short name");
            // Sizes beyond 32 bits stand in an extra field of the directory.
            let size = u32::try_from(part.size).unwrap_or(u32::MAX);
            let extra = if size == u32::MAX { 12_u16 } else { 0 };
            let common = |out: &mut Vec<u8>, extra: u16| {
                out.extend(20_u16.to_le_bytes());
                out.extend(part.flags.to_le_bytes());
                out.extend(part.method.to_le_bytes());
                out.extend([0; 4]);
                out.extend(part.crc.to_le_bytes());
                out.extend(small(part.stored.len()).to_le_bytes());
                out.extend(size.to_le_bytes());
                out.extend(name_length.to_le_bytes());
                out.extend(extra.to_le_bytes());
            };
            out.extend(b"PK\x03\x04");
            common(&mut out, 0);
            out.extend(part.name.as_bytes());
            out.extend(&part.stored);
            directory.extend(b"PK\x01\x02\x14\0");
            common(&mut directory, extra);
            directory.extend([0; 10]);
            directory.extend(header.to_le_bytes());
            directory.extend(part.name.as_bytes());
            if extra > 0 {
                directory.extend([1, 0, 8, 0]);
                directory.extend(part.size.to_le_bytes());
            }
        }
        let count = self.count.unwrap_or_else(|| u16::try_from(self.parts.len()).expect("few parts"));
        let start = small(out.len());
        let length = small(directory.len());
        out.extend(directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(length.to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend([0; 2]);
        out
    }
}

struct Deflate {
    encoder: DeflateEncoder<Vec<u8>>,
    crc: Crc,
    size: u64,
}

impl Write for Deflate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.encoder.write(bytes)?;
        self.crc.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.flush()
    }
}
