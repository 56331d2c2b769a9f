//! The order of acts whose dates may be partial: an act is refused only if the table refuses it
//! under every reading of the dates.

use super::act_table::{Refusal, follow};
use super::status_fold::StatusFold;
use super::{Act, ActKind, AgreementHistory};
use crate::date::{Day, DayRange, FuzzyDate, UNDATED_FIRST};
use crate::status::AgreementStatus;
use std::collections::HashSet;

/// Limits the search for agreements with many acts of one vague date. The order by last days is
/// tried first, so only a list that is refused in that order can reach it.
const MOST_STATES: usize = 10_000;

/// The acts and terms that the status before an act follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Nothing that is recorded.
    Start,
    /// The act at this index.
    Act(usize),
    /// The end of the term before this day.
    Lapse(Day),
    /// The statement of a source on this day.
    Statement(Day),
}

/// An act that the table refuses under every reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocked {
    /// The index of the act.
    pub(super) act: usize,
    /// Why.
    pub(super) refusal: Refusal,
    /// The status before it in the reading that reaches the furthest; `None` before the signature.
    pub(super) before: Option<AgreementStatus>,
    /// The acts and terms that this status follows from.
    pub(super) cause: Cause,
}

/// Returns the days on which an act may have happened.
pub(super) fn possible_days(date: &FuzzyDate) -> (Day, Day) {
    let DayRange { earliest, latest } = date.beginning();
    (earliest, latest)
}

/// A step of a reading: an act, or the statement of a source.
struct Step<'a> {
    act: Option<&'a Act>,
    earliest: Day,
    latest: Day,
}

/// The state of a reading after some steps.
#[derive(Clone)]
struct State {
    done: u128,
    order: Vec<usize>,
    fold: StatusFold,
    cause: Cause,
    /// The earliest day of the last step.
    day: Day,
}

struct Search<'a> {
    history: &'a AgreementHistory<'a>,
    steps: Vec<Step<'a>>,
    visited: HashSet<(u128, StatusFold)>,
    furthest: Option<(usize, Blocked)>,
}

impl AgreementHistory<'_> {
    /// Returns an order of the acts, as their indexes, in which each may follow the ones before it;
    /// acts of `left_out` are missing in it.
    ///
    /// # Errors
    /// The act that blocks the reading that reaches the furthest.
    pub(super) fn find_order(&self, left_out: &[usize]) -> Result<Vec<usize>, Blocked> {
        let mut search = Search::new(self);
        let mut done = 0;
        for index in left_out {
            done |= 1 << index;
        }
        let is_signed = |(index, act): (usize, &Act)| act.kind == ActKind::Sign && !left_out.contains(&index);
        let status = (!self.acts.iter().enumerate().any(is_signed)).then_some(AgreementStatus::Unknown);
        let start = State {
            done,
            order: Vec::new(),
            fold: StatusFold::new(self, status),
            cause: Cause::Start,
            day: UNDATED_FIRST,
        };
        match (search.complete(start), search.furthest) {
            (Some(order), _) => Ok(order),
            (None, Some((_, blocked))) => Err(blocked),
            (None, None) => Ok((0..self.acts.len()).filter(|index| !left_out.contains(index)).collect()),
        }
    }
}

impl<'a> Search<'a> {
    fn new(history: &'a AgreementHistory<'a>) -> Self {
        let mut steps: Vec<Step<'a>> = history
            .acts
            .iter()
            .map(|act| {
                let (earliest, latest) = possible_days(&act.on);
                Step { act: Some(act), earliest, latest }
            })
            .collect();
        if let Some(stated) = history.known_statement() {
            steps.push(Step { act: None, earliest: stated.on, latest: stated.on });
        }
        Self { history, steps, visited: HashSet::new(), furthest: None }
    }

    /// Returns the order of a reading that continues `state` to the end; the first candidate of
    /// each state is the next step in the order of the list.
    fn complete(&mut self, state: State) -> Option<Vec<usize>> {
        if state.done.count_ones() as usize == self.steps.len() {
            return Some(state.order);
        }
        let is_new = self.visited.insert((state.done, state.fold));
        if !is_new || self.visited.len() > MOST_STATES {
            return None;
        }
        for index in self.candidates(state.done) {
            for day in self.reading_days(&state, index) {
                match self.advance(&state, index, day) {
                    Ok(next) => {
                        if let Some(order) = self.complete(next) {
                            return Some(order);
                        }
                    }
                    Err(blocked) => self.note(state.order.len(), blocked),
                }
            }
        }
        None
    }

    /// Returns the days on which the readings have a step: its earliest one, and the first day after
    /// the term where the step may be on either side of it. No remaining step is before these days.
    fn reading_days(&self, state: &State, index: usize) -> impl Iterator<Item = Day> + use<> {
        let earliest = state.day.max(self.steps[index].earliest);
        let remaining = (0..self.steps.len()).filter(|index| state.done & (1 << index) == 0);
        let first_end = remaining.map(|index| self.steps[index].latest).min().unwrap_or(earliest);
        std::iter::once(earliest).chain(state.fold.lapse_within(earliest, first_end))
    }

    fn note(&mut self, reached: usize, blocked: Blocked) {
        if self.furthest.is_none_or(|(furthest, _)| furthest < reached) {
            self.furthest = Some((reached, blocked));
        }
    }

    /// Returns the steps that may be the next one: no remaining step is certainly before them. Of
    /// equal steps only the first one is tried.
    fn candidates(&self, done: u128) -> Vec<usize> {
        let remaining = || (0..self.steps.len()).filter(|index| done & (1 << index) == 0);
        let Some(first_end) = remaining().map(|index| self.steps[index].latest).min() else {
            return Vec::new();
        };
        let key = |index: usize| {
            let step = &self.steps[index];
            (step.act.map(|act| (act.kind, act.until.as_ref())), step.earliest, step.latest)
        };
        // A statement holds at the end of its day, so it follows the acts of that day.
        let follows_all = |index: usize| {
            let step = &self.steps[index];
            step.act.is_some()
                || remaining().all(|other| other == index || step.latest < self.steps[other].latest)
        };
        let mut found: Vec<usize> = Vec::new();
        let is_possible = |index: &usize| self.steps[*index].earliest <= first_end && follows_all(*index);
        for index in remaining().filter(is_possible) {
            if !found.iter().any(|earlier| key(*earlier) == key(index)) {
                found.push(index);
            }
        }
        found
    }

    fn advance(&self, state: &State, index: usize, day: Day) -> Result<State, Blocked> {
        let step = &self.steps[index];
        let mut next = state.clone();
        next.day = day;
        next.done |= 1 << index;
        if let Some(lapse) = next.fold.reach(next.day) {
            next.cause = Cause::Lapse(lapse);
        }
        match step.act {
            Some(act) => self.act(&mut next, index, act)?,
            None => self.state(&mut next),
        }
        Ok(next)
    }

    fn act(&self, next: &mut State, index: usize, act: &Act) -> Result<(), Blocked> {
        let (before, cause) = (next.fold.status, next.cause);
        let blocked = |refusal| Blocked { act: index, refusal, before, cause };
        let effect = follow(before, act.kind).map_err(blocked)?;
        if next.fold.apply(self.history, act, next.day, effect) {
            next.cause = Cause::Act(index);
        }
        next.order.push(index);
        Ok(())
    }

    /// Applies the statement of a source.
    fn state(&self, next: &mut State) {
        if let Some(stated) = self.history.known_statement()
            && next.fold.state(stated)
        {
            next.cause = Cause::Statement(stated.on);
        }
    }
}
