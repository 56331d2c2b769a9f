//! Webhooks and their deliveries.

use async_graphql::Enum;

/// Whether a webhook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::WebhookState")]
pub(crate) enum WebhookState {
    /// It is.
    Active,
    /// Its partner wants it to wait.
    Paused,
    /// The register has given it up.
    Disabled,
}

/// Why the register has given a webhook up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DisabledReason")]
pub(crate) enum WebhookDisabledReason {
    /// The endpoint answered 410.
    Gone,
    /// Ten attempts in a row failed, over some three days.
    Exhausted,
    /// The schema does not know its document any more.
    Document,
}

/// Why a delivery is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DeliveryKind")]
pub(crate) enum WebhookDeliveryKind {
    /// Something changed.
    Change,
    /// `pingWebhook` asked for it.
    Ping,
    /// `redeliverWebhook` asked for it.
    Redelivery,
}

/// Why an attempt to deliver failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DeliveryError")]
pub(crate) enum WebhookDeliveryError {
    /// The name of the host cannot be resolved.
    UnknownHost,
    /// The address, or one that its name resolves to, is not one of the public internet.
    UrlRefused,
    /// No connection, or it broke off; a certificate that does not hold counts here.
    Connection,
    /// No whole answer within 15 seconds.
    Timeout,
    /// A redirect; none is followed.
    Redirect,
    /// An answer that is no 2xx.
    Status,
    /// The document gave no payload.
    Document,
    /// The message is not found any more: filter or document are others by now.
    NoMessage,
}
