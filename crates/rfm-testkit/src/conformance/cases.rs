//! Tables written by hand, each about one thing.

use rfm_core::{CleaningPolicy, Day, Returns, Role, Scale};

use super::table::{LogicalTable, Value};

use Value::{Instant, Integer, LocalTime, Null};

/// Customer, order, day, amount.
const PLAIN: [(&str, Option<Role>); 4] = [
    ("customer_id", Some(Role::Customer)),
    ("order_id", Some(Role::Order)),
    ("order_date", Some(Role::Date)),
    ("amount", Some(Role::Amount)),
];

/// Customer, order, day, quantity, price.
pub(super) const PRODUCT: [(&str, Option<Role>); 5] = [
    ("customer_id", Some(Role::Customer)),
    ("order_id", Some(Role::Order)),
    ("order_date", Some(Role::Date)),
    ("quantity", Some(Role::Quantity)),
    ("unit_price", Some(Role::Price)),
];

/// A day as `2024-04-17`.
pub(super) fn day(text: &str) -> Value {
    Value::Day(text.parse().expect("a day of the suite"))
}

/// A number with as many decimals as are written.
pub(super) fn decimal(text: &str) -> Value {
    let places = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let units = text.replace('.', "").parse().expect("a number of the suite");
    Value::Decimal { units, places: u8::try_from(places).expect("few decimals") }
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn time(at: &str, second: u32) -> Value {
    LocalTime { day: at.parse().expect("a day of the suite"), second }
}

/// The first second of a day in UTC.
fn midnight(at: &str) -> i64 {
    let day: Day = at.parse().expect("a day of the suite");
    i64::from(day.epoch_days()) * 86_400
}

/// Each id once, on days and for amounts that follow each other.
fn of_ids(name: &str, ids: impl IntoIterator<Item = Value>) -> LogicalTable {
    let first = Day::from_ymd(2024, 1, 1).expect("a day").epoch_days();
    let rows = (0..).zip(ids).map(|(at, id)| {
        let day = Day::from_epoch_days(first + at % 300).expect("a day of the calendar");
        vec![id, Integer(i64::from(at)), Value::Day(day), Value::Decimal { units: i64::from(at) * 25 + 99, places: 2 }]
    });
    LogicalTable::lines(name, &PLAIN).rows_of(rows)
}

/// Each amount once, for one customer each and all together for another.
fn of_amounts(name: &str, amounts: impl IntoIterator<Item = Value>) -> LogicalTable {
    let rows = (0..).zip(amounts).flat_map(|(at, amount)| {
        let own = vec![Value::Text(format!("c{at}")), Integer(at), day("2024-03-01"), amount.clone()];
        [own, vec![text("all"), Integer(at), day("2024-03-02"), amount]]
    });
    LogicalTable::lines(name, &PLAIN).policy(CleaningPolicy::keep_all()).rows_of(rows)
}

/// Each date once.
fn of_dates(name: &str, dates: impl IntoIterator<Item = Value>) -> LogicalTable {
    let columns = [PLAIN[0], PLAIN[2], PLAIN[3]];
    let rows = (0..).zip(dates).map(|(at, date)| vec![Value::Text(format!("c{at}")), date, Integer(at + 1)]);
    LogicalTable::lines(name, &columns).rows_of(rows)
}

/// All of them.
pub(super) fn all() -> Vec<LogicalTable> {
    [ids(), dates(), times(), amounts(), lines(), returns(), readings(), customers()].concat()
}

fn ids() -> Vec<LogicalTable> {
    let texts = |name, ids: &[&str]| of_ids(name, ids.iter().copied().map(Value::from));
    vec![
        texts("one line", &["ann"]),
        of_ids("ids that are numbers", [0, 7, -7, 13_085, 2_147_483_648, 9_007_199_254_740_991].map(Integer)),
        of_ids("ids beyond 2^53", [1_i64 << 53, (1 << 53) + 1, i64::MAX, i64::MAX - 1, i64::MIN].map(Integer)),
        of_ids("ids that are numbers or unknown", [Integer(17), Null, Integer(18), Null]),
        texts(
            "ids that look like something else",
            &[
                "007",
                "7",
                "7.0",
                "+7",
                "-7",
                "1e3",
                "13085.0",
                "0x1F",
                "1,5",
                "1.234",
                "TRUE",
                "false",
                "2011-12-09",
                "05/04/2024",
                "NaN",
                "null",
                "NULL",
                "N/A",
                "#N/A",
                "-",
                "'7",
                "=1+1",
                "@sum",
                "%",
                "00",
                "1_000",
            ],
        ),
        texts(
            "ids of all scripts",
            &[
                "é",
                "e\u{301}",
                "日本",
                "עברית",
                "👩‍👩‍👧",
                "ß",
                "ẞ",
                "İ",
                "ı",
                "Ǆ",
                "\u{200b}x",
                "x\u{feff}",
                "a\u{a0}",
                "a",
                "A",
                "\u{3a9}",
                "\u{2126}",
                "\u{10ffff}",
            ],
        ),
        texts(
            "ids that need quoting or escaping",
            &[
                "a,b;c|d\te",
                "\"",
                "\"\"",
                "say \"hi\"",
                "one\nline",
                "one\r\nline",
                "one\rline",
                "  padded  ",
                "tab\t",
                "_x0041_",
                "_x000D_",
                "A",
                "&lt;",
                "<a>",
                "]]>",
                "a\\b",
                "'",
                "a\u{85}b",
                "a\u{2028}b",
            ],
        ),
        texts("ids with control characters", &["a\u{1}b", "a\u{1f}b", "a\u{7f}b", "ab"]),
        texts("long ids", &["x".repeat(300).as_str(), "é".repeat(20_000).as_str()]),
        of_ids("customers whom nobody knows", [text("ann"), Null, text(""), text(" "), text("\t "), text("bob")]),
        texts("ids that went through a float column", &["13085.0", "13085", "13086.0", "x.0y"]).with_integer_ids(),
    ]
}

fn dates() -> Vec<LogicalTable> {
    let around = |at: &str| [-1, 0, 1, 3_599, 43_200].map(|second| Instant(midnight(at) + second));
    let instants = || [around("2024-03-01"), around("2024-01-01"), around("1972-02-29")].concat();
    vec![
        of_dates(
            "days at the ends of the calendar",
            [
                "1970-01-01",
                "1972-02-29",
                "2000-02-29",
                "2024-12-31",
                "2038-01-19",
                "2038-01-20",
                "2100-02-28",
                "2199-12-31",
            ]
            .map(day),
        ),
        of_dates("days and months that look alike", ["2024-05-04", "2024-04-05", "2012-11-10", "2010-11-12"].map(day)),
        of_dates(
            "local times",
            [time("2024-02-29", 0), time("2024-02-29", 86_399), time("2024-03-01", 0), time("1970-01-01", 1)],
        ),
        of_dates("days and local times", [day("2024-02-29"), time("2024-02-29", 50_700), day("2024-03-01")]),
        of_dates("instants", instants()),
        of_dates("instants seen five hours behind", instants()).in_zone(-18_000),
        of_dates("instants seen fourteen hours ahead", instants()).in_zone(50_400),
        of_dates("local times stay where they are in a zone", [time("2024-02-29", 1), time("2024-02-29", 86_399)])
            .in_zone(-18_000),
    ]
}

fn amounts() -> Vec<LogicalTable> {
    vec![
        of_amounts("whole amounts", [1, 2, -3, 0, 1_000_000].map(Integer)),
        of_amounts("amounts of one decimal", ["0.1", "2.5", "-7.0"].map(decimal)),
        of_amounts(
            "amounts of every scale",
            ["1", "0.1", "0.01", "0.001", "0.0001", "0.00001", "0.000001", "0.0000001", "0.00000001", "0.000000001"]
                .map(decimal),
        ),
        of_amounts("amounts with zeros at the end", ["1.500000000", "2.00", "100.10", "0.000"].map(decimal)),
        of_amounts("amounts that floats do not add", vec![decimal("0.1"); 30].into_iter().chain([decimal("0.2")])),
        of_amounts(
            "amounts that may be read in two ways",
            ["1.234", "12.345", "1000", "999.999", "1234.567"].map(decimal),
        ),
        of_amounts("amounts of fifteen digits", ["1234567890123.45", "-999999999999.999", "0.01"].map(decimal)),
        of_amounts(
            "amounts at the ends of 64 bits",
            [i64::MAX, i64::MIN, i64::MAX - 1, 1].map(|units| Value::Decimal { units, places: 2 }),
        ),
        of_amounts("whole amounts at the ends of 64 bits", [i64::MAX, i64::MIN, i64::MAX, 1].map(Integer)),
        of_amounts("amounts and nothing else", [decimal("12.50"), Integer(3), decimal("0.5")]),
        of_amounts(
            "amounts that are rounded half to even",
            ["0.125", "0.135", "-0.125", "0.1250001", "2.5", "1.005", "0.994999", "0.995"].map(decimal),
        )
        .rounding(Scale::CENTS),
    ]
}

fn lines() -> Vec<LogicalTable> {
    let sale = |customer: &str, order: Value, at: &str, quantity: i64, price: &str| {
        vec![text(customer), order, day(at), Integer(quantity), decimal(price)]
    };
    let returns = |name: &str| {
        LogicalTable::lines(name, &PRODUCT).rows_of([
            sale("ann", text("536365"), "2010-12-01", 6, "2.55"),
            sale("ann", text("536365"), "2010-12-01", 6, "3.39"),
            sale("ann", text("C536379"), "2010-12-01", -1, "27.50"),
            sale("ann", text("c536380"), "2010-12-01", 1, "27.50"),
            sale("bob", text("536381"), "2010-12-02", 0, "4.95"),
            sale("bob", text("536381"), "2010-12-02", 1, "0.00"),
            sale("bob", text("536382"), "2010-12-03", 12, "1.25"),
            sale("bob", text("A536383"), "2010-12-03", 1, "-11062.06"),
        ])
    };
    let dozen = |name: &str| {
        let row = vec![text("ann"), Integer(1), day("2024-01-05"), decimal("3.20")];
        let other = vec![text("ann"), Integer(1), day("2024-01-05"), decimal("3.21")];
        LogicalTable::lines(name, &PLAIN).rows_of([vec![row; 3], vec![other; 2]].concat())
    };
    let beside = [PLAIN[0], PLAIN[2], PLAIN[3], PRODUCT[3], PRODUCT[4]];
    let of_orders = |name: &str, orders: Vec<Value>| {
        let rows = orders.into_iter().enumerate().flat_map(|(at, order)| {
            let customer = if at % 2 == 0 { "ann" } else { "bob" };
            [0, 1].map(|more| vec![text(customer), order.clone(), day("2024-01-05"), Integer(more + 1)])
        });
        LogicalTable::lines(name, &PLAIN).rows_of(rows)
    };
    let nobody = || vec![Null, text("A1"), Null, text(" ")];
    vec![
        returns("returns, free items and cancellations").policy(CleaningPolicy::online_retail()),
        returns("returns that count").policy(CleaningPolicy::keep_all()),
        LogicalTable::lines("quantities and prices with decimals", &PRODUCT).rows_of([
            sale("ann", text("1"), "2024-01-01", 3, "0.333"),
            vec![text("ann"), text("2"), day("2024-01-02"), decimal("0.250"), decimal("19.99")],
            vec![text("bob"), text("3"), day("2024-01-03"), decimal("1.5"), decimal("0.00000002")],
        ]),
        LogicalTable::lines("an amount beside quantities and prices", &beside)
            .row([text("ann"), day("2024-01-01"), decimal("5.00"), Integer(2), decimal("2.50")])
            .row([text("ann"), day("2024-01-01"), decimal("5.00"), Null, Null])
            .row([text("bob"), day("2024-01-02"), decimal("5.00"), Integer(-2), decimal("2.50")])
            .row([text("bob"), day("2024-01-03"), decimal("5.00"), Integer(2), decimal("0")]),
        dozen("lines that are repeated and count"),
        dozen("lines that are repeated and do not count").dropping_repeats(),
        of_orders("orders that are numbers", [1, 2, 1, 2, 3].map(Integer).to_vec()),
        of_orders("orders that several customers share", ["A1", "A1", "a1", "A1 "].map(text).to_vec()),
        of_orders("lines without an order", nobody()),
        of_orders("lines without an order that count", nobody()).policy(CleaningPolicy::keep_all()),
        of_orders("a column of orders without any", vec![Null, Null]).policy(CleaningPolicy::keep_all()),
    ]
}

/// Dates of which the time of day is read too.
fn times() -> Vec<LogicalTable> {
    let local = [
        ("ann", time("2024-03-01", 50_700)),
        ("ann", time("2024-03-01", 50_699)),
        ("ann", time("2024-02-29", 86_399)),
        ("bob", time("2024-03-01", 1)),
        ("bob", time("2024-03-02", 0)),
        ("cat", day("2024-03-01")),
    ];
    let noon = midnight("2024-03-01") + 43_200;
    let instants = [("ann", noon), ("ann", noon - 43_201), ("bob", noon + 43_199), ("bob", noon - 1)];
    let lines = |name, dates: Vec<(&str, Value)>| {
        let rows = (1..).zip(dates).map(|(at, (customer, date))| vec![text(customer), date, Integer(at)]);
        LogicalTable::lines(name, &[PLAIN[0], PLAIN[2], PLAIN[3]]).rows_of(rows).with_times()
    };
    let instants = || instants.map(|(customer, second)| (customer, Instant(second))).to_vec();
    vec![
        lines("times of day", local.to_vec()),
        lines("days without a time", vec![("ann", day("2024-03-01")), ("bob", day("2024-03-02"))]),
        lines("times of day of instants", instants()),
        lines("times of day of instants in a zone", instants()).in_zone(-5 * 3_600),
    ]
}

/// Lines that buy and return products.
fn returns() -> Vec<LogicalTable> {
    let columns =
        [PRODUCT[0], PRODUCT[1], ("sku", Some(Role::Product)), PRODUCT[2], PRODUCT[3], PRODUCT[4], ("remark", None)];
    let line = |order: i64, product: Value, at: Value, quantity: i64, price: &str| {
        vec![text("ann"), Integer(order), product, at, Integer(quantity), decimal(price), Null]
    };
    let of = |name, product: fn(i64) -> Value| {
        LogicalTable::lines(name, &columns)
            .rows_of([
                line(1, product(17), time("2024-03-01", 36_000), 10, "5.00"),
                line(1, product(18), time("2024-03-01", 36_000), 1, "2.50"),
                line(2, product(17), time("2024-03-01", 50_000), 2, "4.75"),
                line(3, product(17), time("2024-03-01", 49_999), -2, "5.00"),
                line(4, product(17), time("2024-03-02", 0), -2, "5.00"),
                line(5, product(18), time("2024-03-02", 0), -2, "2.50"),
                line(6, product(19), time("2024-03-03", 7), -1, "1.25"),
                line(7, product(17), time("2024-03-04", 7), 0, "1.25"),
            ])
            .with_times()
    };
    let tables = [
        of("returned products that are numbers", Integer),
        of("returned products that are texts", |number| Value::Text(format!("00{number}A"))),
    ];
    tables.map(|table| table.policy(CleaningPolicy::default().returns(Returns::Match))).to_vec()
}

fn readings() -> Vec<LogicalTable> {
    let blank = || vec![Null, Null, Null, Null];
    let spaces = || vec![text(" "), Null, Null, text("  ")];
    let good = |customer: &str, at: &str| vec![text(customer), Integer(1), day(at), decimal("9.50")];
    let from_to = CleaningPolicy::default()
        .from(Day::from_ymd(2024, 1, 2).expect("a day"))
        .until(Day::from_ymd(2024, 1, 4).expect("a day"))
        .as_of(Day::from_ymd(2024, 1, 3).expect("a day"));
    let window = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"];
    vec![
        LogicalTable::lines("no rows", &PLAIN),
        LogicalTable::lines("rows of nothing", &PLAIN).rows_of([
            good("ann", "2024-01-01"),
            blank(),
            good("bob", "2024-01-02"),
        ]),
        LogicalTable::lines("rows of blanks", &PLAIN).rows_of([good("ann", "2024-01-01"), spaces(), spaces()]),
        LogicalTable::lines("a window and an analysis date", &PLAIN)
            .policy(from_to)
            .rows_of(window.map(|at| good("ann", at))),
        LogicalTable::lines(
            "further columns, in another order",
            &[
                ("remark", None),
                ("amount", Some(Role::Amount)),
                ("empty", None),
                ("order_date", Some(Role::Date)),
                ("is gift", None),
                ("ΑΦΜ", None),
                ("customer_id", Some(Role::Customer)),
                ("delivered", None),
            ],
        )
        .row([
            text("with, \"all\"\nsorts"),
            decimal("1.20"),
            Null,
            day("2024-02-01"),
            text("yes"),
            Integer(7),
            text("ann"),
            Null,
        ])
        .row([Null, decimal("3.00"), Null, day("2024-02-02"), Null, Null, text("bob"), time("2024-02-03", 3_600)])
        .row([text("ü"), decimal("5"), Null, day("2024-02-03"), text("no"), Integer(8), text("ann"), Null]),
        LogicalTable::lines(
            "columns that have to be named",
            &[
                ("Wer, wann", Some(Role::Customer)),
                ("\"A\"", Some(Role::Order)),
                ("Ημέρα", Some(Role::Date)),
                ("net;€", Some(Role::Amount)),
                ("amount", None),
            ],
        )
        .naming_columns()
        .row([text("ann"), text("1"), day("2024-02-01"), decimal("1.20"), text("none")])
        .row([text("bob"), text("2"), day("2024-02-02"), decimal("3.40"), Null]),
        LogicalTable::lines(
            "lines of one currency",
            &[PLAIN[0], PLAIN[2], PLAIN[3], ("currency", Some(Role::Currency))],
        )
        .row([text("ann"), day("2024-02-01"), decimal("1.20"), text("EUR")])
        .row([text("bob"), day("2024-02-02"), decimal("3.40"), text("EUR")]),
        LogicalTable::lines("rows that cannot be read", &PLAIN)
            .skipping_bad_rows()
            .rows_of([good("ann", "2024-01-01"), good("bob", "1969-12-31"), good("bob", "2200-01-01")])
            .row([text("bob"), Integer(2), Null, decimal("1.00")])
            .row([text("bob"), Integer(2), day("2024-01-02"), Null])
            .row([Null, Integer(2), Null, Null])
            .rows_of([good("ann", "2024-01-02")]),
        LogicalTable::lines("texts where dates and numbers should be", &PLAIN)
            .skipping_bad_rows()
            .rows_of([good("ann", "2024-01-01")])
            .row([text("bob"), Integer(2), text("n/a"), decimal("1.00")])
            .row([text("bob"), Integer(2), day("2024-01-02"), text("none")])
            .row([text("bob"), Integer(2), text("soon"), text("much")])
            .rows_of([good("ann", "2024-01-02")]),
    ]
}

fn customers() -> Vec<LogicalTable> {
    let id = ("customer_id", Some(Role::Customer));
    let (first, last) = (("first_order", Some(Role::FirstOrder)), ("last_order", Some(Role::Date)));
    let recency = ("recency_days", Some(Role::Recency));
    let (orders, total) = (("frequency", Some(Role::Frequency)), ("monetary", Some(Role::Amount)));
    let as_of = Day::from_ymd(2024, 3, 1).expect("a day");
    vec![
        LogicalTable::customers("customers with their last order", &[id, last, orders, total])
            .row([Integer(17), day("2024-01-31"), Integer(3), decimal("59.97")])
            .row([Integer(9), time("2023-02-28", 86_399), Integer(1), decimal("-4.5")])
            .row([Integer(100), day("2024-02-29"), Integer(4_000_000_000), Integer(0)]),
        LogicalTable::customers("customers with first and last order", &[id, first, last, orders, total])
            .row([text("ann"), day("2023-01-31"), day("2024-01-31"), Integer(3), decimal("59.97")])
            .row([text("bob"), Null, day("2024-01-31"), Integer(1), decimal("10")])
            .row([text("cyd"), day("2024-01-31"), day("2024-01-31"), Integer(2), decimal("0.01")]),
        LogicalTable::customers("customers with days since their last order", &[id, recency, orders, total])
            .as_of(as_of)
            .row([text("ann"), Integer(0), Integer(3), decimal("59.97")])
            .row([text("bob"), Integer(365), Integer(1), decimal("10.00")])
            .row([text("cyd"), Integer(-1), Integer(1), decimal("10.00")])
            .policy(CleaningPolicy::default().as_of(as_of)),
        LogicalTable::customers("customers without orders", &[id, last, orders, total])
            .row([text("ann"), day("2024-01-31"), Integer(3), decimal("59.97")])
            .row([text("bob"), Null, Integer(0), Null])
            .row([text("cyd"), Null, Integer(0), decimal("0.00")])
            .row([Null, day("2024-01-31"), Integer(3), decimal("1.25")]),
        LogicalTable::customers("customers that cannot be read", &[id, first, last, orders, total])
            .skipping_bad_rows()
            .row([text("ann"), Null, day("2024-01-31"), Integer(3), decimal("59.97")])
            .row([text("bob"), Null, day("2024-01-31"), Integer(-1), decimal("1.00")])
            .row([text("cyd"), Null, day("2024-01-31"), decimal("1.5"), decimal("1.00")])
            .row([text("dan"), day("2024-02-01"), day("2024-01-31"), Integer(2), decimal("1.00")])
            .row([text("eve"), Null, Null, Integer(2), decimal("1.00")])
            .row([text("fay"), Null, day("2024-01-31"), Integer(2), Null]),
    ]
}
