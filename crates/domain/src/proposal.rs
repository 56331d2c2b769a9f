//! Proposals of provinces for missing localities.
//!
//! A province cannot add shared reference data. It proposes a locality; the steward accepts with
//! the locality to use, a new or an existing one, or declines with a reason.

use crate::change::ChangeOperation;
use crate::directory::Directory;
use crate::entry::{CountryId, TermId};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::place::{Locality, LocalityId};
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// A locality as a province proposes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedLocality {
    /// The country.
    pub country: CountryId,
    /// The name.
    pub name: Bilingual,
    /// The name in the language of the place.
    pub native_name: Option<String>,
    /// The level, a term of `PARTNER_LEVEL`.
    pub level: Option<TermId>,
    /// ISO 3166-2.
    pub iso_3166_2: Option<String>,
    /// A Wikidata item.
    pub wikidata_id: Option<String>,
    /// The purpose and the source.
    pub note: Option<String>,
}

/// The decision of the ministry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Settlement {
    /// Accepted: this locality is to be used.
    Accepted(LocalityId),
    /// Declined, with the reason.
    Declined(Bilingual),
}

/// The state of a proposal for a locality.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray, EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ProposalState {
    /// The ministry has not decided yet.
    Open,
    /// The ministry accepted it and assigned a locality.
    Accepted,
    /// The ministry declined it.
    Declined,
}

/// A proposal, as stored in its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The proposed locality.
    #[serde(rename = "wish")]
    pub locality: ProposedLocality,
    /// The author: role and name.
    pub author: String,
    /// The time of the proposal, in microseconds since 1970.
    pub proposed_at_us: i64,
    /// The decision and its time, in microseconds since 1970; None while open.
    pub settled: Option<(Settlement, i64)>,
}

/// The key of a proposal: the log of its province, and its number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProposalKey {
    /// The log.
    pub log: Log,
    /// The number.
    pub number: i32,
}

/// A proposal with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredProposal {
    /// The key of the proposal.
    pub key: ProposalKey,
    /// The current proposal.
    pub proposal: Proposal,
}

/// A query for one page of proposals, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct ProposalList {
    /// The state of the proposals.
    pub state: ProposalState,
    /// The time and key of the proposal after which the page begins, or before which it ends.
    pub cursor: Option<(i64, ProposalKey)>,
    /// Whether the page contains the last proposals before the cursor, not the first ones after it.
    pub backwards: bool,
    /// The most proposals to return.
    pub most: u64,
}

impl ProposalKey {
    /// Returns the code of the proposal in its log.
    #[must_use]
    pub fn code(self) -> String {
        format!("PROPOSAL-{}-{}", self.log.number(), self.number)
    }
}

impl Proposal {
    /// Returns the state of the proposal.
    #[must_use]
    pub fn state(&self) -> ProposalState {
        match &self.settled {
            None => ProposalState::Open,
            Some((Settlement::Accepted(_), _)) => ProposalState::Accepted,
            Some((Settlement::Declined(_), _)) => ProposalState::Declined,
        }
    }

    /// Returns the operation of the change that led to this state.
    #[must_use]
    pub fn operation(&self) -> ChangeOperation {
        match self.state() {
            ProposalState::Open => ChangeOperation::Submitted,
            ProposalState::Accepted => ChangeOperation::Updated,
            ProposalState::Declined => ChangeOperation::Returned,
        }
    }

    /// Returns the proposal with a decision; None where it has one already.
    #[must_use]
    pub fn settle(&self, settlement: Settlement, at_us: i64) -> Option<Self> {
        let is_open = self.settled.is_none();
        is_open.then(|| Self { settled: Some((settlement, at_us)), ..self.clone() })
    }
}

impl ProposedLocality {
    /// Returns the localities of its country with one of its names, ignoring marks and case.
    pub fn similar_localities<'d>(&self, directory: &'d Directory) -> impl Iterator<Item = &'d Locality> {
        let names = [self.name.vi.as_ref(), self.name.en.as_ref(), self.native_name.as_ref()];
        let proposed: HashSet<Vec<String>> =
            names.into_iter().flatten().map(|name| text::words(name)).collect();
        let country = self.country;
        directory.localities().iter().filter(move |locality| {
            let own = [locality.name.vi.as_ref(), locality.name.en.as_ref(), locality.native_name.as_ref()];
            let others = locality.aliases.iter().map(|alias| &alias.name);
            locality.country == country
                && own.into_iter().flatten().chain(others).any(|name| proposed.contains(&text::words(name)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::id::Id;
    use crate::place::{Alias, LocalityNameKind};

    fn proposed(country: i32, name: &str) -> ProposedLocality {
        ProposedLocality {
            country: Id::new(country),
            name: Bilingual { vi: None, en: Some(name.to_owned()) },
            native_name: None,
            level: None,
            iso_3166_2: None,
            wikidata_id: None,
            note: None,
        }
    }

    #[test]
    fn proposal_is_settled_once() {
        let open = Proposal {
            locality: proposed(1, "Huế"),
            author: "CLERK:a".into(),
            proposed_at_us: 5,
            settled: None,
        };
        assert_eq!(open.state(), ProposalState::Open);
        let reason = Settlement::Declined(Bilingual { vi: None, en: Some("no".into()) });
        let declined = open.settle(reason, 7).unwrap();
        assert_eq!(declined.state(), ProposalState::Declined);
        assert_eq!(declined.settle(Settlement::Accepted(Id::new(1)), 8), None);
        assert_eq!(
            open.settle(Settlement::Accepted(Id::new(1)), 8).unwrap().state(),
            ProposalState::Accepted
        );
    }

    #[test]
    fn names_are_compared_without_marks_and_within_a_country() {
        let locality = |id: i32, country: i32, name: &str, alias: &str| Locality {
            id: Id::new(id),
            slug: format!("place-{id}"),
            name: Bilingual { vi: Some(name.to_owned()), en: None },
            native_name: None,
            aliases: vec![Alias {
                name: alias.to_owned(),
                language: "en".into(),
                kind: LocalityNameKind::Spelling,
            }],
            country: Id::new(country),
            level: None,
            location: None,
            iso_3166_2: None,
            wikidata_id: None,
            valid_to: None,
            note: None,
            source: None,
        };
        let localities = vec![
            locality(1, 1, "Huế", "Thuan Hoa"),
            locality(2, 2, "Huế", "Thuan Hoa"),
            locality(3, 1, "Đà Nẵng", "Tourane"),
        ];
        let directory = Directory::new(Reference { localities, ..Reference::default() });
        let similar = |name: &str| -> Vec<i32> {
            proposed(1, name).similar_localities(&directory).map(|locality| locality.id.number()).collect()
        };
        assert_eq!(similar("hue"), [1]);
        assert_eq!(similar("THUẬN HÓA"), [1]);
        assert_eq!(similar("da nang"), [3]);
        assert!(similar("nang").is_empty());
    }
}
