//! Counts the rows of each combination of slots; every aggregate is derived from such counts.
//!
//! A *cell* is the index of a combination; the slots of the first key are its highest digits.
//! Groups are the cells of their keys. A measure of a group is counted with one more key after
//! those: how many rows are in force, how many values are distinct, how often an amount was stated.

use super::Facts;
use super::dimension::{NO_VALUE, RowSlots, SlotMap, SlotMaps};
use super::row_selection::{RowSelection, SegmentRows};
use std::collections::HashMap;
use std::ops::AddAssign;

/// Above this number of cells, only those that occur are stored.
const MAX_DENSE_CELLS: u64 = 1 << 20;
/// A key with at most this many slots is counted in lanes.
const LANE_WIDTH: usize = 256;
/// Adjacent rows often have the same slot, and an addition to it would wait for the one before; so
/// neighbours are counted in different lanes.
const LANES: usize = 4;

/// A value for each cell.
pub(super) enum Cells<V> {
    Dense(Vec<V>),
    Sparse(HashMap<u64, V>),
}

impl<V: Clone + Default> Cells<V> {
    /// Returns default values for all combinations of these keys.
    pub(super) fn new(keys: &[&SlotMaps<'_>]) -> Self {
        let count = keys.iter().map(|key| key.width).fold(1, u64::saturating_mul);
        match usize::try_from(count) {
            Ok(cells) if count <= MAX_DENSE_CELLS => Self::Dense(vec![V::default(); cells]),
            Ok(_) | Err(_) => Self::Sparse(HashMap::new()),
        }
    }

    pub(super) fn at(&mut self, cell: u64) -> &mut V {
        match self {
            Self::Dense(cells) => &mut cells[usize::try_from(cell).unwrap_or(usize::MAX)],
            Self::Sparse(cells) => cells.entry(cell).or_default(),
        }
    }

    /// Returns all cells with their values in any order, including cells without a row.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (u64, V)> {
        let (dense, sparse) = match self {
            Self::Dense(cells) => (cells, HashMap::new()),
            Self::Sparse(cells) => (Vec::new(), cells),
        };
        (0..).zip(dense).chain(sparse)
    }
}

impl Cells<u32> {
    /// Adds 1 for each slot to the cells that begin at `start`.
    fn count(&mut self, start: u64, width: u64, slots: &[u32]) {
        let Some(cells) = self.dense(start, width) else {
            return slots.iter().for_each(|slot| self.at(start + u64::from(*slot)).add_assign(1));
        };
        if cells.len() <= LANE_WIDTH {
            count_in_lanes(cells, slots);
        } else {
            for slot in slots {
                cells[*slot as usize] += 1;
            }
        }
    }

    /// Adds each weight to the cell of its slot, counted from `start`.
    fn add(&mut self, start: u64, width: u64, weighted: impl Iterator<Item = (u32, u32)>) {
        let Some(cells) = self.dense(start, width) else {
            return weighted.for_each(|(slot, weight)| *self.at(start + u64::from(slot)) += weight);
        };
        for (slot, weight) in weighted {
            cells[slot as usize] += weight;
        }
    }

    fn dense(&mut self, start: u64, width: u64) -> Option<&mut [u32]> {
        let Self::Dense(cells) = self else { return None };
        let (start, width) = (usize::try_from(start).ok()?, usize::try_from(width).ok()?);
        cells.get_mut(start..start + width)
    }
}

fn count_in_lanes(cells: &mut [u32], slots: &[u32]) {
    let mut lanes = [[0_u32; LANE_WIDTH]; LANES];
    let (quadruples, rest) = slots.as_chunks::<LANES>();
    for slots in quadruples {
        for (lane, slot) in lanes.iter_mut().zip(slots) {
            lane[*slot as usize % LANE_WIDTH] += 1;
        }
    }
    for slot in rest {
        lanes[0][*slot as usize % LANE_WIDTH] += 1;
    }
    for (slot, cell) in cells.iter_mut().enumerate() {
        *cell += lanes.iter().map(|lane| lane[slot]).sum::<u32>();
    }
}

/// The precision of a count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CountMode {
    /// The number of rows.
    Exact,
    /// Any number above zero when the cell has a row.
    NonZero,
}

/// The selected rows of one segment.
#[derive(Clone, Copy)]
struct SegmentPart<'a> {
    /// The index of the segment.
    at: usize,
    /// The rows.
    rows: &'a SegmentRows,
}

/// Counts these rows by keys. A row without a value of a key is only in cells that contain
/// [`NO_VALUE`] for it; those cells are meaningless and are skipped by [`slots_of`].
pub(super) fn count(
    facts: &Facts,
    rows: &RowSelection,
    keys: &[&SlotMaps<'_>],
    mode: CountMode,
) -> Cells<u32> {
    let mut cells = Cells::new(keys);
    let Some((last, before)) = keys.split_last() else {
        *cells.at(0) = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        return cells;
    };
    for (at, (_, rows)) in facts.selected_segments(rows).enumerate() {
        let part = SegmentPart { at, rows };
        let slots_by_key: Vec<RowSlots> =
            before.iter().map(|key| key.by_segment[at].row_slots(rows)).collect();
        match single_cell(&slots_by_key, before) {
            Some(cell) => count_by_last_key(&mut cells, cell * last.width, last, part, mode),
            None => count_by_row(&mut cells, slots_by_key, keys, part),
        }
    }
    cells
}

/// Returns the cell that contains all rows, if there is one.
pub(super) fn single_cell(slots_by_key: &[RowSlots], keys: &[&SlotMaps<'_>]) -> Option<u64> {
    slots_by_key.iter().zip(keys).try_fold(0, |cell, (slots_by_key, key)| match slots_by_key {
        RowSlots::Same(slot) => Some(cell * key.width + u64::from(*slot)),
        RowSlots::Each(_) | RowSlots::Several { .. } => None,
    })
}

/// Counts rows of a single cell by one further key.
fn count_by_last_key(
    cells: &mut Cells<u32>,
    start: u64,
    key: &SlotMaps<'_>,
    part: SegmentPart<'_>,
    mode: CountMode,
) {
    let SegmentPart { at, rows } = part;
    let slot_map = &key.by_segment[at];
    // For a whole segment much is precomputed, so that no row is read.
    if let SegmentRows::All(_) = rows {
        if let Some((slots, row_counts)) = slot_map.value_counts() {
            let weighted = slots.iter().copied().zip(row_counts.iter().copied());
            return cells.add(start, key.width, weighted);
        }
        if let Some(dated) = slot_map.month_counts() {
            return cells.add(start, key.width, dated);
        }
        if let SlotMap::InForce { timeline, day } = slot_map {
            return cells.at(start + 1).add_assign(timeline.count_in_force(*day));
        }
        if let (CountMode::NonZero, SlotMap::List { slots, .. }) = (mode, slot_map) {
            return slots.iter().for_each(|slot| *cells.at(start + u64::from(*slot)) += 1);
        }
    }
    match slot_map.row_slots(rows) {
        RowSlots::Same(slot) => {
            *cells.at(start + u64::from(slot)) += u32::try_from(rows.len()).unwrap_or(u32::MAX);
        }
        RowSlots::Each(slots) | RowSlots::Several { slots, .. } => cells.count(start, key.width, &slots),
    }
}

/// Counts rows that are in different cells.
fn count_by_row(
    cells: &mut Cells<u32>,
    mut slots_by_key: Vec<RowSlots>,
    keys: &[&SlotMaps<'_>],
    SegmentPart { at, rows }: SegmentPart<'_>,
) {
    let Some(last) = keys.last() else { return };
    slots_by_key.push(last.by_segment[at].row_slots(rows));
    if let [RowSlots::Each(first), RowSlots::Each(second)] = slots_by_key.as_slice() {
        for (first, second) in first.iter().zip(second) {
            *cells.at(u64::from(*first) * last.width + u64::from(*second)) += 1;
        }
        return;
    }
    for row in 0..rows.len() {
        for_each_cell(&slots_by_key, keys, row, 0, &mut |cell| *cells.at(cell) += 1);
    }
}

/// Calls `visit` for each cell of a row, except those with [`NO_VALUE`].
pub(super) fn for_each_cell(
    slots_by_key: &[RowSlots],
    keys: &[&SlotMaps<'_>],
    row: usize,
    before: u64,
    visit: &mut impl FnMut(u64),
) {
    let (Some((slots_by_key, further)), Some((key, keys))) = (slots_by_key.split_first(), keys.split_first())
    else {
        return visit(before);
    };
    for slot in slots_by_key.of(row).iter().filter(|slot| **slot != NO_VALUE) {
        for_each_cell(further, keys, row, before * key.width + u64::from(*slot), visit);
    }
}

/// Returns the slots of a cell in the order of the keys; `None` when one of them is [`NO_VALUE`].
pub(super) fn slots_of(cell: u64, keys: &[&SlotMaps<'_>]) -> Option<impl DoubleEndedIterator<Item = usize>> {
    let slot = move |place: usize| {
        let behind: u64 = keys[place + 1..].iter().map(|key| key.width).product();
        cell / behind % keys[place].width
    };
    let places = 0..keys.len();
    let is_somewhere = places.clone().all(|place| slot(place) != u64::from(NO_VALUE));
    is_somewhere.then(|| places.map(move |place| usize::try_from(slot(place)).unwrap_or(usize::MAX)))
}
