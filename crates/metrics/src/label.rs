//! Closed lists of label values that no other crate defines.

use strum::{IntoStaticStr, VariantNames};

/// The transport of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Transport {
    /// HTTP GET with the document in the URL; queries only.
    Get,
    /// HTTP POST with the document in the body.
    Post,
    /// HTTP QUERY with the document in the body; queries only.
    Query,
    /// A WebSocket.
    Socket,
    /// Server-sent events.
    Events,
    /// A webhook; the server itself runs its document.
    Webhook,
}

/// The kind of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum OperationKind {
    /// The request was refused before its kind was known.
    Unknown,
    /// A query.
    Query,
    /// A mutation.
    Mutation,
    /// A subscription.
    Subscription,
}

/// A stage of the processing of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// The request body is read.
    Read,
    /// The token is verified, or found in the cache of verified tokens.
    Recognise,
    /// The document is scanned, parsed and checked against limits.
    Guard,
    /// The expected cost of the document is computed.
    Cost,
    /// The engine validates and executes the document, including all stages below.
    Execute,
    /// One read in the database, including the wait for a connection; part of `execute`.
    Sql,
    /// Facts in memory are filtered; part of `execute`.
    Select,
    /// Facts in memory are grouped; part of `execute`.
    Group,
    /// The response is serialised.
    Serialise,
}

/// The connection pool of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Pool {
    /// PostgreSQL: migrations, data sets and verification.
    Owner,
    /// PostgreSQL: the read model follows the logs.
    ReadModel,
    /// PostgreSQL: reads of the public scope.
    Public,
    /// PostgreSQL: reads of a province.
    Province,
    /// PostgreSQL: writes.
    Acts,
    /// PostgreSQL: reads of the ministry.
    Ministry,
    /// SQLite: all reads.
    Readers,
    /// SQLite: all writes.
    Writer,
}

/// The direction of a wake-up message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum WakeDirection {
    /// Sent to the other nodes.
    Sent,
    /// Received from any node, this one included.
    Heard,
}

/// A gate that limits how many requests run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum AdmissionGate {
    /// Queries and mutations.
    Operations,
    /// Events of subscriptions.
    Events,
    /// Transactions that write.
    Writes,
}

/// Why a gate refused a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum RefusalCause {
    /// The queue was full when it arrived.
    Full,
    /// Another request took its place in the queue.
    Displaced,
    /// It had waited as long as a request may.
    Late,
}

/// The connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUsage {
    /// Open and idle.
    pub idle: usize,
    /// In use.
    pub used: usize,
    /// The size limit of the pool.
    pub most: usize,
}

/// The source of the response to a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum ResponseSource {
    /// The cache in this process.
    Process,
    /// The cache in Redis.
    Redis,
    /// An equal request that was executing already.
    Joined,
    /// Executed, and stored in the cache.
    Made,
    /// Executed, and not cached: it has errors, or depends on the caller.
    Unkept,
}

/// The level of the response cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum CacheLevel {
    /// In this process.
    Process,
    /// In Redis.
    Redis,
}

/// The outcome of a read or write of the response cache in Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum RedisAccess {
    /// A cached response was read.
    Found,
    /// There was no cached response.
    Absent,
    /// The stored bytes were not encrypted by this register for this cache key.
    Unusable,
    /// A response was written.
    Kept,
    /// Redis returned an error or timed out.
    Failed,
    /// Redis was skipped, because it had failed a moment before.
    Skipped,
}
