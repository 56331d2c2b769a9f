//! Writes stored contents back into drafts: they parse to the same content, so that a caller changes
//! some fields and the whole entry is checked again.

use super::{CommonDraft, MINISTRY, QuantityDraft};
use crate::date::FuzzyDate;
use crate::directory::Directory;
use crate::entry::{Common, CountryId, SourceId, TermId};
use crate::id::Log;
use crate::place::LocalityId;
use crate::quantity::{Qualifier, Quantity};

/// Converts stored ids back to the codes and slugs of drafts.
pub(super) struct DraftWriter<'a> {
    pub(super) directory: &'a Directory,
}

impl DraftWriter<'_> {
    pub(super) fn common(&self, common: &Common, log: Log) -> CommonDraft {
        let unit = common.origin_unit.or_else(|| self.directory.province(log).map(|province| province.unit));
        let unit = unit.and_then(|unit| self.directory.unit(unit)).map(|unit| unit.slug.clone());
        CommonDraft {
            unit: unit.unwrap_or_else(|| MINISTRY.to_owned()),
            pillar: word(common.pillar),
            fields: common.fields.iter().map(|field| self.term(*field)).collect(),
            sources: common.sources.iter().map(|source| self.source(*source)).collect(),
            summary: common.summary.clone(),
            merged: common.merged.clone(),
            no_source_reason: common.no_source_reason.clone(),
            secrecy: String::new(),
            prior_errors: Vec::new(),
        }
    }

    pub(super) fn term(&self, term: TermId) -> String {
        self.directory.term(term).map(|term| term.code.clone()).unwrap_or_default()
    }

    pub(super) fn source(&self, source: SourceId) -> String {
        self.directory.source(source).map(|source| source.code.clone()).unwrap_or_default()
    }

    pub(super) fn locality(&self, locality: LocalityId) -> String {
        self.directory.locality(locality).map(|locality| locality.slug.clone()).unwrap_or_default()
    }

    pub(super) fn country(&self, country: CountryId) -> String {
        self.directory.country(country).map(|country| country.iso2.clone()).unwrap_or_default()
    }
}

pub(super) fn word<W: Into<&'static str>>(word: Option<W>) -> String {
    word.map(Into::into).unwrap_or_default().to_owned()
}

pub(super) fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

pub(super) fn edtf(date: Option<&FuzzyDate>) -> String {
    date.map(|date| date.edtf().to_owned()).unwrap_or_default()
}

pub(super) fn number<N: ToString>(number: Option<N>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

pub(super) fn quantity(quantity: Option<&Quantity>) -> QuantityDraft {
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
