//! From a question to the bytes of its answer: the one way into the engine for every transport.
//!
//! Guard, choice of the operation, execution in a task of its own under a deadline, and errors
//! that tell callers what they may know. Transports decide only status codes and media types.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Data, ObjectType, Response, Schema, ServerError, SubscriptionType};
use async_graphql_parser::types::OperationType;
use bytes::Bytes;
use caunoi_domain::policy::Actor;
use caunoi_metrics::{Kind, Operation, Stage, Timer};
use caunoi_register::Cancellation;
use strum::IntoStaticStr;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::aside::Aside;

mod after;
mod audience;
mod budget;
mod code;
mod desk;
mod document;
mod faults;
mod flat;
mod inputs;
mod leg;
mod prepare;
mod respond;
mod size;
mod standard;
mod stream;
mod variables;
mod writes;

pub use crate::cost::CostLimits;
pub use budget::SubscriptionBounds;
pub use caunoi_register::Tag;
pub use code::Code;
pub(crate) use desk::{AcceptedBefore, Desk};
use document::{Document, Documents};
pub(crate) use flat::Flat;
pub use leg::Event;
pub(crate) use leg::{Leg, Length, Start};
use prepare::{Allowed, Prepared, find_operation, prepare};
use respond::{is_refused, outcome_of, respond};
use size::Allowance;
pub(crate) use size::CountBytes;
pub(crate) use stream::EachEvent;

/// What one operation may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long it may run.
    pub deadline: Duration,
    /// How much it may cost by what can be expected before it runs, by who asks.
    pub cost: CostLimits,
    /// How many bytes its answer may take.
    pub answer_bytes: usize,
    /// What the subscriptions of one address or person may cost together.
    pub subscriptions: SubscriptionBounds,
}

/// The most bytes of an answer, unless a setting says otherwise.
const USUAL_ANSWER_BYTES: usize = 8 * 1_024 * 1_024;

impl Default for Bounds {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            cost: CostLimits::default(),
            answer_bytes: USUAL_ANSWER_BYTES,
            subscriptions: SubscriptionBounds::DEFAULT,
        }
    }
}

/// Who asks, and how: what a transport knows before it has read the question.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The `Accept-Language` header, unread.
    pub languages: Option<&'a str>,
    /// The cursor of a state that the caller has seen: the answer is of that state or a later one.
    pub after: Option<&'a str>,
    /// Named in errors and logs.
    pub request_id: &'a str,
    /// The transport may not change anything (GET).
    pub query_only: bool,
}

/// What may be asked over a transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// Anything.
    All,
    /// Queries and subscriptions: whatever changes nothing.
    Reads,
    /// Queries alone.
    Queries,
}

impl Offer {
    fn holds(self, kind: OperationType) -> bool {
        match kind {
            OperationType::Query => true,
            OperationType::Subscription => self != Self::Queries,
            OperationType::Mutation => self == Self::All,
        }
    }
}

/// What is asked, read from the words of a request.
#[derive(Debug, Clone)]
pub struct Wording {
    /// The GraphQL document.
    pub document: String,
    /// Which operation of the document; empty counts as absent.
    pub operation_name: Option<String>,
    /// A JSON object or null.
    pub variables: serde_json::Value,
}

/// One request, as a transport that stays open hands it over.
#[derive(Debug, Clone)]
pub struct Question {
    /// Who asks.
    pub actor: Actor,
    /// The GraphQL document.
    pub document: String,
    /// Which operation of the document; empty counts as absent.
    pub operation_name: Option<String>,
    /// A JSON object or null.
    pub variables: serde_json::Value,
    /// The `Accept-Language` header, unread.
    pub languages: Option<String>,
    /// Named in errors and logs.
    pub request_id: String,
    /// What the transport offers.
    pub offer: Offer,
    /// A cursor that takes the place of `after` where the feed is asked for: the last one that the
    /// caller got (`Last-Event-ID`).
    pub resume: Option<String>,
    /// Whether it was checked when it was stored: then words in its filters that the register does
    /// not know match nothing, where others are refused. Of subscriptions alone.
    pub was_accepted: bool,
    /// Where the caller is, to whom subscriptions are charged; none for what runs in this process.
    /// Of IPv6 it is the network, a /64.
    pub address: Option<IpAddr>,
}

/// The answer to one [`Question`].
#[derive(Debug, Clone)]
pub struct Answer {
    /// A JSON object as the specification describes a response.
    pub body: Bytes,
    /// What the transport makes its status from.
    pub outcome: Outcome,
    /// Names the body where all who see the same may get it again: the same body has the same tag
    /// on every node.
    pub tag: Option<Tag>,
    /// Whether it says nothing but what was asked for: no errors, no extensions.
    pub is_plain: bool,
    /// What was asked, as far as anybody could tell.
    pub kind: Kind,
    /// Where the feed was read to with it; none for anything but an event of `changes`.
    pub event: Option<Arc<Event>>,
}

/// How far a question came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// Executed; the body has `data`, perhaps null, perhaps beside errors.
    Answered,
    /// Document or variables cannot be executed; the body has no `data`.
    Refused,
    /// What came beside the document cannot be read; nothing was executed.
    Malformed,
    /// This node cannot answer now; nothing came of it, and asking again may help.
    Unavailable,
    /// The caller has as much running as it may; nothing was executed.
    RateLimited,
    /// Something that the transport does not offer, such as a mutation by GET; nothing was executed.
    QueryOnly,
    /// The code failed; the body says no more than that.
    Broken,
    /// Stopped at the deadline.
    TimedOut,
}

/// Answers a question that was prepared; `attach` tells resolvers about the caller, and takes the
/// place where they put their batches.
///
/// Dropping the future stops the execution of a query: nobody pays for an answer that nobody reads.
pub(crate) async fn answer<Q, M, S>(
    schema: &Schema<Q, M, S>,
    prepared: Result<Prepared, Answer>,
    bounds: Bounds,
    attach: impl FnOnce(&Aside) -> Data,
) -> Answer
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    match prepared {
        Ok(prepared) if prepared.kind == OperationType::Subscription => {
            let message = "Subscriptions need a transport that stays open.";
            let fault = faults::fault(Code::BadInput, message, &prepared.request_id);
            Answer::from_error(Outcome::Refused, fault).to(prepared.kind)
        }
        Ok(prepared) => {
            let kind = prepared.kind;
            execute(schema, prepared, bounds, attach).await.to(kind)
        }
        Err(refused) => refused,
    }
}

/// Runs a query or a mutation.
async fn execute<Q, M, S>(
    schema: &Schema<Q, M, S>,
    prepared: Prepared,
    bounds: Bounds,
    attach: impl FnOnce(&Aside) -> Data,
) -> Answer
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let Prepared { mut request, kind, request_id, document, .. } = prepared;
    let writes = kind == OperationType::Mutation;
    let cancellation =
        if writes { Cancellation::default() } else { Cancellation::at(Instant::now() + bounds.deadline) };
    let aside = Aside::within(cancellation.clone());
    request.data = attach(&aside);
    let allowance = Allowance::new(bounds.answer_bytes);
    request.data.insert(Arc::clone(&allowance));
    if let Some(flat) = document.flat() {
        request.data.insert(flat);
    }
    let schema = schema.clone();
    // Without a collector the span of the request holds for the task too: lines name the request by it.
    let span = tracing::debug_span!("execute", request_id, kind = %kind).or_current();
    let running = async move {
        let _running = Operation::begin(figured(kind));
        let _timer = Timer::begin(Stage::Execute);
        aside.run(schema.execute(request)).await
    };
    let running = tokio::spawn(running.instrument(span));
    let mut task = Task { running, writes, cancellation };
    match tokio::time::timeout(bounds.deadline, &mut task.running).await {
        Ok(Ok(response)) => {
            let outcome = outcome_of(&response, kind);
            respond(response, outcome, (bounds.answer_bytes, &allowance), &request_id)
        }
        Ok(Err(failure)) => {
            // The panic hook has written the place; this line ties it to the request.
            tracing::error!(request_id, is_panic = failure.is_panic(), "an operation broke off");
            Answer::from_error(Outcome::Broken, faults::internal(&request_id))
        }
        Err(_) if kind == OperationType::Mutation => {
            let message = "The answer took too long; what was asked may be done or not. Repeat it under the same @idempotent key, or look before you repeat it.";
            let fault = faults::not_retryable(faults::fault(Code::Timeout, message, &request_id));
            Answer::from_error(Outcome::TimedOut, fault)
        }
        Err(_) => Answer::from_error(Outcome::TimedOut, too_late(bounds.deadline, &request_id)),
    }
}

/// What is told of an execution that was stopped at its deadline.
fn too_late(deadline: Duration, request_id: &str) -> ServerError {
    tracing::warn!(request_id, deadline_ms = deadline.as_millis(), "an operation took too long");
    faults::fault(Code::Timeout, "The answer took too long; ask for less at once.", request_id)
}

/// The body of an answer that is one error, for refusals that never reach [`answer`].
#[must_use]
pub fn error_body(code: Code, message: &str, request_id: &str) -> Vec<u8> {
    Answer::from_error(Outcome::Refused, faults::fault(code, message, request_id)).body.into()
}

/// A running execution. A query ends when nobody waits for it any more; a write goes on to its
/// commit or its refusal, because a transaction that is cut off in the middle leaves its connection
/// in doubt.
struct Task {
    running: JoinHandle<Response>,
    writes: bool,
    cancellation: Cancellation,
}

impl Drop for Task {
    fn drop(&mut self) {
        if !self.writes {
            // The abort takes effect where the task waits; the work is cancelled where it does not.
            self.cancellation.cancel();
            self.running.abort();
        }
    }
}

fn figured(kind: OperationType) -> Kind {
    match kind {
        OperationType::Query => Kind::Query,
        OperationType::Mutation => Kind::Mutation,
        OperationType::Subscription => Kind::Subscription,
    }
}

#[cfg(test)]
mod tests;
