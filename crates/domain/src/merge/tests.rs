use super::*;
use crate::change::ChangeOperation;
use crate::entry::{EntryKind, EntryMeta, Publication, TermId};
use crate::id::Id;
use crate::place::LocalityId;

const OWN: UnitId = Id::new(1);
const NEIGHBOUR: UnitId = Id::new(2);
const THIRD: UnitId = Id::new(3);

fn event(unit: Option<UnitId>, hosts: &[UnitId], partners: &[i32], sources: &[i32]) -> Event {
    let kind: TermId = Id::new(9);
    let text = serde_json::json!({
        "common": {
            "origin_unit": unit,
            "shared_with": hosts.iter().filter(|host| Some(**host) != unit).collect::<Vec<_>>(),
            "pillar": null, "fields": [], "sources": sources, "counts_from": null,
        },
        "title": {"en": "Forum"}, "other_title": null, "kind": kind, "direction": null, "when": null,
        "place": null, "country": null, "partners": partners, "audience": [], "series": null,
        "hosts": hosts.iter().map(|host| Participant::Unit(*host)).collect::<Vec<_>>(),
        "edition": null, "occurrences": null, "delegates": null, "connections": null, "leaders": [],
        "occasions": [], "anniversary_no": null, "outcomes": [], "outcome_projects": [], "relation": null,
    });
    serde_json::from_value(text).unwrap()
}

fn published(log: i16, content: Event) -> Versions<Event> {
    let meta = EntryMeta::new(Log::new(log), i32::from(log), format!("EVT-{log}"), 0);
    let meta = EntryMeta { publication: Publication::Published, published_at_us: Some(0), ..meta };
    Versions { published: Some(Entry { meta, content }), working: None }
}

fn units(event: &Event) -> Vec<UnitId> {
    let unit = |host: &Participant| match host {
        Participant::Unit(unit) => Some(*unit),
        Participant::Organization(_) => None,
    };
    event.hosts.iter().filter_map(unit).collect()
}

fn content(versions: &Versions<Event>) -> Event {
    versions.published.as_ref().unwrap().content.clone()
}

#[test]
fn kept_entry_gains_owners_hosts_partners_and_sources() {
    let kept = published(1, event(Some(OWN), &[], &[7], &[1]));
    let others = vec![
        published(2, event(Some(NEIGHBOUR), &[], &[7, 8], &[2])),
        published(3, event(Some(THIRD), &[], &[9], &[1])),
    ];
    let MergeWrite { kept, merged } = merge(kept, others, 5).unwrap();
    let after = kept.after.unwrap();
    // An event may be recorded by a province that hosts nothing.
    assert_eq!(units(&after), []);
    assert_eq!(after.common.shared_with, [NEIGHBOUR, THIRD]);
    assert_eq!(after.partners, [7, 8, 9].map(LocalityId::new));
    assert_eq!(after.common.sources, [Id::new(1), Id::new(2)]);
    assert_eq!(
        after.common.merged.iter().map(|entry| entry.code.as_str()).collect::<Vec<_>>(),
        ["EVT-2", "EVT-3"]
    );
    assert!(merged.iter().all(|write| write.after.is_none() && write.versions.published.is_none()));
    assert!(merged.iter().all(|write| write.is_public && write.operation == ChangeOperation::Merged));
}

#[test]
fn undoing_merges_in_any_order_restores_the_content() {
    let before = event(Some(OWN), &[], &[7], &[1]);
    let others =
        [event(Some(NEIGHBOUR), &[THIRD, NEIGHBOUR], &[8], &[2]), event(Some(THIRD), &[], &[8], &[2])];
    for order in [[0, 1], [1, 0]] {
        let entries: Vec<_> =
            (2_i16..).zip(others.clone()).map(|(log, event)| published(log, event)).collect();
        let mut versions = merge(published(1, before.clone()), entries.clone(), 5).unwrap().kept.versions;
        for index in order {
            let last = entries[index].published.clone().unwrap();
            let undone = unmerge(versions, &last, 6).unwrap();
            assert_eq!(undone.merged[0].after.as_ref(), Some(&last.content));
            assert_eq!(undone.merged[0].shown.meta.version, last.meta.version + 1);
            versions = undone.kept.versions;
        }
        assert_eq!(content(&versions), before);
    }
}

#[test]
fn what_two_merged_entries_gave_stays_until_both_are_out() {
    let entries = vec![
        published(2, event(Some(NEIGHBOUR), &[], &[8], &[])),
        published(3, event(Some(THIRD), &[], &[8], &[])),
    ];
    let last = entries[0].published.clone().unwrap();
    let kept = merge(published(1, event(Some(OWN), &[], &[], &[])), entries, 5).unwrap().kept.versions;
    let left = content(&unmerge(kept, &last, 6).unwrap().kept.versions);
    assert_eq!((left.common.shared_with, left.partners), (vec![THIRD], vec![LocalityId::new(8)]));
}

#[test]
fn event_that_names_no_host_adds_an_owner_only() {
    let entries = vec![published(2, event(Some(NEIGHBOUR), &[], &[8], &[]))];
    let after =
        merge(published(1, event(Some(OWN), &[], &[7], &[])), entries, 5).unwrap().kept.after.unwrap();
    assert_eq!((after.hosts.len(), after.common.shared_with), (0, vec![NEIGHBOUR]));
}

fn agreement(unit: UnitId, partner: i32) -> Agreement {
    let text = serde_json::json!({
        "common": {
            "origin_unit": unit, "pillar": null, "fields": [], "sources": [], "counts_from": null,
        },
        "title": {"en": "Memorandum"}, "form": 4, "country": null, "signed": null, "expires": null,
        "parties": [{"party": {"LOCALITY": partner}, "signatory": null}], "renews_automatically": false,
        "acts": [], "stated": null, "edition_no": null, "renews": null, "relation": null, "spans": [],
    });
    serde_json::from_value(text).unwrap()
}

fn merged_agreement(other: UnitId) -> Agreement {
    let published = |log: i16, content: Agreement| {
        let meta = EntryMeta::new(Log::new(log), 1, format!("AGR-{log}"), 0);
        let meta = EntryMeta { publication: Publication::Published, ..meta };
        Versions { published: Some(Entry { meta, content }), working: None }
    };
    let others = vec![published(2, agreement(other, 8))];
    merge(published(1, agreement(OWN, 7)), others, 5).unwrap().kept.after.unwrap()
}

#[test]
fn signature_of_another_province_is_named_and_that_of_the_same_one_is_not() {
    let party = |unit| VietnameseParty { party: Participant::Unit(unit), signatory: None };
    assert_eq!(merged_agreement(NEIGHBOUR).own_parties, [party(OWN), party(NEIGHBOUR)]);
    let same = merged_agreement(OWN);
    assert!(same.own_parties.is_empty() && same.common.shared_with.is_empty());
    assert_eq!(same.localities().collect::<Vec<_>>(), [7, 8].map(LocalityId::new));
}

#[test]
fn unpublished_version_ministry_entry_and_kept_entries_are_refused() {
    let draft = |versions: &Versions<Event>| {
        let working = versions.published.clone().map(|entry| Entry {
            meta: EntryMeta { publication: Publication::Draft, ..entry.meta },
            content: entry.content,
        });
        Versions { working, ..versions.clone() }
    };
    let (one, two) =
        (published(1, event(Some(OWN), &[], &[], &[])), published(2, event(Some(NEIGHBOUR), &[], &[], &[])));
    let ministry = published(0, event(None, &[], &[], &[]));
    let refused = |kept: &Versions<Event>, other: &Versions<Event>| {
        let problems = merge(kept.clone(), vec![other.clone()], 5).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(refused(&draft(&one), &two), ["kept: Invalid(HasUnpublishedVersion)"]);
    assert_eq!(refused(&one, &draft(&two)), ["merged.0: Invalid(HasUnpublishedVersion)"]);
    assert_eq!(refused(&one, &ministry), ["merged.0: Invalid(MinistryEntryIsKept)"]);
    assert_eq!(refused(&one, &one), ["merged.0: Invalid(OwnEntry)"]);
    let keeping = merge(one.clone(), vec![two], 5).unwrap().kept.versions;
    assert_eq!(refused(&ministry, &keeping), ["merged.0: Invalid(KeepsMerged { codes: \"EVT-2\" })"]);
    let shown = keeping.published.clone().unwrap();
    assert!(keeping.transition(&shown, Action::Withdraw, 6).is_err());
    assert_eq!(shown.key().kind, EntryKind::Event);
}
