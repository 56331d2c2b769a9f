//! The slots of dates: one for each period that a key groups by.

use super::slot_interner::SlotInterner;
use super::{BucketSlots, NO_VALUE, SlotMap};
use crate::date::{DateUnit, Day, UNDATED_FIRST, UNDATED_LAST};
use crate::filter::DateField;
use crate::statistics::date_column::DateColumn;
use crate::statistics::day_columns::{DayColumn, MonthTable};
use crate::statistics::segment::Segment;
use crate::statistics::{BucketField, GroupKeyValue};
use std::sync::Arc;

impl SlotInterner<GroupKeyValue> {
    /// Returns the slot maps of the start of a date, one per segment.
    pub(super) fn date_slot_maps<'a>(
        &mut self,
        segments: &[&'a Segment],
        field: BucketField,
        unit: DateUnit,
    ) -> Vec<SlotMap<'a>> {
        let dates = |segment: &'a Segment| match field.date_field() {
            DateField::First | DateField::FirstStart | DateField::FirstEnd => &segment.first,
            DateField::Expires => &segment.expires,
            DateField::Published => &segment.published,
        };
        let columns = || segments.iter().map(|segment| dates(segment));
        let fixed = Arc::new(self.fixed_buckets(columns().flat_map(DateColumn::start), unit));
        let mut buckets = |days: &DayColumn| match days.listed() {
            None => BucketSlots::Fixed(Arc::clone(&fixed)),
            Some(days) => BucketSlots::Listed(self.listed_buckets(days, unit)),
        };
        let slot_map = |dates: &'a DateColumn| {
            let [earliest, latest] = dates.start().map(&mut buckets);
            SlotMap::Date { dates, earliest, latest }
        };
        columns().map(slot_map).collect()
    }

    /// Returns the slots of months. Only the months between the first and the last day with a fixed
    /// code of all columns get one.
    fn fixed_buckets<'a>(
        &mut self,
        columns: impl Iterator<Item = &'a DayColumn>,
        unit: DateUnit,
    ) -> MonthTable<u32> {
        let mut slots = MonthTable::new(NO_VALUE);
        for day in [UNDATED_FIRST, UNDATED_LAST] {
            slots.fill(day, day, self.bucket(day, unit));
        }
        let reaches = columns.filter_map(DayColumn::fixed_range);
        let reach = reaches.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        let Some((first, last)) = reach else { return slots };
        let mut starts = std::iter::successors(Some(first), |day| unit.next(*day));
        while let Some(day) = starts.next().filter(|day| *day <= last) {
            let end = unit.next(day).map_or(last, |next| last.min(next.pred_opt().unwrap_or(last)));
            slots.fill(day, end, self.bucket(day, unit));
        }
        slots
    }

    fn listed_buckets(&mut self, days: &[Day], unit: DateUnit) -> Vec<u32> {
        let slots = days.iter().map(|day| self.bucket(*day, unit));
        [NO_VALUE].into_iter().chain(slots).collect()
    }

    fn bucket(&mut self, day: Day, unit: DateUnit) -> u32 {
        self.slot(Some(GroupKeyValue::Bucket { start: unit.start_of(day), unit }))
    }
}
