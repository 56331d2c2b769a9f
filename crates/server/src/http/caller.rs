//! Authenticates the caller of a request.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

use caunoi_metrics::{Stage, StageTimer};

use super::{HttpState, error_response::ErrorResponse};
use crate::identity::{Caller, TokenError};

/// Returns the caller of a request with these headers from an address: the public if `Authorization` is
/// missing.
///
/// # Errors
/// Returns 401 unless the header contains exactly one valid bearer token, 403 from a blocked network.
pub(super) fn authenticate(
    state: &HttpState,
    headers: &HeaderMap,
    address: IpAddr,
) -> Result<Caller, ErrorResponse> {
    let _timer = StageTimer::begin(Stage::Recognise);
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| TokenError::NotBearer),
        (Some(_), Some(_)) => Err(TokenError::NotBearer),
    };
    value
        .and_then(|value| state.authenticator.authenticate(value, address))
        .map_err(ErrorResponse::unrecognised)
}
