//! The directory of a zip archive, read strictly, and written for the parts as we give them.
//!
//! Layout and field names after the APPNOTE of PKWARE, version 6.3.10, sections 4.3 and 4.5. Refused, though readers put up with it:
//! bytes before the first part or after the end, holes in the directory, one name twice, parts that overlap.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};

use super::{Caps, Refusal};

const LOCAL: u32 = 0x0403_4B50;
const CENTRAL: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;
const END_64: u32 = 0x0606_4B50;
const LOCATOR_64: u32 = 0x0706_4B50;

const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;
const END_64_BYTES: usize = 56;
const LOCATOR_64_BYTES: usize = 20;

/// The directory is held whole. 10,000 entries with names of a hundred bytes are 1.5 MB.
const DIRECTORY_BYTES: u64 = 16 << 20;

/// Names in UTF-8, bit 11 of the flags.
const UTF_8: u16 = 1 << 11;
/// Encrypted, strongly encrypted, or with a masked header: bits 0, 6 and 13.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;

/// One entry of the directory.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    name: Vec<u8>,
    key: String,
    flags: u16,
    is_deflated: bool,
    crc: u32,
    header: u64,
    data: u64,
    stored: u64,
    size: u64,
}

impl Entry {
    /// The name as calamine looks it up: lower case, with slashes.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The name for messages.
    pub(super) fn shown(&self) -> String {
        let name = String::from_utf8_lossy(&self.name);
        name.chars().take(80).flat_map(char::escape_debug).collect()
    }

    /// Whether it makes the container an `.xlsb` file, told as [`WorkbookKind`](crate::WorkbookKind) tells it.
    pub(super) fn is_workbook_of_records(&self) -> bool {
        self.name.eq_ignore_ascii_case(b"xl/workbook.bin")
    }

    pub(super) fn is_deflated(&self) -> bool {
        self.is_deflated
    }

    pub(super) fn crc(&self) -> u32 {
        self.crc
    }

    /// Where its bytes begin in the file.
    pub(super) fn data(&self) -> u64 {
        self.data
    }

    /// How many bytes it has in the file.
    pub(super) fn stored(&self) -> u64 {
        self.stored
    }

    /// How many bytes it has when inflated, as declared.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The header of the entry as we give it.
    pub(super) fn stored_header(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(LOCAL_BYTES + self.name.len());
        put(&mut out, LOCAL);
        self.put_common(&mut out);
        out.extend(&self.name);
        out
    }

    /// Version, flags, method, time, date, checksum, sizes (see the other record), length of name and extra field.
    fn put_common(&self, out: &mut Vec<u8>) {
        out.extend(45_u16.to_le_bytes());
        out.extend((self.flags & UTF_8).to_le_bytes());
        out.extend([0; 6]);
        put(out, self.crc);
        put(out, u32::MAX);
        put(out, u32::MAX);
        let length = u16::try_from(self.name.len()).expect("it was read from 16 bits");
        out.extend(length.to_le_bytes());
        out.extend([0; 2]);
    }
}

/// The directory of an archive whose entries are stored, each at its multiple of `stride`: a gap, the entries, their end.
pub(super) fn stored(entries: &[Entry], stride: u64, gap: usize) -> Vec<u8> {
    let mut out = vec![0; gap];
    for (index, entry) in (0_u64..).zip(entries) {
        put(&mut out, CENTRAL);
        out.extend(45_u16.to_le_bytes());
        entry.put_common(&mut out);
        // The extra field of 28 bytes, for what 32 bits do not hold: both sizes and the place.
        let at = out.len() - 2;
        out[at] = 28;
        out.extend([0; 10]);
        put(&mut out, 0);
        let at = out.len() - 4;
        out[at..].copy_from_slice(&u32::MAX.to_le_bytes());
        out.extend(&entry.name);
        out.extend([1, 0, 24, 0]);
        // Room for the longest part. It ends earlier, which a reader takes for its end.
        let room = stride - (LOCAL_BYTES + entry.name.len()) as u64;
        for field in [room, room, index * stride] {
            out.extend(field.to_le_bytes());
        }
    }
    let count = entries.len() as u64;
    let start = count * stride + gap as u64;
    let bytes = (out.len() - gap) as u64;
    let end = start + bytes;
    put(&mut out, END_64);
    out.extend((END_64_BYTES as u64 - 12).to_le_bytes());
    out.extend([45, 0, 45, 0]);
    out.extend([0; 8]);
    for field in [count, count, bytes, start] {
        out.extend(field.to_le_bytes());
    }
    put(&mut out, LOCATOR_64);
    put(&mut out, 0);
    out.extend(end.to_le_bytes());
    put(&mut out, 1);
    put(&mut out, END);
    out.extend([0; 4]);
    out.extend([0xFF; 12]);
    out.extend([0; 2]);
    out
}

fn put(out: &mut Vec<u8>, field: u32) {
    out.extend(field.to_le_bytes());
}

/// Reads and checks the directory.
pub(super) fn read(reader: &mut (impl Read + Seek), caps: &Caps) -> io::Result<Vec<Entry>> {
    let end = find_end(reader)?;
    if end.count > caps.entries as u64 {
        return Err(Refusal::TooManyEntries { limit: caps.entries }.into());
    }
    if end.bytes > DIRECTORY_BYTES {
        return Err(misfit("it is larger than any"));
    }
    if end.start.checked_add(end.bytes) != Some(end.position) {
        return Err(misfit("it does not end where its end begins"));
    }
    let bytes = usize::try_from(end.bytes).expect("16 MiB at most");
    let directory = read_at(reader, end.start, bytes)?;
    let mut rest = &directory[..];
    let mut entries = Vec::new();
    let mut names = HashSet::new();
    for _ in 0..end.count {
        let (mut entry, after) = central(rest)?;
        rest = after;
        if !names.insert(entry.key.clone()) {
            return Err(Refusal::Repeated { part: entry.shown() }.into());
        }
        locate(reader, &mut entry, end.start)?;
        entries.push(entry);
    }
    if !rest.is_empty() {
        return Err(misfit("it has more entries than it says"));
    }
    let mut ranges: Vec<&Entry> = entries.iter().collect();
    ranges.sort_by_key(|entry| entry.header);
    if let Some(pair) = ranges.windows(2).find(|pair| pair[0].data + pair[0].stored > pair[1].header) {
        return Err(Refusal::Overlap { part: pair[1].shown() }.into());
    }
    Ok(entries)
}

/// The end of the directory: where it stands itself (or its larger form), where the directory begins.
struct End {
    position: u64,
    start: u64,
    bytes: u64,
    count: u64,
}

fn find_end(reader: &mut (impl Read + Seek)) -> io::Result<End> {
    let size = reader.seek(SeekFrom::End(0))?;
    let length = size.min((END_BYTES + usize::from(u16::MAX)) as u64);
    let tail = read_at(reader, size - length, usize::try_from(length).expect("65,557 at most"))?;
    // The comment at its end is nearly always empty, so the first look finds it.
    let at = (0..(tail.len() + 1).saturating_sub(END_BYTES)).rev().find(|at| {
        let record = &tail[*at..];
        u32_at(record, 0) == END && usize::from(u16_at(record, 20)) == record.len() - END_BYTES
    });
    let at = at.ok_or(Refusal::NoDirectory)?;
    let record = &tail[at..];
    let position = size - (tail.len() - at) as u64;
    let count = u16_at(record, 8);
    let (bytes, start) = (u32_at(record, 12), u32_at(record, 16));
    if count != u16::MAX && bytes != u32::MAX && start != u32::MAX {
        if u32_at(record, 4) != 0 || u16_at(record, 10) != count {
            return Err(misfit("it is one of several"));
        }
        return Ok(End { position, start: start.into(), bytes: bytes.into(), count: count.into() });
    }
    find_end_64(reader, position)
}

fn find_end_64(reader: &mut (impl Read + Seek), before: u64) -> io::Result<End> {
    let locator_at = before.checked_sub(LOCATOR_64_BYTES as u64).ok_or(Refusal::NoDirectory)?;
    let locator = read_at(reader, locator_at, LOCATOR_64_BYTES)?;
    let position = u64_at(&locator, 8);
    if u32_at(&locator, 0) != LOCATOR_64 || position.checked_add(END_64_BYTES as u64) != Some(locator_at) {
        return Err(misfit("its larger end is not where it should be"));
    }
    let record = read_at(reader, position, END_64_BYTES)?;
    let count = u64_at(&record, 24);
    if u32_at(&record, 0) != END_64 || u64_at(&record, 16) != 0 || u64_at(&record, 32) != count {
        return Err(misfit("its larger end is none"));
    }
    Ok(End { position, start: u64_at(&record, 48), bytes: u64_at(&record, 40), count })
}

/// The first entry of the rest of the directory, and what follows it.
fn central(bytes: &[u8]) -> io::Result<(Entry, &[u8])> {
    let short = || misfit("it is cut short");
    let (record, rest) = bytes.split_at_checked(CENTRAL_BYTES).ok_or_else(short)?;
    if u32_at(record, 0) != CENTRAL {
        return Err(misfit("an entry is none"));
    }
    let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(u16_at(record, at)));
    let (name, rest) = rest.split_at_checked(name).ok_or_else(short)?;
    let (extra, rest) = rest.split_at_checked(extra).ok_or_else(short)?;
    let (_, rest) = rest.split_at_checked(comment).ok_or_else(short)?;
    let mut fields = [u32_at(record, 24), u32_at(record, 20), u32_at(record, 42)].map(u64::from);
    widen(&mut fields, extra)?;
    let [size, stored, header] = fields;
    let key = String::from_utf8_lossy(name).replace('\\', "/").to_ascii_lowercase();
    let (flags, method) = (u16_at(record, 8), u16_at(record, 10));
    let crc = u32_at(record, 16);
    let entry = Entry { name: name.to_vec(), key, flags, is_deflated: method == 8, crc, header, data: 0, stored, size };
    if flags & ENCRYPTED != 0 {
        return Err(Refusal::Encrypted { part: entry.shown() }.into());
    }
    if method != 0 && method != 8 {
        return Err(Refusal::Method { part: entry.shown(), method }.into());
    }
    if method == 0 && stored != size {
        return Err(misfit("a stored part has two sizes"));
    }
    Ok((entry, rest))
}

/// Takes fields that are all ones from the extra field for them, which has just these.
fn widen(fields: &mut [u64; 3], mut extra: &[u8]) -> io::Result<()> {
    while extra.len() >= 4 && fields.contains(&u32::MAX.into()) {
        let (id, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let Some((mut body, rest)) = extra[4..].split_at_checked(length) else { break };
        extra = rest;
        if id != 1 {
            continue;
        }
        for field in fields.iter_mut().filter(|field| **field == u64::from(u32::MAX)) {
            let (value, rest) = body.split_at_checked(8).ok_or_else(|| misfit("a size is missing"))?;
            *field = u64_at(value, 0);
            body = rest;
        }
        return Ok(());
    }
    Ok(())
}

/// Reads the header in front of the bytes of an entry.
fn locate(reader: &mut (impl Read + Seek), entry: &mut Entry, directory: u64) -> io::Result<()> {
    let within = |at: &u64| *at <= directory;
    let name_at = entry.header.checked_add(LOCAL_BYTES as u64).filter(within);
    let name_at = name_at.ok_or_else(|| misfit("a part lies outside"))?;
    let record = read_at(reader, entry.header, LOCAL_BYTES + entry.name.len())?;
    let method = if entry.is_deflated { 8 } else { 0 };
    let name = &record[LOCAL_BYTES..];
    if u32_at(&record, 0) != LOCAL
        || u16_at(&record, 8) != method
        || usize::from(u16_at(&record, 26)) != name.len()
        || name != entry.name
    {
        return Err(misfit("a part has another header"));
    }
    entry.data = name_at + name.len() as u64 + u64::from(u16_at(&record, 28));
    entry.data.checked_add(entry.stored).filter(within).ok_or_else(|| misfit("a part lies outside"))?;
    Ok(())
}

fn read_at(reader: &mut (impl Read + Seek), at: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.seek(SeekFrom::Start(at))?;
    reader.read_exact(&mut bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => misfit("it points beyond the end"),
        _ => error,
    })?;
    Ok(bytes)
}

fn misfit(what: &'static str) -> io::Error {
    Refusal::Directory { what }.into()
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
