//! Merging: entries that record one document or one event become one, and the merge can be undone.
//!
//! The kept entry names the merged ones in [`Common::merged`] and gains their owners, parties and
//! sources. A merged entry has no version any more: its last content is in its log.

use crate::agreement::Agreement;
use crate::entry::{Common, Content, Entry, EntryKey, UnitId};
use crate::event::Event;
use crate::id::Log;
use crate::merged_entry::{MergedEntry, Participation, keeps_merged};
use crate::party::{AgreementParty, Participant, PartyRef, VietnameseParty};
use crate::policy::Action;
use crate::publication::{EntryWrite, Versions, check_transition};
use crate::validation::{InvalidReason, Reason, ValidationError};

/// The writes of a merge, or of the change that undoes one.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeWrite<C> {
    /// The write of the kept entry.
    pub kept: EntryWrite<C>,
    /// The writes of the merged entries.
    pub merged: Vec<EntryWrite<C>>,
}

/// A content of which several entries may record the same: those that may have several owners.
pub trait Mergeable: Content {
    /// Returns whether an entry without a list of hosts states that its own unit is one: an agreement
    /// in the log of a province is signed by it. A province may record an event that it only attended.
    const IMPLIES_OWN_HOST: bool;

    /// Returns the lists that a merge joins, as stated.
    fn participation(&self) -> Participation;

    /// Returns the code of the relation that it names.
    fn relation(&self) -> Option<&str>;

    /// Returns the content with these lists and merged entries, and the owners that follow.
    #[must_use]
    fn with_participation(self, lists: Participation, merged: Vec<MergedEntry>) -> Self;
}

impl Participation {
    /// Returns the lists without what another one contains.
    fn without(self, other: &Self) -> Self {
        Self {
            hosts: without(self.hosts, &other.hosts),
            co_organizers: without(self.co_organizers, &other.co_organizers),
            partners: without(self.partners, &other.partners),
            sources: without(self.sources, &other.sources),
        }
    }

    /// Returns the lists, then what another one contains beyond them.
    fn with(self, other: &Self) -> Self {
        Self {
            hosts: with(self.hosts, &other.hosts),
            co_organizers: with(self.co_organizers, &other.co_organizers),
            partners: with(self.partners, &other.partners),
            sources: with(self.sources, &other.sources),
        }
    }

    /// Returns what an entry with these lists gains from another one. A participant or partner gains
    /// nothing by being named twice, even with another signatory.
    fn gain(&self, other: &Self) -> Self {
        let names = |participant: &Participant| {
            self.hosts.iter().any(|host| host.party == *participant)
                || self.co_organizers.contains(participant)
        };
        let mut gained = other.clone();
        gained.hosts.retain(|host| !names(&host.party));
        gained.co_organizers.retain(|other| !names(other));
        gained.partners.retain(|new| self.partners.iter().all(|known| known.party != new.party));
        gained.sources.retain(|source| !self.sources.contains(source));
        gained
    }

    /// Returns the lists with the unit of origin as the host where they name none.
    fn with_implied_host(self, unit: Option<UnitId>) -> Self {
        let implied = unit.filter(|_| self.hosts.is_empty()).map(Participant::Unit);
        let implied = implied.map(|party| VietnameseParty { party, signatory: None });
        Self { hosts: implied.into_iter().chain(self.hosts).collect(), ..self }
    }
}

fn without<T: PartialEq>(mut list: Vec<T>, other: &[T]) -> Vec<T> {
    list.retain(|item| !other.contains(item));
    list
}

fn with<T: PartialEq + Clone>(list: Vec<T>, other: &[T]) -> Vec<T> {
    let new = without(other.to_vec(), &list);
    [list, new].concat()
}

/// Returns what all these merged entries gave together.
fn all_gained(merged: &[MergedEntry]) -> Participation {
    merged.iter().fold(Participation::default(), |all, entry| all.with(&entry.gained))
}

/// Returns the content of an entry into which another one is merged.
#[must_use]
pub fn absorb<C: Mergeable>(kept: C, other: &Entry<C>) -> C {
    let (own, merged) = (kept.common().origin_unit, kept.common().merged.clone());
    let current = kept.participation();
    let stated = current.clone().without(&all_gained(&merged));
    let common = other.content.common();
    let implied = common.origin_unit.filter(|_| C::IMPLIES_OWN_HOST);
    let brought = other.content.participation().with_implied_host(implied);
    let named = stated.clone().with_implied_host(own);
    let mut gained = named.gain(&brought);
    if stated.hosts.is_empty() && !gained.hosts.is_empty() {
        // Without a list the unit of origin alone is the host; with others it must be named.
        gained.hosts = [named.hosts, gained.hosts].concat();
    }
    let lists = current.with(&gained);
    let entry = MergedEntry {
        code: other.meta.code.clone(),
        log: other.meta.log,
        number: other.meta.number,
        origin_unit: common.origin_unit,
        shared_with: common.shared_with.clone(),
        relation: other.content.relation().map(str::to_owned),
        gained,
    };
    kept.with_participation(lists, [merged, vec![entry]].concat())
}

/// Returns the content of an entry from which a merged one is taken out again.
fn release<C: Mergeable>(kept: C, code: &str) -> C {
    let (out, rest): (Vec<MergedEntry>, Vec<MergedEntry>) =
        kept.common().merged.iter().cloned().partition(|entry| entry.code == code);
    // Other merged entries may have given the same.
    let lost = all_gained(&out).without(&all_gained(&rest));
    let lists = kept.participation().without(&lost);
    kept.with_participation(lists, rest)
}

/// Decides a merge. A merged entry is refused if it keeps merged ones itself: they would be two
/// steps away from their documents.
///
/// # Errors
/// All reasons, at `kept` or at the index in `merged`.
pub fn merge<C: Mergeable>(
    kept: Versions<C>,
    merged: Vec<Versions<C>>,
    at_us: i64,
) -> Result<MergeWrite<C>, Vec<ValidationError>> {
    let mut problems = Vec::new();
    let mut published = |versions: &Versions<C>, path: &[&str]| {
        let found = only_published(versions);
        let found = found.map_err(|reason| problems.push(ValidationError::new(path, reason)));
        found.ok().cloned()
    };
    let shown = published(&kept, &["kept"]);
    let others: Vec<Option<Entry<C>>> = merged
        .iter()
        .enumerate()
        .map(|(index, versions)| published(versions, &["merged", &index.to_string()]))
        .collect();
    for (index, other) in others.iter().enumerate() {
        let refusal = shown.as_ref().zip(other.as_ref()).and_then(|(kept, other)| refusal(kept, other));
        let path = ["merged", &index.to_string()];
        problems.extend(refusal.map(|reason| ValidationError::new(&path, reason)));
    }
    let (Some(shown), true) = (shown, problems.is_empty()) else { return Err(problems) };
    let others = others.into_iter().flatten();
    let (mut content, mut writes) = (shown.content.clone(), Vec::new());
    for (versions, other) in merged.into_iter().zip(others) {
        content = absorb(content, &other);
        writes.push(versions.leave_by_merge(&other, at_us));
    }
    Ok(MergeWrite { kept: kept.replace_by_merge(&shown, content, at_us), merged: writes })
}

/// Decides the change that undoes the merge of one entry; `last` is its content and metadata when it
/// was merged.
///
/// # Errors
/// The reason, at `id`.
pub fn unmerge<C: Mergeable>(
    kept: Versions<C>,
    last: &Entry<C>,
    at_us: i64,
) -> Result<MergeWrite<C>, Vec<ValidationError>> {
    let at_id = |reason| vec![ValidationError::new(&["id"], reason)];
    let shown = only_published(&kept).map_err(at_id)?.clone();
    let content = release(shown.content.clone(), &last.meta.code);
    Ok(MergeWrite {
        kept: kept.replace_by_unmerge(&shown, content, at_us),
        merged: vec![Versions::return_by_unmerge(last, at_us)],
    })
}

/// Returns the published version of an entry that has no other one. An unpublished version would
/// keep the state before the merge and restore it when it is published.
fn only_published<C: Content>(versions: &Versions<C>) -> Result<&Entry<C>, Reason> {
    match (&versions.published, &versions.working) {
        (Some(published), None) => Ok(published),
        (Some(_), Some(_)) => Err(InvalidReason::HasUnpublishedVersion.into()),
        (None, Some(working)) => {
            Err(Reason::Transition { from: working.meta.publication, action: Action::Merge })
        }
        (None, None) => Err(InvalidReason::NotMergeable.into()),
    }
}

/// Returns the reason for which one entry cannot be merged into another one.
fn refusal<C: Content>(kept: &Entry<C>, other: &Entry<C>) -> Option<Reason> {
    if kept.key() == other.key() {
        return Some(InvalidReason::OwnEntry.into());
    }
    if !other.meta.log.is_province() && kept.meta.log.is_province() {
        return Some(InvalidReason::MinistryEntryIsKept.into());
    }
    let merged = &other.content.common().merged;
    keeps_merged(merged).or_else(|| check_transition(other.meta.publication, Action::Merge).err())
}

impl Common {
    /// Returns whether the entry with this key was merged into this one.
    #[must_use]
    pub fn has_merged(&self, log: Log, number: i32) -> bool {
        self.merged.iter().any(|entry| (entry.log, entry.number) == (log, number))
    }
}

impl<C: Content> Entry<C> {
    /// Returns the key of the entry and those of the entries merged into it.
    pub fn keys_with_merged(&self) -> impl Iterator<Item = EntryKey> {
        let merged = self.content.common().merged.iter();
        let merged = merged.map(|entry| EntryKey { kind: C::KIND, log: entry.log, number: entry.number });
        std::iter::once(self.key()).chain(merged)
    }

    /// Returns the code of the entry and those of the entries merged into it.
    pub fn codes_with_merged(&self) -> impl Iterator<Item = &str> {
        let merged = self.content.common().merged.iter().map(|entry| entry.code.as_str());
        std::iter::once(self.meta.code.as_str()).chain(merged)
    }
}

impl Mergeable for Agreement {
    const IMPLIES_OWN_HOST: bool = true;

    fn participation(&self) -> Participation {
        Participation {
            hosts: self.own_parties.clone(),
            co_organizers: Vec::new(),
            partners: self.parties.clone(),
            sources: self.common.sources.clone(),
        }
    }

    fn relation(&self) -> Option<&str> {
        self.relation.as_deref()
    }

    fn with_participation(self, lists: Participation, merged: Vec<MergedEntry>) -> Self {
        let Participation { hosts, partners, sources, .. } = lists;
        let common = Common { merged, sources, ..self.common };
        Self {
            common: common.with_participants(hosts.iter().map(|party| &party.party)),
            own_parties: hosts,
            parties: partners,
            ..self
        }
    }
}

impl Mergeable for Event {
    const IMPLIES_OWN_HOST: bool = false;

    fn participation(&self) -> Participation {
        let host = |party: &Participant| VietnameseParty { party: party.clone(), signatory: None };
        let partner = |id| AgreementParty { party: PartyRef::Locality(id), signatory: None };
        Participation {
            hosts: self.hosts.iter().map(host).collect(),
            co_organizers: self.co_organizers.clone(),
            partners: self.partners.iter().copied().map(partner).collect(),
            sources: self.common.sources.clone(),
        }
    }

    fn relation(&self) -> Option<&str> {
        self.relation.as_deref()
    }

    fn with_participation(self, lists: Participation, merged: Vec<MergedEntry>) -> Self {
        let Participation { hosts, co_organizers, partners, sources } = lists;
        let hosts: Vec<Participant> = hosts.into_iter().map(|host| host.party).collect();
        let common = Common { merged, sources, ..self.common };
        let locality = |partner: AgreementParty| match partner.party {
            PartyRef::Locality(id) => Some(id),
            PartyRef::Organization(_) | PartyRef::Named(_) => None,
        };
        Self {
            common: common.with_participants(hosts.iter().chain(&co_organizers)),
            partners: partners.into_iter().filter_map(locality).collect(),
            hosts,
            co_organizers,
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
