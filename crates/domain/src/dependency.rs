//! What a cached response depends on, and whether it is still current.
//!
//! While a request runs, a [`ReadSet`] records the logs that it reads. Together with the heads that
//! these logs had before the request they are its [`Dependencies`]: as long as none of these heads
//! moves, the same request has the same response. No cache entry is ever invalidated by a message.

mod dependencies;
mod read_set;

pub use dependencies::{Dependencies, RegisterState};
pub use read_set::ReadSet;

#[cfg(test)]
mod tests;
