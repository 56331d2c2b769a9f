//! Accepted drafts of every kind are stored and read back, whatever their dates, numbers and lists
//! are, and statistics of any day count their facts.

use super::*;
use crate::date::{UNDATED_FIRST, UNDATED_LAST};
use crate::directory::Reference;
use crate::entry::{Entry, EntryMeta};
use crate::event::QuantityKey;
use crate::fact::{Fact, FactSource};
use crate::filter::Filter;
use crate::id::Id;
use crate::place::{Country, Locality};
use crate::reference::Term;
use crate::statistics::Facts;
use crate::statistics::monitoring::counted_on;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::LazyLock;

/// Dates at the ends of the calendar, with every form of uncertainty.
const DATES: [&str; 14] = [
    "",
    "0001-01-01",
    "0001",
    "00XX",
    "../0001-01-01",
    "9999-12-31",
    "9999",
    "9999-24",
    "99XX",
    "9999-12-31/..",
    "2024~",
    "2019-12-31/2020-01-02",
    "../2019",
    "2021-06-01",
];
const NUMBERS: [&str; 6] = ["", "0", "12", "9999999999999999", "999999999999.999999", "1000000000000"];
const ACTS: [&str; 7] = ["SIGN", "EXTEND", "RENEW", "SUSPEND", "RESUME", "TERMINATE", "SUCCEED"];

static DIRECTORY: LazyLock<Directory> = LazyLock::new(|| {
    let term = |id, vocabulary, code: &str| Term {
        id: Id::new(id),
        vocabulary,
        code: code.to_owned(),
        name: Bilingual::default(),
        parent: None,
        valid_from: None,
        units: Vec::new(),
        is_additive: true,
        source: None,
    };
    let country = Country {
        id: Id::new(1),
        iso2: "KR".to_owned(),
        iso3: String::new(),
        name: Bilingual::default(),
        region: None,
        subregion: None,
    };
    let locality = Locality {
        id: Id::new(1),
        slug: "kr-busan".to_owned(),
        name: Bilingual::default(),
        native_name: None,
        aliases: Vec::new(),
        country: country.id,
        level: None,
        location: None,
        iso_3166_2: None,
        wikidata_id: None,
        valid_to: None,
        note: None,
        source: None,
    };
    Directory::new(Reference {
        countries: vec![country],
        localities: vec![locality],
        terms: vec![
            term(1, Vocabulary::AgreementForm, "MOU"),
            term(2, Vocabulary::EventKind, "CONFERENCE"),
            term(3, Vocabulary::ProgrammeKind, "AID"),
            term(4, Vocabulary::Indicator, "delegates"),
        ],
        ..Reference::default()
    })
});

fn common() -> CommonDraft {
    CommonDraft { unit: MINISTRY.to_owned(), ..CommonDraft::default() }
}

fn name() -> Bilingual {
    Bilingual { vi: Some("Tên".to_owned()), en: None }
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(words).prop_map(str::to_owned)
}

fn date() -> impl Strategy<Value = String> {
    word(&DATES)
}

fn quantity(unit: &'static str) -> impl Strategy<Value = QuantityDraft> {
    let qualifiers = word(&["", "AT_LEAST", "MORE_THAN", "NEARLY", "ABOUT", "RANGE", "TOP", "UNQUANTIFIED"]);
    (word(&NUMBERS), word(&NUMBERS), word(&NUMBERS), qualifiers).prop_map(
        move |(value, lower, upper, qualifier)| {
            let (unit, currency) = (unit.to_owned(), String::new());
            QuantityDraft { value, lower, upper, qualifier, unit, currency }
        },
    )
}

/// Returns the day of receipt.
fn received_on() -> Day {
    Day::from_ymd_opt(2026, 11, 22).unwrap()
}

/// Checks that an accepted draft is read back from what it is stored as; returns whether it is
/// accepted.
fn check<C: FactSource>(parsed: Result<ParsedDraft<C>, Vec<ValidationError>>) -> bool {
    let Ok(ParsedDraft { log, content }) = parsed else { return false };
    let stored = serde_json::to_string(&content).unwrap();
    assert!(serde_json::from_str::<C>(&stored).unwrap() == content, "{stored}");
    let kind = C::KIND;
    let entry = Entry { meta: EntryMeta::new(log, 1, "X-0001".to_owned(), 0), content };
    let fact = Fact::from_entry(&entry, &DIRECTORY);
    assert_eq!(fact.is_some(), kind.is_counted());
    let Some(fact) = fact else { return true };
    let bytes = fact.to_bytes().unwrap_or_else(|error| panic!("{error}: {fact:?}"));
    assert_eq!(Fact::from_bytes(&bytes), Ok(fact.clone()));
    let facts = Facts::new(kind, [fact]);
    for day in [UNDATED_FIRST, received_on(), UNDATED_LAST] {
        let rows = facts.select(&counted_on(day));
        for key in [QuantityKey::Delegates, QuantityKey::Connections] {
            let _ = facts.sum(&rows, key);
        }
    }
    assert_eq!(facts.select(&Filter::default()).len(), 1);
    true
}

fn events() -> impl Strategy<Value = EventDraft> {
    let states = word(&["", "PLANNED", "HELD", "POSTPONED", "CANCELLED"]);
    let hours = word(&["", "0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59Z", "2021-06-01T08:00:00Z"]);
    let occurrences = word(&["", "1", "10000"]);
    let counted = (occurrences, quantity("person"), quantity("connection"));
    (date(), hours, states, counted, 0..=50usize).prop_map(
        |(when, starts_at, state, (occurrences, delegates, connections), partners)| EventDraft {
            common: common(),
            title: name(),
            kind: "CONFERENCE".to_owned(),
            when,
            starts_at,
            state,
            occurrences,
            delegates,
            connections,
            partners: vec!["kr-busan".to_owned(); partners],
            series: Some("S".repeat(LONGEST_TITLE)).filter(|_| partners > 9).unwrap_or_default(),
            ..EventDraft::default()
        },
    )
}

fn agreements() -> impl Strategy<Value = AgreementDraft> {
    let act = (word(&ACTS), date(), date()).prop_map(|(kind, on, until)| {
        let begins_term = matches!(kind.as_str(), "EXTEND" | "RENEW");
        let until = Some(until).filter(|_| begins_term).unwrap_or_default();
        ActDraft { kind, on, until, ..ActDraft::default() }
    });
    let statuses = word(&["", "IN_FORCE", "SUSPENDED", "EXPIRED", "TERMINATED", "UNKNOWN"]);
    (vec(act, 0..8), date(), any::<bool>(), word(&["", "0", "3650"]), statuses).prop_map(
        |(acts, expires, renews_automatically, notice_days, status)| AgreementDraft {
            common: common(),
            title: name(),
            form: "MOU".to_owned(),
            partner: "kr-busan".to_owned(),
            acts,
            expires,
            renews_automatically,
            notice_days,
            status,
            ..AgreementDraft::default()
        },
    )
}

fn relations() -> impl Strategy<Value = RelationDraft> {
    let statuses = word(&["", "PROPOSED", "ACTIVE", "DORMANT", "ENDED", "UNKNOWN"]);
    (date(), date(), word(&["", "1", "2016", "9999"]), statuses).prop_map(
        |(established, ended, evidence_year, status)| RelationDraft {
            common: common(),
            partner: "kr-busan".to_owned(),
            tier: "SISTER".to_owned(),
            established,
            ended,
            evidence_year,
            status,
            ..RelationDraft::default()
        },
    )
}

fn organizations() -> impl Strategy<Value = OrganizationDraft> {
    let stage =
        (word(&["ESTABLISHED", "COMMITTEE"]), date()).prop_map(|(stage, from)| StageDraft { stage, from });
    (vec(stage, 0..4), date(), date(), quantity("members")).prop_map(|(stages, founded, as_of, members)| {
        OrganizationDraft {
            common: common(),
            name: name(),
            stages,
            founded,
            as_of,
            members,
            ..Default::default()
        }
    })
}

proptest! {
    #[test]
    fn accepted_events_are_read_back(draft in events()) {
        check(draft.parse(&DIRECTORY, received_on()));
    }

    #[test]
    fn accepted_agreements_are_read_back(draft in agreements(), asked in date()) {
        if check(draft.parse(&DIRECTORY, received_on())) {
            let agreement = draft.parse(&DIRECTORY, received_on()).unwrap().content;
            let day = FuzzyDate::parse(&asked).ok().and_then(|date| date.latest()).unwrap_or(UNDATED_LAST);
            let deadline = agreement.renewal_deadline(day);
            prop_assert!(deadline.is_none_or(|deadline| deadline.on >= UNDATED_FIRST));
        }
    }

    #[test]
    fn accepted_relations_are_read_back(draft in relations(), activity in vec(date(), 0..4)) {
        if check(draft.parse(&DIRECTORY, received_on())) {
            let relation = draft.parse(&DIRECTORY, received_on()).unwrap().content;
            let day = |text: &String| FuzzyDate::parse(text).ok().and_then(|date| date.first_latest());
            let mut activity: Vec<Day> = activity.iter().filter_map(day).collect();
            activity.sort_unstable();
            let relation = relation.with_activity_status(&activity);
            let entry = Entry { meta: EntryMeta::new(Log::MINISTRY, 1, "REL-1".to_owned(), 0), content: relation };
            let fact = Fact::from_entry(&entry, &DIRECTORY).unwrap();
            prop_assert!(fact.to_bytes().is_ok(), "{:?}", fact);
        }
    }

    #[test]
    fn accepted_organizations_are_read_back(draft in organizations()) {
        check(draft.parse(&DIRECTORY, received_on()));
    }

    #[test]
    fn accepted_programmes_figures_and_instruments_are_read_back(
        (period, as_of) in (date(), date()),
        number in quantity("person"),
    ) {
        let programme = ProgrammeDraft {
            common: common(),
            title: name(),
            kind: "AID".to_owned(),
            period: period.clone(),
            as_of: as_of.clone(),
            quantity: QuantityDraft { unit: "project".to_owned(), ..number.clone() },
            ..ProgrammeDraft::default()
        };
        check(programme.parse(&DIRECTORY, received_on()));
        let figure = FigureDraft {
            common: common(),
            indicator: "delegates".to_owned(),
            quantity: number,
            period: period.clone(),
            as_of: as_of.clone(),
            change_percent: "79228162514264337593543950335".to_owned(),
            ..FigureDraft::default()
        };
        check(figure.parse(&DIRECTORY, received_on()));
        let instrument = InstrumentDraft {
            common: common(),
            title: name(),
            kind: "RESOLUTION".to_owned(),
            issued: period,
            effective: as_of,
            implements: vec!["1".to_owned(); MOST_MEMBERS],
            ..InstrumentDraft::default()
        };
        check(instrument.parse(&DIRECTORY, received_on()));
    }
}

#[test]
fn total_of_delegates_beyond_a_quantity_is_refused() {
    let delegates = |value: &str, occurrences: &str| {
        let unit = "person".to_owned();
        let event = EventDraft {
            common: common(),
            title: name(),
            kind: "CONFERENCE".to_owned(),
            occurrences: occurrences.to_owned(),
            delegates: QuantityDraft { value: value.to_owned(), unit, ..QuantityDraft::default() },
            ..EventDraft::default()
        };
        let errors = event.parse(&DIRECTORY, received_on()).err().unwrap_or_default();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(delegates("999999999999", "10000"), [""; 0]);
    let refused = "delegates: Invalid(TotalTooLarge { times: 10000, whole: 16 })";
    assert_eq!(delegates("1000000000000", "10000"), [refused]);
    assert_eq!(delegates("9999999999999999", "10000"), [refused]);
    assert_eq!(delegates("9999999999999999", ""), [""; 0]);
}
