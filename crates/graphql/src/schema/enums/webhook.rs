//! Enums of webhooks and their deliveries.

use async_graphql::Enum;

/// The state of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::WebhookState")]
pub(crate) enum WebhookState {
    /// It is called for each change.
    Active,
    /// The partner has paused it.
    Paused,
    /// The register has disabled it.
    Disabled,
}

/// The reason why the register disabled a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DisabledReason")]
pub(crate) enum WebhookDisabledReason {
    /// The endpoint responded with status 410.
    Gone,
    /// Ten consecutive attempts failed, over about three days.
    Exhausted,
    /// Its document is no longer valid against the schema.
    Document,
}

/// The reason for a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DeliveryKind")]
pub(crate) enum WebhookDeliveryKind {
    /// An entry changed.
    Change,
    /// It was requested with `pingWebhook`.
    Ping,
    /// It was requested with `redeliverWebhook`.
    Redelivery,
}

/// The reason why an attempt to deliver failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DeliveryError")]
pub(crate) enum WebhookDeliveryError {
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
}
