use super::*;
use crate::entry::{Common, EntryKind};
use crate::id::{Id, Log};
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

    fn linked_activity(&self) -> Option<LinkedActivity> {
        let on = Day::from_ymd_opt(2026, 1, 1)?.checked_add_days(chrono::Days::new(self.text.into()))?;
        Some(LinkedActivity { on, unit: None, relation: None, partners: Vec::new() })
    }

    fn activity_partner(&self) -> Option<LocalityId> {
        Some(Id::new(7))
    }
}

fn note(text: u32) -> Note {
    Note { text, common: Common::default() }
}

fn created() -> EntryWrite<Note> {
    Versions::create(EntryMeta::new(Log::new(3), 1, "EVT-X-0001".to_owned(), 0), note(0))
}

fn of_own_province() -> Scope {
    use crate::policy::{Actor, Role};
    Scope::of(&Actor::new(Role::Clerk, "x", Some(Log::new(3)), true).unwrap())
}

fn act(versions: Versions<Note>, action: Action, text: u32) -> Result<EntryWrite<Note>, Reason> {
    let shown = versions.visible_to(of_own_province()).cloned().unwrap();
    match action {
        Action::Update | Action::RecordAct | Action::AmendAct | Action::VoidAct => {
            versions.update(&shown, action, note(text), 1)
        }
        Action::Create
        | Action::Submit
        | Action::Return
        | Action::Publish
        | Action::Withdraw
        | Action::Discard
        | Action::Merge
        | Action::Confirm
        | Action::Maintain
        | Action::Propose
        | Action::Settle
        | Action::Administer => versions.transition(&shown, action, 1),
    }
}

#[test]
fn published_version_stays_while_a_draft_is_edited() {
    let written = act(created().versions, Action::Publish, 0).unwrap();
    let written = act(written.versions, Action::Update, 7).unwrap();
    let published = written.versions.published.clone().unwrap();
    assert_eq!((published.content.text, published.meta.version), (0, 2));
    assert_eq!(published.meta.pending, Some(Publication::Draft));
    assert_eq!((written.shown.content.text, written.shown.meta.version), (7, 3));
    let written = act(written.versions, Action::Publish, 0).unwrap();
    assert_eq!(written.versions.published.unwrap().content.text, 7);
    assert_eq!(written.before, Some(note(0)));
}

#[test]
fn withdrawn_working_version_is_discarded_and_its_number_not_reused() {
    let written = act(created().versions, Action::Publish, 0).unwrap();
    let written = act(written.versions, Action::Update, 7).unwrap();
    let written = act(written.versions, Action::Withdraw, 0).unwrap();
    assert_eq!((written.shown.meta.version, written.shown.meta.pending), (2, None));
    assert!(!written.is_public);
    let written = act(written.versions, Action::Update, 8).unwrap();
    assert_eq!(written.shown.meta.version, 5);
}

#[test]
fn only_a_draft_is_discarded() {
    let submitted = act(created().versions, Action::Submit, 0).unwrap();
    assert!(act(submitted.versions, Action::Discard, 0).is_err());
    let published = act(created().versions, Action::Publish, 0).unwrap();
    assert!(act(published.versions.clone(), Action::Discard, 0).is_err());
    let edited = act(published.versions, Action::Update, 7).unwrap();
    let discarded = act(edited.versions, Action::Discard, 0).unwrap();
    assert_eq!((discarded.shown.content.text, discarded.versions.working), (0, None));
    let never_published = act(created().versions, Action::Discard, 0).unwrap();
    assert_eq!(never_published.shown.meta.publication, Publication::Withdrawn);
    assert!(!never_published.is_public);
}

#[test]
fn withdrawal_of_a_published_version_needs_a_reason() {
    let reason = Bilingual { vi: Some("Nhập trùng".to_owned()), en: None };
    for shown in Publication::VARIANTS {
        for action in Action::VARIANTS {
            let is_needed = *shown == Publication::Published && *action == Action::Withdraw;
            assert_eq!(check_reason(*shown, *action, None).is_err(), is_needed, "{shown} {action}");
            assert_eq!(check_reason(*shown, *action, Some(&Bilingual::default())).is_err(), is_needed);
            assert_eq!(check_reason(*shown, *action, Some(&reason)), Ok(()));
        }
    }
}

#[test]
fn withdrawn_entry_is_final() {
    for versions in [created().versions, act(created().versions, Action::Publish, 0).unwrap().versions] {
        let written = act(versions, Action::Withdraw, 0).unwrap();
        assert_eq!(written.shown.meta.publication, Publication::Withdrawn);
        assert_eq!(written.versions.published, None);
        for action in Action::VARIANTS {
            assert!(act(written.versions.clone(), *action, 1).is_err(), "{action}");
        }
    }
}

#[test]
fn only_draft_or_submitted_versions_are_published() {
    let published = act(created().versions, Action::Publish, 0).unwrap();
    assert!(matches!(
        act(published.versions, Action::Publish, 0),
        Err(Reason::Transition { from: Publication::Published, action: Action::Publish })
    ));
    let submitted = act(created().versions, Action::Submit, 0).unwrap();
    assert!(act(submitted.versions.clone(), Action::Submit, 0).is_err());
    assert!(act(submitted.versions, Action::Publish, 0).is_ok());
    assert!(act(created().versions, Action::Return, 0).is_err());
}

proptest! {
    /// For any sequence of actions: version numbers only grow, each slot has one state, `is_public`
    /// is set exactly when the published version changes, and a withdrawn entry stays withdrawn.
    #[test]
    fn any_sequence_of_actions_keeps_the_invariants(acts in prop::collection::vec((0..Action::VARIANTS.len(), 1_u32..9), 0..40)) {
        let mut versions = created().versions;
        let mut last = 1;
        for (action, text) in acts {
            let action = Action::VARIANTS[action];
            if action == Action::Merge {
                // Merging has no transition of its own: `merge` writes several entries.
                continue;
            }
            let before = versions.published.as_ref().map(|entry| (entry.meta.version, entry.content.clone()));
            let shown = versions.visible_to(of_own_province()).map(|entry| entry.meta.publication);
            let written = match act(versions.clone(), action, text) {
                Ok(written) => written,
                Err(reason) => {
                    let changes_nothing = reason == InvalidReason::NothingAmended.into();
                    prop_assert!(changes_nothing || check_transition(shown.unwrap(), action).is_err());
                    continue;
                }
            };
            prop_assert_ne!(shown, Some(Publication::Withdrawn));
            let after = written.versions.published.as_ref().map(|entry| (entry.meta.version, entry.content.clone()));
            prop_assert_eq!(before != after, written.is_public);
            versions = written.versions;
            let of = |entry: &Option<Entry<Note>>| entry.as_ref().map_or(0, |entry| entry.meta.last_version);
            let highest = of(&versions.published).max(of(&versions.working));
            prop_assert_eq!(highest, last + 1);
            last = highest;
            if let Some(published) = &versions.published {
                prop_assert_eq!(published.meta.publication, Publication::Published);
                let working = versions.working.as_ref().map(|entry| entry.meta.publication);
                prop_assert_eq!(published.meta.pending, working);
            }
            if let Some(working) = &versions.working {
                prop_assert_ne!(working.meta.publication, Publication::Published);
                prop_assert_eq!(working.meta.pending, None);
            }
        }
    }
}

#[test]
fn activity_changes_with_public_contents_only() {
    let changed = |written: &EntryWrite<Note>| {
        let by_log = written.changed_activities(&Directory::default());
        by_log.into_values().flatten().collect::<Vec<_>>()
    };
    let drafted = created();
    assert_eq!(changed(&drafted), []);
    let published = act(drafted.versions, Action::Publish, 0).unwrap();
    assert_eq!(changed(&published), [note(0).linked_activity().unwrap()]);
    let updated = act(published.versions, Action::Update, 5).unwrap();
    assert_eq!(changed(&updated), []);
    let published = act(updated.versions, Action::Publish, 5).unwrap();
    let both = [note(0), note(5)].map(|content| content.linked_activity().unwrap());
    assert_eq!(changed(&published), both);
    let same = act(published.versions, Action::Update, 5).unwrap();
    let same = act(same.versions, Action::Publish, 5).unwrap();
    assert_eq!(changed(&same), []);
}

#[test]
fn discarded_draft_has_no_activity_partner() {
    let published = act(created().versions, Action::Publish, 0).unwrap();
    assert_eq!(published.activity_partner(), Some(Id::new(7)));
    let updated = act(published.versions, Action::Update, 5).unwrap();
    assert_eq!(updated.activity_partner(), Some(Id::new(7)));
    let discarded = act(updated.versions, Action::Withdraw, 0).unwrap();
    assert_eq!(discarded.activity_partner(), None);
}

#[test]
fn only_organizations_change_names_of_others() {
    let published = act(created().versions, Action::Publish, 0).unwrap();
    assert_eq!(published.changed_name(), None);
}
