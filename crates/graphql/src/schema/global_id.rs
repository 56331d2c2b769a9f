//! Global ids: opaque to callers, typed inside. The id of an entry contains its log, so a look-up
//! reads one log only.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::proposal::ProposalKey;
use caunoi_domain::validation::candidate::Candidate;
use caunoi_domain::validation::{Reason, ReferenceKind};
use strum::VariantArray as _;

/// The object that a global id identifies.
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
    /// Encodes the id for callers: base64url of type and key.
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

    /// Decodes the id of a caller; `None` for a text that is not an id of this schema.
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
                kind: find_kind(kind)?,
                log: Log::new(log.parse().ok()?),
                number: number(at)?,
            })),
            _ => None,
        }
    }

    /// Encodes the global id of a surrogate key.
    pub(crate) fn of<T>(make: fn(i32) -> Self, id: Id<T>) -> ID {
        make(id.number()).encode()
    }
}

/// Returns the GraphQL type of entries of this kind.
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

/// Parses a type of entries. Besides the words of the schema (`AGREEMENT`), names of GraphQL types
/// (`Agreement`) are accepted, which addresses and webhooks of earlier releases contain.
///
/// # Errors
/// Returns `Unknown` with similar words for another text.
pub fn parse_entry_type(text: &str) -> Result<EntryKind, Reason> {
    text.parse().ok().or_else(|| find_kind(text)).ok_or_else(|| {
        let known = EntryKind::VARIANTS.iter().map(|kind| Candidate::new((*kind).into()));
        Reason::unknown_among(ReferenceKind::EntryType, text, known)
    })
}

/// Returns the kind of entry of a GraphQL type.
pub(crate) fn find_kind(name: &str) -> Option<EntryKind> {
    EntryKind::VARIANTS.iter().copied().find(|kind| type_name(*kind) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_decodes_to_its_object_and_other_text_to_none() {
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
