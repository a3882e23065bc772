//! What a person sees: the segment table, the account of all lines and notes, as text for a terminal.

mod bar;
mod layout;
mod text;

pub use text::printable;

use std::fmt::Display;

use rfm_core::{Account, SegmentSummary, Tally};

use text::{count, grouped};

/// How texts for people look: for how many columns, in Unicode or ASCII, with or without colour.
///
/// All texts end with a line end and have no trailing blanks. What comes from data is made [`printable`] first.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, Day, Rfm, Transaction};
/// use rfm_output::Terminal;
///
/// let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10)?).build()?;
/// let mut summaries = rfm.summaries();
/// for (customer_id, day, cents) in [("ann", 9, 123_456_789), ("bob", 1, 500), ("", 1, 75)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let result = rfm.segment(summaries.finish()?)?;
///
/// let terminal = Terminal::new(100).ascii();
/// assert_eq!(terminal.account(result.customers().account()), "\
/// 3 lines read: 2 used (1,234,572.89), 1 rejected (0.75)
///   1 missing customer (0.75)
/// ");
/// let table = terminal.segments(&result.summary());
/// assert!(table.lines().all(|line| line.len() <= 100));
/// assert!(table.contains("\nLost") && table.contains("1,234,567.89"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    width: usize,
    glyphs: Glyphs,
    colour: bool,
}

/// What bars and rules are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Glyphs {
    Unicode,
    Ascii,
}

impl Terminal {
    /// For this many columns; Unicode, without colour.
    #[must_use]
    pub const fn new(width: usize) -> Terminal {
        Terminal { width, glyphs: Glyphs::Unicode, colour: false }
    }

    /// Draws with ASCII only. Names of segments stay as they are.
    #[must_use]
    pub const fn ascii(self) -> Terminal {
        Terminal { glyphs: Glyphs::Ascii, ..self }
    }

    /// Sets off header, total and bars with ANSI sequences. Ask for it only if a terminal is there and wants it.
    #[must_use]
    pub const fn coloured(self) -> Terminal {
        Terminal { colour: true, ..self }
    }

    /// The segment summary as a table: customers and their share as number and bar (the largest share fills it), revenue and its
    /// share, and the median of recency, frequency and monetary value; a total below.
    ///
    /// Numbers have thousands separators, shares are percentages with one decimal, revenue is exact, medians of money show at
    /// most two decimals. If the table is too wide, the bar shrinks and long names are cut, then columns go from the right, then
    /// the bar; below some 45 columns it stays too wide.
    #[must_use]
    pub fn segments(&self, summary: &SegmentSummary) -> String {
        layout::table(self, summary)
    }

    /// Where every line went, in lines and in money, with one line for each reason to reject.
    #[must_use]
    pub fn account(&self, account: &Account) -> String {
        let money = |tally: Tally| match tally.without_amount() {
            0 => format!("({})", grouped(account.money(tally))),
            all if all == tally.lines() => "(no readable amount)".to_owned(),
            some => format!("({}, and {} cannot be read)", grouped(account.money(tally)), count(some, "amount")),
        };
        let rejected = account.rejected_total();
        let mut text = format!(
            "{} read: {} used {}",
            count(account.read().lines(), "line"),
            grouped(account.used().lines()),
            money(account.used())
        );
        if rejected.lines() == 0 {
            text.push_str(", none rejected\n");
            return text;
        }
        text.push_str(&format!(", {} rejected {}\n", grouped(rejected.lines()), money(rejected)));
        let lines: Vec<(String, String)> = account
            .reasons()
            .map(|(reason, tally)| (grouped(tally.lines()), format!("{reason} {}", money(tally))))
            .collect();
        let width = lines.iter().map(|(lines, _)| lines.len()).max().unwrap_or(0);
        for (lines, reason) in lines {
            text.push_str(&format!("  {lines:>width$} {reason}\n"));
        }
        text
    }

    /// One line for each diagnostic or other remark, `note: ` before it.
    #[must_use]
    pub fn notes<N: Display>(&self, notes: impl IntoIterator<Item = N>) -> String {
        notes.into_iter().map(|note| format!("note: {}\n", printable(&note.to_string()))).collect()
    }
}
