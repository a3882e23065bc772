//! Parquet files of any kind, to customers.

use rfm_core::{CleaningPolicy, Reject, Summaries, TransactionSource};
use rfm_csv::{BadRows, ReadOptions};
use rfm_parquet::{Error, ParquetOptions, ParquetSource};

/// A whole file of some rows, with a dictionary and with plain pages: where a fuzzer begins.
pub const ORDERS: &[u8] = include_bytes!("../seeds/orders.parquet");

/// Reads bytes as a Parquet file. Panics of the library that decodes it are caught by the adapter, which is what is looked
/// at here; files of which only decoding shows how much memory they take are refused, as in a program that has a worker.
///
/// # Panics
///
/// If the account does not add up, or reading twice gives something else.
pub fn parquet(data: &[u8]) {
    let read = |options: ReadOptions| customers(data, ParquetOptions::from(options).refuse_undecided());
    let strict = read(ReadOptions::default());
    let Ok(lenient) = read(ReadOptions::default().bad_rows(BadRows::Skip { limit: None })) else {
        assert!(strict.is_err(), "leaving rows out never refuses a file that is read whole");
        return;
    };
    if let Ok(strict) = strict {
        assert_eq!(strict, lenient, "where no row is bad none is left out");
    }
}

/// Rows that were read, and those that are left of them.
fn customers(data: &[u8], options: ParquetOptions) -> Result<(u64, u64), Error> {
    let mut source = ParquetSource::from_bytes("fuzz.parquet", data, options)?;
    let mut summaries = Summaries::new(CleaningPolicy::default());
    while let Some(batch) = source.next_batch()? {
        if summaries.push_batch(&batch).is_err() {
            break;
        }
    }
    let account = summaries.account();
    let rejected: u64 = Reject::ALL.into_iter().map(|reason| account.rejected(reason).lines()).sum();
    assert_eq!(account.read().lines(), account.used().lines() + rejected, "every row is accounted for");
    Ok((account.read().lines(), account.used().lines()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_and_its_damage_pass() {
        parquet(ORDERS);
        for at in 0..ORDERS.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut bytes = ORDERS.to_vec();
                bytes[at] = byte;
                parquet(&bytes);
            }
        }
    }
}
