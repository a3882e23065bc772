//! One currency over all inputs, since amounts of several do not add up.

use crate::error::{Error, ErrorKind};
use crate::layout::Layout;
use crate::records::Record;

/// Names that columns of currencies are known by; compared without case, blanks and punctuation.
const NAMES: [&str; 11] = [
    "currency",
    "currencycode",
    "currencyid",
    "ordercurrency",
    "isocurrency",
    "währung",
    "waehrung",
    "devise",
    "moneda",
    "valuta",
    "moeda",
];

/// The column of currencies, if there is one.
pub(crate) fn column(names: &[String]) -> Option<usize> {
    let plain = |name: &String| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    names.iter().position(|name| NAMES.contains(&plain(name).as_str()))
}

/// The currency of the rows so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Currency(Option<String>);

impl Currency {
    /// Compares the currency of a row with that of the rows before it. An empty cell says nothing.
    #[inline]
    pub(crate) fn check(&mut self, record: &Record<'_>, layout: &Layout) -> Result<(), Error> {
        match layout.currency {
            Some(column) => self.compare(column, record, layout),
            None => Ok(()),
        }
    }

    fn compare(&mut self, column: usize, record: &Record<'_>, layout: &Layout) -> Result<(), Error> {
        let Some(found) = record.field_str(column).map(str::trim).filter(|found| !found.is_empty()) else {
            return Ok(());
        };
        match &self.0 {
            Some(first) if !first.eq_ignore_ascii_case(found) => {
                let position = layout.position(Some(record.line()), Some(column));
                Err(ErrorKind::SeveralCurrencies { position }.into())
            }
            Some(_) => Ok(()),
            None => {
                self.0 = Some(found.to_owned());
                Ok(())
            }
        }
    }
}
