//! Metrics of partners' webhooks.

use crate::catalogue::{WEBHOOK_ATTEMPTS, WEBHOOKS};
use metrics::{counter, gauge};

/// Counts a request to an endpoint by whether the message was delivered.
pub fn count_webhook_attempt(is_delivered: bool) {
    let outcome = if is_delivered { "delivered" } else { "failed" };
    counter!(WEBHOOK_ATTEMPTS, "outcome" => outcome).increment(1);
}

/// Sets the number of webhooks in each state.
#[expect(clippy::cast_precision_loss, reason = "numbers of webhooks are far below 2^53")]
pub fn set_webhook_counts(states: [(&'static str, usize); 3]) {
    for (state, count) in states {
        gauge!(WEBHOOKS, "state" => state).set(count as f64);
    }
}
