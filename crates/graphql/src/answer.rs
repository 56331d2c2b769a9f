//! From a question to the bytes of its answer: the one way into the engine for every transport.
//!
//! Guard, choice of the operation, execution in a task of its own under a deadline, and errors
//! that tell callers what they may know. Transports decide only status codes and media types.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{
    Data, ObjectType, Request, Response, Schema, ServerError, SubscriptionType, Value, Variables,
};
use async_graphql_parser::{
    Pos,
    types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection},
};
use bytes::Bytes;
use caunoi_domain::policy::Actor;
use caunoi_metrics::{Kind, Operation, Stage, Timer};
use serde::Serialize;
use strum::IntoStaticStr;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

use crate::aside::Aside;
use crate::cost;
use crate::guard::{Refused, Rule};

mod after;
mod audience;
mod code;
mod desk;
mod document;
mod faults;
mod flat;
mod inputs;
mod leg;
mod stream;
mod writes;

pub use caunoi_register::Tag;
pub use code::Code;
pub(crate) use desk::Desk;
use document::{Document, Documents};
pub(crate) use flat::Flat;
pub use leg::Event;
pub(crate) use leg::{Leg, Length, Start};
pub(crate) use stream::EachEvent;

/// What one operation may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long it may run.
    pub deadline: Duration,
    /// How many objects its answer may hold, told before it runs.
    pub cost: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(10), cost: cost::USUAL_LIMIT }
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
            execute(schema, prepared, bounds.deadline, attach).await.to(kind)
        }
        Err(refused) => refused,
    }
}

/// Runs a query or a mutation.
async fn execute<Q, M, S>(
    schema: &Schema<Q, M, S>,
    prepared: Prepared,
    deadline: Duration,
    attach: impl FnOnce(&Aside) -> Data,
) -> Answer
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let Prepared { mut request, kind, request_id, document, .. } = prepared;
    let aside = Aside::default();
    request.data = attach(&aside);
    if let Some(flat) = document.flat() {
        request.data.insert(flat);
    }
    let schema = schema.clone();
    let span = tracing::debug_span!("execute", request_id, kind = %kind);
    let running = async move {
        let _running = Operation::begin(figured(kind));
        let _timer = Timer::begin(Stage::Execute);
        aside.run(schema.execute(request)).await
    };
    let running = tokio::spawn(running.instrument(span));
    let mut task = Task { running, writes: kind == OperationType::Mutation };
    match tokio::time::timeout(deadline, &mut task.running).await {
        Ok(Ok(response)) => {
            let outcome = outcome_of(&response, kind);
            respond(response, outcome, &request_id)
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
        Err(_) => Answer::from_error(Outcome::TimedOut, too_late(deadline, &request_id)),
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
}

impl Drop for Task {
    fn drop(&mut self) {
        if !self.writes {
            self.running.abort();
        }
    }
}

/// A question that the engine may run.
pub(crate) struct Prepared {
    request: Request,
    kind: OperationType,
    request_id: String,
    document: Document,
    /// The variables as canonical JSON text.
    variables: Vec<u8>,
}

/// Everything that is decided before the engine runs.
fn prepare(question: Question, most: u64, documents: &Documents) -> Result<Prepared, Answer> {
    let Question { document, operation_name, variables, request_id, offer, .. } = question;
    let bad_input = |message: &str| {
        let fault = faults::fault(Code::BadInput, message, &request_id);
        Answer::from_error(Outcome::Refused, fault)
    };
    let known = documents.read(&document).map_err(|refused| refuse(refused, &request_id))?;
    let parsed = known.parsed();
    let operation_name = operation_name.filter(|name| !name.is_empty());
    let operation = find_operation(parsed, operation_name.as_deref()).map_err(bad_input)?;
    match operation.ty {
        kind if !offer.holds(kind) => {
            let message = "This cannot be asked this way; use POST.";
            let fault = faults::fault(Code::BadInput, message, &request_id);
            return Err(Answer::from_error(Outcome::QueryOnly, fault));
        }
        OperationType::Subscription if !has_one_field(operation) => {
            return Err(bad_input("A subscription selects exactly one field, without a fragment around it."));
        }
        OperationType::Query | OperationType::Mutation | OperationType::Subscription => {}
    }
    writes::check(parsed, operation).map_err(bad_input)?;
    if !matches!(variables, serde_json::Value::Object(_) | serde_json::Value::Null) {
        return Err(bad_input("Variables are a JSON object."));
    }
    if has_more_values(&variables, MOST_VALUES) {
        return Err(bad_input(&format!("Variables hold at most {MOST_VALUES} values.")));
    }
    if let Some(name) = find_missing_variable(operation, &variables) {
        return Err(bad_input(&format!("The variable ${name} needs a value.")));
    }
    if let Some(flaw) = inputs::find_flaw(operation, &variables) {
        return Err(bad_input(&flaw));
    }
    let asked = {
        let _timer = Timer::begin(Stage::Cost);
        cost::of(parsed, operation, &variables)
    };
    caunoi_metrics::cost(asked);
    if asked > most {
        let fault = faults::too_costly(asked, most, &request_id);
        return Err(Answer::from_error(Outcome::Refused, fault));
    }
    let kind = operation.ty;
    let parsed = parsed.clone();
    // Members of objects stand in the order of their names, so equal variables are equal texts.
    let text = serde_json::to_vec(&variables).unwrap_or_default();
    let mut request = Request::new(document).variables(Variables::from_json(variables));
    request.operation_name = operation_name;
    request.set_parsed_query(parsed);
    Ok(Prepared { request, kind, request_id, document: known, variables: text })
}

/// The specification asks for one root field. The engine would take several, and pass over
/// fragments without a word.
fn has_one_field(subscription: &OperationDefinition) -> bool {
    match subscription.selection_set.node.items.as_slice() {
        [only] => match &only.node {
            Selection::Field(field) => !field.node.name.node.starts_with("__"),
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
        },
        _ => false,
    }
}

fn find_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, &'static str> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) => match all.len() {
            1 => all.values().next(),
            _ => return Err("The document has several operations: name one."),
        },
    };
    found.map(|operation| &operation.node).ok_or("The document has no operation of that name.")
}

/// The most values that the variables of one request hold, lists and objects counted too: every
/// argument that names a variable reads all of it.
const MOST_VALUES: usize = 2_000;

/// Whether a JSON value holds more values than this; it looks no further than it must.
fn has_more_values(json: &serde_json::Value, most: usize) -> bool {
    let mut waiting = vec![json];
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > most {
            return true;
        }
        match value {
            serde_json::Value::Array(items) => waiting.extend(items.iter().take(most)),
            serde_json::Value::Object(fields) => waiting.extend(fields.values().take(most)),
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::String(_) => {}
        }
    }
    false
}

/// The engine would notice only while it executes, when other fields may have acted already.
fn find_missing_variable<'a>(
    operation: &'a OperationDefinition,
    variables: &serde_json::Value,
) -> Option<&'a str> {
    operation
        .variable_definitions
        .iter()
        .map(|definition| &definition.node)
        .filter(|variable| !variable.var_type.node.nullable)
        .filter(|variable| variable.default_value.is_none())
        .map(|variable| variable.name.node.as_str())
        .find(|name| variables.get(name).is_none_or(serde_json::Value::is_null))
}

fn refuse(refused: Refused, request_id: &str) -> Answer {
    let code = match refused.rule {
        Rule::Selections | Rule::Aliases | Rule::Depth => Code::CostExceeded,
        Rule::Syntax
        | Rule::Length
        | Rule::Brackets
        | Rule::Tokens
        | Rule::Ignored
        | Rule::Name
        | Rule::Nesting
        | Rule::Directives
        | Rule::Cycle => Code::BadInput,
    };
    let mut fault = faults::fault(code, refused.message(), request_id);
    if let Some(place) = refused.place {
        fault.locations.push(Pos { line: place.line, column: place.column });
    }
    Answer::from_error(Outcome::Refused, fault)
}

fn figured(kind: OperationType) -> Kind {
    match kind {
        OperationType::Query => Kind::Query,
        OperationType::Mutation => Kind::Mutation,
        OperationType::Subscription => Kind::Subscription,
    }
}

/// The engine reads arguments while it executes. A query that fails for that alone has done
/// nothing; of a mutation an earlier field may have acted, so its answer keeps `data`.
fn is_refused(response: &Response, kind: OperationType) -> bool {
    response.data == Value::Null
        && match kind {
            OperationType::Query => faults::are_all(&response.errors, faults::is_about_request),
            OperationType::Mutation | OperationType::Subscription => {
                faults::are_all(&response.errors, faults::is_before_execution)
            }
        }
}

/// A query that got nothing because the database is away is told by its status too: whoever stands
/// between, a balancer above all, need not read bodies to know. Of a mutation nobody can be sure.
fn outcome_of(response: &Response, kind: OperationType) -> Outcome {
    let got_nothing = kind == OperationType::Query && response.data == Value::Null;
    if is_refused(response, kind) {
        Outcome::Refused
    } else if got_nothing && faults::are_all(&response.errors, faults::is_unavailable) {
        Outcome::Unavailable
    } else {
        Outcome::Answered
    }
}

fn respond(response: Response, outcome: Outcome, request_id: &str) -> Answer {
    let errors = faults::present(response.errors, request_id);
    let body = Body {
        errors: &errors,
        data: (outcome == Outcome::Answered).then_some(&response.data),
        extensions: (!response.extensions.is_empty()).then_some(&response.extensions),
    };
    let is_plain = errors.is_empty() && body.extensions.is_none();
    Answer { is_plain, ..Answer::new(outcome, &body) }
}

/// Errors stand first, as the specification advises, so that a reader of logs sees them.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a std::collections::BTreeMap<String, Value>>,
}

impl Answer {
    fn new(outcome: Outcome, body: &Body<'_>) -> Self {
        let _timer = Timer::begin(Stage::Serialise);
        let kind = Kind::Unknown;
        let (tag, is_plain, event) = (None, false, None);
        match serde_json::to_vec(body) {
            // Without the room that a growing vector leaves: what is kept is weighed by its length.
            Ok(body) => Self { body: body.into_boxed_slice().into(), outcome, kind, tag, is_plain, event },
            Err(error) => {
                tracing::error!(%error, "an answer could not be written");
                let body = br#"{"errors":[{"message":"Something went wrong on our side.","extensions":{"code":"INTERNAL","retryable":false}}]}"#;
                Self { body: Bytes::from_static(body), outcome: Outcome::Broken, kind, tag, is_plain, event }
            }
        }
    }

    /// The same to an operation of this kind.
    pub(super) fn to(self, kind: OperationType) -> Self {
        Self { kind: figured(kind), ..self }
    }

    /// That nothing was executed, and why.
    pub(crate) fn refuse(outcome: Outcome, code: Code, message: &str, request_id: &str) -> Self {
        Self::from_error(outcome, faults::fault(code, message, request_id))
    }

    fn from_error(outcome: Outcome, error: ServerError) -> Self {
        let body = Body { errors: &[error], data: None, extensions: None };
        Self::new(outcome, &body)
    }
}

#[cfg(test)]
mod tests;
