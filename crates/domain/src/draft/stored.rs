//! Drafts of stored entries: they parse to the same content, so that a caller changes some fields
//! and the whole entry is checked again.

mod organization;
mod programme;

use super::{
    ActDraft, AgreementDraft, CommonDraft, Draft, EventDraft, FileDraft, LeaderDraft, MINISTRY, ParsedDraft,
    PartyDraft, QuantityDraft, RelationDraft, SignatoryDraft,
};
use crate::agreement::{Act, Agreement, AgreementParty, PartyRef};
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, CountryId, SourceId, TermId};
use crate::event::{Event, Hours};
use crate::id::Log;
use crate::place::LocalityId;
use crate::quantity::{Qualifier, Quantity};
use crate::relation::Relation;
use crate::validation::ValidationError;
use chrono::{DateTime, SecondsFormat};

/// Converts stored ids back to the codes and slugs of drafts.
struct DraftWriter<'a> {
    directory: &'a Directory,
}

impl DraftWriter<'_> {
    fn common(&self, common: &Common, log: Log) -> CommonDraft {
        let unit = common.origin_unit.or_else(|| self.directory.province(log).map(|province| province.unit));
        let unit = unit.and_then(|unit| self.directory.unit(unit)).map(|unit| unit.slug.clone());
        CommonDraft {
            unit: unit.unwrap_or_else(|| MINISTRY.to_owned()),
            pillar: word(common.pillar),
            fields: common.fields.iter().map(|field| self.term(*field)).collect(),
            sources: common.sources.iter().map(|source| self.source(*source)).collect(),
            secrecy: String::new(),
            prior_errors: Vec::new(),
        }
    }

    fn term(&self, term: TermId) -> String {
        self.directory.term(term).map(|term| term.code.clone()).unwrap_or_default()
    }

    fn source(&self, source: SourceId) -> String {
        self.directory.source(source).map(|source| source.code.clone()).unwrap_or_default()
    }

    fn locality(&self, locality: LocalityId) -> String {
        self.directory.locality(locality).map(|locality| locality.slug.clone()).unwrap_or_default()
    }

    fn country(&self, country: CountryId) -> String {
        self.directory.country(country).map(|country| country.iso2.clone()).unwrap_or_default()
    }

    fn act(&self, act: &Act) -> ActDraft {
        ActDraft {
            kind: word(Some(act.kind)),
            on: act.on.edtf().to_owned(),
            until: edtf(act.until.as_ref()),
            note: act.note.clone(),
            source: act.source.map(|source| self.source(source)).unwrap_or_default(),
        }
    }

    fn party(&self, party: &AgreementParty) -> PartyDraft {
        let (locality, organization) = match &party.party {
            PartyRef::Locality(locality) => (self.locality(*locality), String::new()),
            PartyRef::Organization(body) | PartyRef::Named(body) => (String::new(), body.clone()),
        };
        PartyDraft { locality, organization, signatory: text(party.signatory.as_ref()) }
    }
}

fn word<W: Into<&'static str>>(word: Option<W>) -> String {
    word.map(Into::into).unwrap_or_default().to_owned()
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn edtf(date: Option<&FuzzyDate>) -> String {
    date.map(|date| date.edtf().to_owned()).unwrap_or_default()
}

fn number<N: ToString>(number: Option<N>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn quantity(quantity: Option<&Quantity>) -> QuantityDraft {
    let Some(quantity) = quantity else { return QuantityDraft::default() };
    // Bounds of other qualifiers are derived.
    let states_bounds = matches!(quantity.qualifier, Qualifier::Range | Qualifier::About | Qualifier::Top);
    QuantityDraft {
        value: number(quantity.value),
        lower: number(quantity.lower.filter(|_| states_bounds)),
        upper: number(quantity.upper.filter(|_| states_bounds)),
        qualifier: word(Some(quantity.qualifier)),
        unit: quantity.unit.clone(),
        currency: text(quantity.currency.as_ref()),
    }
}

fn instant(at_us: i64) -> String {
    let instant = DateTime::from_timestamp_micros(at_us).unwrap_or_default();
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

impl Draft for RelationDraft {
    type Content = Relation;

    fn from_content(relation: &Relation, log: Log, directory: &Directory) -> Self {
        let writer = DraftWriter { directory };
        Self {
            common: writer.common(&relation.common, log),
            partner: writer.locality(relation.partner),
            tier: word(Some(relation.tier)),
            established: edtf(relation.established.as_ref()),
            ended: edtf(relation.ended.as_ref()),
            status: word(relation.stated.map(|stated| stated.status)),
            founding_agreement: text(relation.founding_agreement.as_ref()),
            continues: text(relation.continues.as_ref()),
            evidence_year: number(relation.evidence_year),
            confidence: word(relation.confidence),
            note: text(relation.note.as_ref()),
        }
    }

    fn common(&self) -> &CommonDraft {
        &self.common
    }

    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Relation>, Vec<ValidationError>> {
        self.parse(directory, received_on)
    }
}

impl Draft for AgreementDraft {
    type Content = Agreement;

    fn from_content(agreement: &Agreement, log: Log, directory: &Directory) -> Self {
        let writer = DraftWriter { directory };
        let mut parties = agreement.parties.iter().map(|party| writer.party(party));
        let partner = parties.next().unwrap_or_default();
        Self {
            common: writer.common(&agreement.common, log),
            title: agreement.title.clone(),
            form: writer.term(agreement.form),
            level: word(agreement.level),
            legal_basis: text(agreement.legal_basis.as_ref()),
            languages: agreement.languages.clone(),
            files: agreement
                .files
                .iter()
                .map(|file| FileDraft {
                    name: file.name.clone(),
                    media_type: file.media_type.clone(),
                    sha256: file.sha256.clone(),
                    size_bytes: file.size_bytes.to_string(),
                    language: text(file.language.as_ref()),
                })
                .collect(),
            partner: partner.locality,
            partner_body: partner.organization,
            partner_signatory: partner.signatory,
            parties: parties.collect(),
            country: agreement.country.map(|country| writer.country(country)).unwrap_or_default(),
            signed_at: text(agreement.signed_at.as_ref()),
            signed_by: agreement
                .signed_by
                .iter()
                .map(|person| SignatoryDraft { name: person.name.clone(), post: text(person.post.as_ref()) })
                .collect(),
            entry_into_force: word(agreement.entry_into_force),
            acts: agreement.acts.iter().map(|act| writer.act(act)).collect(),
            expires: edtf(agreement.expires.as_ref()),
            renews_automatically: agreement.renews_automatically,
            notice_days: number(agreement.notice_days),
            status: word(agreement.stated.map(|stated| stated.status)),
            edition_no: number(agreement.edition_no),
            renews: text(agreement.renews.as_ref()),
            parent: text(agreement.parent.as_ref()),
            relation: text(agreement.relation.as_ref()),
        }
    }

    fn common(&self) -> &CommonDraft {
        &self.common
    }

    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Agreement>, Vec<ValidationError>> {
        self.parse(directory, received_on)
    }
}

impl Draft for EventDraft {
    type Content = Event;

    fn from_content(event: &Event, log: Log, directory: &Directory) -> Self {
        let writer = DraftWriter { directory };
        let hours = event.hours.as_ref();
        let occasion = |id| directory.occasion(id).map(|occasion| occasion.code.clone()).unwrap_or_default();
        Self {
            common: writer.common(&event.common, log),
            title: event.title.clone(),
            other_title: text(event.other_title.as_ref()),
            kind: writer.term(event.kind),
            direction: word(event.direction),
            mode: word(event.mode),
            level: word(event.level),
            when: edtf(event.when.as_ref()),
            starts_at: hours.map(|hours| instant(hours.starts_at_us)).unwrap_or_default(),
            ends_at: hours.and_then(|hours| hours.ends_at_us).map(instant).unwrap_or_default(),
            time_zone: hours.map(|Hours { zone, .. }| zone.name().to_owned()).unwrap_or_default(),
            place: text(event.place.as_ref()),
            country: event.country.map(|country| writer.country(country)).unwrap_or_default(),
            partners: event.partners.iter().map(|partner| writer.locality(*partner)).collect(),
            audience: event.audience.iter().map(|country| writer.country(*country)).collect(),
            series: text(event.series.as_ref()),
            edition: text(event.edition.as_ref()),
            occurrences: number(event.occurrences),
            delegates: quantity(event.delegates.as_ref()),
            connections: quantity(event.connections.as_ref()),
            leaders: event
                .leaders
                .iter()
                .map(|leader| LeaderDraft { name: leader.name.clone(), post: leader.post.clone() })
                .collect(),
            occasions: event.occasions.iter().map(|id| occasion(*id)).collect(),
            anniversary_no: number(event.anniversary_no),
            outcomes: event.outcomes.clone(),
            outcome_projects: event.outcome_projects.clone(),
            relation: text(event.relation.as_ref()),
        }
    }

    fn common(&self) -> &CommonDraft {
        &self.common
    }

    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Event>, Vec<ValidationError>> {
        self.parse(directory, received_on)
    }
}
