//! Drafts of relations.

use super::{CommonDraft, Dating, LONGEST_NOTE, LONGEST_WORD, Placed, Reading};
use crate::date::Day;
use crate::directory::Directory;
use crate::refusal::Problem;
use crate::relation::{Confidence, Relation, RelationTier, Stated};
use crate::status::{RelationLife, RelationStatus};

/// A relation as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct RelationDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// The slug of the partner locality.
    pub partner: String,
    /// A tier.
    pub tier: String,
    /// EDTF, or blank.
    pub established: String,
    /// EDTF, or blank.
    pub ended: String,
    /// The status that the source states, or blank.
    pub status: String,
    /// The code of the agreement that founded it, or blank.
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
    /// Checks every field; `brought_on` is the day for which a bare status is stated.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(&self, directory: &Directory, brought_on: Day) -> Result<Placed<Relation>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let established = reading.date("established", &self.established);
        let ended = reading.date("ended", &self.ended);
        let evidence_year = reading.number("evidenceYear", &self.evidence_year, 1, 9999);
        let dating = Dating { first: established.as_ref(), evidence_year, brought_on };
        let common = reading.common(&self.common, dating);
        reading.present("partner", &self.partner);
        let partner = reading.localities("partner", std::slice::from_ref(&self.partner)).pop();
        let tier = reading.required_word::<RelationTier>("tier", &self.tier, "a tier of relations");
        let status = reading.word::<RelationStatus>("status", &self.status, "a status of relations");
        let stated = status.map(|status| Stated { status, on: brought_on });
        let founding_agreement =
            reading.optional_text("foundingAgreement", &self.founding_agreement, LONGEST_WORD);
        let continues = reading.optional_text("continues", &self.continues, LONGEST_WORD);
        let confidence =
            reading.word::<Confidence>("confidence", &self.confidence, "one of HIGH, MEDIUM, LOW");
        let note = reading.optional_text("note", &self.note, LONGEST_NOTE);
        let made = common.zip(partner).zip(tier).map(|(((log, common), partner), tier)| {
            let relation = Relation {
                common,
                partner,
                tier,
                established,
                ended,
                stated,
                founding_agreement,
                continues,
                evidence_year,
                confidence,
                note,
                last_activity_on: None,
                spans: Vec::new(),
            };
            Placed { log, content: relation.with_activity(&[]) }
        });
        reading.problems.settle(made)
    }
}

impl Relation {
    /// The same relation with its last activity and status as these days of activity make them;
    /// the days stand in order of time.
    #[must_use]
    pub fn with_activity(mut self, activity: &[Day]) -> Self {
        let life = RelationLife {
            established: self.established.as_ref(),
            ended: self.ended.as_ref(),
            stated: self.stated,
            activity,
        };
        self.spans = life.spans();
        self.last_activity_on = activity.last().copied();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::MINISTRY;

    #[test]
    fn what_a_relation_says_of_itself_is_checked() {
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
            problems.iter().map(Problem::to_string).collect::<Vec<_>>(),
            [
                "partner: no locality is known as \"kr-busan\"",
                "foundingAgreement: is too long: at most 100 characters, 101 given",
                "confidence: \"SURE\" is not one of HIGH, MEDIUM, LOW",
            ]
        );
    }
}
