//! The mapping of the rows of a segment to the slots of a key: by the codes of a column where it can,
//! so that few values are evaluated and each row only looks up a slot.

use super::NO_VALUE;
use crate::date::Day;
use crate::statistics::columns::{Codes, index, range};
use crate::statistics::day_columns::{DateColumn, MonthTable};
use crate::statistics::row_selection::SegmentRows;
use crate::statistics::status_timeline::{FIRST_IN_FORCE, STATUSES, StatusTimeline};
use std::sync::Arc;

/// The mapping of rows to the slots of a key.
pub(in crate::statistics) struct SlotMaps<'a> {
    /// All slots are below this number.
    pub(in crate::statistics) width: u64,
    /// One per segment, in the order of [`Facts::selected_segments`](crate::statistics::Facts::selected_segments).
    pub(in crate::statistics) by_segment: Vec<SlotMap<'a>>,
}

/// The mapping of the rows of one segment to slots.
pub(in crate::statistics) enum SlotMap<'a> {
    /// All rows have the same slot.
    Same(u32),
    /// One slot per row, by its code.
    Code { slots: Vec<u32>, codes: &'a Codes, row_counts: &'a [u32] },
    /// Several slots per row, by a list of codes; `may_agree` when different codes may share a
    /// slot.
    List {
        slots: Vec<u32>,
        may_agree: bool,
        ends: Option<&'a Codes>,
        codes: &'a Codes,
        row_counts: &'a [u32],
    },
    /// Several slots per row, computed for the rows of the segment.
    Several { ends: Vec<u32>, slots: Vec<u32> },
    /// The slot of the status on a day.
    Status { slots: [u32; STATUSES.len()], timeline: &'a StatusTimeline, day: Day },
    /// Slot 1 for rows that are in force on a day.
    InForce { timeline: &'a StatusTimeline, day: Day },
    /// The slot of a date when both of its sides have the same one.
    Date { dates: &'a DateColumn, earliest: BucketSlots, latest: BucketSlots },
}

/// The slots of the codes of a day column.
pub(in crate::statistics) enum BucketSlots {
    /// For fixed codes: every bucket consists of whole months.
    Fixed(Arc<MonthTable<u32>>),
    /// For codes of a list of days.
    Listed(Vec<u32>),
}

impl BucketSlots {
    /// Returns the slot of a code of the column.
    fn of_code(&self, code: u16) -> u32 {
        match self {
            Self::Fixed(slots) => slots.of_code(code),
            Self::Listed(slots) => slots[usize::from(code)],
        }
    }

    /// Returns the slot of a month of a [`MonthCount`](crate::statistics::day_columns::MonthCount);
    /// in a column with a list it is the code of a day.
    fn of_month(&self, month: u16) -> u32 {
        match self {
            Self::Fixed(slots) => slots.of_month(month),
            Self::Listed(slots) => slots[usize::from(month)],
        }
    }
}

/// The slots of rows, in row order.
pub(in crate::statistics) enum RowSlots {
    /// The same slot for all rows.
    Same(u32),
    /// One slot per row.
    Each(Vec<u32>),
    /// Several distinct slots per row; the slots of a row end where those of the next begin.
    Several { ends: Vec<u32>, slots: Vec<u32> },
}

impl RowSlots {
    /// Returns the slots of one row.
    pub(in crate::statistics) fn of(&self, row: usize) -> &[u32] {
        match self {
            Self::Same(slot) => std::slice::from_ref(slot),
            Self::Each(slots) => &slots[row..=row],
            Self::Several { ends, slots } => {
                let start = row.checked_sub(1).map_or(0, |before| ends[before]);
                &slots[start as usize..ends[row] as usize]
            }
        }
    }
}

impl SlotMap<'_> {
    pub(in crate::statistics) fn row_slots(&self, part: &SegmentRows) -> RowSlots {
        match self {
            Self::Same(slot) => RowSlots::Same(*slot),
            Self::Code { slots, codes, .. } | Self::List { slots, ends: None, codes, .. } => {
                RowSlots::Each(codes.look_up(slots, part))
            }
            Self::List { slots, ends, codes, .. } => list_row_slots(slots, *ends, codes, part),
            Self::Several { ends, slots } => several_row_slots(ends, slots, part),
            Self::Status { slots, timeline, day } => {
                RowSlots::Each(status_row_slots(timeline, *day, part, |code| slots[usize::from(code)]))
            }
            Self::InForce { timeline, day } => {
                RowSlots::Each(status_row_slots(timeline, *day, part, |code| {
                    u32::from(code >= FIRST_IN_FORCE)
                }))
            }
            Self::Date { dates, earliest, latest } => {
                let codes = dates.earliest.read(part);
                if dates.is_exact() {
                    return RowSlots::Each(codes.iter().map(|code| earliest.of_code(*code)).collect());
                }
                let last = dates.latest().read(part);
                let sides = codes.iter().zip(last.iter());
                let slot = |(first, last): (&u16, &u16)| {
                    slot_of_both(earliest.of_code(*first), latest.of_code(*last))
                };
                RowSlots::Each(sides.map(slot).collect())
            }
        }
    }

    /// Returns the slots of the dates of all rows of the segment with their numbers of rows; a slot
    /// may occur several times.
    pub(in crate::statistics) fn month_counts(&self) -> Option<impl Iterator<Item = (u32, u32)>> {
        let Self::Date { dates, earliest, latest } = self else { return None };
        Some(dates.by_month.iter().map(|months| {
            let slot = slot_of_both(earliest.of_month(months.earliest), latest.of_month(months.latest));
            (slot, months.rows.into())
        }))
    }

    /// Returns the slots of the values of all rows of the segment, and the number of rows of each.
    pub(in crate::statistics) fn value_counts(&self) -> Option<(&[u32], &[u32])> {
        match self {
            Self::Code { slots, row_counts, .. } => Some((slots, row_counts)),
            // When two values of one row share a slot, the row counts once.
            Self::List { slots, row_counts, ends, may_agree, .. } => {
                (ends.is_none() || !may_agree).then_some((slots, row_counts))
            }
            Self::Same(_)
            | Self::Several { .. }
            | Self::Status { .. }
            | Self::InForce { .. }
            | Self::Date { .. } => None,
        }
    }
}

/// Returns the slot of a date from the slots of its two sides.
fn slot_of_both(first: u32, last: u32) -> u32 {
    if first == last { first } else { NO_VALUE }
}

fn status_row_slots(
    timeline: &StatusTimeline,
    day: Day,
    part: &SegmentRows,
    slot: impl Fn(u8) -> u32,
) -> Vec<u32> {
    let statuses = timeline.statuses_on(day);
    match part {
        SegmentRows::All(_) => statuses.into_iter().map(slot).collect(),
        SegmentRows::Listed(rows) => rows.iter().map(|row| slot(statuses[usize::from(*row)])).collect(),
    }
}

fn several_row_slots(ends: &[u32], slots: &[u32], part: &SegmentRows) -> RowSlots {
    let (mut part_ends, mut part_slots) = (Vec::with_capacity(part.len()), Vec::new());
    for row in part.iter() {
        let start = row.checked_sub(1).map_or(0, |before| ends[before]);
        part_slots.extend_from_slice(&slots[start as usize..ends[row] as usize]);
        part_ends.push(index(part_slots.len()));
    }
    RowSlots::Several { ends: part_ends, slots: part_slots }
}

fn list_row_slots(table: &[u32], ends: Option<&Codes>, codes: &Codes, part: &SegmentRows) -> RowSlots {
    let (mut slot_ends, mut slots) = (Vec::with_capacity(part.len()), Vec::new());
    for row in part.iter() {
        let start = slots.len();
        for item in range(ends, row) {
            let slot = table[codes.at(item) as usize];
            if !slots[start..].contains(&slot) {
                slots.push(slot);
            }
        }
        slot_ends.push(index(slots.len()));
    }
    RowSlots::Several { ends: slot_ends, slots }
}
