//! Drafts of agreements.

mod act;
mod document;
mod party;
#[cfg(test)]
mod tests;

pub use act::ActDraft;
pub(in crate::draft) use document::parse_sha256;
pub use document::{FileDraft, SignatoryDraft};
pub use party::PartyDraft;

use super::writer::{DraftWriter, edtf, number, text, word};
use super::{
    CommonDraft, DateEvidence, Draft, DraftReader, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, ParsedDraft,
    VietnamesePartyDraft,
};
use crate::agreement::{Act, ActKind, Agreement, EntryIntoForce, SigningLevel};
use crate::date::Day;
use crate::directory::Directory;
use crate::id::Log;
use crate::locale::Bilingual;
use crate::party::{AgreementParty, PartyRef};
use crate::reference::Vocabulary;
use crate::status::{AgreementStatus, Stated};
use crate::validation::{ValidationError, WordList};

/// Maximum number of days of notice.
const LONGEST_NOTICE_DAYS: i32 = 3_650;

/// Unchecked input for an agreement.
#[derive(Debug, Clone, Default)]
pub struct AgreementDraft {
    /// The fields that all kinds have.
    pub common: CommonDraft,
    /// The title.
    pub title: Bilingual,
    /// A code of `AGREEMENT_FORM`.
    pub form: String,
    /// A signing level, or blank when the source states none.
    pub level: String,
    /// The law or plan that it is based on, or blank.
    pub legal_basis: String,
    /// ISO 639 codes of the languages of the text.
    pub languages: Vec<String>,
    /// The files.
    pub files: Vec<FileDraft>,
    /// The slug of the partner locality, or blank.
    pub partner: String,
    /// The printed name or the code of a partner organization, or blank.
    pub partner_body: String,
    /// The signatory of the partner, or blank.
    pub partner_signatory: String,
    /// The Vietnamese parties; empty where the province alone is the party.
    pub vietnamese_parties: Vec<VietnamesePartyDraft>,
    /// Parties in addition to the partner.
    pub parties: Vec<PartyDraft>,
    /// The partner's country, ISO 3166-1 alpha-2; optional for a locality.
    pub country: String,
    /// The place of signing, or blank.
    pub signed_at: String,
    /// The signatories of the Vietnamese side.
    pub signed_by: Vec<SignatoryDraft>,
    /// The condition of entry into force, or blank.
    pub entry_into_force: String,
    /// The acts, such as signing or termination.
    pub acts: Vec<ActDraft>,
    /// The highest number that an act of the agreement has or had.
    pub last_act: i32,
    /// The last day of the term, EDTF, or blank.
    pub expires: String,
    /// Whether it renews automatically at the end of its term.
    pub renews_automatically: bool,
    /// The days of notice before the end of its term, or blank.
    pub notice_days: String,
    /// The status that the source states, or blank.
    pub status: String,
    /// The number of the edition, or blank.
    pub edition_no: String,
    /// The code of the agreement that this one renews, or blank.
    pub renews: String,
    /// The code of the agreement that this one is a subsidiary document of, or blank.
    pub parent: String,
    /// The code of the relation that it implements, or blank.
    pub relation: String,
}

impl AgreementDraft {
    /// Returns the act with this number.
    pub fn act_mut(&mut self, id: i32) -> Option<&mut ActDraft> {
        self.acts.iter_mut().find(|act| act.id == Some(id))
    }

    /// Removes the act with this number and returns it. Its number is not used again.
    pub fn void_act(&mut self, id: i32) -> Option<ActDraft> {
        let index = self.acts.iter().position(|act| act.id == Some(id))?;
        Some(self.acts.remove(index))
    }

    /// Returns the highest number of a voided act if no act has a higher one, else 0.
    fn last_void_act(&self) -> i32 {
        let is_kept = |act: &ActDraft| act.id.is_none_or(|id| id >= self.last_act);
        if self.acts.iter().any(is_kept) { 0 } else { self.last_act }
    }

    fn entry_into_force(&self, reader: &mut DraftReader<'_>) -> Option<EntryIntoForce> {
        reader.enum_value("entryIntoForce", &self.entry_into_force, WordList::EntryIntoForce)
    }

    /// Checks every field. `received_on` is the day of a stated status.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Agreement>, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let level = reader.enum_value::<SigningLevel>("signingLevel", &self.level, WordList::SigningLevel);
        let acts = act::parse_acts(&mut reader, &self.acts, self.last_act);
        let signed = acts.iter().find(|act| act.kind == ActKind::Sign).map(|act| act.on.clone());
        let first = signed.as_ref().or_else(|| acts.first().map(|act| &act.on));
        let evidence = DateEvidence { first, evidence_year: None, received_on };
        let common = reader.common(&self.common, evidence);
        let title = reader.bilingual("title", &self.title, LONGEST_TITLE);
        let form = reader.term("form", Vocabulary::AgreementForm, &self.form);
        let legal_basis = reader.optional_text("legalBasis", &self.legal_basis, LONGEST_NOTE);
        let languages = document::parse_languages(&mut reader, &self.languages);
        let files = document::parse_files(&mut reader, &self.files);
        let own_parties =
            reader.vietnamese_parties("vietnameseParties", &self.vietnamese_parties, evidence.days());
        let parties = party::parse_parties(&mut reader, self);
        let country = reader.country("country", &self.country);
        let signed_at = reader.optional_text("signingPlace", &self.signed_at, LONGEST_TITLE);
        let signed_by = document::parse_signatories(&mut reader, &self.signed_by);
        let entry_into_force = self.entry_into_force(&mut reader);
        let expires = reader.date("expires", &self.expires);
        let notice_days = reader.integer("noticeDays", &self.notice_days, 0, LONGEST_NOTICE_DAYS);
        let status = reader.enum_value::<AgreementStatus>("status", &self.status, WordList::AgreementStatus);
        let edition_no = reader.integer("editionNo", &self.edition_no, 1, 99);
        let renews = reader.optional_text("renews", &self.renews, LONGEST_WORD);
        let parent = reader.optional_text("parent", &self.parent, LONGEST_WORD);
        let relation = reader.optional_text("relation", &self.relation, LONGEST_WORD);
        let parsed = common.zip(title).zip(form).map(|(((log, common), title), form)| {
            let agreement = Agreement {
                common: common.with_participants(own_parties.iter().map(|party| &party.party)),
                title,
                form,
                level,
                legal_basis,
                languages,
                files,
                own_parties,
                parties,
                country,
                signed,
                signed_at,
                signed_by,
                entry_into_force,
                expires,
                renews_automatically: self.renews_automatically,
                notice_days,
                last_void_act: self.last_void_act(),
                acts,
                stated: status.map(|status| Stated { status, on: received_on }),
                edition_no,
                renews,
                parent,
                relation,
                spans: Vec::new(),
            };
            ParsedDraft { log, content: agreement.with_derived_fields(directory) }
        });
        reader.problems.settle(parsed)
    }
}

impl Agreement {
    /// Returns the agreement with its derived fields: the country of its partner, the order of its
    /// acts and its status spans.
    fn with_derived_fields(mut self, directory: &Directory) -> Self {
        if let Some(partner) = self.partner().and_then(|partner| directory.locality(partner)) {
            self.country = Some(partner.country);
        }
        self.put_acts_in_order();
        self.spans = self.status_history().spans();
        self
    }
}

impl DraftWriter<'_> {
    fn act(&self, act: &Act) -> ActDraft {
        ActDraft {
            id: Some(act.id),
            kind: word(Some(act.kind)),
            on: act.on.edtf().to_owned(),
            until: edtf(act.until.as_ref()),
            note: act.note.clone(),
            source: act.source.map(|source| self.source(source)).unwrap_or_default(),
        }
    }

    fn party(&self, party: &AgreementParty) -> PartyDraft {
        let (locality, organization) = match &party.party {
            PartyRef::Locality(locality) => (self.locality(*locality), String::new()),
            PartyRef::Organization(body) | PartyRef::Named(body) => (String::new(), body.clone()),
        };
        PartyDraft { locality, organization, signatory: text(party.signatory.as_ref()) }
    }
}

impl Draft for AgreementDraft {
    type Content = Agreement;

    fn from_content(agreement: &Agreement, log: Log, directory: &Directory) -> Self {
        let writer = DraftWriter { directory };
        let mut parties = agreement.parties.iter().map(|party| writer.party(party));
        let partner = parties.next().unwrap_or_default();
        Self {
            common: writer.common(&agreement.common, log),
            title: agreement.title.clone(),
            form: writer.term(agreement.form),
            level: word(agreement.level),
            legal_basis: text(agreement.legal_basis.as_ref()),
            languages: agreement.languages.clone(),
            files: agreement
                .files
                .iter()
                .map(|file| FileDraft {
                    name: file.name.clone(),
                    media_type: file.media_type.clone(),
                    sha256: file.sha256.clone(),
                    size_bytes: file.size_bytes.to_string(),
                    language: text(file.language.as_ref()),
                    is_stored: file.is_stored,
                })
                .collect(),
            partner: partner.locality,
            partner_body: partner.organization,
            partner_signatory: partner.signatory,
            vietnamese_parties: agreement
                .own_parties
                .iter()
                .map(|party| writer.vietnamese_party(party))
                .collect(),
            parties: parties.collect(),
            // That of a locality follows from it, and does not remain when it is replaced.
            country: agreement
                .country
                .filter(|_| agreement.partner().is_none())
                .map(|country| writer.country(country))
                .unwrap_or_default(),
            signed_at: text(agreement.signed_at.as_ref()),
            signed_by: agreement
                .signed_by
                .iter()
                .map(|person| SignatoryDraft { name: person.name.clone(), post: text(person.post.as_ref()) })
                .collect(),
            entry_into_force: word(agreement.entry_into_force),
            acts: agreement.acts.iter().map(|act| writer.act(act)).collect(),
            last_act: agreement.acts.iter().map(|act| act.id).fold(agreement.last_void_act, i32::max),
            expires: edtf(agreement.expires.as_ref()),
            renews_automatically: agreement.renews_automatically,
            notice_days: number(agreement.notice_days),
            status: word(agreement.stated.map(|stated| stated.status)),
            edition_no: number(agreement.edition_no),
            renews: text(agreement.renews.as_ref()),
            parent: text(agreement.parent.as_ref()),
            relation: text(agreement.relation.as_ref()),
        }
    }

    fn common(&self) -> &CommonDraft {
        &self.common
    }

    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Agreement>, Vec<ValidationError>> {
        self.parse(directory, received_on)
    }
}
