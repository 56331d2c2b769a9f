//! The cases, one module for each part of the API that they attack.

mod bodies;
mod documents;
mod feeds;
mod heads;
mod http2;
mod ids;
mod limits;
mod methods;
mod paths;
mod sockets;
mod tokens;
mod values;
mod webhooks;
mod writes;

use super::case::Case;
use super::fixture::Fixture;

/// Returns the cases of all modules.
pub(crate) fn all(fixture: &Fixture) -> Vec<Case> {
    [
        documents::all(),
        limits::all(),
        values::all(),
        methods::all(),
        bodies::all(),
        heads::all(),
        paths::all(),
        feeds::all(fixture),
        ids::all(fixture),
        tokens::all(fixture),
        writes::all(fixture),
        webhooks::all(fixture),
        sockets::all(fixture),
        http2::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
