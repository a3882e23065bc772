//! What is printed, and for how wide a terminal.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use rfm_kit::output::{Output, Terminal, printable};
use rfm_kit::{Decimal, Ratio, Run, Scale};
use terminal_size::{Width, terminal_size_of};
use unicode_width::UnicodeWidthStr;

use crate::failure::Failure;

/// Columns where no terminal says how many it has: the same for every pipe and file.
const WIDTH: usize = 100;

/// Prints to standard output, to the last byte.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = Output::create("-")?;
    out.write_all(text.as_bytes()).map_err(|error| out.write_error(error))?;
    Ok(out.commit()?)
}

/// Prints lines to standard error; if that is closed, nobody wants to know.
pub(crate) fn tell(text: &str) {
    let mut out = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(out, "{}", printable(line));
    }
}

/// Says which settings file is used, if one is.
pub(crate) fn tell_settings(config: Option<&Path>) {
    if let Some(config) = config {
        tell(&format!("note: settings from {}", config.display()));
    }
}

/// Says what to know about the input of a run.
pub(crate) fn tell_warnings(run: &Run) {
    run.notes().iter().for_each(|note| tell(&format!("warning: {note}")));
}

/// Says what to know about the input of a run and about its result, where no table tells that.
pub(crate) fn tell_notes(run: &Run) {
    tell_warnings(run);
    let diagnostics = run.on_threads(|| run.segmentation().diagnostics());
    diagnostics.iter().for_each(|diagnostic| tell(&format!("note: {diagnostic}")));
}

/// Columns of the terminal behind standard output.
pub(crate) fn width() -> usize {
    match terminal_size_of(io::stdout()) {
        Some((Width(width), _)) if io::stdout().is_terminal() => width.into(),
        _ => WIDTH,
    }
}

/// How the table of segments looks: as wide as the terminal, coloured if it is one and nobody minds.
pub(crate) fn terminal() -> Terminal {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let terminal = Terminal::new(width());
    if io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb { terminal.coloured() } else { terminal }
}

/// Rows with their cells below one another, two blanks between, `indent` blanks in front.
pub(crate) fn aligned(indent: usize, rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The text in lines that fit the terminal, with `label` before the first and blanks below it.
pub(crate) fn wrapped(label: &str, text: &str) -> String {
    let room = width().saturating_sub(label.width()).max(20);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if !line.is_empty() && line.width() + 1 + word.width() > room {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    let blanks = " ".repeat(label.width());
    let labels = std::iter::once(label).chain(std::iter::repeat(blanks.as_str()));
    labels.zip(lines).map(|(label, line)| format!("{label}{line}\n")).collect()
}

/// `1 line`, `2 lines`, `1,000 lines`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A share in percent, with one decimal: `34.2`.
pub(crate) fn percent(share: Decimal) -> Decimal {
    let percent = Ratio::from(share).checked_mul(Ratio::from(100)).unwrap_or(Ratio::from(0));
    percent.to_decimal(Scale::new(1).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_below_one_another() {
        let rows = [
            vec!["a".to_owned(), "bc".to_owned()],
            vec!["株".to_owned(), String::new()],
            vec!["long".to_owned(), "d".to_owned()],
        ];
        assert_eq!(aligned(1, &rows), " a     bc\n 株\n long  d\n");
    }

    #[test]
    fn things_are_counted() {
        assert_eq!(
            [0, 1, 999, 1_234_567].map(|number| count(number, "row")),
            ["0 rows", "1 row", "999 rows", "1,234,567 rows"]
        );
    }

    #[test]
    fn long_texts_are_wrapped_beside_their_label() {
        let text = wrapped("who: ", &"word ".repeat(30));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[1].starts_with("     word")), (2, true));
        assert!(lines.iter().all(|line| line.width() <= WIDTH));
        assert_eq!(wrapped("x ", ""), "x \n");
    }
}
