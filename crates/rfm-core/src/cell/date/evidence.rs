//! What the cells of a column prove about its format.

use super::DateFormat;

/// A set of formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateFormats(u8);

impl DateFormats {
    const ALL: DateFormats = DateFormats(u8::MAX);

    /// The formats that can read a text.
    #[must_use]
    pub fn of(text: &str) -> DateFormats {
        DateFormats::ALL.that_read(text)
    }

    /// Those of the set that can read a text.
    fn that_read(self, text: &str) -> DateFormats {
        let text = text.trim();
        let reads = |format: &DateFormat| format.read_written(text, None).is_some();
        self.iter().filter(reads).fold(DateFormats(0), |set, format| DateFormats(set.0 | bit(format)))
    }

    const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The formats of the set.
    pub fn iter(self) -> impl Iterator<Item = DateFormat> {
        DateFormat::ALL.into_iter().filter(move |format| self.0 & bit(*format) != 0)
    }
}

#[expect(clippy::as_conversions, reason = "the discriminants are 0..7")]
const fn bit(format: DateFormat) -> u8 {
    1u8.wrapping_shl(format as u32)
}

/// What the cells of a column say about its format. Evidence of several files adds up.
///
/// # Examples
///
/// ```
/// use rfm_core::cell::{DateEvidence, DateFormat};
///
/// let mut evidence = DateEvidence::default();
/// evidence.observe("05/04/2024");
/// assert_eq!(evidence.format(), None); // the 5th of April, or the 4th of May
/// evidence.observe("17/04/2024");
/// assert_eq!(evidence.format(), Some(DateFormat::DayMonthYear));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateEvidence {
    candidates: DateFormats,
    dates: u64,
    unreadable: u64,
}

impl Default for DateEvidence {
    fn default() -> DateEvidence {
        DateEvidence { candidates: DateFormats::ALL, dates: 0, unreadable: 0 }
    }
}

impl DateEvidence {
    /// Takes a cell into account. `false` if no format reads both this cell and those before it.
    ///
    /// Empty cells, and cells that no format reads, say nothing about the format of the others.
    pub fn observe(&mut self, text: &str) -> bool {
        // Soon one candidate is left, and only it is tried.
        let mut formats = self.candidates.that_read(text);
        if formats.is_empty() {
            formats = DateFormats::of(text);
        }
        if formats.is_empty() {
            self.unreadable = self.unreadable.saturating_add(u64::from(!text.trim().is_empty()));
            return true;
        }
        self.dates = self.dates.saturating_add(1);
        self.candidates.0 &= formats.0;
        !self.candidates.is_empty()
    }

    /// The evidence of both.
    #[must_use]
    pub fn and(self, other: DateEvidence) -> DateEvidence {
        DateEvidence {
            candidates: DateFormats(self.candidates.0 & other.candidates.0),
            dates: self.dates.saturating_add(other.dates),
            unreadable: self.unreadable.saturating_add(other.unreadable),
        }
    }

    /// The format that is proven: the only one that reads every date seen. `None` without dates, or if several or none do.
    #[must_use]
    pub fn format(self) -> Option<DateFormat> {
        let mut formats = self.candidates.iter();
        match (formats.next(), formats.next()) {
            (Some(format), None) => Some(format),
            _ => None,
        }
    }

    /// The formats that read every date seen.
    #[must_use]
    pub const fn candidates(self) -> DateFormats {
        self.candidates
    }

    /// Cells that are dates in some format, and cells that are not empty and in none.
    #[must_use]
    pub const fn counts(self) -> (u64, u64) {
        (self.dates, self.unreadable)
    }
}
