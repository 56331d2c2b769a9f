//! Parses and writes the messages of `graphql-transport-ws`.

use std::borrow::Cow;

use axum::extract::ws::{Message, Utf8Bytes};
use caunoi_domain::locale::Locale;
use serde_json::{Map, Value, json};

use super::super::params::Params;

/// The id must fit into the reason of a close frame, and is part of every response.
const MAX_ID_BYTES: usize = 90;

/// A message of the client.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ClientMessage {
    /// `connection_init`; the payload may contain a token.
    Init(Map<String, Value>),
    /// `ping`.
    Ping,
    /// `pong`.
    Pong,
    /// `subscribe`: starts an operation with this id.
    Subscribe(String, Params),
    /// `complete`: stops the operation with this id.
    Complete(String),
}

impl ClientMessage {
    /// Parses a message.
    ///
    /// # Errors
    /// Returns the reason of the close frame.
    pub(super) fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        let mut message: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| "A message must be one JSON object")?;
        let kind = message.remove("type");
        match kind.as_ref().and_then(Value::as_str) {
            Some("connection_init") => Ok(Self::Init(payload(&mut message)?)),
            Some("ping") => {
                payload(&mut message)?;
                Ok(Self::Ping)
            }
            Some("pong") => {
                payload(&mut message)?;
                Ok(Self::Pong)
            }
            Some("subscribe") => {
                let params = Params::read_members(payload(&mut message)?);
                Ok(Self::Subscribe(id(&mut message)?, params.map_err(|error| error.message(Locale::En))?))
            }
            Some("complete") => Ok(Self::Complete(id(&mut message)?)),
            Some(_) | None => Err("The type of the message is not known".into()),
        }
    }
}

fn payload(message: &mut Map<String, Value>) -> Result<Map<String, Value>, &'static str> {
    match message.remove("payload") {
        Some(Value::Object(payload)) => Ok(payload),
        Some(Value::Null) | None => Ok(Map::new()),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            Err("The payload must be an object")
        }
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, &'static str> {
    match message.remove("id") {
        Some(Value::String(id)) if (1..=MAX_ID_BYTES).contains(&id.len()) => Ok(id),
        _ => Err("The id must be a string of 1 to 90 bytes"),
    }
}

/// `connection_ack`.
pub(super) const ACK: Message = Message::Text(Utf8Bytes::from_static(r#"{"type":"connection_ack"}"#));
/// `pong`.
pub(super) const PONG: Message = Message::Text(Utf8Bytes::from_static(r#"{"type":"pong"}"#));

/// Returns `next` with one response. `body` is the JSON of a GraphQL response.
pub(super) fn next(id: &str, body: &[u8]) -> Message {
    Message::text(format!(
        r#"{{"id":{},"type":"next","payload":{}}}"#,
        json!(id),
        String::from_utf8_lossy(body)
    ))
}

/// Returns `error` with the errors of the response, which ends the operation.
pub(super) fn error(id: &str, body: &[u8]) -> Message {
    let errors = serde_json::from_slice::<Value>(body).map(|mut body| body["errors"].take());
    Message::text(json!({"id": id, "type": "error", "payload": errors.unwrap_or_default()}).to_string())
}

/// Returns `complete`: the operation has ended.
pub(super) fn complete(id: &str) -> Message {
    Message::text(json!({"id": id, "type": "complete"}).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_graphql::execution::RequestedDocument;

    #[test]
    fn messages_of_the_protocol_are_parsed() {
        assert_eq!(ClientMessage::read(r#"{"type":"connection_init"}"#), Ok(ClientMessage::Init(Map::new())));
        assert_eq!(ClientMessage::read(r#"{"type":"ping","payload":{"a":1}}"#), Ok(ClientMessage::Ping));
        assert_eq!(ClientMessage::read(r#"{"type":"pong","payload":null}"#), Ok(ClientMessage::Pong));
        assert_eq!(
            ClientMessage::read(r#"{"type":"complete","id":"1"}"#),
            Ok(ClientMessage::Complete("1".to_owned()))
        );
        let subscribe = r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null}}"#;
        let params = Params {
            document: RequestedDocument::Text("{a}".to_owned(), None),
            operation_name: None,
            cost_mode: caunoi_graphql::execution::CostMode::default(),
            variables: Value::Null,
        };
        assert_eq!(ClientMessage::read(subscribe), Ok(ClientMessage::Subscribe("1".to_owned(), params)));
    }

    #[test]
    fn other_messages_are_refused() {
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(91));
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"connection_ack"}"#,
            r#"{"type":"connection_init","payload":[]}"#,
            r#"{"type":"ping","payload":"x"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"complete"}"#,
            &long,
        ] {
            assert!(ClientMessage::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn response_body_is_embedded_unchanged() {
        let message = next("\"1\"", r#"{"data":{"name":"Đà Nẵng"}}"#.as_bytes());
        assert_eq!(
            message,
            Message::text(r#"{"id":"\"1\"","type":"next","payload":{"data":{"name":"Đà Nẵng"}}}"#)
        );
        let message = error("1", br#"{"errors":[{"message":"no"}]}"#);
        assert_eq!(message, Message::text(r#"{"id":"1","payload":[{"message":"no"}],"type":"error"}"#));
    }
}
