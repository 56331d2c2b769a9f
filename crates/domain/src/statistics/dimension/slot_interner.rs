//! The assignment of slots to values.

use super::{GroupDimension, NO_VALUE, SlotMap, SlotMaps};
use crate::id::Id;
use crate::statistics::columns::index;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::Hash;

/// Assigns slots to values in order of first occurrence.
pub(super) struct SlotInterner<V> {
    values: Vec<V>,
    slot_of: HashMap<V, u32, RandomState>,
    /// Slots by id number: avoids hashing for an id that occurred before.
    slot_of_id: Vec<Option<u32>>,
}

/// Ids above this number are looked up by hash.
const MAX_INDEXED_ID: usize = 1 << 22;

impl<V: Clone + Eq + Hash> SlotInterner<V> {
    pub(super) fn new() -> Self {
        Self { values: Vec::new(), slot_of: HashMap::default(), slot_of_id: Vec::new() }
    }

    pub(super) fn slot(&mut self, value: Option<V>) -> u32 {
        let Some(value) = value else { return NO_VALUE };
        *self.slot_of.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            index(self.values.len())
        })
    }

    pub(super) fn slot_of_id<T>(&mut self, id: Id<T>, value: impl Fn(Id<T>) -> Option<V>) -> u32 {
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

    pub(super) fn into_dimension(self, slot_maps: Vec<SlotMap<'_>>) -> GroupDimension<'_, V> {
        let width = self.values.len() as u64 + 1;
        GroupDimension { values: self.values, slot_maps: SlotMaps { width, by_segment: slot_maps } }
    }
}
