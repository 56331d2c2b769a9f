//! The status of the rows of a segment over time.

use super::columns::index;
use super::day_columns::{DayCodes, DayColumn};
use crate::date::{Day, UNDATED_FIRST, UNDATED_LAST};
use crate::fact::Fact;
use crate::status::AgreementStatus as Agreement;
use crate::status::RelationStatus as Relation;
use crate::status::{Span, Status};

/// The status of each code. Those in force come last, so that one comparison identifies them.
pub(super) const STATUSES: [Option<Status>; 14] = [
    None,
    Some(Status::Relation(Relation::Proposed)),
    Some(Status::Relation(Relation::Ended)),
    Some(Status::Relation(Relation::Unknown)),
    Some(Status::Agreement(Agreement::SignedNotInForce)),
    Some(Status::Agreement(Agreement::Suspended)),
    Some(Status::Agreement(Agreement::Expired)),
    Some(Status::Agreement(Agreement::Terminated)),
    Some(Status::Agreement(Agreement::Withdrawn)),
    Some(Status::Agreement(Agreement::Superseded)),
    Some(Status::Agreement(Agreement::Unknown)),
    Some(Status::Relation(Relation::Active)),
    Some(Status::Relation(Relation::Dormant)),
    Some(Status::Agreement(Agreement::InForce)),
];

/// The first code of a status that is in force.
pub(super) const FIRST_IN_FORCE: u8 = 11;

/// A layer lists its rows when fewer than one row in `SPARSE` reach it.
const SPARSE: usize = 4;

/// The status changes of every row. Spans are stored by their first days, because each ends where
/// the next one begins: layer `n` contains change `n` of every row. The status on a day is that of
/// the last layer whose change is not later.
#[derive(Debug)]
pub(super) struct StatusTimeline {
    rows: usize,
    layers: Box<[Layer]>,
    /// The days on which rows enter and leave force, each sorted: so the number of rows in force on
    /// a day is known without reading rows.
    begins: DayColumn,
    ends: DayColumn,
}

#[derive(Debug)]
struct Layer {
    /// The rows that reach this layer; `None` when all rows have an entry in it.
    rows: Option<Box<[u16]>>,
    /// The first day of the change; absent for rows with fewer changes.
    from: DayColumn,
    statuses: Box<[u8]>,
}

type StatusChange = (Day, u8);

impl StatusTimeline {
    pub(super) fn new(facts: &[Fact]) -> Self {
        let changes: Vec<Vec<StatusChange>> = facts.iter().map(|fact| status_changes(&fact.spans)).collect();
        let depth = changes.iter().map(Vec::len).max().unwrap_or(0);
        let layers = (0..depth).map(|level| Layer::new(&changes, level)).collect();
        let change_days = |begin| {
            let mut days: Vec<Option<Day>> =
                changes.iter().flat_map(|changes| in_force_changes(changes, begin)).map(Some).collect();
            days.sort_unstable();
            DayColumn::new(&days)
        };
        Self { rows: facts.len(), layers, begins: change_days(true), ends: change_days(false) }
    }

    /// Returns the code of the status of every row on a day, see [`STATUSES`].
    pub(super) fn statuses_on(&self, day: Day) -> Vec<u8> {
        let mut statuses = vec![0; self.rows];
        for layer in &self.layers {
            layer.apply(&mut statuses, day);
        }
        statuses
    }

    /// Returns the number of rows in force on a day.
    pub(super) fn count_in_force(&self, day: Day) -> u32 {
        index(self.begins.count_until(day)) - index(self.ends.count_until(day))
    }

    /// Returns the spans of one row, in order of time.
    pub(super) fn spans(&self, row: usize) -> Vec<Span<Status>> {
        let changes: Vec<StatusChange> = self.layers.iter().map_while(|layer| layer.change(row)).collect();
        let ends = changes.iter().skip(1).map(|next| next.0.pred_opt().unwrap_or(UNDATED_FIRST));
        let ends = ends.chain([UNDATED_LAST]);
        let spans = changes.iter().zip(ends).filter_map(|((from, code), to)| {
            let status = STATUSES[usize::from(*code)]?;
            Some(Span { status, from: *from, to })
        });
        spans.collect()
    }
}

impl Layer {
    fn new(changes: &[Vec<StatusChange>], level: usize) -> Self {
        let reaching = changes.iter().filter(|changes| changes.len() > level).count();
        let is_sparse = reaching * SPARSE < changes.len();
        let at = |changes: &Vec<StatusChange>| changes.get(level).copied();
        let (mut rows, mut from, mut statuses) = (Vec::new(), Vec::new(), Vec::new());
        for (row, change) in changes.iter().map(at).enumerate() {
            if is_sparse && change.is_none() {
                continue;
            }
            rows.push(u16::try_from(row).unwrap_or(u16::MAX));
            from.push(change.map(|change| change.0));
            statuses.push(change.map_or(0, |change| change.1));
        }
        let rows = is_sparse.then(|| rows.into());
        Self { rows, from: DayColumn::new(&from), statuses: statuses.into() }
    }

    fn apply(&self, statuses: &mut [u8], day: Day) {
        let until = self.from.until(day);
        let is_effective = |code: u16| code.wrapping_sub(1) < until;
        match (&self.rows, &self.from.codes) {
            (_, DayCodes::Same(code)) if !is_effective(*code) => {}
            (None, DayCodes::Same(_)) => statuses.copy_from_slice(&self.statuses),
            (None, DayCodes::Each(codes)) => {
                for ((status, code), own) in statuses.iter_mut().zip(codes).zip(&self.statuses) {
                    *status = if is_effective(*code) { *own } else { *status };
                }
            }
            (Some(rows), _) => {
                for (at, (row, own)) in rows.iter().zip(&self.statuses).enumerate() {
                    if is_effective(self.from.code(at)) {
                        statuses[usize::from(*row)] = *own;
                    }
                }
            }
        }
    }

    fn change(&self, row: usize) -> Option<StatusChange> {
        let at = match &self.rows {
            None => row,
            Some(rows) => rows.binary_search(&u16::try_from(row).ok()?).ok()?,
        };
        Some((self.from.at(at)?, self.statuses[at]))
    }
}

/// Returns the changes of status; a day without a span changes to no status.
fn status_changes(spans: &[Span<Status>]) -> Vec<StatusChange> {
    let mut spans = spans.to_vec();
    spans.sort_by_key(|span| span.from);
    let mut changes = Vec::with_capacity(spans.len());
    for (at, span) in spans.iter().enumerate() {
        changes.push((span.from, code_of(span.status)));
        let gap = span.to.succ_opt().filter(|_| span.to < UNDATED_LAST);
        let next = spans.get(at + 1).map(|next| next.from);
        if let Some(gap) = gap.filter(|gap| next.is_none_or(|next| *gap < next)) {
            changes.push((gap, 0));
        }
    }
    changes
}

/// Returns the days on which a row enters force, or leaves it when `begin` is false.
fn in_force_changes(changes: &[StatusChange], begin: bool) -> impl Iterator<Item = Day> {
    let is_in_force = |code: u8| code >= FIRST_IN_FORCE;
    let before = [false].into_iter().chain(changes.iter().map(move |change| is_in_force(change.1)));
    let changes = changes
        .iter()
        .zip(before)
        .filter(move |(change, before)| is_in_force(change.1) != *before && is_in_force(change.1) == begin);
    changes.map(|(change, _)| change.0)
}

fn code_of(status: Status) -> u8 {
    let code = STATUSES.iter().position(|one| *one == Some(status)).unwrap_or(0);
    u8::try_from(index(code)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn statuses_have_codes_with_in_force_last() {
        let relation = Relation::VARIANTS.iter().copied().map(Status::Relation);
        let agreement = Agreement::VARIANTS.iter().copied().map(Status::Agreement);
        for status in relation.chain(agreement) {
            let code = code_of(status);
            assert_eq!(STATUSES[usize::from(code)], Some(status));
            assert_eq!(code >= FIRST_IN_FORCE, status.is_in_force(), "{status:?}");
        }
    }
}
