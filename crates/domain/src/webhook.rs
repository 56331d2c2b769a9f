//! Webhooks: what a partner wants to be told of, where, and how that went.
//!
//! A webhook is a subscription that the register follows in the place of its partner: what the
//! partner would have heard is sent to an address of theirs. Which addresses may be called is
//! decided in [`endpoint`], when a failed call is repeated in [`retry`], and how a call is signed
//! in [`signature`].

pub mod address;
pub mod endpoint;
pub mod retry;
pub mod signature;

use crate::refusal::{Problem, Problems, Refusal};
use signature::Secret;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How many webhooks one partner has at most.
pub const MOST_WEBHOOKS: i16 = 20;
/// How many deliveries of a webhook are remembered.
pub const MOST_DELIVERIES: i64 = 200;
/// How many pings and repetitions of a webhook may wait.
pub const MOST_WAITING: u64 = 10;
/// Characters of a description.
pub const LONGEST_DESCRIPTION: usize = 200;
/// Characters of a document, and of a filter.
pub const LONGEST_DOCUMENT: usize = 16_384;
/// Bytes of the beginning of an answer that the log of deliveries keeps.
pub const LONGEST_EXCERPT: usize = 200;

/// Whether a webhook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WebhookState {
    /// It is.
    Active,
    /// Its partner wants it to wait.
    Paused,
    /// The register has given it up, for a [`DisabledReason`].
    Disabled,
}

/// Why the register has given a webhook up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DisabledReason {
    /// The endpoint answered 410.
    Gone,
    /// The last attempt that [`retry`] knows failed as well.
    Exhausted,
    /// Its document can no longer be run.
    Document,
}

/// Why a delivery is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryKind {
    /// Something changed.
    Change,
    /// The partner wants to see whether calls arrive.
    Ping,
    /// The partner wants a message once more.
    Redelivery,
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryError {
    /// The name of the host cannot be resolved.
    UnknownHost,
    /// The address, or one that its name resolves to, may not be called.
    UrlRefused,
    /// No connection, or it broke off; a certificate that does not hold counts here.
    Connection,
    /// No whole answer in time.
    Timeout,
    /// A redirect, which is not followed.
    Redirect,
    /// An answer that is no 2xx.
    Status,
    /// The document gave no payload.
    Document,
    /// The message is not found any more: filter or document are others by now.
    NoMessage,
}

/// What a partner wants to be told of, and how far they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its name, drawn at random.
    pub id: String,
    /// The name of the partner whose it is.
    pub owner: String,
    /// Where it is called.
    pub url: String,
    /// The partner's own note.
    pub description: String,
    /// Which changes, as the JSON text of a filter; none wants all.
    pub filter: Option<String>,
    /// The subscription that makes the payloads; none takes the usual one.
    pub document: Option<String>,
    /// Whether it is called.
    pub state: WebhookState,
    /// Why not, where the register has given it up.
    pub disabled: Option<DisabledReason>,
    /// Where the feed was told up to.
    pub cursor: String,
    /// Attempts in a row that failed.
    pub failures: i32,
    /// Before this instant no further attempt is made.
    pub next_attempt_us: Option<i64>,
    /// Signs every call.
    pub secret: Secret,
    /// The one before, and the instant up to which it signs too.
    pub former: Option<(Secret, i64)>,
    /// Counts the changes that its partner makes.
    pub revision: i32,
    /// When it was made.
    pub created_at_us: i64,
    /// When its partner changed it last.
    pub updated_at_us: i64,
}

impl Webhook {
    /// The signatures of a call at this instant, as they stand in its header: that of the secret,
    /// and that of the one before as long as it signs too.
    #[must_use]
    pub fn signatures(&self, message: &str, at_us: i64, body: &[u8]) -> String {
        let former = self.former.as_ref().filter(|(_, until_us)| at_us < *until_us);
        let secrets = [Some(&self.secret), former.map(|(secret, _)| secret)];
        let second = at_us.div_euclid(1_000_000);
        let signatures = secrets.into_iter().flatten().map(|secret| secret.sign(message, second, body));
        signatures.collect::<Vec<_>>().join(" ")
    }

    /// Goes on from where the feed was told up to, with all attempts before it again.
    pub fn resume(&mut self) {
        (self.state, self.disabled) = (WebhookState::Active, None);
        (self.failures, self.next_attempt_us) = (0, None);
    }
}

/// Which delivery of which webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryKey {
    /// The webhook.
    pub webhook: String,
    /// Counted from 1 on.
    pub number: i64,
}

/// One attempt to deliver a message, or one that waits to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which.
    pub key: DeliveryKey,
    /// The name of the message, the same in each attempt.
    pub message: String,
    /// Why it is made.
    pub kind: DeliveryKind,
    /// Which attempt in a row of failed ones it is, from 1 on.
    pub attempt: i32,
    /// Where the feed was told up to before it; none for a ping.
    pub after: Option<String>,
    /// What came of it; none while it waits.
    pub outcome: Option<Attempted>,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// When it was made.
    pub at_us: i64,
    /// How long it took.
    pub took_ms: i32,
    /// The status of the answer; none where there was no answer.
    pub status: Option<i16>,
    /// Why it failed; none where it did not.
    pub error: Option<DeliveryError>,
    /// The beginning of an answer that was no 2xx.
    pub excerpt: Option<String>,
    /// When the next attempt follows, where one does.
    pub next_attempt_us: Option<i64>,
}

/// What a partner says of a webhook, unread.
#[derive(Debug, Clone, Default)]
pub struct WebhookDraft {
    /// Where it is called.
    pub url: String,
    /// The partner's own note.
    pub description: String,
    /// Which changes, as the JSON text of a filter.
    pub filter: Option<String>,
    /// The subscription that makes the payloads.
    pub document: Option<String>,
}

impl WebhookDraft {
    /// Checks the texts. Whether the URL may be called ([`endpoint`]), and whether the document can
    /// be run, is asked apart: both need somebody else.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Problems::default();
        problems.take("description", short(&self.description, LONGEST_DESCRIPTION));
        if self.description.chars().any(char::is_control) {
            problems.note("description", Refusal::Invalid("control characters are not allowed".to_owned()));
        }
        for (path, text) in [("filter", &self.filter), ("document", &self.document)] {
            problems.take(path, short(text.as_deref().unwrap_or_default(), LONGEST_DOCUMENT));
        }
        problems.settle(Some(()))
    }
}

fn short(text: &str, most: usize) -> Result<(), Refusal> {
    let given = text.chars().count();
    if given > most { Err(Refusal::TooLong { most, given }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(draft: &WebhookDraft) -> Vec<String> {
        let problems = draft.check().err().unwrap_or_default();
        problems.iter().map(|problem| problem.path.join(".")).collect()
    }

    #[test]
    fn all_that_is_wrong_is_told_together() {
        let good = WebhookDraft { url: "https://example.vn/hook".to_owned(), ..WebhookDraft::default() };
        assert!(paths(&good).is_empty());
        let bad = WebhookDraft {
            url: String::new(),
            description: "x".repeat(LONGEST_DESCRIPTION + 1),
            filter: Some("x".repeat(LONGEST_DOCUMENT + 1)),
            document: Some("x".repeat(LONGEST_DOCUMENT + 1)),
        };
        assert_eq!(paths(&bad), ["description", "filter", "document"]);
        assert_eq!(paths(&WebhookDraft { description: "a\nb".to_owned(), ..good }), ["description"]);
    }

    #[test]
    fn a_secret_that_was_replaced_signs_for_a_while() {
        let (old, new) = (Secret::new([1; 32]), Secret::new([2; 32]));
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
            secret: new.clone(),
            former: Some((old.clone(), 2_000_000)),
            revision: 1,
            created_at_us: 0,
            updated_at_us: 0,
        };
        let both = format!("{} {}", new.sign("msg_1", 1, b"{}"), old.sign("msg_1", 1, b"{}"));
        assert_eq!(webhook.signatures("msg_1", 1_999_999, b"{}"), both);
        assert_eq!(webhook.signatures("msg_1", 2_000_000, b"{}"), new.sign("msg_1", 2, b"{}"));
    }
}
