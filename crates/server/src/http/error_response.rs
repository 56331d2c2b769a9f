//! Error responses of the HTTP layer: JSON in the form of a GraphQL error.

use std::num::NonZeroU64;

use axum::{
    Extension,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::Denied;
use caunoi_domain::rate_limit::{RateExceeded, RateStatus};
use caunoi_domain::refusal::RefusalReason;
use caunoi_domain::validation::Reason;
use caunoi_graphql::execution::{ErrorCode, error_body};
use caunoi_register::Error as RegisterError;
use caunoi_texts::HttpText;

use super::{frame::RequestId, media::Media, rate_headers, refusal::Refused};
use crate::identity::TokenError;

/// `Retry-After` of a response with status 429, in seconds.
pub(super) const RETRY_AFTER: &str = "30";

/// `Retry-After` of a response with status 503 to a GraphQL request, in seconds.
pub(super) const OVERLOAD_RETRY_AFTER: &str = "1";

/// `Retry-After` while the keys of an issuer are fetched, in seconds.
const KEYS_RETRY_AFTER: &str = "2";

/// `Retry-After` of an upload beyond the quota of a day, in seconds; the message states the minutes.
const QUOTA_RETRY_AFTER: &str = "3600";

/// An error response. It is no error of a layer but the response that one ends in, so handlers
/// return it as the `Err` of their `?`.
#[derive(Debug, Clone)]
pub(super) struct ErrorResponse {
    status: StatusCode,
    code: ErrorCode,
    message: ErrorMessage,
    header: Option<(HeaderName, &'static str)>,
    rate: Option<Box<RateStatus>>,
    /// The value of `Retry-After` if it was computed, in seconds.
    retry_after_seconds: Option<NonZeroU64>,
}

/// The message of an error response.
#[derive(Debug, Clone)]
enum ErrorMessage {
    /// In the language of the request.
    Text(HttpText),
    /// A reason of the domain, in the language of the request.
    Reason(Box<Reason>),
    /// As the GraphQL API has written it.
    Written(String),
}

impl ErrorResponse {
    /// Returns a `BAD_INPUT` error with this status.
    pub(super) const fn bad(status: StatusCode, text: HttpText) -> Self {
        Self::new(status, ErrorCode::BadInput, text)
    }

    const fn new(status: StatusCode, code: ErrorCode, text: HttpText) -> Self {
        Self {
            status,
            code,
            message: ErrorMessage::Text(text),
            header: None,
            rate: None,
            retry_after_seconds: None,
        }
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
            ErrorCode::Unavailable | ErrorCode::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let message = ErrorMessage::Written(message);
        Self { status, code, message, header: None, rate: None, retry_after_seconds: None }
    }

    /// Returns 400 for invalid parameters.
    pub(super) const fn parameters(text: HttpText) -> Self {
        Self::bad(StatusCode::BAD_REQUEST, text)
    }

    /// Returns 422: the parameters are readable and not those of GraphQL over HTTP; 400 in
    /// `application/json`.
    pub(super) const fn not_well_formed(text: HttpText) -> Self {
        Self::bad(StatusCode::UNPROCESSABLE_ENTITY, text)
    }

    /// The body did not arrive in time.
    pub(super) const SLOW_BODY: Self =
        Self::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Timeout, HttpText::BodySlow);

    /// Returns 429: the client address has reached its limit of connections and streams.
    pub(super) fn too_many_connections() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, HttpText::TooManyConnections)
            .with_header(header::RETRY_AFTER, RETRY_AFTER)
    }

    /// The network of the client is blocked.
    pub(super) const ADDRESS_BLOCKED: Self = Self::forbidden(HttpText::AddressBlocked);

    /// Returns 429: the payer has spent its quota of cost.
    pub(super) fn rate_limited(exceeded: &RateExceeded) -> Self {
        let seconds = exceeded.retry_after_seconds;
        let refused = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::RateLimited,
            HttpText::RateLimited { seconds },
        );
        Self {
            rate: Some(Box::new(exceeded.status)),
            retry_after_seconds: NonZeroU64::new(seconds),
            ..refused
        }
    }

    /// Adds the level of the bucket that paid.
    pub(super) fn with_rate(self, rate: Option<RateStatus>) -> Self {
        Self { rate: rate.map(Box::new), ..self }
    }

    /// Adds a computed `Retry-After`.
    pub(super) fn with_retry_after(self, seconds: Option<u64>) -> Self {
        Self { retry_after_seconds: seconds.and_then(NonZeroU64::new), ..self }
    }

    /// The handler failed.
    pub(super) const INTERNAL: Self =
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, HttpText::Internal);

    /// Nothing that the caller may see is at this address.
    pub(super) const NOT_FOUND: Self =
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, HttpText::NotFound);

    /// Converts an error of the register.
    pub(super) fn from_register(error: RegisterError) -> Self {
        match error {
            RegisterError::Denied(Denied::Unknown) => {
                Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, HttpText::TokenRequired)
                    .with_header(header::WWW_AUTHENTICATE, "Bearer")
            }
            RegisterError::Denied(Denied::Forbidden(_)) => Self::forbidden(HttpText::UploadForbidden),
            RegisterError::Unavailable(error) => {
                tracing::warn!(%error, "the database does not answer");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, HttpText::Unavailable)
                    .with_header(header::RETRY_AFTER, RETRY_AFTER)
            }
            RegisterError::Refused(reason @ Reason::QuotaExceeded { .. }) => Self {
                status: StatusCode::TOO_MANY_REQUESTS,
                code: ErrorCode::RateLimited,
                message: ErrorMessage::Reason(Box::new(reason)),
                header: Some((header::RETRY_AFTER, QUOTA_RETRY_AFTER)),
                rate: None,
                retry_after_seconds: None,
            },
            RegisterError::Overloaded => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Overloaded, HttpText::Overloaded)
                    .with_header(header::RETRY_AFTER, OVERLOAD_RETRY_AFTER)
            }
            RegisterError::Refused(_) | RegisterError::Broken(_) => {
                tracing::error!(%error, "the register is broken");
                Self::INTERNAL
            }
        }
    }

    /// Returns 401 for an invalid token, 503 if the keys of its issuer are not known, 403 for a blocked
    /// network.
    pub(super) fn unrecognised(why: TokenError) -> Self {
        if why == TokenError::NetworkBlocked {
            return Self::forbidden(why.text());
        }
        if why == TokenError::KeysUnavailable {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, why.text())
                .with_header(header::RETRY_AFTER, KEYS_RETRY_AFTER);
        }
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, why.text())
            .with_header(header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#)
    }

    /// Returns the message.
    pub(super) fn message(&self, locale: Locale) -> String {
        match &self.message {
            ErrorMessage::Text(text) => text.text(locale),
            ErrorMessage::Reason(reason) => caunoi_texts::message(reason, locale),
            ErrorMessage::Written(message) => message.clone(),
        }
    }

    /// Returns 403.
    pub(super) const fn forbidden(text: HttpText) -> Self {
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, text)
    }

    /// Returns why the request was refused; None if the error is no refusal.
    fn refusal(&self) -> Option<RefusalReason> {
        let is_too_large = [
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::URI_TOO_LONG,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        ]
        .contains(&self.status);
        match &self.message {
            ErrorMessage::Text(HttpText::AddressBlocked) => Some(RefusalReason::Blocked),
            ErrorMessage::Text(HttpText::TokenRequired) => Some(RefusalReason::TokenRequired),
            // The token of the request was not accepted.
            ErrorMessage::Text(_) if self.code == ErrorCode::Unauthenticated => {
                Some(RefusalReason::InvalidToken)
            }
            ErrorMessage::Text(_) | ErrorMessage::Written(_) if is_too_large => Some(RefusalReason::TooLarge),
            ErrorMessage::Text(_) | ErrorMessage::Reason(_) | ErrorMessage::Written(_) => self.code.refusal(),
        }
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
        let mut response =
            Response::new(Body::from(error_body(self.code, self.message(id.locale()), id.as_str())));
        *response.status_mut() = match (self.status, media) {
            (StatusCode::UNPROCESSABLE_ENTITY, Media::Json) => StatusCode::BAD_REQUEST,
            (status, _) => status,
        };
        if let Some(reason) = self.refusal() {
            response.extensions_mut().insert(Refused(reason));
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, media.content_type());
        if let Some((name, value)) = &self.header {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.get().into());
        }
        rate_headers::attach(&mut response, self.rate.as_deref().copied());
        response
    }
}

/// Responds 404 to an unknown path.
pub(super) async fn not_found(Extension(id): Extension<RequestId>) -> Response {
    ErrorResponse::NOT_FOUND.respond(&id)
}

/// Responds 405 to a known path with another method; axum adds `Allow`.
pub(super) async fn method_not_allowed(Extension(id): Extension<RequestId>) -> Response {
    ErrorResponse::bad(StatusCode::METHOD_NOT_ALLOWED, HttpText::MethodNotAllowed).respond(&id)
}
