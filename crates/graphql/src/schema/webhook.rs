//! The webhooks of the caller and their deliveries.

use super::api_error::ApiError;
use super::cost_directives::{PageSize, TextSize};
use super::enums::{WebhookDeliveryError, WebhookDeliveryKind, WebhookDisabledReason, WebhookState};
use super::filter::stored;
use super::request_context::RequestContext;
use super::scalar::{Cursor, DateTime};
use async_graphql::{Context, ID, Object};
use caunoi_domain::page::Window;
use caunoi_domain::policy::WebhookOwner;
use caunoi_domain::webhook::{Delivery, DeliveryKey, Webhook};

/// Returns the caller as the owner of webhooks, or an error if its role has none.
pub(super) fn owner(ctx: &Context<'_>) -> Result<WebhookOwner, ApiError> {
    Ok(RequestContext::of(ctx).actor().owner().map_err(caunoi_register::Error::from)?)
}

/// Returns the webhooks of the caller.
pub(super) async fn list(ctx: &Context<'_>) -> Result<Vec<WebhookObject>, ApiError> {
    let owner = owner(ctx)?;
    let webhooks = RequestContext::of(ctx).register().webhooks(&owner).await?;
    Ok(webhooks.into_iter().map(WebhookObject).collect())
}

/// Returns the webhook of the caller with this id; `None` if the caller has none.
pub(super) async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<WebhookObject>, ApiError> {
    let request = RequestContext::of(ctx);
    let Ok(owner) = request.actor().owner() else { return Ok(None) };
    let webhooks = request.register().webhooks(&owner).await?;
    Ok(webhooks.into_iter().find(|webhook| webhook.id == id).map(WebhookObject))
}

/// Returns the delivery of a webhook of the caller with this id; `None` if the caller has none.
pub(super) async fn find_delivery(ctx: &Context<'_>, id: &str) -> Result<Option<DeliveryObject>, ApiError> {
    let request = RequestContext::of(ctx);
    let (Ok(owner), Some(key)) = (request.actor().owner(), decode(id)) else { return Ok(None) };
    Ok(request.register().find_delivery(&owner, &key).await?.map(DeliveryObject))
}

/// A webhook of the caller.
pub(crate) struct WebhookObject(pub(super) Webhook);

/// A URL of a partner that the register calls for every matching change. Each change is delivered
/// at least once, and the changes of one province in their order. A message is repeated under the
/// same `webhook-id` until the endpoint answers with status 2xx; later messages wait. Calls are
/// signed according to Standard Webhooks.
#[Object(name = "Webhook")]
impl WebhookObject {
    /// The global id, opaque. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }

    /// The URL that is called.
    #[graphql(directive = TextSize::apply(100))]
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// The note of the owner; empty if there is none.
    #[graphql(directive = TextSize::apply(200))]
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// The filter, the JSON text of a `ChangeFilter`, for example
    /// `{"province":{"in":["DONG_NAI"]}}`. Null if all changes are delivered.
    #[graphql(directive = TextSize::apply(80))]
    async fn filter(&self) -> Option<String> {
        self.0.filter.as_deref().and_then(stored::read).map(|filter| filter.to_string())
    }

    /// The GraphQL subscription that makes the payloads; null for the default one.
    #[graphql(directive = TextSize::apply(200))]
    async fn document(&self) -> Option<&str> {
        self.0.document.as_deref()
    }

    /// Whether the webhook is active, paused or disabled.
    async fn state(&self) -> WebhookState {
        self.0.state.into()
    }

    /// The reason why the register disabled the webhook; null if it did not. `updateWebhook` with
    /// `isPaused: false` resumes it from its cursor.
    async fn disabled_reason(&self) -> Option<WebhookDisabledReason> {
        self.0.disabled.map(Into::into)
    }

    /// The log cursor of the last delivered change.
    #[graphql(directive = TextSize::apply(170))]
    async fn cursor(&self) -> Cursor {
        Cursor(self.0.cursor.clone())
    }

    /// The number of consecutive failed attempts; 0 after a success.
    async fn failures(&self) -> i32 {
        self.0.failures
    }

    /// The time of the next attempt; null if none has failed.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.next_attempt_us.map(DateTime::from_us)
    }

    /// The time at which the webhook was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_us(self.0.created_at_us)
    }

    /// The time at which its owner last changed it.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_us(self.0.updated_at_us)
    }

    /// Attempts to deliver, the newest first. The newest 200 are stored.
    #[graphql(directive = PageSize::apply(&["first"], &[]))]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of deliveries, 1 to 100; 20 if absent.")] first: Option<i32>,
    ) -> Result<Vec<DeliveryObject>, ApiError> {
        let owner = owner(ctx)?;
        let most = Window::parse(first, None, None, None)?.size.into();
        let deliveries = RequestContext::of(ctx).register().deliveries(&owner, &self.0.id, most).await?;
        Ok(deliveries.into_iter().map(DeliveryObject).collect())
    }
}

/// An attempt to deliver a message.
pub(crate) struct DeliveryObject(pub(super) Delivery);

/// An attempt to deliver a message, made or scheduled.
#[Object(name = "WebhookDelivery")]
impl DeliveryObject {
    /// The global id, opaque. `node(id:)` returns the object for it.
    pub(crate) async fn id(&self) -> ID {
        encode(&self.0.key)
    }

    /// The `webhook-id` of the message, the same in each of its attempts.
    async fn message_id(&self) -> &str {
        &self.0.message
    }

    /// The reason for the attempt: a change, a ping or a requested repetition.
    async fn kind(&self) -> WebhookDeliveryKind {
        self.0.kind.into()
    }

    /// The number of the attempt, beginning with 1.
    async fn attempt(&self) -> i32 {
        self.0.attempt
    }

    /// The time of the attempt; null while it is scheduled.
    async fn attempted_at(&self) -> Option<DateTime> {
        self.0.outcome.as_ref().map(|outcome| DateTime::from_us(outcome.at_us))
    }

    /// Whether the endpoint answered with status 2xx.
    async fn is_delivered(&self) -> bool {
        self.0.outcome.as_ref().is_some_and(|outcome| outcome.error.is_none())
    }

    /// The HTTP status of the response; null if there was none.
    async fn status(&self) -> Option<i32> {
        self.0.outcome.as_ref()?.status.map(Into::into)
    }

    /// The reason for the failure; null if the attempt succeeded or is scheduled.
    async fn error(&self) -> Option<WebhookDeliveryError> {
        self.0.outcome.as_ref()?.error.map(Into::into)
    }

    /// The first 200 bytes of a response with another status than 2xx; null for others.
    #[graphql(directive = TextSize::apply(100))]
    async fn response(&self) -> Option<&str> {
        self.0.outcome.as_ref()?.excerpt.as_deref()
    }

    /// The duration of the attempt in milliseconds; null while it is scheduled.
    async fn duration_ms(&self) -> Option<i32> {
        self.0.outcome.as_ref().map(|outcome| outcome.took_ms)
    }

    /// The time at which the next attempt was to follow; null if none was.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.outcome.as_ref()?.next_attempt_us.map(DateTime::from_us)
    }
}

fn encode(key: &DeliveryKey) -> ID {
    ID(format!("{}.{}", key.webhook, key.number))
}

/// Parses the ID of a delivery; `None` if it is not one.
pub(super) fn decode(id: &str) -> Option<DeliveryKey> {
    let (webhook, number) = id.split_once('.')?;
    Some(DeliveryKey { webhook: webhook.to_owned(), number: number.parse().ok()? })
}
