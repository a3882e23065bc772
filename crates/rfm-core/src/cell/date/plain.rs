//! Dates as nearly all are written: `2011-12-09`, alone or before `10:30:00`.

use super::cursor::seconds;
use crate::day::Day;

/// The same byte eight times.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Reads a date of the years 1970 to 2199, and the second of its day; `None` of all else, and of what is written otherwise.
#[inline]
pub(super) fn read_plain(text: &[u8]) -> Option<(Day, u32)> {
    let year_month = digits_of(text.first_chunk()?, *b"0000-00-")?;
    let [tens, ones] = [*text.get(8)?, *text.get(9)?].map(|byte| byte.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 {
        return None;
    }
    let [a, b, c, d, _, e, f, _] = year_month;
    let year = i32::from(number(a, b)).wrapping_mul(100).wrapping_add(number(c, d).into());
    let day = || Day::from_ymd(year, number(e, f), number(tens, ones)).ok().filter(|_| (1970..2200).contains(&year));
    let second = match text.get(10..)? {
        [] => 0,
        [b' ' | b'T', time @ ..] => {
            let [a, b, _, c, d, _, e, f] = digits_of(time.try_into().ok()?, *b"00:00:00")?;
            let (hour, minute, second) = (number(a, b), number(c, d), number(e, f));
            if hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            u32::try_from(seconds(hour.into(), minute.into(), second.into())).ok()?
        }
        _ => return None,
    };
    Some((day()?, second))
}

/// The digits of a text that has digits where `shape` has zeros, and otherwise the same bytes: all eight at once.
#[inline]
fn digits_of(text: &[u8; 8], shape: [u8; 8]) -> Option<[u8; 8]> {
    let digits = u64::from_le_bytes(*text) ^ u64::from_le_bytes(shape);
    // What is above 9, or other than the same, reaches the highest bit of its byte.
    let most = u64::from_le_bytes(shape.map(|byte| if byte == b'0' { 0x76 } else { 0x7F }));
    let is_other = (digits.wrapping_add(most) | digits) & ONES.wrapping_shl(7) != 0;
    (!is_other).then(|| digits.to_le_bytes())
}

/// Of two digits.
#[inline]
fn number(tens: u8, ones: u8) -> u8 {
    tens.wrapping_mul(10).wrapping_add(ones)
}
