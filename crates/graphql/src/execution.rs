//! Execution of GraphQL requests, for every transport: from the request to the bytes of the
//! response.
//!
//! The guard checks the document, an operation is chosen, and the engine executes it in a task of
//! its own under a deadline; errors are reduced to their public part. Transports decide only status
//! codes and media types. Start reading at `Executor` (`executor`, then `cached_query` for queries and
//! `subscription` for subscriptions).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Data, ObjectType, Response, Schema, ServerError, SubscriptionType};
use async_graphql_parser::types::OperationType;
use bytes::Bytes;
use caunoi_domain::policy::Actor;
use caunoi_domain::rate_limit::{RateLimits, RateStatus};
use caunoi_domain::refusal::RefusalReason;
use caunoi_metrics::{OperationKind, RunningOperation, Stage, StageTimer, Transport};
use caunoi_register::{Cancellation, DatabaseWork};
use caunoi_texts::ApiText;
use strum::IntoStaticStr;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::batch_queue::BatchQueue;
use crate::schema_description;

mod admission;
mod budget;
mod cached_query;
mod code;
mod cost_report;
mod document;
mod dry_run;
mod engine_schemas;
mod executor;
mod feed_range;
mod flat_document;
mod introspection_cache;
mod mutation_rules;
mod preparation;
mod public_errors;
mod rate_limiter;
mod recipient;
mod response;
mod shared_stream;
mod size;
mod stream;
mod subscription;
mod subscription_arguments;
mod trusted_documents;
pub(crate) mod variables;

pub use crate::cost::CostLimits;
pub use budget::SubscriptionLimits;
use caunoi_cache::Tag;
pub use code::ErrorCode;
pub use cost_report::CostMode;
pub(crate) use document::DocumentError;
use document::{DocumentCache, ParsedDocument};
pub(crate) use executor::{Executor, StoredFilter};
pub use feed_range::FeedMessage;
pub(crate) use feed_range::{FeedEnd, FeedRange, FeedStart};
pub(crate) use flat_document::FlatDocument;
use preparation::{CostPolicy, PreparedOperation, find_operation, prepare};
pub(crate) use rate_limiter::RateAccount;
pub use rate_limiter::RateLimiter;
pub(crate) use recipient::Recipient;
use response::{is_refused, outcome_of, to_response};
use size::ByteBudget;
pub(crate) use size::ResponseSizeExtension;
pub(crate) use stream::PerEventExecution;
pub use trusted_documents::{DocumentId, RequestedDocument, TrustedDocuments};

/// The limits of one operation.
#[derive(Debug, Clone, Copy)]
pub struct ExecutionLimits {
    /// The longest execution.
    pub deadline: Duration,
    /// The largest estimated cost, by role.
    pub cost: CostLimits,
    /// The largest response in bytes.
    pub response_bytes: usize,
    /// The limits of all subscriptions of one address or person together.
    pub subscriptions: SubscriptionLimits,
    /// The most operations that this node executes at once.
    pub operations: usize,
    /// The cost that one person, or one network of callers without a token, may spend per minute.
    pub rates: RateLimits,
}

/// The largest response in bytes, unless configured.
const DEFAULT_RESPONSE_BYTES: usize = 8 * 1_024 * 1_024;

impl Default for ExecutionLimits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            cost: CostLimits::default(),
            response_bytes: DEFAULT_RESPONSE_BYTES,
            subscriptions: SubscriptionLimits::DEFAULT,
            operations: default_operations(),
            rates: RateLimits::default(),
        }
    }
}

/// Operations that run at once for each core: some wait for the database while others compute.
const OPERATIONS_PER_CORE: usize = 4;
/// The fewest operations that run at once, unless configured.
const MIN_OPERATIONS: usize = 8;

/// Returns the number of operations that run at once, unless configured.
fn default_operations() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores * OPERATIONS_PER_CORE).max(MIN_OPERATIONS)
}

/// The part of a request that a transport knows before it reads the parameters.
#[derive(Debug, Clone, Copy)]
pub struct RequestHead<'a> {
    /// The caller.
    pub actor: &'a Actor,
    /// The value of the `Accept-Language` header, unparsed.
    pub languages: Option<&'a str>,
    /// A log cursor that the caller has seen: the response is of that state or a later one.
    pub after: Option<&'a str>,
    /// The id in errors and log lines.
    pub request_id: &'a str,
    /// The transport, which decides the kinds of operations that are allowed.
    pub transport: Transport,
    /// The address that a request without a token is charged to; none for requests of this process.
    pub address: Option<IpAddr>,
    /// Whether the response reports its cost.
    pub cost_mode: CostMode,
}

/// The kinds of operations that a transport allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedOperations {
    /// All kinds.
    All,
    /// Queries and subscriptions, which change nothing.
    Reads,
    /// Queries only.
    Queries,
}

impl AllowedOperations {
    /// Returns the kinds that a request by this transport may execute.
    pub(crate) fn by(transport: Transport) -> Self {
        match transport {
            // Browsers and crawlers follow links; QUERY is a safe method too.
            Transport::Get | Transport::Query => Self::Queries,
            Transport::Webhook => Self::Reads,
            Transport::Post | Transport::Socket | Transport::Events => Self::All,
        }
    }

    fn allows(self, kind: OperationType) -> bool {
        match kind {
            OperationType::Query => true,
            OperationType::Subscription => self != Self::Queries,
            OperationType::Mutation => self == Self::All,
        }
    }
}

/// The parameters of a GraphQL request.
#[derive(Debug, Clone)]
pub struct RequestParams {
    /// The GraphQL document.
    pub document: RequestedDocument,
    /// The name of the operation to execute; an empty name counts as absent.
    pub operation_name: Option<String>,
    /// A JSON object or null.
    pub variables: serde_json::Value,
    /// Whether the response reports its cost, as `extensions` of the request state it.
    pub cost_mode: CostMode,
}

/// A complete request.
#[derive(Debug, Clone)]
pub struct GraphqlRequest {
    /// The caller.
    pub actor: Actor,
    /// The GraphQL document.
    pub document: RequestedDocument,
    /// The name of the operation to execute; an empty name counts as absent.
    pub operation_name: Option<String>,
    /// A JSON object or null.
    pub variables: serde_json::Value,
    /// The value of the `Accept-Language` header, unparsed.
    pub languages: Option<String>,
    /// The id in errors and log lines.
    pub request_id: String,
    /// The kinds of operations that the transport allows.
    pub allowed_operations: AllowedOperations,
    /// The last cursor that the caller received (`Last-Event-ID`); in a subscription to the feed it
    /// replaces `after`.
    pub resume: Option<String>,
    /// Whether the filter of a subscription is one that a webhook has stored. It was checked when it
    /// was stored; words in it that the register no longer knows match nothing instead of being
    /// refused.
    pub has_stored_filter: bool,
    /// The address that subscriptions, and requests without a token, are charged to, for IPv6 its
    /// /64 network; none for requests of this process.
    pub address: Option<IpAddr>,
    /// Whether the response reports its cost.
    pub cost_mode: CostMode,
}

/// A response, or one item of the response stream of a subscription.
#[derive(Debug, Clone)]
pub struct GraphqlResponse {
    /// A JSON object in the response format of the specification.
    pub body: Bytes,
    /// The outcome; transports map it to a status.
    pub outcome: ResponseOutcome,
    /// The tag of a cacheable body: the same body has the same tag on every node; none if the
    /// response is not cacheable.
    pub tag: Option<Tag>,
    /// Whether the body contains `data` only: no errors, no extensions.
    pub is_error_free: bool,
    /// The kind of the operation; unknown if the document was refused before an operation was
    /// found.
    pub kind: OperationKind,
    /// Why the request was refused, for the counts of refusals; none if no error is a refusal.
    pub refusal: Option<RefusalReason>,
    /// The position of the feed after this response; none for all but events of `changes`.
    pub feed_message: Option<Arc<FeedMessage>>,
    /// The level of the bucket that paid; none without limit.
    pub rate: Option<RateStatus>,
    /// The time until the bucket can pay a request that was refused for it, in seconds.
    pub retry_after_seconds: Option<u64>,
    /// The work of its execution for the database; none if nothing was executed for it.
    pub work: Option<DatabaseWork>,
}

/// The outcome of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ResponseOutcome {
    /// Executed; the body contains `data`, possibly null, and possibly errors.
    Answered,
    /// The text is not a GraphQL document, or too long to be read; the body has no `data`.
    Unparsable,
    /// The document does not validate or costs too much, its operation is not found or its variables
    /// do not fit (a request error of the specification); the body has no `data`.
    Invalid,
    /// Another part of the request is invalid, such as a header; nothing was executed.
    Malformed,
    /// This node cannot execute the request now; nothing was changed, and a retry may succeed.
    Unavailable,
    /// This node has more work than it can do; nothing was executed, and a retry may succeed.
    Overloaded,
    /// The caller has reached its limit of cost or of running operations; nothing was executed.
    RateLimited,
    /// The transport does not allow the kind of operation, such as a mutation by GET; nothing was
    /// executed.
    QueryOnly,
    /// Internal error, without details in the body.
    Broken,
    /// Stopped at the deadline.
    TimedOut,
}

/// Executes a prepared query or mutation, or returns the error of the preparation; subscriptions
/// are refused. `context_data` makes the data for resolvers, with the queue for their batches.
///
/// Dropping the future stops the execution of a query.
pub(crate) async fn execute_prepared<Q, M, S>(
    schema: &Schema<Q, M, S>,
    prepared: Result<PreparedOperation, GraphqlResponse>,
    limits: ExecutionLimits,
    context_data: impl FnOnce(&BatchQueue) -> Data,
) -> GraphqlResponse
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    match prepared {
        Ok(prepared) if prepared.kind == OperationType::Subscription => {
            let text = ApiText::OpenTransport;
            let error = public_errors::public_error(ErrorCode::BadInput, &text, &prepared.recipient);
            GraphqlResponse::from_error(ResponseOutcome::Invalid, error).with_kind(prepared.kind)
        }
        Ok(prepared) => {
            let kind = prepared.kind;
            execute(schema, prepared, limits, context_data).await.with_kind(kind)
        }
        Err(refused) => refused,
    }
}

/// Executes a query or a mutation in a task of its own, under the deadline.
async fn execute<Q, M, S>(
    schema: &Schema<Q, M, S>,
    prepared: PreparedOperation,
    limits: ExecutionLimits,
    context_data: impl FnOnce(&BatchQueue) -> Data,
) -> GraphqlResponse
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let span = execution_span(&prepared);
    let PreparedOperation { mut request, kind, recipient, document, .. } = prepared;
    let request_id = recipient.request_id.as_str();
    let writes = kind == OperationType::Mutation;
    let cancellation =
        if writes { Cancellation::default() } else { Cancellation::at(Instant::now() + limits.deadline) };
    let queue = BatchQueue::with_cancellation(cancellation.clone());
    request.data = context_data(&queue);
    let byte_budget = ByteBudget::new(limits.response_bytes);
    request.data.insert(Arc::clone(&byte_budget));
    if let Some(flat) = document.flat() {
        request.data.insert(flat);
    }
    let describes_schema = schema_description::may_describe_schema(&request.query);
    let schema = schema.clone();
    let running = async move {
        let _running = RunningOperation::begin(metrics_kind(kind));
        let _timer = StageTimer::begin(Stage::Execute);
        queue.run(schema.execute(request)).await
    };
    let running = tokio::spawn(running.instrument(span));
    let mut task = ExecutionTask { running, writes, cancellation: cancellation.clone() };
    let response = match tokio::time::timeout(limits.deadline, &mut task.running).await {
        Ok(Ok(mut response)) => {
            if describes_schema {
                schema_description::replace_description(&mut response.data);
            }
            let outcome = outcome_of(&response, kind);
            to_response(response, outcome, limits.response_bytes, &byte_budget, &recipient)
        }
        Ok(Err(failure)) => {
            // The panic hook has logged the location; this line links it to the request.
            tracing::error!(request_id, is_panic = failure.is_panic(), "operation failed");
            GraphqlResponse::from_error(ResponseOutcome::Broken, public_errors::internal_error(&recipient))
        }
        Err(_) if kind == OperationType::Mutation => {
            let error = public_errors::not_retryable(public_errors::public_error(
                ErrorCode::Timeout,
                &ApiText::WriteTimeout,
                &recipient,
            ));
            GraphqlResponse::from_error(ResponseOutcome::TimedOut, error)
        }
        Err(_) => {
            GraphqlResponse::from_error(ResponseOutcome::TimedOut, timeout_error(limits.deadline, &recipient))
        }
    };
    GraphqlResponse { work: Some(cancellation.database_work()), ..response }
}

/// Returns the span of an execution, with the attributes of the semantic conventions for GraphQL. If
/// it is disabled, the task keeps that of the request, so its log lines name the request.
fn execution_span(prepared: &PreparedOperation) -> tracing::Span {
    let name = prepared.document.operation_name(prepared.request.operation_name.as_deref());
    let document = prepared.is_traced.then_some(prepared.request.query.as_str());
    tracing::debug_span!(
        "execute",
        request_id = prepared.recipient.request_id,
        otel.name = %prepared.kind,
        graphql.operation.type = %prepared.kind,
        graphql.operation.name = name.as_deref(),
        graphql.document = document,
    )
    .or_current()
}

/// Logs that an execution was stopped at its deadline and returns the public error.
fn timeout_error(deadline: Duration, recipient: &Recipient) -> ServerError {
    let request_id = recipient.request_id.as_str();
    tracing::warn!(request_id, deadline_ms = deadline.as_millis(), "operation exceeded its deadline");
    public_errors::public_error(ErrorCode::Timeout, &ApiText::Timeout, recipient)
}

/// Returns a response body with one error, for requests that are refused before execution.
#[must_use]
pub fn error_body(code: ErrorCode, message: String, request_id: &str) -> Vec<u8> {
    let recipient = Recipient::new(request_id, None);
    GraphqlResponse::from_error(
        ResponseOutcome::Invalid,
        public_errors::error_with_message(code, message, &recipient),
    )
    .body
    .into()
}

/// A running execution. Dropping it stops a query; a mutation continues to its commit or rollback,
/// because an interrupted transaction leaves its connection in an unknown state.
struct ExecutionTask {
    running: JoinHandle<Response>,
    writes: bool,
    cancellation: Cancellation,
}

impl Drop for ExecutionTask {
    fn drop(&mut self) {
        if !self.writes {
            // The abort takes effect where the task awaits; cancellation stops computations.
            self.cancellation.cancel();
            self.running.abort();
        }
    }
}

fn metrics_kind(kind: OperationType) -> OperationKind {
    match kind {
        OperationType::Query => OperationKind::Query,
        OperationType::Mutation => OperationKind::Mutation,
        OperationType::Subscription => OperationKind::Subscription,
    }
}

#[cfg(test)]
mod tests;
