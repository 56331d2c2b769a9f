//! The closed lists that labels come from, as far as no other crate has them.

use strum::{IntoStaticStr, VariantNames};

/// By what an operation came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Transport {
    /// In an address: queries only.
    Get,
    /// In a body.
    Post,
    /// Over a WebSocket.
    Socket,
    /// For a stream of events.
    Events,
    /// For a webhook, which the server follows itself.
    Webhook,
}

/// What an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// Refused before anybody could tell.
    Unknown,
    /// It reads.
    Query,
    /// It writes.
    Mutation,
    /// It goes on.
    Subscription,
}

/// A part of the way from a request to its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// The body arrives.
    Read,
    /// The token is verified, or remembered.
    Recognise,
    /// The document is scanned, parsed and weighed.
    Guard,
    /// What the answer can hold is told.
    Cost,
    /// The engine validates and runs the document, with all that is below it.
    Execute,
    /// One read in the database, the wait for a connection with it; a part of `execute`.
    Sql,
    /// Facts in memory pass a filter; a part of `execute`.
    Select,
    /// Facts in memory become groups; a part of `execute`.
    Group,
    /// The answer becomes bytes.
    Serialise,
}

/// The connections that a statement may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Pool {
    /// PostgreSQL: migrates, loads data sets, verifies.
    Owner,
    /// PostgreSQL: keeps the replica with the logs.
    Replica,
    /// PostgreSQL: what anybody may read.
    Public,
    /// PostgreSQL: what a province reads of its own.
    Province,
    /// PostgreSQL: what is written.
    Acts,
    /// PostgreSQL: what the ministry reads.
    Ministry,
    /// SQLite: all that is read.
    Readers,
    /// SQLite: all that is written.
    Writer,
}

/// How a wake-up went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Way {
    /// To the other nodes.
    Sent,
    /// From any node, this one among them.
    Heard,
}

/// How many connections a pool has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Open and waiting for work.
    pub idle: usize,
    /// At work.
    pub used: usize,
    /// The most that there may be.
    pub most: usize,
}

/// Where an answer to a query came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Source {
    /// The memory of this process.
    Process,
    /// Redis.
    Redis,
    /// Another request for the same that ran already.
    Joined,
    /// It was made, and may be given again.
    Made,
    /// It was made, and may not: it has errors, or is one person's alone.
    Unkept,
}

/// Where answers are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Level {
    /// In this process.
    Process,
    /// In Redis.
    Redis,
}

/// What comes of asking Redis for an answer, or handing one over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Visit {
    /// It was there.
    Found,
    /// It was not.
    Absent,
    /// Something was there that this register has not sealed for this question.
    Unusable,
    /// It was handed over.
    Kept,
    /// Redis failed, or took too long.
    Failed,
    /// Redis was not asked, because it had failed a moment before.
    Skipped,
}
