//! What a call says: the answer to the subscription, in the envelope of Standard Webhooks.

use serde_json::{Value, json};

/// Codes of faults that a document itself is to blame for, not the moment.
const OF_DOCUMENT: [&str; 3] = ["BAD_INPUT", "COST_EXCEEDED", "NOT_FOUND"];
const AWAY: &str = "UNAVAILABLE";

/// What an answer gives to send.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// This body.
    Body(Vec<u8>),
    /// Nothing, and asking again will not help.
    Unfit,
    /// Nothing now: the register itself does not answer.
    Away,
    /// Nothing this time.
    Failed,
}

/// The payload of an answer, made at this instant.
pub(super) fn of(answer: &[u8], timestamp: &str) -> Payload {
    let mut answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let root = answer["data"].as_object_mut().and_then(|data| data.values_mut().next()).map(Value::take);
    let Some(data) = root.filter(|root| !root.is_null()) else {
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        return match code {
            AWAY => Payload::Away,
            code if OF_DOCUMENT.contains(&code) => Payload::Unfit,
            _ => Payload::Failed,
        };
    };
    let kind = if data["__typename"] == "ChangeGap" { "caunoi.gap" } else { "caunoi.change" };
    let mut body = json!({ "type": kind, "timestamp": timestamp, "data": data });
    // What is missing from the data is said beside it.
    if answer["errors"].is_array() {
        body["errors"] = answer["errors"].take();
    }
    Payload::Body(body.to_string().into_bytes())
}

/// The payload of a ping.
pub(super) fn ping(webhook: &str, timestamp: &str) -> Vec<u8> {
    let body = json!({ "type": "caunoi.ping", "timestamp": timestamp, "data": { "webhook": webhook } });
    body.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(answer: &Value) -> Value {
        match of(answer.to_string().as_bytes(), "T") {
            Payload::Body(body) => serde_json::from_slice(&body).unwrap(),
            other @ (Payload::Unfit | Payload::Away | Payload::Failed) => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_one_root_becomes_the_data_whatever_it_is_called() {
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
    fn without_data_the_code_says_whose_fault_it_is() {
        let told = |code: &str| {
            let answer = json!({ "errors": [{ "extensions": { "code": code } }], "data": null });
            of(answer.to_string().as_bytes(), "T")
        };
        assert_eq!(told("UNAVAILABLE"), Payload::Away);
        assert_eq!(told("BAD_INPUT"), Payload::Unfit);
        assert_eq!(told("TIMEOUT"), Payload::Failed);
        assert_eq!(of(b"junk", "T"), Payload::Failed);
    }
}
