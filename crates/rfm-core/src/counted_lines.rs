//! Which lines counted where a model was fitted: scores mean the same only where the same ones count.

use crate::cleaning::CleaningPolicy;
use crate::returns::Returns;

/// The rules that said which lines count, as far as they are the same for other data: no window of days and no list of orders.
///
/// Two are equal if the same lines count by them; upper and lower case of the prefix are the same.
///
/// # Examples
///
/// ```
/// use rfm_core::{CleaningPolicy, CountedLines, Returns};
///
/// let then = CountedLines::of(&CleaningPolicy::online_retail(), false);
/// let now = CountedLines::of(&CleaningPolicy::default().returns(Returns::Net), false);
/// assert_eq!(then.differences(&now), [("cancelled-prefix", "C", ""), ("returns", "exclude", "net")]);
/// ```
#[derive(Clone, Debug)]
pub struct CountedLines {
    pub(crate) only_sales: bool,
    pub(crate) cancellation_prefix: Option<String>,
    pub(crate) returns: Returns,
    pub(crate) drops_repeated_lines: bool,
}

impl PartialEq for CountedLines {
    fn eq(&self, other: &CountedLines) -> bool {
        self.differences(other).is_empty()
    }
}

impl Eq for CountedLines {}

impl CountedLines {
    /// What a policy lets count, of lines of which those that repeat another one were dropped before, or not.
    #[must_use]
    pub fn of(policy: &CleaningPolicy, drops_repeated_lines: bool) -> CountedLines {
        CountedLines {
            only_sales: policy.only_sales(),
            cancellation_prefix: policy.cancellation_prefix().map(str::to_owned),
            returns: policy.returns_mode(),
            drops_repeated_lines,
        }
    }

    /// Whether zero and negative quantities, prices and amounts, and empty order ids, were rejected.
    #[must_use]
    pub const fn only_sales(&self) -> bool {
        self.only_sales
    }

    /// What the ids of cancelled orders began with.
    #[must_use]
    pub fn cancellation_prefix(&self) -> Option<&str> {
        self.cancellation_prefix.as_deref()
    }

    /// What became of returns.
    #[must_use]
    pub const fn returns(&self) -> Returns {
        self.returns
    }

    /// Whether lines that repeat another one were dropped.
    #[must_use]
    pub const fn drops_repeated_lines(&self) -> bool {
        self.drops_repeated_lines
    }

    /// The rules by name: `keep` (`sales` or `all`), `cancelled-prefix` (empty if there is none), `returns`
    /// ([`Returns::name`]) and `repeated-lines` (`keep` or `drop`).
    #[must_use]
    pub fn rules(&self) -> [(&'static str, &str); 4] {
        [
            ("keep", CountedLines::keep(self.only_sales)),
            ("cancelled-prefix", self.cancellation_prefix().unwrap_or_default()),
            ("returns", self.returns.name()),
            ("repeated-lines", CountedLines::repeated_lines(self.drops_repeated_lines)),
        ]
    }

    /// The rules that are not the same elsewhere: the name, what it is here, what it is there; none if the same lines count.
    #[must_use]
    pub fn differences<'l>(&'l self, elsewhere: &'l CountedLines) -> Vec<(&'static str, &'l str, &'l str)> {
        let pairs = self.rules().into_iter().zip(elsewhere.rules());
        pairs
            .filter(|((_, here), (_, there))| !here.eq_ignore_ascii_case(there))
            .map(|((name, here), (_, there))| (name, here, there))
            .collect()
    }

    /// What is kept, as options and files call it.
    pub(crate) const fn keep(only_sales: bool) -> &'static str {
        if only_sales { "sales" } else { "all" }
    }

    /// What becomes of repeated lines, as options and files call it.
    pub(crate) const fn repeated_lines(are_dropped: bool) -> &'static str {
        if are_dropped { "drop" } else { "keep" }
    }
}
