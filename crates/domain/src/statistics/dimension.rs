//! Dimensions: a key of a query, mapped over the selected rows to slots, one slot per value.

mod date_slots;
mod owner_slots;
mod slot_interner;
mod slot_map;

use super::columns::{DictionaryColumn, ListColumn};
use super::row_selection::RowSelection;
use super::segment::{Segment, Stages};
use super::status_timeline::STATUSES;
use super::{Boundaries, BoundaryView, Facts, GroupBy, GroupKey, GroupKeyValue, QuantityKey};
use crate::date::Day;
use crate::entry::UnitId;
use crate::id::Id;
use crate::organization;
use crate::quantity::Quantity;
pub(super) use owner_slots::by_owner_count;
use slot_interner::SlotInterner;
use slot_map::BucketSlots;
pub(super) use slot_map::{RowSlots, SlotMap, SlotMaps};

/// The slot of rows without a value. Values have the slots from 1 on.
pub(super) const NO_VALUE: u32 = 0;

/// One key of a query over some rows: the values of its slots, and the slots of the rows.
pub(super) struct GroupDimension<'a, V> {
    /// The value of slot `n` is at index `n - 1`; some values may have no row.
    pub(super) values: Vec<V>,
    pub(super) slot_maps: SlotMaps<'a>,
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

/// Returns the mapping of all rows to one owner.
pub(super) fn single_owner<'a>(facts: &'a Facts, rows: &'a RowSelection) -> SlotMaps<'a> {
    let by_segment = facts.selected_segments(rows).map(|_| SlotMap::Same(1)).collect();
    SlotMaps { width: 2, by_segment }
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
            GroupKey::Province | GroupKey::Unit if segment.is_shared() => {
                self.owner_slot_map(segment, key, view)
            }
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
}

fn code_slot_map<T>(column: &DictionaryColumn<T>, slot: impl FnMut(&T) -> u32) -> SlotMap<'_> {
    let slots: Vec<u32> = column.values.iter().map(slot).collect();
    match slots.as_slice() {
        [first, rest @ ..] if rest.iter().all(|slot| slot == first) => SlotMap::Same(*first),
        _ => SlotMap::Code { slots, codes: &column.codes, row_counts: &column.row_counts },
    }
}
