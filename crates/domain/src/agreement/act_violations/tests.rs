//! Rules for acts, and the order that partial dates leave open.

use super::super::AgreementHistory;
use super::super::act_table::{Effect, after_signing, follow, is_final};
use super::*;
use crate::date::{FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::directory::Reference;
use crate::id::Id;
use crate::locale::Bilingual;
use crate::status::{AgreementStatus, Stated, on};
use crate::unit::{AdminUnit, Succession, SuccessionKind};
use proptest::prelude::*;
use serde_json::json;
use strum::VariantArray;

const TODAY: &str = "2026-11-22";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn act(id: i32, kind: ActKind, on: &str) -> Act {
    let on = FuzzyDate::parse(on).unwrap();
    Act { id, kind, on, until: None, note: Bilingual::default(), source: None }
}

/// Returns an agreement with these acts, numbered in this order.
fn agreement(acts: &[(ActKind, &str)]) -> Agreement {
    let acts = acts.iter().zip(1..).map(|((kind, on), id)| act(id, *kind, on)).collect();
    let common = json!({"origin_unit": 1, "pillar": null, "fields": [], "sources": [], "counts_from": null});
    let stored = json!({
        "common": common, "title": {}, "form": 1, "parties": [], "country": null, "signed": null,
        "expires": null, "renews_automatically": false, "acts": [], "stated": null,
        "edition_no": null, "renews": null, "relation": null, "spans": [],
    });
    let mut agreement: Agreement = serde_json::from_value(stored).unwrap();
    agreement.acts = acts;
    agreement
}

/// Unit 1 ended on 2025-06-30 and became part of unit 2; unit 3 was renamed to unit 4.
fn directory() -> Directory {
    let unit = |id, slug: &str, valid_to: Option<&str>| AdminUnit {
        id: Id::new(id),
        slug: slug.to_owned(),
        valid_from: None,
        valid_to: valid_to.map(day),
        iso_3166_2: None,
        designations: Vec::new(),
        geography: Vec::new(),
        split_from: None,
    };
    let succession = |predecessor, successor, kind, on| Succession {
        predecessor: Id::new(predecessor),
        successor: Id::new(successor),
        kind,
        effective_on: day(on),
        legal_basis: String::new(),
    };
    Directory::new(Reference {
        units: vec![
            unit(1, "BINH_DUONG", Some("2025-06-30")),
            unit(2, "HO_CHI_MINH", None),
            unit(3, "THUA_THIEN_HUE", Some("2024-12-31")),
            unit(4, "HUE", None),
        ],
        successions: vec![
            succession(1, 2, SuccessionKind::Merged, "2025-07-01"),
            succession(3, 4, SuccessionKind::Renamed, "2025-01-01"),
        ],
        ..Reference::default()
    })
}

fn found(agreement: &Agreement) -> Vec<String> {
    let found = act_violations(agreement, day(TODAY), &directory());
    found.into_iter().map(|violation| violation.into_error(|act| act).to_string()).collect()
}

/// Returns the path and the kind of each violation.
fn kinds(agreement: &Agreement) -> Vec<String> {
    let shorten =
        |text: String| text.replace("Invalid(", "").split([' ', '{']).take(2).collect::<Vec<_>>().join(" ");
    found(agreement).into_iter().map(shorten).collect()
}

#[test]
fn acts_out_of_order_are_refused_with_reason() {
    use ActKind::{Amend, EnterIntoForce, Extend, Renew, Resume, Sign, Suspend, Terminate};
    for (acts, expected) in [
        (&[(Sign, "2020-01-01"), (Terminate, "2021"), (Extend, "2022-05")][..], "acts.2.on: ActAfterEnd"),
        (&[(Sign, "2020-01-01"), (Terminate, "2021"), (Resume, "2022-05")], "acts.2.on: ActAfterEnd"),
        (&[(Terminate, "2019-12-31"), (Sign, "2020-01-01")], "acts.0.on: ActBeforeSigning"),
        (&[(Amend, "2019"), (Sign, "2020")], "acts.0.on: ActBeforeSigning"),
        (&[(Sign, "2020-01-01"), (Sign, "2021")], "acts.1.kind: SignedAlready"),
        (&[(Sign, "2020-01-01"), (EnterIntoForce, "2020-02"), (Resume, "2021")], "acts.2.kind: NotSuspended"),
        (&[(Sign, "2020"), (EnterIntoForce, "2021"), (EnterIntoForce, "2022")], "acts.2.kind: ActRepeated"),
        (&[(Sign, "2020"), (Suspend, "2021"), (Suspend, "2022")], "acts.2.kind: ActRepeated"),
        (&[(Sign, "2020"), (Renew, "2021"), (EnterIntoForce, "2022")], "acts.1.on: ActBeforeEntryIntoForce"),
    ] {
        assert_eq!(kinds(&agreement(acts)), [expected], "{acts:?}");
    }
    let late = agreement(&[(Sign, "2020-01-01"), (Terminate, "2021"), (Extend, "2022-05")]);
    assert_eq!(
        found(&late),
        [
            "acts.2.on: Invalid(ActAfterEnd { number: 3, act: \"EXTEND\", on: \"2022-05\", status: \"TERMINATED\", since: \"2021\" })"
        ]
    );
}

#[test]
fn acts_in_order_are_accepted() {
    use ActKind::{
        Amend, Correct, EnterIntoForce, Expire, Extend, Renew, Resume, Sign, Succeed, Suspend, Terminate,
    };
    for acts in [
        &[
            (Sign, "2020-01-01"),
            (EnterIntoForce, "2020-01-01"),
            (Suspend, "2021"),
            (Resume, "2021"),
            (Terminate, "2022"),
        ][..],
        &[(Extend, "2021"), (Amend, "2022")],
        &[
            (Sign, "2020-01-01"),
            (Expire, "2021"),
            (Renew, "2022"),
            (Terminate, "2023"),
            (Succeed, "2025-07"),
            (Correct, "2026"),
        ],
        &[(Sign, "2025-06-30"), (Amend, "2025"), (Terminate, "2026-01")],
    ] {
        assert_eq!(kinds(&agreement(acts)), [""; 0], "{acts:?}");
    }
}

#[test]
fn partial_dates_are_refused_only_if_no_reading_is_in_order() {
    use ActKind::{Amend, Resume, Sign, Suspend, Terminate};
    let mut vague = agreement(&[(Amend, "2020-05-04"), (Terminate, "2020-06"), (Sign, "2020")]);
    assert_eq!(kinds(&vague), [""; 0]);
    vague.put_acts_in_order();
    assert_eq!(vague.acts.iter().map(|act| act.id).collect::<Vec<_>>(), [3, 1, 2]);
    let spans = vague.status_history().spans();
    assert_eq!(on(&spans, day("2020-06-30")), Some(AgreementStatus::Terminated));
    assert_eq!(on(&spans, UNDATED_LAST), Some(AgreementStatus::Terminated));
    let resumed = agreement(&[(Sign, "2019"), (Resume, "2020-03-01"), (Suspend, "2020")]);
    assert_eq!(kinds(&resumed), [""; 0]);
    let later = agreement(&[(Sign, "2019"), (Resume, "2020-03-01"), (Suspend, "2020-04")]);
    assert_eq!(kinds(&later), ["acts.1.kind: NotSuspended"]);
    let year = TODAY.split('-').next().unwrap();
    assert_eq!(kinds(&agreement(&[(Terminate, year)])), [""; 0]);
    assert_eq!(kinds(&agreement(&[(Terminate, "2026-12")])), ["acts.0.on: ActInFuture"]);
}

#[test]
fn term_ends_after_the_signing_and_acts_of_the_term_before_its_end() {
    use ActKind::{Amend, Extend, Sign};
    let with_term = |expires: &str, acts: &[(ActKind, &str)]| {
        let expires = Some(FuzzyDate::parse(expires).unwrap());
        Agreement { expires, ..agreement(acts) }
    };
    assert_eq!(kinds(&with_term("2019", &[(Sign, "2020-01-01")])), ["expires: TermBeforeSigning"]);
    assert_eq!(kinds(&with_term("2020", &[(Sign, "2020-05-01")])), [""; 0]);
    let amended = with_term("2021", &[(Sign, "2020-05-01"), (Amend, "2022-01-01")]);
    assert_eq!(kinds(&amended), ["acts.1.on: ActAfterExpiry"]);
    let renewing = Agreement { renews_automatically: true, ..amended };
    assert_eq!(kinds(&renewing), [""; 0]);
    let mut extended = with_term(
        "2021",
        &[(Sign, "2020-05-01"), (Extend, "2021-06"), (Amend, "2022-01-01"), (Amend, "2024")],
    );
    extended.acts[1].until = Some(FuzzyDate::parse("2023").unwrap());
    assert_eq!(kinds(&extended), ["acts.3.on: ActAfterExpiry"]);
    assert_eq!(extended.term().map(FuzzyDate::edtf), Some("2023"));
    assert_eq!(extended.term_on(day("2021-06-29")).map(FuzzyDate::edtf), Some("2021"));
    extended.acts[1].until = None;
    assert_eq!((kinds(&extended), extended.term()), (Vec::new(), None));
}

#[test]
fn statement_of_a_source_takes_part_in_the_order() {
    use ActKind::{Amend, Resume, Sign, Terminate};
    let stated = |status, acts: &[(ActKind, &str)]| {
        let stated = Some(Stated { status, on: day("2026-06-01") });
        Agreement { stated, ..agreement(acts) }
    };
    let suspended = stated(AgreementStatus::Suspended, &[(Sign, "2020"), (Resume, "2026-07-01")]);
    assert_eq!(kinds(&suspended), ["acts.1.on: UnitEnded"], "the act is in order");
    let ended =
        stated(AgreementStatus::Terminated, &[(Sign, "2020"), (Amend, "2021"), (Amend, "2026-07-01")]);
    assert_eq!(kinds(&ended), ["acts.2.on: ActAfterEnd", "acts.2.on: UnitEnded"]);
    // A source that is not up to date does not revive an ended agreement.
    let terminated = stated(AgreementStatus::InForce, &[(Sign, "2020"), (Terminate, "2025")]);
    assert_eq!(kinds(&terminated), [""; 0]);
    assert_eq!(on(&terminated.status_history().spans(), UNDATED_LAST), Some(AgreementStatus::Terminated));
}

#[test]
fn vague_act_may_be_before_or_after_the_end_of_the_term() {
    use ActKind::{Amend, Correct, Renew, Sign, Suspend};
    let with = |expires: &str, acts: &[(ActKind, &str)]| {
        let mut agreement = agreement(acts);
        agreement.expires = FuzzyDate::parse(expires).ok();
        agreement
    };
    let mut renewed = with("2015-02-10", &[(Sign, "2015-01-05"), (Renew, "2015-02")]);
    renewed.entry_into_force = Some(crate::agreement::EntryIntoForce::OnNotification);
    renewed.acts[1].until = FuzzyDate::parse("2016").ok();
    assert_eq!(kinds(&renewed), [""; 0], "from 2015-02-11 on it is expired");
    let suspended = with(
        "2015-01-20",
        &[(Sign, "2015"), (Correct, "2015-01-25"), (Suspend, "2015-01"), (Amend, "2015-02")],
    );
    assert!(!kinds(&suspended).is_empty(), "the term ended before it could be amended");
}

#[test]
fn extension_does_not_shorten_the_term() {
    use ActKind::{Extend, Renew, Sign};
    let prolonged = |kind, until: &[&str]| {
        let days = ["2019-01-01", "2020-01-01", "2021-01-01"];
        let acts: Vec<_> = [Sign, kind, kind].into_iter().zip(days).take(until.len() + 1).collect();
        let mut agreement = agreement(&acts);
        agreement.expires = FuzzyDate::parse("2024").ok();
        for (act, until) in agreement.acts.iter_mut().skip(1).zip(until) {
            act.until = FuzzyDate::parse(until).ok();
        }
        kinds(&agreement)
    };
    assert_eq!(prolonged(Extend, &["2023-12-31"]), ["acts.1.until: TermShortened"]);
    assert_eq!(prolonged(Extend, &["2030", "2029"]), ["acts.2.until: TermShortened"]);
    // The same year may mean a later day.
    assert_eq!(prolonged(Extend, &["2024-02", "2025"]), [""; 0]);
    assert_eq!(prolonged(Extend, &["", "2025"]), [""; 0], "an open term is not known to be longer");
    assert_eq!(prolonged(Renew, &["2023-12-31"]), [""; 0], "a renewal begins another term");
}

#[test]
fn takeover_before_the_end_of_the_unit_is_none() {
    use ActKind::{Amend, Sign, Succeed};
    let early = agreement(&[(Sign, "2020"), (Succeed, "2021"), (Amend, "2025-08-01")]);
    assert_eq!(kinds(&early), ["acts.2.on: UnitEnded"]);
    let in_time = agreement(&[(Sign, "2020"), (Succeed, "2025"), (Amend, "2025-08-01")]);
    assert_eq!(kinds(&in_time), [""; 0]);
}

#[test]
fn extension_on_the_day_after_the_term_begins_a_new_one() {
    use ActKind::{Amend, Extend, Resume, Sign, Suspend};
    let suspended = [(Sign, "2019-01-01"), (Suspend, "2021-06-01"), (Extend, "2022-01-01")];
    let with = |act: (ActKind, &str)| {
        let mut agreement = agreement(&[&suspended[..], &[act]].concat());
        agreement.expires = FuzzyDate::parse("2021-12-31").ok();
        agreement.acts[2].until = FuzzyDate::parse("2028-12-31").ok();
        agreement
    };
    let extended = with((Amend, "2023-01-01"));
    let spans = extended.status_history().spans();
    assert_eq!(on(&spans, day("2021-12-31")), Some(AgreementStatus::Suspended));
    assert_eq!(on(&spans, day("2022-01-01")), Some(AgreementStatus::InForce));
    assert_eq!(on(&spans, day("2029-01-01")), Some(AgreementStatus::Expired));
    assert_eq!(kinds(&with((Resume, "2023-01-01"))), ["acts.3.kind: NotSuspended"]);
    assert_eq!(kinds(&with((Suspend, "2023-01-01"))), [""; 0]);
}

#[test]
fn extension_does_not_resume_what_a_source_states_as_suspended() {
    let mut agreement = agreement(&[(ActKind::Sign, "2019"), (ActKind::Extend, "2021-05-01")]);
    let (status, on_day) = (AgreementStatus::Suspended, day("2020-06-01"));
    agreement.stated = Some(Stated { status, on: on_day });
    assert_eq!(kinds(&agreement), [""; 0]);
    assert_eq!(on(&agreement.status_history().spans(), day("2022-01-01")), Some(status));
}

#[test]
fn ended_unit_acts_only_through_its_successor() {
    use ActKind::{Amend, Extend, Sign, Succeed, Terminate};
    let extended = [(Sign, "2020"), (Extend, "2025-07-01")];
    assert_eq!(kinds(&agreement(&extended)), ["acts.1.on: UnitEnded"]);
    assert_eq!(kinds(&agreement(&[(Sign, "2020"), (Terminate, "2026")])), [""; 0]);
    assert_eq!(kinds(&agreement(&[(Sign, "2020"), (Succeed, "2025-09"), (Extend, "2025-09-15")])), [""; 0]);
    assert_eq!(
        kinds(&agreement(&[(Sign, "2020"), (Extend, "2025-08-31"), (Succeed, "2025-09")])),
        ["acts.1.on: UnitEnded"]
    );
    assert_eq!(kinds(&agreement(&[(Sign, "2025-07-01")])), ["acts.0.on: UnitEnded"]);
    assert_eq!(kinds(&agreement(&[(Sign, "2025"), (Amend, "2025")])), [""; 0]);
    let mut renamed = agreement(&extended);
    renamed.common.origin_unit = Some(Id::new(3));
    assert_eq!(kinds(&renamed), [""; 0]);
}

#[test]
fn districts_neither_sign_nor_prolong_after_their_abolition() {
    use ActKind::{Amend, Sign, Succeed, Terminate};
    let of_district = |acts: &[(ActKind, &str)]| {
        let mut agreement = agreement(acts);
        agreement.common.origin_unit = Some(Id::new(2));
        Agreement { level: Some(SigningLevel::District), ..agreement }
    };
    assert_eq!(kinds(&of_district(&[(Sign, "2025-06-30")])), [""; 0]);
    assert_eq!(kinds(&of_district(&[(Sign, "2025-07-01")])), ["signingLevel: NoDistricts"]);
    assert_eq!(kinds(&of_district(&[(Sign, "2025")])), [""; 0], "it may have been before July");
    for kind in ActKind::VARIANTS.iter().filter(|kind| needs_living_body(**kind) && **kind != Sign) {
        let late = kinds(&of_district(&[(Sign, "2020"), (*kind, "2025-08-01")]));
        assert!(late.contains(&"acts.1.on: NoDistricts".to_owned()), "{kind}: {late:?}");
    }
    assert_eq!(kinds(&of_district(&[(Sign, "2020"), (Terminate, "2025-08-01")])), [""; 0]);
    assert_eq!(kinds(&of_district(&[(Sign, "2020"), (Succeed, "2025-08"), (Amend, "2025-10")])), [""; 0]);
}

/// Returns whether the table allows the acts in this order, as a plain walk.
fn is_in_order(history: &AgreementHistory<'_>, order: &[usize]) -> bool {
    let enters = history.acts.iter().any(|act| act.kind == ActKind::EnterIntoForce);
    let is_signed = history.acts.iter().any(|act| act.kind == ActKind::Sign);
    let mut status = (!is_signed).then_some(AgreementStatus::Unknown);
    let mut reached = UNDATED_FIRST;
    for index in order {
        let act = &history.acts[*index];
        let (earliest, latest) = possible_days(&act.on);
        reached = reached.max(earliest);
        if latest < reached {
            return false;
        }
        match follow(status, act.kind) {
            Err(_) => return false,
            Ok(Effect::Unchanged) => {}
            Ok(Effect::Becomes(next)) => status = Some(next),
            Ok(Effect::Signed) => {
                let signed = after_signing(history.entry_into_force, enters, history.expires.is_some());
                status = Some(signed.unwrap_or(AgreementStatus::Unknown));
            }
        }
    }
    true
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else { return vec![Vec::new()] };
    let shorter = permutations(last);
    let insert = |order: &Vec<usize>, at: usize| [&order[..at], &[last], &order[at..]].concat();
    shorter.iter().flat_map(|order| (0..=last).map(move |at| insert(order, at))).collect()
}

/// A year, a month or a day from 2010 to 2013.
fn date() -> impl Strategy<Value = String> {
    (2010..2014, 1..4, 1..4, 0..3).prop_map(|(year, month, day, precision)| match precision {
        0 => format!("{year}"),
        1 => format!("{year}-{month:02}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    })
}

fn acts(most: usize) -> impl Strategy<Value = Vec<(ActKind, String)>> {
    let kind = prop::sample::select(ActKind::VARIANTS);
    prop::collection::vec((kind, date()), 0..most).prop_map(|mut acts| {
        // Most agreements are signed first.
        if !acts.len().is_multiple_of(3) {
            acts.push((ActKind::Sign, "2009-05-04".to_owned()));
            acts.retain({
                let mut signed = acts.len();
                move |(kind, on)| {
                    signed -= 1;
                    *kind != ActKind::Sign || (signed == 0 && on == "2009-05-04")
                }
            });
        }
        acts
    })
}

fn random_agreement(acts: &[(ActKind, String)], until: Option<&str>) -> Agreement {
    let acts: Vec<(ActKind, &str)> = acts.iter().map(|(kind, on)| (*kind, on.as_str())).collect();
    let mut agreement = agreement(&acts);
    agreement.common.origin_unit = Some(Id::new(2));
    agreement.acts.sort_by_key(|act| act.on.first_latest());
    for act in agreement.acts.iter_mut().filter(|act| matches!(act.kind, ActKind::Extend | ActKind::Renew)) {
        act.until = until.map(|until| FuzzyDate::parse(until).unwrap());
    }
    agreement
}

proptest! {
    /// The search agrees with trying every order.
    #[test]
    fn acts_are_refused_exactly_if_no_order_is_allowed(acts in acts(6)) {
        let agreement = random_agreement(&acts, None);
        let history = agreement.status_history();
        let exists = permutations(agreement.acts.len()).iter().any(|order| is_in_order(&history, order));
        prop_assert_eq!(act_violations(&agreement, day(TODAY), &directory()).is_empty(), exists);
    }

    #[test]
    fn act_may_follow_exactly_the_status_of_its_day(
        acts in prop::collection::vec((prop::sample::select(ActKind::VARIANTS), 0..900i64, prop::option::of(0..1_200i64)), 0..9),
        term in prop::option::of(0..1_000i64),
        stated in prop::option::of((prop::sample::select(AgreementStatus::VARIANTS), 0..1_000i64)),
        (kind, later) in (prop::sample::select(ActKind::VARIANTS), 1..400i64),
    ) {
        // Another act that enters into force changes what the signature means.
        prop_assume!(kind != ActKind::EnterIntoForce);
        let at = |days: i64| day("2010-01-01") + chrono::Duration::days(days);
        let date = |days| FuzzyDate::from_day(at(days));
        let mut agreement = agreement(&[(ActKind::Sign, "2009-05-04")]);
        agreement.common.origin_unit = Some(Id::new(2));
        agreement.expires = term.map(date);
        agreement.stated = stated.map(|(status, days)| Stated { status, on: at(days) });
        for (id, (kind, days, until)) in (2..).zip(acts.iter().filter(|act| act.0 != ActKind::Sign)) {
            let until = until.map(date).filter(|_| matches!(kind, ActKind::Extend | ActKind::Renew));
            agreement.acts.push(Act { on: date(*days), until, ..act(id, *kind, "2010") });
        }
        agreement.acts.sort_by_key(|act| act.on.first_latest());
        while let Err(blocked) = agreement.status_history().find_order(&[]) {
            agreement.acts.remove(blocked.act);
        }
        prop_assume!(agreement.acts.iter().any(|act| act.kind == ActKind::Sign));
        agreement.put_acts_in_order();
        let on_day = agreement.acts.iter().filter_map(|act| act.on.latest()).max().unwrap() + chrono::Duration::days(later);
        prop_assume!(agreement.stated.is_none_or(|stated| stated.on != on_day));
        let status = on(&agreement.status_history().spans(), on_day).unwrap();
        let expected = follow(Some(status), kind);
        agreement.acts.push(Act { on: FuzzyDate::from_day(on_day), ..act(99, kind, "2010") });
        prop_assert_eq!(agreement.status_history().find_order(&[]).is_ok(), expected.is_ok(), "{:?}", status);
        let after = on(&agreement.status_history().spans(), on_day);
        match expected {
            Ok(Effect::Becomes(becomes)) => prop_assert_eq!(after, Some(becomes)),
            Ok(Effect::Unchanged) => prop_assert_eq!(after, Some(status)),
            Ok(Effect::Signed) | Err(_) => {}
        }
    }

    #[test]
    fn accepted_acts_give_spans_without_gap_and_final_statuses_stay(
        acts in acts(9),
        term in prop::option::of(date()),
        until in prop::option::of(prop::sample::select(vec!["2013-02", "2015"])),
        stated in prop::option::of((prop::sample::select(AgreementStatus::VARIANTS), 2008..2016)),
    ) {
        let mut agreement = random_agreement(&acts, until);
        agreement.expires = term.map(|term| FuzzyDate::parse(&term).unwrap());
        agreement.stated = stated.map(|(status, year)| Stated { status, on: day(&format!("{year}-06-01")) });
        // Leave out refused acts, so that most cases are accepted ones.
        while let Some(violation) = act_violations(&agreement, day(TODAY), &directory()).first() {
            match violation.act {
                Some(act) => drop(agreement.acts.remove(act)),
                None => agreement.expires = None,
            }
        }
        agreement.put_acts_in_order();
        let spans = agreement.status_history().spans();
        prop_assert_eq!(spans.first().map(|span| span.from), Some(UNDATED_FIRST));
        prop_assert_eq!(spans.last().map(|span| span.to), Some(UNDATED_LAST));
        for pair in spans.windows(2) {
            prop_assert_eq!(pair[0].to.succ_opt(), Some(pair[1].from));
            prop_assert!(!is_final(pair[0].status), "{spans:?} of {:?}", agreement.acts);
        }
        for act in &agreement.acts {
            let ends = follow(Some(AgreementStatus::Unknown), act.kind);
            if let Ok(Effect::Becomes(status)) = ends && is_final(status) {
                prop_assert!(spans.last().is_some_and(|span| is_final(span.status)), "{spans:?}");
            }
        }
        let again = agreement.acts.clone();
        agreement.put_acts_in_order();
        prop_assert_eq!(agreement.acts, again, "the order is stable");
    }
}
