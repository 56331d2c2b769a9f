//! Numbers of all groups of a question, each counted when it is asked first and for all of them.

use caunoi_domain::quantity::Quantity;
use caunoi_domain::statistics::{
    ByGroup, Facts, FirstAndLast, Group, GroupBy, GroupKey, Lens, QuantityKey, Rows,
};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What was counted so far. Invariant: whoever asks always brings the same slice.
#[derive(Default)]
pub(crate) struct Measures {
    keys: Vec<GroupBy>,
    in_force: OnceLock<Option<ByGroup<u64>>>,
    first_and_last: OnceLock<ByGroup<FirstAndLast>>,
    distinct: Mutex<HashMap<GroupKey, ByGroup<u64>>>,
    sums: Mutex<HashMap<QuantityKey, ByGroup<Option<Quantity>>>>,
}

/// What is counted, and how it is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Slice<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) rows: &'a Rows,
    pub(crate) lens: Lens<'a>,
}

impl Measures {
    /// Of groups by these keys; without a key all rows are one group.
    pub(crate) fn by(keys: Vec<GroupBy>) -> Self {
        Self { keys, ..Self::default() }
    }

    pub(crate) fn keys(&self) -> &[GroupBy] {
        &self.keys
    }

    pub(crate) fn in_force(&self, of: Slice<'_>, group: &Group) -> Option<u64> {
        let count = || of.facts.in_force(of.rows, &self.keys, &of.lens);
        self.in_force.get_or_init(count).as_ref().map(|in_force| in_force.of(group))
    }

    pub(crate) fn first_and_last(&self, of: Slice<'_>, group: &Group) -> FirstAndLast {
        let count = || of.facts.first_and_last(of.rows, &self.keys, &of.lens);
        self.first_and_last.get_or_init(count).of(group)
    }

    pub(crate) fn distinct(&self, of: Slice<'_>, group: &Group, key: GroupKey) -> u64 {
        once(&self.distinct, key, group, || of.facts.distinct(of.rows, &self.keys, key, &of.lens))
    }

    pub(crate) fn sum(&self, of: Slice<'_>, group: &Group, key: QuantityKey) -> Option<Quantity> {
        once(&self.sums, key, group, || of.facts.sums(of.rows, &self.keys, key, &of.lens))
    }
}

fn once<K: Eq + Hash, V: Clone + Default>(
    counted: &Mutex<HashMap<K, ByGroup<V>>>,
    key: K,
    group: &Group,
    count: impl FnOnce() -> ByGroup<V>,
) -> V {
    // Whoever panicked in between has left nothing half done.
    let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
    counted.entry(key).or_insert_with(count).of(group)
}
