//! Maps rows to the values of one key.

use super::columns::{Codes, DictionaryColumn, ListColumn, index, range};
use super::day_columns::{DateColumn, DayColumn, MonthTable};
use super::row_selection::{RowSelection, SegmentRows};
use super::segment::{Segment, Stages};
use super::status_timeline::{FIRST_IN_FORCE, STATUSES, StatusTimeline};
use super::{Boundaries, BoundaryView, BucketField, Facts, GroupBy, GroupKey, GroupKeyValue, QuantityKey};
use crate::date::{DateUnit, Day, UNDATED_FIRST, UNDATED_LAST};
use crate::entry::UnitId;
use crate::filter::DateField;
use crate::id::Id;
use crate::organization;
use crate::quantity::Quantity;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// The slot of rows without a value. Values have the slots from 1 on.
pub(super) const NO_VALUE: u32 = 0;

/// One key of a query over some rows: the values of its slots, and the slots of the rows.
pub(super) struct GroupDimension<'a, V> {
    /// The value of slot `n` is at index `n - 1`; some values may have no row.
    pub(super) values: Vec<V>,
    pub(super) slot_maps: SlotMaps<'a>,
}

/// The mapping of rows to the slots of a key.
pub(super) struct SlotMaps<'a> {
    /// All slots are below this number.
    pub(super) width: u64,
    /// One per segment, in the order of [`Facts::selected_segments`].
    pub(super) by_segment: Vec<SlotMap<'a>>,
}

/// The mapping of the rows of one segment to slots.
pub(super) enum SlotMap<'a> {
    /// All rows have the same slot.
    Same(u32),
    /// One slot per row, by its code.
    Code { slots: Vec<u32>, codes: &'a Codes, row_counts: &'a [u32] },
    /// Several slots per row, by a list of codes; `may_agree` when different codes may share a
    /// slot.
    List {
        slots: Vec<u32>,
        may_agree: bool,
        ends: Option<&'a Codes>,
        codes: &'a Codes,
        row_counts: &'a [u32],
    },
    /// The slot of the status on a day.
    Status { slots: [u32; STATUSES.len()], timeline: &'a StatusTimeline, day: Day },
    /// Slot 1 for rows that are in force on a day.
    InForce { timeline: &'a StatusTimeline, day: Day },
    /// The slot of a date when both of its sides have the same one.
    Date { dates: &'a DateColumn, earliest: BucketSlots, latest: BucketSlots },
}

/// The slots of the codes of a day column.
pub(super) enum BucketSlots {
    /// For fixed codes: every bucket consists of whole months.
    Fixed(Arc<MonthTable<u32>>),
    /// For codes of a list of days.
    Listed(Vec<u32>),
}

impl BucketSlots {
    /// Returns the slot of a code of the column.
    fn of_code(&self, code: u16) -> u32 {
        match self {
            Self::Fixed(slots) => slots.of_code(code),
            Self::Listed(slots) => slots[usize::from(code)],
        }
    }

    /// Returns the slot of a month of a [`MonthCount`](super::day_columns::MonthCount); in a column
    /// with a list it is the code of a day.
    fn of_month(&self, month: u16) -> u32 {
        match self {
            Self::Fixed(slots) => slots.of_month(month),
            Self::Listed(slots) => slots[usize::from(month)],
        }
    }
}

/// The slots of rows, in row order.
pub(super) enum RowSlots {
    /// The same slot for all rows.
    Same(u32),
    /// One slot per row.
    Each(Vec<u32>),
    /// Several distinct slots per row; the slots of a row end where those of the next begin.
    Several { ends: Vec<u32>, slots: Vec<u32> },
}

impl RowSlots {
    /// Returns the slots of one row.
    pub(super) fn of(&self, row: usize) -> &[u32] {
        match self {
            Self::Same(slot) => std::slice::from_ref(slot),
            Self::Each(slots) => &slots[row..=row],
            Self::Several { ends, slots } => {
                let start = row.checked_sub(1).map_or(0, |before| ends[before]);
                &slots[start as usize..ends[row] as usize]
            }
        }
    }
}

impl SlotMap<'_> {
    pub(super) fn row_slots(&self, part: &SegmentRows) -> RowSlots {
        match self {
            Self::Same(slot) => RowSlots::Same(*slot),
            Self::Code { slots, codes, .. } | Self::List { slots, ends: None, codes, .. } => {
                RowSlots::Each(codes.look_up(slots, part))
            }
            Self::List { slots, ends, codes, .. } => list_row_slots(slots, *ends, codes, part),
            Self::Status { slots, timeline, day } => {
                RowSlots::Each(status_row_slots(timeline, *day, part, |code| slots[usize::from(code)]))
            }
            Self::InForce { timeline, day } => {
                RowSlots::Each(status_row_slots(timeline, *day, part, |code| {
                    u32::from(code >= FIRST_IN_FORCE)
                }))
            }
            Self::Date { dates, earliest, latest } => {
                let codes = dates.earliest.read(part);
                if dates.is_exact() {
                    return RowSlots::Each(codes.iter().map(|code| earliest.of_code(*code)).collect());
                }
                let last = dates.latest().read(part);
                let sides = codes.iter().zip(last.iter());
                let slot = |(first, last): (&u16, &u16)| {
                    slot_of_both(earliest.of_code(*first), latest.of_code(*last))
                };
                RowSlots::Each(sides.map(slot).collect())
            }
        }
    }

    /// Returns the slots of the dates of all rows of the segment with their numbers of rows; a slot
    /// may occur several times.
    pub(super) fn month_counts(&self) -> Option<impl Iterator<Item = (u32, u32)>> {
        let Self::Date { dates, earliest, latest } = self else { return None };
        Some(dates.by_month.iter().map(|months| {
            let slot = slot_of_both(earliest.of_month(months.earliest), latest.of_month(months.latest));
            (slot, months.rows.into())
        }))
    }

    /// Returns the slots of the values of all rows of the segment, and the number of rows of each.
    pub(super) fn value_counts(&self) -> Option<(&[u32], &[u32])> {
        match self {
            Self::Code { slots, row_counts, .. } => Some((slots, row_counts)),
            // When two values of one row share a slot, the row counts once.
            Self::List { slots, row_counts, ends, may_agree, .. } => {
                (ends.is_none() || !may_agree).then_some((slots, row_counts))
            }
            Self::Same(_) | Self::Status { .. } | Self::InForce { .. } | Self::Date { .. } => None,
        }
    }
}

/// Returns the slot of a date from the slots of its two sides.
fn slot_of_both(first: u32, last: u32) -> u32 {
    if first == last { first } else { NO_VALUE }
}

fn status_row_slots(
    timeline: &StatusTimeline,
    day: Day,
    part: &SegmentRows,
    slot: impl Fn(u8) -> u32,
) -> Vec<u32> {
    let statuses = timeline.statuses_on(day);
    match part {
        SegmentRows::All(_) => statuses.into_iter().map(slot).collect(),
        SegmentRows::Listed(rows) => rows.iter().map(|row| slot(statuses[usize::from(*row)])).collect(),
    }
}

fn list_row_slots(table: &[u32], ends: Option<&Codes>, codes: &Codes, part: &SegmentRows) -> RowSlots {
    let (mut slot_ends, mut slots) = (Vec::with_capacity(part.len()), Vec::new());
    for row in part.iter() {
        let start = slots.len();
        for item in range(ends, row) {
            let slot = table[codes.at(item) as usize];
            if !slots[start..].contains(&slot) {
                slots.push(slot);
            }
        }
        slot_ends.push(index(slots.len()));
    }
    RowSlots::Several { ends: slot_ends, slots }
}

/// Assigns slots to values in order of first occurrence.
struct SlotInterner<V> {
    values: Vec<V>,
    slot_of: HashMap<V, u32, RandomState>,
    /// Slots by id number: avoids hashing for an id that occurred before.
    slot_of_id: Vec<Option<u32>>,
}

/// Ids above this number are looked up by hash.
const MAX_INDEXED_ID: usize = 1 << 22;

impl<V: Clone + Eq + Hash> SlotInterner<V> {
    fn new() -> Self {
        Self { values: Vec::new(), slot_of: HashMap::default(), slot_of_id: Vec::new() }
    }

    fn slot(&mut self, value: Option<V>) -> u32 {
        let Some(value) = value else { return NO_VALUE };
        *self.slot_of.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            index(self.values.len())
        })
    }

    fn slot_of_id<T>(&mut self, id: Id<T>, value: impl Fn(Id<T>) -> Option<V>) -> u32 {
        let Some(number) = usize::try_from(id.number()).ok().filter(|number| *number < MAX_INDEXED_ID) else {
            return self.slot(value(id));
        };
        if self.slot_of_id.len() <= number {
            self.slot_of_id.resize(number + 1, None);
        }
        if let Some(slot) = self.slot_of_id[number] {
            return slot;
        }
        let slot = self.slot(value(id));
        self.slot_of_id[number] = Some(slot);
        slot
    }

    fn into_dimension(self, slot_maps: Vec<SlotMap<'_>>) -> GroupDimension<'_, V> {
        let width = self.values.len() as u64 + 1;
        GroupDimension { values: self.values, slot_maps: SlotMaps { width, by_segment: slot_maps } }
    }
}

/// Returns the dimension of a key or bucket; it has no value when the kind does not offer the key.
pub(super) fn by_group_key<'a>(
    facts: &'a Facts,
    rows: &'a RowSelection,
    by: GroupBy,
    view: &BoundaryView<'_>,
) -> GroupDimension<'a, GroupKeyValue> {
    let mut slots = SlotInterner::new();
    let segments = facts.selected_segments(rows).map(|(segment, _)| segment);
    let slot_maps = match by {
        _ if !by.is_offered(facts.kind()) => segments.map(|_| SlotMap::Same(NO_VALUE)).collect(),
        GroupBy::Key(key) => segments.map(|segment| slots.slot_map(segment, key, view)).collect(),
        GroupBy::Bucket { field, unit, .. } => {
            slots.date_slot_maps(&segments.collect::<Vec<_>>(), field, unit)
        }
    };
    slots.into_dimension(slot_maps)
}

/// Returns the mapping of rows that are in force on a day to slot 1.
pub(super) fn in_force<'a>(facts: &'a Facts, rows: &'a RowSelection, day: Day) -> SlotMaps<'a> {
    let slot_map = |(segment, _): (&'a Segment, _)| SlotMap::InForce { timeline: &segment.timeline, day };
    SlotMaps { width: 2, by_segment: facts.selected_segments(rows).map(slot_map).collect() }
}

/// Returns the dimension of the stated values of a quantity.
pub(super) fn by_quantity<'a>(
    facts: &'a Facts,
    rows: &'a RowSelection,
    key: QuantityKey,
) -> GroupDimension<'a, Quantity> {
    let mut slots = SlotInterner::new();
    let slot_maps = facts.selected_segments(rows);
    let slot_maps = slot_maps
        .map(|(segment, _)| code_slot_map(segment.quantities(key), |amount| slots.slot(amount.clone())));
    let slot_maps = slot_maps.collect();
    slots.into_dimension(slot_maps)
}

impl SlotInterner<GroupKeyValue> {
    fn slot_map<'a>(&mut self, segment: &'a Segment, key: GroupKey, view: &BoundaryView<'_>) -> SlotMap<'a> {
        let directory = view.directory;
        match key {
            GroupKey::Province if view.boundaries == Boundaries::Today => {
                let province = Some(segment.log).filter(|log| log.is_province());
                SlotMap::Same(self.slot(province.map(GroupKeyValue::Log)))
            }
            // Invariant of facts: an entry of a province has an origin unit, one of the ministry
            // has none.
            GroupKey::Province | GroupKey::Unit => self.id_slot_map(&segment.origin_units, |unit: UnitId| {
                Some(GroupKeyValue::Unit(view.unit_of(unit)))
            }),
            GroupKey::Country => self.id_slot_map(&segment.countries, |id| Some(GroupKeyValue::Country(id))),
            GroupKey::Region => self.id_slot_map(&segment.countries, |id| {
                directory.country(id)?.region.map(GroupKeyValue::Region)
            }),
            GroupKey::Form | GroupKey::Kind => {
                self.id_slot_map(&segment.terms, |id| Some(GroupKeyValue::Term(id)))
            }
            GroupKey::Field => self.list_slot_map(&segment.fields, false, |id| Some(GroupKeyValue::Term(id))),
            GroupKey::Locality => {
                self.list_slot_map(&segment.localities, false, |id| Some(GroupKeyValue::Locality(id)))
            }
            GroupKey::LocalityLevel => self.list_slot_map(&segment.localities, true, |id| {
                Some(GroupKeyValue::Term(directory.locality(id)?.level?))
            }),
            GroupKey::Pillar => {
                code_slot_map(&segment.pillars, |one| self.slot(one.map(GroupKeyValue::Pillar)))
            }
            GroupKey::Tier => code_slot_map(&segment.tiers, |one| self.slot(one.map(GroupKeyValue::Tier))),
            GroupKey::SigningLevel => {
                code_slot_map(&segment.levels, |one| self.slot(one.map(GroupKeyValue::Level)))
            }
            GroupKey::Direction => {
                code_slot_map(&segment.directions, |one| self.slot(one.map(GroupKeyValue::Direction)))
            }
            GroupKey::Stage => code_slot_map(&segment.stages, |(stated, stage_starts): &Stages| {
                let stage = organization::stage_on(stage_starts, view.day()).or(*stated);
                self.slot(stage.map(GroupKeyValue::Stage))
            }),
            GroupKey::Status => SlotMap::Status {
                slots: STATUSES.map(|status| self.slot(status.map(GroupKeyValue::Status))),
                timeline: &segment.timeline,
                day: view.day(),
            },
        }
    }

    fn id_slot_map<'a, T>(
        &mut self,
        column: &'a DictionaryColumn<Option<Id<T>>>,
        value: impl Fn(Id<T>) -> Option<GroupKeyValue>,
    ) -> SlotMap<'a> {
        code_slot_map(column, |id| id.map_or(NO_VALUE, |id| self.slot_of_id(id, &value)))
    }

    fn list_slot_map<'a, T>(
        &mut self,
        lists: &'a ListColumn<Id<T>>,
        may_agree: bool,
        value: impl Fn(Id<T>) -> Option<GroupKeyValue>,
    ) -> SlotMap<'a> {
        let ListColumn { ends, items } = lists;
        let slots = items.values.iter().map(|id| self.slot_of_id(*id, &value)).collect();
        SlotMap::List {
            slots,
            may_agree,
            ends: ends.as_ref(),
            codes: &items.codes,
            row_counts: &items.row_counts,
        }
    }

    fn date_slot_maps<'a>(
        &mut self,
        segments: &[&'a Segment],
        field: BucketField,
        unit: DateUnit,
    ) -> Vec<SlotMap<'a>> {
        let dates = |segment: &'a Segment| match field.date_field() {
            DateField::First => &segment.first,
            DateField::Expires => &segment.expires,
            DateField::Published => &segment.published,
        };
        let columns = || segments.iter().map(|segment| dates(segment));
        let fixed =
            Arc::new(self.fixed_buckets(columns().flat_map(|dates| [&dates.earliest, dates.latest()]), unit));
        let mut buckets = |days: &DayColumn| match days.listed() {
            None => BucketSlots::Fixed(Arc::clone(&fixed)),
            Some(days) => BucketSlots::Listed(self.listed_buckets(days, unit)),
        };
        let slot_map = |dates: &'a DateColumn| SlotMap::Date {
            dates,
            earliest: buckets(&dates.earliest),
            latest: buckets(dates.latest()),
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

fn code_slot_map<T>(column: &DictionaryColumn<T>, slot: impl FnMut(&T) -> u32) -> SlotMap<'_> {
    let slots: Vec<u32> = column.values.iter().map(slot).collect();
    match slots.as_slice() {
        [first, rest @ ..] if rest.iter().all(|slot| slot == first) => SlotMap::Same(*first),
        _ => SlotMap::Code { slots, codes: &column.codes, row_counts: &column.row_counts },
    }
}
