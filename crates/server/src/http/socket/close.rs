//! Why a socket is closed: the codes of the protocol, and those of WebSocket where it has none.
//!
//! Clients act on the code. The usual ones (npm `graphql-ws`) open a new socket after 1012, 4403,
//! 4408 and 4413, and give up after the others.

use std::borrow::Cow;

use axum::extract::ws::{CloseFrame, Message};

/// A close code and the words for people beside it, at most 123 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    code: u16,
    reason: Cow<'static, str>,
}

impl Close {
    /// A message is longer than it may be.
    pub(super) const TOO_BIG: Self = Self::new(1009, "Message too big");
    /// The server stops; another one, or this one again, goes on.
    pub(super) const RESTART: Self = Self::new(1012, "Service restart");
    /// An operation before the connection was acknowledged.
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    /// The token names nobody.
    pub(super) const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    /// The token was good and is so no longer.
    pub(super) const EXPIRED: Self = Self::new(4403, "Token expired");
    /// No `connection_init` came.
    pub(super) const NO_INIT: Self = Self::new(4408, "Connection initialisation timeout");
    /// Nothing came, pongs neither.
    pub(super) const SILENT: Self = Self::new(4408, "Nothing was heard for too long");
    /// The client does not read what it asked for.
    pub(super) const SLOW: Self = Self::new(4413, "Read too slowly; resume from your last cursor");
    /// A second `connection_init`.
    pub(super) const SECOND_INIT: Self = Self::new(4429, "Too many initialisation requests");
    /// More operations at once than one socket may have.
    pub(super) const TOO_MANY: Self = Self::new(4429, "Too many operations at once");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// A message that the protocol does not know.
    pub(super) fn invalid(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code: 4400, reason: reason.into() }
    }

    /// An operation under an id that another one has.
    pub(super) fn duplicate(id: &str) -> Self {
        Self { code: 4409, reason: format!("Subscriber for {id} already exists").into() }
    }
}

impl From<Close> for Message {
    fn from(close: Close) -> Self {
        Self::Close(Some(CloseFrame { code: close.code, reason: close.reason.into_owned().into() }))
    }
}
