//! The one way in which everything is counted: how many rows have each combination of slots.
//!
//! A *cell* is the number of a combination; the slots of the first key are its highest digits.
//! Groups are the cells of their keys. What a number is of them is asked with one more key behind
//! those: how many stand, how many values differ, how often an amount was stated.

use super::Facts;
use super::axis::{NOWHERE, Placed, Way, Ways};
use super::rows::{Part, Rows};
use std::collections::HashMap;
use std::ops::AddAssign;

/// More cells than this are kept only where they occur.
const MOST_CELLS: u64 = 1 << 20;
/// A key of fewer slots is counted in lanes.
const LANE: usize = 256;
/// Rows that follow one another are often in one slot, and to add there at once would wait for the
/// addition before; so neighbours count in different lanes.
const LANES: usize = 4;

/// A value for each cell.
pub(super) enum Cells<V> {
    Dense(Vec<V>),
    Sparse(HashMap<u64, V>),
}

impl<V: Clone + Default> Cells<V> {
    /// Room for the combinations of these keys.
    pub(super) fn new(keys: &[&Ways<'_>]) -> Self {
        let count = keys.iter().map(|key| key.width).fold(1, u64::saturating_mul);
        match usize::try_from(count) {
            Ok(cells) if count <= MOST_CELLS => Self::Dense(vec![V::default(); cells]),
            Ok(_) | Err(_) => Self::Sparse(HashMap::new()),
        }
    }

    pub(super) fn at(&mut self, cell: u64) -> &mut V {
        match self {
            Self::Dense(cells) => &mut cells[usize::try_from(cell).unwrap_or(usize::MAX)],
            Self::Sparse(cells) => cells.entry(cell).or_default(),
        }
    }

    /// All cells with their values, those without a row among them, in any order.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (u64, V)> {
        let (dense, sparse) = match self {
            Self::Dense(cells) => (cells, HashMap::new()),
            Self::Sparse(cells) => (Vec::new(), cells),
        };
        (0..).zip(dense).chain(sparse)
    }
}

impl Cells<u32> {
    /// Counts slots behind the cells that begin here.
    fn count(&mut self, start: u64, width: u64, slots: &[u32]) {
        let Some(cells) = self.dense(start, width) else {
            return slots.iter().for_each(|slot| self.at(start + u64::from(*slot)).add_assign(1));
        };
        if cells.len() <= LANE {
            count_in_lanes(cells, slots);
        } else {
            for slot in slots {
                cells[*slot as usize] += 1;
            }
        }
    }

    /// Adds to slots behind the cells that begin here.
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
    let mut lanes = [[0_u32; LANE]; LANES];
    let (quadruples, rest) = slots.as_chunks::<LANES>();
    for slots in quadruples {
        for (lane, slot) in lanes.iter_mut().zip(slots) {
            lane[*slot as usize % LANE] += 1;
        }
    }
    for slot in rest {
        lanes[0][*slot as usize % LANE] += 1;
    }
    for (slot, cell) in cells.iter_mut().enumerate() {
        *cell += lanes.iter().map(|lane| lane[slot]).sum::<u32>();
    }
}

/// What is to be known of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// How many rows it has.
    Count,
    /// Whether it has one: then any count above zero is an answer.
    Any,
}

/// Counts these rows by keys. Rows without a value of a key are in no cell that has one: a cell
/// with [`NOWHERE`] among its slots says nothing.
pub(super) fn count(facts: &Facts, rows: &Rows, keys: &[&Ways<'_>], ask: Ask) -> Cells<u32> {
    let mut cells = Cells::new(keys);
    let Some((last, before)) = keys.split_last() else {
        *cells.at(0) = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        return cells;
    };
    for (at, (_, part)) in facts.taken(rows).enumerate() {
        let placed: Vec<Placed> = before.iter().map(|key| key.ways[at].place(part)).collect();
        match single_cell(&placed, before) {
            Some(cell) => count_behind(&mut cells, cell * last.width, last, (at, part, ask)),
            None => count_each(&mut cells, placed, keys, (at, part)),
        }
    }
    cells
}

/// The cell that all rows are in.
pub(super) fn single_cell(placed: &[Placed], keys: &[&Ways<'_>]) -> Option<u64> {
    placed.iter().zip(keys).try_fold(0, |cell, (placed, key)| match placed {
        Placed::Same(slot) => Some(cell * key.width + u64::from(*slot)),
        Placed::Each(_) | Placed::Several { .. } => None,
    })
}

/// Counts rows that are in one cell by a further key.
fn count_behind(cells: &mut Cells<u32>, start: u64, key: &Ways<'_>, (at, part, ask): (usize, &Part, Ask)) {
    let way = &key.ways[at];
    // Of a chunk taken whole much is known without a look at each row.
    if let Part::All(_) = part {
        if let Some((slots, weights)) = way.weighted() {
            let weighted = slots.iter().copied().zip(weights.iter().copied());
            return cells.add(start, key.width, weighted);
        }
        if let Some(dated) = way.by_month() {
            return cells.add(start, key.width, dated);
        }
        if let Way::Standing { turns, day } = way {
            return cells.at(start + 1).add_assign(turns.standing(*day));
        }
        if let (Ask::Any, Way::List { slots, .. }) = (ask, way) {
            return slots.iter().for_each(|slot| *cells.at(start + u64::from(*slot)) += 1);
        }
    }
    match way.place(part) {
        Placed::Same(slot) => {
            *cells.at(start + u64::from(slot)) += u32::try_from(part.len()).unwrap_or(u32::MAX);
        }
        Placed::Each(slots) | Placed::Several { slots, .. } => cells.count(start, key.width, &slots),
    }
}

/// Counts rows that are in cells of their own.
fn count_each(
    cells: &mut Cells<u32>,
    mut placed: Vec<Placed>,
    keys: &[&Ways<'_>],
    (at, part): (usize, &Part),
) {
    let Some(last) = keys.last() else { return };
    placed.push(last.ways[at].place(part));
    if let [Placed::Each(first), Placed::Each(second)] = placed.as_slice() {
        for (first, second) in first.iter().zip(second) {
            *cells.at(u64::from(*first) * last.width + u64::from(*second)) += 1;
        }
        return;
    }
    for row in 0..part.len() {
        each_cell(&placed, keys, row, 0, &mut |cell| *cells.at(cell) += 1);
    }
}

/// Visits the cells that a row is in, none of them with [`NOWHERE`].
pub(super) fn each_cell(
    placed: &[Placed],
    keys: &[&Ways<'_>],
    row: usize,
    before: u64,
    visit: &mut impl FnMut(u64),
) {
    let (Some((placed, further)), Some((key, keys))) = (placed.split_first(), keys.split_first()) else {
        return visit(before);
    };
    for slot in placed.of(row).iter().filter(|slot| **slot != NOWHERE) {
        each_cell(further, keys, row, before * key.width + u64::from(*slot), visit);
    }
}

/// The slots of a cell, in the order of the keys; none where one of them is [`NOWHERE`].
pub(super) fn slots_of(cell: u64, keys: &[&Ways<'_>]) -> Option<impl DoubleEndedIterator<Item = usize>> {
    let slot = move |place: usize| {
        let behind: u64 = keys[place + 1..].iter().map(|key| key.width).product();
        cell / behind % keys[place].width
    };
    let places = 0..keys.len();
    let is_somewhere = places.clone().all(|place| slot(place) != u64::from(NOWHERE));
    is_somewhere.then(|| places.map(move |place| usize::try_from(slot(place)).unwrap_or(usize::MAX)))
}
