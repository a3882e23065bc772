//! How much a file may claim. Far above what real files have, and low enough for the memory of a small machine.

use rfm_core::Limits;

/// Bytes of the footer: 100,000 column chunks take about 10 MiB.
pub(super) const FOOTER_BYTES: u64 = 32 << 20;

/// Levels of the schema, with its root. The library calls itself once for each.
pub(super) const DEPTH: usize = 32;

/// Nodes of the schema for each column that [`Limits::columns`] allows.
pub(super) const NODES_PER_COLUMN: usize = 4;

/// Row groups; the format numbers them with 16 bits.
pub(super) const ROW_GROUPS: usize = 32_767;

/// Column chunks in all row groups. The library keeps about 600 bytes for each.
pub(super) const CHUNKS: usize = 250_000;

/// Bytes of one page, inflated. Pages have about one MiB; some writers make one of a whole row group.
pub(super) const PAGE_BYTES: u64 = 128 << 20;

/// Bytes of the largest pages of all needed columns together, inflated, with their dictionaries: what is in memory at once.
pub(super) const HELD_BYTES: u64 = 256 << 20;

/// Bytes of a page header, with its statistics.
pub(super) const HEADER_BYTES: usize = 1 << 20;

/// Bytes of one value of a fixed length.
pub(super) const FIXED_BYTES: i32 = 1024;

/// Rows for each byte of the file. Real ones have less than one; a column of one value in runs has some thousands.
pub(super) const ROWS_PER_BYTE: u64 = 10_000;

/// Nodes that a schema may have.
pub(super) fn nodes(limits: &Limits) -> usize {
    limits.columns.saturating_mul(NODES_PER_COLUMN)
}
