//! Metrics of the server, served at `/metrics`.
//!
//! Every metric has its name, unit and help text in [`catalogue`], and a function that the other
//! crates call. Every label value comes from a closed list: an enum of [`label`], or a `&'static
//! str` in the code of the caller. So no text of a request can become a label.
//!
//! This crate does not know how metrics are collected; `server` installs the recorder. Without a
//! recorder, as in tests, every function does nothing. This crate depends on no other crate of the
//! workspace, and like `tracing` every crate may use it.

mod admission;
mod cache;
pub mod catalogue;
pub mod label;
mod node;
mod read_model;
mod request;
mod sql;
mod webhook;

pub use admission::{add_admitted, add_waiting, count_refused};
pub use cache::{count_document, count_redis_access, count_response, count_stale_response, set_cache_size};
pub use catalogue::describe;
pub use label::{
    AdmissionGate, CacheLevel, OperationKind, Pool, PoolUsage, RedisAccess, RefusalCause, ResponseSource,
    Stage, Transport, WakeDirection,
};
pub use node::{
    OpenConnection, OpenSocket, count_refused_connection, count_wakeup, record_http_response, set_build_info,
    set_process_usage, set_ready, set_redis_up,
};
pub use read_model::{
    ReadModelSize, count_epoch_change, record_read_model_load, record_read_model_update, set_caught_up_at,
    start_selection,
};
pub use request::{
    OpenSharedStream, RequestTimer, RunningOperation, StageTimer, count_error, record_cost, record_write,
};
pub use sql::{
    count_database_error, count_unreadable_write, record_statement, record_transaction_start, set_pool_usage,
};
pub use webhook::{count_webhook_attempt, set_webhook_counts};
