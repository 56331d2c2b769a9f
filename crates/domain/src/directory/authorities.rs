//! Names of Vietnamese authorities as documents print them.

use super::Directory;
use super::name_index::both;
use crate::place::CountryId;
use crate::spelling::canonical_words;

/// Words of an authority of a unit, in canonical spelling: sở, ủy ban nhân dân, people's committee.
const AUTHORITIES: [&[&str]; 11] = [
    &["so"],
    &["ubnd"],
    &["hdnd"],
    &["ui", "ban", "nhan", "dan"],
    &["hoi", "dong", "nhan", "dan"],
    &["tinh", "ui"],
    &["thanh", "ui"],
    &["department", "of"],
    &["people", "s", "kommittee"],
    &["people", "s", "kounkil"],
    &["parti", "kommittee"],
];

impl Directory {
    /// Returns whether a printed name is that of an authority of a Vietnamese unit: "Sở Ngoại vụ tỉnh
    /// Đồng Nai". A locality of `country` that has the same name as a unit is that locality: Hà Nam
    /// is a province of China too.
    #[must_use]
    pub fn is_vietnamese_authority(&self, name: &str, country: CountryId) -> bool {
        let words = canonical_words(name);
        let has = |part: &[&str]| words.windows(part.len()).any(|window| window == part);
        if !AUTHORITIES.iter().any(|authority| has(authority)) {
            return false;
        }
        let has_name = |name: &str| {
            let name = canonical_words(name);
            !name.is_empty() && words.windows(name.len()).any(|window| window == name)
        };
        let abroad = self.localities().iter().filter(|locality| locality.country == country);
        let mut abroad = abroad.flat_map(|locality| {
            both(&locality.name).into_iter().chain(locality.aliases.iter().map(|alias| alias.name.as_str()))
        });
        let mut designations = self.units().iter().flat_map(|unit| &unit.designations);
        designations.any(|designation| both(&designation.name).into_iter().any(has_name))
            && !abroad.any(has_name)
    }
}
