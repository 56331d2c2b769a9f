//! Countries, and the localities abroad that are partners.

use crate::date::FuzzyDate;
use crate::entry::{CountryId, SourceId, TermId};
use crate::id::Id;
use crate::locale::Bilingual;
use serde::{Deserialize, Serialize};

/// A state or territory. Its name follows the ministry's list first, then the standard list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Country {
    /// Surrogate key.
    pub id: CountryId,
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    /// The name that is shown.
    pub name: Bilingual,
    /// UN M49 region: Asia, Europe and so on.
    pub region: String,
    /// UN M49 sub-region.
    pub subregion: String,
}

/// The key of a locality.
pub type LocalityId = Id<Locality>;

/// A point on the globe, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GeoPoint {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A partner abroad: a province, prefecture, city or the like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Locality {
    /// Surrogate key.
    pub id: LocalityId,
    /// The stable human key: country and name.
    pub slug: String,
    /// The canonical name; Vietnamese where a Vietnamese one is known.
    pub name: Bilingual,
    /// The name in the language of the place.
    pub native_name: Option<String>,
    /// Every other name that documents print for it.
    pub aliases: Vec<Alias>,
    /// Where it lies.
    pub country: CountryId,
    /// Its level, a term of `PARTNER_LEVEL`.
    pub level: Option<TermId>,
    /// A point inside it.
    pub location: Option<GeoPoint>,
    /// ISO 3166-2, where it has one.
    pub iso_3166_2: Option<String>,
    /// Wikidata item.
    pub wikidata_id: Option<String>,
    /// When it ceased to be.
    pub valid_to: Option<FuzzyDate>,
    /// A remark of the register.
    pub note: Option<String>,
    /// Where it was read.
    pub source: Option<SourceId>,
}

/// Another name of a locality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// As printed.
    pub name: String,
    /// ISO 639-1 language of the name.
    pub language: String,
    /// SPELLING, TRANSLITERATION, NATIVE or `FORMER_NAME`.
    pub kind: String,
}
