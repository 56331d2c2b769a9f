//! What the engine found, written as the body of an answer.

use super::size::{Allowance, Bounded};
use super::{Answer, Code, Outcome, faults, figured};
use async_graphql::{Response, ServerError, Value};
use async_graphql_parser::types::OperationType;
use bytes::Bytes;
use caunoi_metrics::{Kind, Stage, Timer};
use serde::Serialize;

/// The engine reads arguments while it executes. A query that fails for that alone has done
/// nothing; of a mutation an earlier field may have acted, so its answer keeps `data`.
pub(super) fn is_refused(response: &Response, kind: OperationType) -> bool {
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
pub(super) fn outcome_of(response: &Response, kind: OperationType) -> Outcome {
    let got_nothing = kind == OperationType::Query && response.data == Value::Null;
    if is_refused(response, kind) {
        Outcome::Refused
    } else if got_nothing && faults::are_all(&response.errors, faults::is_unavailable) {
        Outcome::Unavailable
    } else {
        Outcome::Answered
    }
}

/// The body of a response, or that it takes more bytes than `most`; `allowance` says whether making
/// it was given up for that.
pub(super) fn respond(
    response: Response,
    outcome: Outcome,
    (most, allowance): (usize, &Allowance),
    request_id: &str,
) -> Answer {
    if allowance.is_spent() {
        return Answer::too_large(most, request_id);
    }
    let errors = faults::present(response.errors, request_id);
    let body = Body {
        errors: &errors,
        data: (outcome == Outcome::Answered).then_some(&response.data),
        extensions: (!response.extensions.is_empty()).then_some(&response.extensions),
    };
    let is_plain = errors.is_empty() && body.extensions.is_none();
    match write(&body, most) {
        Some(body) => Answer { is_plain, ..Answer::of_body(outcome, body) },
        None => Answer::too_large(most, request_id),
    }
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

/// The text of a body; none where it takes more bytes than `most`.
fn write(body: &Body<'_>, most: usize) -> Option<Result<Bytes, serde_json::Error>> {
    let _timer = Timer::begin(Stage::Serialise);
    let mut text = Bounded::new(most);
    let written = serde_json::to_writer(&mut text, body);
    if text.is_full() {
        return None;
    }
    // Without the room that a growing vector leaves: what is kept is weighed by its length.
    Some(written.map(|()| text.into_bytes().into_boxed_slice().into()))
}

impl Answer {
    fn of_body(outcome: Outcome, body: Result<Bytes, serde_json::Error>) -> Self {
        let kind = Kind::Unknown;
        let (tag, is_plain, event) = (None, false, None);
        match body {
            Ok(body) => Self { body, outcome, tag, is_plain, kind, event },
            Err(error) => {
                tracing::error!(%error, "an answer could not be written");
                let body = br#"{"errors":[{"message":"Something went wrong on our side.","extensions":{"code":"INTERNAL","retryable":false}}]}"#;
                Self { body: Bytes::from_static(body), outcome: Outcome::Broken, kind, tag, is_plain, event }
            }
        }
    }

    /// That an answer would take more bytes than it may, in its place. It was executed, so `data` is
    /// null.
    fn too_large(most: usize, request_id: &str) -> Self {
        tracing::warn!(request_id, most, "an answer was too large");
        Self::from_error(Outcome::Answered, faults::too_large(most, request_id))
    }

    /// The same to an operation of this kind.
    pub(super) fn to(self, kind: OperationType) -> Self {
        Self { kind: figured(kind), ..self }
    }

    /// That nothing was executed, and why.
    pub(crate) fn refuse(outcome: Outcome, code: Code, message: &str, request_id: &str) -> Self {
        Self::from_error(outcome, faults::fault(code, message, request_id))
    }

    pub(super) fn from_error(outcome: Outcome, error: ServerError) -> Self {
        let data = (outcome == Outcome::Answered).then_some(&Value::Null);
        let body = Body { errors: &[error], data, extensions: None };
        Self::of_body(outcome, serde_json::to_vec(&body).map(Bytes::from))
    }
}
