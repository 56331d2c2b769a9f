//! Ways to keep one value of many facts in few bytes.

use crate::date::Day;
use crate::fact::{Fact, Period};
use crate::id::Id;
use std::collections::HashMap;
use std::hash::Hash;

/// A column of values that may be absent; one that nobody has takes no bytes.
pub(super) fn column<T>(facts: &[Fact], value: impl Fn(&Fact) -> Option<T>) -> Vec<Option<T>> {
    let values: Vec<Option<T>> = facts.iter().map(value).collect();
    if values.iter().all(Option::is_none) { Vec::new() } else { values }
}

pub(super) fn cell<T: Copy>(column: &[Option<T>], at: usize) -> Option<T> {
    column.get(at).copied().flatten()
}

/// Stands for no key, in half the bytes of an `Option`; no key of the register is negative.
const ABSENT: i32 = i32::MIN;

pub(super) fn pack<T>(id: Option<Id<T>>) -> i32 {
    id.map_or(ABSENT, Id::number)
}

pub(super) fn unpack<T>(number: i32) -> Option<Id<T>> {
    (number != ABSENT).then(|| Id::new(number))
}

/// Rows and list items are counted in 32 bits: a register has far fewer than four billion.
pub(super) fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The two sides of a date; eight bytes, also as an `Option`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    earliest: Day,
    latest: Day,
}

impl Bounds {
    pub(super) fn of(period: Period) -> Option<Self> {
        let Period { is_dated, earliest, latest } = period;
        is_dated.then_some(Self { earliest, latest })
    }

    pub(super) fn period(self) -> Period {
        Period { is_dated: true, earliest: self.earliest, latest: self.latest }
    }
}

/// A list for each row, all in one array. Invariant: list `n` ends where list `n + 1` begins.
#[derive(Debug, Clone)]
pub(super) struct Lists<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Lists<T> {
    pub(super) fn new<'a>(lists: impl Iterator<Item = &'a [T]>) -> Self
    where
        T: 'a,
    {
        let (mut ends, mut items) = (Vec::new(), Vec::new());
        for list in lists {
            items.extend_from_slice(list);
            ends.push(index(items.len()));
        }
        Self { ends, items }
    }

    pub(super) fn of(&self, at: usize) -> &[T] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.items[start as usize..self.ends[at] as usize]
    }
}

/// Values that few rows have and many of those share: eight bytes for each row that has one.
#[derive(Debug, Clone)]
pub(super) struct Rare<T> {
    rows: Vec<u32>,
    /// For each of these rows, which of the values.
    cells: Vec<u32>,
    values: Vec<T>,
}

impl<T: Clone + Eq + Hash> Rare<T> {
    pub(super) fn new<'a>(facts: &'a [Fact], value: impl Fn(&'a Fact) -> Option<&'a T>) -> Self
    where
        T: 'a,
    {
        let mut rare = Self { rows: Vec::new(), cells: Vec::new(), values: Vec::new() };
        let mut cells: HashMap<&T, u32> = HashMap::new();
        for (row, fact) in facts.iter().enumerate() {
            let Some(value) = value(fact) else { continue };
            let cell = *cells.entry(value).or_insert_with(|| {
                rare.values.push(value.clone());
                index(rare.values.len() - 1)
            });
            rare.rows.push(index(row));
            rare.cells.push(cell);
        }
        rare
    }

    pub(super) fn of(&self, at: usize) -> Option<&T> {
        let found = self.rows.binary_search(&index(at)).ok()?;
        Some(&self.values[self.cells[found] as usize])
    }
}
