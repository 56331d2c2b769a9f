use super::*;
use crate::entry::{Common, EntryKind};
use crate::id::Log;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note {
    text: u32,
    common: Common,
}

impl Content for Note {
    const KIND: EntryKind = EntryKind::Event;

    fn common(&self) -> &Common {
        &self.common
    }
}

fn note(text: u32) -> Note {
    Note { text, common: Common::default() }
}

fn created() -> Written<Note> {
    let stamp = Stamp {
        log: Log::new(3),
        number: 1,
        code: "EVT-X-0001".into(),
        version: 1,
        last_version: 1,
        publication: Publication::Draft,
        pending: None,
        published_at_us: None,
        updated_at_us: 0,
    };
    Versions::create(stamp, note(0))
}

fn of_own_province() -> Scope {
    use crate::policy::{Actor, Role};
    Scope::of(&Actor::new(Role::Clerk, "x", Some(Log::new(3)), true).unwrap())
}

fn act(versions: Versions<Note>, action: Action, text: u32) -> Result<Written<Note>, Refusal> {
    let shown = versions.seen_by(of_own_province()).cloned().unwrap();
    match action {
        Action::Update | Action::RecordAct => versions.revise(&shown, action, note(text), 1),
        Action::Create
        | Action::Submit
        | Action::Return
        | Action::Publish
        | Action::Withdraw
        | Action::Confirm
        | Action::Maintain
        | Action::Propose
        | Action::Settle => versions.go(&shown, action, 1),
    }
}

#[test]
fn a_published_entry_stays_as_it_is_while_a_new_version_is_worked_on() {
    let written = act(created().versions, Action::Publish, 0).unwrap();
    let written = act(written.versions, Action::Update, 7).unwrap();
    let published = written.versions.published.clone().unwrap();
    assert_eq!((published.content.text, published.stamp.version), (0, 2));
    assert_eq!(published.stamp.pending, Some(Publication::Draft));
    assert_eq!((written.shown.content.text, written.shown.stamp.version), (7, 3));
    let written = act(written.versions, Action::Publish, 0).unwrap();
    assert_eq!(written.versions.published.unwrap().content.text, 7);
    assert_eq!(written.before, Some(note(0)));
}

#[test]
fn to_withdraw_a_working_version_discards_it_and_its_number_is_not_used_again() {
    let written = act(created().versions, Action::Publish, 0).unwrap();
    let written = act(written.versions, Action::Update, 7).unwrap();
    let written = act(written.versions, Action::Withdraw, 0).unwrap();
    assert_eq!((written.shown.stamp.version, written.shown.stamp.pending), (2, None));
    assert!(!written.is_public);
    let written = act(written.versions, Action::Update, 8).unwrap();
    assert_eq!(written.shown.stamp.version, 5);
}

#[test]
fn a_withdrawn_entry_is_final() {
    for versions in [created().versions, act(created().versions, Action::Publish, 0).unwrap().versions] {
        let written = act(versions, Action::Withdraw, 0).unwrap();
        assert_eq!(written.shown.stamp.publication, Publication::Withdrawn);
        assert_eq!(written.versions.published, None);
        for action in Action::VARIANTS {
            assert!(act(written.versions.clone(), *action, 1).is_err(), "{action}");
        }
    }
}

#[test]
fn a_version_is_published_from_draft_or_submitted_alone() {
    let published = act(created().versions, Action::Publish, 0).unwrap();
    assert!(matches!(
        act(published.versions, Action::Publish, 0),
        Err(Refusal::Transition { from: Publication::Published, action: Action::Publish })
    ));
    let submitted = act(created().versions, Action::Submit, 0).unwrap();
    assert!(act(submitted.versions.clone(), Action::Submit, 0).is_err());
    assert!(act(submitted.versions, Action::Publish, 0).is_ok());
    assert!(act(created().versions, Action::Return, 0).is_err());
}

proptest! {
    /// Whatever is done in whatever order: versions only grow, one slot holds one state, the
    /// public sees a move exactly when it is told of one, and a withdrawn entry stays.
    #[test]
    fn any_walk_keeps_the_slots_sound(acts in prop::collection::vec((0..Action::VARIANTS.len(), 1_u32..9), 0..40)) {
        let mut versions = created().versions;
        let mut last = 1;
        for (action, text) in acts {
            let action = Action::VARIANTS[action];
            let before = versions.published.as_ref().map(|entry| (entry.stamp.version, entry.content.clone()));
            let shown = versions.seen_by(of_own_province()).map(|entry| entry.stamp.publication);
            let Ok(written) = act(versions.clone(), action, text) else {
                prop_assert!(check(shown.unwrap(), action).is_err());
                continue;
            };
            prop_assert_ne!(shown, Some(Publication::Withdrawn));
            let after = written.versions.published.as_ref().map(|entry| (entry.stamp.version, entry.content.clone()));
            prop_assert_eq!(before != after, written.is_public);
            versions = written.versions;
            let of = |entry: &Option<Entry<Note>>| entry.as_ref().map_or(0, |entry| entry.stamp.last_version);
            let highest = of(&versions.published).max(of(&versions.working));
            prop_assert_eq!(highest, last + 1);
            last = highest;
            if let Some(published) = &versions.published {
                prop_assert_eq!(published.stamp.publication, Publication::Published);
                let beside = versions.working.as_ref().map(|entry| entry.stamp.publication);
                prop_assert_eq!(published.stamp.pending, beside);
            }
            if let Some(working) = &versions.working {
                prop_assert_ne!(working.stamp.publication, Publication::Published);
                prop_assert_eq!(working.stamp.pending, None);
            }
        }
    }
}
