//! The limit on running requests per client address, for requests through trusted proxies.

use std::sync::Arc;

use axum::{Extension, body::Body, extract::Request, middleware::Next, response::Response};
use http_body_util::BodyExt as _;

use super::{
    client_address::RequestOrigin,
    connection_limit::{ConnectionLimit, ConnectionPermit},
    error_response::ErrorResponse,
    frame::RequestId,
};

/// The permit of a request through a trusted proxy; an extension of the request. A clone that a
/// handler keeps holds the permit after the response.
#[derive(Debug, Clone)]
pub(super) struct ForwardedPermit(
    #[expect(dead_code, reason = "held until it is dropped")] Arc<ConnectionPermit>,
);

/// Counts a request through a trusted proxy as one connection of its client, until its response is
/// sent: the connections of a proxy are not counted. Responds 429 beyond the limit, before the body
/// is read.
pub(super) async fn limit_forwarded(
    Extension(id): Extension<RequestId>,
    origin: Option<Extension<RequestOrigin>>,
    limit: Option<Extension<ConnectionLimit>>,
    mut request: Request,
    next: Next,
) -> Response {
    let (Some(Extension(origin)), Some(Extension(limit))) = (origin, limit) else {
        return next.run(request).await;
    };
    if !origin.is_forwarded {
        return next.run(request).await;
    }
    let Some(permit) = limit.try_acquire(origin.client) else {
        caunoi_metrics::count_refused_connection();
        return ErrorResponse::too_many_connections().respond(&id);
    };
    let permit = ForwardedPermit(Arc::new(permit));
    request.extensions_mut().insert(permit.clone());
    let response = next.run(request).await;
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &permit;
            frame
        }))
    })
}
