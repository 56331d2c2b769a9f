//! The response to a request: its outcome and its body.

use super::size::{BoundedBuffer, ByteBudget};
use super::{ErrorCode, GraphqlResponse, Recipient, ResponseOutcome, metrics_kind, public_errors};
use async_graphql::{Response, ServerError, Value};
use async_graphql_parser::types::OperationType;
use bytes::Bytes;
use caunoi_metrics::{OperationKind, Stage, StageTimer};
use caunoi_texts::ApiText;
use serde::Serialize;

/// Whether a request is refused without an effect. The engine reads arguments while it executes, so
/// a query that fails for its arguments is refused too; of a mutation an earlier field may have
/// written, so its response keeps `data`.
pub(super) fn is_refused(response: &Response, kind: OperationType) -> bool {
    response.data == Value::Null
        && match kind {
            OperationType::Query => {
                public_errors::all_match(&response.errors, public_errors::is_about_request)
            }
            OperationType::Mutation | OperationType::Subscription => {
                public_errors::all_match(&response.errors, public_errors::is_before_execution)
            }
        }
}

/// Returns the outcome of an execution. A query without data because the database is unavailable is
/// `Unavailable`, so that load balancers see it in the status; a mutation may have written
/// something.
pub(super) fn outcome_of(response: &Response, kind: OperationType) -> ResponseOutcome {
    let has_no_data = kind == OperationType::Query && response.data == Value::Null;
    if is_refused(response, kind) {
        ResponseOutcome::Invalid
    } else if has_no_data && public_errors::all_match(&response.errors, public_errors::is_unavailable) {
        ResponseOutcome::Unavailable
    } else {
        ResponseOutcome::Answered
    }
}

/// Makes the response of an execution, or an error if it takes more than `max_bytes` bytes or its
/// execution has spent `byte_budget`.
pub(super) fn to_response(
    response: Response,
    outcome: ResponseOutcome,
    max_bytes: usize,
    byte_budget: &ByteBudget,
    recipient: &Recipient,
) -> GraphqlResponse {
    if byte_budget.is_spent() {
        return GraphqlResponse::too_large(max_bytes, recipient);
    }
    let errors = public_errors::to_public_errors(response.errors, recipient);
    let body = ResponseBody {
        errors: &errors,
        data: (outcome == ResponseOutcome::Answered).then_some(&response.data),
        extensions: (!response.extensions.is_empty()).then_some(&response.extensions),
    };
    let is_error_free = errors.is_empty() && body.extensions.is_none();
    let refusal = public_errors::refusal_of(&errors);
    match serialize(&body, max_bytes) {
        Some(body) => GraphqlResponse { is_error_free, refusal, ..GraphqlResponse::from_body(outcome, body) },
        None => GraphqlResponse::too_large(max_bytes, recipient),
    }
}

/// A response body. The errors come first, as the specification advises, so that they are visible
/// in logs.
#[derive(Serialize)]
struct ResponseBody<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a std::collections::BTreeMap<String, Value>>,
}

/// Serializes a body; none if it takes more than `max_bytes` bytes.
fn serialize(body: &ResponseBody<'_>, max_bytes: usize) -> Option<Result<Bytes, serde_json::Error>> {
    let _timer = StageTimer::begin(Stage::Serialise);
    let mut text = BoundedBuffer::new(max_bytes);
    let written = serde_json::to_writer(&mut text, body);
    if text.is_full() {
        return None;
    }
    // Drops the spare capacity: the cache weighs a body by its length.
    Some(written.map(|()| text.into_bytes().into_boxed_slice().into()))
}

impl GraphqlResponse {
    fn from_body(outcome: ResponseOutcome, body: Result<Bytes, serde_json::Error>) -> Self {
        let kind = OperationKind::Unknown;
        let (body, outcome) = match body {
            Ok(body) => (body, outcome),
            Err(error) => {
                tracing::error!(%error, "response could not be serialized");
                let body = br#"{"errors":[{"message":"Something went wrong on our side.","extensions":{"code":"INTERNAL","retryable":false}}]}"#;
                (Bytes::from_static(body), ResponseOutcome::Broken)
            }
        };
        Self {
            body,
            outcome,
            kind,
            tag: None,
            is_error_free: false,
            refusal: None,
            feed_message: None,
            rate: None,
            retry_after_seconds: None,
            work: None,
        }
    }

    /// The error in place of a response that is too large. The operation was executed, so `data` is
    /// null.
    fn too_large(max_bytes: usize, recipient: &Recipient) -> Self {
        tracing::warn!(request_id = recipient.request_id, max_bytes, "response too large");
        Self::from_error(ResponseOutcome::Answered, public_errors::response_too_large(max_bytes, recipient))
    }

    /// A response whose body is this JSON text, without errors.
    pub(super) fn from_text(outcome: ResponseOutcome, body: String) -> Self {
        Self { is_error_free: true, ..Self::from_body(outcome, Ok(body.into())) }
    }

    /// Returns the response with the kind of its operation.
    pub(super) fn with_kind(self, kind: OperationType) -> Self {
        Self { kind: metrics_kind(kind), ..self }
    }

    /// The response with one error, for a request that was not executed.
    pub(crate) fn refuse(
        outcome: ResponseOutcome,
        code: ErrorCode,
        text: &ApiText,
        recipient: &Recipient,
    ) -> Self {
        Self::from_error(outcome, public_errors::public_error(code, text, recipient))
    }

    pub(super) fn from_error(outcome: ResponseOutcome, error: ServerError) -> Self {
        Self::from_errors(outcome, &[error])
    }

    /// The same with several errors.
    pub(super) fn from_errors(outcome: ResponseOutcome, errors: &[ServerError]) -> Self {
        let data = (outcome == ResponseOutcome::Answered).then_some(&Value::Null);
        let body = ResponseBody { errors, data, extensions: None };
        let refusal = public_errors::refusal_of(errors);
        Self { refusal, ..Self::from_body(outcome, serde_json::to_vec(&body).map(Bytes::from)) }
    }
}
