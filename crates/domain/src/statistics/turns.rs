//! The status of many rows through time.

use super::codes::index;
use super::days::{DayCodes, Days};
use crate::date::{Day, UNDATED_FIRST, UNDATED_LAST};
use crate::fact::Fact;
use crate::status::AgreementStatus as Agreement;
use crate::status::RelationStatus as Relation;
use crate::status::{Span, Status};

/// What the codes of statuses stand for. Those that are in force come last, so that a comparison
/// tells them from the others.
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
pub(super) const STANDING: u8 = 11;

/// A layer that fewer rows than one in so many reach lists its rows.
const SPARSE: usize = 4;

/// The spans of every row, told by their first days alone, because each ends where the next one
/// begins: layer `n` has turn `n` of every row. The status on a day is that of the last layer
/// whose turn has come.
#[derive(Debug)]
pub(super) struct Turns {
    rows: usize,
    layers: Box<[Layer]>,
}

#[derive(Debug)]
struct Layer {
    /// The rows that reach this layer; none where all have a place in it.
    rows: Option<Box<[u16]>>,
    /// The first day of the turn; absent for rows that have fewer turns.
    from: Days,
    statuses: Box<[u8]>,
}

type Turn = (Day, u8);

impl Turns {
    pub(super) fn new(facts: &[Fact]) -> Self {
        let turns: Vec<Vec<Turn>> = facts.iter().map(|fact| turns_of(&fact.spans)).collect();
        let depth = turns.iter().map(Vec::len).max().unwrap_or(0);
        let layers = (0..depth).map(|level| Layer::new(&turns, level)).collect();
        Self { rows: facts.len(), layers }
    }

    /// The code of the status of every row on a day, see [`STATUSES`].
    pub(super) fn on(&self, day: Day) -> Vec<u8> {
        let mut statuses = vec![0; self.rows];
        for layer in &self.layers {
            layer.lay_over(&mut statuses, day);
        }
        statuses
    }

    /// The spans of one row, in order of time.
    pub(super) fn spans(&self, row: usize) -> Vec<Span<Status>> {
        let turns: Vec<Turn> = self.layers.iter().map_while(|layer| layer.turn(row)).collect();
        let ends = turns.iter().skip(1).map(|next| next.0.pred_opt().unwrap_or(UNDATED_FIRST));
        let ends = ends.chain([UNDATED_LAST]);
        let spans = turns.iter().zip(ends).filter_map(|((from, code), to)| {
            let status = STATUSES[usize::from(*code)]?;
            Some(Span { status, from: *from, to })
        });
        spans.collect()
    }
}

impl Layer {
    fn new(turns: &[Vec<Turn>], level: usize) -> Self {
        let reaching = turns.iter().filter(|turns| turns.len() > level).count();
        let is_sparse = reaching * SPARSE < turns.len();
        let at = |turns: &Vec<Turn>| turns.get(level).copied();
        let (mut rows, mut from, mut statuses) = (Vec::new(), Vec::new(), Vec::new());
        for (row, turn) in turns.iter().map(at).enumerate() {
            if is_sparse && turn.is_none() {
                continue;
            }
            rows.push(u16::try_from(row).unwrap_or(u16::MAX));
            from.push(turn.map(|turn| turn.0));
            statuses.push(turn.map_or(0, |turn| turn.1));
        }
        let rows = is_sparse.then(|| rows.into());
        Self { rows, from: Days::new(&from), statuses: statuses.into() }
    }

    fn lay_over(&self, statuses: &mut [u8], day: Day) {
        let until = self.from.until(day);
        let has_come = |code: u16| code.wrapping_sub(1) < until;
        match (&self.rows, &self.from.codes) {
            (_, DayCodes::Same(code)) if !has_come(*code) => {}
            (None, DayCodes::Same(_)) => statuses.copy_from_slice(&self.statuses),
            (None, DayCodes::Each(codes)) => {
                for ((status, code), own) in statuses.iter_mut().zip(codes).zip(&self.statuses) {
                    *status = if has_come(*code) { *own } else { *status };
                }
            }
            (Some(rows), _) => {
                for (at, (row, own)) in rows.iter().zip(&self.statuses).enumerate() {
                    if has_come(self.from.code(at)) {
                        statuses[usize::from(*row)] = *own;
                    }
                }
            }
        }
    }

    fn turn(&self, row: usize) -> Option<Turn> {
        let at = match &self.rows {
            None => row,
            Some(rows) => rows.binary_search(&u16::try_from(row).ok()?).ok()?,
        };
        Some((self.from.at(at)?, self.statuses[at]))
    }
}

/// Where the status turns; a day that no span covers turns to none.
fn turns_of(spans: &[Span<Status>]) -> Vec<Turn> {
    let mut spans = spans.to_vec();
    spans.sort_by_key(|span| span.from);
    let mut turns = Vec::with_capacity(spans.len());
    for (at, span) in spans.iter().enumerate() {
        turns.push((span.from, code_of(span.status)));
        let gap = span.to.succ_opt().filter(|_| span.to < UNDATED_LAST);
        let next = spans.get(at + 1).map(|next| next.from);
        if let Some(gap) = gap.filter(|gap| next.is_none_or(|next| *gap < next)) {
            turns.push((gap, 0));
        }
    }
    turns
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
    fn every_status_has_a_code_and_those_in_force_come_last() {
        let relation = Relation::VARIANTS.iter().copied().map(Status::Relation);
        let agreement = Agreement::VARIANTS.iter().copied().map(Status::Agreement);
        for status in relation.chain(agreement) {
            let code = code_of(status);
            assert_eq!(STATUSES[usize::from(code)], Some(status));
            assert_eq!(code >= STANDING, status.is_in_force(), "{status:?}");
        }
    }
}
