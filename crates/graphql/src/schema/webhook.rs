//! Webhooks of the caller, and what was delivered to them.

use super::asking::Asking;
use super::enums::{WebhookDeliveryError, WebhookDeliveryKind, WebhookDisabledReason, WebhookState};
use super::fault::Fault;
use super::scalar::{Cursor, DateTime};
use async_graphql::{Context, ID, Object};
use caunoi_domain::page::Window;
use caunoi_domain::policy::Owner;
use caunoi_domain::webhook::{Delivery, DeliveryKey, Webhook};

/// The caller as one who has webhooks.
pub(super) fn owner(ctx: &Context<'_>) -> Result<Owner, Fault> {
    Ok(Asking::of(ctx).actor().owner().map_err(caunoi_register::Error::from)?)
}

/// The caller's webhooks.
pub(super) async fn list(ctx: &Context<'_>) -> Result<Vec<WebhookObject>, Fault> {
    let owner = owner(ctx)?;
    let webhooks = Asking::of(ctx).register().webhooks(&owner).await?;
    Ok(webhooks.into_iter().map(WebhookObject).collect())
}

/// A webhook of the caller.
pub(crate) struct WebhookObject(pub(super) Webhook);

/// An address of the caller's that is called for every change, each log in the order of its
/// positions, every change at least once. A message is repeated under the same `webhook-id` until
/// the endpoint answers 2xx; those behind it wait. Signed by Standard Webhooks.
#[Object(name = "Webhook")]
impl WebhookObject {
    /// Its name.
    async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }

    /// Where it is called.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// The caller's own note.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Which changes, as the JSON text of a `ChangeFilter`; null where all are told.
    async fn filter(&self) -> Option<&str> {
        self.0.filter.as_deref()
    }

    /// The subscription that makes the payloads; null for the usual one.
    async fn document(&self) -> Option<&str> {
        self.0.document.as_deref()
    }

    /// Whether it is called.
    async fn state(&self) -> WebhookState {
        self.0.state.into()
    }

    /// Why the register has given it up; null where it has not. `updateWebhook` with
    /// `isPaused: false` goes on from its cursor.
    async fn disabled_reason(&self) -> Option<WebhookDisabledReason> {
        self.0.disabled.map(Into::into)
    }

    /// Where the feed was delivered up to.
    async fn cursor(&self) -> Cursor {
        Cursor(self.0.cursor.clone())
    }

    /// How many attempts in a row have failed.
    async fn failures(&self) -> i32 {
        self.0.failures
    }

    /// When the next attempt is made; null where nothing has failed.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.next_attempt_us.map(DateTime::from_us)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime::from_us(self.0.created_at_us)
    }

    /// When the caller changed it last.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_us(self.0.updated_at_us)
    }

    /// Attempts to deliver, the newest first; the newest 200 are remembered.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; absent means 20.")] first: Option<i32>,
    ) -> Result<Vec<DeliveryObject>, Fault> {
        let owner = owner(ctx)?;
        let most = Window::parse(first, None, None, None)?.size.into();
        let deliveries = Asking::of(ctx).register().deliveries(&owner, &self.0.id, most).await?;
        Ok(deliveries.into_iter().map(DeliveryObject).collect())
    }
}

/// One attempt to deliver a message.
pub(crate) struct DeliveryObject(pub(super) Delivery);

/// One attempt to deliver a message, or one that waits to be made.
#[Object(name = "WebhookDelivery")]
impl DeliveryObject {
    /// Its name.
    async fn id(&self) -> ID {
        encode(&self.0.key)
    }

    /// The `webhook-id` of the message: the same in each attempt.
    async fn message_id(&self) -> &str {
        &self.0.message
    }

    /// Why it is made.
    async fn kind(&self) -> WebhookDeliveryKind {
        self.0.kind.into()
    }

    /// Which attempt in a row it is, from 1 on.
    async fn attempt(&self) -> i32 {
        self.0.attempt
    }

    /// When it was made; null while it waits.
    async fn attempted_at(&self) -> Option<DateTime> {
        self.0.outcome.as_ref().map(|outcome| DateTime::from_us(outcome.at_us))
    }

    /// Whether the endpoint has taken it: answered 2xx.
    async fn is_delivered(&self) -> bool {
        self.0.outcome.as_ref().is_some_and(|outcome| outcome.error.is_none())
    }

    /// The HTTP status of the answer; null where there was none.
    async fn status(&self) -> Option<i32> {
        self.0.outcome.as_ref()?.status.map(Into::into)
    }

    /// Why it failed; null where it did not.
    async fn error(&self) -> Option<WebhookDeliveryError> {
        self.0.outcome.as_ref()?.error.map(Into::into)
    }

    /// The first 200 bytes of an answer that was no 2xx.
    async fn response(&self) -> Option<&str> {
        self.0.outcome.as_ref()?.excerpt.as_deref()
    }

    /// How long it took, in milliseconds; null while it waits.
    async fn duration_ms(&self) -> Option<i32> {
        self.0.outcome.as_ref().map(|outcome| outcome.took_ms)
    }

    /// When the next attempt was to follow; null where none was.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.outcome.as_ref()?.next_attempt_us.map(DateTime::from_us)
    }
}

fn encode(key: &DeliveryKey) -> ID {
    ID(format!("{}.{}", key.webhook, key.number))
}

/// The delivery that an id names; none for anything that this schema never made.
pub(super) fn decode(id: &ID) -> Option<DeliveryKey> {
    let (webhook, number) = id.split_once('.')?;
    Some(DeliveryKey { webhook: webhook.to_owned(), number: number.parse().ok()? })
}
