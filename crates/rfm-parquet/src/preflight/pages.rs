//! The pages of the columns that are needed: their headers, without inflating anything.

use std::io::{Read, Seek, SeekFrom};

use super::fault::{Fault, Rule};
use super::footer::{Chunk, Footer, unsigned};
use super::limits;
use super::schema::{Leaf, Physical};
use super::thrift::{Broken, Cursor, Field, Fields, Kind};

/// What is known of a file before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// What the library will reserve is bounded. Damage inside of the pages ends in an error, or in a panic that is caught.
    Safe,
    /// A page has counts of its own that only decoding shows, and the library reserves what they say.
    Undecided {
        /// The first column that has one.
        column: String,
        /// The name of the encoding.
        encoding: &'static str,
    },
}

/// What was found out about pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pages {
    pub(crate) verdict: Verdict,
    /// The most values in one of them.
    pub(crate) most_values: u64,
}

/// The codecs that are read: none, Snappy, gzip and Zstandard.
const CODECS: [i32; 4] = [0, 1, 2, 6];

impl Footer {
    /// Walks the pages of some columns, by their place among the leaves, in all row groups.
    pub(crate) fn check_pages(&self, file: &mut (impl Read + Seek), columns: &[usize]) -> Result<Pages, Fault> {
        let mut verdict = Verdict::Safe;
        let mut most_values = 0;
        let mut window = Vec::new();
        for (at, group) in self.row_groups.iter().enumerate() {
            let mut held = 0;
            for column in columns {
                let leaf = &self.leaves[*column];
                let of_column = |fault: Fault| fault.of_column(at, &leaf.path);
                check_leaf(leaf, group.chunks[*column]).map_err(of_column)?;
                let mut walk = Walk::new(leaf, group.chunks[*column]);
                walk.run(file, &mut window).map_err(of_column)?;
                held += walk.held();
                most_values = most_values.max(walk.most_values);
                if let (Verdict::Safe, Some(encoding)) = (&verdict, walk.undecided) {
                    verdict = Verdict::Undecided { column: leaf.path.clone(), encoding };
                }
            }
            if held > limits::HELD_BYTES {
                let what = "the pages of the needed columns take more bytes in memory";
                let fault = Fault::from(Rule::Limit { what, limit: limits::HELD_BYTES });
                return Err(Fault { row_group: Some(at), ..fault });
            }
        }
        Ok(Pages { verdict, most_values })
    }
}

/// Whether values of this type and compression are read at all.
fn check_leaf(leaf: &Leaf, chunk: Chunk) -> Result<(), Fault> {
    if !CODECS.contains(&chunk.codec) {
        let name = match chunk.codec {
            3 => "LZO",
            4 => "Brotli",
            5 | 7 => "LZ4",
            _ => return Err(Rule::Contradiction("a column is compressed in an unknown way").into()),
        };
        let what = format!("the column is compressed with {name}");
        return Err(Rule::Unsupported { what, help: "write it with zstd, snappy or gzip" }.into());
    }
    match leaf.physical {
        Physical::Fixed(length) if length <= 0 => {
            Err(Rule::Contradiction("the values of a column have no length").into())
        }
        Physical::Fixed(length) if length > limits::FIXED_BYTES => {
            Err(Rule::Limit { what: "the values of a column have more bytes", limit: limits::FIXED_BYTES as u64 }
                .into())
        }
        _ => Ok(()),
    }
}

/// The walk over the pages of one column of one row group.
struct Walk<'w> {
    leaf: &'w Leaf,
    chunk: Chunk,
    /// Bytes of the dictionary, inflated, once there was one.
    dictionary: Option<u64>,
    largest: u64,
    values: u64,
    most_values: u64,
    undecided: Option<&'static str>,
}

impl<'w> Walk<'w> {
    fn new(leaf: &'w Leaf, chunk: Chunk) -> Walk<'w> {
        Walk { leaf, chunk, dictionary: None, largest: 0, values: 0, most_values: 0, undecided: None }
    }

    /// Bytes in memory at once: the dictionary, and a page as it is stored and inflated.
    fn held(&self) -> u64 {
        self.dictionary.unwrap_or(0) + self.largest
    }

    fn run(&mut self, file: &mut (impl Read + Seek), window: &mut Vec<u8>) -> Result<(), Fault> {
        let mut at = self.chunk.start;
        let mut left = self.chunk.length;
        while left > 0 {
            let (header, length) = read_header(file, window, at, left).map_err(|fault| fault.at(at))?;
            let room = left - length;
            if header.compressed > room {
                return Err(Fault::from(Rule::Contradiction("a page is longer than its column")).at(at));
            }
            self.page(&header, at).map_err(|fault| fault.at(at))?;
            at += length + header.compressed;
            left = room - header.compressed;
        }
        if self.values != self.chunk.values {
            return Err(Rule::Contradiction("the values of its pages do not add up to those of the column").into());
        }
        Ok(())
    }

    fn page(&mut self, header: &Header, at: u64) -> Result<(), Fault> {
        if header.inflated > limits::PAGE_BYTES {
            return Err(Rule::Limit { what: "a page has more bytes", limit: limits::PAGE_BYTES }.into());
        }
        match header.content {
            Content::Index => Ok(()),
            Content::Dictionary { values, encoding } => self.dictionary_page(header, values, encoding, at),
            Content::Data(data) => {
                self.largest = self.largest.max(header.inflated + header.compressed);
                self.data_page(header, data)
            }
        }
    }

    fn dictionary_page(&mut self, header: &Header, values: u64, encoding: i32, at: u64) -> Result<(), Fault> {
        if self.dictionary.is_some() {
            return Err(Rule::Contradiction("a column has two dictionaries").into());
        }
        if at != self.chunk.start {
            return Err(Rule::Contradiction("a dictionary comes after what it is for").into());
        }
        if !matches!(encoding, PLAIN | PLAIN_DICTIONARY) {
            return Err(Rule::Contradiction("a dictionary is encoded in an unknown way").into());
        }
        let bits = values.saturating_mul(self.leaf.physical.least_bits());
        if bits > header.inflated.saturating_mul(8) {
            return Err(Rule::Contradiction("a dictionary has more entries than bytes for them").into());
        }
        // What is made of the entries, sixteen bytes for each text, is held beside them.
        self.dictionary = Some(header.inflated.saturating_add(values.saturating_mul(16)));
        Ok(())
    }

    fn data_page(&mut self, header: &Header, data: Data) -> Result<(), Fault> {
        self.values = self.values.saturating_add(data.values);
        self.most_values = self.most_values.max(data.values);
        if self.values > self.chunk.values {
            return Err(Rule::Contradiction("the values of its pages do not add up to those of the column").into());
        }
        if data.nulls > data.values || data.rows > data.values {
            return Err(Rule::Contradiction("a page has more nulls or rows than values").into());
        }
        let levels = data.level_bytes;
        if levels > header.inflated || levels > header.compressed {
            return Err(Rule::Contradiction("a page is shorter than its levels").into());
        }
        self.encoding(data.encoding)
    }

    fn encoding(&mut self, encoding: i32) -> Result<(), Fault> {
        use Physical::{Boolean, Bytes, Double, Fixed, Float, Int32, Int64};
        let physical = self.leaf.physical;
        let fits = match encoding {
            PLAIN => true,
            PLAIN_DICTIONARY | RLE_DICTIONARY if self.dictionary.is_none() => {
                return Err(Rule::Contradiction("a page needs a dictionary, and there is none before it").into());
            }
            PLAIN_DICTIONARY | RLE_DICTIONARY => physical != Boolean,
            RLE => physical == Boolean,
            // Their counts bound nothing that is reserved for whole numbers.
            DELTA_BINARY_PACKED => matches!(physical, Int32 | Int64),
            BYTE_STREAM_SPLIT => matches!(physical, Int32 | Int64 | Float | Double | Fixed(_)),
            DELTA_LENGTH_BYTE_ARRAY => {
                self.undecided.get_or_insert("DELTA_LENGTH_BYTE_ARRAY");
                physical == Bytes
            }
            DELTA_BYTE_ARRAY => {
                self.undecided.get_or_insert("DELTA_BYTE_ARRAY");
                matches!(physical, Bytes | Fixed(_))
            }
            _ => return Err(Rule::Contradiction("a page is encoded in an unknown way").into()),
        };
        if fits { Ok(()) } else { Err(Rule::Contradiction("a page is encoded in a way that its type has not").into()) }
    }
}

const PLAIN: i32 = 0;
const PLAIN_DICTIONARY: i32 = 2;
const RLE: i32 = 3;
const BIT_PACKED: i32 = 4;
const DELTA_BINARY_PACKED: i32 = 5;
const DELTA_LENGTH_BYTE_ARRAY: i32 = 6;
const DELTA_BYTE_ARRAY: i32 = 7;
const RLE_DICTIONARY: i32 = 8;
const BYTE_STREAM_SPLIT: i32 = 9;

/// The header of a page.
struct Header {
    compressed: u64,
    inflated: u64,
    content: Content,
}

#[derive(Clone, Copy)]
enum Content {
    Index,
    Dictionary { values: u64, encoding: i32 },
    Data(Data),
}

/// A page of values; nulls, rows and levels are 0 where the header does not tell.
#[derive(Clone, Copy)]
struct Data {
    values: u64,
    nulls: u64,
    rows: u64,
    level_bytes: u64,
    encoding: i32,
}

/// Reads a page header and gives its length. A header is some ten bytes long, or as long as its statistics make it.
fn read_header(
    file: &mut (impl Read + Seek),
    window: &mut Vec<u8>,
    at: u64,
    left: u64,
) -> Result<(Header, u64), Fault> {
    let most = left.min(limits::HEADER_BYTES as u64);
    let mut wanted = most.min(512);
    loop {
        file.seek(SeekFrom::Start(at))?;
        window.clear();
        file.by_ref().take(wanted).read_to_end(window)?;
        if (window.len() as u64) < wanted {
            return Err(Rule::Cut.into());
        }
        let mut cursor = Cursor::new(window);
        match page_header(&mut cursor) {
            Err(Fault { rule: Rule::End, .. }) if wanted < most => wanted = most.min(wanted * 32),
            Err(Fault { rule: Rule::End, .. }) => return Err(Rule::Malformed.into()),
            header => return Ok((header?, cursor.position() as u64)),
        }
    }
}

fn page_header(cursor: &mut Cursor<'_>) -> Result<Header, Fault> {
    let [mut compressed, mut inflated, mut kind] = [None; 3];
    let [mut data, mut dictionary, mut data_v2] = [None; 3];
    let mut fields = Fields::default();
    while let Some(field) = cursor.field(&mut fields)? {
        match field.id {
            1 => kind = Some(unsigned(cursor, field)?),
            2 => inflated = Some(size(cursor, field)?),
            3 => compressed = Some(size(cursor, field)?),
            5 => data = Some(numbers(cursor, field, 4)?),
            7 => dictionary = Some(numbers(cursor, field, 2)?),
            8 => data_v2 = Some(numbers(cursor, field, 6)?),
            _ => cursor.skip(field.kind)?,
        }
    }
    let (Some(compressed), Some(inflated), Some(kind)) = (compressed, inflated, kind) else {
        return Err(Broken::Malformed.into());
    };
    let content = match kind {
        0 => {
            let [values, encoding, definition, repetition, ..] = data.ok_or(Broken::Malformed)?;
            check_levels(definition)?;
            check_levels(repetition)?;
            Content::Data(Data { values, nulls: 0, rows: 0, level_bytes: 0, encoding: encoding as i32 })
        }
        1 => Content::Index,
        2 => {
            let [values, encoding, ..] = dictionary.ok_or(Broken::Malformed)?;
            Content::Dictionary { values, encoding: encoding as i32 }
        }
        3 => {
            let [values, nulls, rows, encoding, definition, repetition] = data_v2.ok_or(Broken::Malformed)?;
            let level_bytes = definition + repetition;
            Content::Data(Data { values, nulls, rows, level_bytes, encoding: encoding as i32 })
        }
        _ => return Err(Rule::Contradiction("a page is of an unknown kind").into()),
    };
    Ok(Header { compressed, inflated, content })
}

/// The numbers that begin the structure of a page, all of them needed; whatever follows is passed over.
fn numbers(cursor: &mut Cursor<'_>, field: Field, needed: u8) -> Result<[u64; 6], Fault> {
    field.expect(Kind::Struct)?;
    let mut numbers = [0; 6];
    let mut fields = Fields::default();
    while let Some(field) = cursor.field(&mut fields)? {
        match usize::try_from(field.id).ok().filter(|id| (1..=usize::from(needed)).contains(id)) {
            Some(id) => numbers[id - 1] = size(cursor, field)?,
            None => cursor.skip(field.kind)?,
        }
    }
    if (1..=needed).all(|id| fields.has(id.into())) { Ok(numbers) } else { Err(Broken::Malformed.into()) }
}

/// A number of 32 bits that cannot be negative.
fn size(cursor: &mut Cursor<'_>, field: Field) -> Result<u64, Fault> {
    field.expect(Kind::I32)?;
    let value = unsigned(cursor, field)?;
    if i32::try_from(value).is_ok() { Ok(value) } else { Err(Broken::Malformed.into()) }
}

/// The levels of a page are written in one of two ways.
fn check_levels(encoding: u64) -> Result<(), Fault> {
    if [RLE as u64, BIT_PACKED as u64].contains(&encoding) {
        return Ok(());
    }
    Err(Rule::Contradiction("the levels of a page are encoded in an unknown way").into())
}
