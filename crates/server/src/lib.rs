//! The process: settings, start and stop, the HTTP entry, the command line.
//!
//! Here everything below is put together; no rule of the register lives here, and no SQL. Only
//! this crate asks what time it is, reads the environment and listens to signals.
//!
//! [`start`] is the whole server as a value, which is what the tests run; [`cli::run`] is the
//! program around it. Start reading at `start.rs`, then `cli.rs`, then `http.rs`.

pub mod cli;
mod clock;
mod config;
mod folder;
mod following;
pub mod http;
pub mod identity;
mod location;
mod logging;
mod metrics;
mod readiness;
mod settings;
mod shutdown;
mod spans;
mod start;
mod unable;
mod webhook;

pub use settings::Settings;
pub use start::{Running, start};
pub use unable::Unable;
