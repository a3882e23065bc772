//! Rows in parts: on the threads of the rayon pool that we are called in, or one after the other without the feature.
//!
//! How many parts there are depends on the threads, so that nothing that is computed here may depend on the parts: counts, sums
//! that are exact, the least and the greatest.

use core::ops::Range;

use crate::axes::{Axes, Dimension};

/// Rows that are taken at a time, where each thread takes the next ones when it is done: some hundred microseconds of work.
#[cfg(any(feature = "rayon", feature = "json", test))]
const ROWS: usize = 1 << 15;

/// Values that are read into the first cache at a time.
pub(crate) const BLOCK: usize = 1024;

/// What a function makes of parts of the rows, in the order of the rows; at least one part.
pub(crate) fn parts<T: Send>(rows: usize, of: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    #[cfg(feature = "rayon")]
    {
        use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

        let parts = rayon::current_num_threads().min(rows.div_ceil(ROWS));
        if parts > 1 {
            let size = rows.div_ceil(parts);
            let part =
                |at: usize| size.saturating_mul(at).min(rows)..size.saturating_mul(at.saturating_add(1)).min(rows);
            return (0..parts).into_par_iter().map(|at| of(part(at))).collect();
        }
    }
    vec![of(0..rows)]
}

/// Calls a function with pieces of a column that is to be filled, and the row that each begins with.
pub(crate) fn fill<T: Send>(column: &mut [T], of: impl Fn(usize, &mut [T]) + Sync) {
    #[cfg(feature = "rayon")]
    {
        use rayon::iter::{IndexedParallelIterator as _, ParallelIterator as _};
        use rayon::slice::ParallelSliceMut as _;

        if column.len() > ROWS && rayon::current_num_threads() > 1 {
            let pieces = column.par_chunks_mut(ROWS).enumerate();
            pieces.for_each(|(at, piece)| of(at.saturating_mul(ROWS), piece));
            return;
        }
    }
    of(0, column);
}

/// What a function makes of each of some things, in their order.
pub(crate) fn each<T: Send, U: Send>(things: Vec<T>, of: impl Fn(T) -> U + Sync + Send) -> Vec<U> {
    #[cfg(feature = "rayon")]
    {
        use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

        things.into_par_iter().map(of).collect()
    }
    #[cfg(not(feature = "rayon"))]
    things.into_iter().map(of).collect()
}

/// One value for each dimension, all three at once.
pub(crate) fn axes<T: Send>(of: impl Fn(Dimension) -> T + Sync) -> Axes<T> {
    #[cfg(feature = "rayon")]
    {
        let both = || rayon::join(|| of(Dimension::Frequency), || of(Dimension::Monetary));
        let (recency, (frequency, monetary)) = rayon::join(|| of(Dimension::Recency), both);
        Axes { recency, frequency, monetary }
    }
    #[cfg(not(feature = "rayon"))]
    Axes::from_fn(of)
}

/// Sorts values of which equal ones are the same.
pub(crate) fn sort<T: Ord + Send>(values: &mut [T]) {
    #[cfg(feature = "rayon")]
    {
        use rayon::slice::ParallelSliceMut as _;

        if values.len() > ROWS {
            values.par_sort_unstable();
            return;
        }
    }
    values.sort_unstable();
}

/// All rows in stretches of which each is worth all threads, for what is made of many rows and must not be kept for all of them.
#[cfg(feature = "json")]
pub(crate) fn stretches(rows: usize) -> impl Iterator<Item = Range<usize>> {
    const STRETCH: usize = ROWS << 2;
    (0..rows).step_by(STRETCH).map(move |first| first..first.saturating_add(STRETCH).min(rows))
}

/// The parts of a range that are read at a time: their first row and their length, at most [`BLOCK`].
pub(crate) fn blocks(rows: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    let end = rows.end;
    rows.step_by(BLOCK).map(move |first| (first, end.saturating_sub(first).min(BLOCK)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_pieces_are_all_rows_in_their_order() {
        for rows in [0, 1, BLOCK, ROWS, 3 * ROWS + 7] {
            let parts = parts(rows, |part| part);
            assert_eq!(parts.iter().flat_map(Clone::clone).collect::<Vec<_>>(), (0..rows).collect::<Vec<_>>());
            let of_blocks = parts.into_iter().flat_map(blocks).map(|(_, length)| length).sum::<usize>();
            assert_eq!(of_blocks, rows);
            let mut column = vec![0; rows];
            fill(&mut column, |first, piece| (first..).zip(piece).for_each(|(row, value)| *value = row));
            assert_eq!(column, (0..rows).collect::<Vec<_>>());
        }
    }
}
