//! From a text to the tree, by RFC 8259; stricter where a reader would have to guess: no key twice, no text behind the value.

use std::collections::BTreeSet;

use super::{Member, Node, Value};

/// How much a text may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) bytes: usize,
    pub(crate) values: usize,
    pub(crate) depth: usize,
}

/// What is wrong with a text, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// The value of a text.
pub(crate) fn parse(text: &str, bounds: Bounds) -> Result<Node, Syntax> {
    if text.len() > bounds.bytes {
        let message = format!("{} bytes, more than the limit of {}", text.len(), bounds.bytes);
        return Err(Syntax { at: 0, message });
    }
    let mut parser = Parser { text, at: 0, values: 0, bounds };
    parser.blanks();
    let node = parser.value(0)?;
    parser.blanks();
    if parser.at < text.len() { Err(parser.expected("the end of the file")) } else { Ok(node) }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    values: usize,
    bounds: Bounds,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Takes the byte if it is the next one.
    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.step();
        }
        is_next
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn error(&self, at: usize, message: impl Into<String>) -> Syntax {
        Syntax { at, message: message.into() }
    }

    fn expected(&self, what: &str) -> Syntax {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = match rest.chars().next() {
            Some(character) => format!("`{}`", character.escape_debug()),
            None => "the end of the file".to_owned(),
        };
        self.error(self.at, format!("expected {what}, found {found}"))
    }

    fn value(&mut self, depth: usize) -> Result<Node, Syntax> {
        let at = self.at;
        self.values = self.values.saturating_add(1);
        if self.values > self.bounds.values {
            return Err(self.error(at, format!("more than the limit of {} values", self.bounds.values)));
        }
        let value = match self.peek() {
            Some(b'{' | b'[') if depth >= self.bounds.depth => {
                return Err(self.error(at, format!("more than {} levels of lists and objects", self.bounds.depth)));
            }
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Node { at, value })
    }

    fn word(&mut self) -> Result<Value, Syntax> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for (word, value) in [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))] {
            let behind = rest.strip_prefix(word);
            if behind.is_some_and(|behind| !behind.starts_with(|c: char| c.is_alphanumeric())) {
                self.at = self.at.saturating_add(word.len());
                return Ok(value);
            }
        }
        Err(self.expected("a value"))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Syntax> {
        let inner = depth.saturating_add(1);
        let mut members: Vec<Member> = Vec::new();
        let mut keys: BTreeSet<String> = BTreeSet::new();
        self.step();
        self.blanks();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.expected("a key in quotes"));
            }
            let key = self.string()?;
            if !keys.insert(key.clone()) {
                return Err(self.error(at, format!("the key `{}` occurs twice", super::shortened(&key))));
            }
            self.blanks();
            if !self.take(b':') {
                return Err(self.expected("`:`"));
            }
            self.blanks();
            members.push(Member { key, at, node: self.value(inner)? });
            self.blanks();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `}`"));
            }
            self.blanks();
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Syntax> {
        let inner = depth.saturating_add(1);
        let mut nodes = Vec::new();
        self.step();
        self.blanks();
        if self.take(b']') {
            return Ok(Value::List(nodes));
        }
        loop {
            nodes.push(self.value(inner)?);
            self.blanks();
            if self.take(b']') {
                return Ok(Value::List(nodes));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `]`"));
            }
            self.blanks();
        }
    }

    fn digits(&mut self) -> Result<(), Syntax> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.expected("a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<String, Syntax> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.error(start, "a number begins with 0"));
            }
        } else {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default().to_owned())
    }

    fn string(&mut self) -> Result<String, Syntax> {
        let begin = self.at;
        let mut text = String::new();
        self.step();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.step();
            }
            // It begins and ends beside bytes of ASCII, so it does not cut a character.
            text.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escaped()?),
                None => return Err(self.error(begin, "a text that does not end")),
                Some(_) => return Err(self.error(self.at, "a control character in a text; write it as \\u00XX")),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Syntax> {
        let at = self.at;
        self.step();
        let letter = self.peek();
        self.step();
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unit(at),
            _ => return Err(self.error(at, "no such escape; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")),
        })
    }

    /// A character of one or two escaped UTF-16 units.
    fn unit(&mut self, at: usize) -> Result<char, Syntax> {
        let first = self.hex(at)?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.take(b'\\') {
            if !self.take(b'u') {
                return Err(self.error(at, "half a surrogate pair"));
            }
            units.push(self.hex(at)?);
        }
        let mut decoded = char::decode_utf16(units);
        match (decoded.next(), decoded.next()) {
            (Some(Ok(character)), None) => Ok(character),
            _ => Err(self.error(at, "half a surrogate pair")),
        }
    }

    fn hex(&mut self, at: usize) -> Result<u16, Syntax> {
        let end = self.at.saturating_add(4);
        let digits = self.text.get(self.at..end).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        self.at = end;
        unit.ok_or_else(|| self.error(at, "expected four hexadecimal digits behind \\u"))
    }
}
