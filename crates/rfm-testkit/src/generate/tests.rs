use super::*;
use crate::{Error, ErrorKind};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

fn csv_of(generator: &OrderGenerator) -> Vec<u8> {
    let mut out = Vec::new();
    let written = generator.write_csv(&mut out).unwrap();
    assert_eq!(written, generator.lines().count() as u64);
    out
}

fn shape() -> Shape {
    Shape::new().seed(11).customers(3000)
}

/// Distinct purchase orders per customer.
fn orders_by_customer(lines: &[OrderLine]) -> HashMap<&str, HashSet<&str>> {
    let mut orders: HashMap<&str, HashSet<&str>> = HashMap::new();
    for line in lines.iter().filter(|line| !line.is_return()) {
        if let Some(customer) = line.customer_id() {
            orders.entry(customer).or_default().insert(line.order_id());
        }
    }
    orders
}

/// The sum of a digest of every line: the same for any order of them.
fn contents(lines: impl Iterator<Item = OrderLine>) -> BTreeMap<String, u32> {
    let mut contents = BTreeMap::new();
    for line in lines {
        *contents.entry(format!("{line:?}")).or_default() += 1;
    }
    contents
}

#[test]
fn same_seed_same_bytes_other_seed_other_bytes() {
    let bytes = csv_of(&shape().build().unwrap());
    assert_eq!(bytes, csv_of(&shape().build().unwrap()));
    assert_ne!(bytes, csv_of(&shape().seed(12).build().unwrap()));
}

#[test]
fn csv_holds_what_the_lines_say() {
    for shape in [shape(), shape().line_order(LineOrder::Shuffled)] {
        let generator = shape.build().unwrap();
        let bytes = csv_of(&generator);
        assert!(!bytes.contains(&b'\r'));
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = "order_id,order_date,customer_id,sku,description,quantity,unit_price,country";
        assert_eq!(reader.headers().unwrap(), &csv::StringRecord::from(header.split(',').collect::<Vec<_>>()));
        let mut quoted = 0;
        let mut records = reader.into_records();
        for line in generator.lines() {
            let price = format!("{}.{:02}", line.unit_price() / 100, line.unit_price() % 100);
            let wanted = [
                line.order_id(),
                &line.timestamp(),
                line.customer_id().unwrap_or_default(),
                line.sku(),
                line.description(),
                &line.quantity().to_string(),
                &price,
                line.country(),
            ];
            assert_eq!(records.next().unwrap().unwrap(), csv::StringRecord::from(wanted.as_slice()));
            quoted += u32::from(line.description().contains('"'));
        }
        assert!(records.next().is_none());
        assert!(quoted > 1000, "{quoted}");
    }
}

#[test]
fn shares_are_as_asked() {
    let lines: Vec<OrderLine> = shape().build().unwrap().lines().collect();
    let orders = orders_by_customer(&lines);
    assert_eq!(orders.len(), 3000);
    let once = orders.values().filter(|orders| orders.len() == 1).count();
    assert!((1420..1580).contains(&once), "{once} of 3000 bought once");
    let most = orders.values().map(HashSet::len).max().unwrap();
    assert!((64..=512).contains(&most), "the tail ends at {most}");

    let guests: HashSet<&str> = lines.iter().filter(|l| l.customer_id().is_none()).map(OrderLine::order_id).collect();
    assert_eq!(guests.len(), 750);

    let purchases: usize = orders.values().map(HashSet::len).sum();
    let returns: HashSet<&str> = lines.iter().filter(|line| line.is_return()).map(OrderLine::order_id).collect();
    let share = returns.len() * 1000 / purchases;
    assert!((50..70).contains(&share), "{share} per mille returned");

    let free = lines.iter().filter(|line| line.unit_price() == 0).count() * 10_000 / lines.len();
    assert!((60..100).contains(&free), "{free} of 10,000 free");

    let distinct = contents(lines.iter().cloned()).len();
    let twice = (lines.len() - distinct) * 10_000 / lines.len();
    assert!((35..65).contains(&twice), "{twice} of 10,000 duplicated");
}

#[test]
fn the_share_of_one_time_buyers_can_be_all_or_none() {
    for (asked, wanted) in [(0, 0), (1000, 500)] {
        let lines: Vec<OrderLine> = shape().customers(500).one_time_buyers(asked).build().unwrap().lines().collect();
        let once = orders_by_customer(&lines).values().filter(|orders| orders.len() == 1).count();
        assert_eq!(once, wanted);
    }
}

#[test]
fn tails_change_numbers_of_orders_and_lines_alone() {
    let usual: Vec<OrderLine> = shape().build().unwrap().lines().collect();
    let one_line: Vec<OrderLine> = shape().order_tail(0).build().unwrap().lines().collect();
    let purchases = |lines: &[OrderLine]| orders_by_customer(lines).values().map(HashSet::len).sum::<usize>();
    assert_eq!(purchases(&one_line), purchases(&usual));
    let distinct = contents(one_line.iter().filter(|line| !line.is_return()).cloned()).len();
    assert_eq!(distinct, purchases(&one_line) + 750, "one line for each order, of a guest as well");

    let two_orders: Vec<OrderLine> = shape().one_time_buyers(0).buyer_tail(0).build().unwrap().lines().collect();
    assert!(orders_by_customer(&two_orders).values().all(|orders| orders.len() == 2));
    assert_eq!(contents(shape().order_tail(500).buyer_tail(375).build().unwrap().lines()), contents(usual.into_iter()));
}

#[test]
fn a_large_shop_has_the_orders_and_customers_it_promises() {
    // A tail needs many customers to come near its mean.
    let lines = 400_000;
    let generator = shape().large().lines(lines).build().unwrap();
    let customers = u64::from(generator.customers()) * 10_000_000 / lines;
    assert!((195_000..245_000).contains(&customers), "{customers} customers per 10 million lines");
    let orders: HashSet<String> = generator.lines().map(|line| line.order_id().to_owned()).collect();
    let orders = orders.len() as u64 * 10_000_000 / lines;
    assert!((1_330_000..1_500_000).contains(&orders), "{orders} orders per 10 million lines");
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_what_the_lines_say() {
    use arrow_array::Array as _;
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::{Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    // More than one row group.
    let generator = shape().lines(130_000).dirty_cells(50).build().unwrap();
    let mut file = Vec::new();
    assert_eq!(generator.write_parquet(&mut file).unwrap(), 130_000);
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(file)).unwrap();
    assert_eq!(reader.metadata().num_row_groups(), 2);
    let mut lines = generator.lines();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let line = lines.next().unwrap();
            let text = |name| batch[name].as_string::<i32>().value(row);
            assert_eq!(text("order_id"), line.order_id());
            let moment = batch["order_date"].as_primitive::<TimestampMicrosecondType>().value_as_datetime(row).unwrap();
            assert_eq!(moment.to_string(), line.timestamp());
            let customers = batch["customer_id"].as_primitive::<Int64Type>();
            let customer = (!customers.is_null(row)).then(|| customers.value(row).to_string());
            assert_eq!(customer.as_deref(), line.customer_id());
            assert_eq!(text("sku"), line.sku());
            assert_eq!(text("description"), line.description());
            assert_eq!(i64::from(batch["quantity"].as_primitive::<Int32Type>().value(row)), line.quantity());
            let price = batch["unit_price"].as_primitive::<Decimal128Type>();
            assert_eq!((price.scale(), price.value(row)), (2, line.unit_price().into()));
            assert_eq!(text("country"), line.country());
        }
    }
    assert!(lines.next().is_none());
}

#[test]
fn lines_come_by_time_and_orders_by_number() {
    let lines: Vec<OrderLine> = shape().build().unwrap().lines().collect();
    assert!(lines.is_sorted_by_key(|line| (line.date(), line.second_of_day())));
    let mut seen = BTreeSet::new();
    let mut spread = 0;
    for pair in lines.windows(2) {
        assert!(pair[0].second_of_day() < 86_400);
        if pair[0].order_id() != pair[1].order_id() {
            seen.insert(pair[0].order_id());
            spread += u32::from(seen.contains(pair[1].order_id()));
        }
    }
    assert!(spread > 20, "{spread} orders are not in one piece");
    // The number of an order follows its first line.
    let mut known = HashSet::new();
    let first_seen = lines.iter().map(|line| line.order_id().trim_start_matches('C')).filter(|id| known.insert(*id));
    assert!(first_seen.is_sorted());
}

#[test]
fn an_order_belongs_to_one_customer() {
    let generator = shape().build().unwrap();
    let mut customers = HashMap::new();
    for line in generator.lines() {
        let customer = line.customer_id().map(str::to_owned);
        assert_eq!(customers.entry(line.order_id().to_owned()).or_insert(customer.clone()), &customer);
    }
}

#[test]
fn returns_take_back_an_earlier_purchase() {
    let lines: Vec<OrderLine> = shape().build().unwrap().lines().collect();
    let mut bought: HashMap<(&str, &str, i64), i64> = HashMap::new();
    for line in &lines {
        assert_eq!(line.is_return(), line.quantity() < 0);
        let Some(customer) = line.customer_id() else {
            assert!(!line.is_return());
            continue;
        };
        let pieces = bought.entry((customer, line.sku(), line.unit_price())).or_default();
        *pieces += line.quantity();
        assert!(*pieces >= 0, "{customer} gives back more than was bought");
    }
}

#[test]
fn shuffling_changes_the_order_alone() {
    let by_time = shape().customers(400).build().unwrap();
    let shuffled = shape().customers(400).line_order(LineOrder::Shuffled).build().unwrap();
    assert_eq!(contents(by_time.lines()), contents(shuffled.lines()));
    let dates: Vec<Date> = shuffled.lines().map(|line| line.date()).collect();
    let ascents = dates.windows(2).filter(|pair| pair[0] < pair[1]).count() * 100 / dates.len();
    assert!((47..53).contains(&ascents), "{ascents} % ascents");
}

#[test]
fn dirt_is_as_frequent_as_asked_and_labelled() {
    let clean = shape().build().unwrap();
    let dirty = shape().dirty_cells(50).build().unwrap();
    let mut kinds: BTreeMap<Dirt, usize> = BTreeMap::new();
    let bytes = csv_of(&dirty);
    let mut records = csv::Reader::from_reader(bytes.as_slice()).into_records();
    let mut lines = 0;
    for (clean, dirty) in clean.lines().zip(dirty.lines()) {
        lines += 1;
        let record = records.next().unwrap().unwrap();
        assert_eq!(clean.dirt(), None);
        if let Some(dirt) = dirty.dirt() {
            *kinds.entry(dirt).or_default() += 1;
            let id = clean.customer_id().unwrap_or_default();
            let price = format!("{}.{:02}", clean.unit_price() / 100, clean.unit_price() % 100);
            let (column, wanted) = match dirt {
                Dirt::ImpossibleDate => (1, format!("{}02-30{}", &clean.timestamp()[..5], &clean.timestamp()[10..])),
                Dirt::MissingDate => (1, String::new()),
                Dirt::NoPrice => (6, "n/a".to_owned()),
                Dirt::NoQuantity => (5, "n/a".to_owned()),
                Dirt::CurrencySign => (6, format!("${price}")),
                Dirt::PaddedId => (2, format!("  {id} ")),
                Dirt::FloatId => (2, format!("{id}.0")),
            };
            assert_eq!(&record[column], wanted);
            assert!(dirt.column() == ["", "order_date", "customer_id", "", "", "quantity", "unit_price"][column]);
            assert!(!id.is_empty() || dirt.column() != "customer_id");
        }
        // Dirt spoils the text and nothing else.
        assert_eq!(format!("{clean:?}"), format!("{dirty:?}").replace(&format!("{:?}", dirty.dirt()), "None"));
    }
    assert_eq!(kinds.len(), Dirt::ALL.len());
    let share = kinds.values().sum::<usize>() * 1000 / lines;
    assert!((45..55).contains(&share), "{share} per mille dirty");
}

#[test]
fn windows_are_exports_of_one_shop() {
    let day = |days| Date::from_days(19_723 + days);
    let whole = shape().build().unwrap();
    let early = shape().window(day(0), day(400)).build().unwrap();
    let late = shape().window(day(401), day(9999)).build().unwrap();
    assert_eq!(contents(whole.lines()), contents(early.lines().chain(late.lines())));
    assert!(late.lines().all(|line| line.date() >= day(401)));
}

#[test]
fn a_number_of_lines_is_met_exactly() {
    for shape in [shape(), shape().window(Date::from_days(20_000), Date::from_days(20_100)).guests(1000)] {
        for lines in [0, 1, 999, 50_000] {
            let generator = shape.clone().lines(lines).build().unwrap();
            assert_eq!(generator.lines().count() as u64, lines);
            if lines > 0 {
                // Not one customer more than it takes.
                let fewer = shape.clone().customers(generator.customers() - 1).build().unwrap();
                assert!((fewer.lines().count() as u64) < lines);
            }
        }
    }
}

#[test]
fn a_life_of_one_day_is_possible() {
    let day = Date::from_days(20_000);
    let lines: Vec<OrderLine> = shape().customers(200).first_day(day).last_day(day).build().unwrap().lines().collect();
    assert!(lines.iter().all(|line| line.date() == day));
    assert_eq!(orders_by_customer(&lines).len(), 200);
}

#[test]
fn no_customers_no_lines() {
    assert_eq!(csv_of(&shape().customers(0).build().unwrap()), line::HEADER);
}

#[test]
fn shapes_that_contradict_themselves_are_refused() {
    let day = Date::from_days;
    for (shape, wanted) in [
        (Shape::new().returns(1001), "shape: `returns` is 1001 per mille; at most 1000 is possible"),
        (
            Shape::new().first_day(day(20_000)).last_day(day(19_999)),
            "shape: the last day 2024-10-03 lies before the first day 2024-10-04",
        ),
        (
            Shape::new().window(day(0), day(1)),
            "shape: the window 1970-01-01 to 1970-01-02 has no day of 2024-01-01 to 2025-12-31",
        ),
        (Shape::new().customers(u32::MAX), "shape: 4294967295 customers; at most 1073741824 are possible"),
    ] {
        let error: Error = shape.build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Shape { .. }));
        assert_eq!(error.to_string(), wanted);
    }
}
