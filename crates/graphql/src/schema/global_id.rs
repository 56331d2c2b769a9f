//! Global ids: opaque to callers, typed inside; the id of an entry carries its log, so that a
//! look-up goes to one province.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::proposal::ProposalKey;
use caunoi_domain::refusal::Refusal;
use caunoi_domain::refusal::candidate::Candidate;
use strum::VariantArray as _;

/// What a global id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GlobalId {
    Province(Log),
    Unit(i32),
    Country(i32),
    Locality(i32),
    Term(i32),
    Source(i32),
    Proposal(ProposalKey),
    Entry(EntryKey),
}

impl GlobalId {
    /// As callers carry it.
    pub(crate) fn encode(self) -> ID {
        let plain = match self {
            Self::Province(log) => format!("Province:{}", log.number()),
            Self::Unit(id) => format!("AdminUnit:{id}"),
            Self::Country(id) => format!("Country:{id}"),
            Self::Locality(id) => format!("Locality:{id}"),
            Self::Term(id) => format!("Term:{id}"),
            Self::Source(id) => format!("Source:{id}"),
            Self::Proposal(key) => format!("LocalityProposal:{}:{}", key.log.number(), key.number),
            Self::Entry(key) => format!("{}:{}:{}", type_name(key.kind), key.log.number(), key.number),
        };
        ID(URL_SAFE_NO_PAD.encode(plain))
    }

    /// What a caller's id names; none for anything that this schema never made.
    pub(crate) fn decode(id: &str) -> Option<Self> {
        if id.len() > 100 {
            return None;
        }
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
        let parts: Vec<&str> = plain.split(':').collect();
        let number = |text: &str| text.parse::<i32>().ok();
        match parts.as_slice() {
            ["Province", log] => Some(Self::Province(Log::new(log.parse().ok()?))),
            ["AdminUnit", id] => Some(Self::Unit(number(id)?)),
            ["Country", id] => Some(Self::Country(number(id)?)),
            ["Locality", id] => Some(Self::Locality(number(id)?)),
            ["Term", id] => Some(Self::Term(number(id)?)),
            ["Source", id] => Some(Self::Source(number(id)?)),
            ["LocalityProposal", log, at] => {
                Some(Self::Proposal(ProposalKey { log: Log::new(log.parse().ok()?), number: number(at)? }))
            }
            [kind, log, at] => Some(Self::Entry(EntryKey {
                kind: kind_of(kind)?,
                log: Log::new(log.parse().ok()?),
                number: number(at)?,
            })),
            _ => None,
        }
    }

    /// The global id of a surrogate key.
    pub(crate) fn of<T>(make: fn(i32) -> Self, id: Id<T>) -> ID {
        make(id.number()).encode()
    }
}

/// The type of the schema that shows entries of this kind.
pub(crate) fn type_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Relation => "Relation",
        EntryKind::Agreement => "Agreement",
        EntryKind::Event => "Event",
        EntryKind::Organization => "Organization",
        EntryKind::Programme => "Programme",
        EntryKind::Figure => "Figure",
        EntryKind::Instrument => "Instrument",
    }
}

/// The kind of entry that this type of the schema shows, which a filter names.
pub(crate) fn known_kind(name: &str) -> Result<EntryKind, Refusal> {
    kind_of(name).ok_or_else(|| {
        let known = EntryKind::VARIANTS.iter().map(|kind| Candidate::new(type_name(*kind)));
        Refusal::unknown_among("entry type", name, known)
    })
}

/// The kind of entry that this type of the schema shows.
pub(crate) fn kind_of(name: &str) -> Option<EntryKind> {
    EntryKind::VARIANTS.iter().copied().find(|kind| type_name(*kind) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_what_it_was_made_for_and_nothing_else_does() {
        let key = EntryKey { kind: EntryKind::Event, log: Log::new(7), number: 12 };
        let proposal = GlobalId::Proposal(ProposalKey { log: Log::new(7), number: 12 });
        for id in [GlobalId::Province(Log::new(3)), GlobalId::Unit(5), GlobalId::Entry(key), proposal] {
            assert_eq!(GlobalId::decode(&id.encode()), Some(id));
        }
        for junk in ["", "💥", "AAAA", "RXZlbnQ6NzoxMjoz", &"x".repeat(1000)] {
            assert_eq!(GlobalId::decode(junk), None, "{junk}");
        }
    }
}
