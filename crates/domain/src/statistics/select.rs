//! Filters over the columns of a chunk.

use super::chunk::Chunk;
use super::codes::{Coded, Lists, range};
use super::days::{DayCodes, Days};
use super::rows::Part;
use super::turns::STATUSES;
use crate::date::Day;
use crate::entry::EntryKind;
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::id::Log;
use crate::status::Status;
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::RangeInclusive;

/// Which rows of a chunk pass. Most filters pass or refuse most chunks as a whole, and then no row
/// is looked at.
enum Mask {
    All,
    None,
    /// For each row, whether it passes.
    Some(Vec<bool>),
}

impl Mask {
    fn whole(passes: bool) -> Self {
        if passes { Self::All } else { Self::None }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::All, mask) | (mask, Self::All) => mask,
            (Self::Some(mut one), Self::Some(other)) => {
                one.iter_mut().zip(other).for_each(|(one, other)| *one &= other);
                Self::Some(one)
            }
        }
    }

    fn not(self) -> Self {
        match self {
            Self::All => Self::None,
            Self::None => Self::All,
            Self::Some(mut rows) => {
                for row in &mut rows {
                    *row = !*row;
                }
                Self::Some(rows)
            }
        }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

impl Chunk {
    /// The rows that pass.
    pub(super) fn select(&self, filter: &Filter) -> Part {
        let rows = match self.mask(filter) {
            Mask::All => return Part::All(self.len()),
            Mask::None => Vec::new(),
            Mask::Some(passes) => {
                (0..).zip(passes).filter_map(|(row, passes)| passes.then_some(row)).collect()
            }
        };
        if rows.len() == self.len() { Part::All(rows.len()) } else { Part::These(rows) }
    }

    fn mask(&self, filter: &Filter) -> Mask {
        match filter {
            Filter::All(parts) => {
                let mut mask = Mask::All;
                for part in parts {
                    if matches!(mask, Mask::None) {
                        break;
                    }
                    mask = mask.and(self.mask(part));
                }
                mask
            }
            Filter::Any(parts) => {
                let mut mask = Mask::None;
                for part in parts {
                    if matches!(mask, Mask::All) {
                        break;
                    }
                    mask = mask.or(self.mask(part));
                }
                mask
            }
            Filter::Not(part) => self.mask(part).not(),
            Filter::Is(predicate) => self.holds(predicate),
        }
    }

    fn holds(&self, predicate: &Predicate) -> Mask {
        match predicate {
            Predicate::Log(logs) => Mask::whole(logs.contains(&self.log)),
            Predicate::Unit(units) => has(&self.origin_units, units),
            Predicate::Country(countries) => has(&self.countries, countries),
            Predicate::AnyCountry(countries) => {
                has(&self.countries, countries).or(self.share(&self.further_countries, countries))
            }
            Predicate::Locality(localities) => self.share(&self.localities, localities),
            Predicate::Pillar(pillars) => has(&self.pillars, pillars),
            Predicate::Field(terms) => self.share(&self.fields, terms),
            Predicate::Term(terms) => has(&self.terms, terms),
            Predicate::Tier(tiers) => has(&self.tiers, tiers),
            Predicate::Level(levels) => has(&self.levels, levels),
            Predicate::Direction(directions) => has(&self.directions, directions),
            Predicate::EventLevel(levels) => has(&self.event_levels, levels),
            Predicate::Mode(modes) => has(&self.modes, modes),
            Predicate::Series(names) => has(&self.series, names),
            Predicate::Edition(names) => has(&self.editions, names),
            Predicate::Publication(states) => self.publications.holds(|state| states.contains(state)),
            Predicate::Status(statuses, day) => self.stands(statuses, *day),
            Predicate::Date(field, test) => self.dated(*field, *test),
            Predicate::CountsOn(day) => self.counts_from.within(&self.counts_from.up_to(*day)),
            Predicate::Words(_) => Mask::None,
            Predicate::OneOf(kind, found) => self.found(*kind, found),
        }
    }

    /// The rows of which a list has one of these.
    fn share<T: Copy + Eq + Hash>(&self, lists: &Lists<T>, wanted: &[T]) -> Mask {
        match (lists.items.holds(|value| wanted.contains(value)), &lists.ends) {
            (Mask::None, _) => Mask::None,
            (items, None) => items,
            (Mask::All, ends) => {
                Mask::Some((0..self.len()).map(|row| !range(ends.as_ref(), row).is_empty()).collect())
            }
            (Mask::Some(items), ends) => {
                let passes = |row| items[range(ends.as_ref(), row)].contains(&true);
                Mask::Some((0..self.len()).map(passes).collect())
            }
        }
    }

    fn stands(&self, statuses: &[Status], day: Day) -> Mask {
        let passes = STATUSES.map(|status| status.is_some_and(|status| statuses.contains(&status)));
        Mask::Some(self.turns.on(day).into_iter().map(|code| passes[usize::from(code)]).collect())
    }

    fn dated(&self, field: DateField, test: DateTest) -> Mask {
        let dates = match field {
            DateField::First => &self.first,
            DateField::Expires => &self.expires,
            DateField::Published => &self.published,
        };
        let (earliest, latest) = (&dates.earliest, dates.latest());
        match test {
            DateTest::OnOrAfter(day) => {
                let before = day.pred_opt().unwrap_or(Day::MIN);
                earliest.within(&earliest.after(before))
            }
            DateTest::After(day) => earliest.within(&earliest.after(day)),
            DateTest::OnOrBefore(day) => latest.within(&latest.up_to(day)),
            DateTest::Before(day) => {
                let before = day.pred_opt().unwrap_or(Day::MIN);
                latest.within(&latest.up_to(before))
            }
            DateTest::IsUndated(wanted) => {
                let has_date = earliest.within(&earliest.up_to(Day::MAX));
                if wanted { has_date.not() } else { has_date }
            }
        }
    }

    fn found(&self, kind: EntryKind, found: &HashSet<(Log, i32)>) -> Mask {
        if kind != self.first_key().kind {
            return Mask::None;
        }
        let is_found = |row| found.contains(&(self.log, self.key(row).number));
        Mask::Some((0..self.len()).map(is_found).collect())
    }
}

impl<T: Clone + Eq + Hash> Coded<T> {
    fn holds(&self, passes: impl Fn(&T) -> bool) -> Mask {
        let passes: Vec<bool> = self.values.iter().map(passes).collect();
        match (passes.contains(&true), passes.contains(&false)) {
            (false, _) => Mask::None,
            (true, false) => Mask::All,
            (true, true) => Mask::Some(self.codes.look_up(&passes, &Part::All(self.len()))),
        }
    }

    fn len(&self) -> usize {
        self.weights.iter().map(|weight| *weight as usize).sum()
    }
}

fn has<T: Clone + Eq + Hash>(column: &Coded<Option<T>>, wanted: &[T]) -> Mask {
    column.holds(|value| value.as_ref().is_some_and(|value| wanted.contains(value)))
}

impl Days {
    /// The rows with a code of this range.
    fn within(&self, range: &RangeInclusive<u16>) -> Mask {
        let reach = self.reach();
        if range.contains(reach.start()) && range.contains(reach.end()) {
            return Mask::All;
        }
        if range.is_empty() || range.start() > reach.end() || range.end() < reach.start() {
            return Mask::None;
        }
        match &self.codes {
            DayCodes::Same(code) => Mask::whole(range.contains(code)),
            DayCodes::Each(codes) => Mask::Some(codes.iter().map(|code| range.contains(code)).collect()),
        }
    }
}
