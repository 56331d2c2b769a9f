//! The reference data that synthetic entries use: real provinces, localities and terms.

use super::SOURCE_CODE;
use super::rng::SeededRng;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::UnitId;
use caunoi_domain::locale::{Bilingual, Locale};
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::validation::{InvalidReason, Reason};
use std::sync::Arc;

/// The code and name of a term.
pub(super) type CodedName = (String, Bilingual);

/// The reference data to choose from; no list is empty.
#[derive(Debug)]
pub(super) struct ReferenceSample {
    pub(super) directory: Arc<Directory>,
    /// The units of each province, those that it succeeded included; the most populous province
    /// first.
    homes: Vec<Vec<UnitId>>,
    pub(super) partners: Vec<PartnerLocality>,
    pub(super) fields: Vec<CodedName>,
    pub(super) forms: Vec<CodedName>,
    pub(super) kinds: Vec<CodedName>,
}

/// A locality abroad.
#[derive(Debug)]
pub(super) struct PartnerLocality {
    pub(super) slug: String,
    pub(super) name: Bilingual,
    pub(super) country: String,
}

impl ReferenceSample {
    pub(super) fn new(directory: Arc<Directory>) -> Result<Self, Reason> {
        let words = |vocabulary| -> Vec<CodedName> {
            directory.terms(vocabulary).map(|term| (term.code.clone(), term.name.clone())).collect()
        };
        let partners = directory.localities().iter().filter_map(|locality| {
            let country = directory.country(locality.country)?.iso2.clone();
            Some(PartnerLocality { slug: locality.slug.clone(), name: locality.name.clone(), country })
        });
        let scene = Self {
            homes: homes(&directory),
            partners: partners.collect(),
            fields: words(Vocabulary::Field),
            forms: words(Vocabulary::AgreementForm),
            kinds: words(Vocabulary::EventKind),
            directory,
        };
        let is_empty = scene.homes.is_empty()
            || scene.partners.is_empty()
            || [&scene.fields, &scene.forms, &scene.kinds].iter().any(|words| words.is_empty());
        if is_empty || scene.directory.source_by_code(SOURCE_CODE).is_none() {
            return Err(InvalidReason::SampleMissing.into());
        }
        Ok(scene)
    }

    /// Returns a unit of a random province; populous provinces are more frequent.
    pub(super) fn home(&self, rng: &mut SeededRng) -> UnitId {
        let units = rng.choose_early(&self.homes);
        *rng.choose(units)
    }

    /// Returns the slug and name of the unit into which a unit had changed by a day.
    pub(super) fn unit_on(&self, home: UnitId, day: Day) -> (String, Bilingual) {
        let unit = self.directory.unit(self.directory.unit_on(home, Some(day)));
        let name = unit.and_then(|unit| unit.designation(day)).map(|designation| designation.name.clone());
        (unit.map(|unit| unit.slug.clone()).unwrap_or_default(), name.unwrap_or_default())
    }
}

fn homes(directory: &Directory) -> Vec<Vec<UnitId>> {
    let mut provinces: Vec<_> = directory.provinces().iter().collect();
    provinces.sort_by_key(|province| (std::cmp::Reverse(province.population), province.log));
    let units_of = |log| {
        let lives_on =
            |unit: &UnitId| directory.province_of(*unit).is_some_and(|province| province.log == log);
        directory.units().iter().map(|unit| unit.id).filter(lives_on).collect()
    };
    provinces.into_iter().map(|province| units_of(province.log)).collect()
}

/// Returns a title in both languages with the mark of synthetic entries.
pub(super) fn title(pieces: impl Fn(Locale) -> String) -> Bilingual {
    let marked = |locale, mark| format!("{} ({mark})", pieces(locale));
    Bilingual::both(marked(Locale::Vi, super::MARK_VI), marked(Locale::En, super::MARK_EN))
}
