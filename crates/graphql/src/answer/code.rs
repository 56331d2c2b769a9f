//! The closed list of codes that a top-level error can carry.

/// What kind of fault it is; clients act on this, never on the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The request itself is wrong: its syntax, its types, its shape.
    BadInput,
    /// A token is missing, expired or not ours.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// No such thing in the caller's sight.
    NotFound,
    /// Somebody else was first.
    Conflict,
    /// Too much asked in too short a time.
    RateLimited,
    /// One request asks for too much.
    CostExceeded,
    /// The answer took longer than a request may.
    Timeout,
    /// Something that the answer needs is not there now.
    Unavailable,
    /// Our mistake; the log knows more under the request id.
    Internal,
}

impl Code {
    const ALL: [Self; 10] = [
        Self::BadInput,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::RateLimited,
        Self::CostExceeded,
        Self::Timeout,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The word in `extensions.code`.
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
            Self::Internal => "INTERNAL",
        }
    }

    /// Whether the same request may succeed later, where the fault itself does not say.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        match self {
            Self::RateLimited | Self::Timeout | Self::Unavailable => true,
            Self::BadInput
            | Self::Unauthenticated
            | Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::CostExceeded
            | Self::Internal => false,
        }
    }

    /// The code of this word, if it is on the list.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }
}
