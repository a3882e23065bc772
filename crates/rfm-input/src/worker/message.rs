//! The frames that the child sends: tables, then rows of them, then how it ended.

use std::io::{self, Write};

use super::frame::{self, FrameError};
use super::payload::{Payload, put_length, put_text};
use super::rows::Rows;

const TABLES: u8 = 1;
const BEGIN: u8 = 2;
pub(super) const ROWS: u8 = 3;
const END: u8 = 4;
const FAILURE: u8 = 5;
const DONE: u8 = 6;

/// A table of a file: a sheet of a workbook, or all of a file that has no sheets.
///
/// # Examples
///
/// ```
/// use rfm_input::worker::ListedTable;
///
/// let table = ListedTable { name: "2010".to_owned(), visible: true, facts: vec![("calendar".to_owned(), "1904".to_owned())] };
/// assert_eq!(table.fact("calendar"), Some("1904"));
/// assert_eq!(table.fact("rows"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedTable {
    /// The name of the sheet; empty where there are no sheets.
    pub name: String,
    /// Whether a spreadsheet program shows it.
    pub visible: bool,
    /// What else the adapter of the child tells that of the parent, as names and texts.
    pub facts: Vec<(String, String)>,
}

impl ListedTable {
    /// The first fact of a name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str())
    }
}

/// What an error of the child is about, so that the parent exits with the right code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureClass {
    /// The data, or what was asked of them.
    Data,
    /// The operating system failed to deliver the file.
    Io,
    /// A limit was reached.
    Limit,
    /// The process itself, whatever the file is: the text names no input.
    Worker,
}

const CLASSES: [FailureClass; 4] = [FailureClass::Data, FailureClass::Io, FailureClass::Limit, FailureClass::Worker];

/// What the child says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Message {
    /// All tables that there are. Comes first, and once.
    Tables(Vec<ListedTable>),
    /// The rows of this table follow.
    Begin(usize),
    Rows(Rows),
    /// The table is complete, with so many rows.
    End(u64),
    /// An error of the child, which then ends: its text and those of its causes.
    Failure(FailureClass, Vec<String>),
    /// All that was asked has been sent.
    Done,
}

impl Message {
    /// Writes the frame of this; those of rows are written by [`RowsBuffer`](super::rows::RowsBuffer).
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = Vec::new();
        let kind = match self {
            Message::Tables(tables) => {
                put_length(&mut bytes, tables.len());
                for ListedTable { name, visible, facts } in tables {
                    put_text(&mut bytes, name);
                    bytes.push(u8::from(*visible));
                    put_length(&mut bytes, facts.len());
                    for (name, text) in facts {
                        put_text(&mut bytes, name);
                        put_text(&mut bytes, text);
                    }
                }
                TABLES
            }
            Message::Begin(index) => {
                bytes.extend((*index as u64).to_le_bytes());
                BEGIN
            }
            Message::Rows(_) => return Err(io::ErrorKind::InvalidInput.into()),
            Message::End(rows) => {
                bytes.extend(rows.to_le_bytes());
                END
            }
            Message::Failure(class, texts) => {
                bytes.push(*class as u8);
                put_length(&mut bytes, texts.len());
                texts.iter().for_each(|text| put_text(&mut bytes, text));
                FAILURE
            }
            Message::Done => DONE,
        };
        frame::write(out, kind, &[&bytes])
    }

    /// What the payload of a frame says; strict, see [`FrameError`].
    pub(super) fn read(kind: u8, bytes: &[u8]) -> Result<Message, FrameError> {
        let mut payload = Payload::new(bytes);
        let message = match kind {
            TABLES => {
                let mut tables = Vec::new();
                for _ in 0..payload.count(9)? {
                    tables.push(read_table(&mut payload)?);
                }
                Message::Tables(tables)
            }
            BEGIN => {
                let index = usize::try_from(payload.u64()?);
                Message::Begin(index.map_err(|_| FrameError::Malformed("a table that there is not"))?)
            }
            ROWS => return Rows::read(payload).map(Message::Rows),
            END => Message::End(payload.u64()?),
            FAILURE => {
                let class = CLASSES.get(usize::from(payload.u8()?)).copied();
                let class = class.ok_or(FrameError::Malformed("an unknown class"))?;
                let mut texts = Vec::new();
                for _ in 0..payload.count(4)? {
                    texts.push(payload.text()?.to_owned());
                }
                Message::Failure(class, texts)
            }
            DONE => Message::Done,
            kind => return Err(FrameError::UnknownKind { kind }),
        };
        payload.end()?;
        Ok(message)
    }
}

fn read_table(payload: &mut Payload<'_>) -> Result<ListedTable, FrameError> {
    let name = payload.text()?.to_owned();
    let visible = match payload.u8()? {
        0 => false,
        1 => true,
        _ => return Err(FrameError::Malformed("a truth value that is none")),
    };
    let mut facts = Vec::new();
    for _ in 0..payload.count(8)? {
        facts.push((payload.text()?.to_owned(), payload.text()?.to_owned()));
    }
    Ok(ListedTable { name, visible, facts })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_back(message: &Message) -> Result<Message, FrameError> {
        let (mut bytes, mut payload) = (Vec::new(), Vec::new());
        message.write(&mut bytes).unwrap();
        let kind = frame::read(&mut &bytes[..], &mut payload)?.expect("a frame");
        Message::read(kind, &payload)
    }

    fn texts() -> impl Strategy<Value = Vec<(String, String)>> {
        prop::collection::vec((".*", ".*"), 0..4)
    }

    fn tables() -> impl Strategy<Value = Vec<ListedTable>> {
        let table = (".*", any::<bool>(), texts());
        prop::collection::vec(table.prop_map(|(name, visible, facts)| ListedTable { name, visible, facts }), 0..4)
    }

    fn messages() -> impl Strategy<Value = Message> {
        let class = prop::sample::select(&CLASSES[..]);
        prop_oneof![
            tables().prop_map(Message::Tables),
            any::<u32>().prop_map(|index| Message::Begin(index as usize)),
            any::<u64>().prop_map(Message::End),
            (class, prop::collection::vec(".*", 0..4)).prop_map(|(class, texts)| Message::Failure(class, texts)),
            Just(Message::Done),
        ]
    }

    #[test]
    fn a_kind_that_there_is_not_is_refused() {
        assert_eq!(Message::read(0, &[]), Err(FrameError::UnknownKind { kind: 0 }));
        assert_eq!(Message::read(7, &[]), Err(FrameError::UnknownKind { kind: 7 }));
    }

    #[test]
    fn a_byte_too_many_is_refused() {
        assert_eq!(Message::read(DONE, &[0]), Err(FrameError::Malformed("bytes that belong to nothing")));
    }

    #[test]
    fn texts_are_utf_8() {
        assert_eq!(
            Message::read(FAILURE, &[0, 1, 0, 0, 0, 1, 0, 0, 0, 255]),
            Err(FrameError::Malformed("a text that is not UTF-8"))
        );
    }

    #[test]
    fn a_count_beyond_the_bytes_is_refused_before_the_first_item() {
        assert_eq!(Message::read(TABLES, &u32::MAX.to_le_bytes()), Err(FrameError::Malformed("too few bytes")));
        assert_eq!(Message::read(FAILURE, &[0, 255, 255, 255, 255]), Err(FrameError::Malformed("too few bytes")));
    }

    #[test]
    fn every_class_arrives_as_itself() {
        for class in CLASSES {
            let message = Message::Failure(class, Vec::new());
            assert_eq!(read_back(&message), Ok(message));
        }
    }

    proptest! {
        #[test]
        fn what_is_sent_arrives(message in messages()) {
            prop_assert_eq!(read_back(&message), Ok(message));
        }

        #[test]
        fn any_payload_is_an_error_or_a_message(kind in 0..8u8, payload: Vec<u8>) {
            let _ = Message::read(kind, &payload);
        }
    }
}
