//! Numbers in words, for facts that people read.

use rfm_core::Account;

/// A number with commas between thousands.
///
/// # Examples
///
/// ```
/// assert_eq!([0, 999, 1_234_567].map(rfm_input::grouped), ["0", "999", "1,234,567"]);
/// ```
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and what it counts, which takes an `s` if it is not one.
///
/// # Examples
///
/// ```
/// assert_eq!(rfm_input::counted(1, "row"), "1 row");
/// assert_eq!(rfm_input::counted(1_000, "row"), "1,000 rows");
/// ```
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// How many rows would count, and where the others would go; `None` if none was judged.
#[must_use]
pub fn would_count(account: &Account) -> Option<String> {
    let read = account.read().lines();
    let mut text = format!("{} of {}", grouped(account.used().lines()), counted(read, "row"));
    for (at, (reason, tally)) in account.reasons().enumerate() {
        let before = if at == 0 { "; not: " } else { ", " };
        text.push_str(&format!("{before}{} {reason}", grouped(tally.lines())));
    }
    (read > 0).then_some(text)
}
