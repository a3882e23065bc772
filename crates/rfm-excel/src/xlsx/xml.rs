//! Cuts XML into tokens, as quick-xml does with empty elements as a start and an end.
//!
//! The bytes have passed the check of the container, so that tags match and nothing is too long. They may end anywhere: a token
//! that is not whole is none yet.

use memchr::memmem;
use memchr::{memchr2, memchr3, memchr3_iter};

use crate::error::Error;
use crate::fault::{Fault, XML};

/// Why there is no token.
pub(super) enum Halt {
    /// The bytes end within it.
    Cut,
    Fault(Fault),
    /// Who takes the cells does not take this one.
    Refused(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Halt {
        Halt::Refused(error)
    }
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Halt {
        Halt::Fault(fault)
    }
}

pub(super) const BROKEN: Fault = Fault::Damaged(XML);

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'x> {
    Start(Tag<'x>),
    End(Name<'x>),
    /// A text to the next tag or reference, as it is written.
    Text(&'x [u8]),
    /// What stands between `&` and `;`.
    Reference(&'x [u8]),
    /// What a section of CDATA holds.
    Data(&'x [u8]),
    /// A comment, declaration or instruction.
    Other,
}

/// The name of an element, with its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name<'x>(&'x [u8]);

impl<'x> Name<'x> {
    /// The name without its prefix.
    pub(super) fn local(self) -> &'x [u8] {
        match self.0 {
            // Sheets are made of these.
            [_] => self.0,
            name => name.iter().position(|byte| *byte == b':').map_or(name, |colon| &name[colon + 1..]),
        }
    }
}

/// A start tag: name and attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'x> {
    content: &'x [u8],
    name: usize,
}

impl<'x> Tag<'x> {
    fn of(content: &'x [u8]) -> Tag<'x> {
        let name = content.iter().position(|byte| is_blank(*byte)).unwrap_or(content.len());
        Tag { content, name }
    }

    pub(super) fn name(self) -> Name<'x> {
        Name(&self.content[..self.name])
    }

    pub(super) fn local(self) -> &'x [u8] {
        self.name().local()
    }

    /// Keys and values as they are written, until one is broken.
    pub(super) fn attributes(self) -> Attributes<'x> {
        Attributes { rest: &self.content[self.name..] }
    }

    /// The value of a key, prefix and all; those behind it are not looked at.
    pub(super) fn attribute(self, wanted: &[u8]) -> Result<Option<&'x [u8]>, Fault> {
        for attribute in self.attributes() {
            let (key, value) = attribute?;
            if key == wanted {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The values of some keys. The last one of a key counts, as long as there were not as many yet as are asked for: that is
    /// how calamine has it.
    pub(super) fn pick<const N: usize>(self, wanted: [&[u8]; N]) -> Result<[Option<&'x [u8]>; N], Fault> {
        let (mut values, mut found) = ([None; N], 0);
        for attribute in self.attributes() {
            let (key, value) = attribute?;
            if let Some(at) = wanted.iter().position(|wanted| *wanted == key) {
                values[at] = Some(value);
                found += 1;
                if found == N {
                    break;
                }
            }
        }
        Ok(values)
    }
}

/// See [`Tag::attributes`].
pub(super) struct Attributes<'x> {
    rest: &'x [u8],
}

impl<'x> Iterator for Attributes<'x> {
    type Item = Result<(&'x [u8], &'x [u8]), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.trim_ascii_start();
        self.rest = &[];
        if rest.is_empty() {
            return None;
        }
        let Some(equals) = rest.iter().position(|byte| *byte == b'=') else { return Some(Err(BROKEN)) };
        let key = rest[..equals].trim_ascii_end();
        let Some((quote @ (b'"' | b'\''), value)) = rest[equals + 1..].trim_ascii_start().split_first() else {
            return Some(Err(BROKEN));
        };
        let end = value.iter().position(|byte| byte == quote).unwrap_or(value.len());
        self.rest = value.get(end + 1..).unwrap_or_default();
        Some(Ok((key, &value[..end])))
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The tokens of some bytes.
pub(super) struct Tokens<'x> {
    bytes: &'x [u8],
    at: usize,
    /// The name of an empty element whose end has not been told.
    open: Option<Name<'x>>,
}

impl<'x> Tokens<'x> {
    pub(super) fn of(bytes: &'x [u8]) -> Tokens<'x> {
        Tokens { bytes, at: 0, open: None }
    }

    /// How many bytes the tokens so far had.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What follows them.
    pub(super) fn rest(&self) -> &'x [u8] {
        // An empty element has not ended yet.
        if self.open.is_some() { &[] } else { &self.bytes[self.at..] }
    }

    /// Goes on behind that many bytes of the rest, which are whole tokens.
    pub(super) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    /// The next token.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Token<'x>, Halt> {
        if let Some(name) = self.open.take() {
            return Ok(Token::End(name));
        }
        let rest = &self.bytes[self.at..];
        let (token, length) = match rest {
            [b'<', b'/', after @ ..] => {
                let end = end_of_tag(after)?;
                (Token::End(Name(after[..end].trim_ascii_end())), end + 3)
            }
            [b'<', b'!', ..] => bang(rest)?,
            [b'<', b'?', ..] => {
                let end = memmem::find(&rest[1..], b"?>").ok_or(Halt::Cut)?;
                // `<?>`
                (Token::Other, if end > 0 { end + 3 } else { return Err(BROKEN.into()) })
            }
            [b'<', after @ ..] => {
                let end = end_of_tag(after)?;
                let (content, is_empty) = match &after[..end] {
                    [content @ .., b'/'] => (content, true),
                    content => (content, false),
                };
                let tag = Tag::of(content);
                self.open = is_empty.then(|| tag.name());
                (Token::Start(tag), end + 2)
            }
            [b'&', after @ ..] => {
                let end = memchr3(b';', b'&', b'<', after).ok_or(Halt::Cut)?;
                if after[end] != b';' {
                    return Err(BROKEN.into());
                }
                (Token::Reference(&after[..end]), end + 2)
            }
            text => {
                let end = memchr2(b'<', b'&', text).ok_or(Halt::Cut)?;
                (Token::Text(&text[..end]), end)
            }
        };
        self.at += length;
        Ok(token)
    }

    /// Skips to the end of an element that has begun.
    pub(super) fn skip_to_end(&mut self, of: Name<'_>) -> Result<(), Halt> {
        let mut depth = 0_u32;
        loop {
            match self.next()? {
                Token::Start(tag) if tag.name() == of => depth += 1,
                Token::End(name) if name == of => {
                    if depth == 0 {
                        return Ok(());
                    }
                    depth -= 1;
                }
                _ => {}
            }
        }
    }
}

/// Where `>` ends a tag: not in quotes.
#[inline]
fn end_of_tag(bytes: &[u8]) -> Result<usize, Halt> {
    let mut quote = None;
    for at in memchr3_iter(b'>', b'"', b'\'', bytes) {
        match (quote, bytes[at]) {
            (None, b'>') => return Ok(at),
            (None, byte) => quote = Some(byte),
            (Some(begun), byte) if begun == byte => quote = None,
            (Some(_), _) => {}
        }
    }
    Err(Halt::Cut)
}

/// A comment or a section of CDATA. There is no document type: the container does not let it pass.
fn bang(rest: &[u8]) -> Result<(Token<'_>, usize), Halt> {
    let (begin, end, is_data): (&[u8], &[u8], _) =
        if rest.get(2) == Some(&b'[') { (b"<![CDATA[", b"]]>", true) } else { (b"<!--", b"-->", false) };
    let head = &rest[..rest.len().min(begin.len())];
    if !begin.starts_with(head) {
        return Err(BROKEN.into());
    }
    let content = rest.get(begin.len()..).ok_or(Halt::Cut)?;
    let length = memmem::find(content, end).ok_or(Halt::Cut)?;
    let token = if is_data { Token::Data(&content[..length]) } else { Token::Other };
    Ok((token, begin.len() + length + end.len()))
}
