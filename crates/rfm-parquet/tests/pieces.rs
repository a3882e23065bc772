//! Several threads read what one does, or nothing.
#![allow(clippy::unwrap_used, reason = "a test program")]

mod threads;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{WriterProperties, WriterVersion};
use proptest::prelude::*;
use rfm_core::{CleaningPolicy, Summaries, TransactionSource};
use rfm_input::{BadRows, ReadOptions};
use rfm_parquet::{ParquetOptions, ParquetSource, PieceReader, Pieces};

use threads::{assert_alike, by_threads};

fn summaries() -> Summaries {
    Summaries::new(CleaningPolicy::default())
}

/// What a row has.
#[derive(Clone, Copy, Debug)]
enum Row {
    Line {
        customer: u8,
        day: u8,
        cents: i16,
    },
    NoCustomer,
    NoDate,
    NotFinite,
    /// Nothing in the columns that are needed, but a note.
    Noted,
    Blank,
    Currency(&'static str),
}

const LINE: Row = Row::Line { customer: 7, day: 3, cents: 1_999 };

fn batch(rows: &[Row]) -> RecordBatch {
    let customer = |row: &Row| match row {
        Row::Line { customer, .. } => Some(format!("customer {customer}")),
        Row::NoDate | Row::NotFinite | Row::Currency(_) => Some("x".to_owned()),
        _ => None,
    };
    let day = |row: &Row| match row {
        Row::Line { day, .. } => Some(15_000 + i32::from(*day)),
        Row::NoCustomer | Row::NotFinite | Row::Currency(_) => Some(15_000),
        _ => None,
    };
    let price = |row: &Row| match row {
        Row::Line { cents, .. } => Some(f64::from(*cents) / 100.0),
        Row::NotFinite => Some(f64::NAN),
        Row::NoCustomer | Row::NoDate | Row::Currency(_) => Some(0.125),
        _ => None,
    };
    let whole = |row: &Row| !matches!(row, Row::Noted | Row::Blank);
    let note = |row: &Row| matches!(row, Row::Noted).then_some("secret");
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("customer", Arc::new(rows.iter().map(customer).collect::<StringArray>())),
        ("order", Arc::new((0..).zip(rows).map(|(at, row)| whole(row).then_some(at / 3)).collect::<Int64Array>())),
        ("date", Arc::new(rows.iter().map(day).collect::<Date32Array>())),
        ("quantity", Arc::new(rows.iter().map(|row| whole(row).then_some(2)).collect::<Int64Array>())),
        ("price", Arc::new(rows.iter().map(price).collect::<Float64Array>())),
        ("note", Arc::new(rows.iter().map(note).collect::<StringArray>())),
    ];
    if rows.iter().any(|row| matches!(row, Row::Currency(_))) {
        let currency = |row: &Row| match row {
            Row::Currency(currency) => Some(*currency),
            _ => None,
        };
        columns.push(("currency", Arc::new(rows.iter().map(currency).collect::<StringArray>())));
    }
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// A file with row groups of so many rows, and pages of fewer.
fn file(rows: &[Row], group: usize, version: WriterVersion) -> Vec<u8> {
    let page = (group / 3).max(1);
    let properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_max_row_group_row_count(Some(group))
        .set_data_page_row_count_limit(page)
        .set_write_batch_size(page);
    let batch = batch(rows);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn skipping(limit: Option<u64>) -> ReadOptions {
    ReadOptions::default().bad_rows(BadRows::Skip { limit })
}

/// The same with row groups and pages of several sizes; whether there is a result.
#[track_caller]
fn assert_rows(rows: &[Row], read: &ReadOptions) -> bool {
    let outcomes =
        [(1, WriterVersion::PARQUET_2_0), (4, WriterVersion::PARQUET_1_0), (1_000, WriterVersion::PARQUET_2_0)].map(
            |(group, version)| {
                let bytes: Arc<[u8]> = file(rows, group, version).into();
                let open = || ParquetSource::from_bytes("a.parquet", Arc::clone(&bytes), read.clone()).unwrap();
                assert_alike(open, &summaries(), &format!("groups of {group}"))
            },
        );
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
    outcomes[0]
}

#[test]
fn an_error_anywhere_leaves_no_result() {
    for bad in [Row::NoDate, Row::NotFinite, Row::Noted] {
        let mut rows = vec![LINE; 20];
        rows[13] = bad;
        assert!(!assert_rows(&rows, &ReadOptions::default()), "{:?}", rows[13]);
        assert!(assert_rows(&rows, &skipping(None)), "{:?}", rows[13]);
    }
}

#[test]
fn bad_rows_are_counted_over_all_pieces() {
    let rows = [LINE, Row::NoDate].repeat(8);
    assert!(!assert_rows(&rows, &skipping(Some(7))));
    assert!(assert_rows(&rows, &skipping(Some(8))));
}

#[test]
fn several_currencies_are_noticed() {
    let rows = |last| [vec![Row::Currency("EUR"); 9], vec![Row::Currency(last)]].concat();
    assert!(assert_rows(&rows("eur"), &ReadOptions::default()));
    assert!(!assert_rows(&rows("USD"), &ReadOptions::default()));
}

#[test]
fn a_file_without_rows_is_read() {
    assert!(assert_rows(&[], &ReadOptions::default()));
}

#[test]
fn several_files_and_their_partitions_are_read() {
    let dir = tempfile::tempdir().unwrap();
    for (at, shop) in ["Bern", "Basel", "Bern", "Chur"].into_iter().enumerate() {
        let folder = dir.path().join(format!("shop={shop}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{at}.parquet")), file(&vec![LINE; at * 7], 5, WriterVersion::PARQUET_1_0))
            .unwrap();
    }
    let path: PathBuf = dir.path().to_owned();
    assert!(assert_alike(|| ParquetSource::open([&path], ReadOptions::default()).unwrap(), &summaries(), "four files"));
}

#[test]
fn what_needs_all_rows_before_it_is_read_in_order() {
    let bytes: Arc<[u8]> = file(&[LINE, LINE], 1, WriterVersion::PARQUET_1_0).into();
    let source = |read: ReadOptions| ParquetSource::from_bytes("a.parquet", Arc::clone(&bytes), read).unwrap();
    assert!(source(ReadOptions::default().drop_repeated_lines()).into_pieces(2).is_err());
    assert!(source(ReadOptions::default().keep_rejects()).into_pieces(2).is_err());
    let mut begun = source(ReadOptions::default());
    begun.next_batch().unwrap();
    let mut begun = begun.into_pieces(2).unwrap_err();
    assert_eq!(begun.next_batch().unwrap().unwrap().len(), 1, "it goes on where it was");
}

#[test]
fn a_file_that_changes_or_goes_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let paths = ["a.parquet", "b.parquet"].map(|name| dir.path().join(name));
    let write = |rows: usize| {
        paths.iter().for_each(|path| fs::write(path, file(&vec![LINE; rows], 4, WriterVersion::PARQUET_1_0)).unwrap());
    };
    for paths in [&paths[..1], &paths[..]] {
        write(20);
        let source = ParquetSource::open(paths, ReadOptions::default()).unwrap();
        write(21);
        assert!(by_threads(source, 3, 4, &summaries()).is_none(), "changed");
        let source = ParquetSource::open(paths, ReadOptions::default()).unwrap();
        fs::remove_file(&paths[0]).unwrap();
        assert!(by_threads(source, 3, 4, &summaries()).is_none(), "gone");
    }
}

#[test]
fn who_gives_up_ends_all() {
    let bytes = file(&vec![LINE; 20], 4, WriterVersion::PARQUET_1_0);
    let pieces = ParquetSource::from_bytes("a.parquet", bytes, ReadOptions::default()).unwrap().into_pieces(2).unwrap();
    let mut reader = pieces.reader();
    assert!(reader.next_batch().is_some());
    pieces.give_up();
    assert!(pieces.reader().next_batch().is_none());
    let intake = reader.into_intake();
    assert!(pieces.finish([&intake]).is_none());
}

#[test]
fn bytes_and_rows_are_counted_as_by_one() {
    let bytes: Arc<[u8]> = file(&vec![LINE; 100], 30, WriterVersion::PARQUET_2_0).into();
    for rows in [1, 7, 1_000] {
        let (stored, counted) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let read = ReadOptions::default().progress(Arc::clone(&stored)).row_count(Arc::clone(&counted));
        let source = ParquetSource::from_bytes("a.parquet", Arc::clone(&bytes), read).unwrap();
        by_threads(source, 3, rows, &summaries()).unwrap();
        assert_eq!((stored.load(Ordering::Relaxed), counted.load(Ordering::Relaxed)), (bytes.len() as u64, 100));
    }
}

fn row() -> impl Strategy<Value = Row> {
    prop_oneof![
        40 => (0..9u8, any::<u8>(), any::<i16>()).prop_map(|(customer, day, cents)| Row::Line { customer, day, cents }),
        3 => Just(Row::NoCustomer),
        1 => Just(Row::NoDate),
        1 => Just(Row::NotFinite),
        1 => Just(Row::Noted),
        1 => Just(Row::Blank),
        1 => Just(Row::Currency("EUR")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_rows_in_any_parts_are_what_one_pass_makes_of_them(
        rows in prop::collection::vec(row(), 0..120),
        group in 1..60usize,
        part in 1..70u64,
        threads in 1..5usize,
        skips in any::<bool>(),
    ) {
        let read = if skips { skipping(Some(3)) } else { ReadOptions::default() };
        let bytes: Arc<[u8]> = file(&rows, group, WriterVersion::PARQUET_1_0).into();
        let open = || ParquetSource::from_bytes("a.parquet", Arc::clone(&bytes), ParquetOptions::from(read.clone())).unwrap();
        let expected = threads::by_one(open(), summaries()).map(|(customers, reports)| (customers, format!("{reports:?}")));
        let found = by_threads(open(), threads, part, &summaries());
        prop_assert_eq!(found.map(|(customers, reports)| (customers, format!("{reports:?}"))), expected);
    }
}
