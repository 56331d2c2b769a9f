//! Idempotency keys: a repeated request returns the recorded response.

/// How long a response is stored: two days of the log's clock, in microseconds. A jump of a node's
/// clock takes a day of it at most ([`crate::log_clock`]), so a key works for a day in any case.
pub const RETENTION_US: i64 = 2 * 24 * 3_600 * 1_000_000;
/// The most expired responses that one write deletes.
pub const MOST_DELETED: u64 = 16;

/// An idempotency key, unique per author and operation, and the request that it identifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The value that the client sent.
    pub key: String,
    /// The name of the mutation field.
    pub operation: String,
    /// A hash of the whole input.
    pub input_hash: [u8; 32],
}

impl IdempotencyKey {
    /// Returns whether a recorded request with this key and `recorded_hash` was the same request;
    /// a key that was used for another one is refused.
    #[must_use]
    pub fn is_repeated_by(&self, recorded_hash: &[u8]) -> bool {
        recorded_hash == self.input_hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_repeated_by_equal_input_only() {
        let key =
            IdempotencyKey { key: "k".to_owned(), operation: "createEvent".to_owned(), input_hash: [7; 32] };
        assert!(key.is_repeated_by(&[7; 32]));
        assert!(!key.is_repeated_by(&[8; 32]));
        assert!(!key.is_repeated_by(&[7; 31]));
    }
}
