//! The two languages of the register.

use serde::{Deserialize, Serialize};
use strum::{EnumMessage, IntoStaticStr, VariantArray};

/// A language of texts and names.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumMessage,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Locale {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Locale {
    /// Both languages, Vietnamese first.
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// Returns the supported language with the highest weight in an `Accept-Language` header;
    /// Vietnamese where it contains neither.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',').take(20) {
            let mut pieces = part.split(';').map(str::trim);
            let tag = pieces.next().unwrap_or_default().to_ascii_lowercase();
            let locale = match tag.split('-').next().unwrap_or_default() {
                "vi" | "*" => Self::Vi,
                "en" => Self::En,
                _ => continue,
            };
            let weight = pieces
                .find_map(|piece| piece.strip_prefix("q="))
                .map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, locale));
            }
        }
        best.map_or(Self::Vi, |(_, locale)| locale)
    }
}

/// A text in one or both languages; a missing language falls back to the other one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bilingual {
    /// The Vietnamese text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub vi: Option<String>,
    /// The English text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub en: Option<String>,
}

impl Bilingual {
    /// Returns whether it has a text in neither language.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.vi.is_none() && self.en.is_none()
    }

    /// Returns the texts that are present.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.vi.iter().chain(self.en.iter()).map(String::as_str)
    }

    /// Returns whether it has no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.vi.is_none() && self.en.is_none()
    }

    /// Returns the text in this language; None where it exists in the other one only.
    #[must_use]
    pub fn only_in(&self, locale: Locale) -> Option<&str> {
        match locale {
            Locale::Vi => self.vi.as_deref(),
            Locale::En => self.en.as_deref(),
        }
    }

    /// Returns a text in both languages.
    #[must_use]
    pub fn both(vi: String, en: String) -> Self {
        Self { vi: Some(vi), en: Some(en) }
    }

    /// Returns the text in this language, else in the other, and its actual language.
    #[must_use]
    pub fn read(&self, locale: Locale) -> (&str, Locale) {
        let (first, second, other) = match locale {
            Locale::Vi => (&self.vi, &self.en, Locale::En),
            Locale::En => (&self.en, &self.vi, Locale::Vi),
        };
        match (first, second) {
            (Some(text), _) => (text, locale),
            (None, Some(text)) => (text, other),
            (None, None) => ("", locale),
        }
    }

    /// Returns the text in this language, else in the other, else an empty text.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> &str {
        self.read(locale).0
    }
}
