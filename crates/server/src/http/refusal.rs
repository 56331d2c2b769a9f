//! Counts refused requests.

use std::net::IpAddr;

use axum::{
    http::{HeaderMap, header},
    response::Response,
};
use caunoi_domain::{policy::Actor, refusal::RefusalReason};

use super::{HttpState, caller};

/// The reason of a response that is a refusal; an extension of the response.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refused(pub(super) RefusalReason);

/// The headers of a request that name its caller, to find out who was refused.
pub(super) struct CallerHeaders(HeaderMap);

impl CallerHeaders {
    /// Keeps the headers of a request.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let tokens = headers.get_all(header::AUTHORIZATION).iter();
        Self(tokens.map(|token| (header::AUTHORIZATION, token.clone())).collect())
    }
}

/// Counts a response that is a refusal, for its caller or the network of its client.
pub(super) fn count_response(
    state: &HttpState,
    headers: &CallerHeaders,
    client: IpAddr,
    response: &Response,
) {
    if let Some(Refused(reason)) = response.extensions().get() {
        let caller = caller::authenticate(state, &headers.0, client);
        let actor = caller.map_or_else(|_| Actor::public(), |caller| caller.actor);
        count(state, &actor, client, *reason);
    }
}

/// Counts a refusal.
pub(super) fn count(state: &HttpState, actor: &Actor, client: IpAddr, reason: RefusalReason) {
    if actor.name().is_empty() {
        let network = state.address_labels.label(client).unwrap_or_default();
        state.register.count_refusal(actor.role(), &network, reason);
    } else {
        state.register.count_refusal(actor.role(), actor.name(), reason);
    }
}
