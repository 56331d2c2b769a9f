//! The messages of `graphql-transport-ws`, read and written.

use std::borrow::Cow;

use axum::extract::ws::{Message, Utf8Bytes};
use serde_json::{Map, Value, json};

use super::super::{params::Params, problem::Problem};

/// Fits the reason of a close frame, and is written before every answer.
const MAX_ID_BYTES: usize = 90;

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It wants to begin; the payload may hold a token.
    Init(Map<String, Value>),
    /// It wants to know whether we are there.
    Ping,
    /// It is there.
    Pong,
    /// It asks something, under an id.
    Subscribe(String, Params),
    /// It wants no more answers under this id.
    Complete(String),
}

impl Said {
    /// Reads a message, or tells what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        let mut message: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| "A message is one JSON object")?;
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
                let asked = Params::read_members(payload(&mut message)?);
                Ok(Self::Subscribe(id(&mut message)?, asked.map_err(Problem::into_message)?))
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
        _ => Err("The id must be a text of 1 to 90 bytes"),
    }
}

/// The client may ask now.
pub(super) const ACK: Message = Message::Text(Utf8Bytes::from_static(r#"{"type":"connection_ack"}"#));
/// We are there.
pub(super) const PONG: Message = Message::Text(Utf8Bytes::from_static(r#"{"type":"pong"}"#));

/// One answer; more may come. The body is the JSON of a GraphQL response.
pub(super) fn next(id: &str, body: &[u8]) -> Message {
    Message::text(format!(
        r#"{{"id":{},"type":"next","payload":{}}}"#,
        json!(id),
        String::from_utf8_lossy(body)
    ))
}

/// The last answer, which has errors alone.
pub(super) fn error(id: &str, body: &[u8]) -> Message {
    let errors = serde_json::from_slice::<Value>(body).map(|mut body| body["errors"].take());
    Message::text(json!({"id": id, "type": "error", "payload": errors.unwrap_or_default()}).to_string())
}

/// All answers have been sent.
pub(super) fn complete(id: &str) -> Message {
    Message::text(json!({"id": id, "type": "complete"}).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_protocol_knows_is_read() {
        assert_eq!(Said::read(r#"{"type":"connection_init"}"#), Ok(Said::Init(Map::new())));
        assert_eq!(Said::read(r#"{"type":"ping","payload":{"a":1}}"#), Ok(Said::Ping));
        assert_eq!(Said::read(r#"{"type":"pong","payload":null}"#), Ok(Said::Pong));
        assert_eq!(Said::read(r#"{"type":"complete","id":"1"}"#), Ok(Said::Complete("1".to_owned())));
        let asked = r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null}}"#;
        let params = Params { query: "{a}".to_owned(), operation_name: None, variables: Value::Null };
        assert_eq!(Said::read(asked), Ok(Said::Subscribe("1".to_owned(), params)));
    }

    #[test]
    fn everything_else_is_refused() {
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
            assert!(Said::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn answers_are_wrapped_as_they_are() {
        let told = next("\"1\"", r#"{"data":{"name":"Đà Nẵng"}}"#.as_bytes());
        assert_eq!(
            told,
            Message::text(r#"{"id":"\"1\"","type":"next","payload":{"data":{"name":"Đà Nẵng"}}}"#)
        );
        let told = error("1", br#"{"errors":[{"message":"no"}]}"#);
        assert_eq!(told, Message::text(r#"{"id":"1","payload":[{"message":"no"}],"type":"error"}"#));
    }
}
