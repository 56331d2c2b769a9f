use super::*;
use crate::change::{ChangeOperation, Subject};
use crate::policy::{Actor, Role};

fn change(was: Option<Publication>, is: Publication, is_public: bool) -> Change {
    Change {
        log: Log::new(3),
        subject: Subject::Entry(EntryKind::Event),
        number: 1,
        code: "EVT-X-0001".into(),
        version: 2,
        operation: ChangeOperation::Updated,
        was,
        publication: is,
        is_public,
        author: "CLERK:x".into(),
        at_us: 0,
        idempotency_key: None,
        reason: None,
        before: Some("{\"a\":1}".into()),
        after: Some("{\"a\":2}".into()),
    }
}

fn scope(role: Role, log: Option<i16>) -> Scope {
    Scope::of(&Actor::new(role, "x", log.map(Log::new), true).unwrap())
}

fn publics(sights: (Option<Sight>, Option<Sight>)) -> (Option<Publication>, Option<Publication>) {
    (sights.0.map(|sight| sight.publication), sights.1.map(|sight| sight.publication))
}

#[test]
fn strangers_see_nothing_of_a_draft() {
    let drafted = change(Some(Publication::Draft), Publication::Draft, false);
    for scope in [Scope::of(&Actor::public()), scope(Role::Clerk, Some(4)), scope(Role::Analyst, None)] {
        assert_eq!(sights(scope, &drafted, None), (None, None));
    }
    let own = scope(Role::Clerk, Some(3));
    assert_eq!(publics(sights(own, &drafted, None)), (Some(Publication::Draft), Some(Publication::Draft)));
}

#[test]
fn the_ministry_sees_what_is_submitted_and_loses_what_is_returned() {
    let ministry = scope(Role::Analyst, None);
    let submitted = change(Some(Publication::Draft), Publication::Submitted, false);
    assert_eq!(publics(sights(ministry, &submitted, None)), (None, Some(Publication::Submitted)));
    let returned = change(Some(Publication::Submitted), Publication::Draft, false);
    assert_eq!(publics(sights(ministry, &returned, None)), (Some(Publication::Submitted), None));
    let beside = sights(ministry, &returned, Some(&"{\"a\":0}".into()));
    assert_eq!(publics(beside), (Some(Publication::Submitted), Some(Publication::Published)));
}

#[test]
fn what_is_published_enters_for_all_and_changes_for_its_province() {
    let mut first = change(Some(Publication::Draft), Publication::Published, true);
    first.before = None;
    assert_eq!(
        publics(sights(Scope::of(&Actor::public()), &first, None)),
        (None, Some(Publication::Published))
    );
    assert_eq!(
        publics(sights(scope(Role::Publisher, Some(3)), &first, None)),
        (Some(Publication::Draft), Some(Publication::Published))
    );
}

#[test]
fn a_withdrawal_leaves() {
    let mut withdrawn = change(Some(Publication::Published), Publication::Withdrawn, true);
    withdrawn.after = None;
    for scope in [Scope::of(&Actor::public()), scope(Role::Clerk, Some(3)), scope(Role::Steward, None)] {
        let (before, after) = sights(scope, &withdrawn, Some(&"{\"a\":1}".into()));
        let directory = Directory::default();
        let moved = Interest::default().movement(
            Log::new(3),
            EntryKind::Event,
            (before.as_ref(), after.as_ref()),
            &directory,
        );
        assert_eq!(moved, Some(Movement::Left));
    }
}

#[test]
fn fields_that_differ_are_named_as_the_public_face_names_them() {
    let sight = |content: &str| Sight { publication: Publication::Published, content: content.into() };
    let before = sight(r#"{"common":{"pillar":"STATE","fields":[]},"edition_no":1,"note":null}"#);
    let after = sight(r#"{"common":{"pillar":"PARTY"},"edition_no":2}"#);
    assert_eq!(changed_fields(Some(&before), Some(&after)), ["editionNo", "pillar"]);
    assert_eq!(changed_fields(None, Some(&after)), ["editionNo", "pillar", "publication"]);
}
