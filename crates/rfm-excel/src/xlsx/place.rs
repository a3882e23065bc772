//! Places of cells, such as `B7`.

use crate::fault::{Fault, REFERENCE};

/// Row and column, both counted from 0.
type Place = (u32, u32);

const NONE: Fault = Fault::Damaged(REFERENCE);

/// Row and column of a place; a row alone has no column.
fn of(text: &[u8]) -> Result<(u32, Option<u32>), Fault> {
    let letters = text.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(text.len());
    let (letters, digits) = text.split_at(letters);
    let column = letters.iter().try_fold(0_u32, |column, letter| {
        column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    let row = digits.iter().try_fold(0_u32, |row, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        row.checked_mul(10)?.checked_add(digit.into())
    });
    let (Some(column), Some(row)) = (column, row) else { return Err(NONE) };
    Ok((row.checked_sub(1).ok_or(NONE)?, column.checked_sub(1)))
}

/// The place of a cell.
pub(super) fn cell(text: &[u8]) -> Result<Place, Fault> {
    let (row, column) = of(text)?;
    Ok((row, column.ok_or(NONE)?))
}

/// The place of a row, which may name a column that does not count.
pub(super) fn row(text: &[u8]) -> Result<u32, Fault> {
    of(text).map(|(row, _)| row)
}

/// The first and the last cell of an area, such as `A1:B7`, or `A1` alone.
pub(super) fn area(text: &[u8]) -> Result<(Place, Place), Fault> {
    let mut places = text.split(|byte| *byte == b':').map(cell);
    let first = places.next().ok_or(NONE)??;
    let last = places.next().unwrap_or(Ok(first))?;
    if places.next().is_some() { Err(NONE) } else { Ok((first, last)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_letters_and_digits() {
        let cell = |text: &str| cell(text.as_bytes()).ok();
        assert_eq!(cell("A1"), Some((0, 0)));
        assert_eq!(cell("xfd1048576"), Some((1_048_575, 16_383)));
        assert_eq!(cell("AA010"), Some((9, 26)));
        for none in ["", "A", "1", "A0", "A1B", "A-1", "Ä1", "ZZZZZZZ1", "A4294967296", " A1", "$A$1"] {
            assert_eq!(cell(none), None, "{none}");
        }
        assert_eq!((row(b"7").ok(), row(b"C7").ok(), row(b"C").ok()), (Some(6), Some(6), None));
    }

    #[test]
    fn areas_have_two_places_at_most() {
        let area = |text: &str| area(text.as_bytes()).ok();
        assert_eq!(area("B2"), Some(((1, 1), (1, 1))));
        assert_eq!(area("Z99:A1"), Some(((98, 25), (0, 0))));
        assert_eq!((area("A1:"), area("A1:B1:C1"), area("A:B")), (None, None, None));
    }
}
