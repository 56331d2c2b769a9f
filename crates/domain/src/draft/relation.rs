//! Drafts of relations.

use super::participant::code_or_name;
use super::writer::{DraftWriter, edtf, number, text, word};
use super::{CommonDraft, DateEvidence, Draft, DraftReader, LONGEST_NOTE, LONGEST_WORD, ParsedDraft};
use crate::date::Day;
use crate::directory::Directory;
use crate::entry::counts_from;
use crate::id::Log;
use crate::relation::{Confidence, Relation, RelationTier};
use crate::status::{RelationStatus, Stated};
use crate::validation::{ValidationError, WordList};

/// Unchecked input for a relation.
#[derive(Debug, Clone, Default)]
pub struct RelationDraft {
    /// The fields that all kinds have.
    pub common: CommonDraft,
    /// The slug of the partner locality.
    pub partner: String,
    /// A tier.
    pub tier: String,
    /// Codes or printed names of the organizations of the province that maintain it.
    pub own_bodies: Vec<String>,
    /// Codes or printed names of their counterparts.
    pub partner_bodies: Vec<String>,
    /// EDTF, or blank.
    pub established: String,
    /// EDTF, or blank.
    pub ended: String,
    /// The status that the source states, or blank.
    pub status: String,
    /// The code of the founding agreement, or blank.
    pub founding_agreement: String,
    /// The code of the relation that this one continues, or blank.
    pub continues: String,
    /// The year of the source, or blank.
    pub evidence_year: String,
    /// HIGH, MEDIUM or LOW, or blank.
    pub confidence: String,
    /// A remark, or blank.
    pub note: String,
}

impl RelationDraft {
    /// Checks every field. `received_on` is the day of a stated status.
    ///
    /// # Errors
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Relation>, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let established = reader.date("established", &self.established);
        let ended = reader.date("ended", &self.ended);
        let evidence_year = reader.integer("evidenceYear", &self.evidence_year, 1, 9999);
        let evidence = DateEvidence { first: established.as_ref(), evidence_year, received_on };
        let common = reader.common(&self.common, evidence);
        let partner = reader.locality("partnerLocality", &self.partner);
        let tier = reader.required_enum::<RelationTier>("tier", &self.tier, WordList::RelationTier);
        let own_bodies = reader.organizations("vietnameseBodies", &self.own_bodies);
        let partner_bodies = reader.organizations("partnerBodies", &self.partner_bodies);
        let status = reader.enum_value::<RelationStatus>("status", &self.status, WordList::RelationStatus);
        let stated = status.map(|status| Stated { status, on: received_on });
        let attested = counts_from(None, evidence_year, received_on);
        let stated_since = stated.map(|_| attested).filter(|day| *day < received_on);
        let founding_agreement =
            reader.optional_text("foundingAgreement", &self.founding_agreement, LONGEST_WORD);
        let continues = reader.optional_text("continues", &self.continues, LONGEST_WORD);
        let confidence =
            reader.enum_value::<Confidence>("confidence", &self.confidence, WordList::Confidence);
        let note = reader.optional_text("note", &self.note, LONGEST_NOTE);
        let parsed = common.zip(partner).zip(tier).map(|(((log, common), partner), tier)| {
            let relation = Relation {
                common,
                partner,
                tier,
                own_bodies,
                partner_bodies,
                established,
                ended,
                stated,
                stated_since,
                founding_agreement,
                continues,
                evidence_year,
                confidence,
                note,
                last_activity_on: None,
                activity: Vec::new(),
                spans: Vec::new(),
            };
            ParsedDraft { log, content: relation.with_activity(&[]) }
        });
        reader.problems.settle(parsed)
    }
}

impl Draft for RelationDraft {
    type Content = Relation;

    fn from_content(relation: &Relation, log: Log, directory: &Directory) -> Self {
        let writer = DraftWriter { directory };
        Self {
            common: writer.common(&relation.common, log),
            partner: writer.locality(relation.partner),
            tier: word(Some(relation.tier)),
            own_bodies: relation.own_bodies.iter().map(code_or_name).collect(),
            partner_bodies: relation.partner_bodies.iter().map(code_or_name).collect(),
            established: edtf(relation.established.as_ref()),
            ended: edtf(relation.ended.as_ref()),
            status: word(relation.stated.map(|stated| stated.status)),
            founding_agreement: text(relation.founding_agreement.as_ref()),
            continues: text(relation.continues.as_ref()),
            evidence_year: number(relation.evidence_year),
            confidence: word(relation.confidence),
            note: text(relation.note.as_ref()),
        }
    }

    fn common(&self) -> &CommonDraft {
        &self.common
    }

    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Relation>, Vec<ValidationError>> {
        self.parse(directory, received_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::MINISTRY;

    #[test]
    fn relation_fields_are_checked() {
        let draft = RelationDraft {
            common: CommonDraft { unit: MINISTRY.to_owned(), ..CommonDraft::default() },
            partner: "kr-busan".to_owned(),
            tier: "SISTER".to_owned(),
            founding_agreement: "A".repeat(101),
            confidence: "SURE".to_owned(),
            ..RelationDraft::default()
        };
        let problems = draft.parse(&Directory::default(), "2026-11-22".parse().unwrap()).unwrap_err();
        assert_eq!(
            problems.iter().map(ValidationError::to_string).collect::<Vec<_>>(),
            [
                "partnerLocality: Unknown { reference: Locality, given: \"kr-busan\", candidates: [] }",
                "foundingAgreement: TooLong { most: 100, given: 101 }",
                "confidence: Invalid(UnknownWord { list: Confidence, given: \"SURE\", \
                 permitted: [\"HIGH\", \"MEDIUM\", \"LOW\"] })",
            ]
        );
    }
}
