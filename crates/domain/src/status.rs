//! How the state of a relation or an agreement follows from dated acts.
//!
//! A fold turns acts, terms and statements into spans that cover all time without gap or
//! overlap, both ends inclusive. Whoever asks for a day takes the span that contains it, so an
//! agreement lapses by itself and no job has to run for the answer to be right.

use crate::agreement::{Act, ActKind};
use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::relation::Stated;
use chrono::Months;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// The state of a relation.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelationStatus {
    /// Under discussion.
    Proposed,
    /// Standing.
    Active,
    /// Standing, but no linked activity for 24 months.
    Dormant,
    /// Ended.
    Ended,
    /// The sources do not say.
    Unknown,
}

/// The state of an agreement.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgreementStatus {
    /// Signed; its effect begins later.
    SignedNotInForce,
    /// In effect.
    InForce,
    /// Its effect is paused.
    Suspended,
    /// Its term ran out.
    Expired,
    /// Ended by an act.
    Terminated,
    /// One side left it.
    Withdrawn,
    /// Another document took its place.
    Superseded,
    /// The sources do not say.
    Unknown,
}

/// The state of an entry of either kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Of a relation.
    Relation(RelationStatus),
    /// Of an agreement.
    Agreement(AgreementStatus),
}

impl Status {
    /// Whether an entry in this state stands: an agreement in force, a relation not ended.
    #[must_use]
    pub fn is_in_force(self) -> bool {
        match self {
            Self::Relation(RelationStatus::Active | RelationStatus::Dormant)
            | Self::Agreement(AgreementStatus::InForce) => true,
            Self::Relation(RelationStatus::Proposed | RelationStatus::Ended | RelationStatus::Unknown)
            | Self::Agreement(
                AgreementStatus::SignedNotInForce
                | AgreementStatus::Suspended
                | AgreementStatus::Expired
                | AgreementStatus::Terminated
                | AgreementStatus::Withdrawn
                | AgreementStatus::Superseded
                | AgreementStatus::Unknown,
            ) => false,
        }
    }

    /// The word for it, as the public face and the database spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relation(status) => status.into(),
            Self::Agreement(status) => status.into(),
        }
    }
}

/// A status and the days on which it holds, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span<S> {
    /// What holds.
    pub status: S,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

/// The status on a day; none only where the spans do not cover it.
#[must_use]
pub fn on<S: Copy>(spans: &[Span<S>], day: Day) -> Option<S> {
    spans.iter().find(|span| span.from <= day && day <= span.to).map(|span| span.status)
}

/// What an agreement's status follows from.
#[derive(Debug, Clone, Copy)]
pub struct AgreementLife<'a> {
    /// What happened, in order of time.
    pub acts: &'a [Act],
    /// The last day of the term.
    pub expires: Option<&'a FuzzyDate>,
    /// Whether the term prolongs itself.
    pub renews_automatically: bool,
    /// What the source states without naming an act.
    pub stated: Option<Stated<AgreementStatus>>,
}

impl AgreementLife<'_> {
    /// The status through time.
    ///
    /// An act holds from its latest possible day on. A signature alone says nothing of effect,
    /// unless a term was agreed: then the agreement is in force from its signing to the last day
    /// of the term. An extension or renewal begins a new term, which is open where the act names
    /// no end. A statement holds from its day on, where nothing later says otherwise.
    #[must_use]
    pub fn spans(&self) -> Vec<Span<AgreementStatus>> {
        let mut turns = self.turns_of_acts();
        if let Some(stated) = self.stated.filter(|stated| stated.status != AgreementStatus::Unknown) {
            let known = turns.iter().rev().find(|turn| turn.0 <= stated.on).map(|turn| turn.1);
            if known != Some(stated.status) {
                turns.push((stated.on, stated.status));
                turns.sort_by_key(|turn| turn.0);
            }
        }
        cover(AgreementStatus::Unknown, &turns)
    }

    /// What turned by acts and by the lapse of terms, in order of time.
    ///
    /// A prolongation opens a new term; one that comes after the old term lapsed revives the
    /// agreement.
    fn turns_of_acts(&self) -> Vec<(Day, AgreementStatus)> {
        let enters = self.acts.iter().any(|act| act.kind == ActKind::EnterIntoForce);
        let mut turns = Vec::new();
        let mut lapse = self.lapse_after(self.expires);
        for act in self.acts {
            let Some(day) = act.on.first_latest() else { continue };
            if matches!(act.kind, ActKind::Extend | ActKind::Renew) {
                if let Some(lapsed) = lapse.filter(|lapse| *lapse < day) {
                    end_term(&mut turns, lapsed);
                }
                // No act changes the days before it, whatever end its term was given.
                lapse = self.lapse_after(act.until.as_ref()).map(|lapse| lapse.max(day));
            }
            if let Some(status) = self.status_after(act.kind, enters, &turns) {
                turns.push((day, status));
            }
        }
        if let Some(lapse) = lapse {
            end_term(&mut turns, lapse);
        }
        turns
    }

    /// The first day after a term; none for a term that is open or prolongs itself.
    fn lapse_after(&self, term: Option<&FuzzyDate>) -> Option<Day> {
        term.filter(|_| !self.renews_automatically).and_then(FuzzyDate::latest)?.succ_opt()
    }

    fn status_after(
        &self,
        kind: ActKind,
        enters: bool,
        before: &[(Day, AgreementStatus)],
    ) -> Option<AgreementStatus> {
        match kind {
            ActKind::Sign if enters => Some(AgreementStatus::SignedNotInForce),
            ActKind::Sign => self.expires.map(|_| AgreementStatus::InForce),
            ActKind::EnterIntoForce | ActKind::Resume | ActKind::Renew | ActKind::Extend => {
                Some(AgreementStatus::InForce)
            }
            ActKind::Suspend => Some(AgreementStatus::Suspended),
            ActKind::Withdraw => Some(AgreementStatus::Withdrawn),
            ActKind::Terminate => Some(AgreementStatus::Terminated),
            ActKind::Expire => Some(AgreementStatus::Expired),
            ActKind::Supersede => Some(AgreementStatus::Superseded),
            // A change of text, of owner or of the register's own words leaves the state alone.
            ActKind::Amend | ActKind::Succeed | ActKind::Correct => before.last().map(|turn| turn.1),
        }
    }
}

/// Lets a term lapse: what had not ended by then has expired, and only what ends an agreement for
/// good still counts after that.
fn end_term(turns: &mut Vec<(Day, AgreementStatus)>, lapse: Day) {
    turns.retain(|turn| turn.0 < lapse || is_final(turn.1));
    let next = turns.partition_point(|turn| turn.0 <= lapse);
    if !turns[..next].last().is_some_and(|turn| is_final(turn.1)) {
        turns.insert(next, (lapse, AgreementStatus::Expired));
    }
}

fn is_final(status: AgreementStatus) -> bool {
    match status {
        AgreementStatus::Terminated | AgreementStatus::Withdrawn | AgreementStatus::Superseded => true,
        AgreementStatus::SignedNotInForce
        | AgreementStatus::InForce
        | AgreementStatus::Suspended
        | AgreementStatus::Expired
        | AgreementStatus::Unknown => false,
    }
}

/// Months without linked activity after which a relation is dormant.
pub const DORMANT_AFTER_MONTHS: u32 = 24;

/// What a relation's status follows from.
#[derive(Debug, Clone, Copy)]
pub struct RelationLife<'a> {
    /// When it was established.
    pub established: Option<&'a FuzzyDate>,
    /// When it was ended.
    pub ended: Option<&'a FuzzyDate>,
    /// What the source states, and for which day.
    pub stated: Option<Stated<RelationStatus>>,
    /// Days of linked activity, in order of time.
    pub activity: &'a [Day],
}

impl RelationLife<'_> {
    /// The status through time.
    ///
    /// A relation stands from the latest day of its establishment; without one, from the day for
    /// which its source states it. It falls dormant 24 months after an activity that no other
    /// follows; without any dated activity it stays as its source says. A statement that it
    /// stands is a sign of life for its day. It has ended on the day after its last.
    #[must_use]
    pub fn spans(&self) -> Vec<Span<RelationStatus>> {
        let stated = self.stated.filter(|stated| stated.status != RelationStatus::Unknown);
        let stands_from =
            self.established.filter(|_| stated.is_some()).and_then(FuzzyDate::first_latest).or_else(|| {
                stated.filter(|stated| stated.status != RelationStatus::Ended).map(|stated| stated.on)
            });
        let mut turns = Vec::new();
        if let Some(from) = stands_from {
            turns.push((from, RelationStatus::Active));
            self.add_dormancy(from, stated, &mut turns);
        }
        if let Some(end) = self.ended.and_then(FuzzyDate::latest).and_then(|day| day.succ_opt()) {
            turns.retain(|turn| turn.0 < end);
            turns.push((end, RelationStatus::Ended));
        } else if let Some(stated) = stated {
            let known = turns.iter().rev().find(|turn| turn.0 <= stated.on).map(|turn| turn.1);
            if known != Some(stated.status) {
                turns.push((stated.on, stated.status));
            }
        }
        turns.sort_by_key(|turn| turn.0);
        cover(RelationStatus::Unknown, &turns)
    }

    fn add_dormancy(
        &self,
        from: Day,
        stated: Option<Stated<RelationStatus>>,
        turns: &mut Vec<(Day, RelationStatus)>,
    ) {
        let Some(first) = self.activity.first().copied() else { return };
        let mut signs: Vec<Day> = self.activity.iter().copied().filter(|day| *day >= from).collect();
        signs.extend(stated.filter(|stated| stated.status == RelationStatus::Active).map(|stated| stated.on));
        signs.push(first.max(from));
        signs.sort_unstable();
        signs.dedup();
        for (index, sign) in signs.iter().enumerate() {
            let Some(asleep) =
                sign.checked_add_months(Months::new(DORMANT_AFTER_MONTHS)).and_then(|day| day.succ_opt())
            else {
                continue;
            };
            match signs.get(index + 1) {
                Some(next) if *next <= asleep => {}
                Some(next) => {
                    turns.extend([(asleep, RelationStatus::Dormant), (*next, RelationStatus::Active)]);
                }
                None => turns.push((asleep, RelationStatus::Dormant)),
            }
        }
    }
}

/// Spans that cover all time from turns in order of time; the last of one day wins.
fn cover<S: Copy + PartialEq>(before: S, turns: &[(Day, S)]) -> Vec<Span<S>> {
    let mut spans = vec![Span { status: before, from: UNDATED_FIRST, to: UNDATED_LAST }];
    for (day, status) in turns.iter().copied().filter(|turn| turn.0 <= UNDATED_LAST) {
        let Some(last) = spans.last_mut() else { continue };
        if last.status == status {
            continue;
        }
        if last.from >= day {
            last.status = status;
        } else if let Some(end) = day.pred_opt() {
            last.to = end;
            spans.push(Span { status, from: day, to: UNDATED_LAST });
        }
    }
    spans.dedup_by(|later, earlier| {
        let same = later.status == earlier.status;
        if same {
            earlier.to = later.to;
        }
        same
    });
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Bilingual;

    fn fuzzy(text: &str) -> FuzzyDate {
        FuzzyDate::parse(text).unwrap()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn act(kind: ActKind, on: &str) -> Act {
        Act { kind, on: fuzzy(on), until: None, note: Bilingual::default(), source: None }
    }

    fn on_day(spans: &[Span<AgreementStatus>], text: &str) -> AgreementStatus {
        on(spans, day(text)).unwrap()
    }

    fn status_on(life: &AgreementLife<'_>, text: &str) -> AgreementStatus {
        on_day(&life.spans(), text)
    }

    #[test]
    fn a_signature_with_a_term_is_in_force_to_its_last_day() {
        let (acts, expires) = ([act(ActKind::Sign, "2022-10-12")], fuzzy("2022"));
        let life =
            AgreementLife { acts: &acts, expires: Some(&expires), renews_automatically: false, stated: None };
        assert_eq!(status_on(&life, "2022-10-11"), AgreementStatus::Unknown);
        assert_eq!(status_on(&life, "2022-10-12"), AgreementStatus::InForce);
        assert_eq!(status_on(&life, "2022-12-31"), AgreementStatus::InForce);
        assert_eq!(status_on(&life, "2023-01-01"), AgreementStatus::Expired);
    }

    #[test]
    fn a_signature_alone_says_nothing_of_effect() {
        let acts = [act(ActKind::Sign, "2019")];
        let life = AgreementLife { acts: &acts, expires: None, renews_automatically: false, stated: None };
        assert_eq!(status_on(&life, "2024-01-01"), AgreementStatus::Unknown);
    }

    #[test]
    fn entry_into_force_ends_the_wait_after_signing() {
        let acts = [
            act(ActKind::Sign, "2020-01-01"),
            act(ActKind::EnterIntoForce, "2020-03-01"),
            act(ActKind::Suspend, "2021-01-01"),
            act(ActKind::Resume, "2021-06-01"),
            act(ActKind::Terminate, "2022-01-01"),
        ];
        let life = AgreementLife { acts: &acts, expires: None, renews_automatically: false, stated: None };
        assert_eq!(status_on(&life, "2020-02-01"), AgreementStatus::SignedNotInForce);
        assert_eq!(status_on(&life, "2020-03-01"), AgreementStatus::InForce);
        assert_eq!(status_on(&life, "2021-03-01"), AgreementStatus::Suspended);
        assert_eq!(status_on(&life, "2021-06-01"), AgreementStatus::InForce);
        assert_eq!(status_on(&life, "2026-01-01"), AgreementStatus::Terminated);
    }

    /// Signed in May 2018 for a term to the end of 2022, and prolonged later.
    fn prolonged(prolongation: Act) -> Vec<Span<AgreementStatus>> {
        let (acts, expires) = ([act(ActKind::Sign, "2018-05-04"), prolongation], fuzzy("2022"));
        let life =
            AgreementLife { acts: &acts, expires: Some(&expires), renews_automatically: false, stated: None };
        life.spans()
    }

    /// Status and first day of each span.
    fn turns(spans: &[Span<AgreementStatus>]) -> Vec<(AgreementStatus, String)> {
        spans.iter().map(|span| (span.status, span.from.to_string())).collect()
    }

    #[test]
    fn a_late_renewal_revives_what_had_expired() {
        use AgreementStatus::{Expired, InForce, Unknown};
        let told = |turns: &[(AgreementStatus, &str)]| -> Vec<(AgreementStatus, String)> {
            turns.iter().map(|(status, from)| (*status, (*from).to_owned())).collect()
        };
        let lapsed = [(Unknown, "0001-01-01"), (InForce, "2018-05-04"), (Expired, "2023-01-01")];
        let revived = [&lapsed[..], &[(InForce, "2023-03-15")]].concat();
        let renewal = act(ActKind::Renew, "2023-03-15");
        assert_eq!(turns(&prolonged(renewal.clone())), told(&revived));
        let to_an_end = Act { until: Some(fuzzy("2025-06")), ..renewal };
        let ended = [&revived[..], &[(Expired, "2025-07-01")]].concat();
        assert_eq!(turns(&prolonged(to_an_end)), told(&ended));
    }

    #[test]
    fn a_prolongation_in_time_leaves_no_gap() {
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
    fn only_a_prolongation_revives_and_what_ended_does_not_expire() {
        let resumed = prolonged(act(ActKind::Resume, "2023-03-15"));
        assert_eq!(on_day(&resumed, "2024-01-01"), AgreementStatus::Expired);
        let ended_late = prolonged(act(ActKind::Terminate, "2023-03-15"));
        assert_eq!(on_day(&ended_late, "2023-01-01"), AgreementStatus::Expired);
        assert_eq!(on_day(&ended_late, "2023-03-15"), AgreementStatus::Terminated);
        let ended_early = prolonged(act(ActKind::Terminate, "2020-03-15"));
        assert_eq!(on_day(&ended_early, "2024-01-01"), AgreementStatus::Terminated);
    }

    #[test]
    fn a_statement_holds_from_its_day_on() {
        let stated = Some(Stated { status: AgreementStatus::InForce, on: day("2026-11-22") });
        let expires = fuzzy("2027");
        let life = AgreementLife { acts: &[], expires: Some(&expires), renews_automatically: false, stated };
        assert_eq!(status_on(&life, "2026-11-21"), AgreementStatus::Unknown);
        assert_eq!(status_on(&life, "2026-11-22"), AgreementStatus::InForce);
        assert_eq!(status_on(&life, "2028-01-01"), AgreementStatus::Expired);
    }

    #[test]
    fn a_term_without_a_signing_day_is_expired_after_its_last_day() {
        let stated = Some(Stated { status: AgreementStatus::Expired, on: day("2026-11-22") });
        let expires = fuzzy("2015");
        let life = AgreementLife { acts: &[], expires: Some(&expires), renews_automatically: false, stated };
        assert_eq!(status_on(&life, "2015-12-31"), AgreementStatus::Unknown);
        assert_eq!(status_on(&life, "2016-01-01"), AgreementStatus::Expired);
    }

    #[test]
    fn a_relation_sleeps_after_24_months_and_wakes_with_the_next_activity() {
        let established = fuzzy("2000");
        let activity = [day("2010-05-01"), day("2015-01-01")];
        let stated = Some(Stated { status: RelationStatus::Active, on: day("2026-11-22") });
        let life = RelationLife { established: Some(&established), ended: None, stated, activity: &activity };
        let status = |text| on(&life.spans(), day(text)).unwrap();
        assert_eq!(status("1999-12-31"), RelationStatus::Unknown);
        assert_eq!(status("2005-01-01"), RelationStatus::Active);
        assert_eq!(status("2012-05-01"), RelationStatus::Active);
        assert_eq!(status("2012-05-02"), RelationStatus::Dormant);
        assert_eq!(status("2015-01-01"), RelationStatus::Active);
        assert_eq!(status("2020-01-01"), RelationStatus::Dormant);
        assert_eq!(status("2026-11-22"), RelationStatus::Active);
    }

    #[test]
    fn without_activity_a_relation_stays_as_its_source_says() {
        let stated = Some(Stated { status: RelationStatus::Active, on: day("2026-11-22") });
        let life = RelationLife { established: None, ended: None, stated, activity: &[] };
        assert_eq!(on(&life.spans(), day("2020-01-01")), Some(RelationStatus::Unknown));
        assert_eq!(on(&life.spans(), day("2099-01-01")), Some(RelationStatus::Active));
    }

    #[test]
    fn an_ended_relation_stays_ended() {
        let (established, ended) = (fuzzy("2000"), fuzzy("2022"));
        let stated = Some(Stated { status: RelationStatus::Ended, on: day("2026-11-22") });
        let life =
            RelationLife { established: Some(&established), ended: Some(&ended), stated, activity: &[] };
        assert_eq!(on(&life.spans(), day("2022-12-31")), Some(RelationStatus::Active));
        assert_eq!(on(&life.spans(), day("2023-01-01")), Some(RelationStatus::Ended));
    }

    proptest::proptest! {
        #[test]
        fn spans_cover_all_time_without_gap(days in proptest::collection::vec((0i32..20_000, 0usize..13), 0..12), term in proptest::option::of(0i32..20_000)) {
            use strum::VariantArray;
            let at = |offset: i32| UNDATED_FIRST + chrono::Days::new(u64::try_from(offset).unwrap() + 700_000);
            let mut acts: Vec<Act> = days.iter().map(|(offset, kind)| Act { kind: ActKind::VARIANTS[*kind], on: FuzzyDate::from_day(at(*offset)), until: None, note: Bilingual::default(), source: None }).collect();
            acts.sort_by_key(|act| act.on.latest());
            let expires = term.map(|offset| FuzzyDate::from_day(at(offset)));
            let spans = AgreementLife { acts: &acts, expires: expires.as_ref(), renews_automatically: false, stated: None }.spans();
            proptest::prop_assert_eq!(spans.first().map(|span| span.from), Some(UNDATED_FIRST));
            proptest::prop_assert_eq!(spans.last().map(|span| span.to), Some(UNDATED_LAST));
            for pair in spans.windows(2) {
                proptest::prop_assert_eq!(pair[0].to.succ_opt(), Some(pair[1].from));
                proptest::prop_assert!(pair[0].status != pair[1].status);
            }
        }

        #[test]
        fn an_act_leaves_the_days_before_it_alone(
            days in proptest::collection::vec((0i32..2_000, 0usize..13, proptest::option::of(0i32..2_500)), 1..8),
            term in proptest::option::of(0i32..2_000),
        ) {
            use strum::VariantArray;
            let at = |offset: i32| day("2015-01-01") + chrono::Days::new(u64::try_from(offset).unwrap());
            let date = |offset: i32| FuzzyDate::from_day(at(offset));
            let mut acts: Vec<Act> = days.iter().map(|(offset, kind, until)| Act { kind: ActKind::VARIANTS[*kind], on: date(*offset), until: until.map(date), note: Bilingual::default(), source: None }).collect();
            // Whether an agreement ever enters into force tells what its signature meant.
            acts.retain(|act| act.kind != ActKind::EnterIntoForce);
            acts.sort_by_key(|act| act.on.latest());
            let expires = term.map(date);
            let spans = |acts| AgreementLife { acts, expires: expires.as_ref(), renews_automatically: false, stated: None }.spans();
            let last = acts.last().and_then(|act| act.on.latest()).unwrap_or(UNDATED_FIRST);
            let (before, after) = (spans(&acts[..acts.len().saturating_sub(1)]), spans(&acts));
            for span in before.iter().filter(|span| span.from < last) {
                for probe in [span.from, span.to.min(last.pred_opt().unwrap())] {
                    proptest::prop_assert_eq!(on(&after, probe), Some(span.status));
                }
            }
        }
    }
}
