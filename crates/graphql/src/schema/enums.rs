//! The enums of the schema. An enum of the domain is one here with the same values and
//! descriptions; this table gives it a name and a description.

mod enum_value;

use caunoi_domain::{
    access, agreement, change, date, entry, event, feed, figure, instrument, locale, organization, page,
    place, policy, proposal, quantity, reference, refusal, relation, search_index, similarity, statistics,
    status, unit, validation, webhook,
};
pub(crate) use enum_value::EnumValue;
use enum_value::SchemaEnum;
use strum::VariantArray;

/// Declares enums of the domain as enums of the schema. The comment is the description; a list
/// after the type restricts the values.
macro_rules! schema_enums {
    ($($(#[doc = $line:literal])+ $name:ident = $domain:ty $(, $values:expr)?;)+) => {$(
        $(#[doc = $line])+
        pub(crate) type $name = EnumValue<$domain>;

        impl SchemaEnum for $domain {
            const NAME: &'static str = stringify!($name);
            const DESCRIPTION: &'static str = concat!($($line, "\n"),+);
            const VALUES: &'static [Self] = schema_enums!(@values $domain $(, $values)?);
        }

        impl From<EnumValue<$domain>> for $domain {
            fn from(value: EnumValue<$domain>) -> Self {
                value.0
            }
        }
    )+};
    (@values $domain:ty) => { <$domain>::VARIANTS };
    (@values $domain:ty, $values:expr) => { $values };
}

schema_enums! {
    /// The type of an entry.
    EntryType = entry::EntryKind;
    /// The type of an object that a search finds.
    SearchType = search_index::SearchType;
    /// The part of a hit that a matched text is of.
    SearchField = search_index::SearchField;
    /// The type of an object whose name is suggested.
    SuggestionType = search_index::SuggestedKind;
    /// A language of texts and names.
    Locale = locale::Locale;
    /// The role of a caller.
    Role = policy::Role;
    /// An action on an existing entry.
    Action = policy::Action, policy::Action::ON_ENTRIES;
    /// A classification of secrecy (độ mật). The register accepts public information only.
    Secrecy = policy::Secrecy;
    /// The status of an agreement on a day, computed from its acts and its term.
    AgreementStatus = status::AgreementStatus;
    /// The level of government or the body that concluded an agreement.
    SigningLevel = agreement::SigningLevel;
    /// The way in which an agreement takes effect (hình thức có hiệu lực).
    EntryIntoForce = agreement::EntryIntoForce;
    /// The kind of a dated act of an agreement.
    ActKind = agreement::ActKind;
    /// The operation of a change.
    ChangeOperation = change::ChangeOperation;
    /// The effect of a change on the result of a filter, as visible to the caller.
    Movement = feed::Movement;
    /// The state of a proposal for a locality.
    ProposalState = proposal::ProposalState;
    /// Why the server refused requests.
    RefusalReason = refusal::RefusalReason;
    /// One of the three pillars of Vietnamese diplomacy.
    Pillar = entry::Pillar;
    /// The publication state of a version of an entry.
    Publication = entry::Publication;
    /// The direction of a visit or programme, seen from Vietnam.
    Direction = entry::Direction;
    /// The precision of a number as stated in its source.
    Qualifier = quantity::Qualifier;
    /// A vocabulary of terms that the ministry maintains.
    Vocabulary = reference::Vocabulary;
    /// The kind of an administrative unit of the first tier.
    UnitKind = unit::UnitKind;
    /// The direction of an order.
    SortDirection = page::Sorting;
    /// The form of participation in an event.
    EventMode = event::EventMode;
    /// The rank of the highest participant of an event, of either side.
    EventRank = event::EventRank;
    /// The state of an event.
    EventState = event::EventState;
    /// The tier of a relation, as named in its source.
    RelationTier = relation::RelationTier;
    /// The reliability of the source of a relation.
    Confidence = relation::Confidence;
    /// The kind of a policy or legal document.
    InstrumentKind = instrument::InstrumentKind;
    /// The kind of a source.
    SourceKind = reference::SourceKind;
    /// The kind of another name of a locality.
    LocalityNameKind = place::LocalityNameKind;
    /// A region of the world by UN M49.
    Region = place::Region;
    /// A sub-region of the world by UN M49.
    Subregion = place::Subregion;
    /// A socio-economic region of Vietnam.
    SocioEconomicRegion = unit::SocioEconomicRegion;
    /// The status of a relation on a day.
    RelationStatus = status::RelationStatus;
    /// The stage of an organization.
    OrganizationStage = organization::OrganizationStage;
    /// The boundaries by which the entries of merged units are assigned to a unit.
    Boundaries = statistics::Boundaries;
    /// The length of the periods of a date bucket.
    DateUnit = date::DateUnit;
    /// A property to group or count entries by. An entry without a value is in no group; an entry with
    /// several values is in the group of each.
    GroupKey = statistics::GroupKey;
    /// A quantity that can be summed.
    QuantityKey = statistics::QuantityKey;
    /// A date to group entries by.
    DateField = statistics::BucketField;
    /// The basis of a figure.
    Basis = figure::Basis;
    /// The state of a webhook.
    WebhookState = webhook::WebhookState;
    /// The reason why the register disabled a webhook.
    WebhookDisabledReason = webhook::DisabledReason;
    /// The reason for a delivery.
    WebhookDeliveryKind = webhook::DeliveryKind;
    /// The reason why an attempt to deliver failed.
    WebhookDeliveryError = webhook::DeliveryError;
    /// The role of an API key.
    ApiKeyRole = access::api_key::ApiKeyRole;
    /// The rights of an API key.
    ApiKeyScope = access::api_key::ApiKeyScope;
    /// The kind of an administrative act.
    AdministrativeActKind = access::act::ActKind;
    /// A rule that every published entry of a type satisfies.
    Rule = validation::Rule;
    /// What two entries have in common that may record the same document or event.
    SimilarityReason = similarity::SimilarityReason;
    /// The rules that reported figures are checked against.
    AlarmRule = statistics::InconsistencyRule;
}
