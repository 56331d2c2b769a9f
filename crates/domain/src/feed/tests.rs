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

fn publications(
    visible_versions: (Option<VisibleVersion>, Option<VisibleVersion>),
) -> (Option<Publication>, Option<Publication>) {
    (
        visible_versions.0.map(|version| version.publication),
        visible_versions.1.map(|version| version.publication),
    )
}

#[test]
fn draft_is_visible_to_its_province_only() {
    let drafted = change(Some(Publication::Draft), Publication::Draft, false);
    for scope in [Scope::of(&Actor::public()), scope(Role::Clerk, Some(4)), scope(Role::Analyst, None)] {
        assert_eq!(visible_versions(scope, &drafted, None), (None, None));
    }
    let own = scope(Role::Clerk, Some(3));
    assert_eq!(
        publications(visible_versions(own, &drafted, None)),
        (Some(Publication::Draft), Some(Publication::Draft))
    );
}

#[test]
fn ministry_sees_submitted_versions_until_they_are_returned() {
    let ministry = scope(Role::Analyst, None);
    let submitted = change(Some(Publication::Draft), Publication::Submitted, false);
    assert_eq!(
        publications(visible_versions(ministry, &submitted, None)),
        (None, Some(Publication::Submitted))
    );
    let returned = change(Some(Publication::Submitted), Publication::Draft, false);
    assert_eq!(
        publications(visible_versions(ministry, &returned, None)),
        (Some(Publication::Submitted), None)
    );
    let with_published = visible_versions(ministry, &returned, Some(&"{\"a\":0}".into()));
    assert_eq!(publications(with_published), (Some(Publication::Submitted), Some(Publication::Published)));
}

#[test]
fn publication_enters_the_public_feed_and_updates_the_province() {
    let mut first = change(Some(Publication::Draft), Publication::Published, true);
    first.before = None;
    assert_eq!(
        publications(visible_versions(Scope::of(&Actor::public()), &first, None)),
        (None, Some(Publication::Published))
    );
    assert_eq!(
        publications(visible_versions(scope(Role::Publisher, Some(3)), &first, None)),
        (Some(Publication::Draft), Some(Publication::Published))
    );
}

#[test]
fn withdrawal_leaves_every_feed() {
    let mut withdrawn = change(Some(Publication::Published), Publication::Withdrawn, true);
    withdrawn.after = None;
    for scope in [Scope::of(&Actor::public()), scope(Role::Clerk, Some(3)), scope(Role::Steward, None)] {
        let (before, after) = visible_versions(scope, &withdrawn, Some(&"{\"a\":1}".into()));
        let directory = Directory::default();
        let moved = FeedFilter::default().movement(
            Log::new(3),
            EntryKind::Event,
            BeforeAndAfter { before: before.as_ref(), after: after.as_ref() },
            &directory,
        );
        assert_eq!(moved, Some(Movement::Left));
    }
}

fn version(content: &str) -> VisibleVersion {
    VisibleVersion { publication: Publication::Published, content: content.into() }
}

#[test]
fn changed_fields_have_their_graphql_names() {
    let kind = EntryKind::Agreement;
    let before = version(r#"{"common":{"pillar":"STATE","fields":[]},"edition_no":1,"note":null}"#);
    let after = version(r#"{"common":{"pillar":"PARTY"},"edition_no":2}"#);
    assert_eq!(changed_fields(kind, Some(&before), Some(&after)), ["editionNo", "pillar"]);
    assert_eq!(changed_fields(kind, None, Some(&after)), ["editionNo", "pillar", "publication"]);
}

#[test]
fn new_hours_change_their_own_fields_and_the_date() {
    let before = version(r#"{"common":{"counts_from":"2025-01-31"},"when":"2025-01"}"#);
    let hours = r#"{"starts_at_us":1,"zone":"Asia/Ho_Chi_Minh"}"#;
    let after = version(&format!(
        r#"{{"common":{{"counts_from":"2025-01-02"}},"when":"2025-01-02","hours":{hours}}}"#
    ));
    let changed = changed_fields(EntryKind::Event, Some(&before), Some(&after));
    assert_eq!(changed, ["heldOn", "startsAt", "timeZone"]);
}
