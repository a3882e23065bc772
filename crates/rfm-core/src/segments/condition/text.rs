//! Conditions as text.

use core::fmt;

use super::Condition;

/// Text that reads back to a condition that holds for the same customers; to the same one, if it was made by reading or by
/// [`Condition::all`] and [`Condition::any`].
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::All(parts) => {
                join(f, parts, "true", " and ", |part| matches!(part, Condition::Any(_) | Condition::All(_)))
            }
            Condition::Any(parts) => join(f, parts, "false", " or ", |part| matches!(part, Condition::Any(_))),
            Condition::Not(inner) => {
                f.write_str("not ")?;
                enclose(f, inner, matches!(**inner, Condition::All(_) | Condition::Any(_)))
            }
            Condition::Scores(test) => fmt::Display::fmt(test, f),
            Condition::Measure { measure, relation, bound } => write!(f, "{measure} {relation} {bound}"),
        }
    }
}

fn join(
    f: &mut fmt::Formatter<'_>,
    parts: &[Condition],
    of_none: &str,
    between: &str,
    is_enclosed: impl Fn(&Condition) -> bool,
) -> fmt::Result {
    if parts.is_empty() {
        return f.write_str(of_none);
    }
    for (at, part) in parts.iter().enumerate() {
        f.write_str(if at == 0 { "" } else { between })?;
        enclose(f, part, is_enclosed(part))?;
    }
    Ok(())
}

fn enclose(f: &mut fmt::Formatter<'_>, condition: &Condition, is_enclosed: bool) -> fmt::Result {
    if is_enclosed { write!(f, "({condition})") } else { write!(f, "{condition}") }
}
