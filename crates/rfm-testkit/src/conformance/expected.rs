//! What a table comes to, from its values alone: no cell is read, no adapter is asked.

use std::collections::{BTreeMap, HashSet};

use rfm_core::{Customers, Day, Decimal, Level, OrderDefinition, Refusal, Reject, Role, Scale, Summaries};

use super::table::{LogicalTable, Value};
use crate::reference::{Count, Reference};
use crate::strategies::{Columns, Entry, Journal, Row};

/// Customers and the account, and the summaries of the same rows, pushed without any adapter.
pub(super) struct Expected {
    pub(super) facts: Facts,
    pub(super) customers: Customers,
}

/// Everything that a reading is compared by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Facts {
    definition: Option<OrderDefinition>,
    scale: Scale,
    used: Count,
    rejected: BTreeMap<Reject, Count>,
    customers: Vec<Customer>,
}

#[derive(Debug, PartialEq, Eq)]
struct Customer {
    id: String,
    first: Day,
    last: Day,
    orders: u64,
    lines: u64,
    active_days: u64,
    total: i128,
    last_time: Option<u32>,
}

/// A row as its author meant it.
enum Meant {
    Line(Row),
    Customer { row: Row, orders: u64, first: Day },
    Left(Refusal),
}

impl Expected {
    pub(super) fn of(table: &LogicalTable) -> Expected {
        let mut seen = HashSet::new();
        let meant: Vec<Meant> = table.rows().iter().map(|row| Meaning { table, row }.meant(&mut seen)).collect();
        match table.level() {
            Level::Customers => of_customers(table, &meant),
            _ => of_lines(table, meant),
        }
    }

    /// Summaries as a door is to fill them.
    pub(super) fn summaries(table: &LogicalTable) -> Summaries {
        let summaries = Summaries::new(table.cleaning().clone()).with_order_values().with_active_days();
        if table.has_times() { summaries.with_times() } else { summaries }
    }
}

impl Facts {
    pub(super) fn of(customers: &Customers) -> Facts {
        let account = customers.account();
        let count = |tally: rfm_core::Tally| Count {
            lines: tally.lines(),
            money: account.money(tally).minor(),
            without_amount: tally.without_amount(),
        };
        Facts {
            definition: (!customers.is_empty()).then(|| customers.order_definition()),
            scale: customers.scale(),
            used: count(account.used()),
            rejected: account.reasons().map(|(reason, tally)| (reason, count(tally))).collect(),
            customers: customers
                .iter()
                .map(|customer| Customer {
                    id: customer.customer_id().to_owned(),
                    first: customer.first_order(),
                    last: customer.last_order(),
                    orders: customer.orders(),
                    lines: customer.lines(),
                    active_days: customer.active_days().expect("they are kept"),
                    total: customer.total().minor(),
                    last_time: customer.last_time(),
                })
                .collect(),
        }
    }

    /// What differs, briefly: a large table has thousands of customers.
    pub(super) fn difference(&self, found: &Facts) -> Option<String> {
        if self == found {
            return None;
        }
        let account = |facts: &Facts| {
            let Facts { definition, scale, used, rejected, customers } = facts;
            format!("{definition:?} {scale:?} used {used:?} rejected {rejected:?} customers {}", customers.len())
        };
        if account(self) != account(found) {
            return Some(format!("expected {}\n   found {}", account(self), account(found)));
        }
        let mut pairs = self.customers.iter().zip(&found.customers);
        pairs
            .find(|(expected, found)| expected != found)
            .map(|(expected, found)| format!("expected {expected:?}\n   found {found:?}"))
    }
}

fn of_lines(table: &LogicalTable, meant: Vec<Meant>) -> Expected {
    let has = |role| table.role(role).is_some();
    let is_product = !has(Role::Amount);
    let columns = Columns {
        order_ids: has(Role::Order),
        quantities: is_product || has(Role::Quantity),
        prices: is_product || has(Role::Price),
        times: table.has_times(),
        products: table.matches_returns(),
    };
    let entry = |meant| match meant {
        Meant::Line(row) | Meant::Customer { row, .. } => Entry::Row(row),
        Meant::Left(refusal) => Entry::Refused(refusal),
    };
    let journal = Journal { entries: meant.into_iter().map(entry).collect(), columns };
    let mut summaries = Expected::summaries(table);
    journal.push_to(&mut summaries).expect("the tables do not overflow");
    let summarised = summaries.finish().expect("the tables do not overflow");
    if table.matches_returns() {
        // The laws of the core hold this against the slow way; here it matters that every door brings the same columns.
        return Expected { facts: Facts::of(&summarised), customers: summarised };
    }
    let last_time = |id: &str, last: Day| {
        let of_line = |entry: &Entry| match entry {
            Entry::Row(row) if row.customer_id == id && row.day == last => Some(row.time),
            _ => None,
        };
        journal.entries.iter().filter_map(of_line).max().filter(|_| table.has_times())
    };
    let reference = Reference::of(&journal, table.cleaning());
    let definition = if columns.order_ids { OrderDefinition::OrderId } else { OrderDefinition::EachLine };
    let customers = reference.customers.iter().map(|(id, facts)| Customer {
        id: id.clone(),
        first: facts.first(),
        last: facts.last(),
        orders: facts.order_values().len() as u64,
        lines: facts.lines,
        active_days: facts.days.len() as u64,
        total: facts.total,
        last_time: last_time(id, facts.last()),
    });
    let facts = Facts {
        definition: (!reference.customers.is_empty()).then_some(definition),
        scale: reference.scale,
        used: reference.used,
        rejected: reference.rejected.clone(),
        customers: customers.collect(),
    };
    Expected { facts, customers: summarised }
}

fn of_customers(table: &LogicalTable, meant: &[Meant]) -> Expected {
    let scale = meant.iter().map(|meant| match meant {
        Meant::Line(row) | Meant::Customer { row, .. } => row.scale,
        Meant::Left(refusal) => refusal.amount.map_or(Scale::UNITS, |amount| amount.scale()),
    });
    let scale = scale.max().unwrap_or(Scale::UNITS);
    let scale = if scale == Scale::UNITS { scale } else { scale.max(Scale::CENTS) };
    let factor = |from: Scale| 10_i128.pow(u32::from(scale.decimals() - from.decimals()));
    let (mut used, mut rejected) = (Count::default(), BTreeMap::<Reject, Count>::new());
    let mut customers = BTreeMap::new();
    let mut summaries = Expected::summaries(table);
    for meant in meant {
        match meant {
            Meant::Left(refusal) => {
                let count = rejected.entry(refusal.reason).or_default();
                count.lines += 1;
                match refusal.amount {
                    Some(amount) => count.money += amount.minor() * factor(amount.scale()),
                    None => count.without_amount += 1,
                }
                summaries.refuse(&[*refusal]).expect("the tables do not overflow");
            }
            Meant::Line(_) => unreachable!("the rows are customers"),
            Meant::Customer { row, orders, first } => {
                let total = i128::from(row.amount) * factor(row.scale);
                let reason = if row.customer_id.trim_ascii().is_empty() {
                    Some(Reject::MissingCustomer)
                } else if *orders == 0 {
                    Some(Reject::NoOrders)
                } else {
                    let is_late = table.cleaning().analysis_date().is_some_and(|date| row.day > date);
                    is_late.then_some(Reject::AfterAnalysisDate)
                };
                let count = reason.map_or(&mut used, |reason| rejected.entry(reason).or_default());
                count.lines += 1;
                count.money += total;
                if reason.is_none() {
                    let (id, orders) = (row.customer_id.clone(), *orders);
                    let (lines, active_days) = (orders, orders);
                    let (first, last, last_time) = (*first, row.day, None);
                    let customer =
                        Customer { id: id.clone(), first, last, orders, lines, active_days, total, last_time };
                    customers.insert(id, customer);
                }
                push_customer(&mut summaries, row, *orders, *first);
            }
        }
    }
    let definition = (!customers.is_empty()).then_some(OrderDefinition::Counted);
    let customers = customers.into_values().collect();
    Expected {
        facts: Facts { definition, scale, used, rejected, customers },
        customers: summaries.finish().expect("the tables do not overflow"),
    }
}

fn push_customer(summaries: &mut Summaries, row: &Row, orders: u64, first: Day) {
    let end = [u32::try_from(row.customer_id.len()).expect("a short id")];
    let ids = rfm_core::TextColumn::new(&row.customer_id, &end).expect("the end lies in the text");
    let (days, amounts, orders, first) = ([row.day], [row.amount.into()], [orders], [first]);
    let batch = rfm_core::TransactionBatch::try_new(ids, &days, &amounts, row.scale)
        .and_then(|batch| batch.with_summaries(&orders, &first));
    summaries.push_batch(&batch.expect("one row each")).expect("the tables do not overflow");
}

/// What the cells of a row mean by the roles of their columns.
struct Meaning<'t> {
    table: &'t LogicalTable,
    row: &'t [Value],
}

/// A number, as few decimals as it needs, and whether there is any.
type Number = Option<(i64, u8)>;

impl Meaning<'_> {
    fn meant(&self, seen: &mut HashSet<String>) -> Meant {
        let left = |reason, amount| Meant::Left(Refusal { reason, amount });
        let is_blank = |value: &Value| match value {
            Value::Null => true,
            Value::Text(text) => text.trim_ascii().is_empty(),
            _ => false,
        };
        if self.row.iter().all(is_blank) {
            return left(Reject::BlankRow, Some(Decimal::default()));
        }
        // The debug text tells values apart.
        let key = format!("{:?}", self.row);
        if self.table.drops_repeats() && seen.contains(&key) {
            return left(Reject::RepeatedLine, self.worth());
        }
        match self.read() {
            Ok(meant) => {
                seen.insert(key);
                meant
            }
            Err(reason) => left(reason, self.worth()),
        }
    }

    fn read(&self) -> Result<Meant, Reject> {
        let mut row = Row {
            customer_id: String::new(),
            order_id: String::new(),
            day: Day::MIN,
            amount: 0,
            scale: Scale::UNITS,
            quantity: 1,
            price: 1,
            time: 0,
            product: String::new(),
        };
        let mut summary = None;
        if self.table.level() == Level::Customers {
            let orders = match self.number(Role::Frequency)? {
                Some((orders, 0)) => u64::try_from(orders).map_err(|_| Reject::BadNumber)?,
                _ => return Err(Reject::BadNumber),
            };
            if orders > 0 {
                row.day = match self.table.role(Role::Recency) {
                    Some(_) => self.day_of_recency()?,
                    None => self.day(Role::Date)?,
                };
            }
            let has_first = orders > 0 && self.get(Role::FirstOrder).is_some_and(|value| *value != Value::Null);
            let first = if has_first { self.day(Role::FirstOrder)? } else { row.day };
            if first > row.day {
                return Err(Reject::BadDate);
            }
            summary = Some((orders, first));
        } else {
            row.day = self.day(Role::Date)?;
            row.time = self.time();
        }
        let is_nothing = matches!(summary, Some((0, _))) && self.get(Role::Amount) == Some(&Value::Null);
        if !is_nothing {
            self.read_money(&mut row)?;
        }
        row.customer_id = self.id(Role::Customer)?;
        row.order_id = self.id(Role::Order)?;
        row.product = self.id(Role::Product)?;
        Ok(match summary {
            Some((orders, first)) => Meant::Customer { row, orders, first },
            None => Meant::Line(row),
        })
    }

    fn read_money(&self, row: &mut Row) -> Result<(), Reject> {
        let scale = |places| Scale::new(places).ok_or(Reject::BadNumber);
        if self.table.role(Role::Amount).is_some() {
            let (amount, places) = self.number(Role::Amount)?.ok_or(Reject::BadNumber)?;
            (row.amount, row.scale) = (amount, scale(places)?);
            // Beside an amount an empty cell is no reason to refuse the line.
            row.quantity = self.number(Role::Quantity)?.map_or(1, |(quantity, _)| quantity);
            row.price = self.number(Role::Price)?.map_or(1, |(price, _)| price);
            return Ok(());
        }
        let (quantity, decimals) = self.number(Role::Quantity)?.ok_or(Reject::BadNumber)?;
        let (price, places) = self.number(Role::Price)?.ok_or(Reject::BadNumber)?;
        let (mut product, mut places) = (i128::from(quantity) * i128::from(price), decimals + places);
        while places > 9 && product % 10 == 0 {
            (product, places) = (product / 10, places - 1);
        }
        (row.quantity, row.price, row.scale) = (quantity, price, scale(places)?);
        row.amount = i64::try_from(product).map_err(|_| Reject::BadNumber)?;
        Ok(())
    }

    /// What the row is worth as far as its money can be read.
    fn worth(&self) -> Option<Decimal> {
        let mut row = Row {
            customer_id: String::new(),
            order_id: String::new(),
            day: Day::MIN,
            amount: 0,
            scale: Scale::UNITS,
            quantity: 1,
            price: 1,
            time: 0,
            product: String::new(),
        };
        self.read_money(&mut row).ok().map(|()| Decimal::new(row.amount.into(), row.scale))
    }

    fn get(&self, role: Role) -> Option<&Value> {
        self.table.role(role).map(|column| &self.row[column])
    }

    fn id(&self, role: Role) -> Result<String, Reject> {
        match self.get(role) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::Text(text)) if self.table.has_integer_ids() => {
                Ok(text.strip_suffix(".0").unwrap_or(text).to_owned())
            }
            Some(Value::Text(text)) => Ok(text.clone()),
            Some(Value::Integer(number)) => Ok(number.to_string()),
            Some(_) => Err(Reject::BadRecord),
        }
    }

    fn day(&self, role: Role) -> Result<Day, Reject> {
        let day = match self.get(role) {
            Some(Value::Day(day) | Value::LocalTime { day, .. }) => Some(*day),
            Some(Value::Instant(second)) => {
                let days = (second + i64::from(self.table.zone())).div_euclid(86_400);
                i32::try_from(days).ok().and_then(Day::from_epoch_days)
            }
            _ => None,
        };
        day.filter(|day| (1970..2200).contains(&day.ymd().0)).ok_or(Reject::BadDate)
    }

    /// The time of day of a date, midnight if it has none.
    fn time(&self) -> u32 {
        match self.get(Role::Date) {
            Some(Value::LocalTime { second, .. }) => *second,
            Some(Value::Instant(second)) => {
                u32::try_from((second + i64::from(self.table.zone())).rem_euclid(86_400)).unwrap_or_default()
            }
            _ => 0,
        }
    }

    fn day_of_recency(&self) -> Result<Day, Reject> {
        let (Some((days, 0)), Some(base)) = (self.number(Role::Recency)?, self.table.recency_base()) else {
            return Err(Reject::BadNumber);
        };
        let day = i64::from(base.epoch_days()) - days;
        i32::try_from(day).ok().and_then(Day::from_epoch_days).ok_or(Reject::BadNumber)
    }

    fn number(&self, role: Role) -> Result<Number, Reject> {
        let (mut units, mut places) = match self.get(role) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Integer(number)) => (*number, 0),
            Some(Value::Decimal { units, places }) => (*units, *places),
            Some(_) => return Err(Reject::BadNumber),
        };
        let is_money = matches!(role, Role::Amount | Role::Quantity | Role::Price);
        if let Some(scale) = self.table.scale().filter(|_| is_money)
            && places > scale.decimals()
        {
            let unit = 10_i64.pow(u32::from(places - scale.decimals()));
            let (whole, rest) = (units.div_euclid(unit), units.rem_euclid(unit));
            let is_up = rest * 2 > unit || rest * 2 == unit && whole % 2 != 0;
            (units, places) = (whole + i64::from(is_up), scale.decimals());
        }
        while places > 0 && units % 10 == 0 {
            (units, places) = (units / 10, places - 1);
        }
        Ok(Some((units, places)))
    }
}
