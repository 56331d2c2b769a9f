//! The slots of owners: a shared entry has several, under the boundaries of a query.

use super::slot_interner::SlotInterner;
use super::{NO_VALUE, SlotMap, SlotMaps};
use crate::entry::UnitId;
use crate::statistics::columns::index;
use crate::statistics::row_selection::RowSelection;
use crate::statistics::segment::Segment;
use crate::statistics::{Boundaries, BoundaryView, Facts, GroupKey, GroupKeyValue};

/// Returns the mapping of rows to the number of their owners by a key: `PROVINCE` or `UNIT`. An
/// entry of the ministry alone has none.
pub(in crate::statistics) fn by_owner_count<'a>(
    facts: &'a Facts,
    rows: &'a RowSelection,
    key: GroupKey,
    view: &BoundaryView<'_>,
) -> SlotMaps<'a> {
    let mut most = 1;
    let mut slot_map = |segment: &Segment| {
        if !segment.is_shared() {
            return SlotMap::Same(if segment.log.is_province() { 1 } else { NO_VALUE });
        }
        let slots: Vec<u32> =
            (0..segment.len()).map(|row| index(owners(segment, row, key, view).len())).collect();
        most = slots.iter().copied().fold(most, u32::max);
        SlotMap::Several { ends: (1..=index(slots.len())).collect(), slots }
    };
    let by_segment = facts.selected_segments(rows).map(|(segment, _)| slot_map(segment)).collect();
    SlotMaps { width: u64::from(most) + 1, by_segment }
}

impl SlotInterner<GroupKeyValue> {
    /// Returns the slots of the owners of each row.
    pub(super) fn owner_slot_map(
        &mut self,
        segment: &Segment,
        key: GroupKey,
        view: &BoundaryView<'_>,
    ) -> SlotMap<'static> {
        let (mut ends, mut slots) = (Vec::with_capacity(segment.len()), Vec::new());
        for row in 0..segment.len() {
            slots.extend(owners(segment, row, key, view).into_iter().map(|owner| self.slot(Some(owner))));
            ends.push(index(slots.len()));
        }
        SlotMap::Several { ends, slots }
    }
}

/// Returns the owners of a row, each once: provinces of today, or units under the boundaries.
fn owners(segment: &Segment, row: usize, key: GroupKey, view: &BoundaryView<'_>) -> Vec<GroupKeyValue> {
    let mut owners = Vec::new();
    let mut add = |owner| {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    };
    if key == GroupKey::Province && view.boundaries == Boundaries::Today {
        let own = Some(segment.log).filter(|log| log.is_province());
        own.into_iter().chain(segment.shared_logs.of(row)).map(GroupKeyValue::Log).for_each(&mut add);
    } else {
        let under = |unit: UnitId| GroupKeyValue::Unit(view.unit_of(unit));
        let origin = *segment.origin_units.at(row);
        origin.into_iter().chain(segment.shared_units.of(row)).map(under).for_each(&mut add);
    }
    owners
}
