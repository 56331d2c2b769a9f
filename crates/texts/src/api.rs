//! The top-level errors of the GraphQL API.

use crate::catalogue;
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::{Denied, RequiredRole};
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// A top-level error of the GraphQL API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(ApiTextKind), derive(VariantArray), vis(pub(crate)))]
#[serde(rename_all = "kebab-case")]
pub enum ApiText {
    /// The action requires a token.
    Unauthenticated,
    /// The caller lacks the permission.
    Forbidden {
        /// The required role.
        required: RequiredRole,
    },
    /// The register failed.
    RegisterFailed,
    /// The program failed.
    Internal,
    /// The database does not respond.
    Unreadable,
    /// The register changes faster than one state of it can be read.
    TooManyWrites,
    /// The node has more work than it can do.
    Overloaded,
    /// A shared stream has ended.
    SubscriptionEnded,
    /// `Caunoi-After` is not a cursor of this register.
    AfterForeign,
    /// `Caunoi-After` is of an earlier epoch.
    AfterOldEpoch,
    /// This node has not applied `Caunoi-After` yet.
    AfterNotReached,
    /// An execution reached its deadline.
    Timeout,
    /// A mutation reached its deadline.
    WriteTimeout,
    /// A request costs too much.
    CostExceeded {
        /// The cost.
        cost: u64,
        /// The limit.
        limit: u64,
    },
    /// A request costs too much, and would not with smaller pages.
    PagesTooLarge {
        /// The cost.
        cost: u64,
        /// The limit.
        limit: u64,
        /// The rows of each page with which it fits.
        first: u64,
    },
    /// A document is too complex for the engine.
    TooComplex,
    /// Introspection nests too deep.
    DeepIntrospection,
    /// A response is too large.
    ResponseTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The caller has its maximum of subscriptions.
    TooManySubscriptions {
        /// The limit.
        limit: usize,
    },
    /// The subscriptions of the caller would cost too much.
    SubscriptionsCost {
        /// The cost per second.
        requested: u64,
        /// The limit.
        limit: u64,
    },
    /// The caller has spent its quota of cost.
    RateLimited {
        /// The cost that was to be charged.
        cost: u64,
        /// The amount that the caller can spend now.
        remaining: u64,
        /// The time until it can spend the cost, in seconds.
        seconds: u64,
    },
    /// Subscriptions need a transport that stays open.
    OpenTransport,
    /// The transport does not allow this kind of operation.
    OtherTransport,
    /// No trusted document has this id.
    DocumentUnknown,
    /// The id of a document is not the hash of its text.
    DocumentHashDiffers,
    /// The public may use trusted documents only.
    DocumentNotTrusted,
    /// The answer to an unknown hash of automatic persisted queries, a word of that protocol.
    PersistedQueryNotSupported,
    /// A subscription has more or fewer fields than one.
    OneField,
    /// The operation is not named.
    SeveralOperations,
    /// The document has no operation of that name.
    NoOperation,
    /// `@idempotent` is not on a root field of a mutation.
    IdempotentPlace,
    /// Two root fields of a mutation have one response name.
    OneResponseName,
    /// The variables contain too many values.
    TooManyValues {
        /// The limit.
        most: usize,
    },
    /// The variables are not a JSON object.
    VariablesNotObject,
    /// A variable has no value.
    VariableMissing {
        /// The name of the variable.
        name: String,
    },
    /// A variable has no value or null, which its place does not take.
    VariableNull {
        /// The name of the variable.
        name: String,
        /// The argument or field.
        place: String,
    },
    /// A variable may be null, which its place does not take.
    VariableNullable {
        /// The name of the variable.
        name: String,
        /// The argument or field.
        place: String,
        /// The type of the variable.
        declared: String,
        /// The type that it needs.
        required: String,
    },
    /// A value of a variable is missing.
    ValueMissing {
        /// Its path.
        path: String,
    },
    /// A value of a variable is not an `Int`.
    ValueNotInt {
        /// Its path.
        path: String,
        /// The least `Int`.
        least: i32,
        /// The greatest `Int`.
        most: i32,
    },
    /// A value of a variable is not of its type.
    ValueNotOfType {
        /// Its path.
        path: String,
        /// The type.
        r#type: String,
    },
    /// A value of a variable is not in its enum.
    ValueNotInEnum {
        /// Its path.
        path: String,
        /// The enum.
        r#type: String,
        /// The value.
        given: String,
        /// Similar values of the enum, the most similar first; at most five.
        candidates: Vec<String>,
    },
    /// An input object that takes exactly one field has none, or several.
    ValueNotOneOf {
        /// Its path.
        path: String,
        /// The input object.
        r#type: String,
    },
    /// An input object has no such field.
    FieldUnknown {
        /// Its path.
        path: String,
        /// The input object.
        r#type: String,
    },
    /// A variable of a directive or an argument has no value.
    VariableWithoutValue,
    /// An input cannot be written as JSON.
    InputNotJson,
    /// A list in a filter is too long.
    FilterListTooLong {
        /// The limit in members.
        most: usize,
    },
    /// Groups have one or two keys.
    GroupKeys,
    /// A field answers from the present state only.
    NotKnownThen,
    /// A search reads the present texts only.
    SearchNotKnownThen,
    /// A kind of entries does not offer a key.
    KeyNotOffered {
        /// The kind.
        entries: EntryList,
        /// The key.
        key: String,
        /// The use.
        r#use: KeyUse,
    },
    /// A request names too many ids.
    TooManyIds {
        /// The limit.
        most: usize,
    },
}

impl ApiText {
    /// Returns the text.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        catalogue::text("api", self, locale)
    }
}

impl From<Denied> for ApiText {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unknown => Self::Unauthenticated,
            Denied::Forbidden(required) => Self::Forbidden { required },
        }
    }
}

/// A kind of entries, in the plural.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum EntryList {
    /// Relations.
    Relation,
    /// Agreements.
    Agreement,
    /// Events.
    Event,
    /// Organizations.
    Organization,
    /// Programmes.
    Programme,
    /// Figures.
    Figure,
    /// Instruments.
    Instrument,
}

/// The use of a key of statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// To group by.
    GroupBy,
    /// To sum.
    Sum,
}
