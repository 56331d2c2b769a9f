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
        let is = |states: &[EventState]| Self::Is(Predicate::EventState(states.to_vec()));
        let dated = || Self::Is(Predicate::Date(DateField::First, DateTest::IsUndated(false)));
        let unstated = || Self::Not(Box::new(is(EventState::VARIANTS)));
        let has_begun = || dated().and(Self::Is(Predicate::CountsOn(day)));
        let lasting: Vec<EventState> =
            states.iter().copied().filter(|state| *state != EventState::Planned).collect();
        let mut any = vec![is(&lasting)];
        if states.contains(&EventState::Held) {
            any.push(Self::Any(vec![unstated(), is(&[EventState::Planned])]).and(has_begun()));
        }
        if states.contains(&EventState::Planned) {
            let is_planned = Self::Any(vec![unstated().and(dated()), is(&[EventState::Planned])]);
            any.push(is_planned.and(Self::Not(Box::new(has_begun()))));
        }
        Self::Any(any)
    }

    /// Returns the filter for entries that count on a day. On the last day of the calendar begins what
    /// counts on no day, such as a cancelled event.
    #[must_use]
    pub fn counts_on(day: Day) -> Self {
        let last = UNDATED_LAST.pred_opt().unwrap_or(UNDATED_LAST);
        Self::Is(Predicate::CountsOn(day.min(last)))
    }
}
