//! The compact protocol of Thrift, as far as Parquet writes it: a cursor over bytes that nobody vouches for.
//!
//! Nothing here allocates by a number that it reads, and nothing calls itself: what is nested is walked with a stack of
//! its own, up to [`DEPTH`].

/// How deep structures that are passed over may be nested; those of Parquet are nested five times.
const DEPTH: usize = 32;

/// Bytes that are no Thrift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// They end in the middle. More of them may help.
    End,
    /// They mean nothing.
    Malformed,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// In a field the value itself; in a list a byte.
    True,
    False,
    Byte,
    I16,
    I32,
    I64,
    Double,
    Binary,
    /// A list or a set.
    List,
    Map,
    Struct,
}

impl Kind {
    fn of(code: u8) -> Result<Kind, Broken> {
        Ok(match code {
            1 => Kind::True,
            2 => Kind::False,
            3 => Kind::Byte,
            4 => Kind::I16,
            5 => Kind::I32,
            6 => Kind::I64,
            7 => Kind::Double,
            8 => Kind::Binary,
            9 | 10 => Kind::List,
            11 => Kind::Map,
            12 => Kind::Struct,
            _ => return Err(Broken::Malformed),
        })
    }
}

/// One field of a structure; its value comes next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) id: i16,
    pub(super) kind: Kind,
}

impl Field {
    /// Refuses a field that is written in another way than its definition says.
    pub(super) fn expect(self, kind: Kind) -> Result<(), Broken> {
        if self.kind == kind { Ok(()) } else { Err(Broken::Malformed) }
    }
}

/// The fields of one structure that were there. One that comes twice is refused, since two readers may take different ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields {
    last: i16,
    seen: u64,
}

impl Fields {
    /// Whether there was a field of this number.
    pub(super) fn has(self, id: i16) -> bool {
        self.seen & Fields::bit(id) != 0
    }

    fn bit(id: i16) -> u64 {
        u32::try_from(id).ok().and_then(|id| 1u64.checked_shl(id)).unwrap_or(0)
    }
}

/// A place in bytes.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Cursor<'b> {
        Cursor { bytes, at: 0 }
    }

    /// Bytes that were read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn byte(&mut self) -> Result<u8, Broken> {
        let byte = self.bytes.get(self.at).ok_or(Broken::End)?;
        self.at += 1;
        Ok(*byte)
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8], Broken> {
        if count > self.remaining() {
            return Err(Broken::End);
        }
        let bytes = &self.bytes[self.at..self.at + count];
        self.at += count;
        Ok(bytes)
    }

    fn varint(&mut self) -> Result<u64, Broken> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            // The tenth byte has room for one bit.
            if shift == 63 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Broken::Malformed)
    }

    fn length(&mut self) -> Result<usize, Broken> {
        let length = self.varint()?;
        i32::try_from(length).ok().and_then(|length| usize::try_from(length).ok()).ok_or(Broken::Malformed)
    }

    /// A whole number of any width.
    pub(super) fn i64(&mut self) -> Result<i64, Broken> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A whole number of 32 bits.
    pub(super) fn i32(&mut self) -> Result<i32, Broken> {
        i32::try_from(self.i64()?).map_err(|_| Broken::Malformed)
    }

    /// Bytes or a text, with their length before them.
    pub(super) fn binary(&mut self) -> Result<&'b [u8], Broken> {
        let length = self.length()?;
        self.take(length)
    }

    /// The next field of a structure; `None` at its end.
    pub(super) fn field(&mut self, fields: &mut Fields) -> Result<Option<Field>, Broken> {
        let header = self.byte()?;
        if header == 0 {
            return Ok(None);
        }
        let kind = Kind::of(header & 0x0f)?;
        let id = match i16::from(header >> 4) {
            0 => i16::try_from(self.i64()?).map_err(|_| Broken::Malformed)?,
            delta => fields.last.checked_add(delta).ok_or(Broken::Malformed)?,
        };
        if fields.has(id) {
            return Err(Broken::Malformed);
        }
        fields.last = id;
        fields.seen |= Fields::bit(id);
        Ok(Some(Field { id, kind }))
    }

    /// The start of a list: the kind of its elements and how many there are. Each takes a byte at least, so there are no more
    /// than bytes are left.
    pub(super) fn list(&mut self) -> Result<(Kind, usize), Broken> {
        let header = self.byte()?;
        // Some writers give an empty list no kind.
        if header == 0 {
            return Ok((Kind::Byte, 0));
        }
        let kind = Kind::of(header & 0x0f)?;
        let length = match usize::from(header >> 4) {
            15 => self.length()?,
            length => length,
        };
        if length > self.remaining() { Err(Broken::End) } else { Ok((kind, length)) }
    }

    /// A list of one kind.
    pub(super) fn list_of(&mut self, wanted: Kind) -> Result<usize, Broken> {
        let (kind, length) = self.list()?;
        if kind == wanted || length == 0 { Ok(length) } else { Err(Broken::Malformed) }
    }

    /// Passes over the value of a field.
    pub(super) fn skip(&mut self, kind: Kind) -> Result<(), Broken> {
        if matches!(kind, Kind::True | Kind::False) {
            return Ok(());
        }
        let mut stack = Vec::new();
        self.skip_one(kind, &mut stack)?;
        while let Some(open) = stack.pop() {
            match open {
                Open::Struct => {
                    let header = self.byte()?;
                    if header == 0 {
                        continue;
                    }
                    if header >> 4 == 0 {
                        i16::try_from(self.i64()?).map_err(|_| Broken::Malformed)?;
                    }
                    stack.push(Open::Struct);
                    match Kind::of(header & 0x0f)? {
                        Kind::True | Kind::False => {}
                        kind => self.skip_one(kind, &mut stack)?,
                    }
                }
                Open::Elements { left: 0, .. } => {}
                Open::Elements { kind, other, left } => {
                    stack.push(Open::Elements { kind: other, other: kind, left: left - 1 });
                    self.skip_one(kind, &mut stack)?;
                }
            }
        }
        Ok(())
    }

    /// Passes over an element, or opens it if it has parts.
    fn skip_one(&mut self, kind: Kind, stack: &mut Vec<Open>) -> Result<(), Broken> {
        let open = match kind {
            Kind::True | Kind::False | Kind::Byte => return self.byte().map(|_| ()),
            Kind::I16 | Kind::I32 | Kind::I64 => return self.varint().map(|_| ()),
            Kind::Double => return self.take(8).map(|_| ()),
            Kind::Binary => return self.binary().map(|_| ()),
            Kind::Struct => Open::Struct,
            Kind::List => {
                let (kind, left) = self.list()?;
                Open::Elements { kind, other: kind, left }
            }
            Kind::Map => match self.length()? {
                0 => return Ok(()),
                length if length > self.remaining() => return Err(Broken::End),
                length => {
                    let kinds = self.byte()?;
                    let left = length.checked_mul(2).ok_or(Broken::Malformed)?;
                    Open::Elements { kind: Kind::of(kinds >> 4)?, other: Kind::of(kinds & 0x0f)?, left }
                }
            },
        };
        if stack.len() == DEPTH {
            return Err(Broken::Malformed);
        }
        stack.push(open);
        Ok(())
    }
}

/// What is being passed over.
enum Open {
    Struct,
    /// The elements of a list; of a map in turn keys and values.
    Elements {
        kind: Kind,
        other: Kind,
        left: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_endless_ones_refused() {
        assert_eq!(Cursor::new(&[0x80, 0x01]).i64(), Ok(64));
        assert_eq!(Cursor::new(&[0x01]).i64(), Ok(-1));
        assert_eq!(Cursor::new(&[0xff; 12]).i64(), Err(Broken::Malformed));
        assert_eq!(Cursor::new(&[0xff; 3]).i64(), Err(Broken::End));
        let mut most = [0xff; 10];
        most[9] = 1;
        assert_eq!(Cursor::new(&most).i64(), Ok(i64::MIN));
        assert_eq!(Cursor::new(&most).i32(), Err(Broken::Malformed));
    }

    #[test]
    fn a_list_longer_than_the_bytes_is_refused_before_anything_is_reserved() {
        assert_eq!(Cursor::new(&[0xfc, 0xff, 0xff, 0xff, 0xff, 0x07]).list(), Err(Broken::End));
        assert_eq!(Cursor::new(&[0x00]).list(), Ok((Kind::Byte, 0)));
    }

    #[test]
    fn a_field_that_comes_twice_is_refused() {
        let mut cursor = Cursor::new(&[0x15, 0x02, 0x05, 0x02]);
        let mut fields = Fields::default();
        let field = cursor.field(&mut fields).unwrap().unwrap();
        assert_eq!((field.id, cursor.i32()), (1, Ok(1)));
        assert_eq!(cursor.field(&mut fields).unwrap_err(), Broken::Malformed);
    }

    #[test]
    fn what_is_passed_over_may_be_nested_but_not_without_end() {
        // A structure of a list of maps, then a byte that is not part of it.
        let bytes = [0x19, 0x1b, 0x01, 0x58, 0x02, 0x01, b'x', 0x00, 0x2a];
        let mut cursor = Cursor::new(&bytes);
        assert_eq!(cursor.skip(Kind::Struct), Ok(()));
        assert_eq!(cursor.position(), 8);
        // Structures in structures: each `0x1c` opens another one.
        let deep = [0x1c; 10_000];
        assert_eq!(Cursor::new(&deep).skip(Kind::Struct), Err(Broken::Malformed));
        // Lists in lists, which take a byte each.
        let deep = [0x19; 10_000];
        assert_eq!(Cursor::new(&deep).skip(Kind::List), Err(Broken::Malformed));
    }
}
