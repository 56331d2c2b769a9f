//! Attacks and invalid requests: the bytes of each, and the permitted answers.
//!
//! Two programs use this module: the test `attacks` sends every case to a server in its own
//! process, `tests/attack/run` sends them to the program and measures it.

pub(crate) mod answer;
pub(crate) mod case;
mod cases;
pub(crate) mod connection;
mod fixture;
mod http2;
mod request;
mod token;
mod websocket;

pub(crate) use case::Case;
pub(crate) use fixture::Fixture;

/// Returns all cases, each with a name of its own.
pub(crate) fn all(fixture: &Fixture) -> Vec<Case> {
    cases::all(fixture)
}
