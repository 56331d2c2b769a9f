//! `/graphql` over a WebSocket: the sub-protocol `graphql-transport-ws`.
//!
//! Here a request becomes a socket; `conversation` speaks the protocol on it. The loop is ours:
//! that of the engine knows no time limits, no Origin, other close codes, and lets one busy
//! subscription starve the rest.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Extension,
    extract::{FromRequestParts as _, Request, State as Shared, ws::WebSocketUpgrade},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_domain::policy::Actor;
use caunoi_graphql::answer::{Answer, Offer, Question};
use caunoi_metrics::Transport;
use futures_util::stream::BoxStream;
use tokio::sync::oneshot;

use super::{
    Peer, State, ask, events,
    frame::{RequestId, within},
    media,
    params::Params,
    problem::Problem,
    seats::household,
    takeover::Takeover,
};
use conversation::{Desk, Patience, converse};

mod caller;
mod close;
mod conversation;
mod message;
mod origin;

/// The name of the sub-protocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// Sockets mostly wait; the usual 128 KiB each would be held for nothing.
const READ_BUFFER_BYTES: usize = 4 * 1_024;
/// How many times the limit a message is read, so that a client who sends a little too much is
/// told by a close code instead of a reset connection.
const DISCARDED: usize = 4;

/// A question in an address, or a socket or events where the client asks for them.
pub(super) async fn get(
    Shared(state): Shared<Arc<State>>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    if asks_for_socket(request.headers()) {
        open(state, request).await.unwrap_or_else(|problem| problem.respond(&id))
    } else if media::asks_for_events(request.headers()) {
        events::get(&state, &id, request)
    } else {
        ask::get(Shared(state), Extension(id), request).await
    }
}

fn asks_for_socket(headers: &HeaderMap) -> bool {
    let wishes = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    wishes.flat_map(|wish| wish.split(',')).any(|wish| wish.trim().eq_ignore_ascii_case("websocket"))
}

/// Checks the handshake and leaves the conversation to the task of the connection.
async fn open(state: Arc<State>, request: Request) -> Result<Response, Problem> {
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
        return Err(Problem::bad(StatusCode::BAD_REQUEST, "The sub-protocol is graphql-transport-ws."));
    }
    if !origin::may_open(&parts.headers, &state.allowed_origins) {
        return Err(Problem::forbidden("This web site may not open a socket here."));
    }
    let takeover = parts.extensions.remove::<Takeover>().ok_or(Problem::INTERNAL)?;
    let stopping = takeover.stopping();
    let patience = Patience { write_timeout: state.limits.write_timeout, limits };
    let address = parts.extensions.get::<Peer>().map(|peer| household(peer.0.ip()));
    let desk = desk(state, &parts.headers, address);
    // On a task of its own the socket would have no seat, and nobody would wait for its end.
    let (give, given) = oneshot::channel();
    takeover.succeed(async move {
        if let Ok(socket) = given.await {
            let _counted = caunoi_metrics::Socket::open();
            converse(socket, desk, patience, stopping).await;
        }
    });
    Ok(upgrade.on_upgrade(|socket| async move {
        // The connection may have ended in between.
        let _ = give.send(socket);
    }))
}

const HANDSHAKE: Problem = Problem::bad(StatusCode::BAD_REQUEST, "This is no WebSocket handshake.");

/// What a conversation asks of the rest of the process.
fn desk(state: Arc<State>, headers: &HeaderMap, address: Option<IpAddr>) -> Desk {
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let languages = languages.map(str::to_owned);
    // A copy: a value of the request would keep the whole buffer that its head was read into.
    let token = headers.get(header::AUTHORIZATION);
    let token = token.and_then(|token| HeaderValue::from_bytes(token.as_bytes()).ok());
    Desk {
        recognise: {
            let state = Arc::clone(&state);
            Box::new(move |payload| caller::recognise(&state.identity, token.as_ref(), payload))
        },
        ask: Box::new(move |actor, params| ask(&state, actor, params, (languages.clone(), address))),
    }
}

fn ask(
    state: &State,
    actor: &Actor,
    params: Params,
    (languages, address): (Option<String>, Option<IpAddr>),
) -> BoxStream<'static, Answer> {
    // Of its own: the request that opened the socket asked nothing.
    let id = RequestId::next();
    let question = Question {
        actor: actor.clone(),
        document: params.query,
        operation_name: params.operation_name,
        variables: params.variables,
        languages,
        request_id: id.as_str().to_owned(),
        offer: Offer::All,
        resume: None,
        was_accepted: false,
        address,
    };
    let span = tracing::error_span!(parent: None, "stream", request_id = id.as_str());
    within(span, state.api.answers(question, Transport::Socket))
}
