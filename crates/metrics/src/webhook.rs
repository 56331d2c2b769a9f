//! Webhooks of partners.

use crate::catalogue::{WEBHOOK_ATTEMPTS, WEBHOOKS};
use metrics::{counter, gauge};

/// An endpoint was called, and has taken the message or not.
pub fn webhook_attempt(is_delivered: bool) {
    let outcome = if is_delivered { "delivered" } else { "failed" };
    counter!(WEBHOOK_ATTEMPTS, "outcome" => outcome).increment(1);
}

/// How many webhooks there are in each state.
#[expect(clippy::cast_precision_loss, reason = "a float tells every number of webhooks")]
pub fn note_webhooks(states: [(&'static str, usize); 3]) {
    for (state, count) in states {
        gauge!(WEBHOOKS, "state" => state).set(count as f64);
    }
}
