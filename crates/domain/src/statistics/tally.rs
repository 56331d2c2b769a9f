//! Measures of a selection of rows, and of each of its groups.

use super::columns::index;
use super::count::{Cells, CountMode, count, for_each_cell, single_cell, slots_of};
use super::dimension::{self, GroupDimension, RowSlots, SlotMaps};
use super::row_selection::RowSelection;
use super::{BoundaryView, Facts, Group, GroupBy, GroupKey, QuantityKey};
use crate::date::Day;
use crate::entry::EntryKind;
use crate::quantity::Quantity;
use std::collections::HashMap;

/// The measures of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The number of entries.
    pub count: u64,
    /// The number of entries in force on the requested day; `None` for kinds without a status.
    pub in_force: Option<u64>,
    /// The earliest day of the first dates; undated entries and open sides are ignored.
    pub earliest: Option<Day>,
    /// The latest day of the first dates; undated entries and open sides are ignored.
    pub latest: Option<Day>,
}

/// A measure of each group of a query.
#[derive(Debug, Clone)]
pub struct GroupMeasure<V> {
    by_cell: HashMap<u64, V>,
}

impl<V: Clone + Default> GroupMeasure<V> {
    /// Returns the measure of a group; the default when no entry of the group contributes to it.
    #[must_use]
    pub fn of(&self, group: &Group) -> V {
        self.by_cell.get(&group.cell).cloned().unwrap_or_default()
    }

    /// Returns the measure of all rows, which are the only group when there are no keys.
    pub(super) fn of_all_rows(&self) -> V {
        self.by_cell.get(&0).cloned().unwrap_or_default()
    }
}

/// The first and the last day of dated entries.
pub type FirstAndLast = (Option<Day>, Option<Day>);

/// Queries for all groups at once. They take the arguments of [`super::groups`];
/// [`GroupMeasure::of`] returns the result for a group.
impl Facts {
    /// Returns the measures of these rows.
    #[must_use]
    pub fn tally(&self, rows: &RowSelection, view: &BoundaryView<'_>) -> Tally {
        let (earliest, latest) = self.first_and_last(rows, &[], view).of_all_rows();
        let in_force = self.in_force(rows, &[], view).map(|in_force| in_force.of_all_rows());
        Tally { count: rows.len() as u64, in_force, earliest, latest }
    }

    /// Returns the sum over these rows, with bounds. `None` when no row has the quantity, and when
    /// the rows have different units or currencies.
    #[must_use]
    pub fn sum(&self, rows: &RowSelection, key: QuantityKey) -> Option<Quantity> {
        self.sums_by_slot_maps(rows, &[], key).of_all_rows()
    }

    /// Returns how many entries of each group are in force on the requested day; `None` for kinds
    /// without a status.
    #[must_use]
    pub fn in_force(
        &self,
        rows: &RowSelection,
        by: &[GroupBy],
        view: &BoundaryView<'_>,
    ) -> Option<GroupMeasure<u64>> {
        if !matches!(self.kind(), EntryKind::Relation | EntryKind::Agreement) {
            return None;
        }
        let in_force = dimension::in_force(self, rows, view.day());
        let cells =
            self.count_by_last_key(rows, &self.slot_maps(rows, by, view), &in_force, CountMode::Exact);
        let by_cell = cells.into_iter().map(|(cell, _, count)| (cell, count.into())).collect();
        Some(GroupMeasure { by_cell })
    }

    /// Returns the number of distinct values of a key in each group; 0 for a key that the kind does
    /// not offer.
    #[must_use]
    pub fn distinct(
        &self,
        rows: &RowSelection,
        by: &[GroupBy],
        key: GroupKey,
        view: &BoundaryView<'_>,
    ) -> GroupMeasure<u64> {
        let of = dimension::by_group_key(self, rows, GroupBy::Key(key), view).slot_maps;
        let mut by_cell: HashMap<u64, u64> = HashMap::new();
        for (cell, _, _) in
            self.count_by_last_key(rows, &self.slot_maps(rows, by, view), &of, CountMode::NonZero)
        {
            *by_cell.entry(cell).or_default() += 1;
        }
        GroupMeasure { by_cell }
    }

    /// Returns the share of each group: an entry counts 1 divided by the number of its owners by the
    /// key `PROVINCE` or `UNIT` among `by`, the first one if there are both. So the shares of all
    /// owners add up to the number of entries that have one. Without such a key the share is the
    /// number of entries.
    #[must_use]
    pub fn shares(&self, rows: &RowSelection, by: &[GroupBy], view: &BoundaryView<'_>) -> GroupMeasure<f64> {
        let mut by_cell: HashMap<u64, f64> = HashMap::new();
        let owners = match by.iter().find_map(|by| by.owner_key()) {
            Some(key) => dimension::by_owner_count(self, rows, key, view),
            None => dimension::single_owner(self, rows),
        };
        let slot_maps = self.slot_maps(rows, by, view);
        for (cell, owners, count) in self.count_by_last_key(rows, &slot_maps, &owners, CountMode::Exact) {
            *by_cell.entry(cell).or_default() += f64::from(count) / f64::from(index(owners));
        }
        GroupMeasure { by_cell }
    }

    /// Returns the sum of each group, by the rules of [`Facts::sum`].
    #[must_use]
    pub fn sums(
        &self,
        rows: &RowSelection,
        by: &[GroupBy],
        key: QuantityKey,
        view: &BoundaryView<'_>,
    ) -> GroupMeasure<Option<Quantity>> {
        self.sums_by_slot_maps(rows, &self.slot_maps(rows, by, view), key)
    }

    fn sums_by_slot_maps(
        &self,
        rows: &RowSelection,
        by: &[SlotMaps<'_>],
        key: QuantityKey,
    ) -> GroupMeasure<Option<Quantity>> {
        let GroupDimension { values, slot_maps } = dimension::by_quantity(self, rows, key);
        let mut stated: HashMap<u64, Vec<(&Quantity, u64)>> = HashMap::new();
        for (cell, slot, count) in self.count_by_last_key(rows, by, &slot_maps, CountMode::Exact) {
            stated.entry(cell).or_default().push((&values[slot - 1], count.into()));
        }
        GroupMeasure { by_cell: stated.into_iter().map(|(cell, amounts)| (cell, sum_of(&amounts))).collect() }
    }

    /// Returns the earliest and the latest day of the first dates of each group; undated entries
    /// and open sides are ignored.
    #[must_use]
    pub fn first_and_last(
        &self,
        rows: &RowSelection,
        by: &[GroupBy],
        view: &BoundaryView<'_>,
    ) -> GroupMeasure<FirstAndLast> {
        let slot_maps = self.slot_maps(rows, by, view);
        let keys: Vec<&SlotMaps<'_>> = slot_maps.iter().collect();
        let mut cells: Cells<FirstAndLast> = Cells::new(&keys);
        for (at, (segment, part)) in self.selected_segments(rows).enumerate() {
            let slots_by_key: Vec<RowSlots> =
                keys.iter().map(|key| key.by_segment[at].row_slots(part)).collect();
            if let Some(cell) = single_cell(&slots_by_key, &keys) {
                widen(cells.at(cell), segment.first.first_and_last(part));
                continue;
            }
            for (place, row) in part.iter().enumerate() {
                let dates = segment.first.bounds(row);
                for_each_cell(&slots_by_key, &keys, place, 0, &mut |cell| widen(cells.at(cell), dates));
            }
        }
        GroupMeasure { by_cell: cells.into_iter().filter(|(_, known)| *known != (None, None)).collect() }
    }

    fn slot_maps<'a>(
        &'a self,
        rows: &'a RowSelection,
        by: &[GroupBy],
        view: &BoundaryView<'_>,
    ) -> Vec<SlotMaps<'a>> {
        by.iter().map(|by| dimension::by_group_key(self, rows, *by, view).slot_maps).collect()
    }

    /// Returns the cells of the groups, each slot of the further key that occurs in them, and its
    /// number of rows.
    fn count_by_last_key(
        &self,
        rows: &RowSelection,
        by: &[SlotMaps<'_>],
        key: &SlotMaps<'_>,
        mode: CountMode,
    ) -> Vec<(u64, usize, u32)> {
        let keys: Vec<&SlotMaps<'_>> = by.iter().chain([key]).collect();
        let counted = count(self, rows, &keys, mode).into_iter();
        let groups = counted.filter(|(_, count)| *count > 0).filter_map(|(cell, count)| {
            let slot = slots_of(cell, &keys)?.next_back()?;
            Some((cell / key.width, slot, count))
        });
        groups.collect()
    }
}

fn widen(known: &mut FirstAndLast, (earliest, latest): FirstAndLast) {
    known.0 = known.0.into_iter().chain(earliest).min();
    known.1 = known.1.max(latest);
}

fn sum_of(amounts: &[(&Quantity, u64)]) -> Option<Quantity> {
    let sum = Quantity::sum_of_many(amounts.iter().copied());
    // A sum without a unit of members with a unit has members of several units.
    let is_mixed = sum.unit.is_empty() && amounts.iter().any(|(amount, _)| !amount.unit.is_empty());
    (!is_mixed).then_some(sum)
}
