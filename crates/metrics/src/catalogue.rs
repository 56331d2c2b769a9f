//! Every figure: its name with its unit, what it is, and the text that people read beside it.

use crate::label::{Level, Source, Visit};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram};
use strum::VariantNames as _;

/// What a figure does over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// It grows until the process ends.
    Counter,
    /// It goes up and down.
    Gauge,
    /// It counts by size.
    Histogram,
}

/// One figure.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// As Prometheus has it; a counter ends in `_total`, and a unit stands at the end.
    pub name: &'static str,
    /// What it does over time.
    pub sort: Sort,
    /// The text beside it.
    pub help: &'static str,
}

macro_rules! metrics {
    ($($sort:ident $constant:ident $name:literal $help:literal)+) => {
        $(pub(crate) const $constant: &str = $name;)+
        /// All metrics of this crate.
        pub const ALL: &[Figure] = &[$(Figure { name: $name, sort: Sort::$sort, help: $help }),+];
    };
}

metrics! {
    Counter REQUESTS "caunoi_requests_total"
        "GraphQL operations by transport (get, post, socket, events, webhook), kind (query, mutation, subscription, unknown) and outcome."
    Histogram REQUEST_SECONDS "caunoi_request_seconds"
        "Time from an operation in hand to its answer in bytes, by kind; subscriptions are not among them."
    Counter ANSWER_BYTES "caunoi_answer_bytes_total"
        "Bytes of answers before any compression, by transport."
    Histogram REQUEST_COST "caunoi_request_cost_objects"
        "Objects that the answer could hold, told before an operation runs; refused ones count too."
    Counter FAULTS "caunoi_faults_total"
        "Top-level errors told to callers, by their code."
    Gauge OPERATIONS "caunoi_operations_running"
        "Operations that run now, by kind; a subscription runs as long as it is open."
    Gauge AUDIENCES "caunoi_audiences"
        "Subscriptions that differ: what one of them is told is made once for all who listen to it."
    Histogram STAGE_SECONDS "caunoi_stage_seconds"
        "Time of one passage through a stage of a request. The stages sql, select and group are parts of execute."

    Counter RESPONSES "caunoi_http_responses_total"
        "HTTP responses by route and class of status."
    Gauge CONNECTIONS "caunoi_connections_open"
        "Connections that clients hold, sockets among them."
    Counter CONNECTIONS_REFUSED "caunoi_connections_refused_total"
        "Connections that were closed because their address had all that it may have."
    Gauge SOCKETS "caunoi_sockets_open"
        "WebSockets that clients hold."

    Histogram SQL_SECONDS "caunoi_sql_seconds"
        "Time of one SQL statement once it has a connection, by pool."
    Counter SQL_FAILURES "caunoi_sql_failures_total"
        "SQL statements that the database refused or never answered, by pool."
    Histogram BEGIN_SECONDS "caunoi_transaction_wait_seconds"
        "Time until a transaction had a connection and had begun, by pool; on SQLite writers queue here."
    Counter DATABASE_ERRORS "caunoi_database_errors_total"
        "Times that a caller, or the reading of the logs, got no answer from the database, by kind: away (it may answer later), broken (a mistake of ours). What is not even tried while the database is known to be away is not among them."
    Gauge POOL_CONNECTIONS "caunoi_pool_connections"
        "Connections to the database by pool and state (idle, used)."
    Gauge POOL_LIMIT "caunoi_pool_connections_limit"
        "Connections that a pool may have."

    Gauge REPLICA_POSITION "caunoi_replica_changes"
        "Changes that this node has read, over all logs: equal on all nodes once they have read on."
    Gauge REPLICA_FOLLOWED "caunoi_replica_followed_timestamp_seconds"
        "When this node last knew that it had read all logs to their ends, in seconds since 1970."
    Counter REPLICA_MOVES "caunoi_replica_moves_total"
        "Times that this node has read on because a log had moved."
    Histogram REPLICA_MOVE_SECONDS "caunoi_replica_move_seconds"
        "Time to read on: the statements, and the new state of memory."
    Gauge REPLICA_FACTS "caunoi_replica_facts"
        "Published entries whose facts lie in memory, by kind."
    Gauge REPLICA_LOAD "caunoi_replica_load_seconds"
        "Time to read the replica at start."

    Counter EPOCH_CHANGES "caunoi_epoch_changes_total"
        "Times that this node found the database in another epoch, without changes that it had read, and read everything again."

    Counter SELECTIONS "caunoi_selections_total"
        "Selections of facts by filter, by kind of entry."
    Counter FACTS_SCANNED "caunoi_facts_offered_total"
        "Facts that selections were made from; an index may have looked at fewer."

    Counter WRITES "caunoi_writes_total"
        "Acts on entries that came as far as a transaction, by operation and outcome (done, refused, failed). What is refused before it is not among them."
    Histogram WRITE_SECONDS "caunoi_write_seconds"
        "Time of an act from its beginning to its commit and to this node having read it, by operation."

    Counter WRITES_UNREADABLE "caunoi_writes_unreadable_total"
        "Writes that were committed and that no other connection could read back. Their callers got UNAVAILABLE, and the server is not ready until a write can be read back."

    Counter WAKES "caunoi_wakes_total"
        "Wake-ups by way (sent, heard); a node hears its own."
    Gauge REDIS_UP "caunoi_redis_up"
        "Whether Redis answers: 1, or 0; absent where no Redis is set."

    Counter CACHE_ANSWERS "caunoi_cache_answers_total"
        "Answers to queries by where they came from: process and redis are hits, joined shared the work of another request, made and unkept were computed."
    Counter CACHE_STALE "caunoi_cache_stale_total"
        "Answers that were found and did not hold any more, by level (process, redis); they were made anew."
    Gauge CACHE_ENTRIES "caunoi_cache_entries"
        "Answers in the memory of this process."
    Gauge CACHE_BYTES "caunoi_cache_bytes"
        "Bytes that the answers in the memory of this process take."
    Counter CACHE_REDIS "caunoi_cache_redis_total"
        "Visits to the answers in Redis by outcome: found, absent, unusable, kept, failed, skipped."
    Counter CACHE_DOCUMENTS "caunoi_cache_documents_total"
        "Documents by outcome: hit (parsed before), miss."

    Counter WEBHOOK_ATTEMPTS "caunoi_webhook_attempts_total"
        "Calls of partners' endpoints by outcome (delivered, failed)."
    Gauge WEBHOOKS "caunoi_webhook_endpoints"
        "Webhooks of all partners by state (active, paused, disabled): the same on all nodes."

    Gauge BUILD "caunoi_build_info"
        "Always 1; version of the program and engine of its database."
    Gauge READY "caunoi_ready"
        "Whether this process can answer now: 1, or 0."
    Gauge PROCESS_START "process_start_time_seconds"
        "When the process started, in seconds since 1970."
    Gauge PROCESS_MEMORY "process_resident_memory_bytes"
        "Memory that the process holds."
    Gauge PROCESS_FILES "process_open_fds"
        "Files and connections that the process has open."
}

/// Upper bounds of the buckets of a histogram in seconds.
pub const SECONDS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Upper bounds of the buckets of [`COST`], in objects.
pub const OBJECTS: [f64; 10] = [1.0, 5.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 10_000.0];

/// The one histogram that counts objects instead of seconds.
pub const COST: &str = REQUEST_COST;

/// Tells whatever collects the metrics what each of them is.
pub fn describe() {
    for Figure { name, sort, help } in ALL {
        match sort {
            Sort::Counter => describe_counter!(*name, *help),
            Sort::Gauge => describe_gauge!(*name, *help),
            Sort::Histogram => describe_histogram!(*name, *help),
        }
    }
    // A counter that is born with its first fault would hide it from whoever watches for a rise.
    begin_at_zero(FAULTS, "code", &["INTERNAL"]);
    counter!(WRITES_UNREADABLE).increment(0);
    begin_at_zero(DATABASE_ERRORS, "kind", &["away", "broken"]);
    begin_at_zero(CACHE_ANSWERS, "from", Source::VARIANTS);
    begin_at_zero(CACHE_STALE, "level", Level::VARIANTS);
    begin_at_zero(CACHE_REDIS, "outcome", Visit::VARIANTS);
    begin_at_zero(WEBHOOK_ATTEMPTS, "outcome", &["delivered", "failed"]);
    counter!(EPOCH_CHANGES).increment(0);
    begin_at_zero(CACHE_DOCUMENTS, "outcome", &["hit", "miss"]);
}

/// Lets a counter stand at 0 for each of these words.
fn begin_at_zero(name: &'static str, label: &'static str, words: &[&'static str]) {
    for word in words {
        counter!(name, label => *word).increment(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unlike_and_say_what_they_are() {
        let names: BTreeSet<&str> = ALL.iter().map(|figure| figure.name).collect();
        assert_eq!(names.len(), ALL.len());
        for Figure { name, sort, help } in ALL {
            assert!(name.starts_with("caunoi_") || name.starts_with("process_"), "{name}");
            assert_eq!(*sort == Sort::Counter, name.ends_with("_total"), "{name}");
            let has_unit = name.ends_with("_seconds") || *name == COST;
            assert!(*sort != Sort::Histogram || has_unit, "{name}");
            assert!(help.ends_with('.') && !help.contains('\n'), "{name}");
        }
    }

    #[test]
    fn buckets_go_up() {
        assert!(SECONDS.is_sorted() && OBJECTS.is_sorted());
    }
}
