//! From texts as they are written to what they say: references, line ends, escapes of Excel.

use std::borrow::Cow;

use memchr::memchr;

use super::xml::{BROKEN, Halt, Name, Token, Tokens};
use crate::fault::Fault;

/// Blanks that are not part of a text, unless it says that they are.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Appends a text, whose line ends become `\n` whatever they were.
pub(super) fn push(out: &mut String, text: &[u8]) -> Result<(), Fault> {
    let mut text = std::str::from_utf8(text).map_err(|_| BROKEN)?;
    while let Some(at) = memchr(b'\r', text.as_bytes()) {
        out.push_str(&text[..at]);
        out.push('\n');
        text = &text[at + 1..];
        text = text.strip_prefix('\n').unwrap_or(text);
    }
    out.push_str(text);
    Ok(())
}

/// Appends what a reference stands for: one of the five of XML, or a character by its number.
pub(super) fn push_reference(out: &mut String, name: &[u8]) -> Result<(), Fault> {
    let character = match name {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"apos" => '\'',
        b"quot" => '"',
        [b'#', b'x', digits @ ..] => numbered(digits, 16)?,
        [b'#', digits @ ..] => numbered(digits, 10)?,
        _ => return Err(BROKEN),
    };
    out.push(character);
    Ok(())
}

/// The text of the value of an attribute.
pub(super) fn of_attribute(value: &[u8]) -> Result<String, Fault> {
    let text = std::str::from_utf8(value).map_err(|_| BROKEN)?;
    let mut pieces = text.split('&');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, text) = piece.split_once(';').ok_or(BROKEN)?;
        push_reference(&mut out, name.as_bytes())?;
        out.push_str(text);
    }
    Ok(out)
}

fn numbered(digits: &[u8], radix: u32) -> Result<char, Fault> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with(['+', '-']));
    let code = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok()).filter(|code| *code != 0);
    code.and_then(char::from_u32).ok_or(BROKEN)
}

/// Reads the texts in an element that has begun, a shared string or that of a cell, to its end: one text, or the runs of a rich
/// one together. Phonetic guides are left out.
pub(super) fn read(tokens: &mut Tokens<'_>, of: Name<'_>, out: &mut String) -> Result<(), Halt> {
    out.clear();
    let mut is_phonetic = false;
    let mut run = String::new();
    loop {
        match tokens.next()? {
            Token::Start(tag) => match tag.local() {
                b"rPh" => is_phonetic = true,
                b"t" if !is_phonetic => {
                    let is_kept = tag.attribute(b"xml:space")? == Some(b"preserve");
                    run.clear();
                    read_run(tokens, tag.name(), &mut run)?;
                    let text = if is_kept { run.as_str() } else { run.trim_matches(BLANKS) };
                    out.push_str(&unescaped(text));
                }
                _ => {}
            },
            Token::End(name) if name == of => return Ok(()),
            Token::End(name) if name.local() == b"rPh" => is_phonetic = false,
            _ => {}
        }
    }
}

fn read_run(tokens: &mut Tokens<'_>, of: Name<'_>, out: &mut String) -> Result<(), Halt> {
    loop {
        match tokens.next()? {
            Token::Text(text) | Token::Data(text) => push(out, text)?,
            Token::Reference(name) => push_reference(out, name)?,
            Token::End(name) if name == of => return Ok(()),
            _ => {}
        }
    }
}

/// How long `_xHHHH_` is.
const ESCAPE: usize = 7;

/// Resolves `_xHHHH_`, as Excel writes units of UTF-16 that XML cannot hold. Halves of pairs that stand alone become U+FFFD.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    let Some(mut found) = find_escape(text) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let (at, unit) = found;
        out.push_str(&rest[..at]);
        rest = &rest[at + ESCAPE..];
        let second = escape_at(rest.as_bytes(), 0).filter(|second| (0xDC00..=0xDFFF).contains(second));
        match (unit, second) {
            (0xD800..=0xDBFF, Some(second)) => {
                out.extend(char::decode_utf16([unit, second]).map(|pair| pair.unwrap_or(char::REPLACEMENT_CHARACTER)));
                rest = &rest[ESCAPE..];
            }
            _ => out.push(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
        match find_escape(rest) {
            Some(next) => found = next,
            None => break,
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn find_escape(text: &str) -> Option<(usize, u16)> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'_', bytes).find_map(|at| Some((at, escape_at(bytes, at)?)))
}

fn escape_at(bytes: &[u8], at: usize) -> Option<u16> {
    let [b'_', b'x', digits @ .., b'_'] = bytes.get(at..at + ESCAPE)? else { return None };
    digits.iter().try_fold(0, |unit, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(digit).ok()?)
    })
}
