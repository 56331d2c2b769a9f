//! Names of Vietnamese public bodies as documents print them.

use super::Directory;
use super::name_index::both;
use crate::place::CountryId;
use crate::spelling::canonical_words;

/// Words for a body of a unit, in canonical spelling: sở, ủy ban nhân dân, people's committee, trường
/// đại học. Friendship associations are not here: those of a unit may be abroad.
const PUBLIC_BODIES: [&[&str]; 16] = [
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
    &["lien", "hiep"],
    &["dai", "hok"],
    &["universiti"],
    &["benh", "vien"],
    &["hospital"],
];

impl Directory {
    /// Returns whether a printed name is that of a public body of a Vietnamese unit: "Sở Ngoại vụ tỉnh
    /// Đồng Nai". A locality of `country` that has the same name as a unit is that locality: Hà Nam
    /// is a province of China too.
    #[must_use]
    pub fn is_vietnamese_public_body(&self, name: &str, country: CountryId) -> bool {
        let words = canonical_words(name);
        let has = |part: &[&str]| words.windows(part.len()).any(|window| window == part);
        if !PUBLIC_BODIES.iter().any(|body| has(body)) {
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
