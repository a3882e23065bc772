//! What people see.

use proptest::prelude::*;
use rfm_core::scoring::CustomCuts;
use rfm_core::{Decimal, Refusal, Reject, Rfm, Scale, Scoring, Segmentation, TextColumn, TransactionBatch};
use rfm_output::Terminal;

use crate::fixture::{Line, analysis_date, lines, nasty, segment, settings, three};

/// A hundred customers in three segments, with names that are wide, long and short.
fn shop() -> Segmentation {
    let cuts: CustomCuts = "30, 60".parse().unwrap();
    let segments = rfm_core::SegmentModel::builder("three", rfm_core::Axes::all(3))
        .rule(rfm_core::SegmentRule::new("大切なお客様").recency(3))
        .rule(rfm_core::SegmentRule::new("Customers that have not been seen for a while").recency(2))
        .rule(rfm_core::SegmentRule::new("Gone\u{1b}[31m").recency(1))
        .build()
        .unwrap();
    let rfm = Rfm::builder(analysis_date()).scoring(Scoring::from(cuts)).segments(segments).build().unwrap();
    let line =
        |n: i32| -> Line { (format!("c{n:03}"), 1, if n % 10 == 0 { 90 } else { n / 2 }, i64::from(n) * 1_234_567) };
    segment(&rfm, &(1..=100).map(line).collect::<Vec<_>>()).unwrap()
}

#[test]
fn the_table_at_120_columns() {
    let expected = "                                                                                           median     median      median
segment                                 customers   share                revenue   share  recency  frequency    monetary
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
大切なお客様                                   55   55.0%  ██████  20,753,071.27   33.3%     15.0        1.0  382,715.77
Customers that have not been seen for…         35   35.0%  ███▉    34,802,443.73   55.8%     40.0        1.0  999,999.27
Gone\\u{1b}[31m                                 10   10.0%  █▏       6,790,118.50   10.9%     90.0        1.0  679,011.85
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
Total                                         100  100.0%          62,345,633.50  100.0%     27.5        1.0  623,456.34
";
    assert_eq!(Terminal::new(120).segments(&shop().summary()), expected);
}

#[test]
fn the_table_at_80_columns_in_ascii() {
    let expected = "                                                                          median
segment               customers   share                 revenue   share  recency
--------------------------------------------------------------------------------
大切なお客様                 55   55.0%  #######  20,753,071.27   33.3%     15.0
Customers that ha...         35   35.0%  ####     34,802,443.73   55.8%     40.0
Gone\\u{1b}[31m               10   10.0%  #         6,790,118.50   10.9%     90.0
--------------------------------------------------------------------------------
Total                       100  100.0%           62,345,633.50  100.0%     27.5
";
    assert_eq!(Terminal::new(80).ascii().segments(&shop().summary()), expected);
}

#[test]
fn it_fits_the_width_and_drops_columns_in_order() {
    let summary = shop().summary();
    for width in 48..200 {
        for terminal in [Terminal::new(width), Terminal::new(width).ascii()] {
            let table = terminal.segments(&summary);
            let widest = table.lines().map(columns_of).max().unwrap();
            assert!(widest <= width, "{widest} > {width}\n{table}");
            assert!(table.lines().all(|line| line.trim_end() == line));
            assert!(table.contains("customers") && table.contains("revenue"), "{table}");
        }
    }
    for (width, last) in [(140, "monetary"), (95, "frequency"), (80, "recency"), (75, "share"), (50, "revenue")] {
        let table = Terminal::new(width).segments(&summary);
        assert!(table.lines().take(2).any(|line| line.ends_with(last)), "{width}\n{table}");
    }
}

#[test]
fn numbers_and_wide_names_align() {
    let table = Terminal::new(100).segments(&shop().summary());
    let ends: Vec<usize> = table
        .lines()
        .filter(|line| line.contains('%'))
        .map(|line| columns_of(line.split_inclusive('%').next().unwrap()))
        .collect();
    assert_eq!(ends.len(), 4);
    assert!(ends.iter().all(|end| *end == ends[0]), "{table}");
}

#[test]
fn the_last_line_is_the_total_below_a_rule() {
    let table = Terminal::new(80).ascii().segments(&shop().summary());
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines.last().unwrap().starts_with("Total"));
    assert!(lines[lines.len() - 2].chars().all(|c| c == '-'));
    assert_eq!(lines[2], lines[lines.len() - 2]);
    assert!(lines[3].contains("##") && !lines.last().unwrap().contains('#'));
}

#[test]
fn colour_comes_only_if_asked_and_changes_no_text() {
    let summary = shop().summary();
    for terminal in [Terminal::new(100), Terminal::new(100).ascii()] {
        let plain = terminal.segments(&summary);
        assert!(!plain.contains('\u{1b}'));
        let coloured = terminal.coloured().segments(&summary);
        assert!(coloured.contains("\u{1b}[36m") && coloured.contains("\u{1b}[1mTotal"));
        let stripped =
            ["\u{1b}[36m", "\u{1b}[1m", "\u{1b}[0m"].iter().fold(coloured, |text, code| text.replace(code, ""));
        assert_eq!(stripped, plain);
    }
}

#[test]
fn the_account_names_every_reason() {
    let rfm = Rfm::builder(analysis_date()).build().unwrap();
    let mut summaries = rfm.summaries();
    let ends: Vec<u32> = (0..2_000).map(|_| 0).chain([1]).collect();
    let customers = TextColumn::new("x", &ends).unwrap();
    let days = vec![analysis_date(); 2_001];
    let amounts = vec![123_456; 2_001];
    let amount = Some(Decimal::new(5, Scale::CENTS));
    let refused = [
        Refusal { reason: Reject::BadDate, amount },
        Refusal { reason: Reject::BadDate, amount: None },
        Refusal { reason: Reject::BadNumber, amount: None },
    ];
    let batch = TransactionBatch::try_new(customers, &days, &amounts, Scale::CENTS).unwrap().with_refused(&refused);
    summaries.push_batch(&batch).unwrap();
    assert_eq!(
        Terminal::new(80).account(summaries.account()),
        "\
2,004 lines read: 1 used (1,234.56), 2,003 rejected (2,469,120.05, and 2 amounts cannot be read)
      2 bad date (0.05, and 1 amount cannot be read)
      1 bad number (no readable amount)
  2,000 missing customer (2,469,120.00)
"
    );
    let (_, result) = three();
    let notes = Terminal::new(80).notes(result.diagnostics());
    assert!(
        notes.starts_with("note: recency: nobody scores 2, 4, because there are fewer customers than scores"),
        "{notes}"
    );
    assert_eq!(Terminal::new(80).notes(["a\nb"]), "note: a\\u{a}b\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_a_terminal_acts_on_gets_through(
        lines in lines(), names in [nasty(), nasty()], width in 0usize..200, ascii: bool,
    ) {
        let rfm = settings(Scale::CENTS, [&names[0], &names[1]], Scoring::QUARTILE);
        let Some(result) = segment(&rfm, &lines) else { return Ok(()) };
        let terminal = if ascii { Terminal::new(width).ascii() } else { Terminal::new(width) };
        let table = terminal.segments(&result.summary());
        prop_assert!(table.split('\n').all(|line| !line.contains(char::is_control)), "{table}");
        let header = if table.contains("median") { 2 } else { 1 };
        prop_assert_eq!(table.lines().count(), header + 1 + result.summary().rows().len() + 1 + 1);
    }
}

/// Columns in a terminal, well enough for these tests: Japanese takes two.
fn columns_of(line: &str) -> usize {
    line.chars().map(|c| if ('\u{3000}'..='\u{9fff}').contains(&c) { 2 } else { 1 }).sum()
}
