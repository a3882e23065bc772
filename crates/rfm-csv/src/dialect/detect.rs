//! Which delimiter a text uses, and why we think so.

use std::collections::BTreeMap;

use rfm_core::Limits;

use super::Dialect;
use crate::records::{Flaw, RecordFault, Records};

/// The delimiters that are tried, in the order that decides between equals.
pub(crate) const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What speaks for one delimiter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    delimiter: u8,
    records: u64,
    columns: usize,
    matching: u64,
    first_matches: bool,
    broken: bool,
}

impl Evidence {
    /// The delimiter.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Records in the sample, as this delimiter divides it.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The most frequent number of columns; of equally frequent ones the largest. Zero without a record.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many of the records have that many columns and no flaw of quoting.
    #[must_use]
    pub fn matching(&self) -> u64 {
        self.matching
    }

    /// Whether the first record, most likely the header, is one of them.
    #[must_use]
    pub fn first_matches(&self) -> bool {
        self.first_matches
    }

    /// Whether the sample could not be read to its end: a quote that is never closed, a limit passed.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// The share of the records that match, 0 to 1; 0 without a record.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.records == 0 { 0.0 } else { self.matching as f64 / self.records as f64 }
    }

    fn gather(sample: &[u8], is_complete: bool, dialect: Dialect, limits: Limits) -> Evidence {
        let mut widths: BTreeMap<usize, u64> = BTreeMap::new();
        let mut first = None;
        let mut count = 0;
        let mut records = Records::of_text(sample, dialect, limits);
        let broken = loop {
            let record = match records.next_record() {
                Ok(Some(record)) => record,
                Ok(None) => break false,
                // Where the sample is cut a quote may be open.
                Err(error) => break is_complete || !matches!(error.fault(), RecordFault::UnclosedQuote),
            };
            let width = match record.flaw() {
                Some(Flaw::TextAfterQuote { .. } | Flaw::QuoteInPlainField { .. }) => None,
                _ => Some(record.len()),
            };
            if !is_complete && records.ended_without_newline() {
                break false;
            }
            count += 1;
            first.get_or_insert(width);
            if let Some(width) = width {
                *widths.entry(width).or_default() += 1;
            }
        };
        let (columns, matching) =
            widths.into_iter().max_by_key(|&(width, matching)| (matching, width)).unwrap_or((0, 0));
        let first_matches = first.flatten().is_some_and(|width| width == columns);
        Evidence { delimiter: dialect.delimiter(), records: count, columns, matching, first_matches, broken }
    }

    /// A delimiter that yields one column is none. Then: a header that fits, a sample that can be read to its end, a
    /// larger share of records that fit.
    fn rank(&self, other: &Evidence) -> std::cmp::Ordering {
        let fits = |e: &Evidence| (e.columns > 1, e.first_matches, !e.broken);
        let share = |a: &Evidence, b: &Evidence| u128::from(a.matching) * u128::from(b.records);
        fits(self).cmp(&fits(other)).then(share(self, other).cmp(&share(other, self)))
    }
}

/// The delimiter that fits the start of a text best, with the evidence for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    dialect: Dialect,
    columns: usize,
    tied: Vec<u8>,
    evidence: Vec<Evidence>,
}

impl Detection {
    /// The dialect that was chosen.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The number of columns it gives; 1 if no delimiter was found, 0 for a text without a record.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Other delimiters that fit as well; the one with more columns was chosen, then the earlier of `,` `;` tab `|`.
    #[must_use]
    pub fn tied(&self) -> &[u8] {
        &self.tied
    }

    /// One entry for each delimiter that was tried, in the order `,` `;` tab `|`.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
}

/// Chooses the delimiter of a text by its start. `is_complete` says whether the sample is the whole text; if not, its last
/// record is left out, since it may be cut.
///
/// The delimiter is decided once and holds for the whole text. Where none gives more than one column, it is the comma.
pub(crate) fn detect(sample: &[u8], is_complete: bool, quote: Option<u8>, limits: Limits) -> Detection {
    let dialects = CANDIDATES.iter().filter_map(|&delimiter| Dialect::try_new(delimiter, quote).ok());
    let evidence: Vec<Evidence> =
        dialects.map(|dialect| Evidence::gather(sample, is_complete, dialect, limits)).collect();
    let mut best: Option<&Evidence> = None;
    let mut tied = Vec::new();
    for candidate in &evidence {
        let Some(leader) = best else {
            best = Some(candidate);
            continue;
        };
        match candidate.rank(leader) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Greater => {
                best = Some(candidate);
                tied.clear();
            }
            std::cmp::Ordering::Equal if candidate.columns <= 1 => {}
            std::cmp::Ordering::Equal if candidate.columns > leader.columns => {
                tied.push(leader.delimiter);
                best = Some(candidate);
            }
            std::cmp::Ordering::Equal => tied.push(candidate.delimiter),
        }
    }
    let (delimiter, columns) = match best {
        Some(best) if best.columns > 1 => (best.delimiter, best.columns),
        Some(best) => (b',', best.columns),
        None => (b',', 0),
    };
    // The comma can be the quote only if nothing else was found; then there is no better answer than the default.
    let dialect = Dialect::try_new(delimiter, quote).unwrap_or_default();
    Detection { dialect, columns, tied, evidence }
}
