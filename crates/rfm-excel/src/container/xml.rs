//! Follows XML just far enough to know that the library will not drown in it.
//!
//! To the next reader: this must cut the bytes into tags, texts and comments exactly as quick-xml does (its `reader` and `parser`
//! modules) and as our reader of sheets does (`xlsx/xml.rs`), since what it takes for many small tokens must not be one large one
//! there. It is stricter in the rest: end tags must match, nothing is nested deeply, no `<!DOCTYPE`. Given that, calamine and we
//! hold at any moment one token, one cell or string ([`is_item`]), the names of open elements, and what [`kept_for`] counts.
//!
//! It runs over every byte of every sheet, so tokens are looked at in the window they lie in; the slow way is taken by those that
//! go on in the next one.

use memchr::memchr;

use super::Refusal;

/// Elements in elements. Workbooks have fewer than 20.
const DEPTH: usize = 128;

/// Bytes of the name of an element, with its prefix.
const NAME: usize = 128;

/// Bytes of a tag that are looked at for attributes.
const TAG: usize = 1 << 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    /// After `<`.
    Open,
    /// In the name of a start tag, which is the last of the open names.
    StartName,
    /// After the name of a start tag; in this quote, if in any.
    Start(u8),
    /// In an end tag, whose name is being gathered; in this quote, if in any.
    End(u8),
    /// After `<!`.
    Bang,
    Comment,
    Data,
    Instruction,
}

pub(super) struct Scanner {
    item_bytes: usize,
    kept_bytes: u64,
    state: State,
    /// The names of the open elements, one after the other, and where each begins.
    names: Vec<u8>,
    starts: Vec<usize>,
    /// The end tag that is being gathered, or the tag whose attributes are.
    gathered: Vec<u8>,
    is_gathering: bool,
    /// The last two bytes, in comments and the like, and in start tags.
    last: [u8; 2],
    /// Bytes before the current window.
    before: u64,
    /// Where the token began.
    token: u64,
    /// Where the item began, and at which depth.
    item: Option<(u64, usize)>,
    kept: u64,
    /// The longest name of a font and format so far: each style holds a copy of such.
    longest_format: u64,
    declared_strings: u64,
    strings: u64,
}

/// What is wrong, without the part.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Syntax(&'static str),
    DocumentType,
    TooLong { what: &'static str, limit: usize },
    TooMuchKept { limit: u64 },
}

impl Problem {
    pub(super) fn refusal(self, part: String) -> Refusal {
        match self {
            Problem::Syntax(what) => Refusal::Xml { part, what },
            Problem::DocumentType => Refusal::DocumentType { part },
            Problem::TooLong { what, limit } => Refusal::TooLong { part, what, limit },
            Problem::TooMuchKept { limit } => Refusal::TooMuchKept { part, limit },
        }
    }
}

impl Scanner {
    pub(super) fn new(item_bytes: usize, kept_bytes: u64) -> Scanner {
        Scanner {
            item_bytes,
            kept_bytes,
            state: State::Text,
            names: Vec::new(),
            starts: Vec::new(),
            gathered: Vec::new(),
            is_gathering: false,
            last: [0; 2],
            before: 0,
            token: 0,
            item: None,
            kept: 0,
            longest_format: 0,
            declared_strings: 0,
            strings: 0,
        }
    }

    /// The largest count of shared strings that is declared, and the strings so far.
    pub(super) fn strings(&self) -> (u64, u64) {
        (self.declared_strings, self.strings)
    }

    /// Follows the next window. Lengths are checked at its end: what lies within a window is never too long.
    pub(super) fn scan(&mut self, window: &[u8]) -> Result<(), Problem> {
        let mut at = 0;
        while at < window.len() {
            at = match self.state {
                State::Text => self.text(window, at),
                State::Open => self.open(window, at)?,
                State::StartName => self.start_name(window, at)?,
                State::Start(quote) => self.start(window, at, quote)?,
                State::End(quote) => self.end(window, at, quote)?,
                State::Bang => self.bang(window, at)?,
                State::Comment => self.until(window, at, |last, length| last == *b"--" && length > 5),
                State::Data => self.until(window, at, |last, _| last == *b"]]"),
                State::Instruction => self.until(window, at, |last, _| last[1] == b'?'),
            };
        }
        self.before += window.len() as u64;
        let limit = self.item_bytes;
        let is_longer = |start: u64| self.before - start > limit as u64;
        if is_longer(self.token) {
            return Err(Problem::TooLong { what: "a tag, text or comment", limit });
        }
        if self.item.is_some_and(|(start, _)| is_longer(start)) {
            return Err(Problem::TooLong { what: "a cell or string", limit });
        }
        if self.kept > self.kept_bytes {
            return Err(Problem::TooMuchKept { limit: self.kept_bytes });
        }
        Ok(())
    }

    /// The end of the part: nothing may be open.
    pub(super) fn finish(&self) -> Result<(), Problem> {
        if self.state == State::Text && self.starts.is_empty() {
            Ok(())
        } else {
            Err(Problem::Syntax("it ends within an element"))
        }
    }

    fn text(&mut self, window: &[u8], mut at: usize) -> usize {
        loop {
            // Texts are a few bytes long, mostly.
            let near = window[at..].iter().take(12).position(|byte| *byte == b'<');
            let Some(length) = near.or_else(|| memchr(b'<', &window[at..])) else { return window.len() };
            at += length;
            self.token = self.before + at as u64;
            match plain_cell(&window[at..]).filter(|_| self.starts.len() + 2 < DEPTH && self.item.is_none()) {
                Some(length) => at += length,
                None => {
                    self.state = State::Open;
                    return at + 1;
                }
            }
        }
    }

    fn open(&mut self, window: &[u8], at: usize) -> Result<usize, Problem> {
        self.state = match window[at] {
            b'/' => {
                if let Some(after) = self.matching_end(&window[at + 1..]) {
                    return Ok(at + 1 + after);
                }
                self.gathered.clear();
                State::End(0)
            }
            b'!' => State::Bang,
            b'?' => {
                // `<?>` is a whole instruction to quick-xml.
                self.last = *b" ?";
                State::Instruction
            }
            _ => {
                if self.starts.len() == DEPTH {
                    return Err(Problem::Syntax("its elements are nested too deeply"));
                }
                self.starts.push(self.names.len());
                self.state = State::StartName;
                return Ok(at);
            }
        };
        Ok(at + 1)
    }

    /// The end tag of the innermost element, if it lies in this window as it mostly does: how long it is.
    fn matching_end(&mut self, rest: &[u8]) -> Option<usize> {
        let start = *self.starts.last()?;
        let name = &self.names[start..];
        let is_it = rest.len() > name.len() && rest[name.len()] == b'>' && rest[..name.len()] == *name;
        let length = name.len() + 1;
        is_it.then(|| {
            self.close(start);
            length
        })
    }

    fn start_name(&mut self, window: &[u8], at: usize) -> Result<usize, Problem> {
        let rest = &window[at..];
        let ends = |byte: &u8| matches!(byte, b' ' | b'>' | b'\t' | b'\r' | b'\n');
        let length = rest.iter().position(ends);
        self.names.extend(&rest[..length.unwrap_or(rest.len())]);
        let start = self.starts.last().copied().unwrap_or_default();
        if self.names.len() - start > NAME {
            return Err(Problem::Syntax("the name of an element is too long"));
        }
        let Some(length) = length else { return Ok(window.len()) };
        // A quote here would be part of the name to us and open an attribute to quick-xml.
        if self.names[start..].iter().any(|byte| matches!(byte, b'"' | b'\'' | b'<')) {
            return Err(Problem::Syntax("the name of an element has quotes"));
        }
        self.last[1] = self.names[start..].last().copied().unwrap_or_default();
        if rest[length] == b'>' && self.last[1] == b'/' {
            self.names.pop();
        }
        self.is_gathering = self.begin(start);
        self.gathered.clear();
        self.state = State::Start(0);
        Ok(at + length)
    }

    fn start(&mut self, window: &[u8], at: usize, mut quote: u8) -> Result<usize, Problem> {
        let rest = &window[at..];
        let mut end = None;
        for (index, byte) in rest.iter().enumerate() {
            if quote != 0 {
                if *byte == quote {
                    quote = 0;
                }
            } else if *byte == b'>' {
                end = Some(index);
                break;
            } else if *byte == b'"' || *byte == b'\'' {
                quote = *byte;
            }
        }
        let length = end.unwrap_or(rest.len());
        if self.is_gathering {
            let room = TAG.saturating_sub(self.gathered.len());
            self.gathered.extend(&rest[..length.min(room)]);
        }
        if let Some(last) = rest[..length].last() {
            self.last[1] = *last;
        }
        let Some(end) = end else {
            self.state = State::Start(quote);
            return Ok(window.len());
        };
        let after = at + end + 1;
        self.started(self.before + after as u64 - self.token)?;
        self.state = State::Text;
        self.token = self.before + after as u64;
        Ok(after)
    }

    /// The name of a start tag has been read; whether its attributes matter.
    fn begin(&mut self, start: usize) -> bool {
        let depth = self.starts.len();
        let name = local(&self.names[start..]);
        if self.item.is_none() && is_item(name) {
            self.item = Some((self.token, depth));
        }
        name == b"sst"
    }

    /// A start tag of some bytes has been read.
    fn started(&mut self, bytes: u64) -> Result<(), Problem> {
        let start = self.starts.last().copied().unwrap_or_default();
        let name = local(&self.names[start..]);
        if name.len() > 1 {
            match name {
                b"si" => self.strings += 1,
                b"sst" => self.declared_strings = self.declared_strings.max(declared_count(&self.gathered)),
                b"numFmt" => self.longest_format = self.longest_format.max(bytes),
                // Names of fonts are attributes of elements in the element of the font.
                b"name" | b"rFont" => self.longest_format = self.longest_format.max(bytes),
                _ => {}
            }
            self.kept += kept_for(name, bytes, self.longest_format);
            if self.kept > self.kept_bytes {
                return Err(Problem::TooMuchKept { limit: self.kept_bytes });
            }
        }
        if self.last[1] == b'/' {
            self.close(start);
        }
        Ok(())
    }

    /// Closes the innermost element, whose name begins there.
    fn close(&mut self, start: usize) {
        self.state = State::Text;
        let depth = self.starts.len();
        if let Some((began, item)) = self.item
            && item == depth
        {
            self.item = None;
            if local(&self.names[start..]) != b"c" {
                self.kept += self.token.saturating_sub(began);
            }
        }
        self.names.truncate(start);
        self.starts.pop();
    }

    /// An end tag that is not simply that of the innermost element: with a blank, across windows, or wrong.
    fn end(&mut self, window: &[u8], at: usize, mut quote: u8) -> Result<usize, Problem> {
        for (index, byte) in window.iter().enumerate().skip(at) {
            if quote != 0 {
                if *byte == quote {
                    quote = 0;
                }
            } else if *byte == b'>' {
                let name = self.gathered.trim_ascii_end();
                let start = self.starts.last().copied();
                let start = start.filter(|start| self.names[*start..] == *name);
                let start = start.ok_or(Problem::Syntax("an end tag does not match its start"))?;
                self.close(start);
                self.token = self.before + index as u64 + 1;
                return Ok(index + 1);
            } else if *byte == b'"' || *byte == b'\'' {
                quote = *byte;
            }
            if self.gathered.len() > TAG {
                return Err(Problem::Syntax("an end tag is too long"));
            }
            self.gathered.push(*byte);
        }
        self.state = State::End(quote);
        Ok(window.len())
    }

    fn bang(&mut self, window: &[u8], at: usize) -> Result<usize, Problem> {
        self.state = match window[at] {
            b'-' => State::Comment,
            b'[' => State::Data,
            b'D' | b'd' => return Err(Problem::DocumentType),
            _ => return Err(Problem::Syntax("a tag begins with an exclamation mark")),
        };
        self.last = [b' ', window[at]];
        Ok(at + 1)
    }

    /// Skips to the first `>` that ends it, as told by the two bytes before and the bytes of the token before.
    fn until(&mut self, window: &[u8], mut at: usize, ends: fn([u8; 2], u64) -> bool) -> usize {
        while let Some(length) = memchr(b'>', &window[at..]) {
            self.remember(&window[at..at + length]);
            let index = at + length;
            at = index + 1;
            if ends(self.last, self.before + index as u64 - self.token) {
                self.state = State::Text;
                self.token = self.before + at as u64;
                return at;
            }
            self.remember(b">");
        }
        self.remember(&window[at..]);
        window.len()
    }

    fn remember(&mut self, bytes: &[u8]) {
        match bytes {
            [.., first, second] => self.last = [*first, *second],
            [one] => self.last = [self.last[1], *one],
            [] => {}
        }
    }
}

/// How long a cell is that has nothing but a value, as nearly all have, and ends in this window. It changes nothing that is
/// counted, and to tell it at once saves two thirds of the time.
fn plain_cell(bytes: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(b"<c ")?;
    let mut is_quoted = false;
    let mut end = None;
    for (index, byte) in rest.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => {
                end = Some(index);
                break;
            }
            b'\'' => return None,
            _ => {}
        }
    }
    let end = end?;
    let value = &rest[end + 1..];
    let rest = if end > 0 && rest[end - 1] == b'/' {
        value
    } else {
        let value = value.strip_prefix(b"<v>")?;
        let length = value.iter().position(|byte| *byte == b'<')?;
        value[length..].strip_prefix(b"</v></c>")?
    };
    Some(bytes.len() - rest.len())
}

/// The name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    match name {
        // Sheets are made of these, and prefixes are rare.
        [_] => name,
        _ => name.iter().position(|byte| *byte == b':').map_or(name, |colon| &name[colon + 1..]),
    }
}

/// Elements whose texts are held together until they end.
fn is_item(local: &[u8]) -> bool {
    matches!(local, b"c" | b"si" | b"definedName" | b"table-cell" | b"covered-table-cell")
}

/// Memory that the library keeps for an element with a tag of some bytes, beside the texts in items; in bytes, generously: lists
/// have room for twice what is in them while they grow, and each string is an allocation.
fn kept_for(local: &[u8], tag: u64, longest_format: u64) -> u64 {
    match local {
        b"si" | b"table-cell" => 96,
        b"xf" => 320 + longest_format,
        b"font" | b"fill" | b"border" | b"mergeCell" => 96,
        b"numFmt" | b"sheet" | b"Relationship" | b"definedName" => 256 + tag,
        _ => 0,
    }
}

/// The largest `uniqueCount` among attributes. Whatever else it is made of, its digits are what a lenient parser may take.
fn declared_count(attributes: &[u8]) -> u64 {
    let key = b"uniqueCount";
    let found = attributes.windows(key.len()).enumerate().filter(|(_, bytes)| bytes == key);
    let value = |(at, _)| {
        let value = attributes[at + key.len()..].iter().skip_while(|byte| !byte.is_ascii_digit());
        let digits = value.take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    };
    found.map(value).max().unwrap_or(0)
}
