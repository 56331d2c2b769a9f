//! Error responses of this module: JSON in the form of a GraphQL error.

use std::borrow::Cow;

use axum::{
    Extension,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_graphql::execution::{ErrorCode, error_body};

use super::{frame::RequestId, media::Media};
use crate::identity::Unrecognised;

/// `Retry-After` of a response with status 429, in seconds.
pub(super) const RETRY_AFTER: &str = "30";

/// An error response.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: StatusCode,
    code: ErrorCode,
    message: Cow<'static, str>,
    header: Option<(HeaderName, &'static str)>,
}

impl Problem {
    /// Returns a `BAD_INPUT` error with this status.
    pub(super) const fn bad(status: StatusCode, message: &'static str) -> Self {
        Self::new(status, ErrorCode::BadInput, message)
    }

    const fn new(status: StatusCode, code: ErrorCode, message: &'static str) -> Self {
        Self { status, code, message: Cow::Borrowed(message), header: None }
    }

    /// Returns 400 for an invalid parameter, which the message names.
    pub(super) fn parameter(message: String) -> Self {
        Self { message: Cow::Owned(message), ..Self::parameters("") }
    }

    /// Converts an error of the GraphQL API.
    pub(super) fn from_api(code: ErrorCode, message: String) -> Self {
        let status = match code {
            ErrorCode::BadInput | ErrorCode::CostExceeded => StatusCode::BAD_REQUEST,
            ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
            ErrorCode::Forbidden => StatusCode::FORBIDDEN,
            ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::Conflict => StatusCode::CONFLICT,
            ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
            ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, code, message: Cow::Owned(message), header: None }
    }

    /// Returns 400 for invalid parameters.
    pub(super) const fn parameters(message: &'static str) -> Self {
        Self::bad(StatusCode::BAD_REQUEST, message)
    }

    /// The body did not arrive in time.
    pub(super) const SLOW_BODY: Self =
        Self::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Timeout, "The request body took too long.");

    /// Returns 429: the client address has reached its limit of connections and streams.
    pub(super) fn too_many_connections() -> Self {
        let message = "Too many connections and streams from this address; close one first.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, message)
            .with_header(header::RETRY_AFTER, RETRY_AFTER)
    }

    /// The handler failed.
    pub(super) const INTERNAL: Self = Self::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Internal,
        "Something went wrong on our side.",
    );

    /// Returns 401 for an invalid token.
    pub(super) fn unrecognised(why: Unrecognised) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, why.message())
            .with_header(header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#)
    }

    /// Returns the message.
    pub(super) fn into_message(self) -> Cow<'static, str> {
        self.message
    }

    /// Returns 403.
    pub(super) const fn forbidden(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message)
    }

    /// Adds a header that the status requires.
    pub(super) fn with_header(self, name: HeaderName, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// Returns the response as `application/json`.
    pub(super) fn respond(&self, id: &RequestId) -> Response {
        self.respond_as(Media::Json, id)
    }

    /// Returns the response in the negotiated media type.
    pub(super) fn respond_as(&self, media: Media, id: &RequestId) -> Response {
        let mut response = Response::new(Body::from(error_body(self.code, &self.message, id.as_str())));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, media.content_type());
        if let Some((name, value)) = &self.header {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// Responds 404 to an unknown path.
pub(super) async fn not_found(Extension(id): Extension<RequestId>) -> Response {
    let message = "There is nothing at this address.";
    Problem::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, message).respond(&id)
}

/// Responds 405 to a known path with another method; axum adds `Allow`.
pub(super) async fn method_not_allowed(Extension(id): Extension<RequestId>) -> Response {
    let message = "This method is not allowed here.";
    Problem::bad(StatusCode::METHOD_NOT_ALLOWED, message).respond(&id)
}
