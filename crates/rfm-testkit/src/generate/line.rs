//! One order line, in the two forms it has: a few numbers while it is made, and text for who asks.

use super::catalogue::{Catalogue, country};
use super::date::Date;
use super::dirt::Dirt;

/// The header of the CSV form, with its line end.
pub(super) const HEADER: &[u8] = b"order_id,order_date,customer_id,sku,description,quantity,unit_price,country\n";

/// A line of an order as a shop exports it. The values are the clean ones; [`dirt`](Self::dirt) says which of them the
/// CSV form spoils.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    order_id: String,
    date: Date,
    second_of_day: u32,
    customer_id: Option<String>,
    sku: String,
    description: String,
    quantity: i64,
    unit_price: i64,
    country: &'static str,
    dirt: Option<Dirt>,
}

impl OrderLine {
    /// The order: digits, after `C` if the order takes back an earlier purchase. Ascending by the time of the order.
    pub fn order_id(&self) -> &str {
        &self.order_id
    }

    /// True for a line of a cancellation order.
    pub fn is_return(&self) -> bool {
        self.order_id.starts_with('C')
    }

    /// The day.
    pub fn date(&self) -> Date {
        self.date
    }

    /// Seconds since midnight, 0 to 86,399.
    pub fn second_of_day(&self) -> u32 {
        self.second_of_day
    }

    /// Date and time as the CSV form has them: `2024-03-01 14:05:00`.
    pub fn timestamp(&self) -> String {
        let second = self.second_of_day;
        format!("{} {:02}:{:02}:{:02}", self.date, second / 3600, second / 60 % 60, second % 60)
    }

    /// The customer: six digits or more; `None` for a guest.
    pub fn customer_id(&self) -> Option<&str> {
        self.customer_id.as_deref()
    }

    /// The product.
    pub fn sku(&self) -> &str {
        &self.sku
    }

    /// The name of the product, sometimes with commas, quotes or letters beyond ASCII.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Pieces, never 0; negative on a return.
    pub fn quantity(&self) -> i64 {
        self.quantity
    }

    /// The price of a piece in cents; 0 for a free item, never negative.
    pub fn unit_price(&self) -> i64 {
        self.unit_price
    }

    /// The country of the customer.
    pub fn country(&self) -> &str {
        self.country
    }

    /// What the CSV form gets wrong on purpose; `None` for a clean line.
    pub fn dirt(&self) -> Option<Dirt> {
        self.dirt
    }
}

/// Marks a guest in [`Line::actor`].
pub(super) const GUEST: u32 = 1 << 31;

/// A line as it is made: 32 bytes, so that shuffling 100 million of them is possible at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) actor: u32,
    pub(super) order: u32,
    pub(super) day: i32,
    pub(super) second: u32,
    pub(super) quantity: i32,
    pub(super) price: u32,
    pub(super) product: u16,
    pub(super) country: u8,
    pub(super) is_return: bool,
    pub(super) dirt: Option<Dirt>,
}

impl Line {
    fn order_number(self) -> u64 {
        500_001 + u64::from(self.order)
    }

    fn customer_number(self) -> Option<u64> {
        (self.actor & GUEST == 0).then_some(100_001 + u64::from(self.actor))
    }

    pub(super) fn to_order_line(self, catalogue: &Catalogue) -> OrderLine {
        let product = catalogue.product(self.product);
        OrderLine {
            order_id: format!("{}{}", if self.is_return { "C" } else { "" }, self.order_number()),
            date: Date::from_days(self.day),
            second_of_day: self.second,
            customer_id: self.customer_number().map(|number| number.to_string()),
            sku: product.sku.clone(),
            description: product.description.clone(),
            quantity: self.quantity.into(),
            unit_price: self.price.into(),
            country: country(self.country),
            dirt: self.dirt,
        }
    }

    /// Appends the CSV form. By hand and not through [`OrderLine`]: formatting machinery and five strings a line would
    /// make a file of 100 million lines take minutes. `generate::tests` holds both forms against each other.
    pub(super) fn append_csv(self, catalogue: &Catalogue, days: &mut DayText, out: &mut Vec<u8>) {
        let product = catalogue.product(self.product);
        if self.is_return {
            out.push(b'C');
        }
        number(out, self.order_number());
        out.push(b',');
        if self.dirt != Some(Dirt::MissingDate) {
            let day = days.of(self.day);
            match self.dirt {
                Some(Dirt::ImpossibleDate) => {
                    out.extend_from_slice(&day[..5]);
                    out.extend_from_slice(b"02-30");
                }
                _ => out.extend_from_slice(day),
            }
            for (mark, part) in [(b' ', self.second / 3600), (b':', self.second / 60 % 60), (b':', self.second % 60)] {
                out.push(mark);
                two_digits(out, part);
            }
        }
        out.push(b',');
        if let Some(customer) = self.customer_number() {
            if self.dirt == Some(Dirt::PaddedId) {
                out.extend_from_slice(b"  ");
            }
            number(out, customer);
            match self.dirt {
                Some(Dirt::PaddedId) => out.push(b' '),
                Some(Dirt::FloatId) => out.extend_from_slice(b".0"),
                _ => {}
            }
        }
        out.push(b',');
        out.extend_from_slice(product.sku.as_bytes());
        out.push(b',');
        out.extend_from_slice(&product.description_csv);
        out.push(b',');
        if self.dirt == Some(Dirt::NoQuantity) {
            out.extend_from_slice(b"n/a");
        } else {
            if self.quantity < 0 {
                out.push(b'-');
            }
            number(out, self.quantity.unsigned_abs().into());
        }
        out.push(b',');
        if self.dirt == Some(Dirt::NoPrice) {
            out.extend_from_slice(b"n/a");
        } else {
            if self.dirt == Some(Dirt::CurrencySign) {
                out.push(b'$');
            }
            number(out, (self.price / 100).into());
            out.push(b'.');
            two_digits(out, self.price % 100);
        }
        out.push(b',');
        out.extend_from_slice(country(self.country).as_bytes());
        out.push(b'\n');
    }
}

/// The text of the day written last: lines come by day, so it is made anew only some hundred times.
#[derive(Debug, Default)]
pub(super) struct DayText {
    day: Option<i32>,
    text: String,
}

impl DayText {
    fn of(&mut self, day: i32) -> &[u8] {
        if self.day != Some(day) {
            self.day = Some(day);
            self.text = Date::from_days(day).to_string();
        }
        self.text.as_bytes()
    }
}

fn two_digits(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&[b'0' + (value / 10) as u8, b'0' + (value % 10) as u8]);
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}
