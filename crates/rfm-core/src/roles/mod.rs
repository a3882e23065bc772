//! Which column plays which role, from the names in a header.

mod columns;
mod level;
mod synonyms;

pub use columns::{ColumnChoice, ColumnRoles, RoleError};
pub use level::Level;

use core::fmt;

/// What a column of an input means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Who bought.
    Customer,
    /// Which order the line belongs to.
    Order,
    /// When; of a customer the day of the last order.
    Date,
    /// What the line is worth; of a customer the total of all orders.
    Amount,
    /// How many pieces.
    Quantity,
    /// What one piece costs.
    Price,
    /// What was bought: an article number. Only where the caller asks for it or names the column.
    Product,
    /// In which currency.
    Currency,
    /// What is said about the customer: a country, a shop. Only a column that the caller names.
    Attribute,
    /// Of a customer: how many days ago the last order was, where there is no date.
    Recency,
    /// Of a customer: how many orders there are.
    Frequency,
    /// Of a customer: the day of the first order.
    FirstOrder,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 12] = [
        Role::Customer,
        Role::Order,
        Role::Date,
        Role::Amount,
        Role::Quantity,
        Role::Price,
        Role::Product,
        Role::Currency,
        Role::Attribute,
        Role::Recency,
        Role::Frequency,
        Role::FirstOrder,
    ];

    /// The name in messages, such as `first order`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Role::Customer => "customer",
            Role::Order => "order",
            Role::Date => "date",
            Role::Amount => "amount",
            Role::Quantity => "quantity",
            Role::Price => "price",
            Role::Product => "product",
            Role::Currency => "currency",
            Role::Attribute => "attribute",
            Role::Recency => "recency",
            Role::Frequency => "frequency",
            Role::FirstOrder => "first order",
        }
    }

    /// The name of the option that chooses the column, without its dashes: `customer`, `by` for the attribute, `recency-column`.
    #[must_use]
    pub const fn option(self) -> &'static str {
        match self {
            Role::Attribute => "by",
            Role::Recency => "recency-column",
            Role::Frequency => "frequency-column",
            Role::FirstOrder => "first-order",
            _ => self.name(),
        }
    }

    /// Whether rows of this level have such a column.
    #[must_use]
    pub const fn is_at(self, level: Level) -> bool {
        match self {
            Role::Order | Role::Quantity | Role::Price | Role::Product => matches!(level, Level::Lines),
            Role::Recency | Role::Frequency | Role::FirstOrder => matches!(level, Level::Customers),
            Role::Customer | Role::Date | Role::Amount | Role::Currency | Role::Attribute => true,
        }
    }

    /// Names that columns of this role are known by at a level, best first: a name of an earlier group wins over one of a later group,
    /// two of the same group are ambiguous. Compared without case, blanks and punctuation.
    #[must_use]
    pub const fn synonyms(self, level: Level) -> &'static [&'static [&'static str]] {
        match level {
            Level::Lines => synonyms::of_lines(self),
            Level::Customers => synonyms::of_customers(self),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a column plays its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoleReason {
    /// The caller named the column.
    Named,
    /// Its header is a known synonym.
    Synonym,
    /// Its header is a better known synonym than that of another column, counted from 0.
    Preferred {
        /// The column that was passed over.
        over: usize,
    },
}

/// In words: `as given`, `a known name`, `the best known of several names`.
impl fmt::Display for RoleReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RoleReason::Named => "as given",
            RoleReason::Synonym => "a known name",
            RoleReason::Preferred { .. } => "the best known of several names",
        })
    }
}
