//! The grammar once more, byte by byte and without care for speed; and `csv-core`, which everybody else uses.

use super::*;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Modelled {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) fields: Vec<Vec<u8>>,
    pub(super) quoting_flaw: bool,
}

/// The records of a text, or where the quote stands that is never closed.
pub(super) fn parse(text: &[u8], dialect: Dialect) -> Result<Vec<Modelled>, usize> {
    let (delimiter, quote) = (dialect.delimiter(), dialect.quote());
    let is_end = |at: usize| text.get(at).is_none_or(|&b| b == b'\n' || b == b'\r');
    let mut records = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if is_end(at) {
            at += 1;
            continue;
        }
        let mut record = Modelled { from: at, to: at, fields: Vec::new(), quoting_flaw: false };
        loop {
            let mut field = Vec::new();
            let mut quoted = false;
            if at < text.len() && Some(text[at]) == quote {
                quoted = true;
                let opened = at;
                at += 1;
                loop {
                    match text.get(at) {
                        None => return Err(opened),
                        Some(&b) if Some(b) == quote && text.get(at + 1).copied() == quote => {
                            field.push(b);
                            at += 2;
                        }
                        Some(&b) if Some(b) == quote => {
                            at += 1;
                            break;
                        }
                        Some(&b) => {
                            field.push(b);
                            at += 1;
                        }
                    }
                }
            }
            while !is_end(at) && text[at] != delimiter {
                record.quoting_flaw |= quoted || Some(text[at]) == quote;
                field.push(text[at]);
                at += 1;
            }
            record.fields.push(field);
            if is_end(at) {
                break;
            }
            at += 1;
        }
        record.to = at;
        records.push(record);
    }
    Ok(records)
}

/// The physical line of a byte, from 1.
pub(super) fn line_of(text: &[u8], at: usize) -> u64 {
    let mut line = 1;
    for i in 0..at {
        let ends = text[i] == b'\n' || (text[i] == b'\r' && text.get(i + 1) != Some(&b'\n'));
        line += u64::from(ends);
    }
    line
}

/// All physical lines: line ends, and a last line without one.
pub(super) fn lines_of(text: &[u8]) -> u64 {
    let ends = line_of(text, text.len()) - 1;
    ends + u64::from(text.last().is_some_and(|&b| b != b'\n' && b != b'\r'))
}

/// Lines without a byte that no record covers.
pub(super) fn blank_lines_of(text: &[u8], records: &[Modelled]) -> u64 {
    lines_of(text) - records.iter().map(|r| line_of(text, r.to) - line_of(text, r.from) + 1).sum::<u64>()
}

/// What `csv-core` makes of it.
pub(super) fn csv_core_fields(text: &[u8], dialect: Dialect) -> Vec<Vec<Vec<u8>>> {
    let mut builder = csv_core::ReaderBuilder::new();
    builder.delimiter(dialect.delimiter());
    match dialect.quote() {
        Some(quote) => builder.quote(quote),
        None => builder.quoting(false),
    };
    let mut reader = builder.build();
    let (mut output, mut ends) = (vec![0; 2 * text.len() + 16], vec![0; text.len() + 16]);
    let (mut records, mut at, mut written, mut fields) = (Vec::new(), 0, 0, 0);
    loop {
        let (result, read, out, ended) = reader.read_record(&text[at..], &mut output[written..], &mut ends[fields..]);
        at += read;
        written += out;
        fields += ended;
        match result {
            csv_core::ReadRecordResult::InputEmpty => {}
            csv_core::ReadRecordResult::Record => {
                let mut from = 0;
                let mut record = Vec::new();
                for &end in &ends[..fields] {
                    record.push(output[from..end].to_vec());
                    from = end;
                }
                records.push(record);
                (written, fields) = (0, 0);
            }
            csv_core::ReadRecordResult::End => return records,
            other => panic!("{other:?}"),
        }
    }
}
