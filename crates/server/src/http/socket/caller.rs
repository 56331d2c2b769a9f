//! Who a socket speaks for.

use std::time::Duration;

use axum::http::HeaderValue;
use caunoi_domain::policy::Actor;
use serde_json::{Map, Value};

use crate::identity::Identity;

/// Who calls, until when.
#[derive(Debug)]
pub(super) struct Caller {
    /// On whose behalf every operation of the socket runs.
    pub(super) actor: Actor,
    /// How long its token is still good; none for callers without one.
    pub(super) lifetime: Option<Duration>,
}

/// A token that names nobody.
#[derive(Debug)]
pub(super) struct Unrecognised;

/// Recognises the caller by the token in the payload of `connection_init`, else by that of the
/// request that opened the socket: browsers cannot give a socket a header.
pub(super) fn recognise(
    identity: &Identity,
    header: Option<&HeaderValue>,
    payload: &Map<String, Value>,
) -> Result<Caller, Unrecognised> {
    let token = find_token(header, payload)?;
    let caller = identity.recognise(token).map_err(|_| Unrecognised)?;
    Ok(Caller { lifetime: identity.lifetime(&caller), actor: caller.actor })
}

fn find_token<'a>(
    header: Option<&'a HeaderValue>,
    payload: &'a Map<String, Value>,
) -> Result<Option<&'a str>, Unrecognised> {
    let told = payload.get("Authorization").or_else(|| payload.get("authorization"));
    match (told, header) {
        (Some(Value::String(token)), _) => Ok(Some(token)),
        (Some(Value::Null) | None, Some(token)) => token.to_str().map(Some).map_err(|_| Unrecognised),
        (Some(Value::Null) | None, None) => Ok(None),
        (Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)), _) => {
            Err(Unrecognised)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(header: Option<&str>, payload: &Value) -> Result<Option<String>, ()> {
        let header = header.map(|header| header.parse().unwrap());
        let token = find_token(header.as_ref(), payload.as_object().unwrap()).map_err(|_| ())?;
        Ok(token.map(str::to_owned))
    }

    #[test]
    fn the_payload_speaks_before_the_header() {
        let some = |token: &str| Ok(Some(token.to_owned()));
        assert_eq!(token(None, &json!({})), Ok(None));
        assert_eq!(token(Some("Bearer a"), &json!({})), some("Bearer a"));
        assert_eq!(token(Some("Bearer a"), &json!({"Authorization": null})), some("Bearer a"));
        assert_eq!(token(Some("Bearer a"), &json!({"authorization": "Bearer b"})), some("Bearer b"));
        assert_eq!(token(None, &json!({"Authorization": "Bearer b"})), some("Bearer b"));
        assert_eq!(token(Some("Bearer a"), &json!({"authorization": 1})), Err(()));
        assert_eq!(token(Some("\u{e9}"), &json!({})), Err(()));
    }
}
