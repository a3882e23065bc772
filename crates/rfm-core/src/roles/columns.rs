//! Columns and the roles they play.

use super::{Role, RoleReason};
use crate::suggest::{did_you_mean, suggest};

/// The columns that the caller named, by role.
///
/// # Examples
///
/// ```
/// use rfm_core::{ColumnChoice, Role};
///
/// let choice = ColumnChoice::default().with(Role::Customer, "Client ref");
/// assert_eq!(choice.get(Role::Customer), Some("Client ref"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChoice {
    names: [Option<String>; 8],
    ignored: [bool; 8],
}

impl ColumnChoice {
    /// Names the column of a role.
    #[must_use]
    pub fn with(mut self, role: Role, column: impl Into<String>) -> ColumnChoice {
        self.names[slot(role)] = Some(column.into());
        self
    }

    /// Leaves a role without a column, whatever the header says and whichever was named.
    #[must_use]
    pub fn without(mut self, role: Role) -> ColumnChoice {
        self.ignored[slot(role)] = true;
        self
    }

    /// The named column of a role.
    #[must_use]
    pub fn get(&self, role: Role) -> Option<&str> {
        self.names[slot(role)].as_deref()
    }
}

/// Which column plays which role. Customer and date always have one; and there is an amount, or a quantity and a price.
///
/// # Examples
///
/// ```
/// use rfm_core::{ColumnChoice, ColumnRoles, Role};
///
/// let header = ["Invoice", "Quantity", "InvoiceDate", "Price", "Customer ID"];
/// let roles = ColumnRoles::resolve(&header, &ColumnChoice::default())?;
/// assert_eq!(roles.column(Role::Customer), Some(4));
/// assert_eq!(roles.column(Role::Amount), None);
/// # Ok::<(), rfm_core::RoleError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnRoles {
    columns: [Option<(usize, RoleReason)>; 8],
}

/// Why the roles could not be given to columns.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoleError {
    /// No column has a name that is known for the role.
    #[error("no column for the {role}; the header has {}{}", list(header), suggestion(suggestion_text))]
    Missing {
        /// The role.
        role: Role,
        /// The names in the header.
        header: Vec<String>,
        /// What to type, such as `--amount COLUMN`, or a similar name.
        suggestion_text: Option<String>,
    },
    /// The caller named a column that is not there.
    #[error("no column `{name}` for the {role}; the header has {}{}", list(header), did_you_mean(similar.as_deref()))]
    Unknown {
        /// The role.
        role: Role,
        /// The name that was asked for.
        name: String,
        /// The names in the header.
        header: Vec<String>,
        /// A similar name.
        similar: Option<String>,
    },
    /// Several columns have names that are known for the role.
    #[error("{} columns may be the {role}: {}; {}", candidates.len(), list(candidates), choice(*role, candidates))]
    Ambiguous {
        /// The role.
        role: Role,
        /// Their names.
        candidates: Vec<String>,
    },
}

impl ColumnRoles {
    /// Gives each role to a column of the header: the one that was named, otherwise the one with a known name.
    ///
    /// An amount that was named keeps quantity and price out of the money; a named quantity or price keeps the amount out.
    /// If nothing was named and the header has both, the amount is taken.
    ///
    /// # Errors
    ///
    /// [`RoleError`] if a needed role has no column, a named column is not there, or several columns fit.
    pub fn resolve<S: AsRef<str>>(header: &[S], choice: &ColumnChoice) -> Result<ColumnRoles, RoleError> {
        let names = || header.iter().map(|name| name.as_ref().to_owned()).collect::<Vec<_>>();
        let mut roles = ColumnRoles { columns: [None; 8] };
        for role in Role::ALL {
            roles.columns[slot(role)] = match choice.get(role).filter(|_| !choice.ignored[slot(role)]) {
                Some(name) => Some((named(role, name, header)?, RoleReason::Named)),
                None => None,
            };
        }
        let by_product = [Role::Quantity, Role::Price].iter().any(|role| choice.get(*role).is_some());
        for role in Role::ALL {
            let replaced = role == Role::Amount && by_product && choice.get(Role::Amount).is_none();
            let unwanted = replaced || choice.ignored[slot(role)];
            if roles.columns[slot(role)].is_none() && !unwanted {
                roles.columns[slot(role)] = known(role, header, &roles)?;
            }
        }
        let missing = |role: Role, suggestion_text: Option<&str>| RoleError::Missing {
            role,
            header: names(),
            suggestion_text: suggestion_text.map(str::to_owned),
        };
        if roles.column(Role::Customer).is_none() {
            return Err(missing(Role::Customer, Some("name it with --customer")));
        }
        if roles.column(Role::Date).is_none() {
            return Err(missing(Role::Date, Some("name it with --date")));
        }
        match (roles.column(Role::Amount), roles.column(Role::Quantity), roles.column(Role::Price)) {
            (Some(_), _, _) | (None, Some(_), Some(_)) => Ok(roles),
            (None, Some(_), None) if by_product => Err(missing(Role::Price, Some("name it with --price"))),
            (None, None, Some(_)) if by_product => Err(missing(Role::Quantity, Some("name it with --quantity"))),
            _ => Err(missing(Role::Amount, Some("name it with --amount, or name --quantity and --price"))),
        }
    }

    /// The column of a role, counted from 0.
    #[must_use]
    pub const fn column(&self, role: Role) -> Option<usize> {
        match self.columns[slot(role)] {
            Some((column, _)) => Some(column),
            None => None,
        }
    }

    /// Why the column plays the role.
    #[must_use]
    pub const fn reason(&self, role: Role) -> Option<RoleReason> {
        match self.columns[slot(role)] {
            Some((_, reason)) => Some(reason),
            None => None,
        }
    }

    /// Whether the money of a line is its quantity times its price.
    #[must_use]
    pub const fn is_product(&self) -> bool {
        self.column(Role::Amount).is_none()
    }

    /// The last column that is needed.
    #[must_use]
    pub fn last_column(&self) -> usize {
        Role::ALL.into_iter().filter_map(|role| self.column(role)).max().unwrap_or(0)
    }
}

#[expect(clippy::as_conversions, reason = "the discriminants are 0..8")]
const fn slot(role: Role) -> usize {
    role as usize
}

/// The column with exactly this name; failing that, the only one with this name but for case, blanks and punctuation.
fn named<S: AsRef<str>>(role: Role, name: &str, header: &[S]) -> Result<usize, RoleError> {
    let matching = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        header.iter().enumerate().filter(|(_, column)| same(column.as_ref())).map(|(at, _)| at).collect()
    };
    let exact = matching(&|column| column == name);
    let wanted = normalised(name);
    let columns = if exact.is_empty() { matching(&|column| normalised(column) == wanted) } else { exact };
    match columns.as_slice() {
        [column] => Ok(*column),
        [] => Err(RoleError::Unknown {
            role,
            name: name.to_owned(),
            header: header.iter().map(|name| name.as_ref().to_owned()).collect(),
            similar: suggest(name, header.iter().map(AsRef::as_ref)).map(str::to_owned),
        }),
        several => Err(ambiguous(role, header, several)),
    }
}

/// The column whose name is known for the role and that has no other role yet.
fn known<S: AsRef<str>>(
    role: Role,
    header: &[S],
    roles: &ColumnRoles,
) -> Result<Option<(usize, RoleReason)>, RoleError> {
    // A column may be an attribute beside its role.
    let taken = |column: usize| {
        Role::ALL.iter().filter(|role| **role != Role::Attribute).any(|role| roles.column(*role) == Some(column))
    };
    let mut best = None;
    for group in role.synonyms() {
        let columns: Vec<usize> = header
            .iter()
            .enumerate()
            .filter(|(at, name)| group.contains(&normalised(name.as_ref()).as_str()) && !taken(*at))
            .map(|(at, _)| at)
            .collect();
        match (best, columns.as_slice()) {
            (_, []) => {}
            (Some(best), [over, ..]) => return Ok(Some((best, RoleReason::Preferred { over: *over }))),
            (None, [column]) => best = Some(*column),
            (None, several) => return Err(ambiguous(role, header, several)),
        }
    }
    Ok(best.map(|column| (column, RoleReason::Synonym)))
}

fn ambiguous<S: AsRef<str>>(role: Role, header: &[S], columns: &[usize]) -> RoleError {
    let candidates = columns.iter().map(|column| header[*column].as_ref().to_owned()).collect();
    RoleError::Ambiguous { role, candidates }
}

/// Letters and digits only, in lower case: `Customer ID`, `customer_id` and `CustomerID` are one name.
fn normalised(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", quoted.join(", ")),
        _ if names.is_empty() => "no columns".to_owned(),
        _ => quoted.join(", "),
    }
}

fn suggestion(text: &Option<String>) -> String {
    text.as_ref().map(|text| format!("; {text}")).unwrap_or_default()
}

/// A name that stands twice chooses nothing.
fn choice(role: Role, candidates: &[String]) -> String {
    match candidates.iter().enumerate().find(|(at, name)| candidates[..*at].contains(name)) {
        Some((_, name)) => format!("`{name}` stands more than once, so rename the others"),
        None => format!("choose one with --{role}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(header: &[&str], choice: ColumnChoice) -> Result<ColumnRoles, RoleError> {
        ColumnRoles::resolve(header, &choice)
    }

    #[test]
    fn headers_of_known_exports_are_understood() {
        let retail =
            ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"];
        let roles = resolve(&retail, ColumnChoice::default()).unwrap();
        assert_eq!(Role::ALL.map(|role| roles.column(role)), [Some(6), Some(0), Some(4), None, Some(3), Some(5), None, None]);
        assert!(roles.is_product());

        let sample = ["ORDERNUMBER", "QUANTITYORDERED", "PRICEEACH", "SALES", "ORDERDATE", "CUSTOMERNAME", "PHONE"];
        let roles = resolve(&sample, ColumnChoice::default()).unwrap();
        assert_eq!(
            Role::ALL.map(|role| roles.column(role)),
            [Some(5), Some(0), Some(4), Some(3), Some(1), Some(2), None, None]
        );
        assert!(!roles.is_product(), "the total of the line is there");

        let german = ["Kundennummer", "Bestelldatum", "Umsatz"];
        let roles = resolve(&german, ColumnChoice::default()).unwrap();
        assert_eq!(Role::ALL.map(|role| roles.column(role)), [Some(0), None, Some(1), Some(2), None, None, None, None]);
    }

    #[test]
    fn a_better_name_wins_over_a_worse_one_and_equally_good_ones_are_ambiguous() {
        let candidates = |header: &[&str]| match resolve(header, ColumnChoice::default()) {
            Err(RoleError::Ambiguous { candidates, .. }) => candidates,
            other => panic!("{other:?}"),
        };
        assert_eq!(candidates(&["client", "date", "amount", "total"]), ["amount", "total"]);
        assert_eq!(
            candidates(&["customer name", "e-mail", "email", "date", "total"]),
            ["customer name", "e-mail", "email"]
        );
        let roles = resolve(&["client", "customer_id", "date", "total"], ColumnChoice::default()).unwrap();
        assert_eq!(roles.column(Role::Customer), Some(1));
        assert_eq!(roles.reason(Role::Customer), Some(RoleReason::Preferred { over: 0 }));
        assert_eq!(roles.reason(Role::Date), Some(RoleReason::Synonym));
    }

    #[test]
    fn a_named_quantity_keeps_a_known_amount_out() {
        let header = ["client", "date", "total", "n", "price"];
        let roles = resolve(&header, ColumnChoice::default().with(Role::Quantity, "n")).unwrap();
        assert_eq!((roles.column(Role::Amount), roles.column(Role::Quantity)), (None, Some(3)));
        assert_eq!(roles.reason(Role::Quantity), Some(RoleReason::Named));
        assert_eq!(roles.reason(Role::Price), Some(RoleReason::Synonym));
    }

    #[test]
    fn messages_list_the_header_and_what_to_do() {
        let message = |header: &[&str], choice| resolve(header, choice).unwrap_err().to_string();
        assert_eq!(
            message(&["client", "when", "total"], ColumnChoice::default()),
            "no column for the date; the header has `client`, `when`, `total`; name it with --date"
        );
        assert_eq!(
            message(&["client", "date", "total"], ColumnChoice::default().with(Role::Customer, "Cleint")),
            "no column `Cleint` for the customer; the header has `client`, `date`, `total`; did you mean `client`?"
        );
        assert_eq!(
            message(&["order_date", "invoice date", "client", "total"], ColumnChoice::default()),
            "2 columns may be the date: `order_date`, `invoice date`; choose one with --date"
        );
        assert_eq!(
            message(&["client", "date", "price"], ColumnChoice::default()),
            "no column for the amount; the header has `client`, `date`, `price`; name it with --amount, or name --quantity and --price"
        );
    }

    #[test]
    fn no_synonym_belongs_to_two_roles() {
        let mut all: Vec<&str> = Role::ALL.iter().flat_map(|role| role.synonyms().concat()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|name| normalised(name) == *name), "synonyms are written normalised");
    }
}
