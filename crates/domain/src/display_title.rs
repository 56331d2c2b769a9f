//! The parts of a title for an entry that has none in a language. The crate `texts` writes the title.

use crate::agreement::Agreement;
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, CountryId, TermId, UnitId};
use crate::event::Event;
use crate::id::Log;
use crate::locale::{Bilingual, Locale};
use crate::organization::Organization;
use crate::party::{AgreementParty, OrganizationRef, Participant, PartyRef};
use crate::place::LocalityId;
use crate::programme::Programme;
use crate::relation::{Relation, RelationTier};
use chrono::Datelike as _;

/// The parts of a composed title, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleParts {
    /// The subject of the title.
    pub subject: TitleSubject,
    /// The name of the unit at the time of the fact; None for entries of the ministry.
    pub owner: Option<String>,
    /// The names of the partners, or where there are none of the countries.
    pub partners: Vec<String>,
    /// The year of the date; None where it has several or there is none.
    pub year: Option<i32>,
}

/// The subject of a composed title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TitleSubject {
    /// The tier of a relation.
    Tier(RelationTier),
    /// The name of the form of an agreement: between its parties.
    Form(String),
    /// The name of the kind of an event or programme: of its owner, with partners.
    Activity(String),
    /// The name of the kind of an organization: of its owner, for a country.
    Organization(String),
}

/// Content with a title that can be composed.
pub trait Titled: Content {
    /// Returns the title or name; None for kinds without one.
    fn title(&self) -> Option<&Bilingual>;

    /// Returns the parts of a composed title; None where the subject is unknown.
    fn title_parts(&self, log: Log, namer: Namer<'_>) -> Option<TitleParts>;
}

/// Names the rows of the reference data in one language.
#[derive(Debug, Clone, Copy)]
pub struct Namer<'a> {
    /// The reference data.
    pub directory: &'a Directory,
    /// The language.
    pub locale: Locale,
}

impl Namer<'_> {
    fn read(self, name: &Bilingual) -> String {
        name.in_locale(self.locale).to_owned()
    }

    fn term(self, term: TermId) -> Option<String> {
        self.directory.term(term).map(|term| self.read(&term.name))
    }

    fn localities(self, localities: &[LocalityId]) -> Vec<String> {
        let found = localities.iter().filter_map(|id| self.directory.locality(*id));
        found.map(|locality| self.read(&locality.name)).collect()
    }

    fn countries(self, countries: impl IntoIterator<Item = CountryId>) -> Vec<String> {
        let found = countries.into_iter().filter_map(|id| self.directory.country(id));
        found.map(|country| self.read(&country.name)).collect()
    }

    /// Returns the name that the unit of an entry had on the day of its date, else on its last one.
    fn owner(self, common: &Common, log: Log, date: Option<&FuzzyDate>) -> Option<String> {
        let unit = common.origin_unit.or_else(|| self.directory.province(log).map(|province| province.unit));
        self.unit(unit?, date)
    }

    fn unit(self, unit: UnitId, date: Option<&FuzzyDate>) -> Option<String> {
        let unit = self.directory.unit(unit)?;
        let day = date.and_then(FuzzyDate::first_latest).or(unit.valid_to).unwrap_or(Day::MAX);
        unit.designation(day).map(|designation| self.read(&designation.name))
    }

    /// Returns the names of the Vietnamese parties, else that of the unit of origin.
    fn own_parties(self, agreement: &Agreement, log: Log) -> Option<String> {
        let date = agreement.signed.as_ref();
        let names = agreement.own_parties.iter().filter_map(|party| match &party.party {
            Participant::Unit(unit) => self.unit(*unit, date),
            Participant::Organization(OrganizationRef::Code(code)) => self.organization(code),
            Participant::Organization(OrganizationRef::Named(name)) => Some(name.clone()),
        });
        let names: Vec<String> = names.collect();
        if names.is_empty() { self.owner(&agreement.common, log, date) } else { Some(names.join(", ")) }
    }

    fn organization(self, code: &str) -> Option<String> {
        self.directory.organization_by_code(code).map(|found| self.read(&found.content.name))
    }

    fn party(self, party: &AgreementParty) -> Option<String> {
        match &party.party {
            PartyRef::Locality(id) => self.localities(&[*id]).pop(),
            PartyRef::Organization(code) => self.organization(code),
            PartyRef::Named(name) => Some(name.clone()),
        }
    }
}

/// Returns the year in which a date certainly begins.
fn year(date: Option<&FuzzyDate>) -> Option<i32> {
    let date = date.filter(|date| !date.is_qualified());
    let (earliest, latest) = (date?.earliest()?.year(), date?.first_latest()?.year());
    (earliest == latest).then_some(earliest)
}

impl Titled for Relation {
    fn title(&self) -> Option<&Bilingual> {
        None
    }

    fn title_parts(&self, log: Log, namer: Namer<'_>) -> Option<TitleParts> {
        let date = self.established.as_ref();
        Some(TitleParts {
            subject: TitleSubject::Tier(self.tier),
            owner: namer.owner(&self.common, log, date),
            partners: namer.localities(&[self.partner]),
            year: year(date),
        })
    }
}

impl Titled for Agreement {
    fn title(&self) -> Option<&Bilingual> {
        Some(&self.title)
    }

    fn title_parts(&self, log: Log, namer: Namer<'_>) -> Option<TitleParts> {
        let date = self.signed.as_ref();
        let parties: Vec<String> = self.parties.iter().filter_map(|party| namer.party(party)).collect();
        Some(TitleParts {
            subject: TitleSubject::Form(namer.term(self.form)?),
            owner: namer.own_parties(self, log),
            partners: if parties.is_empty() { namer.countries(self.country) } else { parties },
            year: year(date),
        })
    }
}

impl Titled for Event {
    fn title(&self) -> Option<&Bilingual> {
        Some(&self.title)
    }

    fn title_parts(&self, log: Log, namer: Namer<'_>) -> Option<TitleParts> {
        let date = self.when.as_ref();
        let partners = namer.localities(&self.partners);
        let countries = || namer.countries(self.audience.iter().copied());
        Some(TitleParts {
            subject: TitleSubject::Activity(namer.term(self.kind)?),
            owner: namer.owner(&self.common, log, date),
            partners: if partners.is_empty() { countries() } else { partners },
            year: year(date),
        })
    }
}

impl Titled for Programme {
    fn title(&self) -> Option<&Bilingual> {
        Some(&self.title)
    }

    fn title_parts(&self, log: Log, namer: Namer<'_>) -> Option<TitleParts> {
        let date = self.period.as_ref();
        let mut partners = namer.localities(&self.partners);
        partners.extend(self.partner_body.clone());
        let countries = || namer.countries(self.countries.iter().copied());
        Some(TitleParts {
            subject: TitleSubject::Activity(namer.term(self.kind)?),
            owner: namer.owner(&self.common, log, date),
            partners: if partners.is_empty() { countries() } else { partners },
            year: year(date),
        })
    }
}

impl Titled for Organization {
    fn title(&self) -> Option<&Bilingual> {
        Some(&self.name)
    }

    /// An organization abroad, or one that the ministry has entered, is not of the owner of the entry.
    fn title_parts(&self, log: Log, namer: Namer<'_>) -> Option<TitleParts> {
        let owner = namer.owner(&self.common, log, None).filter(|_| self.country.is_none())?;
        Some(TitleParts {
            subject: TitleSubject::Organization(namer.term(self.kind?)?),
            owner: Some(owner),
            partners: namer.countries(self.target_country),
            year: None,
        })
    }
}
