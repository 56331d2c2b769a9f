//! Countries and partner localities abroad.

use crate::date::FuzzyDate;
use crate::id::Id;
use crate::locale::Bilingual;
use crate::reference::{SourceId, TermId};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// A region of the world by UN M49. Its text is the stored one, its message the word
/// of the API.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
pub enum Region {
    /// Africa.
    #[strum(serialize = "Africa", message = "AFRICA")]
    Africa,
    /// The Americas.
    #[strum(serialize = "Americas", message = "AMERICAS")]
    Americas,
    /// Asia.
    #[strum(serialize = "Asia", message = "ASIA")]
    Asia,
    /// Europe.
    #[strum(serialize = "Europe", message = "EUROPE")]
    Europe,
    /// Oceania.
    #[strum(serialize = "Oceania", message = "OCEANIA")]
    Oceania,
}

/// A sub-region of the world by UN M49. Its text is the stored one, its message the word
/// of the API.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
pub enum Subregion {
    /// Australia and New Zealand.
    #[strum(serialize = "Australasia", message = "AUSTRALIA_AND_NEW_ZEALAND")]
    AustraliaAndNewZealand,
    /// The Caribbean.
    #[strum(serialize = "Caribbean", message = "CARIBBEAN")]
    Caribbean,
    /// Central America.
    #[strum(serialize = "Central America", message = "CENTRAL_AMERICA")]
    CentralAmerica,
    /// Central Asia.
    #[strum(serialize = "Central Asia", message = "CENTRAL_ASIA")]
    CentralAsia,
    /// Eastern Africa.
    #[strum(serialize = "Eastern Africa", message = "EASTERN_AFRICA")]
    EasternAfrica,
    /// Eastern Asia.
    #[strum(serialize = "Eastern Asia", message = "EASTERN_ASIA")]
    EasternAsia,
    /// Eastern Europe.
    #[strum(serialize = "Eastern Europe", message = "EASTERN_EUROPE")]
    EasternEurope,
    /// Melanesia.
    #[strum(serialize = "Melanesia", message = "MELANESIA")]
    Melanesia,
    /// Micronesia.
    #[strum(serialize = "Micronesian Region", message = "MICRONESIA")]
    Micronesia,
    /// Middle Africa.
    #[strum(serialize = "Middle Africa", message = "MIDDLE_AFRICA")]
    MiddleAfrica,
    /// Northern Africa.
    #[strum(serialize = "Northern Africa", message = "NORTHERN_AFRICA")]
    NorthernAfrica,
    /// Northern America.
    #[strum(serialize = "Northern America", message = "NORTHERN_AMERICA")]
    NorthernAmerica,
    /// Northern Europe.
    #[strum(serialize = "Northern Europe", message = "NORTHERN_EUROPE")]
    NorthernEurope,
    /// Polynesia.
    #[strum(serialize = "Polynesia", message = "POLYNESIA")]
    Polynesia,
    /// South America.
    #[strum(serialize = "South America", message = "SOUTH_AMERICA")]
    SouthAmerica,
    /// South-eastern Asia.
    #[strum(serialize = "Southeast Asia", message = "SOUTH_EASTERN_ASIA")]
    SouthEasternAsia,
    /// Southern Africa.
    #[strum(serialize = "Southern Africa", message = "SOUTHERN_AFRICA")]
    SouthernAfrica,
    /// Southern Asia.
    #[strum(serialize = "Southern Asia", message = "SOUTHERN_ASIA")]
    SouthernAsia,
    /// Southern Europe.
    #[strum(serialize = "Southern Europe", message = "SOUTHERN_EUROPE")]
    SouthernEurope,
    /// Western Africa.
    #[strum(serialize = "Western Africa", message = "WESTERN_AFRICA")]
    WesternAfrica,
    /// Western Asia.
    #[strum(serialize = "Western Asia", message = "WESTERN_ASIA")]
    WesternAsia,
    /// Western Europe.
    #[strum(serialize = "Western Europe", message = "WESTERN_EUROPE")]
    WesternEurope,
}

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
    /// The UN M49 region; None for Antarctica.
    #[serde(with = "text_or_blank")]
    pub region: Option<Region>,
    /// The UN M49 sub-region; None for Antarctica.
    #[serde(with = "text_or_blank")]
    pub subregion: Option<Subregion>,
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

/// The kind of another name of a locality.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LocalityNameKind {
    /// Another spelling of the name.
    Spelling,
    /// The name in another script or language, by its sound.
    Transliteration,
    /// The name in the language of the place.
    Native,
    /// A name that the locality no longer has.
    FormerName,
}

/// Another name of a locality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// The name as printed.
    pub name: String,
    /// The ISO 639-1 language of the name.
    pub language: String,
    /// The kind.
    pub kind: LocalityNameKind,
}

/// Serializes an absent value as an empty text, the form in which the log has it.
mod text_or_blank {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use std::str::FromStr;

    pub(super) trait StoredText {
        fn stored_text(&self) -> &'static str;
    }

    impl<T: Copy + Into<&'static str>> StoredText for Option<T> {
        fn stored_text(&self) -> &'static str {
            self.map_or("", Into::into)
        }
    }

    pub(super) fn serialize<T: StoredText, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value.stored_text())
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(deserializer)?;
        let parse = |text: String| T::from_str(&text).map_err(|_| D::Error::custom("an unknown region"));
        Some(text).filter(|text| !text.is_empty()).map(parse).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_region_is_the_text_of_the_data_or_blank() {
        let country = Country {
            id: Id::new(1),
            iso2: "VN".to_owned(),
            iso3: "VNM".to_owned(),
            name: Bilingual::default(),
            region: Some(Region::Asia),
            subregion: None,
        };
        let stored = serde_json::to_value(&country).unwrap();
        assert_eq!((&stored["region"], &stored["subregion"]), (&"Asia".into(), &"".into()));
        assert_eq!(serde_json::from_value::<Country>(stored).unwrap(), country);
    }
}
