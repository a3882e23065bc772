//! `HAZARDS.md` row 19: lines that were there before are left out if that is asked for, and accounted for.

use std::collections::HashSet;
use std::fs;

use proptest::prelude::*;
use rfm_core::cell::IdFormat;
use rfm_core::{CleaningPolicy, Day, Reject};
use rfm_csv::{BadRows, CsvOptions, CsvSource, ReadOptions};
use rfm_testkit::golden::CustomerValues;

use crate::support::{describe, drain_with, gzip, message, open, read, reasons, skipping, table, utf16};

fn dropping() -> ReadOptions {
    ReadOptions::default().drop_repeated_lines()
}

#[test]
fn lines_that_were_there_before_are_left_out_with_their_money() {
    let text = table(
        "ann,2024-01-01,1.50\nbob,2024-01-02,2.25\nann,2024-01-01,1.50\nbob,2024-01-02,2.25\nann,2024-01-01,1.50\n",
    );
    let customers = read(&text, dropping()).unwrap();
    assert_eq!(describe(&customers), ["ann 2024-01-01 1.50", "bob 2024-01-02 2.25"]);
    assert_eq!(reasons(&customers), ["3 repeated line 5.25 0"]);
    let account = customers.account();
    assert_eq!((account.used().lines(), account.read().lines()), (2, 5));
    assert_eq!(account.money(account.read()).to_string(), "9.00");
    let customers = read(&text, CsvOptions::default()).unwrap();
    assert_eq!((reasons(&customers).len(), customers.account().used().lines()), (0, 5));
    assert!(dropping().drops_repeated_lines() && !ReadOptions::default().drops_repeated_lines());
}

#[test]
fn the_money_of_a_product_is_that_of_the_product() {
    let text = "client,order,date,qty,price\nann,1,2024-01-01,3,1.25\nann,1,2024-01-01,3,1.25\nann,1,2024-01-01,-3,1.25\n\
                ann,1,2024-01-01,-3,1.25\nann,1,2024-01-01,-3,1.25\n";
    assert_eq!(reasons(&read(text, dropping()).unwrap()), ["3 repeated line -3.75 0"]);
}

#[test]
fn what_counts_is_the_text_of_a_field_and_not_its_quotes() {
    let text =
        "client,date,total,note\nann,2024-01-01,1,\"a \"\"b\"\"\"\n\"ann\",\"2024-01-01\",\"1\",\"a \"\"b\"\"\"\n";
    assert_eq!(reasons(&read(text, dropping()).unwrap()), ["1 repeated line 1 0"]);
    let text = "client,date,total,note\nann,2024-01-01,1,\nann,2024-01-01,1,\"\"\n";
    assert_eq!(reasons(&read(text, dropping()).unwrap()), ["1 repeated line 1 0"]);
}

#[test]
fn lines_that_differ_in_one_field_are_two() {
    let row = ["ann", "1", "2024-01-01", "1.50", "note"];
    for (column, other) in [
        (0, "bob"),
        (0, "Ann"),
        (0, "ann "),
        (1, "2"),
        (1, "01"),
        (2, "2024-01-02"),
        (2, "2024-01-01 00:00"),
        (3, "1.5"),
        (3, "1.51"),
        (4, ""),
        (4, "note."),
        (4, "\"no\nte\""),
    ] {
        let mut second = row;
        second[column] = other;
        let text = format!("client,order,date,total,note\n{}\n{}\n", row.join(","), second.join(","));
        let customers = read(text, dropping()).unwrap();
        assert_eq!((reasons(&customers).len(), customers.account().used().lines()), (0, 2), "{second:?}");
    }
}

#[test]
fn the_same_texts_in_other_columns_are_another_line() {
    let text = "client,date,total,a,b\nann,2024-01-01,1,x,y\nann,2024-01-01,1,y,x\nann,2024-01-01,1,xy,\n\
                ann,2024-01-01,1,,xy\n";
    assert_eq!(read(text, dropping()).unwrap().account().used().lines(), 4);
    // Also where the columns have one name, or none.
    for names in ["a,a", ","] {
        let text = text.replacen("a,b", names, 1);
        assert_eq!(read(text, dropping()).unwrap().account().used().lines(), 4);
    }
    let named = CsvOptions::from(dropping()).column_names(["client", "date", "total"]);
    let text = "ann,2024-01-01,1\nann,2024-01-01,1\n";
    assert_eq!(reasons(&read(text, named).unwrap()), ["1 repeated line 1 0"]);
}

#[test]
fn lines_repeat_over_files_however_each_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let files: [(&str, Vec<u8>); 4] = [
        ("a.csv", b"client,date,total,note\nann,2024-01-01,1.50,x\nbob,2024-01-02,2.25,\"a;b\"\n".to_vec()),
        ("b.csv", b"note;total;client;date\n\"x\";1.50;\"ann\";2024-01-01\n\"a;b\";2.25;bob;2024-01-02\n".to_vec()),
        ("c.txt", utf16("date\tclient\tnote\ttotal\r\n2024-01-02\tbob\ta;b\t2.25\r\n", true)),
        ("d.gz", gzip(b" total ,client,\"date\",note\n4.00,ann,2024-01-01,x\n1.50,ann,2024-01-01,x\n")),
    ];
    let paths: Vec<_> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (path, (_, bytes)) in paths.iter().zip(&files) {
        fs::write(path, bytes).unwrap();
    }
    let mut paths: Vec<&std::path::Path> = paths.iter().map(|path| &**path).collect();
    for _ in 0..paths.len() {
        let (customers, reports) = open(&paths, dropping()).unwrap();
        assert_eq!(describe(&customers), ["ann 2024-01-01 5.50", "bob 2024-01-02 2.25"]);
        assert_eq!(reasons(&customers), ["4 repeated line 7.50 0"]);
        assert_eq!(reports.iter().map(|report| report.rows()).sum::<u64>(), 7);
        paths.rotate_left(1);
    }
}

#[test]
fn files_of_other_columns_have_no_line_in_common() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, "client,date,total\nann,2024-01-01,1\n").unwrap();
    for other in ["client,date,total,note\nann,2024-01-01,1,\n", "customer,date,total\nann,2024-01-01,1\n"] {
        fs::write(&two, other).unwrap();
        let (customers, _) = open(&[&one, &two], dropping()).unwrap();
        assert_eq!(customers.account().used().lines(), 2, "{other}");
    }
}

#[test]
fn what_cannot_be_read_at_all_is_bad_each_time() {
    let bad = "x\n\"b\"b,2024-01-01,1\nbob,2024-01-01,much\n";
    let customers = read(table(&format!("ann,2024-01-01,1\n{bad}{bad}")), skipping().drop_repeated_lines()).unwrap();
    assert_eq!(reasons(&customers), ["4 bad record 0 4", "2 bad number 0 2"]);
    // Also where its money is known, and beside lines that repeat.
    let text = table("ann,2024-01-01,1\nbob,never,2\nann,2024-01-01,1\nbob,never,2\nann,2024-01-01,1\n");
    let customers = read(&text, skipping().drop_repeated_lines()).unwrap();
    assert_eq!(reasons(&customers), ["2 bad date 4 0", "2 repeated line 2 0"]);
    let options = dropping().bad_rows(BadRows::Skip { limit: Some(1) });
    assert_eq!(
        message(&text, options),
        "more than 1 bad rows; the next one is a.csv, line 5, column 2 `order_date`: expected a date as yyyy-mm-dd, \
         found 5 characters: letters"
    );
    // Blank rows are blank, not repeated.
    let customers = read(table("ann,2024-01-01,1\n,,\n,,\n"), dropping()).unwrap();
    assert_eq!(reasons(&customers), ["2 blank row 0 0"]);
}

#[test]
fn a_line_that_a_policy_leaves_out_repeats_too() {
    let text = table(",2024-01-01,1\n,2024-01-01,1\nann,2024-01-01,-2\nann,2024-01-01,-2\n");
    let source = CsvSource::from_bytes("a.csv", text.as_bytes(), dropping()).unwrap();
    let (customers, _) = drain_with(source, CleaningPolicy::default()).unwrap();
    assert_eq!(reasons(&customers), ["2 repeated line -1 0", "1 missing customer 1 0", "1 amount not positive -2 0"]);
}

proptest! {
    /// Lines of few values, so that many repeat, in two files.
    #[test]
    fn the_customers_are_those_of_the_distinct_lines(
        lines in prop::collection::vec(("[ab]", 1u8..3, 1u8..4, "[xy]?"), 1..40), split in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
        let split = split.index(lines.len());
        let rows = |lines: &[(String, u8, u8, String)]| -> String {
            lines.iter().map(|(client, day, total, note)| format!("{client},2024-01-0{day},{total},{note}\n")).collect()
        };
        let turned: String = lines[split..]
            .iter()
            .map(|(client, day, total, note)| format!("\"{note}\";2024-01-0{day};{total};\"{client}\"\n"))
            .collect();
        fs::write(&one, format!("client,date,total,note\n{}", rows(&lines[..split]))).unwrap();
        fs::write(&two, format!("note;date;total;client\n{turned}")).unwrap();
        let mut seen = HashSet::new();
        let distinct: Vec<_> = lines.iter().filter(|line| seen.insert(*line)).cloned().collect();
        let expected = read(format!("client,date,total,note\n{}", rows(&distinct)), CsvOptions::default()).unwrap();
        let all = read(format!("client,date,total,note\n{}", rows(&lines)), CsvOptions::default()).unwrap();

        let (found, _) = open(&[&one, &two], dropping()).unwrap();
        prop_assert_eq!(describe(&found), describe(&expected));
        prop_assert_eq!(found.account().used(), expected.account().used());
        prop_assert_eq!(found.account().read(), all.account().read());
        let repeated = found.account().rejected(Reject::RepeatedLine).lines();
        prop_assert_eq!(repeated, (lines.len() - distinct.len()) as u64);
    }
}

/// 34,335 lines of the file repeat; what is left was counted by DuckDB and R.
#[test]
fn online_retail_without_repeated_lines_is_the_golden_table() {
    let Some(shared) = rfm_testkit::shared("online_retail_without_repeated_lines_is_the_golden_table") else { return };
    let options = dropping().ids(IdFormat::Integer);
    let source = CsvSource::open([shared.join("data/online_retail_II.csv.gz")], options).unwrap();
    let policy = CleaningPolicy::online_retail().as_of(Day::from_ymd(2011, 12, 10).unwrap());
    let (customers, reports) = drain_with(source, policy).unwrap();
    let account = customers.account();
    assert_eq!((reports[0].rows(), account.rejected(Reject::RepeatedLine).lines()), (1_067_371, 34_335));
    assert_eq!(account.money(account.used()).to_string(), "17374804.268");
    assert_eq!(account.money(account.read()).to_string(), "19287250.568");
    let golden = CustomerValues::read(shared.join("golden/online_retail_II_distinct/rfm_values.csv")).unwrap();
    assert_eq!((customers.len(), golden.len()), (5_878, 5_878));
    for expected in &golden {
        let id = &expected.customer_id;
        let found = customers.get(customers.find(id).unwrap()).unwrap();
        assert_eq!((found.orders(), found.lines()), (expected.frequency, expected.lines), "{id}");
        assert_eq!(found.last_order().to_string(), expected.last_order.to_string(), "{id}");
        assert_eq!(Some(found.total().minor()), expected.monetary.at_scale(found.total().scale().decimals()), "{id}");
    }
}
