//! The catalogue of metrics: name with unit, type and help text of each.

use crate::label::{AdmissionGate, CacheLevel, RedisAccess, RefusalCause, ResponseSource};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram};
use strum::VariantNames as _;

/// The type of a metric, as Prometheus defines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricType {
    /// Only grows while the process runs.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts observations in buckets by size.
    Histogram,
}

/// The description of one metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// The name in Prometheus. The name of a counter ends in `_total`; a unit is the last word of
    /// the name, before `_total`.
    pub name: &'static str,
    /// Counter, gauge or histogram.
    pub metric_type: MetricType,
    /// The help text that `/metrics` returns with the metric.
    pub help: &'static str,
}

macro_rules! metrics {
    ($($metric_type:ident $constant:ident $name:literal $help:literal)+) => {
        $(pub(crate) const $constant: &str = $name;)+
        /// All metrics of this crate.
        pub const ALL: &[Metric] = &[$(Metric { name: $name, metric_type: MetricType::$metric_type, help: $help }),+];
    };
}

metrics! {
    Counter REQUESTS "caunoi_requests_total"
        "GraphQL operations by transport (get, post, query, socket, events, webhook), operation type (query, mutation, subscription, unknown) and outcome; never by name."
    Histogram REQUEST_SECONDS "caunoi_request_seconds"
        "Time from the request to its serialised response, by operation type; subscriptions are excluded."
    Counter RESPONSE_BYTES "caunoi_answer_bytes_total"
        "Bytes of responses before compression, by transport."
    Histogram REQUEST_COST "caunoi_request_cost_objects"
        "Expected cost of an operation, computed before its execution; refused operations are included."
    Counter ERRORS "caunoi_faults_total"
        "Top-level errors returned to callers, by code."
    Gauge OPERATIONS "caunoi_operations_running"
        "Operations in execution, by operation type; a subscription counts while it is open."
    Gauge SHARED_STREAMS "caunoi_audiences"
        "Distinct subscriptions; equal subscriptions share one stream of events."
    Histogram STAGE_SECONDS "caunoi_stage_seconds"
        "Time of one run of a stage of a request. The stages sql, select and group are parts of execute."

    Gauge ADMISSION_RUNNING "caunoi_admission_running"
        "Requests that hold a slot, by gate (operations, events, writes) and class (public, partner, province, ministry)."
    Gauge ADMISSION_WAITING "caunoi_admission_waiting"
        "Requests that wait for a slot, by gate and class."
    Counter ADMISSION_REFUSED "caunoi_admission_refused_total"
        "Requests that found no slot and were refused with OVERLOADED, by gate, class and cause (full, displaced, late)."

    Histogram HTTP_SECONDS "http_server_request_duration_seconds"
        "Time from the head of an HTTP request to that of its response (http.server.request.duration of OpenTelemetry), by method, route, status and, from 500 on, error type."
    Gauge CONNECTIONS "caunoi_connections_open"
        "Open client connections, WebSockets included."
    Counter CONNECTIONS_REFUSED "caunoi_connections_refused_total"
        "Connections closed because their address had reached its limit."
    Gauge SOCKETS "caunoi_sockets_open"
        "Open WebSockets."

    Histogram SQL_SECONDS "caunoi_sql_seconds"
        "Time of one SQL statement without the wait for a connection, by pool."
    Counter SQL_FAILURES "caunoi_sql_failures_total"
        "SQL statements that failed, by pool."
    Histogram TRANSACTION_WAIT_SECONDS "caunoi_transaction_wait_seconds"
        "Time that a transaction waited for a connection and its BEGIN, by pool; on SQLite writers queue here."
    Counter DATABASE_ERRORS "caunoi_database_errors_total"
        "Database errors of requests and of the read model, by kind: away (transient), broken (internal error). Requests refused because the database is known to be away are excluded."
    Gauge POOL_CONNECTIONS "caunoi_pool_connections"
        "Database connections by pool and state (idle, used)."
    Gauge POOL_LIMIT "caunoi_pool_connections_limit"
        "Limit of the database connections of a pool."

    Gauge READ_MODEL_CHANGES "caunoi_read_model_changes"
        "Changes applied to the read model, over all logs; equal on all nodes that have caught up."
    Gauge READ_MODEL_FOLLOWED "caunoi_read_model_followed_timestamp_seconds"
        "Last time at which the read model had applied all logs to their ends, in seconds since 1970."
    Counter READ_MODEL_MOVES "caunoi_read_model_moves_total"
        "Updates of the read model."
    Histogram READ_MODEL_MOVE_SECONDS "caunoi_read_model_move_seconds"
        "Time of one update of the read model, SQL statements included."
    Gauge READ_MODEL_FACTS "caunoi_read_model_facts"
        "Facts of published entries in memory, by kind of entry."
    Gauge READ_MODEL_LOAD "caunoi_read_model_load_seconds"
        "Time of the last complete load of the read model."

    Counter EPOCH_CHANGES "caunoi_epoch_changes_total"
        "Changes of the database epoch that this node detected: changes that it had applied were lost, and it loaded the read model again."

    Counter SELECTIONS "caunoi_selections_total"
        "Selections of facts by a filter, by kind of entry."
    Counter FACTS_SCANNED "caunoi_facts_offered_total"
        "Facts in the tables that selections were made from; an index may have reduced the number scanned."

    Counter WRITES "caunoi_writes_total"
        "Commands on entries that started a transaction, by operation and outcome (done, refused, failed). Commands refused before are excluded."
    Histogram WRITE_SECONDS "caunoi_write_seconds"
        "Time of a command from its transaction until this node has applied the change, by operation."

    Counter WRITES_UNREADABLE "caunoi_writes_unreadable_total"
        "Committed writes that no other connection could read back. Their callers got UNAVAILABLE, and the server is not ready until a write can be read back."

    Counter WAKEUPS "caunoi_wakes_total"
        "Wake-up messages by way (sent, heard); a node receives its own."
    Gauge REDIS_UP "caunoi_redis_up"
        "Whether Redis responds: 1 or 0; absent if no Redis is configured."

    Counter CACHE_RESPONSES "caunoi_cache_answers_total"
        "Responses to queries by source: process and redis are cache hits, joined shared the execution of an equal request, made and unkept were executed."
    Counter CACHE_STALE "caunoi_cache_stale_total"
        "Cached responses found stale, by level (process, redis); their queries were executed again."
    Gauge CACHE_ENTRIES "caunoi_cache_entries"
        "Responses cached in this process."
    Gauge CACHE_BYTES "caunoi_cache_bytes"
        "Bytes of the responses cached in this process."
    Counter CACHE_REDIS "caunoi_cache_redis_total"
        "Reads and writes of the response cache in Redis by outcome: found, absent, unusable, kept, failed, skipped."
    Counter CACHE_DOCUMENTS "caunoi_cache_documents_total"
        "Look-ups in the cache of parsed documents by outcome (hit, miss)."

    Counter WEBHOOK_ATTEMPTS "caunoi_webhook_attempts_total"
        "Requests to endpoints of webhooks by outcome (delivered, failed)."
    Gauge WEBHOOKS "caunoi_webhook_endpoints"
        "Webhooks of all partners by state (active, paused, disabled); equal on all nodes."

    Gauge BUILD "caunoi_build_info"
        "Always 1; labels are the version of the program and the database engine."
    Gauge READY "caunoi_ready"
        "Whether this process is ready to serve requests: 1 or 0."
    Gauge PROCESS_START "process_start_time_seconds"
        "Start time of the process, in seconds since 1970."
    Gauge PROCESS_MEMORY "process_resident_memory_bytes"
        "Resident memory of the process."
    Gauge PROCESS_FILES "process_open_fds"
        "Open file descriptors of the process."
}

/// Upper bounds of the buckets of a histogram, in seconds.
pub const SECONDS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Upper bounds of the buckets of [`COST`], in objects.
pub const OBJECTS: [f64; 10] = [1.0, 5.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 10_000.0];

/// The only histogram that counts objects instead of seconds.
pub const COST: &str = REQUEST_COST;

/// Registers type and help text of every metric with the installed recorder, and initialises
/// counters at 0.
pub fn describe() {
    for Metric { name, metric_type, help } in ALL {
        match metric_type {
            MetricType::Counter => describe_counter!(*name, *help),
            MetricType::Gauge => describe_gauge!(*name, *help),
            MetricType::Histogram => describe_histogram!(*name, *help),
        }
    }
    // An alert on the rate of a counter misses the first error if the series appears only with it.
    initialise_counters(ERRORS, "code", &["INTERNAL"]);
    counter!(WRITES_UNREADABLE).increment(0);
    initialise_counters(DATABASE_ERRORS, "kind", &["away", "broken"]);
    initialise_counters(CACHE_RESPONSES, "from", ResponseSource::VARIANTS);
    initialise_counters(CACHE_STALE, "level", CacheLevel::VARIANTS);
    initialise_counters(CACHE_REDIS, "outcome", RedisAccess::VARIANTS);
    for gate in AdmissionGate::VARIANTS {
        for cause in RefusalCause::VARIANTS {
            for class in ["public", "partner", "province", "ministry"] {
                counter!(ADMISSION_REFUSED, "gate" => *gate, "class" => class, "cause" => *cause)
                    .increment(0);
            }
        }
    }
    initialise_counters(WEBHOOK_ATTEMPTS, "outcome", &["delivered", "failed"]);
    counter!(EPOCH_CHANGES).increment(0);
    initialise_counters(CACHE_DOCUMENTS, "outcome", &["hit", "miss"]);
}

/// Initialises a counter at 0 for each value of a label.
fn initialise_counters(name: &'static str, label: &'static str, values: &[&'static str]) {
    for value in values {
        counter!(name, label => *value).increment(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn metric_names_are_unique_and_end_in_their_unit() {
        let names: BTreeSet<&str> = ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), ALL.len());
        for Metric { name, metric_type, help } in ALL {
            let prefixes = ["caunoi_", "http_server_", "process_"];
            assert!(prefixes.iter().any(|prefix| name.starts_with(prefix)), "{name}");
            assert_eq!(*metric_type == MetricType::Counter, name.ends_with("_total"), "{name}");
            let has_unit = name.ends_with("_seconds") || *name == COST;
            assert!(*metric_type != MetricType::Histogram || has_unit, "{name}");
            assert!(help.ends_with('.') && !help.contains('\n'), "{name}");
        }
    }

    #[test]
    fn bucket_bounds_are_ascending() {
        assert!(SECONDS.is_sorted() && OBJECTS.is_sorted());
    }
}
