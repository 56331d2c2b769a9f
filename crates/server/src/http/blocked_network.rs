//! Refuses requests from networks that the steward has blocked, before anything of them is read.

use std::sync::Arc;

use axum::{
    extract::{Request, State as Shared},
    middleware::Next,
    response::Response,
};

use super::{HttpState, client_address::client_address, error_response::ErrorResponse, frame::RequestId};
use crate::identity::TokenError;

/// Responds 403 to a request from a blocked network.
pub(super) async fn refuse(Shared(state): Shared<Arc<HttpState>>, request: Request, next: Next) -> Response {
    if state.authenticator.is_blocked(client_address(request.extensions())) {
        let id = request.extensions().get::<RequestId>().cloned();
        let id = id.unwrap_or_else(|| RequestId::next(request.headers()));
        return ErrorResponse::unrecognised(TokenError::NetworkBlocked).respond(&id);
    }
    next.run(request).await
}
