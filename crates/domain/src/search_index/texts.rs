//! The texts and attributes that each kind of entry is found by.

use super::{Attribute, SearchField, SearchText, Searchable};
use crate::agreement::Agreement;
use crate::date::{Day, FuzzyDate};
use crate::event::Event;
use crate::figure::Figure;
use crate::instrument::Instrument;
use crate::locale::Bilingual;
use crate::organization::Organization;
use crate::party::{OrganizationRef, Participant, PartyRef};
use crate::programme::Programme;
use crate::relation::Relation;

/// Collects the texts of an entry.
#[derive(Default)]
struct Texts<'a>(Vec<SearchText<'a>>);

impl<'a> Texts<'a> {
    fn of(name: &'a Bilingual) -> Self {
        Self::default().with(SearchField::Name, name.texts())
    }

    fn with(mut self, field: SearchField, texts: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.extend(texts.into_iter().map(|text| SearchText { field, text }));
        self
    }
}

fn printed_names<'a>(
    organizations: impl IntoIterator<Item = &'a OrganizationRef>,
) -> impl Iterator<Item = &'a str> {
    organizations.into_iter().filter_map(|organization| match organization {
        OrganizationRef::Named(name) => Some(name.as_str()),
        OrganizationRef::Code(_) => None,
    })
}

fn organizations<'a>(
    participants: impl Iterator<Item = &'a Participant>,
) -> impl Iterator<Item = &'a OrganizationRef> {
    participants.filter_map(|participant| match participant {
        Participant::Organization(organization) => Some(organization),
        Participant::Unit(_) => None,
    })
}

fn organization_codes<'a>(
    organizations: impl IntoIterator<Item = &'a OrganizationRef>,
) -> impl Iterator<Item = Attribute> {
    organizations.into_iter().filter_map(|organization| match organization {
        OrganizationRef::Code(code) => Some(Attribute::Organization(code.clone())),
        OrganizationRef::Named(_) => None,
    })
}

fn earliest(date: Option<&FuzzyDate>) -> Option<Day> {
    date.and_then(FuzzyDate::earliest)
}

impl Searchable for Relation {
    fn searched_date(&self) -> Option<Day> {
        earliest(self.established.as_ref())
    }

    fn own_texts(&self) -> Vec<SearchText<'_>> {
        let bodies = printed_names(self.own_bodies.iter().chain(&self.partner_bodies));
        Texts::default().with(SearchField::Organization, bodies).0
    }

    fn own_attributes(&self) -> Vec<Attribute> {
        let bodies = organization_codes(self.own_bodies.iter().chain(&self.partner_bodies));
        bodies.chain([Attribute::Locality(self.partner), Attribute::Tier(self.tier)]).collect()
    }
}

impl Searchable for Agreement {
    fn searched_date(&self) -> Option<Day> {
        earliest(self.signed.as_ref())
    }

    fn own_texts(&self) -> Vec<SearchText<'_>> {
        let named = self.parties.iter().filter_map(|party| match &party.party {
            PartyRef::Named(name) => Some(name.as_str()),
            PartyRef::Locality(_) | PartyRef::Organization(_) => None,
        });
        let own = organizations(self.own_parties.iter().map(|own| &own.party));
        Texts::of(&self.title)
            .with(SearchField::Organization, named.chain(printed_names(own)))
            .with(SearchField::Text, self.legal_basis.as_deref())
            .0
    }

    fn own_attributes(&self) -> Vec<Attribute> {
        let parties = self.parties.iter().filter_map(|party| match &party.party {
            PartyRef::Locality(locality) => Some(Attribute::Locality(*locality)),
            PartyRef::Organization(code) => Some(Attribute::Organization(code.clone())),
            PartyRef::Named(_) => None,
        });
        let own = organization_codes(organizations(self.own_parties.iter().map(|own| &own.party)));
        let country = self.country.map(Attribute::Country);
        parties.chain(own).chain(country).chain([Attribute::Term(self.form)]).collect()
    }
}

impl Searchable for Event {
    fn searched_date(&self) -> Option<Day> {
        earliest(self.when.as_ref())
    }

    fn own_texts(&self) -> Vec<SearchText<'_>> {
        let hosts = organizations(self.hosts.iter().chain(&self.co_organizers));
        Texts::of(&self.title)
            .with(SearchField::Name, self.other_title.as_deref())
            .with(SearchField::Text, self.series.as_deref())
            .with(SearchField::Place, self.place.as_deref())
            .with(SearchField::Organization, printed_names(hosts))
            .0
    }

    fn own_attributes(&self) -> Vec<Attribute> {
        let hosts = organization_codes(organizations(self.hosts.iter().chain(&self.co_organizers)));
        let countries = self.country.iter().chain(&self.audience).copied().map(Attribute::Country);
        let partners = self.partners.iter().copied().map(Attribute::Locality);
        hosts.chain(countries).chain(partners).chain([Attribute::Term(self.kind)]).collect()
    }
}

impl Searchable for Organization {
    fn searched_date(&self) -> Option<Day> {
        earliest(self.founded.as_ref())
    }

    fn own_texts(&self) -> Vec<SearchText<'_>> {
        Texts::of(&self.name)
            .with(SearchField::Name, self.abbreviation.as_deref())
            .with(SearchField::Person, self.posts.iter().map(|post| post.person.as_str()))
            .with(SearchField::Text, self.posts.iter().map(|post| post.post.as_str()))
            .0
    }

    fn own_attributes(&self) -> Vec<Attribute> {
        let countries = self.country.into_iter().chain(self.target_country).map(Attribute::Country);
        countries.chain(self.kind.map(Attribute::Term)).collect()
    }
}

impl Searchable for Programme {
    fn searched_date(&self) -> Option<Day> {
        earliest(self.period.as_ref().or(self.as_of.as_ref()))
    }

    fn own_texts(&self) -> Vec<SearchText<'_>> {
        Texts::of(&self.title).with(SearchField::Organization, self.partner_body.as_deref()).0
    }

    fn own_attributes(&self) -> Vec<Attribute> {
        let countries = self.countries.iter().copied().map(Attribute::Country);
        let partners = self.partners.iter().copied().map(Attribute::Locality);
        countries.chain(partners).chain([Attribute::Term(self.kind)]).collect()
    }
}

impl Searchable for Figure {
    fn searched_date(&self) -> Option<Day> {
        earliest(self.as_of.as_ref().or(self.period.as_ref()))
    }

    fn own_texts(&self) -> Vec<SearchText<'_>> {
        let dimensions = self.dimensions.iter().map(|dimension| dimension.value.as_str());
        Texts::default().with(SearchField::Text, dimensions.chain(self.quote.as_deref())).0
    }

    fn own_attributes(&self) -> Vec<Attribute> {
        let country = self.country.map(Attribute::Country);
        let organization = self.organization.clone().map(Attribute::Organization);
        country.into_iter().chain(organization).chain([Attribute::Term(self.indicator)]).collect()
    }
}

impl Searchable for Instrument {
    fn searched_date(&self) -> Option<Day> {
        earliest(self.issued.as_ref().or(self.effective.as_ref()).or(self.period.as_ref()))
    }

    fn own_texts(&self) -> Vec<SearchText<'_>> {
        Texts::of(&self.title)
            .with(SearchField::Number, self.number.as_deref())
            .with(SearchField::Organization, self.issuer.as_deref())
            .0
    }

    fn own_attributes(&self) -> Vec<Attribute> {
        vec![Attribute::Instrument(self.kind)]
    }
}
