//! Cells that have nothing but a value, as nearly all have, told at a glance.

use super::value::{Kind, Written};

/// A cell such as `<c r="B7" s="1" t="n"><v>5</v></c>` or `<c r="B7" s="1"/>`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plain<'x> {
    /// Counted from 0.
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) written: Written,
    /// Empty where there is none.
    pub(super) value: &'x [u8],
    /// How many bytes the cell has.
    pub(super) length: usize,
}

impl<'x> Plain<'x> {
    /// The cell that the bytes begin with, if it is one of these and whole. What is unusual in any way is left to others.
    #[inline]
    pub(super) fn of(bytes: &'x [u8]) -> Option<Plain<'x>> {
        let mut rest = bytes.strip_prefix(b"<c r=\"")?;
        let (mut row, mut column) = (0_u32, 0_u32);
        let letters = rest.iter().take(4).position(|letter| !letter.is_ascii_uppercase())?;
        for letter in &rest[..letters] {
            column = column * 26 + u32::from(letter - b'A') + 1;
        }
        rest = &rest[letters..];
        let digits = rest.iter().take(8).position(|digit| !digit.is_ascii_digit())?;
        for digit in &rest[..digits] {
            row = row * 10 + u32::from(digit - b'0');
        }
        rest = rest[digits..].strip_prefix(b"\"")?;
        let (row, column) = (row.checked_sub(1)?, column.checked_sub(1)?);
        let mut written = Written { kind: Kind::Untyped, format: None };
        loop {
            match rest {
                [b'>', after @ ..] => {
                    rest = after;
                    break;
                }
                [b'/', b'>', after @ ..] => {
                    return Some(Plain { row, column, written, value: &[], length: bytes.len() - after.len() });
                }
                [b' ', b's', b'=', b'"', after @ ..] if written.format.is_none() => {
                    let digits =
                        after.iter().take(10).position(|digit| !digit.is_ascii_digit()).filter(|end| *end > 0)?;
                    let mut format = 0;
                    for digit in &after[..digits] {
                        format = format * 10 + usize::from(digit - b'0');
                    }
                    written.format = Some(format);
                    rest = after[digits..].strip_prefix(b"\"")?;
                }
                [b' ', b't', b'=', b'"', kind, b'"', after @ ..] if written.kind == Kind::Untyped => {
                    written.kind = match kind {
                        b's' => Kind::Shared,
                        b'n' => Kind::Number,
                        b'b' => Kind::Bool,
                        b'e' => Kind::Error,
                        _ => return None,
                    };
                    rest = after;
                }
                _ => return None,
            }
        }
        let value = rest.strip_prefix(b"<v>")?;
        // References and tags end it, and only the end of the value may follow.
        let length = value.iter().position(|byte| matches!(byte, b'<' | b'&'))?;
        let after = value[length..].strip_prefix(b"</v></c>")?;
        Some(Plain { row, column, written, value: &value[..length], length: bytes.len() - after.len() })
    }
}
