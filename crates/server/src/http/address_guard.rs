//! Decisions about the address of a client before its request is read: blocked networks, and the limit
//! on running requests through trusted proxies.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Request, State as Shared},
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt as _;

use super::{
    HttpState,
    client_address::RequestOrigin,
    connection_limit::{ConnectionLimit, ConnectionPermit},
    error_response::ErrorResponse,
    frame::RequestId,
};

/// The permit of a request through a trusted proxy; an extension of the request. A handler that keeps
/// it holds the permit after the response.
#[derive(Debug, Clone)]
pub(super) struct ForwardedPermit {
    _held: Arc<ConnectionPermit>,
}

/// Responds 403 to clients of blocked networks. Counts a request through a trusted proxy as one
/// connection of its client, until its response is sent, because the connections of a proxy are not
/// counted; responds 429 beyond the limit. Neither reads the body.
pub(super) async fn admit(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(origin) = request.extensions().get::<RequestOrigin>().copied() else {
        return ErrorResponse::INTERNAL.respond(&id);
    };
    if state.blocked_networks.contains(origin.client) {
        return ErrorResponse::ADDRESS_BLOCKED.respond(&id);
    }
    if !origin.is_forwarded {
        return next.run(request).await;
    }
    let limit = request.extensions().get::<ConnectionLimit>();
    let Some(permit) = limit.and_then(|limit| limit.try_acquire(origin.client)) else {
        caunoi_metrics::count_refused_connection();
        return ErrorResponse::too_many_connections().respond(&id);
    };
    let permit = ForwardedPermit { _held: Arc::new(permit) };
    request.extensions_mut().insert(permit.clone());
    let response = next.run(request).await;
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &permit;
            frame
        }))
    })
}
