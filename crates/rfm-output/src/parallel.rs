//! Pieces of an output that are made by several threads and written in their order.

/// Makes pieces and takes each of them, in their order, as soon as it is there; some of the next ones are made meanwhile, on the threads of
/// the rayon pool that we are called in. Without the feature, or with one thread, one is made after the other.
///
/// Of several errors the first in the order of the pieces counts, and nothing behind it is taken.
pub(crate) fn in_order<T: Send, E: Send>(
    pieces: usize,
    make: impl Fn(usize) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    #[cfg(feature = "rayon")]
    {
        use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

        let threads = rayon::current_num_threads();
        if threads > 1 && pieces > 1 {
            // Some more than threads, since they take unequal times.
            let at_once = threads * 4;
            let made = |first: usize| -> Vec<Result<T, E>> {
                (first..(first + at_once).min(pieces)).into_par_iter().map(&make).collect()
            };
            let mut ready = made(0);
            let mut first = at_once;
            while !ready.is_empty() {
                let (taken, next) =
                    rayon::join(|| ready.into_iter().try_for_each(|piece| take(piece?)), || made(first.min(pieces)));
                taken?;
                ready = next;
                first += at_once;
            }
            return Ok(());
        }
    }
    (0..pieces).try_for_each(|piece| take(make(piece)?))
}

/// Calls a function with all of some things at once; of several errors the first in their order counts.
#[cfg(feature = "parquet")]
pub(crate) fn collect<T: Send, U: Send, E: Send>(
    things: Vec<T>,
    of: impl Fn(T) -> Result<U, E> + Sync + Send,
) -> Result<Vec<U>, E> {
    #[cfg(feature = "rayon")]
    {
        use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

        if rayon::current_num_threads() > 1 {
            let made: Vec<Result<U, E>> = things.into_par_iter().map(of).collect();
            return made.into_iter().collect();
        }
    }
    things.into_iter().map(of).collect()
}

/// Does two things at once, or one after the other.
#[cfg(any(feature = "parquet", feature = "arrow"))]
pub(crate) fn both<T: Send, U: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> U + Send) -> (T, U) {
    #[cfg(feature = "rayon")]
    if rayon::current_num_threads() > 1 {
        return rayon::join(one, other);
    }
    (one(), other())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_taken_in_their_order_up_to_the_first_error() {
        for pieces in [0, 1, 2, 7, 100] {
            let mut taken = Vec::new();
            let result: Result<(), ()> = in_order(pieces, Ok, |piece| {
                taken.push(piece);
                Ok(())
            });
            assert_eq!((result, taken), (Ok(()), (0..pieces).collect::<Vec<_>>()));
        }
        let mut taken = 0;
        let make = |piece| if piece < 30 { Ok(piece) } else { Err(piece) };
        let result = in_order(100, make, |_| {
            taken += 1;
            Ok(())
        });
        assert_eq!((result, taken), (Err(30), 30));
        let refuse = |piece| if piece == 11 { Err("full") } else { Ok(()) };
        assert_eq!(in_order(100, |piece| if piece == 12 { Err("later") } else { Ok(piece) }, refuse), Err("full"));
    }
}
