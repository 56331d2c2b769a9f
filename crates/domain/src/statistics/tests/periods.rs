//! Buckets, periods and what is not known to them add up to all entries.

use super::random_register::{day, filters, registers};
use super::{KINDS, fact_table, facts_of, groups, view};
use crate::date::DateUnit;
use crate::filter::Filter;
use crate::statistics::{Boundaries, BucketField, CalendarPeriod, GroupBy};
use chrono::Days;
use proptest::prelude::*;
use proptest::sample::select;
use strum::VariantArray;

proptest! {
    #[test]
    fn buckets_and_those_not_known_sum_to_the_total(
        register in registers(),
        filter in filters(),
        field in select(BucketField::VARIANTS),
    ) {
        let (fact_table, view) = (fact_table(&register), view(&register, None, Boundaries::Today));
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let rows = facts.select(&filter);
            for unit in DateUnit::VARIANTS {
                let by = [GroupBy::Bucket { field, unit: *unit, fill_gaps: false }];
                let known: u64 = groups(facts, &rows, &by, &view).iter().map(|group| group.count).sum();
                let not_known = facts.count_not_known(&rows, &by, &view).unwrap();
                prop_assert_eq!(known + not_known, rows.len() as u64);
            }
        }
    }

    #[test]
    fn entries_are_in_a_period_or_outside_or_not_known(
        register in registers(),
        filter in filters(),
        (first, length) in (day(), 0u64..900),
    ) {
        let fact_table = fact_table(&register);
        let period = CalendarPeriod::between(first, first + Days::new(length)).unwrap();
        for kind in KINDS {
            let facts = fact_table.of(kind).unwrap();
            let found = |part: Filter| facts_of(facts, &facts.select(&filter.clone().and(part)));
            for fact in found(period.filter()) {
                prop_assert!(fact.first.is_dated);
                prop_assert!(period.contains(fact.first.start.earliest) && period.contains(fact.first.start.latest));
            }
            let certain = [period.filter(), period.not_known_filter()];
            let neither = certain.iter().cloned().fold(Filter::default(), |all, part| all.and(Filter::Not(Box::new(part))));
            for fact in found(neither.clone()) {
                let start = fact.first.start;
                prop_assert!(start.latest < period.first() || period.last() < start.earliest);
            }
            let parts = certain.into_iter().chain([neither]).map(|part| found(part).len());
            prop_assert_eq!(parts.sum::<usize>(), facts.select(&filter).len());
        }
    }
}
