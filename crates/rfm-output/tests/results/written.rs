//! Whole results on disk.

use rfm_core::scoring::ScoreDisplay;
use rfm_core::{Day, Rfm, Scale, Scoring};
use rfm_output::{
    ErrorKind, ExtraColumn, ExtraError, Extras, Format, RunDescription, TextGuard, write_customers, write_result,
    write_scores,
};

use crate::fixture::{TEXTS, segment, settings, three};

const FORMULA: &str = "=cmd|' /C calc'!A0";

#[test]
fn a_formula_is_guarded_in_csv_and_intact_in_json() {
    let line = |id: &str| (id.to_owned(), 1, 1, -500);
    let rfm = settings(Scale::CENTS, ["a", "@b"], Scoring::QUARTILE);
    let result = segment(&rfm, &[line(FORMULA), line("-1")]).unwrap();
    let write = |format, guard| {
        let mut bytes = Vec::new();
        let guarded = write_customers(&result, &Extras::default(), format, guard, &mut bytes).unwrap();
        (guarded, String::from_utf8(bytes).unwrap())
    };
    let rows = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();

    let (guarded, csv) = write(Format::Csv, TextGuard::Spreadsheet);
    assert_eq!(guarded, 2);
    assert_eq!(
        rows(&csv),
        ["'-1,2011-12-09,1,1,-5.00,4,1,1,411,a", "'=cmd|' /C calc'!A0,2011-12-09,1,1,-5.00,4,1,1,411,a"]
    );
    let (guarded, csv) = write(Format::Csv, TextGuard::Exact);
    assert_eq!((guarded, csv.contains("\n=cmd|' /C calc'!A0,")), (0, true));
    let (guarded, json) = write(Format::Json, TextGuard::Spreadsheet);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((guarded, json[1]["customer_id"].as_str()), (0, Some(FORMULA)));
    assert_eq!(json[1]["monetary"], "-5.00");
    assert_eq!(json[1]["rfm_code"], "411");
}

#[test]
fn all_tables_and_their_description_are_one_set() {
    let scratch = tempfile::tempdir().unwrap();
    let (rfm, result) = three();
    let extras = Extras::try_new([ExtraColumn::Lines, ExtraColumn::FirstOrder], result.customers()).unwrap();
    let run = RunDescription::new("test", "1").settings(&rfm);
    let read = |name: &str| {
        let dir = scratch.path().join(name);
        let paths = write_result(&dir, &result, &extras, &TEXTS, TextGuard::Spreadsheet, &run).unwrap();
        let names = |path: &std::path::PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        paths.iter().map(|path| (names(path), std::fs::read(path).unwrap())).collect::<Vec<_>>()
    };
    let files = read("a");
    assert_eq!(files, read("b"), "the same bytes, wherever they go");

    assert_eq!(files.len(), 10);
    let (name, run) = files.last().unwrap();
    assert_eq!(name, "run.json");
    let run: serde_json::Value = serde_json::from_slice(run).unwrap();
    let told = run["outputs"].as_array().unwrap().iter().map(|output| output["name"].as_str().unwrap());
    assert!(told.eq(files[..9].iter().map(|(name, _)| name)));
    assert_eq!(run["choices"]["extras"], "lines, first_order");
    assert_eq!(run["choices"]["formats"], "csv, json, jsonl");
    assert_eq!(run["choices"]["text_guard"], "spreadsheet");
}

#[test]
fn a_format_named_twice_writes_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("result");
    let (_, result) = three();
    let run = RunDescription::new("test", "1");
    let formats = [Format::Csv, Format::Csv];
    let error = write_result(&dir, &result, &Extras::default(), &formats, TextGuard::Exact, &run).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SameOutput { .. }), "{error}");
    assert!(!dir.exists());
}

#[test]
fn extras_that_cannot_be_filled_are_refused_before_a_byte_is_written() {
    let line = ("x".to_owned(), 1, 1, 100);
    let with = segment(&settings(Scale::CENTS, ["a", "b"], Scoring::QUARTILE), std::slice::from_ref(&line)).unwrap();
    let without = segment(&Rfm::builder(Day::from_ymd(2011, 12, 10).unwrap()).build().unwrap(), &[line]).unwrap();
    let refused = ExtraError::NeedsOrderValues { column: ExtraColumn::MedianOrder };
    assert_eq!(refused.to_string(), "column `median_order` needs the value of each order, which this run did not keep");

    let days = Extras::try_new([ExtraColumn::ActiveDays], without.customers()).unwrap_err();
    assert_eq!(days.to_string(), "column `active_days` needs the days with a line, which this run did not keep");

    let extras = [ExtraColumn::Lines, ExtraColumn::MedianOrder];
    assert_eq!(Extras::try_new(extras, without.customers()), Err(refused.clone()));
    let extras = Extras::try_new(extras, with.customers()).unwrap();
    let mut bytes = Vec::new();
    let error = write_customers(&without, &extras, Format::Csv, TextGuard::Exact, &mut bytes).unwrap_err();
    assert_eq!(error.get_ref().and_then(|inner| inner.downcast_ref()), Some(&refused));
    assert!(bytes.is_empty());

    let weighted = Extras::try_new([ExtraColumn::WeightedScore], without.customers()).unwrap();
    let error = write_customers(&without, &weighted, Format::Csv, TextGuard::Exact, &mut bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `weighted_score` needs weights of the scores, which this result does not have"
    );
    assert!(bytes.is_empty());

    let twice = Extras::try_new([ExtraColumn::Lines, ExtraColumn::Lines], with.customers());
    assert_eq!(twice, Err(ExtraError::Repeated { column: ExtraColumn::Lines }));
}

#[test]
fn a_full_disk_is_an_error_in_every_format() {
    let (_, result) = three();
    for format in TEXTS {
        let mut all = Vec::new();
        write_customers(&result, &Extras::default(), format, TextGuard::Exact, &mut all).unwrap();
        for size in 0..all.len() {
            let mut full = vec![0u8; size];
            let written =
                write_customers(&result, &Extras::default(), format, TextGuard::Exact, &mut full.as_mut_slice());
            assert!(written.is_err(), "{format} {size}");
        }
    }
}

#[test]
fn scores_are_written_as_they_are_shown() {
    let lines = [("ann".to_owned(), 1, 1, 100), ("bob".to_owned(), 1, 90, 900)];
    let result = segment(&settings(Scale::CENTS, ["a", "b"], Scoring::QUARTILE), &lines).unwrap();
    let written = |display| {
        let result = result.clone().with_score_display(display);
        let extras = Extras::try_new([ExtraColumn::WeightedScore], result.customers()).unwrap();
        let (mut customers, mut scores) = (Vec::new(), Vec::new());
        write_customers(&result, &extras, Format::Csv, TextGuard::Exact, &mut customers).unwrap();
        write_scores(&result, Format::Csv, &mut scores).unwrap();
        let [customers, scores] = [customers, scores].map(|bytes| String::from_utf8(bytes).unwrap());
        let cells = |line: &str| line.split(',').skip(5).collect::<Vec<_>>().join(" ");
        let recency = scores.lines().skip(1).take(4).map(|line| line.split(',').nth(1).unwrap().to_owned());
        let notes: Vec<String> = result.diagnostics().iter().map(ToString::to_string).collect();
        (cells(customers.lines().nth(1).unwrap()), recency.collect::<Vec<_>>().join(" "), notes[0].clone())
    };
    let expected = |row: &str, scores: &str, empty: &str| {
        let note = format!("recency: nobody scores {empty}, because there are fewer customers than scores");
        (row.to_owned(), scores.to_owned(), note)
    };
    // Weights are of scores of which 1 is the worst: 4 x 0.3 + 0.4 + 0.3.
    assert_eq!(written(ScoreDisplay::MoreIsBetter), expected("4 1 1 411 a 1.9", "1 2 3 4", "2, 3"));
    assert_eq!(written(ScoreDisplay::OneIsBest), expected("1 4 4 144 a 1.9", "4 3 2 1", "3, 2"));
    assert_eq!(written(ScoreDisplay::FromZero), expected("3 0 0 300 a 1.9", "0 1 2 3", "1, 2"));
}
