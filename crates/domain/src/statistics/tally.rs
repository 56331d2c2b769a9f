//! The numbers that every slice of the register has, and every group of it.

use super::axis::{self, Axis, Placed, Ways};
use super::count::{Ask, Cells, count, each_cell, single_cell, slots_of};
use super::rows::Rows;
use super::{Facts, Group, GroupBy, GroupKey, Lens, QuantityKey};
use crate::date::Day;
use crate::entry::EntryKind;
use crate::quantity::Quantity;
use std::collections::HashMap;

/// The numbers of one slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many entries.
    pub count: u64,
    /// How many of them stand on the day asked for; none for kinds without a status.
    pub in_force: Option<u64>,
    /// The earliest day that a first date may mean; undated entries and open sides say nothing.
    pub earliest: Option<Day>,
    /// The latest day that a first date may mean; undated entries and open sides say nothing.
    pub latest: Option<Day>,
}

/// A number for each group of a question.
#[derive(Debug, Clone)]
pub struct ByGroup<V> {
    by_cell: HashMap<u64, V>,
}

impl<V: Clone + Default> ByGroup<V> {
    /// The number of this group; nothing where it has no entry that adds to it.
    #[must_use]
    pub fn of(&self, group: &Group) -> V {
        self.by_cell.get(&group.cell).cloned().unwrap_or_default()
    }

    /// The number of all rows, which are the only group by no key.
    pub(super) fn whole(&self) -> V {
        self.by_cell.get(&0).cloned().unwrap_or_default()
    }
}

/// The first and the last day of dated entries.
pub type FirstAndLast = (Option<Day>, Option<Day>);

/// Questions for all groups at once. They take what [`super::groups`] took, and what they answer
/// is asked by [`ByGroup::of`].
impl Facts {
    /// The numbers of these rows.
    #[must_use]
    pub fn tally(&self, rows: &Rows, lens: &Lens<'_>) -> Tally {
        let (earliest, latest) = self.first_and_last(rows, &[], lens).whole();
        let in_force = self.in_force(rows, &[], lens).map(|in_force| in_force.whole());
        Tally { count: rows.len() as u64, in_force, earliest, latest }
    }

    /// The sum over these rows, with the bounds that all of its members have. None where no row
    /// has such a quantity, and where they are not of one unit and currency.
    #[must_use]
    pub fn sum(&self, rows: &Rows, key: QuantityKey) -> Option<Quantity> {
        self.sums_behind(rows, &[], key).whole()
    }

    /// How many entries of each group stand on the day asked for; none for kinds without a status.
    #[must_use]
    pub fn in_force(&self, rows: &Rows, by: &[GroupBy], lens: &Lens<'_>) -> Option<ByGroup<u64>> {
        if !matches!(self.kind(), EntryKind::Relation | EntryKind::Agreement) {
            return None;
        }
        let standing = axis::standing(self, rows, lens.day());
        let cells = self.count_behind(rows, &self.ways(rows, by, lens), &standing, Ask::Count);
        let by_cell = cells.into_iter().map(|(cell, _, count)| (cell, count.into())).collect();
        Some(ByGroup { by_cell })
    }

    /// How many different values of a key each group has; 0 for a key that the kind does not offer.
    #[must_use]
    pub fn distinct(&self, rows: &Rows, by: &[GroupBy], key: GroupKey, lens: &Lens<'_>) -> ByGroup<u64> {
        let of = axis::by(self, rows, GroupBy::Key(key), lens).ways;
        let mut by_cell: HashMap<u64, u64> = HashMap::new();
        for (cell, _, _) in self.count_behind(rows, &self.ways(rows, by, lens), &of, Ask::Any) {
            *by_cell.entry(cell).or_default() += 1;
        }
        ByGroup { by_cell }
    }

    /// The sum of each group, as [`Facts::sum`] has it of all rows.
    #[must_use]
    pub fn sums(
        &self,
        rows: &Rows,
        by: &[GroupBy],
        key: QuantityKey,
        lens: &Lens<'_>,
    ) -> ByGroup<Option<Quantity>> {
        self.sums_behind(rows, &self.ways(rows, by, lens), key)
    }

    fn sums_behind(&self, rows: &Rows, by: &[Ways<'_>], key: QuantityKey) -> ByGroup<Option<Quantity>> {
        let Axis { values, ways } = axis::amounts(self, rows, key);
        let mut stated: HashMap<u64, Vec<(&Quantity, u64)>> = HashMap::new();
        for (cell, slot, count) in self.count_behind(rows, by, &ways, Ask::Count) {
            stated.entry(cell).or_default().push((&values[slot - 1], count.into()));
        }
        ByGroup { by_cell: stated.into_iter().map(|(cell, amounts)| (cell, sum_of(&amounts))).collect() }
    }

    /// The first and the last day that the first dates of each group may mean; undated entries and
    /// open sides say nothing.
    #[must_use]
    pub fn first_and_last(&self, rows: &Rows, by: &[GroupBy], lens: &Lens<'_>) -> ByGroup<FirstAndLast> {
        let ways = self.ways(rows, by, lens);
        let keys: Vec<&Ways<'_>> = ways.iter().collect();
        let mut cells: Cells<FirstAndLast> = Cells::new(&keys);
        for (at, (chunk, part)) in self.taken(rows).enumerate() {
            let placed: Vec<Placed> = keys.iter().map(|key| key.ways[at].place(part)).collect();
            if let Some(cell) = single_cell(&placed, &keys) {
                widen(cells.at(cell), chunk.first.first_and_last(part));
                continue;
            }
            for (place, row) in part.iter().enumerate() {
                let dates = chunk.first.bounds(row);
                each_cell(&placed, &keys, place, 0, &mut |cell| widen(cells.at(cell), dates));
            }
        }
        ByGroup { by_cell: cells.into_iter().filter(|(_, known)| *known != (None, None)).collect() }
    }

    fn ways<'a>(&'a self, rows: &'a Rows, by: &[GroupBy], lens: &Lens<'_>) -> Vec<Ways<'a>> {
        by.iter().map(|by| axis::by(self, rows, *by, lens).ways).collect()
    }

    /// Cells of the groups, the slot that rows of theirs have of a further key, and how many do.
    fn count_behind(&self, rows: &Rows, by: &[Ways<'_>], key: &Ways<'_>, ask: Ask) -> Vec<(u64, usize, u32)> {
        let keys: Vec<&Ways<'_>> = by.iter().chain([key]).collect();
        let counted = count(self, rows, &keys, ask).into_iter();
        let told = counted.filter(|(_, count)| *count > 0).filter_map(|(cell, count)| {
            let slot = slots_of(cell, &keys)?.next_back()?;
            Some((cell / key.width, slot, count))
        });
        told.collect()
    }
}

fn widen(known: &mut FirstAndLast, (earliest, latest): FirstAndLast) {
    known.0 = known.0.into_iter().chain(earliest).min();
    known.1 = known.1.max(latest);
}

fn sum_of(amounts: &[(&Quantity, u64)]) -> Option<Quantity> {
    let sum = Quantity::sum_of_many(amounts.iter().copied());
    // A sum without unit that has a member with one has members of several.
    let is_mixed = sum.unit.is_empty() && amounts.iter().any(|(amount, _)| !amount.unit.is_empty());
    (!is_mixed).then_some(sum)
}
