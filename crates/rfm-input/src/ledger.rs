//! Where rows would go, without their customers.

use rfm_core::cell::{Cell, CellFormats, Cells, DateFormat, Money, TransactionBuffer};
use rfm_core::{Account, CleaningPolicy, Decimal, Refusal, Reject, Summaries};

use crate::error::Error;
use crate::intake::{CellRules, cells, read_row};
use crate::options::ReadOptions;
use crate::repeats::Repeats;
use crate::row::{Row, Site};

/// Rows that are accounted for at a time.
const LINES: usize = 4 * 1024;

/// Judges rows by the default policy and accounts for them, in the memory of one row.
#[derive(Debug)]
pub struct Ledger {
    row: TransactionBuffer,
    verdicts: Vec<Option<Reject>>,
    policy: CleaningPolicy,
    repeats: Option<Repeats>,
    /// Rows without customers, orders and days, whose number has no bound.
    lines: TransactionBuffer,
    summaries: Summaries,
}

impl Ledger {
    /// No row yet.
    #[must_use]
    pub fn new(options: &ReadOptions) -> Ledger {
        Ledger {
            row: options.buffer(),
            verdicts: Vec::new(),
            policy: CleaningPolicy::default(),
            repeats: options.drops_repeats.then(Repeats::default),
            lines: TransactionBuffer::default(),
            summaries: Summaries::new(CleaningPolicy::keep_all()),
        }
    }

    /// Takes a row, or tells why it cannot be used.
    ///
    /// # Errors
    ///
    /// What is wrong with the row; it is accounted for.
    pub fn enter(&mut self, row: &impl Row, site: &Site, rules: &CellRules<'_>) -> Result<(), Error> {
        self.row.clear();
        if let Err(bad) = read_row(row, site, rules, &mut self.row) {
            self.refuse(bad.refusal.reason, bad.refusal.amount);
            return Err(bad.error);
        }
        let Cells { money, .. } = cells(row, site.roles());
        let worth = self.row.worth(&money, rules.formats);
        if let Some(repeats) = &mut self.repeats {
            let key = repeats.key(row, site);
            if repeats.contains(key) {
                self.refuse(Reject::RepeatedLine, worth);
                return Ok(());
            }
            repeats.insert(key);
        }
        self.policy.judge(&self.row.batch(), &mut self.verdicts);
        match self.verdicts.first().copied().flatten() {
            Some(reason) => self.refuse(reason, worth),
            None => self.count(money, rules.formats),
        }
        Ok(())
    }

    /// One of the rows that count: only its money is kept.
    fn count(&mut self, money: Money<'_>, formats: &CellFormats) {
        let formats = CellFormats { date: DateFormat::YearMonthDay, ..*formats };
        let cells = Cells {
            customer: Cell::Text("any"),
            order: Some(Cell::Text("any")),
            product: None,
            date: Cell::Text("2000-01-01"),
            money,
            attribute: None,
            summary: None,
        };
        // It was read before, and its cells are those of all rows.
        let _ = self.lines.push(&cells, &formats);
        self.flush_at(LINES);
    }

    /// Accounts for a row that is none of the transactions.
    pub fn refuse(&mut self, reason: Reject, amount: Option<Decimal>) {
        self.lines.refuse(Refusal { reason, amount });
        self.flush_at(LINES);
    }

    fn flush_at(&mut self, lines: usize) {
        if self.lines.len() >= lines {
            // 64 bits a line do not reach 128 bits in anything that is read in a lifetime.
            let _ = self.summaries.push_batch(&self.lines.batch());
            self.lines.clear();
        }
    }

    /// Where all rows went.
    #[must_use]
    pub fn close(mut self) -> Account {
        self.flush_at(0);
        self.summaries.account().clone()
    }
}
