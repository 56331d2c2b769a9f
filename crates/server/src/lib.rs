//! The server process: settings, start and stop, HTTP, authentication, the command line.
//!
//! This crate assembles the others. It contains no rules of the register and no SQL. It is the only
//! crate that reads the system clock and the environment and that handles signals.
//!
//! [`start()`] starts a whole server and returns it as a value; the tests use it. [`cli::run`] is the
//! program around it. Start reading at `start.rs`, then `cli.rs`, then `http.rs`.

mod address_log;
pub mod cli;
mod clock;
mod config;
mod connection_url;
mod data_folder;
pub mod files;
pub mod http;
pub mod identity;
mod log_follower;
mod logging;
mod metrics;
mod rate_exchange;
mod readiness;
mod refusals;
mod secret_keys;
mod settings;
mod shutdown;
mod span_export;
mod start;
mod start_error;
mod trusted_documents;
mod webhook;

pub use address_log::AddressLog;
pub use refusals::RefusalKeeping;
pub use settings::Settings;
pub use start::{RunningServer, start};
pub use start_error::StartError;
