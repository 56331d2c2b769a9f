//! Gap filling: adds the empty periods to a time series.

use super::{Group, GroupBy, GroupKeyValue};
use crate::date::{DateUnit, Day};
use crate::validation::{InvalidReason, Reason};
use std::collections::{HashMap, HashSet};

/// The maximum number of groups of a response after gap filling.
pub const MAX_FILLED_GROUPS: usize = 2_000;

/// Adds the missing groups between the first and the last period of each bucket with `fill_gaps`;
/// the order is undefined. Returns `Invalid` for more than [`MAX_FILLED_GROUPS`] groups.
pub(super) fn fill_gaps(groups: Vec<Group>, by: &[GroupBy]) -> Result<Vec<Group>, Reason> {
    let wanted = |by: &GroupBy| matches!(by, GroupBy::Bucket { fill_gaps: true, .. });
    if !by.iter().any(wanted) {
        return Ok(groups);
    }
    let values: Vec<Vec<GroupKeyValue>> =
        by.iter().enumerate().map(|(place, by)| values_at(place, *by, &groups)).collect();
    let count: usize = values.iter().map(Vec::len).product();
    if count > MAX_FILLED_GROUPS {
        return Err(InvalidReason::TooManyGroups { count, most: MAX_FILLED_GROUPS }.into());
    }
    let mut known: HashMap<Vec<GroupKeyValue>, Group> =
        groups.into_iter().map(|group| (group.keys.clone(), group)).collect();
    let filled = combinations(&values).into_iter();
    let filled = filled.map(|keys| known.remove(&keys).unwrap_or_else(|| Group::empty(keys)));
    Ok(filled.collect())
}

/// Returns the values that occur at one position of the keys; for a bucket with `fill_gaps`, all
/// periods between the first and the last.
fn values_at(place: usize, by: GroupBy, groups: &[Group]) -> Vec<GroupKeyValue> {
    let occurring = || groups.iter().filter_map(|group| group.keys.get(place));
    match by {
        GroupBy::Bucket { unit, fill_gaps: true, .. } => {
            let start = |value: &GroupKeyValue| {
                if let GroupKeyValue::Bucket { start, .. } = value { Some(*start) } else { None }
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

/// Returns all periods from `first` to `last`: at most the months of the years 0001 to 9999.
fn buckets(first: Day, last: Day, unit: DateUnit) -> Vec<GroupKeyValue> {
    std::iter::successors(Some(first), |start| unit.next(*start))
        .take_while(|start| *start <= last)
        .map(|start| GroupKeyValue::Bucket { start, unit })
        .collect()
}

fn combinations(values: &[Vec<GroupKeyValue>]) -> Vec<Vec<GroupKeyValue>> {
    values.iter().fold(vec![Vec::new()], |combinations, values| {
        let extended = combinations.iter().flat_map(|keys: &Vec<GroupKeyValue>| {
            values.iter().map(|value| [keys.as_slice(), std::slice::from_ref(value)].concat())
        });
        extended.collect()
    })
}
