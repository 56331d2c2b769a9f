//! Close codes: those of the protocol, and those of WebSocket where it has none.
//!
//! Clients act on the code. Common ones (npm `graphql-ws`) reconnect after 1012, 4403, 4408 and
//! 4413 and give up after the others.

use std::borrow::Cow;

use axum::extract::ws::{CloseFrame, Message};

/// A close code and a reason of at most 123 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    code: u16,
    reason: Cow<'static, str>,
}

impl Close {
    /// A message exceeds the size limit.
    pub(super) const TOO_BIG: Self = Self::new(1009, "Message too big");
    /// The server stops; the client should reconnect.
    pub(super) const RESTART: Self = Self::new(1012, "Service restart");
    /// An operation before the connection was acknowledged.
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    /// The token is invalid.
    pub(super) const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    /// The token has expired.
    pub(super) const EXPIRED: Self = Self::new(4403, "Token expired");
    /// `connection_init` did not arrive in time.
    pub(super) const NO_INIT: Self = Self::new(4408, "Connection initialisation timeout");
    /// The client has sent nothing for too long, not even a pong.
    pub(super) const SILENT: Self = Self::new(4408, "Nothing was heard for too long");
    /// The client does not read its responses.
    pub(super) const SLOW: Self = Self::new(4413, "Read too slowly; resume from your last cursor");
    /// A second `connection_init`.
    pub(super) const SECOND_INIT: Self = Self::new(4429, "Too many initialisation requests");
    /// Too many concurrent operations.
    pub(super) const TOO_MANY: Self = Self::new(4429, "Too many operations at once");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// A message violates the protocol.
    pub(super) fn invalid(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code: 4400, reason: reason.into() }
    }

    /// An operation has the id of another one.
    pub(super) fn duplicate(id: &str) -> Self {
        Self { code: 4409, reason: format!("Subscriber for {id} already exists").into() }
    }
}

impl From<Close> for Message {
    fn from(close: Close) -> Self {
        Self::Close(Some(CloseFrame { code: close.code, reason: close.reason.into_owned().into() }))
    }
}
