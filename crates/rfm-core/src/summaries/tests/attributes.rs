//! Of what lines say about their customers, the latest is kept.

use super::*;

/// A line, and what it says.
type Said<'a> = (Row<'a>, &'a str);

fn say(summaries: &mut Summaries, rows: &[Said<'_>]) {
    let columns = Columns::of(&rows.iter().map(|said| said.0).collect::<Vec<_>>());
    let attributes = column(rows.iter().map(|said| said.1));
    let batch = columns.batch(Scale::CENTS).with_attributes(attributes.column()).unwrap();
    summaries.push_batch(&batch).unwrap();
}

fn empty() -> Summaries {
    Summaries::new(CleaningPolicy::default()).with_attributes()
}

fn attribute(customers: &Customers, id: &str) -> Option<String> {
    customers.get(customers.find(id).unwrap()).unwrap().attribute().map(str::to_owned)
}

/// The attribute of Ann, and whether her lines differ, in every order of the lines.
fn anns(rows: &[Said<'_>]) -> (Option<String>, usize) {
    let mut found = Vec::new();
    for first in 0..rows.len() {
        let mut rows = rows.to_vec();
        rows.rotate_left(first);
        for _ in 0..2 {
            rows.reverse();
            let mut summaries = empty();
            say(&mut summaries, &rows);
            let customers = summaries.finish().unwrap();
            found.push((attribute(&customers, "ann"), customers.varied_attributes()));
        }
    }
    assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
    found.swap_remove(0)
}

fn of(text: &str, varied: usize) -> (Option<String>, usize) {
    (Some(text.to_owned()), varied)
}

#[test]
fn the_latest_day_wins() {
    assert_eq!(anns(&[(("ann", "9", 1, 1), "UK"), (("ann", "1", 2, 1), "France")]), of("France", 1));
}

#[test]
fn of_one_day_the_largest_order_wins_by_its_bytes() {
    assert_eq!(anns(&[(("ann", "9", 1, 1), "UK"), (("ann", "10", 1, 1), "USA")]), of("UK", 1));
}

#[test]
fn of_one_order_the_largest_value_wins_by_its_bytes() {
    assert_eq!(
        anns(&[(("ann", "1", 1, 1), "uk"), (("ann", "1", 1, 1), "UK"), (("ann", "1", 1, 1), "US")]),
        of("uk", 1)
    );
}

#[test]
fn lines_without_a_value_are_passed_over() {
    let rows = [(("ann", "1", 1, 1), "UK"), (("ann", "2", 2, 1), " "), (("ann", "3", 3, 1), "")];
    assert_eq!(anns(&rows), of("UK", 0));
    assert_eq!(anns(&rows[1..]), (None, 0));
}

#[test]
fn lines_that_do_not_count_say_nothing() {
    assert_eq!(anns(&[(("ann", "1", 1, 1), "UK"), (("ann", "2", 2, -1), "France")]), of("UK", 0));
}

#[test]
fn values_of_kept_lines_without_an_order_are_the_smallest_of_their_day() {
    let mut summaries = Summaries::new(CleaningPolicy::keep_all()).with_attributes();
    say(&mut summaries, &[(("ann", "", 1, 1), "a"), (("ann", "0", 1, 1), "b"), (("ann", " ", 1, 1), "c")]);
    say(&mut summaries, &[(("bob", "", 1, 1), "a"), (("bob", " ", 1, 1), "b")]);
    let customers = summaries.finish().unwrap();
    assert_eq!(attribute(&customers, "ann").as_deref(), Some("b"));
    assert_eq!(attribute(&customers, "bob").as_deref(), Some("b"));
    assert_eq!(customers.varied_attributes(), 2);
}

#[test]
fn equal_customers_are_equal_whatever_was_said_before() {
    let rows = [(("ann", "1", 1, 1), "UK"), (("bob", "1", 1, 1), "France"), (("ann", "2", 2, 1), "Peru")];
    let mut one = empty();
    say(&mut one, &rows);
    let mut merged = empty();
    for row in rows.iter().rev() {
        let mut part = empty();
        say(&mut part, &[*row]);
        part.merge(merged).unwrap();
        merged = part;
    }
    assert_eq!(merged.finish().unwrap(), one.finish().unwrap());
}

#[test]
fn attributes_are_kept_only_when_asked_for_and_their_memory_counts() {
    let mut plain = Summaries::new(CleaningPolicy::default());
    say(&mut plain, &[(("ann", "1", 1, 1), "UK")]);
    let mut asked = empty();
    say(&mut asked, &[(("ann", "1", 1, 1), "UK")]);
    assert!(asked.memory() > plain.memory());
    let (plain, asked) = (plain.finish().unwrap(), asked.finish().unwrap());
    assert_eq!((plain.has_attributes(), attribute(&plain, "ann"), plain.varied_attributes()), (false, None, 0));
    assert!(asked.has_attributes());
}

#[test]
fn a_table_of_customers_says_it_once() {
    let (ids, said) = (column(["ann", "bob"].into_iter()), column(["", "UK"].into_iter()));
    let days = [day(1); 2];
    let batch = TransactionBatch::try_new(ids.column(), &days, &[1, 1], Scale::CENTS).unwrap();
    let batch = batch.with_summaries(&[1, 1], &days).unwrap().with_attributes(said.column()).unwrap();
    let mut summaries = empty();
    summaries.push_batch(&batch).unwrap();
    let customers = summaries.finish().unwrap();
    assert_eq!((attribute(&customers, "ann"), attribute(&customers, "bob").as_deref()), (None, Some("UK")));
}
