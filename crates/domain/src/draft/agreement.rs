//! Drafts of agreements.

use super::{CommonDraft, Dating, LONGEST_TITLE, LONGEST_WORD, Placed, Reading};
use crate::agreement::{Act, ActKind, Agreement, AgreementParty, PartyRef};
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::locale::Bilingual;
use crate::reference::Vocabulary;
use crate::refusal::{Problem, Refusal};
use crate::relation::Stated;
use crate::status::{AgreementLife, AgreementStatus};

/// An agreement as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct AgreementDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// The title.
    pub title: Bilingual,
    /// A code of `AGREEMENT_FORM`.
    pub form: String,
    /// The slug of the partner locality, or blank.
    pub partner: String,
    /// The printed name or the code of a partner that is a body, or blank.
    pub partner_body: String,
    /// The partner's country, ISO 3166-1 alpha-2; for a locality it may be blank.
    pub country: String,
    /// What happened.
    pub acts: Vec<ActDraft>,
    /// The last day of the term, EDTF, or blank.
    pub expires: String,
    /// The status that the source states, or blank.
    pub status: String,
    /// Which edition, or blank.
    pub edition_no: String,
    /// The code of the agreement that this one renews, or blank.
    pub renews: String,
    /// The code of the relation that it serves, or blank.
    pub relation: String,
}

/// An act as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct ActDraft {
    /// A kind of act.
    pub kind: String,
    /// EDTF.
    pub on: String,
    /// A remark.
    pub note: Bilingual,
}

impl AgreementDraft {
    /// Checks every field; `brought_on` is the day for which a bare status is stated.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Agreement>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let acts = self.acts(&mut reading);
        let signed = acts.iter().find(|act| act.kind == ActKind::Sign).map(|act| act.on.clone());
        let first = signed.as_ref().or_else(|| acts.first().map(|act| &act.on));
        let common = reading.common(&self.common, Dating { first, evidence_year: None, brought_on });
        let title = reading.bilingual("title", &self.title, LONGEST_TITLE);
        let form = reading.term("form", Vocabulary::AgreementForm, &self.form);
        let parties = self.parties(&mut reading);
        let stated_country = reading.country("country", &self.country);
        let expires = reading.date("expires", &self.expires);
        let status = reading.word::<AgreementStatus>("status", &self.status, "a status of agreements");
        let edition_no = reading.number("editionNo", &self.edition_no, 1, 99);
        let renews = reading.optional_text("renews", &self.renews, LONGEST_WORD);
        let relation = reading.optional_text("relation", &self.relation, LONGEST_WORD);
        let made = common.zip(title).zip(form).map(|(((log, common), title), form)| {
            let mut agreement = Agreement {
                common,
                title,
                form,
                parties,
                country: stated_country,
                signed,
                expires,
                renews_automatically: false,
                acts,
                stated: status.map(|status| Stated { status, on: brought_on }),
                edition_no,
                renews,
                relation,
                spans: Vec::new(),
            };
            if let Some(partner) = agreement.partner().and_then(|partner| directory.locality(partner)) {
                agreement.country = Some(partner.country);
            }
            agreement.spans = agreement.life().spans();
            Placed { log, content: agreement }
        });
        reading.problems.settle(made)
    }

    fn acts(&self, reading: &mut Reading<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        for (index, draft) in self.acts.iter().enumerate() {
            let kind =
                reading.required_word::<ActKind>(&format!("acts.{index}.kind"), &draft.kind, "a kind of act");
            let path = format!("acts.{index}.on");
            reading.present(&path, &draft.on);
            let on = reading.date(&path, &draft.on);
            if let Some((kind, on)) = kind.zip(on) {
                acts.push(Act { kind, on, until: None, note: draft.note.clone(), source: None });
            }
        }
        acts.sort_by_key(|act| act.on.first_latest());
        acts
    }

    fn parties(&self, reading: &mut Reading<'_>) -> Vec<AgreementParty> {
        let has_locality = !self.partner.trim().is_empty();
        let has_body = !self.partner_body.trim().is_empty();
        if has_locality && has_body {
            reading.problems.note("partner", Refusal::Invalid("give a locality or a body, not both".into()));
        }
        let party = if has_locality {
            reading.localities("partner", std::slice::from_ref(&self.partner)).pop().map(PartyRef::Locality)
        } else {
            let known = reading.directory.organization_by_code(self.partner_body.trim()).is_some();
            reading
                .optional_text("partnerOrganization", &self.partner_body, LONGEST_TITLE)
                .map(|name| if known { PartyRef::Organization(name) } else { PartyRef::Named(name) })
        };
        party.into_iter().map(|party| AgreementParty { party, signatory: None }).collect()
    }
}

impl Agreement {
    /// What its status follows from.
    #[must_use]
    pub fn life(&self) -> AgreementLife<'_> {
        AgreementLife {
            acts: &self.acts,
            expires: self.expires.as_ref(),
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
