//! "Did you mean": the nearest of the names that exist.

/// The name most like `wanted`, if one is alike enough to be meant: at most a third of its letters away, rounded up.
///
/// Case does not count. Of two names equally near the first is taken.
///
/// # Examples
///
/// ```
/// assert_eq!(rfm_core::suggest("quintle", ["quartile", "quintile"]), Some("quintile"));
/// assert_eq!(rfm_core::suggest("zzz", ["quartile", "quintile"]), None);
/// ```
#[must_use]
pub fn suggest<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = wanted.to_lowercase();
    let length = wanted.chars().count();
    let near = |name: &'n str| {
        let letters = name.chars().count();
        let allowed = letters.max(length).div_ceil(3);
        // A header cell may have a million letters, and the distance costs their product.
        if letters.abs_diff(length) > allowed || letters.max(length) > 200 {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&wanted, &name.to_lowercase());
        (distance <= allowed).then_some((distance, name))
    };
    names.into_iter().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// The value that has a name; case does not count, and `_` stands for `-` too. The error is the name most like it.
pub(crate) fn by_name<T: Copy>(
    text: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, Option<&'static str>> {
    let wanted = text.trim().to_ascii_lowercase().replace('_', "-");
    let known = all.iter().copied().find(|value| name(*value) == wanted);
    known.ok_or_else(|| suggest(&wanted, all.iter().map(|value| name(*value))))
}

/// The end of a message about a name that does not exist.
pub(crate) fn did_you_mean(similar: Option<&str>) -> String {
    similar.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}
