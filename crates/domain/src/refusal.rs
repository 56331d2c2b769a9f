//! Refusals: requests that the server refused because of who sent them or what they demanded,
//! counted per hour.
//!
//! A refusal never contains a token, a document or another part of the request.

use crate::policy::Role;
use serde::Serialize;
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// Microseconds of an hour.
pub const HOUR_US: i64 = 3_600_000_000;

/// Why requests were refused.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefusalReason {
    /// The token was malformed, expired, not yet valid, revoked or of another issuer.
    InvalidToken,
    /// The operation requires a token.
    TokenRequired,
    /// The role or the token does not allow the operation, or the origin of the page is not allowed.
    Forbidden,
    /// The address of the client is blocked.
    Blocked,
    /// The client has reached its limit of connections, requests or subscriptions.
    RateLimited,
    /// The operation costs more than the limit of the role, or its response is too large.
    CostExceeded,
    /// The document exceeds a limit on its size, depth or number of parts.
    DocumentLimit,
    /// A cursor that this register has not signed for this list.
    InvalidCursor,
    /// The body, the headers or the URI are too large.
    TooLarge,
}

/// Whose requests were refused why, in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RefusalKey {
    /// The beginning of the hour, in microseconds.
    pub hour_us: i64,
    /// The role of the caller; the public without a valid token.
    pub role: Role,
    /// The name of the caller in its token; without one the network of the client, as the setting
    /// `address_log` keeps it. Empty if it is not kept, or if the hour has too many holders.
    pub holder: String,
    /// Why.
    pub reason: RefusalReason,
}

/// A number of refused requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalCount {
    /// Whose, why and when.
    pub key: RefusalKey,
    /// How many requests.
    pub count: i64,
    /// The time of the last one, in microseconds.
    pub last_at_us: i64,
}

/// A query for one page of refusals, the newest hour first.
#[derive(Debug, Clone)]
pub struct RefusalList {
    /// Returns only refusals for this reason.
    pub reason: Option<RefusalReason>,
    /// Returns only hours that end after this time, in microseconds.
    pub since_us: Option<i64>,
    /// The row after which the page begins.
    pub cursor: Option<RefusalKey>,
    /// The most rows to return.
    pub most: u64,
}

/// Returns the beginning of the hour of a time, both in microseconds.
#[must_use]
pub fn hour_of(at_us: i64) -> i64 {
    at_us - at_us.rem_euclid(HOUR_US)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hour_begins_at_or_before_its_times() {
        assert_eq!([0, 1, HOUR_US - 1, HOUR_US, -1].map(hour_of), [0, 0, 0, HOUR_US, -HOUR_US]);
    }
}
