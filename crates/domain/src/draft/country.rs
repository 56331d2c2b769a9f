//! Drafts of how countries are called.

use super::{LONGEST_TITLE, Reading};
use crate::directory::Directory;
use crate::locale::Bilingual;
use crate::place::Country;
use crate::refusal::Problem;

/// How a country is called, as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct CountryNameDraft {
    /// The name.
    pub name: Bilingual,
    /// What whoever filled the draft found wrong already.
    pub noted: Vec<Problem>,
}

impl CountryNameDraft {
    /// The name of this country, to change parts of it.
    #[must_use]
    pub fn of(country: &Country) -> Self {
        Self { name: country.name.clone(), noted: Vec::new() }
    }

    /// The country under this name, which must stand in both languages.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, country: &Country) -> Result<Country, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let mut text = |path: &str, raw: &Option<String>| {
            reading.text(path, raw.as_deref().unwrap_or_default(), LONGEST_TITLE)
        };
        let (vi, en) = (text("name.vi", &self.name.vi), text("name.en", &self.name.en));
        reading.problems.join(&self.noted);
        let made = vi.zip(en).map(|(vi, en)| Country { name: Bilingual::both(vi, en), ..country.clone() });
        reading.problems.settle(made)
    }
}
