//! Delimited text of any kind, to customers.

use std::io::Read;

use rfm_core::cell::{DateFormat, DayZone, IdFormat, NumberFormat};
use rfm_core::{CleaningPolicy, Customers, Limits, Reject, Role, Scale, Summaries, TransactionSource};
use rfm_csv::{
    BadRows, CsvOptions, CsvSource, Encoding, Error, InputReport, PieceReader, Pieces, ReadOptions, inspect_bytes,
    read_table_bytes,
};

/// Reads bytes in all ways that there are, with options that the first two bytes choose.
///
/// # Panics
///
/// If the account does not add up, or two ways to the same rows differ.
pub fn csv_to_summaries(data: &[u8]) {
    let [first, second, text @ ..] = data else { return };
    let reading = reading(*first, *second);
    let options = options(*first, *second).reading(reading.clone());
    let read = CsvSource::from_bytes("fuzz.csv", text, options.clone()).and_then(drain);
    if let Ok(inspection) = inspect_bytes("fuzz.csv", text, &options) {
        let facts = inspection.facts();
        assert!(!facts.is_empty() && inspection.problems().len() as u64 <= inspection.problem_count());
        if let Ok((customers, _)) = &read {
            assert!(inspection.is_complete());
            let (seen, account) = (inspection.account(), customers.account());
            assert_eq!(inspection.rows(), account.read().lines(), "both see the same rows");
            assert_eq!(seen.used().lines(), account.used().lines(), "and judge them alike");
            for reason in Reject::ALL {
                assert_eq!(seen.rejected(reason).lines(), account.rejected(reason).lines(), "{reason}");
            }
        }
    }
    if let Ok((customers, _)) = &read {
        // Without a header a text can be appended to itself, unless a byte may become half of a character.
        let is_open = first & 16 != 0 && second >> 5 != 5 && text.is_ascii() && text.ends_with(b"\n");
        repeat(text, options.clone().reading(reading.drop_repeated_lines()), customers, is_open);
    }
    let pipe = Chunks { rest: text.to_vec(), at: 0, size: usize::from(second % 7) + 1 };
    if let (Ok((customers, _)), Ok((from_pipe, _))) =
        (&read, &CsvSource::from_reader("-", pipe, options.clone()).and_then(drain))
    {
        assert_eq!(customers, from_pipe, "a pipe gives the same rows");
    }
    if let Ok(source) = CsvSource::from_bytes("fuzz.csv", text, options.clone()) {
        match (in_pieces(source, usize::from(second % 32) + 1), &read) {
            (Some((customers, reports)), Ok(whole)) => {
                assert_eq!(customers, whole.0, "pieces give the same rows");
                assert_eq!(format!("{reports:?}"), format!("{:?}", whole.1), "and report the same");
            }
            (Some(_), Err(error)) => panic!("pieces give rows where one pass says: {error}"),
            (None, _) => {}
        }
    }
    if let Ok(table) = read_table_bytes("fuzz.csv", text, options) {
        assert!(table.rows().all(|row| row.number() > 0));
    }
}

/// Two readers in turn, with pieces of about so many bytes.
fn in_pieces(source: CsvSource, bytes: usize) -> Option<(Customers, Vec<InputReport>)> {
    let pieces = source.into_pieces_of(bytes).ok()?;
    let mut all = Summaries::new(CleaningPolicy::default()).with_order_values();
    let mut readers = [(pieces.reader(), all.share()), (pieces.reader(), all.share())];
    let mut are_open = true;
    while are_open {
        are_open = false;
        for (reader, summaries) in &mut readers {
            if let Some(batch) = reader.next_batch() {
                are_open = true;
                summaries.push_batch(&batch).ok()?;
            }
        }
    }
    let (intakes, parts): (Vec<_>, Vec<_>) =
        readers.into_iter().map(|(reader, summaries)| (reader.into_intake(), summaries)).unzip();
    let source = pieces.finish(&intakes)?;
    for part in parts {
        all.merge(part).ok()?;
    }
    Some((all.finish().ok()?, source.reports().to_vec()))
}

/// Dropping repeated lines leaves bad ones as they are, and drops all of a text that is appended to itself.
fn repeat(text: &[u8], dropping: CsvOptions, customers: &Customers, is_open: bool) {
    let Ok((once, _)) = CsvSource::from_bytes("fuzz.csv", text, dropping.clone()).and_then(drain) else { return };
    let (all, left) = (customers.account(), once.account());
    assert_eq!(all.read().lines(), left.read().lines(), "dropped lines are accounted for");
    assert!(left.used().lines() <= all.used().lines());
    for bad in [Reject::BadRecord, Reject::BadDate, Reject::BadNumber] {
        assert_eq!(all.rejected(bad).lines(), left.rejected(bad).lines(), "a bad line stays one");
    }
    if !is_open {
        return;
    }
    let Ok((twice, _)) = CsvSource::from_bytes("fuzz.csv", [text, text].concat(), dropping).and_then(drain) else {
        return;
    };
    let seen = |customers: &Customers| -> Vec<String> {
        customers.iter().map(|one| format!("{:?} {} {}", one.customer_id(), one.lines(), one.total())).collect()
    };
    assert_eq!(seen(&once), seen(&twice), "the text once more adds nothing");
    assert_eq!(twice.account().read().lines(), 2 * left.read().lines());
}

fn reading(first: u8, second: u8) -> ReadOptions {
    let bit = |byte: u8, at: u8| byte & (1 << at) != 0;
    let mut options = ReadOptions::default();
    if bit(first, 0) {
        options = options.bad_rows(BadRows::Skip { limit: bit(first, 1).then_some(3) });
    }
    if bit(first, 2) {
        options = options.date_format(DateFormat::ALL[usize::from(second) % DateFormat::ALL.len()]);
    }
    if bit(first, 3) {
        options = options.number_format(if bit(first, 1) { NumberFormat::Comma } else { NumberFormat::Point });
    }
    if bit(first, 5) {
        options = options.ids(IdFormat::Integer).keep_rejects().round(Scale::CENTS).show_values();
    }
    if bit(first, 6) {
        options = options.column(Role::Quantity, "n").column(Role::Price, "p").any_currency();
    }
    if bit(first, 7) {
        options = options.limits(Limits { field_bytes: 64, record_bytes: 256, columns: 8, field_lines: 4 });
    }
    if bit(second, 3) {
        options = options.drop_repeated_lines();
    }
    if bit(second, 4) {
        options = options.zone(DayZone::new("half past five behind", |_| -(5 * 3_600 + 1_800)));
    }
    options
}

fn options(first: u8, second: u8) -> CsvOptions {
    let mut options = CsvOptions::default();
    if first & 16 != 0 {
        options = options.column_names(["customer", "date", "amount"]);
    }
    match second >> 5 {
        1 => options.delimiter(b';'),
        2 => options.quote(None),
        3 => options.quote(Some(b'\'')),
        4 => options.encoding(Encoding::Windows1252),
        5 => options.encoding(Encoding::Utf16Le),
        6 => options.strict(),
        7 => options.delimiter(second),
        _ => options,
    }
}

fn drain(mut source: CsvSource) -> Result<(Customers, Vec<InputReport>), Error> {
    let mut summaries = Summaries::new(CleaningPolicy::default()).with_order_values();
    let mut rejected = 0;
    while let Some(batch) = source.next_batch()? {
        // 64 bits a line do not reach 128 bits in any input that is read here.
        let verdicts = summaries.push_batch(&batch).expect("sums fit");
        rejected += source.rejected_lines(verdicts).filter(|line| line.line() > 0).count() as u64;
    }
    let customers = summaries.finish().expect("no scale was asked for");
    let account = customers.account();
    let rows: u64 = source.reports().iter().map(InputReport::rows).sum();
    assert_eq!(rows, account.read().lines(), "rows read = used + rejected");
    assert!(rejected == 0 || rejected == account.rejected_total().lines());
    let total: i128 = customers.iter().map(|customer| customer.total().minor()).sum();
    assert_eq!(account.money(account.used()).minor(), total, "the money of the customers is the money used");
    Ok((customers, source.reports().to_vec()))
}

/// A pipe that delivers little at a time.
struct Chunks {
    rest: Vec<u8>,
    at: usize,
    size: usize,
}

impl Read for Chunks {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.size.min(self.rest.len() - self.at).min(out.len());
        out[..n].copy_from_slice(&self.rest[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
