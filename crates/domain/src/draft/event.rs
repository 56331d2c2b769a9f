//! Drafts of events.

use super::{CommonDraft, Dating, LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS, Placed, QuantityDraft, Reading};
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::Direction;
use crate::event::{Event, EventLevel, EventMode, Hours, Leader, parse_instant, parse_zone};
use crate::locale::Bilingual;
use crate::reference::Vocabulary;
use crate::refusal::{Problem, Refusal};

/// An event as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct EventDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// The title.
    pub title: Bilingual,
    /// Another printed title, or blank.
    pub other_title: String,
    /// A code of `EVENT_KIND`.
    pub kind: String,
    /// IN, OUT, DOMESTIC or ONLINE, or blank.
    pub direction: String,
    /// `IN_PERSON`, ONLINE or HYBRID, or blank.
    pub mode: String,
    /// A level, or blank.
    pub level: String,
    /// EDTF, or blank; blank beside `starts_at` means the days of the hours.
    pub when: String,
    /// RFC 3339, or blank.
    pub starts_at: String,
    /// RFC 3339, or blank.
    pub ends_at: String,
    /// The IANA zone of the place; blank means that of Vietnam.
    pub time_zone: String,
    /// The town or venue, or blank.
    pub place: String,
    /// The country of the place, or blank.
    pub country: String,
    /// Slugs of partner localities.
    pub partners: Vec<String>,
    /// Countries addressed.
    pub audience: Vec<String>,
    /// The series, or blank.
    pub series: String,
    /// The edition, or blank.
    pub edition: String,
    /// How many events the entry stands for, or blank.
    pub occurrences: String,
    /// Delegates.
    pub delegates: QuantityDraft,
    /// Direct connections made, at all of them together.
    pub connections: QuantityDraft,
    /// Leaders present.
    pub leaders: Vec<LeaderDraft>,
    /// Codes of occasions.
    pub occasions: Vec<String>,
    /// Which anniversary, or blank.
    pub anniversary_no: String,
    /// Codes of agreements signed there.
    pub outcomes: Vec<String>,
    /// Projects agreed on there.
    pub outcome_projects: Vec<String>,
    /// The code of the relation that it serves, or blank.
    pub relation: String,
}

/// A leader, as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct LeaderDraft {
    /// The name.
    pub name: String,
    /// The post at the time.
    pub post: String,
}

impl EventDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Event>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let (when, hours) = self.dates(&mut reading);
        let dating = Dating { first: when.as_ref(), evidence_year: None, brought_on };
        let common = reading.common(&self.common, dating);
        let title = reading.bilingual("title", &self.title, LONGEST_TITLE);
        let kind = reading.term("kind", Vocabulary::EventKind, &self.kind);
        let other_title = reading.optional_text("otherTitle", &self.other_title, LONGEST_TITLE);
        let direction = reading.word::<Direction>("direction", &self.direction, "a direction");
        let mode = reading.word::<EventMode>("mode", &self.mode, "a mode: IN_PERSON, ONLINE or HYBRID");
        let level = reading.word::<EventLevel>("level", &self.level, "a level of events");
        let place = reading.optional_text("place", &self.place, LONGEST_TITLE);
        let country = reading.country("country", &self.country);
        let partners = reading.localities("partners", &self.partners);
        let audience = reading.countries("audienceCountries", &self.audience);
        let series = reading.optional_text("series", &self.series, LONGEST_TITLE);
        let edition = reading.optional_text("edition", &self.edition, LONGEST_WORD);
        let occurrences = reading.number("occurrences", &self.occurrences, 1, 10_000);
        let delegates = reading.quantity("delegates", &self.delegates);
        let connections = reading.quantity("connectionsMade", &self.connections);
        let leaders = self.leaders(&mut reading);
        let occasions = reading.occasions("occasions", &self.occasions);
        let anniversary_no = reading.number("anniversaryNo", &self.anniversary_no, 1, 9999);
        let outcomes = reading.texts("outcomes", &self.outcomes, LONGEST_WORD);
        let outcome_projects = reading.texts("outcomeProjects", &self.outcome_projects, LONGEST_TITLE);
        let relation = reading.optional_text("relation", &self.relation, LONGEST_WORD);
        let placed = common.zip(title).zip(kind).map(|(((log, common), title), kind)| Placed {
            log,
            content: Event {
                common,
                title,
                other_title,
                kind,
                direction,
                mode,
                level,
                when,
                hours,
                place,
                country,
                partners,
                audience,
                series,
                edition,
                occurrences,
                delegates,
                connections,
                leaders,
                occasions,
                anniversary_no,
                outcomes,
                outcome_projects,
                relation,
            },
        });
        reading.problems.settle(placed)
    }

    /// The date and the hours, which must lie within it; without a date, it is their days.
    fn dates(&self, reading: &mut Reading<'_>) -> (Option<FuzzyDate>, Option<Hours>) {
        let when = reading.date("when", &self.when);
        let Some(hours) = self.hours(reading) else { return (when, None) };
        let outcome = hours.date(when);
        (reading.problems.take("startsAt", outcome), Some(hours))
    }

    fn hours(&self, reading: &mut Reading<'_>) -> Option<Hours> {
        let starts_at_us = reading.optional("startsAt", &self.starts_at, parse_instant);
        let ends_at_us = reading.optional("endsAt", &self.ends_at, parse_instant);
        let zone = reading.optional("timeZone", &self.time_zone, parse_zone);
        if ends_at_us.is_some() || zone.is_some() {
            reading.present("startsAt", &self.starts_at);
        }
        let starts_at_us = starts_at_us?;
        if ends_at_us.is_some_and(|end| end < starts_at_us) {
            reading.problems.note("endsAt", Refusal::Invalid("is before the beginning".to_owned()));
        }
        Some(Hours { starts_at_us, ends_at_us, zone: zone.unwrap_or(Hours::USUAL_ZONE) })
    }

    fn leaders(&self, reading: &mut Reading<'_>) -> Vec<Leader> {
        let mut leaders = Vec::new();
        for (index, draft) in reading.bounded("leaders", &self.leaders, MOST_MEMBERS).iter().enumerate() {
            let name = reading.text(&format!("leaders.{index}.name"), &draft.name, LONGEST_TITLE);
            let post = reading.text(&format!("leaders.{index}.post"), &draft.post, LONGEST_TITLE);
            leaders.extend(name.zip(post).map(|(name, post)| Leader { name, post }));
        }
        leaders
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::draft::{MINISTRY, MOST_MEMBERS};
    use crate::entry::Content as _;
    use crate::id::Id;
    use crate::locale::Bilingual;
    use crate::place::LocalityId;
    use crate::reference::Term;
    use crate::statistics::QuantityKey;
    use std::sync::LazyLock;

    static DIRECTORY: LazyLock<Directory> = LazyLock::new(|| {
        let kind = Term {
            id: Id::new(1),
            vocabulary: Vocabulary::EventKind,
            code: "CONFERENCE".to_owned(),
            name: Bilingual::default(),
            parent: None,
            valid_from: None,
            units: Vec::new(),
            is_additive: true,
            source: None,
        };
        Directory::new(Reference { terms: vec![kind], ..Reference::default() })
    });

    fn draft() -> EventDraft {
        EventDraft {
            common: CommonDraft { unit: MINISTRY.to_owned(), ..CommonDraft::default() },
            title: Bilingual { vi: None, en: Some("Conference".to_owned()) },
            kind: "CONFERENCE".to_owned(),
            ..EventDraft::default()
        }
    }

    fn parse(draft: &EventDraft) -> Result<Event, Vec<String>> {
        let placed = draft.parse(&DIRECTORY, Day::from_ymd_opt(2026, 11, 22).unwrap());
        let told = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect();
        placed.map(|placed| placed.content).map_err(told)
    }

    fn quantity(value: &str) -> QuantityDraft {
        let (value, unit) = (value.to_owned(), "person".to_owned());
        QuantityDraft { value, unit, ..QuantityDraft::default() }
    }

    #[test]
    fn hours_date_an_event_that_nothing_else_dates() {
        let starts_at = "2025-10-30T23:30:00+07:00".to_owned();
        let event = parse(&EventDraft { starts_at: starts_at.clone(), ..draft() }).unwrap();
        assert_eq!(event.when.as_ref().map(FuzzyDate::edtf), Some("2025-10-30"));
        assert_eq!(event.hours.map(|hours| hours.zone), Some(Hours::USUAL_ZONE));
        let time_zone = "Asia/Tokyo".to_owned();
        let event = parse(&EventDraft { starts_at, time_zone, ..draft() }).unwrap();
        assert_eq!(event.when.as_ref().map(FuzzyDate::edtf), Some("2025-10-31"));
    }

    #[test]
    fn hours_outside_the_date_are_refused() {
        let starts_at = "2025-10-30T08:00:00Z".to_owned();
        let refused = parse(&EventDraft { when: "2025-11".to_owned(), starts_at, ..draft() }).unwrap_err();
        assert_eq!(refused, ["startsAt: the hours lie on 2025-10-30 in Asia/Ho_Chi_Minh, outside 2025-11"]);
    }

    #[test]
    fn an_end_needs_a_beginning_before_it() {
        let ends_at = "2025-10-30T08:00:00Z".to_owned();
        let refused = parse(&EventDraft { ends_at: ends_at.clone(), ..draft() }).unwrap_err();
        assert_eq!(refused, ["startsAt: is required"]);
        let starts_at = "2025-10-30T09:00:00Z".to_owned();
        let refused = parse(&EventDraft { starts_at, ends_at, ..draft() }).unwrap_err();
        assert_eq!(refused, ["endsAt: is before the beginning"]);
    }

    #[test]
    fn lists_are_short_and_leaders_have_name_and_post() {
        let leaders = vec![LeaderDraft { name: "A".to_owned(), post: " ".to_owned() }];
        let outcomes = vec!["AGR-0001".to_owned(); MOST_MEMBERS + 1];
        let refused = parse(&EventDraft { leaders, outcomes, ..draft() }).unwrap_err();
        assert_eq!(
            refused,
            ["leaders.0.post: is required", "outcomes: is too long: at most 50 members, 51 given"]
        );
    }

    #[test]
    fn delegates_count_at_each_event_and_connections_once() {
        let event = EventDraft {
            occurrences: "4".to_owned(),
            delegates: quantity("200"),
            connections: quantity("1000"),
            ..draft()
        };
        let event = parse(&event).unwrap();
        let value = |key| event.quantity(key).and_then(|quantity| quantity.value);
        assert_eq!(value(QuantityKey::Delegates), Some(800.into()));
        assert_eq!(value(QuantityKey::Connections), Some(1000.into()));
        assert_eq!(parse(&draft()).unwrap().quantity(QuantityKey::Delegates), None);
    }

    #[test]
    fn a_relation_that_an_event_names_goes_before_its_partners() {
        let (partner, other): (LocalityId, LocalityId) = (Id::new(1), Id::new(2));
        let when = "2025-10-30".to_owned();
        let with_partner =
            Event { partners: vec![partner], ..parse(&EventDraft { when, ..draft() }).unwrap() };
        let is_for = |event: &Event, code, partner| event.sign_of_life().unwrap().is_for(code, partner);
        assert!(is_for(&with_partner, "REL-0001", partner));
        assert!(!is_for(&with_partner, "REL-0001", other));
        let named = Event { relation: Some("REL-0002".to_owned()), ..with_partner };
        assert!(!is_for(&named, "REL-0001", partner));
        assert!(is_for(&named, "REL-0002", other));
        assert_eq!(parse(&draft()).unwrap().sign_of_life(), None);
    }

    #[test]
    fn content_without_the_newer_fields_stays_as_short_as_it_was() {
        let json = serde_json::to_value(parse(&draft()).unwrap()).unwrap();
        let newer = ["mode", "level", "hours", "leaders", "outcomes", "outcome_projects", "relation"];
        assert!(newer.iter().all(|field| json.get(field).is_none()));
        assert!(serde_json::from_value::<Event>(json).is_ok());
    }
}
