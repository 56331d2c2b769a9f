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
    /// An entry names a source, or `noSourceReason` says why there is none.
    Source,
    /// An agreement has a party abroad: a locality, or an organization with its country.
    ForeignParty,
    /// An agreement has a form of the vocabulary `AGREEMENT_FORM`.
    Form,
    /// An agreement has the act `SIGN`. Its date may be as vague as the source: a year, or `../2019`.
    SignAct,
    /// The acts of an agreement can follow each other as recorded, on days that have come.
    Acts,
    /// An event has a date with a known start.
    EventDay,
    /// An event has a place, a country of the place or a partner, or it is held online.
    EventPlaceOrPartner,
    /// What is stated to have happened is not in the future: the beginning and the end of a relation,
    /// the year of its evidence, the founding of an organization, the date of its numbers, an event
    /// with the state `HELD`.
    NotInFuture,
    /// A relation does not end before it was established; members of an organization are not dated
    /// before its founding.
    DateOrder,
    /// An event with the state `PLANNED` is not over.
    NotOver,
    /// A unit takes part in what began while it existed: an event, a relation, the founding of an
    /// organization; so does a partner locality. For units and acts of agreements see acts.md.
    UnitExists,
    /// A relation that has ended has the status `ENDED`.
    RelationStatus,
    /// A partner locality is outside Vietnam; so is the country that an organization or programme is
    /// for.
    ForeignLocality,
    /// Counts of people and things are whole numbers, at least 0.
    WholeNumber,
    /// The unit of a quantity is one of those that its field or indicator accepts.
    UnitOfQuantity,
    /// Money has a currency, and only money has one.
    Currency,
    /// An amount of money is at least 0.
    Amount,
}

impl Rule {
    /// Returns whether the rule refuses a wrong value, which a draft cannot have either. The other
    /// rules demand what a draft may still lack.
    #[must_use]
    pub fn is_about_wrong_value(self) -> bool {
        match self {
            Self::Acts
            | Self::NotInFuture
            | Self::DateOrder
            | Self::Amount
            | Self::NotOver
            | Self::UnitExists
            | Self::RelationStatus
            | Self::ForeignLocality
            | Self::WholeNumber
            | Self::UnitOfQuantity
            | Self::Currency => true,
            Self::Source
            | Self::ForeignParty
            | Self::Form
            | Self::SignAct
            | Self::EventDay
            | Self::EventPlaceOrPartner => false,
        }
    }
}

/// How an entry breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(RuleKind), derive(VariantArray), doc = "The variants of [`RuleReason`].")]
#[serde(rename_all = "kebab-case")]
pub enum RuleReason {
    /// An entry names no source and no reason for that.
    NoSource,
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
    /// An event that is only planned is over.
    PlannedAndOver {
        /// The date of the event.
        given: String,
    },
    /// A date of something that happened is in the future.
    InFuture {
        /// The date.
        given: String,
    },
    /// A relation ends before it was established.
    EndsBeforeEstablished {
        /// The date of its establishment.
        established: String,
    },
    /// The members of an organization are dated before its founding.
    CountedBeforeFounding {
        /// The date of the founding.
        founded: String,
    },
    /// The country that an organization or programme is for is Vietnam.
    CountryIsVietnam,
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
    /// An amount of money is below zero.
    NegativeAmount {
        /// The number.
        number: Decimal,
    },
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
            Self::NoSource => Rule::Source,
            Self::NoForeignParty => Rule::ForeignParty,
            Self::NoForm => Rule::Form,
            Self::NoSignAct => Rule::SignAct,
            Self::NoEventDay => Rule::EventDay,
            Self::NoEventPlace => Rule::EventPlaceOrPartner,
            Self::InFuture { .. } => Rule::NotInFuture,
            Self::EndsBeforeEstablished { .. } | Self::CountedBeforeFounding { .. } => Rule::DateOrder,
            Self::NegativeAmount { .. } => Rule::Amount,
            Self::PlannedAndOver { .. } => Rule::NotOver,
            Self::UnitNotYet { .. } | Self::UnitGone { .. } | Self::LocalityGone { .. } => Rule::UnitExists,
            Self::RelationHasEnded { .. } => Rule::RelationStatus,
            Self::LocalityInVietnam { .. } | Self::CountryIsVietnam => Rule::ForeignLocality,
            Self::NotACount { .. } => Rule::WholeNumber,
            Self::OtherUnit { .. } => Rule::UnitOfQuantity,
            Self::NoCurrency | Self::CurrencyOfCount { .. } => Rule::Currency,
        }
    }
}
