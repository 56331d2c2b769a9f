//! The filter for states of events, most of which no source states.

use super::{DateField, DateTest, Filter, Predicate};
use crate::date::{Day, UNDATED_LAST};
use crate::event::EventState;
use strum::VariantArray as _;

impl Filter {
    /// Returns the filter for events with one of these states on a day, as
    /// [`Event::state_on`](crate::event::Event::state_on) returns it: stated, or following from the
    /// date.
    #[must_use]
    pub fn event_state(states: &[EventState], day: Day) -> Self {
        let is = |predicate| Self::Is(predicate);
        let date = |test| Self::Is(Predicate::Date(DateField::First, test));
        let mut any = vec![is(Predicate::EventState(states.to_vec()))];
        let unstated = || Self::Not(Box::new(is(Predicate::EventState(EventState::VARIANTS.to_vec()))));
        if states.contains(&EventState::Held) {
            any.push(unstated().and(date(DateTest::Before(day))));
        }
        if states.contains(&EventState::Planned) {
            let is_over = date(DateTest::Before(day));
            let has_end = date(DateTest::Before(UNDATED_LAST));
            any.push(unstated().and(has_end).and(Self::Not(Box::new(is_over))));
        }
        Self::Any(any)
    }
}
