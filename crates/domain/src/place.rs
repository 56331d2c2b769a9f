//! Countries and partner localities abroad.

use crate::date::FuzzyDate;
use crate::id::Id;
use crate::locale::Bilingual;
use crate::reference::{SourceId, TermId};
use serde::{Deserialize, Serialize};

/// The key of a country or territory.
pub type CountryId = Id<Country>;

/// A state or territory. Its name follows the ministry's list first, then the standard list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Country {
    /// Surrogate key.
    pub id: CountryId,
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    /// The display name.
    pub name: Bilingual,
    /// UN M49 region: Asia, Europe and so on.
    pub region: String,
    /// UN M49 sub-region.
    pub subregion: String,
}

/// The key of a locality.
pub type LocalityId = Id<Locality>;

/// A geographic point, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GeoPoint {
    /// The latitude in degrees, north positive.
    pub latitude: f64,
    /// The longitude in degrees, east positive.
    pub longitude: f64,
}

/// A locality abroad: a province, prefecture, city or similar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Locality {
    /// Surrogate key.
    pub id: LocalityId,
    /// The stable readable key: country and name.
    pub slug: String,
    /// The canonical name; Vietnamese where a Vietnamese one is known.
    pub name: Bilingual,
    /// The name in the language of the place.
    pub native_name: Option<String>,
    /// Its other names in documents.
    pub aliases: Vec<Alias>,
    /// The country.
    pub country: CountryId,
    /// The level, a term of `PARTNER_LEVEL`.
    pub level: Option<TermId>,
    /// A point inside it.
    pub location: Option<GeoPoint>,
    /// The ISO 3166-2 code, where it has one.
    pub iso_3166_2: Option<String>,
    /// The Wikidata item.
    pub wikidata_id: Option<String>,
    /// The date when it ceased to exist.
    pub valid_to: Option<FuzzyDate>,
    /// A remark of the register.
    pub note: Option<String>,
    /// The source.
    pub source: Option<SourceId>,
}

/// Another name of a locality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// The name as printed.
    pub name: String,
    /// The ISO 639-1 language of the name.
    pub language: String,
    /// The kind: SPELLING, TRANSLITERATION, NATIVE or `FORMER_NAME`.
    pub kind: String,
}
