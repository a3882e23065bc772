use crate::scoring::{Closed, CutPoints};
use crate::{
    Amount, Axes, CleaningPolicy, CountedLines, Day, Dimension, Model, Ratio, Returns, Rfm, ScoringModel, SegmentModel,
    SegmentRule, Transaction,
};

use super::ModelFileProblem;

fn fitted() -> Model {
    let rfm = Rfm::builder(Day::from_ymd(2011, 12, 10).unwrap()).build().unwrap();
    let mut summaries = rfm.summaries();
    for (customer_id, day, cents) in [("ann", 9, 1_999), ("bob", 1, 500), ("cat", 5, 700)] {
        let (day, amount) = (Day::from_ymd(2011, 12, day).unwrap(), Amount::from_minor(cents));
        summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
    }
    rfm.fit(&summaries.finish().unwrap()).unwrap().with_currency("EUR")
}

/// A model of cuts that were made elsewhere, two bins each.
fn made(cuts: [Ratio; 3], closed: Closed) -> Model {
    let cuts = Axes { recency: cuts[0], frequency: cuts[1], monetary: cuts[2] };
    let cuts = cuts.try_map(|dimension, cut| CutPoints::try_new(dimension, vec![cut], closed)).unwrap();
    let scoring = ScoringModel::from_cuts(cuts, crate::Measures::default(), Day::MAX).unwrap();
    Model::try_new(scoring, SegmentModel::unnamed(Axes::all(2))).unwrap()
}

/// Puts something wrong into a file, and says where the error points, its path and its text.
fn error(from: &str, to: &str) -> (String, String, String) {
    let text = fitted().to_json();
    assert!(text.contains(from), "{from} is not in {text}");
    let text = text.replacen(from, to, 1);
    let error = Model::from_json(&text).unwrap_err();
    let line = text.lines().nth(error.line - 1).unwrap();
    (line.chars().skip(error.column - 1).collect(), error.path, error.problem.to_string())
}

#[test]
fn what_is_wrong_has_its_place() {
    let huge = format!("\"numerator\": {}0", i128::MAX);
    for (from, to, place, path, problem) in [
        ("\"rfm-model\"", "\"rfm-run\"", "\"rfm-run\"", "format", "this is no model"),
        ("\"format\": \"rfm-model\",", "", "{", "", "this is no model"),
        ("\"version\": 1", "\"version\": 2", "2", "version", "a model of version 2, and this release reads version 1"),
        ("\"version\": 1", "\"version\": \"1\"", "\"1\"", "version", "expected a whole number, found the text \"1\""),
        ("2011-12-10", "2011-13-10", "\"2011-13-10\"", "fitted_as_of", "expected a date such as 2011-12-31"),
        ("\"EUR\"", "978", "978", "currency", "expected a currency such as \"EUR\", or null, found the number 978"),
        ("\"currency\"", "\"curency\"", "\"curency\"", "", "unknown key `curency`"),
        ("\"currency\": \"EUR\",", "", "{", "", "missing key `currency`"),
        ("\"total\"", "\"mean\"", "\"mean\"", "measures.monetary", "expected one of `total`, `mean-order`"),
        ("\"right\"", "\"rigth\"", "\"rigth\"", "cuts.recency.closed", "expected one of `right`, `left`"),
        (
            "{\"numerator\": 13, \"denominator\": 5}",
            "2.6",
            "2.6",
            "cuts.recency.cuts[0]",
            "expected an object, found the number 2.6",
        ),
        ("\"denominator\": 5", "\"denominator\": 0", "0", "cuts.recency.cuts[0].denominator", "found the number 0"),
        ("\"numerator\": 13", "\"numerator\": 99", "[", "cuts.recency.cuts", "19.8"),
        ("\"numerator\": 13", &huge, "1", "cuts.recency.cuts[0].numerator", "128 bits"),
        ("bins = 5", "bins = 6", "[", "segments", "6"),
        ("fallback = ", "fallback: ", "\"fallback: ", "segments[4]", "expected"),
        ("\\\"555\\\", \\\"554", "\\\"565\\\", \\\"554", "\"codes = ", "segments[8]", "expected scores from 1 to 5"),
        (
            "\"each-line\"",
            "\"lines\"",
            "\"lines\"",
            "fitted_on.orders",
            "expected one of `order-id`, `each-line`, `counted`",
        ),
        ("\"scale\": 2", "\"scale\": 10", "10", "fitted_on.scale", "expected a number of decimals from 0 to 9"),
        ("\"blake3:", "\"sha256:", "\"sha256:", "fitted_on.fingerprint", "expected `blake3:` and 64"),
        (
            "\"counts\": [1, 0",
            "\"counts\": [2, 0",
            "[2, 0",
            "fitted_on.axes.recency.counts",
            "that add up to 3 customers",
        ),
    ] {
        let (found, at, message) = error(from, to);
        assert!(found.starts_with(place) && at == path && message.contains(problem), "{to}: {at}: {message}: {found}");
    }
}

#[test]
fn the_time_of_elapsed_recency_is_kept() {
    let measures = crate::Measures { recency: crate::RecencyMeasure::ELAPSED.at(45_000), ..crate::Measures::default() };
    let made = made([Ratio::from(1); 3], Closed::Right);
    let scoring = ScoringModel::from_cuts(made.scoring().cuts().clone(), measures, Day::MAX).unwrap();
    let model = Model::try_new(scoring, made.segments().clone()).unwrap();
    let text = model.to_json();
    assert_eq!(Model::from_json(&text).unwrap().scoring(), model.scoring());
    // A second beyond the day is the last one, wherever it comes from.
    let beyond = crate::Measures { recency: crate::RecencyMeasure::Elapsed { analysis_time: 90_000 }, ..measures };
    let beyond = ScoringModel::from_cuts(made.scoring().cuts().clone(), beyond, Day::MAX).unwrap();
    let beyond = Model::try_new(beyond, made.segments().clone()).unwrap();
    assert_eq!(beyond, model.clone().with_analysis_time(u32::MAX));
    assert_eq!(Model::from_json(&beyond.to_json()).unwrap().scoring().measures().recency.analysis_time(), Some(86_399));
    let built = Rfm::builder(Day::MAX).recency_measure(crate::RecencyMeasure::Elapsed { analysis_time: 86_400 });
    assert_eq!(built.clone().build().unwrap().measures().recency.analysis_time(), Some(86_399));
    assert_eq!(built.analysis_time(1).build().unwrap().measures().recency.analysis_time(), Some(1));
    let wrong = |text: &str| Model::from_json(text).unwrap_err().to_string();
    let late = wrong(&text.replace("45000", "86400"));
    assert!(
        late.ends_with("`analysis_time`: expected a second of the day, from 0 to 86399, found the number 86400"),
        "{late}"
    );
    assert!(wrong(&text.replace("45000", "null")).contains("expected a second of the day"));
    assert!(wrong(&text.replace("\"elapsed\"", "\"days\"")).contains("expected null"));
}

#[test]
fn what_is_no_json_is_told_as_such() {
    let error = Model::from_json("{\"format\": \"rfm-model\",\n \"version\": }").unwrap_err();
    assert_eq!((error.line, error.column, error.path.as_str()), (2, 13, ""));
    assert_eq!(error.to_string(), "line 2, column 13: expected a value, found `}`");
    assert!(matches!(error.problem, ModelFileProblem::Syntax { .. }));
    assert!(Model::from_json(&"[".repeat(1_000_000)).is_err());
    assert!(Model::from_json("null").unwrap_err().to_string().contains("expected an object, found null"));
}

#[test]
fn notes_of_whoever_keeps_the_file_are_let_through() {
    let text = fitted().to_json().replacen("{\n", "{\n  \"x-reviewed\": {\"by\": \"Ann\"},\n", 1);
    assert_eq!(Model::from_json(&text), Ok(fitted()));
}

#[test]
fn extreme_cuts_read_back_exactly() {
    for closed in [Closed::Left, Closed::Right] {
        let model = made([Ratio::new(i128::MIN, 1), Ratio::new(1, u64::MAX), Ratio::new(i128::MAX, u64::MAX)], closed);
        let read = Model::from_json(&model.to_json()).unwrap();
        assert_eq!(read.scoring(), model.scoring());
        assert_eq!((read.fitted_on(), read.currency()), (None, None));
        assert_eq!(read.segments().lattice(), model.segments().lattice());
    }
}

#[test]
fn names_with_quotes_and_line_ends_read_back() {
    let segments = SegmentModel::builder("a \"b\"\n\u{1}\u{7f}\u{2028}", Axes::all(2))
        .rule(SegmentRule::new("Größe\t= [x] \\").recency(2))
        .fallback("\r\n")
        .build()
        .unwrap();
    let scoring = made([Ratio::from(1); 3], Closed::Right).scoring().clone();
    let model = Model::try_new(scoring, segments).unwrap().with_currency("a \"b\"\n\u{0}");
    assert_eq!(Model::from_json(&model.to_json()), Ok(model));
}

#[test]
fn what_was_read_is_written_the_same() {
    let text = fitted().to_json();
    let read = Model::from_json(&text).unwrap();
    assert_eq!(read.to_json(), text);
    assert_eq!(read.fitted_on().map(|fitted_on| fitted_on.method(Dimension::Monetary)), Some("quintile"));
}

#[test]
fn which_lines_counted_is_kept_and_may_be_left_out() {
    let without = fitted().to_json();
    assert!(!without.contains("counted_lines"));
    for policy in [CleaningPolicy::online_retail().returns(Returns::Net), CleaningPolicy::keep_all()] {
        for drops in [false, true] {
            let lines = CountedLines::of(&policy, drops);
            let text = fitted().with_counted_lines(lines.clone()).to_json();
            let read = Model::from_json(&text).unwrap();
            assert_eq!((read.fitted_on().unwrap().counted_lines(), read.to_json()), (Some(&lines), text));
        }
    }
    let text = fitted().with_counted_lines(CountedLines::of(&CleaningPolicy::online_retail(), false)).to_json();
    for (from, to, path) in [
        ("\"sales\"", "\"sale\"", "keep"),
        ("\"C\"", "\"\"", "cancelled_prefix"),
        ("\"exclude\"", "\"Exclude\"", "returns"),
        ("\"repeated_lines\": \"keep\"", "\"repeated_lines\": \"kept\"", "repeated_lines"),
    ] {
        let error = Model::from_json(&text.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.path, format!("fitted_on.counted_lines.{path}"));
    }
    let made = made([Ratio::from(1); 3], Closed::Right);
    assert_eq!(made.with_counted_lines(CountedLines::of(&CleaningPolicy::default(), false)).fitted_on(), None);
}
