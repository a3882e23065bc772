//! What can be wrong with a generated cell.

/// The one fault of a dirty line. Every kind says which column it is in and what a reader can make of it, so that a test
/// can hold a reader's report against what was put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dirt {
    /// The 30th of February: `2024-02-30 14:05:00`.
    ImpossibleDate,
    /// An empty date.
    MissingDate,
    /// `n/a` as the price.
    NoPrice,
    /// `n/a` as the quantity.
    NoQuantity,
    /// A price with a currency sign: `$6.95`.
    CurrencySign,
    /// Blanks around the customer id.
    PaddedId,
    /// The customer id as a float column prints it: `100042.0`.
    FloatId,
}

impl Dirt {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::ImpossibleDate,
        Self::MissingDate,
        Self::NoPrice,
        Self::NoQuantity,
        Self::CurrencySign,
        Self::PaddedId,
        Self::FloatId,
    ];

    /// The kinds that need no customer id, which come first.
    pub(super) const FOR_GUESTS: usize = 5;

    /// The name of the column that holds the dirty cell.
    pub fn column(self) -> &'static str {
        match self {
            Self::ImpossibleDate | Self::MissingDate => "order_date",
            Self::NoPrice | Self::CurrencySign => "unit_price",
            Self::NoQuantity => "quantity",
            Self::PaddedId | Self::FloatId => "customer_id",
        }
    }

    /// What the cell still holds.
    pub fn expected(self) -> Expected {
        match self {
            Self::ImpossibleDate | Self::MissingDate | Self::NoPrice | Self::NoQuantity => Expected::NoValue,
            Self::CurrencySign | Self::PaddedId | Self::FloatId => Expected::SameValue,
        }
    }
}

/// What a reader can make of a dirty cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expected {
    /// Nothing: the line has to be refused or rejected.
    NoValue,
    /// The value the clean line has, for a reader that is told or able to see through the notation.
    SameValue,
}
