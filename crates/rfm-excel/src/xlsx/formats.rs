//! What the number formats of a workbook make of a number: a date, a duration, or a number.

use std::collections::HashMap;

use super::text;
use super::xml::{Halt, Tag, Token, Tokens};

/// What a number is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Number,
    Date,
    Duration,
}

/// The formats of cells, in the order in which cells name them.
#[derive(Debug, Default)]
pub(crate) struct Formats {
    cells: Vec<Shown>,
    /// The codes that the workbook gives to numbers of formats, which are texts to it.
    codes: HashMap<Vec<u8>, String>,
    section: Section,
}

/// Which list of the part is being read. Others have elements of the same names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Between,
    Codes,
    Cells,
    /// In a format of a cell, whose parts say nothing about numbers.
    Cell,
    Fonts,
    Fills,
    Borders,
    End,
}

impl Formats {
    /// The format of a number; one that the workbook does not have shows numbers.
    pub(super) fn shown(&self, format: usize) -> Shown {
        self.cells.get(format).copied().unwrap_or(Shown::Number)
    }

    /// Takes the whole tokens of the part of the styles; how many bytes they have.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<usize, Halt> {
        let mut tokens = Tokens::of(bytes);
        loop {
            let at = tokens.at();
            match tokens.next() {
                Ok(Token::Start(tag)) => self.start(tag)?,
                Ok(Token::End(name)) => self.end(name.local()),
                Ok(_) => {}
                Err(Halt::Cut) => return Ok(at),
                Err(halt) => return Err(halt),
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) -> Result<(), Halt> {
        match (self.section, tag.local()) {
            (Section::Between, b"numFmts") => self.section = Section::Codes,
            (Section::Between, b"cellXfs") => self.section = Section::Cells,
            (Section::Between, b"fonts") => self.section = Section::Fonts,
            (Section::Between, b"fills") => self.section = Section::Fills,
            (Section::Between, b"borders") => self.section = Section::Borders,
            (Section::Codes, b"numFmt") => {
                if let [Some(number), Some(code)] = tag.pick([b"numFmtId", b"formatCode"])? {
                    self.codes.insert(number.to_vec(), text::of_attribute(code)?);
                }
            }
            (Section::Cells, b"xf") => {
                let shown = match tag.attribute(b"numFmtId")? {
                    None => Shown::Number,
                    Some(number) => self.codes.get(number).map_or_else(|| of_number(number), |code| of_code(code)),
                };
                self.cells.push(shown);
                self.section = Section::Cell;
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) {
        self.section = match (self.section, name) {
            (Section::Cell, b"xf") => Section::Cells,
            (Section::Codes, b"numFmts")
            | (Section::Cells, b"cellXfs")
            | (Section::Fonts, b"fonts")
            | (Section::Fills, b"fills")
            | (Section::Borders, b"borders") => Section::Between,
            (Section::Between, b"styleSheet") => Section::End,
            (section, _) => section,
        };
    }
}

/// What a format is that is built in (ECMA-376 part 1, 18.8.30); 27 to 36 and 50 to 58 are dates of East Asia.
fn of_number(number: &[u8]) -> Shown {
    let is_plain = !number.starts_with(b"0") && number.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(number).ok().filter(|_| is_plain).and_then(|number| number.parse::<u32>().ok());
    match number {
        Some(14..=22 | 27..=36 | 45 | 47 | 50..=58) => Shown::Date,
        Some(46) => Shown::Duration,
        _ => Shown::Number,
    }
}

/// What a format code shows, judged by its first section as openpyxl and calamine do: letters of dates and times that are not
/// quoted, escaped or in brackets; hours, minutes or seconds alone in brackets are a duration.
fn of_code(code: &str) -> Shown {
    let (mut is_escaped, mut is_quoted, mut depth) = (false, false, 0_u8);
    let (mut before, mut is_elapsed, mut is_half_day) = (' ', false, false);
    for letter in code.chars() {
        let lower = letter.to_ascii_lowercase();
        match letter {
            _ if is_escaped => is_escaped = false,
            '_' | '\\' | '*' => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            ';' => return Shown::Number,
            '[' => depth = depth.saturating_add(1),
            ']' if depth == 1 && is_elapsed => return Shown::Duration,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 && !is_half_day && lower == 'a' => is_half_day = true,
            // A/P, AM/PM
            _ if depth == 0 && is_half_day && matches!(lower, 'p' | 'm' | '/') => return Shown::Date,
            _ if depth == 0 && !is_half_day && matches!(lower, 'd' | 'm' | 'h' | 'y' | 's') => return Shown::Date,
            _ if is_elapsed && letter.eq_ignore_ascii_case(&before) => {}
            _ => is_elapsed = before == '[' && matches!(lower, 'm' | 'h' | 's'),
        }
        before = letter;
    }
    Shown::Number
}
