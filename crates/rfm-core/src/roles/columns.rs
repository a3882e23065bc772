//! Columns and the roles they play.

use super::{Level, Role, RoleReason};
use crate::suggest::{did_you_mean, suggest};

/// The columns that the caller named, by role, and what the rows are.
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
    names: [Option<String>; Role::ALL.len()],
    ignored: [bool; Role::ALL.len()],
    products: bool,
    level: Level,
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

    /// Asks for the column of products, which most runs do not read, and for that of quantities: both are needed then.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{ColumnChoice, ColumnRoles, Role};
    ///
    /// let header = ["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID"];
    /// let roles = ColumnRoles::resolve(&header, &ColumnChoice::default())?;
    /// assert_eq!(roles.column(Role::Product), None);
    /// let roles = ColumnRoles::resolve(&header, &ColumnChoice::default().with_products())?;
    /// assert_eq!(roles.column(Role::Product), Some(1));
    /// # Ok::<(), rfm_core::RoleError>(())
    /// ```
    #[must_use]
    pub fn with_products(self) -> ColumnChoice {
        ColumnChoice { products: true, ..self }
    }

    /// What the rows of the input are; without it they are order lines.
    #[must_use]
    pub fn at_level(self, level: Level) -> ColumnChoice {
        ColumnChoice { level, ..self }
    }

    /// The named column of a role.
    #[must_use]
    pub fn get(&self, role: Role) -> Option<&str> {
        self.names[slot(role)].as_deref()
    }

    /// What the rows of the input are.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// The named column of a role that is to have one.
    fn wanted(&self, role: Role) -> Option<&str> {
        self.get(role).filter(|_| !self.ignored[slot(role)])
    }
}

/// Which column plays which role.
///
/// Of order lines, customer and date always have one; and there is an amount, or a quantity and a price. Of customers, customer,
/// frequency and amount always have one; and there is a date or a recency.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnRoles {
    columns: [Option<(usize, RoleReason)>; Role::ALL.len()],
    level: Level,
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
    /// The caller named a column for a role that the rows of the input do not have.
    #[error("{}", other_level(*role, *level))]
    OtherLevel {
        /// The role.
        role: Role,
        /// What the rows of the input are said to be.
        level: Level,
    },
    /// The caller named a column for the day of the last order and one for the days since, which may contradict each other.
    #[error("both --date and --recency-column say when the last order was; name one of them")]
    DateAndRecency,
}

impl ColumnRoles {
    /// Gives each role to a column of the header: the one that was named, otherwise the one with a known name.
    ///
    /// An amount that was named keeps quantity and price out of the money; a named quantity or price keeps the amount out.
    /// If nothing was named and the header has both, the amount is taken. Likewise, of customers, date and recency: whichever was
    /// named, otherwise the date, and the recency is not read.
    ///
    /// # Errors
    ///
    /// [`RoleError`] if a needed role has no column, a named column is not there, or several columns fit.
    pub fn resolve<S: AsRef<str>>(header: &[S], choice: &ColumnChoice) -> Result<ColumnRoles, RoleError> {
        let level = choice.level;
        let mut roles = ColumnRoles { columns: [None; Role::ALL.len()], level };
        for role in Role::ALL {
            if let Some(name) = choice.wanted(role) {
                if !role.is_at(level) {
                    return Err(RoleError::OtherLevel { role, level });
                }
                roles.columns[slot(role)] = Some((named(role, name, header)?, RoleReason::Named));
            }
        }
        if roles.column(Role::Date).is_some() && roles.column(Role::Recency).is_some() {
            return Err(RoleError::DateAndRecency);
        }
        let by_product = [Role::Quantity, Role::Price].iter().any(|role| choice.wanted(*role).is_some());
        for role in Role::ALL {
            let is_replaced = match role {
                Role::Amount => by_product,
                Role::Date => roles.column(Role::Recency).is_some(),
                Role::Recency => roles.column(Role::Date).is_some(),
                Role::Product => !choice.products,
                _ => false,
            };
            if roles.columns[slot(role)].is_none() && !is_replaced && !choice.ignored[slot(role)] {
                roles.columns[slot(role)] = known(role, header, &roles)?;
            }
        }
        // Where the days since the last order stand beside its date, the date is read, and it is said that they are not.
        if let (Level::Customers, Some((date, RoleReason::Synonym))) = (level, roles.columns[slot(Role::Date)]) {
            let days =
                if choice.ignored[slot(Role::Recency)] { None } else { known(Role::Recency, header, &roles).ok() };
            if let Some((over, _)) = days.flatten() {
                roles.columns[slot(Role::Date)] = Some((date, RoleReason::Preferred { over }));
            }
        }
        match roles.missing(by_product).or_else(|| roles.missing_of_products(choice)) {
            None => Ok(roles),
            Some((role, remedy)) => Err(RoleError::Missing {
                role,
                header: header.iter().map(|name| name.as_ref().to_owned()).collect(),
                suggestion_text: Some(remedy.to_owned()),
            }),
        }
    }

    /// A role without which rows of the level say nothing, and what to do about it.
    fn missing(&self, by_product: bool) -> Option<(Role, &'static str)> {
        let has = |role| self.column(role).is_some();
        if !has(Role::Customer) {
            return Some((Role::Customer, "name it with --customer"));
        }
        if self.level == Level::Customers {
            let last_order = has(Role::Date) || has(Role::Recency);
            return match (last_order, has(Role::Frequency), has(Role::Amount)) {
                (true, true, true) => None,
                (false, ..) => Some((
                    Role::Date,
                    "name that of the last order with --date, or the days since it with --recency-column",
                )),
                (_, false, _) => Some((Role::Frequency, "name that of the number of orders with --frequency-column")),
                (.., false) => Some((Role::Amount, "name that of the total with --amount")),
            };
        }
        if !has(Role::Date) {
            return Some((Role::Date, "name it with --date"));
        }
        match (has(Role::Amount), has(Role::Quantity), has(Role::Price)) {
            (true, _, _) | (false, true, true) => None,
            (false, true, false) if by_product => Some((Role::Price, "name it with --price")),
            (false, false, true) if by_product => Some((Role::Quantity, "name it with --quantity")),
            _ => Some((Role::Amount, "name it with --amount, or name --quantity and --price")),
        }
    }

    /// The same of lines whose products are asked for.
    fn missing_of_products(&self, choice: &ColumnChoice) -> Option<(Role, &'static str)> {
        if !choice.products || self.level != Level::Lines {
            None
        } else if self.column(Role::Product).is_none() {
            Some((Role::Product, "name it with --product"))
        } else if self.column(Role::Quantity).is_none() {
            Some((Role::Quantity, "name it with --quantity; returns are matched by pieces of a product"))
        } else {
            None
        }
    }

    /// What the rows are.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// The column of one role alone, counted from 0, in a table that need not have the others: the one that was named, otherwise
    /// the one with a known name.
    ///
    /// # Errors
    ///
    /// [`RoleError`] if there is none, or several fit. A column that was named and is not there is looked for by known names.
    pub fn find<S: AsRef<str>>(role: Role, header: &[S], choice: &ColumnChoice) -> Result<usize, RoleError> {
        let given = choice.wanted(role).and_then(|name| named(role, name, header).ok());
        let found = match given {
            Some(column) => Some(column),
            None => known(role, header, &ColumnRoles::default())?.map(|(column, _)| column),
        };
        found.ok_or_else(|| RoleError::Missing {
            role,
            header: header.iter().map(|name| name.as_ref().to_owned()).collect(),
            suggestion_text: None,
        })
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

#[expect(clippy::as_conversions, reason = "the discriminants are 0..12")]
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
    for group in role.synonyms(roles.level) {
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
        None => format!("choose one with --{}", role.option()),
    }
}

fn other_level(role: Role, level: Level) -> String {
    match level {
        Level::Lines => format!("the {role} is a column of tables of customers; read one with --level customers"),
        Level::Customers => format!("the {role} is a column of order lines; read them with --level lines"),
    }
}

#[cfg(test)]
mod tests;
