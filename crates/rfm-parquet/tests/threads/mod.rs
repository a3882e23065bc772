//! A source read by several threads, as one is by one.

use std::thread;

use rfm_core::{Customers, Summaries};
use rfm_input::InputReport;
use rfm_parquet::{ParquetSource, PieceReader, Pieces};

/// What several threads make of a source whose row groups are cut after so many rows; `None` if the pieces cannot be used.
pub(crate) fn by_threads(
    source: ParquetSource,
    threads: usize,
    rows: u64,
    summaries: &Summaries,
) -> Option<(Customers, Vec<InputReport>)> {
    let pieces = source.into_pieces_of(rows).unwrap();
    let work = || {
        let mut summaries = summaries.clone();
        let mut reader = pieces.reader();
        while let Some(batch) = reader.next_batch() {
            if summaries.push_batch(&batch).is_err() {
                pieces.give_up();
                break;
            }
        }
        (summaries, reader.into_intake())
    };
    let parts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut source = pieces.finish(parts.iter().map(|(_, intake)| intake))?;
    let mut all = summaries.clone();
    for (part, _) in parts {
        all.merge(part).unwrap();
    }
    assert!(rfm_core::TransactionSource::next_batch(&mut source).unwrap().is_none(), "it is at its end");
    Some((all.finish().unwrap(), source.reports().to_vec()))
}

/// What one thread makes of it.
pub(crate) fn by_one(mut source: ParquetSource, mut summaries: Summaries) -> Option<(Customers, Vec<InputReport>)> {
    loop {
        match rfm_core::TransactionSource::next_batch(&mut source) {
            Ok(Some(batch)) => summaries.push_batch(&batch).ok()?,
            Ok(None) => return Some((summaries.finish().unwrap(), source.reports().to_vec())),
            Err(_) => return None,
        };
    }
}

/// Holds pieces of several sizes against reading in order: they are the same, or there are none, and then reading in order fails.
/// Returns whether there is a result.
pub(crate) fn assert_alike(open: impl Fn() -> ParquetSource, summaries: &Summaries, what: &str) -> bool {
    let facts = |(customers, reports): (Customers, Vec<InputReport>)| (customers, format!("{reports:?}"));
    let expected = by_one(open(), summaries.clone()).map(facts);
    for (threads, rows) in [(1, 1), (2, 3), (4, 50), (3, 1_000_000)] {
        // A thousand of them tell as much as a million.
        let rows = rows.max(open().size() / 1_000);
        let found = by_threads(open(), threads, rows, summaries).map(facts);
        assert_eq!(found, expected, "{what}, {threads} threads, {rows} rows");
    }
    expected.is_some()
}
