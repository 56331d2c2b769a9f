//! What the engine found, written as the body of an answer.

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

pub(super) fn respond(response: Response, outcome: Outcome, request_id: &str) -> Answer {
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

    pub(super) fn from_error(outcome: Outcome, error: ServerError) -> Self {
        let body = Body { errors: &[error], data: None, extensions: None };
        Self::new(outcome, &body)
    }
}
