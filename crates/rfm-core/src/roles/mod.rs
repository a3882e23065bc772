//! Which column plays which role, from the names in a header.

mod columns;
mod synonyms;

pub use columns::{ColumnChoice, ColumnRoles, RoleError};

use core::fmt;

/// What a column of an input means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Who bought.
    Customer,
    /// Which order the line belongs to.
    Order,
    /// When.
    Date,
    /// What the line is worth.
    Amount,
    /// How many pieces.
    Quantity,
    /// What one piece costs.
    Price,
    /// In which currency.
    Currency,
    /// What is said about the customer: a country, a shop. Only a column that the caller names.
    Attribute,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 8] = [
        Role::Customer,
        Role::Order,
        Role::Date,
        Role::Amount,
        Role::Quantity,
        Role::Price,
        Role::Currency,
        Role::Attribute,
    ];

    /// The name in messages and of the option that sets it (`--customer`).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Role::Customer => "customer",
            Role::Order => "order",
            Role::Date => "date",
            Role::Amount => "amount",
            Role::Quantity => "quantity",
            Role::Price => "price",
            Role::Currency => "currency",
            Role::Attribute => "attribute",
        }
    }

    /// Names that columns of this role are known by, best first: a name of an earlier group wins over one of a later group,
    /// two of the same group are ambiguous. Compared without case, blanks and punctuation.
    #[must_use]
    pub const fn synonyms(self) -> &'static [&'static [&'static str]] {
        synonyms::of(self)
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
