//! The rules of published entries: what each kind must have before it is published.
//!
//! Each kind lists its violations in a file of its own; docs/reference/rules.md is the table of all
//! rules. A wrong value is refused in drafts too; what a draft lacks is a warning until it is
//! published. An entry that was published before the rules, or shipped, may keep what it has: a
//! violation that the changed version has already is not refused again.

mod agreement;
mod event;
mod figure;
mod instrument;
mod organization;
mod programme;
mod relation;
#[cfg(test)]
mod tests;
mod units;

use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, EntryKind};
use crate::place::{CountryId, LocalityId};
use crate::quantity::{Measure, Quantity};
use crate::validation::{Reason, Rule, RuleReason, ValidationError};

/// The country whose provinces the register is for.
const HOME: &str = "VN";

/// The kinds of entries and their rules.
pub const RULES: [(EntryKind, &[Rule]); 7] = [
    (EntryKind::Relation, relation::RULES),
    (EntryKind::Agreement, agreement::RULES),
    (EntryKind::Event, event::RULES),
    (EntryKind::Organization, organization::RULES),
    (EntryKind::Programme, programme::RULES),
    (EntryKind::Figure, figure::RULES),
    (EntryKind::Instrument, instrument::RULES),
];

/// How a content breaks a rule, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleViolation {
    /// Field names from the outside in, those of the API.
    pub path: Vec<String>,
    /// The rule.
    pub rule: Rule,
    /// How it is broken.
    pub reason: Reason,
}

impl RuleViolation {
    /// Returns whether another version has the same violation. Reasons of acts name the act by its
    /// number, which stays the same where its position in the list changes.
    fn is_same_as(&self, other: &Self) -> bool {
        self.rule == other.rule
            && self.reason == other.reason
            && (self.path == other.path || self.rule == Rule::Acts)
    }
}

impl From<RuleViolation> for ValidationError {
    fn from(RuleViolation { path, reason, .. }: RuleViolation) -> Self {
        Self { path, reason }
    }
}

/// What the rules compare a content with.
#[derive(Debug, Clone, Copy)]
pub struct RuleContext<'a> {
    /// The reference data.
    pub directory: &'a Directory,
    /// The current day.
    pub today: Day,
}

/// A content that is checked before it is published.
pub trait Ruled: Content {
    /// Records every violation of a rule of the kind.
    fn check_rules(&self, checker: &mut RuleChecker<'_>);

    /// Returns every violation of a rule of the kind.
    #[must_use]
    fn violations(&self, context: RuleContext<'_>) -> Vec<RuleViolation> {
        let mut checker = RuleChecker { context, violations: Vec::new() };
        checker.check_source(self.common());
        self.check_rules(&mut checker);
        checker.violations
    }
}

/// Checks that a new content can be published in place of the published one.
///
/// # Errors
/// Every violation that the published content does not have already.
pub fn check_publishing<C: Ruled>(
    new: &C,
    published: Option<&C>,
    context: RuleContext<'_>,
) -> Result<(), Vec<ValidationError>> {
    check(new, published, context, |_| true)
}

/// Checks that a content can be stored as a working version in place of the version `before`.
///
/// # Errors
/// Every wrong value that the version before does not have already.
pub fn check_draft<C: Ruled>(
    new: &C,
    before: Option<&C>,
    context: RuleContext<'_>,
) -> Result<(), Vec<ValidationError>> {
    check(new, before, context, Rule::is_about_wrong_value)
}

fn check<C: Ruled>(
    new: &C,
    before: Option<&C>,
    context: RuleContext<'_>,
    applies: impl Fn(Rule) -> bool,
) -> Result<(), Vec<ValidationError>> {
    let known = before.map(|before| before.violations(context)).unwrap_or_default();
    let is_new = |violation: &RuleViolation| !known.iter().any(|known| known.is_same_as(violation));
    let refused: Vec<ValidationError> = new
        .violations(context)
        .into_iter()
        .filter(|violation| applies(violation.rule) && is_new(violation))
        .map(ValidationError::from)
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(refused) }
}

/// Collects the violations of one content.
#[derive(Debug)]
pub struct RuleChecker<'a> {
    context: RuleContext<'a>,
    violations: Vec<RuleViolation>,
}

impl<'a> RuleChecker<'a> {
    fn directory(&self) -> &'a Directory {
        self.context.directory
    }

    /// Records a violation at a path written `outer.inner`.
    fn note(&mut self, path: &str, reason: RuleReason) {
        let path = path.split('.').map(str::to_owned).collect();
        self.violations.push(RuleViolation { path, rule: reason.rule(), reason: reason.into() });
    }

    /// Records an error as a violation of a rule.
    fn note_error(&mut self, rule: Rule, ValidationError { path, reason }: ValidationError) {
        self.violations.push(RuleViolation { path, rule, reason });
    }

    /// Records a violation where a demand is not met.
    fn demand(&mut self, is_met: bool, path: &str, reason: RuleReason) {
        if !is_met {
            self.note(path, reason);
        }
    }

    /// Checks `SOURCE`, which entries of every kind satisfy.
    fn check_source(&mut self, common: &Common) {
        let is_stated = !common.sources.is_empty() || !common.no_source_reason.is_empty();
        self.demand(is_stated, "sources", RuleReason::NoSource);
    }

    /// Checks `FOREIGN_LOCALITY` for one partner.
    fn check_locality(&mut self, path: &str, partner: LocalityId) {
        let Some(locality) = self.directory().locality(partner) else { return };
        let given = locality.slug.clone();
        self.demand(self.is_abroad(locality.country), path, RuleReason::LocalityInVietnam { given });
    }

    /// Checks `FOREIGN_LOCALITY` for a list of partners.
    fn check_localities(&mut self, path: &str, partners: &[LocalityId]) {
        for (index, partner) in partners.iter().enumerate() {
            self.check_locality(&format!("{path}.{index}"), *partner);
        }
    }

    /// Checks `FOREIGN_LOCALITY` for a country.
    fn check_country(&mut self, path: &str, country: CountryId) {
        self.demand(self.is_abroad(country), path, RuleReason::CountryIsVietnam);
    }

    fn is_abroad(&self, country: CountryId) -> bool {
        self.directory().country(country).is_some_and(|country| country.iso2 != HOME)
    }

    /// Checks `NOT_IN_FUTURE` for the date of something that happened.
    fn check_past(&mut self, path: &str, date: Option<&FuzzyDate>) {
        let Some(date) = date else { return };
        let is_past = date.earliest().is_none_or(|earliest| earliest <= self.context.today);
        self.demand(is_past, path, RuleReason::InFuture { given: date.edtf().to_owned() });
    }

    /// Checks `WHOLE_NUMBER`, `UNIT_OF_QUANTITY`, `CURRENCY` and `AMOUNT` for one quantity.
    fn check_quantity(&mut self, path: &str, quantity: Option<&Quantity>, measure: Measure) {
        let Some(quantity) = quantity else { return };
        if !measure.has_unit(quantity) {
            let permitted = match measure {
                Measure::Money => quantity.currency.iter().cloned().collect(),
                Measure::Delegates
                | Measure::Connections
                | Measure::Members
                | Measure::Seats
                | Measure::Results => measure.units().iter().map(|unit| (*unit).to_owned()).collect(),
            };
            self.note(
                &format!("{path}.unit"),
                RuleReason::OtherUnit { given: quantity.unit.clone(), permitted },
            );
        }
        if measure == Measure::Money {
            let has_currency = quantity.currency.is_some();
            self.demand(has_currency, &format!("{path}.currency"), RuleReason::NoCurrency);
            if let Some(number) = quantity.negative() {
                self.note(path, RuleReason::NegativeAmount { number });
            }
        } else {
            self.check_count(path, quantity);
        }
    }

    /// Checks `WHOLE_NUMBER` and `CURRENCY` for a count.
    fn check_count(&mut self, path: &str, quantity: &Quantity) {
        if let Some(number) = quantity.uncountable() {
            self.note(path, RuleReason::NotACount { number });
        }
        if let Some(given) = quantity.currency.clone() {
            self.note(&format!("{path}.currency"), RuleReason::CurrencyOfCount { given });
        }
    }
}
