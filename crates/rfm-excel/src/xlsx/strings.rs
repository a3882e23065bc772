//! The shared strings of a workbook.

use super::text;
use super::xml::{BROKEN, Halt, Token, Tokens};
use crate::fault::Fault;

/// The texts that cells show by their number, in one allocation.
#[derive(Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<usize>,
    /// The text that is being read.
    next: String,
    state: State,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Before,
    Within,
    After,
}

impl Strings {
    /// The text of a number, counted from 0.
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..end])
    }

    /// Takes the whole strings of the part; how many bytes they have.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<usize, Halt> {
        let mut tokens = Tokens::of(bytes);
        loop {
            let at = tokens.at();
            match self.step(&mut tokens) {
                Ok(()) => {}
                Err(Halt::Cut) => return Ok(at),
                Err(halt) => return Err(halt),
            }
        }
    }

    fn step(&mut self, tokens: &mut Tokens<'_>) -> Result<(), Halt> {
        match (self.state, tokens.next()?) {
            (State::Before, Token::Start(tag)) if tag.local() == b"sst" => {
                // The count is of no use, but what stands before it must not be broken.
                tag.attribute(b"uniqueCount")?;
                self.state = State::Within;
            }
            (State::Within, Token::Start(tag)) if tag.local() == b"si" => {
                text::read(tokens, tag.name(), &mut self.next)?;
                self.text.push_str(&self.next);
                self.ends.push(self.text.len());
            }
            (State::Within, Token::End(name)) if name.local() == b"sst" => self.state = State::After,
            _ => {}
        }
        Ok(())
    }

    /// The end of the part.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        self.next = String::new();
        if self.state == State::After { Ok(()) } else { Err(BROKEN) }
    }
}
