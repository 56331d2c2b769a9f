//! Drafts of events.

use super::{CommonDraft, Dating, LONGEST_TITLE, LONGEST_WORD, Placed, QuantityDraft, Reading};
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::Direction;
use crate::event::Event;
use crate::locale::Bilingual;
use crate::reference::Vocabulary;
use crate::refusal::Problem;

/// An event as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct EventDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// The title.
    pub title: Bilingual,
    /// Another printed title, or blank.
    pub other_title: String,
    /// A code of `EVENT_KIND`.
    pub kind: String,
    /// IN, OUT, DOMESTIC or ONLINE, or blank.
    pub direction: String,
    /// EDTF, or blank.
    pub when: String,
    /// The town or venue, or blank.
    pub place: String,
    /// The country of the place, or blank.
    pub country: String,
    /// Slugs of partner localities.
    pub partners: Vec<String>,
    /// Countries addressed.
    pub audience: Vec<String>,
    /// The series, or blank.
    pub series: String,
    /// The edition, or blank.
    pub edition: String,
    /// How many events the entry stands for, or blank.
    pub occurrences: String,
    /// Delegates.
    pub delegates: QuantityDraft,
    /// Codes of occasions.
    pub occasions: Vec<String>,
    /// Which anniversary, or blank.
    pub anniversary_no: String,
}

impl EventDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Event>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let when = reading.date("when", &self.when);
        let dating = Dating { first: when.as_ref(), evidence_year: None, brought_on };
        let common = reading.common(&self.common, dating);
        let title = reading.bilingual("title", &self.title, LONGEST_TITLE);
        let kind = reading.term("kind", Vocabulary::EventKind, &self.kind);
        let other_title = reading.optional_text("otherTitle", &self.other_title, LONGEST_TITLE);
        let direction = reading.word::<Direction>("direction", &self.direction, "a direction");
        let place = reading.optional_text("place", &self.place, LONGEST_TITLE);
        let country = reading.country("country", &self.country);
        let partners = reading.localities("partners", &self.partners);
        let audience = reading.countries("audienceCountries", &self.audience);
        let series = reading.optional_text("series", &self.series, LONGEST_TITLE);
        let edition = reading.optional_text("edition", &self.edition, LONGEST_WORD);
        let occurrences = reading.number("occurrences", &self.occurrences, 1, 10_000);
        let delegates = reading.quantity("delegates", &self.delegates);
        let occasions = reading.occasions("occasions", &self.occasions);
        let anniversary_no = reading.number("anniversaryNo", &self.anniversary_no, 1, 9999);
        let made = common.zip(title).zip(kind).map(|(((log, common), title), kind)| Placed {
            log,
            content: Event {
                common,
                title,
                other_title,
                kind,
                direction,
                when,
                place,
                country,
                partners,
                audience,
                series,
                edition,
                occurrences,
                delegates,
                connections: None,
                occasions,
                anniversary_no,
            },
        });
        reading.problems.settle(made)
    }
}

impl Event {
    /// The day of linked activity that it stands for.
    #[must_use]
    pub fn activity_on(&self) -> Option<Day> {
        self.when.as_ref().and_then(FuzzyDate::first_latest)
    }
}
