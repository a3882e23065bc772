//! What a value looks like, without the value.

use core::fmt;

/// The shape of a text: how many characters of which kinds. It is what messages show instead of the text.
///
/// # Examples
///
/// ```
/// use rfm_core::cell::Shape;
///
/// assert_eq!(Shape::of("n/a").to_string(), "3 characters: letters and punctuation");
/// assert_eq!(Shape::of("").to_string(), "nothing");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    characters: usize,
    letters: bool,
    digits: bool,
    blanks: bool,
    punctuation: bool,
    other: bool,
}

impl Shape {
    /// The shape of a text.
    #[must_use]
    pub fn of(text: &str) -> Shape {
        let mut shape =
            Shape { characters: 0, letters: false, digits: false, blanks: false, punctuation: false, other: false };
        for character in text.chars() {
            shape.characters = shape.characters.saturating_add(1);
            match character {
                c if c.is_alphabetic() => shape.letters = true,
                c if c.is_numeric() => shape.digits = true,
                c if c.is_whitespace() => shape.blanks = true,
                c if c.is_ascii_punctuation() => shape.punctuation = true,
                _ => shape.other = true,
            }
        }
        shape
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.characters {
            0 => return f.write_str("nothing"),
            1 => f.write_str("1 character: ")?,
            n => write!(f, "{n} characters: ")?,
        }
        let kinds = [
            (self.letters, "letters"),
            (self.digits, "digits"),
            (self.blanks, "blanks"),
            (self.punctuation, "punctuation"),
            (self.other, "other characters"),
        ];
        let mut kinds = kinds.into_iter().filter_map(|(present, name)| present.then_some(name)).peekable();
        let mut first = true;
        while let Some(kind) = kinds.next() {
            if !first {
                f.write_str(if kinds.peek().is_some() { ", " } else { " and " })?;
            }
            first = false;
            f.write_str(kind)?;
        }
        Ok(())
    }
}
