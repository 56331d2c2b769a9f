//! Statuses from acts, terms and statements.

use super::*;
use crate::date::{UNDATED_FIRST, UNDATED_LAST};
use crate::locale::Bilingual;
use crate::status::on;

fn fuzzy(text: &str) -> FuzzyDate {
    FuzzyDate::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn act(kind: ActKind, on: &str) -> Act {
    Act { id: 1, kind, on: fuzzy(on), until: None, note: Bilingual::default(), source: None }
}

fn on_day(spans: &[Span<AgreementStatus>], text: &str) -> AgreementStatus {
    on(spans, day(text)).unwrap()
}

fn status_on(life: &AgreementHistory<'_>, text: &str) -> AgreementStatus {
    on_day(&life.spans(), text)
}

#[test]
fn signature_with_a_term_is_in_force_to_its_last_day() {
    let (acts, expires) = ([act(ActKind::Sign, "2022-10-12")], fuzzy("2022"));
    let life = AgreementHistory {
        acts: &acts,
        expires: Some(&expires),
        entry_into_force: None,
        renews_automatically: false,
        stated: None,
    };
    assert_eq!(status_on(&life, "2022-10-11"), AgreementStatus::Unknown);
    assert_eq!(status_on(&life, "2022-10-12"), AgreementStatus::InForce);
    assert_eq!(status_on(&life, "2022-12-31"), AgreementStatus::InForce);
    assert_eq!(status_on(&life, "2023-01-01"), AgreementStatus::Expired);
}

#[test]
fn signature_without_a_term_has_unknown_status() {
    let acts = [act(ActKind::Sign, "2019")];
    let life = AgreementHistory {
        acts: &acts,
        expires: None,
        entry_into_force: None,
        renews_automatically: false,
        stated: None,
    };
    assert_eq!(status_on(&life, "2024-01-01"), AgreementStatus::Unknown);
}

#[test]
fn entry_into_force_rule_decides_the_status_after_signing() {
    let (acts, term) = ([act(ActKind::Sign, "2020-01-01")], fuzzy("2024"));
    let life = |entry_into_force, expires| AgreementHistory {
        acts: &acts,
        expires,
        entry_into_force: Some(entry_into_force),
        renews_automatically: false,
        stated: None,
    };
    let by_signature = life(EntryIntoForce::OnSignature, None);
    assert_eq!(status_on(&by_signature, "2020-01-01"), AgreementStatus::InForce);
    let by_approval = life(EntryIntoForce::OnApproval, Some(&term));
    assert_eq!(status_on(&by_approval, "2020-01-01"), AgreementStatus::SignedNotInForce);
    assert_eq!(status_on(&by_approval, "2025-01-01"), AgreementStatus::Expired);
}

#[test]
fn entry_into_force_act_follows_signed_not_in_force() {
    let acts = [
        act(ActKind::Sign, "2020-01-01"),
        act(ActKind::EnterIntoForce, "2020-03-01"),
        act(ActKind::Suspend, "2021-01-01"),
        act(ActKind::Resume, "2021-06-01"),
        act(ActKind::Terminate, "2022-01-01"),
    ];
    let life = AgreementHistory {
        acts: &acts,
        expires: None,
        entry_into_force: None,
        renews_automatically: false,
        stated: None,
    };
    assert_eq!(status_on(&life, "2020-02-01"), AgreementStatus::SignedNotInForce);
    assert_eq!(status_on(&life, "2020-03-01"), AgreementStatus::InForce);
    assert_eq!(status_on(&life, "2021-03-01"), AgreementStatus::Suspended);
    assert_eq!(status_on(&life, "2021-06-01"), AgreementStatus::InForce);
    assert_eq!(status_on(&life, "2026-01-01"), AgreementStatus::Terminated);
}

/// Signed in May 2018 for a term to the end of 2022, with a later extension or renewal.
fn prolonged(prolongation: Act) -> Vec<Span<AgreementStatus>> {
    let (acts, expires) = ([act(ActKind::Sign, "2018-05-04"), prolongation], fuzzy("2022"));
    let life = AgreementHistory {
        acts: &acts,
        expires: Some(&expires),
        entry_into_force: None,
        renews_automatically: false,
        stated: None,
    };
    life.spans()
}

/// Status and first day of each span.
fn turns(spans: &[Span<AgreementStatus>]) -> Vec<(AgreementStatus, String)> {
    spans.iter().map(|span| (span.status, span.from.to_string())).collect()
}

#[test]
fn late_renewal_puts_an_expired_agreement_into_force() {
    use AgreementStatus::{Expired, InForce, Unknown};
    let expected = |turns: &[(AgreementStatus, &str)]| -> Vec<(AgreementStatus, String)> {
        turns.iter().map(|(status, from)| (*status, (*from).to_owned())).collect()
    };
    let lapsed = [(Unknown, "0001-01-01"), (InForce, "2018-05-04"), (Expired, "2023-01-01")];
    let revived = [&lapsed[..], &[(InForce, "2023-03-15")]].concat();
    let renewal = act(ActKind::Renew, "2023-03-15");
    assert_eq!(turns(&prolonged(renewal.clone())), expected(&revived));
    let to_an_end = Act { until: Some(fuzzy("2025-06")), ..renewal };
    let ended = [&revived[..], &[(Expired, "2025-07-01")]].concat();
    assert_eq!(turns(&prolonged(to_an_end)), expected(&ended));
}

#[test]
fn timely_renewal_leaves_no_gap() {
    for kind in [ActKind::Extend, ActKind::Renew] {
        for on in ["2022-06-01", "2022-12-31", "2023-01-01"] {
            let open = prolonged(act(kind, on));
            assert_eq!(open.last().map(|span| span.status), Some(AgreementStatus::InForce));
            assert_eq!(open.len(), 2, "{kind} on {on}: {open:?}");
            let to_an_end = prolonged(Act { until: Some(fuzzy("2030")), ..act(kind, on) });
            assert_eq!(to_an_end.len(), 3, "{kind} on {on}: {to_an_end:?}");
            assert_eq!(on_day(&to_an_end, "2030-12-31"), AgreementStatus::InForce);
            assert_eq!(on_day(&to_an_end, "2031-01-01"), AgreementStatus::Expired);
        }
    }
}

#[test]
fn only_a_renewal_ends_expiry_and_ended_agreements_do_not_expire() {
    let resumed = prolonged(act(ActKind::Resume, "2023-03-15"));
    assert_eq!(on_day(&resumed, "2024-01-01"), AgreementStatus::Expired);
    let ended_late = prolonged(act(ActKind::Terminate, "2023-03-15"));
    assert_eq!(on_day(&ended_late, "2023-01-01"), AgreementStatus::Expired);
    assert_eq!(on_day(&ended_late, "2023-03-15"), AgreementStatus::Terminated);
    let ended_early = prolonged(act(ActKind::Terminate, "2020-03-15"));
    assert_eq!(on_day(&ended_early, "2024-01-01"), AgreementStatus::Terminated);
}

#[test]
fn statement_applies_from_its_day() {
    let stated = Some(Stated { status: AgreementStatus::InForce, on: day("2026-11-22") });
    let expires = fuzzy("2027");
    let life = AgreementHistory {
        acts: &[],
        expires: Some(&expires),
        entry_into_force: None,
        renews_automatically: false,
        stated,
    };
    assert_eq!(status_on(&life, "2026-11-21"), AgreementStatus::Unknown);
    assert_eq!(status_on(&life, "2026-11-22"), AgreementStatus::InForce);
    assert_eq!(status_on(&life, "2028-01-01"), AgreementStatus::Expired);
}

#[test]
fn term_without_signing_day_expires_after_its_last_day() {
    let stated = Some(Stated { status: AgreementStatus::Expired, on: day("2026-11-22") });
    let expires = fuzzy("2015");
    let life = AgreementHistory {
        acts: &[],
        expires: Some(&expires),
        entry_into_force: None,
        renews_automatically: false,
        stated,
    };
    assert_eq!(status_on(&life, "2015-12-31"), AgreementStatus::Unknown);
    assert_eq!(status_on(&life, "2016-01-01"), AgreementStatus::Expired);
}

proptest::proptest! {
    #[test]
    fn spans_cover_all_time_without_gap(days in proptest::collection::vec((0i32..20_000, 0usize..13), 0..12), term in proptest::option::of(0i32..20_000)) {
        use strum::VariantArray;
        let at = |offset: i32| UNDATED_FIRST + chrono::Days::new(u64::try_from(offset).unwrap() + 700_000);
        let mut acts: Vec<Act> = days.iter().map(|(offset, kind)| Act { id: 1, kind: ActKind::VARIANTS[*kind], on: FuzzyDate::from_day(at(*offset)), until: None, note: Bilingual::default(), source: None }).collect();
        acts.sort_by_key(|act| act.on.latest());
        let expires = term.map(|offset| FuzzyDate::from_day(at(offset)));
        let spans = AgreementHistory { acts: &acts, expires: expires.as_ref(), entry_into_force: None, renews_automatically: false, stated: None }.spans();
        proptest::prop_assert_eq!(spans.first().map(|span| span.from), Some(UNDATED_FIRST));
        proptest::prop_assert_eq!(spans.last().map(|span| span.to), Some(UNDATED_LAST));
        for pair in spans.windows(2) {
            proptest::prop_assert_eq!(pair[0].to.succ_opt(), Some(pair[1].from));
            proptest::prop_assert!(pair[0].status != pair[1].status);
        }
    }

    #[test]
    fn act_does_not_change_the_days_before_it(
        days in proptest::collection::vec((0i32..2_000, 0usize..13, proptest::option::of(0i32..2_500)), 1..8),
        term in proptest::option::of(0i32..2_000),
    ) {
        use strum::VariantArray;
        let at = |offset: i32| day("2015-01-01") + chrono::Days::new(u64::try_from(offset).unwrap());
        let date = |offset: i32| FuzzyDate::from_day(at(offset));
        let mut acts: Vec<Act> = days.iter().map(|(offset, kind, until)| Act { id: 1, kind: ActKind::VARIANTS[*kind], on: date(*offset), until: until.map(date), note: Bilingual::default(), source: None }).collect();
        // A later entry into force decides the status after signing.
        acts.retain(|act| act.kind != ActKind::EnterIntoForce);
        acts.sort_by_key(|act| act.on.latest());
        let expires = term.map(date);
        let spans = |acts| AgreementHistory { acts, expires: expires.as_ref(), entry_into_force: None, renews_automatically: false, stated: None }.spans();
        let last = acts.last().and_then(|act| act.on.latest()).unwrap_or(UNDATED_FIRST);
        let (before, after) = (spans(&acts[..acts.len().saturating_sub(1)]), spans(&acts));
        for span in before.iter().filter(|span| span.from < last) {
            for probe in [span.from, span.to.min(last.pred_opt().unwrap())] {
                proptest::prop_assert_eq!(on(&after, probe), Some(span.status));
            }
        }
    }
}
