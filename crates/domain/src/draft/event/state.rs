//! The state of an event and the day from which it counts.

use crate::date::UNDATED_LAST;
use crate::entry::Common;
use crate::event::EventState;

/// Returns the common part of an event in this state: one that does not take place begins to count
/// on the last day of the calendar, so that statistics of no other day count it.
pub(super) fn counted(common: Common, state: Option<EventState>) -> Common {
    if state.is_none_or(EventState::takes_place) {
        return common;
    }
    Common { counts_from: Some(UNDATED_LAST), ..common }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::{Day, FuzzyDate, parse_day};
    use crate::entry::Content as _;
    use crate::event::Event;
    use crate::id::Id;
    use crate::locale::Bilingual;

    fn event(state: Option<EventState>) -> Event {
        let when = FuzzyDate::parse("2025-10-30").ok();
        let common =
            Common { counts_from: when.as_ref().and_then(FuzzyDate::first_latest), ..Common::default() };
        Event {
            common: counted(common, state),
            title: Bilingual::default(),
            other_title: None,
            kind: Id::new(1),
            direction: None,
            mode: None,
            state,
            level: None,
            when,
            hours: None,
            place: None,
            country: None,
            hosts: Vec::new(),
            co_organizers: Vec::new(),
            partners: vec![Id::new(1)],
            audience: Vec::new(),
            series: None,
            edition: None,
            occurrences: None,
            delegates: None,
            connections: None,
            leaders: Vec::new(),
            occasions: Vec::new(),
            anniversary_no: None,
            outcomes: Vec::new(),
            outcome_projects: Vec::new(),
            relation: None,
        }
    }

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    #[test]
    fn postponed_and_cancelled_events_do_not_count() {
        for (state, counts_from) in [
            (None, "2025-10-30"),
            (Some(EventState::Planned), "2025-10-30"),
            (Some(EventState::Held), "2025-10-30"),
            (Some(EventState::Postponed), "9999-12-31"),
            (Some(EventState::Cancelled), "9999-12-31"),
        ] {
            let event = event(state);
            assert_eq!(event.common.counts_from, Some(day(counts_from)), "{state:?}");
            assert_eq!(event.linked_activity().is_some(), counts_from == "2025-10-30", "{state:?}");
        }
    }

    #[test]
    fn unstated_state_follows_the_date() {
        let dated = event(None);
        for planned in [dated.clone(), event(Some(EventState::Planned))] {
            assert_eq!(planned.state_on(day("2025-10-29")), Some(EventState::Planned));
            assert_eq!(planned.state_on(day("2025-10-30")), Some(EventState::Held), "it has begun");
        }
        let stated = event(Some(EventState::Cancelled));
        assert_eq!(stated.state_on(day("2025-10-31")), Some(EventState::Cancelled));
        let undated = Event { when: None, ..dated.clone() };
        assert_eq!(undated.state_on(day("2025-10-31")), None);
        assert!(serde_json::to_value(&dated).unwrap().get("state").is_none());
    }
}
