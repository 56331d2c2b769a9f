//! Webhooks: subscriptions of partners, their endpoints and their deliveries.
//!
//! The register runs the subscription of a webhook in place of its partner and sends each change to
//! the endpoint of the partner as an HTTP request. [`endpoint`] decides which URLs are allowed,
//! [`retry`] when a failed request is repeated, and [`signature`] how a request is signed.

pub mod address;
pub mod endpoint;
pub mod retry;
pub mod signature;

use crate::secret::EncryptedSecret;
use crate::text::has_unsafe;
use crate::validation::{InvalidReason, Reason, ValidationError, ValidationErrors};
use strum::{EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The maximum number of webhooks of one partner.
pub const MOST_WEBHOOKS: i16 = 20;
/// The number of stored deliveries of a webhook; older ones are deleted.
pub const MOST_DELIVERIES: i64 = 200;
/// The maximum number of pending pings and redeliveries of a webhook.
pub const MOST_WAITING: u64 = 10;
/// The maximum length of a description in characters.
pub const LONGEST_DESCRIPTION: usize = 200;
/// The maximum length of a document and of a filter in characters.
pub const LONGEST_DOCUMENT: usize = 16_384;
/// The bytes of the beginning of a response that a delivery stores.
pub const LONGEST_EXCERPT: usize = 200;

/// The state of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray, EnumMessage)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WebhookState {
    /// It is called for each change.
    Active,
    /// The partner has paused it.
    Paused,
    /// The register has disabled it.
    Disabled,
}

/// The reason why the register disabled a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray, EnumMessage)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DisabledReason {
    /// The endpoint responded with status 410.
    Gone,
    /// Ten consecutive attempts failed, over about three days.
    Exhausted,
    /// Its document is no longer valid against the schema.
    Document,
}

/// The reason for a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray, EnumMessage)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryKind {
    /// An entry changed.
    Change,
    /// It was requested with `pingWebhook`.
    Ping,
    /// It was requested with `redeliverWebhook`.
    Redelivery,
}

/// The reason why an attempt to deliver failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray, EnumMessage)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryError {
    /// The host name cannot be resolved.
    UnknownHost,
    /// The address of the endpoint is not on the public internet.
    UrlRefused,
    /// The connection failed or was interrupted, or the certificate is invalid.
    Connection,
    /// No complete response arrived within 15 seconds.
    Timeout,
    /// The endpoint responded with a redirect. Redirects are not followed.
    Redirect,
    /// The endpoint responded with a status other than 2xx.
    Status,
    /// The document produced no payload.
    Document,
    /// The message is no longer available because the filter or document was changed.
    NoMessage,
    /// The register cannot decrypt the secret of the webhook. `rotateWebhookSecret` replaces it.
    Secret,
}

/// A webhook of a partner, with its progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The random id.
    pub id: String,
    /// The name of the partner that owns it.
    pub owner: String,
    /// The URL of the endpoint.
    pub url: String,
    /// The partner's own note.
    pub description: String,
    /// The filter for changes as JSON text; None matches all.
    pub filter: Option<String>,
    /// The GraphQL subscription that produces the payloads; None for the default one.
    pub document: Option<String>,
    /// The state.
    pub state: WebhookState,
    /// The reason, in the state `DISABLED`.
    pub disabled: Option<DisabledReason>,
    /// The log cursor up to which changes are delivered.
    pub cursor: String,
    /// The number of consecutive failed attempts.
    pub failures: i32,
    /// The earliest time of the next attempt, in microseconds since 1970; None without a limit.
    pub next_attempt_us: Option<i64>,
    /// The secret that signs every request.
    pub secret: EncryptedSecret,
    /// The previous secret, and the time until which it signs too.
    pub former: Option<(EncryptedSecret, i64)>,
    /// The number of changes by its partner.
    pub revision: i32,
    /// The time of creation.
    pub created_at_us: i64,
    /// The time of the last change by its partner.
    pub updated_at_us: i64,
}

impl Webhook {
    /// Returns the previous secret if it signs at this time too.
    #[must_use]
    pub fn former_at(&self, at_us: i64) -> Option<&EncryptedSecret> {
        self.former.as_ref().filter(|(_, until_us)| at_us < *until_us).map(|(secret, _)| secret)
    }

    /// Returns the context of the encryption of its secrets.
    #[must_use]
    pub fn secret_context(id: &str) -> String {
        format!("webhook {id}")
    }

    /// Activates the webhook from its cursor, with all retries available again.
    pub fn resume(&mut self) {
        (self.state, self.disabled) = (WebhookState::Active, None);
        (self.failures, self.next_attempt_us) = (0, None);
    }
}

/// The key of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryKey {
    /// The webhook.
    pub webhook: String,
    /// The number within the webhook, from 1.
    pub number: i64,
}

/// A delivery attempt, done or pending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The key.
    pub key: DeliveryKey,
    /// The id of the message, the same for each attempt.
    pub message: String,
    /// The cause.
    pub kind: DeliveryKind,
    /// The number of the attempt, from 1.
    pub attempt: i32,
    /// The log cursor before the delivery; None for a ping.
    pub after: Option<String>,
    /// The outcome; None while it is pending.
    pub outcome: Option<AttemptOutcome>,
}

/// The outcome of a delivery attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptOutcome {
    /// The time of the attempt.
    pub at_us: i64,
    /// The duration.
    pub took_ms: i32,
    /// The HTTP status of the response; None without a response.
    pub status: Option<i16>,
    /// The error; None on success.
    pub error: Option<DeliveryError>,
    /// The beginning of a response other than 2xx.
    pub excerpt: Option<String>,
    /// The time of the next attempt; None where none follows.
    pub next_attempt_us: Option<i64>,
}

/// The unchecked input for a webhook.
#[derive(Debug, Clone, Default)]
pub struct WebhookDraft {
    /// The URL of the endpoint.
    pub url: String,
    /// The partner's own note.
    pub description: String,
    /// The filter for changes as JSON text.
    pub filter: Option<String>,
    /// The GraphQL subscription that produces the payloads.
    pub document: Option<String>,
}

impl WebhookDraft {
    /// Validates the lengths of the texts. URL ([`endpoint`]) and document are validated elsewhere,
    /// because they need a resolver and the schema.
    ///
    /// # Errors
    /// All validation errors.
    pub fn check(&self) -> Result<(), Vec<ValidationError>> {
        let mut problems = ValidationErrors::default();
        problems.take("description", check_length(&self.description, LONGEST_DESCRIPTION));
        if has_unsafe(&self.description) {
            problems.note("description", InvalidReason::ControlCharacters.into());
        }
        for (path, text) in [("filter", &self.filter), ("document", &self.document)] {
            problems.take(path, check_length(text.as_deref().unwrap_or_default(), LONGEST_DOCUMENT));
        }
        problems.settle(Some(()))
    }
}

fn check_length(text: &str, most: usize) -> Result<(), Reason> {
    let given = text.chars().count();
    if given > most { Err(Reason::TooLong { most, given }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(draft: &WebhookDraft) -> Vec<String> {
        let problems = draft.check().err().unwrap_or_default();
        problems.iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn all_validation_errors_are_returned_together() {
        let good = WebhookDraft { url: "https://example.vn/hook".to_owned(), ..WebhookDraft::default() };
        assert!(paths(&good).is_empty());
        let bad = WebhookDraft {
            url: String::new(),
            description: "x".repeat(LONGEST_DESCRIPTION + 1),
            filter: Some("x".repeat(LONGEST_DOCUMENT + 1)),
            document: Some("x".repeat(LONGEST_DOCUMENT + 1)),
        };
        assert_eq!(paths(&bad), ["description", "filter", "document"]);
        for description in ["a\nb", "a\u{202e}b", "a\u{200b}b", "a\u{e0041}b"] {
            let draft = WebhookDraft { description: description.to_owned(), ..good.clone() };
            assert_eq!(paths(&draft), ["description"], "{description:?}");
        }
    }

    #[test]
    fn previous_secret_signs_until_its_end() {
        let [old, new] = [[1; 32], [2; 32]].map(|bytes| EncryptedSecret::from_bytes(bytes.to_vec()));
        let webhook = Webhook {
            id: "wh_1".to_owned(),
            owner: "sister".to_owned(),
            url: "https://example.vn".to_owned(),
            description: String::new(),
            filter: None,
            document: None,
            state: WebhookState::Active,
            disabled: None,
            cursor: String::new(),
            failures: 0,
            next_attempt_us: None,
            secret: new,
            former: Some((old.clone(), 2_000_000)),
            revision: 1,
            created_at_us: 0,
            updated_at_us: 0,
        };
        assert_eq!(webhook.former_at(1_999_999), Some(&old));
        assert_eq!(webhook.former_at(2_000_000), None);
    }
}
