//! Drafts of the names of countries.

use super::{DraftReader, LONGEST_TITLE};
use crate::directory::Directory;
use crate::locale::Bilingual;
use crate::place::Country;
use crate::validation::ValidationError;

/// Unchecked input for the name of a country.
#[derive(Debug, Clone, Default)]
pub struct CountryNameDraft {
    /// The name.
    pub name: Bilingual,
    /// Errors that the caller found while filling the draft.
    pub prior_errors: Vec<ValidationError>,
}

impl CountryNameDraft {
    /// Returns the draft of the current name, so that a caller can change one language.
    #[must_use]
    pub fn from_country(country: &Country) -> Self {
        Self { name: country.name.clone(), prior_errors: Vec::new() }
    }

    /// Returns the country with this name, which is required in both languages.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(&self, directory: &Directory, country: &Country) -> Result<Country, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let mut text = |path: &str, raw: &Option<String>| {
            reader.text(path, raw.as_deref().unwrap_or_default(), LONGEST_TITLE)
        };
        let (vi, en) = (text("name.vi", &self.name.vi), text("name.en", &self.name.en));
        reader.problems.join(&self.prior_errors);
        let parsed = vi.zip(en).map(|(vi, en)| Country { name: Bilingual::both(vi, en), ..country.clone() });
        reader.problems.settle(parsed)
    }
}
