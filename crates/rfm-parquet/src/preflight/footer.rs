//! The footer: the schema, and where the columns of each row group lie.

use std::io::{Read, Seek, SeekFrom};

use rfm_core::Limits;

use super::fault::{Fault, Rule};
use super::limits;
use super::schema::{Leaf, schema};
use super::thrift::{Broken, Cursor, Field, Fields, Kind};

/// The bytes at both ends of the file.
const MAGIC: &[u8] = b"PAR1";

/// The same, where the footer is encrypted.
const MAGIC_ENCRYPTED: &[u8] = b"PARE";

/// Magic bytes at the start; length of the description and magic bytes at the end.
const FRAME: u64 = 12;

/// What the footer says, found to agree with itself and with the size of the file.
#[derive(Clone, Debug)]
pub(crate) struct Footer {
    pub(super) leaves: Vec<Leaf>,
    pub(super) row_groups: Vec<RowGroup>,
    rows: u64,
}

/// A part of the rows.
#[derive(Clone, Debug)]
pub(super) struct RowGroup {
    pub(super) rows: u64,
    /// One for each leaf.
    pub(super) chunks: Vec<Chunk>,
}

/// One column of a row group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    /// The first byte, which is that of the dictionary if there is one.
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) values: u64,
    pub(super) codec: i32,
}

impl Footer {
    /// Reads the footer of a file of `size` bytes.
    pub(crate) fn read(file: &mut (impl Read + Seek), size: u64, limits: &Limits) -> Result<Footer, Fault> {
        let mut magic = [0; 4];
        if size < FRAME {
            return Err(Rule::NoParquet.into());
        }
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut magic)?;
        if magic != MAGIC && magic != MAGIC_ENCRYPTED {
            return Err(Rule::NoParquet.into());
        }
        let mut tail = [0; 8];
        file.seek(SeekFrom::Start(size - 8))?;
        file.read_exact(&mut tail)?;
        let [a, b, c, d, end @ ..] = tail;
        if magic == MAGIC_ENCRYPTED || end == MAGIC_ENCRYPTED {
            return Err(Rule::Encrypted.into());
        }
        if end != MAGIC {
            return Err(Rule::Cut.into());
        }
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        if length > size - FRAME {
            return Err(Fault::from(Rule::Contradiction("its footer is longer than the file")).at(size - 8));
        }
        if length > limits::FOOTER_BYTES {
            let what = "the footer has more bytes";
            return Err(Fault::from(Rule::Limit { what, limit: limits::FOOTER_BYTES }).at(size - 8));
        }
        let start = size - 8 - length;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes)?;
        let mut cursor = Cursor::new(&bytes);
        let footer = read_footer(&mut cursor, limits, start);
        let footer = footer.map_err(|fault| fault.at(start + cursor.position() as u64))?;
        if footer.rows > size.saturating_mul(limits::ROWS_PER_BYTE) {
            let limit = limits::ROWS_PER_BYTE;
            return Err(Rule::Limit { what: "the file claims more rows for each of its bytes", limit }.into());
        }
        Ok(footer)
    }

    /// The columns that hold values, in order.
    pub(crate) fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Rows in all row groups.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Rows of each row group, in order.
    pub(crate) fn rows_of_groups(&self) -> impl Iterator<Item = u64> {
        self.row_groups.iter().map(|group| group.rows)
    }
}

fn read_footer(cursor: &mut Cursor<'_>, limits: &Limits, end: u64) -> Result<Footer, Fault> {
    let mut leaves = None;
    let mut rows = None;
    let mut row_groups = None;
    let mut fields = Fields::default();
    while let Some(field) = cursor.field(&mut fields)? {
        match field.id {
            2 => {
                field.expect(Kind::List)?;
                leaves = Some(schema(cursor, limits)?);
            }
            3 => rows = Some(unsigned(cursor, field)?),
            4 => {
                field.expect(Kind::List)?;
                // The schema comes first, or nobody knows how many columns a row group has.
                let leaves: &[Leaf] = leaves.as_deref().ok_or(Broken::Malformed)?;
                row_groups = Some(read_row_groups(cursor, leaves, end)?);
            }
            8 => return Err(Rule::Encrypted.into()),
            _ => cursor.skip(field.kind)?,
        }
    }
    let (Some(leaves), Some(rows), Some(row_groups)) = (leaves, rows, row_groups) else {
        return Err(Broken::Malformed.into());
    };
    let sum = row_groups.iter().try_fold(0u64, |sum, group| sum.checked_add(group.rows));
    if sum != Some(rows) {
        return Err(Rule::Contradiction("the rows of its row groups do not add up to its rows").into());
    }
    check_overlap(&row_groups, &leaves)?;
    Ok(Footer { leaves, row_groups, rows })
}

/// A number that cannot be negative.
pub(super) fn unsigned(cursor: &mut Cursor<'_>, field: Field) -> Result<u64, Fault> {
    if !matches!(field.kind, Kind::I32 | Kind::I64) {
        return Err(Broken::Malformed.into());
    }
    u64::try_from(cursor.i64()?).map_err(|_| Rule::Contradiction("a count, a size or a place is negative").into())
}

fn read_row_groups(cursor: &mut Cursor<'_>, leaves: &[Leaf], end: u64) -> Result<Vec<RowGroup>, Fault> {
    let count = cursor.list_of(Kind::Struct)?;
    if count > limits::ROW_GROUPS {
        return Err(Rule::Limit { what: "there are more row groups", limit: limits::ROW_GROUPS as u64 }.into());
    }
    if count.saturating_mul(leaves.len()) > limits::CHUNKS {
        return Err(
            Rule::Limit { what: "there are more columns in all row groups", limit: limits::CHUNKS as u64 }.into()
        );
    }
    let mut groups = Vec::with_capacity(count);
    for at in 0..count {
        let group = read_row_group(cursor, leaves, end, at).map_err(|fault| Fault { row_group: Some(at), ..fault })?;
        groups.push(group);
    }
    Ok(groups)
}

fn read_row_group(cursor: &mut Cursor<'_>, leaves: &[Leaf], end: u64, at: usize) -> Result<RowGroup, Fault> {
    let mut rows = None;
    let mut chunks = None;
    let mut fields = Fields::default();
    while let Some(field) = cursor.field(&mut fields)? {
        match field.id {
            1 => {
                field.expect(Kind::List)?;
                if cursor.list_of(Kind::Struct)? != leaves.len() {
                    return Err(Rule::Contradiction("a row group has more or fewer columns than the schema").into());
                }
                let mut read = Vec::with_capacity(leaves.len());
                for leaf in leaves {
                    read.push(read_chunk(cursor, leaf, end).map_err(|fault| fault.of_column(at, &leaf.path))?);
                }
                chunks = Some(read);
            }
            3 => rows = Some(unsigned(cursor, field)?),
            _ => cursor.skip(field.kind)?,
        }
    }
    let (Some(rows), Some(chunks)) = (rows, chunks) else { return Err(Broken::Malformed.into()) };
    for (leaf, chunk) in leaves.iter().zip(&chunks) {
        if !leaf.is_repeated && chunk.values != rows {
            let contradiction = Rule::Contradiction("a column has more or fewer values than its row group has rows");
            return Err(Fault::from(contradiction).of_column(at, &leaf.path));
        }
    }
    Ok(RowGroup { rows, chunks })
}

fn read_chunk(cursor: &mut Cursor<'_>, leaf: &Leaf, end: u64) -> Result<Chunk, Fault> {
    let mut chunk = None;
    let mut fields = Fields::default();
    while let Some(field) = cursor.field(&mut fields)? {
        match field.id {
            1 => {
                let help = "write it as one file";
                return Err(
                    Rule::Unsupported { what: "the data of a column are in another file".to_owned(), help }.into()
                );
            }
            3 => {
                field.expect(Kind::Struct)?;
                chunk = Some(read_chunk_metadata(cursor, leaf)?);
            }
            8 | 9 => return Err(Rule::Encrypted.into()),
            _ => cursor.skip(field.kind)?,
        }
    }
    let chunk = chunk.ok_or(Broken::Malformed)?;
    let inside = chunk.start >= MAGIC.len() as u64 && chunk.start.checked_add(chunk.length).is_some_and(|to| to <= end);
    // A column without rows may say that it lies anywhere.
    if !inside && chunk.length > 0 {
        return Err(Rule::Contradiction("a column lies outside of the file").into());
    }
    if chunk.length == 0 && chunk.values > 0 {
        return Err(Rule::Contradiction("a column has values and no bytes").into());
    }
    Ok(chunk)
}

fn read_chunk_metadata(cursor: &mut Cursor<'_>, leaf: &Leaf) -> Result<Chunk, Fault> {
    let [mut codec, mut kind] = [None; 2];
    let [mut values, mut length, mut data_start, mut dictionary_start] = [None; 4];
    let mut fields = Fields::default();
    while let Some(field) = cursor.field(&mut fields)? {
        match field.id {
            1 => {
                field.expect(Kind::I32)?;
                kind = Some(cursor.i32()?);
            }
            3 => {
                field.expect(Kind::List)?;
                check_path(cursor, leaf)?;
            }
            4 => {
                field.expect(Kind::I32)?;
                codec = Some(cursor.i32()?);
            }
            5 => values = Some(unsigned(cursor, field)?),
            6 => {
                unsigned(cursor, field)?;
            }
            7 => length = Some(unsigned(cursor, field)?),
            9 => data_start = Some(unsigned(cursor, field)?),
            11 => dictionary_start = Some(unsigned(cursor, field)?),
            _ => cursor.skip(field.kind)?,
        }
    }
    let (Some(codec), Some(values), Some(length), Some(data_start)) = (codec, values, length, data_start) else {
        return Err(Broken::Malformed.into());
    };
    if kind != Some(leaf.physical.code()) {
        return Err(Rule::Contradiction("a column has another type than in the schema").into());
    }
    // Some writers say that a dictionary which is not there lies at 0.
    let dictionary_start = dictionary_start.filter(|start| *start > 0);
    if dictionary_start.is_some_and(|start| start > data_start) {
        return Err(Rule::Contradiction("a dictionary comes after what it is for").into());
    }
    let start = dictionary_start.unwrap_or(data_start);
    Ok(Chunk { start, length, values, codec })
}

/// The path of the column once more; what it says must be what the schema says.
fn check_path(cursor: &mut Cursor<'_>, leaf: &Leaf) -> Result<(), Fault> {
    let mut expected = leaf.path.as_bytes();
    for part in 0..cursor.list_of(Kind::Binary)? {
        if part > 0 {
            expected = expected.strip_prefix(b".").unwrap_or(b"\xff");
        }
        // A name may have dots of its own, so that the whole is compared and not its parts.
        expected = expected.strip_prefix(cursor.binary()?).unwrap_or(b"\xff");
    }
    if expected.is_empty() {
        return Ok(());
    }
    Err(Rule::Contradiction("a column has another name than in the schema").into())
}

/// Two columns that share bytes are damage, or a small file that pretends to be a large one.
fn check_overlap(row_groups: &[RowGroup], leaves: &[Leaf]) -> Result<(), Fault> {
    let mut spans = Vec::new();
    for (at, group) in row_groups.iter().enumerate() {
        let of_group = group.chunks.iter().enumerate().filter(|(_, chunk)| chunk.length > 0);
        spans.extend(of_group.map(|(column, chunk)| (chunk.start, chunk.start + chunk.length, at, column)));
    }
    spans.sort_unstable();
    match spans.windows(2).find(|pair| pair[1].0 < pair[0].1) {
        Some(pair) => {
            let (start, _, group, column) = pair[1];
            let fault = Fault::from(Rule::Contradiction("two columns share bytes"));
            Err(fault.of_column(group, &leaves[column].path).at(start))
        }
        None => Ok(()),
    }
}
