//! Inputs for several threads, the same contract for every adapter.

use rfm_core::TransactionBatch;

use crate::intake::Intake;

/// The inputs of a source, cut into pieces that threads take one after the other, in no order.
///
/// Each thread takes a [`Pieces::reader`] to its end; [`Pieces::finish`] puts together what they found out.
///
/// The pieces are right, or there is no result: wherever one reader of all inputs would stop with an error, or may do so, `finish`
/// has nothing to return. Then the inputs are to be read again, by the source in their order, which says what is wrong and where.
pub trait Pieces: Sync + Sized {
    /// What reads the same inputs on one thread.
    type Source;

    /// What one thread reads with.
    type Reader<'p>: PieceReader
    where
        Self: 'p;

    /// A reader of the pieces that no other reader takes.
    fn reader(&self) -> Self::Reader<'_>;

    /// Makes all readers end: what was read is not wanted any more, and [`Pieces::finish`] has nothing to return.
    fn give_up(&self);

    /// What one source that has read everything would be, from the intakes of all readers; `None` if it would have stopped with
    /// an error, or may have.
    #[must_use]
    fn finish<'i>(self, intakes: impl IntoIterator<Item = &'i Intake>) -> Option<Self::Source>;
}

/// Reads pieces, a batch of rows at a time; made by [`Pieces::reader`].
pub trait PieceReader {
    /// The next batch; `None` when there are no more pieces, or they cannot be used.
    fn next_batch(&mut self) -> Option<TransactionBatch<'_>>;

    /// The intake, for [`Pieces::finish`].
    #[must_use]
    fn into_intake(self) -> Intake;
}
