//! What synthetic entries are put together from: real provinces, localities and terms.

use super::SOURCE_CODE;
use super::chance::Chance;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::UnitId;
use caunoi_domain::locale::{Bilingual, Locale};
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::refusal::Refusal;
use std::sync::Arc;

/// A term: its code, its name.
pub(super) type Word = (String, Bilingual);

/// The words of the register to choose from; no list is empty.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) directory: Arc<Directory>,
    /// The units that live on in each province, itself among them; the most populous first.
    homes: Vec<Vec<UnitId>>,
    pub(super) partners: Vec<Partner>,
    pub(super) fields: Vec<Word>,
    pub(super) forms: Vec<Word>,
    pub(super) kinds: Vec<Word>,
}

/// A locality abroad.
#[derive(Debug)]
pub(super) struct Partner {
    pub(super) slug: String,
    pub(super) name: Bilingual,
    pub(super) country: String,
}

impl Scene {
    pub(super) fn new(directory: Arc<Directory>) -> Result<Self, Refusal> {
        let words = |vocabulary| -> Vec<Word> {
            directory.terms(vocabulary).map(|term| (term.code.clone(), term.name.clone())).collect()
        };
        let partners = directory.localities().iter().filter_map(|locality| {
            let country = directory.country(locality.country)?.iso2.clone();
            Some(Partner { slug: locality.slug.clone(), name: locality.name.clone(), country })
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
            let why = "the register lacks the reference data that synthetic entries are made of";
            return Err(Refusal::Invalid(why.to_owned()));
        }
        Ok(scene)
    }

    /// A unit that lives on in some province, in the populous ones more often.
    pub(super) fn home(&self, chance: &mut Chance) -> UnitId {
        let units = chance.pick_early(&self.homes);
        *chance.pick(units)
    }

    /// The slug and name of what a unit had become by a day.
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

/// A title in both languages out of its pieces, which says that it is synthetic.
pub(super) fn title(pieces: impl Fn(Locale) -> String) -> Bilingual {
    let marked = |locale, mark| format!("{} ({mark})", pieces(locale));
    Bilingual::both(marked(Locale::Vi, super::MARK_VI), marked(Locale::En, super::MARK_EN))
}
