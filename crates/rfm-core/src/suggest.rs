//! "Did you mean": the nearest of the names that exist.

/// The name most like `wanted`, if one is alike enough to be meant: at most a third of its letters away.
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
    let near = |name: &'n str| {
        let distance = strsim::damerau_levenshtein(&wanted, &name.to_lowercase());
        let allowed = name.chars().count().max(wanted.chars().count()).div_ceil(3);
        (distance <= allowed).then_some((distance, name))
    };
    names.into_iter().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}
