//! Takes rows to the values of one key.

use super::chunk::{Chunk, Stages};
use super::codes::{Coded, Codes, Lists, index, range};
use super::days::{ByMonth, Dates, Days};
use super::rows::{Part, Rows};
use super::turns::{STANDING, STATUSES, Turns};
use super::{Boundaries, BucketField, Facts, GroupBy, GroupKey, KeyValue, Lens, QuantityKey};
use crate::date::{DateUnit, Day, UNDATED_FIRST, UNDATED_LAST};
use crate::entry::UnitId;
use crate::filter::DateField;
use crate::id::Id;
use crate::organization;
use crate::quantity::Quantity;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Stands for no value. All others stand for a value each, from 1 on.
pub(super) const NOWHERE: u32 = 0;

/// One key of a question over some rows: the slots of its values, and how rows get to them.
pub(super) struct Axis<'a, V> {
    /// The value of slot `n` stands at `n - 1`; some may have no row.
    pub(super) values: Vec<V>,
    pub(super) ways: Ways<'a>,
}

/// How rows get to the slots of a key.
pub(super) struct Ways<'a> {
    /// All slots are below this one.
    pub(super) width: u64,
    /// One for each chunk of [`Facts::taken`].
    pub(super) ways: Vec<Way<'a>>,
}

/// How the rows of one chunk get to slots.
pub(super) enum Way<'a> {
    /// All to one.
    Same(u32),
    /// Each by its code.
    Code { slots: Vec<u32>, codes: &'a Codes, weights: &'a [u32] },
    /// Each to several by a list of codes; different codes may have one slot.
    List { slots: Vec<u32>, may_agree: bool, ends: Option<&'a Codes>, codes: &'a Codes, weights: &'a [u32] },
    /// By the status on a day.
    Status { slots: [u32; STATUSES.len()], turns: &'a Turns, day: Day },
    /// To the first slot by standing on a day.
    Standing { turns: &'a Turns, day: Day },
    /// By a date, where both of its sides go to one slot.
    Date { dates: &'a Dates, earliest: Buckets, latest: Buckets },
}

/// The slots of the codes of a column of days.
pub(super) enum Buckets {
    /// Where codes mean the same everywhere: every bucket is made of whole months.
    Near(Arc<ByMonth<u32>>),
    /// Where they stand for a list of days.
    Listed(Vec<u32>),
}

impl Buckets {
    /// The slot of a code of the column.
    fn of_code(&self, code: u16) -> u32 {
        match self {
            Self::Near(slots) => slots.of_code(code),
            Self::Listed(slots) => slots[usize::from(code)],
        }
    }

    /// The slot of a month as [`Share`](super::days::Share) has it: of listed days it is the code of one.
    fn of_month(&self, month: u16) -> u32 {
        match self {
            Self::Near(slots) => slots.of_month(month),
            Self::Listed(slots) => slots[usize::from(month)],
        }
    }
}

/// The slots of rows, in their order.
pub(super) enum Placed {
    /// All in one.
    Same(u32),
    /// Each in one.
    Each(Vec<u32>),
    /// Each in several, each of them once; the slots of a row end where those of the next begin.
    Several { ends: Vec<u32>, slots: Vec<u32> },
}

impl Placed {
    /// The slots of one row.
    pub(super) fn of(&self, row: usize) -> &[u32] {
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

impl Way<'_> {
    pub(super) fn place(&self, part: &Part) -> Placed {
        match self {
            Self::Same(slot) => Placed::Same(*slot),
            Self::Code { slots, codes, .. } | Self::List { slots, ends: None, codes, .. } => {
                Placed::Each(codes.look_up(slots, part))
            }
            Self::List { slots, ends, codes, .. } => place_lists(slots, *ends, codes, part),
            Self::Status { slots, turns, day } => {
                Placed::Each(by_status(turns, *day, part, |code| slots[usize::from(code)]))
            }
            Self::Standing { turns, day } => {
                Placed::Each(by_status(turns, *day, part, |code| u32::from(code >= STANDING)))
            }
            Self::Date { dates, earliest, latest } => {
                let codes = dates.earliest.read(part);
                if dates.is_exact() {
                    return Placed::Each(codes.iter().map(|code| earliest.of_code(*code)).collect());
                }
                let last = dates.latest().read(part);
                let sides = codes.iter().zip(last.iter());
                let slot =
                    |(first, last): (&u16, &u16)| both(earliest.of_code(*first), latest.of_code(*last));
                Placed::Each(sides.map(slot).collect())
            }
        }
    }

    /// The slots of the dates of all rows of the chunk, and how many rows have each; a slot may come
    /// more than once.
    pub(super) fn by_month(&self) -> Option<impl Iterator<Item = (u32, u32)>> {
        let Self::Date { dates, earliest, latest } = self else { return None };
        Some(dates.by_month.iter().map(|share| {
            let slot = both(earliest.of_month(share.earliest), latest.of_month(share.latest));
            (slot, share.rows.into())
        }))
    }

    /// The slots of the values of all rows of the chunk, and how many rows have each.
    pub(super) fn weighted(&self) -> Option<(&[u32], &[u32])> {
        match self {
            Self::Code { slots, weights, .. } => Some((slots, weights)),
            // Where two values of one row have one slot, the row counts once.
            Self::List { slots, weights, ends, may_agree, .. } => {
                (ends.is_none() || !may_agree).then_some((slots, weights))
            }
            Self::Same(_) | Self::Status { .. } | Self::Standing { .. } | Self::Date { .. } => None,
        }
    }
}

/// The slot of a date whose two sides are in these.
fn both(first: u32, last: u32) -> u32 {
    if first == last { first } else { NOWHERE }
}

fn by_status(turns: &Turns, day: Day, part: &Part, slot: impl Fn(u8) -> u32) -> Vec<u32> {
    let statuses = turns.on(day);
    match part {
        Part::All(_) => statuses.into_iter().map(slot).collect(),
        Part::These(rows) => rows.iter().map(|row| slot(statuses[usize::from(*row)])).collect(),
    }
}

fn place_lists(table: &[u32], ends: Option<&Codes>, codes: &Codes, part: &Part) -> Placed {
    let (mut ends_placed, mut slots) = (Vec::with_capacity(part.len()), Vec::new());
    for row in part.iter() {
        let start = slots.len();
        for item in range(ends, row) {
            let slot = table[codes.at(item) as usize];
            if !slots[start..].contains(&slot) {
                slots.push(slot);
            }
        }
        ends_placed.push(index(slots.len()));
    }
    Placed::Several { ends: ends_placed, slots }
}

/// Values in the order in which they were met, each with its slot.
struct Slots<V> {
    values: Vec<V>,
    slot_of: HashMap<V, u32, RandomState>,
    /// The slots of ids by their numbers, so that an id met again costs next to nothing.
    slot_of_id: Vec<Option<u32>>,
}

/// Ids of higher numbers are looked up where they are met.
const MOST_IDS: usize = 1 << 22;

impl<V: Clone + Eq + Hash> Slots<V> {
    fn new() -> Self {
        Self { values: Vec::new(), slot_of: HashMap::default(), slot_of_id: Vec::new() }
    }

    fn slot(&mut self, value: Option<V>) -> u32 {
        let Some(value) = value else { return NOWHERE };
        *self.slot_of.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            index(self.values.len())
        })
    }

    fn slot_of_id<T>(&mut self, id: Id<T>, value: impl Fn(Id<T>) -> Option<V>) -> u32 {
        let Some(number) = usize::try_from(id.number()).ok().filter(|number| *number < MOST_IDS) else {
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

    fn axis(self, ways: Vec<Way<'_>>) -> Axis<'_, V> {
        let width = self.values.len() as u64 + 1;
        Axis { values: self.values, ways: Ways { width, ways } }
    }
}

/// The axis of a key or a bucket; it has no value where the kind does not offer that.
pub(super) fn by<'a>(facts: &'a Facts, rows: &'a Rows, by: GroupBy, lens: &Lens<'_>) -> Axis<'a, KeyValue> {
    let mut slots = Slots::new();
    let chunks = facts.taken(rows).map(|(chunk, _)| chunk);
    let ways = match by {
        _ if !by.is_offered(facts.kind()) => chunks.map(|_| Way::Same(NOWHERE)).collect(),
        GroupBy::Key(key) => chunks.map(|chunk| slots.way(chunk, key, lens)).collect(),
        GroupBy::Bucket { field, unit, .. } => slots.date_ways(&chunks.collect::<Vec<_>>(), field, unit),
    };
    slots.axis(ways)
}

/// The axis of one slot, in which a row is that stands on a day.
pub(super) fn standing<'a>(facts: &'a Facts, rows: &'a Rows, day: Day) -> Ways<'a> {
    let way = |(chunk, _): (&'a Chunk, _)| Way::Standing { turns: &chunk.turns, day };
    Ways { width: 2, ways: facts.taken(rows).map(way).collect() }
}

/// The axis of the stated values of a quantity.
pub(super) fn amounts<'a>(facts: &'a Facts, rows: &'a Rows, key: QuantityKey) -> Axis<'a, Quantity> {
    let mut slots = Slots::new();
    let ways = facts.taken(rows);
    let ways = ways.map(|(chunk, _)| code_way(chunk.quantities(key), |amount| slots.slot(amount.clone())));
    let ways = ways.collect();
    slots.axis(ways)
}

impl Slots<KeyValue> {
    fn way<'a>(&mut self, chunk: &'a Chunk, key: GroupKey, lens: &Lens<'_>) -> Way<'a> {
        let directory = lens.directory;
        match key {
            GroupKey::Province if lens.boundaries == Boundaries::Today => {
                let province = Some(chunk.log).filter(|log| log.is_province());
                Way::Same(self.slot(province.map(KeyValue::Log)))
            }
            // Invariant of facts: a province's entries have an origin unit, the ministry's none.
            GroupKey::Province | GroupKey::Unit => {
                self.id_way(&chunk.origin_units, |unit: UnitId| Some(KeyValue::Unit(lens.unit_of(unit))))
            }
            GroupKey::Country => self.id_way(&chunk.countries, |id| Some(KeyValue::Country(id))),
            GroupKey::Region => self.id_way(&chunk.countries, |id| {
                let region = &directory.country(id)?.region;
                (!region.is_empty()).then(|| KeyValue::Region(region.clone()))
            }),
            GroupKey::Form | GroupKey::Kind => self.id_way(&chunk.terms, |id| Some(KeyValue::Term(id))),
            GroupKey::Field => self.list_way(&chunk.fields, false, |id| Some(KeyValue::Term(id))),
            GroupKey::Locality => self.list_way(&chunk.localities, false, |id| Some(KeyValue::Locality(id))),
            GroupKey::Level => self
                .list_way(&chunk.localities, true, |id| Some(KeyValue::Term(directory.locality(id)?.level?))),
            GroupKey::Pillar => code_way(&chunk.pillars, |one| self.slot(one.map(KeyValue::Pillar))),
            GroupKey::Tier => code_way(&chunk.tiers, |one| self.slot(one.map(KeyValue::Tier))),
            GroupKey::AgreementLevel => code_way(&chunk.levels, |one| self.slot(one.map(KeyValue::Level))),
            GroupKey::Direction => code_way(&chunk.directions, |one| self.slot(one.map(KeyValue::Direction))),
            GroupKey::Stage => code_way(&chunk.stages, |(stated, turns): &Stages| {
                let stage = organization::stage_on(turns, lens.day()).or(*stated);
                self.slot(stage.map(KeyValue::Stage))
            }),
            GroupKey::Status => Way::Status {
                slots: STATUSES.map(|status| self.slot(status.map(KeyValue::Status))),
                turns: &chunk.turns,
                day: lens.day(),
            },
        }
    }

    fn id_way<'a, T>(
        &mut self,
        column: &'a Coded<Option<Id<T>>>,
        value: impl Fn(Id<T>) -> Option<KeyValue>,
    ) -> Way<'a> {
        code_way(column, |id| id.map_or(NOWHERE, |id| self.slot_of_id(id, &value)))
    }

    fn list_way<'a, T>(
        &mut self,
        lists: &'a Lists<Id<T>>,
        may_agree: bool,
        value: impl Fn(Id<T>) -> Option<KeyValue>,
    ) -> Way<'a> {
        let Lists { ends, items } = lists;
        let slots = items.values.iter().map(|id| self.slot_of_id(*id, &value)).collect();
        Way::List { slots, may_agree, ends: ends.as_ref(), codes: &items.codes, weights: &items.weights }
    }

    fn date_ways<'a>(&mut self, chunks: &[&'a Chunk], field: BucketField, unit: DateUnit) -> Vec<Way<'a>> {
        let dates = |chunk: &'a Chunk| match field.date_field() {
            DateField::First => &chunk.first,
            DateField::Expires => &chunk.expires,
            DateField::Published => &chunk.published,
        };
        let columns = || chunks.iter().map(|chunk| dates(chunk));
        let near =
            Arc::new(self.near_buckets(columns().flat_map(|dates| [&dates.earliest, dates.latest()]), unit));
        let mut buckets = |days: &Days| match days.listed() {
            None => Buckets::Near(Arc::clone(&near)),
            Some(days) => Buckets::Listed(self.listed_buckets(days, unit)),
        };
        let way = |dates: &'a Dates| Way::Date {
            dates,
            earliest: buckets(&dates.earliest),
            latest: buckets(dates.latest()),
        };
        columns().map(way).collect()
    }

    /// The slots of months; of those in our time only the ones that occur in some column, and what
    /// lies between, have one.
    fn near_buckets<'a>(&mut self, columns: impl Iterator<Item = &'a Days>, unit: DateUnit) -> ByMonth<u32> {
        let mut slots = ByMonth::new(NOWHERE);
        for day in [UNDATED_FIRST, UNDATED_LAST] {
            slots.fill(day, day, self.bucket(day, unit));
        }
        let reaches = columns.filter_map(Days::near_days);
        let reach = reaches.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        let Some((first, last)) = reach else { return slots };
        let mut starts = std::iter::successors(Some(first), |day| unit.next(*day));
        while let Some(day) = starts.next().filter(|day| *day <= last) {
            let end = unit.next(day).map_or(last, |next| last.min(next.pred_opt().unwrap_or(last)));
            slots.fill(day, end, self.bucket(day, unit));
        }
        slots
    }

    fn listed_buckets(&mut self, days: &[Day], unit: DateUnit) -> Vec<u32> {
        let slots = days.iter().map(|day| self.bucket(*day, unit));
        [NOWHERE].into_iter().chain(slots).collect()
    }

    fn bucket(&mut self, day: Day, unit: DateUnit) -> u32 {
        self.slot(Some(KeyValue::Bucket { start: unit.start_of(day), unit }))
    }
}

fn code_way<T>(column: &Coded<T>, slot: impl FnMut(&T) -> u32) -> Way<'_> {
    let slots: Vec<u32> = column.values.iter().map(slot).collect();
    match slots.as_slice() {
        [first, rest @ ..] if rest.iter().all(|slot| slot == first) => Way::Same(*first),
        _ => Way::Code { slots, codes: &column.codes, weights: &column.weights },
    }
}
