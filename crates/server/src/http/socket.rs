//! `/graphql` over a WebSocket: the sub-protocol `graphql-transport-ws`.
//!
//! This module performs the handshake; `session` implements the protocol. That of the engine is not
//! used: it has no timeouts, no check of `Origin` and other close codes, and one busy subscription
//! can starve the others.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{FromRequestParts as _, Request, ws::WebSocketUpgrade},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_domain::{policy::Actor, rate_limit::Payer, refusal::RefusalReason};
use caunoi_graphql::execution::{AllowedOperations, GraphqlRequest, GraphqlResponse};
use caunoi_metrics::Transport;
use futures_util::{StreamExt as _, stream::BoxStream};
use tokio::sync::oneshot;

use super::{
    HttpState,
    address_guard::ForwardedPermit,
    caller::INVALID_TOKEN_COST,
    client_address::client_address,
    connection_limit::client_network,
    error_response::ErrorResponse,
    events,
    frame::{RequestId, within},
    graphql_request, media,
    params::Params,
    refusal,
    upgrade::ConnectionUpgrade,
};
use crate::identity::TokenError;
use caunoi_texts::HttpText;
use session::{SessionHandlers, SessionLimits, run_session};

mod caller;
mod close;
mod message;
mod origin;
mod session;

/// The name of the sub-protocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// Sockets are mostly idle; the default of 128 KiB each would be wasted.
const READ_BUFFER_BYTES: usize = 4 * 1_024;
/// A message of up to this many times the limit is read, so that its client receives a close code
/// instead of a connection reset.
const DISCARDED: usize = 4;

/// Handles GET: opens a WebSocket or an event stream if requested, otherwise executes a query.
pub(super) async fn get(state: Arc<HttpState>, id: &RequestId, request: Request) -> Response {
    if requests_websocket(request.headers()) {
        open(state, request).await.unwrap_or_else(|error_response| error_response.respond(id))
    } else if media::accepts_event_stream(request.headers()) {
        events::get(&state, id, request)
    } else {
        graphql_request::get(&state, id, request).await
    }
}

fn requests_websocket(headers: &HeaderMap) -> bool {
    let requested = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    requested.flat_map(|list| list.split(',')).any(|name| name.trim().eq_ignore_ascii_case("websocket"))
}

/// Checks the handshake and passes the session to the task of the connection.
///
/// # Errors
/// Returns 400 if the handshake or the sub-protocol is wrong, 403 if the origin is not allowed.
async fn open(state: Arc<HttpState>, request: Request) -> Result<Response, ErrorResponse> {
    let (mut parts, _) = request.into_parts();
    let limits = state.limits.socket.clone();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|_| HANDSHAKE.with_header(header::SEC_WEBSOCKET_VERSION, "13"))?
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(DISCARDED * limits.message_bytes)
        .max_frame_size(DISCARDED * limits.message_bytes)
        .protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(ErrorResponse::bad(StatusCode::BAD_REQUEST, HttpText::SubProtocol));
    }
    if !origin::may_open(&parts.headers, &state.allowed_origins) {
        return Err(ErrorResponse::forbidden(HttpText::OriginNotAllowed));
    }
    let connection_upgrade = parts.extensions.remove::<ConnectionUpgrade>().ok_or(ErrorResponse::INTERNAL)?;
    let stopping = connection_upgrade.stopping();
    let limits = SessionLimits { write_timeout: state.limits.write_timeout, limits };
    let client = client_address(&parts.extensions);
    // Through a proxy the socket counts for its client until it closes.
    let permit = parts.extensions.remove::<ForwardedPermit>();
    let handlers = handlers(state, &parts.headers, client);
    // In another task the socket would hold no permit and would not be drained.
    let (give, given) = oneshot::channel();
    connection_upgrade.continue_with(async move {
        if let Ok(socket) = given.await {
            let (_counted, _permit) = (caunoi_metrics::OpenSocket::open(), permit);
            run_session(socket, handlers, limits, stopping).await;
        }
    });
    Ok(upgrade.on_upgrade(|socket| async move {
        // The connection may have closed meanwhile.
        let _ = give.send(socket);
    }))
}

const HANDSHAKE: ErrorResponse = ErrorResponse::bad(StatusCode::BAD_REQUEST, HttpText::NotAHandshake);

/// Returns the callbacks of a session.
fn handlers(state: Arc<HttpState>, headers: &HeaderMap, client: IpAddr) -> SessionHandlers {
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let languages = languages.map(str::to_owned);
    // A copy: the original value would keep the whole read buffer of the head alive.
    let token = headers.get(header::AUTHORIZATION);
    let token = token.and_then(|token| HeaderValue::from_bytes(token.as_bytes()).ok());
    SessionHandlers {
        access_updates: state.authenticator.access_updates(),
        authenticate: {
            let state = Arc::clone(&state);
            Box::new(move |payload| {
                let caller = caller::authenticate(&state.authenticator, token.as_ref(), payload, client);
                if caller.as_ref().is_err_and(|error| *error != TokenError::KeysUnavailable) {
                    refusal::count(&state, &Actor::public(), client, RefusalReason::InvalidToken);
                    // The socket closes in any case.
                    let payer = Payer::of_address(client_network(client));
                    let _ = state.api.rate_limiter().charge(&payer, INVALID_TOKEN_COST);
                }
                caller
            })
        },
        subscribe: Box::new(move |actor, params| subscribe(&state, actor, params, languages.clone(), client)),
    }
}

fn subscribe(
    state: &Arc<HttpState>,
    actor: &Actor,
    params: Params,
    languages: Option<String>,
    client: IpAddr,
) -> BoxStream<'static, GraphqlResponse> {
    // Each operation has its own id, different from that of the handshake.
    let id = RequestId::next(&HeaderMap::new());
    let request = GraphqlRequest {
        actor: actor.clone(),
        document: params.document,
        operation_name: params.operation_name,
        variables: params.variables,
        languages,
        request_id: id.as_str().to_owned(),
        allowed_operations: AllowedOperations::All,
        resume: None,
        has_stored_filter: false,
        address: Some(client_network(client)),
        cost_mode: params.cost_mode,
    };
    let span = tracing::error_span!(parent: None, "stream", request_id = id.as_str());
    let (refusals, actor) = (Arc::clone(state), actor.clone());
    let responses = state.api.execute_stream(request, Transport::Socket).inspect(move |response| {
        if let Some(reason) = response.refusal {
            refusal::count(&refusals, &actor, client, reason);
        }
    });
    within(span, responses.boxed())
}
