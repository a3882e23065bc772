//! Reading a date from left to right: numbers, separators, names of months, the time behind it.

/// The years of two digits: 69..=99 are 1969 to 1999, 0..=68 are 2000 to 2068.
pub(super) fn century(year: u16) -> i32 {
    i32::from(year).saturating_add(if year >= 69 { 1900 } else { 2000 })
}

/// What is left to read.
pub(super) struct Cursor<'t> {
    pub(super) rest: &'t str,
}

impl Cursor<'_> {
    /// A number of `least` to `most` digits, not followed by another digit.
    pub(super) fn digits(&mut self, least: usize, most: usize) -> Option<u16> {
        let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if count < least || count > most { None } else { self.digits_of(count) }
    }

    pub(super) fn digits_of(&mut self, count: usize) -> Option<u16> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.rest = rest;
        digits.parse().ok()
    }

    pub(super) fn separator(&mut self) -> Option<char> {
        let separator = self.rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
        self.expect(separator)?;
        Some(separator)
    }

    pub(super) fn expect(&mut self, character: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(character)?;
        Some(())
    }

    pub(super) fn numbers_and_year(&mut self) -> Option<(u16, u16, i32)> {
        let first = self.digits(1, 2)?;
        let separator = self.separator()?;
        let second = self.digits(1, 2)?;
        self.expect(separator)?;
        Some((first, second, self.year()?))
    }

    pub(super) fn year(&mut self) -> Option<i32> {
        if let Some(year) = self.digits(4, 4) { Some(year.into()) } else { self.digits(2, 2).map(century) }
    }

    /// Blanks and the marks that stand around month names.
    pub(super) fn skip_filler(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '-', '/', '.', ',']);
    }

    fn letters(&self) -> (&str, &str) {
        let end = self.rest.find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest.len());
        self.rest.split_at(end)
    }

    pub(super) fn skip_weekday(&mut self) {
        let (word, rest) = self.letters();
        if let Some(rest) = rest.strip_prefix(", ").filter(|_| (2..=9).contains(&word.len())) {
            let skip = self.rest.len().saturating_sub(rest.len());
            self.rest = &self.rest[skip..];
        }
    }

    pub(super) fn month_name(&mut self) -> Option<u16> {
        let (word, rest) = self.letters();
        let word = word.to_lowercase();
        let mut months = (1..).zip(MONTHS).filter(|(_, names)| names.split(' ').any(|name| is_month(name, &word)));
        let (month, None) = (months.next()?.0, months.next()) else { return None };
        let skip = self.rest.len().saturating_sub(rest.len());
        self.rest = &self.rest[skip..];
        Some(month)
    }
}

/// A name in full, or its beginning of at least three letters.
fn is_month(name: &str, word: &str) -> bool {
    word.chars().count() >= 3 && name.starts_with(word)
}

/// English, German, French, Spanish, Italian, Portuguese and Dutch. A beginning that stands in two months names none: French
/// `jui` may be `juin` or `juillet`.
const MONTHS: [&str; 12] = [
    "january januar janvier enero gennaio janeiro januari jänner",
    "february februar février febrero febbraio fevereiro februari fevrier",
    "march märz mars marzo março maart mrz mrt marco",
    "april avril abril aprile avr abr",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août agosto augustus aout",
    "september septembre septiembre settembre setembro sept",
    "october oktober octobre octubre ottobre outubro okt",
    "november novembre noviembre novembro",
    "december dezember décembre diciembre dicembre dezembro decembre dez",
];

/// A time of day: seconds since midnight, and seconds east of Greenwich if it says so.
#[derive(Clone, Copy, Default)]
pub(super) struct Time {
    pub(super) second: i32,
    pub(super) offset: Option<i32>,
}

/// Nothing, or a time of day behind a blank or `T`, with an offset or not.
pub(super) fn read_time_or_nothing(rest: &str) -> Option<Time> {
    if rest.is_empty() {
        return Some(Time::default());
    }
    let time = rest.strip_prefix(['T', 't', ' ', ','])?;
    let (second, rest) = read_time(time.trim_start())?;
    let offset = match rest.trim_start() {
        "" => None,
        offset => Some(read_offset(offset)?),
    };
    Some(Time { second, offset })
}

fn read_time(text: &str) -> Option<(i32, &str)> {
    let mut cursor = Cursor { rest: text };
    let hour = cursor.digits(1, 2)?;
    cursor.expect(':')?;
    let minute = cursor.digits(2, 2)?;
    let mut second = 0;
    if cursor.expect(':').is_some() {
        second = cursor.digits(2, 2)?;
        if let Some(fraction) = cursor.rest.strip_prefix(['.', ',']) {
            let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if rest.len() == fraction.len() {
                return None;
            }
            cursor.rest = rest;
        }
    }
    let trimmed = cursor.rest.trim_start();
    let is = |half: &str| trimmed.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(half));
    let (hour, rest) = match hour {
        1..=12 if is("am") => (hour.wrapping_rem(12), trimmed.get(2..)?),
        1..=12 if is("pm") => (hour.wrapping_rem(12).wrapping_add(12), trimmed.get(2..)?),
        0..=23 if !is("am") && !is("pm") => (hour, cursor.rest),
        _ => return None,
    };
    (minute <= 59 && second <= 60).then(|| (seconds(hour, minute, second), rest))
}

fn read_offset(text: &str) -> Option<i32> {
    if ["z", "utc", "gmt"].iter().any(|zone| text.eq_ignore_ascii_case(zone)) {
        return Some(0);
    }
    let offset = text.strip_prefix(['+', '-'])?;
    let mut cursor = Cursor { rest: offset };
    let hours = cursor.digits_of(2)?;
    let _ = cursor.expect(':');
    let minutes = if cursor.rest.is_empty() { 0 } else { cursor.digits(2, 2)? };
    let east = seconds(hours, minutes, 0);
    let is_offset = cursor.rest.is_empty() && hours <= 15 && minutes <= 59;
    is_offset.then(|| if text.starts_with('-') { east.wrapping_neg() } else { east })
}

/// Numbers of two digits each: far from overflow.
pub(super) fn seconds(hours: u16, minutes: u16, seconds: u16) -> i32 {
    let minutes = i32::from(hours).wrapping_mul(60).wrapping_add(minutes.into());
    minutes.wrapping_mul(60).wrapping_add(seconds.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_beginnings_name_one_month_or_none() {
        let month = |text| Cursor { rest: text }.month_name();
        for (number, names) in (1..).zip(MONTHS) {
            for name in names.split(' ') {
                assert_eq!(month(name), Some(number), "{name}");
            }
        }
        assert_eq!(["Jun", "DEC", "Mär", "sept", "mrt", "févr"].map(month), [6, 12, 3, 9, 3, 2].map(Some));
        assert_eq!(["jui", "ma", "", "xyz", "marchx"].map(month), [None; 5]);
    }
}
