use super::*;
use crate::axes::{Axes, RfmCell};

fn cell(recency: u8, frequency: u8, monetary: u8) -> RfmCell {
    RfmCell::from_numbers(recency, frequency, monetary).unwrap()
}

fn read(text: &str) -> Condition {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn error(text: &str) -> String {
    text.parse::<Condition>().unwrap_err().to_string()
}

/// Whether it holds for scores, whatever else.
fn by_scores(text: &str, recency: u8, frequency: u8, monetary: u8) -> Option<bool> {
    read(text).holds(&Facts::new(cell(recency, frequency, monetary)))
}

#[test]
fn text_is_shown_in_its_plainest_form() {
    for (written, shown) in [
        ("r >= 4", "r >= 4"),
        ("R=5 AND F!=3", "r = 5 and f != 3"),
        ("(f+m)/2>=4", "(f + m)/2 >= 4"),
        ("f/2 + m/2 >= 4", "(f + m)/2 >= 4"),
        ("0.3*m + 0.4*r + 0.3*f <= 2.0", "0.4*r + 0.3*f + 0.3*m <= 2"),
        ("r + f + m == 15", "r + f + m = 15"),
        ("4 < r", "r > 4"),
        ("r - f < 0", "r - f < 0"),
        ("f - r > 0", "r - f < 0"),
        ("2*(r - 1) >= r", "r >= 2"),
        ("r*1/3 > 1", "r/3 > 1"),
        ("2 <= r <= 4", "r >= 2 and r <= 4"),
        ("recency_days < 30 and not orders = 1", "recency_days < 30 and not orders = 1"),
        ("-2*total < -1000", "total > 500"),
        ("mean_order/2 + mean_order/2 ≥ 12.50", "mean_order >= 12.5"),
        ("((r>3) or ((f>3)))", "r > 3 or f > 3"),
        ("r>3 and f>3 or m>3", "r > 3 and f > 3 or m > 3"),
        ("r>3 and (f>3 or m>3)", "r > 3 and (f > 3 or m > 3)"),
        ("not (r>3 and f>3)", "not (r > 3 and f > 3)"),
        ("not not r>3", "not not r > 3"),
        ("true", "true"),
        ("r > 3 or false", "r > 3"),
    ] {
        let condition = read(written);
        assert_eq!(condition.to_string(), shown, "{written}");
        assert_eq!(read(shown), condition, "{written}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, message) in [
        ("", "character 1: expected a score, a measure or a number, found the end"),
        ("r", "character 2: expected a comparison such as `>= 4`, found the end"),
        ("r >= 4 and", "character 11: expected a score, a measure or a number, found the end"),
        ("r >= 4 f >= 4", "character 8: expected `and`, `or` or the end, found `f`"),
        ("(r >= 4", "character 8: expected `)`, found the end"),
        ("r >> 4", "character 3: expected one of `<` `<=` `=` `!=` `>=` `>`, found `>>`"),
        ("r >= 4 & f >= 4", "character 8: expected a score, a measure or a number, found `&`"),
        ("r >= 1.2.3", "character 6: expected a number such as 12 or 0.3, found `1.2.3`"),
        ("r*f > 4", "character 2: scores and measures may be multiplied with and divided by numbers only"),
        ("4/r > 4", "character 2: scores and measures may be multiplied with and divided by numbers only"),
        ("r/0 > 4", "character 2: a division by zero"),
        ("1 < 2", "character 3: this compares numbers only, and says nothing of a customer"),
        ("r > r", "character 3: this compares numbers only, and says nothing of a customer"),
        (
            "r > orders",
            "character 3: scores and `orders` cannot be compared with each other; compare each with a number",
        ),
        (
            "total > 2*mean_order",
            "character 7: `total` and `mean_order` cannot be compared with each other; compare each with a number",
        ),
        ("(r > 3) + 1 > 2", "character 1: expected a score, a measure or a number, found a comparison"),
        ("r > 99999999999999999999999999999999999999999", "character 5: a number with too many digits"),
    ] {
        assert_eq!(error(text), message, "{text}");
    }
    let unknown = error("recency_dys < 30");
    assert!(
        unknown.starts_with(
            "character 1: unknown name `recency_dys`; there are the scores `r`, `f`, `m` and `recency_days`"
        )
    );
    assert!(unknown.ends_with("did you mean `recency_days`?"), "{unknown}");
    let wide = "größe".parse::<Condition>().unwrap_err();
    assert_eq!((wide.at, matches!(wide.problem, ConditionProblem::UnknownName { .. })), (0, true));
}

#[test]
fn brackets_without_end_are_refused_and_not_followed() {
    let deep = |opening: &str, closing: &str| format!("{}r > 3{}", opening.repeat(100_000), closing.repeat(100_000));
    for text in [deep("(", ")"), deep("not ", ""), format!("{}r > 3", "-".repeat(100_000))] {
        assert_eq!(text.parse::<Condition>().unwrap_err().problem, ConditionProblem::TooDeep);
    }
    assert!(format!("{}r > 3{}", "(".repeat(60), ")".repeat(60)).parse::<Condition>().is_ok());
}

#[test]
fn sums_of_scores_are_compared_exactly() {
    let weighted = "0.3*m + 0.4*r + 0.3*f <= 2.0";
    assert_eq!(by_scores(weighted, 2, 2, 2), Some(true));
    assert_eq!(by_scores(weighted, 2, 1, 3), Some(true));
    assert_eq!(by_scores(weighted, 3, 2, 1), Some(false));
    assert_eq!(by_scores("(r + f + m)/3 = 7/3", 1, 2, 4), Some(true));
    assert_eq!(by_scores("(r + f + m)/3 = 2.333333333", 1, 2, 4), Some(false));
    assert_eq!(by_scores("r + f + m = 15", 5, 5, 5), Some(true));
}

#[test]
fn what_is_not_known_stays_open_unless_it_does_not_matter() {
    assert_eq!(by_scores("orders > 1", 5, 5, 5), None);
    assert_eq!(by_scores("not orders > 1", 5, 5, 5), None);
    assert_eq!(by_scores("r = 5 and orders > 1", 5, 5, 5), None);
    assert_eq!(by_scores("r = 5 and orders > 1", 4, 5, 5), Some(false));
    assert_eq!(by_scores("r = 5 or orders > 1", 5, 5, 5), Some(true));
    assert_eq!(by_scores("r = 5 or orders > 1", 4, 5, 5), None);
}

#[test]
fn measures_are_compared_exactly() {
    let third = Facts::new(cell(1, 1, 1)).with(RuleMeasure::MeanOrder, Ratio::new(1, 3));
    for (text, holds) in [
        ("mean_order = 1/3", true),
        ("mean_order > 0.333333333", true),
        ("mean_order < 0.333333334", true),
        ("mean_order <= 1/3", true),
        ("mean_order != 1/3", false),
        ("3*mean_order >= 1", true),
    ] {
        assert_eq!(read(text).holds(&third), Some(holds), "{text}");
    }
}

#[test]
fn ranges_of_scores_become_comparisons() {
    let condition = Condition::all([
        Condition::score(Dimension::Recency, 4..=5),
        Condition::score(Dimension::Monetary, 3),
        Condition::measure(RuleMeasure::Orders, Relation::More, 2),
    ]);
    assert_eq!(condition.to_string(), "r >= 4 and r <= 5 and m = 3 and orders > 2");
    assert_eq!(condition.measures().into_iter().collect::<Vec<_>>(), [RuleMeasure::Orders]);
    assert_eq!(Condition::score(Dimension::Recency, ScoreRange::ANY).to_string(), "true");
    assert_eq!((!Condition::any([])).holds(&Facts::new(cell(1, 1, 1))), Some(true));
}

#[test]
fn weights_have_to_be_weights() {
    let zero = Axes::all(Ratio::from(0));
    assert_eq!(ScoreTest::try_new(zero, Relation::Less, Ratio::from(1)), Err(ScoreTestError::NoScore));
    let fine = Axes { recency: Ratio::new(1, u64::MAX), frequency: Ratio::new(1, u64::MAX - 1), ..zero };
    assert_eq!(ScoreTest::try_new(fine, Relation::Less, Ratio::from(1)), Err(ScoreTestError::TooFine));
    let test = ScoreTest::try_new(Axes { recency: Ratio::from(-2), ..zero }, Relation::Less, Ratio::from(-4)).unwrap();
    assert_eq!((test.to_string().as_str(), test.weights().recency), ("2*r > 4", Ratio::from(2)));
}

#[test]
fn every_measure_has_a_name_and_a_place() {
    for (at, measure) in RuleMeasure::ALL.into_iter().enumerate() {
        assert_eq!((RuleMeasure::named(measure.name()), measure.place()), (Some(measure), at));
    }
}
