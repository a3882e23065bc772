//! Texts and numbers as people read them.

use std::borrow::Cow;
use std::fmt::Display;

/// The text without anything that a terminal would act on: control characters and marks that turn the direction of writing or
/// take no room are shown as `\u{1b}`. A harmless text is returned as it is.
///
/// # Examples
///
/// ```
/// assert_eq!(rfm_output::printable("\u{1b}[31mred"), "\\u{1b}[31mred");
/// assert_eq!(rfm_output::printable("Müller 株式会社"), "Müller 株式会社");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let acts = |c: char| {
        c.is_control()
            || matches!(c,
                '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if acts(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// A whole number or decimal with commas between thousands.
pub(super) fn grouped(number: impl Display) -> String {
    let number = number.to_string();
    let (sign, digits) = number.strip_prefix('-').map_or(("", number.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::with_capacity(number.len() + whole.len() / 3);
    text.push_str(sign);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// `1 line`, `2 lines`, `1,000 lines`.
pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        let cases =
            [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567.891", "-1,234,567.891"), ("-12.5", "-12.5")];
        for (number, expected) in cases {
            assert_eq!(grouped(number), expected);
        }
        assert_eq!([count(1, "line"), count(0, "line"), count(1_000, "line")], ["1 line", "0 lines", "1,000 lines"]);
    }

    #[test]
    fn what_a_terminal_acts_on_is_shown() {
        assert_eq!(printable("a\tb\u{7f}\u{9b}2J\r\n"), "a\\u{9}b\\u{7f}\\u{9b}2J\\u{d}\\u{a}");
        assert_eq!(printable("\u{202e}abc\u{200b}"), "\\u{202e}abc\\u{200b}");
        assert!(matches!(printable("plain é 日本 🙂"), Cow::Borrowed(_)));
    }
}
