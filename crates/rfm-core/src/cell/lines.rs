//! Lines of delimited text, many at a time.

use std::borrow::Cow;

use super::plain::{PlainNumbers, last_eight};
use crate::money::Scale;
use crate::roles::{ColumnRoles, Level, Role};
use crate::text::index;

/// Lines of a text that have the same number of cells, which are texts.
///
/// Nothing is known of a cell but where it begins, so that lines of many cells cost what the cells cost that are looked at.
///
/// # Examples
///
/// ```
/// use rfm_core::cell::TextLines;
///
/// let lines = TextLines::new("ann,17\nbob,9\n", &[0, 4, 7, 11, 13], 2, None).expect("two cells in each line");
/// assert_eq!(lines.len(), 2);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TextLines<'a> {
    text: &'a str,
    begins: &'a [u32],
    columns: usize,
    quote: Option<u8>,
}

/// The columns that lines are made of if they are nothing but customers, orders, dates and money, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumns {
    pub(super) customer: usize,
    pub(super) order: Option<usize>,
    pub(super) date: usize,
    /// An amount alone, or a quantity and the price of a piece.
    pub(super) money: (usize, Option<usize>),
}

/// How many lines became rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenLines {
    /// The lines; the next one has to be read otherwise.
    pub lines: usize,
    /// Those of them whose customer id looks like a whole number from a float column, such as `13085.0`.
    pub float_ids: u64,
}

impl<'a> TextLines<'a> {
    /// The lines of a text in which a cell begins at each of `begins`, line by line; each ends one byte before the next begins, and
    /// behind the last one another would begin at the last of `begins`. A carriage return before the end of a line belongs to the
    /// end. `quote` is around the cells that begin with it, and doubled in them.
    ///
    /// `None` if the cells are no whole lines of so many columns.
    #[must_use]
    pub fn new(text: &'a str, begins: &'a [u32], columns: usize, quote: Option<u8>) -> Option<TextLines<'a>> {
        let cells = begins.len().checked_sub(1)?;
        (cells.checked_rem(columns)? == 0).then_some(TextLines { text, begins, columns, quote })
    }

    /// How many cells each line has.
    pub(super) const fn columns(&self) -> usize {
        self.columns
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.begins.len().saturating_sub(1).checked_div(self.columns).unwrap_or_default()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All cells are in it.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// The first `lines` of them, or all if they are fewer.
    #[must_use]
    pub fn first(&self, lines: usize) -> TextLines<'a> {
        let begins = self.begins.get(..=lines.saturating_mul(self.columns)).unwrap_or(self.begins);
        TextLines { begins, ..*self }
    }

    /// Bytes, with those between the cells.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let (first, last) = (self.begins.first().copied(), self.begins.last().copied());
        index(last.unwrap_or_default().saturating_sub(first.unwrap_or_default()))
    }

    /// The cells of a column, in the order of the lines, with the quotes around them.
    #[inline]
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = Span> {
        let (bytes, is_last) = (self.text.as_bytes(), column.checked_add(1) == Some(self.columns));
        let begins = self.begins.get(column..).unwrap_or_default();
        begins.chunks(self.columns.max(1)).map_while(move |cells| {
            let [from, next, ..] = cells else { return None };
            let (from, to) = (index(*from), index(next.saturating_sub(1)));
            let is_cut = is_last && bytes.get(from..to).is_some_and(|cell| cell.ends_with(b"\r"));
            Some(Span { from, to: to.saturating_sub(usize::from(is_cut)) })
        })
    }

    /// A cell without the quotes around it, and whether there are any.
    #[inline]
    fn inside(&self, cell: Span) -> (Span, bool) {
        let is_quoted = self.quote.is_some() && self.text.as_bytes().get(cell.from) == self.quote.as_ref();
        let around = usize::from(is_quoted);
        (Span { from: cell.from.saturating_add(around), to: cell.to.saturating_sub(around) }, is_quoted)
    }

    /// What a cell holds, with the quotes in it still doubled: as it is with what is no text, but a date or a number.
    #[inline]
    pub(super) fn plainly(&self, cell: Span) -> &'a str {
        let (Span { from, to }, _) = self.inside(cell);
        self.text.get(from..to).unwrap_or_default()
    }

    /// What a cell holds.
    #[inline]
    pub(super) fn value(&self, cell: Span) -> Cow<'a, str> {
        let (Span { from, to }, is_quoted) = self.inside(cell);
        let written = self.text.get(from..to).unwrap_or_default();
        if is_quoted { self.undoubled(written) } else { Cow::Borrowed(written) }
    }

    #[cold]
    fn undoubled(&self, written: &'a str) -> Cow<'a, str> {
        match self.quote.map(char::from) {
            Some(quote) if written.contains(quote) => {
                Cow::Owned(written.replace(&String::from_iter([quote, quote]), &quote.to_string()))
            }
            _ => Cow::Borrowed(written),
        }
    }

    /// A cell as a number, if it is one of those that [`PlainNumbers::read_some`] reads.
    #[inline(always)]
    pub(super) fn some_number(&self, cell: Span, numbers: PlainNumbers) -> Option<(i64, Scale)> {
        numbers.read_some(self.text.as_bytes(), cell.from, cell.to)
    }

    /// A cell as a number, if it is a plain one.
    pub(super) fn number(&self, cell: Span, numbers: PlainNumbers) -> Option<(i64, Scale)> {
        let (Span { from, to }, _) = self.inside(cell);
        numbers.read(self.text.as_bytes(), from, to)
    }

    /// Whether two cells are written alike.
    #[inline(always)]
    pub(super) fn are_alike(&self, one: Span, other: Span) -> bool {
        let length = one.to.wrapping_sub(one.from);
        if length != other.to.wrapping_sub(other.from) {
            return false;
        }
        let bytes = self.text.as_bytes();
        match (last_eight(bytes, one.to), last_eight(bytes, other.to)) {
            (Some(left), Some(right)) if (1..=8).contains(&length) => {
                let unused = 8usize.wrapping_sub(length).wrapping_mul(8);
                (left ^ right).wrapping_shr(u32::try_from(unused).unwrap_or_default()) == 0
            }
            _ => self.are_alike_at_length(one, other),
        }
    }

    /// The same for cells of one length that are not that short, or among the first bytes of the text.
    #[inline(never)]
    fn are_alike_at_length(&self, one: Span, other: Span) -> bool {
        let bytes = self.text.as_bytes();
        let (Some(one), Some(other)) = (bytes.get(one.from..one.to), bytes.get(other.from..other.to)) else {
            return false;
        };
        // Two looks that overlap.
        match one.len() {
            9..=16 => ends::<8>(one) == ends::<8>(other),
            17..=32 => ends::<16>(one) == ends::<16>(other),
            _ => one == other,
        }
    }
}

/// Where a cell is in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    from: usize,
    to: usize,
}

/// The first and the last bytes of a text that has so many.
#[inline]
fn ends<const N: usize>(text: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
    Some((text.first_chunk()?, text.last_chunk()?))
}

impl LineColumns {
    /// Whether there are such columns among so many.
    pub(super) fn are_among(&self, columns: usize) -> bool {
        let (money, price) = self.money;
        let optional = self.order.into_iter().chain(price);
        [self.customer, self.date, money].into_iter().chain(optional).all(|column| column < columns)
    }

    /// The columns of a table of order lines; `None` if other cells are read as well.
    #[must_use]
    pub fn of(roles: &ColumnRoles) -> Option<LineColumns> {
        let others = [Role::Product, Role::Attribute, Role::Currency];
        let money = if roles.is_product() {
            (roles.column(Role::Quantity)?, Some(roles.column(Role::Price)?))
        } else if roles.column(Role::Quantity).or(roles.column(Role::Price)).is_some() {
            return None;
        } else {
            (roles.column(Role::Amount)?, None)
        };
        if roles.level() != Level::Lines || others.into_iter().any(|role| roles.column(role).is_some()) {
            return None;
        }
        let (customer, date) = (roles.column(Role::Customer)?, roles.column(Role::Date)?);
        Some(LineColumns { customer, order: roles.column(Role::Order), date, money })
    }
}
