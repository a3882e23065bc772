//! What a cell holds, as its XML says: types, formats, results of formulas.

use rfm_core::cell::{Cell, CellFault};

use super::formats::{Formats, Shown};
use super::place;
use super::strings::Strings;
use super::text;
use super::xml::{BROKEN, Halt, Name, Tag, Token, Tokens};
use crate::fault::{Fault, VALUE};
use crate::serial::{DateSystem, iso_moment};

const MISFIT: Fault = Fault::Damaged(VALUE);

/// The type of a cell, its attribute `t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// None: a number, or a text if it is none.
    Untyped,
    Number,
    Shared,
    Bool,
    Error,
    /// The text is in the cell, beside its value.
    Inline,
    /// The text is a result.
    Result,
    /// A date as text.
    Iso,
    Unknown,
}

impl From<Option<&[u8]>> for Kind {
    fn from(written: Option<&[u8]>) -> Kind {
        match written {
            None => Kind::Untyped,
            Some(b"n") => Kind::Number,
            Some(b"s") => Kind::Shared,
            Some(b"b") => Kind::Bool,
            Some(b"e") => Kind::Error,
            Some(b"inlineStr" | b"is") => Kind::Inline,
            Some(b"str") => Kind::Result,
            Some(b"d") => Kind::Iso,
            Some(_) => Kind::Unknown,
        }
    }
}

/// How the value of a cell is written: its type, and the number of its format if it names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) kind: Kind,
    pub(super) format: Option<usize>,
}

impl Written {
    pub(super) fn of(kind: Option<&[u8]>, format: Option<&[u8]>) -> Written {
        Written { kind: kind.into(), format: format.map(|format| digits(format).unwrap_or(0)) }
    }
}

/// A value without its texts, which are the shared ones or in the scratch space.
#[derive(Clone, Copy)]
pub(super) enum Value {
    Empty,
    Number(f64),
    /// A day, a second of it, or the fault of what is neither.
    Moment(Cell<'static>),
    Fault(CellFault),
    Shared(usize),
    Text,
    Iso,
    Bool(bool),
}

/// What the values of cells refer to.
pub(super) struct Context<'c> {
    pub(super) strings: &'c Strings,
    pub(super) formats: &'c Formats,
    pub(super) system: DateSystem,
}

impl Context<'_> {
    /// The value of a cell whose tag has been read, to the end of the cell, and whether it has a formula. Of several values the
    /// last one counts. `scratch` is overwritten.
    pub(super) fn read(
        &self,
        tokens: &mut Tokens<'_>,
        written: Written,
        scratch: &mut String,
    ) -> Result<(Value, bool), Halt> {
        let (mut value, mut is_formula) = (Value::Empty, false);
        loop {
            match tokens.next()? {
                Token::Start(tag) => match tag.local() {
                    b"f" => {
                        read_formula(tokens, tag)?;
                        is_formula = true;
                    }
                    b"is" => {
                        text::read(tokens, tag.name(), scratch)?;
                        value = Value::Text;
                    }
                    b"v" => value = self.read_value(tokens, tag.name(), written, scratch)?,
                    _ => return Err(BROKEN.into()),
                },
                Token::End(name) if name.local() == b"c" => return Ok((value, is_formula)),
                _ => {}
            }
        }
    }

    /// The cell of a value; a formula without one is a fault.
    #[inline]
    pub(super) fn cell<'v>(&'v self, value: Value, is_formula: bool, scratch: &'v str) -> Cell<'v> {
        match value {
            Value::Empty if is_formula => Cell::Fault(CellFault::NoStoredResult),
            Value::Empty => Cell::Empty,
            Value::Number(number) => Cell::Float(number),
            Value::Moment(cell) => cell,
            Value::Fault(fault) => Cell::Fault(fault),
            Value::Shared(index) => Cell::Text(self.strings.get(index).unwrap_or_default()),
            Value::Text => Cell::Text(scratch),
            Value::Iso => iso_moment(scratch),
            Value::Bool(truth) => Cell::Bool(truth),
        }
    }

    fn read_value(
        &self,
        tokens: &mut Tokens<'_>,
        of: Name<'_>,
        written: Written,
        scratch: &mut String,
    ) -> Result<Value, Halt> {
        match written.kind {
            // It says again what the text of the cell says.
            Kind::Inline => {
                tokens.skip_to_end(of)?;
                Ok(Value::Empty)
            }
            Kind::Result | Kind::Iso | Kind::Unknown => {
                let mut text = String::new();
                loop {
                    match tokens.next()? {
                        Token::Text(piece) => text::push(&mut text, piece)?,
                        Token::Reference(name) => text::push_reference(&mut text, name)?,
                        Token::End(name) if name == of => break,
                        _ => {}
                    }
                }
                match written.kind {
                    Kind::Result => {
                        *scratch = text::unescaped(&text).into_owned();
                        Ok(Value::Text)
                    }
                    Kind::Iso => {
                        *scratch = text;
                        Ok(Value::Iso)
                    }
                    _ => Err(MISFIT.into()),
                }
            }
            // Only what stands before the first reference, comment or element counts.
            Kind::Untyped | Kind::Number | Kind::Shared | Kind::Bool | Kind::Error => {
                let value = match tokens.next()? {
                    Token::Text(text) => self.simple(text, written, scratch)?,
                    Token::End(name) if name == of => return Ok(Value::Empty),
                    _ => Value::Empty,
                };
                tokens.skip_to_end(of)?;
                Ok(value)
            }
        }
    }

    /// The value of a type that needs no references. What is no number although its type says so is an error of the file.
    #[inline]
    pub(super) fn simple(&self, text: &[u8], written: Written, scratch: &mut String) -> Result<Value, Fault> {
        match written.kind {
            _ if text.is_empty() => Ok(Value::Empty),
            Kind::Untyped | Kind::Number => match (number(text), written.kind) {
                (Some(number), _) => Ok(self.shown(number, written.format)),
                (None, Kind::Untyped) => {
                    scratch.clear();
                    scratch.push_str(std::str::from_utf8(text).map_err(|_| BROKEN)?);
                    Ok(Value::Text)
                }
                (None, _) => Err(MISFIT),
            },
            Kind::Shared => {
                // calamine takes what is no number for the first string.
                let index = digits(text).unwrap_or(0);
                self.strings.get(index).map(|_| Value::Shared(index)).ok_or(MISFIT)
            }
            Kind::Bool => truth(text).ok_or(MISFIT),
            _ => error(text).map(|name| Value::Fault(CellFault::ErrorValue(name))).ok_or(MISFIT),
        }
    }

    fn shown(&self, number: f64, format: Option<usize>) -> Value {
        match format.map_or(Shown::Number, |format| self.formats.shown(format)) {
            Shown::Number => Value::Number(number),
            Shown::Date => Value::Moment(self.system.moment(number)),
            Shown::Duration => Value::Fault(CellFault::TimeOnly),
        }
    }
}

/// Formulas are not calculated, but those that are broken are errors.
fn read_formula(tokens: &mut Tokens<'_>, tag: Tag<'_>) -> Result<(), Halt> {
    let mut character = String::new();
    loop {
        match tokens.next()? {
            Token::Reference(name) => {
                character.clear();
                text::push_reference(&mut character, name)?;
            }
            Token::End(name) if name == tag.name() => break,
            _ => {}
        }
    }
    let [kind, index, area] = tag.pick([b"t", b"si", b"ref"])?;
    if kind == Some(b"shared") {
        index.and_then(digits).ok_or(MISFIT)?;
        area.map(place::area).transpose()?;
    }
    Ok(())
}

/// A whole number of digits alone.
#[inline]
pub(super) fn digits(text: &[u8]) -> Option<usize> {
    let digit = |number: usize, byte: &u8| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    };
    text.iter().try_fold(0, digit).filter(|_| !text.is_empty())
}

/// The number, if the text is one: the float that is nearest to it.
#[inline]
fn number(text: &[u8]) -> Option<f64> {
    short_number(text).or_else(|| std::str::from_utf8(text).ok()?.parse().ok())
}

/// The same of up to 15 digits with or without a point, as most are: two floats that are exact, and one division, which
/// rounds to the nearest.
#[inline]
fn short_number(text: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // One more for the point.
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut units, mut point) = (0_u64, None);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => units = units * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() && at > 0 => point = Some(at),
            _ => return None,
        }
    }
    let places = match point {
        Some(point) => digits.len() - point - 1,
        None if digits.len() < 16 => 0,
        None => return None,
    };
    let number = units as f64 / POWERS[places];
    Some(if is_negative { -number } else { number })
}

fn truth(text: &[u8]) -> Option<Value> {
    let word = std::str::from_utf8(text).ok()?.trim();
    match word {
        "" => Some(Value::Empty),
        "0" => Some(Value::Bool(false)),
        "1" => Some(Value::Bool(true)),
        word if word.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
        word if word.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
        _ => None,
    }
}

fn error(text: &[u8]) -> Option<&'static str> {
    let names = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];
    names.into_iter().find(|name| name.as_bytes() == text)
}
