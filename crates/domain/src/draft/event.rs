//! Drafts of events.

mod state;

use super::Draft;
use super::writer::{DraftWriter, edtf, number, quantity, text, word};
use super::{
    CommonDraft, DateEvidence, DraftReader, LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS, ParsedDraft,
    ParticipantDraft, QuantityDraft,
};
use crate::date::{Day, DayRange, FuzzyDate};
use crate::directory::Directory;
use crate::entry::Direction;
use crate::event::{Event, EventMode, EventRank, EventState, Hours, Leader, parse_instant, parse_zone};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::party::Participant;
use crate::quantity::{Measure, Quantity};
use crate::reference::Vocabulary;
use crate::validation::{InvalidReason, ValidationError, WordList};
use chrono::{DateTime, SecondsFormat};

/// Unchecked input for an event.
#[derive(Debug, Clone, Default)]
pub struct EventDraft {
    /// The fields that all kinds have.
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
    /// PLANNED, HELD, POSTPONED or CANCELLED, or blank.
    pub state: String,
    /// The rank of the event, or blank.
    pub level: String,
    /// EDTF, or blank; when blank, `starts_at` and `ends_at` give the days.
    pub when: String,
    /// RFC 3339, or blank.
    pub starts_at: String,
    /// RFC 3339, or blank.
    pub ends_at: String,
    /// The IANA time zone of the place; blank means that of Vietnam.
    pub time_zone: String,
    /// The town or venue, or blank.
    pub place: String,
    /// The country of the place, or blank.
    pub country: String,
    /// The hosts; empty where the province alone is the host.
    pub hosts: Vec<ParticipantDraft>,
    /// Those who organized it together with the hosts.
    pub co_organizers: Vec<ParticipantDraft>,
    /// Slugs of partner localities.
    pub partners: Vec<String>,
    /// Codes of the countries that the event addresses.
    pub audience: Vec<String>,
    /// The series, or blank.
    pub series: String,
    /// The edition, or blank.
    pub edition: String,
    /// The number of events that the entry represents, or blank.
    pub occurrences: String,
    /// The delegates at each event.
    pub delegates: QuantityDraft,
    /// Direct business connections, the total of all events of the entry.
    pub connections: QuantityDraft,
    /// Leaders present.
    pub leaders: Vec<LeaderDraft>,
    /// Codes of occasions.
    pub occasions: Vec<String>,
    /// The number of the anniversary, or blank.
    pub anniversary_no: String,
    /// Codes of agreements signed at the event.
    pub outcomes: Vec<String>,
    /// Projects agreed at the event.
    pub outcome_projects: Vec<String>,
    /// The code of the relation that it implements, or blank.
    pub relation: String,
}

/// Unchecked input for a leader.
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
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Event>, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let (when, hours) = self.dates(&mut reader);
        let evidence = DateEvidence { first: when.as_ref(), evidence_year: None, received_on };
        let common = reader.common(&self.common, evidence);
        let title = reader.bilingual("title", &self.title, LONGEST_TITLE);
        let kind = reader.term("kind", Vocabulary::EventKind, &self.kind);
        let other_title = reader.optional_text("otherTitle", &self.other_title, LONGEST_TITLE);
        let direction = reader.enum_value::<Direction>("direction", &self.direction, WordList::Direction);
        let mode = reader.enum_value::<EventMode>("mode", &self.mode, WordList::EventMode);
        let state = reader.enum_value::<EventState>("state", &self.state, WordList::EventState);
        let level = reader.enum_value::<EventRank>("rank", &self.level, WordList::EventRank);
        let place = reader.optional_text("place", &self.place, LONGEST_TITLE);
        let country = reader.country("country", &self.country);
        let [hosts, co_organizers] = self.organizers(&mut reader, evidence.days());
        let partners = reader.localities("partnerLocalities", &self.partners);
        let audience = reader.countries("audienceCountries", &self.audience);
        let series = reader.optional_text("series", &self.series, LONGEST_TITLE);
        let edition = reader.optional_text("edition", &self.edition, LONGEST_WORD);
        let occurrences = reader.integer("occurrences", &self.occurrences, 1, 10_000);
        let delegates = self.delegates(&mut reader, occurrences);
        let connections = reader.quantity("connectionsMade", &self.connections, Measure::Connections);
        let leaders = self.leaders(&mut reader);
        let occasions = reader.occasions("occasions", &self.occasions);
        let anniversary_no = reader.integer("anniversaryNo", &self.anniversary_no, 1, 9999);
        let outcomes = reader.texts("outcomes", &self.outcomes, LONGEST_WORD);
        let outcome_projects = reader.texts("outcomeProjects", &self.outcome_projects, LONGEST_TITLE);
        let relation = reader.optional_text("relation", &self.relation, LONGEST_WORD);
        let parsed = common.zip(title).zip(kind).map(|(((log, common), title), kind)| ParsedDraft {
            log,
            content: Event {
                common: state::counted(common, state).with_participants(hosts.iter().chain(&co_organizers)),
                title,
                other_title,
                kind,
                direction,
                mode,
                state,
                level,
                when,
                hours,
                place,
                country,
                hosts,
                co_organizers,
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
        reader.problems.settle(parsed)
    }

    /// Parses the delegates at one event; their total is a quantity too.
    fn delegates(&self, reader: &mut DraftReader<'_>, occurrences: Option<i32>) -> Option<Quantity> {
        let delegates = reader.quantity("delegates", &self.delegates, Measure::Delegates)?;
        let times = occurrences.map_or(1, i32::unsigned_abs);
        reader.problems.take("delegates", delegates.times(times.into()))?;
        Some(delegates)
    }

    /// Parses the hosts and the co-organizers, as of the days of the event.
    fn organizers(&self, reader: &mut DraftReader<'_>, days: DayRange) -> [Vec<Participant>; 2] {
        [("hosts", &self.hosts), ("coOrganizers", &self.co_organizers)]
            .map(|(path, drafts)| reader.participants(path, drafts, days))
    }

    /// Parses the date and the hours, which must be within the date; without a date, the days of
    /// the hours are the date.
    fn dates(&self, reader: &mut DraftReader<'_>) -> (Option<FuzzyDate>, Option<Hours>) {
        let when = reader.date("heldOn", &self.when);
        let Some(hours) = self.hours(reader) else { return (when, None) };
        let outcome = hours.date(when);
        (reader.problems.take("startsAt", outcome), Some(hours))
    }

    fn hours(&self, reader: &mut DraftReader<'_>) -> Option<Hours> {
        let starts_at_us = reader.optional("startsAt", &self.starts_at, parse_instant);
        let ends_at_us = reader.optional("endsAt", &self.ends_at, parse_instant);
        let zone = reader.optional("timeZone", &self.time_zone, parse_zone);
        if ends_at_us.is_some() || zone.is_some() {
            reader.require("startsAt", &self.starts_at);
        }
        let starts_at_us = starts_at_us?;
        if ends_at_us.is_some_and(|end| end < starts_at_us) {
            reader.problems.note("endsAt", InvalidReason::EndBeforeStart.into());
        }
        Some(Hours { starts_at_us, ends_at_us, zone: zone.unwrap_or(Hours::USUAL_ZONE) })
    }

    fn leaders(&self, reader: &mut DraftReader<'_>) -> Vec<Leader> {
        let mut leaders = Vec::new();
        for (index, draft) in reader.bounded_list("leaders", &self.leaders, MOST_MEMBERS).iter().enumerate() {
            let name = reader.text(&format!("leaders.{index}.name"), &draft.name, LONGEST_TITLE);
            let post = reader.text(&format!("leaders.{index}.post"), &draft.post, LONGEST_TITLE);
            leaders.extend(name.zip(post).map(|(name, post)| Leader { name, post }));
        }
        leaders
    }
}

impl Draft for EventDraft {
    type Content = Event;

    fn from_content(event: &Event, log: Log, directory: &Directory) -> Self {
        let writer = DraftWriter { directory };
        let hours = event.hours.as_ref();
        let occasion = |id| directory.occasion(id).map(|occasion| occasion.code.clone()).unwrap_or_default();
        Self {
            common: writer.common(&event.common, log),
            title: event.title.clone(),
            other_title: text(event.other_title.as_ref()),
            kind: writer.term(event.kind),
            direction: word(event.direction),
            mode: word(event.mode),
            state: word(event.state),
            level: word(event.level),
            when: edtf(event.when.as_ref()),
            starts_at: hours.map(|hours| instant(hours.starts_at_us)).unwrap_or_default(),
            ends_at: hours.and_then(|hours| hours.ends_at_us).map(instant).unwrap_or_default(),
            time_zone: hours.map(|Hours { zone, .. }| zone.name().to_owned()).unwrap_or_default(),
            place: text(event.place.as_ref()),
            country: event.country.map(|country| writer.country(country)).unwrap_or_default(),
            hosts: event.hosts.iter().map(|host| writer.participant(host)).collect(),
            co_organizers: event.co_organizers.iter().map(|other| writer.participant(other)).collect(),
            partners: event.partners.iter().map(|partner| writer.locality(*partner)).collect(),
            audience: event.audience.iter().map(|country| writer.country(*country)).collect(),
            series: text(event.series.as_ref()),
            edition: text(event.edition.as_ref()),
            occurrences: number(event.occurrences),
            delegates: quantity(event.delegates.as_ref()),
            connections: quantity(event.connections.as_ref()),
            leaders: event
                .leaders
                .iter()
                .map(|leader| LeaderDraft { name: leader.name.clone(), post: leader.post.clone() })
                .collect(),
            occasions: event.occasions.iter().map(|id| occasion(*id)).collect(),
            anniversary_no: number(event.anniversary_no),
            outcomes: event.outcomes.clone(),
            outcome_projects: event.outcome_projects.clone(),
            relation: text(event.relation.as_ref()),
        }
    }

    fn common(&self) -> &CommonDraft {
        &self.common
    }

    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Event>, Vec<ValidationError>> {
        self.parse(directory, received_on)
    }
}

fn instant(at_us: i64) -> String {
    let instant = DateTime::from_timestamp_micros(at_us).unwrap_or_default();
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
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
    use crate::relation::PartnerActivity;
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
        let parsed = draft.parse(&DIRECTORY, Day::from_ymd_opt(2026, 11, 22).unwrap());
        let messages = |problems: Vec<ValidationError>| problems.iter().map(ToString::to_string).collect();
        parsed.map(|parsed| parsed.content).map_err(messages)
    }

    fn quantity(value: &str) -> QuantityDraft {
        let (value, unit) = (value.to_owned(), "person".to_owned());
        QuantityDraft { value, unit, ..QuantityDraft::default() }
    }

    #[test]
    fn hours_date_an_undated_event() {
        let starts_at = "2025-10-30T23:30:00+07:00".to_owned();
        let event = parse(&EventDraft { starts_at: starts_at.clone(), ..draft() }).unwrap();
        assert_eq!(event.when.as_ref().map(FuzzyDate::edtf), Some("2025-10-30"));
        assert_eq!(event.hours.map(|hours| hours.zone), Some(Hours::USUAL_ZONE));
        let time_zone = "Asia/Tokyo".to_owned();
        let event = parse(&EventDraft { starts_at, time_zone, ..draft() }).unwrap();
        assert_eq!(event.when.as_ref().map(FuzzyDate::edtf), Some("2025-10-31"));
    }

    #[test]
    fn hours_outside_the_date_are_rejected() {
        let starts_at = "2025-10-30T08:00:00Z".to_owned();
        let errors = parse(&EventDraft { when: "2025-11".to_owned(), starts_at, ..draft() }).unwrap_err();
        assert_eq!(
            errors,
            [
                "startsAt: Invalid(HoursOutsideDate { days: \"2025-10-30\", zone: \"Asia/Ho_Chi_Minh\", date: \"2025-11\" })"
            ]
        );
    }

    #[test]
    fn end_requires_an_earlier_start() {
        let ends_at = "2025-10-30T08:00:00Z".to_owned();
        let errors = parse(&EventDraft { ends_at: ends_at.clone(), ..draft() }).unwrap_err();
        assert_eq!(errors, ["startsAt: Required"]);
        let starts_at = "2025-10-30T09:00:00Z".to_owned();
        let errors = parse(&EventDraft { starts_at, ends_at, ..draft() }).unwrap_err();
        assert_eq!(errors, ["endsAt: Invalid(EndBeforeStart)"]);
    }

    #[test]
    fn lists_are_limited_and_leaders_have_name_and_post() {
        let leaders = vec![LeaderDraft { name: "A".to_owned(), post: " ".to_owned() }];
        let outcomes = vec!["AGR-0001".to_owned(); MOST_MEMBERS + 1];
        let errors = parse(&EventDraft { leaders, outcomes, ..draft() }).unwrap_err();
        assert_eq!(errors, ["leaders.0.post: Required", "outcomes: TooMany { most: 50, given: 51 }"]);
    }

    #[test]
    fn delegates_count_per_event_and_connections_once() {
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
    fn named_relation_takes_precedence_over_partners() {
        let (partner, other): (LocalityId, LocalityId) = (Id::new(1), Id::new(2));
        let when = "2025-10-30".to_owned();
        let with_partner =
            Event { partners: vec![partner], ..parse(&EventDraft { when, ..draft() }).unwrap() };
        let is_for = |event: &Event, code, partner| {
            let mut activity = PartnerActivity::default();
            activity.add(&event.linked_activity().unwrap(), code, partner);
            !activity.days_of(None, &Directory::default()).is_empty()
        };
        assert!(is_for(&with_partner, "REL-0001", partner));
        assert!(!is_for(&with_partner, "REL-0001", other));
        let named = Event { relation: Some("REL-0002".to_owned()), ..with_partner };
        assert!(!is_for(&named, "REL-0001", partner));
        assert!(is_for(&named, "REL-0002", other));
        assert_eq!(parse(&draft()).unwrap().linked_activity(), None);
    }

    #[test]
    fn unset_newer_fields_are_not_serialized() {
        let json = serde_json::to_value(parse(&draft()).unwrap()).unwrap();
        let newer = [
            "mode",
            "level",
            "hours",
            "leaders",
            "outcomes",
            "outcome_projects",
            "relation",
            "hosts",
            "co_organizers",
        ];
        assert!(newer.iter().all(|field| json.get(field).is_none()));
        assert!(serde_json::from_value::<Event>(json).is_ok());
    }
}
