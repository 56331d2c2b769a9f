//! Drafts of agreements.

mod act;
mod document;
mod party;
#[cfg(test)]
mod tests;

pub use act::ActDraft;
pub use document::{FileDraft, SignatoryDraft};
pub use party::PartyDraft;

use super::{CommonDraft, Dating, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, Placed, Reading};
use crate::agreement::{ActKind, Agreement, AgreementLevel, EntryIntoForce};
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::locale::Bilingual;
use crate::reference::Vocabulary;
use crate::refusal::Problem;
use crate::relation::Stated;
use crate::status::{AgreementLife, AgreementStatus};

/// The most days of notice that an agreement may ask for.
const LONGEST_NOTICE_DAYS: i32 = 3_650;

/// An agreement as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct AgreementDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// The title.
    pub title: Bilingual,
    /// A code of `AGREEMENT_FORM`.
    pub form: String,
    /// A level, or blank where the source says none.
    pub level: String,
    /// What law or plan it rests on, or blank.
    pub legal_basis: String,
    /// ISO 639 codes of the languages that it is written in.
    pub languages: Vec<String>,
    /// Its files.
    pub files: Vec<FileDraft>,
    /// The slug of the partner locality, or blank.
    pub partner: String,
    /// The printed name or the code of a partner that is a body, or blank.
    pub partner_body: String,
    /// Who signed for the partner, or blank.
    pub partner_signatory: String,
    /// Parties beside the partner.
    pub parties: Vec<PartyDraft>,
    /// The partner's country, ISO 3166-1 alpha-2; for a locality it may be blank.
    pub country: String,
    /// Where it was signed, or blank.
    pub signed_at: String,
    /// Who signed for the own side.
    pub signed_by: Vec<SignatoryDraft>,
    /// How it takes effect, or blank.
    pub entry_into_force: String,
    /// What happened.
    pub acts: Vec<ActDraft>,
    /// The last day of the term, EDTF, or blank.
    pub expires: String,
    /// Whether it renews itself at the end of its term.
    pub renews_automatically: bool,
    /// How many days before the end of its term notice must be given, or blank.
    pub notice_days: String,
    /// The status that the source states, or blank.
    pub status: String,
    /// Which edition, or blank.
    pub edition_no: String,
    /// The code of the agreement that this one renews, or blank.
    pub renews: String,
    /// The code of the agreement that this one is a subsidiary document of, or blank.
    pub parent: String,
    /// The code of the relation that it serves, or blank.
    pub relation: String,
}

impl AgreementDraft {
    /// Checks every field; `brought_on` is the day for which a bare status is stated.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Agreement>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let level = reading.word::<AgreementLevel>("level", &self.level, "a level of agreements");
        let acts = act::read(&mut reading, &self.acts, level);
        let signed = acts.iter().find(|act| act.kind == ActKind::Sign).map(|act| act.on.clone());
        let first = signed.as_ref().or_else(|| acts.first().map(|act| &act.on));
        let common = reading.common(&self.common, Dating { first, evidence_year: None, brought_on });
        let title = reading.bilingual("title", &self.title, LONGEST_TITLE);
        let form = reading.term("form", Vocabulary::AgreementForm, &self.form);
        let legal_basis = reading.optional_text("legalBasis", &self.legal_basis, LONGEST_NOTE);
        let languages = document::languages(&mut reading, &self.languages);
        let files = document::files(&mut reading, &self.files);
        let parties = party::read(&mut reading, self);
        let country = reading.country("country", &self.country);
        let signed_at = reading.optional_text("signedAt", &self.signed_at, LONGEST_TITLE);
        let signed_by = document::signatories(&mut reading, &self.signed_by);
        let entry_into_force = reading.word::<EntryIntoForce>(
            "entryIntoForce",
            &self.entry_into_force,
            "a way of taking effect",
        );
        let expires = reading.date("expires", &self.expires);
        let notice_days = reading.number("noticeDays", &self.notice_days, 0, LONGEST_NOTICE_DAYS);
        let status = reading.word::<AgreementStatus>("status", &self.status, "a status of agreements");
        let edition_no = reading.number("editionNo", &self.edition_no, 1, 99);
        let renews = reading.optional_text("renews", &self.renews, LONGEST_WORD);
        let parent = reading.optional_text("parent", &self.parent, LONGEST_WORD);
        let relation = reading.optional_text("relation", &self.relation, LONGEST_WORD);
        let made = common.zip(title).zip(form).map(|(((log, common), title), form)| {
            let agreement = Agreement {
                common,
                title,
                form,
                level,
                legal_basis,
                languages,
                files,
                parties,
                country,
                signed,
                signed_at,
                signed_by,
                entry_into_force,
                expires,
                renews_automatically: self.renews_automatically,
                notice_days,
                acts,
                stated: status.map(|status| Stated { status, on: brought_on }),
                edition_no,
                renews,
                parent,
                relation,
                spans: Vec::new(),
            };
            Placed { log, content: agreement.completed(directory) }
        });
        reading.problems.settle(made)
    }
}

impl Agreement {
    /// The same agreement with what follows from the rest: the country of its partner, its status.
    fn completed(mut self, directory: &Directory) -> Self {
        if let Some(partner) = self.partner().and_then(|partner| directory.locality(partner)) {
            self.country = Some(partner.country);
        }
        self.spans = self.life().spans();
        self
    }

    /// What its status follows from.
    #[must_use]
    pub fn life(&self) -> AgreementLife<'_> {
        AgreementLife {
            acts: &self.acts,
            expires: self.expires.as_ref(),
            entry_into_force: self.entry_into_force,
            renews_automatically: self.renews_automatically,
            stated: self.stated,
        }
    }

    /// The first day of linked activity that it stands for: its signing.
    #[must_use]
    pub fn activity_on(&self) -> Option<Day> {
        self.signed.as_ref().and_then(FuzzyDate::first_latest)
    }
}
