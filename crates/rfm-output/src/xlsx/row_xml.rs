//! The rows of a large sheet, as the XML of its part.

use std::fmt::Write as _;
use std::io::{self, Write};

use rust_xlsxwriter::utility::column_number_to_name;

use super::cell::{Cell, Stored};

const BUFFER: usize = 64 * 1024;

/// Writes rows of cells, from left to right and from top to bottom.
pub(super) struct RowWriter<'a> {
    out: &'a mut dyn Write,
    xml: String,
    /// Letters and style of each column.
    columns: Vec<(String, u32)>,
    /// The row at hand, counted from 1.
    row: u32,
    column: usize,
}

impl<'a> RowWriter<'a> {
    /// The first row comes below the header.
    pub(super) fn new(styles: &[u32], out: &'a mut dyn Write) -> RowWriter<'a> {
        let columns = styles.iter().zip(0..).map(|(style, at)| (column_number_to_name(at), *style)).collect();
        RowWriter { out, xml: String::with_capacity(BUFFER + 4096), columns, row: 1, column: 0 }
    }

    pub(super) fn cell(&mut self, cell: Cell<'_>) {
        if self.column == 0 {
            self.row += 1;
            // Writing to a text does not fail.
            let _ = write!(self.xml, "<row r=\"{}\">", self.row);
        }
        let (letters, style) = &self.columns[self.column];
        let (xml, row) = (&mut self.xml, self.row);
        self.column += 1;
        let _ = match cell.stored() {
            Stored::Empty => Ok(()),
            Stored::Number(number) => write!(xml, "<c r=\"{letters}{row}\" s=\"{style}\"><v>{number}</v></c>"),
            Stored::Text(text) => {
                let begun =
                    write!(xml, "<c r=\"{letters}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
                escape(&text, xml);
                xml.push_str("</t></is></c>");
                begun
            }
        };
    }

    pub(super) fn end_row(&mut self) -> io::Result<()> {
        debug_assert_eq!(self.column, self.columns.len());
        self.column = 0;
        self.xml.push_str("</row>");
        if self.xml.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.out.write_all(self.xml.as_bytes());
        self.xml.clear();
        result
    }
}

/// Escapes a text for a cell. XML has no control characters but tab and line feed (a carriage return would become one), so the
/// others are `_x0007_`, as spreadsheets write them; what looks like that is `_x005F_x0007_`.
pub(super) fn escape(text: &str, xml: &mut String) {
    let mut done = 0;
    for (at, character) in text.char_indices() {
        let escaped = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '_' if is_escape(&text.as_bytes()[at..]) => "_x005F_",
            '\t' | '\n' => continue,
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => "",
            _ => continue,
        };
        xml.push_str(&text[done..at]);
        if escaped.is_empty() {
            let _ = write!(xml, "_x{:04X}_", u32::from(character));
        } else {
            xml.push_str(escaped);
        }
        done = at + character.len_utf8();
    }
    xml.push_str(&text[done..]);
}

fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', digits @ .., ] if digits.len() >= 5 && digits[4] == b'_' && digits[..4].iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rfm_core::{Decimal, Scale};

    fn escaped(text: &str) -> String {
        let mut xml = String::new();
        escape(text, &mut xml);
        xml
    }

    #[test]
    fn what_xml_cannot_hold_is_written_as_spreadsheets_do() {
        assert_eq!(escaped("a<b>&\"c'"), "a&lt;b&gt;&amp;\"c'");
        assert_eq!(escaped("\t\n\r\0\u{1b}\u{7f}"), "\t\n_x000D__x0000__x001B_\u{7f}");
        assert_eq!(escaped("\u{fffe}x\u{ffff}\u{fffd}"), "_xFFFE_x_xFFFF_\u{fffd}");
        assert_eq!(escaped(""), "");
    }

    #[test]
    fn what_looks_like_an_escape_is_escaped() {
        assert_eq!(escaped("_x0041_"), "_x005F_x0041_");
        assert_eq!(escaped("__xABcd__x00_"), "__x005F_xABcd__x00_");
        assert_eq!(escaped("_x004"), "_x004");
        assert_eq!(escaped("_x\u{e4}\u{e4}_"), "_x\u{e4}\u{e4}_");
    }

    #[test]
    fn cells_have_their_addresses_and_styles() {
        let mut xml = Vec::new();
        let mut rows = RowWriter::new(&[1, 2, 3], &mut xml);
        for text in ["=1+1", "b"] {
            rows.cell(Cell::Text(text.into()));
            rows.cell(Cell::Empty);
            rows.cell(Cell::Number(Decimal::new(-1_999, Scale::CENTS)));
            rows.end_row().unwrap();
        }
        rows.finish().unwrap();
        let text = |cell, text| {
            format!("<c r=\"{cell}\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
        };
        let number = |cell| format!("<c r=\"{cell}\" s=\"3\"><v>-19.99</v></c>");
        let expected = format!(
            "<row r=\"2\">{}{}</row><row r=\"3\">{}{}</row>",
            text("A2", "=1+1"),
            number("C2"),
            text("A3", "b"),
            number("C3")
        );
        assert_eq!(String::from_utf8(xml).unwrap(), expected);
    }
}
