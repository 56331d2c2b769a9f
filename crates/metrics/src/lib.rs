//! What the program counts and times of itself, for `/metrics`.
//!
//! Every figure has its name, unit and help text in [`catalogue`], and a function that the floors
//! call. Every label comes from a closed list: an enum of [`label`], or a word that a floor has in
//! its code (`&'static str`). So no text of a request can become a label.
//!
//! Nothing here knows who reads the metrics; `server` installs what collects them. Without that,
//! and in tests, all of it does nothing. No floor stands below this crate, and like `tracing` every
//! floor may name it.

mod cache;
pub mod catalogue;
pub mod label;
mod node;
mod replica;
mod request;
mod sql;
mod webhook;

pub use cache::{answer, document, keep, stale, visit};
pub use catalogue::describe;
pub use label::{Kind, Level, Pool, Reading, Source, Stage, Transport, Visit, Way};
pub use node::{
    Connection, Socket, note_process, note_redis, refuse_connection, respond, say_build, say_readiness, wake,
};
pub use replica::{Replica, change_epoch, follow, load_replica, move_replica, select};
pub use request::{Audience, Course, Operation, Timer, cost, fault, write};
pub use sql::{begin, database_error, note_pool, statement, unreadable_write};
pub use webhook::{note_webhooks, webhook_attempt};
