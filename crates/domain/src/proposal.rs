//! Localities that a province misses and asks the ministry for.
//!
//! A province cannot add to what all share, so it proposes; the steward accepts by naming the
//! locality that stands for it from then on, made for it or known before under another name, or
//! declines with a reason.

use crate::directory::Directory;
use crate::entry::{CountryId, TermId};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::place::{Locality, LocalityId};
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What a province knows of the locality that it misses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Where it lies.
    pub country: CountryId,
    /// What it is called.
    pub name: Bilingual,
    /// What its people call it.
    pub native_name: Option<String>,
    /// Its level.
    pub level: Option<TermId>,
    /// ISO 3166-2.
    pub iso_3166_2: Option<String>,
    /// A Wikidata item.
    pub wikidata_id: Option<String>,
    /// What it is needed for, and where it can be read of.
    pub note: Option<String>,
}

/// What the ministry said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Settlement {
    /// This locality stands for it.
    Accepted(LocalityId),
    /// There will be none, and why.
    Declined(Bilingual),
}

/// How far a proposal has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ProposalState {
    /// It waits for the ministry.
    Open,
    /// There is a locality for it.
    Accepted,
    /// There will be none.
    Declined,
}

/// A proposal as it stands, and what its row keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What is wished for.
    pub wish: Wish,
    /// Who proposed it: role and name.
    pub author: String,
    /// When, in microseconds since 1970.
    pub proposed_at_us: i64,
    /// What the ministry said, and when.
    pub settled: Option<(Settlement, i64)>,
}

/// Names a proposal: the log of its province, and its number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProposalKey {
    /// The log.
    pub log: Log,
    /// The number.
    pub number: i32,
}

impl Proposal {
    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> ProposalState {
        match &self.settled {
            None => ProposalState::Open,
            Some((Settlement::Accepted(_), _)) => ProposalState::Accepted,
            Some((Settlement::Declined(_), _)) => ProposalState::Declined,
        }
    }

    /// The same with what the ministry said; none where it has spoken before.
    #[must_use]
    pub fn settle(&self, settlement: Settlement, at_us: i64) -> Option<Self> {
        let is_open = self.settled.is_none();
        is_open.then(|| Self { settled: Some((settlement, at_us)), ..self.clone() })
    }
}

impl Wish {
    /// The localities of its country that bear one of its names already, marks and case aside.
    pub fn alike<'d>(&self, directory: &'d Directory) -> impl Iterator<Item = &'d Locality> {
        let names = [self.name.vi.as_ref(), self.name.en.as_ref(), self.native_name.as_ref()];
        let wished: HashSet<Vec<String>> =
            names.into_iter().flatten().map(|name| text::words(name)).collect();
        let country = self.country;
        directory.localities().iter().filter(move |locality| {
            let own = [locality.name.vi.as_ref(), locality.name.en.as_ref(), locality.native_name.as_ref()];
            let others = locality.aliases.iter().map(|alias| &alias.name);
            locality.country == country
                && own.into_iter().flatten().chain(others).any(|name| wished.contains(&text::words(name)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::id::Id;
    use crate::place::Alias;

    fn wish(country: i32, name: &str) -> Wish {
        Wish {
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
    fn the_ministry_speaks_once() {
        let open =
            Proposal { wish: wish(1, "Huế"), author: "CLERK:a".into(), proposed_at_us: 5, settled: None };
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
            aliases: vec![Alias { name: alias.to_owned(), language: "en".into(), kind: "SPELLING".into() }],
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
        let alike = |name: &str| -> Vec<i32> {
            wish(1, name).alike(&directory).map(|locality| locality.id.number()).collect()
        };
        assert_eq!(alike("hue"), [1]);
        assert_eq!(alike("THUẬN HÓA"), [1]);
        assert_eq!(alike("da nang"), [3]);
        assert!(alike("nang").is_empty());
    }
}
