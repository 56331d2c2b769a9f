//! Authenticates the caller of a WebSocket.

use std::{net::IpAddr, time::Duration};

use axum::http::HeaderValue;
use caunoi_domain::policy::Actor;
use serde_json::{Map, Value};

use crate::identity::{Authenticator, TokenError};

/// The caller of a socket.
#[derive(Debug)]
pub(super) struct SocketCaller {
    /// The actor of all operations of the socket.
    pub(super) actor: Actor,
    /// Remaining lifetime of the token; None for callers without one.
    pub(super) lifetime: Option<Duration>,
}

/// Authenticates by the token in the payload of `connection_init`, otherwise by that of the request
/// that opened the socket: browsers cannot set headers of a WebSocket.
///
/// # Errors
/// Returns `TokenError` if the token is invalid or not a string, or the network of the client blocked.
pub(super) fn authenticate(
    authenticator: &Authenticator,
    header: Option<&HeaderValue>,
    payload: &Map<String, Value>,
    address: IpAddr,
) -> Result<SocketCaller, TokenError> {
    let token = find_token(header, payload)?;
    let caller = authenticator.authenticate(token, address)?;
    Ok(SocketCaller { lifetime: authenticator.lifetime(&caller), actor: caller.actor })
}

fn find_token<'a>(
    header: Option<&'a HeaderValue>,
    payload: &'a Map<String, Value>,
) -> Result<Option<&'a str>, TokenError> {
    let token = payload.get("Authorization").or_else(|| payload.get("authorization"));
    match (token, header) {
        (Some(Value::String(token)), _) => Ok(Some(token)),
        (Some(Value::Null) | None, Some(token)) => {
            token.to_str().map(Some).map_err(|_| TokenError::NotBearer)
        }
        (Some(Value::Null) | None, None) => Ok(None),
        (Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)), _) => {
            Err(TokenError::NotBearer)
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
    fn payload_token_overrides_header_token() {
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
