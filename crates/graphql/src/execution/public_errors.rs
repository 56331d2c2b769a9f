//! Public top-level errors: few and short, each with a code, without internal details.

use async_graphql::{ServerError, Value};

use super::code::ErrorCode;

/// The most errors of one response; further ones are dropped.
const MAX_ERRORS: usize = 10;
/// The most bytes of one message.
const MAX_MESSAGE_BYTES: usize = 300;
/// The most locations of one error.
const MAX_LOCATIONS: usize = 4;
/// The message in place of a text that was not written for callers.
const INTERNAL: &str = "Something went wrong on our side.";
/// The message of the engine if a document exceeds its complexity limit.
const ENGINE_TOO_COMPLEX: &str = "Query is too complex.";
/// The beginnings of the engine's messages about values that do not fit their type.
const ENGINE_COERCION: [&str; 3] = ["Failed to parse \"", "Expected input type \"", "Variable "];

/// Reduces the errors of an execution to public ones.
pub(super) fn to_public_errors(mut errors: Vec<ServerError>, request_id: &str) -> Vec<ServerError> {
    errors.truncate(MAX_ERRORS);
    for error in &mut errors {
        let code = classify(error, request_id);
        add_extensions(error, code, request_id);
    }
    errors
}

/// Returns an error with this code and message.
pub(super) fn public_error(code: ErrorCode, message: impl Into<String>, request_id: &str) -> ServerError {
    let mut error = ServerError::new(message, None);
    add_extensions(&mut error, code, request_id);
    error
}

/// Marks an error as not retryable, in place of the default of its code.
pub(super) fn not_retryable(mut error: ServerError) -> ServerError {
    error.extensions.get_or_insert_default().set("retryable", false);
    error
}

/// Returns an internal error without details.
pub(super) fn internal_error(request_id: &str) -> ServerError {
    public_error(ErrorCode::Internal, INTERNAL, request_id)
}

/// The error of a request that costs more than its limit; with pages of `first` rows it fits.
pub(super) fn cost_exceeded(cost: u64, limit: u64, first: Option<u64>, request_id: &str) -> ServerError {
    let advice = match first {
        Some(first) => format!("With at most {first} rows in every page (`first`) it fits."),
        None => "Select less, or split the request.".to_owned(),
    };
    let message = format!("The request costs {cost}; one request may cost {limit}. {advice}");
    let mut error = public_error(ErrorCode::CostExceeded, message, request_id);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("cost", cost);
    extensions.set("limit", limit);
    if let Some(first) = first {
        extensions.set("suggestedFirst", first);
    }
    error
}

/// The error of introspection that follows types deeper than any client needs.
pub(super) fn deep_introspection(request_id: &str) -> ServerError {
    let message =
        "Introspection nests `fields`, `inputFields`, `interfaces` and `possibleTypes` at most two deep.";
    public_error(ErrorCode::CostExceeded, message, request_id)
}

/// The error of a response above the size limit.
pub(super) fn response_too_large(limit: usize, request_id: &str) -> ServerError {
    let message = format!(
        "The response takes more than {limit} bytes. Request fewer rows with `first`, or fewer fields."
    );
    not_retryable(public_error(ErrorCode::CostExceeded, message, request_id))
}

fn add_extensions(error: &mut ServerError, code: ErrorCode, request_id: &str) {
    let end = error.message.floor_char_boundary(MAX_MESSAGE_BYTES);
    error.message.truncate(end);
    error.locations.truncate(MAX_LOCATIONS);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code.as_str());
    // Some errors pass here twice; they are counted and logged once.
    if extensions.get("requestId").is_none() {
        caunoi_metrics::count_error(code.as_str());
        log(code, request_id);
    }
    extensions.set("requestId", request_id);
    if !matches!(extensions.get("retryable"), Some(Value::Boolean(_))) {
        extensions.set("retryable", code.is_retryable());
    }
}

/// Logs each error that the caller did not cause, so that the request id of the response leads to a
/// log line.
fn log(code: ErrorCode, request_id: &str) {
    let code_word = code.as_str();
    match code {
        ErrorCode::Internal => tracing::error!(request_id, code = code_word, "request failed"),
        ErrorCode::Unavailable | ErrorCode::Timeout => {
            tracing::warn!(request_id, code = code_word, "request failed");
        }
        ErrorCode::BadInput
        | ErrorCode::Unauthenticated
        | ErrorCode::Forbidden
        | ErrorCode::NotFound
        | ErrorCode::Conflict
        | ErrorCode::RateLimited
        | ErrorCode::CostExceeded => {}
    }
}

/// Returns the code of an error. Replaces a message that was not written for callers.
fn classify(error: &mut ServerError, request_id: &str) -> ErrorCode {
    let stated = error.extensions.as_ref().and_then(|all| all.get("code"));
    let known = match stated {
        Some(Value::String(word)) => ErrorCode::find(word),
        Some(_) => None,
        None => classify_engine_error(error),
    };
    if let Some(code) = known {
        return code;
    }
    tracing::error!(
        request_id,
        path = ?error.path,
        detail = %error.message,
        "resolver failed without a public code"
    );
    INTERNAL.clone_into(&mut error.message);
    error.extensions = None;
    ErrorCode::Internal
}

/// Classifies an error of the engine, which has no code: before execution it is about the document,
/// during execution about an argument; all others are internal errors.
fn classify_engine_error(error: &mut ServerError) -> Option<ErrorCode> {
    if error.message == ENGINE_TOO_COMPLEX {
        "The document costs more than one request may; request fewer or smaller pages."
            .clone_into(&mut error.message);
        return Some(ErrorCode::CostExceeded);
    }
    is_about_request(error).then_some(ErrorCode::BadInput)
}

/// Whether there are errors and all of them match.
pub(super) fn all_match(errors: &[ServerError], predicate: fn(&ServerError) -> bool) -> bool {
    !errors.is_empty() && errors.iter().all(predicate)
}

/// Whether the error is a temporary failure.
pub(super) fn is_unavailable(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|all| all.get("code"));
    matches!(code, Some(Value::String(word)) if ErrorCode::find(word) == Some(ErrorCode::Unavailable))
}

/// Whether the engine failed before it executed a field.
pub(super) fn is_before_execution(error: &ServerError) -> bool {
    error.path.is_empty()
}

/// Whether the document or its variables are invalid, noticed before execution or during it.
pub(super) fn is_about_request(error: &ServerError) -> bool {
    let has_code = error.extensions.as_ref().is_some_and(|all| all.get("code").is_some());
    let is_coercion = ENGINE_COERCION.iter().any(|start| error.message.starts_with(start));
    is_before_execution(error) || (is_coercion && !has_code)
}
