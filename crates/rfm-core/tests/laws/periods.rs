//! Days, weeks and months of purchases, and the measures made of them.

use super::*;
use rfm_core::{Clv, MonetaryMeasure, PeriodUnit, RecencyMeasure};
use rfm_testkit::reference::period;
use rfm_testkit::strategies::measures;

fn empty(policy: &CleaningPolicy) -> Summaries {
    Summaries::new(policy.clone()).with_order_values().with_active_days().with_daily_money()
}

proptest! {
    #[test]
    fn any_split_keeps_the_money_of_each_day(
        (journal, parts) in journal_in_parts(4), policy in policy(), order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let whole = summarise(&journal, empty(&policy));
        let mut merged = empty(&policy);
        for part in order {
            let mut summaries = empty(&policy);
            parts[part].push_to(&mut summaries).unwrap();
            // Into the smaller and into the larger one.
            if part % 2 == 0 {
                std::mem::swap(&mut merged, &mut summaries);
            }
            merged.merge(summaries).unwrap();
        }
        prop_assert_eq!(merged.finish().unwrap(), whole);
    }

    #[test]
    fn periods_are_those_of_the_reference(journal in journal(LINES), policy in policy()) {
        let customers = summarise(&journal, empty(&policy));
        let reference = Reference::of(&journal, &policy);
        for (customer, facts) in customers.iter().zip(reference.customers.values()) {
            let days: Vec<(Day, i128)> =
                customer.daily_money().unwrap().iter().map(|(day, money)| (day, money.minor())).collect();
            prop_assert_eq!(days, facts.days.clone().into_iter().collect::<Vec<_>>());
            for unit in PeriodUnit::ALL {
                let (ours, theirs) = (customer.periods(unit).unwrap(), facts.periods(unit));
                prop_assert_eq!(ours.count() as usize, theirs.len());
                prop_assert_eq!(ours.total(), customer.total());
                let span = theirs.last_key_value().unwrap().0 - theirs.first_key_value().unwrap().0;
                prop_assert_eq!(ours.last() - ours.first(), span);
                prop_assert_eq!(ours.first_money().minor(), *theirs.first_key_value().unwrap().1);
                prop_assert_eq!(ours.largest().minor(), *theirs.values().max().unwrap());
                let mut money: Vec<i128> = theirs.into_values().collect();
                money.sort_unstable();
                let twice = money[(money.len() - 1) / 2] + money[money.len() / 2];
                prop_assert_eq!(ours.median(), Ratio::new(twice, 2 * customers.scale().minor_units().unsigned_abs()));
            }
        }
    }

    #[test]
    fn every_measure_is_that_of_the_reference(journal in journal(LINES), policy in policy()) {
        let customers = summarise(&journal, empty(&policy));
        let reference = Reference::of(&journal, &policy);
        let value = |measures: Measures, dimension, customer: &CustomerSummary<'_>| {
            measures.value(dimension, customer, analysis_date()).unwrap()
        };
        for (customer, facts) in customers.iter().zip(reference.customers.values()) {
            for recency in RecencyMeasure::ALL.into_iter().filter(|recency| !recency.needs_times()) {
                let ours = value(Measures { recency, ..Measures::default() }, Dimension::Recency, &customer);
                prop_assert_eq!(ours, facts.recency(recency, analysis_date()), "{}", recency);
            }
            for frequency in FrequencyMeasure::ALL {
                let ours = value(Measures { frequency, ..Measures::default() }, Dimension::Frequency, &customer);
                prop_assert_eq!(ours, facts.frequency(frequency, analysis_date()), "{}", frequency);
            }
            for monetary in MonetaryMeasure::ALL {
                let ours = value(Measures { monetary, ..Measures::default() }, Dimension::Monetary, &customer);
                let theirs = facts.monetary(monetary, analysis_date(), reference.scale);
                prop_assert_eq!(ours, theirs, "{}", monetary);
            }
        }
    }

    #[test]
    fn any_measures_score_equal_values_equal_and_better_ones_no_lower(
        journal in journal(LINES), scorings in scorings(), measures in measures(),
    ) {
        let Axes { recency, frequency, monetary } = scorings;
        let builder = Rfm::builder(analysis_date()).measures(measures).cleaning(CleaningPolicy::keep_all());
        let rfm = builder.recency(recency).frequency(frequency).monetary(monetary).build().unwrap();
        let Some(segmentation) = segment(&rfm, &journal) else { return Ok(()) };
        for dimension in Dimension::ALL {
            let value = |row: rfm_core::SegmentationRow<'_>| {
                measures.value(dimension, &row.customer(), analysis_date()).unwrap()
            };
            let rows = segmentation.rows();
            check_order(dimension, rows.map(|row| (value(row), row.cell()[dimension].number())).collect())?;
        }
    }

    #[test]
    fn summaries_for_lifetime_value_agree_with_each_other(journal in journal(LINES), end in 14_900..15_010i32) {
        let customers = summarise(&journal, empty(&CleaningPolicy::keep_all()));
        let reference = Reference::of(&journal, &CleaningPolicy::keep_all());
        let end = Day::from_epoch_days(end).unwrap();
        for unit in PeriodUnit::ALL {
            let repeat = Clv::repeat(unit).summaries(&customers, end).unwrap();
            let with_first = Clv::pymc_with_first(unit).summaries(&customers, end).unwrap();
            let periods = |facts: &rfm_testkit::reference::Facts| {
                let mut periods = facts.periods(unit);
                periods.retain(|number, _| *number <= period(unit, end));
                periods
            };
            let expected: Vec<_> =
                reference.customers.iter().map(|(id, facts)| (id, periods(facts))).filter(|of| !of.1.is_empty()).collect();
            prop_assert_eq!((repeat.len(), with_first.len()), (expected.len(), expected.len()));
            for ((one, other), (id, periods)) in repeat.iter().zip(&with_first).zip(expected) {
                prop_assert_eq!((one.customer_id, other.customer_id), (id.as_str(), id.as_str()));
                let (first, last) = (*periods.keys().next().unwrap(), *periods.keys().next_back().unwrap());
                prop_assert_eq!((one.recency, one.age), (last - first, period(unit, end) - first));
                prop_assert_eq!((other.recency, other.age), (period(unit, end) - last, one.age));
                prop_assert_eq!((one.frequency as usize + 1, other.frequency), (periods.len(), one.frequency + 1));
                // What models are fitted to is checked for this.
                prop_assert!(one.recency <= one.age && (one.recency == 0) == (one.frequency == 0));
            }
        }
    }
}
