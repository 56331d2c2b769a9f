//! Metrics of the process, its connections and its HTTP responses.

use crate::catalogue::{
    BUILD, CONNECTIONS, CONNECTIONS_REFUSED, HTTP_SECONDS, PROCESS_FILES, PROCESS_MEMORY, PROCESS_START,
    READY, REDIS_UP, SOCKETS, WAKEUPS,
};
use crate::label::WakeDirection;
use metrics::{counter, gauge, histogram};
use std::time::Duration;

/// Counts an open client connection until it is dropped.
#[derive(Debug)]
pub struct OpenConnection(());

impl OpenConnection {
    /// Counts a connection that was accepted.
    #[must_use]
    pub fn open() -> Self {
        gauge!(CONNECTIONS).increment(1);
        Self(())
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        gauge!(CONNECTIONS).decrement(1);
    }
}

/// Counts an open WebSocket until it is dropped.
#[derive(Debug)]
pub struct OpenSocket(());

impl OpenSocket {
    /// Counts a WebSocket that was opened.
    #[must_use]
    pub fn open() -> Self {
        gauge!(SOCKETS).increment(1);
        Self(())
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        gauge!(SOCKETS).decrement(1);
    }
}

/// Counts a connection that was closed because its address had reached its limit.
pub fn count_refused_connection() {
    counter!(CONNECTIONS_REFUSED).increment(1);
}

/// Counts and times an HTTP response. `method` and `route` come from closed lists; the route is empty
/// for an unknown path, which Prometheus takes for a missing label.
pub fn record_http_response(method: &'static str, route: &str, status: u16, elapsed: Duration) {
    let error = if status >= 500 { status.to_string() } else { String::new() };
    let labels = [
        ("http_request_method", method.to_owned()),
        ("http_route", route.to_owned()),
        ("http_response_status_code", status.to_string()),
        ("error_type", error),
    ];
    histogram!(HTTP_SECONDS, &labels).record(elapsed.as_secs_f64());
}

/// Counts a wake-up that was sent or received.
pub fn count_wakeup(direction: WakeDirection) {
    let direction: &'static str = direction.into();
    counter!(WAKEUPS, "way" => direction).increment(1);
}

/// Sets whether Redis responds.
pub fn set_redis_up(is_up: bool) {
    gauge!(REDIS_UP).set(u8::from(is_up));
}

/// Sets the version of the program, the database engine, and the start time in seconds since 1970.
pub fn set_build_info(version: &'static str, engine: &'static str, started_s: f64) {
    gauge!(BUILD, "version" => version, "engine" => engine).set(1);
    gauge!(PROCESS_START).set(started_s);
}

/// Sets whether the process is ready to serve requests.
pub fn set_ready(is_ready: bool) {
    gauge!(READY).set(u8::from(is_ready));
}

/// Sets the memory and the open files of the process.
#[expect(clippy::cast_precision_loss, reason = "memory sizes are far below 2^53")]
pub fn set_process_usage(resident_bytes: u64, open_files: u32) {
    gauge!(PROCESS_MEMORY).set(resident_bytes as f64);
    gauge!(PROCESS_FILES).set(open_files);
}
