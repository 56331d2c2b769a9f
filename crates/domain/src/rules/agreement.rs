//! The rules of agreements.

use super::{RuleChecker, Ruled};
use crate::agreement::{ActKind, Agreement, act_violations};
use crate::id::Log;
use crate::party::{AgreementParty, PartyRef};
use crate::reference::Vocabulary;
use crate::validation::{Rule, RuleReason};

pub(super) const RULES: &[Rule] =
    &[Rule::Source, Rule::ForeignParty, Rule::Form, Rule::SignAct, Rule::Acts, Rule::UnitExists];

impl Ruled for Agreement {
    /// A party may be a locality in Vietnam, where several sign with one partner abroad.
    fn check_rules(&self, checker: &mut RuleChecker<'_>) {
        let has_foreign_party = self.parties.iter().any(|party| self.is_foreign(party, checker));
        checker.demand(has_foreign_party, "partnerLocality", RuleReason::NoForeignParty);
        let form = checker.directory().term(self.form);
        let has_form = form.is_some_and(|term| term.vocabulary == Vocabulary::AgreementForm);
        checker.demand(has_form, "form", RuleReason::NoForm);
        checker.check_partners_on("partnerLocality", self.localities(), self.signed.as_ref());
        let is_signed = self.acts.iter().any(|act| act.kind == ActKind::Sign);
        checker.demand(is_signed, "acts", RuleReason::NoSignAct);
        for violation in act_violations(self, checker.context.today, checker.directory()) {
            checker.note_error(Rule::Acts, violation.into_error(|act| self.input_index(act)));
        }
    }
}

impl Agreement {
    /// Returns the index of an act in the input that created the agreement: its acts were numbered in
    /// that order.
    fn input_index(&self, act: usize) -> usize {
        let id = self.acts[act].id;
        self.acts.iter().filter(|act| act.id < id).count()
    }

    /// Returns whether a party is abroad. An organization of a province is in Vietnam unless it has
    /// another country itself; for any other one the agreement states the country.
    fn is_foreign(&self, party: &AgreementParty, checker: &RuleChecker<'_>) -> bool {
        let country = match &party.party {
            PartyRef::Locality(id) => checker.directory().locality(*id).map(|locality| locality.country),
            PartyRef::Organization(code) => match checker.directory().organization_by_code(code) {
                Some(known) => {
                    known.content.country.or_else(|| self.country.filter(|_| known.meta.log == Log::MINISTRY))
                }
                None => self.country,
            },
            PartyRef::Named(name) => {
                self.country.filter(|country| !checker.directory().is_vietnamese_public_body(name, *country))
            }
        };
        country.is_some_and(|country| checker.is_abroad(country))
    }
}
