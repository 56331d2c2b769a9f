//! The rules of published entries, and how an entry breaks them.

use rust_decimal::Decimal;
use serde::Serialize;
use strum::{Display, EnumDiscriminants, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// A rule that every published entry of a kind satisfies. [`crate::rules`] checks them.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rule {
    /// An agreement has a party abroad: a locality, or an organization with its country.
    ForeignParty,
    /// An agreement has a form of the vocabulary `AGREEMENT_FORM`.
    Form,
    /// An agreement has the act `SIGN`. Its date may be as vague as the source: a year, or `../2019`.
    SignAct,
    /// An event has a date with a known start.
    EventDay,
    /// An event has a place, a country of the place or a partner, or it is held online.
    EventPlaceOrPartner,
    /// A unit takes part in what began while it existed: an event, a relation, the founding of an
    /// organization; so does a partner locality. For units and acts of agreements see acts.md.
    UnitExists,
    /// A relation that has ended has the status `ENDED`.
    RelationStatus,
    /// A partner locality is outside Vietnam.
    ForeignLocality,
    /// Counts of people and things are whole numbers, at least 0.
    WholeNumber,
    /// The unit of a quantity is one of those that its field or indicator accepts.
    UnitOfQuantity,
    /// Money has a currency, and only money has one.
    Currency,
}

impl Rule {
    /// Returns whether the rule refuses a wrong value, which a draft cannot have either. The other
    /// rules demand what a draft may still lack.
    #[must_use]
    pub fn is_about_wrong_value(self) -> bool {
        match self {
            Self::UnitExists
            | Self::RelationStatus
            | Self::ForeignLocality
            | Self::WholeNumber
            | Self::UnitOfQuantity
            | Self::Currency => true,
            Self::ForeignParty | Self::Form | Self::SignAct | Self::EventDay | Self::EventPlaceOrPartner => {
                false
            }
        }
    }
}

/// How an entry breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(RuleKind), derive(VariantArray), doc = "The variants of [`RuleReason`].")]
#[serde(rename_all = "kebab-case")]
pub enum RuleReason {
    /// An agreement has no party abroad.
    NoForeignParty,
    /// The form of an agreement is no term of its vocabulary.
    NoForm,
    /// An agreement has no act `SIGN`.
    NoSignAct,
    /// An event has no date, or one with an open start.
    NoEventDay,
    /// An event has neither place nor partner.
    NoEventPlace,
    /// A unit did not exist yet.
    UnitNotYet {
        /// The slug of the unit.
        unit: String,
        /// The date of the entry.
        on: String,
        /// The first day of the unit.
        begins: String,
    },
    /// A unit did not exist any more.
    UnitGone {
        /// The slug of the unit.
        unit: String,
        /// The date of the entry.
        on: String,
        /// The last day of the unit.
        ended: String,
    },
    /// A partner locality did not exist any more.
    LocalityGone {
        /// The slug of the locality.
        locality: String,
        /// The date of the entry.
        on: String,
        /// The last day of the locality.
        ended: String,
    },
    /// A relation has another status than `ENDED` after its end.
    RelationHasEnded {
        /// The stated status.
        status: &'static str,
        /// The date of its end.
        ended: String,
    },
    /// A partner locality is in Vietnam.
    LocalityInVietnam {
        /// The slug of the locality.
        given: String,
    },
    /// A count is a fraction or below zero.
    NotACount {
        /// The number.
        number: Decimal,
    },
    /// A quantity has another unit than its field accepts.
    OtherUnit {
        /// The unit.
        given: String,
        /// The accepted units.
        permitted: Vec<String>,
    },
    /// An amount of money has no currency.
    NoCurrency,
    /// A count has a currency.
    CurrencyOfCount {
        /// The currency.
        given: String,
    },
}

impl RuleReason {
    /// Returns the rule that is broken.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::NoForeignParty => Rule::ForeignParty,
            Self::NoForm => Rule::Form,
            Self::NoSignAct => Rule::SignAct,
            Self::NoEventDay => Rule::EventDay,
            Self::NoEventPlace => Rule::EventPlaceOrPartner,
            Self::UnitNotYet { .. } | Self::UnitGone { .. } | Self::LocalityGone { .. } => Rule::UnitExists,
            Self::RelationHasEnded { .. } => Rule::RelationStatus,
            Self::LocalityInVietnam { .. } => Rule::ForeignLocality,
            Self::NotACount { .. } => Rule::WholeNumber,
            Self::OtherUnit { .. } => Rule::UnitOfQuantity,
            Self::NoCurrency | Self::CurrencyOfCount { .. } => Rule::Currency,
        }
    }
}
