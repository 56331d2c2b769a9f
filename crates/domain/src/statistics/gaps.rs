//! Periods without entries, for answers that are drawn as a series.

use super::{Group, GroupBy, KeyValue};
use crate::date::{DateUnit, Day};
use crate::refusal::Refusal;
use std::collections::{HashMap, HashSet};

/// The most groups that an answer may have once its gaps are filled.
pub const LARGEST_FILLED: usize = 2_000;

/// Adds the groups that are missing between the first and the last period of each bucket that
/// asks for it, in no particular order. Refuses to make more than [`LARGEST_FILLED`].
pub(super) fn fill(groups: Vec<Group>, by: &[GroupBy]) -> Result<Vec<Group>, Refusal> {
    let wanted = |by: &GroupBy| matches!(by, GroupBy::Bucket { fill_gaps: true, .. });
    if !by.iter().any(wanted) {
        return Ok(groups);
    }
    let values: Vec<Vec<KeyValue>> =
        by.iter().enumerate().map(|(place, by)| values_at(place, *by, &groups)).collect();
    let count: usize = values.iter().map(Vec::len).product();
    if count > LARGEST_FILLED {
        return Err(Refusal::Invalid(format!(
            "filling the gaps would make {count} groups, at most {LARGEST_FILLED}: use a wider unit or one key"
        )));
    }
    let mut known: HashMap<Vec<KeyValue>, Group> =
        groups.into_iter().map(|group| (group.keys.clone(), group)).collect();
    let filled = combinations(&values).into_iter();
    let filled = filled.map(|keys| known.remove(&keys).unwrap_or_else(|| Group::empty(keys)));
    Ok(filled.collect())
}

/// The values that occur at one place of the keys; of a bucket to be filled, all in between.
fn values_at(place: usize, by: GroupBy, groups: &[Group]) -> Vec<KeyValue> {
    let occurring = || groups.iter().filter_map(|group| group.keys.get(place));
    match by {
        GroupBy::Bucket { unit, fill_gaps: true, .. } => {
            let start = |value: &KeyValue| {
                if let KeyValue::Bucket { start, .. } = value { Some(*start) } else { None }
            };
            let starts = || occurring().filter_map(start);
            let span = starts().min().zip(starts().max());
            span.map_or_else(Vec::new, |(first, last)| buckets(first, last, unit))
        }
        GroupBy::Key(_) | GroupBy::Bucket { .. } => {
            let mut seen = HashSet::new();
            occurring().filter(|value| seen.insert(*value)).cloned().collect()
        }
    }
}

/// All periods from one to another: months of the years 0001 to 9999 at most.
fn buckets(first: Day, last: Day, unit: DateUnit) -> Vec<KeyValue> {
    std::iter::successors(Some(first), |start| unit.next(*start))
        .take_while(|start| *start <= last)
        .map(|start| KeyValue::Bucket { start, unit })
        .collect()
}

fn combinations(values: &[Vec<KeyValue>]) -> Vec<Vec<KeyValue>> {
    values.iter().fold(vec![Vec::new()], |combinations, values| {
        let extended = combinations.iter().flat_map(|keys: &Vec<KeyValue>| {
            values.iter().map(|value| [keys.as_slice(), std::slice::from_ref(value)].concat())
        });
        extended.collect()
    })
}
