//! Acts of administration, as the ministry reads them from its log.

use crate::access::AccessRuleKind;
use crate::change::{Change, ChangeOperation, LoggedChange, Subject};
use serde_json::Value;
use std::str::FromStr as _;
use strum::{EnumMessage, IntoStaticStr, VariantArray};

/// The kind of an administrative act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray, EnumMessage)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ActKind {
    /// An API key was created.
    ApiKeyCreated,
    /// An API key was revoked.
    ApiKeyRevoked,
    /// Tokens were revoked.
    TokensRevoked,
    /// A revocation was lifted.
    RevocationLifted,
    /// A network was blocked, or its block was changed.
    NetworkBlocked,
    /// A network was unblocked.
    NetworkUnblocked,
    /// A row of the reference data was created or changed.
    ReferenceDataChanged,
}

/// An administrative act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdministrativeAct {
    /// The position in the log of the ministry.
    pub position: i64,
    /// The kind.
    pub kind: ActKind,
    /// Its subject: the name of a key, the id of a revocation, a network, the key of a row.
    pub subject: String,
    /// The steward, as `ROLE:name`.
    pub author: String,
    /// The time, in microseconds since 1970.
    pub at_us: i64,
    /// The content before, as JSON text without hashes of secrets.
    pub before: Option<String>,
    /// The content after, likewise.
    pub after: Option<String>,
}

impl AdministrativeAct {
    /// Returns the act that a change records; None for a change of another subject.
    #[must_use]
    pub fn of(LoggedChange { position, change, .. }: &LoggedChange) -> Option<Self> {
        let (kind, subject) = match change.subject {
            Subject::Reference => (ActKind::ReferenceDataChanged, change.code.clone()),
            Subject::AccessRule => {
                let (rule, name) = change.code.split_once('/')?;
                (kind_of(change, AccessRuleKind::from_str(rule).ok()?), name.to_owned())
            }
            Subject::Entry(_) | Subject::Period | Subject::Proposal | Subject::Shared => return None,
        };
        let content = |text: &Option<String>| text.as_deref().map(without_hash);
        Some(Self {
            position: *position,
            kind,
            subject,
            author: change.author.clone(),
            at_us: change.at_us,
            before: content(&change.before),
            after: content(&change.after),
        })
    }
}

fn kind_of(change: &Change, rule: AccessRuleKind) -> ActKind {
    let has_ended = change.operation == ChangeOperation::Withdrawn;
    match rule {
        AccessRuleKind::ApiKey if has_ended => ActKind::ApiKeyRevoked,
        AccessRuleKind::ApiKey => ActKind::ApiKeyCreated,
        AccessRuleKind::Revocation if has_ended => ActKind::RevocationLifted,
        AccessRuleKind::Revocation => ActKind::TokensRevoked,
        AccessRuleKind::BlockedNetwork if has_ended => ActKind::NetworkUnblocked,
        AccessRuleKind::BlockedNetwork => ActKind::NetworkBlocked,
    }
}

/// Returns the content without the hash of a secret.
fn without_hash(text: &str) -> String {
    let Ok(mut content) = serde_json::from_str::<Value>(text) else { return String::new() };
    if let Some(rule) = content.get_mut("rule").and_then(Value::as_object_mut) {
        rule.remove("hash");
    }
    content.to_string()
}
