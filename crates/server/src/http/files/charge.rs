//! The charges of uploads and downloads.

use axum::{http::Extensions, response::Response};
use caunoi_domain::{
    policy::Actor,
    rate_limit::{Payer, RateStatus},
};

use crate::http::{
    HttpState, connection_limit::network_of_request, error_response::ErrorResponse, rate_headers,
};

/// The cost of a request for a file, besides its bytes.
const FILE_COST: u64 = 10;
/// The bytes of a file that cost one unit: they are copied, not computed.
const BYTES_PER_UNIT: u64 = 16 * 1_024;

/// The charge of one upload or download.
pub(super) struct FileCharge<'a> {
    state: &'a HttpState,
    payer: Option<Payer>,
    rate: Option<RateStatus>,
}

impl<'a> FileCharge<'a> {
    /// Charges the request of this actor, before the file is read or written.
    ///
    /// # Errors
    /// Returns 429 if the actor, or without a token its network, has spent its quota.
    pub(super) fn take(
        state: &'a HttpState,
        actor: &Actor,
        extensions: &Extensions,
    ) -> Result<Self, ErrorResponse> {
        let payer = Payer::of(actor, Some(network_of_request(extensions)));
        let charged = payer.as_ref().map(|payer| state.api.rate_limiter().charge(payer, FILE_COST));
        let rate = charged.transpose().map_err(|exceeded| ErrorResponse::rate_limited(&exceeded))?;
        Ok(Self { state, payer, rate: rate.flatten() })
    }

    /// Charges the bytes of the file.
    pub(super) fn add_bytes(&mut self, bytes: u64) {
        if let Some(payer) = &self.payer {
            self.rate = self.state.api.rate_limiter().settle(payer, 0, bytes.div_ceil(BYTES_PER_UNIT));
        }
    }

    /// Adds the level of the bucket to a response.
    pub(super) fn attach(&self, mut response: Response) -> Response {
        rate_headers::attach(&mut response, self.rate);
        response
    }
}
