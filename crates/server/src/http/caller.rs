//! Authenticates the caller of a request.

use std::net::IpAddr;

use axum::http::{Extensions, HeaderMap, header};

use caunoi_domain::rate_limit::Payer;
use caunoi_metrics::{Stage, StageTimer};

use super::{
    HttpState, client_address::client_address, connection_limit::network_of_request,
    error_response::ErrorResponse,
};
use crate::identity::{Caller, TokenError};

/// The cost of a request whose token is invalid: a signature was verified in vain.
pub(super) const INVALID_TOKEN_COST: u64 = 10;

/// Returns the caller of a request with these headers: the public if `Authorization` is missing. An
/// invalid token is charged to the network of the client.
///
/// # Errors
/// Returns 401 unless the header contains exactly one valid bearer token, 403 from a blocked network;
/// 429 instead if the network has spent its quota.
pub(super) fn authenticate_charged(
    state: &HttpState,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Caller, ErrorResponse> {
    authenticate(state, headers, client_address(extensions)).map_err(|refused| {
        let payer = Payer::of_address(network_of_request(extensions));
        match state.api.rate_limiter().charge(&payer, INVALID_TOKEN_COST) {
            Ok(status) => refused.with_rate(status),
            Err(exceeded) => ErrorResponse::rate_limited(&exceeded),
        }
    })
}

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
