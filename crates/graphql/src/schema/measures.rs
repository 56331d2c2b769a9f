//! Numbers of all groups of a list. Each is counted on first use, for all groups at once.

use caunoi_domain::quantity::Quantity;
use caunoi_domain::statistics::{
    BoundaryView, Facts, FirstAndLast, Group, GroupBy, GroupKey, GroupMeasure, QuantityKey, RowSelection,
};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::OnceLock;

/// The numbers counted so far. Invariant: all calls pass the same rows.
#[derive(Default)]
pub(crate) struct Measures {
    keys: Vec<GroupBy>,
    in_force: OnceLock<Option<GroupMeasure<u64>>>,
    first_and_last: OnceLock<GroupMeasure<FirstAndLast>>,
    shares: OnceLock<GroupMeasure<f64>>,
    distinct: Mutex<HashMap<GroupKey, GroupMeasure<u64>>>,
    sums: Mutex<HashMap<QuantityKey, GroupMeasure<Option<Quantity>>>>,
}

/// The rows to count, with the day and boundaries to count them by.
#[derive(Clone, Copy)]
pub(crate) struct MeasuredRows<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) rows: &'a RowSelection,
    pub(crate) boundary_view: BoundaryView<'a>,
}

impl Measures {
    /// Measures of the groups by these keys. Without a key all rows are one group.
    pub(crate) fn by(keys: Vec<GroupBy>) -> Self {
        Self { keys, ..Self::default() }
    }

    pub(crate) fn keys(&self) -> &[GroupBy] {
        &self.keys
    }

    pub(crate) fn in_force(&self, measured: MeasuredRows<'_>, group: &Group) -> Option<u64> {
        let count = || measured.facts.in_force(measured.rows, &self.keys, &measured.boundary_view);
        self.in_force.get_or_init(count).as_ref().map(|in_force| in_force.of(group))
    }

    pub(crate) fn first_and_last(&self, measured: MeasuredRows<'_>, group: &Group) -> FirstAndLast {
        let count = || measured.facts.first_and_last(measured.rows, &self.keys, &measured.boundary_view);
        self.first_and_last.get_or_init(count).of(group)
    }

    pub(crate) fn share(&self, measured: MeasuredRows<'_>, group: &Group) -> f64 {
        let count = || measured.facts.shares(measured.rows, &self.keys, &measured.boundary_view);
        self.shares.get_or_init(count).of(group)
    }

    pub(crate) fn distinct(&self, measured: MeasuredRows<'_>, group: &Group, key: GroupKey) -> u64 {
        count_once(&self.distinct, key, group, || {
            measured.facts.distinct(measured.rows, &self.keys, key, &measured.boundary_view)
        })
    }

    pub(crate) fn sum(
        &self,
        measured: MeasuredRows<'_>,
        group: &Group,
        key: QuantityKey,
    ) -> Option<Quantity> {
        count_once(&self.sums, key, group, || {
            measured.facts.sums(measured.rows, &self.keys, key, &measured.boundary_view)
        })
    }
}

fn count_once<K: Eq + Hash, V: Clone + Default>(
    counted: &Mutex<HashMap<K, GroupMeasure<V>>>,
    key: K,
    group: &Group,
    count: impl FnOnce() -> GroupMeasure<V>,
) -> V {
    counted.lock().entry(key).or_insert_with(count).of(group)
}
