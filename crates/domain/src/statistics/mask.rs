//! Evaluates filters over the columns of a segment.

use super::columns::{DictionaryColumn, ListColumn, range};
use super::day_columns::{DayCodes, DayColumn};
use super::row_selection::SegmentRows;
use super::segment::Segment;
use super::status_timeline::STATUSES;
use crate::date::Day;
use crate::entry::EntryKind;
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::id::Log;
use crate::status::Status;
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::RangeInclusive;

/// The rows of a segment that match. Most filters match all or none of the rows of most segments;
/// then no row is read.
enum Mask {
    All,
    None,
    /// Whether each row matches.
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

impl Segment {
    /// Returns the rows that match.
    pub(super) fn select(&self, filter: &Filter) -> SegmentRows {
        let rows = match self.mask(filter) {
            Mask::All => return SegmentRows::All(self.len()),
            Mask::None => Vec::new(),
            Mask::Some(passes) => {
                (0..).zip(passes).filter_map(|(row, passes)| passes.then_some(row)).collect()
            }
        };
        if rows.len() == self.len() { SegmentRows::All(rows.len()) } else { SegmentRows::Listed(rows) }
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
            Filter::Is(predicate) => self.evaluate(predicate),
        }
    }

    fn evaluate(&self, predicate: &Predicate) -> Mask {
        match predicate {
            Predicate::Log(logs) => Mask::whole(logs.contains(&self.log)),
            Predicate::Owner(logs) if logs.contains(&self.log) => Mask::All,
            Predicate::Owner(logs) => self.any_of(&self.shared_logs, logs),
            Predicate::Unit(units) => {
                one_of(&self.origin_units, units).or(self.any_of(&self.shared_units, units))
            }
            Predicate::Country(countries) => one_of(&self.countries, countries),
            Predicate::AnyCountry(countries) => {
                one_of(&self.countries, countries).or(self.any_of(&self.further_countries, countries))
            }
            Predicate::Locality(localities) => self.any_of(&self.localities, localities),
            Predicate::Pillar(pillars) => one_of(&self.pillars, pillars),
            Predicate::Field(terms) => self.any_of(&self.fields, terms),
            Predicate::Term(terms) => one_of(&self.terms, terms),
            Predicate::Tier(tiers) => one_of(&self.tiers, tiers),
            Predicate::Level(levels) => one_of(&self.levels, levels),
            Predicate::Direction(directions) => one_of(&self.directions, directions),
            Predicate::EventRank(levels) => one_of(&self.event_levels, levels),
            Predicate::Mode(modes) => one_of(&self.modes, modes),
            Predicate::Series(names) => one_of(&self.series, names),
            Predicate::Edition(names) => one_of(&self.editions, names),
            Predicate::Publication(states) => self.publications.evaluate(|state| states.contains(state)),
            Predicate::Status(statuses, day) => self.has_status(statuses, *day),
            Predicate::Date(field, test) => self.has_date_in(*field, *test),
            Predicate::CountsOn(day) => self.counts_from.within(&self.counts_from.up_to(*day)),
            Predicate::Words(_) => Mask::None,
            Predicate::OneOf(kind, keys) => self.is_one_of(*kind, keys),
        }
    }

    /// Returns the rows whose list contains one of these values.
    fn any_of<T: Copy + Eq + Hash>(&self, lists: &ListColumn<T>, wanted: &[T]) -> Mask {
        match (lists.items.evaluate(|value| wanted.contains(value)), &lists.ends) {
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

    fn has_status(&self, statuses: &[Status], day: Day) -> Mask {
        let passes = STATUSES.map(|status| status.is_some_and(|status| statuses.contains(&status)));
        Mask::Some(self.timeline.statuses_on(day).into_iter().map(|code| passes[usize::from(code)]).collect())
    }

    fn has_date_in(&self, field: DateField, test: DateTest) -> Mask {
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

    fn is_one_of(&self, kind: EntryKind, keys: &HashSet<(Log, i32)>) -> Mask {
        if kind != self.first_key().kind {
            return Mask::None;
        }
        let is_found = |row| keys.contains(&(self.log, self.key(row).number));
        Mask::Some((0..self.len()).map(is_found).collect())
    }
}

impl<T: Clone + Eq + Hash> DictionaryColumn<T> {
    fn evaluate(&self, passes: impl Fn(&T) -> bool) -> Mask {
        let passes: Vec<bool> = self.values.iter().map(passes).collect();
        match (passes.contains(&true), passes.contains(&false)) {
            (false, _) => Mask::None,
            (true, false) => Mask::All,
            (true, true) => Mask::Some(self.codes.look_up(&passes, &SegmentRows::All(self.len()))),
        }
    }

    fn len(&self) -> usize {
        self.row_counts.iter().map(|count| *count as usize).sum()
    }
}

fn one_of<T: Clone + Eq + Hash>(column: &DictionaryColumn<Option<T>>, wanted: &[T]) -> Mask {
    column.evaluate(|value| value.as_ref().is_some_and(|value| wanted.contains(value)))
}

impl DayColumn {
    /// Returns the rows with a code in this range.
    fn within(&self, range: &RangeInclusive<u16>) -> Mask {
        let code_range = self.code_range();
        if range.contains(code_range.start()) && range.contains(code_range.end()) {
            return Mask::All;
        }
        if range.is_empty() || range.start() > code_range.end() || range.end() < code_range.start() {
            return Mask::None;
        }
        match &self.codes {
            DayCodes::Same(code) => Mask::whole(range.contains(code)),
            DayCodes::Each(codes) => Mask::Some(codes.iter().map(|code| range.contains(code)).collect()),
        }
    }
}
