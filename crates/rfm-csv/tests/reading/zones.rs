//! `HAZARDS.md` row 22: the days of times with an offset may be counted in the zone of the shop.

use std::fs;

use rfm_core::cell::DayZone;
use rfm_core::{CleaningPolicy, Day, Reject};
use rfm_csv::{CsvOptions, CsvSource, ReadOptions};

use crate::support::{drain_with, open, read, seen, table};

/// The clocks of Berlin in 2024: an hour ahead of UTC, two from 2024-03-31 to 2024-10-27, each 01:00 UTC.
fn berlin() -> DayZone {
    DayZone::new("Europe/Berlin", |utc| if (1_711_846_800..1_729_990_800).contains(&utc) { 7_200 } else { 3_600 })
}

fn in_berlin() -> ReadOptions {
    ReadOptions::default().zone(berlin())
}

#[test]
fn times_with_an_offset_belong_to_the_day_of_the_zone() {
    for (time, day) in [
        // Around the midnight of Berlin in winter: 23:00 UTC.
        ("2024-01-17T22:59:59Z", "2024-01-17"),
        ("2024-01-17T23:00:00Z", "2024-01-18"),
        ("2024-01-17T23:59:59+01:00", "2024-01-17"),
        ("2024-01-18T00:00:00+01:00", "2024-01-18"),
        // The same instants on other clocks.
        ("2024-01-18T04:29:59+05:30", "2024-01-17"),
        ("2024-01-18T04:30:00+05:30", "2024-01-18"),
        ("2024-01-17T17:59:59-05:00", "2024-01-17"),
        ("2024-01-17T18:00:00-05:00", "2024-01-18"),
        // In summer: 22:00 UTC.
        ("2024-07-17T21:59:59Z", "2024-07-17"),
        ("2024-07-17T22:00:00Z", "2024-07-18"),
        // On the day that ends summer, which has 25 hours.
        ("2024-10-26T22:00:00Z", "2024-10-27"),
        ("2024-10-27T22:59:59Z", "2024-10-27"),
        ("2024-10-27T23:00:00Z", "2024-10-28"),
        // Over the ends of months and years.
        ("2023-12-31T23:00:00Z", "2024-01-01"),
        ("2024-02-28T23:00:00Z", "2024-02-29"),
        ("2024-02-29T23:00:00Z", "2024-03-01"),
    ] {
        let text = table(&format!("ann,{time},1\n"));
        assert_eq!(seen(&text, in_berlin()), [format!("ann {day} 1")], "{time}");
        // Without a zone the day is the one that is written.
        assert_eq!(seen(&text, CsvOptions::default()), [format!("ann {} 1", &time[..10])], "{time}");
    }
}

#[test]
fn times_without_an_offset_and_days_are_local_already() {
    for time in ["2024-01-17", "2024-01-17 00:00:00", "2024-01-17T23:59:59", "17.01.2024 23:59", "17-Jan-2024"] {
        let text = table(&format!("ann,{time},1\n"));
        let far = |hours: i32| ReadOptions::default().zone(DayZone::new("far", move |_| hours * 3_600));
        for options in [in_berlin(), far(14), far(-12), ReadOptions::default()] {
            assert_eq!(seen(&text, options), ["ann 2024-01-17 1"], "{time}");
        }
    }
}

#[test]
fn equal_days_and_days_with_and_without_offset_mix_in_one_text() {
    let rows = "ann,2024-01-17T23:30:00Z,1\nann,2024-01-17T23:30:00Z,1\nann,2024-01-18T00:30:00Z,1\nann,2024-01-18,1\n";
    let days = |options| {
        let customers = read(table(rows), options).unwrap();
        let ann = customers.get(0).unwrap();
        [ann.first_order().to_string(), ann.last_order().to_string()]
    };
    assert_eq!(days(in_berlin()), ["2024-01-18", "2024-01-18"]);
    assert_eq!(days(ReadOptions::default()), ["2024-01-17", "2024-01-18"]);
}

#[test]
fn the_zone_is_that_of_all_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    fs::write(&one, table("ann,2024-01-17T23:30:00Z,1\n")).unwrap();
    fs::write(&two, table("bob,2024-01-17T23:30:00Z,1\n")).unwrap();
    let (customers, _) = open(&[&one, &two], in_berlin()).unwrap();
    let days: Vec<String> = customers.iter().map(|customer| customer.last_order().to_string()).collect();
    assert_eq!(days, ["2024-01-18", "2024-01-18"]);
    assert_eq!(in_berlin().day_zone().map(DayZone::name), Some("Europe/Berlin"));
    assert!(ReadOptions::default().day_zone().is_none());
}

#[test]
fn the_day_of_the_zone_is_the_one_that_policies_see() {
    let text = table("ann,2024-01-17T22:59:59Z,1\nann,2024-01-17T23:00:00Z,1\n");
    let after = |options| {
        let source = CsvSource::from_bytes("a.csv", text.as_bytes(), options).unwrap();
        let policy = CleaningPolicy::default().as_of(Day::from_ymd(2024, 1, 17).unwrap());
        drain_with(source, policy).unwrap().0.account().rejected(Reject::AfterAnalysisDate).lines()
    };
    assert_eq!((after(in_berlin()), after(ReadOptions::default())), (1, 0));
}
