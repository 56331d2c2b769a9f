//! The payload of a message: a response of the subscription in the envelope of Standard Webhooks.

use serde_json::{Value, json};

/// Error codes caused by the document, so that a retry cannot succeed.
const OF_DOCUMENT: [&str; 3] = ["BAD_INPUT", "COST_EXCEEDED", "NOT_FOUND"];
/// Error codes of a moment: the register is unavailable or overloaded, or the partner has spent its
/// quota of cost.
const TEMPORARY: [&str; 3] = ["UNAVAILABLE", "OVERLOADED", "RATE_LIMITED"];

/// The payload made from a response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// The JSON body.
    Body(Vec<u8>),
    /// None: the document is invalid, so a retry cannot succeed.
    DocumentRejected,
    /// None: the register is unavailable, or the partner has spent its quota; it is tried again without
    /// a failed attempt.
    Unavailable,
    /// None: the operation failed; a retry may succeed.
    Failed,
}

/// Returns the payload of a response. `timestamp` is the time of the message (RFC 3339).
pub(super) fn from_response(response: &[u8], timestamp: &str) -> Payload {
    let mut response: Value = serde_json::from_slice(response).unwrap_or_default();
    let root = response["data"].as_object_mut().and_then(|data| data.values_mut().next()).map(Value::take);
    let Some(data) = root.filter(|root| !root.is_null()) else {
        let code = response["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        return match code {
            code if TEMPORARY.contains(&code) => Payload::Unavailable,
            code if OF_DOCUMENT.contains(&code) => Payload::DocumentRejected,
            _ => Payload::Failed,
        };
    };
    let kind = if data["__typename"] == "ChangeGap" { "caunoi.gap" } else { "caunoi.change" };
    let mut body = json!({ "type": kind, "timestamp": timestamp, "data": data });
    // A partial response also has its errors.
    if response["errors"].is_array() {
        body["errors"] = response["errors"].take();
    }
    Payload::Body(body.to_string().into_bytes())
}

/// Returns the payload of a ping.
pub(super) fn ping(webhook: &str, timestamp: &str) -> Vec<u8> {
    let body = json!({ "type": "caunoi.ping", "timestamp": timestamp, "data": { "webhook": webhook } });
    body.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(response: &Value) -> Value {
        match from_response(response.to_string().as_bytes(), "T") {
            Payload::Body(body) => serde_json::from_slice(&body).unwrap(),
            other @ (Payload::DocumentRejected | Payload::Unavailable | Payload::Failed) => {
                panic!("{other:?}")
            }
        }
    }

    #[test]
    fn root_field_becomes_data_under_any_alias() {
        let change = json!({ "__typename": "Change", "position": 3 });
        let sent = json!({ "type": "caunoi.change", "timestamp": "T", "data": change });
        assert_eq!(body(&json!({ "data": { "changes": change } })), sent);
        assert_eq!(body(&json!({ "data": { "all": change } })), sent);
        let gap = body(&json!({ "data": { "changes": { "__typename": "ChangeGap" } } }));
        assert_eq!(gap["type"], "caunoi.gap");
        let half = json!({ "errors": [{ "message": "no" }], "data": { "changes": { "entry": null } } });
        assert_eq!(body(&half)["errors"], half["errors"]);
    }

    #[test]
    fn error_code_decides_payload_without_data() {
        let payload = |code: &str| {
            let response = json!({ "errors": [{ "extensions": { "code": code } }], "data": null });
            from_response(response.to_string().as_bytes(), "T")
        };
        assert_eq!(payload("UNAVAILABLE"), Payload::Unavailable);
        assert_eq!(payload("OVERLOADED"), Payload::Unavailable);
        assert_eq!(payload("RATE_LIMITED"), Payload::Unavailable);
        assert_eq!(payload("BAD_INPUT"), Payload::DocumentRejected);
        assert_eq!(payload("TIMEOUT"), Payload::Failed);
        assert_eq!(from_response(b"junk", "T"), Payload::Failed);
    }
}
