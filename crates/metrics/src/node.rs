//! The process and what it is connected with.

use crate::catalogue::{
    BUILD, CONNECTIONS, CONNECTIONS_REFUSED, PROCESS_FILES, PROCESS_MEMORY, PROCESS_START, READY, REDIS_UP,
    RESPONSES, SOCKETS, WAKES,
};
use crate::label::Way;
use metrics::{counter, gauge};

/// A connection of a client, until this is dropped.
#[derive(Debug)]
pub struct Connection(());

impl Connection {
    /// It is taken.
    #[must_use]
    pub fn open() -> Self {
        gauge!(CONNECTIONS).increment(1);
        Self(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        gauge!(CONNECTIONS).decrement(1);
    }
}

/// A WebSocket of a client, until this is dropped.
#[derive(Debug)]
pub struct Socket(());

impl Socket {
    /// It is open.
    #[must_use]
    pub fn open() -> Self {
        gauge!(SOCKETS).increment(1);
        Self(())
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        gauge!(SOCKETS).decrement(1);
    }
}

/// A connection was closed because its address had all that it may have.
pub fn refuse_connection() {
    counter!(CONNECTIONS_REFUSED).increment(1);
}

/// A response leaves; `route` and `class` are words of closed lists.
pub fn respond(route: &'static str, class: &'static str) {
    counter!(RESPONSES, "route" => route, "status" => class).increment(1);
}

/// A wake-up was sent or heard.
pub fn wake(way: Way) {
    let way: &'static str = way.into();
    counter!(WAKES, "way" => way).increment(1);
}

/// Whether Redis answers.
pub fn note_redis(answers: bool) {
    gauge!(REDIS_UP).set(u8::from(answers));
}

/// Which program this is, on which engine, and when it started.
pub fn say_build(version: &'static str, engine: &'static str, started_s: f64) {
    gauge!(BUILD, "version" => version, "engine" => engine).set(1);
    gauge!(PROCESS_START).set(started_s);
}

/// Whether the process can answer now.
pub fn say_readiness(is_ready: bool) {
    gauge!(READY).set(u8::from(is_ready));
}

/// What the process holds at this moment.
#[expect(clippy::cast_precision_loss, reason = "a float tells every size of a memory")]
pub fn note_process(resident_bytes: u64, open_files: u32) {
    gauge!(PROCESS_MEMORY).set(resident_bytes as f64);
    gauge!(PROCESS_FILES).set(open_files);
}
