//! Refusals of the HTTP room itself: always JSON, in the shape of a GraphQL error.

use std::borrow::Cow;

use axum::{
    Extension,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_graphql::answer::{Code, error_body};

use super::{frame::RequestId, media::Media};
use crate::identity::Unrecognised;

/// Seconds after which to come back to what had no room.
pub(super) const RETRY_AFTER: &str = "30";

/// A request that is not answered, and why.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: StatusCode,
    code: Code,
    message: Cow<'static, str>,
    header: Option<(HeaderName, &'static str)>,
}

impl Problem {
    /// The request is wrong; `status` says in which way.
    pub(super) const fn bad(status: StatusCode, message: &'static str) -> Self {
        Self::new(status, Code::BadInput, message)
    }

    const fn new(status: StatusCode, code: Code, message: &'static str) -> Self {
        Self { status, code, message: Cow::Borrowed(message), header: None }
    }

    /// One parameter is wrong; the message names it.
    pub(super) fn parameter(message: String) -> Self {
        Self { message: Cow::Owned(message), ..Self::parameters("") }
    }

    /// What the GraphQL face said instead of an answer.
    pub(super) fn told(code: Code, message: String) -> Self {
        let status = match code {
            Code::BadInput | Code::CostExceeded => StatusCode::BAD_REQUEST,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::Forbidden => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Conflict => StatusCode::CONFLICT,
            Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Code::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, code, message: Cow::Owned(message), header: None }
    }

    /// Parameters that do not make a question.
    pub(super) const fn parameters(message: &'static str) -> Self {
        Self::bad(StatusCode::BAD_REQUEST, message)
    }

    /// The body did not arrive in time.
    pub(super) const SLOW_BODY: Self =
        Self::new(StatusCode::REQUEST_TIMEOUT, Code::Timeout, "The request body took too long.");

    /// The address has all the connections and streams that it may have.
    pub(super) fn crowded() -> Self {
        let message = "This address has as many connections and streams as it may have; end one first.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message)
            .with_header(header::RETRY_AFTER, RETRY_AFTER)
    }

    /// The code behind the route failed.
    pub(super) const INTERNAL: Self =
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, "Something went wrong on our side.");

    /// The token that came along is not good.
    pub(super) fn unrecognised(why: Unrecognised) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, why.message())
            .with_header(header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#)
    }

    /// What is said of it.
    pub(super) fn into_message(self) -> Cow<'static, str> {
        self.message
    }

    /// Who asks may not have it, whatever is asked.
    pub(super) const fn forbidden(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden, message)
    }

    /// Adds a header that the status calls for.
    pub(super) fn with_header(self, name: HeaderName, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// The response, in plain JSON.
    pub(super) fn respond(&self, id: &RequestId) -> Response {
        self.respond_as(Media::Json, id)
    }

    /// The response, in the media type that was agreed on.
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

/// Nothing stands at this path.
pub(super) async fn not_found(Extension(id): Extension<RequestId>) -> Response {
    let message = "There is nothing at this address.";
    Problem::new(StatusCode::NOT_FOUND, Code::NotFound, message).respond(&id)
}

/// The path stands, but not for this method; axum adds `Allow`.
pub(super) async fn method_not_allowed(Extension(id): Extension<RequestId>) -> Response {
    let message = "This method is not allowed here.";
    Problem::bad(StatusCode::METHOD_NOT_ALLOWED, message).respond(&id)
}
