//! The closed list of codes of top-level errors (`extensions.code`).

use caunoi_domain::refusal::RefusalReason;

/// The kind of a top-level error; clients act on this, never on the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// The request is invalid: its syntax, its types or its values.
    BadInput,
    /// The token is missing, expired or invalid.
    Unauthenticated,
    /// The caller is authenticated and lacks the permission.
    Forbidden,
    /// There is no such object that the caller may see.
    NotFound,
    /// A concurrent change was first.
    Conflict,
    /// The caller has reached a limit on requests or subscriptions.
    RateLimited,
    /// The request costs too much, or its response is too large.
    CostExceeded,
    /// The execution was stopped at its deadline.
    Timeout,
    /// A service that the request needs is unavailable now.
    Unavailable,
    /// The node has more work than it can do; nothing was done for this request.
    Overloaded,
    /// An internal error; the log has the details under the request id.
    Internal,
}

impl ErrorCode {
    const ALL: [Self; 11] = [
        Self::BadInput,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::RateLimited,
        Self::CostExceeded,
        Self::Timeout,
        Self::Unavailable,
        Self::Overloaded,
        Self::Internal,
    ];

    /// Returns the value of `extensions.code`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadInput => "BAD_INPUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::RateLimited => "RATE_LIMITED",
            Self::CostExceeded => "COST_EXCEEDED",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Overloaded => "OVERLOADED",
            Self::Internal => "INTERNAL",
        }
    }

    /// Whether the same request may succeed later, unless the error states it itself.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        match self {
            Self::RateLimited | Self::Timeout | Self::Unavailable | Self::Overloaded => true,
            Self::BadInput
            | Self::Unauthenticated
            | Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::CostExceeded
            | Self::Internal => false,
        }
    }

    /// Returns why a request with this error was refused; none if the error is no refusal.
    #[must_use]
    pub fn refusal(self) -> Option<RefusalReason> {
        match self {
            Self::Unauthenticated => Some(RefusalReason::TokenRequired),
            Self::Forbidden => Some(RefusalReason::Forbidden),
            Self::RateLimited => Some(RefusalReason::RateLimited),
            Self::CostExceeded => Some(RefusalReason::CostExceeded),
            Self::BadInput
            | Self::NotFound
            | Self::Conflict
            | Self::Timeout
            | Self::Overloaded
            | Self::Unavailable
            | Self::Internal => None,
        }
    }

    /// Returns the code with this `extensions.code`; none if there is none.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn reference_lists_exactly_these_codes() {
        let reference = include_str!("../../../../docs/reference/errors.md");
        let (top, _) = reference.split_once("## HTTP status").unwrap();
        let rows = top.lines().filter_map(|line| line.strip_prefix("| `"));
        let listed: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
        assert_eq!(listed, ErrorCode::ALL.into_iter().map(ErrorCode::as_str).collect());
    }
}
