//! The cells of a sheet, from its XML.
//!
//! What stands where is judged as calamine judges it, which was compared with what spreadsheet programs show: elements are known by
//! their names without prefixes, at any depth; a cell without a place follows the one before; a row without a number follows the
//! row before; whatever is not known is passed over between cells, and is an error within.

use std::ops::ControlFlow;

use super::place;
use super::plain::Plain;
use super::value::{Context, Kind, Value, Written};
use super::xml::{BROKEN, Halt, Tag, Token, Tokens};
use crate::fault::Fault;
use crate::gatherer::Gatherer;
use crate::workbook::MergedArea;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    /// Before the cells; whether any element has begun.
    Head {
        has_begun: bool,
    },
    Cells,
    Tail,
}

/// The list of merged cells. Only the first one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Merging {
    Before,
    Within,
    After,
}

/// Numbers up to so many bytes are read at once.
const LONG: usize = 15;

/// Makes cells of the XML of a sheet, piece by piece.
pub(super) struct SheetParser<'c> {
    context: Context<'c>,
    scratch: String,
    /// The last long number and what it is: mostly a time, and lines of an order have the same.
    last: (Vec<u8>, Written, Value),
    section: Section,
    /// Where a cell is that does not say it, from 0.
    row: u32,
    column: u32,
    merging: Merging,
    merges: Vec<MergedArea>,
}

impl<'c> SheetParser<'c> {
    pub(super) fn new(context: Context<'c>) -> SheetParser<'c> {
        SheetParser {
            context,
            scratch: String::new(),
            last: (Vec::new(), Written { kind: Kind::Unknown, format: None }, Value::Empty),
            section: Section::Head { has_begun: false },
            row: 0,
            column: 0,
            merging: Merging::Before,
            merges: Vec::new(),
        }
    }

    /// Takes the whole tokens and cells at the beginning of the bytes and hands them over; how many bytes they have. Breaks if
    /// nobody wants more.
    pub(super) fn take(&mut self, bytes: &[u8], to: &mut Gatherer<'_>) -> Result<ControlFlow<(), usize>, Halt> {
        let mut tokens = Tokens::of(bytes);
        loop {
            if self.section == Section::Cells && self.take_plain(&mut tokens, to)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            let at = tokens.at();
            match self.step(&mut tokens, to) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Ok(ControlFlow::Break(())),
                Err(Halt::Cut) => return Ok(ControlFlow::Continue(at)),
                Err(halt) => return Err(halt),
            }
        }
    }

    /// The end of the part; the merged areas.
    pub(super) fn finish(self) -> Result<Vec<MergedArea>, Fault> {
        match self.section {
            // A sheet of charts has begun and has no cells.
            Section::Head { has_begun: true } | Section::Tail => Ok(self.merges),
            Section::Head { has_begun: false } | Section::Cells => Err(BROKEN),
        }
    }

    /// Takes cells and ends of rows as long as they are as usual.
    #[inline]
    fn take_plain(&mut self, tokens: &mut Tokens<'_>, to: &mut Gatherer<'_>) -> Result<ControlFlow<()>, Halt> {
        loop {
            let rest = tokens.rest();
            if let Some(plain) = Plain::of(rest) {
                let value = self.plain_value(&plain)?;
                tokens.skip(plain.length);
                self.column = plain.column + 1;
                let cell = self.context.cell(value, false, &self.scratch);
                if to.cell((plain.row, plain.column), cell)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            } else if rest.starts_with(b"</row>") {
                tokens.skip(b"</row>".len());
                self.end_row();
            } else {
                return Ok(ControlFlow::Continue(()));
            }
        }
    }

    #[inline]
    fn plain_value(&mut self, plain: &Plain<'_>) -> Result<Value, Fault> {
        if plain.value.len() <= LONG {
            return self.context.simple(plain.value, plain.written, &mut self.scratch);
        }
        let (text, written, value) = &mut self.last;
        if *written == plain.written && *text == plain.value {
            return Ok(*value);
        }
        let found = self.context.simple(plain.value, plain.written, &mut self.scratch)?;
        // A text is in the scratch space, which others will use.
        if !matches!(found, Value::Text) {
            (*written, *value) = (plain.written, found);
            text.clear();
            text.extend_from_slice(plain.value);
        }
        Ok(found)
    }

    /// Takes the next token, or cell.
    fn step(&mut self, tokens: &mut Tokens<'_>, to: &mut Gatherer<'_>) -> Result<ControlFlow<()>, Halt> {
        match (self.section, tokens.next()?) {
            (Section::Cells, Token::Start(tag)) if tag.local() == b"c" => return self.cell(tag, tokens, to),
            (_, Token::Start(tag)) => self.start(tag)?,
            (section, Token::End(name)) => match (section, name.local()) {
                (Section::Cells, b"row") => self.end_row(),
                (Section::Cells, b"sheetData") => {
                    self.section = Section::Tail;
                    to.finish()?;
                }
                (Section::Tail, b"sheetData") => return Err(CELLS_BEHIND.into()),
                (_, b"mergeCells") if self.merging == Merging::Within => self.merging = Merging::After,
                _ => {}
            },
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn start(&mut self, tag: Tag<'_>) -> Result<(), Halt> {
        match (self.section, tag.local()) {
            (_, b"mergeCells") if self.merging == Merging::Before => self.merging = Merging::Within,
            (_, b"mergeCell") if self.merging == Merging::Within => {
                if let Some(area) = tag.attribute(b"ref")? {
                    let (first, last) = place::area(area)?;
                    self.merges.push(MergedArea::of(first, last));
                }
            }
            (Section::Head { .. }, b"dimension") => {
                place::area(tag.attribute(b"ref")?.ok_or(BROKEN)?)?;
                return Ok(());
            }
            (Section::Head { .. }, b"sheetData") => self.section = Section::Cells,
            (Section::Cells | Section::Tail, b"row") => {
                if let Some(row) = tag.attribute(b"r")? {
                    self.row = place::row(row)?;
                }
            }
            (Section::Tail, b"c") => return Err(CELLS_BEHIND.into()),
            _ => {}
        }
        if let Section::Head { has_begun } = &mut self.section {
            *has_begun = true;
        }
        Ok(())
    }

    fn end_row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.column = 0;
    }

    fn cell(&mut self, tag: Tag<'_>, tokens: &mut Tokens<'_>, to: &mut Gatherer<'_>) -> Result<ControlFlow<()>, Halt> {
        let [at, format, kind] = tag.pick([b"r", b"s", b"t"])?;
        let (row, column) = match at {
            Some(at) => place::cell(at)?,
            None => (self.row, self.column),
        };
        let (value, is_formula) = self.context.read(tokens, Written::of(kind, format), &mut self.scratch)?;
        self.column = column.saturating_add(1);
        Ok(to.cell((row, column), self.context.cell(value, is_formula, &self.scratch))?)
    }
}

const CELLS_BEHIND: Fault = Fault::Damaged("it has cells behind the end of its cells");
