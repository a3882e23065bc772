//! Numbers, days and codes as text, without the machinery of `fmt`: a table of customers has nine of them in every row.

use rfm_core::{Day, Decimal, RfmCode};

/// What can be appended to a text as it is shown: the same as its `Display`, and always of digits, `-` and `.`, or a name of ours.
pub(crate) trait Shown {
    fn append(&self, text: &mut Vec<u8>);
}

/// The numbers 00 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut at = 0u8;
    while at < 100 {
        pairs[at as usize] = [b'0' + at / 10, b'0' + at % 10];
        at += 1;
    }
    pairs
};

fn pair(number: u64) -> [u8; 2] {
    PAIRS[(number % 100) as usize]
}

/// The digits of a number in the end of a buffer, at least so many.
fn digits(mut number: u64, least: usize, buffer: &mut [u8; 20]) -> &[u8] {
    let mut at = buffer.len();
    while number >= 10 {
        at -= 2;
        buffer[at..at + 2].copy_from_slice(&pair(number));
        number /= 100;
    }
    if number > 0 || at == buffer.len() {
        at -= 1;
        buffer[at] = b'0' + number as u8;
    }
    while buffer.len() - at < least {
        at -= 1;
        buffer[at] = b'0';
    }
    &buffer[at..]
}

impl Shown for u64 {
    fn append(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(digits(*self, 1, &mut [0; 20]));
    }
}

impl Shown for u8 {
    fn append(&self, text: &mut Vec<u8>) {
        u64::from(*self).append(text);
    }
}

impl Shown for i32 {
    fn append(&self, text: &mut Vec<u8>) {
        if *self < 0 {
            text.push(b'-');
        }
        u64::from(self.unsigned_abs()).append(text);
    }
}

impl Shown for Decimal {
    fn append(&self, text: &mut Vec<u8>) {
        let decimals = usize::from(self.scale().decimals());
        match u64::try_from(self.minor().unsigned_abs()) {
            Ok(magnitude) => {
                if self.minor() < 0 {
                    text.push(b'-');
                }
                let mut buffer = [0; 20];
                let digits = digits(magnitude, decimals + 1, &mut buffer);
                let (whole, fraction) = digits.split_at(digits.len() - decimals);
                text.extend_from_slice(whole);
                if decimals > 0 {
                    text.push(b'.');
                    text.extend_from_slice(fraction);
                }
            }
            Err(_) => text.extend_from_slice(self.to_string().as_bytes()),
        }
    }
}

impl Shown for Day {
    fn append(&self, text: &mut Vec<u8>) {
        let (year, month, day) = self.ymd();
        // Years are those from 1 to 9999.
        let year = u64::from(year.unsigned_abs());
        let ([a, b], [c, d]) = (pair(year / 100), pair(year));
        let ([e, f], [g, h]) = (pair(month.into()), pair(day.into()));
        text.extend_from_slice(&[a, b, c, d, b'-', e, f, b'-', g, h]);
    }
}

impl Shown for RfmCode {
    fn append(&self, text: &mut Vec<u8>) {
        for (at, (_, score)) in self.shown_scores().iter().enumerate() {
            if at > 0 && self.is_wide() {
                text.push(b'-');
            }
            score.append(text);
        }
    }
}

impl Shown for &str {
    fn append(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(self.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rfm_core::{Axes, RfmCell, Scale};

    fn text(shown: impl Shown) -> String {
        let mut text = b"before ".to_vec();
        shown.append(&mut text);
        String::from_utf8(text).unwrap().split_off(7)
    }

    #[test]
    fn the_ends_of_every_type_are_shown_as_they_display() {
        for number in [0, 9, 10, 99, 100, 101, 1_000, u64::MAX] {
            assert_eq!(text(number), number.to_string());
        }
        for number in [0, -1, i32::MIN, i32::MAX] {
            assert_eq!(text(number), number.to_string());
        }
        for day in [Day::MIN, Day::MAX, Day::from_ymd(2011, 12, 9).unwrap()] {
            assert_eq!(text(day), day.to_string());
        }
        for bins in [5, 9, 10, 100] {
            let code = RfmCell::from_numbers(1, bins, 3).unwrap().code(Axes::all(bins));
            assert_eq!(text(code), code.to_string());
        }
        let huge = [i128::MIN, i128::MAX, u64::MAX.into(), i128::from(u64::MAX) + 1, -1, 0];
        for (minor, decimals) in huge.into_iter().flat_map(|minor| (0..=9).map(move |decimals| (minor, decimals))) {
            let decimal = Decimal::new(minor, Scale::new(decimals).unwrap());
            assert_eq!(text(decimal), decimal.to_string());
        }
    }

    proptest! {
        #[test]
        fn numbers_are_shown_as_they_display(minor: i64, decimals in 0u8..=9, digits in 0u32..64, days in -700_000..2_900_000i32) {
            let decimal = Decimal::new((minor >> digits).into(), Scale::new(decimals).unwrap());
            prop_assert_eq!(text(decimal), decimal.to_string());
            let number = minor.unsigned_abs() >> digits;
            prop_assert_eq!(text(number), number.to_string());
            if let Some(day) = Day::from_epoch_days(days) {
                prop_assert_eq!(text(day), day.to_string());
            }
        }
    }
}
